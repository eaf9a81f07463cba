package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.stock.Item;
import io.serai.stock.Items;
import io.serai.support.Ids;

/** The canonical document that asks a node to send something, or to stop sending it. */
final class RequestDocument {
  private RequestDocument() {}

  static JsonNode of(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, String action, Items items) {
    var document = order.document == null ? JsonNodeFactory.instance.objectNode() : order.document;
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("fulfillmentId", Ids.text("ful", fulfillment.id));
    request.put("orderId", HubWriter.orderId(order.id));
    request.put("action", action);
    copy(document, request, "channel");
    request.put("node", fulfillment.node);
    request.put("partner", fulfillment.partner);
    if (fulfillment.reference != null) {
      request.put("reference", fulfillment.reference);
    }
    copy(document, request, "shipTo");
    var hash = AddressCheck.hash(document.path("shipTo").path("address"));
    if (hash != null) {
      request.put("addressHash", hash);
    }
    copy(document, request, "service");
    copy(document, request, "note");
    copy(document, request, "currency");
    copy(document, request, "placedAt");
    if (!order.tags.isEmpty()) {
      var tags = request.putArray("tags");
      order.tags.forEach(tags::add);
    }
    var lines = request.putArray("lines");
    for (var reserved : fulfillment.reserved) {
      var line = lines.addObject();
      line.put("lineId", reserved.line.lineId);
      line.put("sku", reserved.sku);
      var title =
          reserved.line.title == null ? title(document, reserved, items) : reserved.line.title;
      if (title != null) {
        line.put("title", title);
      }
      line.put("quantity", reserved.quantity);
      items.find(reserved.sku).ifPresent(item -> customs(item, line));
    }
    return request;
  }

  // What a parcel that crosses a border has to declare.
  private static void customs(Item item, ObjectNode line) {
    if (item.hsCode() != null) {
      line.put("hsCode", item.hsCode());
    }
    if (item.originCountry() != null) {
      line.put("originCountry", item.originCountry());
    }
  }

  private static String title(JsonNode document, WorkingOrder.Reserved reserved, Items items) {
    for (var line : document.path("lines")) {
      if (reserved.line.lineId.equals(line.path("lineId").asText())) {
        return line.path("title").asText(null);
      }
    }
    return items.find(reserved.sku).map(Item::title).orElse(null);
  }

  private static void copy(JsonNode from, ObjectNode to, String field) {
    var value = from.get(field);
    if (value != null && !value.isNull()) {
      to.set(field, value);
    }
  }
}
