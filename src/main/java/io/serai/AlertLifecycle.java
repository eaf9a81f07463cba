package io.serai;

import io.serai.alert.Alerts;
import io.serai.database.Leases;
import io.serai.outbox.Outbox;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks every few seconds what needs people, where anybody wants to be told, on one replica. */
final class AlertLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(AlertLifecycle.class);
  private static final int SECONDS = 10;

  private final Alerts alerts;
  private final Leases leases;
  private final Outbox outbox;
  private ScheduledExecutorService timer;

  AlertLifecycle(Alerts alerts, Leases leases, Outbox outbox) {
    this.alerts = alerts;
    this.leases = leases;
    this.outbox = outbox;
  }

  @Override
  public synchronized void start() {
    if (alerts.areWanted()) {
      timer =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("serai-alerts").factory());
      timer.scheduleWithFixedDelay(this::look, 2, SECONDS, TimeUnit.SECONDS);
    }
  }

  // The lease is left to lapse; two that looked at once would tell nothing twice either.
  private void look() {
    try {
      if (leases.acquire("alerts", Duration.ofSeconds(SECONDS - 1)).isPresent()
          && alerts.run() > 0) {
        outbox.nudge();
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("People could not be told what needs them: {}", e.getMessage());
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
