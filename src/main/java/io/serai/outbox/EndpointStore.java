package io.serai.outbox;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The SQL of what replicas tell each other about endpoints. Pauses, counts and tokens are merged
 * into what is there; a breaker transition is written only over the version it was judged by. Every
 * time comes from the caller, whose clock is the database's.
 */
final class EndpointStore {
  private static final String PAUSE =
      """
      INSERT INTO endpoint AS e (name, paused_until, pause_kind, pause_sentence) VALUES (?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE
        SET paused_until = excluded.paused_until, pause_kind = excluded.pause_kind, pause_sentence = excluded.pause_sentence
      WHERE (e.paused_until IS NULL OR e.paused_until < excluded.paused_until)
        AND (e.resumed_at IS NULL OR e.resumed_at <= ?)""";

  private static final String RESUME =
      """
      INSERT INTO endpoint AS e (name, resumed_at, version) VALUES (?, ?, 1)
      ON CONFLICT (name) DO UPDATE
        SET resumed_at = excluded.resumed_at, paused_until = NULL, pause_kind = NULL, pause_sentence = NULL,
          breaker_until = CASE WHEN e.breaker = 'OPEN' THEN excluded.resumed_at ELSE e.breaker_until END,
          version = e.version + 1""";

  private static final String OPEN =
      """
      INSERT INTO endpoint AS e (name, breaker, breaker_until, breaker_sentence, opened_count, version)
      VALUES (?, 'OPEN', ?, ?, ?, 1)
      ON CONFLICT (name) DO UPDATE
        SET breaker = 'OPEN', breaker_until = excluded.breaker_until, breaker_sentence = excluded.breaker_sentence,
          opened_count = excluded.opened_count, probe_owner = NULL, probe_until = NULL, probes_passed = 0,
          window_from = NULL, window_calls = 0, window_failures = 0, version = e.version + 1
      WHERE e.version = ?""";

  private static final String PROBED =
      """
      UPDATE endpoint SET probes_passed = ?, probe_until = ?
      WHERE name = ? AND version = ? AND breaker = 'HALF_OPEN'""";

  private static final String CLOSE =
      """
      UPDATE endpoint SET breaker = 'CLOSED', breaker_until = NULL, breaker_sentence = NULL, opened_count = 0, ramp_from = ?,
        probe_owner = NULL, probe_until = NULL, probes_passed = 0, window_from = NULL, window_calls = 0,
        window_failures = 0, version = version + 1
      WHERE name = ? AND version = ? AND breaker = 'HALF_OPEN'""";

  // A window of half a minute: the first to write after it ended begins the next one.
  private static final String COUNTS =
      """
      INSERT INTO endpoint AS e (name, window_from, window_calls, window_failures, retry_tokens, retry_at)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE
        SET window_from = CASE WHEN e.version <> ? THEN e.window_from
              WHEN e.window_from > excluded.window_from - interval '30 seconds' THEN e.window_from
              ELSE excluded.window_from END,
          window_calls = CASE WHEN e.version <> ? THEN e.window_calls
              WHEN e.window_from > excluded.window_from - interval '30 seconds' THEN e.window_calls + excluded.window_calls
              ELSE excluded.window_calls END,
          window_failures = CASE WHEN e.version <> ? THEN e.window_failures
              WHEN e.window_from > excluded.window_from - interval '30 seconds' THEN e.window_failures + excluded.window_failures
              ELSE excluded.window_failures END,
          retry_tokens = greatest(-?, least(?, e.retry_tokens
            + ? * greatest(0, extract(epoch FROM excluded.retry_at - coalesce(e.retry_at, excluded.retry_at)))) + ?),
          retry_at = excluded.retry_at""";

  // Only where there is something to probe with: a grant that nobody uses keeps the others waiting.
  private static final String GRANT =
      """
      UPDATE endpoint e SET breaker = 'HALF_OPEN', probe_owner = ?, probe_until = ?, version = e.version + 1
      WHERE e.name = ? AND (e.breaker = 'OPEN' AND coalesce(e.breaker_until, '-infinity') <= ?
          OR e.breaker = 'HALF_OPEN' AND coalesce(e.probe_until, '-infinity') <= ?)
        AND (EXISTS (SELECT 1 FROM delivery d WHERE d.destination = ? AND d.state = 'READY' AND d.due_at <= ?)
          OR EXISTS (SELECT 1 FROM delivery d WHERE d.destination = ? AND d.state = 'SENDING' AND d.lease_until <= ?))
      RETURNING e.version, e.probes_passed""";

  private static final String ALL =
      """
      SELECT name, version, paused_until, pause_kind, pause_sentence, breaker, breaker_until, breaker_sentence, opened_count,
        probe_until, probes_passed, ramp_from, window_from, window_calls, window_failures, retry_tokens, retry_at
      FROM endpoint""";

  private EndpointStore() {}

  static void pause(Statements statements, String name, Endpoint.Pause pause) {
    statements.add(PAUSE, name, pause.until(), pause.kind(), pause.sentence(), pause.seenAt());
  }

  static void resume(Statements statements, String name, Instant at) {
    statements.add(RESUME, name, at);
  }

  static void change(Statements statements, String name, Endpoint.Change change) {
    switch (change) {
      case Endpoint.Opened opened ->
          statements.add(
              OPEN,
              name,
              opened.until(),
              opened.sentence(),
              opened.openedCount(),
              opened.version());
      case Endpoint.Probed probed ->
          statements.add(PROBED, probed.passed(), probed.until(), name, probed.version());
      case Endpoint.Closed closed ->
          statements.add(CLOSE, closed.rampFrom(), name, closed.version());
    }
  }

  static void counts(Statements statements, String name, Endpoint.Counts counts, Instant now) {
    statements.add(
        COUNTS,
        name,
        now,
        counts.calls(),
        counts.failures(),
        Math.min(RetryBudget.MOST, RetryBudget.MOST + counts.retryTokens()),
        now,
        counts.version(),
        counts.version(),
        counts.version(),
        RetryBudget.MOST,
        RetryBudget.MOST,
        RetryBudget.PER_SECOND,
        counts.retryTokens());
  }

  /** The right to probe. */
  record Grant(long version, int passed) {}

  /** Takes the right to probe; null when another has it or nothing is due. */
  static Grant grant(Connection connection, String name, String owner, Instant until, Instant now)
      throws SQLException {
    var granted = new Grant[1];
    new Statements()
        .query(
            GRANT,
            rows -> {
              if (rows.next()) {
                granted[0] = new Grant(rows.getLong(1), rows.getInt(2));
              }
            },
            owner,
            until,
            name,
            now,
            now,
            name,
            now,
            name,
            now)
        .execute(connection);
    return granted[0];
  }

  /** How all endpoints stand. */
  static Map<String, Endpoint.Shared> all(Connection connection) throws SQLException {
    var all = new HashMap<String, Endpoint.Shared>();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(ALL)) {
      while (rows.next()) {
        all.put(rows.getString("name"), read(rows));
      }
    }
    return all;
  }

  private static Endpoint.Shared read(ResultSet rows) throws SQLException {
    return new Endpoint.Shared(
        rows.getLong("version"),
        instant(rows.getTimestamp("paused_until")),
        rows.getString("pause_kind"),
        rows.getString("pause_sentence"),
        Endpoint.Breaker.valueOf(rows.getString("breaker")),
        instant(rows.getTimestamp("breaker_until")),
        rows.getString("breaker_sentence"),
        rows.getInt("opened_count"),
        instant(rows.getTimestamp("probe_until")),
        rows.getInt("probes_passed"),
        instant(rows.getTimestamp("ramp_from")),
        instant(rows.getTimestamp("window_from")),
        rows.getInt("window_calls"),
        rows.getInt("window_failures"),
        rows.getDouble("retry_tokens"),
        instant(rows.getTimestamp("retry_at")));
  }

  private static Instant instant(Timestamp at) {
    return at == null ? null : at.toInstant();
  }
}
