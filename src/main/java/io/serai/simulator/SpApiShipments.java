package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * Orders v0 {@code confirmShipment}: one package a call.
 *
 * <p>The model demands marketplace, package reference (a positive number, unique within the order),
 * carrier code, the carrier's name where the code is "Other", tracking number, ship date and the
 * items. A reference that is known edits its package; nothing else tells a repeat.
 */
final class SpApiShipments {

  private final SellerAccount account;

  SpApiShipments(SellerAccount account) {
    this.account = account;
  }

  Answer confirm(Request request) {
    JsonNode body;
    try {
      body = request.json();
    } catch (IOException e) {
      return SpApiWords.invalid("The body is not JSON.");
    }
    var known = account.order(request.segments().get(3));
    if (known == null) {
      return SpApiWords.missing("The order is not known.");
    }
    var order = known.deepCopy();
    var parcel = body.path("packageDetail");
    var fault = fault(order, body, parcel);
    if (fault != null) {
      account.note("confirmShipment.refused", order.get("orderId").asText(), body);
      return SpApiWords.invalid(fault);
    }
    var again = keep(order, parcel);
    settle(order);
    account.change(
        again ? "shipment.edited" : SellerAccount.CONFIRMED,
        order,
        Jsons.object().set("packageDetail", parcel));
    return new Answer(
        204, java.util.Map.of(), new byte[0], Answer.Manner.WHOLE, java.time.Duration.ZERO);
  }

  private static String fault(ObjectNode order, JsonNode body, JsonNode parcel) {
    if (!order
        .at("/salesChannel/marketplaceId")
        .asText()
        .equals(body.path("marketplaceId").asText())) {
      return "marketplaceId is not the one of the order.";
    }
    for (var field : List.of("packageReferenceId", "carrierCode", "trackingNumber", "shipDate")) {
      if (!parcel.path(field).isTextual() || !SpApiOrders.has(parcel, field)) {
        return "packageDetail." + field + " is missing.";
      }
    }
    if (!parcel.get("packageReferenceId").asText().matches("0*[1-9][0-9]*")) {
      return "packageReferenceId is not a positive number.";
    }
    if ("Other".equals(parcel.get("carrierCode").asText())
        && !SpApiOrders.has(parcel, "carrierName")) {
      return "carrierName is missing, and carrierCode is Other.";
    }
    try {
      OffsetDateTime.parse(parcel.get("shipDate").asText());
    } catch (DateTimeException e) {
      return "shipDate is not a date and time of ISO 8601.";
    }
    if (!SellerAccount.byMerchant(order)) {
      return "The order is fulfilled by Amazon.";
    }
    if (!List.of("UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED")
        .contains(SellerAccount.status(order))) {
      return "The order cannot be shipped in its status.";
    }
    return items(order, parcel);
  }

  private static String items(ObjectNode order, JsonNode parcel) {
    if (parcel.path("orderItems").isEmpty()) {
      return "packageDetail.orderItems is missing.";
    }
    for (var wanted : parcel.get("orderItems")) {
      var id = wanted.path("orderItemId").asText("");
      var item = item(order, id);
      var quantity = wanted.path("quantity").asInt(0);
      if (item == null) {
        return "orderItemId " + id + " is not of this order.";
      }
      var elsewhere = packed(order, id, parcel.get("packageReferenceId").asText());
      if (quantity < 1 || elsewhere + quantity > item.get("quantityOrdered").asInt()) {
        return "quantity of orderItemId " + id + " is more than is left to ship.";
      }
    }
    return null;
  }

  // Answers whether the package was known.
  private boolean keep(ObjectNode order, JsonNode detail) {
    var packages = order.withArray("packages");
    var reference = detail.get("packageReferenceId").asText();
    ObjectNode kept = null;
    for (var one : packages) {
      if (one.get("packageReferenceId").asText().equals(reference)) {
        kept = (ObjectNode) one;
      }
    }
    var again = kept != null;
    if (kept == null) {
      kept = packages.addObject();
      kept.put("packageReferenceId", reference);
      kept.put("createdTime", account.now().toString());
    }
    kept.putObject("packageStatus").put("status", "SHIPPED");
    kept.put("carrier", detail.path("carrierName").asText(detail.get("carrierCode").asText()));
    kept.put("shipTime", detail.get("shipDate").asText());
    kept.put("shippingService", detail.path("shippingMethod").asText(""));
    kept.put("trackingNumber", detail.get("trackingNumber").asText());
    kept.set("packageItems", detail.get("orderItems").deepCopy());
    return again;
  }

  private static void settle(ObjectNode order) {
    var left = 0;
    var shipped = 0;
    for (var node : order.get("orderItems")) {
      var packed = packed(order, node.get("orderItemId").asText(), null);
      var fulfillment = (ObjectNode) node.get("fulfillment");
      fulfillment.put("quantityFulfilled", packed);
      fulfillment.put("quantityUnfulfilled", node.get("quantityOrdered").asInt() - packed);
      shipped += packed;
      left += node.get("quantityOrdered").asInt() - packed;
    }
    ((ObjectNode) order.get("fulfillment"))
        .put(
            "fulfillmentStatus",
            left == 0 ? "SHIPPED" : shipped == 0 ? "UNSHIPPED" : "PARTIALLY_SHIPPED");
  }

  /** Units of an item in packages, without the one of this reference. */
  private static int packed(JsonNode order, String itemId, String without) {
    var units = 0;
    for (var one : order.path("packages")) {
      if (!one.get("packageReferenceId").asText().equals(without)) {
        for (var item : one.get("packageItems")) {
          units +=
              item.get("orderItemId").asText().equals(itemId) ? item.get("quantity").asInt() : 0;
        }
      }
    }
    return units;
  }

  private static JsonNode item(JsonNode order, String id) {
    for (var item : order.get("orderItems")) {
      if (item.get("orderItemId").asText().equals(id)) {
        return item;
      }
    }
    return null;
  }
}
