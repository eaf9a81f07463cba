package io.serai.hub;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Reads and writes what decides who is served when stock comes. New orders, and those whose rank
 * and terms stay, cost no statement.
 */
final class QueueStore {
  /** Rank and terms of some orders, for those that have any. */
  static final String OF_ORDERS =
      """
      SELECT id, priority, ship_available FROM sales_order WHERE id = ANY (?) AND (priority <> 0 OR ship_available)""";

  /** Lines of some orders that were sold before their goods were there. */
  static final String PREORDERS =
      "SELECT order_id, line_no, promised_at FROM order_line WHERE order_id = ANY (?) AND preorder";

  private static final String ORDERS =
      """
      UPDATE sales_order o SET priority = u.priority, ship_available = u.ship_available
      FROM unnest(?, ?, ?) AS u(id, priority, ship_available) WHERE o.id = u.id""";

  private static final String LINES =
      """
      UPDATE order_line l SET preorder = u.preorder, promised_at = u.promised_at
      FROM unnest(?, ?, ?, ?::timestamptz[]) AS u(order_id, line_no, preorder, promised_at)
      WHERE l.order_id = u.order_id AND l.line_no = u.line_no""";

  private static final String ANNOUNCED =
      """
      SELECT i.sku, i.expected_at, sum(i.quantity - i.received)::int FROM stock_incoming i JOIN node n ON n.id = i.node AND n.active
      WHERE i.sku = ANY (?) AND i.quantity > i.received GROUP BY 1, 2 ORDER BY 1, 2""";

  private static final String PROMISED =
      """
      SELECT sku, sum(backordered)::int FROM order_line
      WHERE sku = ANY (?) AND backordered > 0 AND preorder GROUP BY sku""";

  private QueueStore() {}

  static void read(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var order = book.ordersById.get(rows.getObject(1, UUID.class));
      order.priority = rows.getShort(2);
      order.shipAvailable = rows.getBoolean(3);
    }
  }

  static void readPreorders(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var no = rows.getInt(2);
      Timestamp at = rows.getTimestamp(3);
      for (var line : book.ordersById.get(rows.getObject(1, UUID.class)).lines) {
        if (line.no == no) {
          line.preorder = true;
          line.promisedAt = at == null ? null : at.toInstant();
        }
      }
    }
  }

  /**
   * Reads what suppliers announced of these SKUs and how much of it is promised. Their levels are
   * locked, so nobody else promises the same.
   */
  static void announced(Connection connection, Book book, Collection<String> skus)
      throws SQLException {
    new Statements()
        .query(
            ANNOUNCED,
            rows -> {
              while (rows.next()) {
                book.announced.add(
                    rows.getString(1), rows.getTimestamp(2).toInstant(), rows.getInt(3));
              }
            },
            Statements.texts(List.copyOf(skus)))
        .query(
            PROMISED,
            rows -> {
              while (rows.next()) {
                book.announced.promised(rows.getString(1), rows.getInt(2));
              }
            },
            Statements.texts(List.copyOf(skus)))
        .execute(connection);
  }

  /** Rank and terms of orders, for those that are new and so need no statement of their own. */
  static Object[] columns(List<WorkingOrder> orders) {
    return new Object[] {
      HubWriter.column("int2", orders, o -> (short) o.priority),
      HubWriter.column("bool", orders, o -> o.shipAvailable)
    };
  }

  static void write(Statements statements, Book book) {
    record Row(WorkingOrder order, WorkingOrder.Line line) {}
    var orders = new ArrayList<WorkingOrder>();
    var lines = new ArrayList<Row>();
    for (var order : book.ordersById.values()) {
      if (order.queueChanged && !order.isNew) {
        orders.add(order);
      }
      for (var line : order.lines) {
        if (line.promiseChanged) {
          lines.add(new Row(order, line));
        }
      }
    }
    if (!orders.isEmpty()) {
      var columns = columns(orders);
      statements.add(ORDERS, HubWriter.column("uuid", orders, o -> o.id), columns[0], columns[1]);
    }
    if (!lines.isEmpty()) {
      statements.add(
          LINES,
          HubWriter.column("uuid", lines, r -> r.order().id),
          HubWriter.column("int2", lines, r -> (short) r.line().no),
          HubWriter.column("bool", lines, r -> r.line().preorder),
          HubWriter.column("text", lines, r -> HubWriter.text(r.line().promisedAt)));
    }
  }
}
