package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Stock: what is where and what may be sold; and a node's own count of it. */
@Tag(name = "stock", description = "What is where, what is promised, what may be sold.")
@RestController
@RequestMapping(path = "/api/v1/stock", produces = "application/json")
public final class StockApi {
  private static final Set<String> FIELDS = Set.of("node", "levels", "asOf", "sequence");

  private final StockReads stock;
  private final StockReporting reporting;
  private final Audit audit;
  private final Clock clock;

  StockApi(StockReads stock, StockReporting reporting, Audit audit, Clock clock) {
    this.stock = stock;
    this.reporting = reporting;
    this.audit = audit;
    this.clock = clock;
  }

  @Operation(
      summary = "List stock levels",
      description = "One item per SKU and node, in that order.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<StockViews.Level> list(
      @Parameter(description = "Only this SKU.", example = "MUG-BLU")
          @RequestParam(required = false)
          String sku,
      @Parameter(description = "Only this node.", example = "nj-1") @RequestParam(required = false)
          String node,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return stock.list(
        Words.present(sku), Words.present(node), Cursor.limit(limit), Words.present(cursor));
  }

  @Operation(
      summary = "Read one SKU",
      description = "Totals, each node, what channels were told, and the newest movements.")
  @GetMapping("/{sku}")
  @Allows(Role.VIEWER)
  public StockViews.Sku get(@Parameter(example = "MUG-BLU") @PathVariable String sku) {
    return stock.get(sku);
  }

  @Operation(
      summary = "Read one SKU's movements",
      description =
          "Every unit that came, left or changed its term, with its cause, newest first. The movements of a level add"
              + " up to its terms: on hand is what came from `outside` and did not go back there.")
  @GetMapping("/{sku}/movements")
  @Allows(Role.VIEWER)
  public Page<StockViews.Movement> movements(
      @Parameter(example = "MUG-BLU") @PathVariable String sku,
      @Parameter(description = "Only of this node.", example = "nj-1")
          @RequestParam(required = false)
          String node,
      @Parameter(description = "Only of this cause.", example = "adjustment")
          @RequestParam(required = false)
          String cause,
      @Parameter(description = "Only from this instant on.") @RequestParam(required = false)
          String from,
      @Parameter(description = "Only before this instant.") @RequestParam(required = false)
          String to,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return stock.movements(
        sku,
        Words.present(node),
        Words.present(cause),
        Instants.of("from", Words.present(from)),
        Instants.of("to", Words.present(to)),
        Cursor.limit(limit),
        Words.present(cursor));
  }

  @Operation(
      summary = "Read one SKU as it was",
      description = "Each node's terms at an instant, rebuilt from the movements since.")
  @GetMapping("/{sku}/levels")
  @Allows(Role.VIEWER)
  public StockViews.Past levels(
      @Parameter(example = "MUG-BLU") @PathVariable String sku,
      @Parameter(description = "The instant; now when absent.", example = "2026-01-31T12:00:00Z")
          @RequestParam(required = false)
          String at) {
    return stock.past(sku, Instants.past("at", Words.present(at), clock));
  }

  @Operation(
      summary = "Report one node's counts",
      description =
          "An absolute snapshot of the listed SKUs; others of the node are left alone. Rows that cannot be taken"
              + " (negative, fractional, absurd, repeated) are refused by name and the others applied; 422 when"
              + " every row is refused or the node is not known. Safe to repeat. A count below what is promised takes"
              + " effect down to what is promised; the rest is a shortage.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = StockViews.Report.class),
              examples =
                  @ExampleObject(
                      "{\"node\":\"nj-1\",\"levels\":[{\"sku\":\"MUG-BLU\",\"onHand\":12}]}")))
  @PutMapping(consumes = "application/json")
  @Allows(Role.OPERATOR)
  public StockViews.Result report(@RequestBody JsonNode body, Caller caller) {
    var report = read(body);
    var nodes = stock.nodes();
    if (!nodes.contains(report.node())) {
      throw Problem.unprocessable(
          "Node '%s' is not known; configure it under serai.nodes or name one of %s."
              .formatted(Words.cut(report.node()), nodes));
    }
    var rows = StockRows.of(body.get("levels"));
    int received = body.get("levels").size();
    if (received > 0 && rows.levels().isEmpty()) {
      throw Problem.unprocessable(
              "None of the %d rows for node '%s' can be taken; the first: %s"
                  .formatted(received, report.node(), rows.refused().get(0).sentence()))
          .with("refused", rows.refused());
    }
    var outcome =
        reporting.apply(
            report.node(), rows.levels(), report.asOf(), report.sequence(), caller.name());
    audit.write(
        new Audit.Entry(
            caller.name(),
            "stock.report",
            "node:" + report.node(),
            null,
            null,
            JsonNodeFactory.instance
                .objectNode()
                .put("received", received)
                .put("applied", outcome.applied())
                .put("stale", outcome.stale())
                .put("refused", rows.refused().size())
                .put("shortages", outcome.shortages().size())
                .put("asOf", report.asOf().toString())));
    return new StockViews.Result(
        report.node(),
        report.asOf(),
        received,
        outcome.applied(),
        outcome.stale(),
        rows.refused(),
        outcome.shortages());
  }

  /** The nodes that there are. */
  public List<String> nodes() {
    return stock.nodes().stream().sorted().toList();
  }

  private record Report(String node, Instant asOf, Long sequence) {}

  private Report read(JsonNode body) {
    if (!body.isObject()) {
      throw Problem.badRequest(
          "The body is not an object; send {\"node\": ..., \"levels\": [...]}.");
    }
    for (var name : (Iterable<String>) body::fieldNames) {
      if (!FIELDS.contains(name)) {
        throw Problem.badRequest(
            "Field '%s' is not known; a report has node, levels, asOf and sequence."
                .formatted(Words.cut(name)));
      }
    }
    var node = body.path("node");
    if (!node.isTextual() || node.textValue().isBlank()) {
      throw Problem.badRequest("The report names no node; give 'node' as text.");
    }
    var levels = body.path("levels");
    if (!levels.isArray()) {
      throw Problem.badRequest(
          "The report for node '%s' has no list 'levels'; give rows of sku and onHand."
              .formatted(Words.cut(node.textValue())));
    }
    if (levels.size() > StockRows.MOST_ROWS) {
      throw Problem.tooLarge(
          "The report for node '%s' has %d rows; send at most %d at once."
              .formatted(Words.cut(node.textValue()), levels.size(), StockRows.MOST_ROWS));
    }
    return new Report(
        node.textValue().strip(), asOf(body.path("asOf")), sequence(body.path("sequence")));
  }

  private static Long sequence(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    if (given.isIntegralNumber() && given.canConvertToLong() && given.longValue() >= 0) {
      return given.longValue();
    }
    throw Problem.badRequest(
        "'sequence' is '%s', which is no whole number from 0; leave it out or correct it."
            .formatted(Words.cut(given.asText())));
  }

  private Instant asOf(JsonNode given) {
    return Instants.past("asOf", given.isMissingNode() ? null : given.asText(null), clock);
  }
}
