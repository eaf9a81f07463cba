package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.Role;
import io.serai.catalog.Account;
import io.serai.catalog.Configuration;
import io.serai.catalog.ConnectorProfile;
import io.serai.stock.ItemMaster;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Items, the sets among them, and what channels' codes mean. */
@Tag(name = "items", description = "What is sold: facts, sets, and what channels' codes mean.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
final class ItemsApi {
  private final ItemReads reads;
  private final ItemMaster master;
  private final Configuration configuration;
  private final Audit audit;

  ItemsApi(ItemReads reads, ItemMaster master, Configuration configuration, Audit audit) {
    this.reads = reads;
    this.master = master;
    this.configuration = configuration;
    this.audit = audit;
  }

  @Operation(summary = "List items", description = "By SKU.")
  @GetMapping("/items")
  @Allows(Role.VIEWER)
  public Page<ItemViews.Article> items(
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return reads.items(Cursor.limit(limit), Words.present(cursor));
  }

  @Operation(summary = "Read one item", description = "Its facts, and what it consists of.")
  @GetMapping("/items/{sku}")
  @Allows(Role.VIEWER)
  public ItemViews.Article item(@Parameter(example = "MUG-SET") @PathVariable String sku) {
    return reads.item(sku);
  }

  @Operation(
      summary = "Describe items",
      description =
          "Replaces what was said of the same SKUs; others are left alone. An item with components is a set: a line"
              + " that sells it keeps its price and is sent as its components. Rows that cannot be taken are refused"
              + " by name and the others applied; 422 when every row is refused. Safe to repeat. Orders of which"
              + " something was promised keep what they consist of.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = ItemViews.Described.class),
              examples =
                  @ExampleObject(
                      "{\"items\":[{\"sku\":\"MUG-SET\",\"title\":\"Mug and tea\",\"tags\":[\"fragile\"],"
                          + "\"components\":[{\"sku\":\"MUG-BLU\",\"quantity\":2},{\"sku\":\"TEA-100\",\"quantity\":1}]}]}")))
  @PutMapping(path = "/items", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ItemViews.Result put(@RequestBody JsonNode body, Caller caller) throws SQLException {
    var rows = ItemRows.list(body, "items");
    var judged = ItemRows.items(rows);
    var refused = judged.refused();
    for (var broken : master.putItems(judged.taken())) {
      refused.add(new StockViews.Refused(null, broken.key(), broken.sentence()));
    }
    return ended(caller, "item.put", rows.size(), refused);
  }

  @Operation(
      summary = "Forget an item",
      description = "Orders keep what they consist of; what channels show is computed anew.")
  @DeleteMapping("/items/{sku}")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ItemViews.Removed remove(
      @Parameter(example = "MUG-SET") @PathVariable String sku, Caller caller) throws SQLException {
    if (!master.removeItem(sku)) {
      throw ItemReads.unknown(sku);
    }
    audit.write(Audit.Entry.of(caller, "item.remove", "item:" + sku, null));
    return new ItemViews.Removed(sku);
  }

  @Operation(
      summary = "List cross-references",
      description = "What channels' codes mean, by channel and code; without a channel: in all.")
  @GetMapping("/cross-references")
  @Allows(Role.VIEWER)
  public Page<ItemViews.Reference> references(
      @Parameter(description = "Only those that mean this SKU.") @RequestParam(required = false)
          String sku,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return reads.references(Words.present(sku), Cursor.limit(limit), Words.present(cursor));
  }

  @Operation(
      summary = "Say what codes mean",
      description =
          "So many of a SKU are sold under a code, in one channel or, when none is named, in every channel that says"
              + " nothing else. Replaces what was said of the same channel and code. Rows that cannot be taken are"
              + " refused by name and the others applied; 422 when every row is refused. Safe to repeat.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              schema = @Schema(implementation = ItemViews.References.class),
              examples =
                  @ExampleObject(
                      "{\"crossReferences\":[{\"channel\":\"shopify-main\",\"code\":\"MUG-BLU-6\","
                          + "\"sku\":\"MUG-BLU\",\"quantity\":6}]}")))
  @PutMapping(path = "/cross-references", consumes = "application/json")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ItemViews.Result putReferences(@RequestBody JsonNode body, Caller caller)
      throws SQLException {
    var rows = ItemRows.list(body, "crossReferences");
    var judged = ItemRows.references(rows, channels());
    master.putReferences(judged.taken());
    return ended(caller, "cross-reference.put", rows.size(), judged.refused());
  }

  private Set<String> channels() {
    return configuration.accounts().values().stream()
        .filter(account -> account.kind() == ConnectorProfile.Kind.CHANNEL)
        .map(Account::name)
        .collect(Collectors.toSet());
  }

  @Operation(
      summary = "Forget what a code means",
      description = "What channels show is computed anew.")
  @DeleteMapping("/cross-references")
  @Allows({Role.OPERATOR, Role.INTEGRATOR})
  public ItemViews.Removed removeReference(
      @Parameter(description = "The channel; absent for the meaning in every channel.")
          @RequestParam(required = false)
          String channel,
      @Parameter(description = "The code.", example = "MUG-BLU-6") @RequestParam String code,
      Caller caller)
      throws SQLException {
    var account = Words.present(channel);
    if (!master.removeReference(account, code)) {
      throw Problem.notFound(
          "Nothing is said of code '%s' %s; GET /api/v1/cross-references lists what is."
              .formatted(
                  Words.cut(code),
                  account == null ? "in every channel" : "in '" + Words.cut(account) + "'"));
    }
    audit.write(
        Audit.Entry.of(
            caller,
            "cross-reference.remove",
            "code:" + (account == null ? "" : account + "/") + code,
            null));
    return new ItemViews.Removed(code);
  }

  private ItemViews.Result ended(
      Caller caller, String action, int received, List<StockViews.Refused> refused) {
    if (received > 0 && refused.size() == received) {
      throw Problem.unprocessable(
              "None of the %d rows can be taken; the first: %s"
                  .formatted(received, refused.getFirst().sentence()))
          .with("refused", refused);
    }
    audit.write(
        new Audit.Entry(
            caller.name(),
            action,
            "items",
            null,
            null,
            JsonNodeFactory.instance
                .objectNode()
                .put("received", received)
                .put("refused", refused.size())));
    return new ItemViews.Result(received, received - refused.size(), refused);
  }
}
