package io.serai.simulator;

import java.time.Duration;
import java.util.List;

/**
 * When a webhook that was not answered 2xx is sent again: eight more times, ever more slowly.
 *
 * @param waits the wait before each retry
 */
record RetrySchedule(List<Duration> waits) {

  private static final int[] PARTS = {1, 2, 4, 8, 16, 30, 60, 119};
  private static final int WHOLE = 240;

  /** Eight retries spread over {@code span}; Shopify spreads them over four hours. */
  static RetrySchedule over(Duration span) {
    return new RetrySchedule(
        java.util.Arrays.stream(PARTS)
            .mapToObj(part -> span.multipliedBy(part).dividedBy(WHOLE))
            .toList());
  }

  /** The wait after this many failed attempts, or {@code null} when it is time to give up. */
  Duration after(int attempts) {
    return attempts <= waits.size() ? waits.get(attempts - 1) : null;
  }
}
