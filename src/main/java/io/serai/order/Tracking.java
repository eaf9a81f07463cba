package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * What a carrier says of one parcel: one scan, or all of them again.
 *
 * @param carrier who brings it, in our words
 * @param expected when it is to be there, or null
 */
public record Tracking(
    String trackingNumber, String carrier, Instant expected, List<Event> events) {
  /** Events are never null. */
  public Tracking {
    events = events == null ? List.of() : List.copyOf(events);
  }

  /**
   * One scan.
   *
   * @param code the carrier's own
   * @param place where, for people
   */
  public record Event(
      Instant at, TrackingState state, String code, String description, String place) {}
}
