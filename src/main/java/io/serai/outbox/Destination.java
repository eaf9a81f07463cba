package io.serai.outbox;

import io.serai.failure.Backoff;
import java.time.Duration;

/**
 * How a destination wants to be asked.
 *
 * @param inFlight attempts at the same time, at most
 * @param call the total deadline of one attempt; a lease must have more than this left
 * @param rate what it takes from all replicas together, or null for no limit
 * @param backoff when a failed delivery is tried again, and how often
 * @param readLag how long after a write the partner may not show it: nothing is looked up before
 */
public record Destination(
    String name, int inFlight, Duration call, Rate rate, Backoff backoff, Duration readLag) {
  /** One that shows what it did at once. */
  public Destination(String name, int inFlight, Duration call, Rate rate, Backoff backoff) {
    this(name, inFlight, call, rate, backoff, Duration.ZERO);
  }

  /**
   * A token bucket's measure.
   *
   * @param calls attempts per period
   * @param burst attempts that may come at once when it was quiet
   */
  public record Rate(int calls, Duration per, int burst) {
    /** Attempts a second. */
    public double perSecond() {
      return calls * 1_000.0 / Math.max(1, per.toMillis());
    }
  }

  /** A destination without limits of its own: 64 at a time, ten seconds each. */
  public static Destination of(String name) {
    return new Destination(name, 64, Duration.ofSeconds(10), null, Backoff.DEFAULT);
  }
}
