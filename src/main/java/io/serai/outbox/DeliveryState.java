package io.serai.outbox;

import java.util.EnumSet;
import java.util.Set;

/** Where an effect that is owed stands, and where it may go from there. */
public enum DeliveryState {
  /** To be sent when it is due and nothing stands before it in its lane. */
  READY,
  /** It is being sent, or the hub that sent it died. */
  SENDING,
  /** It was taken on, and will be told of. */
  PENDING,
  /** The partner took it. */
  CONFIRMED,
  /** The partner will not have it. */
  REFUSED,
  /** Somebody has to look at it: a dead letter. */
  PARKED,
  /** It is not wanted any more and was not sent. */
  WITHDRAWN,
  /** Another one stands in its place. */
  SUPERSEDED,
  /** A person gave it up. */
  DISCARDED;

  /** That state, where it may go there. */
  DeliveryState to(String state) {
    var there = valueOf(state);
    if (!next().contains(there)) {
      throw new IllegalStateException("What is %s cannot become %s".formatted(this, there));
    }
    return there;
  }

  /** Where it may go. */
  public Set<DeliveryState> next() {
    return switch (this) {
      case READY -> EnumSet.of(SENDING, WITHDRAWN, SUPERSEDED);
      case SENDING -> EnumSet.of(READY, PENDING, CONFIRMED, REFUSED, PARKED, SUPERSEDED);
      case PENDING -> EnumSet.of(CONFIRMED, REFUSED, PARKED, SUPERSEDED);
      case REFUSED -> EnumSet.of(READY, CONFIRMED, DISCARDED);
      case PARKED -> EnumSet.of(READY, CONFIRMED, REFUSED, WITHDRAWN, SUPERSEDED, DISCARDED);
      case DISCARDED -> EnumSet.of(PARKED);
      default -> EnumSet.noneOf(DeliveryState.class);
    };
  }
}
