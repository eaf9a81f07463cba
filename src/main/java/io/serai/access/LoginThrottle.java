package io.serai.access;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after ten wrong secrets from one address within a minute, that address is
 * refused for the rest of the minute, right secrets included.
 *
 * <p>Guarantee: bounded memory. Gap: counted by this process and by the address of the connection,
 * so callers behind one proxy share it, and many addresses guess in parallel.
 */
final class LoginThrottle {
  static final int LIMIT = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int ADDRESSES = 10_000;

  private record Count(long since, int wrong) {}

  private final Clock clock;
  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > ADDRESSES;
        }
      };

  LoginThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Seconds this address must wait; 0 when it may try. */
  synchronized long waitSeconds(String address) {
    var count = counts.get(address);
    if (count == null) {
      return 0;
    }
    long left = count.since() + WINDOW.toMillis() - clock.millis();
    if (left <= 0) {
      counts.remove(address);
      return 0;
    }
    return count.wrong() < LIMIT ? 0 : Math.max(1, (left + 999) / 1000);
  }

  /** Counts one wrong secret; true when it is the one that closes the door. */
  synchronized boolean wrong(String address) {
    var count = counts.get(address);
    var next =
        count == null || count.since() + WINDOW.toMillis() <= clock.millis()
            ? new Count(clock.millis(), 1)
            : new Count(count.since(), count.wrong() + 1);
    counts.put(address, next);
    return next.wrong() == LIMIT;
  }
}
