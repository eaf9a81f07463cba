package io.serai.hub;

import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What of shipments only few have: more than one tracking number, and differences from what was
 * asked for. A shipment with neither costs no statement.
 */
final class ShipmentStore {
  private static final String CASES =
      "SELECT shipment_id, document::text, decided_at FROM shipment_case WHERE shipment_id = ANY (?)";

  private static final String WRITE_CASES =
      """
      INSERT INTO shipment_case (shipment_id, order_id, document, created_at)
      SELECT u.*, ? FROM unnest(?, ?, ?::json[]) u""";

  private static final String DECIDED =
      "UPDATE shipment_case SET decided_at = ? WHERE shipment_id = ANY (?)";

  private static final String NUMBERS =
      """
      INSERT INTO shipment_number (tracking_number, shipment_id, order_id, created_at)
      SELECT u.*, ? FROM unnest(?, ?, ?) u ON CONFLICT DO NOTHING""";

  private ShipmentStore() {}

  /** Reads the cases that are decided about, in the open transaction. */
  static void read(Connection connection, Book book, List<Application> batch) throws SQLException {
    var ids = new ArrayList<UUID>();
    for (var application : batch) {
      if (application.document() instanceof AcceptShipment accept) {
        ids.add(accept.shipmentId());
      }
    }
    if (!ids.isEmpty()) {
      new Statements()
          .query(CASES, rows -> read(rows, book), Statements.array("uuid", ids.toArray()))
          .execute(connection);
    }
  }

  private static void read(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var found = Json.as(Json.tree(rows.getString(2)), ShipmentCase.class);
      book.cases.put(rows.getObject(1, UUID.class), found.decided(HubStore.instant(rows, 3)));
    }
  }

  static void write(Statements statements, Book book) {
    var differing = book.shipments.stream().filter(s -> s.differing() != null).toList();
    if (!differing.isEmpty()) {
      statements.add(
          WRITE_CASES,
          book.now,
          HubWriter.column("uuid", differing, Book.Shipped::id),
          HubWriter.column("uuid", differing, Book.Shipped::orderId),
          HubWriter.column("text", differing, s -> Json.text(s.differing())));
    }
    var decided =
        book.cases.entrySet().stream()
            .filter(e -> book.now.equals(e.getValue().decidedAt()))
            .map(e -> e.getKey())
            .toArray(UUID[]::new);
    if (decided.length > 0) {
      statements.add(DECIDED, book.now, Statements.array("uuid", decided));
    }
    record Number(String number, Book.Shipped shipment) {}
    var numbers = new ArrayList<Number>();
    for (var shipment : book.shipments) {
      for (var parcel : shipment.document().packages()) {
        for (var tracking : parcel.tracking()) {
          if (!tracking.number().equals(shipment.tracking())) {
            numbers.add(new Number(tracking.number(), shipment));
          }
        }
      }
    }
    if (!numbers.isEmpty()) {
      statements.add(
          NUMBERS,
          book.now,
          HubWriter.column("text", numbers, Number::number),
          HubWriter.column("uuid", numbers, n -> n.shipment().id()),
          HubWriter.column("uuid", numbers, n -> n.shipment().orderId()));
    }
  }
}
