package io.serai.deadletter;

import java.time.Instant;

/**
 * One thing that stopped and waits for a person: a parked message, a parked or refused delivery, or
 * a held order. A picture of one instant; every verb that acts on it names {@code fence} and is
 * refused when the thing has changed since.
 *
 * @param id {@code msg_<n>}, {@code dlv_<n>} or {@code ord_…}
 * @param type which of the three it is
 * @param state PARKED or REFUSED, or the hold of an order
 * @param account the account it came from or the destination it was going to
 * @param document the document it carries
 * @param key the sender's or our business key
 * @param orderId the order concerned, {@code ord_…}, or null when none is known
 * @param kind name of the failure's kind, or null when the failure was not recorded
 * @param sentence what happened and what to do, or null when the failure was not recorded
 * @param fingerprint the group it belongs to
 * @param route where it stopped, or null
 * @param step the step where it stopped, or null
 * @param evidence what the partner answered, masked, or null
 * @param attemptCount counted attempts so far
 * @param outcomeUnknown whether the effect may have been had already
 * @param needsChoice whether it can only be resolved, not replayed: the outcome is unknown and
 *     asking twice may do it twice
 * @param stoppedAt when it stopped
 * @param fence its version; changes with every change of state
 */
public record DeadLetter(
    String id,
    DeadLetterType type,
    String state,
    String account,
    String document,
    String key,
    String orderId,
    String kind,
    String sentence,
    String fingerprint,
    String route,
    String step,
    String evidence,
    int attemptCount,
    boolean outcomeUnknown,
    boolean needsChoice,
    Instant stoppedAt,
    long fence) {}
