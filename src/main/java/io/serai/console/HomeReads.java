package io.serai.console;

import io.serai.api.Reads;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What flows and what waits, counted small: each figure is one short walk along an index, and says
 * so where it stopped counting.
 */
final class HomeReads {
  static final Duration WINDOW = Duration.ofMinutes(15);

  /** Where counting stops: beyond it the figure is "at least". */
  static final int MOST = 50_000;

  private final Reads reads;

  HomeReads(Reads reads) {
    this.reads = reads;
  }

  /**
   * What came from one channel of late.
   *
   * @param account the channel
   * @param orders taken in the window
   * @param last when the newest was taken
   */
  record Inflow(String account, long orders, Instant last) {}

  /**
   * What is to be done for one thing.
   *
   * @param name an account or a destination
   * @param waiting how many are due or will be
   * @param oldest when the oldest of them came
   */
  record Queue(String name, long waiting, Instant oldest) {}

  /** All figures of one instant. */
  record Flow(
      List<Inflow> inflow, boolean capped, List<Queue> inbox, List<Queue> outbox, int overdue) {
    long orders() {
      return inflow.stream().mapToLong(Inflow::orders).sum();
    }

    long waiting() {
      return inbox.stream().mapToLong(Queue::waiting).sum();
    }

    long owed() {
      return outbox.stream().mapToLong(Queue::waiting).sum();
    }
  }

  Flow flow(Instant now) {
    return reads.read(
        jdbc -> {
          var inflow = inflow(jdbc, now);
          return new Flow(
              inflow,
              inflow.stream().mapToLong(Inflow::orders).sum() >= MOST,
              queues(
                  jdbc,
                  """
                  SELECT account AS name, count(*) AS waiting, min(received_at) AS oldest
                  FROM (SELECT account, received_at FROM inbox_message WHERE state = 'RECEIVED' LIMIT :most) AS open
                  GROUP BY account ORDER BY waiting DESC
                  """),
              queues(
                  jdbc,
                  """
                  SELECT destination AS name, count(*) AS waiting, min(created_at) AS oldest
                  FROM (SELECT destination, created_at FROM delivery WHERE state = 'READY' LIMIT :most) AS open
                  GROUP BY destination ORDER BY waiting DESC
                  """),
              overdue(jdbc, now));
        });
  }

  // Order ids begin with their time, so the primary key finds the newest.
  private static List<Inflow> inflow(JdbcClient jdbc, Instant now) {
    long from = now.minus(WINDOW).toEpochMilli();
    return jdbc.sql(
            """
            SELECT account, count(*) AS orders, max(received_at) AS last
            FROM (SELECT account, received_at FROM sales_order WHERE id >= :from ORDER BY id DESC LIMIT :most) AS newest
            GROUP BY account ORDER BY orders DESC
            """)
        .param("from", new UUID(from << 16, 0))
        .param("most", MOST)
        .query(
            (row, n) ->
                new Inflow(
                    row.getString("account"),
                    row.getLong("orders"),
                    instant(row.getObject("last", OffsetDateTime.class))))
        .list();
  }

  private static List<Queue> queues(JdbcClient jdbc, String sql) {
    return jdbc.sql(sql)
        .param("most", MOST)
        .query(
            (row, n) ->
                new Queue(
                    row.getString("name"),
                    row.getLong("waiting"),
                    instant(row.getObject("oldest", OffsetDateTime.class))))
        .list();
  }

  private static int overdue(JdbcClient jdbc, Instant now) {
    return jdbc.sql("SELECT count(*) FROM order_hold WHERE released_at IS NULL AND due_at < :now")
        .param("now", Timestamp.from(now))
        .query(Integer.class)
        .single();
  }

  /** A mark that changes when dead letters come or go, and one for replays. */
  record Pulse(String deadLetters, String jobs, String orders) {
    /** With a large pile there is news of dead letters when it was counted again. */
    Pulse of(String count) {
      return count.isEmpty() ? this : new Pulse(count, jobs, orders);
    }
  }

  Pulse pulse() {
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT (SELECT coalesce(max(id), 0) FROM failure) || '/' ||
                           (SELECT count(*) FROM inbox_message WHERE state = 'PARKED') || '/' ||
                           (SELECT count(*) FROM delivery WHERE state = 'PARKED') AS letters,
                           (SELECT coalesce(sum(replayed + skipped + failed), 0) || '/' || count(*) || '/'
                                   || coalesce(string_agg(state, '' ORDER BY id), '')
                            FROM (SELECT id, state, replayed, skipped, failed FROM replay_job
                                  ORDER BY id DESC LIMIT 20) AS newest) AS jobs,
                           (SELECT coalesce(max(id), 0)::text FROM order_event) AS orders
                    """)
                .query(
                    (row, n) ->
                        new Pulse(
                            row.getString("letters"),
                            row.getString("jobs"),
                            row.getString("orders")))
                .single());
  }

  private static Instant instant(OffsetDateTime at) {
    return at == null ? null : at.toInstant();
  }
}
