package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds and reads orders. Text that callers send is only ever a bound parameter. */
final class OrderReads {
  static final List<String> STATES =
      List.of(
          "NEW",
          "PENDING_PAYMENT",
          "READY",
          "ON_HOLD",
          "ALLOCATED",
          "PARTIALLY_ALLOCATED",
          "BACKORDERED",
          "RELEASED",
          "IN_FULFILLMENT",
          "PARTIALLY_SHIPPED",
          "SHIPPED",
          "DELIVERED",
          "CLOSED",
          "CANCELLED");

  private static final String SUMMARY =
      """
      SELECT o.id, o.account, o.channel_order_id, o.display_number, o.state, o.hold, o.payment_state,
             o.grand_total, o.currency, o.ship_country, o.test, o.placed_at, o.received_at, o.updated_at
      FROM sales_order o
      """;

  // Each branch is one index; accounts are few and found by hopping through the unique index.
  private static final String BY_ANY_KEY =
      """
      SELECT o.id FROM sales_order o
      WHERE o.channel_order_id = :q AND o.account IN (
        WITH RECURSIVE hop (account) AS (
          (SELECT account FROM sales_order ORDER BY account LIMIT 1)
          UNION ALL
          SELECT (SELECT n.account FROM sales_order n WHERE n.account > hop.account ORDER BY n.account LIMIT 1)
          FROM hop WHERE hop.account IS NOT NULL)
        SELECT account FROM hop WHERE account IS NOT NULL)
      UNION SELECT id FROM sales_order WHERE display_number IN (:q, '#' || :q)
      UNION SELECT id FROM sales_order WHERE lower(buyer_email) = lower(:q)
      UNION SELECT order_id FROM shipment WHERE tracking_number = :q
      UNION SELECT order_id FROM shipment_number WHERE tracking_number = :q
      UNION SELECT order_id FROM parcel WHERE tracking_number = :q
      """;

  private final Reads reads;

  OrderReads(Reads reads) {
    this.reads = reads;
  }

  Page<OrderViews.Summary> list(String q, String channel, String state, int limit, String cursor) {
    var after = Cursor.uuid(cursor);
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder(SUMMARY).append("WHERE true\n");
          var values = new HashMap<String, Object>();
          if (q != null) {
            var found = find(jdbc, q);
            if (found.isEmpty()) {
              return new Page<>(List.of(), null);
            }
            sql.append("AND o.id = ANY(:found)\n");
            values.put("found", found.toArray(UUID[]::new));
          }
          if (channel != null) {
            sql.append("AND o.account = :channel\n");
            values.put("channel", channel);
          }
          if (state != null) {
            sql.append("AND o.state = :state\n");
            values.put("state", state);
          }
          if (after != null) {
            sql.append("AND o.id < :after\n");
            values.put("after", after);
          }
          sql.append("ORDER BY o.id DESC LIMIT :rows");
          values.put("rows", limit + 1);
          var rows =
              jdbc.sql(sql.toString()).params(values).query((row, number) -> summary(row)).list();
          return Page.of(rows, limit, last -> Cursor.of(Ids.uuid("ord", last.id()).toString()));
        });
  }

  private static List<UUID> find(JdbcClient jdbc, String q) {
    if (q.regionMatches(true, 0, "ord_", 0, 4) && q.length() == 30) {
      try {
        return List.of(Ids.uuid("ord", q));
      } catch (IllegalArgumentException notOurs) {
        return List.of();
      }
    }
    var found = new ArrayList<>(jdbc.sql(BY_ANY_KEY).param("q", q).query(UUID.class).list());
    int colon = q.indexOf(':');
    if (found.isEmpty() && colon > 0) {
      byChannel(jdbc, q.substring(0, colon), q.substring(colon + 1)).ifPresent(found::add);
    }
    if (found.isEmpty()) {
      // A partner's reference is written after the row, so it has no index: looked for last.
      found.addAll(
          jdbc.sql("SELECT DISTINCT order_id FROM fulfillment_order WHERE reference = :q LIMIT 500")
              .param("q", q)
              .query(UUID.class)
              .list());
    }
    return found;
  }

  private static java.util.Optional<UUID> byChannel(
      JdbcClient jdbc, String account, String channelOrderId) {
    return jdbc.sql(
            "SELECT id FROM sales_order WHERE account = :account AND channel_order_id = :key")
        .param("account", account)
        .param("key", channelOrderId)
        .query(UUID.class)
        .optional();
  }

  /** The order of {@code ord_…} or {@code account:channelOrderId}. */
  static UUID resolve(JdbcClient jdbc, String id) {
    int colon = id.indexOf(':');
    if (colon > 0) {
      return byChannel(jdbc, id.substring(0, colon), id.substring(colon + 1))
          .orElseThrow(() -> unknown(id));
    }
    return Cursor.uuid("ord", id);
  }

  static Problem unknown(String id) {
    return Problem.notFound(
        "Order '%s' is not known; look for it with GET /api/v1/orders?q=."
            .formatted(Words.cut(id)));
  }

  OrderViews.Full get(String id, boolean personalData) {
    return reads.read(
        jdbc -> {
          var uuid = resolve(jdbc, id);
          var lines = lines(jdbc, uuid);
          var fulfillments = fulfillments(jdbc, uuid);
          var deliveries = deliveries(jdbc, uuid);
          var holds = holds(jdbc, uuid);
          return jdbc.sql(
                  """
                  SELECT o.id, o.account, o.channel_order_id, o.display_number, o.state, o.revision,
                         o.channel_version, o.hold, o.hold_reason, o.hold_owner, o.hold_due_at, o.payment_state,
                         o.fulfilled_by, o.grand_total, o.currency, o.money_mismatch, o.test, o.placed_at,
                         o.received_at, o.updated_at, o.edits, d.document
                  FROM sales_order o LEFT JOIN order_document d ON d.order_id = o.id
                  WHERE o.id = :id
                  """)
              .param("id", uuid)
              .query(
                  (row, number) ->
                      full(jdbc, row, lines, fulfillments, deliveries, holds, personalData))
              .optional()
              .orElseThrow(() -> unknown(id));
        });
  }

  private static OrderViews.Full full(
      JdbcClient jdbc,
      ResultSet row,
      List<OrderViews.Line> lines,
      List<OrderViews.Fulfillment> fulfillments,
      List<OrderViews.Delivery> deliveries,
      List<OrderViews.HoldEntry> holds,
      boolean personalData)
      throws SQLException {
    JsonNode document = Reads.json(row, "document");
    var hold = row.getString("hold");
    return new OrderViews.Full(
        Reads.id("ord", Reads.uuid(row, "id")),
        row.getString("account"),
        row.getString("channel_order_id"),
        row.getString("display_number"),
        row.getString("state"),
        row.getInt("revision"),
        row.getString("channel_version"),
        hold == null
            ? null
            : new OrderViews.Hold(
                hold,
                row.getString("hold_reason"),
                row.getString("hold_owner"),
                Reads.instant(row, "hold_due_at")),
        holds,
        changes(Reads.json(row, "edits")),
        row.getString("payment_state"),
        row.getString("fulfilled_by"),
        OrderViews.decimal(row.getBigDecimal("grand_total")),
        row.getString("currency"),
        row.getBoolean("money_mismatch"),
        MoneyReads.of(jdbc, Reads.uuid(row, "id"), row.getString("payment_state"), document, lines),
        row.getBoolean("test"),
        Reads.instant(row, "placed_at"),
        Reads.instant(row, "received_at"),
        Reads.instant(row, "updated_at"),
        lines,
        fulfillments,
        deliveries,
        personalData ? document : PersonalData.masked(document),
        !personalData);
  }

  private static List<OrderViews.Change> changes(JsonNode edits) {
    var changes = new ArrayList<OrderViews.Change>();
    if (edits == null) {
      return changes;
    }
    for (var edit : edits) {
      var parts = new ArrayList<OrderViews.Part>();
      for (var part : edit.path("parts")) {
        var address = "ADDRESS".equals(part.path("kind").asText());
        parts.add(
            new OrderViews.Part(
                part.path("kind").asText(),
                part.path("lineId").asText(null),
                address ? null : part.path("before").asText(null),
                address ? null : part.path("after").asText(null),
                part.path("accepted").asBoolean()));
      }
      var waits = new ArrayList<String>();
      edit.path("awaits").forEach(id -> waits.add(id.asText()));
      changes.add(
          new OrderViews.Change(
              edit.path("no").asInt(),
              edit.path("key").asText(null),
              edit.path("actor").asText(null),
              Instant.parse(edit.path("askedAt").asText()),
              edit.path("state").asText(),
              edit.path("reason").asText(null),
              parts,
              waits));
    }
    return changes;
  }

  private static List<OrderViews.HoldEntry> holds(JdbcClient jdbc, UUID order) {
    return jdbc.sql(
            """
            SELECT kind, reason, owner, placed_at, placed_by, due_at, released_at, released_by, release_reason
            FROM order_hold WHERE order_id = :order ORDER BY no
            """)
        .param("order", order)
        .query(
            (row, number) ->
                new OrderViews.HoldEntry(
                    row.getString("kind"),
                    row.getString("reason"),
                    row.getString("owner"),
                    Reads.instant(row, "placed_at"),
                    row.getString("placed_by"),
                    Reads.instant(row, "due_at"),
                    Reads.instant(row, "released_at"),
                    row.getString("released_by"),
                    row.getString("release_reason")))
        .list();
  }

  /** The order that an id names. */
  UUID idOf(String id) {
    return reads.read(jdbc -> known(jdbc, id));
  }

  /** How an order stands now. */
  OrderActionsApi.Standing standing(UUID order) {
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT state, hold, hold_reason, hold_owner, hold_due_at FROM sales_order WHERE id = :id
                    """)
                .param("id", order)
                .query(
                    (row, number) ->
                        new OrderActionsApi.Standing(
                            Reads.id("ord", order),
                            row.getString("state"),
                            row.getString("hold") == null
                                ? null
                                : new OrderViews.Hold(
                                    row.getString("hold"),
                                    row.getString("hold_reason"),
                                    row.getString("hold_owner"),
                                    Reads.instant(row, "hold_due_at"))))
                .single());
  }

  /** Open holds, those due first first. */
  Page<OrderViews.Held> holds(
      String kind, String owner, String channel, boolean overdue, int limit, String cursor) {
    var after = cursor == null ? null : Cursor.key(cursor, 3);
    return reads.read(
        jdbc -> {
          var sql =
              new StringBuilder(
                  """
                  SELECT h.order_id, h.no, o.account, o.display_number, h.kind, h.reason, h.owner, h.placed_at,
                         h.placed_by, h.due_at, coalesce(h.due_at < now(), false) AS overdue
                  FROM order_hold h JOIN sales_order o ON o.id = h.order_id
                  WHERE h.released_at IS NULL
                  """);
          var values = new HashMap<String, Object>();
          narrow(sql, values, "h.kind", "kind", kind);
          narrow(sql, values, "h.owner", "owner", owner);
          narrow(sql, values, "o.account", "channel", channel);
          if (overdue) {
            sql.append("AND h.due_at < now()\n");
          }
          if (after != null) {
            sql.append(
                "AND (coalesce(h.due_at, 'infinity'), h.order_id, h.no) > (:due::timestamptz, :order::uuid, :no)\n");
            values.put("due", after.get(0).asText());
            values.put("order", after.get(1).asText());
            values.put("no", after.get(2).asInt());
          }
          sql.append("ORDER BY coalesce(h.due_at, 'infinity'), h.order_id, h.no LIMIT :rows");
          values.put("rows", limit + 1);
          record Row(OrderViews.Held held, Object[] key) {}
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, number) -> {
                        var due = Reads.instant(row, "due_at");
                        return new Row(
                            new OrderViews.Held(
                                Reads.id("ord", Reads.uuid(row, "order_id")),
                                row.getString("account"),
                                row.getString("display_number"),
                                row.getString("kind"),
                                row.getString("reason"),
                                row.getString("owner"),
                                Reads.instant(row, "placed_at"),
                                row.getString("placed_by"),
                                due,
                                row.getBoolean("overdue")),
                            new Object[] {
                              due == null ? "infinity" : due.toString(),
                              Reads.uuid(row, "order_id").toString(),
                              row.getInt("no")
                            });
                      })
                  .list();
          var page = Page.of(rows, limit, last -> Cursor.of(last.key()));
          return new Page<>(page.items().stream().map(Row::held).toList(), page.next());
        });
  }

  private static void narrow(
      StringBuilder sql, Map<String, Object> values, String column, String name, String value) {
    if (value != null) {
      sql.append("AND ").append(column).append(" = :").append(name).append('\n');
      values.put(name, value);
    }
  }

  private static OrderViews.Summary summary(ResultSet row) throws SQLException {
    return new OrderViews.Summary(
        Reads.id("ord", Reads.uuid(row, "id")),
        row.getString("account"),
        row.getString("channel_order_id"),
        row.getString("display_number"),
        row.getString("state"),
        row.getString("hold"),
        row.getString("payment_state"),
        OrderViews.decimal(row.getBigDecimal("grand_total")),
        row.getString("currency"),
        row.getString("ship_country"),
        row.getBoolean("test"),
        Reads.instant(row, "placed_at"),
        Reads.instant(row, "received_at"),
        Reads.instant(row, "updated_at"));
  }

  private static List<OrderViews.Line> lines(JdbcClient jdbc, UUID order) {
    return jdbc.sql(
            """
            SELECT l.line_no, l.line_id, p.line_id AS parent_line_id, l.sku, l.kind, l.requires_shipping, l.ordered,
                   l.cancelled, l.allocated, l.backordered, l.shipped, l.returned, l.refunded,
                   l.preorder, l.promised_at
            FROM order_line l LEFT JOIN order_line p ON p.order_id = l.order_id AND p.line_no = l.parent_line_no
            WHERE l.order_id = :order ORDER BY l.line_no
            """)
        .param("order", order)
        .query(
            (row, number) ->
                new OrderViews.Line(
                    row.getInt("line_no"),
                    row.getString("line_id"),
                    row.getString("parent_line_id"),
                    row.getString("sku"),
                    row.getString("kind"),
                    row.getBoolean("requires_shipping"),
                    row.getInt("ordered"),
                    row.getInt("cancelled"),
                    row.getInt("allocated"),
                    row.getInt("backordered"),
                    row.getInt("shipped"),
                    row.getInt("returned"),
                    row.getInt("refunded"),
                    row.getBoolean("preorder"),
                    Reads.instant(row, "promised_at")))
        .list();
  }

  private static List<OrderViews.Fulfillment> fulfillments(JdbcClient jdbc, UUID order) {
    Map<UUID, List<OrderViews.Reserved>> reserved = new HashMap<>();
    jdbc.sql(
            """
            SELECT fulfillment_order_id, line_no, sku, quantity, shipped, released
            FROM reservation WHERE order_id = :order ORDER BY line_no
            """)
        .param("order", order)
        .query(
            row -> {
              reserved
                  .computeIfAbsent(Reads.uuid(row, "fulfillment_order_id"), id -> new ArrayList<>())
                  .add(
                      new OrderViews.Reserved(
                          row.getInt("line_no"),
                          row.getString("sku"),
                          row.getInt("quantity"),
                          row.getInt("shipped"),
                          row.getInt("released")));
            });
    Map<UUID, List<OrderViews.Shipment>> shipments = new HashMap<>();
    jdbc.sql(
            """
            SELECT s.id, s.fulfillment_order_id, s.partner_shipment_id, s.carrier, s.tracking_number, s.shipped_at,
              ARRAY(SELECT n.tracking_number FROM shipment_number n WHERE n.shipment_id = s.id ORDER BY 1) AS further,
              c.document->>'faults' AS faults, c.decided_at
            FROM shipment s LEFT JOIN shipment_case c ON c.shipment_id = s.id
            WHERE s.order_id = :order ORDER BY s.shipped_at, s.id
            """)
        .param("order", order)
        .query(
            row -> {
              shipments
                  .computeIfAbsent(Reads.uuid(row, "fulfillment_order_id"), id -> new ArrayList<>())
                  .add(
                      new OrderViews.Shipment(
                          Reads.id("shp", Reads.uuid(row, "id")),
                          row.getString("partner_shipment_id"),
                          row.getString("carrier"),
                          row.getString("tracking_number"),
                          numbers(row),
                          Reads.instant(row, "shipped_at"),
                          faults(row.getString("faults")),
                          Reads.instant(row, "decided_at")));
            });
    return jdbc.sql(
            """
            SELECT id, node, partner, state, reference, refused_code, refused_reason, move_to, created_at, updated_at
            FROM fulfillment_order WHERE order_id = :order ORDER BY id
            """)
        .param("order", order)
        .query(
            (row, number) -> {
              var id = Reads.uuid(row, "id");
              return new OrderViews.Fulfillment(
                  Reads.id("ful", id),
                  row.getString("node"),
                  row.getString("partner"),
                  row.getString("state"),
                  row.getString("reference"),
                  row.getString("refused_code"),
                  row.getString("refused_reason"),
                  "=".equals(row.getString("move_to")) ? null : row.getString("move_to"),
                  Reads.instant(row, "created_at"),
                  Reads.instant(row, "updated_at"),
                  reserved.getOrDefault(id, List.of()),
                  shipments.getOrDefault(id, List.of()));
            })
        .list();
  }

  private static List<OrderViews.Delivery> deliveries(JdbcClient jdbc, UUID order) {
    return jdbc.sql(
            """
            SELECT id, destination, document, operation, state, revision, remote_id, attempt_count, created_at,
                   finished_at
            FROM delivery WHERE order_id = :order ORDER BY id
            """)
        .param("order", order)
        .query(
            (row, number) ->
                new OrderViews.Delivery(
                    Reads.id("dlv", row.getLong("id")),
                    row.getString("destination"),
                    row.getString("document"),
                    row.getString("operation"),
                    row.getString("state"),
                    row.getInt("revision"),
                    row.getString("remote_id"),
                    row.getInt("attempt_count"),
                    Reads.instant(row, "created_at"),
                    Reads.instant(row, "finished_at")))
        .list();
  }

  Page<OrderViews.Event> timeline(String id, int limit, String cursor) {
    var after = Cursor.number(cursor);
    record Row(long id, OrderViews.Event event) {}
    return reads.read(
        jdbc -> {
          var order = known(jdbc, id);
          var rows =
              jdbc.sql(
                      """
                      SELECT e.id, e.kind, e.sentence, e.message_id, e.delivery_id, e.actor, e.occurred_at, m.received_at,
                             coalesce(d.destination, m.account) AS account,
                             (SELECT array_agg(DISTINCT l.sku) FROM order_line l WHERE l.order_id = e.order_id
                                AND l.sku IS NOT NULL AND position('''' || l.sku || '''' IN e.sentence) > 0) AS skus,
                             EXISTS (SELECT 1 FROM order_event o
                                     WHERE o.order_id = e.order_id AND o.id < e.id AND o.message_id > e.message_id) AS overtaken
                      FROM order_event e LEFT JOIN inbox_message m ON m.id = e.message_id
                        LEFT JOIN delivery d ON d.id = e.delivery_id
                      WHERE e.order_id = :order AND e.id > :after
                      ORDER BY e.id LIMIT :rows
                      """)
                  .param("order", order)
                  .param("after", after == null ? 0L : after)
                  .param("rows", limit + 1)
                  .query(
                      (row, number) ->
                          new Row(
                              row.getLong("id"),
                              new OrderViews.Event(
                                  Reads.instant(row, "occurred_at"),
                                  row.getString("kind"),
                                  row.getString("sentence"),
                                  Reads.id("msg", Reads.number(row, "message_id")),
                                  Reads.id("dlv", Reads.number(row, "delivery_id")),
                                  row.getString("actor"),
                                  row.getString("actor") != null
                                      ? "people"
                                      : row.getString("account") == null
                                          ? "hub"
                                          : row.getString("account"),
                                  Reads.texts(row, "skus"),
                                  Reads.instant(row, "received_at"),
                                  row.getBoolean("overtaken"))))
                  .list();
          var page = Page.of(rows, limit, last -> Cursor.of(last.id()));
          return new Page<>(page.items().stream().map(Row::event).toList(), page.next());
        });
  }

  private static UUID known(JdbcClient jdbc, String id) {
    var order = resolve(jdbc, id);
    return jdbc.sql("SELECT id FROM sales_order WHERE id = :id")
        .param("id", order)
        .query(UUID.class)
        .optional()
        .orElseThrow(() -> unknown(id));
  }

  OrderViews.Decision decision(String id, Integer revision) {
    return reads.read(
        jdbc -> {
          var order = known(jdbc, id);
          var revisions =
              jdbc.sql(
                      "SELECT revision FROM decision WHERE order_id = :order ORDER BY revision DESC")
                  .param("order", order)
                  .query(Integer.class)
                  .list();
          if (revisions.isEmpty()) {
            throw Problem.notFound(
                "Order '%s' has no decision: none of its lines has been allocated yet."
                    .formatted(Words.cut(id)));
          }
          int wanted = revision == null ? revisions.get(0) : revision;
          return jdbc.sql(
                  """
                  SELECT revision, rule_version, document, decided_at FROM decision
                  WHERE order_id = :order AND revision = :revision
                  """)
              .param("order", order)
              .param("revision", wanted)
              .query(
                  (row, number) ->
                      new OrderViews.Decision(
                          Reads.id("ord", order),
                          row.getInt("revision"),
                          row.getString("rule_version"),
                          Reads.instant(row, "decided_at"),
                          Reads.json(row, "document"),
                          revisions))
              .optional()
              .orElseThrow(
                  () ->
                      Problem.notFound(
                          "Order '%s' has no decision of revision '%d'; there are %s."
                              .formatted(Words.cut(id), wanted, revisions)));
        });
  }

  private static List<String> numbers(ResultSet row) throws SQLException {
    var numbers = new ArrayList<String>();
    if (row.getString("tracking_number") != null) {
      numbers.add(row.getString("tracking_number"));
    }
    numbers.addAll(List.of((String[]) row.getArray("further").getArray()));
    return numbers;
  }

  private static List<String> faults(String json) {
    var faults = new ArrayList<String>();
    if (json != null) {
      Json.tree(json).forEach(fault -> faults.add(fault.asText()));
    }
    return faults;
  }
}
