package io.serai.hub;

import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.UUID;

/** The SQL of what channels that trade in documents were owed; no statement where none does. */
final class TradeStore {
  private static final String OF_ORDERS =
      """
      SELECT order_id, document, key, number, asked::text, done_at IS NOT NULL, came_at
      FROM trade_document WHERE order_id = ANY (?) ORDER BY order_id, created_at, key""";

  private static final String WRITE =
      """
      INSERT INTO trade_document (order_id, document, key, number, asked, came_at, done_at, created_at)
      SELECT u.order_id, u.document, u.key, u.number, u.asked, u.came_at, CASE WHEN u.done THEN ?::timestamptz END, ?
      FROM unnest(?, ?, ?, ?, ?::json[], ?::timestamptz[], ?) AS u(order_id, document, key, number, asked, came_at, done)
      ON CONFLICT (order_id, document, key) DO UPDATE SET done_at = excluded.done_at""";

  private TradeStore() {}

  /** Reads what the orders of the book were told of, as far as their channels want to hear. */
  static void read(Connection connection, Book book) throws SQLException {
    var trading = new Trading(book);
    var orders = new ArrayList<UUID>();
    for (var order : book.ordersById.values()) {
      if (trading.channel(order) != null) {
        orders.add(order.id);
      }
    }
    if (orders.isEmpty()) {
      return;
    }
    new Statements()
        .query(
            OF_ORDERS,
            rows -> {
              while (rows.next()) {
                var asked = rows.getString(5);
                var paper =
                    new Trading.Paper(
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        asked == null ? null : Json.tree(asked),
                        rows.getObject(7, OffsetDateTime.class) instanceof OffsetDateTime came
                            ? came.toInstant()
                            : null,
                        rows.getBoolean(6));
                book.papers
                    .computeIfAbsent(paper.orderId(), id -> new LinkedHashMap<>())
                    .put(paper.document() + '/' + paper.key(), paper);
              }
            },
            Statements.array("uuid", orders.toArray()))
        .execute(connection);
  }

  /** Adds what has to be written; the last word on a document counts. */
  static void write(Statements statements, Book book) {
    if (book.newPapers.isEmpty()) {
      return;
    }
    var last = new LinkedHashMap<String, Trading.Paper>();
    book.newPapers.forEach(p -> last.put(p.orderId() + "/" + p.document() + '/' + p.key(), p));
    var papers = new ArrayList<>(last.values());
    statements.add(
        WRITE,
        book.now,
        book.now,
        HubWriter.column("uuid", papers, Trading.Paper::orderId),
        HubWriter.column("text", papers, Trading.Paper::document),
        HubWriter.column("text", papers, Trading.Paper::key),
        HubWriter.column("text", papers, Trading.Paper::number),
        HubWriter.column("text", papers, p -> p.asked() == null ? null : Json.text(p.asked())),
        HubWriter.column("text", papers, p -> p.came() == null ? null : p.came().toString()),
        HubWriter.column("bool", papers, Trading.Paper::done));
  }
}
