package io.serai.deadletter;

import java.time.Instant;

/**
 * How many dead letters have one thing in common.
 *
 * @param part what they have in common, or null for those without one
 * @param count how many they are; one about an order of two articles counts for each
 * @param orders how many different orders are concerned, as far as they are known
 * @param firstSeen when the oldest of them stopped
 * @param lastSeen when the latest of them stopped
 */
public record DeadLetterCount(
    String part, int count, int orders, Instant firstSeen, Instant lastSeen) {
  /** What dead letters may be counted by, beside their cause. */
  public enum By {
    /** Kind of failure. */
    KIND,
    /** Account they came from, or destination they were going to. */
    ACCOUNT,
    /** Channel of the order concerned. */
    CHANNEL,
    /** Document they carry. */
    DOCUMENT,
    /** Message, delivery or order. */
    TYPE,
    /** Route where they stopped. */
    ROUTE,
    /** Step where they stopped. */
    STEP,
    /** Article of the order concerned. */
    SKU,
    /** Day on which they stopped, in UTC. */
    DAY
  }
}
