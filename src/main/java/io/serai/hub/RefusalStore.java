package io.serai.hub;

import io.serai.order.RefusalCode;
import io.serai.support.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;

/**
 * Reads and writes what nodes refused and what persons moved: both are rare, so they are written
 * apart from the rows that every order has.
 */
final class RefusalStore {
  private static final String FULFILLMENTS =
      """
      UPDATE fulfillment_order f SET refused_at = u.refused_at, refused_code = u.refused_code,
        refused_reason = u.refused_reason, move_to = u.move_to, short_at = u.short_at, short_code = u.short_code,
        answer_due_at = u.answer_due_at
      FROM unnest(?, ?::timestamptz[], ?, ?, ?, ?::timestamptz[], ?, ?::timestamptz[])
        AS u(id, refused_at, refused_code, refused_reason, move_to, short_at, short_code, answer_due_at)
      WHERE f.id = u.id""";

  private static final String RESERVATIONS =
      """
      UPDATE reservation r SET refused = u.refused
      FROM unnest(?, ?, ?, ?) AS u(order_id, line_no, fulfillment_order_id, refused)
      WHERE r.order_id = u.order_id AND r.line_no = u.line_no AND r.fulfillment_order_id = u.fulfillment_order_id""";

  private RefusalStore() {}

  static void read(ResultSet row, WorkingOrder.Fulfillment fulfillment) throws SQLException {
    fulfillment.refusedAt = HubStore.instant(row, "refused_at");
    fulfillment.refusedCode = code(row.getString("refused_code"));
    fulfillment.refusedReason = row.getString("refused_reason");
    fulfillment.moveTo = row.getString("move_to");
    fulfillment.shortAt = HubStore.instant(row, "short_at");
    fulfillment.shortCode = code(row.getString("short_code"));
    fulfillment.answerDueAt = HubStore.instant(row, "answer_due_at");
  }

  private static RefusalCode code(String name) {
    return name == null ? null : RefusalCode.valueOf(name);
  }

  private static String name(RefusalCode code) {
    return code == null ? null : code.name();
  }

  static void write(Statements statements, Book book) {
    record Row(
        WorkingOrder order, WorkingOrder.Fulfillment fulfillment, WorkingOrder.Reserved reserved) {}
    var fulfillments = new ArrayList<Row>();
    var reservations = new ArrayList<Row>();
    for (var order : book.ordersById.values()) {
      for (var fulfillment : order.fulfillments) {
        if (fulfillment.refusalChanged) {
          fulfillments.add(new Row(order, fulfillment, null));
        }
        for (var reserved : fulfillment.reserved) {
          if (reserved.refusalChanged) {
            reservations.add(new Row(order, fulfillment, reserved));
          }
        }
      }
    }
    if (!fulfillments.isEmpty()) {
      statements.add(
          FULFILLMENTS,
          HubWriter.column("uuid", fulfillments, r -> r.fulfillment().id),
          HubWriter.column("text", fulfillments, r -> HubWriter.text(r.fulfillment().refusedAt)),
          HubWriter.column("text", fulfillments, r -> name(r.fulfillment().refusedCode)),
          HubWriter.column("text", fulfillments, r -> r.fulfillment().refusedReason),
          HubWriter.column("text", fulfillments, r -> r.fulfillment().moveTo),
          HubWriter.column("text", fulfillments, r -> HubWriter.text(r.fulfillment().shortAt)),
          HubWriter.column("text", fulfillments, r -> name(r.fulfillment().shortCode)),
          HubWriter.column("text", fulfillments, r -> HubWriter.text(r.fulfillment().answerDueAt)));
    }
    if (!reservations.isEmpty()) {
      statements.add(
          RESERVATIONS,
          HubWriter.column("uuid", reservations, r -> r.order().id),
          HubWriter.column("int2", reservations, r -> (short) r.reserved().line.no),
          HubWriter.column("uuid", reservations, r -> r.fulfillment().id),
          HubWriter.column("int4", reservations, r -> r.reserved().refused));
    }
  }
}
