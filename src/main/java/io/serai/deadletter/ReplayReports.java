package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Reads how a replay goes and what is left of it.
 *
 * <p>Gap: what was given back to the engine and is not tried yet counts as not left.
 */
public final class ReplayReports {
  /** Items that are named at once. */
  public static final int MOST = 10_000;

  private static final int CAUSES = 20;
  private static final Duration OF_LATE = Duration.ofSeconds(10);

  private static final String PACE =
      """
      SELECT count(*), extract(epoch FROM ?::timestamptz - min(worked_at)) FROM (
        SELECT worked_at FROM replay_item
        WHERE job_id = ? AND state <> 'PLANNED'
          AND ordinal < coalesce((SELECT min(ordinal) FROM replay_item WHERE job_id = ? AND state = 'PLANNED'), 2147483647)
        ORDER BY ordinal DESC LIMIT 20000) AS newest
      WHERE worked_at > ?""";

  private static final String WHY =
      """
      SELECT state, regexp_replace(regexp_replace(coalesce(detail, 'No reason is kept.'), '''[^'']*''', '''…''', 'g'),
               '[0-9]+', '…', 'g') AS cause, count(*), min(item)
      FROM replay_item WHERE job_id = ? AND state IN ('FAILED', 'SKIPPED')
      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?""";

  private static final String DEAD =
      """
      SELECT i.item FROM replay_item i
      LEFT JOIN inbox_message m ON m.id = CASE WHEN i.item LIKE 'msg%' THEN substr(i.item, 5)::bigint END
      LEFT JOIN delivery d ON d.id = CASE WHEN i.item LIKE 'dlv%' THEN substr(i.item, 5)::bigint END
      WHERE i.job_id = ? AND (?::text IS NULL OR i.state = ?)
        AND (m.state = 'PARKED' OR d.state = 'PARKED' OR d.state = 'REFUSED' AND d.failure_id IS NOT NULL)
      ORDER BY i.ordinal""";

  private static final String ORDERS =
      "SELECT item FROM replay_item WHERE job_id = ? AND (?::text IS NULL OR state = ?) AND item LIKE 'ord%' ORDER BY ordinal";

  private static final String HELD =
      "SELECT id FROM sales_order WHERE id = ANY (?) AND hold IN ('UNMAPPED', 'UNALLOCATABLE')";

  private final DataSource database;
  private final Clock clock;

  /** Reads one database. */
  public ReplayReports(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** How it goes; empty when there is no such replay. */
  public Optional<ReplayReport> of(String id) {
    var number = Replay.jobNumber(id);
    return number.isEmpty()
        ? Optional.empty()
        : Transaction.snapshot(
            database,
            connection -> {
              var job = Replay.find(connection, number.get());
              return job.isEmpty()
                  ? Optional.empty()
                  : Optional.of(report(connection, number.get(), job.get()));
            });
  }

  private ReplayReport report(Connection connection, long number, ReplayJob job)
      throws SQLException {
    if (job.state() != ReplayJob.State.RUNNING) {
      return new ReplayReport(
          0, null, causes(connection, number), left(connection, number, null).size());
    }
    var pace = pace(connection, number);
    var expected = pace > 0 ? pace : job.rate();
    return new ReplayReport(
        pace, (long) Math.ceil(job.remaining() / expected), causes(connection, number), 0);
  }

  /**
   * Its items that are dead letters now, in their order.
   *
   * @param state only those of which this came, or null
   */
  public List<String> left(String id, ReplayItem.State state) {
    var number = Replay.jobNumber(id);
    return number.isEmpty()
        ? List.of()
        : Transaction.snapshot(database, connection -> left(connection, number.get(), state));
  }

  private double pace(Connection connection, long job) throws SQLException {
    var now = clock.instant();
    try (var select = connection.prepareStatement(PACE)) {
      select.setObject(1, at(now));
      select.setLong(2, job);
      select.setLong(3, job);
      select.setObject(4, at(now.minus(OF_LATE)));
      try (var row = select.executeQuery()) {
        row.next();
        return row.getInt(1) == 0 ? 0 : row.getInt(1) / Math.max(1, row.getDouble(2));
      }
    }
  }

  private static List<ReplayReport.Cause> causes(Connection connection, long job)
      throws SQLException {
    var causes = new ArrayList<ReplayReport.Cause>();
    try (var select = connection.prepareStatement(WHY)) {
      select.setLong(1, job);
      select.setInt(2, CAUSES);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          causes.add(
              new ReplayReport.Cause(
                  ReplayItem.State.valueOf(rows.getString(1)),
                  rows.getString(2),
                  rows.getInt(3),
                  rows.getString(4)));
        }
      }
    }
    return causes;
  }

  private static List<String> left(Connection connection, long job, ReplayItem.State state)
      throws SQLException {
    var left = items(connection, DEAD, job, state);
    var orders = new ArrayList<UUID>();
    for (var item : items(connection, ORDERS, job, state)) {
      ItemId.parse(item).ifPresent(id -> orders.add(id.order()));
    }
    if (!orders.isEmpty()) {
      try (var select = connection.prepareStatement(HELD)) {
        select.setArray(1, connection.createArrayOf("uuid", orders.toArray()));
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            left.add(ItemId.ofOrder(rows.getObject(1, UUID.class)));
          }
        }
      }
    }
    return left;
  }

  private static List<String> items(
      Connection connection, String query, long job, ReplayItem.State state) throws SQLException {
    var items = new ArrayList<String>();
    try (var select = connection.prepareStatement(query)) {
      select.setLong(1, job);
      select.setString(2, state == null ? null : state.name());
      select.setString(3, state == null ? null : state.name());
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          items.add(rows.getString(1));
        }
      }
    }
    return items;
  }
}
