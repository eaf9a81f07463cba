package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Cost points a caller may spend: a bucket that refills at a steady rate. */
final class CostBucket {

  private final double maximum;
  private final double perSecond;
  private final Clock clock;
  private double available;
  private Instant refilled;

  CostBucket(double maximum, double perSecond, Clock clock) {
    this.maximum = maximum;
    this.perSecond = perSecond;
    this.clock = clock;
    this.available = maximum;
    this.refilled = clock.instant();
  }

  /** Takes the points when there are enough; answers whether there were. */
  synchronized boolean take(int points) {
    refill();
    if (available < points) {
      return false;
    }
    available -= points;
    return true;
  }

  /** Gives back what was asked for and not used. */
  synchronized void giveBack(int points) {
    available = Math.min(maximum, available + points);
  }

  synchronized ObjectNode status() {
    refill();
    return Jsons.object()
        .put("maximumAvailable", (long) maximum)
        .put("currentlyAvailable", (long) available)
        .put("restoreRate", (long) perSecond);
  }

  private void refill() {
    var now = clock.instant();
    var seconds = Duration.between(refilled, now).toNanos() / 1e9;
    if (seconds > 0) {
      available = Math.min(maximum, available + seconds * perSecond);
      refilled = now;
    }
  }
}
