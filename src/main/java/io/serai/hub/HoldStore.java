package io.serai.hub;

import io.serai.order.HoldKind;
import io.serai.support.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;

/**
 * Reads and writes what orders are held for. Orders that are held for nothing cost no statement.
 */
final class HoldStore {
  /** All holds of some orders, open and released, in the order in which they were placed. */
  static final String OF_ORDERS =
      """
      SELECT order_id, no, kind, reason, owner, placed_at, placed_by, due_at, released_at, released_by, release_reason,
        subject
      FROM order_hold WHERE order_id = ANY (?) ORDER BY order_id, no""";

  private static final String WRITE =
      """
      INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at, placed_by, due_at, released_at, released_by,
        release_reason, subject)
      SELECT * FROM unnest(?, ?, ?, ?, ?, ?::timestamptz[], ?, ?::timestamptz[], ?::timestamptz[], ?, ?, ?)
      ON CONFLICT (order_id, no) DO UPDATE SET reason = excluded.reason, owner = excluded.owner, due_at = excluded.due_at,
        released_at = excluded.released_at, released_by = excluded.released_by, release_reason = excluded.release_reason""";

  private HoldStore() {}

  static void read(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var hold =
          new WorkingOrder.Hold(
              rows.getShort(2),
              HoldKind.valueOf(rows.getString(3)),
              rows.getTimestamp(6).toInstant(),
              rows.getString(7),
              rows.getString(12));
      hold.reason = rows.getString(4);
      hold.owner = rows.getString(5);
      hold.dueAt = HubStore.instant(rows, 8);
      hold.releasedAt = HubStore.instant(rows, 9);
      hold.releasedBy = rows.getString(10);
      hold.releaseReason = rows.getString(11);
      book.ordersById.get(rows.getObject(1, java.util.UUID.class)).holds.add(hold);
    }
  }

  static void write(Statements statements, Book book) {
    record Row(WorkingOrder order, WorkingOrder.Hold hold) {}
    var rows = new ArrayList<Row>();
    for (var order : book.ordersById.values()) {
      for (var hold : order.holds) {
        if (hold.changed) {
          rows.add(new Row(order, hold));
        }
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    statements.add(
        WRITE,
        HubWriter.column("uuid", rows, r -> r.order().id),
        HubWriter.column("int2", rows, r -> r.hold().no),
        HubWriter.column("text", rows, r -> r.hold().kind.name()),
        HubWriter.column("text", rows, r -> r.hold().reason),
        HubWriter.column("text", rows, r -> r.hold().owner),
        HubWriter.column("text", rows, r -> HubWriter.text(r.hold().placedAt)),
        HubWriter.column("text", rows, r -> r.hold().placedBy),
        HubWriter.column("text", rows, r -> HubWriter.text(r.hold().dueAt)),
        HubWriter.column("text", rows, r -> HubWriter.text(r.hold().releasedAt)),
        HubWriter.column("text", rows, r -> r.hold().releasedBy),
        HubWriter.column("text", rows, r -> r.hold().releaseReason),
        HubWriter.column("text", rows, r -> r.hold().subject));
  }
}
