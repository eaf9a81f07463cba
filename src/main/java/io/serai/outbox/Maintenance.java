package io.serai.outbox;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Windows in which a destination is left alone because people said so.
 *
 * <p>Guarantee: a window is a row with an end, so it holds on every replica and after every
 * restart, and ends by itself; while one is open nothing is sent to its destination, and what is
 * owed waits in the database with the time it waited added to its deadline. Where windows overlap
 * the destination is left alone until the last of them is over. Planning and ending are in the
 * audit or did not happen. Gap: a replica sees a window that begins at once, or that is ended,
 * within a second; a call that is on its way when a window begins is not called back.
 */
public final class Maintenance {
  /** The longest window. */
  public static final Duration LONGEST = Duration.ofDays(14);

  /** How long ahead one may be planned. */
  public static final Duration FURTHEST = Duration.ofDays(366);

  private static final String COLUMNS =
      """
      SELECT id, destination, starts_at, ends_at, reason, planned_by, planned_at, ended_at, ended_by, end_reason, closed_at
      FROM maintenance
      """;

  // What holds it up now. One whose time is over holds until it is closed, which takes a second.
  private static final String OPEN =
      "WHERE closed_at IS NULL AND starts_at <= ? ORDER BY destination, ends_at, id";

  private static final String PLAN =
      """
      INSERT INTO maintenance (destination, starts_at, ends_at, reason, planned_by, planned_at) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (destination, starts_at, ends_at) WHERE ended_at IS NULL DO NOTHING RETURNING id""";

  private static final String SAME =
      "SELECT id FROM maintenance WHERE destination = ? AND starts_at = ? AND ends_at = ? AND ended_at IS NULL";

  // One that had not begun holds nothing up, so it is closed with it.
  private static final String END =
      """
      UPDATE maintenance SET ended_at = ?, ended_by = ?, end_reason = ?, closed_at = CASE WHEN starts_at > ? THEN ?::timestamptz END
      WHERE id = ? AND ended_at IS NULL AND closed_at IS NULL AND ends_at > ? RETURNING id""";

  private static final String AUDIT =
      """
      INSERT INTO audit_entry (actor, action, object, reason, after, occurred_at)
      VALUES (?, ?, ?, ?, json_build_object('destination', ?::text, 'from', ?::text, 'until', ?::text), ?)""";

  private final DataSource database;
  private final Clock clock;

  /** Windows in this database. */
  public Maintenance(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * One window.
   *
   * @param endedAt when it was ended before its time, or null
   * @param closedAt since when what waited goes on, or null
   */
  public record Window(
      long id,
      String destination,
      Instant from,
      Instant until,
      String reason,
      String plannedBy,
      Instant plannedAt,
      Instant endedAt,
      String endedBy,
      String endReason,
      Instant closedAt) {
    /** When it is or was over. */
    public Instant over() {
      return endedAt != null && endedAt.isBefore(until) ? endedAt : until;
    }

    /** PLANNED, OPEN, OVER, ENDED before its time, or CANCELLED before it began. */
    public String state(Instant now) {
      if (endedAt != null) {
        return endedAt.isBefore(from) ? "CANCELLED" : "ENDED";
      }
      return now.isBefore(from) ? "PLANNED" : now.isBefore(until) ? "OPEN" : "OVER";
    }

    /** The id as people write it. */
    public String name() {
      return Maintenance.name(id);
    }
  }

  /** The id as people write it. */
  public static String name(long id) {
    return "mnt_" + id;
  }

  /** The number of an id, or 0. */
  public static long number(String name) {
    return name != null && name.matches("mnt_[0-9]{1,18}") ? Long.parseLong(name.substring(4)) : 0;
  }

  /**
   * Plans a window. The very same one asked for twice is one.
   *
   * @throws IllegalArgumentException with the sentence, when it has no end, or none that can be
   */
  public Window plan(String destination, Instant from, Instant until, String reason, String actor)
      throws SQLException {
    var now = clock.instant();
    var begin = from == null || from.isBefore(now) ? now : from;
    judge(destination, begin, until, reason, now);
    return transaction(
        connection -> {
          var id = id(connection, PLAN, destination, begin, until, reason, actor, now);
          if (id == null) {
            return find(connection, id(connection, SAME, destination, begin, until)).orElseThrow();
          }
          var window = find(connection, id).orElseThrow();
          audit(connection, actor, "maintenance.plan", window, reason, now);
          return window;
        });
  }

  private static void judge(
      String destination, Instant from, Instant until, String reason, Instant now) {
    if (until == null) {
      throw new IllegalArgumentException(
          "Maintenance of '%s' needs an end, or it would be left alone for ever; say until when."
              .formatted(destination));
    }
    if (!until.isAfter(from)) {
      throw new IllegalArgumentException(
          "Maintenance of '%s' would end at %s, before it begins or in the past; give a later end."
              .formatted(destination, until));
    }
    if (from.isAfter(now.plus(FURTHEST))) {
      throw new IllegalArgumentException(
          "Maintenance of '%s' from %s is more than %d days ahead; plan it later."
              .formatted(destination, from, FURTHEST.toDays()));
    }
    if (Duration.between(from, until).compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Maintenance of '%s' from %s until %s is longer than %d days; end it earlier, or switch the account off."
              .formatted(destination, from, until, LONGEST.toDays()));
    }
    if (reason == null || reason.isBlank()) {
      throw new IllegalArgumentException(
          "Maintenance of '%s' needs a reason; say why it is to be left alone."
              .formatted(destination));
    }
  }

  /**
   * Ends a window before its time.
   *
   * @return how it is now, or empty when it was over or ended already
   */
  public Optional<Window> end(long id, String reason, String actor) throws SQLException {
    var now = clock.instant();
    return transaction(
        connection -> {
          if (id(connection, END, now, actor, reason, now, now, id, now) == null) {
            return Optional.empty();
          }
          var window = find(connection, id).orElseThrow();
          audit(connection, actor, "maintenance.end", window, reason, now);
          return Optional.of(window);
        });
  }

  private static void audit(
      Connection connection, String actor, String action, Window window, String reason, Instant now)
      throws SQLException {
    new Statements()
        .add(
            AUDIT,
            actor,
            action,
            window.name(),
            reason,
            window.destination(),
            window.from().toString(),
            window.over().toString(),
            now)
        .execute(connection);
  }

  /** One of them. */
  public Optional<Window> find(long id) throws SQLException {
    try (var connection = database.getConnection()) {
      return find(connection, id);
    }
  }

  private static Optional<Window> find(Connection connection, long id) throws SQLException {
    return read(connection, COLUMNS + "WHERE id = ?", id).stream().findFirst();
  }

  /**
   * Newest first.
   *
   * @param destination only of this one; all when null
   * @param open only what is not over yet
   * @param before only with smaller numbers
   */
  public List<Window> list(String destination, boolean open, long before, int most)
      throws SQLException {
    try (var connection = database.getConnection()) {
      return read(
          connection,
          COLUMNS
              + "WHERE id < ? AND (?::text IS NULL OR destination = ?)"
              + (open
                  ? " AND closed_at IS NULL AND ended_at IS NULL AND ends_at > ?"
                  : " AND ?::timestamptz IS NOT NULL")
              + " ORDER BY id DESC LIMIT ?",
          before,
          destination,
          destination,
          clock.instant(),
          most);
    }
  }

  /** What is left alone now: of each destination the window that ends last. */
  public Map<String, Window> now() throws SQLException {
    try (var connection = database.getConnection()) {
      return now(connection, clock.instant());
    }
  }

  /** What is left alone at an instant, as this connection sees it. */
  public static Map<String, Window> now(Connection connection, Instant now) throws SQLException {
    var held = new TreeMap<String, Window>();
    for (var window : read(connection, COLUMNS + OPEN, now)) {
      held.merge(window.destination(), window, (a, b) -> b.over().isBefore(a.over()) ? a : b);
    }
    return held;
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private <T> T transaction(Work<T> work) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        var done = work.on(connection);
        connection.commit();
        return done;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static Long id(Connection connection, String sql, Object... values) throws SQLException {
    var found = new Long[1];
    new Statements()
        .query(sql, rows -> found[0] = rows.next() ? rows.getLong(1) : null, values)
        .execute(connection);
    return found[0];
  }

  private static List<Window> read(Connection connection, String sql, Object... values)
      throws SQLException {
    var found = new ArrayList<Window>();
    new Statements()
        .query(
            sql,
            rows -> {
              while (rows.next()) {
                found.add(window(rows));
              }
            },
            values)
        .execute(connection);
    return found;
  }

  private static Window window(ResultSet rows) throws SQLException {
    return new Window(
        rows.getLong("id"),
        rows.getString("destination"),
        rows.getTimestamp("starts_at").toInstant(),
        rows.getTimestamp("ends_at").toInstant(),
        rows.getString("reason"),
        rows.getString("planned_by"),
        rows.getTimestamp("planned_at").toInstant(),
        instant(rows.getTimestamp("ended_at")),
        rows.getString("ended_by"),
        rows.getString("end_reason"),
        instant(rows.getTimestamp("closed_at")));
  }

  private static Instant instant(Timestamp at) {
    return at == null ? null : at.toInstant();
  }
}
