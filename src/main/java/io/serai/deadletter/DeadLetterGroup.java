package io.serai.deadletter;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Dead letters of one cause.
 *
 * @param fingerprint what they share
 * @param kind name of the failure's kind, or null when it was not recorded
 * @param sentence that of the latest one
 * @param account the account or destination
 * @param route where they stopped, or null
 * @param step the step where they stopped, or null
 * @param messages how many are messages
 * @param deliveries how many are deliveries
 * @param holds how many are held orders
 * @param orders how many different orders are concerned, as far as they are known
 * @param needsChoice how many can only be resolved, not replayed
 * @param firstSeen when the oldest of them stopped
 * @param lastSeen when the latest of them stopped
 * @param stakes the money of the orders concerned that are known here, each order once, the largest
 *     amount first
 */
public record DeadLetterGroup(
    String fingerprint,
    String kind,
    String sentence,
    String account,
    String route,
    String step,
    int messages,
    int deliveries,
    int holds,
    int orders,
    int needsChoice,
    Instant firstSeen,
    Instant lastSeen,
    List<Stake> stakes) {
  /** How many dead letters it holds. */
  public int count() {
    return messages + deliveries + holds;
  }

  // The rest of the same cause: what names it is this one's.
  DeadLetterGroup and(DeadLetterGroup rest) {
    return new DeadLetterGroup(
        fingerprint,
        kind,
        sentence,
        account,
        route,
        step,
        messages + rest.messages,
        deliveries + rest.deliveries,
        holds + rest.holds,
        orders + rest.orders,
        needsChoice + rest.needsChoice,
        firstSeen.isBefore(rest.firstSeen) ? firstSeen : rest.firstSeen,
        lastSeen.isAfter(rest.lastSeen) ? lastSeen : rest.lastSeen,
        Stream.concat(stakes.stream(), rest.stakes.stream())
            .sorted(Comparator.comparing(Stake::amount).reversed())
            .toList());
  }
}
