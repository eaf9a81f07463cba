package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The one place where what stopped is put back to work, one or many at a time. Kept: id, key, lane,
 * idempotency key, content; when a mapping was corrected since and nothing of the delivery can have
 * had its effect, it is a new revision under a new idempotency key, made by the mappings of now.
 * Set: state, due time, attempts from zero, a delivery's deadline (as far from now as it once was
 * from its creation). Forgotten: that a file of the delivery stands in the partner's folder, or by
 * which id it went to its server, when the partner refused it, was silent about it or never had it,
 * so that it is put there again; of unknown outcome otherwise it is remembered, and so is the id
 * while no receipt answered it, by which the partner knows the file again. Forgotten, too: that the
 * partner answered it, and the sets it refused where the same interchange goes again, so that its
 * next answer counts; why it refused them stays with them. The fence moves on, so whoever saw the
 * dead letter cannot act on it a second time.
 */
final class Revival {
  private static final String MESSAGES =
      """
      WITH dead AS (
        SELECT m.id FROM inbox_message m
        JOIN unnest(?::bigint[], ?::bigint[]) AS wanted (id, fence)
          ON m.id = wanted.id AND m.fence = wanted.fence
        WHERE m.state = 'PARKED'
        ORDER BY m.id FOR NO KEY UPDATE OF m)
      UPDATE inbox_message m
      SET state = 'RECEIVED', due_at = ?, attempt_count = 0, failure_id = NULL, finished_at = NULL,
          reason = NULL, fence = m.fence + 1, lease_owner = NULL, lease_until = NULL
      FROM dead WHERE m.id = dead.id
      RETURNING m.id, m.order_id
      """;
  private static final String DELIVERIES =
      """
      WITH dead AS (
        SELECT d.id, c.corrected AND NOT (d.outcome_unknown AND NOT g.absent) AND NOT g.same AS anew,
          g.absent OR NOT g.asked AND EXISTS (
            SELECT 1 FROM failure f WHERE f.id = d.failure_id
              AND (f.kind = 'SILENT' OR (f.kind = 'REFUSED' AND NOT d.outcome_unknown))) AS again
        FROM delivery d
        JOIN unnest(?::bigint[], ?::bigint[]) AS wanted (id, fence)
          ON d.id = wanted.id AND d.fence = wanted.fence
        CROSS JOIN (SELECT ?::boolean AS absent, ?::boolean AS asked, ?::boolean AS same, ?::boolean AS anew) g
        CROSS JOIN LATERAL (
          SELECT EXISTS (
            SELECT 1 FROM mapping_version v JOIN mapping_version o ON o.name = v.name AND o.since < v.since
            WHERE v.since > coalesce(d.mapped_at, d.created_at)) AS corrected) c
        WHERE (d.state = 'PARKED' OR (d.state = 'REFUSED' AND d.failure_id IS NOT NULL))
          AND NOT (d.outcome_unknown AND d.repeat_mode <> 'IDEMPOTENT' AND NOT g.absent
            AND NOT (g.asked AND d.repeat_mode = 'QUERYABLE'))
          AND (NOT g.anew OR c.corrected AND NOT d.outcome_unknown)
        ORDER BY d.id FOR NO KEY UPDATE OF d),
      forgotten AS (
        DELETE FROM sent_file s USING dead JOIN delivery d ON d.id = dead.id
        WHERE dead.again AND s.account = d.destination AND s.delivery_key = d.idempotency_key),
      unanswered AS (
        UPDATE interchange_set s SET outcome = 'SENT', sentence = 'Sent again after it was refused: ' || s.sentence, answered_by = NULL, answered_at = NULL
        FROM dead JOIN delivery d ON d.id = dead.id
          JOIN interchange i ON i.delivery_id = d.id AND i.delivery_revision = d.revision
        WHERE NOT dead.anew AND s.interchange_id = i.id AND s.outcome = 'REFUSED'),
      unsent AS (
        DELETE FROM as2_sent s USING dead JOIN delivery d ON d.id = dead.id
        WHERE dead.again AND s.account = d.destination AND s.delivery_key = d.idempotency_key
          AND s.state <> 'SENT')
      UPDATE delivery d
      SET state = 'READY', due_at = ?, attempt_count = 0, failure_id = NULL, finished_at = NULL,
          acknowledged_at = NULL, reason = NULL, fence = d.fence + 1, lease_owner = NULL, lease_until = NULL,
          outcome_unknown = d.outcome_unknown AND NOT ?,
          revision = CASE WHEN dead.anew THEN d.revision + 1 ELSE d.revision END,
          idempotency_key = CASE WHEN dead.anew THEN d.operation || ':' || d.business_key || ':' || (d.revision + 1)
            ELSE d.idempotency_key END,
          mapped_at = CASE WHEN dead.anew THEN ? ELSE d.mapped_at END,
          deadline_at = ? + greatest(d.deadline_at - d.created_at, interval '1 hour')
      FROM dead WHERE d.id = dead.id
      RETURNING d.id, d.order_id
      """;

  // A quantity that was true once is not told again: what is there now is.
  private static final String QUANTITIES =
      """
      WITH dead AS (
        SELECT d.id, d.destination FROM delivery d
        JOIN unnest(?::bigint[], ?::bigint[]) AS wanted (id, fence) ON d.id = wanted.id AND d.fence = wanted.fence
        WHERE d.operation = 'stock' AND (d.state = 'PARKED' OR (d.state = 'REFUSED' AND d.failure_id IS NOT NULL))
        ORDER BY d.id FOR NO KEY UPDATE OF d),
      told AS (
        SELECT p.account, p.listing_id, p.location_id FROM publication p
        WHERE (p.account, p.listing_id || '/' || p.location_id) IN (
          SELECT dead.destination, i ->> 'key' FROM dead JOIN delivery_content c ON c.delivery_id = dead.id
          CROSS JOIN LATERAL json_array_elements(c.content::json -> 'items') i)
        ORDER BY p.account, p.listing_id, p.location_id FOR UPDATE),
      marked AS (
        UPDATE publication p SET marked_at = coalesce(p.marked_at, ?), urgent = true, doubted = true, base = NULL, sold = 0
        FROM told WHERE p.account = told.account AND p.listing_id = told.listing_id AND p.location_id = told.location_id)
      UPDATE delivery d SET state = 'SUPERSEDED', finished_at = ?, fence = d.fence + 1, lease_owner = NULL, lease_until = NULL,
        reason = 'Replayed: the quantities of now are told instead.'
      FROM dead WHERE d.id = dead.id
      RETURNING d.id, d.order_id
      """;

  private Revival() {}

  /** How deliveries are put back to work. */
  enum Mode {
    /** As a new revision when a mapping was corrected and nothing can have had its effect. */
    USUAL,
    /** As they were made, whatever was corrected. */
    SAME,
    /** As a new revision; those that would be the same, or may have had their effect, stay. */
    ANEW,
    /** A person knows that none of them had its effect. */
    KNOWN_ABSENT,
    /** The partner is asked first, so that an unknown outcome is no obstacle where it can be. */
    ASKED_FIRST
  }

  /** Puts one locked message or delivery back to work; its fence afterwards. */
  static long of(Connection connection, Target target, Instant now) throws SQLException {
    var one = List.of(target.item().number());
    var fence = List.of(target.fence());
    var revived =
        target.item().type() == DeadLetterType.MESSAGE
            ? messages(connection, one, fence, now)
            : deliveries(connection, one, fence, Mode.USUAL, now);
    return fenceAfter(target, revived);
  }

  /** The same for a delivery of which a person knows that it never had its effect. */
  static long ofKnownAbsent(Connection connection, Target target, Instant now) throws SQLException {
    return fenceAfter(
        target,
        deliveries(
            connection,
            List.of(target.item().number()),
            List.of(target.fence()),
            Mode.KNOWN_ABSENT,
            now));
  }

  private static long fenceAfter(Target target, Map<Long, UUID> revived) {
    if (revived.size() != 1) {
      throw new IllegalStateException(target.name() + " is locked and yet was not put to work.");
    }
    return target.fence() + 1;
  }

  /** Those that were parked with that fence, each with its order or null; the others untouched. */
  static Map<Long, UUID> messages(
      Connection connection, List<Long> ids, List<Long> fences, Instant now) throws SQLException {
    try (var update = connection.prepareStatement(MESSAGES)) {
      update.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      update.setArray(2, connection.createArrayOf("bigint", fences.toArray()));
      update.setObject(3, at(now));
      return revived(update);
    }
  }

  /**
   * Those that were dead with that fence and may be asked again; the others untouched, and so is
   * what {@link Obstacles} names. Of stock nothing is sent again: its listings are told what is
   * there now, and it is superseded.
   */
  static Map<Long, UUID> deliveries(
      Connection connection, List<Long> ids, List<Long> fences, Mode mode, Instant now)
      throws SQLException {
    var obstacles = Obstacles.why(connection, ids).keySet();
    var wanted = new ArrayList<Long>();
    var seen = new ArrayList<Long>();
    for (var i = 0; i < ids.size(); i++) {
      if (!obstacles.contains(ids.get(i))) {
        wanted.add(ids.get(i));
        seen.add(fences.get(i));
      }
    }
    var again = quantities(connection, wanted, seen, now);
    try (var update = connection.prepareStatement(DELIVERIES)) {
      update.setArray(1, connection.createArrayOf("bigint", wanted.toArray()));
      update.setArray(2, connection.createArrayOf("bigint", seen.toArray()));
      update.setBoolean(3, mode == Mode.KNOWN_ABSENT);
      update.setBoolean(4, mode == Mode.ASKED_FIRST);
      update.setBoolean(5, mode == Mode.SAME);
      update.setBoolean(6, mode == Mode.ANEW);
      update.setObject(7, at(now));
      update.setBoolean(8, mode == Mode.KNOWN_ABSENT);
      update.setObject(9, at(now));
      update.setObject(10, at(now));
      var revived = revived(update);
      if (!revived.isEmpty()) {
        SettledMoney.reopen(connection, revived.keySet(), now);
      }
      revived.putAll(again);
      return revived;
    }
  }

  private static Map<Long, UUID> quantities(
      Connection connection, List<Long> ids, List<Long> fences, Instant now) throws SQLException {
    try (var update = connection.prepareStatement(QUANTITIES)) {
      update.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      update.setArray(2, connection.createArrayOf("bigint", fences.toArray()));
      update.setObject(3, at(now));
      update.setObject(4, at(now));
      return revived(update);
    }
  }

  private static Map<Long, UUID> revived(java.sql.PreparedStatement update) throws SQLException {
    var orders = new HashMap<Long, UUID>();
    try (var rows = update.executeQuery()) {
      while (rows.next()) {
        orders.put(rows.getLong(1), rows.getObject(2, UUID.class));
      }
    }
    return orders;
  }
}
