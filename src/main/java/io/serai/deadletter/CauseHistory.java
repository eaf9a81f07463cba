package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;
import static io.serai.deadletter.Transaction.instant;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What is known of a cause beyond its members: how often it failed of late, what was tried about
 * it, and which causes are over.
 *
 * <p>Guarantee: each reading walks a bounded number of failures, however many there are. Gap: what
 * lies behind the newest {@value #NEWEST} failures does not count in trends and among causes that
 * are over; a failure that was retried with success counts in a trend like any other.
 */
public final class CauseHistory {
  /** How many failures, the newest first, are looked at. */
  public static final int NEWEST = 20_000;

  /** Hours of a trend; the last one is the one that runs. */
  public static final int HOURS = 24;

  private final DataSource database;
  private final Clock clock;

  /** Of one database. */
  public CauseHistory(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * What is known of one cause.
   *
   * @param failures how often it failed, ever; up to {@link #NEWEST} are counted
   * @param firstEver when it failed first of those
   * @param dueAt when the first of the orders concerned that are held is due, or null
   * @param fresh how many of its members stopped after its last replay began and were no part of it
   */
  public record Known(int failures, Instant firstEver, Instant dueAt, int fresh) {}

  /**
   * A cause of which nothing is left.
   *
   * @param fingerprint what names it
   * @param kind of its latest failure
   * @param sentence of its latest failure
   * @param account of its latest failure
   * @param failures how often it failed, among those that are looked at
   * @param firstSeen the first of those
   * @param lastSeen the last of those
   */
  public record Over(
      String fingerprint,
      String kind,
      String sentence,
      String account,
      int failures,
      Instant firstSeen,
      Instant lastSeen) {}

  /** Failures an hour of the last {@link #HOURS}, oldest first, of every cause that failed then. */
  public Map<String, int[]> trends() {
    var now = clock.instant();
    var from = now.minus(Duration.ofHours(HOURS));
    return Transaction.run(
        database,
        connection -> {
          var trends = new HashMap<String, int[]>();
          try (var select =
              connection.prepareStatement(
                  """
                  SELECT fingerprint, floor(extract(epoch FROM occurred_at - ?) / 3600)::int AS hour, count(*)
                  FROM (SELECT fingerprint, occurred_at FROM failure ORDER BY id DESC LIMIT ?) AS newest
                  WHERE occurred_at > ? GROUP BY 1, 2
                  """)) {
            select.setObject(1, at(from));
            select.setInt(2, NEWEST);
            select.setObject(3, at(from));
            try (var row = select.executeQuery()) {
              while (row.next()) {
                trends
                        .computeIfAbsent(row.getString(1), name -> new int[HOURS])[
                        Math.clamp(row.getInt(2), 0, HOURS - 1)] +=
                    row.getInt(3);
              }
            }
          }
          return trends;
        });
  }

  /** What is known of a cause; empty when it never failed here. */
  public Optional<Known> of(String fingerprint) {
    return Transaction.snapshot(
        database,
        connection -> {
          try (var select =
              connection.prepareStatement(
                  """
                  SELECT count(*), min(occurred_at) FROM (
                    SELECT occurred_at FROM failure WHERE fingerprint = ? ORDER BY id DESC LIMIT ?) AS newest
                  """)) {
            select.setString(1, fingerprint);
            select.setInt(2, NEWEST);
            try (var row = select.executeQuery()) {
              row.next();
              var members = DeadLetterQuery.count(connection, Selection.group(fingerprint));
              return row.getInt(1) == 0 && members == 0
                  ? Optional.empty()
                  : Optional.of(
                      new Known(
                          row.getInt(1),
                          instant(row.getObject(2, OffsetDateTime.class)),
                          members == 0
                              ? null
                              : DeadLetterQuery.due(connection, Selection.group(fingerprint)),
                          members == 0 ? 0 : fresh(connection, fingerprint)));
            }
          }
        });
  }

  private static int fresh(Connection connection, String fingerprint) throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            SELECT id, created_at FROM replay_job
            WHERE selection ->> 'fingerprint' = ? AND NOT dry_run ORDER BY id DESC LIMIT 1
            """)) {
      select.setString(1, fingerprint);
      try (var job = select.executeQuery()) {
        return job.next()
            ? DeadLetterQuery.beside(
                connection,
                Selection.group(fingerprint),
                job.getLong(1),
                instant(job.getObject(2, OffsetDateTime.class)))
            : 0;
      }
    }
  }

  /** Causes that failed of late and of which nothing is left, the latest first. */
  public List<Over> over(int limit) {
    return Transaction.snapshot(
        database,
        connection -> {
          var open =
              DeadLetterQuery.groups(connection, Selection.everything(), Integer.MAX_VALUE).stream()
                  .map(DeadLetterGroup::fingerprint)
                  .toArray(String[]::new);
          var over = new ArrayList<Over>();
          try (var select =
              connection.prepareStatement(
                  """
                  SELECT g.fingerprint, f.kind, f.sentence, f.account, g.failures, g.first_seen, g.last_seen
                  FROM (SELECT fingerprint, max(id) AS latest, count(*) AS failures, min(occurred_at) AS first_seen,
                               max(occurred_at) AS last_seen
                        FROM (SELECT id, fingerprint, occurred_at FROM failure ORDER BY id DESC LIMIT ?) AS newest
                        WHERE NOT fingerprint = ANY (?) GROUP BY fingerprint) g
                  JOIN failure f ON f.id = g.latest ORDER BY g.latest DESC LIMIT ?
                  """)) {
            select.setInt(1, NEWEST);
            select.setArray(2, connection.createArrayOf("text", open));
            select.setInt(3, limit);
            try (var row = select.executeQuery()) {
              while (row.next()) {
                over.add(
                    new Over(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getInt(5),
                        instant(row.getObject(6, OffsetDateTime.class)),
                        instant(row.getObject(7, OffsetDateTime.class))));
              }
            }
          }
          return over;
        });
  }
}
