package io.serai.hub;

import java.time.Duration;

/**
 * How long returns may take.
 *
 * @param overdue how long goods may be on their way after it was agreed that they come
 * @param approveWithin how long after an order was placed a return that its channel asks for is
 *     approved by itself, or null: never
 */
public record ReturnTerms(Duration overdue, Duration approveWithin) {
  /** Thirty days, and somebody approves each. */
  public static final ReturnTerms USUAL = new ReturnTerms(Duration.ofDays(30), null);
}
