package io.serai.camel;

import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;

/**
 * Notes when something was last seen of an account, and how often, in table {@code
 * account_sighting}, over all replicas.
 *
 * <p>Guarantee: it never holds up a message. Gap: what was noted since the last flush is lost with
 * the process.
 */
public final class Sightings {
  /** What can be seen. */
  public enum Kind {
    /** A webhook whose proof was right. */
    WEBHOOK,
    /** A webhook whose proof was missing or wrong. */
    REFUSED,
    /** A subscription challenge that was answered. */
    CHALLENGE,
    /** A message that was committed, whatever way it came. */
    MESSAGE,
    /** An effect that the account confirmed. */
    EFFECT,
    /** A file that cannot be taken and lies in its folder; the document is its name. */
    LEFT
  }

  private record Key(String account, Kind kind, String document) {}

  private static final class Sighting {
    final LongAdder count = new LongAdder();
    volatile Instant last = Instant.EPOCH;
  }

  private final DataSource database;
  private final Clock clock;
  private final Map<Key, Sighting> seen = new ConcurrentHashMap<>();

  /** Notes into this database. */
  public Sightings(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  void seen(String account, Kind kind) {
    seen(account, kind, "");
  }

  void seen(String account, Kind kind, String document) {
    var sighting =
        seen.computeIfAbsent(
            new Key(account, kind, document == null ? "" : document), key -> new Sighting());
    sighting.last = clock.instant();
    sighting.count.increment();
  }

  /** Writes what was noted since the last time. */
  public void flush() throws SQLException {
    var keys =
        seen.keySet().stream()
            .filter(key -> seen.get(key).count.sum() > 0)
            .sorted(
                Comparator.comparing(Key::account)
                    .thenComparing(Key::kind)
                    .thenComparing(Key::document))
            .toList();
    if (keys.isEmpty()) {
      return;
    }
    var counts = keys.stream().map(key -> seen.get(key).count.sumThenReset()).toList();
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              INSERT INTO account_sighting AS s (account, kind, document, count, last_at)
              SELECT u.a, u.k, u.d, u.c, to_timestamp(u.m / 1000.0) FROM unnest(?, ?, ?, ?, ?) u (a, k, d, c, m)
              ON CONFLICT (account, kind, document) DO UPDATE SET count = s.count + excluded.count,
                last_at = greatest(s.last_at, excluded.last_at)""",
              Statements.texts(keys.stream().map(Key::account).toList()),
              Statements.texts(keys.stream().map(key -> key.kind().name()).toList()),
              Statements.texts(keys.stream().map(Key::document).toList()),
              Statements.array("int8", counts.toArray(Long[]::new)),
              Statements.array(
                  "int8",
                  keys.stream().map(key -> seen.get(key).last.toEpochMilli()).toArray(Long[]::new)))
          .execute(connection);
    } catch (SQLException e) {
      for (var i = 0; i < keys.size(); i++) {
        seen.get(keys.get(i)).count.add(counts.get(i));
      }
      throw e;
    }
  }
}
