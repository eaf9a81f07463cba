package io.serai.hub;

import io.serai.order.Shipment;
import io.serai.support.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Tells channels of sets of which a part had left when the rest was cancelled: what left then was
 * all of it, and no shipment comes any more that could tell it.
 *
 * <p>Guarantee: told once, in the transaction that makes the set count as sent, with the tracking
 * numbers of what left. Gap: a set of which nothing left with a shipment of ours is not told.
 */
final class PartlySent {
  private final Connection connection;
  private final Book book;
  private final FulfillmentRules rules;

  PartlySent(Connection connection, Book book, FulfillmentRules rules) {
    this.connection = connection;
    this.book = book;
    this.rules = rules;
  }

  /** Tells of whatever these documents did. */
  void tell(Map<Application, ApplyResult> results) throws SQLException {
    for (var order : book.ordersById.values()) {
      order.rollUp();
      for (var set : order.lines) {
        if (set.untold > 0) {
          tell(order, set, Apply.cause(order, results));
        }
      }
    }
  }

  private void tell(WorkingOrder order, WorkingOrder.Line set, Application cause)
      throws SQLException {
    var units = set.untold;
    set.untold = 0;
    Shipment last = null;
    var tracking = new LinkedHashSet<Shipment.Tracking>();
    for (var shipment : shipments(order.id)) {
      for (var parcel : shipment.packages()) {
        if (parcel.lines().stream().anyMatch(line -> isOf(set, line))) {
          tracking.addAll(parcel.tracking());
          last = shipment;
        }
      }
    }
    if (last == null) {
      return;
    }
    var id = book.ids.next();
    var parcel =
        new Shipment.Package(
            List.copyOf(tracking), List.of(new Shipment.Line(set.lineId, set.sku, units)));
    rules.owe(
        order,
        // another call than the one that told what else was in the parcel
        last.as(last.shipmentId() + '/' + set.lineId, List.of(parcel)),
        id,
        cause);
    book.event(
        order,
        "shipment.told",
        "The rest of the set '%s' is cancelled, so what left of it is all the channel is told of."
            .formatted(set.sku),
        cause);
  }

  private static boolean isOf(WorkingOrder.Line set, Shipment.Line line) {
    return set.components.stream()
        .anyMatch(
            part ->
                line.lineId() != null
                    ? line.lineId().equals(part.lineId)
                    : part.sku != null && part.sku.equals(line.sku()));
  }

  private List<Shipment> shipments(UUID order) throws SQLException {
    var found = new ArrayList<Shipment>();
    try (var query =
        connection.prepareStatement(
            "SELECT document::text FROM shipment WHERE order_id = ? ORDER BY created_at, id")) {
      query.setObject(1, order);
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(Json.as(Json.tree(rows.getString(1)), Shipment.class));
        }
      }
    }
    book.shipments.stream()
        .filter(shipped -> shipped.orderId().equals(order))
        .forEach(shipped -> found.add(Json.as(Json.tree(shipped.json()), Shipment.class)));
    return found;
  }
}
