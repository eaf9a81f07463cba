package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How a warehouse packs a fulfillment: shipments, their parcels, and what is in each. */
final class Parcels {

  // The first number tells warehouses apart that count alike, the second their parcels.
  private static final String[][] CARRIERS = {
    {"UPS", "UPS", "1Z999AA1%06d%010d", "https://track.example.com/ups/"},
    {"FEDEX", "FedEx", "7712%06d%08d", "https://track.example.com/fedex/"},
    {"USPS", "USPS", "94001%06d%011d", "https://track.example.com/usps/"},
    {"DHL", "DHL Express", "JD0146%06d%08d", "https://track.example.com/dhl/"},
  };

  private Parcels() {}

  /**
   * The shipments of a fulfillment. Every fifth of more than one unit takes two parcels, every
   * seventh two shipments, when splitting is allowed.
   */
  static List<ObjectNode> pack(WarehouseOrder order, boolean splits, Instant at) {
    var units = 0;
    for (var line : order.lines) {
      units += line.get("quantity").asInt();
    }
    var shipments = new ArrayList<ObjectNode>();
    if (splits && units > 1 && order.number % 7 == 0) {
      var halves = halve(order.lines);
      shipments.add(shipment(order, 1, List.of(halves.get(0)), at));
      shipments.add(shipment(order, 2, List.of(halves.get(1)), at));
    } else if (splits && units > 1 && order.number % 5 == 0) {
      shipments.add(shipment(order, 1, halve(order.lines), at));
    } else {
      shipments.add(shipment(order, 1, List.of(merged(order.lines)), at));
    }
    return shipments;
  }

  private static ObjectNode shipment(
      WarehouseOrder order, int part, List<ArrayNode> parcels, Instant at) {
    var carrier = CARRIERS[(int) (order.number % CARRIERS.length)];
    var shipment = Jsons.object();
    shipment.put("id", "S-%d-%d".formatted(order.number, part));
    shipment.put("fulfillmentId", order.fulfillmentId);
    shipment.put("orderId", order.orderId);
    shipment.put("reference", order.reference);
    shipment.put("shippedAt", at.toString());
    shipment.putObject("carrier").put("code", carrier[0]).put("name", carrier[1]);
    shipment.put("service", order.number % 6 == 0 ? "express" : "ground");
    var packages = shipment.putArray("packages");
    var index = 0;
    for (var lines : parcels) {
      var number =
          carrier[2].formatted(
              Math.floorMod(order.fulfillmentId.hashCode(), 1_000_000),
              order.number * 100L + part * 10L + index);
      var parcel = packages.addObject();
      parcel.put("id", "P-%d-%d-%d".formatted(order.number, part, ++index));
      parcel.putArray("tracking").addObject().put("number", number).put("url", carrier[3] + number);
      parcel.set("lines", lines);
    }
    return shipment;
  }

  /** The first unit, and the rest. */
  private static List<ArrayNode> halve(JsonNode lines) {
    var first = Jsons.array();
    var rest = Jsons.array();
    for (var line : merged(lines)) {
      var quantity = line.get("quantity").asInt();
      if (first.isEmpty()) {
        first.addObject().put("sku", line.get("sku").asText()).put("quantity", 1);
        quantity--;
      }
      if (quantity > 0) {
        rest.addObject().put("sku", line.get("sku").asText()).put("quantity", quantity);
      }
    }
    return List.of(first, rest);
  }

  /** Lines of the same SKU are one pick. */
  private static ArrayNode merged(JsonNode lines) {
    var bySku = new java.util.LinkedHashMap<String, Integer>();
    for (var line : lines) {
      bySku.merge(line.get("sku").asText(), line.get("quantity").asInt(), Integer::sum);
    }
    var merged = Jsons.array();
    bySku.forEach((sku, quantity) -> merged.addObject().put("sku", sku).put("quantity", quantity));
    return merged;
  }
}
