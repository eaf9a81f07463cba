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

/** What channels and partners began to say that our mappings do not list. */
@Tag(
    name = "drift",
    description = "Values that mappings do not list, in fields that decide nothing.")
@RestController
@RequestMapping(path = "/api/v1/drift", produces = "application/json")
final class DriftApi {
  private final Reads reads;

  DriftApi(Reads reads) {
    this.reads = reads;
  }

  /** One value of one field. */
  @Schema(name = "Drift")
  record Entry(
      @Schema(example = "shopify-main") String account,
      @Schema(example = "shopify/order.in.jslt") String mapping,
      @Schema(example = "cancel_reason") String field,
      @Schema(description = "As it was written; it was kept as text.", example = "weather")
          String value,
      long count,
      @Schema(description = "The last message that said so.", example = "msg_17") String messageId,
      Instant firstSeenAt,
      Instant lastSeenAt) {}

  @Operation(
      summary = "List drift",
      description =
          "Values that a mapping does not list, in fields that decide nothing. By account, mapping, field and value.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<Entry> list(
      @Parameter(description = "Only of this account.", example = "shopify-main")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var after = Words.present(cursor) == null ? null : Cursor.key(Words.present(cursor), 4);
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder("SELECT * FROM drift WHERE true\n");
          var values = new HashMap<String, Object>();
          if (Words.present(account) != null) {
            sql.append("AND account = :account\n");
            values.put("account", account.strip());
          }
          if (after != null) {
            sql.append("AND (account, mapping, field, value) > (:a, :m, :f, :v)\n");
            values.put("a", after.get(0).asText());
            values.put("m", after.get(1).asText());
            values.put("f", after.get(2).asText());
            values.put("v", after.get(3).asText());
          }
          sql.append("ORDER BY account, mapping, field, value LIMIT :rows");
          values.put("rows", most + 1);
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, n) ->
                          new Entry(
                              row.getString("account"),
                              row.getString("mapping"),
                              row.getString("field"),
                              row.getString("value"),
                              row.getLong("count"),
                              Reads.id("msg", Reads.number(row, "message_id")),
                              Reads.instant(row, "first_seen_at"),
                              Reads.instant(row, "last_seen_at")))
                  .list();
          return Page.of(
              rows,
              most,
              last -> Cursor.of(last.account(), last.mapping(), last.field(), last.value()));
        });
  }
}
