package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * How much lies where, as one node or partner counted it (the document {@code stock}).
 *
 * @param node the node; or, when the partner runs one only, {@code partner}
 * @param sequence the sender's counter, to tell an older report from a newer one
 * @param complete whether a SKU that is not listed is at zero
 * @param cause what changed the quantities, when the sender says so
 * @param advice the announcement that goods came in under, or null
 */
public record StockReport(
    String node,
    String partner,
    Kind kind,
    Instant asOf,
    Long sequence,
    List<Level> levels,
    Boolean complete,
    Cause cause,
    String advice) {

  /** Levels are never null. */
  public StockReport {
    levels = levels == null ? List.of() : List.copyOf(levels);
  }

  /** One whose sender does not say what changed the quantities. */
  public StockReport(
      String node,
      String partner,
      Kind kind,
      Instant asOf,
      Long sequence,
      List<Level> levels,
      Boolean complete) {
    this(node, partner, kind, asOf, sequence, levels, complete, null, null);
  }

  /** One that is about nothing that was announced. */
  public StockReport(
      String node,
      String partner,
      Kind kind,
      Instant asOf,
      Long sequence,
      List<Level> levels,
      Boolean complete,
      Cause cause) {
    this(node, partner, kind, asOf, sequence, levels, complete, cause, null);
  }

  /** Whether quantities replace or change what is known. */
  public enum Kind {
    ABSOLUTE,
    DELTA
  }

  /** What changed the quantities. */
  public enum Cause {
    /** Sold where it lies, over a counter: the goods are gone whatever was promised. */
    SALE,
    /** Came from a supplier or another node. */
    RECEIPT,
    /** Came back from a buyer. */
    RETURN,
    /** Found, lost, stolen or broken. */
    ADJUSTMENT,
    /** Counted by people. */
    COUNT
  }

  /** What may be done with units. */
  public enum Condition {
    SELLABLE,
    DAMAGED,
    QUARANTINED
  }

  /**
   * What lies there of one SKU.
   *
   * @param onHand units, whatever their condition; negative only in a change
   * @param condition of the units that a change brings or takes; sellable when null
   * @param damaged of what an absolute report counts, how many are damaged; null says nothing
   * @param quarantined of what an absolute report counts, how many are kept aside; null says
   *     nothing
   */
  public record Level(
      String sku, int onHand, Condition condition, Integer damaged, Integer quarantined) {
    /** Sellable units. */
    public Level(String sku, int onHand) {
      this(sku, onHand, null, null, null);
    }
  }
}
