package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Ids;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads returns, what came with them and what is sent for them. */
final class ReturnReads {
  private final Reads reads;

  ReturnReads(Reads reads) {
    this.reads = reads;
  }

  List<ReturnViews.Full> of(UUID order) {
    return reads.read(jdbc -> read(jdbc, "r.order_id = :id", order));
  }

  ReturnViews.Full get(UUID id) {
    return reads.read(jdbc -> read(jdbc, "r.id = :id", id)).stream()
        .findFirst()
        .orElseThrow(() -> unknown(id));
  }

  /** The order a return is of. */
  UUID orderOf(UUID id) {
    return reads
        .read(
            jdbc ->
                jdbc.sql("SELECT order_id FROM return_order WHERE id = :id")
                    .param("id", id)
                    .query((row, number) -> Reads.uuid(row, "order_id"))
                    .optional())
        .orElseThrow(() -> unknown(id));
  }

  private static Problem unknown(UUID id) {
    return Problem.notFound("No return has the id '%s'.".formatted(Reads.id("ret", id)));
  }

  Page<ReturnViews.Summary> list(
      String state,
      String channel,
      String node,
      String name,
      boolean overdue,
      int limit,
      String cursor) {
    var after = Cursor.uuid(cursor);
    return reads.read(
        jdbc -> {
          var sql =
              new StringBuilder(
                  """
                  SELECT r.id, r.name, r.order_id, coalesce(o.display_number, o.channel_order_id) AS number, o.account,
                    r.kind, r.state, r.node, r.created_at, r.due_at, r.overdue_at,
                    (SELECT coalesce(sum(l.quantity), 0) FROM return_line l WHERE l.return_id = r.id) AS expected,
                    (SELECT coalesce(sum(l.received), 0) FROM return_line l WHERE l.return_id = r.id) AS received
                  FROM return_order r JOIN sales_order o ON o.id = r.order_id WHERE true
                  """);
          var values = new HashMap<String, Object>();
          only(sql, values, "state", "r.state", state);
          only(sql, values, "channel", "o.account", channel);
          only(sql, values, "node", "r.node", node);
          only(sql, values, "name", "r.name", name);
          if (overdue) {
            sql.append(
                "AND r.overdue_at IS NOT NULL AND r.state IN ('REQUESTED', 'APPROVED', 'IN_TRANSIT')\n");
          }
          if (after != null) {
            sql.append("AND r.id < :after\n");
            values.put("after", after);
          }
          sql.append("ORDER BY r.id DESC LIMIT :rows");
          values.put("rows", limit + 1);
          var rows =
              jdbc.sql(sql.toString()).params(values).query((row, number) -> summary(row)).list();
          return Page.of(rows, limit, last -> Cursor.of(Ids.uuid("ret", last.id()).toString()));
        });
  }

  private static void only(
      StringBuilder sql, Map<String, Object> values, String name, String column, String value) {
    if (value != null) {
      sql.append("AND ").append(column).append(" = :").append(name).append('\n');
      values.put(name, value);
    }
  }

  private static ReturnViews.Summary summary(ResultSet row) throws SQLException {
    return new ReturnViews.Summary(
        Reads.id("ret", Reads.uuid(row, "id")),
        row.getString("name"),
        Reads.id("ord", Reads.uuid(row, "order_id")),
        row.getString("number"),
        row.getString("account"),
        row.getString("kind"),
        row.getString("state"),
        row.getString("node"),
        row.getInt("expected"),
        row.getInt("received"),
        Reads.instant(row, "created_at"),
        Reads.instant(row, "due_at"),
        Reads.instant(row, "overdue_at"));
  }

  private static List<ReturnViews.Full> read(JdbcClient jdbc, String which, UUID wanted) {
    var lines = new HashMap<UUID, List<ReturnViews.Line>>();
    jdbc.sql(
            """
            SELECT l.return_id, o.line_id, o.sku, l.quantity, l.received, l.reason
            FROM return_order r JOIN return_line l ON l.return_id = r.id
            JOIN order_line o ON o.order_id = r.order_id AND o.line_no = l.line_no WHERE\s"""
                + which
                + " ORDER BY l.line_no")
        .param("id", wanted)
        .query(
            row -> {
              lines
                  .computeIfAbsent(Reads.uuid(row, "return_id"), id -> new ArrayList<>())
                  .add(
                      new ReturnViews.Line(
                          row.getString("line_id"),
                          row.getString("sku"),
                          row.getInt("quantity"),
                          row.getInt("received"),
                          row.getString("reason")));
            });
    var receipts = new HashMap<UUID, List<ReturnViews.Receipt>>();
    jdbc.sql(
            """
            SELECT c.return_id, c.receipt_id, c.node, c.source, c.at, c.same_as, c.document::text AS document
            FROM return_order r JOIN return_receipt c ON c.return_id = r.id WHERE\s"""
                + which
                + " ORDER BY c.told_at, c.receipt_id")
        .param("id", wanted)
        .query(
            row -> {
              receipts
                  .computeIfAbsent(Reads.uuid(row, "return_id"), id -> new ArrayList<>())
                  .add(
                      new ReturnViews.Receipt(
                          row.getString("receipt_id"),
                          row.getString("node"),
                          row.getString("source"),
                          Reads.instant(row, "at"),
                          row.getString("same_as"),
                          counted(Reads.json(row, "document"))));
            });
    return jdbc.sql(
            """
            SELECT r.id, r.name, r.order_id, coalesce(o.display_number, o.channel_order_id) AS number, o.account, r.kind,
              r.state, r.source, r.remote_id, r.announced, r.node, r.reason, r.refund, r.parcel_id,
              r.exchange::text AS exchange, r.decision->>'sentence' AS because, r.created_at, r.approved_at, r.due_at,
              r.overdue_at, r.received_at, r.closed_at
            FROM return_order r JOIN sales_order o ON o.id = r.order_id WHERE\s"""
                + which
                + " ORDER BY r.id")
        .param("id", wanted)
        .query(
            (row, number) -> {
              var id = Reads.uuid(row, "id");
              return new ReturnViews.Full(
                  Reads.id("ret", id),
                  row.getString("name"),
                  Reads.id("ord", Reads.uuid(row, "order_id")),
                  row.getString("number"),
                  row.getString("account"),
                  row.getString("kind"),
                  row.getString("state"),
                  row.getString("source"),
                  row.getString("remote_id"),
                  row.getBoolean("announced"),
                  row.getString("node"),
                  row.getString("reason"),
                  row.getBoolean("refund"),
                  Reads.id("pcl", Reads.uuid(row, "parcel_id")),
                  lines.getOrDefault(id, List.of()),
                  receipts.getOrDefault(id, List.of()),
                  sent(Reads.json(row, "exchange")),
                  row.getString("because"),
                  Reads.instant(row, "created_at"),
                  Reads.instant(row, "approved_at"),
                  Reads.instant(row, "due_at"),
                  Reads.instant(row, "overdue_at"),
                  Reads.instant(row, "received_at"),
                  Reads.instant(row, "closed_at"));
            })
        .list();
  }

  private static List<ReturnViews.Counted> counted(JsonNode document) {
    var counted = new ArrayList<ReturnViews.Counted>();
    if (document != null) {
      for (var line : document) {
        counted.add(
            new ReturnViews.Counted(
                line.path("sku").asText(null),
                line.path("units").asInt(),
                line.path("disposition").asText(null),
                line.hasNonNull("lineNo")));
      }
    }
    return counted;
  }

  private static List<ReturnViews.Sent> sent(JsonNode exchange) {
    var sent = new ArrayList<ReturnViews.Sent>();
    if (exchange != null) {
      for (var article : exchange.path("articles")) {
        sent.add(
            new ReturnViews.Sent(
                article.path("sku").asText(null),
                article.path("quantity").asInt(),
                exchange.path("lineIds").path(sent.size()).asText(null)));
      }
    }
    return sent;
  }

  List<ReturnViews.Replacement> replacements(UUID order) {
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT p.line_id, l.sku, p.quantity, p.replaces_line_id, p.return_id, p.reason, p.actor, p.created_at
                    FROM line_replacement p LEFT JOIN order_line l ON l.order_id = p.order_id AND l.line_id = p.line_id
                    WHERE p.order_id = :id ORDER BY p.created_at, p.line_id""")
                .param("id", order)
                .query(
                    (row, number) ->
                        new ReturnViews.Replacement(
                            row.getString("line_id"),
                            row.getString("sku"),
                            row.getInt("quantity"),
                            row.getString("replaces_line_id"),
                            Reads.id("ret", Reads.uuid(row, "return_id")),
                            row.getString("reason"),
                            row.getString("actor"),
                            Reads.instant(row, "created_at")))
                .list());
  }
}
