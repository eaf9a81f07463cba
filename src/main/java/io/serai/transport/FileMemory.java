package io.serai.transport;

import io.serai.support.Sha256;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What is known of the files of one folder, in table {@code fetched_file}; fenced. */
final class FileMemory {
  /** How far a file is. */
  enum State {
    /** Seen, and not taken. */
    LYING,
    /** In the inbox. */
    TAKEN,
    /** Never taken, for a reason that the file cannot be cured of. */
    LEFT
  }

  /**
   * One file.
   *
   * @param since since when it has been of this size and time, by our clock
   */
  record Row(Mailbox.Entry entry, Instant since, State state) {}

  private final DataSource database;
  private final Clock clock;
  private final FetchPlan plan;
  private final long fence;

  FileMemory(DataSource database, Clock clock, FetchPlan plan, long fence) {
    this.database = database;
    this.clock = clock;
    this.plan = plan;
    this.fence = fence;
  }

  /** All of them, by name. */
  Map<String, Row> rows() throws SQLException {
    var rows = new HashMap<String, Row>();
    try (var connection = database.getConnection();
        var statement =
            connection.prepareStatement(
                """
                SELECT name, size, modified_at, since, state FROM fetched_file
                WHERE account = ? AND folder = ?""")) {
      statement.setString(1, plan.account());
      statement.setString(2, plan.folder());
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          var entry =
              new Mailbox.Entry(
                  found.getString(1), found.getLong(2), found.getTimestamp(3).toInstant(), true);
          rows.put(
              entry.name(),
              new Row(entry, found.getTimestamp(4).toInstant(), State.valueOf(found.getString(5))));
        }
      }
    }
    return rows;
  }

  /** Notes a file as it is now, from now on. */
  void seen(Mailbox.Entry entry, State state, String problem) throws SQLException {
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              INSERT INTO fetched_file (account, folder, name, size, modified_at, since, state, problem)
              SELECT ?, ?, ?, ?, ?, ?, ?, ? FROM poll_cursor WHERE account = ? AND document = ? AND fence = ?
              ON CONFLICT (account, folder, name) DO UPDATE SET size = excluded.size, modified_at = excluded.modified_at,
                since = excluded.since, state = excluded.state, problem = excluded.problem, sha256 = NULL, taken_at = NULL""",
              plan.account(),
              plan.folder(),
              entry.name(),
              entry.size(),
              entry.modifiedAt(),
              clock.instant(),
              state.name(),
              problem,
              plan.account(),
              plan.document(),
              fence)
          .execute(connection);
    }
  }

  /** Notes that a file was taken, on the transaction that stores it. */
  void taken(Connection connection, Mailbox.Entry entry, byte[] content) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE fetched_file f SET state = 'TAKEN', sha256 = ?, taken_at = ?
            FROM poll_cursor p
            WHERE f.account = ? AND f.folder = ? AND f.name = ? AND p.account = f.account AND p.document = ? AND p.fence = ?""")) {
      statement.setBytes(1, Sha256.of(content));
      statement.setTimestamp(2, java.sql.Timestamp.from(clock.instant()));
      statement.setString(3, plan.account());
      statement.setString(4, plan.folder());
      statement.setString(5, entry.name());
      statement.setString(6, plan.document());
      statement.setLong(7, fence);
      if (statement.executeUpdate() != 1) {
        throw new SQLException(
            "Another replica fetches the files of '%s' now".formatted(plan.account()));
      }
    }
  }

  /** Forgets files that lie there no more: when one of that name comes again, it is another. */
  void forget(List<String> names) throws SQLException {
    if (names.isEmpty()) {
      return;
    }
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              DELETE FROM fetched_file f USING poll_cursor p
              WHERE f.account = ? AND f.folder = ? AND f.name = ANY (?) AND p.account = f.account AND p.document = ? AND p.fence = ?""",
              plan.account(),
              plan.folder(),
              Statements.texts(names),
              plan.document(),
              fence)
          .execute(connection);
    }
  }
}
