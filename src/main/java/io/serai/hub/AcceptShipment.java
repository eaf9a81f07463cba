package io.serai.hub;

import io.serai.support.Ids;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A person says that a shipment that differs from what was asked for may be told to the channel,
 * and which line each substitute stands for.
 *
 * <p>Guarantee: told once. The substitute's units leave the node's stock, and those that were
 * promised instead are free again. Gap: what stands for no line is not told; nobody at the channel
 * has a word for it.
 *
 * @param instead the line that a SKU nobody asked for stands for, by SKU
 */
public record AcceptShipment(
    UUID orderId, UUID shipmentId, Map<String, String> instead, String reason)
    implements OrderCommand {
  /** Substitutes are never null. */
  public AcceptShipment {
    instead = instead == null ? Map.of() : Map.copyOf(instead);
  }

  @Override
  public Collection<String> articles() {
    return instead.keySet();
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var shown = Ids.text("shp", shipmentId);
    var differing = book.cases.get(shipmentId);
    if (order == null || differing == null) {
      return order == null
          ? new ApplyResult.NoEffect(null, "The order is not known.")
          : HoldOrder.refused(
              order,
              "Shipment '%s' is as it was asked for; there is nothing to accept.".formatted(shown));
    }
    if (differing.decidedAt() != null) {
      return HoldOrder.refused(
          order, "Shipment '%s' was accepted at %s.".formatted(shown, differing.decidedAt()));
    }
    var fulfillment =
        order.fulfillments.stream()
            .filter(f -> f.id.equals(differing.fulfillmentId()))
            .findFirst()
            .orElseThrow();
    var refusal = refusal(order, fulfillment, differing);
    if (refusal != null) {
      return HoldOrder.refused(order, refusal);
    }
    var parcels = differing.booked(order);
    for (var surplus : differing.surplus()) {
      var lineId = instead.get(surplus.sku());
      if (lineId == null) {
        continue;
      }
      var rest = surplus.units();
      for (var reserved : fulfillment.reserved) {
        var units = reserved.line.lineId.equals(lineId) ? Math.min(rest, reserved.open()) : 0;
        if (units > 0) {
          reserved.shipped += units;
          reserved.changed = true;
          reserved.line.allocated -= units;
          reserved.line.shipped += units;
          reserved.line.cancelWanted =
              Math.min(reserved.line.cancelWanted, reserved.line.ordered - reserved.line.shipped);
          reserved.line.changed = true;
          book.stock.replace(
              new WorkingStock.Key(reserved.sku, fulfillment.node),
              new WorkingStock.Key(surplus.sku(), fulfillment.node),
              units,
              cause,
              order.id);
          parcels.get(surplus.parcel()).merge(reserved.line, units, Integer::sum);
          rest -= units;
        }
      }
    }
    if (parcels.stream().allMatch(Map::isEmpty)) {
      return HoldOrder.refused(
          order,
          "Nothing of shipment '%s' stands for a line of order '%s'. Say what it stands for, or release the hold."
              .formatted(shown, order.shown()));
    }
    if (fulfillment.live()) {
      fulfillment.state = fulfillment.open() == 0 ? "SHIPPED" : "PARTIALLY_SHIPPED";
      fulfillment.changed = true;
    }
    book.cases.put(shipmentId, differing.decided(book.now));
    order.lift(h -> shown.equals(h.subject), book.now, cause.actor(), reason);
    order.changed = true;
    book.event(
        order,
        "shipment.accepted",
        "Shipment '%s' of '%s' is taken as it is%s%s."
            .formatted(
                differing.shipment().shipmentId(),
                fulfillment.partnerOrNode(),
                instead.isEmpty() ? "" : ", " + words(),
                reason == null ? "" : ": " + reason),
        cause);
    new FulfillmentRules(book, fulfilling)
        .tellChannel(order, differing.shipment(), shipmentId, parcels, cause);
    return new ApplyResult.Applied(order.id, null);
  }

  private String refusal(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, ShipmentCase differing) {
    var open = new HashMap<String, Integer>();
    fulfillment.reserved.forEach(r -> open.merge(r.line.lineId, r.open(), Integer::sum));
    for (var substitute : instead.entrySet()) {
      if (differing.surplus().stream().noneMatch(s -> substitute.getKey().equals(s.sku()))) {
        return "Shipment '%s' holds no '%s' beyond what was asked for."
            .formatted(Ids.text("shp", shipmentId), substitute.getKey());
      }
      if (open.getOrDefault(substitute.getValue(), 0) == 0) {
        return "Nothing of line '%s' of order '%s' is open at '%s', so '%s' cannot stand for it."
            .formatted(
                substitute.getValue(),
                order.shown(),
                fulfillment.partnerOrNode(),
                substitute.getKey());
      }
    }
    return null;
  }

  private String words() {
    return String.join(
        ", ",
        instead.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> "'%s' for line '%s'".formatted(e.getKey(), e.getValue()))
            .toList());
  }
}
