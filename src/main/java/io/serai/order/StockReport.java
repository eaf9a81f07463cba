package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * How much lies where, as one node or partner counted it (the document {@code stock}).
 *
 * @param node the node; or, when the partner runs one only, {@code partner}
 * @param sequence the sender's counter, to tell an older report from a newer one
 * @param complete whether a SKU that is not listed is at zero
 */
public record StockReport(
    String node,
    String partner,
    Kind kind,
    Instant asOf,
    Long sequence,
    List<Level> levels,
    Boolean complete) {

  /** Levels are never null. */
  public StockReport {
    levels = levels == null ? List.of() : List.copyOf(levels);
  }

  /** Whether quantities replace or change what is known. */
  public enum Kind {
    ABSOLUTE,
    DELTA
  }

  /** What lies there of one SKU; negative only in a delta. */
  public record Level(String sku, int onHand) {}
}
