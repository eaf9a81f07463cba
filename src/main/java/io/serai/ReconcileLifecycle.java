package io.serai;

import io.serai.reconcile.Reconciliation;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Compares accounts behind the hub's back, one at a time, on a thread of its own: a comparison
 * waits for others and may take long.
 */
final class ReconcileLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileLifecycle.class);

  private final Reconciliation reconciliation;
  private ScheduledExecutorService timer;

  ReconcileLifecycle(Reconciliation reconciliation) {
    this.reconciliation = reconciliation;
  }

  @Override
  public synchronized void start() {
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("serai-reconcile").factory());
    timer.scheduleWithFixedDelay(this::work, 2, 1, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(this::observe, 10, 60, TimeUnit.SECONDS);
  }

  private void work() {
    try {
      while (reconciliation.runDue()) {
        LOG.debug("One account was compared; another may wait");
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Accounts were not compared: {}", e.getMessage());
    }
  }

  private void observe() {
    try {
      reconciliation.observe();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("What differs elsewhere was not counted: {}", e.getMessage());
    }
  }

  @Override
  public synchronized void stop() {
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return timer != null;
  }

  // After everything it asks runs, and gone before that stops.
  @Override
  public int getPhase() {
    return 1;
  }
}
