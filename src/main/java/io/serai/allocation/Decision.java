package io.serai.allocation;

import java.util.List;

/**
 * Which node ships what, and why: enough to explain the choice long after the figures changed.
 *
 * @param rule name and version of the policy that decided
 * @param outcome what came of it
 * @param assignments what ships where; empty unless the outcome is {@link Outcome#ALLOCATED}
 * @param verdicts every node that was looked at, in order, and why it won or lost
 * @param shortages what no node could promise
 * @param sentence the whole in plain words
 */
public record Decision(
    String rule,
    Outcome outcome,
    List<Assignment> assignments,
    List<Verdict> verdicts,
    List<Shortage> shortages,
    String sentence) {

  /** What came of it. */
  public enum Outcome {
    /** Every line has its node. */
    ALLOCATED,
    /** Stock is short: the order waits as a whole. */
    BACKORDERED,
    /** A SKU that no node knows: somebody has to say what it is. */
    UNKNOWN_SKU,
    /** No node may serve it. */
    UNALLOCATABLE,
    /** There is nothing to ship. */
    NOTHING_TO_SHIP
  }

  /** So many units of a line from a node. */
  public record Assignment(int lineNo, String sku, String node, int quantity) {}

  /**
   * How one node fared.
   *
   * @param chosen whether it ships something
   * @param reason why it won or lost, in plain words
   * @param figures what it could promise of each SKU at that instant, of those wanted
   */
  public record Verdict(String node, boolean chosen, String reason, List<Figure> figures) {}

  /** What a node could promise of a SKU; null when it does not stock it. */
  public record Figure(String sku, int wanted, Integer available) {}

  /** What was missing. */
  public record Shortage(int lineNo, String sku, int wanted, int available, boolean known) {}
}
