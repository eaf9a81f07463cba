package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile;
import io.serai.hub.Buffer;
import io.serai.hub.BufferChange;
import io.serai.hub.Deed;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What is kept back from sale, by SKU, node and channel. */
@Tag(name = "stock-buffers", description = "What is kept back from sale.")
@RestController
@RequestMapping(path = "/api/v1/stock-buffers", produces = "application/json")
public final class StockBuffersApi {
  private static final Set<String> FIELDS =
      Set.of("sku", "node", "channel", "units", "percent", "reason");

  private final Reads reads;
  private final StockReads stock;
  private final StockChanging changing;
  private final Set<String> channels;

  StockBuffersApi(
      Reads reads, StockReads stock, StockChanging changing, Configuration configuration) {
    this.reads = reads;
    this.stock = stock;
    this.changing = changing;
    this.channels =
        configuration.accounts().values().stream()
            .filter(account -> account.kind() == ConnectorProfile.Kind.CHANNEL)
            .map(Account::name)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A buffer. */
  @Schema(name = "StockBuffer")
  public record View(
      @Schema(description = "Absent for every SKU.", example = "MUG-BLU") String sku,
      @Schema(description = "Absent for every node.", example = "nj-1") String node,
      @Schema(
              description = "Absent when it is kept back from every channel.",
              example = "shopify-main")
          String channel,
      @Schema(description = "So many units; 0 lifts a more general buffer.", example = "2")
          Integer units,
      @Schema(description = "Or a share of what is on hand, rounded up.", example = "10")
          Integer percent,
      Instant changedAt,
      String changedBy) {}

  /** A buffer as sent; only described here. */
  @Schema(name = "StockBufferChange")
  record Sent(
      @Schema(description = "Absent for every SKU.", example = "MUG-BLU") String sku,
      @Schema(description = "Absent for every node.", example = "nj-1") String node,
      @Schema(description = "Absent for every channel.", example = "shopify-main") String channel,
      @Schema(description = "So many units; 0 lifts a more general buffer; null removes it.")
          Integer units,
      @Schema(description = "Or a share of what is on hand, 0 to 100.", example = "10")
          Integer percent,
      @Schema(description = "Why, kept in the audit.", example = "Recalled by the maker")
          String reason) {}

  /** The channels that there are. */
  public List<String> channels() {
    return List.copyOf(channels);
  }

  @Operation(
      summary = "List buffers",
      description =
          "What is kept back from sale. Of several that fit, the one that names the SKU holds, else the one that names"
              + " the node.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<View> list(
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
    var after = Words.present(cursor) == null ? null : Cursor.key(Words.present(cursor), 3);
    return reads.read(
        jdbc -> {
          var sql = new StringBuilder("SELECT * FROM stock_buffer WHERE true\n");
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
            sql.append("AND (sku, node, channel) > (:s, :n, :c)\n");
            values.put("s", after.get(0).asText());
            values.put("n", after.get(1).asText());
            values.put("c", after.get(2).asText());
          }
          sql.append("ORDER BY sku, node, channel LIMIT :rows");
          values.put("rows", most + 1);
          var rows =
              jdbc.sql(sql.toString())
                  .params(values)
                  .query(
                      (row, n) ->
                          new View(
                              Words.present(row.getString("sku")),
                              Words.present(row.getString("node")),
                              Words.present(row.getString("channel")),
                              row.getObject("units", Integer.class),
                              row.getObject("percent", Integer.class),
                              Reads.instant(row, "changed_at"),
                              row.getString("changed_by")))
                  .list();
          return Page.of(
              rows,
              most,
              last -> Cursor.of(empty(last.sku()), empty(last.node()), empty(last.channel())));
        });
  }

  private static String empty(String text) {
    return text == null ? "" : text;
  }

  @Operation(
      summary = "Set or remove a buffer",
      description =
          "Keeps units, or a share of what is on hand, back from sale; channels are told at once. One that names a SKU"
              + " holds with the answer, one for many within seconds. Units or percent given as null remove it.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = Sent.class),
              examples = @ExampleObject("{\"sku\":\"MUG-BLU\",\"node\":\"nj-1\",\"units\":2}")))
  @PutMapping(consumes = "application/json")
  @Allows(Role.OPERATOR)
  public View put(@RequestBody JsonNode body, Caller caller) {
    var buffer = read(body);
    if (!buffer.node().isEmpty() && !stock.nodes().contains(buffer.node())) {
      throw Problem.unprocessable(
          "Node '%s' is not known; configure it under serai.nodes or name one of %s."
              .formatted(Words.cut(buffer.node()), stock.nodes()));
    }
    if (!buffer.channel().isEmpty() && !channels.contains(buffer.channel())) {
      throw Problem.unprocessable(
          "Channel '%s' is not known; configure it under serai.channels or name one of %s."
              .formatted(Words.cut(buffer.channel()), channels));
    }
    changing.apply(
        new BufferChange(buffer),
        Deed.of(
            caller.name(),
            buffer.units() == null && buffer.percent() == null ? "stock.unbuffer" : "stock.buffer",
            "buffer:%s@%s/%s"
                .formatted(
                    buffer.sku().isEmpty() ? "*" : buffer.sku(),
                    buffer.node().isEmpty() ? "*" : buffer.node(),
                    buffer.channel().isEmpty() ? "*" : buffer.channel()),
            Words.sentence("reason", body.path("reason").asText(null)),
            Json.node(buffer)));
    return new View(
        Words.present(buffer.sku()),
        Words.present(buffer.node()),
        Words.present(buffer.channel()),
        buffer.units(),
        buffer.percent(),
        null,
        caller.name());
  }

  private static Buffer read(JsonNode body) {
    if (!body.isObject()) {
      throw Problem.badRequest("The body is not an object; send {\"sku\": ..., \"units\": ...}.");
    }
    for (var name : (Iterable<String>) body::fieldNames) {
      if (!FIELDS.contains(name)) {
        throw Problem.badRequest(
            "Field '%s' is not known; a buffer has sku, node, channel, units, percent and reason."
                .formatted(Words.cut(name)));
      }
    }
    if (!body.has("units") && !body.has("percent")) {
      throw Problem.badRequest(
          "The buffer has neither units nor percent; give one of them, or null to remove it.");
    }
    var units = number(body, "units", StockRows.LARGEST_COUNT);
    var percent = number(body, "percent", 100);
    if (units != null && percent != null) {
      throw Problem.badRequest("The buffer has units and percent; give one of them.");
    }
    return new Buffer(text(body, "sku"), text(body, "node"), text(body, "channel"), units, percent);
  }

  private static String text(JsonNode body, String field) {
    var given = body.path(field);
    if (given.isMissingNode() || given.isNull()) {
      return "";
    }
    if (!given.isTextual()
        || given.textValue().length() > StockRows.LONGEST_SKU
        || given.textValue().indexOf('\0') >= 0) {
      throw Problem.badRequest(
          "'%s' is '%s'; give it as text of at most %d characters, or leave it out for every one."
              .formatted(field, Words.cut(given.asText()), StockRows.LONGEST_SKU));
    }
    return given.textValue().strip();
  }

  private static Integer number(JsonNode body, String field, int largest) {
    var given = body.path(field);
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    var number =
        given.isNumber() && given.decimalValue().signum() >= 0
            ? StockRows.whole(given.decimalValue())
            : null;
    if (number == null || number > largest) {
      throw Problem.badRequest(
          "'%s' is '%s'; it is a whole number from 0 to %d."
              .formatted(field, Words.cut(given.asText()), largest));
    }
    return number;
  }
}
