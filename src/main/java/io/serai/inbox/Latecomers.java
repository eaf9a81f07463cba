package io.serai.inbox;

import io.serai.failure.Failure;
import io.serai.inbox.InboxStore.EventKey;
import io.serai.support.OwnConnection;
import io.serai.support.Sha256;
import io.serai.support.SqlStates;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stores documents that were kept safe elsewhere since they were accepted, by the insert that
 * stores all others. For one thread.
 *
 * <p>Guarantee: they are stored in the order they are given, and nothing behind one that could not
 * be stored is, so what is given again after a failure keeps its order; what is stored already is
 * known by its event key. Gap: when a document came is exact to the second.
 */
public final class Latecomers implements AutoCloseable {
  private static final int MAX_BATCH = 100;

  /**
   * A document and when it was accepted.
   *
   * @param document what was accepted
   * @param came when it was
   */
  public record Late(Arrival document, Instant came) {}

  /**
   * A document that the database refuses whatever is done.
   *
   * @param late the document
   * @param why what the database said of it
   */
  public record Unstorable(Late late, String why) {}

  private final Inbox inbox;
  private final InboxInsert insert;
  private final OwnConnection parking;
  private final Clock clock;
  private final String owner;
  private final Duration lease;
  private final InboxRunner runner;

  Latecomers(
      Inbox inbox,
      OwnConnection.Source source,
      Clock clock,
      String owner,
      Duration lease,
      InboxRunner runner) {
    this.inbox = inbox;
    this.insert = new InboxInsert(new OwnConnection(source), clock, owner, lease, runner);
    this.parking = new OwnConnection(source);
    this.clock = clock;
    this.owner = owner;
    this.lease = lease;
    this.runner = runner;
  }

  /**
   * Stores them and returns after the commit.
   *
   * @return those that cannot be stored as they are; all others are
   * @throws IntakeRefused when nothing can be stored now; some of the first may be stored then
   */
  public List<Unstorable> keep(List<Late> batch) {
    inbox.check();
    var unstorable = new ArrayList<Unstorable>(0);
    for (var from = 0; from < batch.size(); ) {
      var to = from + 1;
      var second = second(batch.get(from));
      while (to < batch.size() && to - from < MAX_BATCH && second(batch.get(to)).equals(second)) {
        to++;
      }
      together(batch.subList(from, to), unstorable);
      from = to;
    }
    return unstorable;
  }

  private static Instant second(Late late) {
    return late.came().truncatedTo(ChronoUnit.SECONDS);
  }

  private void together(List<Late> batch, List<Unstorable> unstorable) {
    try {
      store(batch);
    } catch (SQLException e) {
      if (!isOfTheRow(e)) {
        throw Inbox.refused(e);
      }
      for (var late : batch) { // one bad row must not fail its neighbors
        alone(late, unstorable);
      }
    }
  }

  private void alone(Late late, List<Unstorable> unstorable) {
    try {
      store(List.of(late));
    } catch (SQLException e) {
      if (!isOfTheRow(e)) {
        throw Inbox.refused(e);
      }
      unstorable.add(new Unstorable(late, e.getMessage()));
    }
  }

  // Data that no column takes (class 22), that breaks a rule (23) or a limit of the server's (54).
  private static boolean isOfTheRow(SQLException e) {
    var state = e.getSQLState();
    return state != null
        && !SqlStates.isDuplicate(e)
        && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }

  private void store(List<Late> batch) throws SQLException {
    var unique = new LinkedHashMap<EventKey, Arrival>();
    var times = new HashMap<EventKey, Integer>();
    for (var late : batch) {
      var key = EventKey.of(late.document());
      unique.putIfAbsent(key, late.document());
      times.merge(key, 1, Integer::sum);
    }
    insert.store(
        List.copyOf(unique.values()),
        unique.values().stream().map(a -> Sha256.of(a.body())).toList(),
        batch.getFirst().came(),
        (stored, existing) -> told(unique, times, stored, existing));
  }

  private void told(
      Map<EventKey, Arrival> unique,
      Map<EventKey, Integer> times,
      Map<EventKey, InboxStore.Stored> stored,
      Map<EventKey, Long> existing) {
    inbox.tell(unique, stored);
    times.forEach(
        (key, n) -> {
          var row = stored.get(key);
          var id = row != null ? row.id() : existing.getOrDefault(key, 0L);
          for (var i = 0; i < n; i++) {
            var isNew = i == 0 && row != null;
            inbox.count(key, isNew);
            if (!isNew) {
              runner.duplicateOf(id);
            }
          }
        });
  }

  /**
   * Stores a document that nothing can be made of as it is and parks it in one transaction. One
   * that is known already is left as it is.
   *
   * @throws IntakeRefused when it cannot be stored now
   */
  public void park(Late late, Failure why) {
    inbox.check();
    var document = late.document();
    try {
      parking.run(
          c -> {
            c.setAutoCommit(false);
            var stored =
                InboxStore.insert(
                    c,
                    List.of(document),
                    List.of(Sha256.of(document.body())),
                    false,
                    owner,
                    late.came(),
                    clock.instant(),
                    lease);
            for (var row : stored.values()) {
              InboxStore.park(c, Map.of(row.id(), why), clock.instant());
            }
            c.commit();
            c.setAutoCommit(true);
            return stored;
          });
    } catch (SQLException e) {
      throw Inbox.refused(e);
    }
  }

  @Override
  public void close() {
    insert.close();
    parking.close();
  }
}
