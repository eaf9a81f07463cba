package io.serai.outbox;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the engine reads of maintenance windows, and how it ends one. */
final class MaintenanceStore {
  private static final String READ =
      """
      SELECT destination, starts_at, least(ends_at, coalesce(ended_at, ends_at)) AS over_at, reason
      FROM maintenance WHERE closed_at IS NULL""";

  // A destination goes on when no window of it is left: gently, and with the time it lost given to
  // what waited, so that nothing is given up because of it. Deliveries are locked by id, as
  // everywhere. Two replicas that come at once wait for each other here, and the second finds none.
  private static final String CLOSE =
      """
      WITH over AS (
        SELECT m.id FROM maintenance m
        WHERE m.closed_at IS NULL AND least(m.ends_at, coalesce(m.ended_at, m.ends_at)) <= ?
          AND NOT EXISTS (SELECT 1 FROM maintenance o
            WHERE o.destination = m.destination AND o.closed_at IS NULL AND o.starts_at <= ?
              AND least(o.ends_at, coalesce(o.ended_at, o.ends_at)) > ?)
        ORDER BY m.id FOR UPDATE
      ), closed AS (
        UPDATE maintenance m SET closed_at = ? FROM over WHERE m.id = over.id RETURNING m.destination, m.starts_at
      ), held AS (
        SELECT destination, min(starts_at) AS since FROM closed GROUP BY destination
      ), ramped AS (
        INSERT INTO endpoint AS e (name, ramp_from, version) SELECT destination, ?, 1 FROM held
        ON CONFLICT (name) DO UPDATE SET ramp_from = excluded.ramp_from, version = e.version + 1
      ), waited AS (
        SELECT d.id, ? - greatest(held.since, d.created_at) AS lost FROM held
        JOIN delivery d ON d.destination = held.destination AND d.state IN ('READY', 'PENDING', 'SENDING', 'WAITING') AND d.created_at < ?
        ORDER BY d.id FOR UPDATE OF d)
      UPDATE delivery d SET deadline_at = d.deadline_at + w.lost,
        due_at = CASE WHEN d.state = 'PENDING' THEN d.due_at + w.lost ELSE d.due_at END
      FROM waited w WHERE d.id = w.id""";

  private MaintenanceStore() {}

  /** A window as the engine sees it. */
  record Held(Instant from, Instant over, String reason) {}

  /** Every window that is planned, open, or over and not yet closed, by destination. */
  static Map<String, List<Held>> open(Connection connection) throws SQLException {
    var open = new HashMap<String, List<Held>>();
    new Statements()
        .query(
            READ,
            rows -> {
              while (rows.next()) {
                open.computeIfAbsent(rows.getString(1), name -> new ArrayList<>())
                    .add(
                        new Held(
                            rows.getTimestamp(2).toInstant(),
                            rows.getTimestamp(3).toInstant(),
                            rows.getString(4)));
              }
            })
        .execute(connection);
    return open;
  }

  /** Lets go on what no window holds up any more. */
  static void close(Connection connection, Instant now) throws SQLException {
    new Statements().add(CLOSE, now, now, now, now, now, now, now).execute(connection);
  }
}
