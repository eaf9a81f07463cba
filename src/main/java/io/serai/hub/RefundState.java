package io.serai.hub;

import java.util.EnumSet;
import java.util.Set;

/** Where money stands that is to go back to a buyer, and where that may go from there. */
enum RefundState {
  /** People of the channel are to give it back: nobody asks it to. */
  DUE,
  /** The channel is asked, or about to be. */
  REQUESTED,
  /** It was given back. */
  CONFIRMED,
  /** The channel does not give it back. */
  REFUSED,
  /** Nobody owes it any more: a person said so. */
  DROPPED;

  /** Where it may go in one step. */
  Set<RefundState> next() {
    return switch (this) {
      case DUE -> EnumSet.of(CONFIRMED, DROPPED);
      case REQUESTED -> EnumSet.of(CONFIRMED, REFUSED, DROPPED);
      // a refund that was told late proves a refusal wrong
      case REFUSED -> EnumSet.of(CONFIRMED, DROPPED);
      case DROPPED -> EnumSet.of(CONFIRMED);
      case CONFIRMED -> EnumSet.noneOf(RefundState.class);
    };
  }

  /** Whether the money is still to come. */
  boolean open() {
    return this == DUE || this == REQUESTED;
  }
}
