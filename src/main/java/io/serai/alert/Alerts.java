package io.serai.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Selection;
import io.serai.outbox.Delivery;
import io.serai.outbox.Maintenance;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/**
 * Owes people word of what needs them.
 *
 * <p>Guarantee: one alert for each cause and destination however many things stop of it, whichever
 * replica looks; it is kept and owed in one transaction, told again while its cause stands and once
 * when it is gone, in that order. While a destination is under maintenance nothing is told of what
 * stops there; what still stands is told when that is over. Gap: what stops and is put right
 * between two looks, or within {@code after}, is not told; what goes wrong at a destination of
 * alerts is told to the others only.
 */
public final class Alerts {
  /** The document and the operation that a destination has to offer. */
  public static final String ALERT = "alert";

  private static final int MOST_CAUSES = 1_000;
  private static final Duration KEPT = Duration.ofDays(90);

  private static final String OVERDUE =
      """
      SELECT kind, owner, count(*), min(due_at) FROM order_hold
      WHERE released_at IS NULL AND due_at < ? AND kind NOT IN ('UNMAPPED', 'UNALLOCATABLE')
      GROUP BY kind, owner ORDER BY kind, owner""";

  private static final String OPEN =
      """
      SELECT id, fingerprint, told_at, times, cause::text FROM alert
      WHERE account = ? AND cleared_at IS NULL""";

  private static final String RAISE =
      """
      INSERT INTO alert (id, account, fingerprint, cause, raised_at, told_at, times) VALUES (?, ?, ?, ?::json, ?, ?, 1)
      ON CONFLICT (account, fingerprint) WHERE cleared_at IS NULL DO NOTHING RETURNING id""";

  // Who told it before another replica could.
  private static final String REPEAT =
      """
      UPDATE alert SET told_at = ?, times = times + 1, cause = ?::json
      WHERE id = ? AND times = ? AND cleared_at IS NULL RETURNING id""";

  private static final String CLEAR =
      """
      UPDATE alert SET cleared_at = ?, times = times + 1
      WHERE id = ? AND times = ? AND cleared_at IS NULL RETURNING id""";

  private static final String FORGET = "DELETE FROM alert WHERE cleared_at < ?";

  private static final String OWE =
      """
      WITH d AS (
        INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
          state, due_at, deadline_at, created_at)
        VALUES (?, 'alert', 'alert', ?, ?, ?, ?, 'READY', ?, ?, ?) RETURNING id)
      INSERT INTO delivery_content (delivery_id, content) SELECT id, ?::json FROM d""";

  private final DataSource database;
  private final Clock clock;
  private final DeadLetters deadLetters;
  private final Map<String, AlertTerms> terms;
  private final Ids ids;

  /**
   * Looks at one database.
   *
   * @param terms what each destination wants to hear of, by account
   */
  public Alerts(
      DataSource database, Clock clock, DeadLetters deadLetters, Map<String, AlertTerms> terms) {
    this.database = database;
    this.clock = clock;
    this.deadLetters = deadLetters;
    this.terms = Map.copyOf(terms);
    this.ids = new Ids(clock);
  }

  /** Whether anybody wants to be told anything. */
  public boolean areWanted() {
    return !terms.isEmpty();
  }

  private record Open(UUID id, String fingerprint, Instant toldAt, int times, JsonNode cause) {}

  /** Looks once. Answers how many alerts are owed because of it. */
  public int run() throws SQLException {
    if (terms.isEmpty()) {
      return 0;
    }
    var now = clock.instant();
    var groups = deadLetters.groups(Selection.everything());
    // of a longer list the end is not known, so nothing is known to be gone
    var whole = groups.size() < MOST_CAUSES;
    var causes = new LinkedHashMap<String, AlertCause>();
    groups.stream().map(AlertCause::of).forEach(cause -> causes.put(cause.fingerprint(), cause));
    var owed = 0;
    try (var connection = database.getConnection()) {
      new Statements().add(FORGET, now.minus(KEPT)).execute(connection);
      overdue(connection, now).forEach(cause -> causes.put(cause.fingerprint(), cause));
      var silent = Maintenance.now(connection, now).keySet();
      for (var one : terms.entrySet()) {
        var open = open(connection, one.getKey());
        for (var cause : causes.values()) {
          if (!one.getKey().equals(cause.account())
              && (AlertCause.OVERDUE.equals(cause.kind()) || !silent.contains(cause.account()))) {
            owed += tell(connection, one.getKey(), one.getValue(), cause, open, now);
          }
        }
        if (whole) {
          for (var alert : open.values()) {
            if (!causes.containsKey(alert.fingerprint())
                && !silent.contains(alert.cause().path("account").asText())) {
              owed += clear(connection, one.getKey(), one.getValue(), alert, now);
            }
          }
        }
      }
    }
    return owed;
  }

  private static List<AlertCause> overdue(Connection connection, Instant now) throws SQLException {
    var found = new ArrayList<AlertCause>();
    new Statements()
        .query(
            OVERDUE,
            rows -> {
              while (rows.next()) {
                found.add(
                    AlertCause.overdue(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getInt(3),
                        rows.getTimestamp(4).toInstant()));
              }
            },
            now)
        .execute(connection);
    return found;
  }

  private static Map<String, Open> open(Connection connection, String account) throws SQLException {
    var found = new HashMap<String, Open>();
    new Statements()
        .query(
            OPEN,
            rows -> {
              while (rows.next()) {
                found.put(
                    rows.getString(2),
                    new Open(
                        rows.getObject(1, UUID.class),
                        rows.getString(2),
                        rows.getTimestamp(3).toInstant(),
                        rows.getInt(4),
                        Json.tree(rows.getString(5))));
              }
            },
            account)
        .execute(connection);
    return found;
  }

  private int tell(
      Connection connection,
      String account,
      AlertTerms with,
      AlertCause cause,
      Map<String, Open> open,
      Instant now)
      throws SQLException {
    var alert = open.get(cause.fingerprint());
    if (alert != null) {
      if (now.isBefore(alert.toldAt().plus(with.repeat()))) {
        return 0;
      }
      var again = alert(alert.id(), Alert.REPEATED, alert.times() + 1, cause, with, now);
      return change(
          connection,
          again,
          account,
          with,
          now,
          REPEAT,
          now,
          Json.text(again),
          alert.id(),
          alert.times());
    }
    if (!with.wants(cause)
        || !with.reached(cause)
        || now.isBefore(cause.since().plus(with.after()))) {
      return 0;
    }
    var id = ids.next();
    var first = alert(id, Alert.RAISED, 1, cause, with, now);
    return change(
        connection,
        first,
        account,
        with,
        now,
        RAISE,
        id,
        account,
        cause.fingerprint(),
        Json.text(first),
        now,
        now);
  }

  private int clear(Connection connection, String account, AlertTerms with, Open open, Instant now)
      throws SQLException {
    var last = Json.as(open.cause(), Alert.class);
    var over =
        new Alert(
            last.id(),
            Alert.CLEARED,
            Alert.VERSION,
            now,
            open.times() + 1,
            "Cleared: " + last.title(),
            "Nothing of this cause needs anybody any more.",
            last.kind(),
            last.account(),
            last.fingerprint(),
            last.count(),
            last.orders(),
            last.money(),
            last.since(),
            last.link());
    return change(connection, over, account, with, now, CLEAR, now, open.id(), open.times());
  }

  private static Alert alert(
      UUID id, String type, int times, AlertCause cause, AlertTerms with, Instant now) {
    return new Alert(
        Ids.text("alt", id),
        type,
        Alert.VERSION,
        now,
        times,
        cause.title(),
        cause.sentence(),
        cause.kind(),
        cause.account(),
        cause.fingerprint(),
        cause.count(),
        cause.orders(),
        cause.money(),
        cause.since(),
        with.console() == null ? null : with.console() + cause.page());
  }

  // What it is now and that it is told, together; nothing when another replica was faster.
  private int change(
      Connection connection,
      Alert alert,
      String account,
      AlertTerms with,
      Instant now,
      String change,
      Object... values)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      var mine = new AtomicBoolean();
      new Statements().query(change, rows -> mine.set(rows.next()), values).execute(connection);
      if (mine.get()) {
        new Statements()
            .add(
                OWE,
                account,
                Delivery.lane(account, alert.fingerprint()),
                alert.id() + ':' + alert.times(),
                ALERT + ':' + alert.id() + ':' + alert.times(),
                with.repeatMode(),
                now,
                now.plus(with.giveUp()),
                now,
                Json.text(alert))
            .execute(connection);
      }
      connection.commit();
      return mine.get() ? 1 : 0;
    } catch (SQLException | RuntimeException e) {
      Statements.rollback(connection);
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
