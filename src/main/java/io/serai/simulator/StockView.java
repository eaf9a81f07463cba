package io.serai.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Articles, locations and stock as the Admin API shows them.
 *
 * <p>Views are maps by field name; a value that leads to other things is a supplier, so that only
 * what a query asks for is made.
 */
final class StockView {

  private final Shop shop;

  StockView(Shop shop) {
    this.shop = shop;
  }

  List<Supplier<Object>> locations() {
    return IntStream.range(0, shop.setup().locations())
        .<Supplier<Object>>mapToObj(i -> () -> location(i))
        .toList();
  }

  Map<String, Object> location(int index) {
    var id = ShopifyIds.location(index);
    var view = view("Location", id);
    view.put("name", ShopifyLocation.NAMES.get(index));
    view.put("isActive", true);
    view.put("fulfillsOnlineOrders", true);
    view.put("shipsInventory", index == 0);
    view.put(
        "inventoryLevels",
        lazily(
            () ->
                shop.catalogue().all().stream()
                    .<Supplier<Object>>map(a -> () -> level(a, index))
                    .toList()));
    return view;
  }

  Map<String, Object> item(Article article) {
    var view = view("InventoryItem", ShopifyIds.item(article));
    view.put("sku", article.sku());
    view.put("tracked", article.kind() != Article.Kind.GIFT_CARD);
    view.put("requiresShipping", article.kind() != Article.Kind.GIFT_CARD);
    view.put("variant", lazily(() -> variant(article)));
    view.put(
        "inventoryLevels",
        lazily(
            () ->
                IntStream.range(0, shop.setup().locations())
                    .<Supplier<Object>>mapToObj(i -> () -> level(article, i))
                    .toList()));
    return view;
  }

  Map<String, Object> variant(Article article) {
    var view = view("ProductVariant", ShopifyIds.variant(article));
    var title = article.variant() == null ? "Default Title" : article.variant();
    view.put("sku", article.sku());
    view.put("barcode", null);
    view.put("title", title);
    view.put("displayName", article.title() + " - " + title);
    view.put("price", article.price().toPlainString());
    view.put("inventoryQuantity", shop.stock().availableEverywhere(article.index()));
    view.put("inventoryItem", lazily(() -> item(article)));
    view.put("updatedAt", time(shop.stock().changedAt(article.index())));
    view.put("product", lazily(() -> product(article)));
    return view;
  }

  Map<String, Object> product(Article article) {
    var view = view("Product", ShopifyIds.product(article));
    view.put("title", article.title());
    view.put("vendor", "Acme");
    view.put("isGiftCard", article.kind() == Article.Kind.GIFT_CARD);
    return view;
  }

  Map<String, Object> level(Article article, int location) {
    var view = new HashMap<String, Object>();
    view.put("__typename", "InventoryLevel");
    view.put(
        "id",
        ShopifyIds.gid("InventoryLevel", ShopifyIds.location(location))
            + "?inventory_item_id="
            + ShopifyIds.item(article));
    view.put("isActive", true);
    view.put("item", lazily(() -> item(article)));
    view.put("location", lazily(() -> location(location)));
    view.put("article", article);
    view.put("locationIndex", location);
    return view;
  }

  /** The named quantities of a level; names the shop does not keep are 0. */
  List<Map<String, Object>> quantities(Article article, int location, List<String> names) {
    var quantities = new ArrayList<Map<String, Object>>();
    for (var name : names) {
      var quantity = new LinkedHashMap<String, Object>();
      quantity.put("__typename", "InventoryQuantity");
      quantity.put(
          "id",
          ShopifyIds.gid("InventoryQuantity", ShopifyIds.item(article) + location)
              + "?name="
              + name);
      quantity.put("name", name);
      quantity.put("quantity", quantity(article.index(), location, name));
      quantity.put("updatedAt", shop.stock().changedAt(article.index()).toString());
      quantities.add(quantity);
    }
    return quantities;
  }

  int quantity(int article, int location, String name) {
    var stock = shop.stock();
    return switch (name) {
      case "available" -> stock.available(article, location);
      case "committed" -> stock.committed(article, location);
      case "on_hand" -> stock.onHand(article, location);
      default -> 0;
    };
  }

  /** The article of an inventory item's global id, or {@code null}. */
  Article articleOfItem(String gid) {
    return article(ShopifyIds.articleOfItem(ShopifyIds.number("InventoryItem", gid)));
  }

  Article articleOfVariant(String gid) {
    return article(ShopifyIds.articleOfVariant(ShopifyIds.number("ProductVariant", gid)));
  }

  private Article article(int index) {
    var all = shop.catalogue().all();
    return index >= 0 && index < all.size() ? all.get(index) : null;
  }

  /** The place of a location's global id, or -1. */
  int locationIndex(String gid) {
    var number = ShopifyIds.number("Location", gid);
    return IntStream.range(0, shop.setup().locations())
        .filter(i -> ShopifyIds.location(i) == number)
        .findFirst()
        .orElse(-1);
  }

  static Map<String, Object> view(String type, long number) {
    var view = new HashMap<String, Object>();
    view.put("__typename", type);
    view.put("id", ShopifyIds.gid(type, number));
    view.put("legacyResourceId", String.valueOf(number));
    return view;
  }

  static Supplier<Object> lazily(Supplier<Object> supplier) {
    return supplier;
  }

  static String time(Instant instant) {
    return instant == null
        ? null
        : instant.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }
}
