package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * The notification {@code ORDER_CHANGE}, payload version 1.0: which order changed and how it
 * stands, without a word about people.
 *
 * <p>Statuses are written as Orders v0 writes them, "Canceled" with one l.
 */
final class OrderChange {

  private OrderChange() {}

  static ObjectNode of(AmazonOptions options, Instant now, String id, ObjectNode order) {
    var asked =
        !order.at("/orderItems/0/cancellation/cancellationRequest").isMissingNode()
            && "UNSHIPPED".equals(SellerAccount.status(order));
    var body = Jsons.object();
    body.put("NotificationVersion", "1.0");
    body.put("NotificationType", "ORDER_CHANGE");
    body.put("PayloadVersion", "1.0");
    body.put("EventTime", now.toString());
    var change = body.putObject("Payload").putObject("OrderChangeNotification");
    change.put("NotificationLevel", "OrderLevel");
    change.put("SellerId", options.sellerId);
    change.put("AmazonOrderId", order.get("orderId").asText());
    change.put("OrderChangeType", asked ? "BuyerRequestedChange" : "OrderStatusChange");
    change
        .putObject("OrderChangeTrigger")
        .put("TimeOfOrderChange", order.get("lastUpdatedTime").asText())
        .put("ChangeReason", asked ? "Buyer Requested Cancel" : "Order Status Change");
    summary(change.putObject("Summary"), order, asked);
    body.putObject("NotificationMetadata")
        .put("ApplicationId", options.clientId)
        .put("SubscriptionId", "subscription-of-" + options.name)
        .put("PublishTime", now.toString())
        .put("NotificationId", id);
    return body;
  }

  private static void summary(ObjectNode summary, JsonNode order, boolean asked) {
    var shipped = 0;
    var open = 0;
    for (var item : order.get("orderItems")) {
      shipped += item.at("/fulfillment/quantityFulfilled").asInt();
      open += item.at("/fulfillment/quantityUnfulfilled").asInt();
    }
    summary.put("MarketplaceId", order.at("/salesChannel/marketplaceId").asText());
    summary.put("OrderStatus", v0(SellerAccount.status(order)));
    summary.put("PurchaseDate", order.get("createdTime").asText());
    summary.put(
        "DestinationPostalCode", order.at("/recipient/deliveryAddress/postalCode").asText());
    summary.put("FulfillmentType", SellerAccount.byMerchant(order) ? "MFN" : "AFN");
    summary.put("OrderType", "StandardOrder");
    summary.put("NumberOfItemsShipped", shipped);
    summary.put("NumberOfItemsUnshipped", open);
    var items = summary.putArray("OrderItems");
    for (var item : order.get("orderItems")) {
      items
          .addObject()
          .put("OrderItemId", item.get("orderItemId").asText())
          .put("SellerSKU", item.at("/product/sellerSku").asText())
          .putNull("SupplySourceId")
          .put("OrderItemStatus", open == 0 && shipped > 0 ? "Shipped" : "Unshipped")
          .put("Quantity", item.get("quantityOrdered").asInt())
          .put("QuantityShipped", item.at("/fulfillment/quantityFulfilled").asInt())
          .put("IsBuyerRequestedCancel", asked);
    }
  }

  private static String v0(String status) {
    return switch (status) {
      case "PENDING_AVAILABILITY" -> "PendingAvailability";
      case "PENDING" -> "Pending";
      case "PARTIALLY_SHIPPED" -> "PartiallyShipped";
      case "SHIPPED" -> "Shipped";
      case "CANCELLED" -> "Canceled";
      case "UNFULFILLABLE" -> "Unfulfillable";
      default -> "Unshipped";
    };
  }
}
