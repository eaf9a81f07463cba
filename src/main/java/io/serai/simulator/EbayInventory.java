package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

/**
 * The Inventory API: what is offered, and its numbers set, up to 25 articles in a call that judges
 * each by itself.
 */
final class EbayInventory {

  private static final int MOST = 25;
  private static final String PATH = "/sell/inventory/v1/inventory_item";

  private final EbayShop shop;
  private final EbayOptions options;

  EbayInventory(EbayShop shop, EbayOptions options) {
    this.shop = shop;
    this.options = options;
  }

  /** getInventoryItems. */
  Answer items(Request request) {
    var query = request.query();
    var limit = Integer.parseInt(query.getOrDefault("limit", "25"));
    var offset = Integer.parseInt(query.getOrDefault("offset", "0"));
    if (limit < 1 || limit > 200 || offset < 0) {
      return EbayErrors.inventory(400, 25706, "You have provided invalid pagination values.");
    }
    return Answer.json(200, shop.listings().items(PATH, limit, offset));
  }

  /** getOffers. */
  Answer offers(Request request) {
    var sku = request.query().get("sku");
    if (sku == null) {
      return EbayErrors.inventory(400, 25709, "Invalid value for sku.");
    }
    var offer = shop.listings().find(sku);
    return offer == null
        ? EbayErrors.inventory(404, 25713, "This Offer is not available : " + sku)
        : Answer.json(200, EbayListings.offers(offer, "EBAY_US"));
  }

  /** bulkUpdatePriceQuantity. */
  Answer update(Request request) throws Exception {
    var entries = request.json().path("requests");
    if (!entries.isArray() || entries.isEmpty() || entries.size() > MOST) {
      return EbayErrors.inventory(400, 25709, "Invalid value for requests. Give 1 to 25 of them.");
    }
    var body = Jsons.object();
    var responses = body.putArray("responses");
    var whole = true;
    for (var entry : entries) {
      whole &= one(entry, responses);
    }
    return Answer.json(whole ? 200 : 207, body);
  }

  private boolean one(JsonNode entry, ArrayNode responses) {
    var sku = entry.path("sku").asText();
    var offer = shop.listings().find(sku);
    if (offer == null) {
      var text = sku + " could not be found or is not available in the system.";
      return refused(responses, sku, null, 404, 25702, text);
    }
    var sendable = entry.at("/shipToLocationAvailability/quantity");
    var named = entry.path("offers");
    if (!sendable.isMissingNode() && (!sendable.isInt() || sendable.asInt() < 0)) {
      return refused(responses, sku, null, 400, 25709, "Invalid value for quantity.");
    }
    Integer shown = null;
    for (var one : named) {
      if (!offer.offerId.equals(one.path("offerId").asText())) {
        var text = "This Offer is not available : " + one.path("offerId").asText();
        return refused(responses, sku, one.path("offerId").asText(), 404, 25713, text);
      }
      if (!one.path("availableQuantity").isInt() || one.get("availableQuantity").asInt() < 0) {
        return refused(
            responses, sku, offer.offerId, 400, 25709, "Invalid value for availableQuantity.");
      }
      shown = one.get("availableQuantity").asInt();
    }
    if (shop.revisions(offer) >= options.revisionsPerDay) {
      return refused(
          responses,
          sku,
          named.isEmpty() ? null : offer.offerId,
          400,
          25002,
          "A user error has occurred. You have exceeded the number of revisions for this listing today.");
    }
    shop.writeStock(offer, sendable.isMissingNode() ? null : sendable.asInt(), shown);
    var response = responses.addObject().put("statusCode", 200).put("sku", sku);
    if (!named.isEmpty()) {
      response.put("offerId", offer.offerId);
    }
    response.putArray("warnings");
    response.putArray("errors");
    return true;
  }

  private boolean refused(
      ArrayNode responses, String sku, String offerId, int status, int errorId, String message) {
    shop.refused("stock", sku, errorId);
    var response = responses.addObject().put("statusCode", status).put("sku", sku);
    if (offerId != null) {
      response.put("offerId", offerId);
    }
    response.putArray("errors").add(EbayErrors.one(errorId, "API_INVENTORY", "REQUEST", message));
    return false;
  }
}
