package io.serai.allocation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/**
 * Which node ships what, and why: enough to explain the choice long after the figures changed.
 *
 * @param rule name and version of the rule set that decided
 * @param outcome what came of it
 * @param assignments what ships where; empty unless something is allocated
 * @param verdicts every node that was looked at, in order, and why it won or lost
 * @param shortages what no node could promise
 * @param sentence the whole in plain words
 * @param applied names of the rules that applied, in order
 * @param actions what rules want besides, or null when nothing
 * @param shipments how many shipments it takes, or null when nothing ships
 * @param cost what they cost together, or null when that is not known
 */
public record Decision(
    String rule,
    Outcome outcome,
    List<Assignment> assignments,
    List<Verdict> verdicts,
    List<Shortage> shortages,
    String sentence,
    List<String> applied,
    Actions actions,
    Integer shipments,
    BigDecimal cost) {

  /** What came of it. */
  public enum Outcome {
    /** Every line has its node. */
    ALLOCATED,
    /** Some units have their node, the others wait for stock. */
    PARTLY_ALLOCATED,
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
   * @param excludedBy the rule or filter that took it out of the choice, or null
   * @param points sum of the scores, or null when there was nothing to compare
   * @param scores what made up the points, had it shipped what it could
   */
  public record Verdict(
      String node,
      boolean chosen,
      String reason,
      List<Figure> figures,
      String excludedBy,
      Double points,
      List<Score> scores) {}

  /**
   * What one scorer gave.
   *
   * @param scorer its name, or that of the rule that prefers the node
   * @param weight points of the best value, or null when a rule gave the points
   * @param value from 0 to 1, or null when a rule gave the points
   * @param points weight times value
   * @param because why, in plain words, or null
   */
  public record Score(String scorer, Double weight, Double value, double points, String because) {}

  /** What a node could promise of a SKU; null when it does not stock it. */
  public record Figure(String sku, int wanted, Integer available) {}

  /** What was missing. */
  public record Shortage(int lineNo, String sku, int wanted, int available, boolean known) {}

  /**
   * What rules want besides a choice of nodes.
   *
   * @param tags marks the order carries
   * @param holds why it waits for a person
   * @param priority its class, or null
   * @param suggestOnly true when the choice is a proposal, else null
   */
  public record Actions(
      List<String> tags, List<Hold> holds, String priority, Boolean suggestOnly) {}

  /**
   * A hold that a rule asks for.
   *
   * @param due how long it may take, or null for the usual time
   */
  public record Hold(String rule, String reason, String owner, Duration due) {}

  /** The same with one more sentence that tells why. */
  public Decision because(String more) {
    return new Decision(
        rule,
        outcome,
        assignments,
        verdicts,
        shortages,
        sentence + ' ' + more,
        applied,
        actions,
        shipments,
        cost);
  }

  /** Whether something is assigned. */
  public boolean ships() {
    return outcome == Outcome.ALLOCATED || outcome == Outcome.PARTLY_ALLOCATED;
  }
}
