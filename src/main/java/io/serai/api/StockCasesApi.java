package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What somebody has to look into about stock, with owner and due time. */
@Tag(name = "stock-cases", description = "What somebody has to look into about stock.")
@RestController
@RequestMapping(path = "/api/v1/stock-cases", produces = "application/json")
final class StockCasesApi {
  private static final String CASE =
      "SELECT *, closed_at IS NULL AND due_at < now() AS overdue FROM stock_case ";

  private final Reads reads;
  private final StockReads stock;
  private final Audit audit;
  private final JdbcClient jdbc;

  StockCasesApi(Reads reads, StockReads stock, Audit audit, DataSource database) {
    this.reads = reads;
    this.stock = stock;
    this.audit = audit;
    this.jdbc = JdbcClient.create(database);
  }

  /** One case. */
  @Schema(name = "StockCase")
  record Case(
      @Schema(example = "stc_17") String id,
      @Schema(
              description =
                  "Promises that cannot be kept, books that do not balance, or counts that are far off.",
              allowableValues = {"SHORTAGE", "DRIFT", "DISCREPANCY"})
          String kind,
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "nj-1") String node,
      int quantity,
      String sentence,
      String owner,
      Instant openedAt,
      Instant dueAt,
      boolean overdue,
      @Schema(description = "When promises are next moved elsewhere; absent when a person decides.")
          Instant reliefAt,
      Instant closedAt,
      @Schema(
              description =
                  "The newest movements of this SKU at this node; only when one case is read.")
          List<StockViews.Movement> movements) {}

  @Operation(
      summary = "List stock cases",
      description =
          "Promises that cannot be kept because units are missing, books that do not balance, and counts that are further"
              + " off than their class allows; the newest first. A case closes by itself when its cause is gone.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<Case> list(
      @Parameter(description = "open, or all; open when absent.") @RequestParam(required = false)
          String state,
      @Parameter(description = "shortage, drift or discrepancy.") @RequestParam(required = false)
          String kind,
      @Parameter(description = "Only of this SKU.", example = "MUG-BLU")
          @RequestParam(required = false)
          String sku,
      @Parameter(description = "Only of this node.", example = "nj-1")
          @RequestParam(required = false)
          String node,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    int most = Cursor.limit(limit);
    var wanted = Words.known("state", Words.present(state), "OPEN", "ALL");
    var kinds = Words.known("kind", Words.present(kind), "SHORTAGE", "DRIFT", "DISCREPANCY");
    var before = Cursor.number(Words.present(cursor));
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder(CASE).append("WHERE true\n");
          var values = new HashMap<String, Object>();
          if (!"ALL".equals(wanted)) {
            sql.append("AND closed_at IS NULL\n");
          }
          if (kinds != null) {
            sql.append("AND kind = :kind\n");
            values.put("kind", kinds);
          }
          if (Words.present(sku) != null) {
            sql.append("AND sku = :sku\n");
            values.put("sku", sku.strip());
          }
          if (Words.present(node) != null) {
            sql.append("AND node = :node\n");
            values.put("node", node.strip());
          }
          if (before != null) {
            sql.append("AND id < :before\n");
            values.put("before", before);
          }
          sql.append("ORDER BY id DESC LIMIT :rows");
          values.put("rows", most + 1);
          var rows = jdbc.sql(sql.toString()).params(values).query((row, n) -> one(row)).list();
          return Page.of(rows, most, last -> Cursor.of(Cursor.id("stc", last.id())));
        });
  }

  @Operation(
      summary = "Read one stock case",
      description = "With the newest movements of its SKU at its node.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public Case get(@Parameter(example = "stc_17") @PathVariable String id) {
    var found = find(id);
    var movements = stock.movements(found.sku(), found.node(), null, null, null, 20, null).items();
    return new Case(
        found.id(),
        found.kind(),
        found.sku(),
        found.node(),
        found.quantity(),
        found.sentence(),
        found.owner(),
        found.openedAt(),
        found.dueAt(),
        found.overdue(),
        found.reliefAt(),
        found.closedAt(),
        movements);
  }

  @Operation(
      summary = "Move promises elsewhere",
      description =
          "Has the newest promises of the missing units taken back and allocated anew: a request that has not left is"
              + " withdrawn, one that has left is cancelled at the partner, whose answer decides. Safe to repeat.")
  @PostMapping("/{id}/relieve")
  @Allows(Role.OPERATOR)
  public Case relieve(@Parameter(example = "stc_17") @PathVariable String id, Caller caller) {
    var found = find(id);
    var due =
        jdbc.sql(
                """
                UPDATE stock_case SET relief_at = now() WHERE id = :id AND kind = 'SHORTAGE' AND closed_at IS NULL
                """)
            .param("id", Cursor.id("stc", id))
            .update();
    if (due == 0) {
      throw Problem.conflict(
          "Case '%s' is %s, so there are no promises to move."
              .formatted(
                  found.id(), found.closedAt() == null ? "of kind " + found.kind() : "closed"),
          found);
    }
    audit.write(
        Audit.Entry.of(
            caller, "stock.relieve", "case:" + found.id(), found.sku() + "@" + found.node()));
    return find(id);
  }

  private Case find(String id) {
    var number = Cursor.id("stc", id);
    return reads.read(
        jdbc ->
            jdbc.sql(CASE + "WHERE id = :id")
                .param("id", number)
                .query((row, n) -> one(row))
                .optional()
                .orElseThrow(
                    () ->
                        Problem.notFound(
                            "Stock case '%s' is not known; list them with GET /api/v1/stock-cases."
                                .formatted(Words.cut(id)))));
  }

  private static Case one(ResultSet row) throws SQLException {
    return new Case(
        Reads.id("stc", row.getLong("id")),
        row.getString("kind"),
        row.getString("sku"),
        row.getString("node"),
        row.getInt("quantity"),
        row.getString("sentence"),
        row.getString("owner"),
        Reads.instant(row, "opened_at"),
        Reads.instant(row, "due_at"),
        row.getBoolean("overdue"),
        Reads.instant(row, "relief_at"),
        Reads.instant(row, "closed_at"),
        null);
  }
}
