package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads parcels, their scans and labels. */
final class ParcelReads {
  private final Reads reads;

  ParcelReads(Reads reads) {
    this.reads = reads;
  }

  List<ParcelViews.Parcel> of(UUID order) {
    return reads.read(jdbc -> of(jdbc, order));
  }

  private static List<ParcelViews.Parcel> of(JdbcClient jdbc, UUID order) {
    var scans = new HashMap<UUID, List<ParcelViews.Scan>>();
    jdbc.sql(
            """
            SELECT s.parcel_id, s.at, s.state, s.code, s.description, s.place, s.future
            FROM parcel p JOIN parcel_scan s ON s.parcel_id = p.id WHERE p.order_id = :order ORDER BY s.at, s.state
            """)
        .param("order", order)
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
            SELECT p.id, p.fulfillment_order_id, p.node, p.state, p.account, p.tracking_number, p.tracking_state,
              p.document::text AS document, p.created_at, p.shipped_at, p.delivered_at, l.format
            FROM parcel p LEFT JOIN parcel_label l ON l.parcel_id = p.id WHERE p.order_id = :order ORDER BY p.id
            """)
        .param("order", order)
        .query(
            (row, number) -> {
              var id = Reads.uuid(row, "id");
              var document = Json.tree(row.getString("document"));
              var label = document.path("label");
              return new ParcelViews.Parcel(
                  Reads.id("pcl", id),
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
        .orElseThrow(
            () ->
                Problem.notFound("No parcel has the id '%s'.".formatted(Reads.id("pcl", parcel))));
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
