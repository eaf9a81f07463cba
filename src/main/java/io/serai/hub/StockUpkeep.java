package io.serai.hub;

import io.serai.support.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/**
 * Does what follows from a change of stock and is too much for its transaction: gives many levels
 * their new buffer, and moves promises of units that are missing to where they can be kept: of the
 * newest two hundred the lowest priority first, and of equal ones the newest.
 *
 * <p>Guarantee: what is to be done stands in the database until it is done, and doing it twice
 * changes nothing, so a crash or a second replica only repeats it. Gap: it follows within a second
 * or so, not in the transaction that made it necessary.
 */
public final class StockUpkeep {
  private static final int PIECE = 500;
  private static final int CASES = 20;
  private static final int PROMISES = 200;
  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final String ACTOR = "hub";

  private static final String CLAIM_CASES =
      """
      WITH due AS (
        SELECT id FROM stock_case WHERE closed_at IS NULL AND relief_at <= ? ORDER BY relief_at LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE stock_case c SET relief_at = ? FROM due WHERE c.id = due.id RETURNING c.sku, c.node, c.quantity""";

  // The ledger is kept by SKU and node, so the newest promises are found without reading the
  // others.
  private static final String PROMISED =
      """
      SELECT m.id, m.order_id, o.priority FROM stock_movement m JOIN sales_order o ON o.id = m.order_id
      WHERE m.sku = ? AND m.node = ? AND m.cause = 'reserve' AND m.id < ? AND EXISTS (
        SELECT 1 FROM reservation r
        WHERE r.order_id = m.order_id AND r.sku = m.sku AND r.node = m.node AND r.quantity > r.shipped + r.released)
      ORDER BY m.id DESC LIMIT ?""";

  private final DataSource database;
  private final Clock clock;
  private final Apply apply;

  /** Keeps up a database through its apply. */
  public StockUpkeep(DataSource database, Clock clock, Apply apply) {
    this.database = database;
    this.clock = clock;
    this.apply = apply;
  }

  private record Spread(String node, String after, long generation) {}

  private record Short(String sku, String node, int missing) {}

  private record Promise(long movement, UUID order, int priority) {}

  /** Does what is due. Answers how many documents it had applied. */
  public int runDue() throws SQLException {
    var done = 0;
    for (var spread : spreads()) {
      done += spread(spread);
    }
    for (var one : claim()) {
      done += relieve(one);
    }
    return done;
  }

  private List<Spread> spreads() throws SQLException {
    var spreads = new ArrayList<Spread>();
    read(
        "SELECT node, after_sku, generation FROM stock_buffer_spread ORDER BY node",
        row -> spreads.add(new Spread(row.getString(1), row.getString(2), row.getLong(3))));
    return spreads;
  }

  // One piece after the other: orders go in between.
  private int spread(Spread spread) throws SQLException {
    var done = 0;
    var at = spread;
    while (true) {
      var skus = new ArrayList<String>();
      read(
          """
          SELECT DISTINCT sku FROM stock_level WHERE sku > ? AND (? = '' OR node = ?) ORDER BY sku LIMIT ?""",
          row -> skus.add(row.getString(1)),
          at.after(),
          at.node(),
          at.node(),
          PIECE);
      if (skus.isEmpty()) {
        read(
            "DELETE FROM stock_buffer_spread WHERE node = ? AND generation = ?",
            null,
            at.node(),
            at.generation());
        return done;
      }
      if (applied(new BufferSpread(at.node(), List.copyOf(skus))) instanceof ApplyResult.Fenced) {
        return done; // the hub is stopping
      }
      done++;
      at = new Spread(at.node(), skus.getLast(), at.generation());
      read(
          "UPDATE stock_buffer_spread SET after_sku = ? WHERE node = ? AND generation = ?",
          null,
          at.after(),
          at.node(),
          at.generation());
    }
  }

  private List<Short> claim() throws SQLException {
    var claimed = new ArrayList<Short>();
    var now = clock.instant();
    read(
        CLAIM_CASES,
        row -> claimed.add(new Short(row.getString(1), row.getString(2), row.getInt(3))),
        now,
        CASES,
        now.plus(AGAIN));
    return claimed;
  }

  private int relieve(Short one) throws SQLException {
    var done = 0;
    var missing = one.missing();
    var below = Long.MAX_VALUE;
    while (missing > 0) {
      var page = new ArrayList<Promise>();
      read(
          PROMISED,
          row -> page.add(new Promise(row.getLong(1), row.getObject(2, UUID.class), row.getInt(3))),
          one.sku(),
          one.node(),
          below,
          PROMISES);
      var orders = new LinkedHashSet<UUID>();
      page.stream()
          .sorted(Comparator.comparingInt(Promise::priority)) // and of equal rank the newest first
          .forEach(promise -> orders.add(promise.order()));
      for (var order : orders) {
        if (missing <= 0) {
          break;
        }
        var result = applied(new ShortageRelief(order, one.sku(), one.node()));
        if (result instanceof ApplyResult.Applied applied
            && applied.detail() instanceof Integer units) {
          missing -= units;
          done++;
        } else {
          return done; // nothing is missing any more, or the hub is stopping
        }
      }
      if (page.size() < PROMISES) {
        return done; // what is still missing is for the owner of the case
      }
      below = page.getLast().movement();
    }
    return done;
  }

  private ApplyResult applied(Object document) {
    var done = new CompletableFuture<ApplyResult>();
    apply.apply(document, null, ACTOR, done::complete);
    return done.join();
  }

  @FunctionalInterface
  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private void read(String sql, Row row, Object... parameters) throws SQLException {
    try (var connection = database.getConnection()) {
      var statements = new Statements();
      if (row == null) {
        statements.add(sql, parameters);
      } else {
        statements.query(
            sql,
            rows -> {
              while (rows.next()) {
                row.read(rows);
              }
            },
            parameters);
      }
      statements.execute(connection);
    }
  }
}
