package io.serai.order;

/**
 * Why a warehouse will not send what it was asked for; connectors translate their partner's codes
 * into these.
 */
public enum RefusalCode {
  /** The units are not where they should be: they are written off until it counts again. */
  NOT_FOUND,
  /** The units are broken: they stay on hand and cannot be sold. */
  DAMAGED,
  /** The units wait for somebody to look at them: they stay on hand and cannot be sold. */
  QUARANTINED,
  /** It has the units and no hands for them now: full, closed, on strike. */
  CAPACITY,
  /** It does not serve this destination, this service or this article. */
  NOT_SERVED,
  /** Nobody can deliver to this address: no other node is asked until it is corrected. */
  ADDRESS,
  /** None of these. */
  OTHER;

  /** Whether the units themselves are the trouble, so that a new count is a new chance. */
  public boolean ofUnits() {
    return this == NOT_FOUND || this == DAMAGED || this == QUARANTINED;
  }

  /** In words that fit after "rejected it". */
  public String words() {
    return switch (this) {
      case NOT_FOUND -> "not found";
      case DAMAGED -> "damaged";
      case QUARANTINED -> "in quarantine";
      case CAPACITY -> "no capacity";
      case NOT_SERVED -> "not served";
      case ADDRESS -> "address cannot be delivered to";
      case OTHER -> "no reason given";
    };
  }
}
