package io.serai.inbox;

import java.util.EnumSet;
import java.util.Set;

/** Where something that arrived stands, and where it may go from there. */
public enum MessageState {
  /** It is stored, and run when it is due and nothing stands before it in its lane. */
  RECEIVED,
  /** It is being worked on, or the hub that did died. */
  RUNNING,
  /** It waits for another document, an order for one. */
  WAITING,
  /** Somebody has to look at it: a dead letter. */
  PARKED,
  /** It had its effect. */
  APPLIED,
  /** It became messages of its own. */
  SPLIT,
  /** It says nothing new. */
  IGNORED,
  /** A newer one stands in its place. */
  SUPERSEDED,
  /** A person gave it up. */
  DISCARDED;

  /** That state, where it may go there. */
  public MessageState to(String state) {
    var there = valueOf(state);
    if (!next().contains(there)) {
      throw new IllegalStateException("What is %s cannot become %s".formatted(this, there));
    }
    return there;
  }

  /** Where it may go. */
  public Set<MessageState> next() {
    return switch (this) {
      case RECEIVED -> EnumSet.of(RUNNING, SUPERSEDED);
      case RUNNING -> EnumSet.of(RECEIVED, WAITING, PARKED, APPLIED, SPLIT, IGNORED);
      case WAITING -> EnumSet.of(RECEIVED, PARKED);
      case PARKED -> EnumSet.of(RECEIVED, SUPERSEDED, DISCARDED);
      case DISCARDED -> EnumSet.of(PARKED);
      default -> EnumSet.noneOf(MessageState.class);
    };
  }
}
