package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;

import io.serai.support.CrashPoint;
import io.serai.support.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Works bulk replays: on one replica at a time (lease, fence), in batches of at most {@value
 * #BATCH}, never more items than the job's rate allows for the time that has passed. A batch is one
 * transaction that holds the change of the items, their record and the job's figures, so a kill at
 * any instant leaves each item either replayed and counted or neither; whoever holds the lease next
 * goes on at the first item that is still planned.
 *
 * <p>Held orders are run again by {@link HoldReplay} in transactions of its own, and dry runs touch
 * nothing; both are recorded after the deed, by who did it also when the lease went to another
 * replica meanwhile. A kill in between runs them once more, which changes nothing the second time.
 *
 * <p>A job with a ramp begins with one item a second and grows evenly to its rate; {@link Spike}
 * pauses it as soon as enough of what it replayed has failed again. One with a patch tries each
 * message first and edits it in the transaction of its record.
 *
 * <p>The gap: the rate is kept per holder, so a takeover may add the items of one second.
 */
public final class ReplayWorker implements AutoCloseable {
  /** Items in one transaction. */
  public static final int BATCH = 500;

  /** Held orders and dry runs between two records. */
  static final int SLOW_BATCH = 25;

  private static final String LEASE = "replay";
  private static final Duration LEASE_TIME = Duration.ofSeconds(30);
  private static final Duration RENEW_AFTER = LEASE_TIME.dividedBy(3);
  private static final Duration LOOK_FOR_SPIKES = Duration.ofSeconds(1);

  private final DataSource database;
  private final Clock clock;
  private final String holder;
  private final HoldReplay holds;
  private final DryReplay dry;
  private final PatchedReplay patched;
  private final SpikeWatch spikes;
  private final Map<Long, Pace> paces = new HashMap<>();
  private long fence; // 0: not held
  private Instant renewed = Instant.MIN;

  /**
   * A worker of one replica.
   *
   * @param holder this process, told apart from every other and from its own earlier lives
   */
  public ReplayWorker(
      DataSource database,
      Clock clock,
      String holder,
      HoldReplay holds,
      DryRun dryRun,
      Spike spike) {
    this.database = database;
    this.clock = clock;
    this.holder = holder;
    this.holds = holds;
    this.dry = new DryReplay(database, dryRun);
    this.patched = new PatchedReplay(dryRun);
    this.spikes = new SpikeWatch(spike);
  }

  /**
   * Works what is due by now and returns; to be called several times a second by one thread.
   *
   * @return how many items were looked at
   */
  public synchronized int runDue() {
    var now = clock.instant();
    var jobs = running(now);
    paces.keySet().retainAll(jobs.keySet());
    if (jobs.isEmpty() || !hold(now)) {
      return 0;
    }
    var worked = 0;
    for (var job : jobs.entrySet()) {
      var pace = paces.computeIfAbsent(job.getKey(), id -> new Pace(now));
      pace.earn(job.getValue(), now);
      var more = true;
      while (more && pace.whole() > 0) {
        var done = batch(job.getKey(), Math.min(BATCH, pace.whole()), pace);
        pace.spend(done);
        worked += done;
        more = done > 0;
      }
    }
    return worked;
  }

  /** Gives the lease back, so that another replica need not wait for it to lapse. */
  @Override
  public synchronized void close() {
    if (fence == 0) {
      return;
    }
    Transaction.run(
        database,
        connection -> {
          try (var update =
              connection.prepareStatement(
                  """
                  UPDATE lease SET holder = NULL, held_until = NULL
                  WHERE name = ? AND holder = ? AND fence = ?
                  """)) {
            update.setString(1, LEASE);
            update.setString(2, holder);
            update.setLong(3, fence);
            return update.executeUpdate();
          }
        });
    fence = 0;
  }

  /** What the rate has earned and not yet spent: at most one second's worth. */
  private static final class Pace {
    private double earned;
    private Instant at;
    private Instant lookedForSpikes;

    Pace(Instant now) {
      at = now;
      lookedForSpikes = now;
    }

    void earn(int rate, Instant now) {
      if (now.isAfter(at)) {
        earned = Math.min(rate, earned + Duration.between(at, now).toNanos() / 1e9 * rate);
        at = now;
      }
    }

    int whole() {
      return (int) (earned + 1e-6);
    }

    void spend(int items) {
      earned = Math.max(0, earned - items);
    }
  }

  private record Planned(int ordinal, String id, ItemId item, Long fence, boolean begun) {}

  private record Result(int ordinal, ReplayItem.State state, String detail) {}

  /** What a batch's first transaction leaves to do: nothing, or calls outside it. */
  private record Batch(int worked, List<Planned> calls, Running running) {
    static Batch done(int worked) {
      return new Batch(worked, List.of(), null);
    }
  }

  private static int rate(int full, int rampSeconds, Instant from, Instant now) {
    if (rampSeconds == 0) {
      return full;
    }
    var grown = Duration.between(from, now).toMillis() / (rampSeconds * 1e3);
    return Math.clamp(Math.round(full * grown), 1, full);
  }

  private Map<Long, Integer> running(Instant now) {
    return Transaction.run(
        database,
        connection -> {
          var jobs = new java.util.LinkedHashMap<Long, Integer>();
          try (var select =
                  connection.prepareStatement(
                      """
                      SELECT id, rate, ramp_seconds, coalesce(watched_from, created_at) FROM replay_job
                      WHERE state = 'RUNNING' ORDER BY id
                      """);
              var rows = select.executeQuery()) {
            while (rows.next()) {
              jobs.put(
                  rows.getLong(1),
                  rate(
                      rows.getInt(2),
                      rows.getInt(3),
                      rows.getObject(4, OffsetDateTime.class).toInstant(),
                      now));
            }
          }
          return jobs;
        });
  }

  private boolean hold(Instant now) {
    return Transaction.run(
        database,
        connection -> {
          if (fence > 0 && renew(connection, now)) {
            return true;
          }
          fence = 0;
          paces.values().forEach(pace -> pace.spend(Integer.MAX_VALUE));
          try (var take =
              connection.prepareStatement(
                  """
                  INSERT INTO lease AS l (name, holder, fence, held_until) VALUES (?, ?, 1, ?)
                  ON CONFLICT (name) DO UPDATE
                  SET holder = excluded.holder, fence = l.fence + 1,
                      held_until = excluded.held_until
                  WHERE l.held_until IS NULL OR l.held_until <= ?
                  RETURNING fence
                  """)) {
            take.setString(1, LEASE);
            take.setString(2, holder);
            take.setObject(3, at(now.plus(LEASE_TIME)));
            take.setObject(4, at(now));
            try (var row = take.executeQuery()) {
              if (row.next()) {
                fence = row.getLong(1);
              }
            }
          }
          return fence > 0;
        });
  }

  /** Every write of this worker stands in a transaction in which this was true. */
  private boolean renew(Connection connection, Instant now) throws SQLException {
    renewed = now;
    try (var update =
        connection.prepareStatement(
            "UPDATE lease SET held_until = ? WHERE name = ? AND holder = ? AND fence = ?")) {
      update.setObject(1, at(now.plus(LEASE_TIME)));
      update.setString(2, LEASE);
      update.setString(3, holder);
      update.setLong(4, fence);
      return update.executeUpdate() == 1;
    }
  }

  /**
   * To be asked before each piece of work that may take long, so that nobody takes the work over
   * meanwhile; false when somebody did.
   */
  private boolean goOn() {
    var now = clock.instant();
    return now.isBefore(renewed.plus(RENEW_AFTER))
        || Transaction.run(database, connection -> renew(connection, now));
  }

  private int batch(long job, int most, Pace pace) {
    var batch =
        Transaction.run(
            database,
            connection -> {
              var now = clock.instant();
              if (!renew(connection, now)) {
                return Batch.done(0);
              }
              var running = lockRunning(connection, job);
              if (running.isEmpty() || stoppedBySpike(connection, job, pace, now)) {
                return Batch.done(0);
              }
              var planned = planned(connection, job, most);
              if (planned.isEmpty()) {
                finish(connection, job, now);
                return Batch.done(0);
              }
              if (running.get().dryRun() || running.get().patch() != null) {
                return new Batch(0, first(planned, SLOW_BATCH), running.get());
              }
              if (planned.getFirst().item().type() == DeadLetterType.ORDER) {
                var calls = first(planned, SLOW_BATCH);
                begin(connection, job, calls, now);
                return new Batch(0, calls, running.get());
              }
              var rows =
                  planned.stream().filter(p -> p.item().type() != DeadLetterType.ORDER).toList();
              record(connection, job, replay(connection, job, running.get(), rows, now), now);
              CrashPoint.hit(CrashPoint.IN_REPLAY_BATCH);
              return Batch.done(rows.size());
            });
    if (batch.calls().isEmpty()) {
      return batch.worked();
    }
    var running = batch.running();
    if (running.patch() != null) {
      return patch(job, batch.calls(), running);
    }
    var results = new ArrayList<Result>();
    for (var planned : batch.calls()) {
      if (!goOn()) {
        break;
      }
      results.add(running.dryRun() ? dryRun(planned, running.step()) : replayHold(planned));
    }
    return Transaction.run(
        database,
        connection -> {
          var now = clock.instant();
          lockRunning(connection, job);
          // Who took the work over tries again what failed; what is done is done and counts once.
          if (!renew(connection, now)) {
            results.removeIf(result -> result.state() != ReplayItem.State.REPLAYED);
          }
          record(connection, job, results, now);
          return results.size();
        });
  }

  // Tried without a transaction, which may take long; then edited with their record in one.
  private int patch(long job, List<Planned> calls, Running running) {
    var judged = new HashMap<Integer, GroupPatch.Judged>();
    for (var call : calls) {
      if (!goOn()) {
        return 0;
      }
      judged.put(call.ordinal(), patched.judge(call.id(), running.patch()));
    }
    return Transaction.run(
        database,
        connection -> {
          var now = clock.instant();
          if (!renew(connection, now) || lockRunning(connection, job).isEmpty()) {
            return 0;
          }
          var results = new ArrayList<Result>();
          for (var call : calls) {
            var one = judged.get(call.ordinal());
            if (running.dryRun() || one.changed() == null) {
              results.add(
                  new Result(
                      call.ordinal(),
                      one.changed() == null ? ReplayItem.State.FAILED : ReplayItem.State.REPLAYED,
                      one.sentence()));
              continue;
            }
            var why =
                PatchedReplay.edit(
                    connection, call.item(), call.fence(), one, running.patch(), now);
            results.add(
                new Result(
                    call.ordinal(),
                    why == null ? ReplayItem.State.REPLAYED : ReplayItem.State.SKIPPED,
                    why));
          }
          record(connection, job, results, now);
          CrashPoint.hit(CrashPoint.IN_REPLAY_BATCH);
          return results.size();
        });
  }

  private static List<Planned> first(List<Planned> planned, int most) {
    return planned.subList(0, Math.min(most, planned.size()));
  }

  private record Running(boolean dryRun, String actor, ReplayStep step, PatchedReplay.Patch patch) {
    Revival.Mode mode() {
      return step == ReplayStep.MAP
          ? Revival.Mode.ANEW
          : step == ReplayStep.SEND ? Revival.Mode.SAME : Revival.Mode.USUAL;
    }
  }

  /** Locks the job, so that a pause that has returned is a pause that holds. */
  private static Optional<Running> lockRunning(Connection connection, long job)
      throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            SELECT dry_run, actor, step, patch, patch_reason FROM replay_job WHERE id = ? AND state = 'RUNNING'
            FOR NO KEY UPDATE
            """)) {
      select.setLong(1, job);
      try (var row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Running(
                    row.getBoolean(1),
                    row.getString(2),
                    Replay.step(row.getString(3)),
                    patch(row, job)))
            : Optional.empty();
      }
    }
  }

  private static PatchedReplay.Patch patch(ResultSet row, long job) throws SQLException {
    var patch = row.getString(4);
    return patch == null
        ? null
        : new PatchedReplay.Patch(
            JsonPatch.of(Json.tree(patch)), row.getString(5), row.getString(2), Replay.jobId(job));
  }

  private static List<Planned> planned(Connection connection, long job, int most)
      throws SQLException {
    var planned = new ArrayList<Planned>();
    try (var select =
        connection.prepareStatement(
            """
            SELECT ordinal, item, fence, worked_at IS NOT NULL FROM replay_item
            WHERE job_id = ? AND state = 'PLANNED' ORDER BY ordinal LIMIT ?
            """)) {
      select.setLong(1, job);
      select.setInt(2, most);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          planned.add(
              new Planned(
                  rows.getInt(1),
                  rows.getString(2),
                  ItemId.parse(rows.getString(2)).orElseThrow(),
                  rows.getLong(3),
                  rows.getBoolean(4)));
        }
      }
    }
    return planned;
  }

  private static List<Result> replay(
      Connection connection, long job, Running running, List<Planned> items, Instant now)
      throws SQLException {
    var messages = new ArrayList<Planned>();
    var deliveries = new ArrayList<Planned>();
    for (var item : items) {
      (item.item().type() == DeadLetterType.MESSAGE ? messages : deliveries).add(item);
    }
    var revived = new HashSet<Integer>();
    var orders = new ArrayList<TimelineLine>();
    if (!messages.isEmpty()) {
      var done = Revival.messages(connection, numbers(messages), fences(messages), now);
      gather(messages, done, revived, orders);
    }
    if (!deliveries.isEmpty()) {
      var done =
          Revival.deliveries(
              connection, numbers(deliveries), fences(deliveries), running.mode(), now);
      gather(deliveries, done, revived, orders);
    }
    CrashPoint.hit(CrashPoint.IN_REPLAY_BATCH);
    tell(connection, job, running, orders, now);
    var why = new HashMap<String, String>();
    whyNot(connection, messages, running.step(), revived, why);
    whyNot(connection, deliveries, running.step(), revived, why);
    return items.stream()
        .map(
            item ->
                revived.contains(item.ordinal())
                    ? new Result(item.ordinal(), ReplayItem.State.REPLAYED, null)
                    : new Result(
                        item.ordinal(),
                        ReplayItem.State.SKIPPED,
                        why.getOrDefault(item.id(), "It is not there any more.")))
        .toList();
  }

  private record TimelineLine(UUID order, String id, Long message, Long delivery) {}

  private static void gather(
      List<Planned> items,
      Map<Long, UUID> done,
      HashSet<Integer> revived,
      List<TimelineLine> orders) {
    for (var item : items) {
      var number = item.item().number();
      if (done.containsKey(number)) {
        revived.add(item.ordinal());
        if (done.get(number) != null) {
          var message = item.item().type() == DeadLetterType.MESSAGE;
          orders.add(
              new TimelineLine(
                  done.get(number), item.id(), message ? number : null, message ? null : number));
        }
      }
    }
  }

  private static void tell(
      Connection connection, long job, Running running, List<TimelineLine> lines, Instant now)
      throws SQLException {
    if (lines.isEmpty()) {
      return;
    }
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO order_event
              (order_id, kind, sentence, message_id, delivery_id, actor, occurred_at)
            SELECT order_id,
                   CASE WHEN message_id IS NULL THEN 'delivery' ELSE 'message' END || '.replayed',
                   CASE WHEN message_id IS NULL THEN 'Delivery' ELSE 'Message' END
                     || ' ''' || item || ''' was replayed by job ''' || ? || ''' (by ''' || ?
                     || ''').',
                   message_id, delivery_id, ?, ?
            FROM unnest(?::uuid[], ?::text[], ?::bigint[], ?::bigint[])
              AS line (order_id, item, message_id, delivery_id)
            """)) {
      insert.setString(1, Replay.jobId(job));
      insert.setString(2, running.actor());
      insert.setString(3, running.actor());
      insert.setObject(4, at(now));
      insert.setArray(
          5, connection.createArrayOf("uuid", lines.stream().map(TimelineLine::order).toArray()));
      insert.setArray(
          6, connection.createArrayOf("text", lines.stream().map(TimelineLine::id).toArray()));
      insert.setArray(
          7,
          connection.createArrayOf("bigint", lines.stream().map(TimelineLine::message).toArray()));
      insert.setArray(
          8,
          connection.createArrayOf("bigint", lines.stream().map(TimelineLine::delivery).toArray()));
      insert.executeUpdate();
    }
  }

  /** Why the others were left alone, by id. */
  private static void whyNot(
      Connection connection,
      List<Planned> items,
      ReplayStep step,
      HashSet<Integer> revived,
      Map<String, String> why)
      throws SQLException {
    var left = items.stream().filter(item -> !revived.contains(item.ordinal())).toList();
    if (left.isEmpty()) {
      return;
    }
    var message = left.getFirst().item().type() == DeadLetterType.MESSAGE;
    var query =
        message
            ? "SELECT id, state, fence, false FROM inbox_message WHERE id = ANY (?)"
            : """
              SELECT id, state, fence, outcome_unknown AND repeat_mode <> 'IDEMPOTENT'
              FROM delivery WHERE id = ANY (?)
              """;
    var seen = new HashMap<Long, Long>();
    left.forEach(item -> seen.put(item.item().number(), item.fence()));
    var obstacles = message ? Map.<Long, String>of() : Obstacles.why(connection, numbers(left));
    try (var select = connection.prepareStatement(query)) {
      select.setArray(1, connection.createArrayOf("bigint", numbers(left).toArray()));
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var state = rows.getString(2);
          var dead = state.equals("PARKED") || (state.equals("REFUSED") && !message);
          why.put(
              message ? ItemId.ofMessage(rows.getLong(1)) : ItemId.ofDelivery(rows.getLong(1)),
              !dead
                  ? "It is %s by now.".formatted(state)
                  : obstacles.containsKey(rows.getLong(1))
                      ? obstacles.get(rows.getLong(1))
                      : rows.getBoolean(4)
                          ? "Its outcome is unknown and it may not be repeated. Resolve it."
                          : step == ReplayStep.MAP && seen.get(rows.getLong(1)) == rows.getLong(3)
                              ? DryReplay.SAME
                              : "It has changed since it was selected. Look at it again.");
        }
      }
    }
  }

  private static List<Long> numbers(List<Planned> items) {
    return items.stream().map(item -> item.item().number()).toList();
  }

  private static List<Long> fences(List<Planned> items) {
    return items.stream().map(Planned::fence).toList();
  }

  /** Marks held orders as begun, so that one that is free after a kill still counts as replayed. */
  private static void begin(Connection connection, long job, List<Planned> calls, Instant now)
      throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            UPDATE replay_item i SET worked_at = ?
            FROM unnest(?::uuid[], ?::integer[]) AS call (order_id, ordinal), sales_order s
            WHERE i.job_id = ? AND i.ordinal = call.ordinal AND i.worked_at IS NULL
              AND s.id = call.order_id AND s.hold IN ('UNMAPPED', 'UNALLOCATABLE')
            """)) {
      update.setObject(1, at(now));
      update.setArray(
          2, connection.createArrayOf("uuid", calls.stream().map(c -> c.item().order()).toArray()));
      update.setArray(
          3, connection.createArrayOf("integer", calls.stream().map(Planned::ordinal).toArray()));
      update.setLong(4, job);
      update.executeUpdate();
    }
  }

  private Result replayHold(Planned planned) {
    var held =
        Transaction.run(
            database, connection -> Target.lock(connection, planned.item()).map(Target::dead));
    if (!held.orElse(false)) {
      return planned.begun()
          ? new Result(planned.ordinal(), ReplayItem.State.REPLAYED, null)
          : new Result(planned.ordinal(), ReplayItem.State.SKIPPED, "It is not held any more.");
    }
    try {
      return holds.replay(planned.item().order())
          ? new Result(planned.ordinal(), ReplayItem.State.REPLAYED, null)
          : new Result(planned.ordinal(), ReplayItem.State.FAILED, "It is held still.");
    } catch (RuntimeException e) {
      return new Result(
          planned.ordinal(),
          ReplayItem.State.FAILED,
          "It could not be run again: " + e.getMessage());
    }
  }

  private Result dryRun(Planned planned, ReplayStep step) {
    var found = dry.at(planned.item(), step);
    return new Result(planned.ordinal(), found.state(), found.detail());
  }

  /** Records results and counts those that were still planned, so nothing is counted twice. */
  private static void record(Connection connection, long job, List<Result> results, Instant now)
      throws SQLException {
    try (var update =
        connection.prepareStatement(
            """
            WITH worked AS (
              UPDATE replay_item i SET state = r.state, detail = r.detail, worked_at = ?
              FROM unnest(?::integer[], ?::text[], ?::text[]) AS r (ordinal, state, detail)
              WHERE i.job_id = ? AND i.ordinal = r.ordinal AND i.state = 'PLANNED'
              RETURNING i.state)
            UPDATE replay_job j
            SET replayed = j.replayed + c.replayed, skipped = j.skipped + c.skipped,
                failed = j.failed + c.failed
            FROM (SELECT count(*) FILTER (WHERE state = 'REPLAYED') AS replayed,
                         count(*) FILTER (WHERE state = 'SKIPPED') AS skipped,
                         count(*) FILTER (WHERE state = 'FAILED') AS failed
                  FROM worked) c
            WHERE j.id = ?
            """)) {
      update.setObject(1, at(now));
      update.setArray(
          2, connection.createArrayOf("integer", results.stream().map(Result::ordinal).toArray()));
      update.setArray(
          3,
          connection.createArrayOf("text", results.stream().map(r -> r.state().name()).toArray()));
      update.setArray(
          4, connection.createArrayOf("text", results.stream().map(Result::detail).toArray()));
      update.setLong(5, job);
      update.setLong(6, job);
      update.executeUpdate();
    }
    try (var update =
        connection.prepareStatement(
            """
            UPDATE replay_job SET state = 'DONE', reason = NULL, finished_at = ?
            WHERE id = ? AND state = 'RUNNING'
              AND replayed + skipped + failed = total
            """)) {
      update.setObject(1, at(now));
      update.setLong(2, job);
      update.executeUpdate();
    }
  }

  private static void finish(Connection connection, long job, Instant now) throws SQLException {
    try (var update =
        connection.prepareStatement(
            "UPDATE replay_job SET state = 'DONE', finished_at = ? WHERE id = ?")) {
      update.setObject(1, at(now));
      update.setLong(2, job);
      update.executeUpdate();
    }
  }

  private boolean stoppedBySpike(Connection connection, long job, Pace pace, Instant now)
      throws SQLException {
    if (now.isBefore(pace.lookedForSpikes.plus(LOOK_FOR_SPIKES))) {
      return false;
    }
    pace.lookedForSpikes = now;
    return spikes.stops(connection, job, now);
  }
}
