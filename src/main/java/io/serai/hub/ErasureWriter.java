package io.serai.hub;

import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.Statements;
import io.serai.support.Statements.PgArray;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Takes the people out of every table that holds something of an order, and out of messages that no
 * order has.
 *
 * <p>Guarantee: all of it happens in the open transaction of the caller, who holds the locks of the
 * orders; done twice it changes nothing more. What was stopped is discarded, so that no replay
 * finds anything to send. Gap: the audit keeps what staff wrote as their reasons, for it is
 * chained.
 */
final class ErasureWriter {
  /** Begins the reason of what was stopped when it was erased. */
  static final String MARK = "Erased on ";

  /** A text or JSON column of an order, read and written anew. */
  private record Column(String table, String key, String name, String type) {}

  private static final List<Column> DOCUMENTS =
      List.of(
          new Column("order_document", "order_id", "document", "text"),
          new Column("sales_order", "id", "edits", "json"),
          new Column("sales_order", "id", "cancellation_wishes", "json"),
          new Column("decision", "order_id", "document", "text"),
          new Column("shipment", "order_id", "document", "json"),
          new Column("shipment_case", "order_id", "document", "json"),
          new Column("parcel", "order_id", "document", "json"),
          new Column("return_order", "order_id", "exchange", "json"),
          new Column("return_order", "order_id", "decision", "json"),
          new Column("return_receipt", "order_id", "document", "json"),
          new Column("trade_document", "order_id", "asked", "json"));

  private static final Column STORY = new Column("order_event", "order_id", "sentence", "text");

  private static final String CONTENTS =
      """
      SELECT d.order_id, c.content FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
      WHERE d.order_id = ANY (?)""";

  // Locked, so that nobody has one replayed that loses its bytes here; what runs goes another time.
  private static final String MESSAGES =
      """
      SELECT m.id, m.parent_id FROM inbox_message m
      WHERE m.id IN (SELECT id FROM inbox_message WHERE order_id = ANY (?)
        UNION SELECT id FROM inbox_message WHERE lane = ANY (?) AND state = 'PARKED')
        AND m.state NOT IN ('RECEIVED', 'RUNNING', 'WAITING')
      ORDER BY m.id FOR UPDATE""";

  // What came out of a page has bytes of its own, so nobody needs the page any more.
  private static final String PARENTS =
      """
      SELECT m.id FROM inbox_message m WHERE m.id = ANY (?) AND m.state = 'SPLIT' AND NOT\s"""
          + Retention.PAGE_KEPT;

  private static final String DELIVERIES =
      "SELECT id FROM delivery WHERE order_id = ANY (?) ORDER BY id FOR UPDATE";

  // A code is no person's word.
  private static final String UNLESS_CODE =
      "CASE WHEN %1$s IS NULL OR %1$s ~ '^[A-Z0-9_]{1,40}$' THEN %1$s ELSE 'Erased.' END";

  // What people were told of a cause is the sentence of one of its failures.
  private static final String ALERTS =
      """
      UPDATE alert SET cause = jsonb_set(cause::jsonb, '{sentence}', '"Erased."')::json
      WHERE fingerprint IN (SELECT fingerprint FROM failure WHERE %s = ANY (?)) AND cause ->> 'sentence' <> 'Erased.'""";

  private final Connection connection;
  private final Instant now;

  ErasureWriter(Connection connection, Instant now) {
    this.connection = connection;
    this.now = now;
  }

  /** What stands on everything that was stopped when it was erased. */
  static String reason(Instant now) {
    return MARK + now.atZone(ZoneOffset.UTC).toLocalDate() + "; nothing of it can be sent again.";
  }

  /** Takes the people out of these locked orders; {@code lanes} are those of their messages. */
  void orders(List<UUID> orders, List<String> lanes) throws SQLException {
    var ids = Statements.array("uuid", orders.toArray());
    var known = learn(ids);
    var messages = new ArrayList<Long>();
    var parents = new LinkedHashSet<Long>();
    var deliveries = new ArrayList<Long>();
    new Statements()
        .query(
            MESSAGES,
            rows -> {
              while (rows.next()) {
                messages.add(rows.getLong(1));
                if (rows.getObject(2) != null) {
                  parents.add(rows.getLong(2));
                }
              }
            },
            ids,
            Statements.texts(lanes))
        .query(
            DELIVERIES,
            rows -> {
              while (rows.next()) {
                deliveries.add(rows.getLong(1));
              }
            },
            ids)
        .execute(connection);
    for (var column : DOCUMENTS) {
      rewrite(column, ids, known, true);
    }
    rewrite(STORY, ids, known, false);
    deliveries(deliveries);
    messages(messages);
    pages(parents);
    rest(ids, orders);
  }

  private Map<UUID, Redaction> learn(PgArray ids) throws SQLException {
    var known = new HashMap<UUID, Redaction>();
    Statements.Rows read =
        rows -> {
          while (rows.next()) {
            learn(known, rows.getObject(1, UUID.class), rows.getString(2));
          }
        };
    var statements = new Statements().query(CONTENTS, read, ids);
    for (var column : DOCUMENTS) {
      statements.query(
          "SELECT %2$s, %3$s::text FROM %1$s WHERE %2$s = ANY (?) AND %3$s IS NOT NULL"
              .formatted(column.table(), column.key(), column.name()),
          read,
          ids);
    }
    statements
        .query(
            "SELECT id, json_build_object('email', buyer_email)::text FROM sales_order WHERE id = ANY (?)",
            read,
            ids)
        .execute(connection);
    return known;
  }

  private static void learn(Map<UUID, Redaction> known, UUID order, String text) {
    try {
      known.computeIfAbsent(order, id -> new Redaction()).learn(Json.tree(text));
    } catch (Json.Unreadable e) {
      // what cannot be read teaches nothing; it is written over all the same
    }
  }

  private void rewrite(Column column, PgArray ids, Map<UUID, Redaction> known, boolean json)
      throws SQLException {
    var places = new ArrayList<String>();
    var texts = new ArrayList<String>();
    new Statements()
        .query(
            "SELECT %2$s, ctid::text, %3$s::text FROM %1$s WHERE %2$s = ANY (?) AND %3$s IS NOT NULL FOR UPDATE"
                .formatted(column.table(), column.key(), column.name()),
            rows -> {
              while (rows.next()) {
                var redaction =
                    known.computeIfAbsent(rows.getObject(1, UUID.class), id -> new Redaction());
                var before = rows.getString(3);
                var after = json ? document(redaction, before) : redaction.sentence(before);
                if (!after.equals(before)) {
                  places.add(rows.getString(2));
                  texts.add(after);
                }
              }
            },
            ids)
        .execute(connection);
    if (!places.isEmpty()) {
      new Statements()
          .add(
              "UPDATE %1$s t SET %3$s = u.text::%4$s FROM unnest(?, ?) AS u(place, text) WHERE t.%2$s = ANY (?) AND t.ctid = u.place::tid"
                  .formatted(column.table(), column.key(), column.name(), column.type()),
              Statements.texts(places),
              Statements.texts(texts),
              ids)
          .execute(connection);
    }
  }

  private static String document(Redaction redaction, String before) {
    try {
      return Json.text(redaction.document(Json.tree(before)));
    } catch (Json.Unreadable e) {
      return "{}";
    }
  }

  private void deliveries(List<Long> deliveries) throws SQLException {
    if (deliveries.isEmpty()) {
      return;
    }
    var ids = longs(deliveries);
    new Statements()
        .add(
            "UPDATE delivery SET reason = 'Erased.' WHERE id = ANY (?) AND reason IS NOT NULL AND reason NOT LIKE ?",
            ids,
            MARK + '%')
        .add(
            """
            INSERT INTO follow_up (delivery_id, verdict, detail, due_at)
            SELECT d.id, 'DISCARDED', ?, ?::timestamptz FROM delivery d
            WHERE d.id = ANY (?) AND (d.state = 'PARKED' OR d.state = 'REFUSED' AND d.failure_id IS NOT NULL) AND (d.business_key LIKE 'ful\\_%' OR d.operation IN ('refund', 'capture'))
            ON CONFLICT (delivery_id) DO NOTHING""",
            reason(now), now, ids)
        .add(
            """
            UPDATE delivery SET state = 'DISCARDED', reason = ?, finished_at = ?, fence = fence + 1, lease_owner = NULL, lease_until = NULL
            WHERE id = ANY (?) AND (state = 'PARKED' OR state = 'REFUSED' AND failure_id IS NOT NULL)""",
            reason(now),
            now,
            ids)
        .add("DELETE FROM delivery_content WHERE delivery_id = ANY (?)", ids)
        .add(ALERTS.formatted("delivery_id"), ids)
        .add("UPDATE delivery_attempt SET sentence = NULL WHERE delivery_id = ANY (?)", ids)
        .add(
            "UPDATE failure SET sentence = 'Erased.', evidence = NULL WHERE delivery_id = ANY (?)",
            ids)
        .add(
            """
            UPDATE as2_sent s SET said = NULL FROM delivery d
            WHERE d.id = ANY (?) AND s.account = d.destination AND s.delivery_key = d.idempotency_key""",
            ids)
        .add("UPDATE interchange SET sentence = NULL WHERE delivery_id = ANY (?)", ids)
        .add(
            """
            UPDATE interchange_set s SET sentence = NULL FROM interchange i
            WHERE i.delivery_id = ANY (?) AND s.interchange_id = i.id""",
            ids)
        .execute(connection);
  }

  /** Takes what came as these messages away; those that were stopped are discarded. */
  void messages(List<Long> messages) throws SQLException {
    if (messages.isEmpty()) {
      return;
    }
    var ids = longs(messages);
    new Statements()
        .add(
            "UPDATE inbox_message SET reason = 'Erased.' WHERE id = ANY (?) AND reason IS NOT NULL AND reason NOT LIKE ?",
            ids,
            MARK + '%')
        .add(
            """
            UPDATE inbox_message SET state = 'DISCARDED', reason = ?, finished_at = ?, fence = fence + 1, lease_owner = NULL, lease_until = NULL
            WHERE id = ANY (?) AND state = 'PARKED'""",
            reason(now),
            now,
            ids)
        .add(
            "UPDATE failure SET sentence = 'Erased.', evidence = NULL WHERE message_id = ANY (?)",
            ids)
        .add(ALERTS.formatted("message_id"), ids)
        .add("DELETE FROM drift WHERE message_id = ANY (?)", ids)
        .execute(connection);
    bodies(ids);
  }

  private void pages(Set<Long> parents) throws SQLException {
    if (parents.isEmpty()) {
      return;
    }
    var done = new ArrayList<Long>();
    new Statements()
        .query(
            PARENTS,
            rows -> {
              while (rows.next()) {
                done.add(rows.getLong(1));
              }
            },
            longs(List.copyOf(parents)))
        .execute(connection);
    if (!done.isEmpty()) {
      bodies(longs(done));
    }
  }

  private void bodies(PgArray ids) throws SQLException {
    new Statements()
        .add("DELETE FROM message_payload WHERE message_id = ANY (?)", ids)
        .add("DELETE FROM message_edit WHERE message_id = ANY (?)", ids)
        .add("UPDATE interchange SET sentence = NULL WHERE message_id = ANY (?)", ids)
        .add(
            """
            UPDATE interchange_set s SET sentence = NULL FROM interchange i
            WHERE i.message_id = ANY (?) AND s.interchange_id = i.id""",
            ids)
        .execute(connection);
  }

  private void rest(PgArray ids, List<UUID> orders) throws SQLException {
    var names = Statements.texts(orders.stream().map(o -> Ids.text("ord", o)).toList());
    new Statements()
        .add(
            """
            UPDATE failure f SET sentence = 'Erased.', evidence = NULL FROM sales_order o
            WHERE o.id = ANY (?) AND f.id = o.hold_failure_id""",
            ids)
        .add(
            """
            UPDATE order_hold SET reason = 'Erased.', release_reason = CASE WHEN release_reason IS NOT NULL THEN 'Erased.' END
            WHERE order_id = ANY (?)""",
            ids)
        .add(set("fulfillment_order", "order_id", "refused_reason"), ids)
        .add(set("return_order", "order_id", "reason"), ids)
        .add(set("return_order", "order_id", "request_body"), ids)
        .add(set("line_replacement", "order_id", "reason"), ids)
        .add(set("line_replacement", "order_id", "request_body"), ids)
        .add(set("refund_request", "order_id", "reason"), ids)
        .add(set("refund_request", "order_id", "answer"), ids)
        .add(set("capture", "order_id", "answer"), ids)
        .add(
            """
            UPDATE return_line l SET reason = %s FROM return_order r
            WHERE r.order_id = ANY (?) AND l.return_id = r.id AND l.reason IS NOT NULL"""
                .formatted(UNLESS_CODE.formatted("l.reason")),
            ids)
        .add(
            """
            DELETE FROM parcel_label l USING parcel p WHERE p.order_id = ANY (?) AND l.parcel_id = p.id""",
            ids)
        .add(
            """
            UPDATE parcel_scan s SET description = NULL, place = NULL FROM parcel p
            WHERE p.order_id = ANY (?) AND s.parcel_id = p.id""",
            ids)
        .add(
            """
            UPDATE finding SET ours = NULL, theirs = NULL, sentence = 'Erased.', note = CASE WHEN note IS NOT NULL THEN 'Erased.' END
            WHERE order_id = ANY (?)""",
            ids)
        .add(
            """
            UPDATE approval SET sentence = 'Erased.', request = NULL, reason = NULL, why = NULL, outcome = NULL
            WHERE object = ANY (?) AND NOT (state = 'OPEN' AND expires_at > ?)""",
            names,
            now)
        .add(
            """
            INSERT INTO order_event (order_id, kind, sentence, occurred_at)
            SELECT o.id, 'order.erased', 'Names, addresses and what people wrote of the order were erased.', ?
            FROM sales_order o WHERE o.id = ANY (?) AND o.erased_at IS NULL""",
            now,
            ids)
        .add(
            """
            UPDATE sales_order SET buyer_email = NULL, hold_reason = CASE WHEN hold IS NOT NULL THEN 'Erased.' END, erased_at = ?
            WHERE id = ANY (?)""",
            now,
            ids)
        .execute(connection);
  }

  private static String set(String table, String key, String column) {
    return "UPDATE %1$s SET %3$s = %4$s WHERE %2$s = ANY (?) AND %3$s IS NOT NULL"
        .formatted(table, key, column, UNLESS_CODE.formatted(column));
  }

  private static PgArray longs(List<Long> values) {
    return Statements.array("int8", values.toArray());
  }
}
