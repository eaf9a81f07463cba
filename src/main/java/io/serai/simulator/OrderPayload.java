package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How an order's payload changes when something happens to the order; each answers a new copy. */
final class OrderPayload {

  /** How many of a line go back, and whether they return to the shelf. */
  record Return(long lineId, int quantity, String restockType) {}

  private OrderPayload() {}

  /** Touched by the merchant: another note and tag. */
  static ObjectNode updated(ObjectNode before, Instant at, String note) {
    var order = touched(before, at);
    order.put("note", note);
    var tags = order.path("tags").asText();
    order.put(
        "tags", tags.isEmpty() ? "checked" : tags.contains("checked") ? tags : tags + ", checked");
    return order;
  }

  /** The buyer's new address. */
  static ObjectNode moved(ObjectNode before, Instant at, String street) {
    var order = touched(before, at);
    if (order.path("shipping_address") instanceof ObjectNode address) {
      address.put("address1", street);
    }
    return order;
  }

  /** Cancelled as a whole. */
  static ObjectNode cancelled(ObjectNode before, Instant at, String reason, boolean refunded) {
    var order = touched(before, at);
    var now = OrderGenerator.time(at);
    order.put("cancelled_at", now);
    order.put("cancel_reason", reason);
    order.put("closed_at", now);
    var financial = order.path("financial_status").asText();
    order.put(
        "financial_status",
        "pending".equals(financial) ? "voided" : refunded ? "refunded" : financial);
    for (var line : order.get("line_items")) {
      ((ObjectNode) line).put("current_quantity", 0).put("fulfillable_quantity", 0);
    }
    for (var field : List.of("subtotal_price", "total_discounts", "total_price", "total_tax")) {
      zero(order, "current_" + field);
    }
    return order;
  }

  /** Some of its lines refunded; {@code refund} is the body of {@code refunds/create}. */
  static ObjectNode refunded(ObjectNode before, Instant at, ObjectNode refund) {
    var order = touched(before, at);
    var whole = true;
    for (var back : refund.get("refund_line_items")) {
      var line = line(order, back.get("line_item_id").asLong());
      var quantity = back.get("quantity").asInt();
      line.put("current_quantity", line.get("current_quantity").asInt() - quantity);
      line.put(
          "fulfillable_quantity", Math.max(0, line.get("fulfillable_quantity").asInt() - quantity));
      subtract(order, "current_subtotal_price", back.get("subtotal_set"));
      subtract(order, "current_total_price", back.get("subtotal_set"));
      subtract(order, "current_total_tax", back.get("total_tax_set"));
      if (!order.path("taxes_included").asBoolean()) {
        subtract(order, "current_total_price", back.get("total_tax_set"));
      }
    }
    for (var line : order.get("line_items")) {
      whole &= line.get("current_quantity").asInt() == 0 || line.has("tip_payment_gateway");
    }
    if (!given(refund).isEmpty() || paid(before) && refund.path("transactions").isEmpty()) {
      order.put("financial_status", whole ? "refunded" : "partially_refunded");
    }
    ((ArrayNode) order.get("refunds")).add(refund);
    return order;
  }

  private static boolean paid(JsonNode order) {
    var status = order.path("financial_status").asText();
    return !List.of("pending", "authorized", "partially_paid").contains(status);
  }

  /** The payments of a refund by which money went back. */
  static List<JsonNode> given(JsonNode refund) {
    var given = new ArrayList<JsonNode>();
    for (var transaction : refund.path("transactions")) {
      if ("success".equals(transaction.path("status").asText())) {
        given.add(transaction);
      }
    }
    return given;
  }

  /**
   * A refund that gives back so much in the buyer's currency, whatever its lines come to, unless
   * the gateway declines.
   */
  static ObjectNode paid(ObjectNode order, ObjectNode refund, BigDecimal amount, boolean declined) {
    var rate = shopTotal(order);
    var buyer = new BigDecimal(order.at("/total_price_set/presentment_money/amount").asText("0"));
    var shop =
        buyer.signum() == 0 ? amount : amount.multiply(rate).divide(buyer, 2, RoundingMode.HALF_UP);
    var known = BigDecimal.ZERO;
    var knownBuyer = BigDecimal.ZERO;
    for (var line : refund.get("refund_line_items")) {
      for (var part :
          order.path("taxes_included").asBoolean()
              ? List.of("subtotal_set")
              : List.of("subtotal_set", "total_tax_set")) {
        known = known.add(new BigDecimal(line.at("/" + part + "/shop_money/amount").asText("0")));
        knownBuyer =
            knownBuyer.add(
                new BigDecimal(line.at("/" + part + "/presentment_money/amount").asText("0")));
      }
    }
    if (knownBuyer.compareTo(amount) != 0) {
      var change = ((ArrayNode) refund.get("order_adjustments")).addObject();
      change.put("id", refund.get("id").asLong() * 10 + 7);
      change.put("kind", "refund_discrepancy");
      change.put("amount", known.subtract(shop).toPlainString());
      var set = change.putObject("amount_set");
      set.putObject("shop_money")
          .put("amount", known.subtract(shop).toPlainString())
          .put("currency_code", order.get("currency").asText());
      set.putObject("presentment_money")
          .put("amount", knownBuyer.subtract(amount).toPlainString())
          .put("currency_code", order.get("presentment_currency").asText());
    } else {
      shop = known;
    }
    var transactions = (ArrayNode) refund.get("transactions");
    transactions.removeAll();
    if (amount.signum() > 0) {
      transaction(order, refund, transactions, shop);
      if (declined) {
        ((ObjectNode) transactions.get(0)).put("status", "failure");
      }
    }
    return refund;
  }

  private static BigDecimal shopTotal(JsonNode order) {
    return new BigDecimal(order.at("/total_price_set/shop_money/amount").asText("0"));
  }

  /** So much of what was authorized is taken by now, in the buyer's currency. */
  static ObjectNode captured(ObjectNode before, Instant at, BigDecimal taken, boolean last) {
    var order = touched(before, at);
    var total = new BigDecimal(order.at("/total_price_set/presentment_money/amount").asText("0"));
    var all = last || taken.compareTo(total) >= 0;
    order.put("financial_status", all ? "paid" : "partially_paid");
    var shop =
        total.signum() == 0
            ? taken
            : taken.multiply(shopTotal(order)).divide(total, 2, RoundingMode.HALF_UP);
    order.put("total_outstanding", all ? "0.00" : shopTotal(order).subtract(shop).toPlainString());
    return order;
  }

  /** Shipped, in part or in full; {@code fulfillment} as the order's payload lists it. */
  static ObjectNode fulfilled(ObjectNode before, Instant at, ObjectNode fulfillment) {
    var order = touched(before, at);
    for (var shipped : fulfillment.get("line_items")) {
      var line = line(order, shipped.get("id").asLong());
      var left = line.get("fulfillable_quantity").asInt() - shipped.get("quantity").asInt();
      line.put("fulfillable_quantity", left);
      line.put("fulfillment_status", left <= 0 ? "fulfilled" : "partial");
    }
    var done = true;
    for (var line : order.get("line_items")) {
      done &= line.get("fulfillable_quantity").asInt() <= 0;
    }
    order.put("fulfillment_status", done ? "fulfilled" : "partial");
    ((ArrayNode) order.get("fulfillments")).add(fulfillment);
    return order;
  }

  /** Another tracking number for a shipment. */
  static ObjectNode tracked(
      ObjectNode before, Instant at, long fulfillmentId, ObjectNode tracking) {
    var order = touched(before, at);
    for (var fulfillment : order.get("fulfillments")) {
      if (fulfillment.get("id").asLong() == fulfillmentId) {
        ((ObjectNode) fulfillment).setAll(tracking);
        ((ObjectNode) fulfillment).put("updated_at", OrderGenerator.time(at));
      }
    }
    return order;
  }

  /** The body of {@code refunds/create}. */
  static ObjectNode refund(
      ObjectNode order, long id, long location, Instant at, String note, List<Return> returns) {
    var now = OrderGenerator.time(at);
    var currency = order.get("currency").asText();
    var refund = Jsons.object();
    refund.put("id", id);
    refund.put("admin_graphql_api_id", ShopifyIds.gid("Refund", id));
    refund.put("order_id", order.get("id").asLong());
    refund.put("created_at", now);
    refund.put("processed_at", now);
    refund.put("note", note);
    refund.putNull("user_id");
    refund.put("restock", returns.stream().anyMatch(r -> !"no_restock".equals(r.restockType())));
    refund.set("duties", Jsons.array());
    var amount = BigDecimal.ZERO;
    var lines = refund.putArray("refund_line_items");
    var index = 0;
    for (var back : returns) {
      var line = line(order, back.lineId());
      var subtotal = part(order, line, back.quantity(), false);
      var tax = part(order, line, back.quantity(), true);
      var entry = lines.addObject();
      entry.put("id", id * 100 + index++);
      entry.put("line_item_id", back.lineId());
      entry.put("quantity", back.quantity());
      entry.put("location_id", "no_restock".equals(back.restockType()) ? null : location);
      entry.put("restock_type", back.restockType());
      // The real one writes these two as numbers, everything else as text.
      entry.put("subtotal", shop(subtotal));
      entry.put("total_tax", shop(tax));
      entry.set("subtotal_set", subtotal);
      entry.set("total_tax_set", tax);
      entry.set("line_item", line.deepCopy());
      amount = amount.add(shop(subtotal));
      if (!order.path("taxes_included").asBoolean()) {
        amount = amount.add(shop(tax));
      }
    }
    var transactions = refund.putArray("transactions");
    if (amount.signum() > 0 && paid(order)) {
      transaction(order, refund, transactions, amount);
    }
    refund.set("order_adjustments", Jsons.array());
    refund.set("refund_shipping_lines", Jsons.array());
    return refund;
  }

  private static void transaction(
      JsonNode order, JsonNode refund, ArrayNode transactions, BigDecimal amount) {
    var transaction = transactions.addObject();
    transaction.put("id", refund.get("id").asLong() * 10 + 3);
    transaction.put("order_id", order.get("id").asLong());
    transaction.put("kind", "refund");
    transaction.put("gateway", order.path("payment_gateway_names").path(0).asText("manual"));
    transaction.put("status", "success");
    transaction.put("amount", amount.toPlainString());
    transaction.put("currency", order.get("currency").asText());
    transaction.put("created_at", refund.get("created_at").asText());
    transaction.put("test", order.path("test").asBoolean());
  }

  /** The line of an order, or {@code null}. */
  static ObjectNode line(JsonNode order, long id) {
    for (var line : order.get("line_items")) {
      if (line.get("id").asLong() == id) {
        return (ObjectNode) line;
      }
    }
    return null;
  }

  static ObjectNode touched(ObjectNode before, Instant at) {
    return before.deepCopy().put("updated_at", OrderGenerator.time(at));
  }

  /** What this many of a line cost after discounts, or the tax on it, in both currencies. */
  private static ObjectNode part(JsonNode order, JsonNode line, int quantity, boolean tax) {
    var result = Jsons.object();
    for (var side : List.of("shop_money", "presentment_money")) {
      var price = new BigDecimal(line.at("/price_set/" + side + "/amount").asText());
      var whole = BigDecimal.ZERO.setScale(price.scale());
      if (tax) {
        for (var taxLine : line.get("tax_lines")) {
          whole = whole.add(new BigDecimal(taxLine.at("/price_set/" + side + "/amount").asText()));
        }
      } else {
        whole = price.multiply(BigDecimal.valueOf(line.get("quantity").asLong()));
        for (var allocation : line.get("discount_allocations")) {
          whole =
              whole.subtract(
                  new BigDecimal(allocation.at("/amount_set/" + side + "/amount").asText()));
        }
      }
      var part =
          whole
              .multiply(BigDecimal.valueOf(quantity))
              .divide(
                  BigDecimal.valueOf(line.get("quantity").asLong()),
                  price.scale(),
                  RoundingMode.HALF_UP);
      result
          .putObject(side)
          .put("amount", part.toPlainString())
          .put("currency_code", line.at("/price_set/" + side + "/currency_code").asText());
    }
    return result;
  }

  private static BigDecimal shop(JsonNode set) {
    return new BigDecimal(set.at("/shop_money/amount").asText());
  }

  private static void subtract(ObjectNode order, String field, JsonNode set) {
    for (var side : List.of("shop_money", "presentment_money")) {
      var money = (ObjectNode) order.get(field + "_set").get(side);
      var left =
          new BigDecimal(money.get("amount").asText())
              .subtract(new BigDecimal(set.get(side).get("amount").asText()));
      money.put("amount", left.toPlainString());
    }
    order.put(field, order.at("/" + field + "_set/shop_money/amount").asText());
  }

  private static void zero(ObjectNode order, String field) {
    for (var side : List.of("shop_money", "presentment_money")) {
      var money = (ObjectNode) order.get(field + "_set").get(side);
      var scale = new BigDecimal(money.get("amount").asText()).scale();
      money.put("amount", BigDecimal.ZERO.setScale(scale).toPlainString());
    }
    order.put(field, order.at("/" + field + "_set/shop_money/amount").asText());
  }
}
