package io.serai.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Makes files of events for those who hear of them by file.
 *
 * <p>Guarantee: an event is in one file and in no other; files of one account are numbered without
 * a gap and sent in that order, and one that is sent again is the same file under the same name.
 * Within a file, and from one to the next, the events of one order come in their order, and so do
 * those of one article at one node. Gap: an event is told when its file is due, not when it
 * happens.
 */
public final class FeedFiles {
  /** The document and the operation that a destination has to offer. */
  static final String EVENT_FILE = "event-file";

  /** How many events are in one file at most; what is more makes the next one. */
  static final int MOST = 1_000;

  private static final String TELL =
      """
      INSERT INTO feed_event (id, account, content, created_at)
      SELECT u.*, ? FROM unnest(?, ?, ?::json[]) u""";

  private static final String DUE =
      """
      SELECT account FROM feed_event WHERE account = ANY (?)
      GROUP BY account HAVING min(created_at) <= ? OR count(*) >= ?""";

  // One replica at a time makes an account's next file.
  private static final String NUMBER =
      """
      INSERT INTO feed_file (account, number) VALUES (?, 1)
      ON CONFLICT (account) DO UPDATE SET number = feed_file.number + 1 RETURNING number""";

  private static final String TAKE =
      """
      DELETE FROM feed_event WHERE account = ? AND id IN (
        SELECT id FROM feed_event WHERE account = ? ORDER BY id LIMIT ?)
      RETURNING id, content::text""";

  private static final String OWE =
      """
      WITH d AS (
        INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
          state, due_at, deadline_at, created_at)
        VALUES (?, 'event-file', 'event-file', ?, ?, ?, ?, 'READY', ?, ?, ?) RETURNING id)
      INSERT INTO delivery_content (delivery_id, content) SELECT id, ? FROM d""";

  /** An event for a file, and its place among all of them. */
  record Row(long id, String account, String content) {}

  private final DataSource database;
  private final Clock clock;
  private final Apply apply;
  private final Map<String, Duration> every;

  /**
   * Works on a database.
   *
   * @param every how long an event may wait for its file, by account
   */
  public FeedFiles(DataSource database, Clock clock, Apply apply, Map<String, Duration> every) {
    this.database = database;
    this.clock = clock;
    this.apply = apply;
    this.every = Map.copyOf(every);
  }

  /** Keeps events for their files, in the transaction that made them happen. */
  static void write(Statements statements, Book book) {
    var rows = book.fileEvents;
    if (!rows.isEmpty()) {
      statements.add(
          TELL,
          book.now,
          HubWriter.column("int8", rows, Row::id),
          HubWriter.column("text", rows, Row::account),
          HubWriter.column("text", rows, Row::content));
    }
  }

  /** Makes the files that are due. Answers the accounts that are owed one. */
  public List<String> runDue() throws SQLException {
    var owed = new ArrayList<String>();
    for (var one : every.entrySet()) {
      while (make(one.getKey(), one.getValue())) {
        owed.add(one.getKey());
      }
    }
    return owed;
  }

  /** Answers whether a file was made. */
  private boolean make(String name, Duration waits) throws SQLException {
    var account = apply.topology().accounts().get(name);
    if (account == null) {
      return false;
    }
    var now = clock.instant();
    try (var connection = database.getConnection()) {
      if (!due(connection, name, now.minus(waits))) {
        return false;
      }
      connection.setAutoCommit(false);
      var made = make(connection, account, now);
      if (made) {
        connection.commit();
      } else {
        connection.rollback(); // another replica was first
      }
      return made;
    }
  }

  private static boolean due(Connection connection, String account, Instant since)
      throws SQLException {
    var due = new boolean[1];
    new Statements()
        .query(
            DUE,
            rows -> due[0] = rows.next(),
            Statements.texts(List.of(account)),
            since,
            (long) MOST)
        .execute(connection);
    return due[0];
  }

  private static boolean make(Connection connection, Topology.Account account, Instant now)
      throws SQLException {
    var name = account.name();
    var number = new long[1];
    var rows = new ArrayList<Row>();
    new Statements()
        .query(
            NUMBER,
            found -> {
              found.next();
              number[0] = found.getLong(1);
            },
            name)
        .query(
            TAKE,
            found -> {
              while (found.next()) {
                rows.add(new Row(found.getLong(1), name, found.getString(2)));
              }
            },
            name,
            name,
            MOST)
        .execute(connection);
    if (rows.isEmpty()) {
      return false;
    }
    rows.sort(Comparator.comparingLong(Row::id));
    var key = "events-%012d".formatted(number[0]);
    new Statements()
        .add(
            OWE,
            name,
            name + "/" + EVENT_FILE,
            key,
            EVENT_FILE + ':' + key + ":1",
            account.repeats().get(EVENT_FILE).name(),
            now,
            now.plus(account.giveUp()),
            now,
            Json.text(content(key, number[0], rows)))
        .execute(connection);
    return true;
  }

  private static ObjectNode content(String name, long number, List<Row> rows) {
    var content = Json.MAPPER.createObjectNode().put("name", name).put("number", number);
    var events = content.putArray("events");
    rows.forEach(row -> events.add(Json.tree(row.content())));
    return content;
  }
}
