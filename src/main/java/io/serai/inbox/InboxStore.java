package io.serai.inbox;

import io.serai.failure.Failure;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.PGStatement;

/** The inbox's SQL. Stateless; the caller owns connection, transaction and time. */
final class InboxStore {
  /** A body of more bytes is read when there is room for it, and worked apart from the others. */
  static final int LARGE = 256 * 1024;

  private static final byte[] NONE = new byte[0];

  /** How a stored arrival stands after the insert. */
  record Stored(long id, boolean running) {}

  /** Names an event: what the unique key names. */
  record EventKey(String account, String document, String dedupeKey) {
    static EventKey of(Arrival arrival) {
      return new EventKey(arrival.account(), arrival.document(), arrival.dedupeKey());
    }
  }

  // One statement, one round trip, one commit for the whole batch. The ids are drawn first so that
  // the
  // payload can be joined by them; a row that meets the unique key is simply not returned.
  private static final String INSERT =
      """
      WITH i AS (
        SELECT nextval('inbox_message_id_seq') AS id, u.*
        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          AS u(account, document, lane, message_key, dedupe_key, version, event_type, first, content_type, sha256, body)
      ), m AS (
        INSERT INTO inbox_message (id, account, document, lane, message_key, dedupe_key, version, event_type,
            state, received_at, due_at, lease_owner, lease_until, fence)
        OVERRIDING SYSTEM VALUE
        SELECT i.id, i.account, i.document, i.lane, i.message_key, i.dedupe_key, i.version, i.event_type,
            CASE WHEN h.runs THEN 'RUNNING' ELSE 'RECEIVED' END, ?, ?,
            CASE WHEN h.runs THEN ? END, CASE WHEN h.runs THEN ?::timestamptz END, CASE WHEN h.runs THEN 1 ELSE 0 END
        FROM i CROSS JOIN LATERAL (
          SELECT i.first AND NOT EXISTS (
            SELECT 1 FROM inbox_message o WHERE o.lane = i.lane AND o.state IN ('RECEIVED', 'RUNNING', 'PARKED')) AS runs) h
        ORDER BY i.account, i.document, i.dedupe_key
        ON CONFLICT (account, document, dedupe_key) DO NOTHING
        RETURNING id, account, document, dedupe_key, state
      ), p AS (
        INSERT INTO message_payload (message_id, received_at, content_type, sha256, body)
        SELECT i.id, ?, i.content_type, i.sha256, coalesce(i.body, ?) FROM i JOIN m ON m.id = i.id
      )
      SELECT id, account, document, dedupe_key, state FROM m""";

  private static final String FIND =
      """
      SELECT m.id, m.account, m.document, m.dedupe_key
      FROM unnest(?, ?, ?) AS u(account, document, dedupe_key)
      JOIN inbox_message m ON m.account = u.account AND m.document = u.document AND m.dedupe_key = u.dedupe_key""";

  // The first claim of all, by this owner and with that very lease: the insert's own.
  private static final String RELEASE =
      """
      UPDATE inbox_message m SET lease_until = ?
      FROM unnest(?, ?, ?) AS u(account, document, dedupe_key)
      WHERE m.account = u.account AND m.document = u.document AND m.dedupe_key = u.dedupe_key
        AND m.state = 'RUNNING' AND m.fence = 1 AND m.lease_owner = ? AND m.lease_until = ?
      RETURNING m.id""";

  // A head: nothing before it in its lane that holds the lane, and nothing of the lane running. A
  // parked message does not hold back a newer whole state of the same document, nor a cancellation.
  // A hint says only that there is something to read: parked it holds back nobody, and while it is
  // tried again it does not hold back the state itself.
  private static final String CLAIM_DUE =
      """
      WITH head AS (
        SELECT m.id FROM inbox_message m
        WHERE m.state = 'RECEIVED' AND m.due_at <= ?
          AND NOT EXISTS (
            SELECT 1 FROM inbox_message e
            WHERE e.lane = m.lane AND e.id <> m.id AND e.state IN ('RECEIVED', 'RUNNING', 'PARKED')
              AND (e.state = 'RUNNING'
                OR e.id < m.id AND e.state = 'RECEIVED'
                  AND NOT (m.document IN ('order', 'order-change', 'batch') AND e.document IN ('order-change', 'batch') AND e.due_at > ?)
                OR e.id < m.id AND e.state = 'PARKED'
                  AND e.document NOT IN ('order-change', 'batch', 'interchange', 'tracking')
                  AND NOT (m.document = e.document AND m.document IN ('order', 'stock'))
                  AND NOT (m.document = 'cancellation' AND e.document = 'order')))
        ORDER BY m.due_at, m.id LIMIT ? FOR UPDATE SKIP LOCKED
      ), c AS (
        UPDATE inbox_message m SET state = 'RUNNING', lease_owner = ?, lease_until = ?, fence = m.fence + 1
        FROM head WHERE m.id = head.id
        RETURNING m.id, m.account, m.document, m.message_key, m.version, m.event_type, m.received_at, m.attempt_count, m.fence
      )
      SELECT c.*, octet_length(p.body) AS size, CASE WHEN octet_length(p.body) <= %1$d THEN p.body END AS body,
        CASE WHEN octet_length(p.body) <= %1$d THEN p.sha256 = sha256(p.body) END AS intact
      FROM c JOIN message_payload p ON p.message_id = c.id AND p.received_at = c.received_at
      ORDER BY c.id"""
          .formatted(LARGE);

  private static final String CLAIM_LAPSED =
      """
      WITH lapsed AS (
        SELECT m.id FROM inbox_message m
        WHERE m.state = 'RUNNING' AND m.lease_until <= ?
        ORDER BY m.lease_until LIMIT ? FOR UPDATE SKIP LOCKED
      ), c AS (
        UPDATE inbox_message m SET lease_owner = ?, lease_until = ?, fence = m.fence + 1, attempt_count = m.attempt_count + 1
        FROM lapsed WHERE m.id = lapsed.id
        RETURNING m.id, m.account, m.document, m.message_key, m.version, m.event_type, m.received_at, m.attempt_count, m.fence
      )
      SELECT c.*, octet_length(p.body) AS size, CASE WHEN octet_length(p.body) <= %1$d THEN p.body END AS body,
        CASE WHEN octet_length(p.body) <= %1$d THEN p.sha256 = sha256(p.body) END AS intact
      FROM c JOIN message_payload p ON p.message_id = c.id AND p.received_at = c.received_at
      ORDER BY c.id"""
          .formatted(LARGE);

  private InboxStore() {}

  /**
   * Stores a batch; answers what was stored by key. What is missing in the answer existed before.
   * Ids are drawn in the order of the batch, which is the order of arrival; rows are inserted in
   * the order of their unique key, so two batches never wait for each other.
   *
   * @param came when they came; they are due now
   */
  static Map<EventKey, Stored> insert(
      Connection connection,
      List<Arrival> batch,
      List<byte[]> hashes,
      boolean mayRun,
      String owner,
      Instant came,
      Instant now,
      Duration lease)
      throws SQLException {
    var n = batch.size();
    var account = new String[n];
    var document = new String[n];
    var lane = new String[n];
    var key = new String[n];
    var dedupe = new String[n];
    var version = new String[n];
    var event = new String[n];
    var first = new Boolean[n];
    var contentType = new String[n];
    var bodies = new byte[n][];
    // an array is made of copies, and of one that is large there shall be none
    byte[] large = null;
    var lanes = new HashSet<String>();
    for (var i = 0; i < n; i++) {
      var a = batch.get(i);
      account[i] = a.account();
      document[i] = a.document();
      lane[i] = a.lane();
      key[i] = a.messageKey();
      dedupe[i] = a.dedupeKey();
      version[i] = a.version();
      event[i] = a.eventType();
      first[i] = lanes.add(lane[i]) && mayRun && a.body().length <= LARGE;
      contentType[i] = a.contentType();
      if (large == null && a.body().length > LARGE) {
        large = a.body();
      } else {
        bodies[i] = a.body();
      }
    }
    var stored = new HashMap<EventKey, Stored>();
    new Statements()
        .query(
            INSERT,
            rows -> {
              while (rows.next()) {
                stored.put(
                    new EventKey(rows.getString(2), rows.getString(3), rows.getString(4)),
                    new Stored(rows.getLong(1), "RUNNING".equals(rows.getString(5))));
              }
            },
            Statements.array("text", account),
            Statements.array("text", document),
            Statements.array("text", lane),
            Statements.array("text", key),
            Statements.array("text", dedupe),
            Statements.array("text", version),
            Statements.array("text", event),
            Statements.array("bool", first),
            Statements.array("text", contentType),
            Statements.array("bytea", hashes.toArray(byte[][]::new)),
            Statements.array("bytea", bodies),
            came,
            now,
            owner,
            now.plus(lease),
            came,
            large == null ? NONE : large)
        .execute(connection);
    return stored;
  }

  /** Says of stored messages which one they are parts of. */
  static void adopt(Connection connection, long parent, List<Long> parts) throws SQLException {
    new Statements()
        .add(
            "UPDATE inbox_message SET parent_id = ? WHERE id = ANY (?)",
            parent,
            Statements.array("int8", parts.toArray()))
        .execute(connection);
  }

  /** Parks messages that were just stored, each with what is wrong with it. */
  static void park(Connection connection, Map<Long, Failure> failures, Instant now)
      throws SQLException {
    var all = List.copyOf(failures.values());
    new Statements()
        .add(
            """
            WITH f AS (
              INSERT INTO failure (kind, sentence, fingerprint, account, route, step, evidence, message_id, occurred_at)
              SELECT u.kind, u.sentence, u.fingerprint, u.account, u.route, u.step, u.evidence, u.message_id, ?
              FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
                AS u(message_id, kind, sentence, fingerprint, account, route, step, evidence)
              RETURNING id, message_id)
            UPDATE inbox_message m SET state = 'PARKED', failure_id = f.id, attempt_count = 1
            FROM f WHERE m.id = f.message_id""",
            now,
            Statements.array("int8", failures.keySet().toArray()),
            Statements.texts(all.stream().map(f -> f.kind().name()).toList()),
            Statements.texts(all.stream().map(Failure::sentence).toList()),
            Statements.texts(all.stream().map(Failure::fingerprint).toList()),
            Statements.texts(all.stream().map(f -> f.place().endpoint()).toList()),
            Statements.texts(all.stream().map(f -> f.place().route()).toList()),
            Statements.texts(all.stream().map(f -> f.place().step()).toList()),
            Statements.texts(all.stream().map(Failure::evidence).toList()))
        .execute(connection);
  }

  /** Makes claims last until then, those that are not lost. */
  static void renew(Connection connection, Collection<InboxMessage> messages, Instant until)
      throws SQLException {
    new Statements()
        .add(
            """
            UPDATE inbox_message m SET lease_until = ? FROM unnest(?, ?) AS u(id, fence)
            WHERE m.id = u.id AND m.fence = u.fence AND m.state = 'RUNNING'""",
            until,
            Statements.array("int8", messages.stream().map(InboxMessage::id).toArray()),
            Statements.array("int8", messages.stream().map(InboxMessage::fence).toArray()))
        .execute(connection);
  }

  /** Makes a claim last until then. Answers false when it was lost. */
  static boolean renew(Connection connection, InboxMessage message, Instant until)
      throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "UPDATE inbox_message SET lease_until = ? WHERE id = ? AND fence = ? AND state = 'RUNNING'")) {
      statement.setTimestamp(1, Timestamp.from(until));
      statement.setLong(2, message.id());
      statement.setLong(3, message.fence());
      return statement.executeUpdate() == 1;
    }
  }

  /** The ids of events stored before. */
  static Map<EventKey, Long> find(Connection connection, List<EventKey> keys) throws SQLException {
    var found = new HashMap<EventKey, Long>();
    new Statements()
        .query(
            FIND,
            rows -> {
              while (rows.next()) {
                found.put(
                    new EventKey(rows.getString(2), rows.getString(3), rows.getString(4)),
                    rows.getLong(1));
              }
            },
            Statements.texts(keys.stream().map(EventKey::account).toList()),
            Statements.texts(keys.stream().map(EventKey::document).toList()),
            Statements.texts(keys.stream().map(EventKey::dedupeKey).toList()))
        .execute(connection);
    return found;
  }

  /**
   * A claimed message.
   *
   * @param message without its body when that is large
   * @param size the bytes of its body
   * @param intact whether its stored bytes still match their hash, as far as they were read
   */
  record Claimed(InboxMessage message, int size, boolean intact) {
    boolean large() {
      return size > LARGE;
    }
  }

  /** Reads the body of a message that was claimed without it. */
  static Claimed load(Connection connection, Claimed claimed) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT body, sha256 = sha256(body) FROM message_payload WHERE message_id = ? AND received_at = ?")) {
      // as text the bytes would come twice as large, and once more to be made bytes of
      statement.unwrap(PGStatement.class).setPrepareThreshold(-1);
      statement.setLong(1, claimed.message().id());
      statement.setTimestamp(2, Timestamp.from(claimed.message().receivedAt()));
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? new Claimed(
                claimed.message().with(rows.getBytes(1)), claimed.size(), rows.getBoolean(2))
            : new Claimed(claimed.message(), claimed.size(), false);
      }
    }
  }

  /** Claims lane heads that are due. */
  static List<Claimed> claimDue(
      Connection connection, String owner, Instant now, Duration lease, int limit)
      throws SQLException {
    return claim(connection, CLAIM_DUE, now, now, limit, owner, now.plus(lease));
  }

  /** Takes over messages whose lease lapsed: their node died or stalled. */
  static List<Claimed> claimLapsed(
      Connection connection, String owner, Instant now, Duration lease, int limit)
      throws SQLException {
    return claim(connection, CLAIM_LAPSED, now, limit, owner, now.plus(lease));
  }

  /**
   * Has messages that waited long enough for another document looked at again. Answers the lanes of
   * the documents they wait for, each to the one replica that is to ask for it.
   */
  static Set<String> sweepWaiting(Connection connection, Instant now) throws SQLException {
    var lanes = new TreeSet<String>();
    new Statements()
        .query(
            """
            WITH due AS (SELECT id, waits_for FROM inbox_message WHERE state = 'WAITING' AND due_at <= ?
              ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED)
            UPDATE inbox_message m SET state = 'RECEIVED', waits_for = NULL FROM due WHERE m.id = due.id
            RETURNING due.waits_for""",
            rows -> {
              while (rows.next()) {
                lanes.add(rows.getString(1));
              }
            },
            now)
        .execute(connection);
    return lanes;
  }

  /**
   * Makes messages that wait for an order due now when there is one: it was applied between the
   * decision that they wait and the write of it. Answers how many there were.
   */
  static int wakeMet(Connection connection, Instant now) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            WITH met AS (
              SELECT m.id FROM inbox_message m JOIN sales_order o ON o.account = split_part(m.waits_for, '/', 1)
                AND o.channel_order_id = substr(m.waits_for, strpos(m.waits_for, '/') + 1)
              WHERE m.state = 'WAITING' ORDER BY m.id LIMIT 200 FOR UPDATE OF m SKIP LOCKED)
            UPDATE inbox_message m SET state = 'RECEIVED', due_at = ?, waits_for = NULL FROM met WHERE m.id = met.id""")) {
      statement.setTimestamp(1, Timestamp.from(now));
      return statement.executeUpdate();
    }
  }

  /**
   * Makes messages that wait for a route due now: there is one. Answers how many there were.
   *
   * @param unrouted the fingerprint of having no route
   */
  static int wakeUnrouted(Connection connection, String unrouted, Instant now) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            UPDATE inbox_message m SET due_at = ? FROM failure f
            WHERE m.state = 'RECEIVED' AND m.due_at > ? AND f.id = m.failure_id AND f.fingerprint = ?""")) {
      statement.setTimestamp(1, Timestamp.from(now));
      statement.setTimestamp(2, Timestamp.from(now));
      statement.setString(3, unrouted);
      return statement.executeUpdate();
    }
  }

  private static List<Claimed> claim(Connection connection, String sql, Object... values)
      throws SQLException {
    var claimed = new ArrayList<Claimed>();
    new Statements()
        .query(
            sql,
            rows -> {
              while (rows.next()) {
                var message = read(rows);
                claimed.add(
                    new Claimed(
                        message,
                        rows.getInt("size"),
                        message.body() == null || rows.getBoolean("intact")));
              }
            },
            values)
        .execute(connection);
    return claimed;
  }

  private static InboxMessage read(ResultSet rows) throws SQLException {
    return new InboxMessage(
        rows.getLong("id"),
        rows.getString("account"),
        rows.getString("document"),
        rows.getString("message_key"),
        rows.getString("version"),
        rows.getString("event_type"),
        rows.getTimestamp("received_at").toInstant(),
        rows.getInt("attempt_count"),
        rows.getLong("fence"),
        rows.getBytes("body"));
  }

  /**
   * Lets the leases of one insert lapse at once, as far as it was committed and nobody has taken
   * the messages since: who inserted them never learned that they are its own. Answers how many
   * there were.
   *
   * @param until the lease that the insert wrote
   */
  static int release(
      Connection connection, String owner, List<EventKey> keys, Instant until, Instant now)
      throws SQLException {
    var released = new int[1];
    new Statements()
        .query(
            RELEASE,
            rows -> {
              while (rows.next()) {
                released[0]++;
              }
            },
            now,
            Statements.texts(keys.stream().map(EventKey::account).toList()),
            Statements.texts(keys.stream().map(EventKey::document).toList()),
            Statements.texts(keys.stream().map(EventKey::dedupeKey).toList()),
            owner,
            until)
        .execute(connection);
    return released[0];
  }

  /**
   * Makes all that this owner runs due for others, uncounted; what it may yet write of it is
   * refused by the fence. What is being written this moment is left out. Answers how many there
   * were.
   */
  static int giveBack(Connection connection, String owner) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            """
            WITH mine AS (
              SELECT id FROM inbox_message WHERE state = 'RUNNING' AND lease_owner = ? ORDER BY id FOR UPDATE SKIP LOCKED)
            UPDATE inbox_message m SET state = 'RECEIVED', fence = m.fence + 1, lease_owner = NULL, lease_until = NULL
            FROM mine WHERE m.id = mine.id""")) {
      statement.setString(1, owner);
      return statement.executeUpdate();
    }
  }

  /** Lets the leases of this owner's former life lapse at once. Answers how many there were. */
  static int releaseAll(Connection connection, String owner, Instant now) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "UPDATE inbox_message SET lease_until = ? WHERE state = 'RUNNING' AND lease_owner = ? AND lease_until > ?")) {
      var at = Timestamp.from(now);
      statement.setTimestamp(1, at);
      statement.setString(2, owner);
      statement.setTimestamp(3, at);
      return statement.executeUpdate();
    }
  }
}
