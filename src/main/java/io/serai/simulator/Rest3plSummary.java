package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A warehouse in figures. */
final class Rest3plSummary {

  private Rest3plSummary() {}

  static ObjectNode of(Warehouse warehouse, WebhookSender sender, boolean detail) {
    var json = ofWarehouse(warehouse, detail);
    var webhooks = json.putObject("webhooks");
    webhooks.put("acknowledged", warehouse.count("webhook.acknowledged"));
    webhooks.put("waiting", warehouse.owed());
    webhooks.put("givenUp", warehouse.count("webhook.given-up"));
    webhooks.put("dropped", warehouse.count("webhook.dropped"));
    webhooks.put("attempts", sender.attempts());
    webhooks.put("failures", sender.failures());
    return json;
  }

  /** What every warehouse has, however it is told what to do. */
  static ObjectNode ofWarehouse(Warehouse warehouse, boolean detail) {
    var json = Jsons.object();
    var fulfillments = json.putObject("fulfillments");
    var all = warehouse.all();
    fulfillments.put("accepted", all.size());
    fulfillments.put("distinct", warehouse.byFulfillment().size());
    fulfillments.put("orders", all.stream().map(o -> o.orderId).distinct().count());
    fulfillments.put("repeated", warehouse.count("fulfillment.repeated"));
    fulfillments.put("refused", warehouse.count("fulfillment.refused"));
    fulfillments.put("rejected", warehouse.count(Warehouse.REJECTED));
    fulfillments.put("cancelled", warehouse.count(Warehouse.CANCELLED));
    fulfillments.put("cancelsRefused", warehouse.count("cancel.refused"));
    fulfillments.put(
        "shipped", all.stream().filter(o -> o.state == WarehouseOrder.State.SHIPPED).count());
    fulfillments.put("waiting", all.stream().filter(WarehouseOrder::live).count());
    var doubled = fulfillments.putArray("doubled");
    warehouse
        .byFulfillment()
        .forEach(
            (id, orders) -> {
              if (orders.size() > 1) {
                doubled.add(id);
              }
            });
    json.put("shipments", warehouse.shipments());
    var oversold = json.putArray("oversold");
    warehouse.oversold().forEach(oversold::add);
    json.set("stock", Jsons.tree(warehouse.onHand()));
    if (detail) {
      var byOrder = json.putObject("byOrder");
      for (var order : all) {
        byOrder
            .withArray(String.valueOf(order.orderId))
            .addObject()
            .put("fulfillmentId", order.fulfillmentId)
            .put("reference", order.reference)
            .put("status", order.state.name().toLowerCase(java.util.Locale.ROOT))
            .put("shipments", order.shipments.size())
            .set("lines", order.lines);
      }
    }
    return json;
  }
}
