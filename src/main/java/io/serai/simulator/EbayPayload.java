package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;

/** What becomes of an order's payload when something happens to the order, and how it is shown. */
final class EbayPayload {

  private EbayPayload() {}

  /** The buyer's money is there. */
  static ObjectNode paid(ObjectNode order) {
    order.put("orderPaymentStatus", "PAID");
    order
        .at("/paymentSummary/payments")
        .forEach(p -> ((ObjectNode) p).put("paymentStatus", "PAID"));
    return order;
  }

  /** A parcel left. */
  static ObjectNode shipped(ObjectNode order, Iterable<JsonNode> fulfillments, String href) {
    var sent = new HashMap<String, Integer>();
    for (var fulfillment : fulfillments) {
      for (var line : fulfillment.get("lineItems")) {
        sent.merge(line.get("lineItemId").asText(), line.get("quantity").asInt(), Integer::sum);
      }
    }
    var whole = true;
    for (var line : order.get("lineItems")) {
      var units = sent.getOrDefault(line.get("lineItemId").asText(), 0);
      var all = units >= line.get("quantity").asInt();
      whole &= all;
      ((ObjectNode) line)
          .put(
              "lineItemFulfillmentStatus",
              all ? "FULFILLED" : units > 0 ? "IN_PROGRESS" : "NOT_STARTED");
    }
    order.put("orderFulfillmentStatus", whole ? "FULFILLED" : "IN_PROGRESS");
    ((ArrayNode) order.get("fulfillmentHrefs")).add(href);
    return order;
  }

  /** Somebody wants it cancelled. */
  static ObjectNode cancelAsked(
      ObjectNode order, String cancelId, String initiator, String reason, Instant at) {
    var status = (ObjectNode) order.get("cancelStatus");
    status.put("cancelState", "IN_PROGRESS");
    ((ArrayNode) status.get("cancelRequests"))
        .addObject()
        .put("cancelRequestId", cancelId)
        .put("cancelInitiator", initiator)
        .put("cancelReason", reason)
        .put("cancelRequestState", "REQUESTED")
        .put("cancelRequestedDate", EbayOrders.time(at));
    return order;
  }

  /** It is cancelled, and the buyer has the money back. */
  static ObjectNode cancelled(ObjectNode order, String cancelId, Instant at) {
    var status = (ObjectNode) order.get("cancelStatus");
    status.put("cancelState", "CANCELED").put("cancelledDate", EbayOrders.time(at));
    answered(order, cancelId, "COMPLETED").put("cancelCompletedDate", EbayOrders.time(at));
    order.put("orderPaymentStatus", "FULLY_REFUNDED");
    refund(order, "RF-" + cancelId, at, order.at("/paymentSummary/totalDueSeller"));
    return order;
  }

  /** The seller said no. */
  static ObjectNode kept(ObjectNode order, String cancelId) {
    ((ObjectNode) order.get("cancelStatus")).put("cancelState", "NONE_REQUESTED");
    answered(order, cancelId, "REJECTED");
    return order;
  }

  /** Money went back, for the order as a whole. */
  static ObjectNode refunded(ObjectNode order, String refundId, Instant at, JsonNode amount) {
    var all =
        new BigDecimal(amount.get("value").asText())
                .compareTo(new BigDecimal(order.at("/pricingSummary/total/value").asText()))
            >= 0;
    order.put("orderPaymentStatus", all ? "FULLY_REFUNDED" : "PARTIALLY_REFUNDED");
    refund(order, refundId, at, amount);
    return order;
  }

  /** Money went back, for one line. */
  static ObjectNode refundedLine(
      ObjectNode order, String lineId, String refundId, Instant at, JsonNode amount) {
    order.put("orderPaymentStatus", "PARTIALLY_REFUNDED");
    for (var line : order.get("lineItems")) {
      if (line.get("lineItemId").asText().equals(lineId)) {
        var refund =
            ((ObjectNode) line)
                .withArray("refunds")
                .addObject()
                .put("refundId", refundId)
                .put("refundDate", EbayOrders.time(at));
        refund.set("amount", amount);
      }
    }
    return order;
  }

  /** As getOrders shows it: what anybody asked about cancelling is left out. */
  static ObjectNode listed(ObjectNode order) {
    ((ObjectNode) order.get("cancelStatus")).putArray("cancelRequests");
    return order;
  }

  /** Without the breakdown of taxes: what eBay collects for itself is not part of the total. */
  static ObjectNode plain(ObjectNode order) {
    var pricing = (ObjectNode) order.get("pricingSummary");
    var tax = pricing.remove("tax");
    if (tax != null) {
      pricing.set("total", less(pricing.get("total"), tax));
    }
    for (var line : order.get("lineItems")) {
      for (var collected : line.get("taxes")) {
        var amount = collected.get("amount");
        ((ObjectNode) line).set("total", less(line.get("total"), amount));
      }
      ((ObjectNode) line).putArray("taxes");
    }
    return order;
  }

  private static ObjectNode less(JsonNode from, JsonNode amount) {
    return EbayOrders.money(
        new BigDecimal(from.get("value").asText())
            .subtract(new BigDecimal(amount.get("value").asText())),
        from.get("currency").asText());
  }

  private static ObjectNode answered(ObjectNode order, String cancelId, String state) {
    for (var request : order.at("/cancelStatus/cancelRequests")) {
      if (request.get("cancelRequestId").asText().equals(cancelId)) {
        return ((ObjectNode) request).put("cancelRequestState", state);
      }
    }
    throw new IllegalStateException("There is no request '" + cancelId + "'.");
  }

  private static void refund(ObjectNode order, String refundId, Instant at, JsonNode amount) {
    var refund =
        ((ArrayNode) order.at("/paymentSummary/refunds"))
            .addObject()
            .put("refundId", refundId)
            .put("refundDate", EbayOrders.time(at))
            .put("refundStatus", "REFUNDED");
    refund.set("amount", amount);
  }
}
