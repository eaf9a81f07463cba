package io.serai;

import io.serai.database.Leases;
import io.serai.kpi.Kpis;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Has the figures computed when they are due, on one replica, and read on all. */
final class KpiLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(KpiLifecycle.class);

  private final Kpis kpis;
  private final Leases leases;
  private ScheduledExecutorService timer;

  KpiLifecycle(Kpis kpis, Leases leases) {
    this.kpis = kpis;
    this.leases = leases;
  }

  @Override
  public synchronized void start() {
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("serai-kpis").factory());
    timer.scheduleWithFixedDelay(this::work, 60, 60, TimeUnit.SECONDS);
  }

  // The lease is left to lapse, so that the others need not look again at once.
  private void work() {
    try {
      if (kpis.due() && leases.acquire("kpis", Duration.ofSeconds(55)).isPresent()) {
        kpis.compute();
      } else {
        kpis.observe();
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("The figures were not computed: {}", e.getMessage());
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

  @Override
  public int getPhase() {
    return 1;
  }
}
