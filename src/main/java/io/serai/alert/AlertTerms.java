package io.serai.alert;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;

/**
 * What one destination wants to be told of.
 *
 * @param after how long a cause has to stand before it is told
 * @param from how many things of one cause have to have stopped
 * @param orMoney told with fewer, too, when the orders concerned are worth so much in one currency;
 *     or null
 * @param repeat how long until it is told again while it stands
 * @param kinds names of failure kinds, and {@code OVERDUE}; empty means all
 * @param console address of the console without a last slash, for links; or null
 * @param repeatMode what the destination makes of the same alert twice, as the effect ledger says
 *     it
 * @param giveUp how long telling it may take
 */
public record AlertTerms(
    Duration after,
    long from,
    Long orMoney,
    Duration repeat,
    Set<String> kinds,
    String console,
    String repeatMode,
    Duration giveUp) {
  /** Fixes the kinds. */
  public AlertTerms {
    kinds = Set.copyOf(kinds);
  }

  boolean wants(AlertCause cause) {
    return kinds.isEmpty() || kinds.contains(cause.kind());
  }

  boolean reached(AlertCause cause) {
    return cause.count() >= from
        || orMoney != null
            && cause.money().stream()
                .anyMatch(stake -> stake.amount().compareTo(BigDecimal.valueOf(orMoney)) >= 0);
  }
}
