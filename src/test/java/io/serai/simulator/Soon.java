package io.serai.simulator;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another thread is about to do, for a minute at most. */
final class Soon {

  private Soon() {}

  /** Runs the check until it passes; its last complaint is thrown when it never does. */
  static void soon(Runnable check) {
    var end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        check.run();
        return;
      } catch (AssertionError | RuntimeException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
  }
}
