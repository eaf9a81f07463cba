package io.serai.outbox;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.support.Batcher;
import io.serai.support.CrashPoint;
import io.serai.support.Ids;
import io.serai.support.OwnConnection;
import io.serai.support.SqlStates;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what came of attempts, many in one transaction: the delivery's new state, the attempt, and
 * what the order's timeline says. Each write names the fence of its claim.
 *
 * <p>Guarantee: an outcome is written completely or not at all. Gap: an outcome that cannot be
 * written (process death, lost claim) leaves the delivery SENDING, which becomes an unknown outcome
 * when its lease lapses, never a fresh try.
 */
final class OutcomeWriter implements AutoCloseable {
  /** What a partner refuses for good, and what is behind it goes on: a person is told elsewhere. */
  private static final Set<String> LAST_WORDS = Set.of("cancellation", "refund", "capture");

  private static final Set<String> MONEY = Set.of("refund", "capture");

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final String FENCE_LOST = "SR001";
  private static final Duration PATIENCE = Duration.ofSeconds(25);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** Nobody waits for an outcome to be written, except what comes next to the same order. */
  private static final Duration LINGER = Duration.ofMillis(5);

  /**
   * One attempt with its outcome; {@code written} is called after the commit.
   *
   * @param excused whether its destination was to be left alone when it ended: a failure that time
   *     can cure then does not count, and gives nothing up
   */
  record Attempt(
      Delivery delivery,
      Outcome outcome,
      Instant startedAt,
      Instant endedAt,
      boolean excused,
      Consumer<String> written) {}

  // Orders before deliveries, as everywhere: two transactions never wait for each other.
  private static final String ORDERS =
      """
      UPDATE sales_order o SET state = 'IN_FULFILLMENT', updated_at = ?
      FROM unnest(?) AS u(id) WHERE o.id = u.id AND o.state || '' = 'RELEASED'""";

  private static final String FULFILLMENTS =
      """
      UPDATE fulfillment_order f SET state = 'ACCEPTED', reference = u.reference, updated_at = ?
      FROM unnest(?, ?) AS u(id, reference) WHERE f.id = u.id AND f.state || '' = 'REQUESTED'""";

  private static final String DELIVERIES =
      """
      WITH f AS (
        UPDATE delivery d SET state = u.state, remote_id = coalesce(u.remote_id, d.remote_id), outcome_unknown = u.unknown,
          due_at = u.due_at, attempt_count = u.attempt_count, finished_at = CASE WHEN u.finished THEN ?::timestamptz END,
          tried_at = u.tried_at, lease_owner = NULL, lease_until = NULL
        FROM unnest(?, ?, ?, ?, ?, ?::timestamptz[], ?, ?, ?::timestamptz[])
          AS u(id, fence, state, remote_id, unknown, due_at, attempt_count, finished, tried_at)
        WHERE d.id = u.id AND d.fence = u.fence AND d.state || '' = 'SENDING'
        RETURNING d.id)
      SELECT require_rows((SELECT count(*) FROM f), ?)""";

  private static final String ATTEMPTS =
      """
      INSERT INTO delivery_attempt (delivery_id, attempt, started_at, ended_at, outcome, status, sentence, counted)
      SELECT u.* FROM unnest(?, ?, ?::timestamptz[], ?::timestamptz[], ?, ?, ?, ?) u
      ON CONFLICT (delivery_id, attempt) DO NOTHING""";

  private static final String FAILURES =
      """
      WITH f AS (
        INSERT INTO failure (kind, sentence, fingerprint, account, route, step, evidence, delivery_id, order_id, attempt, occurred_at)
        SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) u
        RETURNING id, delivery_id)
      UPDATE delivery d SET failure_id = f.id FROM f WHERE d.id = f.delivery_id""";

  private static final String EVENTS =
      """
      INSERT INTO order_event (order_id, kind, sentence, delivery_id, occurred_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?) u""";

  private final OwnConnection connection;
  private final Clock clock;
  private final Function<String, Destination> destinations;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final LongAdder fenced = new LongAdder();
  private final Batcher<Attempt> batcher;

  OutcomeWriter(
      OwnConnection.Source source, Clock clock, Function<String, Destination> destinations) {
    this.connection = new OwnConnection(source);
    this.clock = clock;
    this.destinations = destinations;
    this.batcher = new Batcher<>("serai-outcome", 10_000, 100, LINGER, this::write);
  }

  void write(Attempt attempt) {
    if (!batcher.put(attempt)) {
      LOG.warn("The outcome of delivery {} is left to its lease", attempt.delivery().publicId());
    }
  }

  long refusedByFence() {
    return fenced.sum();
  }

  /** How a delivery stands after an attempt. */
  private record Row(
      Attempt attempt,
      String state,
      String remoteId,
      boolean unknown,
      Instant due,
      int attempts,
      boolean finished,
      Failure failure) {
    Row {
      DeliveryState.SENDING.to(state);
    }

    /** Whether the delivery's own row says all there is to say of the attempt. */
    boolean confirmed() {
      return "CONFIRMED".equals(state);
    }
  }

  private void write(List<Attempt> batch) {
    var deadline = clock.instant().plus(PATIENCE);
    while (true) {
      try {
        var rows = commit(batch);
        CrashPoint.hit(CrashPoint.BEFORE_PUBLISH);
        rows.forEach(row -> row.attempt().written().accept(row.state()));
        return;
      } catch (SQLException e) {
        if (SqlStates.isConnectionLost(e) || SqlStates.isOutOfResources(e)) {
          if (clock.instant().isAfter(deadline)) {
            LOG.warn("{} outcomes are left to their leases: {}", batch.size(), e.getMessage());
            batch.forEach(a -> a.written().accept("SENDING"));
            return;
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        } else if (!SqlStates.isRerunnable(e)) {
          if (batch.size() > 1) {
            batch.forEach(a -> write(List.of(a)));
          } else {
            if (FENCE_LOST.equals(e.getSQLState())) {
              fenced.increment();
            } else {
              LOG.error(
                  "The outcome of delivery {} could not be written",
                  batch.getFirst().delivery().publicId(),
                  e);
            }
            batch.getFirst().written().accept("SENDING");
          }
          return;
        }
      }
    }
  }

  private List<Row> commit(List<Attempt> batch) throws SQLException {
    var now = clock.instant();
    var rows =
        batch.stream()
            .sorted(Comparator.comparingLong(a -> a.delivery().id()))
            .map(a -> judge(a, now))
            .toList();
    var statements = new Statements();
    var accepted = new ArrayList<Row>();
    var told = new ArrayList<Row>();
    var failed = new ArrayList<Row>();
    for (var row : rows) {
      var delivery = row.attempt().delivery();
      if (row.failure() != null) {
        failed.add(row);
      } else if (delivery.orderId() != null && "CONFIRMED".equals(row.state())) {
        // What other systems heard of an order is nothing that happened to it.
        if (!"event".equals(delivery.operation())) {
          told.add(row);
        }
        if ("fulfillment-request".equals(delivery.operation())) {
          accepted.add(row);
        }
      }
    }
    if (!accepted.isEmpty()) {
      var orders =
          accepted.stream()
              .map(r -> r.attempt().delivery().orderId())
              .distinct()
              .sorted()
              .toArray(UUID[]::new);
      statements.add(ORDERS, now, Statements.array("uuid", orders));
      var byFulfillment =
          accepted.stream()
              .sorted(Comparator.comparing(r -> r.attempt().delivery().businessKey()))
              .toList();
      statements.add(
          FULFILLMENTS,
          now,
          Statements.array(
              "uuid",
              byFulfillment.stream()
                  .map(r -> Ids.uuid("ful", r.attempt().delivery().businessKey()))
                  .toArray(UUID[]::new)),
          Statements.texts(byFulfillment.stream().map(Row::remoteId).toList()));
    }
    statements.query(
        DELIVERIES,
        r -> {},
        now,
        Statements.array(
            "int8", rows.stream().map(r -> r.attempt().delivery().id()).toArray(Long[]::new)),
        Statements.array(
            "int8", rows.stream().map(r -> r.attempt().delivery().fence()).toArray(Long[]::new)),
        Statements.array("text", rows.stream().map(Row::state).toArray(String[]::new)),
        Statements.array("text", rows.stream().map(Row::remoteId).toArray(String[]::new)),
        Statements.array("bool", rows.stream().map(Row::unknown).toArray(Boolean[]::new)),
        Statements.array("text", rows.stream().map(r -> r.due().toString()).toArray(String[]::new)),
        Statements.array("int4", rows.stream().map(Row::attempts).toArray(Integer[]::new)),
        Statements.array("bool", rows.stream().map(Row::finished).toArray(Boolean[]::new)),
        Statements.array(
            "text",
            rows.stream()
                .map(r -> r.confirmed() ? r.attempt().startedAt().toString() : null)
                .toArray(String[]::new)),
        (long) rows.size());
    var others = rows.stream().filter(r -> !r.confirmed()).toList();
    if (!others.isEmpty()) {
      attempts(statements, others);
    }

    if (!failed.isEmpty()) {
      failures(statements, failed, now);
    }
    var parked =
        failed.stream()
            .filter(r -> "PARKED".equals(r.state()) && r.attempt().delivery().orderId() != null)
            .toList();
    if (!told.isEmpty() || !parked.isEmpty()) {
      events(statements, told, parked, now);
    }
    rows.forEach(
        row ->
            CrashPoint.hit(CrashPoint.BEFORE_OUTCOME_COMMIT, row.attempt().delivery().operation()));
    connection.run(
        c -> {
          statements.inTransaction(c);
          return null;
        });
    return rows;
  }

  // The fence counts claims, so it also numbers the attempts.
  private static void attempts(Statements statements, List<Row> rows) {
    statements.add(
        ATTEMPTS,
        Statements.array(
            "int8", rows.stream().map(r -> r.attempt().delivery().id()).toArray(Long[]::new)),
        Statements.array(
            "int4",
            rows.stream().map(r -> (int) r.attempt().delivery().fence()).toArray(Integer[]::new)),
        Statements.array(
            "text",
            rows.stream().map(r -> r.attempt().startedAt().toString()).toArray(String[]::new)),
        Statements.array(
            "text",
            rows.stream().map(r -> r.attempt().endedAt().toString()).toArray(String[]::new)),
        Statements.array(
            "text",
            rows.stream()
                .map(r -> r.failure() == null ? r.state() : r.failure().kind().name())
                .toArray(String[]::new)),
        Statements.array(
            "int4",
            rows.stream()
                .map(r -> r.failure() == null ? null : r.failure().status())
                .toArray(Integer[]::new)),
        Statements.array(
            "text",
            rows.stream()
                .map(r -> r.failure() == null ? null : r.failure().sentence())
                .toArray(String[]::new)),
        Statements.array(
            "bool",
            rows.stream()
                .map(r -> r.attempts() > r.attempt().delivery().attempt())
                .toArray(Boolean[]::new)));
  }

  private static void failures(Statements statements, List<Row> failed, Instant now) {
    statements.add(
        FAILURES,
        now,
        Statements.array(
            "text", failed.stream().map(r -> r.failure().kind().name()).toArray(String[]::new)),
        Statements.array(
            "text", failed.stream().map(r -> r.failure().sentence()).toArray(String[]::new)),
        Statements.array(
            "text", failed.stream().map(r -> r.failure().fingerprint()).toArray(String[]::new)),
        Statements.array(
            "text",
            failed.stream().map(r -> r.attempt().delivery().destination()).toArray(String[]::new)),
        Statements.array(
            "text", failed.stream().map(r -> r.failure().place().route()).toArray(String[]::new)),
        Statements.array(
            "text", failed.stream().map(r -> r.failure().place().step()).toArray(String[]::new)),
        Statements.array(
            "text", failed.stream().map(r -> r.failure().evidence()).toArray(String[]::new)),
        Statements.array(
            "int8", failed.stream().map(r -> r.attempt().delivery().id()).toArray(Long[]::new)),
        Statements.array(
            "uuid",
            failed.stream().map(r -> r.attempt().delivery().orderId()).toArray(UUID[]::new)),
        Statements.array("int4", failed.stream().map(Row::attempts).toArray(Integer[]::new)));
  }

  private static void events(Statements statements, List<Row> told, List<Row> parked, Instant now) {
    var all = new ArrayList<Row>(told);
    all.addAll(parked);
    statements.add(
        EVENTS,
        now,
        Statements.array(
            "uuid", all.stream().map(r -> r.attempt().delivery().orderId()).toArray(UUID[]::new)),
        Statements.array(
            "text",
            all.stream()
                .map(
                    r ->
                        r.attempt().delivery().operation()
                            + (r.failure() == null ? ".confirmed" : ".parked"))
                .toArray(String[]::new)),
        Statements.array("text", all.stream().map(OutcomeWriter::sentence).toArray(String[]::new)),
        Statements.array(
            "int8", all.stream().map(r -> r.attempt().delivery().id()).toArray(Long[]::new)));
  }

  private static String sentence(Row row) {
    var delivery = row.attempt().delivery();
    if (row.failure() != null) {
      return row.failure().sentence();
    }
    return switch (delivery.operation()) {
      case "fulfillment-request" ->
          "'%s' accepted the request as '%s'.".formatted(delivery.destination(), row.remoteId());
      case "shipment" -> "'%s' was told of the shipment.".formatted(delivery.destination());
      case "cancellation" -> "'%s' confirmed the cancellation.".formatted(delivery.destination());
      case "refund" ->
          "'%s' gave the money back as '%s'.".formatted(delivery.destination(), row.remoteId());
      case "capture" ->
          "'%s' took the money as '%s'.".formatted(delivery.destination(), row.remoteId());
      case "rate-request" -> "'%s' said what it takes.".formatted(delivery.destination());
      case "label-request" ->
          "'%s' sold the label as '%s'.".formatted(delivery.destination(), row.remoteId());
      case "label-file" -> "The label was fetched from '%s'.".formatted(delivery.destination());
      case "label-void" -> "'%s' took the label back.".formatted(delivery.destination());
      default -> "'%s' confirmed '%s'.".formatted(delivery.destination(), delivery.operation());
    };
  }

  private Row judge(Attempt attempt, Instant now) {
    var delivery = attempt.delivery();
    var counted = delivery.attempt() + 1;
    return switch (attempt.outcome()) {
      case Outcome.Confirmed c ->
          new Row(attempt, "CONFIRMED", c.remoteId(), false, now, counted, true, null);
      case Outcome.Pending p ->
          new Row(attempt, "PENDING", p.remoteId(), false, p.due(), counted, false, null);
      case Outcome.Items i -> new Row(attempt, "CONFIRMED", null, false, now, counted, true, null);
      case Outcome.Absent a -> new Row(attempt, "READY", null, false, now, counted, false, null);
      case Outcome.PutOff p ->
          new Row(
              attempt,
              "READY",
              null,
              delivery.outcomeUnknown(),
              now.plus(p.after()),
              delivery.attempt(),
              false,
              null);
      case Outcome.Failed f -> failed(attempt, f.failure(), now);
    };
  }

  private Row failed(Attempt attempt, Failure failure, Instant now) {
    var delivery = attempt.delivery();
    var kind = failure.kind();
    var attempts = delivery.attempt() + (kind.counted() && !attempt.excused() ? 1 : 0);
    // A look-up that fails says nothing about what it looked for. A partner that broke down over a
    // request may have done it; to an idempotent one it is sent again, but never taken as not sent.
    var brokeDown =
        kind == FailureKind.TRANSIENT
            && failure.status() != null
            && delivery.repeat() == RepeatMode.IDEMPOTENT;
    // Money that may have moved: what stopped us before the partner was asked again says nothing of
    // it.
    var unsaid = MONEY.contains(delivery.operation()) && !failure.partners();
    var unknown =
        kind == FailureKind.UNKNOWN_OUTCOME
            || delivery.looksUp()
            || delivery.outcomeUnknown() && (kind.curable() || unsaid)
            || brokeDown;
    var again =
        kind.curable()
            || kind == FailureKind.UNKNOWN_OUTCOME && delivery.repeat() != RepeatMode.BLIND;
    if (delivery.ends(kind)) {
      // What is wanted is asked of another carrier, or of this one again, as a delivery of its own.
      return new Row(
          attempt,
          "label-void".equals(delivery.operation()) ? "REFUSED" : "SUPERSEDED",
          null,
          false,
          now,
          attempts,
          true,
          failure);
    }
    if (kind == FailureKind.REFUSED
        && LAST_WORDS.contains(delivery.operation())
        && !delivery.looksUp()
        && !(unsaid && unknown)) {
      return new Row(attempt, "REFUSED", null, false, now, attempts, true, failure);
    }
    if (again && "stock".equals(delivery.document())) {
      // An absolute value: what is wanted is computed anew and sent as a delivery of its own.
      return new Row(attempt, "SUPERSEDED", null, false, now, attempts, true, failure);
    }
    var destination = destinations.apply(delivery.destination());
    var backoff = destination.backoff();
    if (!again
        || !attempt.excused()
            && (backoff.exhausted(attempts) || now.isAfter(delivery.deadlineAt()))) {
      return new Row(attempt, "PARKED", null, unknown, now, attempts, false, failure);
    }
    var wait =
        failure.retryAfter() != null && !attempt.excused()
            ? failure.retryAfter().compareTo(Endpoints.MOST_PAUSE) > 0
                ? Endpoints.MOST_PAUSE
                : failure.retryAfter()
            : kind.counted() && !attempt.excused() ? backoff.after(attempts, random) : PAUSE;
    // What it may have done it may not show yet, and what is not there would be sent again.
    if (unknown
        && delivery.repeat() == RepeatMode.QUERYABLE
        && wait.compareTo(destination.readLag()) < 0) {
      wait = destination.readLag();
    }
    return new Row(attempt, "READY", null, unknown, now.plus(wait), attempts, false, failure);
  }

  @Override
  public void close() {
    batcher.close();
    connection.close();
  }
}
