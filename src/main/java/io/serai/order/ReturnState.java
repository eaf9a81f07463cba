package io.serai.order;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a return stands, and where it may go from there.
 *
 * <p>Guarantee: no transaction commits a return that went another way. Goods may come whatever was
 * agreed, so every other state leads to {@link #RECEIVED}.
 */
public enum ReturnState {
  /** The buyer wants to send something back; nobody has agreed yet. */
  REQUESTED,
  /** It may come. */
  APPROVED,
  /** It may not come. */
  DECLINED,
  /** It is on its way. */
  IN_TRANSIT,
  /** All that was to come is there, or something came that nobody had announced. */
  RECEIVED,
  /** Nothing more is expected of it. */
  CLOSED,
  /** The buyer keeps it. */
  CANCELLED;

  /** Where it may go in one step. */
  public Set<ReturnState> next() {
    return switch (this) {
      case REQUESTED -> EnumSet.of(APPROVED, DECLINED, IN_TRANSIT, RECEIVED, CLOSED, CANCELLED);
      case APPROVED -> EnumSet.of(DECLINED, IN_TRANSIT, RECEIVED, CLOSED, CANCELLED);
      case IN_TRANSIT -> EnumSet.of(RECEIVED, CLOSED, CANCELLED);
      case RECEIVED -> EnumSet.of(CLOSED);
      case DECLINED, CANCELLED -> EnumSet.of(RECEIVED);
      case CLOSED -> EnumSet.of(APPROVED, RECEIVED);
    };
  }

  /** Whether its units are still to come. */
  public boolean awaits() {
    return this == REQUESTED || this == APPROVED || this == IN_TRANSIT;
  }

  /** Whether it was agreed that nothing comes. */
  public boolean refused() {
    return this == DECLINED || this == CANCELLED;
  }
}
