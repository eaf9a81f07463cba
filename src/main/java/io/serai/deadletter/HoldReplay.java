package io.serai.deadletter;

import java.util.UUID;

/**
 * Runs what a held order was stopped at again, in a transaction of its own. Safe to call twice: an
 * order that is not held any more is left as it is.
 */
@FunctionalInterface
public interface HoldReplay {
  /**
   * Runs the order's allocation again.
   *
   * @return whether the order is free now; false when it is held still or again
   */
  boolean replay(UUID orderId);
}
