package io.serai.camel;

import io.micrometer.core.instrument.Metrics;
import io.serai.catalog.Drift;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Counts what partners began to say that mappings do not list, by account, mapping, field and
 * value, in table {@code drift} and as counter {@code serai.drift}.
 *
 * <p>Guarantee: it never holds up a message. Gap: what was counted since the last flush is lost
 * with the process, and beyond a thousand different values between two flushes only the counter
 * counts.
 */
public final class DriftLog {
  private static final int MOST = 1_000;

  private record Key(String account, String mapping, String field, String value) {}

  private record Count(long times, Long messageId) {
    Count plus(Count other) {
      return new Count(times + other.times, other.messageId == null ? messageId : other.messageId);
    }
  }

  private final DataSource database;
  private final Clock clock;
  private final Map<Key, Count> found = new ConcurrentHashMap<>();

  /** Counts into this database. */
  public DriftLog(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  void found(String account, String mapping, Drift drift, Long messageId) {
    Metrics.counter("serai.drift", "account", account, "field", drift.field()).increment();
    var key = new Key(account, mapping, drift.field(), drift.value());
    if (found.size() < MOST || found.containsKey(key)) {
      found.merge(key, new Count(1, messageId), Count::plus);
    }
  }

  /** Writes what was counted. */
  public void flush() throws SQLException {
    if (found.isEmpty()) {
      return;
    }
    var keys =
        found.keySet().stream()
            .sorted(
                Comparator.comparing(Key::account)
                    .thenComparing(Key::mapping)
                    .thenComparing(Key::field)
                    .thenComparing(Key::value))
            .toList();
    var counts = keys.stream().map(found::remove).toList();
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              INSERT INTO drift AS d (account, mapping, field, value, count, message_id, first_seen_at, last_seen_at)
              SELECT u.*, ?::timestamptz, ?::timestamptz FROM unnest(?, ?, ?, ?, ?, ?) u
              ON CONFLICT (account, mapping, field, value) DO UPDATE SET count = d.count + excluded.count,
                message_id = coalesce(excluded.message_id, d.message_id), last_seen_at = excluded.last_seen_at""",
              clock.instant(),
              clock.instant(),
              Statements.texts(keys.stream().map(Key::account).toList()),
              Statements.texts(keys.stream().map(Key::mapping).toList()),
              Statements.texts(keys.stream().map(Key::field).toList()),
              Statements.texts(keys.stream().map(Key::value).toList()),
              Statements.array("int8", counts.stream().map(Count::times).toArray(Long[]::new)),
              Statements.array("int8", counts.stream().map(Count::messageId).toArray(Long[]::new)))
          .execute(connection);
    } catch (SQLException e) {
      for (var i = 0; i < keys.size(); i++) {
        found.merge(keys.get(i), counts.get(i), Count::plus);
      }
      throw e;
    }
  }
}
