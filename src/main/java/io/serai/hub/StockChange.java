package io.serai.hub;

import io.serai.order.StockReport.Condition;
import java.time.Instant;
import java.util.List;

/**
 * What a person or a program does to the stock of one node by name: adjust, receive, count, freeze.
 *
 * @param reference the caller's own name of it, or null; asked again under the same one it changes
 *     nothing
 * @param reason in the words of who does it, kept with every movement, or null
 * @param at when the units were counted or seen, or null for now
 */
public record StockChange(
    Kind kind, String node, List<Row> rows, String reference, String reason, Instant at) {

  /** What is done. */
  public enum Kind {
    /** Units are found or gone; the quantity is the difference. */
    ADJUST,
    /** Units come in; those of an announcement are no longer to come. */
    RECEIVE,
    /** Units change their condition. */
    MOVE,
    /** Units were counted; ends the freeze. */
    COUNT,
    /** What is not promised is kept as it is, for a count. */
    FREEZE,
    /** The freeze ends without a count. */
    UNFREEZE,
    /** Units are announced; the quantity replaces what was announced under the same name. */
    EXPECT
  }

  /**
   * Of one SKU.
   *
   * @param quantity units; a difference for {@code ADJUST}, else not negative
   * @param from the condition they are moved from, for {@code MOVE}
   * @param to the condition they are moved to or come in, sellable when null
   * @param advice the name of the announcement, for {@code EXPECT} and {@code RECEIVE}
   * @param expectedAt when announced units are to come
   */
  public record Row(
      String sku, int quantity, Condition from, Condition to, String advice, Instant expectedAt) {
    /** A row of a SKU and a quantity. */
    public Row(String sku, int quantity) {
      this(sku, quantity, null, null, null, null);
    }
  }

  /**
   * What came of it, row by row.
   *
   * @param repeated whether it was asked before under the same reference, so nothing was done
   */
  public record Outcome(List<Done> done, List<Refused> refused, boolean repeated) {}

  /** A row that was done: the level as it was and as it is. */
  public record Done(
      String sku, int onHandBefore, int onHand, int availableBefore, int available, int missing) {}

  /** A row that was not. */
  public record Refused(String sku, String sentence) {}

  String fingerprint() {
    return kind + " " + node + " " + rows;
  }
}
