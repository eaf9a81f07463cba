package io.serai.api;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes one node's snapshot in a fixed number of statements, rows locked in key order like every
 * other writer of stock.
 *
 * <p>Guarantee: {@code on_hand} takes effect down to what is allocated and the rest is noted as a
 * shortage; every unit that comes or goes is a movement; what channels sell is marked for
 * publication. One transaction, or the caller's. Gap: orders that wait for stock are not looked at
 * here.
 */
final class SnapshotStock implements StockReporting {
  private static final String LOCK =
      """
      SELECT s.sku FROM stock_level s JOIN unnest(?::text[]) AS r (sku) ON r.sku = s.sku
      WHERE s.node = ? ORDER BY s.sku FOR UPDATE OF s
      """;

  private static final String APPLY =
      """
      WITH reported AS (
        SELECT sku, on_hand FROM unnest(?::text[], ?::integer[]) AS r (sku, on_hand)
      ), before AS (
        SELECT s.sku, s.on_hand, s.allocated, s.shortage, s.as_of
        FROM stock_level s JOIN reported r ON r.sku = s.sku WHERE s.node = ?
      ), inserted AS (
        INSERT INTO stock_level (sku, node, on_hand, source, source_sequence, as_of)
        SELECT r.sku, ?, r.on_hand, ?, ?, ?
        FROM reported r WHERE NOT EXISTS (SELECT FROM before b WHERE b.sku = r.sku) ORDER BY r.sku
        RETURNING sku, on_hand
      ), updated AS (
        UPDATE stock_level s
        SET on_hand = greatest(r.on_hand, s.allocated), shortage = greatest(s.allocated - r.on_hand, 0),
            source = ?, source_sequence = ?, as_of = ?
        FROM reported r JOIN before b ON b.sku = r.sku
        WHERE s.sku = r.sku AND s.node = ? AND b.as_of <= ?
        RETURNING s.sku, s.on_hand, b.on_hand AS was, s.allocated, s.shortage, b.shortage AS short_before
      ), moved AS (
        INSERT INTO stock_movement (sku, node, quantity, debit, credit, cause, actor, occurred_at)
        SELECT sku, ?, abs(change), CASE WHEN change > 0 THEN 'outside' ELSE 'available' END,
               CASE WHEN change > 0 THEN 'available' ELSE 'outside' END, 'snapshot', ?, ?
        FROM (SELECT sku, on_hand - was AS change FROM updated
              UNION ALL SELECT sku, on_hand FROM inserted) AS c
        WHERE change <> 0
      ), marked AS (
        UPDATE publication p SET marked_at = coalesce(p.marked_at, ?), urgent = p.urgent OR c.change < 0
        FROM (SELECT sku, on_hand - was AS change FROM updated WHERE on_hand <> was
              UNION ALL SELECT sku, on_hand FROM inserted) AS c
        WHERE p.sku = c.sku
      )
      SELECT sku, on_hand - was AS change, allocated, shortage, shortage <> short_before AS short_changed
      FROM updated
      UNION ALL SELECT sku, on_hand, 0, 0, true FROM inserted
      """;

  private final DataSource database;
  private final Clock clock;

  SnapshotStock(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Outcome apply(
      String node, List<Level> levels, Instant asOf, String sequence, String actor) {
    var sorted = levels.stream().sorted(Comparator.comparing(Level::sku)).toList();
    return new JdbcTemplate(database)
        .execute((Connection connection) -> apply(connection, node, sorted, asOf, sequence, actor));
  }

  private Outcome apply(
      Connection connection,
      String node,
      List<Level> levels,
      Instant asOf,
      String sequence,
      String actor)
      throws SQLException {
    var skus = connection.createArrayOf("text", levels.stream().map(Level::sku).toArray());
    var counts = connection.createArrayOf("integer", levels.stream().map(Level::onHand).toArray());
    var at = asOf.atOffset(ZoneOffset.UTC);
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    try (var lock = connection.prepareStatement(LOCK)) {
      lock.setArray(1, skus);
      lock.setString(2, node);
      lock.executeQuery().close();
    }
    int changed = 0;
    int unchanged = 0;
    var shortages = new ArrayList<Shortage>();
    try (var apply = connection.prepareStatement(APPLY)) {
      Object[] values = {
        node, node, actor, sequence, at, actor, sequence, at, node, at, node, actor, now, now
      };
      apply.setArray(1, skus);
      apply.setArray(2, counts);
      for (int i = 0; i < values.length; i++) {
        apply.setObject(i + 3, values[i]);
      }
      try (var row = apply.executeQuery()) {
        while (row.next()) {
          if (row.getInt("change") != 0 || row.getBoolean("short_changed")) {
            changed++;
          } else {
            unchanged++;
          }
          int missing = row.getInt("shortage");
          if (missing > 0) {
            int allocated = row.getInt("allocated");
            shortages.add(
                new Shortage(row.getString("sku"), allocated - missing, allocated, missing));
          }
        }
      }
    }
    shortages.sort(Comparator.comparing(Shortage::sku));
    return new Outcome(changed, unchanged, levels.size() - changed - unchanged, shortages);
  }
}
