package io.serai.failure;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Full jitter: after attempt n a random time between nothing and base · 2ⁿ, never above the cap.
 */
public record Backoff(Duration base, Duration cap, int attempts) {
  /** Two seconds, doubling to fifteen minutes, and after twenty attempts it is parked. */
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15), 20);

  /** How long to wait after so many counted attempts (1 = after the first). */
  public Duration after(int attempt, RandomGenerator random) {
    var limit = Math.min(cap.toMillis(), base.toMillis() << Math.min(attempt, 20));
    return Duration.ofMillis(random.nextLong(limit + 1));
  }

  /** Whether it is time to give up. */
  public boolean exhausted(int attempt) {
    return attempt >= attempts;
  }
}
