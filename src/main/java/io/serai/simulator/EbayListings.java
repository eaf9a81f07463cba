package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the seller offers: one offer per article, articles of one product in one listing, and two
 * numbers each, what may be sent at all and what its listing shows.
 */
final class EbayListings {

  /** An article on sale. */
  static final class Offer {
    final Article article;
    final String offerId;
    final String itemId;
    final String variationId;
    int sendable;
    int shown;

    Offer(Article article, String offerId, String itemId, String variationId, int stock) {
      this.article = article;
      this.offerId = offerId;
      this.itemId = itemId;
      this.variationId = variationId;
      this.sendable = stock;
      this.shown = stock;
    }
  }

  private final List<Offer> offers = new ArrayList<>();
  private final Map<String, Offer> bySku = new LinkedHashMap<>();
  private final Map<String, Integer> revisions = new HashMap<>();

  EbayListings(Catalogue catalogue, int stock) {
    var items = new HashMap<String, String>();
    for (var article : catalogue.goods()) {
      var itemId =
          items.computeIfAbsent(
              article.title(), t -> Long.toString(110_550_000_000L + items.size()));
      var offer =
          new Offer(
              article,
              Long.toString(5_300_000_000L + article.index()),
              itemId,
              article.variant() == null ? null : Long.toString(410_660_000_000L + article.index()),
              stock);
      offers.add(offer);
      bySku.put(article.sku(), offer);
    }
  }

  List<Offer> all() {
    return offers;
  }

  /** The offer of a SKU, or {@code null}. */
  Offer find(String sku) {
    return bySku.get(sku);
  }

  /** Units were bought; a listing that shows none sells none, so it never falls below zero. */
  void sold(String sku, int units) {
    var offer = bySku.get(sku);
    if (offer != null) {
      offer.sendable = Math.max(0, offer.sendable - units);
      offer.shown = Math.max(0, offer.shown - units);
    }
  }

  /** Counts a revision of a listing; how many it has had on that day. */
  int revised(String itemId, String day) {
    return revisions.merge(itemId + "@" + day, 1, Integer::sum);
  }

  int revisions(String itemId, String day) {
    return revisions.getOrDefault(itemId + "@" + day, 0);
  }

  /** A page of inventory items. */
  ObjectNode items(String path, int limit, int offset) {
    var page = Jsons.object();
    var items = page.putArray("inventoryItems");
    offers.stream()
        .skip(offset)
        .limit(limit)
        .forEach(
            offer -> {
              var item = items.addObject().put("sku", offer.article.sku()).put("condition", "NEW");
              item.putObject("product").put("title", offer.article.title());
              item.putObject("availability")
                  .putObject("shipToLocationAvailability")
                  .put("quantity", offer.sendable);
            });
    page.put("href", path + "?limit=" + limit + "&offset=" + offset);
    if (offset + limit < offers.size()) {
      page.put("next", path + "?limit=" + limit + "&offset=" + (offset + limit));
    }
    return page.put("limit", limit).put("size", items.size()).put("total", offers.size());
  }

  /** The offers of one SKU; there is one each. */
  static ObjectNode offers(Offer offer, String marketplace) {
    var page = Jsons.object().put("total", 1).put("size", 1).put("limit", 25);
    var json = page.putArray("offers").addObject();
    json.put("offerId", offer.offerId)
        .put("sku", offer.article.sku())
        .put("marketplaceId", marketplace)
        .put("format", "FIXED_PRICE")
        .put("availableQuantity", offer.shown)
        .put("status", "PUBLISHED");
    json.putObject("listing").put("listingId", offer.itemId).put("listingStatus", "ACTIVE");
    return page;
  }
}
