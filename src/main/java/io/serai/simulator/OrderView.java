package io.serai.simulator;

import static io.serai.simulator.StockView.lazily;
import static io.serai.simulator.StockView.time;
import static io.serai.simulator.StockView.view;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Orders, fulfillment orders and fulfillments as the Admin API shows them. */
final class OrderView {

  private final Shop shop;
  private final StockView stock;
  private final Duration routingDelay;
  private final Moods moods;

  OrderView(Shop shop, StockView stock, Duration routingDelay, Moods moods) {
    this.moods = moods;
    this.shop = shop;
    this.stock = stock;
    this.routingDelay = routingDelay;
  }

  Map<String, Object> order(ShopOrder order) {
    var json = order.json();
    var view = view("Order", order.id);
    for (var field :
        List.of(
            "name",
            "email",
            "phone",
            "note",
            "test",
            "confirmed",
            "number",
            "customer_locale",
            "confirmation_number",
            "po_number",
            "source_name",
            "source_identifier",
            "tax_exempt",
            "taxes_included",
            "estimated_taxes",
            "total_weight")) {
      view.put(camel(field), plain(json.path(field)));
    }
    view.put("dutiesIncluded", false);
    view.put("risk", risk(order.suspicion));
    view.put("createdAt", time(order.createdAt));
    view.put("processedAt", time(order.createdAt));
    view.put("updatedAt", time(order.updatedAt));
    view.put("cancelledAt", time(order.cancelledAt));
    view.put("closedAt", time(order.cancelledAt));
    view.put("closed", order.cancelledAt != null);
    view.put("cancelReason", upper(json.path("cancel_reason")));
    view.put("currencyCode", json.path("currency").asText());
    view.put("presentmentCurrencyCode", json.path("presentment_currency").asText());
    view.put("displayFinancialStatus", upper(json.path("financial_status")));
    view.put("displayFulfillmentStatus", status(order));
    view.put("fullyPaid", "paid".equals(json.path("financial_status").asText()));
    view.put("unpaid", "pending".equals(json.path("financial_status").asText()));
    view.put("requiresShipping", order.ships());
    view.put("paymentGatewayNames", texts(json.path("payment_gateway_names")));
    view.put("tags", tags(json));
    var codes = new ArrayList<String>();
    json.path("discount_codes").forEach(c -> codes.add(c.path("code").asText()));
    view.put("discountCodes", codes);
    view.put("discountCode", codes.isEmpty() ? null : codes.get(0));
    view.put("customAttributes", attributes(json.path("note_attributes")));
    money(view, json);
    view.put("customer", lazily(() -> customer(json.path("customer"))));
    view.put("purchasingEntity", lazily(() -> customer(json.path("customer"))));
    view.put("billingAddress", lazily(() -> address(order, json.path("billing_address"), 1)));
    view.put("shippingAddress", lazily(() -> address(order, json.path("shipping_address"), 2)));
    view.put("taxLines", lazily(() -> taxes(json.path("tax_lines"))));
    view.put("discountApplications", lazily(() -> discountApplications(json)));
    view.put(
        "lineItems",
        lazily(
            () ->
                readable(order)
                    ? list(json.path("line_items"), line -> lineItem(json, line))
                    : List.of()));
    view.put(
        "shippingLines",
        lazily(() -> list(json.path("shipping_lines"), l -> shippingLine(json, l))));
    view.put(
        "shippingLine",
        lazily(
            () ->
                json.path("shipping_lines").isEmpty()
                    ? null
                    : shippingLine(json, json.at("/shipping_lines/0"))));
    view.put("fulfillmentOrders", lazily(() -> fulfillmentOrders(order)));
    view.put(
        "fulfillments",
        lazily(() -> order.shipments.stream().map(s -> (Object) fulfillment(order, s)).toList()));
    view.put("fulfillmentsCount", Map.of("count", order.shipments.size(), "precision", "EXACT"));
    view.put(
        "refunds",
        lazily(
            () ->
                list(json.path("refunds"), r -> refund(json, r)).stream()
                    .map(Supplier::get)
                    .toList()));
    view.put("transactions", lazily(() -> TransactionView.of(order, json)));
    return view;
  }

  private void money(Map<String, Object> view, JsonNode json) {
    for (var field :
        List.of(
            "current_subtotal_price",
            "current_total_discounts",
            "current_total_price",
            "current_total_tax",
            "subtotal_price",
            "total_discounts",
            "total_price",
            "total_shipping_price",
            "total_tax")) {
      view.put(camel(field + "_set"), bag(json.path(field + "_set")));
    }
    view.put("originalTotalPriceSet", bag(json.path("total_price_set")));
    view.put("totalOutstandingSet", both(json, json.path("total_outstanding")));
    view.put("totalTipReceivedSet", tip(json));
    view.put("totalRefundedSet", refunded(json));
    view.put(
        "totalCashRoundingAdjustment",
        Map.of(
            "paymentSet", bag(json.path("total_cash_rounding_payment_adjustment_set")),
            "refundSet", bag(json.path("total_cash_rounding_refund_adjustment_set"))));
  }

  private static Map<String, Object> risk(String suspicion) {
    return suspicion == null
        ? Map.of("recommendation", "NONE", "assessments", List.of())
        : Map.of(
            "recommendation",
            "CANCEL",
            "assessments",
            List.of(
                Map.of("riskLevel", "HIGH", "facts", List.of(Map.of("description", suspicion)))));
  }

  private boolean readable(ShopOrder order) {
    return moods
        .on(Mood.Kind.LATE_LINES, "orders")
        .map(m -> !shop.now().isBefore(order.createdAt.plus(m.delay())))
        .orElse(true);
  }

  private static Object tip(JsonNode json) {
    for (var line : json.path("line_items")) {
      if (line.has("tip_payment_gateway")) {
        return bag(line.path("price_set"));
      }
    }
    return both(json, json.path("total_tip_received"));
  }

  private static Object refunded(JsonNode json) {
    var sum = BigDecimal.ZERO;
    for (var refund : json.path("refunds")) {
      for (var transaction : OrderPayload.given(refund)) {
        sum = sum.add(new BigDecimal(transaction.get("amount").asText()));
      }
    }
    return both(json, Jsons.tree(sum.toPlainString()));
  }

  /** An amount known in the shop's currency only; the buyer's is computed at the order's rate. */
  static Object both(JsonNode json, JsonNode amount) {
    var value = new BigDecimal(amount.asText("0"));
    var shopTotal = new BigDecimal(json.at("/total_price_set/shop_money/amount").asText("0"));
    var buyerTotal =
        new BigDecimal(json.at("/total_price_set/presentment_money/amount").asText("0"));
    var buyer =
        shopTotal.signum() == 0
            ? value
            : value
                .multiply(buyerTotal)
                .divide(shopTotal, buyerTotal.scale(), RoundingMode.HALF_UP);
    return Map.of(
        "shopMoney",
        money(value, json.path("currency").asText()),
        "presentmentMoney",
        money(buyer, json.path("presentment_currency").asText()));
  }

  private static Object customer(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return null;
    }
    var view = view("Customer", json.path("id").asLong());
    view.put("email", plain(json.path("email")));
    view.put("phone", plain(json.path("phone")));
    view.put(
        "defaultEmailAddress",
        json.path("email").isTextual()
            ? Map.of("emailAddress", json.path("email").asText())
            : null);
    view.put(
        "defaultPhoneNumber",
        json.path("phone").isTextual() ? Map.of("phoneNumber", json.path("phone").asText()) : null);
    view.put("firstName", plain(json.path("first_name")));
    view.put("lastName", plain(json.path("last_name")));
    view.put(
        "displayName", json.path("first_name").asText() + " " + json.path("last_name").asText());
    view.put("locale", "en");
    return view;
  }

  private static Object address(ShopOrder order, JsonNode json, int index) {
    if (json.isMissingNode() || json.isNull()) {
      return null;
    }
    var view = view("MailingAddress", order.id + index);
    for (var field :
        List.of(
            "address1",
            "address2",
            "city",
            "company",
            "country",
            "first_name",
            "last_name",
            "name",
            "phone",
            "province",
            "province_code",
            "zip")) {
      view.put(camel(field), plain(json.path(field)));
    }
    view.put("countryCodeV2", plain(json.path("country_code")));
    return view;
  }

  private Map<String, Object> lineItem(JsonNode order, JsonNode json) {
    var view = view("LineItem", json.path("id").asLong());
    for (var field :
        List.of(
            "current_quantity",
            "fulfillable_quantity",
            "name",
            "quantity",
            "requires_shipping",
            "sku",
            "taxable",
            "title",
            "variant_title",
            "vendor")) {
      view.put(camel(field), plain(json.path(field)));
    }
    view.put("isGiftCard", json.path("gift_card").asBoolean());
    view.put("unfulfilledQuantity", json.path("fulfillable_quantity").asInt());
    view.put("refundableQuantity", json.path("current_quantity").asInt());
    view.put("customAttributes", attributes(json.path("properties")));
    view.put("originalUnitPriceSet", bag(json.path("price_set")));
    view.put("originalTotalSet", times(json, false));
    view.put("discountedTotalSet", times(json, true));
    view.put("totalDiscountSet", bag(json.path("total_discount_set")));
    view.put("taxLines", lazily(() -> taxes(json.path("tax_lines"))));
    view.put("discountAllocations", lazily(() -> allocations(order, json)));
    view.put("lineItemGroup", lazily(() -> group(order, json)));
    var article = shop.catalogue().find(json.path("sku").asText());
    view.put("variant", article == null ? null : lazily(() -> stock.variant(article)));
    view.put("product", article == null ? null : lazily(() -> stock.product(article)));
    return view;
  }

  private static Object times(JsonNode line, boolean discounted) {
    var result = new HashMap<String, Object>();
    for (var side : List.of("shop_money", "presentment_money")) {
      var sum =
          new BigDecimal(line.at("/price_set/" + side + "/amount").asText())
              .multiply(BigDecimal.valueOf(line.path("quantity").asLong()));
      if (discounted) {
        for (var allocation : line.path("discount_allocations")) {
          sum =
              sum.subtract(
                  new BigDecimal(allocation.at("/amount_set/" + side + "/amount").asText()));
        }
      }
      result.put(
          camel(side), money(sum, line.at("/price_set/" + side + "/currency_code").asText()));
    }
    return result;
  }

  private static Object group(JsonNode order, JsonNode line) {
    for (var group : order.path("line_item_groups")) {
      if (group.path("id").equals(line.path("sales_line_item_group_id"))) {
        var view = view("LineItemGroup", group.path("id").asLong());
        view.put("title", group.path("title").asText());
        view.put("quantity", group.path("quantity").asInt());
        view.put("variantSku", plain(group.path("variant_sku")));
        view.put("variantId", ShopifyIds.gid("ProductVariant", group.path("variant_id").asLong()));
        view.put("productId", ShopifyIds.gid("Product", group.path("product_id").asLong()));
        return view;
      }
    }
    return null;
  }

  private static Object allocations(JsonNode order, JsonNode json) {
    var list = new ArrayList<Object>();
    for (var allocation : json.path("discount_allocations")) {
      var index = allocation.path("discount_application_index").asInt();
      list.add(
          Map.of(
              "allocatedAmountSet",
              bag(allocation.path("amount_set")),
              "discountApplication",
              discountApplication(order.path("discount_applications").path(index), index, order)));
    }
    return list;
  }

  private static List<Object> discountApplications(JsonNode order) {
    var list = new ArrayList<Object>();
    for (var application : order.path("discount_applications")) {
      list.add(discountApplication(application, list.size(), order));
    }
    return list;
  }

  private static Map<String, Object> discountApplication(JsonNode json, int index, JsonNode order) {
    var view = new HashMap<String, Object>();
    var code = "discount_code".equals(json.path("type").asText());
    view.put("__typename", code ? "DiscountCodeApplication" : "AutomaticDiscountApplication");
    view.put("index", index);
    view.put("allocationMethod", upper(json.path("allocation_method")));
    view.put("targetSelection", upper(json.path("target_selection")));
    view.put("targetType", upper(json.path("target_type")));
    view.put("code", plain(json.path("code")));
    view.put("title", plain(json.path("title")));
    var value = new BigDecimal(json.path("value").asText("0"));
    if ("percentage".equals(json.path("value_type").asText())) {
      view.put(
          "value",
          Map.of("__typename", "PricingPercentageValue", "percentage", value.doubleValue()));
    } else {
      var money = new HashMap<>(money(value, order.path("currency").asText()));
      money.put("__typename", "MoneyV2");
      view.put("value", money);
    }
    return view;
  }

  private static Map<String, Object> shippingLine(JsonNode order, JsonNode json) {
    var view = view("ShippingLine", json.path("id").asLong());
    view.put("title", json.path("title").asText());
    view.put("code", plain(json.path("code")));
    view.put("source", plain(json.path("source")));
    view.put("custom", false);
    view.put("isRemoved", false);
    view.put("originalPriceSet", bag(json.path("price_set")));
    view.put("discountedPriceSet", bag(json.path("discounted_price_set")));
    view.put("currentDiscountedPriceSet", bag(json.path("discounted_price_set")));
    view.put("taxLines", lazily(() -> taxes(json.path("tax_lines"))));
    view.put("discountAllocations", lazily(() -> allocations(order, json)));
    return view;
  }

  private static List<Object> taxes(JsonNode lines) {
    var list = new ArrayList<Object>();
    for (var line : lines) {
      var view = new HashMap<String, Object>();
      view.put("title", line.path("title").asText());
      view.put("rate", line.path("rate").asDouble());
      view.put("ratePercentage", line.path("rate").asDouble() * 100);
      view.put("channelLiable", line.path("channel_liable").asBoolean());
      view.put("priceSet", bag(line.path("price_set")));
      list.add(view);
    }
    return list;
  }

  /** A refund of an order, both as their payloads have it. */
  Map<String, Object> refund(JsonNode order, JsonNode json) {
    var view = view("Refund", json.path("id").asLong());
    var at = time(OffsetDateTime.parse(json.path("created_at").asText()).toInstant());
    view.put("createdAt", at);
    view.put("processedAt", at);
    view.put("updatedAt", at);
    view.put("note", plain(json.path("note")));
    var sum = BigDecimal.ZERO;
    for (var transaction : OrderPayload.given(json)) {
      sum = sum.add(new BigDecimal(transaction.get("amount").asText()));
    }
    view.put("totalRefundedSet", both(order, Jsons.tree(sum.toPlainString())));
    view.put("transactions", lazily(() -> TransactionView.ofRefund(order, json)));
    view.put(
        "refundLineItems",
        lazily(() -> list(json.path("refund_line_items"), l -> refundLine(order, l))));
    return view;
  }

  private Map<String, Object> refundLine(JsonNode order, JsonNode json) {
    var view = view("RefundLineItem", json.path("id").asLong());
    view.put("quantity", json.path("quantity").asInt());
    view.put("restockType", upper(json.path("restock_type")));
    view.put("restocked", !"no_restock".equals(json.path("restock_type").asText()));
    view.put("subtotalSet", bag(json.path("subtotal_set")));
    view.put("totalTaxSet", bag(json.path("total_tax_set")));
    view.put(
        "lineItem",
        lazily(
            () -> lineItem(order, OrderPayload.line(order, json.path("line_item_id").asLong()))));
    return view;
  }

  /** The fulfillment orders, none before the shop has routed the order. */
  List<Object> fulfillmentOrders(ShopOrder order) {
    return routed(order)
        ? order.fulfillmentOrders.stream().map(f -> (Object) fulfillmentOrder(order, f)).toList()
        : List.of();
  }

  boolean routed(ShopOrder order) {
    return !shop.now().isBefore(order.createdAt.plus(routingDelay));
  }

  Map<String, Object> fulfillmentOrder(
      ShopOrder order, ShopOrder.FulfillmentOrder fulfillmentOrder) {
    var view = view("FulfillmentOrder", fulfillmentOrder.id);
    view.put("status", fulfillmentOrder.status);
    view.put("requestStatus", "UNSUBMITTED");
    view.put("createdAt", time(order.createdAt));
    view.put("fulfillAt", time(order.createdAt));
    view.put("updatedAt", time(fulfillmentOrder.updatedAt));
    view.put("orderId", order.gid());
    view.put("orderName", order.name);
    view.put("order", lazily(() -> order(order)));
    view.put("supportedActions", actions(fulfillmentOrder));
    var method = view("DeliveryMethod", fulfillmentOrder.id + 1);
    method.put("methodType", fulfillmentOrder.method);
    view.put("deliveryMethod", method);
    var location = new HashMap<String, Object>();
    location.put("name", ShopifyLocation.NAMES.get(fulfillmentOrder.location));
    location.put("countryCode", "US");
    location.put("location", lazily(() -> stock.location(fulfillmentOrder.location)));
    view.put("assignedLocation", location);
    view.put(
        "lineItems",
        lazily(
            () -> {
              var json = order.json();
              return fulfillmentOrder.lines.stream()
                  .map(l -> (Object) fulfillmentOrderLine(json, l))
                  .toList();
            }));
    view.put(
        "fulfillments",
        lazily(
            () ->
                order.shipments.stream()
                    .filter(
                        s ->
                            s.lines().stream()
                                .anyMatch(l -> l.fulfillmentOrderId() == fulfillmentOrder.id))
                    .map(s -> (Object) fulfillment(order, s))
                    .toList()));
    return view;
  }

  private Map<String, Object> fulfillmentOrderLine(
      JsonNode order, ShopOrder.FulfillmentOrderLine line) {
    var json = OrderPayload.line(order, line.lineId);
    var article = shop.catalogue().find(json.path("sku").asText());
    var view = view("FulfillmentOrderLineItem", line.id);
    view.put("totalQuantity", line.total);
    view.put("remainingQuantity", line.remaining);
    view.put("requiresShipping", json.path("requires_shipping").asBoolean());
    view.put("sku", plain(json.path("sku")));
    view.put("productTitle", json.path("title").asText());
    view.put("variantTitle", plain(json.path("variant_title")));
    view.put(
        "inventoryItemId",
        article == null ? null : ShopifyIds.gid("InventoryItem", ShopifyIds.item(article)));
    view.put("lineItem", lazily(() -> lineItem(order, json)));
    return view;
  }

  private static List<Map<String, Object>> actions(ShopOrder.FulfillmentOrder fulfillmentOrder) {
    var actions =
        switch (fulfillmentOrder.status) {
          case "OPEN" -> List.of("CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD");
          case "IN_PROGRESS" ->
              List.of("CREATE_FULFILLMENT", "REPORT_PROGRESS", "HOLD", "MARK_AS_OPEN");
          default -> List.<String>of();
        };
    return actions.stream().map(a -> Map.<String, Object>of("action", a)).toList();
  }

  Map<String, Object> fulfillment(ShopOrder order, ShopOrder.Shipment shipment) {
    var view = view("Fulfillment", shipment.id());
    view.put("name", shipment.name());
    view.put("status", "SUCCESS");
    view.put("displayStatus", "FULFILLED");
    view.put("createdAt", time(shipment.createdAt()));
    view.put("updatedAt", time(shipment.createdAt()));
    view.put("requiresShipping", true);
    view.put(
        "totalQuantity", shipment.lines().stream().mapToInt(ShopOrder.ShippedLine::quantity).sum());
    view.put(
        "trackingInfo",
        shipment.tracking().stream()
            .map(
                t -> {
                  var tracking = new HashMap<String, Object>();
                  tracking.put("company", t.company());
                  tracking.put("number", t.number());
                  tracking.put("url", t.url());
                  return tracking;
                })
            .toList());
    view.put("order", lazily(() -> order(order)));
    view.put("location", lazily(() -> stock.location(shipment.location())));
    view.put(
        "fulfillmentOrders",
        lazily(
            () ->
                shipment.lines().stream()
                    .map(ShopOrder.ShippedLine::fulfillmentOrderId)
                    .distinct()
                    .map(id -> (Object) fulfillmentOrder(order, order.fulfillmentOrder(id)))
                    .toList()));
    view.put(
        "fulfillmentLineItems",
        lazily(
            () -> {
              var json = order.json();
              var lines = new ArrayList<Object>();
              for (var line : shipment.lines()) {
                var item = view("FulfillmentLineItem", shipment.id() * 100 + lines.size());
                item.put("quantity", line.quantity());
                item.put(
                    "lineItem",
                    lazily(() -> lineItem(json, OrderPayload.line(json, line.lineId()))));
                lines.add(item);
              }
              return lines;
            }));
    return view;
  }

  private static String status(ShopOrder order) {
    if (!order.ships() || order.shipments.isEmpty()) {
      return "UNFULFILLED";
    }
    return order.fulfillmentOrders.stream()
            .allMatch(f -> f.lines.stream().allMatch(l -> l.remaining == 0))
        ? "FULFILLED"
        : "PARTIALLY_FULFILLED";
  }

  private static List<Supplier<Object>> list(
      JsonNode array, java.util.function.Function<JsonNode, Map<String, Object>> view) {
    var list = new ArrayList<Supplier<Object>>();
    array.forEach(element -> list.add(() -> view.apply(element)));
    return list;
  }

  private static List<Object> attributes(JsonNode array) {
    var list = new ArrayList<Object>();
    array.forEach(
        a -> list.add(Map.of("key", a.path("name").asText(), "value", a.path("value").asText())));
    return list;
  }

  private static List<String> tags(JsonNode json) {
    var text = json.path("tags").asText("");
    return text.isBlank() ? List.of() : List.of(text.split(",\\s*"));
  }

  private static List<String> texts(JsonNode array) {
    var list = new ArrayList<String>();
    array.forEach(t -> list.add(t.asText()));
    return list;
  }

  static Object bag(JsonNode set) {
    if (set.isMissingNode() || set.isNull()) {
      return null;
    }
    return Map.of(
        "shopMoney", money(set.path("shop_money")),
        "presentmentMoney", money(set.path("presentment_money")));
  }

  private static Map<String, Object> money(JsonNode json) {
    return money(new BigDecimal(json.path("amount").asText()), json.path("currency_code").asText());
  }

  static Map<String, Object> money(BigDecimal amount, String currency) {
    return Map.of("amount", OrderGenerator.decimal(amount), "currencyCode", currency);
  }

  private static Object plain(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    return node.isBoolean() ? node.asBoolean() : node.isInt() ? node.asInt() : node.asText();
  }

  private static String upper(JsonNode node) {
    return node.isTextual() ? node.asText().toUpperCase(Locale.ROOT) : null;
  }

  static String camel(String snake) {
    var text = new StringBuilder();
    for (var part : snake.split("_")) {
      text.append(
          text.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
    }
    return text.toString();
  }
}
