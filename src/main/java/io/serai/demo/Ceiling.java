package io.serai.demo;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;

/**
 * What this database could do at most: the rows of orders that were just run, written again into
 * tables of the same form by three connections and nothing else: accept, apply and outcome, fifty
 * orders a transaction, one {@code INSERT ... SELECT FROM unnest(...)} a table.
 *
 * <p>It is a ceiling for this shape of work on this machine, not for PostgreSQL: bigger batches and
 * more connections go further.
 */
final class Ceiling {
  private static final int BATCH = 50;
  private static final int MOST_ORDERS = 4_000;
  private static final Batch LAST = new Batch(null, null, null, null);

  /** A table and the column that tells which order a row belongs to. */
  private record Table(String name, String key) {}

  private static final List<Table> ACCEPT =
      List.of(new Table("inbox_message", "id"), new Table("message_payload", "message_id"));
  private static final List<Table> APPLY =
      List.of(
          new Table("sales_order", "id"),
          new Table("order_document", "order_id"),
          new Table("order_line", "order_id"),
          new Table("order_event", "order_id"),
          new Table("decision", "order_id"),
          new Table("fulfillment_order", "order_id"),
          new Table("reservation", "order_id"),
          new Table("stock_movement", "order_id"),
          new Table("delivery", "order_id"),
          new Table(
              "delivery_content",
              "(SELECT d.order_id FROM public.delivery d WHERE d.id = delivery_id)"));

  /** One table's part of a batch: a statement and its arrays. */
  private record Insert(String sql, List<Array> columns) {
    void run(Connection connection) throws SQLException {
      try (var statement = connection.prepareStatement(sql)) {
        for (var i = 0; i < columns.size(); i++) {
          statement.setArray(i + 1, columns.get(i));
        }
        statement.executeUpdate();
      }
    }
  }

  private record Batch(List<Insert> accept, List<Insert> apply, Array messages, Array orders) {}

  private final DataSource database;

  Ceiling(DataSource database) {
    this.database = database;
  }

  /** Orders a second, or 0 when there is nothing to write again. */
  double measure() throws SQLException {
    List<Batch> batches;
    try (var connection = database.getConnection()) {
      prepare(connection);
      batches = batches(connection);
    }
    if (batches.isEmpty()) {
      return 0;
    }
    var applying = new ArrayBlockingQueue<Batch>(4);
    var ending = new ArrayBlockingQueue<Batch>(4);
    var began = System.nanoTime();
    var accepts =
        work(
            connection -> {
              for (var batch : batches) {
                run(connection, batch.accept());
                applying.put(batch);
              }
              applying.put(LAST);
            });
    var applies =
        work(
            connection -> {
              for (var batch = applying.take(); batch != LAST; batch = applying.take()) {
                reserve(connection, batch);
                ending.put(batch);
              }
              ending.put(LAST);
            });
    var outcomes =
        work(
            connection -> {
              for (var batch = ending.take(); batch != LAST; batch = ending.take()) {
                confirm(connection, batch);
              }
            });
    try {
      CompletableFuture.allOf(accepts, applies, outcomes).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getCause());
    }
    var seconds = (System.nanoTime() - began) / 1e9;
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA ceiling CASCADE");
    }
    return batches.size() * (double) BATCH / seconds;
  }

  private interface Work {
    void run(Connection connection) throws SQLException, InterruptedException;
  }

  private CompletableFuture<Void> work(Work work) {
    var done = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .name("ceiling")
        .start(
            () -> {
              try (var connection = database.getConnection()) {
                connection.setAutoCommit(false);
                work.run(connection);
                done.complete(null);
              } catch (SQLException | InterruptedException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private static void run(Connection connection, List<Insert> inserts) throws SQLException {
    for (var insert : inserts) {
      insert.run(connection);
    }
    connection.commit();
  }

  private static void reserve(Connection connection, Batch batch) throws SQLException {
    for (var insert : batch.apply()) {
      insert.run(connection);
    }
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE ceiling.stock_level s SET allocated = s.allocated + r.units
            FROM (SELECT sku, node, sum(quantity) AS units FROM ceiling.reservation
                  WHERE order_id = ANY (?) GROUP BY sku, node) AS r
            WHERE s.sku = r.sku AND s.node = r.node""")) {
      statement.setArray(1, batch.orders());
      statement.executeUpdate();
    }
    try (var statement =
        connection.prepareStatement(
            "UPDATE ceiling.inbox_message SET state = 'APPLIED', finished_at = now() WHERE id = ANY (?)")) {
      statement.setArray(1, batch.messages());
      statement.executeUpdate();
    }
    connection.commit();
  }

  private static void confirm(Connection connection, Batch batch) throws SQLException {
    for (var sql :
        List.of(
            "UPDATE ceiling.delivery SET state = 'CONFIRMED', finished_at = now() WHERE order_id = ANY (?)",
            "UPDATE ceiling.fulfillment_order SET state = 'ACCEPTED', updated_at = now() WHERE order_id = ANY (?)")) {
      try (var statement = connection.prepareStatement(sql)) {
        statement.setArray(1, batch.orders());
        statement.executeUpdate();
      }
    }
    connection.commit();
  }

  private static void prepare(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS ceiling CASCADE");
      statement.execute("CREATE SCHEMA ceiling");
      var all = new ArrayList<>(ACCEPT);
      all.addAll(APPLY);
      for (var table : all) {
        statement.execute(
            "CREATE TABLE ceiling.%1$s (LIKE public.%1$s INCLUDING ALL)".formatted(table.name()));
      }
      statement.execute("CREATE TABLE ceiling.stock_level (LIKE public.stock_level INCLUDING ALL)");
      statement.execute(
          "INSERT INTO ceiling.stock_level SELECT (jsonb_populate_record(s, '{\"allocated\": 0, \"on_hand\": 1000000000}')).* FROM public.stock_level s");
    }
  }

  private static List<Batch> batches(Connection connection) throws SQLException {
    var messages = new ArrayList<Long>();
    var orders = new ArrayList<UUID>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT min(m.id), m.order_id FROM public.inbox_message m
                WHERE m.state = 'APPLIED' AND EXISTS (SELECT FROM public.delivery d WHERE d.order_id = m.order_id AND d.state = 'CONFIRMED')
                GROUP BY m.order_id ORDER BY 1 DESC LIMIT %d"""
                    .formatted(MOST_ORDERS))) {
      while (rows.next()) {
        messages.add(rows.getLong(1));
        orders.add(rows.getObject(2, UUID.class));
      }
    }
    var batches = new ArrayList<Batch>();
    for (var from = 0; from + BATCH <= orders.size(); from += BATCH) {
      var messageIds =
          connection.createArrayOf("bigint", messages.subList(from, from + BATCH).toArray());
      var orderIds = connection.createArrayOf("uuid", orders.subList(from, from + BATCH).toArray());
      batches.add(
          new Batch(
              inserts(connection, ACCEPT, messageIds),
              inserts(connection, APPLY, orderIds),
              messageIds,
              orderIds));
    }
    return batches;
  }

  private static List<Insert> inserts(Connection connection, List<Table> tables, Array keys)
      throws SQLException {
    var inserts = new ArrayList<Insert>();
    for (var table : tables) {
      var columns = new ArrayList<String>();
      try (var statement =
          connection.prepareStatement(
              "SELECT attname FROM pg_attribute WHERE attrelid = ('public.' || ?)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum")) {
        statement.setString(1, table.name());
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            columns.add(rows.getString(1));
          }
        }
      }
      try (var statement =
          connection.prepareStatement(
              "SELECT %s FROM public.%s WHERE %s = ANY (?)"
                  .formatted(
                      String.join(", ", columns.stream().map("array_agg(%s)"::formatted).toList()),
                      table.name(),
                      table.key()))) {
        statement.setArray(1, keys);
        try (var row = statement.executeQuery()) {
          row.next();
          var arrays = new ArrayList<Array>();
          for (var i = 1; i <= columns.size(); i++) {
            arrays.add(row.getArray(i));
          }
          if (arrays.getFirst() != null) {
            inserts.add(
                new Insert(
                    "INSERT INTO ceiling.%s (%s) OVERRIDING SYSTEM VALUE SELECT * FROM unnest(%s)"
                        .formatted(
                            table.name(),
                            String.join(", ", columns),
                            String.join(", ", columns.stream().map(c -> "?").toList())),
                    arrays));
          }
        }
      }
    }
    return inserts;
  }
}
