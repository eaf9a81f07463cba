package io.serai.deadletter;

import static io.serai.deadletter.Transaction.instant;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Counts dead letters that are over, discarded or resolved, by something else than their cause.
 *
 * <p>Guarantee: a reading walks the newest {@value CauseHistory#NEWEST} failures, however many
 * there are, and counts each message and delivery once, by its latest failure. Gap: what failed and
 * went through when it was tried again by itself counts as resolved.
 */
public final class EndedCounts {
  private static final int MOST = 1_000;
  private static final String ENDED =
      """
      WITH newest AS (
        SELECT id, kind, route, step, message_id, delivery_id FROM failure
        WHERE message_id IS NOT NULL OR delivery_id IS NOT NULL ORDER BY id DESC LIMIT ?),
      latest AS (
        SELECT DISTINCT ON (delivery_id, CASE WHEN delivery_id IS NULL THEN message_id END) * FROM newest
        ORDER BY delivery_id, CASE WHEN delivery_id IS NULL THEN message_id END, id DESC),
      dead AS (
        SELECT 'MESSAGE' AS type, f.kind, f.route, f.step, m.account, m.account AS channel, m.document, m.order_id,
               m.state, m.finished_at AS ended_at
        FROM latest f JOIN inbox_message m ON m.id = f.message_id
        WHERE f.delivery_id IS NULL AND m.finished_at IS NOT NULL
        UNION ALL
        SELECT 'DELIVERY', f.kind, f.route, f.step, d.destination,
               (SELECT s.account FROM sales_order s WHERE s.id = d.order_id), d.document, d.order_id, d.state, d.finished_at
        FROM latest f JOIN delivery d ON d.id = f.delivery_id
        WHERE d.finished_at IS NOT NULL AND d.state NOT IN ('PARKED', 'REFUSED'))
      SELECT %s AS part, count(*), count(DISTINCT dead.order_id), min(ended_at), max(ended_at) FROM dead %s
      WHERE (state = 'DISCARDED') = ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?""";
  private static final String ARTICLES =
      "LEFT JOIN LATERAL (SELECT DISTINCT sku FROM order_line WHERE order_id = dead.order_id) l ON true";

  private final DataSource database;

  /** Of one database. */
  public EndedCounts(DataSource database) {
    this.database = database;
  }

  /**
   * The largest part first, at most a thousand.
   *
   * @param discarded whether those that were given up are meant, or those that were not
   * @return with the times at which they ended
   */
  public List<DeadLetterCount> of(DeadLetterCount.By by, boolean discarded) {
    var part =
        switch (by) {
          case KIND -> "dead.kind";
          case ACCOUNT -> "dead.account";
          case CHANNEL -> "dead.channel";
          case DOCUMENT -> "dead.document";
          case TYPE -> "dead.type";
          case ROUTE -> "dead.route";
          case STEP -> "dead.step";
          case SKU -> "l.sku";
          case DAY -> "to_char(dead.ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
        };
    return Transaction.snapshot(
        database,
        connection -> {
          var counts = new ArrayList<DeadLetterCount>();
          try (var select =
              connection.prepareStatement(
                  ENDED.formatted(part, by == DeadLetterCount.By.SKU ? ARTICLES : ""))) {
            select.setInt(1, CauseHistory.NEWEST);
            select.setBoolean(2, discarded);
            select.setInt(3, MOST);
            try (var row = select.executeQuery()) {
              while (row.next()) {
                counts.add(
                    new DeadLetterCount(
                        row.getString(1),
                        row.getInt(2),
                        row.getInt(3),
                        instant(row.getObject(4, OffsetDateTime.class)),
                        instant(row.getObject(5, OffsetDateTime.class))));
              }
            }
          }
          return counts;
        });
  }
}
