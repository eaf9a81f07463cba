package io.serai.access;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after ten wrong passwords for one user from one address within a minute,
 * that pair is refused for the rest of the minute, the right password included. Tokens are too long
 * to be guessed and are not counted.
 *
 * <p>Guarantee: bounded memory. Gap: counted by this process and by the address of the connection,
 * so many addresses guess in parallel.
 */
final class LoginThrottle {
  static final int LIMIT = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int PAIRS = 10_000;

  private record Count(long since, int wrong) {}

  private final Clock clock;
  private final Map<String, Count> counts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
          return size() > PAIRS;
        }
      };

  LoginThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Seconds this pair must wait; 0 when it may try. */
  synchronized long waitSeconds(String who) {
    var count = counts.get(who);
    if (count == null) {
      return 0;
    }
    long left = count.since() + WINDOW.toMillis() - clock.millis();
    if (left <= 0) {
      counts.remove(who);
      return 0;
    }
    return count.wrong() < LIMIT ? 0 : Math.max(1, (left + 999) / 1000);
  }

  /** Counts one wrong password; true when it is the one that closes the door. */
  synchronized boolean wrong(String who) {
    var count = counts.get(who);
    var next =
        count == null || count.since() + WINDOW.toMillis() <= clock.millis()
            ? new Count(clock.millis(), 1)
            : new Count(count.since(), count.wrong() + 1);
    counts.put(who, next);
    return next.wrong() == LIMIT;
  }
}
