package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a channel holds at one moment, in the words that all channels have in common.
 *
 * @param orders every order by its id
 * @param acknowledged orders of which a hub acknowledged to have been told
 * @param told shipments that the channel was told of
 * @param shown units on offer by SKU, over all its listings; empty for a channel that shows none
 * @param taken units that were carried out of a store by SKU, less what came back; empty for a
 *     channel without tills
 */
public record ChannelBooks(
    Map<String, Map<String, Integer>> orders,
    Set<String> acknowledged,
    List<Told> told,
    Map<String, Integer> shown,
    Map<String, Integer> taken) {

  /** Of a channel without tills. */
  ChannelBooks(
      Map<String, Map<String, Integer>> orders,
      Set<String> acknowledged,
      List<Told> told,
      Map<String, Integer> shown) {
    this(orders, acknowledged, told, shown, Map.of());
  }

  /**
   * A shipment that the channel was told of.
   *
   * @param units how many it was said to hold, or 0 where the channel is told of parcels only
   * @param parcels their tracking numbers
   */
  public record Told(String orderId, String id, int units, List<String> parcels) {}

  /** The units of an order by SKU, from lines that have both; lines without a SKU are left out. */
  static Map<String, Integer> units(JsonNode lines, String sku, String quantity) {
    var units = new LinkedHashMap<String, Integer>();
    for (var line : lines) {
      if (line.hasNonNull(sku)) {
        units.merge(line.get(sku).asText(), line.path(quantity).asInt(), Integer::sum);
      }
    }
    return units;
  }

  JsonNode json() {
    return Jsons.tree(this);
  }

  /** Reads what the knob {@code books} answers. */
  public static ChannelBooks read(JsonNode json) {
    var orders = new LinkedHashMap<String, Map<String, Integer>>();
    json.path("orders").properties().forEach(e -> orders.put(e.getKey(), counts(e.getValue())));
    var acknowledged = new HashSet<String>();
    json.path("acknowledged").forEach(id -> acknowledged.add(id.asText()));
    var told = new ArrayList<Told>();
    for (var one : json.path("told")) {
      var parcels = new ArrayList<String>();
      one.path("parcels").forEach(number -> parcels.add(number.asText()));
      told.add(
          new Told(
              one.path("orderId").asText(),
              one.path("id").asText(),
              one.path("units").asInt(),
              parcels));
    }
    return new ChannelBooks(
        orders, acknowledged, told, counts(json.path("shown")), counts(json.path("taken")));
  }

  private static Map<String, Integer> counts(JsonNode json) {
    var counts = new LinkedHashMap<String, Integer>();
    json.properties().forEach(e -> counts.put(e.getKey(), e.getValue().asInt()));
    return counts;
  }
}
