package io.serai.reconcile;

import io.serai.support.Ids;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Ranks SKUs by their share of the units sold in the last ninety days: A make up the first so many
 * percent, B the next, C the rest. A class that people gave an article holds instead.
 *
 * <p>Guarantee: each day is counted once, after it is over, by a range of the primary key, so what
 * a night costs does not grow with the orders of all time. While nothing was sold, everything is A.
 */
final class SalesRanks {
  private static final int DAYS = 90;

  private static final String MISSING =
      """
      SELECT g.day::date FROM generate_series(?::date, ?::date, interval '1 day') AS g(day)
      WHERE NOT EXISTS (SELECT 1 FROM sku_sale_day d WHERE d.day = g.day::date) ORDER BY 1""";

  private static final String COUNT =
      """
      INSERT INTO sku_sale (day, sku, units)
      SELECT ?::date, sku, sum(ordered - cancelled) FROM order_line
      WHERE order_id >= ? AND order_id < ? AND sku IS NOT NULL AND ordered > cancelled
      GROUP BY sku ON CONFLICT (day, sku) DO NOTHING""";

  private static final String RANKED =
      """
      SELECT coalesce(r.sku, i.sku), coalesce(i.abc_class,
        CASE WHEN r.before < r.total * ? THEN 'A' WHEN r.before < r.total * ? THEN 'B' ELSE 'C' END)
      FROM (
        SELECT sku, sum(units) OVER () * 1.0 AS total,
          (sum(units) OVER (ORDER BY units DESC, sku) - units) * 100.0 AS before
        FROM (SELECT sku, sum(units) AS units FROM sku_sale GROUP BY sku) s) r
      FULL JOIN (SELECT sku, abc_class FROM item WHERE abc_class IS NOT NULL) i USING (sku)""";

  private final DataSource database;

  SalesRanks(DataSource database) {
    this.database = database;
  }

  /** Counts what is over and not counted yet, forgets what is too old, and ranks. */
  Ranks at(Instant now, Terms terms) throws SQLException {
    var today = now.atOffset(ZoneOffset.UTC).toLocalDate();
    var days = new ArrayList<LocalDate>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              MISSING,
              rows -> {
                while (rows.next()) {
                  days.add(LocalDate.parse(rows.getString(1)));
                }
              },
              today.minusDays(DAYS).toString(),
              today.minusDays(1).toString())
          .execute(connection);
      for (var day : days) {
        new Statements()
            .add(COUNT, day.toString(), first(day), first(day.plusDays(1)))
            .add(
                "INSERT INTO sku_sale_day (day) VALUES (?::date) ON CONFLICT DO NOTHING",
                day.toString())
            .inTransaction(connection);
      }
      new Statements()
          .add("DELETE FROM sku_sale WHERE day < ?::date", today.minusDays(DAYS).toString())
          .add("DELETE FROM sku_sale_day WHERE day < ?::date", today.minusDays(DAYS).toString())
          .execute(connection);
      var classes = new HashMap<String, Character>();
      var sold = new boolean[1];
      new Statements()
          .query(
              RANKED,
              rows -> {
                while (rows.next()) {
                  classes.put(rows.getString(1), rows.getString(2).charAt(0));
                }
              },
              terms.shareA(),
              terms.shareB())
          .query(
              "SELECT EXISTS (SELECT 1 FROM sku_sale)",
              rows -> {
                rows.next();
                sold[0] = rows.getBoolean(1);
              })
          .execute(connection);
      return new Ranks(classes, sold[0] ? 'C' : 'A');
    }
  }

  private static UUID first(LocalDate day) {
    return Ids.first(day.atStartOfDay().toInstant(ZoneOffset.UTC));
  }
}
