package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A shop's shipment as the ledger keeps it and as an order's payload lists it. */
final class ShipmentJson {

  private ShipmentJson() {}

  static ObjectNode write(ShopOrder.Shipment shipment) {
    var json = Jsons.object();
    json.put("id", shipment.id());
    json.put("name", shipment.name());
    json.put("location", shipment.location());
    json.put("createdAt", shipment.createdAt().toString());
    json.set("lines", Jsons.tree(shipment.lines()));
    json.set("tracking", Jsons.tree(shipment.tracking()));
    return json;
  }

  static ShopOrder.Shipment read(JsonNode json) {
    var lines = new ArrayList<ShopOrder.ShippedLine>();
    for (var line : json.get("lines")) {
      lines.add(
          new ShopOrder.ShippedLine(
              line.get("fulfillmentOrderId").asLong(),
              line.get("fulfillmentOrderLineId").asLong(),
              line.get("lineId").asLong(),
              line.get("quantity").asInt()));
    }
    return new ShopOrder.Shipment(
        json.get("id").asLong(),
        json.get("name").asText(),
        json.get("location").asInt(),
        Instant.parse(json.get("createdAt").asText()),
        lines,
        readTracking(json.get("tracking")));
  }

  static List<ShopOrder.Tracking> readTracking(JsonNode json) {
    var tracking = new ArrayList<ShopOrder.Tracking>();
    for (var one : json) {
      tracking.add(
          new ShopOrder.Tracking(
              one.get("company").textValue(),
              one.get("number").textValue(),
              one.get("url").textValue()));
    }
    return tracking;
  }

  /** The entry in {@code fulfillments} of the order's payload. */
  static ObjectNode payload(ShopOrder.Shipment shipment, JsonNode order, long orderId) {
    var json = Jsons.object();
    json.put("id", shipment.id());
    json.put("admin_graphql_api_id", ShopifyIds.gid("Fulfillment", shipment.id()));
    json.put("order_id", orderId);
    json.put("name", shipment.name().replace("-F", "."));
    json.put("status", "success");
    json.put("service", "manual");
    json.put("location_id", ShopifyIds.location(shipment.location()));
    json.putNull("shipment_status");
    json.put("created_at", OrderGenerator.time(shipment.createdAt()));
    json.put("updated_at", OrderGenerator.time(shipment.createdAt()));
    json.setAll(tracking(shipment.tracking()));
    var lines = json.putArray("line_items");
    for (var shipped : shipment.lines()) {
      var line = OrderPayload.line(order, shipped.lineId()).deepCopy();
      line.put("quantity", shipped.quantity());
      lines.add(line);
    }
    return json;
  }

  /** The tracking fields of that entry. */
  static ObjectNode tracking(List<ShopOrder.Tracking> tracking) {
    var json = Jsons.object();
    json.put("tracking_company", tracking.isEmpty() ? null : tracking.get(0).company());
    json.put("tracking_number", tracking.isEmpty() ? null : tracking.get(0).number());
    json.put("tracking_url", tracking.isEmpty() ? null : tracking.get(0).url());
    var numbers = json.putArray("tracking_numbers");
    var urls = json.putArray("tracking_urls");
    for (var one : tracking) {
      if (one.number() != null) {
        numbers.add(one.number());
      }
      if (one.url() != null) {
        urls.add(one.url());
      }
    }
    return json;
  }
}
