package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.Role;
import io.serai.hub.Deed;
import io.serai.hub.StockChange;
import io.serai.hub.StockChange.Kind;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What people do to the stock of one node by name. */
@Tag(name = "stock")
@RestController
@RequestMapping(
    path = "/api/v1/stock",
    produces = "application/json",
    consumes = "application/json")
public final class StockChangesApi {
  private static final Set<String> FIELDS =
      Set.of("node", "rows", "reason", "reference", "at", "dryRun");
  private static final String SAFE =
      " Rows that cannot be done are refused by name and the others done, in one transaction; 422 when none can."
          + " Sent again under the same 'reference' it changes nothing. With 'dryRun' it only shows what it would come to.";

  private final StockChanging changing;
  private final StockReads stock;
  private final Clock clock;

  StockChangesApi(StockChanging changing, StockReads stock, Clock clock) {
    this.changing = changing;
    this.stock = stock;
    this.clock = clock;
  }

  /** A change as sent; only described here, read row by row. */
  @Schema(
      name = "StockChange",
      requiredProperties = {"node", "rows"})
  record Change(
      @Schema(example = "nj-1") String node,
      @Schema(description = "Up to 1,000 rows; each SKU once.") List<Row> rows,
      @Schema(description = "Why, kept with every movement.", example = "Broken in transit")
          String reason,
      @Schema(description = "Your own name of this change.", example = "count-2026-05-nj")
          String reference,
      @Schema(description = "When the units were counted or seen; now when absent.") Instant at,
      @Schema(description = "Only show what it would come to by the figures of now.")
          Boolean dryRun) {}

  /** One row of a change. */
  @Schema(
      name = "StockChangeRow",
      requiredProperties = {"sku"})
  record Row(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(description = "A whole number; a difference for adjust.", example = "3")
          Integer quantity,
      @Schema(
              description = "For move.",
              allowableValues = {"SELLABLE", "DAMAGED", "QUARANTINED"})
          String from,
      @Schema(
              description = "For move.",
              allowableValues = {"SELLABLE", "DAMAGED", "QUARANTINED"})
          String to,
      @Schema(
              description =
                  "For receive: the condition in which the units come; sellable when absent.",
              allowableValues = {"SELLABLE", "DAMAGED", "QUARANTINED"})
          String condition,
      @Schema(
              description = "The name of an announcement, for expect and receive.",
              example = "PO-7")
          String advice,
      @Schema(description = "For expect: when it is to come.") Instant expectedAt) {}

  /** What came of a change. */
  @Schema(name = "StockChangeResult")
  public record Result(
      String node,
      @Schema(description = "Whether this is only what it would come to.") boolean dryRun,
      @Schema(description = "Whether it was done before under the same reference.")
          boolean repeated,
      @Schema(description = "Rows sent.") int received,
      List<StockChange.Done> done,
      @Schema(description = "Rows refused, by name.") List<StockViews.Refused> refused) {}

  @Operation(
      summary = "Adjust stock",
      description =
          "Adds units that were found, or takes off what is gone. Of what is promised a shortage is left, and the"
              + " newest promise goes elsewhere."
              + SAFE)
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      "{\"node\":\"nj-1\",\"reason\":\"Broken\",\"rows\":[{\"sku\":\"MUG-BLU\",\"quantity\":-2}]}")))
  @PostMapping("/adjust")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Result adjust(@RequestBody JsonNode body, Caller caller) {
    return change(Kind.ADJUST, body, caller);
  }

  @Operation(
      summary = "Receive stock",
      description =
          "Units come in from a supplier, another node or a buyer, in the condition named. With 'advice' they are those"
              + " that were announced under that name and are no longer to come."
              + SAFE)
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"MUG-BLU\",\"quantity\":40,\"advice\":\"PO-7\"}]}")))
  @PostMapping("/receive")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Result receive(@RequestBody JsonNode body, Caller caller) {
    return change(Kind.RECEIVE, body, caller);
  }

  @Operation(
      summary = "Move stock to another condition",
      description =
          "Sellable, damaged and quarantined units stay on hand; only the sellable ones can be promised."
              + SAFE)
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"MUG-BLU\",\"quantity\":2,\"from\":\"SELLABLE\",\"to\":\"DAMAGED\"}]}")))
  @PostMapping("/move")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Result move(@RequestBody JsonNode body, Caller caller) {
    return change(Kind.MOVE, body, caller);
  }

  @Operation(
      summary = "Freeze stock for a count",
      description =
          "Keeps whatever is not promised from being promised. What is promised already is kept and sent."
              + SAFE)
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Change.class),
              examples = @ExampleObject("{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"MUG-BLU\"}]}")))
  @PostMapping("/freeze")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Result freeze(@RequestBody JsonNode body, Caller caller) {
    return change(Kind.FREEZE, body, caller);
  }

  @Operation(
      summary = "End a freeze without a count",
      description = "What is not promised can be promised again." + SAFE)
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Change.class),
              examples = @ExampleObject("{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"MUG-BLU\"}]}")))
  @PostMapping("/unfreeze")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Result unfreeze(@RequestBody JsonNode body, Caller caller) {
    return change(Kind.UNFREEZE, body, caller);
  }

  @Operation(
      summary = "Count stock",
      description =
          "What people counted, promised units included, replaces what is on hand and ends a freeze. What left after"
              + " 'at' is taken off. The answer lists each difference."
              + SAFE)
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"MUG-BLU\",\"quantity\":11}]}")))
  @PostMapping("/count")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Result count(@RequestBody JsonNode body, Caller caller) {
    return change(Kind.COUNT, body, caller);
  }

  @Operation(
      summary = "Announce stock",
      description =
          "Units that a supplier is to bring, under the name of the purchase order or delivery. They are not for sale"
              + " until they are received; the quantity replaces what was announced under the same name, 0 takes it back."
              + SAFE)
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Change.class),
              examples =
                  @ExampleObject(
                      "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"MUG-BLU\",\"quantity\":40,\"advice\":\"PO-7\",\"expectedAt\":\"2026-06-01T08:00:00Z\"}]}")))
  @PostMapping("/expect")
  @OffersDryRun
  @Allows(Role.OPERATOR)
  public Result expect(@RequestBody JsonNode body, Caller caller) {
    return change(Kind.EXPECT, body, caller);
  }

  /** The change of this kind, as its own address takes it. */
  public Result change(Kind kind, JsonNode body, Caller caller) {
    var change = read(kind, body);
    var nodes = stock.nodes();
    if (!nodes.contains(change.node())) {
      throw Problem.unprocessable(
          "Node '%s' is not known; configure it under serai.nodes or name one of %s."
              .formatted(Words.cut(change.node()), nodes));
    }
    var judged = StockChangeRows.of(kind, body.get("rows"));
    var received = body.get("rows").size();
    var refused = new ArrayList<>(judged.refused());
    var outcome = new StockChange.Outcome(List.of(), List.of(), false);
    if (!judged.rows().isEmpty() && Boolean.TRUE.equals(change.dryRun())) {
      outcome =
          change.reference() != null && stock.wasChangedAs(change.reference())
              ? new StockChange.Outcome(List.of(), List.of(), true)
              : StockPreview.of(kind, change.node(), judged.rows(), stock);
    } else if (!judged.rows().isEmpty()) {
      outcome =
          (StockChange.Outcome)
              changing.apply(
                  new StockChange(
                      kind,
                      change.node(),
                      judged.rows(),
                      change.reference(),
                      change.reason(),
                      change.at()),
                  deed(kind, change, judged.refused().size(), caller));
    }
    for (var row : outcome.refused()) {
      refused.add(
          new StockViews.Refused(place(body.get("rows"), row.sku()), row.sku(), row.sentence()));
    }
    if (received > 0 && outcome.done().isEmpty() && !outcome.repeated()) {
      throw Problem.unprocessable(
              "None of the %d rows for node '%s' can be done; the first: %s"
                  .formatted(received, change.node(), refused.getFirst().sentence()))
          .with("refused", refused);
    }
    return new Result(
        change.node(),
        Boolean.TRUE.equals(change.dryRun()),
        outcome.repeated(),
        received,
        outcome.done(),
        refused);
  }

  private static Deed deed(Kind kind, Change change, int refused, Caller caller) {
    return new Deed(
        caller.name(),
        "stock." + kind.name().toLowerCase(Locale.ROOT),
        "node:" + change.node(),
        change.reason(),
        detail -> {
          var outcome = (StockChange.Outcome) detail;
          return outcome.done().isEmpty()
              ? Optional.empty()
              : Optional.of(told(change, outcome, refused + outcome.refused().size()));
        });
  }

  private static JsonNode told(Change change, StockChange.Outcome outcome, int refused) {
    var after =
        JsonNodeFactory.instance
            .objectNode()
            .put("done", outcome.done().size())
            .put("refused", refused)
            .put("reference", change.reference());
    var rows = after.putArray("rows");
    outcome
        .done()
        .forEach(
            row ->
                rows.addObject()
                    .put("sku", row.sku())
                    .put("onHandBefore", row.onHandBefore())
                    .put("onHand", row.onHand()));
    return after;
  }

  private static int place(JsonNode rows, String sku) {
    for (var i = 0; i < rows.size(); i++) {
      if (sku.equals(rows.get(i).path("sku").asText().strip())) {
        return i + 1;
      }
    }
    return 0;
  }

  private Change read(Kind kind, JsonNode body) {
    if (!body.isObject()) {
      throw Problem.badRequest("The body is not an object; send {\"node\": ..., \"rows\": [...]}.");
    }
    for (var name : (Iterable<String>) body::fieldNames) {
      if (!FIELDS.contains(name)) {
        throw Problem.badRequest(
            "Field '%s' is not known; a change has node, rows, reason, reference, at and dryRun."
                .formatted(Words.cut(name)));
      }
    }
    var node = Words.present(body.path("node").asText(null));
    if (node == null) {
      throw Problem.badRequest("The change names no node; give 'node' as text.");
    }
    if (!body.path("rows").isArray()) {
      throw Problem.badRequest(
          "The change for node '%s' has no list 'rows'; give rows of sku%s."
              .formatted(
                  Words.cut(node),
                  kind == Kind.FREEZE || kind == Kind.UNFREEZE ? "" : " and quantity"));
    }
    if (body.path("rows").size() > StockChangeRows.MOST_ROWS) {
      throw Problem.tooLarge(
          "The change for node '%s' has %d rows; send at most %d at once."
              .formatted(Words.cut(node), body.path("rows").size(), StockChangeRows.MOST_ROWS));
    }
    return new Change(
        node,
        List.of(),
        Words.sentence("reason", body.path("reason").asText(null)),
        Words.sentence("reference", body.path("reference").asText(null)),
        body.path("at").isMissingNode() || body.path("at").isNull()
            ? null
            : Instants.past("at", body.path("at").asText(), clock),
        body.path("dryRun").asBoolean());
  }
}
