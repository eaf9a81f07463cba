package io.serai.simulator;

import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * Places orders at a rate until there are as many as wanted.
 *
 * <p>The wanted number counts every order there is, those of earlier starts too, so asking for the
 * same number again after a restart places only what is missing.
 */
final class OrderFlow implements AutoCloseable {

  private final IntSupplier size;
  private final Runnable place;
  // Read by summaries that hold their simulator's lock, so it must not take ours.
  private volatile int wanted;
  private double perSecond;
  private long began;
  private long placed;
  private boolean running;
  private boolean closed;

  /**
   * A flow into a place of orders.
   *
   * @param size how many there are
   * @param place places one more
   */
  OrderFlow(IntSupplier size, Runnable place) {
    this.size = size;
    this.place = place;
  }

  /** Wants this many orders in total; a rate of 0 places them as fast as possible. */
  synchronized void want(int total, double rate) {
    wanted = total;
    perSecond = rate;
    began = System.nanoTime();
    placed = 0;
    if (!running) {
      running = true;
      Thread.ofVirtual().name("order-flow").start(this::run);
    }
  }

  int wanted() {
    return wanted;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private void run() {
    while (true) {
      var wait = next();
      if (wait == null) {
        return;
      }
      if (wait.isPositive()) {
        try {
          Thread.sleep(wait);
        } catch (InterruptedException e) {
          return;
        }
      } else {
        place.run();
      }
    }
  }

  /** How long until the next order is to be placed, or {@code null} when there is none. */
  private synchronized Duration next() {
    if (closed || size.getAsInt() >= wanted) {
      running = false;
      return null;
    }
    if (perSecond > 0) {
      var due = began + (long) (placed * 1e9 / perSecond);
      var wait = due - System.nanoTime();
      if (wait > 0) {
        // Short naps, so that a new wish or the end is not slept through.
        return Duration.ofNanos(Math.min(wait, 100_000_000));
      }
    }
    placed++;
    return Duration.ZERO;
  }
}
