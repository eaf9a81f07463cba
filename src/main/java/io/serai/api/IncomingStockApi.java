package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.HashMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What suppliers are to bring, and when. */
@Tag(name = "incoming-stock", description = "What suppliers are to bring, and when.")
@RestController
@RequestMapping(path = "/api/v1/incoming-stock", produces = "application/json")
final class IncomingStockApi {
  private final Reads reads;

  IncomingStockApi(Reads reads) {
    this.reads = reads;
  }

  /** Units under one name. */
  @Schema(name = "IncomingStock")
  record Entry(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "nj-1") String node,
      @Schema(example = "PO-7") String advice,
      @Schema(description = "Announced.") int quantity,
      int received,
      @Schema(description = "Still to come.") int open,
      Instant expectedAt,
      @Schema(description = "Whether its instant has passed.") boolean overdue,
      @Schema(description = "Who announced it last.") String source,
      Instant asOf) {}

  @Operation(
      summary = "List announced stock",
      description = "What is still to come, the soonest first.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<Entry> list(
      @Parameter(description = "Only of this SKU.", example = "MUG-BLU")
          @RequestParam(required = false)
          String sku,
      @Parameter(description = "Only to this node.", example = "nj-1")
          @RequestParam(required = false)
          String node,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var after = Words.present(cursor) == null ? null : Cursor.key(Words.present(cursor), 4);
    return reads.read(
        jdbc -> {
          var sql =
              new StringBuilder(
                  "SELECT *, expected_at < now() AS overdue FROM stock_incoming WHERE received < quantity\n");
          var values = new HashMap<String, Object>();
          if (Words.present(sku) != null) {
            sql.append("AND sku = :sku\n");
            values.put("sku", sku.strip());
          }
          if (Words.present(node) != null) {
            sql.append("AND node = :node\n");
            values.put("node", node.strip());
          }
          if (after != null) {
            sql.append("AND (expected_at, sku, node, reference) > (:e::timestamptz, :s, :n, :r)\n");
            values.put("e", after.get(0).asText());
            values.put("s", after.get(1).asText());
            values.put("n", after.get(2).asText());
            values.put("r", after.get(3).asText());
          }
          sql.append("ORDER BY expected_at, sku, node, reference LIMIT :rows");
          values.put("rows", most + 1);
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, n) ->
                          new Entry(
                              row.getString("sku"),
                              row.getString("node"),
                              row.getString("reference"),
                              row.getInt("quantity"),
                              row.getInt("received"),
                              row.getInt("quantity") - row.getInt("received"),
                              Reads.instant(row, "expected_at"),
                              row.getBoolean("overdue"),
                              row.getString("source"),
                              Reads.instant(row, "as_of")))
                  .list();
          return Page.of(
              rows,
              most,
              last ->
                  Cursor.of(last.expectedAt().toString(), last.sku(), last.node(), last.advice()));
        });
  }
}
