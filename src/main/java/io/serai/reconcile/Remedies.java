package io.serai.reconcile;

import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Verdict;
import io.serai.support.Ids;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/**
 * Puts findings right.
 *
 * <p>Guarantee: nothing is told twice under one key. What is written back is a new revision of a
 * delivery whose outcome is known, under a key of its own, or an absolute quantity that is computed
 * anew when it is sent; a request is asked again only while all of it is still wanted. Gap: done
 * means set going; that it helped is seen by the next run, which closes the finding.
 */
public final class Remedies {
  /** What came of it. */
  public sealed interface Result {
    /** It is set going. */
    record Done(String sentence) implements Result {}

    /** It cannot be, and why. */
    record Refused(String sentence) implements Result {}
  }

  /** States of a request in which all of it is still wanted of its partner. */
  static final Set<String> MAY_BE_ASKED_AGAIN = Set.of("REQUESTED", "ACCEPTED");

  // Whoever stops a request or books a shipment holds its order.
  private static final String HOLD =
      """
      SELECT d.operation, d.business_key FROM sales_order o JOIN delivery d ON d.order_id = o.id
      WHERE d.id = ? FOR UPDATE OF o""";

  private static final String AGAIN =
      """
      WITH old AS (
        SELECT * FROM delivery d WHERE d.id = ? AND d.state = 'CONFIRMED'
          AND NOT EXISTS (SELECT 1 FROM delivery n WHERE n.destination = d.destination AND n.operation = d.operation
            AND n.business_key = d.business_key AND n.id > d.id)
        FOR UPDATE),
      content AS (SELECT c.content FROM delivery_content c JOIN old ON old.id = c.delivery_id),
      again AS (
        INSERT INTO delivery (destination, document, operation, lane, order_id, business_key, revision, idempotency_key,
          repeat_mode, state, message_id, due_at, deadline_at, created_at, mapped_at)
        SELECT o.destination, o.document, o.operation, o.lane, o.order_id, o.business_key, o.revision + 1,
          o.operation || ':' || o.business_key || ':' || (o.revision + 1), o.repeat_mode, 'READY', o.message_id, ?,
          ?::timestamptz + greatest(o.deadline_at - o.created_at, interval '1 hour'), ?, ?
        FROM old o WHERE EXISTS (SELECT 1 FROM content) RETURNING id),
      stored AS (
        INSERT INTO delivery_content (delivery_id, content) SELECT again.id, content.content FROM again, content RETURNING 1)
      SELECT again.id FROM again, stored""";

  private static final String MARK =
      """
      UPDATE publication SET marked_at = coalesce(marked_at, ?), urgent = true, doubted = true, base = NULL, sold = 0
      WHERE account = ? AND listing_id = ? AND location_id = ?""";

  private final DataSource database;
  private final Clock clock;
  private final Replay replay;
  private final Pulls pulls;
  private final Runnable nudge;

  /**
   * Works in one database.
   *
   * @param nudge has what is owed looked for at once
   */
  public Remedies(DataSource database, Clock clock, Replay replay, Pulls pulls, Runnable nudge) {
    this.database = database;
    this.clock = clock;
    this.replay = replay;
    this.pulls = pulls;
    this.nudge = nudge;
  }

  /**
   * Does it.
   *
   * @param document of which comparison the finding is
   */
  public Result apply(
      Remedy remedy, String account, String document, String target, String reason, String actor)
      throws SQLException {
    return switch (remedy) {
      case REPLAY -> replay(target, reason, actor);
      case PULL -> pull(account, document, target);
      case WRITE_BACK ->
          target.startsWith("dlv_")
              ? tell(Long.parseLong(target.substring(4)), target)
              : show(account, target);
    };
  }

  private Result replay(String target, String reason, String actor) {
    return switch (replay.one(target, reason, actor, DeadLetters.AS_IT_IS)) {
      case Verdict.Done done -> new Result.Done("'%s' is put back to work.".formatted(done.id()));
      case Verdict.Refused refused -> new Result.Refused(refused.sentence());
      default ->
          new Result.Refused("'%s' is no dead letter any more. Compare again.".formatted(target));
    };
  }

  private Result pull(String account, String document, String key) {
    var what = "fulfillment-request".equals(document) ? "shipment" : document;
    return pulls.pull(account, what, key)
        ? new Result.Done("'%s' is asked for '%s' again.".formatted(account, key))
        : new Result.Refused(
            "Nothing here asks '%s' for '%s': its poll is switched off, or its connector has none. Switch it on, or have the other side send it again."
                .formatted(account, what));
  }

  private Result tell(long delivery, String target) throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      if (isStopped(connection, delivery)) {
        connection.rollback();
        return new Result.Refused(
            "'%s' cannot be told again: its request is stopped, sent in part or gone by now. Compare again."
                .formatted(target));
      }
      var again = again(connection, delivery);
      connection.commit();
      if (again == null) {
        return new Result.Refused(
            "'%s' cannot be told again: it is not confirmed, was told again since, or its content is past its retention. Compare again."
                .formatted(target));
      }
      nudge.run();
      return new Result.Done(
          "It is told again as 'dlv_%d', a new revision under a key of its own.".formatted(again));
    }
  }

  /** Whether it is a request that is not wanted whole any more; holds its order. */
  private static boolean isStopped(Connection connection, long delivery) throws SQLException {
    var request = new AtomicReference<UUID>();
    new Statements()
        .query(
            HOLD,
            rows -> {
              if (rows.next() && "fulfillment-request".equals(rows.getString(1))) {
                request.set(Ids.uuid("ful", rows.getString(2)));
              }
            },
            delivery)
        .execute(connection);
    if (request.get() == null) {
      return false;
    }
    var state = new AtomicReference<String>();
    new Statements()
        .query(
            "SELECT state FROM fulfillment_order WHERE id = ?",
            rows -> {
              if (rows.next()) {
                state.set(rows.getString(1));
              }
            },
            request.get())
        .execute(connection);
    return state.get() == null || !MAY_BE_ASKED_AGAIN.contains(state.get());
  }

  private Long again(Connection connection, long delivery) throws SQLException {
    var now = clock.instant();
    var again = new AtomicReference<Long>();
    new Statements()
        .query(
            AGAIN,
            rows -> {
              if (rows.next()) {
                again.set(rows.getLong(1));
              }
            },
            delivery,
            now,
            now,
            now,
            now)
        .execute(connection);
    return again.get();
  }

  private Result show(String account, String target) throws SQLException {
    var slash = target.lastIndexOf('/');
    try (var connection = database.getConnection();
        var update = connection.prepareStatement(MARK)) {
      update.setTimestamp(1, java.sql.Timestamp.from(clock.instant()));
      update.setString(2, account);
      update.setString(3, target.substring(0, slash));
      update.setString(4, target.substring(slash + 1));
      return update.executeUpdate() == 1
          ? new Result.Done("The quantity is computed anew and told.")
          : new Result.Refused(
              "Listing '%s' is not published any more. Compare again.".formatted(target));
    }
  }
}
