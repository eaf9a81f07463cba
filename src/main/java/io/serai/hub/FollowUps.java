package io.serai.hub;

import io.serai.order.FulfillmentResponse;
import io.serai.order.FulfillmentResponse.State;
import io.serai.stock.Items;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Looks for orders that can go on though no document says so, and lets {@link Apply} do it: those
 * whose cancellation waits behind a request that turned out to have had no effect, those that wait
 * for stock that came, by rank and then age, those whose edit window is over, those whose money
 * should be right by now, those of which a node sends no more than it did, those whose channel is
 * not held any more, and those of which a person said what came of a delivery.
 *
 * <p>Guarantee: what is to be done stands in the database until it is done, and doing it twice
 * changes nothing, so a crash or a second node only repeats it. What came of an article that orders
 * wait for is marked in the transaction that brought it, and who is new stands behind them until
 * the mark is gone. Gap: it follows within a second or so, not in that transaction.
 */
public final class FollowUps {
  private static final int BATCH = 50;
  private static final int ROUNDS = 20;
  private static final int SKUS = 20;
  private static final Duration CLAIM = Duration.ofMinutes(1);

  /** How long an order that needs more than there is lets others pass. */
  static final Duration PATIENCE = Duration.ofDays(3);

  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");
  private static final String ACTOR = "hub";

  private static final String WITHDRAWABLE =
      """
      SELECT DISTINCT c.order_id FROM delivery c
      JOIN delivery r ON r.lane = c.lane AND r.business_key = c.business_key AND r.id < c.id
        AND r.operation = 'fulfillment-request' AND r.state IN ('READY', 'PARKED') AND NOT r.outcome_unknown
      WHERE c.operation = 'cancellation' AND c.state = 'READY' AND c.order_id IS NOT NULL
      LIMIT ?""";

  // Edit windows that are over, ship windows that are open.
  private static final String OVER =
      """
      SELECT order_id FROM order_hold
      WHERE kind IN ('EDIT_WINDOW', 'SHIP_WINDOW') AND released_at IS NULL AND due_at <= ? ORDER BY due_at, order_id LIMIT ?""";

  // What nodes left open of what they said was all.
  private static final String SHORT =
      "SELECT order_id FROM fulfillment_order WHERE short_at <= ? ORDER BY short_at, order_id LIMIT ?";

  private static final String PARCELS =
      "SELECT id, order_id FROM parcel WHERE due_at <= ? ORDER BY due_at, id LIMIT ?";

  private static final String OVERDUE =
      "SELECT id, order_id FROM return_order WHERE due_at <= ? ORDER BY due_at, id LIMIT ?";

  private static final String MONEY =
      """
      (SELECT order_id FROM money_watch WHERE due_at <= ? ORDER BY due_at, order_id LIMIT ?)
      UNION (SELECT order_id FROM refund_request WHERE due_at <= ? ORDER BY due_at, order_id LIMIT ?)""";

  // One that could not be looked at waits a while, so that it does not hold up the others.
  private static final String PARCEL_LATER =
      "UPDATE parcel SET due_at = ? WHERE id = ? AND due_at <= ?";

  private static final String RETURN_LATER =
      "UPDATE return_order SET due_at = ? WHERE id = ? AND due_at <= ?";

  private static final String MONEY_LATER =
      """
      WITH watch AS (UPDATE money_watch SET due_at = ? WHERE order_id = ? AND due_at <= ?)
      UPDATE refund_request SET due_at = ? WHERE order_id = ? AND due_at <= ?""";

  private static final String CLAIM_VERDICTS =
      """
      WITH due AS (SELECT delivery_id FROM follow_up WHERE due_at <= ? ORDER BY due_at, delivery_id LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE follow_up f SET due_at = ? FROM due JOIN delivery d ON d.id = due.delivery_id WHERE f.delivery_id = due.delivery_id
      RETURNING d.id, d.operation, d.business_key, f.verdict, f.detail, d.order_id""";

  private static final String CLAIM_RESTOCK =
      """
      WITH due AS (SELECT sku FROM restock WHERE due_at <= ? ORDER BY due_at, sku LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE restock r SET due_at = ? FROM due WHERE r.sku = due.sku RETURNING r.sku, r.due_at""";

  // By rank, then age. One that wants more than there is of this SKU cannot be served as a whole:
  // it
  // is not even tried, and lets others pass until it has waited too long.
  private static final String QUEUE =
      """
      WITH queue AS (
        SELECT o.id, coalesce(o.placed_at, o.received_at) AS since, -o.priority AS rank,
          w.wanted <= a.available OR o.ship_available AND a.available > 0 AS fits, a.available
        FROM (SELECT l.order_id, sum(l.backordered) AS wanted FROM order_line l
              WHERE l.sku = ? AND l.backordered > 0 GROUP BY l.order_id) w
        JOIN sales_order o ON o.id = w.order_id
        CROSS JOIN (
          SELECT coalesce(sum(greatest(0, s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined - s.safety)), 0) AS available
          FROM stock_level s JOIN node n ON n.id = s.node AND n.active WHERE s.sku = ?) a
        WHERE o.hold IS NULL AND o.cancelled_at IS NULL)
      """;

  private static final String WAITING =
      QUEUE
          + """
      SELECT id, since, rank FROM queue q
      WHERE fits AND (rank, since, id) > (?, ?, ?)
        AND NOT EXISTS (SELECT 1 FROM queue p WHERE NOT p.fits AND p.since <= ? AND (p.rank, p.since, p.id) < (q.rank, q.since, q.id))
      ORDER BY rank, since, id LIMIT ?""";

  // One that waited too long and cannot be served keeps the mark: nobody new passes it either. It
  // is
  // looked at again when the claim ends, for nothing tells when it is cancelled or held.
  private static final String NOBODY_STOPS =
      QUEUE
          + "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM queue WHERE NOT fits AND available > 0 AND since <= ?)";

  private static final String LOCK_LEVELS =
      "SELECT 1 FROM stock_level WHERE sku = ? ORDER BY sku, node FOR NO KEY UPDATE";

  // What was marked again meanwhile is due again: only what was worked off is taken away. What is
  // left may be sold again, so channels are told of it.
  private static final String WORKED_OFF =
      """
      WITH done AS (DELETE FROM restock WHERE sku = ? AND due_at = ? RETURNING sku),
        unmarked AS (UPDATE stock_level s SET waited_for = false FROM done WHERE s.sku = done.sku RETURNING 1)
      UPDATE publication p SET marked_at = coalesce(p.marked_at, ?) FROM (
        SELECT q.account, q.listing_id, q.location_id FROM publication q
        WHERE q.sku = ANY (?) AND EXISTS (SELECT FROM unmarked)
        ORDER BY q.account, q.listing_id, q.location_id FOR UPDATE OF q) m
      WHERE p.account = m.account AND p.listing_id = m.listing_id AND p.location_id = m.location_id""";

  private final DataSource database;
  private final Clock clock;
  private final Apply apply;
  private final Supplier<Items> items;
  private final Silences silences;
  private final ChannelHolds channels;

  /**
   * Follows up on a database through its apply.
   *
   * @param items under which other names and in which sets an article is sold
   */
  public FollowUps(DataSource database, Clock clock, Apply apply, Supplier<Items> items) {
    this(database, clock, apply, items, new ChannelHolds(database, clock));
  }

  /**
   * Follows up on a database through its apply.
   *
   * @param items under which other names and in which sets an article is sold
   * @param channels which are held; read anew before each look
   */
  public FollowUps(
      DataSource database, Clock clock, Apply apply, Supplier<Items> items, ChannelHolds channels) {
    this.database = database;
    this.clock = clock;
    this.apply = apply;
    this.items = items;
    this.silences = new Silences(database, clock, apply);
    this.channels = channels;
  }

  private record Claim(String sku, Instant until) {}

  private record Waiting(UUID order, Instant since, int rank) {}

  /** Does what is due. Answers how many orders went on. */
  public int runDue() throws SQLException {
    channels.refreshOrWarn();
    var wentOn =
        resolved()
            + goOn(withdrawable())
            + goOn(over())
            + goOn(shortShipped())
            + parcels()
            + overdueReturns()
            + money()
            + silences.runDue()
            + channels();
    for (var claim : claimRestocked()) {
      var refilled = refill(claim.sku());
      if (refilled < 0) {
        continue; // it stays, and is due again when the claim ends
      }
      wentOn += refilled;
      end(claim);
    }
    return wentOn;
  }

  // Under the lock that a new order takes: it has joined the queue before, or finds no mark.
  private void end(Claim claim) throws SQLException {
    try (var connection = database.getConnection()) {
      var nobodyStops = new boolean[1];
      connection.setAutoCommit(false);
      new Statements()
          .query(LOCK_LEVELS, rows -> {}, claim.sku())
          .query(
              NOBODY_STOPS,
              rows -> nobodyStops[0] = rows.next(),
              claim.sku(),
              claim.sku(),
              clock.instant().minus(PATIENCE))
          .execute(connection);
      if (nobodyStops[0]) {
        var codes = new ArrayList<>(items.get().codesOf(claim.sku()).keySet());
        codes.add(claim.sku());
        new Statements()
            .add(WORKED_OFF, claim.sku(), claim.until(), clock.instant(), Statements.texts(codes))
            .execute(connection);
      }
      connection.commit();
    }
  }

  /**
   * Notes, in the transaction of a person's verdict, that a delivery had its effect. The order
   * learns of it as it would from the partner.
   */
  public void confirmed(Connection connection, long delivery, String reference)
      throws SQLException {
    note(connection, delivery, "CONFIRMED", reference);
  }

  /** Notes, in the transaction of a person's verdict, that a delivery is not owed any more. */
  public void discarded(Connection connection, long delivery, String reason) throws SQLException {
    note(connection, delivery, "DISCARDED", reason);
  }

  // What a channel shows is not known after a verdict: it is read and told anew.
  private void note(Connection connection, long delivery, String verdict, String detail)
      throws SQLException {
    var now = clock.instant();
    new Statements()
        .add(
            """
            INSERT INTO follow_up (delivery_id, verdict, detail, due_at)
            SELECT d.id, ?, ?, ?::timestamptz FROM delivery d
            WHERE d.id = ? AND (d.business_key LIKE 'ful\\_%' OR d.operation IN ('refund', 'capture'))
            ON CONFLICT (delivery_id) DO UPDATE SET verdict = excluded.verdict, detail = excluded.detail, due_at = excluded.due_at""",
            verdict, detail, now, delivery)
        .add(
            """
            UPDATE publication SET delivery_id = NULL, base = NULL, marked_at = coalesce(marked_at, ?)
            WHERE delivery_id = ?""",
            now,
            delivery)
        .execute(connection);
  }

  private record Verdict(
      long delivery, String operation, String key, boolean happened, String detail, UUID orderId) {}

  private int resolved() throws SQLException {
    var verdicts = new ArrayList<Verdict>();
    var now = clock.instant();
    read(
        CLAIM_VERDICTS,
        row ->
            verdicts.add(
                new Verdict(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    "CONFIRMED".equals(row.getString(4)),
                    row.getString(5),
                    row.getObject(6, UUID.class))),
        now,
        BATCH,
        now.plus(CLAIM));
    var wentOn = 0;
    for (var verdict : verdicts) {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(meaning(verdict, now), null, ACTOR, done::complete);
      var result = done.join();
      if (!(result instanceof ApplyResult.Fenced)) {
        read("DELETE FROM follow_up WHERE delivery_id = ?", null, verdict.delivery());
      }
      wentOn += result instanceof ApplyResult.Applied ? 1 : 0;
    }
    return wentOn;
  }

  private static Object meaning(Verdict verdict, Instant now) {
    if (Refunding.REFUND.equals(verdict.operation())
        || Cashier.CAPTURE.equals(verdict.operation())) {
      return new MoneyAnswer(
          verdict.orderId(),
          verdict.operation(),
          verdict.key(),
          verdict.happened() ? verdict.detail() : null,
          verdict.happened() ? null : verdict.detail(),
          !verdict.happened());
    }
    if (Fulfilling.CANCELLATION.equals(verdict.operation())) {
      return verdict.happened()
          ? new FulfillmentResponse(verdict.key(), State.CANCELLED, verdict.detail(), null, now)
          : new FulfillmentResponse(
              verdict.key(), State.CANCEL_REFUSED, null, verdict.detail(), now);
    }
    return verdict.happened()
        ? new FulfillmentResponse(verdict.key(), State.ACCEPTED, verdict.detail(), null, now)
        : new Abandonment(verdict.key(), verdict.detail());
  }

  private List<UUID> withdrawable() throws SQLException {
    var orders = new ArrayList<UUID>();
    read(WITHDRAWABLE, row -> orders.add(row.getObject(1, UUID.class)), BATCH);
    return orders;
  }

  private List<UUID> over() throws SQLException {
    var orders = new ArrayList<UUID>();
    read(OVER, row -> orders.add(row.getObject(1, UUID.class)), clock.instant(), BATCH);
    return orders;
  }

  private List<UUID> shortShipped() throws SQLException {
    var orders = new ArrayList<UUID>();
    read(SHORT, row -> orders.add(row.getObject(1, UUID.class)), clock.instant(), BATCH);
    return orders;
  }

  private int parcels() throws SQLException {
    var due = new ArrayList<ParcelDue>();
    var now = clock.instant();
    read(
        PARCELS,
        row -> due.add(new ParcelDue(row.getObject(2, UUID.class), row.getObject(1, UUID.class))),
        now,
        BATCH);
    var wentOn = 0;
    for (var parcel : due) {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(parcel, null, ACTOR, done::complete);
      switch (done.join()) {
        case ApplyResult.Applied applied -> wentOn++;
        case ApplyResult.NoEffect none -> {} // another replica was first
        case ApplyResult.Waits waits -> {}
        case ApplyResult.Fenced fenced -> {}
        case ApplyResult.Failed failed ->
            read(PARCEL_LATER, null, now.plus(Parceling.PAUSE), parcel.parcelId(), now);
      }
    }
    return wentOn;
  }

  // Of a channel that was held and is not any more.
  private int channels() throws SQLException {
    var wentOn = 0;
    for (var released : channels.draining()) {
      for (var round = 0; round < ROUNDS; round++) {
        var results = new ArrayList<CompletableFuture<ApplyResult>>();
        for (var order : channels.heldBy(released, BATCH)) {
          var done = new CompletableFuture<ApplyResult>();
          apply.apply(new ChannelRelease(order, released), null, ACTOR, done::complete);
          results.add(done);
        }
        var applied = applied(results.stream().map(CompletableFuture::join).toList());
        wentOn += applied;
        if (results.size() < BATCH || applied == 0) {
          break;
        }
      }
    }
    return wentOn;
  }

  private int overdueReturns() throws SQLException {
    var due = new ArrayList<ReturnOverdue>();
    var now = clock.instant();
    read(
        OVERDUE,
        row ->
            due.add(new ReturnOverdue(row.getObject(2, UUID.class), row.getObject(1, UUID.class))),
        now,
        BATCH);
    var shown = 0;
    for (var one : due) {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(one, null, ACTOR, done::complete);
      if (done.join() instanceof ApplyResult.Applied) {
        shown++;
      } else {
        read(RETURN_LATER, null, now.plus(Parceling.PAUSE), one.returnId(), now);
      }
    }
    return shown;
  }

  private int money() throws SQLException {
    var due = new ArrayList<MoneyDue>();
    var now = clock.instant();
    read(MONEY, row -> due.add(new MoneyDue(row.getObject(1, UUID.class))), now, BATCH, now, BATCH);
    var wentOn = 0;
    for (var one : due) {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(one, null, ACTOR, done::complete);
      if (done.join() instanceof ApplyResult.Applied) {
        wentOn++;
      } else {
        var later = now.plus(Parceling.PAUSE);
        read(MONEY_LATER, null, later, one.orderId(), now, later, one.orderId(), now);
      }
    }
    return wentOn;
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

  /** Answers how many orders went on, or less than zero when some could not be tried. */
  private int refill(String sku) throws SQLException {
    var wentOn = 0;
    var last = new Waiting(new UUID(0, 0), BEGINNING, Integer.MIN_VALUE);
    var tooLong = clock.instant().minus(PATIENCE);
    while (true) {
      var batch = new ArrayList<Waiting>();
      read(
          WAITING,
          row ->
              batch.add(
                  new Waiting(
                      row.getObject(1, UUID.class),
                      row.getTimestamp(2).toInstant(),
                      row.getInt(3))),
          sku,
          sku,
          last.rank(),
          last.since(),
          last.order(),
          tooLong,
          BATCH);
      var results = results(batch.stream().map(Waiting::order).toList());
      if (results.stream().anyMatch(ApplyResult.Fenced.class::isInstance)) {
        return -1;
      }
      wentOn += applied(results);
      if (batch.size() < BATCH) {
        return wentOn;
      }
      last = batch.getLast();
    }
  }

  // They are applied in the order in which they are handed over.
  private int goOn(List<UUID> orders) {
    return applied(results(orders));
  }

  private static int applied(List<ApplyResult> results) {
    return (int) results.stream().filter(ApplyResult.Applied.class::isInstance).count();
  }

  private List<ApplyResult> results(List<UUID> orders) {
    var results = new ArrayList<CompletableFuture<ApplyResult>>();
    for (var order : orders) {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(new Continuation(order), null, ACTOR, done::complete);
      results.add(done);
    }
    return results.stream().map(CompletableFuture::join).toList();
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
