package io.serai.hub;

import io.serai.order.Risk;
import java.time.Duration;

/**
 * What a channel's orders are held for before any node is asked.
 *
 * @param riskFrom the lowest level of risk that is held, or null when none is
 * @param captured whether the money must have been captured; authorized is enough otherwise
 * @param address whether an address that nobody could deliver to is held
 * @param editWindow how long after it was placed an order may still be changed
 */
public record HoldPolicy(
    Risk.Level riskFrom, boolean captured, boolean address, Duration editWindow) {
  /** High risk and bad addresses are held, authorized money is enough, and nobody waits. */
  public static final HoldPolicy USUAL =
      new HoldPolicy(Risk.Level.HIGH, false, true, Duration.ZERO);
}
