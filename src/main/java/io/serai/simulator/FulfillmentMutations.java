package io.serai.simulator;

import graphql.schema.DataFetchingEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Telling the shop of shipments and of their tracking.
 *
 * <p>Neither takes an idempotency key: what is sent twice is done twice as far as units remain.
 */
final class FulfillmentMutations {

  private final Shop shop;
  private final OrderView view;

  FulfillmentMutations(Shop shop, OrderView view) {
    this.shop = shop;
    this.view = view;
  }

  Map<String, Object> create(DataFetchingEnvironment env) {
    Map<String, Object> input = env.getArgument("fulfillment");
    var errors = new ArrayList<UserError>();
    var lines = new ArrayList<ShopOrder.ShippedLine>();
    var order = collect(input, lines, errors);
    if (!errors.isEmpty()) {
      shop.refused(
          "fulfillmentCreate",
          order == null ? null : String.valueOf(order.id),
          Jsons.tree(UserError.json(errors)));
      return payload(null, errors);
    }
    var shipment = shop.ship(order, lines, tracking(map(input.get("trackingInfo"))));
    return payload(view.fulfillment(order, shipment), errors);
  }

  Map<String, Object> track(DataFetchingEnvironment env) {
    var id = ShopifyIds.number("Fulfillment", env.getArgument("fulfillmentId"));
    var order = shop.orderOfFulfillment(id);
    if (order == null) {
      var errors = List.of(UserError.of("Fulfillment does not exist.", "fulfillmentId"));
      shop.refused("fulfillmentTrackingInfoUpdate", null, Jsons.tree(UserError.json(errors)));
      return payload(null, errors);
    }
    var shipment = find(order, id);
    shop.track(order, shipment, tracking(env.getArgument("trackingInfoInput")));
    return payload(view.fulfillment(order, find(order, id)), List.of());
  }

  private static ShopOrder.Shipment find(ShopOrder order, long id) {
    return order.shipments.stream().filter(s -> s.id() == id).findFirst().orElseThrow();
  }

  private ShopOrder collect(
      Map<String, Object> input, List<ShopOrder.ShippedLine> lines, List<UserError> errors) {
    ShopOrder order = null;
    var locations = new ArrayList<Integer>();
    var groupIndex = 0;
    for (var group : maps(input.get("lineItemsByFulfillmentOrder"))) {
      var id = ShopifyIds.number("FulfillmentOrder", (String) group.get("fulfillmentOrderId"));
      var owner = shop.orderOfFulfillmentOrder(id);
      if (owner == null || !view.routed(owner) || order != null && owner != order) {
        errors.add(UserError.of("Fulfillment order does not exist.", "fulfillment"));
        return order;
      }
      order = owner;
      var fulfillmentOrder = owner.fulfillmentOrder(id);
      locations.add(fulfillmentOrder.location);
      if (!fulfillmentOrder.open()) {
        errors.add(
            UserError.of(
                "Fulfillment order "
                    + id
                    + " has an unfulfillable status= "
                    + fulfillmentOrder.status.toLowerCase(java.util.Locale.ROOT)
                    + ".",
                "fulfillment"));
        return order;
      }
      lines(fulfillmentOrder, group, groupIndex++, lines, errors);
    }
    if (lines.isEmpty() && errors.isEmpty()) {
      errors.add(UserError.of("Fulfillment order does not exist.", "fulfillment"));
    }
    if (locations.stream().distinct().count() > 1) {
      errors.add(
          UserError.of(
              "All fulfillment orders must be assigned to the same location.", "fulfillment"));
    }
    return order;
  }

  private static void lines(
      ShopOrder.FulfillmentOrder fulfillmentOrder,
      Map<String, Object> group,
      int groupIndex,
      List<ShopOrder.ShippedLine> lines,
      List<UserError> errors) {
    var wanted = maps(group.get("fulfillmentOrderLineItems"));
    if (wanted.isEmpty()) {
      for (var line : fulfillmentOrder.lines) {
        if (line.remaining > 0) {
          lines.add(
              new ShopOrder.ShippedLine(fulfillmentOrder.id, line.id, line.lineId, line.remaining));
        }
      }
      return;
    }
    var asked = new LinkedHashMap<Long, Integer>();
    var index = 0;
    for (var item : wanted) {
      var quantity = (Integer) item.get("quantity");
      if (quantity <= 0) {
        errors.add(
            UserError.of(
                "Quantity must be greater than 0",
                "fulfillment",
                "lineItemsByFulfillmentOrder",
                String.valueOf(groupIndex),
                "fulfillmentOrderLineItems",
                String.valueOf(index),
                "quantity"));
      }
      asked.merge(
          ShopifyIds.number("FulfillmentOrderLineItem", (String) item.get("id")),
          quantity,
          Integer::sum);
      index++;
    }
    if (!errors.isEmpty()) {
      return;
    }
    for (var entry : asked.entrySet()) {
      var line = fulfillmentOrder.line(entry.getKey());
      if (line == null) {
        errors.add(UserError.of("Fulfillment order line item does not exist.", "fulfillment"));
        return;
      }
      if (entry.getValue() > line.remaining) {
        errors.add(
            UserError.of("Invalid fulfillment order line item quantity requested.", "fulfillment"));
        return;
      }
      lines.add(
          new ShopOrder.ShippedLine(fulfillmentOrder.id, line.id, line.lineId, entry.getValue()));
    }
  }

  private static List<ShopOrder.Tracking> tracking(Map<String, Object> input) {
    if (input == null) {
      return List.of();
    }
    var numbers = texts(input.get("numbers"), input.get("number"));
    var urls = texts(input.get("urls"), input.get("url"));
    var company = (String) input.get("company");
    var tracking = new ArrayList<ShopOrder.Tracking>();
    for (var i = 0; i < Math.max(numbers.size(), urls.size()); i++) {
      tracking.add(
          new ShopOrder.Tracking(
              company,
              i < numbers.size() ? numbers.get(i) : null,
              i < urls.size() ? urls.get(i) : null));
    }
    return tracking;
  }

  private static List<String> texts(Object many, Object one) {
    if (many instanceof List<?> list && !list.isEmpty()) {
      return list.stream().map(String::valueOf).toList();
    }
    return one == null ? List.of() : List.of(one.toString());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> maps(Object value) {
    return value == null ? List.of() : (List<Map<String, Object>>) value;
  }

  private static Map<String, Object> payload(Object fulfillment, List<UserError> errors) {
    var payload = new HashMap<String, Object>();
    payload.put("fulfillment", fulfillment);
    payload.put("userErrors", UserError.json(errors));
    return payload;
  }
}
