package io.serai.api;

import java.time.Instant;
import java.util.List;

/**
 * Takes one node's absolute counts. Set-based: the cost is that of a few statements a thousand
 * levels.
 */
public interface StockReporting {
  /**
   * Applies a snapshot of the listed SKUs; others of the node are left alone.
   *
   * @param node a node that exists
   * @param levels each SKU at most once, counts not negative
   * @param asOf the source's instant; levels already known of a later one are left alone
   * @param sequence the source's own number of this report, or null
   * @param actor who reports
   */
  Outcome apply(String node, List<Level> levels, Instant asOf, Long sequence, String actor);

  /**
   * One count.
   *
   * @param sku the article
   * @param onHand units that are there
   */
  record Level(String sku, int onHand) {}

  /**
   * What became of a snapshot.
   *
   * @param applied levels taken, changed or not
   * @param stale levels left alone because something later is known
   * @param shortages SKUs of which more is allocated than is there
   */
  record Outcome(int applied, int stale, List<Shortage> shortages) {}

  /**
   * More is promised than is there.
   *
   * @param sku the article
   * @param onHand units the source reports
   * @param allocated units promised
   * @param missing the difference
   */
  record Shortage(String sku, int onHand, int allocated, int missing) {}
}
