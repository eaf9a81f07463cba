package io.serai.inbox;

import io.serai.failure.Backoff;
import io.serai.failure.Failure;
import io.serai.support.Batcher;
import io.serai.support.OwnConnection;
import io.serai.support.SqlStates;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the endings that no other transaction wrote: ignored, waiting, put off, tried again,
 * parked. Each names the fence of its claim, so a claim that was lost writes nothing. An ending
 * that cannot be written leaves the message RUNNING until its lease lapses and it is run again.
 */
final class Endings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration MOST_PAUSE = Duration.ofMinutes(1);

  private record Item(InboxMessage message, Ending ending) {}

  private final OwnConnection connection;
  private final Clock clock;
  private final Runnable nudge;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Batcher<Item> batcher;
  // Once a second at most: a sender that repeats itself must not cost a commit each time.
  private static final Item COUNT = new Item(null, null);
  private final AtomicBoolean counting = new AtomicBoolean();
  private final Map<Long, Integer> duplicates = new ConcurrentHashMap<>();

  Endings(OwnConnection.Source source, Clock clock, Runnable nudge) {
    this.connection = new OwnConnection(source);
    this.clock = clock;
    this.nudge = nudge;
    this.batcher = new Batcher<>("serai-endings", 10_000, 100, Duration.ofMillis(5), this::write);
  }

  void write(InboxMessage message, Ending ending) {
    if (ending instanceof Ending.Settled || ending instanceof Ending.Fenced) {
      return;
    }
    if (!batcher.put(new Item(message, ending))) {
      LOG.warn("The ending of message {} is left to its lease", message.publicId());
    }
  }

  void duplicateOf(long messageId) {
    duplicates.merge(messageId, 1, Integer::sum);
    if (counting.compareAndSet(false, true)) {
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
          .execute(
              () -> {
                counting.set(false);
                batcher.offer(COUNT);
              });
    }
  }

  private void write(List<Item> batch) {
    flushDuplicates();
    var statements = new Statements();
    var now = clock.instant();
    for (var item : batch) {
      if (item.message() != null) {
        add(statements, item.message(), item.ending(), now);
      }
    }
    if (statements.isEmpty()) {
      return;
    }
    try {
      connection.run(
          c -> {
            statements.inTransaction(c);
            return null;
          });
    } catch (SQLException e) {
      if (batch.size() > 1 && !SqlStates.isConnectionLost(e)) {
        batch.forEach(item -> write(List.of(item)));
        return;
      }
      LOG.warn("{} endings are left to their leases: {}", batch.size(), e.getMessage());
    }
    nudge.run();
  }

  private void add(Statements statements, InboxMessage message, Ending ending, Instant now) {
    switch (ending) {
      case Ending.Ignored ignored ->
          statements.add(
              """
              UPDATE inbox_message SET state = 'IGNORED', reason = ?, finished_at = ?, lease_owner = NULL, lease_until = NULL
              WHERE id = ? AND fence = ? AND state = 'RUNNING'""",
              ignored.reason(),
              now,
              message.id(),
              message.fence());
      case Ending.Waits waits -> {
        var attempt = message.attempt() + 1;
        var state = Backoff.DEFAULT.exhausted(attempt) ? "PARKED" : "WAITING";
        var due = now.plus(Duration.ofMinutes(15));
        withFailure(statements, message, waits.failure(), now, state, due, attempt, waits.lane());
      }
      case Ending.Later later ->
          statements.add(
              """
              UPDATE inbox_message SET state = 'RECEIVED', due_at = ?, lease_owner = NULL, lease_until = NULL
              WHERE id = ? AND fence = ? AND state = 'RUNNING'""",
              now.plus(later.pause()),
              message.id(),
              message.fence());
      case Ending.Failed failed -> failed(statements, message, failed.failure(), now);
      case Ending.Settled s -> {}
      case Ending.Fenced f -> {}
    }
  }

  private void failed(Statements statements, InboxMessage message, Failure failure, Instant now) {
    var attempt = message.attempt() + (failure.kind().counted() ? 1 : 0);
    if (failure.kind().curable() && !Backoff.DEFAULT.exhausted(attempt)) {
      var wait =
          failure.kind().counted()
              ? Backoff.DEFAULT.after(attempt, random)
              : failure.retryAfter() == null ? pause(message, now) : failure.retryAfter();
      withFailure(statements, message, failure, now, "RECEIVED", now.plus(wait), attempt, null);
    } else {
      withFailure(statements, message, failure, now, "PARKED", now, attempt, null);
    }
  }

  // What waits for a person is looked at less and less often, down to once a minute.
  private static Duration pause(InboxMessage message, Instant now) {
    var waited = Duration.between(message.receivedAt(), now).dividedBy(8);
    return waited.compareTo(PAUSE) < 0
        ? PAUSE
        : waited.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : waited;
  }

  // An attempt that does not count and fails for the reason that is written down already is no new
  // failure.
  private static void withFailure(
      Statements statements,
      InboxMessage message,
      Failure failure,
      Instant now,
      String state,
      Instant due,
      int attempt,
      String waitsFor) {
    MessageState.RUNNING.to(state);
    statements.add(
        """
        WITH f AS (
          INSERT INTO failure (kind, sentence, fingerprint, account, route, step, evidence, message_id, attempt, occurred_at)
          SELECT ?, ?, ?, ?, ?, ?, ?, ?::bigint, ?::int, ?::timestamptz WHERE ? OR NOT EXISTS (
            SELECT 1 FROM inbox_message m JOIN failure b ON b.id = m.failure_id WHERE m.id = ? AND b.fingerprint = ?)
          RETURNING id)
        UPDATE inbox_message SET state = ?, due_at = ?, attempt_count = ?, waits_for = ?,
          failure_id = coalesce((SELECT id FROM f), failure_id), lease_owner = NULL, lease_until = NULL
        WHERE id = ? AND fence = ? AND state = 'RUNNING'""",
        failure.kind().name(),
        failure.sentence(),
        failure.fingerprint(),
        failure.place().endpoint(),
        failure.place().route(),
        failure.place().step(),
        failure.evidence(),
        message.id(),
        attempt,
        now,
        failure.kind().counted(),
        message.id(),
        failure.fingerprint(),
        state,
        due,
        attempt,
        waitsFor,
        message.id(),
        message.fence());
  }

  private void flushDuplicates() {
    if (duplicates.isEmpty()) {
      return;
    }
    var counts = new TreeMap<Long, Integer>();
    duplicates.keySet().forEach(id -> counts.put(id, duplicates.remove(id)));
    try {
      connection.run(
          c -> {
            new Statements()
                .add(
                    """
                    UPDATE inbox_message m SET duplicate_count = duplicate_count + l.times
                    FROM (SELECT i.id, u.times FROM unnest(?, ?) AS u(id, times) JOIN inbox_message i ON i.id = u.id
                      ORDER BY i.id FOR UPDATE OF i SKIP LOCKED) l
                    WHERE m.id = l.id""",
                    Statements.array("int8", counts.keySet().toArray()),
                    Statements.array("int4", counts.values().toArray()))
                .execute(c);
            return null;
          });
    } catch (SQLException e) {
      LOG.warn("Duplicates could not be counted: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    batcher.close();
    flushDuplicates();
    connection.close();
  }
}
