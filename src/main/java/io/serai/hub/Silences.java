package io.serai.hub;

import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/**
 * Notices partners that have sent nothing of a request within their lead time, and those that have
 * not said in time whether they stop one.
 *
 * <p>Guarantee: every request is looked at once when its time is over, by its id, which says when
 * it was made; nothing is indexed for it. Gap: a lead time that is made longer later does not count
 * for what was looked at already.
 */
final class Silences {
  private static final int BATCH = 200;
  private static final Duration FURTHEST = Duration.ofDays(60);

  private static final String SILENT =
      """
      SELECT id, order_id FROM fulfillment_order
      WHERE id >= ? AND id < ? AND partner = ? AND state IN ('REQUESTED', 'ACCEPTED') ORDER BY id LIMIT ?""";

  private static final String SEEN =
      """
      INSERT INTO silence_watch (partner, seen_until) VALUES (?, ?)
      ON CONFLICT (partner) DO UPDATE SET seen_until = greatest(silence_watch.seen_until, excluded.seen_until)""";

  private static final String UNANSWERED =
      "SELECT id, order_id FROM fulfillment_order WHERE answer_due_at <= ? ORDER BY answer_due_at, id LIMIT ?";

  private final DataSource database;
  private final Clock clock;
  private final Apply apply;

  Silences(DataSource database, Clock clock, Apply apply) {
    this.database = database;
    this.clock = clock;
    this.apply = apply;
  }

  /** Looks at the requests whose time is over. Answers how many are silent. */
  int runDue() throws SQLException {
    var silent = unanswered();
    for (var account : apply.topology().accounts().values()) {
      if (account.leadTime() != null) {
        silent += lookAt(account.name(), clock.instant().minus(account.leadTime()));
      }
    }
    return silent;
  }

  private int unanswered() throws SQLException {
    var found = new ArrayList<Unanswered>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              UNANSWERED,
              rows -> {
                while (rows.next()) {
                  found.add(
                      new Unanswered(rows.getObject(2, UUID.class), rows.getObject(1, UUID.class)));
                }
              },
              clock.instant(),
              BATCH)
          .execute(connection);
    }
    var silent = 0;
    for (var one : found) {
      var done = new CompletableFuture<ApplyResult>();
      apply.apply(one, null, "hub", done::complete);
      silent += done.join() instanceof ApplyResult.Applied ? 1 : 0;
    }
    return silent;
  }

  private int lookAt(String partner, Instant until) throws SQLException {
    try (var connection = database.getConnection()) {
      var from = new ArrayList<Instant>();
      new Statements()
          .query(
              "SELECT seen_until FROM silence_watch WHERE partner = ?",
              rows -> {
                while (rows.next()) {
                  from.add(rows.getTimestamp(1).toInstant());
                }
              },
              partner)
          .execute(connection);
      var since = from.isEmpty() ? until.minus(FURTHEST) : from.getFirst();
      if (!since.isBefore(until)) {
        return 0;
      }
      var found = new ArrayList<Silence>();
      new Statements()
          .query(
              SILENT,
              rows -> {
                while (rows.next()) {
                  found.add(
                      new Silence(rows.getObject(2, UUID.class), rows.getObject(1, UUID.class)));
                }
              },
              first(since),
              first(until),
              partner,
              BATCH)
          .execute(connection);
      var silent = 0;
      for (var silence : found) {
        var done = new CompletableFuture<ApplyResult>();
        apply.apply(silence, null, "hub", done::complete);
        silent += done.join() instanceof ApplyResult.Applied ? 1 : 0;
      }
      var seen = found.size() < BATCH ? until : made(found.getLast().fulfillmentId());
      new Statements().add(SEEN, partner, seen).execute(connection);
      return silent;
    }
  }

  /** The first id that could be made at an instant. */
  private static UUID first(Instant at) {
    return new UUID(at.toEpochMilli() << 16, 0);
  }

  private static Instant made(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }
}
