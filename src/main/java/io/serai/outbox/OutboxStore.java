package io.serai.outbox;

import io.serai.support.Json;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The outbox's SQL for claims. Stateless; the caller owns connection, transaction and time. */
final class OutboxStore {
  private static final String COLUMNS =
      """
      d.id, d.destination, d.document, d.operation, d.lane, d.order_id, d.business_key, d.revision, d.idempotency_key,
      d.repeat_mode, c.content, d.outcome_unknown, d.attempt_count, d.deadline_at, d.fence, d.lease_until,
      coalesce(d.mapped_at, d.created_at) AS mapped_at, d.message_id""";

  // A head: nothing unresolved before it in its lane. Committed as SENDING before the first byte
  // leaves.
  private static final String CLAIM_DUE =
      """
      WITH head AS (
        SELECT d.id FROM delivery d
        WHERE d.destination = ? AND d.document = ANY (?) AND d.state = 'READY' AND d.due_at <= ?%s
          AND NOT EXISTS (
            SELECT 1 FROM delivery e
            WHERE e.lane = d.lane AND e.id <> d.id AND e.state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED')
              AND (e.state = 'SENDING' OR e.id < d.id AND e.state IN ('READY', 'PENDING', 'WAITING', 'PARKED')))
        ORDER BY d.due_at, d.id LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE delivery d SET state = 'SENDING', lease_owner = ?, lease_until = ?, fence = d.fence + 1
      FROM head JOIN delivery_content c ON c.delivery_id = head.id WHERE d.id = head.id RETURNING"""
          + " "
          + COLUMNS;

  // SENDING with a lapsed lease: whether it was sent is unknown.
  private static final String CLAIM_LAPSED =
      """
      WITH lapsed AS (
        SELECT d.id FROM delivery d
        WHERE d.destination = ? AND d.document = ANY (?) AND d.state = 'SENDING' AND d.lease_until <= ?
        ORDER BY d.id LIMIT ? FOR UPDATE SKIP LOCKED)
      UPDATE delivery d SET lease_owner = ?, lease_until = ?, fence = d.fence + 1, outcome_unknown = true
      FROM lapsed JOIN delivery_content c ON c.delivery_id = lapsed.id WHERE d.id = lapsed.id RETURNING"""
          + " "
          + COLUMNS;

  // A text each, so that each is planned for what it asks.
  private static final Map<Turns.Which, String> CLAIMS =
      Map.of(
          Turns.Which.ANY,
          CLAIM_DUE.formatted(""),
          Turns.Which.FIRST_TRIES,
          CLAIM_DUE.formatted(" AND d.attempt_count = 0"),
          Turns.Which.RETRIES,
          CLAIM_DUE.formatted(" AND d.attempt_count > 0"),
          Turns.Which.NEW,
          CLAIM_DUE.formatted(" AND d.attempt_count = 0 AND d.due_at >= ? AND d.created_at >= ?"),
          Turns.Which.OLD,
          CLAIM_DUE.formatted(" AND NOT (d.attempt_count = 0 AND d.created_at >= ?)"),
          Turns.Which.OLD_FIRST_TRIES,
          CLAIM_DUE.formatted(" AND d.attempt_count = 0 AND d.created_at < ?"));

  private OutboxStore() {}

  static List<Delivery> claimDue(
      Connection connection,
      Turns.Which which,
      Instant since,
      String destination,
      Collection<String> documents,
      String owner,
      Instant now,
      Duration lease,
      int limit)
      throws SQLException {
    var parameters =
        new ArrayList<Object>(List.of(destination, Statements.texts(List.copyOf(documents)), now));
    switch (which) {
      case ANY, FIRST_TRIES, RETRIES -> {}
      case NEW -> parameters.addAll(List.of(since, since));
      case OLD, OLD_FIRST_TRIES -> parameters.add(since);
    }
    parameters.addAll(List.of(limit, owner, now.plus(lease)));
    return claim(connection, CLAIMS.get(which), parameters);
  }

  static List<Delivery> claimLapsed(
      Connection connection,
      String destination,
      Collection<String> documents,
      String owner,
      Instant now,
      Duration lease,
      int limit)
      throws SQLException {
    return claim(
        connection,
        CLAIM_LAPSED,
        List.of(
            destination,
            Statements.texts(List.copyOf(documents)),
            now,
            limit,
            owner,
            now.plus(lease)));
  }

  private static List<Delivery> claim(Connection connection, String sql, List<Object> parameters)
      throws SQLException {
    var claimed = new ArrayList<Delivery>();
    new Statements()
        .query(
            sql,
            rows -> {
              while (rows.next()) {
                claimed.add(read(rows));
              }
            },
            parameters.toArray())
        .execute(connection);
    claimed.sort(Comparator.comparingLong(Delivery::id));
    return claimed;
  }

  private static Delivery read(ResultSet rows) throws SQLException {
    return new Delivery(
        rows.getLong("id"),
        rows.getString("destination"),
        rows.getString("document"),
        rows.getString("operation"),
        rows.getString("lane"),
        rows.getObject("order_id", UUID.class),
        rows.getString("business_key"),
        rows.getInt("revision"),
        rows.getString("idempotency_key"),
        RepeatMode.valueOf(rows.getString("repeat_mode")),
        Json.tree(rows.getString("content")),
        rows.getBoolean("outcome_unknown"),
        rows.getInt("attempt_count"),
        rows.getTimestamp("deadline_at").toInstant(),
        rows.getTimestamp("mapped_at").toInstant(),
        rows.getLong("fence"),
        rows.getTimestamp("lease_until").toInstant(),
        rows.getObject("message_id", Long.class));
  }

  /**
   * Parks what a partner took on and said nothing more of by its time; of EDI documents the
   * sentence names those that were not acknowledged. Answers how many there were. Quantities are
   * not among them: who publishes them tells them anew.
   */
  static int parkSilent(Connection connection, Instant now) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            WITH silent AS (
              SELECT d.id, d.revision, d.destination, d.operation, d.business_key, d.order_id, d.attempt_count FROM delivery d
              WHERE d.state = 'PENDING' AND d.operation <> 'stock' AND d.due_at <= ?
                AND NOT EXISTS (SELECT 1 FROM maintenance m
                  WHERE m.destination = d.destination AND m.closed_at IS NULL AND m.starts_at <= ?)
              ORDER BY d.id LIMIT 200 FOR UPDATE SKIP LOCKED
            ), f AS (
              INSERT INTO failure (kind, sentence, fingerprint, account, delivery_id, order_id, attempt, occurred_at)
              SELECT 'SILENT',
                '''' || s.destination || coalesce(''' did not acknowledge ' || x.sets || ' in time',
                  ''' took ''' || s.business_key || ''' on and did not say in time what came of it')
                  || '. Ask the partner, then say what happened.',
                md5('SILENT' || s.destination), s.destination, s.id, s.order_id, s.attempt_count, ?
              FROM silent s LEFT JOIN LATERAL (
                SELECT string_agg(t.set_id || ' ''' || t.control || ''' of interchange ''' || i.control || ''''
                    || coalesce(' (order ''' || t.subject || ''')', ''), ', ' ORDER BY t.place) AS sets
                FROM interchange i JOIN interchange_set t ON t.interchange_id = i.id
                WHERE i.delivery_id = s.id AND i.delivery_revision = s.revision AND t.outcome = 'SENT' AND t.place <= 5) x ON true
              RETURNING id, delivery_id, order_id, sentence
            ), told AS (
              INSERT INTO order_event (order_id, kind, sentence, delivery_id, occurred_at)
              SELECT f.order_id, s.operation || '.parked', f.sentence, s.id, ?
              FROM f JOIN silent s ON s.id = f.delivery_id WHERE f.order_id IS NOT NULL)
            UPDATE delivery d SET state = 'PARKED', outcome_unknown = true, failure_id = f.id FROM f WHERE d.id = f.delivery_id""")) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setTimestamp(2, Timestamp.from(now));
      statement.setTimestamp(3, Timestamp.from(now));
      statement.setTimestamp(4, Timestamp.from(now));
      return statement.executeUpdate();
    }
  }

  /**
   * Makes deliveries due that one insert leased to this owner, as far as it was committed and
   * nobody has taken them since: nobody sent them. Answers how many there were.
   *
   * @param until the lease that the insert wrote
   */
  static int release(
      Connection connection, String owner, List<Long> ids, Instant until, Instant now)
      throws SQLException {
    var released = new int[1];
    new Statements()
        .query(
            """
            UPDATE delivery SET state = 'READY', due_at = ?, lease_owner = NULL, lease_until = NULL
            WHERE id = ANY (?) AND state = 'SENDING' AND fence = 1 AND attempt_count = 0 AND NOT outcome_unknown
              AND lease_owner = ? AND lease_until = ? RETURNING id""",
            rows -> {
              while (rows.next()) {
                released[0]++;
              }
            },
            now,
            Statements.array("int8", ids.toArray()),
            owner,
            until)
        .execute(connection);
    return released[0];
  }

  /** Lets the leases of this owner's former life lapse at once. Answers how many there were. */
  static int releaseAll(Connection connection, String owner, Instant now) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "UPDATE delivery SET lease_until = ? WHERE state = 'SENDING' AND lease_owner = ? AND lease_until > ?")) {
      var at = Timestamp.from(now);
      statement.setTimestamp(1, at);
      statement.setString(2, owner);
      statement.setTimestamp(3, at);
      return statement.executeUpdate();
    }
  }
}
