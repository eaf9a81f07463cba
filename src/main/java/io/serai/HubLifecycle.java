package io.serai;

import io.serai.camel.CatalogWatch;
import io.serai.camel.DriftLog;
import io.serai.camel.RouteLoader;
import io.serai.camel.Sightings;
import io.serai.catalog.Catalog;
import io.serai.catalog.Configuration;
import io.serai.database.Leases;
import io.serai.deadletter.ReplayWorker;
import io.serai.hub.Apply;
import io.serai.hub.ChannelHolds;
import io.serai.hub.FeedFiles;
import io.serai.hub.FollowUps;
import io.serai.hub.Retention;
import io.serai.hub.RouteStops;
import io.serai.hub.StockCheck;
import io.serai.hub.StockPublisher;
import io.serai.hub.StockUpkeep;
import io.serai.inbox.Inbox;
import io.serai.inbox.InboxRunner;
import io.serai.outbox.Outbox;
import io.serai.stock.ItemMaster;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the hub from the inside out and stops it from the outside in: routes before work, intake
 * before everything else. What is unfinished at the stop is given back and taken up by another
 * replica, or at the next start; {@link EarlyStop} has gone before.
 */
final class HubLifecycle implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(HubLifecycle.class);

  /** One thread for each kind of upkeep, so that none waits for another. */
  private static final int UPKEEP = 6;

  private final DataSource dataSource;
  private final Configuration configuration;
  private final RouteLoader routes;
  private final Inbox inbox;
  private final InboxRunner runner;
  private final Apply apply;
  private final Outbox outbox;
  private final ReplayWorker replays;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          UPKEEP, Thread.ofPlatform().daemon().name("serai-upkeep-", 0).factory());
  private final StockPublisher publisher;
  private final ItemMaster items;
  private final FollowUps followUps;
  private final ChannelHolds channelHolds;
  private final RouteStops routeStops;
  private final FeedFiles feedFiles;
  private final StockUpkeep stock;
  private final StockCheck check;
  private final Retention retention;
  private final Leases leases;
  private final DriftLog drift;
  private final Sightings sightings;
  private final Catalog catalog;
  private CatalogWatch watch;
  private volatile boolean running;

  HubLifecycle(
      DataSource dataSource,
      Configuration configuration,
      RouteLoader routes,
      Inbox inbox,
      InboxRunner runner,
      Apply apply,
      Outbox outbox,
      ReplayWorker replays,
      StockPublisher publisher,
      ItemMaster items,
      FollowUps followUps,
      ChannelHolds channelHolds,
      RouteStops routeStops,
      FeedFiles feedFiles,
      StockUpkeep stock,
      StockCheck check,
      Retention retention,
      Leases leases,
      DriftLog drift,
      Sightings sightings,
      Catalog catalog) {
    this.dataSource = dataSource;
    this.configuration = configuration;
    this.routes = routes;
    this.inbox = inbox;
    this.runner = runner;
    this.apply = apply;
    this.outbox = outbox;
    this.replays = replays;
    this.publisher = publisher;
    this.items = items;
    this.followUps = followUps;
    this.channelHolds = channelHolds;
    this.routeStops = routeStops;
    this.feedFiles = feedFiles;
    this.stock = stock;
    this.check = check;
    this.retention = retention;
    this.leases = leases;
    this.drift = drift;
    this.sightings = sightings;
    this.catalog = catalog;
  }

  @Override
  public void start() {
    try {
      storeNodes();
    } catch (SQLException e) {
      throw new IllegalStateException(
          "The configured nodes could not be stored: " + e.getMessage(), e);
    }
    try {
      items.refresh();
    } catch (SQLException e) {
      throw new IllegalStateException(
          "What is sold under which code could not be read: " + e.getMessage(), e);
    }
    heedStops();
    routes.refresh();
    routes.states().stream()
        .filter(state -> !state.faults().isEmpty())
        .forEach(state -> state.faults().forEach(fault -> LOG.warn("{}", fault)));
    outbox.start();
    runner.start();
    remark();
    timer.scheduleWithFixedDelay(this::replay, 200, 200, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(this::publish, 500, 500, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(this::followUp, 1_000, 1_000, TimeUnit.MILLISECONDS);
    // By itself: a hold is heeded in time also while follow-ups take long.
    timer.scheduleWithFixedDelay(channelHolds::refreshOrWarn, 1_000, 1_000, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(this::heedStops, 1_000, 1_000, TimeUnit.MILLISECONDS);
    timer.scheduleWithFixedDelay(this::checkStock, 10, 60, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(this::deleteOld, 45, 60, TimeUnit.SECONDS);
    watch = CatalogWatch.start(catalog.sources(), routes);
    running = true;
  }

  /**
   * Nodes that are configured are active, in the order they stand; others are kept and switched
   * off.
   */
  private void storeNodes() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (var off = connection.createStatement();
          var on =
              connection.prepareStatement(
                  """
                  INSERT INTO node (id, type, partner, country, postal_code, priority, active) VALUES (?, ?, ?, ?, ?, ?, true)
                  ON CONFLICT (id) DO UPDATE SET type = excluded.type, partner = excluded.partner, country = excluded.country,
                    postal_code = excluded.postal_code, priority = excluded.priority, active = true""")) {
        off.execute("UPDATE node SET active = false");
        var priority = 0;
        for (var node : configuration.nodes().values()) {
          on.setString(1, node.name());
          on.setString(2, node.type());
          on.setString(3, node.partner());
          on.setString(4, node.country());
          on.setString(5, node.postalCode());
          on.setInt(6, ++priority);
          on.addBatch();
        }
        on.executeBatch();
      }
      connection.commit();
    }
  }

  private void heedStops() {
    routeStops.refreshOrWarn();
    routes.heed(routeStops.get().keySet());
  }

  private void remark() {
    try {
      publisher.remark();
    } catch (SQLException e) {
      LOG.warn("Stock per place could not be marked; it is told as it changes: {}", e.getMessage());
    }
  }

  private void publish() {
    try {
      publisher.publishDue().forEach(channel -> outbox.hurry(channel, "stock"));
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Stock could not be published: {}", e.getMessage());
    }
  }

  private void followUp() {
    items.refreshOrWarn();
    try {
      followUps.runDue();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Orders that could go on were not found: {}", e.getMessage());
    }
    try {
      if (!feedFiles.runDue().isEmpty()) {
        outbox.nudge();
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Files of events could not be made: {}", e.getMessage());
    }
    try {
      stock.runDue();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("What follows from changes of stock was not done: {}", e.getMessage());
    }
    try {
      drift.flush();
    } catch (SQLException e) {
      LOG.warn("Drift could not be counted: {}", e.getMessage());
    }
    try {
      sightings.flush();
    } catch (SQLException e) {
      LOG.warn("When accounts were last seen was not written: {}", e.getMessage());
    }
  }

  // One replica at a time: the lease is left to lapse, so that the others need not check again.
  private void checkStock() {
    try {
      if (check.due() && leases.acquire("stock-check", Duration.ofSeconds(55)).isPresent()) {
        check.run();
      } else {
        check.observe();
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("The books of stock were not checked: {}", e.getMessage());
    }
  }

  private void deleteOld() {
    try {
      if (leases.acquire("retention", Duration.ofSeconds(55)).isPresent()) {
        var deleted = retention.run();
        if (deleted > 0) {
          LOG.info("{} bodies past their retention were deleted", deleted);
        }
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Bodies past their retention were not deleted: {}", e.getMessage());
    }
  }

  private void replay() {
    try {
      if (replays.runDue() > 0) {
        runner.nudge();
        outbox.nudge();
      }
    } catch (RuntimeException e) {
      LOG.warn("Replays could not go on: {}", e.getMessage());
    }
  }

  @Override
  public void stop() {
    running = false;
    timer.shutdownNow();
    if (watch != null) {
      watch.close();
    }
    inbox.close();
    routes.stop();
    runner.drain();
    apply.close();
    outbox.close();
    runner.close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  // After the web server is told to stop (it is in a later phase) and before the beans are
  // destroyed.
  @Override
  public int getPhase() {
    return 0;
  }
}
