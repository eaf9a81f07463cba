package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/** A shop in figures. */
final class ShopifySummary {

  private ShopifySummary() {}

  static ObjectNode of(Shop shop, int wanted, WebhookSender sender, boolean detail) {
    var json = Jsons.object();
    var all = shop.orders();
    var orders = json.putObject("orders");
    orders.put("wanted", wanted);
    orders.put("created", all.size());
    orders.put("toShip", all.stream().filter(ShopOrder::ships).count());
    orders.put("cancelled", all.stream().filter(o -> o.cancelledAt != null).count());
    orders.put("refunded", shop.count("refund.created"));
    orders.put("shippedInFull", all.stream().filter(ShopOrder::shippedInFull).count());
    orders.put("test", all.stream().filter(o -> o.test).count());
    orders.put("pickup", all.stream().filter(ShopOrder::pickup).count());
    var webhooks = json.putObject("webhooks");
    webhooks.put("acknowledged", shop.count("webhook.acknowledged"));
    webhooks.put("waiting", shop.owed());
    webhooks.put("givenUp", shop.count("webhook.given-up"));
    webhooks.put("dropped", shop.count("webhook.dropped"));
    webhooks.put("attempts", sender.attempts());
    webhooks.put("failures", sender.failures());
    var back = json.putObject("writeBacks");
    back.put("fulfillments", shop.count("fulfillment.created"));
    back.put("fulfillmentsRefused", shop.count("fulfillmentCreate.refused"));
    back.put("trackingUpdates", shop.count("tracking.updated"));
    back.put("stockCalls", shop.count("stock.set"));
    back.put("stockRepeated", shop.count("stock.repeated"));
    back.put("stockRefused", shop.count("stock.refused"));
    var stock = json.putObject("stock");
    for (var article : shop.catalogue().stocked()) {
      stock
          .putObject(article.sku())
          .put("available", shop.stock().availableEverywhere(article.index()))
          .put("committed", shop.stock().committedEverywhere(article.index()));
    }
    if (detail) {
      json.set("byOrder", orders(shop));
    }
    return json;
  }

  /** What the shop's ledger says, in every channel's words. */
  static ChannelBooks books(Shop shop) {
    var orders = new LinkedHashMap<String, Map<String, Integer>>();
    var acknowledged = new LinkedHashSet<String>();
    var told = new ArrayList<ChannelBooks.Told>();
    for (var effect : shop.ledger().effects()) {
      switch (effect.operation()) {
        case "order.created" ->
            orders.put(
                effect.subject(),
                ChannelBooks.units(effect.data().at("/order/line_items"), "sku", "quantity"));
        case "webhook.acknowledged" -> {
          if ("orders/create".equals(effect.text("topic"))) {
            acknowledged.add(effect.subject());
          }
        }
        case "fulfillment.created" -> told.add(told(effect));
        default -> {}
      }
    }
    var shown = new LinkedHashMap<String, Integer>();
    for (var article : shop.catalogue().stocked()) {
      shown.put(article.sku(), shop.stock().availableEverywhere(article.index()));
    }
    return new ChannelBooks(orders, acknowledged, told, shown);
  }

  private static ChannelBooks.Told told(Effect effect) {
    var shipment = effect.data().get("shipment");
    var units = 0;
    for (var line : shipment.get("lines")) {
      units += line.get("quantity").asInt();
    }
    var parcels = new ArrayList<String>();
    for (var parcel : shipment.get("tracking")) {
      if (parcel.hasNonNull("number")) {
        parcels.add(parcel.get("number").asText());
      }
    }
    return new ChannelBooks.Told(effect.subject(), shipment.path("id").asText(), units, parcels);
  }

  /** Order by order: what it is and what was written back to it. */
  static JsonNode orders(Shop shop) {
    var list = Jsons.object();
    for (var order : shop.orders()) {
      var json = list.putObject(String.valueOf(order.id));
      json.put("name", order.name);
      json.put("toShip", order.ships());
      json.put("test", order.test);
      json.put("pickup", order.pickup());
      json.put("cancelled", order.cancelledAt != null);
      json.put("shippedInFull", order.shippedInFull());
      var left = 0;
      for (var fulfillmentOrder : order.fulfillmentOrders) {
        for (var line : fulfillmentOrder.lines) {
          left += line.remaining;
        }
      }
      json.put("unitsLeft", left);
      var fulfillments = json.putArray("fulfillments");
      for (var shipment : order.shipments) {
        var entry = fulfillments.addObject();
        entry.put("id", shipment.id());
        entry.put(
            "units", shipment.lines().stream().mapToInt(ShopOrder.ShippedLine::quantity).sum());
        entry.put("location", shipment.location());
        entry.set("tracking", Jsons.tree(shipment.tracking()));
      }
    }
    return list;
  }
}
