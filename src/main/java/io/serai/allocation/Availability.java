package io.serai.allocation;

import java.util.OptionalInt;

/** What may be promised at an instant, as locked and read by the caller. */
@FunctionalInterface
public interface Availability {
  /**
   * Units of a SKU that a node can promise now; empty when the node does not stock the SKU at all.
   */
  OptionalInt at(String sku, String node);
}
