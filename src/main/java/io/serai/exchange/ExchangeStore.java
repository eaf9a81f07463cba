package io.serai.exchange;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The SQL of interchanges and their sets. Stateless; the caller owns connection and transaction.
 */
final class ExchangeStore {
  /**
   * An interchange that came, as it is stored.
   *
   * @param place the how manyeth of its file
   */
  record Came(
      Agreement with,
      String usage,
      String sender,
      String receiver,
      String control,
      String version,
      String state,
      String sentence,
      String fileName,
      byte[] sha256,
      long messageId,
      int place) {}

  /**
   * An interchange that goes.
   *
   * @param deliveryId what it carries
   * @param deliveryKey what its attempts bear
   * @param sets what is in it
   */
  record Goes(
      Agreement with,
      String usage,
      ControlNumbers.Number control,
      String version,
      String fileName,
      byte[] body,
      byte[] sha256,
      long deliveryId,
      int revision,
      String deliveryKey,
      List<SetRow> sets) {}

  /** A set of an interchange. */
  record SetRow(
      int place,
      String functionalId,
      String groupControl,
      String setId,
      String control,
      String subject,
      String outcome,
      String sentence,
      String document,
      String dedupeKey) {
    /** The same set with what is said of it, or null. */
    SetRow saying(String sentence) {
      return new SetRow(
          place,
          functionalId,
          groupControl,
          setId,
          control,
          subject,
          outcome,
          sentence,
          document,
          dedupeKey);
    }

    /** The same set when it is refused, and so becomes no document. */
    SetRow refused(String why) {
      return new SetRow(
          place,
          functionalId,
          groupControl,
          setId,
          control,
          subject,
          "REFUSED",
          why,
          null,
          dedupeKey);
    }
  }

  /**
   * An interchange that came before under the same number.
   *
   * @param same whether it has the same bytes
   */
  record Earlier(long id, long messageId, Instant at, boolean same) {}

  /** An interchange that stands for a delivery. */
  record Stored(long deliveryId, int revision, String control, String fileName, byte[] body) {
    /** Whether it stands for what is sent there. */
    boolean is(Outgoing.Sending sending) {
      return deliveryId == sending.id() && revision == sending.revision();
    }
  }

  private static final String CAME =
      """
      INSERT INTO interchange (account, direction, usage, sender, receiver, control, version, state, sentence, file_name,
        content_sha256, message_id, place, created_at)
      VALUES (?, 'IN', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""";

  private static final String GOES =
      """
      WITH u AS (
        SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
          AS u(control, cycle, file_name, content_sha256, delivery_id, delivery_revision, delivery_key, body)
      ), i AS (
        INSERT INTO interchange (account, direction, usage, sender, receiver, control, cycle, version, state, file_name,
          content_sha256, delivery_id, delivery_revision, delivery_key, created_at)
        SELECT ?, 'OUT', ?, ?, ?, u.control, u.cycle, ?, 'STORED', u.file_name, u.content_sha256, u.delivery_id,
          u.delivery_revision, u.delivery_key, ?
        FROM u
        ON CONFLICT (delivery_id, delivery_revision) WHERE delivery_id IS NOT NULL DO NOTHING
        RETURNING id, delivery_id, delivery_revision
      ), c AS (
        INSERT INTO interchange_content (interchange_id, delivery_id, body)
        SELECT i.id, i.delivery_id, u.body FROM i JOIN u USING (delivery_id, delivery_revision))
      SELECT id, delivery_id FROM i""";

  private static final String SETS =
      """
      INSERT INTO interchange_set (interchange_id, place, account, direction, functional_id, group_control, set_id, control,
        subject, outcome, sentence, document, dedupe_key, created_at)
      SELECT u.interchange_id, u.place, ?, ?, u.functional_id, u.group_control, u.set_id, u.control, u.subject, u.outcome,
        u.sentence, u.document, u.dedupe_key, ?
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS u(interchange_id, place, functional_id, group_control, set_id, control, subject, outcome, sentence, document, dedupe_key)""";

  // A set keeps the place and time of its file: that is when they sent it.
  private static final String CORRECTED =
      """
      UPDATE interchange_set SET outcome = ?, subject = ?, document = ?, dedupe_key = ?,
        sentence = 'Refused at first and taken when it was read again: ' || coalesce(sentence, 'it was at fault.')
      WHERE interchange_id IN (SELECT id FROM interchange WHERE message_id = ?) AND dedupe_key = ? AND account = ?
        AND direction = 'IN' AND outcome = 'REFUSED'""";

  /**
   * Of an interchange {@code i}: whether anything in it was taken, be it when a refused set of it
   * was replayed.
   */
  static final String TAKEN =
      """
      (i.state IN ('ACCEPTED', 'ACCEPTED_WITH_ERRORS') OR EXISTS (
        SELECT 1 FROM interchange_set s WHERE s.interchange_id = i.id AND (s.outcome <> 'REFUSED' OR EXISTS (
          SELECT 1 FROM inbox_message p WHERE p.account = i.account AND p.document = 'interchange' AND p.dedupe_key = s.dedupe_key
            AND p.state NOT IN ('PARKED', 'DISCARDED', 'SUPERSEDED')))))""";

  private static final String EARLIER =
      """
      SELECT i.id, i.message_id, i.created_at, i.content_sha256 = ? AS same FROM interchange i
      WHERE i.direction = 'IN' AND i.account = ? AND i.sender = ? AND i.control = ? AND i.receiver = ? AND i.usage = ?
        AND i.created_at > ? AND i.state <> 'DUPLICATE' AND %s
      ORDER BY i.content_sha256 = ? DESC, i.id DESC LIMIT 1"""
          .formatted(TAKEN);

  private static final String EARLIER_GROUP =
      """
      SELECT i.message_id FROM interchange_set s JOIN interchange i ON i.id = s.interchange_id
      WHERE s.account = ? AND s.direction = 'IN' AND s.group_control = ? AND s.functional_id = ? AND i.sender = ? AND i.usage = ?
        AND i.created_at > ? AND i.state NOT IN ('REFUSED', 'DUPLICATE') AND s.outcome <> 'REFUSED'
      ORDER BY s.interchange_id DESC LIMIT 1""";

  private static final String STORED =
      """
      SELECT i.delivery_id, i.delivery_revision, i.control, i.file_name, c.body
      FROM unnest(?, ?) AS u(delivery_id, delivery_revision)
      JOIN interchange i USING (delivery_id, delivery_revision)
      JOIN interchange_content c ON c.interchange_id = i.id""";

  private static final String DELIVER =
      """
      WITH d AS (
        INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode, message_id,
          state, due_at, deadline_at, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'READY', ?, ?, ?) RETURNING id)
      INSERT INTO delivery_content (delivery_id, content) SELECT id, ? FROM d RETURNING delivery_id""";

  private ExchangeStore() {}

  /** Stores one that came; answers its id. */
  static long came(Connection connection, Came came, Instant now) throws SQLException {
    return id(
        connection,
        CAME,
        came.with().account(),
        came.usage(),
        came.sender(),
        came.receiver(),
        came.control(),
        came.version(),
        came.state(),
        came.sentence(),
        came.fileName(),
        came.sha256(),
        came.messageId(),
        came.place(),
        now);
  }

  /**
   * Stores some of one account that go; answers their ids by delivery. One that is missing in the
   * answer is of a delivery's revision that has one.
   */
  static Map<Long, Long> goes(Connection connection, List<Goes> goes, Instant now)
      throws SQLException {
    var ids = new HashMap<Long, Long>();
    var one = goes.getFirst();
    new Statements()
        .query(
            GOES,
            rows -> {
              while (rows.next()) {
                ids.put(rows.getLong(2), rows.getLong(1));
              }
            },
            Statements.texts(goes.stream().map(g -> g.control().padded()).toList()),
            Statements.array("int4", goes.stream().map(g -> g.control().cycle()).toArray()),
            Statements.texts(goes.stream().map(Goes::fileName).toList()),
            Statements.array("bytea", goes.stream().map(Goes::sha256).toArray(byte[][]::new)),
            Statements.array("int8", goes.stream().map(Goes::deliveryId).toArray()),
            Statements.array("int4", goes.stream().map(Goes::revision).toArray()),
            Statements.texts(goes.stream().map(Goes::deliveryKey).toList()),
            Statements.array("bytea", goes.stream().map(Goes::body).toArray(byte[][]::new)),
            one.with().account(),
            one.usage(),
            one.with().ours().text(),
            one.with().theirs().text(),
            one.version(),
            now)
        .execute(connection);
    return ids;
  }

  /**
   * Stores what is in interchanges that go.
   *
   * @param ids theirs, by delivery
   */
  static void sets(Connection connection, Map<Long, Long> ids, List<Goes> goes, Instant now)
      throws SQLException {
    var interchanges = new ArrayList<Long>();
    var sets = new ArrayList<SetRow>();
    for (var one : goes) {
      for (var set : one.sets()) {
        interchanges.add(ids.get(one.deliveryId()));
        sets.add(set);
      }
    }
    sets(connection, interchanges, goes.getFirst().with().account(), "OUT", sets, now);
  }

  /** Stores what is in an interchange that came. */
  static void sets(
      Connection connection, long interchange, String account, List<SetRow> sets, Instant now)
      throws SQLException {
    sets(connection, Collections.nCopies(sets.size(), interchange), account, "IN", sets, now);
  }

  private static void sets(
      Connection connection,
      List<Long> interchanges,
      String account,
      String direction,
      List<SetRow> sets,
      Instant now)
      throws SQLException {
    if (sets.isEmpty()) {
      return;
    }
    new Statements()
        .add(
            SETS,
            account,
            direction,
            now,
            Statements.array("int8", interchanges.toArray()),
            Statements.array("int4", sets.stream().map(SetRow::place).toArray()),
            Statements.texts(sets.stream().map(SetRow::functionalId).toList()),
            Statements.texts(sets.stream().map(SetRow::groupControl).toList()),
            Statements.texts(sets.stream().map(SetRow::setId).toList()),
            Statements.texts(sets.stream().map(SetRow::control).toList()),
            Statements.texts(sets.stream().map(SetRow::subject).toList()),
            Statements.texts(sets.stream().map(SetRow::outcome).toList()),
            Statements.texts(sets.stream().map(SetRow::sentence).toList()),
            Statements.texts(sets.stream().map(SetRow::document).toList()),
            Statements.texts(sets.stream().map(SetRow::dedupeKey).toList()))
        .execute(connection);
  }

  /**
   * Notes that a set which was refused is taken now: what it answers is answered.
   *
   * @param refused by which it was known among the messages
   * @param row what it is now; its place and numbers stay those of the file it came in
   */
  static void corrected(Connection connection, String account, String refused, SetRow row)
      throws SQLException {
    var file = Long.parseLong(refused.substring("msg_".length(), refused.indexOf('#')));
    new Statements()
        .add(
            CORRECTED,
            row.outcome(),
            row.subject(),
            row.document(),
            row.dedupeKey(),
            file,
            refused,
            account)
        .execute(connection);
  }

  /** Waits until nobody else reads interchanges of an account; held until the transaction ends. */
  static void alone(Connection connection, String account) throws SQLException {
    new Statements()
        .query(
            "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))",
            rows -> {},
            "interchange:" + account)
        .execute(connection);
  }

  /** The interchange that bore a number before, since a time, or null. */
  static Earlier earlier(
      Connection connection,
      String account,
      String sender,
      String receiver,
      String usage,
      String control,
      byte[] sha256,
      Instant since)
      throws SQLException {
    var found = new ArrayList<Earlier>();
    new Statements()
        .query(
            EARLIER,
            rows -> {
              if (rows.next()) {
                found.add(
                    new Earlier(
                        rows.getLong(1),
                        rows.getLong(2),
                        rows.getTimestamp(3).toInstant(),
                        rows.getBoolean(4)));
              }
            },
            sha256,
            account,
            sender,
            control,
            receiver,
            usage,
            since,
            sha256)
        .execute(connection);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** The message in which a group of theirs had this number since a time, or null. */
  static Long earlierGroup(
      Connection connection,
      String account,
      String sender,
      String usage,
      String functionalId,
      String control,
      Instant since)
      throws SQLException {
    return id(connection, EARLIER_GROUP, account, control, functionalId, sender, usage, since);
  }

  /** The interchanges of deliveries' revisions, those that have one. */
  static List<Stored> stored(Connection connection, List<Outgoing.Sending> sendings)
      throws SQLException {
    var found = new ArrayList<Stored>();
    new Statements()
        .query(
            STORED,
            rows -> {
              while (rows.next()) {
                found.add(
                    new Stored(
                        rows.getLong("delivery_id"),
                        rows.getInt("delivery_revision"),
                        rows.getString("control"),
                        rows.getString("file_name"),
                        rows.getBytes("body")));
              }
            },
            Statements.array("int8", sendings.stream().map(Outgoing.Sending::id).toArray()),
            Statements.array("int4", sendings.stream().map(Outgoing.Sending::revision).toArray()))
        .execute(connection);
    return found;
  }

  /**
   * Owes a partner something; answers the delivery's id.
   *
   * @param key what it is about, which is also what every attempt bears
   */
  static long deliver(
      Connection connection,
      String destination,
      String document,
      String key,
      String repeat,
      long messageId,
      String content,
      Instant now,
      Instant deadline)
      throws SQLException {
    return id(
        connection,
        DELIVER,
        destination,
        document,
        document,
        destination + '/' + key,
        key,
        document + ':' + key,
        repeat,
        messageId,
        now,
        deadline,
        now,
        content);
  }

  private static Long id(Connection connection, String sql, Object... values) throws SQLException {
    var ids = new ArrayList<Long>();
    new Statements()
        .query(
            sql,
            rows -> {
              if (rows.next()) {
                ids.add(rows.getLong(1));
              }
            },
            values)
        .execute(connection);
    return ids.isEmpty() ? null : ids.getFirst();
  }
}
