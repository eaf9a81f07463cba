package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads parcels, their scans and labels. */
final class ParcelReads {
  private final Reads reads;

  ParcelReads(Reads reads) {
    this.reads = reads;
  }

  List<ParcelViews.Parcel> of(UUID order) {
    return reads.read(jdbc -> read(jdbc, "p.order_id = :id", order));
  }

  ParcelViews.Parcel get(UUID parcel) {
    return reads.read(jdbc -> read(jdbc, "p.id = :id", parcel)).stream()
        .findFirst()
        .orElseThrow(() -> unknown(parcel));
  }

  Page<ParcelViews.Summary> list(
      String state, String account, String node, String tracking, int limit, String cursor) {
    var after = Cursor.uuid(cursor);
    return reads.read(
        jdbc -> {
          var sql =
              new StringBuilder(
                  """
                  SELECT p.id, p.order_id, coalesce(o.display_number, o.channel_order_id) AS number, p.node, p.state, p.account,
                    p.document->>'carrier' AS carrier, p.tracking_number, p.tracking_state, p.created_at, p.last_scan_at
                  FROM parcel p JOIN sales_order o ON o.id = p.order_id WHERE true
                  """);
          var values = new HashMap<String, Object>();
          only(sql, values, "state", "p.state", state);
          only(sql, values, "account", "p.account", account);
          only(sql, values, "node", "p.node", node);
          only(sql, values, "tracking", "p.tracking_number", tracking);
          if (after != null) {
            sql.append("AND p.id < :after\n");
            values.put("after", after);
          }
          sql.append("ORDER BY p.id DESC LIMIT :rows");
          values.put("rows", limit + 1);
          var rows =
              jdbc.sql(sql.toString()).params(values).query((row, number) -> summary(row)).list();
          return Page.of(rows, limit, last -> Cursor.of(Ids.uuid("pcl", last.id()).toString()));
        });
  }

  private static void only(
      StringBuilder sql, Map<String, Object> values, String name, String column, String value) {
    if (value != null) {
      sql.append("AND ").append(column).append(" = :").append(name).append('\n');
      values.put(name, value);
    }
  }

  private static ParcelViews.Summary summary(ResultSet row) throws SQLException {
    return new ParcelViews.Summary(
        Reads.id("pcl", Reads.uuid(row, "id")),
        Reads.id("ord", Reads.uuid(row, "order_id")),
        row.getString("number"),
        row.getString("node"),
        row.getString("state"),
        row.getString("account"),
        row.getString("carrier"),
        row.getString("tracking_number"),
        row.getString("tracking_state"),
        Reads.instant(row, "created_at"),
        Reads.instant(row, "last_scan_at"));
  }

  private static List<ParcelViews.Parcel> read(JdbcClient jdbc, String which, UUID wanted) {
    var scans = new HashMap<UUID, List<ParcelViews.Scan>>();
    jdbc.sql(
            """
            SELECT s.parcel_id, s.at, s.state, s.code, s.description, s.place, s.future
            FROM parcel p JOIN parcel_scan s ON s.parcel_id = p.id WHERE\s"""
                + which
                + " ORDER BY s.at, s.state")
        .param("id", wanted)
        .query(
            row -> {
              scans
                  .computeIfAbsent(Reads.uuid(row, "parcel_id"), id -> new ArrayList<>())
                  .add(
                      new ParcelViews.Scan(
                          Reads.instant(row, "at"),
                          row.getString("state"),
                          row.getString("code"),
                          row.getString("description"),
                          row.getString("place"),
                          row.getBoolean("future")));
            });
    return jdbc.sql(
            """
            SELECT p.id, p.order_id, coalesce(o.display_number, o.channel_order_id) AS number, p.fulfillment_order_id, p.node, p.state, p.account, p.tracking_number, p.tracking_state,
              p.document::text AS document, p.created_at, p.shipped_at, p.delivered_at, l.format
            FROM parcel p JOIN sales_order o ON o.id = p.order_id LEFT JOIN parcel_label l ON l.parcel_id = p.id WHERE\s"""
                + which
                + " ORDER BY p.id")
        .param("id", wanted)
        .query(
            (row, number) -> {
              var id = Reads.uuid(row, "id");
              var document = Json.tree(row.getString("document"));
              var label = document.path("label");
              return new ParcelViews.Parcel(
                  Reads.id("pcl", id),
                  Reads.id("ord", Reads.uuid(row, "order_id")),
                  row.getString("number"),
                  Reads.id("ful", Reads.uuid(row, "fulfillment_order_id")),
                  row.getString("node"),
                  row.getString("state"),
                  row.getString("account"),
                  document.path("carrier").asText(null),
                  label.path("service").asText(null),
                  row.getString("tracking_number"),
                  label.path("trackingUrl").asText(null),
                  row.getString("tracking_state"),
                  present(document, "choice"),
                  present(label, "cost"),
                  row.getString("format"),
                  lines(document),
                  scans.getOrDefault(id, List.of()),
                  Reads.instant(row, "created_at"),
                  Reads.instant(row, "shipped_at"),
                  Reads.instant(row, "delivered_at"));
            })
        .list();
  }

  private static List<ParcelViews.Content> lines(JsonNode document) {
    var lines = new ArrayList<ParcelViews.Content>();
    for (var line : document.path("lines")) {
      lines.add(
          new ParcelViews.Content(
              line.path("lineId").asText(null),
              line.path("sku").asText(null),
              line.path("quantity").asInt()));
    }
    return lines;
  }

  private static JsonNode present(JsonNode node, String field) {
    return node.hasNonNull(field) ? node.get(field) : null;
  }

  /** The order a parcel belongs to. */
  UUID orderOf(UUID parcel) {
    return reads
        .read(
            jdbc ->
                jdbc.sql("SELECT order_id FROM parcel WHERE id = :id")
                    .param("id", parcel)
                    .query((row, number) -> Reads.uuid(row, "order_id"))
                    .optional())
        .orElseThrow(() -> unknown(parcel));
  }

  private static Problem unknown(UUID parcel) {
    return Problem.notFound("No parcel has the id '%s'.".formatted(Reads.id("pcl", parcel)));
  }

  /** The order a shipment belongs to. */
  UUID orderOfShipment(UUID shipment) {
    return reads
        .read(
            jdbc ->
                jdbc.sql("SELECT order_id FROM shipment WHERE id = :id")
                    .param("id", shipment)
                    .query((row, number) -> Reads.uuid(row, "order_id"))
                    .optional())
        .orElseThrow(
            () ->
                Problem.notFound(
                    "No shipment has the id '%s'.".formatted(Reads.id("shp", shipment))));
  }

  /** The label as it is printed. */
  ParcelViews.LabelFile label(UUID parcel) {
    return reads
        .read(
            jdbc ->
                jdbc.sql("SELECT format, content FROM parcel_label WHERE parcel_id = :id")
                    .param("id", parcel)
                    .query(
                        (row, number) ->
                            new ParcelViews.LabelFile(
                                row.getString("format"), row.getBytes("content")))
                    .optional())
        .orElseThrow(
            () ->
                Problem.notFound(
                    "Parcel '%s' has no label here: none was bought, its file is not fetched yet, or its time is over."
                        .formatted(Reads.id("pcl", parcel))));
  }
}
