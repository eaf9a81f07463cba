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

  /** Deliveries that get their time back in one transaction. */
  static final int STEP = 5_000;

  // A destination goes on when no window of it is left: gently, and with the time it lost given to
  // what waited, so that nothing is given up because of it. That is done in steps along the lanes,
  // and it is left alone until the last. Deliveries are locked by id, as everywhere. Two replicas
  // that come at once wait for each other here, and the second goes on where the first was. Where a
  // window begins before another is given back wholly, some get its time twice: they wait longer
  // before they are given up.
  private static final String CLOSE =
      """
      WITH over AS (
        SELECT m.id, m.destination, m.starts_at, m.given_back_lane, m.given_back_id FROM maintenance m
        WHERE m.closed_at IS NULL AND least(m.ends_at, coalesce(m.ended_at, m.ends_at)) <= ?
          AND NOT EXISTS (SELECT 1 FROM maintenance o
            WHERE o.destination = m.destination AND o.closed_at IS NULL AND o.starts_at <= ?
              AND least(o.ends_at, coalesce(o.ended_at, o.ends_at)) > ?)
        ORDER BY m.id FOR UPDATE
      ), held AS (
        SELECT DISTINCT ON (destination) destination, given_back_lane AS lane, given_back_id AS id,
          min(starts_at) OVER (PARTITION BY destination) AS since
        FROM over ORDER BY destination, given_back_lane, given_back_id
      ), step AS (
        SELECT held.destination, w.lane, w.id, ?::timestamptz - greatest(held.since, w.created_at) AS lost
        FROM held CROSS JOIN LATERAL (
          SELECT d.lane, d.id, d.created_at FROM delivery d
          WHERE d.state IN ('READY', 'PENDING', 'SENDING', 'WAITING') AND d.destination = held.destination
            AND d.created_at < ? AND (d.lane, d.id) > (held.lane, held.id)
          ORDER BY d.lane, d.id LIMIT ?) w
      ), ends AS (
        SELECT held.destination, count(step.id) < ? AS last,
          (array_agg(step.lane ORDER BY step.lane DESC, step.id DESC))[1] AS lane,
          (array_agg(step.id ORDER BY step.lane DESC, step.id DESC))[1] AS id
        FROM held LEFT JOIN step USING (destination) GROUP BY held.destination
      ), closed AS (
        UPDATE maintenance m SET closed_at = CASE WHEN ends.last THEN ?::timestamptz END,
          given_back_lane = coalesce(ends.lane, m.given_back_lane), given_back_id = coalesce(ends.id, m.given_back_id)
        FROM over JOIN ends USING (destination) WHERE m.id = over.id
      ), ramped AS (
        INSERT INTO endpoint AS e (name, ramp_from, version) SELECT destination, ?, 1 FROM ends WHERE last
        ON CONFLICT (name) DO UPDATE SET ramp_from = excluded.ramp_from, version = e.version + 1
      ), waited AS (
        SELECT d.id, step.lost FROM step JOIN delivery d ON d.id = step.id
        WHERE d.state IN ('READY', 'PENDING', 'SENDING', 'WAITING') ORDER BY d.id FOR UPDATE OF d
      ), given AS (
        UPDATE delivery d SET deadline_at = d.deadline_at + w.lost,
          due_at = CASE WHEN d.state = 'PENDING' THEN d.due_at + w.lost ELSE d.due_at END
        FROM waited w WHERE d.id = w.id)
      SELECT EXISTS (SELECT FROM ends WHERE NOT last)""";

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

  /**
   * Lets go on what no window holds up any more, one step of it.
   *
   * @return whether there is more to do
   */
  static boolean close(Connection connection, Instant now) throws SQLException {
    var more = new boolean[1];
    new Statements()
        .query(
            CLOSE,
            rows -> {
              rows.next();
              more[0] = rows.getBoolean(1);
            },
            now,
            now,
            now,
            now,
            now,
            STEP,
            STEP,
            now,
            now)
        .execute(connection);
    return more[0];
  }
}
