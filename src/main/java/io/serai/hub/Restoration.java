package io.serai.hub;

import io.serai.order.HoldKind;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;

/**
 * The database was set back to an older point. What was owed or open then may have been done since,
 * and nothing of it may be done again blindly.
 *
 * <p>Guarantee: what was owed at that point is sent again under its own key, looked up or parked,
 * as its partner bears; orders with something that no place had yet, and orders that come anew
 * though they may have been here before, are held until a person looked. Gap: what people and
 * channels did to known orders since, as refunds and returns, is not known and not held; the
 * comparison with the accounts' books shows it.
 *
 * @param at the point; of what came later nothing is known here
 * @param restoredAt when hubs could work again; what comes from then on is new
 */
public record Restoration(Instant at, Instant restoredAt) {
  /** An order may be placed so long before it gets here. */
  private static final Duration ON_ITS_WAY = Duration.ofDays(1);

  // Not stock: a quantity is told anew, whatever was told before.
  private static final String DELIVERIES =
      """
      UPDATE delivery SET outcome_unknown = true
      WHERE state IN ('READY', 'SENDING', 'WAITING', 'PARKED') AND document <> 'stock' AND NOT outcome_unknown""";

  private static final String ORDERS =
      """
      WITH open AS (
        SELECT o.id, o.hold IS NULL OR o.hold IN ('HISTORY', 'EDIT_WINDOW', 'SHIP_WINDOW') AS shown, (SELECT coalesce(max(h.no), 0) + 1 FROM order_hold h WHERE h.order_id = o.id) AS no,
          'Order ''' || coalesce(o.display_number, o.channel_order_id) || ''' had something to send that no place had yet when the '
            || 'database was set back, and it may have been sent since. Ask the partners, then release or cancel it.' AS sentence
        FROM sales_order o
        WHERE o.state NOT IN ('SHIPPED', 'DELIVERED', 'CLOSED', 'CANCELLED') AND o.fulfilled_by = 'MERCHANT'
          AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND l.requires_shipping
            AND l.ordered > l.allocated + l.cancelled + l.shipped)
          AND NOT EXISTS (SELECT 1 FROM order_hold h WHERE h.order_id = o.id AND h.kind = 'MANUAL'
            AND h.placed_by IS NULL AND h.subject IS NULL AND h.released_at IS NULL)
      ), h AS (
        INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at, due_at)
        SELECT id, no, 'MANUAL', sentence, 'operations', ?, ? FROM open
      ), e AS (
        INSERT INTO order_event (order_id, kind, sentence, occurred_at) SELECT id, 'order.held', sentence, ? FROM open
      ), f AS (
        UPDATE sales_order o SET hold = 'MANUAL', hold_reason = open.sentence, hold_owner = 'operations', hold_due_at = ?,
          state = CASE WHEN o.state IN ('RELEASED', 'IN_FULFILLMENT', 'PARTIALLY_SHIPPED') THEN o.state ELSE 'ON_HOLD' END
        FROM open WHERE o.id = open.id AND open.shown
      )
      SELECT count(*) FROM open""";

  /**
   * What was done about it.
   *
   * @param deliveries what was owed and is not sent blindly
   * @param orders what is held
   */
  public record Done(int deliveries, int orders) {}

  /** The last one, or null when there was none. */
  public static Restoration last(DataSource database) {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT at, restored_at FROM restoration ORDER BY id DESC LIMIT 1")) {
      return rows.next()
          ? new Restoration(rows.getTimestamp(1).toInstant(), rows.getTimestamp(2).toInstant())
          : null;
    } catch (SQLException e) {
      throw new IllegalStateException(
          "Whether the database was set back could not be read: " + e.getMessage(), e);
    }
  }

  /**
   * Says that the database was set back, in one transaction. To be called while no hub runs; may be
   * said again, and holds then what is open then.
   */
  public Done declare(DataSource database) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      var done = new Done(doubt(connection), hold(connection));
      new Statements()
          .add(
              "UPDATE publication SET marked_at = coalesce(marked_at, ?), doubted = true",
              restoredAt)
          .add("INSERT INTO restoration (at, restored_at) VALUES (?, ?)", at, restoredAt)
          .execute(connection);
      connection.commit();
      return done;
    }
  }

  private static int doubt(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(DELIVERIES)) {
      return statement.executeUpdate();
    }
  }

  private int hold(Connection connection) throws SQLException {
    var now = Timestamp.from(restoredAt);
    var due = Timestamp.from(restoredAt.plus(HoldKind.STOCK.due()));
    try (var statement = connection.prepareStatement(ORDERS)) {
      statement.setTimestamp(1, now);
      statement.setTimestamp(2, due);
      statement.setTimestamp(3, now);
      statement.setTimestamp(4, due);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  /** Whether an order that is new here may have been here before the database was set back. */
  boolean concerns(WorkingOrder order, Application cause) {
    var lay = cause.message() != null && cause.message().receivedAt().isBefore(restoredAt);
    var placed = order.placedAt;
    return lay
        || placed != null && placed.isBefore(restoredAt) && placed.isAfter(at.minus(ON_ITS_WAY));
  }

  /** Why such an order is held. */
  static String sentence(WorkingOrder order) {
    return "Order '%s' may have been here before the database was set back, and may have been sent then. Ask the partners, then release or cancel it."
        .formatted(order.shown());
  }
}
