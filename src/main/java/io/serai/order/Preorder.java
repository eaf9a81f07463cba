package io.serai.order;

import java.time.Instant;

/**
 * A line that was sold before its goods are there.
 *
 * @param promisedAt when the buyer was told they leave, or null when nobody said
 */
public record Preorder(Instant promisedAt) {}
