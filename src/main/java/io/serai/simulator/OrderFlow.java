package io.serai.simulator;

import java.time.Duration;

/**
 * Places orders at a rate until there are as many as wanted.
 *
 * <p>The wanted number counts every order of the shop, those of earlier starts too, so asking for
 * the same number again after a restart places only what is missing.
 */
final class OrderFlow implements AutoCloseable {

  private final Shop shop;
  private volatile int wanted;
  private volatile double perSecond;
  private Thread thread;
  private volatile boolean closed;

  OrderFlow(Shop shop) {
    this.shop = shop;
  }

  /** Wants this many orders in total; a rate of 0 places them as fast as possible. */
  synchronized void want(int total, double rate) {
    wanted = total;
    perSecond = rate;
    if (thread == null || !thread.isAlive()) {
      thread = Thread.ofVirtual().name("order-flow").start(this::run);
    }
  }

  int wanted() {
    return wanted;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void run() {
    var began = System.nanoTime();
    var placed = 0;
    while (!closed && shop.size() < wanted) {
      if (perSecond > 0) {
        var due = began + (long) (placed * 1e9 / perSecond);
        var wait = due - System.nanoTime();
        if (wait > 0) {
          try {
            Thread.sleep(Duration.ofNanos(wait));
          } catch (InterruptedException e) {
            return;
          }
        }
      }
      if (!closed) {
        shop.placeNext();
        placed++;
      }
    }
  }
}
