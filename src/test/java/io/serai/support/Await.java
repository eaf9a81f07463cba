package io.serai.support;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Polls for what another process or thread will do; for nothing that a clock could be moved for.
 */
public final class Await {
  private Await() {}

  /**
   * Returns as soon as the condition holds, asking every ten milliseconds.
   *
   * @throws AssertionError when it does not hold in time, with the last error if it threw
   */
  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    long end = System.nanoTime() + limit.toNanos();
    Exception last = null;
    while (System.nanoTime() < end) {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for: " + what, e);
      }
    }
    throw new AssertionError("not within " + limit + ": " + what, last);
  }
}
