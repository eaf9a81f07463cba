package io.serai.api;

import io.serai.failure.FailureException;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.hub.StockTotals;
import io.serai.order.StockReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reports stock as a partner's snapshot would: through the engine's one writer, which moves units,
 * wakes orders that wait and marks what channels have to be told.
 *
 * <p>Guarantee: returns after the commit. Gap: a large report goes in parts, so that orders are not
 * held up by it; when the process dies in between, some parts are in, and sending it again is safe.
 */
final class EngineStock implements StockReporting {
  private static final int PART = 1_000;
  private static final long PATIENCE_SECONDS = 30;

  private final Apply engine;
  private final JdbcClient jdbc;

  EngineStock(Apply engine, DataSource database) {
    this.engine = engine;
    this.jdbc = JdbcClient.create(database);
  }

  @Override
  public Outcome apply(String node, List<Level> levels, Instant asOf, Long sequence, String actor) {
    var sorted = levels.stream().sorted(Comparator.comparing(Level::sku)).toList();
    int applied = 0;
    int stale = 0;
    int lacking = 0;
    for (int from = 0; from < sorted.size(); from += PART) {
      var part = sorted.subList(from, Math.min(from + PART, sorted.size()));
      var totals = applyPart(node, part, asOf, sequence, actor);
      applied += totals.applied();
      stale += totals.stale();
      lacking += totals.shortages();
    }
    return new Outcome(applied, stale, lacking == 0 ? List.of() : shortages(node, sorted));
  }

  private StockTotals applyPart(
      String node, List<Level> levels, Instant asOf, Long sequence, String actor) {
    var report =
        new StockReport(
            node,
            null,
            StockReport.Kind.ABSOLUTE,
            asOf,
            sequence,
            levels.stream()
                .map(level -> new StockReport.Level(level.sku(), level.onHand()))
                .toList(),
            false);
    var done = new CompletableFuture<ApplyResult>();
    engine.apply(report, null, actor, done::complete);
    try {
      return switch (done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()) {
        case ApplyResult.Applied applied -> (StockTotals) applied.detail();
        case ApplyResult.NoEffect none -> new StockTotals(0, levels.size(), 0);
        case ApplyResult.Failed failed -> throw new FailureException(failed.failure());
        case ApplyResult.Waits waits -> throw Problem.unavailable(waits.sentence());
        case ApplyResult.Fenced fenced ->
            throw Problem.unavailable("The hub is stopping; report the stock again.");
      };
    } catch (CompletionException e) {
      throw Problem.unavailable(
          "The stock was not committed within %d s; report it again, which is safe."
              .formatted(PATIENCE_SECONDS));
    } catch (FailureException e) {
      throw Problem.unprocessable(e.failure().sentence());
    }
  }

  private List<Shortage> shortages(String node, List<Level> levels) {
    var skus = levels.stream().map(Level::sku).toArray(String[]::new);
    return new ArrayList<>(
        jdbc.sql(
                """
                SELECT s.sku, s.on_hand, s.allocated, s.shortage
                FROM stock_level s JOIN unnest(:skus) AS r (sku) ON r.sku = s.sku
                WHERE s.node = :node AND s.shortage > 0 ORDER BY s.sku
                """)
            .param("skus", skus)
            .param("node", node)
            .query(
                (row, n) ->
                    new Shortage(
                        row.getString("sku"),
                        row.getInt("on_hand") - row.getInt("shortage"),
                        row.getInt("allocated"),
                        row.getInt("shortage")))
            .list());
  }
}
