package io.serai.camel;

import io.serai.database.Lease;
import io.serai.inbox.Arrival;
import io.serai.inbox.Inbox;
import io.serai.support.CrashPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.TimeUtils;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: serai:poll/<document>}: one exchange per page that is due, on one replica. Quartz
 * only rings, on every replica; the lease decides who polls, and every cursor write names its
 * fence.
 */
final class PollConsumer extends DefaultConsumer {
  /** Exchange property: the poll that the exchange belongs to. */
  static final String POLL = "SeraiPoll";

  private static final Logger LOG = LoggerFactory.getLogger(PollConsumer.class);
  private static final Duration LEASE = Duration.ofMinutes(5);
  private static final Duration FIRST_LOOK_BACK = Duration.ofDays(1);
  private static final int MOST_PAGES = 1_000;

  private final SeraiEndpoint endpoint;
  private final AtomicBoolean running = new AtomicBoolean();
  private Consumer bell;

  PollConsumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor);
    this.endpoint = endpoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
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
    if (bell != null) {
      bell.stop();
      bell = null;
    }
    super.doStop();
  }

  /** Polls once, when this replica may. */
  void ring() {
    if (!running.compareAndSet(false, true)) {
      return; // the last one is still at it
    }
    try {
      var lease =
          endpoint
              .hub()
              .leases()
              .acquire("poll/" + endpoint.getAccount() + "/" + endpoint.getName(), LEASE);
      if (lease.isPresent()) {
        try {
          pages(lease.get());
        } finally {
          endpoint.hub().leases().release(lease.get());
        }
      }
    } catch (Exception e) {
      LOG.warn(
          "The poll of '{}' for '{}' did not finish: {}",
          endpoint.getAccount(),
          endpoint.getName(),
          e.getMessage());
    } finally {
      running.set(false);
    }
  }

  private void pages(Lease lease) throws Exception {
    var started = endpoint.hub().clock().instant();
    var seen = new HashSet<String>();
    for (var page = 0; page < MOST_PAGES && isRunAllowed(); page++) {
      var poll = read(lease, started);
      if (page > 0 && poll.cursor == null) {
        return; // the last page closed the window
      }
      if (poll.cursor != null && !seen.add(poll.cursor)) {
        throw new IllegalStateException(
            "page '%s' came twice; the partner's paging repeats itself".formatted(poll.cursor));
      }
      var exchange = createExchange(false);
      exchange.setProperty(POLL, poll);
      exchange.setVariable(Variables.ACCOUNT, endpoint.getAccount());
      exchange.setVariable(Variables.DOCUMENT, endpoint.getName());
      if (poll.cursor != null) {
        exchange.setVariable(Variables.CURSOR, poll.cursor);
      }
      exchange.setVariable(Variables.SINCE, poll.since.toString());
      getProcessor().process(exchange);
      var failed = exchange.getException();
      releaseExchange(exchange, false);
      if (failed != null) {
        throw failed;
      }
      if (poll.stored == null) {
        return; // the route kept nothing, so there is no place to go on from
      }
      if (!poll.stored) {
        return;
      }
    }
  }

  private Poll read(Lease lease, Instant started) throws SQLException {
    try (var connection = endpoint.hub().dataSource().getConnection();
        var statement =
            connection.prepareStatement(
                "SELECT cursor, since FROM poll_cursor WHERE account = ? AND document = ?")) {
      statement.setString(1, endpoint.getAccount());
      statement.setString(2, endpoint.getName());
      try (var rows = statement.executeQuery()) {
        var known = rows.next();
        var cursor = known ? rows.getString(1) : null;
        var at = known ? rows.getTimestamp(2) : null;
        var since = at == null ? started.minus(FIRST_LOOK_BACK) : at.toInstant();
        var overlap = TimeUtils.toMilliSeconds(endpoint.getOverlap());
        return new Poll(
            lease,
            cursor,
            since.minusMillis(at == null ? 0 : overlap),
            at == null ? since : at.toInstant(),
            started);
      }
    }
  }

  /** One page of a poll: where it reads, and how its items and the next place are kept together. */
  final class Poll {
    final Lease lease;
    final String cursor;
    final Instant since;
    final Instant windowFrom;
    final Instant started;

    /** Null before anything was kept; then whether more pages follow. */
    Boolean stored;

    Poll(Lease lease, String cursor, Instant since, Instant windowFrom, Instant started) {
      this.lease = lease;
      this.cursor = cursor;
      this.since = since;
      this.windowFrom = windowFrom;
      this.started = started;
    }

    /**
     * Keeps the items and the next place in one transaction, unless the lease was lost meanwhile.
     */
    void store(Inbox inbox, List<Arrival> arrivals, String next) throws SQLException {
      CrashPoint.hit(CrashPoint.BEFORE_CURSOR_SAVE);
      inbox.acceptAll(arrivals, connection -> move(connection, next));
      // A place that stays where it is has no more to give for now.
      stored = next != null && !arrivals.isEmpty() && !next.equals(cursor);
    }

    private void move(Connection connection, String next) throws SQLException {
      try (var statement =
          connection.prepareStatement(
              """
              INSERT INTO poll_cursor (account, document, cursor, since, fence, updated_at) VALUES (?, ?, ?, ?, ?, ?)
              ON CONFLICT (account, document) DO UPDATE SET cursor = excluded.cursor, since = excluded.since,
                fence = excluded.fence, updated_at = excluded.updated_at
              WHERE poll_cursor.fence <= excluded.fence""")) {
        statement.setString(1, endpoint.getAccount());
        statement.setString(2, endpoint.getName());
        statement.setString(3, next);
        // The window moves on only when its last page is kept.
        statement.setTimestamp(4, Timestamp.from(next == null ? started : windowFrom));
        statement.setLong(5, lease.fence());
        statement.setTimestamp(6, Timestamp.from(endpoint.hub().clock().instant()));
        if (statement.executeUpdate() != 1) {
          throw new SQLException(
              "Another replica polls '%s' for '%s' now"
                  .formatted(endpoint.getAccount(), endpoint.getName()));
        }
      }
    }
  }
}
