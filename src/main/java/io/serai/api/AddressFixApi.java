package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OffersDryRun;
import io.serai.access.Role;
import io.serai.hub.EditOrder;
import io.serai.support.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Corrects the addresses of many orders at once.
 *
 * <p>Guarantee: each order is changed as by its own {@code change}, in its own transaction, with
 * its own audit entry; the same table sent again changes nothing that is so already. Gap: when it
 * breaks off, those before are changed; the table may be sent again.
 */
@Tag(name = "orders", description = "Orders as the hub knows them.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class AddressFixApi {
  private static final Set<String> OVER = Set.of("SHIPPED", "DELIVERED", "CLOSED", "CANCELLED");

  private final Reads reads;
  private final OrderReads orders;
  private final OrderActionsApi actions;

  AddressFixApi(Reads reads, OrderReads orders, OrderActionsApi actions) {
    this.reads = reads;
    this.orders = orders;
    this.actions = actions;
  }

  /** Corrections to make. */
  @Schema(name = "AddressFixRequest")
  public record Request(
      @Schema(description = "500 at most; or give 'csv'.") List<Fix> fixes,
      @Schema(
              description =
                  "The same as a table: a first line of some of order, name, street, street2, city, region, postalCode,"
                      + " countryCode, then a line each.",
              example = "order,postalCode\nshopify-main:820982911946154508,12045\n")
          String csv,
      @Schema(
              description =
                  "How many orders that changes, as the dry run said: to say that you mean them all.",
              example = "12")
          Integer count,
      @Schema(description = "Only look at what it would change.") boolean dryRun,
      @Schema(description = "Whether it is done though the time to change an order is over.")
          boolean afterLock,
      @Schema(description = "Why.", example = "The shop cut the postal codes.") String reason) {}

  /** One correction; what is absent stays. */
  @Schema(name = "AddressFix")
  public record Fix(
      @Schema(
              description = "Our id, channel:number, or any key that only one order has.",
              example = "shopify-main:820982911946154508")
          String order,
      String name,
      @Schema(description = "Street, house, flat.", example = "[\"Weserstraße 12\"]")
          List<String> lines,
      @Schema(example = "Berlin") String city,
      String region,
      @Schema(example = "12045") String postalCode,
      @Schema(example = "DE") String countryCode) {}

  /** What came of it, or would. */
  @Schema(name = "AddressFixResult")
  public record Result(
      boolean dryRun,
      @Schema(description = "Orders that change.") int changed,
      @Schema(description = "Orders that are so already.") int same,
      @Schema(description = "Orders that are left as they are.") int refused,
      List<Row> rows) {}

  /** One row of it. */
  @Schema(name = "AddressFixRow")
  public record Row(
      @Schema(description = "Its place in the request, from 1.", example = "1") int row,
      @Schema(description = "As it was given.") String given,
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(description = "CHANGED (or would be), SAME or REFUSED.", example = "CHANGED")
          String outcome,
      @Schema(description = "Why it is refused, or how the order stands.") String sentence,
      List<Change> changes) {}

  /** One field of an address. */
  @Schema(name = "AddressChange")
  public record Change(
      @Schema(example = "postalCode") String field,
      @Schema(description = "Masked for those who may not see personal data.") String from,
      @Schema(example = "12045") String to) {}

  private record Planned(Row row, OrderActionsApi.Receiver then) {}

  private record Found(UUID id, String shown, String state, JsonNode shipTo) {}

  @Operation(
      summary = "Correct the addresses of many orders",
      description =
          "Each order is changed as by its own change: what a node already has is asked back, and an address hold whose"
              + " cause is gone ends. Look first with `dryRun`; then give its `changed` as `count`. 409 when it is another"
              + " number by now. The same sent again changes nothing.")
  @PostMapping(path = "/orders/addresses", consumes = "application/json")
  @Allows(Role.SUPPORT)
  @OffersDryRun
  public Result fix(@RequestBody Request request, Caller caller) {
    var fixes = fixes(request);
    var reason = Words.sentence("reason", request.reason());
    if (!request.dryRun() && reason == null) {
      throw Problem.badRequest("Nothing says why the addresses change; give 'reason' as text.");
    }
    var seen = new HashSet<UUID>();
    var planned = new ArrayList<Planned>();
    for (int i = 0; i < fixes.size(); i++) {
      planned.add(plan(i + 1, fixes.get(i), seen, caller));
    }
    var plan = result(true, planned.stream().map(Planned::row).toList());
    if (request.dryRun()) {
      return plan;
    }
    if (request.count() == null || request.count() != plan.changed()) {
      throw Problem.conflict(
          request.count() == null
              ? "%d orders would change; give that as 'count' to say that you mean them all."
                  .formatted(plan.changed())
              : "%d orders would change, not %d; look at it again with 'dryRun'."
                  .formatted(plan.changed(), request.count()),
          plan);
    }
    return result(false, run(planned, reason, request.afterLock(), caller));
  }

  private static List<Fix> fixes(Request request) {
    var both = request.fixes() != null && Words.present(request.csv()) != null;
    List<Fix> fixes =
        request.fixes() != null
            ? request.fixes()
            : Words.present(request.csv()) == null ? List.of() : AddressFixes.read(request.csv());
    if (both || fixes.isEmpty()) {
      throw Problem.badRequest(
          "There is nothing to correct, or it is given twice; give 'fixes' or 'csv' with at least one order.");
    }
    if (fixes.size() > AddressFixes.MOST) {
      throw Problem.badRequest(
          "There are %d corrections; give at most %d at once."
              .formatted(fixes.size(), AddressFixes.MOST));
    }
    return fixes;
  }

  private Planned plan(int row, Fix fix, Set<UUID> seen, Caller caller) {
    var given = fix == null ? null : Words.present(fix.order());
    Found found = null;
    try {
      if (given == null) {
        throw Problem.badRequest("No order is named; give 'order'.");
      }
      found = find(given);
      if (!seen.add(found.id())) {
        throw Problem.badRequest("Order '%s' is there twice.".formatted(found.shown()));
      }
      if (OVER.contains(found.state())) {
        throw Problem.badRequest(
            "Order '%s' is %s; where it went does not change any more."
                .formatted(found.shown(), found.state()));
      }
      var then = AddressFixes.over(found.shipTo(), fix);
      var fault = EditOrder.fault(found.shipTo(), OrderActionsApi.receiver(then));
      var changes = AddressFixes.changes(found.shipTo(), then);
      var same = changes.isEmpty();
      return new Planned(
          new Row(
              row,
              given,
              Ids.text("ord", found.id()),
              same ? "SAME" : "CHANGED",
              same
                  ? "It is so already."
                  : fault == null ? null : "It may be refused: the address %s.".formatted(fault),
              changes.stream().map(change -> shown(change, caller)).toList()),
          same ? null : then);
    } catch (Problem refused) {
      if (refused.status() >= 500) {
        throw refused;
      }
      return new Planned(
          new Row(
              row,
              Words.cut(given),
              found == null ? null : Ids.text("ord", found.id()),
              "REFUSED",
              refused.getMessage(),
              List.of()),
          null);
    }
  }

  private static Change shown(Change change, Caller caller) {
    return caller.mayReadPersonalData() || change.from() == null
        ? change
        : new Change(change.field(), PersonalData.MASK, change.to());
  }

  private Found find(String given) {
    var id =
        given.startsWith("ord_") || given.indexOf(':') > 0 ? orders.idOf(given) : onlyOne(given);
    return reads.read(
        jdbc ->
            jdbc.sql(
                    """
                    SELECT o.id, coalesce(o.display_number, o.channel_order_id) AS shown, o.state, d.document
                    FROM sales_order o LEFT JOIN order_document d ON d.order_id = o.id
                    WHERE o.id = :id
                    """)
                .param("id", id)
                .query(
                    (row, number) ->
                        new Found(
                            id,
                            row.getString("shown"),
                            row.getString("state"),
                            shipTo(Reads.json(row, "document"))))
                .optional()
                .orElseThrow(() -> OrderReads.unknown(given)));
  }

  private static JsonNode shipTo(JsonNode document) {
    return document == null ? JsonNodeFactory.instance.objectNode() : document.path("shipTo");
  }

  private UUID onlyOne(String given) {
    var found = orders.list(given, null, null, 2, null).items();
    if (found.isEmpty()) {
      throw OrderReads.unknown(given);
    }
    if (found.size() > 1) {
      throw Problem.badRequest(
          "'%s' is the key of more than one order; write channel:number."
              .formatted(Words.cut(given)));
    }
    return Ids.uuid("ord", found.getFirst().id());
  }

  private List<Row> run(List<Planned> planned, String reason, boolean afterLock, Caller caller) {
    var rows = new ArrayList<Row>();
    String brokeOff = null;
    for (var one : planned) {
      var row = one.row();
      if (one.then() == null) {
        rows.add(row);
        continue;
      }
      if (brokeOff == null) {
        try {
          var now =
              actions.change(
                  row.id(),
                  new OrderActionsApi.ChangeRequest(reason, null, null, one.then(), afterLock),
                  caller);
          rows.add(with(row, "CHANGED", "It is %s now.".formatted(now.state())));
          continue;
        } catch (Problem refused) {
          rows.add(with(row, "REFUSED", refused.getMessage()));
          brokeOff = refused.status() >= 500 ? refused.getMessage() : null;
        }
      } else {
        rows.add(with(row, "REFUSED", "It was not tried. " + brokeOff));
      }
    }
    return rows;
  }

  private static Row with(Row row, String outcome, String sentence) {
    return new Row(row.row(), row.given(), row.id(), outcome, sentence, row.changes());
  }

  private static Result result(boolean dryRun, List<Row> rows) {
    return new Result(
        dryRun, count(rows, "CHANGED"), count(rows, "SAME"), count(rows, "REFUSED"), rows);
  }

  private static int count(List<Row> rows, String outcome) {
    return (int) rows.stream().filter(row -> row.outcome().equals(outcome)).count();
  }
}
