package io.serai.reconcile;

import java.time.Instant;

/**
 * One comparison of an account, from its plan to its end.
 *
 * @param actor who wanted it, or null at night
 * @param compared things that were looked at on both sides
 * @param found what stands otherwise
 * @param fixed findings of before that were gone
 * @param failure what could not be compared, and why; or null
 */
public record Run(
    long id,
    String account,
    Instant since,
    Instant until,
    String actor,
    String state,
    int compared,
    int found,
    int fixed,
    String failure,
    Instant createdAt,
    Instant finishedAt) {}
