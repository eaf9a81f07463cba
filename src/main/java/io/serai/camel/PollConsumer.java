package io.serai.camel;

import io.serai.database.Lease;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.Arrival;
import io.serai.inbox.Inbox;
import io.serai.support.CrashPoint;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.apache.camel.Processor;
import org.apache.camel.util.TimeUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code from: serai:poll/<document>}: one exchange per page that is due, on one replica.
 *
 * <p>Guarantee: a window is given up only when its last page is kept, so a poll that breaks off
 * loses nothing; every page of it asks for the same instants. What it broke off for stands in the
 * table {@code poll_cursor}, and rings are passed over while the partner wants to be left alone, a
 * restart or not. Gap: a cursor that means a place in an endless feed and not a page has no window.
 */
final class PollConsumer extends RingingConsumer {
  /** Exchange property: the poll that the exchange belongs to. */
  static final String POLL = "SeraiPoll";

  private static final Logger LOG = LoggerFactory.getLogger(PollConsumer.class);
  private static final Duration FIRST_LOOK_BACK = Duration.ofDays(1);
  private static final int MOST_PAGES = 1_000;
  private static final int MOST_EMPTY_PAGES = 20;

  /** Stands among the pages seen for a window that was begun again. */
  private static final String STALE = "\0begun again";

  private final SeraiEndpoint endpoint;

  PollConsumer(SeraiEndpoint endpoint, Processor processor) {
    super(endpoint, processor, "The poll of '%s' for '%s'");
    this.endpoint = endpoint;
  }

  @Override
  void poll(Lease lease) throws SQLException {
    var place = place();
    if (place.notBefore() != null && endpoint.hub().clock().instant().isBefore(place.notBefore())) {
      return;
    }
    Failure failure;
    try {
      failure = pages(lease);
    } catch (SQLException | RuntimeException e) {
      failure =
          Failure.of(
              FailureKind.TRANSIENT,
              "%s did not finish (%s). It goes on at the next ring."
                  .formatted(what(), e.getMessage()),
              Place.of(endpoint.getAccount()));
    }
    note(lease, failure, place.since());
    if (failure != null) {
      LOG.warn("{}", failure.sentence());
    }
  }

  // What kept it from finishing, or null when it did.
  private Failure pages(Lease first) throws SQLException {
    var lease = first;
    var started = endpoint.hub().clock().instant();
    var seen = new HashSet<String>();
    List<String> before = List.of();
    var empty = 0;
    var otherToken = false;
    var anew = false;
    for (var page = 0; page < MOST_PAGES && isRunAllowed(); page++) {
      if (page > 0) {
        var kept = endpoint.hub().leases().renew(lease, LEASE);
        if (kept.isEmpty()) {
          return null; // another replica polls now, and goes on where this one was
        }
        lease = kept.get();
      }
      var poll = read(lease, started);
      if (page > 0 && poll.cursor == null && !anew) {
        return null; // the last page closed the window
      }
      if (poll.cursor != null && !seen.add(poll.cursor) && !otherToken) {
        begin(lease);
        return repeated("was given page '%s' twice", poll.cursor);
      }
      anew = false;
      var failure = ask(poll);
      if (failure == null) {
        otherToken = false;
        if (poll.stored == null || !poll.stored) {
          return null; // nothing more, or nothing was kept and there is no place to go on from
        }
        empty = poll.content.isEmpty() ? empty + 1 : 0;
        if (empty == MOST_EMPTY_PAGES) {
          return null; // goes on from there at the next ring
        }
        if (!poll.content.isEmpty() && poll.content.equals(before)) {
          begin(lease);
          return repeated("found on page '%s' what was on the page before it", poll.cursor);
        }
        before = poll.content;
        continue;
      }
      if (failure.kind() == FailureKind.AUTH && failure.retryAfter() != null && !otherToken) {
        otherToken = true;
        anew = true; // the same page, with another token
      } else if (givesUp(failure) && poll.cursor != null && !seen.contains(STALE)) {
        LOG.info("{} begins its window again: {}", what(), failure.sentence());
        begin(lease);
        seen.clear();
        seen.add(STALE);
        before = List.of();
        anew = true;
      } else {
        return failure;
      }
    }
    return null;
  }

  // Whether the partner does not take the cursor any more, whatever it calls that.
  private static boolean givesUp(Failure failure) {
    return switch (failure.kind()) {
      case STALE, REFUSED, INVALID -> true;
      default -> false;
    };
  }

  // A cursor that comes again, or a page number that the partner does not heed.
  private Failure repeated(String what, String cursor) {
    return Failure.of(
        FailureKind.INVALID,
        "%s %s: the partner's paging repeats itself. Its window begins again at the next ring; ask the partner if this stays."
            .formatted(what(), what.formatted(WebhookConsumer.clean(cursor))),
        Place.of(endpoint.getAccount()));
  }

  private Failure ask(Poll poll) {
    var exchange = createExchange(false);
    try {
      exchange.setProperty(POLL, poll);
      exchange.setVariable(Variables.ACCOUNT, endpoint.getAccount());
      exchange.setVariable(Variables.DOCUMENT, endpoint.getName());
      if (poll.cursor != null) {
        exchange.setVariable(Variables.CURSOR, poll.cursor);
      }
      exchange.setVariable(Variables.SINCE, poll.since.toString());
      exchange.setVariable(Variables.UNTIL, poll.until.toString());
      return Questions.ask(endpoint, exchange, getProcessor(), what());
    } finally {
      releaseExchange(exchange, false);
    }
  }

  /** Where a poll is, between its pages and between its windows. */
  private record At(String cursor, Instant since, Instant until, Instant notBefore) {}

  private At place() throws SQLException {
    try (var connection = endpoint.hub().dataSource().getConnection();
        var statement =
            connection.prepareStatement(
                """
                SELECT cursor, since, window_until, not_before FROM poll_cursor
                WHERE account = ? AND document = ?""")) {
      statement.setString(1, endpoint.getAccount());
      statement.setString(2, endpoint.getName());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? new At(
                rows.getString(1),
                instant(rows.getTimestamp(2)),
                instant(rows.getTimestamp(3)),
                instant(rows.getTimestamp(4)))
            : new At(null, null, null, null);
      }
    }
  }

  private static Instant instant(Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  private Poll read(Lease lease, Instant started) throws SQLException {
    var at = place();
    var overlap = TimeUtils.toMilliSeconds(endpoint.getOverlap());
    var until =
        at.cursor() != null && at.until() != null
            ? at.until()
            : started.minusMillis(TimeUtils.toMilliSeconds(endpoint.getLag()));
    var from = at.since() == null ? started.minus(FIRST_LOOK_BACK) : at.since();
    if (from.isAfter(until)) {
      from = until; // the clock was ahead, or what lags is longer than the last window is old
    }
    return new Poll(lease, at.cursor(), from.minusMillis(overlap), from, until);
  }

  // The window begins again at its first page.
  private void begin(Lease lease) throws SQLException {
    execute(
        new Statements()
            .add(
                """
                UPDATE poll_cursor SET cursor = NULL, window_until = NULL
                WHERE account = ? AND document = ? AND fence <= ?""",
                endpoint.getAccount(),
                endpoint.getName(),
                lease.fence()));
  }

  // A first window that failed is remembered, so that it does not slide while it fails.
  private void note(Lease lease, Failure failure, Instant since) throws SQLException {
    var now = endpoint.hub().clock().instant();
    var first = failure == null || since != null ? null : now.minus(FIRST_LOOK_BACK);
    execute(
        new Statements()
            .add(
                """
                INSERT INTO poll_cursor AS p (account, document, since, fence, updated_at, last_success_at, failed_at, failure_kind, failure, not_before)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (account, document) DO UPDATE
                  SET since = coalesce(p.since, excluded.since), last_success_at = coalesce(excluded.last_success_at, p.last_success_at), failed_at = excluded.failed_at,
                    failure_kind = excluded.failure_kind, failure = excluded.failure, not_before = excluded.not_before
                WHERE p.fence <= excluded.fence""",
                endpoint.getAccount(),
                endpoint.getName(),
                first,
                lease.fence(),
                now,
                failure == null ? now : null,
                failure == null ? null : now,
                failure == null ? null : failure.kind().name(),
                failure == null ? null : failure.sentence(),
                notBefore(failure, now)));
  }

  private void execute(Statements statements) throws SQLException {
    try (var connection = endpoint.hub().dataSource().getConnection()) {
      statements.execute(connection);
    }
  }

  /** One page of a poll: where it reads, and how its items and the next place are kept together. */
  final class Poll {
    final Lease lease;
    final String cursor;
    final Instant since;
    final Instant windowFrom;
    final Instant until;

    /** Null before anything was kept; then whether more pages follow. */
    Boolean stored;

    /** What the page held, to know it again; null while nothing was kept. */
    List<String> content;

    Poll(Lease lease, String cursor, Instant since, Instant windowFrom, Instant until) {
      this.lease = lease;
      this.cursor = cursor;
      this.since = since;
      this.windowFrom = windowFrom;
      this.until = until;
    }

    /**
     * Keeps the items and the next place in one transaction, unless the lease was lost meanwhile.
     */
    void store(Inbox inbox, List<Arrival> arrivals, String next) throws SQLException {
      CrashPoint.hit(CrashPoint.BEFORE_CURSOR_SAVE);
      inbox.acceptAll(arrivals, connection -> move(connection, next));
      // A place that stays where it is has no more to give for now.
      content =
          arrivals.stream().map(arrival -> arrival.document() + ' ' + arrival.dedupeKey()).toList();
      stored = next != null && !next.equals(cursor);
    }

    private void move(Connection connection, String next) throws SQLException {
      try (var statement =
          connection.prepareStatement(
              """
              INSERT INTO poll_cursor (account, document, cursor, since, window_until, fence, updated_at)
              VALUES (?, ?, ?, ?, ?, ?, ?)
              ON CONFLICT (account, document) DO UPDATE SET cursor = excluded.cursor, since = excluded.since,
                window_until = excluded.window_until, fence = excluded.fence, updated_at = excluded.updated_at
              WHERE poll_cursor.fence <= excluded.fence""")) {
        statement.setString(1, endpoint.getAccount());
        statement.setString(2, endpoint.getName());
        statement.setString(3, next);
        // The window moves on only when its last page is kept, and no further than it reached.
        statement.setTimestamp(4, Timestamp.from(next == null ? until : windowFrom));
        statement.setTimestamp(5, next == null ? null : Timestamp.from(until));
        statement.setLong(6, lease.fence());
        statement.setTimestamp(7, Timestamp.from(endpoint.hub().clock().instant()));
        if (statement.executeUpdate() != 1) {
          throw new SQLException(
              "Another replica polls '%s' for '%s' now"
                  .formatted(endpoint.getAccount(), endpoint.getName()));
        }
      }
    }
  }
}
