package io.serai.deadletter;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/** Pauses a bulk replay when what it put back to work fails again. */
final class SpikeWatch {
  private static final int SPIKE_WINDOW = 2_000;

  private final Spike spike;

  SpikeWatch(Spike spike) {
    this.spike = spike;
  }

  /** Whether it has just paused the job. */
  boolean stops(Connection connection, long job, Instant now) throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            WITH recent AS MATERIALIZED (
              SELECT item, worked_at FROM replay_item
              WHERE job_id = ? AND state = 'REPLAYED' AND item NOT LIKE 'ord%'
                AND ordinal < coalesce((SELECT min(ordinal) FROM replay_item
                                        WHERE job_id = ? AND state = 'PLANNED'), 2147483647)
                AND worked_at >= (SELECT watched_from FROM replay_job WHERE id = ?)
              ORDER BY ordinal DESC LIMIT ?),
            outcome AS (
              SELECT r.item, m.state <> 'RECEIVED' OR m.attempt_count > 0 AS tried,
                     (SELECT max(f.kind) FROM failure f
                      WHERE f.message_id = m.id AND f.occurred_at >= r.worked_at) AS kind
              FROM recent r JOIN inbox_message m ON m.id = substr(r.item, 5)::bigint
              WHERE r.item LIKE 'msg%'
              UNION ALL
              SELECT r.item, d.state <> 'READY' OR d.attempt_count > 0,
                     (SELECT max(f.kind) FROM failure f
                      WHERE f.delivery_id = d.id AND f.occurred_at >= r.worked_at)
              FROM recent r JOIN delivery d ON d.id = substr(r.item, 5)::bigint
              WHERE r.item LIKE 'dlv%')
            SELECT kind, count(*), (SELECT count(*) FROM outcome WHERE tried OR kind IS NOT NULL)
            FROM outcome WHERE kind IS NOT NULL GROUP BY kind ORDER BY count(*) DESC, kind LIMIT 1
            """)) {
      select.setLong(1, job);
      select.setLong(2, job);
      select.setLong(3, job);
      select.setInt(4, SPIKE_WINDOW);
      try (var row = select.executeQuery()) {
        if (!row.next() || !spike.reached(row.getInt(2), row.getInt(3))) {
          return false;
        }
        pause(connection, job, row.getInt(2), row.getInt(3), row.getString(1), now);
        return true;
      }
    }
  }

  private void pause(
      Connection connection, long job, int failed, int tried, String kind, Instant now)
      throws SQLException {
    var reason =
        "Replay '%s' stopped itself: of the last %d items that were tried, %d failed again as %s."
                .formatted(Replay.jobId(job), tried, failed, kind)
            + " Cure that, then resume or abort it.";
    try (var update =
        connection.prepareStatement(
            "UPDATE replay_job SET state = 'PAUSED', reason = ? WHERE id = ?")) {
      update.setString(1, reason);
      update.setLong(2, job);
      update.executeUpdate();
    }
    Trail.audit(
        connection,
        "serai",
        "replay.pause",
        Replay.jobId(job),
        reason,
        Verb.state("RUNNING", 0),
        Verb.state("PAUSED", 0),
        now);
  }
}
