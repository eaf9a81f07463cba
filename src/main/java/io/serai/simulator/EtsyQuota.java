package io.serai.simulator;

import java.time.Clock;
import java.util.ArrayDeque;

/** How many calls a shop's application may make in a second and in a day, over sliding windows. */
final class EtsyQuota {

  private static final long DAY = 86_400_000;

  private final Clock clock;
  private final int perSecond;
  private final int perDay;
  private final ArrayDeque<Long> second = new ArrayDeque<>();
  private final ArrayDeque<Long> day = new ArrayDeque<>();
  private int most;
  private int refused;

  EtsyQuota(int perSecond, int perDay, Clock clock) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.perDay = perDay;
  }

  /** Takes one call, or answers how many seconds to wait. */
  synchronized int take() {
    var now = clock.millis();
    forget(second, now - 1_000);
    forget(day, now - DAY);
    if (second.size() >= perSecond || day.size() >= perDay) {
      refused++;
      return day.size() >= perDay ? (int) Math.max(1, (day.peek() + DAY - now) / 1_000) : 1;
    }
    second.add(now);
    day.add(now);
    most = Math.max(most, second.size());
    return 0;
  }

  /** Adds to an answer what is left. */
  synchronized Answer tell(Answer answer) {
    return answer
        .header("x-limit-per-second", Integer.toString(perSecond))
        .header("x-remaining-this-second", Integer.toString(perSecond - second.size()))
        .header("x-limit-per-day", Integer.toString(perDay))
        .header("x-remaining-today", Integer.toString(perDay - day.size()));
  }

  /** How many calls were refused. */
  synchronized int refused() {
    return refused;
  }

  /** The most calls that were taken within a second. */
  synchronized int most() {
    return most;
  }

  private static void forget(ArrayDeque<Long> window, long until) {
    while (!window.isEmpty() && window.peek() <= until) {
      window.remove();
    }
  }
}
