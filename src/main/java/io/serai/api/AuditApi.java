package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Allows;
import io.serai.access.AuditChain;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit: who did what to which thing, when and why; and whether it is still whole. */
@Tag(name = "audit", description = "Who did what, when and why. Append only, hash chained.")
@RestController
@RequestMapping(path = "/api/v1/audit", produces = "application/json")
public final class AuditApi {
  private final Reads reads;
  private final AuditChain chain;

  AuditApi(Reads reads, AuditChain chain) {
    this.reads = reads;
    this.chain = chain;
  }

  /** One entry. */
  @Schema(name = "AuditEntry")
  public record Entry(
      long id,
      Instant occurredAt,
      @Schema(example = "token:api") String actor,
      @Schema(example = "dead-letter.discard") String action,
      @Schema(example = "msg_17") String object,
      String reason,
      @Schema(implementation = Object.class) JsonNode before,
      @Schema(implementation = Object.class) JsonNode after,
      @Schema(description = "Its place in the chain; absent until it is linked.") Long position,
      @Schema(description = "Covers the entry and the hash before it.") String hash) {}

  /** What the verifier found. */
  @Schema(name = "AuditFinding")
  public record Finding(
      @Schema(description = "Whether every linked entry is as it was written and none is missing.")
          boolean valid,
      @Schema(example = "All 5 linked entries are as they were written.") String sentence,
      long linked,
      @Schema(description = "Entries that are linked within a second.") long waiting,
      @Schema(description = "Hash of the newest link.") String head,
      @Schema(description = "The first entry that does not fit, if any.") Long brokenAt) {}

  @Operation(summary = "List audit entries", description = "Newest first.")
  @GetMapping
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public Page<Entry> list(
      @Parameter(description = "Only by this actor.", example = "admin")
          @RequestParam(required = false)
          String actor,
      @Parameter(description = "Only this action.", example = "stock.report")
          @RequestParam(required = false)
          String action,
      @Parameter(description = "Only about this thing.", example = "msg_17")
          @RequestParam(required = false)
          String object,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var before = Cursor.number(Words.present(cursor));
    return reads.read(
        jdbc -> {
          var sql =
              new StringBuilder(
                  """
                  SELECT id, occurred_at, actor, action, object, reason, before, after, position, hash
                  FROM audit_entry WHERE true
                  """);
          var values = new HashMap<String, Object>();
          if (Words.present(actor) != null) {
            sql.append("AND actor = :actor\n");
            values.put("actor", actor.strip());
          }
          if (Words.present(action) != null) {
            sql.append("AND action = :action\n");
            values.put("action", action.strip());
          }
          if (Words.present(object) != null) {
            sql.append("AND object = :object\n");
            values.put("object", object.strip());
          }
          if (before != null) {
            sql.append("AND id < :before\n");
            values.put("before", before);
          }
          sql.append("ORDER BY id DESC LIMIT :rows");
          values.put("rows", most + 1);
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, n) ->
                          new Entry(
                              row.getLong("id"),
                              Reads.instant(row, "occurred_at"),
                              row.getString("actor"),
                              row.getString("action"),
                              row.getString("object"),
                              row.getString("reason"),
                              Reads.json(row, "before"),
                              Reads.json(row, "after"),
                              Reads.number(row, "position"),
                              row.getBytes("hash") == null
                                  ? null
                                  : HexFormat.of().formatHex(row.getBytes("hash"))))
                  .list();
          return Page.of(rows, most, last -> Cursor.of(last.id()));
        });
  }

  @Operation(
      summary = "Verify the audit",
      description =
          "Walks the whole chain and says whether every entry is as it was written and none is missing. Keep `head`"
              + " somewhere else: it proves that the newest entries were not cut off either.")
  @GetMapping("/verify")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public Finding verify() {
    var verdict = chain.verify();
    return new Finding(
        verdict.valid(),
        verdict.sentence(),
        verdict.linked(),
        verdict.waiting(),
        verdict.head(),
        verdict.brokenAt());
  }
}
