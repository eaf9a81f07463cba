package io.serai.order;

import java.util.List;

/**
 * How likely the channel, or whoever scores for it, takes the order for a fraud.
 *
 * @param reasons in their words, for the person who decides
 */
public record Risk(Level level, List<String> reasons) {
  /** Reasons are never null. */
  public Risk {
    reasons = reasons == null ? List.of() : List.copyOf(reasons);
  }

  /** How high, lowest first. */
  public enum Level {
    LOW,
    MEDIUM,
    HIGH
  }
}
