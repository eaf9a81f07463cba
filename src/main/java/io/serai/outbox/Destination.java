package io.serai.outbox;

import java.time.Duration;

/**
 * How a destination wants to be asked.
 *
 * @param inFlight attempts at the same time, at most
 * @param call the total deadline of one attempt; a lease must have more than this left
 * @param rate attempts a second over all replicas, or 0 for no limit
 * @param burst attempts that may come at once when it was quiet
 */
public record Destination(String name, int inFlight, Duration call, double rate, int burst) {
  /** A destination without limits of its own: 64 at a time, ten seconds each. */
  public static Destination of(String name) {
    return new Destination(name, 64, Duration.ofSeconds(10), 0, 0);
  }
}
