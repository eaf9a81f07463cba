package io.serai.inbox;

import io.serai.inbox.InboxStore.EventKey;
import io.serai.support.CrashPoint;
import io.serai.support.OwnConnection;
import io.serai.support.SqlStates;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Inserts documents on a connection of its own and hands on what may be run at once. For one thread
 * at a time.
 */
final class InboxInsert implements AutoCloseable {
  private final OwnConnection connection;
  private final Clock clock;
  private final String owner;
  private final Duration lease;
  private final InboxRunner runner;

  InboxInsert(
      OwnConnection connection, Clock clock, String owner, Duration lease, InboxRunner runner) {
    this.connection = connection;
    this.clock = clock;
    this.owner = owner;
    this.lease = lease;
    this.runner = runner;
  }

  /** Who hears of the commit, before anything is run. */
  @FunctionalInterface
  interface Answer {
    /**
     * Of what was stored, and of the ids of what existed before.
     *
     * @param stored by key, what this insert stored
     */
    void of(Map<EventKey, InboxStore.Stored> stored, Map<EventKey, Long> existing);
  }

  /**
   * Stores documents of different keys in one transaction; their order is the order of their lanes.
   *
   * @param came when they came, or null for now
   */
  void store(List<Arrival> documents, List<byte[]> hashes, Instant came, Answer answer)
      throws SQLException {
    // Another replica may take the lane between our look and our insert; then the document only
    // waits in it.
    try {
      store(documents, hashes, came, true, answer);
    } catch (SQLException e) {
      if (!SqlStates.isRerunnable(e) && !SqlStates.isDuplicate(e)) {
        throw e;
      }
      store(documents, hashes, came, false, answer);
    }
  }

  private void store(
      List<Arrival> documents, List<byte[]> hashes, Instant given, boolean run, Answer answer)
      throws SQLException {
    var now = clock.instant();
    var came = given == null ? now : given;
    var mayRun = run && runner.hasRoomFor(documents.size());
    CrashPoint.hit(CrashPoint.BEFORE_INBOX_INSERT);
    Map<EventKey, InboxStore.Stored> stored;
    Map<EventKey, Long> existing;
    var begun = new boolean[1]; // else nothing was sent, as while the database is away
    try {
      stored =
          connection.run(
              c -> {
                begun[0] = true;
                return InboxStore.insert(c, documents, hashes, mayRun, owner, came, now, lease);
              });
      var missing =
          documents.stream().map(EventKey::of).filter(key -> !stored.containsKey(key)).toList();
      existing = missing.isEmpty() ? Map.of() : connection.run(c -> InboxStore.find(c, missing));
    } catch (SQLException e) {
      if (mayRun && begun[0] && SqlStates.isConnectionLost(e)) {
        runner.neverHandedOn(documents.stream().map(EventKey::of).toList(), now.plus(lease));
      }
      throw e;
    }
    CrashPoint.hit(CrashPoint.BEFORE_ANSWER);

    var running = new ArrayList<InboxMessage>(documents.size());
    for (var a : documents) {
      var row = stored.get(EventKey.of(a));
      if (row != null && row.running()) {
        running.add(
            new InboxMessage(
                row.id(),
                a.account(),
                a.document(),
                a.messageKey(),
                a.version(),
                a.eventType(),
                came,
                0,
                1,
                a.body()));
      } else if (row != null) {
        runner.waitsBehind(a.lane());
      }
    }
    answer.of(stored, existing);
    CrashPoint.hit(CrashPoint.AFTER_ANSWER);
    runner.handOn(running);
  }

  @Override
  public void close() {
    connection.close();
  }
}
