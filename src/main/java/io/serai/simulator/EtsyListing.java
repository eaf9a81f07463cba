package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A listing as the shop holds it now, with its matrix of products; guarded by its shop's lock. */
final class EtsyListing {

  /** The property by which products of a listing differ. */
  static final long VARIATION = 513;

  /** One product of a listing: an article. */
  static final class Product {
    final long id;
    final Article article;
    String sku;
    int quantity;
    boolean enabled = true;

    Product(long id, Article article, int quantity) {
      this.id = id;
      this.article = article;
      this.sku = article.sku();
      this.quantity = quantity;
    }
  }

  final long id;
  final String title;
  final List<Product> products = new ArrayList<>();
  String state = "active";
  long modified;

  EtsyListing(long id, String title, long modified) {
    this.id = id;
    this.title = title;
    this.modified = modified;
  }

  boolean varies() {
    return products.size() > 1;
  }

  Product product(String sku) {
    return products.stream().filter(p -> p.sku.equals(sku)).findFirst().orElse(null);
  }

  /** The listing as the API shows it. */
  ObjectNode json(long shopId, boolean withInventory) {
    var json = Jsons.object();
    json.put("listing_id", id);
    json.put("shop_id", shopId);
    json.put("title", title);
    json.put("state", state);
    json.put("updated_timestamp", modified);
    json.put("last_modified_timestamp", modified);
    json.put("quantity", products.stream().mapToInt(p -> p.quantity).sum());
    json.put("has_variations", varies());
    json.put("listing_type", "physical");
    json.set("skus", Jsons.tree(products.stream().map(p -> p.sku).toList()));
    json.set("price", EtsyMoney.of(products.getFirst().article.price()));
    json.set("inventory", withInventory ? inventory() : null);
    return json;
  }

  /** The inventory as the API shows it. */
  ObjectNode inventory() {
    var json = Jsons.object();
    var list = json.putArray("products");
    for (var product : products) {
      var one = list.addObject();
      one.put("product_id", product.id);
      one.put("sku", product.sku);
      one.put("is_deleted", false);
      var offering = one.putArray("offerings").addObject();
      offering.put("offering_id", product.id + 40_000_000_000L);
      offering.put("quantity", product.quantity);
      offering.put("is_enabled", product.enabled);
      offering.put("is_deleted", false);
      offering.set("price", EtsyMoney.of(product.article.price()));
      var values = one.putArray("property_values");
      if (varies()) {
        var value = values.addObject();
        value.put("property_id", VARIATION);
        value.put("property_name", "Variant");
        value.putNull("scale_id");
        value.putNull("scale_name");
        value.putArray("value_ids").add(product.id + 70_000_000_000L);
        value.putArray("values").add(product.article.variant());
      }
    }
    for (var field : List.of("price_on_property", "quantity_on_property", "sku_on_property")) {
      var on = json.putArray(field);
      if (varies() && !field.startsWith("price")) {
        on.add(VARIATION);
      }
    }
    return json;
  }

  /**
   * Why a matrix cannot replace the inventory, or {@code null}: it must be whole, hold no field
   * that is only ever shown, and leave something to sell.
   */
  String fault(JsonNode wanted) {
    var list = wanted.path("products");
    if (!list.isArray() || list.isEmpty()) {
      return "missing error input parameter: products";
    }
    for (var field : fields(wanted)) {
      if (!List.of("products", "price_on_property", "quantity_on_property", "sku_on_property")
          .contains(field)) {
        return "Unexpected field '" + field + "'";
      }
    }
    var left = 0;
    for (var product : list) {
      var fault = fault(product, List.of("sku", "property_values", "offerings"));
      if (fault != null) {
        return fault;
      }
      if (product.path("offerings").size() != 1) {
        return "A product needs one offering";
      }
      var offering = product.get("offerings").get(0);
      fault = fault(offering, List.of("price", "quantity", "is_enabled"));
      if (fault != null) {
        return fault;
      }
      if (!offering.path("price").isNumber() || !offering.path("is_enabled").isBoolean()) {
        return "offerings: price must be a number and is_enabled a boolean";
      }
      var quantity = offering.path("quantity");
      if (!quantity.isInt() || quantity.asInt() < 0 || quantity.asInt() > 999) {
        return "quantity must be a whole number from 0 to 999";
      }
      left += offering.get("is_enabled").asBoolean() ? quantity.asInt() : 0;
      for (var value : product.path("property_values")) {
        fault =
            fault(
                value, List.of("property_id", "property_name", "scale_id", "value_ids", "values"));
        if (fault != null) {
          return fault;
        }
        if (!value.path("value_ids").isArray() || !value.path("values").isArray()) {
          return "property_values: value_ids and values are required";
        }
      }
    }
    if (left == 0) {
      return "One offering must have quantity greater than 0";
    }
    if (list.size() > 1 && wanted.path("quantity_on_property").isEmpty()) {
      return "quantity_on_property must name the properties that quantities differ by";
    }
    return null;
  }

  private static String fault(JsonNode node, List<String> allowed) {
    for (var field : fields(node)) {
      if (!allowed.contains(field)) {
        return "Field '" + field + "' is read-only";
      }
    }
    return null;
  }

  private static List<String> fields(JsonNode node) {
    var fields = new ArrayList<String>();
    node.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  /** Replaces the whole matrix: a product that is not in it is gone. */
  void replace(JsonNode wanted) {
    var kept = new ArrayList<Product>();
    for (var one : wanted.get("products")) {
      var product = product(one.path("sku").asText());
      if (product != null) {
        product.quantity = one.at("/offerings/0/quantity").asInt();
        product.enabled = one.at("/offerings/0/is_enabled").asBoolean();
        kept.add(product);
      }
    }
    products.clear();
    products.addAll(kept);
  }
}
