package io.serai.hub;

import io.serai.support.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/**
 * Looks for orders that can go on though no document says so, and lets {@link Apply} do it: those
 * whose cancellation waits behind a request that turned out to have had no effect, and those that
 * wait for stock that came, oldest first.
 *
 * <p>Guarantee: what is to be done stands in the database until it is done, and doing it twice
 * changes nothing, so a crash or a second node only repeats it. Gap: it follows within a second or
 * so, not in the transaction that made it possible; a new order may take the stock first.
 */
public final class FollowUps {
  private static final int BATCH = 50;
  private static final int SKUS = 20;
  private static final Duration CLAIM = Duration.ofMinutes(1);
  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");
  private static final String ACTOR = "hub";

  private static final String WITHDRAWABLE =
      """
      SELECT DISTINCT c.order_id FROM delivery c
      JOIN delivery r ON r.lane = c.lane AND r.business_key = c.business_key AND r.id < c.id
        AND r.operation = 'fulfillment-request' AND r.state IN ('READY', 'PARKED') AND NOT r.outcome_unknown
      WHERE c.operation = 'cancellation' AND c.state = 'READY' AND c.order_id IS NOT NULL
      LIMIT ?""";

  private static final String CLAIM_RESTOCK =
      """
      WITH due AS (SELECT sku FROM restock WHERE due_at <= ? ORDER BY due_at, sku LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE restock r SET due_at = ? FROM due WHERE r.sku = due.sku RETURNING r.sku, r.due_at""";

  // One that wants more than there is of this SKU cannot be served as a whole: it is not even
  // tried.
  private static final String WAITING =
      """
      SELECT o.id, coalesce(o.placed_at, o.received_at) AS since
      FROM (SELECT l.order_id, sum(l.backordered) AS wanted FROM order_line l
            WHERE l.sku = ? AND l.backordered > 0 GROUP BY l.order_id) w
      JOIN sales_order o ON o.id = w.order_id
      WHERE o.hold IS NULL AND o.cancelled_at IS NULL AND (coalesce(o.placed_at, o.received_at), o.id) > (?, ?)
        AND w.wanted <= (
          SELECT coalesce(sum(greatest(0, s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined - s.safety)), 0)
          FROM stock_level s JOIN node n ON n.id = s.node AND n.active WHERE s.sku = ?)
      ORDER BY 2, 1 LIMIT ?""";

  private final DataSource database;
  private final Clock clock;
  private final Apply apply;

  /** Follows up on a database through its apply. */
  public FollowUps(DataSource database, Clock clock, Apply apply) {
    this.database = database;
    this.clock = clock;
    this.apply = apply;
  }

  private record Claim(String sku, Instant until) {}

  private record Waiting(UUID order, Instant since) {}

  /** Does what is due. Answers how many orders went on. */
  public int runDue() throws SQLException {
    var wentOn = goOn(withdrawable());
    for (var claim : claimRestocked()) {
      wentOn += refill(claim.sku());
      // What was marked again meanwhile is due again: only what was worked off is taken away.
      read("DELETE FROM restock WHERE sku = ? AND due_at = ?", null, claim.sku(), claim.until());
    }
    return wentOn;
  }

  private List<UUID> withdrawable() throws SQLException {
    var orders = new ArrayList<UUID>();
    read(WITHDRAWABLE, row -> orders.add(row.getObject(1, UUID.class)), BATCH);
    return orders;
  }

  private List<Claim> claimRestocked() throws SQLException {
    var claims = new ArrayList<Claim>();
    var now = clock.instant();
    read(
        CLAIM_RESTOCK,
        row -> claims.add(new Claim(row.getString(1), row.getTimestamp(2).toInstant())),
        now,
        SKUS,
        now.plus(CLAIM));
    return claims;
  }

  private int refill(String sku) throws SQLException {
    var wentOn = 0;
    var last = new Waiting(new UUID(0, 0), BEGINNING);
    while (true) {
      var batch = new ArrayList<Waiting>();
      read(
          WAITING,
          row ->
              batch.add(new Waiting(row.getObject(1, UUID.class), row.getTimestamp(2).toInstant())),
          sku,
          last.since(),
          last.order(),
          sku,
          BATCH);
      wentOn += goOn(batch.stream().map(Waiting::order).toList());
      if (batch.size() < BATCH) {
        return wentOn;
      }
      last = batch.getLast();
    }
  }

  // They are applied in the order in which they are handed over.
  private int goOn(List<UUID> orders) {
    var results = new ArrayList<CompletableFuture<ApplyResult>>();
    for (var order : orders) {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(new Continuation(order), null, ACTOR, done::complete);
      results.add(done);
    }
    return (int)
        results.stream()
            .map(CompletableFuture::join)
            .filter(ApplyResult.Applied.class::isInstance)
            .count();
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
