package io.serai.api;

import io.serai.hub.Erasure;
import io.serai.hub.Retention;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads messages, deliveries and what went wrong with them. */
final class MessageReads {
  static final List<String> STATES =
      List.of(
          "RECEIVED",
          "RUNNING",
          "WAITING",
          "PARKED",
          "APPLIED",
          "SPLIT",
          "IGNORED",
          "SUPERSEDED",
          "DISCARDED");

  private final Reads reads;
  // The oldest legal hold of the orders that a row is about.
  private static final String HOLD =
      """
      LEFT JOIN LATERAL (
        SELECT k.kept_since, k.kept_by, k.kept_reason FROM erasure k
        WHERE k.kept_since IS NOT NULL AND (%s) ORDER BY k.kept_since LIMIT 1) h ON true
      """;

  private final Retention.Terms retention;
  private final Erasure.Terms personal;

  MessageReads(Reads reads, Retention.Terms retention, Erasure.Terms personal) {
    this.reads = reads;
    this.retention = retention;
    this.personal = personal;
  }

  Page<MessageViews.Summary> list(
      String account, String document, String state, int limit, String cursor) {
    var before = Cursor.number(cursor);
    return reads.read(
        jdbc -> {
          var sql =
              new StringBuilder(
                  """
                  SELECT m.id, m.account, m.document, m.message_key, m.event_type, m.state, m.attempt_count,
                         m.duplicate_count, m.order_id, m.received_at, m.finished_at,
                         coalesce(m.reason, f.sentence) AS reason
                  FROM inbox_message m LEFT JOIN failure f ON f.id = m.failure_id AND m.finished_at IS NULL
                  WHERE true
                  """);
          var values = new HashMap<String, Object>();
          if (account != null) {
            sql.append("AND m.account = :account\n");
            values.put("account", account);
          }
          if (document != null) {
            sql.append("AND m.document = :document\n");
            values.put("document", document);
          }
          if (state != null) {
            // Written out, so that the partial indexes of open states serve; it is one of STATES.
            sql.append("AND m.state = '").append(STATES.get(STATES.indexOf(state))).append("'\n");
          }
          if (before != null) {
            sql.append("AND m.id < :before\n");
            values.put("before", before);
          }
          sql.append("ORDER BY m.id DESC LIMIT :rows");
          values.put("rows", limit + 1);
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, n) ->
                          new MessageViews.Summary(
                              Reads.id("msg", row.getLong("id")),
                              row.getString("account"),
                              row.getString("document"),
                              row.getString("message_key"),
                              row.getString("event_type"),
                              row.getString("state"),
                              row.getString("reason"),
                              row.getInt("attempt_count"),
                              row.getInt("duplicate_count"),
                              Reads.id("ord", Reads.uuid(row, "order_id")),
                              Reads.instant(row, "received_at"),
                              Reads.instant(row, "finished_at")))
                  .list();
          return Page.of(rows, limit, last -> Cursor.of(Cursor.id("msg", last.id())));
        });
  }

  static Problem unknown(String id) {
    return Problem.notFound(
        "Message '%s' is not known; list messages to find its id.".formatted(Words.cut(id)));
  }

  MessageViews.Full get(String id, boolean personalData) {
    long number = Cursor.id("msg", id);
    return reads.read(
        jdbc -> {
          var payload = payload(jdbc, number, personalData);
          var hops = hops(jdbc, number, personalData);
          var failures = failures(jdbc, "message_id", number);
          var edits = MessageEdits.of(jdbc, number, personalData);
          return jdbc.sql(
                  """
                  SELECT id, account, document, message_key, event_type, version, dedupe_key, lane, state, reason,
                         duplicate_count, attempt_count, due_at, waits_for, order_id, parent_id, superseded_by,
                         received_at, finished_at, fence, h.kept_since, h.kept_by, h.kept_reason,
                         (SELECT e.due_at FROM erasure e WHERE e.order_id = m.order_id) AS erased_at
                  FROM inbox_message m
                  """
                      + HOLD.formatted(
                          """
                          k.order_id = m.order_id
                          OR m.order_id IS NULL AND EXISTS (SELECT 1 FROM sales_order o WHERE o.id = k.order_id
                            AND o.account = m.account AND o.channel_order_id = substr(m.lane, length(m.account) + 2))
                          OR m.state = 'SPLIT' AND EXISTS (SELECT 1 FROM inbox_message c
                            WHERE c.parent_id = m.id AND c.order_id = k.order_id)""")
                      + "WHERE m.id = :id")
              .param("id", number)
              .query(
                  (row, n) ->
                      new MessageViews.Full(
                          id,
                          row.getString("account"),
                          row.getString("document"),
                          row.getString("message_key"),
                          row.getString("event_type"),
                          row.getString("version"),
                          row.getString("dedupe_key"),
                          row.getString("lane"),
                          row.getString("state"),
                          row.getString("reason"),
                          row.getInt("duplicate_count"),
                          row.getInt("attempt_count"),
                          row.getString("state").equals("RECEIVED")
                              ? Reads.instant(row, "due_at")
                              : null,
                          row.getString("waits_for"),
                          Reads.id("ord", Reads.uuid(row, "order_id")),
                          Reads.id("msg", Reads.number(row, "parent_id")),
                          Reads.id("msg", Reads.number(row, "superseded_by")),
                          Reads.instant(row, "received_at"),
                          Reads.instant(row, "finished_at"),
                          row.getLong("fence"),
                          payload,
                          payload == null ? null : until(row),
                          hold(row),
                          hops,
                          failures,
                          edits))
              .optional()
              .orElseThrow(() -> unknown(id));
        });
  }

  private Instant until(ResultSet row) throws SQLException {
    var received = Reads.instant(row, "received_at");
    if (row.getTimestamp("kept_since") != null) {
      return null;
    }
    if (row.getTimestamp("finished_at") != null) {
      var old = received.plus(retention.of(row.getString("document")));
      var erased = erased(row, received);
      return erased != null && erased.isBefore(old) ? erased : old;
    }
    if (!"PARKED".equals(row.getString("state"))) {
      return null;
    }
    return received.plus(
        row.getString("order_id") == null
            ? personal.deadLettersOf(row.getString("account"))
            : personal.deadLetters());
  }

  // With its order, or by the time of its account when no order takes it along.
  private Instant erased(ResultSet row, Instant received) throws SQLException {
    if (row.getString("order_id") != null) {
      return Reads.instant(row, "erased_at");
    }
    var account = row.getString("account");
    return personal.accounts().containsKey(account) ? received.plus(personal.of(account)) : null;
  }

  private static MessageViews.LegalHold hold(ResultSet row) throws SQLException {
    return row.getTimestamp("kept_since") == null
        ? null
        : new MessageViews.LegalHold(
            Reads.instant(row, "kept_since"),
            row.getString("kept_by"),
            row.getString("kept_reason"));
  }

  private static Payload payload(JdbcClient jdbc, long message, boolean personalData) {
    return jdbc.sql(
            """
            SELECT p.content_type, p.sha256, p.body
            FROM inbox_message m
            JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
            WHERE m.id = :id
            """)
        .param("id", message)
        .query(
            (row, n) ->
                Payload.of(
                    row.getString("content_type"),
                    row.getBytes("sha256"),
                    row.getBytes("body"),
                    personalData))
        .optional()
        .orElse(null);
  }

  /** The bytes as stored. */
  byte[] body(String id) {
    long number = Cursor.id("msg", id);
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT p.body FROM inbox_message m
                    JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
                    WHERE m.id = :id
                    """)
                .param("id", number)
                .query((row, n) -> row.getBytes(1))
                .optional()
                .orElseThrow(
                    () ->
                        Problem.notFound(
                            "The payload of message '%s' is not here: no such message, or past its retention."
                                .formatted(Words.cut(id)))));
  }

  private static List<MessageViews.Hop> hops(JdbcClient jdbc, long message, boolean personalData) {
    var hops = new ArrayList<MessageViews.Hop>();
    var order =
        jdbc.sql("SELECT order_id FROM inbox_message WHERE id = :id AND order_id IS NOT NULL")
            .param("id", message)
            .query(UUID.class)
            .optional();
    if (order.isEmpty()) {
      return hops;
    }
    jdbc.sql(
            """
            SELECT o.id, o.revision, o.updated_at, d.document
            FROM sales_order o JOIN order_document d ON d.order_id = o.id WHERE o.id = :order
            """)
        .param("order", order.get())
        .query(
            row -> {
              var document = Reads.json(row, "document");
              hops.add(
                  new MessageViews.Hop(
                      "canonical",
                      "The order as it stands now, revision %d.".formatted(row.getInt("revision")),
                      Reads.id("ord", Reads.uuid(row, "id")),
                      null,
                      Reads.instant(row, "updated_at"),
                      personalData ? document : PersonalData.masked(document)));
            });
    jdbc.sql(
            """
            SELECT id, destination, document, state, created_at, content
            FROM delivery LEFT JOIN delivery_content ON delivery_id = id WHERE order_id = :order AND message_id = :message ORDER BY id LIMIT 20
            """)
        .param("order", order.get())
        .param("message", message)
        .query(
            row -> {
              var content = Reads.json(row, "content");
              hops.add(
                  new MessageViews.Hop(
                      "delivery",
                      "'%s' owed to '%s', %s."
                          .formatted(
                              row.getString("document"),
                              row.getString("destination"),
                              row.getString("state")),
                      null,
                      Reads.id("dlv", row.getLong("id")),
                      Reads.instant(row, "created_at"),
                      personalData ? content : PersonalData.masked(content)));
            });
    return hops;
  }

  /** {@code owner} is one of our own column names, never a caller's text. */
  private static List<MessageViews.Failure> failures(JdbcClient jdbc, String owner, long number) {
    return jdbc.sql(
            """
            SELECT occurred_at, kind, sentence, route, step, evidence, attempt, fingerprint
            FROM failure WHERE %s = :number ORDER BY id DESC LIMIT 100
            """
                .formatted(owner))
        .param("number", number)
        .query(
            (row, n) ->
                new MessageViews.Failure(
                    Reads.instant(row, "occurred_at"),
                    row.getString("kind"),
                    row.getString("sentence"),
                    row.getString("route"),
                    row.getString("step"),
                    row.getString("evidence"),
                    row.getInt("attempt"),
                    row.getString("fingerprint")))
        .list();
  }

  MessageViews.Delivery delivery(String id, boolean personalData) {
    long number = Cursor.id("dlv", id);
    return reads.read(
        jdbc -> {
          var failures = failures(jdbc, "delivery_id", number);
          var waiting = DeliveryWaits.of(jdbc, number);
          var history =
              jdbc.sql(
                      """
                      SELECT attempt, started_at, ended_at, outcome, status, sentence, counted
                      FROM delivery_attempt WHERE delivery_id = :id
                      UNION ALL
                      SELECT fence, tried_at, finished_at, state, NULL, NULL, true
                      FROM delivery WHERE id = :id AND tried_at IS NOT NULL
                      ORDER BY attempt DESC LIMIT 100
                      """)
                  .param("id", number)
                  .query(
                      (row, n) ->
                          new MessageViews.Attempt(
                              row.getInt("attempt"),
                              Reads.instant(row, "started_at"),
                              Reads.instant(row, "ended_at"),
                              row.getString("outcome"),
                              row.getObject("status", Integer.class),
                              row.getString("sentence"),
                              row.getBoolean("counted")))
                  .list();
          return jdbc.sql(
                  """
                  SELECT id, destination, document, operation, lane, business_key, revision, idempotency_key,
                         coalesce(mapped_at, created_at) AS mapped_at, repeat_mode, state, outcome_unknown, remote_id, reason, attempt_count,
                         order_id, message_id, created_at, due_at, deadline_at, finished_at, fence, content,
                         h.kept_since, h.kept_by, h.kept_reason
                  FROM delivery m LEFT JOIN delivery_content ON delivery_id = id
                  """
                      + HOLD.formatted("k.order_id = m.order_id")
                      + "WHERE m.id = :id")
              .param("id", number)
              .query(
                  (row, n) -> {
                    var content = Reads.json(row, "content");
                    return new MessageViews.Delivery(
                        id,
                        row.getString("destination"),
                        row.getString("document"),
                        row.getString("operation"),
                        row.getString("lane"),
                        row.getString("business_key"),
                        row.getInt("revision"),
                        row.getString("idempotency_key"),
                        Reads.instant(row, "mapped_at"),
                        row.getString("repeat_mode"),
                        row.getString("state"),
                        waiting,
                        row.getBoolean("outcome_unknown"),
                        row.getString("remote_id"),
                        row.getString("reason"),
                        row.getInt("attempt_count"),
                        Reads.id("ord", Reads.uuid(row, "order_id")),
                        Reads.id("msg", Reads.number(row, "message_id")),
                        Reads.instant(row, "created_at"),
                        Reads.instant(row, "due_at"),
                        Reads.instant(row, "deadline_at"),
                        Reads.instant(row, "finished_at"),
                        row.getLong("fence"),
                        personalData ? content : PersonalData.masked(content),
                        content == null
                                || row.getTimestamp("kept_since") != null
                                || !Retention.takesOwed(row.getString("state"))
                            ? null
                            : Reads.instant(row, "created_at")
                                .plus(retention.of(row.getString("document"))),
                        hold(row),
                        !personalData,
                        history,
                        failures);
                  })
              .optional()
              .orElseThrow(
                  () ->
                      Problem.notFound(
                          "Delivery '%s' is not known; its order lists its deliveries."
                              .formatted(Words.cut(id))));
        });
  }
}
