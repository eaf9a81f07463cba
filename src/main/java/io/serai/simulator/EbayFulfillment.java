package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;

/**
 * The Fulfillment API: orders found and read, parcels told and listed, money given back.
 *
 * <p>As the real one it takes a parcel twice when the tracking number is another, or none.
 */
final class EbayFulfillment {

  private static final int MOST_PARCELS = 50;
  private static final String PATH = "/sell/fulfillment/v1/order";

  private final EbayShop shop;
  private final Moods moods;

  EbayFulfillment(EbayShop shop, Moods moods) {
    this.shop = shop;
    this.moods = moods;
  }

  /** getOrders. */
  Answer search(Request request) {
    var query = request.query();
    var search = EbaySearch.of(query, shop.now());
    var seen =
        moods
            .on(Mood.Kind.LATE_POLLS, "search-orders")
            .map(m -> shop.now().minus(m.delay()))
            .orElse(Instant.MAX);
    var found = new ArrayList<ObjectNode>();
    if (search.ids() != null) {
      search.ids().stream()
          .map(shop.orders()::get)
          .filter(o -> o != null)
          .forEach(o -> found.add(o.order()));
    } else {
      for (var sold : shop.orders().values()) {
        var order = sold.order();
        var modified = Instant.parse(order.get("lastModifiedDate").asText());
        if (search.finds(Instant.parse(order.get("creationDate").asText()), modified)
            && !modified.isAfter(seen)) {
          found.add(order);
        }
      }
    }
    var from = search.offset();
    if (from > 0 && moods.on(Mood.Kind.REPEATED_ITEMS, "search-orders").isPresent()) {
      from--;
    }
    var page = Jsons.object();
    page.put("href", href(query, search.limit(), search.offset()));
    page.put("total", found.size()).put("limit", search.limit()).put("offset", search.offset());
    if (search.offset() + search.limit() < found.size()) {
      page.put("next", href(query, search.limit(), search.offset() + search.limit()));
    }
    var orders = page.putArray("orders");
    found.stream()
        .skip(from)
        .limit(search.limit())
        .forEach(o -> orders.add(shown(EbayPayload.listed(o), query)));
    return Answer.json(200, page);
  }

  /** getOrder. */
  Answer order(String orderId, Request request) {
    var sold = shop.orders().get(orderId);
    return sold == null
        ? EbayErrors.request(404, 32100, "Invalid order ID: " + orderId)
        : Answer.json(200, shown(sold.order(), request.query()));
  }

  /** getShippingFulfillments. */
  Answer list(String orderId) {
    var sold = shop.orders().get(orderId);
    if (sold == null) {
      return EbayErrors.request(400, 32100, "Invalid order ID: " + orderId);
    }
    var page = Jsons.object();
    var list = page.putArray("fulfillments");
    sold.fulfillments.forEach(list::add);
    return Answer.json(200, page.put("total", list.size()));
  }

  /** createShippingFulfillment. */
  Answer ship(String orderId, Request request) throws Exception {
    var sold = shop.orders().get(orderId);
    if (sold == null) {
      return refused("ship", orderId, 32100, "Invalid Order Id: " + orderId);
    }
    var body = request.json();
    var order = sold.order();
    var number = text(body, "trackingNumber");
    var carrier = text(body, "shippingCarrierCode");
    if ((number == null) != (carrier == null)
        || number != null && !number.matches("[A-Za-z0-9]+")) {
      return refused("ship", orderId, 32300, "Invalid shipment tracking number or carrier");
    }
    if ("CANCELED".equals(order.at("/cancelStatus/cancelState").asText())) {
      return refused("ship", orderId, 32600, "Invalid input data");
    }
    Instant shipped;
    try {
      shipped =
          body.hasNonNull("shippedDate")
              ? Instant.parse(body.get("shippedDate").asText())
              : shop.now();
    } catch (DateTimeException e) {
      return refused("ship", orderId, 32500, "Invalid shipped date");
    }
    if (shipped.isAfter(shop.now().plus(Duration.ofDays(1)))
        || shipped.isBefore(
            Instant.parse(order.get("creationDate").asText()).minus(Duration.ofDays(1)))) {
      return refused("ship", orderId, 32500, "Invalid shipped date");
    }
    var lines = Jsons.array();
    var seen = new HashSet<String>();
    for (var line : body.path("lineItems").isEmpty() ? all(order) : body.get("lineItems")) {
      var id = line.path("lineItemId").asText();
      var known = line(order, id);
      if (known == null) {
        return refused("ship", orderId, 32200, "Invalid line item id: " + id);
      }
      if (!seen.add(id)) {
        return refused("ship", orderId, 32210, "Duplicate line item in the request");
      }
      lines
          .addObject()
          .put("lineItemId", id)
          .put("quantity", line.path("quantity").asInt(known.get("quantity").asInt()));
    }
    if (number != null
        && sold.fulfillments.stream()
            .anyMatch(f -> number.equals(f.path("shipmentTrackingNumber").asText()))) {
      return refused(
          "ship", orderId, 34500, "Please use PUT operation for updating shipping fulfillment");
    }
    if (sold.fulfillments.size() >= MOST_PARCELS) {
      return refused("ship", orderId, 34100, "Maximum tracking number for order is exceeded");
    }
    var fulfillment = Jsons.object().put("fulfillmentId", number == null ? "999" : number);
    if (number != null) {
      fulfillment.put("shipmentTrackingNumber", number).put("shippingCarrierCode", carrier);
    }
    fulfillment.put("shippedDate", EbayOrders.time(shipped));
    fulfillment.set("lineItems", lines);
    var href = shop.ship(sold, fulfillment, "https://api.ebay.example");
    return new Answer(
        201, Map.of("Location", href), new byte[0], Answer.Manner.WHOLE, Duration.ZERO);
  }

  /** issueRefund. */
  Answer refund(String orderId, Request request) throws Exception {
    var sold = shop.orders().get(orderId);
    if (sold == null) {
      return EbayErrors.request(404, 34913, "Can not find the order.");
    }
    var body = request.json();
    var order = sold.order();
    if (text(body, "reasonForRefund") == null) {
      return refused("refund", orderId, 34903, "The refund reason must be specified.");
    }
    var item = body.at("/refundItems/0");
    var money =
        item.isMissingNode() ? body.path("orderLevelRefundAmount") : item.path("refundAmount");
    if (money.isMissingNode()) {
      return refused(
          "refund",
          orderId,
          34905,
          "Either orderLevelRefundAmount or refundItems must be specified.");
    }
    if (!money.path("currency").equals(order.at("/pricingSummary/total/currency"))) {
      return refused("refund", orderId, 34909, "The amount currency isn't correct.");
    }
    if (!money.path("value").asText().matches("[0-9]+(\\.[0-9]{1,2})?")) {
      return refused(
          "refund", orderId, 34907, "The amount value must be positive and within two decimals.");
    }
    var amount = new BigDecimal(money.get("value").asText());
    if ("FULLY_REFUNDED".equals(order.get("orderPaymentStatus").asText())) {
      return refused("refund", orderId, 34917, "This order was already refunded.");
    }
    if (amount.compareTo(new BigDecimal(order.at("/pricingSummary/total/value").asText())) > 0) {
      return refused("refund", orderId, 34915, "The refund amount exceeds order amount.");
    }
    var lineId = text(item, "lineItemId");
    if (lineId != null && line(order, lineId) == null) {
      return refused("refund", orderId, 34914, "Can't find the item in the order.");
    }
    var id = shop.refund(sold, lineId, amount);
    return Answer.json(200, Jsons.object().put("refundId", id).put("refundStatus", "REFUNDED"));
  }

  private Answer refused(String operation, String orderId, int errorId, String message) {
    shop.refused(operation, orderId, errorId);
    return EbayErrors.request(400, errorId, message);
  }

  private static ObjectNode shown(ObjectNode order, Map<String, String> query) {
    return "TAX_BREAKDOWN".equals(query.get("fieldGroups")) ? order : EbayPayload.plain(order);
  }

  private static String href(Map<String, String> query, int limit, int offset) {
    var filter = query.containsKey("filter") ? "filter=" + query.get("filter") + "&" : "";
    return "https://api.ebay.example"
        + PATH
        + "?"
        + filter
        + "limit="
        + limit
        + "&offset="
        + offset;
  }

  private static JsonNode all(ObjectNode order) {
    return order.get("lineItems");
  }

  private static JsonNode line(ObjectNode order, String lineId) {
    for (var line : order.get("lineItems")) {
      if (line.get("lineItemId").asText().equals(lineId)) {
        return line;
      }
    }
    return null;
  }

  static String text(JsonNode node, String field) {
    var value = node.path(field);
    return value.isTextual() && !value.asText().isBlank() ? value.asText() : null;
  }
}
