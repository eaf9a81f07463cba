package io.serai.simulator;

import java.util.Set;

/**
 * The Post-Order API's cancellations: asked for by the buyer and answered, or made by the seller.
 */
final class EbayCancellations {

  private static final Set<String> REASONS =
      Set.of("OUT_OF_STOCK_OR_CANNOT_FULFILL", "BUYER_ASKED_CANCEL", "ADDRESS_ISSUES");

  private final EbayShop shop;

  EbayCancellations(EbayShop shop) {
    this.shop = shop;
  }

  /** The seller cancels of its own. */
  Answer create(Request request) throws Exception {
    var body = request.json();
    var orderId = body.path("legacyOrderId").asText();
    var sold =
        shop.orders().values().stream()
            .filter(o -> o.order().get("legacyOrderId").asText().equals(orderId))
            .findFirst()
            .orElse(null);
    if (sold == null) {
      return EbayErrors.request(404, 1601, "The order '" + orderId + "' is not known");
    }
    var reason = body.path("cancelReason").asText();
    if (!REASONS.contains(reason)) {
      return EbayErrors.request(400, 1602, "Invalid cancelReason: " + reason);
    }
    var state = sold.order().at("/cancelStatus/cancelState").asText();
    if (!state.equals("NONE_REQUESTED")) {
      return EbayErrors.business(409, 1603, "A cancellation exists for this order");
    }
    if (!sold.fulfillments.isEmpty()) {
      return EbayErrors.business(409, 1604, "The order has been shipped");
    }
    var id = shop.askToCancel(sold, "Seller", reason);
    shop.cancel(sold, id);
    return Answer.json(200, Jsons.object().put("cancelId", id));
  }

  /** One cancellation as it stands. */
  Answer show(String cancelId) {
    var sold = shop.ofCancellation(cancelId);
    if (sold == null) {
      return unknown(cancelId);
    }
    var order = sold.order();
    var detail = Jsons.object().put("cancelId", cancelId);
    detail.put("legacyOrderId", order.get("legacyOrderId").asText());
    detail.put("cancelState", state(order, cancelId).equals("REQUESTED") ? "OPEN" : "CLOSED");
    return Answer.json(200, Jsons.object().set("cancelDetail", detail));
  }

  /** The seller agrees. */
  Answer approve(String cancelId) {
    var sold = shop.ofCancellation(cancelId);
    if (sold == null) {
      return unknown(cancelId);
    }
    if (!state(sold.order(), cancelId).equals("REQUESTED")) {
      return EbayErrors.business(409, 1605, "The cancellation is closed");
    }
    shop.cancel(sold, cancelId);
    return Answer.json(200, Jsons.object());
  }

  /** The seller does not agree, because it is sent. */
  Answer reject(String cancelId) {
    var sold = shop.ofCancellation(cancelId);
    if (sold == null) {
      return unknown(cancelId);
    }
    if (!state(sold.order(), cancelId).equals("REQUESTED")) {
      return EbayErrors.business(409, 1605, "The cancellation is closed");
    }
    shop.keep(sold, cancelId);
    return Answer.json(200, Jsons.object());
  }

  private static String state(com.fasterxml.jackson.databind.JsonNode order, String cancelId) {
    for (var request : order.at("/cancelStatus/cancelRequests")) {
      if (request.get("cancelRequestId").asText().equals(cancelId)) {
        return request.get("cancelRequestState").asText();
      }
    }
    return "";
  }

  private static Answer unknown(String cancelId) {
    return EbayErrors.request(404, 1606, "The cancellation '" + cancelId + "' is not known");
  }
}
