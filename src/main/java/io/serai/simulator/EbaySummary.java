package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** A seller in figures. */
final class EbaySummary {

  private EbaySummary() {}

  static ObjectNode of(EbayShop shop, int wanted, WebhookSender sender, boolean detail) {
    var json = Jsons.object();
    var all = shop.orders().values();
    var orders = json.putObject("orders");
    orders.put("wanted", wanted).put("created", all.size());
    orders.put("cancelled", shop.count("order.cancelled"));
    orders.put("refunded", shop.count("refund.created"));
    orders.put(
        "shippedInFull",
        all.stream()
            .filter(o -> "FULFILLED".equals(o.order().get("orderFulfillmentStatus").asText()))
            .count());
    orders.put("shippedTooMuch", all.stream().filter(EbaySummary::tooMuch).count());
    var notifications = json.putObject("webhooks");
    notifications.put("acknowledged", shop.count("notification.acknowledged"));
    notifications.put("waiting", shop.owed());
    notifications.put("givenUp", shop.count("notification.given-up"));
    notifications.put("dropped", shop.count("notification.dropped"));
    notifications.put("attempts", sender.attempts()).put("failures", sender.failures());
    var back = json.putObject("writeBacks");
    back.put("fulfillments", shop.count("shipment.created"));
    back.put("fulfillmentsRefused", shop.count("ship.refused"));
    back.put("stockSet", shop.count("stock.set")).put("stockRefused", shop.count("stock.refused"));
    var stock = json.putObject("stock");
    for (var offer : shop.listings().all()) {
      stock
          .putObject(offer.article.sku())
          .put("available", offer.shown)
          .put("sendable", offer.sendable);
    }
    if (detail) {
      var list = json.putObject("byOrder");
      shop.orders()
          .forEach(
              (id, sold) -> {
                var order = sold.order();
                var one = list.putObject(id);
                one.put("state", order.get("orderFulfillmentStatus").asText());
                one.put("payment", order.get("orderPaymentStatus").asText());
                one.put("cancelled", order.at("/cancelStatus/cancelState").asText());
                one.put("fulfillments", sold.fulfillments.size());
              });
    }
    return json;
  }

  static ChannelBooks books(EbayShop shop) {
    var orders = new LinkedHashMap<String, Map<String, Integer>>();
    var acknowledged = new LinkedHashSet<String>();
    var told = new ArrayList<ChannelBooks.Told>();
    for (var effect : shop.ledger().effects()) {
      switch (effect.operation()) {
        case "order.created" ->
            orders.put(
                effect.subject(),
                ChannelBooks.units(effect.data().at("/order/lineItems"), "sku", "quantity"));
        case "notification.acknowledged" -> acknowledged.add(effect.subject());
        case "shipment.created" -> told.add(told(effect));
        default -> {
          // nothing that other channels have too
        }
      }
    }
    acknowledged.retainAll(orders.keySet());
    var shown = new LinkedHashMap<String, Integer>();
    shop.listings().all().forEach(offer -> shown.put(offer.article.sku(), offer.shown));
    return new ChannelBooks(orders, acknowledged, told, shown);
  }

  private static ChannelBooks.Told told(Effect effect) {
    var fulfillment = effect.data().get("fulfillment");
    var units = 0;
    for (var line : fulfillment.get("lineItems")) {
      units += line.get("quantity").asInt();
    }
    var number = fulfillment.path("shipmentTrackingNumber").asText("");
    return new ChannelBooks.Told(
        effect.subject(),
        effect.subject() + "/" + effect.seq(),
        units,
        number.isEmpty() ? List.of() : List.of(number));
  }

  /** Whether more was told to have left than was bought. */
  private static boolean tooMuch(EbayShop.Sold sold) {
    var units = new HashMap<String, Integer>();
    for (var fulfillment : sold.fulfillments) {
      for (var line : fulfillment.get("lineItems")) {
        units.merge(line.get("lineItemId").asText(), line.get("quantity").asInt(), Integer::sum);
      }
    }
    for (var line : sold.order().get("lineItems")) {
      if (units.getOrDefault(line.get("lineItemId").asText(), 0) > line.get("quantity").asInt()) {
        return true;
      }
    }
    return false;
  }
}
