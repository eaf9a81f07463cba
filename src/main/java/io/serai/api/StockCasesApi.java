package io.serai.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.Role;
import io.serai.hub.StockChange;
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
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What somebody has to look into about stock, with owner and due time. */
@Tag(name = "stock-cases", description = "What somebody has to look into about stock.")
@RestController
@RequestMapping(path = "/api/v1/stock-cases", produces = "application/json")
public final class StockCasesApi {
  private static final String CASE =
      "SELECT *, closed_at IS NULL AND due_at < now() AS overdue FROM stock_case ";

  private final Reads reads;
  private final StockReads stock;
  private final StockChangesApi changes;
  private final Audit audit;
  private final JdbcClient jdbc;

  StockCasesApi(
      Reads reads, StockReads stock, StockChangesApi changes, Audit audit, DataSource database) {
    this.reads = reads;
    this.stock = stock;
    this.changes = changes;
    this.audit = audit;
    this.jdbc = JdbcClient.create(database);
  }

  /** One case. */
  @Schema(name = "StockCase")
  public record Case(
      @Schema(example = "stc_17") String id,
      @Schema(
              description =
                  "Promises that cannot be kept, books that do not balance, or counts that are far off.",
              allowableValues = {"SHORTAGE", "DRIFT", "DISCREPANCY"})
          String kind,
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "nj-1") String node,
      int quantity,
      @Schema(description = "Of a count: what the books had.", example = "10") Integer expected,
      @Schema(description = "Of a count: what was found instead.", example = "4") Integer counted,
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
        found.expected(),
        found.counted(),
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

  /** What somebody says of a count. */
  @Schema(name = "CountDecision")
  public record Decision(
      @Schema(description = "Why.", example = "A box stood behind the shelf.") String reason,
      @Schema(description = "To refuse: only show what it would come to.") Boolean dryRun) {}

  @Operation(
      summary = "Accept a count",
      description =
          "What was counted stands, as it does since it came; the case is closed. 409 when it is no open case of a count.")
  @PostMapping(path = "/{id}/accept", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public Case accept(
      @Parameter(example = "stc_17") @PathVariable String id,
      @RequestBody Decision decision,
      Caller caller) {
    var reason = reason(decision);
    close(counted(id), "stock.accept", reason, caller);
    return find(id);
  }

  @Operation(
      summary = "Refuse a count",
      description =
          "The difference between what was counted and what the books had is taken back, whatever has left or come since;"
              + " channels are told, and the case is closed. With 'dryRun' it only shows what it would come to. Safe to"
              + " repeat. 409 when it is no open case of a count.")
  @PostMapping(path = "/{id}/refuse", consumes = "application/json")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public StockChangesApi.Result refuse(
      @Parameter(example = "stc_17") @PathVariable String id,
      @RequestBody Decision decision,
      Caller caller) {
    boolean dry = Boolean.TRUE.equals(decision.dryRun());
    var reason = dry ? decision.reason() : reason(decision);
    var found = counted(id);
    if (found.expected() == null) {
      throw Problem.unprocessable(
          "Case '%s' was opened by an older version, which did not keep what the books had; adjust the stock by hand."
              .formatted(found.id()));
    }
    var body =
        JsonNodeFactory.instance
            .objectNode()
            .put("node", found.node())
            .put("reason", reason)
            .put("reference", "refused-" + found.id())
            .put("dryRun", dry);
    body.putArray("rows")
        .addObject()
        .put("sku", found.sku())
        .put("quantity", found.expected() - found.counted());
    var result = changes.change(StockChange.Kind.ADJUST, body, caller);
    if (!dry) {
      close(found, "stock.refuse", reason, caller);
    }
    return result;
  }

  private static String reason(Decision decision) {
    var reason = Words.sentence("reason", decision.reason());
    if (reason == null) {
      throw Problem.badRequest("A count is accepted or refused with a reason; say why.");
    }
    return reason;
  }

  private Case counted(String id) {
    var found = find(id);
    if (!found.kind().equals("DISCREPANCY") || found.closedAt() != null) {
      throw Problem.conflict(
          "Case '%s' is %s, so there is no count to accept or refuse."
              .formatted(
                  found.id(), found.closedAt() == null ? "of kind " + found.kind() : "closed"),
          found);
    }
    return found;
  }

  private void close(Case found, String verb, String reason, Caller caller) {
    jdbc.sql("UPDATE stock_case SET closed_at = now() WHERE id = :id AND closed_at IS NULL")
        .param("id", Cursor.id("stc", found.id()))
        .update();
    audit.write(Audit.Entry.of(caller, verb, "case:" + found.id(), reason));
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
        (Integer) row.getObject("expected"),
        (Integer) row.getObject("counted"),
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
