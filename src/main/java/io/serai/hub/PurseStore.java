package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.order.Refund;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The SQL of what the money of orders did; an order of which nothing is known costs neither a read
 * nor a write. Whether anything is known stands in the order's row, which is locked before it is
 * read here and marked in the transaction that first writes here.
 */
final class PurseStore {
  private static final String GIVEN =
      """
      SELECT order_id, refund_id, amount, told, lines::text, refunded_at, request_id, message_id
      FROM refund WHERE order_id = ANY (?) ORDER BY order_id, recorded_at, refund_id""";

  private static final String WANTED =
      """
      SELECT order_id, id, return_id, lines::text, amount, reason, actor, state, refund_id, answer, due_at, message_id, created_at
      FROM refund_request WHERE order_id = ANY (?) ORDER BY order_id, created_at, id""";

  private static final String TAKEN =
      """
      SELECT order_id, key, amount, last, state, remote_id, answer, message_id
      FROM capture WHERE order_id = ANY (?) ORDER BY order_id, created_at, key""";

  private static final String WATCHED =
      "SELECT order_id, since, due_at, breach, message_ids FROM money_watch WHERE order_id = ANY (?)";

  private static final String RENAME =
      """
      UPDATE refund r SET refund_id = u.refund_id, message_id = u.message_id
      FROM unnest(?, ?, ?, ?) AS u(order_id, stored_as, refund_id, message_id)
      WHERE r.order_id = u.order_id AND r.refund_id = u.stored_as""";

  private static final String WRITE_GIVEN =
      """
      INSERT INTO refund (order_id, refund_id, amount, told, lines, refunded_at, request_id, message_id, recorded_at)
      SELECT u.*, ? FROM unnest(?, ?, ?::numeric[], ?, ?::json[], ?::timestamptz[], ?, ?) u
      ON CONFLICT (order_id, refund_id) DO UPDATE SET amount = excluded.amount, told = excluded.told, lines = excluded.lines,
        request_id = excluded.request_id""";

  private static final String WRITE_WANTED =
      """
      INSERT INTO refund_request (id, order_id, return_id, lines, amount, reason, actor, state, refund_id, answer, due_at,
        message_id, created_at, finished_at)
      SELECT * FROM unnest(?, ?, ?, ?::json[], ?::numeric[], ?, ?, ?, ?, ?, ?::timestamptz[], ?, ?::timestamptz[],
        ?::timestamptz[])
      ON CONFLICT (id) DO UPDATE SET state = excluded.state, refund_id = excluded.refund_id, answer = excluded.answer,
        due_at = excluded.due_at, finished_at = excluded.finished_at""";

  // What is on its way is left to its answer.
  private static final String END =
      """
      UPDATE delivery d SET state = 'WITHDRAWN', reason = 'The money went back, or is not owed any more.', finished_at = ?,
        fence = d.fence + 1
      FROM unnest(?, ?) AS u(order_id, key)
      WHERE d.order_id = u.order_id AND d.operation = 'refund' AND d.business_key = u.key
        AND d.state IN ('READY', 'WAITING', 'PARKED', 'REFUSED')""";

  private static final String WRITE_TAKEN =
      """
      INSERT INTO capture (order_id, key, amount, last, state, remote_id, answer, message_id, finished_at, created_at)
      SELECT u.*, ? FROM unnest(?, ?, ?::numeric[], ?, ?, ?, ?, ?, ?::timestamptz[]) u
      ON CONFLICT (order_id, key) DO UPDATE SET state = excluded.state, remote_id = excluded.remote_id,
        answer = excluded.answer, finished_at = excluded.finished_at""";

  private static final String WRITE_WATCH =
      """
      INSERT INTO money_watch (order_id, since, due_at, breach, message_ids)
      SELECT u.order_id, u.since, u.due_at, u.breach, u.message_ids::bigint[]
      FROM unnest(?, ?::timestamptz[], ?::timestamptz[], ?, ?) AS u(order_id, since, due_at, breach, message_ids)
      ON CONFLICT (order_id) DO UPDATE SET due_at = excluded.due_at, breach = excluded.breach,
        message_ids = excluded.message_ids""";

  private static final String UNWATCH = "DELETE FROM money_watch WHERE order_id = ANY (?)";

  private static final String MARK = "UPDATE sales_order SET money_moved = true WHERE id = ANY (?)";

  private PurseStore() {}

  /** Reads what the money of these orders did, in the open transaction that locked them. */
  static void read(Connection connection, Book book) throws SQLException {
    var moved = book.ordersById.values().stream().filter(o -> o.moneyMoved).map(o -> o.id);
    var ids = Statements.array("uuid", moved.toArray());
    if (ids.values().length == 0) {
      return;
    }
    new Statements()
        .query(GIVEN, rows -> readGiven(rows, book), ids)
        .query(WANTED, rows -> readWanted(rows, book), ids)
        .query(TAKEN, rows -> readTaken(rows, book), ids)
        .query(WATCHED, rows -> readWatched(rows, book), ids)
        .execute(connection);
  }

  private static void readGiven(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var given =
          new Purse.Given(
              rows.getString(2),
              rows.getTimestamp(6).toInstant(),
              rows.getObject(8, Long.class),
              false);
      given.amount = rows.getBigDecimal(3);
      given.told = rows.getString(4);
      given.request = rows.getObject(7, UUID.class);
      if (rows.getString(5) != null) {
        given.lines = List.of(Json.as(Json.tree(rows.getString(5)), Refund.Line[].class));
      }
      purse(rows, book).given.add(given);
    }
  }

  private static void readWanted(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var wanted =
          new Purse.Wanted(
              rows.getObject(2, UUID.class),
              rows.getString(3),
              units(rows.getString(4)),
              rows.getBigDecimal(5),
              rows.getString(6),
              rows.getString(7),
              rows.getObject(12, Long.class),
              RefundState.valueOf(rows.getString(8)),
              rows.getTimestamp(13).toInstant(),
              false);
      wanted.refundId = rows.getString(9);
      wanted.answer = rows.getString(10);
      wanted.dueAt = HubStore.instant(rows, 11);
      purse(rows, book).wanted.add(wanted);
    }
  }

  private static void readTaken(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var taken =
          new Purse.Taken(
              rows.getString(2),
              rows.getBigDecimal(3),
              rows.getBoolean(4),
              rows.getObject(8, Long.class),
              rows.getString(5),
              false);
      taken.remoteId = rows.getString(6);
      taken.answer = rows.getString(7);
      purse(rows, book).taken.add(taken);
    }
  }

  private static void readWatched(ResultSet rows, Book book) throws SQLException {
    while (rows.next()) {
      var watch = new Purse.Watch(rows.getTimestamp(2).toInstant());
      watch.dueAt = HubStore.instant(rows, 3);
      watch.breach = rows.getString(4);
      Array messages = rows.getArray(5);
      watch.messages.addAll(List.of((Long[]) messages.getArray()));
      var purse = purse(rows, book);
      purse.watch = watch;
      purse.watchWas = true;
    }
  }

  private static Purse purse(ResultSet rows, Book book) throws SQLException {
    return book.purse(rows.getObject(1, UUID.class));
  }

  static Map<String, Integer> units(String json) {
    var units = new LinkedHashMap<String, Integer>();
    if (json != null) {
      JsonNode tree = Json.tree(json);
      tree.properties().forEach(line -> units.put(line.getKey(), line.getValue().asInt()));
    }
    return units;
  }

  static void write(Statements statements, Book book) {
    if (book.purses.isEmpty()) {
      return;
    }
    record Given(UUID order, Purse.Given given) {}
    record Wanted(UUID order, Purse.Wanted wanted) {}
    record Taken(UUID order, Purse.Taken taken) {}
    record Watched(UUID order, Purse.Watch watch) {}
    var given = new ArrayList<Given>();
    var wanted = new ArrayList<Wanted>();
    var taken = new ArrayList<Taken>();
    var watched = new ArrayList<Watched>();
    var unwatched = new ArrayList<UUID>();
    var moved = new ArrayList<UUID>();
    book.purses.forEach(
        (order, purse) -> {
          if (!purse.isEmpty() && !book.ordersById.get(order).moneyMoved) {
            moved.add(order);
          }
          purse.given.stream()
              .filter(g -> g.isNew || g.changed)
              .forEach(g -> given.add(new Given(order, g)));
          purse.wanted.stream()
              .filter(w -> w.isNew || w.changed)
              .forEach(w -> wanted.add(new Wanted(order, w)));
          purse.taken.stream()
              .filter(t -> t.isNew || t.changed)
              .forEach(t -> taken.add(new Taken(order, t)));
          if (purse.watch != null && purse.watchChanged) {
            watched.add(new Watched(order, purse.watch));
          } else if (purse.watch == null && purse.watchWas) {
            unwatched.add(order);
          }
        });
    if (!moved.isEmpty()) {
      statements.add(MARK, Statements.array("uuid", moved.toArray()));
    }
    var renamed = given.stream().filter(g -> g.given().storedAs != null).toList();
    if (!renamed.isEmpty()) {
      statements.add(
          RENAME,
          HubWriter.column("uuid", renamed, Given::order),
          HubWriter.column("text", renamed, g -> g.given().storedAs),
          HubWriter.column("text", renamed, g -> g.given().refundId),
          HubWriter.column("int8", renamed, g -> g.given().message));
    }
    if (!given.isEmpty()) {
      statements.add(
          WRITE_GIVEN,
          book.now,
          HubWriter.column("uuid", given, Given::order),
          HubWriter.column("text", given, g -> g.given().refundId),
          HubWriter.column("text", given, g -> text(g.given().amount)),
          HubWriter.column("text", given, g -> g.given().told),
          HubWriter.column(
              "text", given, g -> g.given().lines.isEmpty() ? null : Json.text(g.given().lines)),
          HubWriter.column("text", given, g -> g.given().at.toString()),
          HubWriter.column("uuid", given, g -> g.given().request),
          HubWriter.column("int8", given, g -> g.given().message));
    }
    if (!wanted.isEmpty()) {
      statements.add(
          WRITE_WANTED,
          HubWriter.column("uuid", wanted, w -> w.wanted().id),
          HubWriter.column("uuid", wanted, Wanted::order),
          HubWriter.column("text", wanted, w -> w.wanted().returnId),
          HubWriter.column(
              "text", wanted, w -> w.wanted().units.isEmpty() ? null : Json.text(w.wanted().units)),
          HubWriter.column("text", wanted, w -> text(w.wanted().amount)),
          HubWriter.column("text", wanted, w -> w.wanted().reason),
          HubWriter.column("text", wanted, w -> w.wanted().actor),
          HubWriter.column("text", wanted, w -> w.wanted().state.name()),
          HubWriter.column("text", wanted, w -> w.wanted().refundId),
          HubWriter.column("text", wanted, w -> w.wanted().answer),
          HubWriter.column("text", wanted, w -> HubWriter.text(w.wanted().dueAt)),
          HubWriter.column("int8", wanted, w -> w.wanted().message),
          HubWriter.column("text", wanted, w -> w.wanted().createdAt.toString()),
          HubWriter.column("text", wanted, w -> HubWriter.text(w.wanted().finishedAt)));
    }
    var ended =
        wanted.stream()
            .filter(w -> !w.wanted().isNew)
            .filter(
                w ->
                    w.wanted().state == RefundState.CONFIRMED
                        || w.wanted().state == RefundState.DROPPED)
            .toList();
    if (!ended.isEmpty()) {
      statements.add(
          END,
          book.now,
          HubWriter.column("uuid", ended, Wanted::order),
          HubWriter.column("text", ended, w -> w.wanted().text()));
    }
    if (!taken.isEmpty()) {
      statements.add(
          WRITE_TAKEN,
          book.now,
          HubWriter.column("uuid", taken, Taken::order),
          HubWriter.column("text", taken, t -> t.taken().key),
          HubWriter.column("text", taken, t -> text(t.taken().amount)),
          HubWriter.column("bool", taken, t -> t.taken().last),
          HubWriter.column("text", taken, t -> t.taken().state),
          HubWriter.column("text", taken, t -> t.taken().remoteId),
          HubWriter.column("text", taken, t -> t.taken().answer),
          HubWriter.column("int8", taken, t -> t.taken().message),
          HubWriter.column("text", taken, t -> HubWriter.text(t.taken().finishedAt)));
    }
    if (!watched.isEmpty()) {
      statements.add(
          WRITE_WATCH,
          HubWriter.column("uuid", watched, Watched::order),
          HubWriter.column("text", watched, w -> w.watch().since.toString()),
          HubWriter.column("text", watched, w -> HubWriter.text(w.watch().dueAt)),
          HubWriter.column("text", watched, w -> w.watch().breach),
          HubWriter.column("text", watched, w -> array(w.watch().messages)));
    }
    if (!unwatched.isEmpty()) {
      statements.add(UNWATCH, Statements.array("uuid", unwatched.toArray()));
    }
  }

  private static String array(List<Long> numbers) {
    return numbers.toString().replace('[', '{').replace(']', '}').replace(" ", "");
  }

  private static String text(java.math.BigDecimal amount) {
    return amount == null ? null : amount.toPlainString();
  }
}
