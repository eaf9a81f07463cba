package io.serai.camel;

import io.serai.database.Lease;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a partner when Quartz rings, on one replica: Quartz only rings, on every replica; the lease
 * decides who asks, and every write of the asking names its fence.
 */
abstract class RingingConsumer extends DefaultConsumer {
  /** How long the lease lasts without a sign of life. */
  static final Duration LEASE = Duration.ofMinutes(5);

  private static final Logger LOG = LoggerFactory.getLogger(RingingConsumer.class);
  private static final Duration AUTH_PAUSE = Duration.ofMinutes(1);
  private static final Duration THROTTLED_PAUSE = Duration.ofSeconds(5);
  private static final Duration MOST_PAUSE = Duration.ofHours(1);

  private final SeraiEndpoint endpoint;
  private final String what;
  private final AtomicBoolean running = new AtomicBoolean();
  private Consumer bell;

  /**
   * For one endpoint.
   *
   * @param pattern what it is, to begin a sentence with, with places for account and document
   */
  RingingConsumer(SeraiEndpoint endpoint, Processor processor, String pattern) {
    super(endpoint, processor);
    this.endpoint = endpoint;
    this.what = pattern.formatted(endpoint.getAccount(), endpoint.getName());
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    endpoint.bells().put(endpoint.getAccount(), endpoint.getName(), this);
    if (endpoint.getSchedule() != null) {
      var name = URISupport.sanitizeUri(endpoint.getAccount() + "-" + endpoint.getName());
      bell =
          endpoint
              .getCamelContext()
              .getEndpoint(
                  "quartz:serai/%s?cron=RAW(%s)&stateful=false"
                      .formatted(name, endpoint.getSchedule()))
              .createConsumer(exchange -> ring());
      bell.start();
    }
  }

  @Override
  protected void doStop() throws Exception {
    endpoint.bells().remove(endpoint.getAccount(), endpoint.getName(), this);
    if (bell != null) {
      bell.stop();
      bell = null;
    }
    super.doStop();
  }

  /** Asks once, when this replica may. */
  void ring() {
    if (endpoint.stopped(getRouteId())) {
      return; // it waits until somebody starts it
    }
    if (!running.compareAndSet(false, true)) {
      return; // the last one is still at it
    }
    try {
      var lease =
          endpoint
              .hub()
              .leases()
              .acquire("poll/%s/%s".formatted(endpoint.getAccount(), endpoint.getName()), LEASE);
      if (lease.isPresent()) {
        try {
          poll(lease.get());
        } finally {
          endpoint.hub().leases().release(lease.get());
        }
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("{} did not finish: {}", what, e.getMessage());
    } finally {
      running.set(false);
    }
  }

  /** What it is, to begin a sentence with. */
  final String what() {
    return what;
  }

  /** Asks, unless that is put off. */
  abstract void poll(Lease lease) throws SQLException;

  /** Until when rings are passed over, or null. */
  static Instant notBefore(Failure failure, Instant now) {
    // As an endpoint pauses; what else went wrong is tried again with the next ring.
    if (failure == null
        || failure.kind() != FailureKind.THROTTLED && failure.kind() != FailureKind.AUTH) {
      return null;
    }
    var wait = failure.retryAfter();
    if (wait == null) {
      wait = failure.kind() == FailureKind.AUTH ? AUTH_PAUSE : THROTTLED_PAUSE;
    }
    return now.plus(wait.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : wait);
  }
}
