package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.hub.CancelOrder;
import io.serai.hub.Deed;
import io.serai.hub.EditOrder;
import io.serai.hub.HoldOrder;
import io.serai.hub.Reassignment;
import io.serai.hub.ReleaseOrder;
import io.serai.order.Address;
import io.serai.order.Cancellation;
import io.serai.order.HoldKind;
import io.serai.support.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a person may do to an order that the hub decided on: hold it, let it go on, move it, change
 * or cancel it.
 */
@Tag(name = "orders", description = "Orders as the hub knows them.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class OrderActionsApi {
  private static final List<String> BY_HAND = names(HoldKind::byHand);
  private static final List<String> ALL = names(kind -> true);

  /** Why an order may be cancelled, in the channels' terms. */
  public static final List<String> CANCEL_CODES =
      List.of("CUSTOMER", "INVENTORY", "FRAUD", "DECLINED", "ADDRESS", "PRICING", "OTHER");

  private static final int MOST_LINES = 1_000;
  private static final int MOST_CHANGES = 100;
  private static final int MOST_UNITS = 1_000_000;

  private final OrderReads orders;
  private final OrderActions actions;

  OrderActionsApi(OrderReads orders, OrderActions actions) {
    this.orders = orders;
    this.actions = actions;
  }

  private static List<String> names(Predicate<HoldKind> which) {
    return Arrays.stream(HoldKind.values()).filter(which).map(Enum::name).toList();
  }

  /** What to hold an order for. */
  @Schema(name = "HoldRequest")
  public record HoldRequest(
      @Schema(
              description = "RISK, ADDRESS, PAYMENT, STOCK or MANUAL; MANUAL when absent.",
              example = "MANUAL")
          String kind,
      @Schema(description = "Why, in a sentence.", example = "The buyer asked to wait a week.")
          String reason,
      @Schema(description = "Who has to act; the usual one of the kind when absent.") String owner,
      @Schema(description = "By when; the usual time of the kind when absent.") Instant dueAt) {}

  /** What to release. */
  @Schema(name = "ReleaseRequest")
  public record ReleaseRequest(
      @Schema(description = "Only this kind of hold; all of them when absent.", example = "RISK")
          String kind,
      @Schema(description = "Why.", example = "Called the buyer.") String reason) {}

  /** Where to move an order. */
  @Schema(name = "ReassignRequest")
  public record ReassignRequest(
      @Schema(description = "The node; any but the one it is at when absent.", example = "ca-1")
          String node,
      @Schema(
              description = "Only this fulfillment; everything open when absent.",
              example = "ful_01JD8QW5T3E9V4X2Y7Z8A1B2C3")
          String fulfillment,
      @Schema(description = "Why.", example = "The store is closed this week.") String reason) {}

  /** What to cancel. */
  @Schema(name = "CancelRequest")
  public record CancelRequest(
      @Schema(description = "Why.", example = "The buyer called.") String reason,
      @Schema(
              description =
                  "Why in the channel's terms: CUSTOMER, INVENTORY, FRAUD, DECLINED, ADDRESS, PRICING or OTHER;"
                      + " OTHER when absent.",
              example = "CUSTOMER")
          String code,
      @Schema(description = "Only these units; everything when absent.") List<CancelLine> lines) {}

  /** So many units of one line. */
  @Schema(name = "CancelLine")
  public record CancelLine(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(example = "1") Integer quantity) {}

  /** What is to be otherwise. */
  @Schema(name = "ChangeRequest")
  public record ChangeRequest(
      @Schema(description = "Why.", example = "The buyer called.") String reason,
      @Schema(description = "Lines that get another article.") List<ExchangedLine> lines,
      @Schema(
              description =
                  "Articles that are sent with it; the channel does not know of these lines.")
          List<AddedLine> added,
      @Schema(description = "Where it goes from now on.") Receiver shipTo,
      @Schema(description = "Whether it is done though the time to change the order is over.")
          boolean afterLock) {}

  /** Another article on a line. */
  @Schema(name = "ExchangedLine")
  public record ExchangedLine(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(example = "TEE-RED-L") String sku) {}

  /** So many of an article. */
  @Schema(name = "AddedLine")
  public record AddedLine(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "1") Integer quantity,
      @Schema(description = "What the warehouse reads; the SKU when absent.") String title) {}

  /** Who gets it and where; what is absent of the rest stays. */
  @Schema(name = "ChangedReceiver")
  public record Receiver(
      String name,
      String companyName,
      String email,
      String phone,
      @Schema(description = "Street, house, flat.", example = "[\"Weserstraße 12\"]")
          List<String> lines,
      @Schema(example = "Berlin") String city,
      String region,
      @Schema(example = "12045") String postalCode,
      @Schema(example = "DE") String countryCode) {}

  /** How the order stands now. */
  @Schema(name = "OrderStanding")
  public record Standing(
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(example = "ON_HOLD") String state,
      @Schema(description = "The first of what holds it, if anything does.")
          OrderViews.Hold hold) {}

  @Operation(
      summary = "List holds",
      description =
          "Orders that stand still or whose warehouse is silent: why, who has to act and by when. Those due first"
              + " come first.")
  @GetMapping("/holds")
  @Allows(Role.VIEWER)
  @OneChannel("channel")
  public Page<OrderViews.Held> holds(
      @Parameter(description = "Only this kind.", example = "RISK") @RequestParam(required = false)
          String kind,
      @Parameter(description = "Only what this one has to act on.", example = "customer-care")
          @RequestParam(required = false)
          String owner,
      @Parameter(description = "Only this channel account.", example = "shopify-main")
          @RequestParam(required = false)
          String channel,
      @Parameter(description = "Only what is overdue.", example = "true")
          @RequestParam(required = false)
          boolean overdue,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return orders.holds(
        Words.known("kind of hold", kind, ALL),
        Words.present(owner),
        Words.present(channel),
        overdue,
        Cursor.limit(limit),
        Words.present(cursor));
  }

  @Operation(
      summary = "Hold an order",
      description =
          "Nothing more of it is asked of any node until it is released. Requests that have not left are taken back;"
              + " what a node already has goes on. 409 when there is nothing left to hold.")
  @PostMapping(path = "/orders/{id}/hold", consumes = "application/json")
  @Allows(Role.SUPPORT)
  @OneChannel("id")
  public Standing hold(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody HoldRequest request,
      Caller caller) {
    var named = Words.known("kind of hold that a person places", request.kind(), BY_HAND);
    var kind = named == null ? HoldKind.MANUAL : HoldKind.valueOf(named);
    var reason = reason(request.reason(), "hold");
    var owner = Words.sentence("owner", request.owner());
    var order = orders.idOf(id);
    var dueAt = Instants.within("dueAt", request.dueAt());
    var after = JsonNodeFactory.instance.objectNode().put("kind", kind.name()).put("owner", owner);
    if (dueAt != null) {
      after.put("dueAt", dueAt.toString());
    }
    return act(
        order,
        new HoldOrder(order, kind, reason, owner, dueAt),
        caller,
        "order.hold",
        reason,
        after);
  }

  @Operation(
      summary = "Release an order",
      description =
          "Ends its holds, or one kind of them; what nothing holds any more is allocated at once. It is held again"
              + " only for something new. 409 when it is not held so.")
  @PostMapping(path = "/orders/{id}/release", consumes = "application/json")
  @Allows(Role.SUPPORT)
  @OneChannel("id")
  public Standing release(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ReleaseRequest request,
      Caller caller) {
    var kind = Words.known("kind of hold", request.kind(), ALL);
    var reason = reason(request.reason(), "release");
    var order = orders.idOf(id);
    return act(
        order,
        new ReleaseOrder(order, kind == null ? null : HoldKind.valueOf(kind), reason),
        caller,
        "order.release",
        reason,
        JsonNodeFactory.instance.objectNode().put("kind", kind));
  }

  @Operation(
      summary = "Cancel an order",
      description =
          "What never left is taken back at once; what a node already has is asked back, and its answer decides. The"
              + " channel hears of it when it is so; the timeline says when its connector cannot tell it. 409 when it is cancelled already or has left.")
  @PostMapping(path = "/orders/{id}/cancel", consumes = "application/json")
  @Allows(Role.SUPPORT)
  @OneChannel("id")
  public Standing cancel(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody CancelRequest request,
      Caller caller) {
    var reason = reason(request.reason(), "cancel");
    var named = Words.known("reason to cancel", request.code(), CANCEL_CODES);
    var code = named == null ? "OTHER" : named;
    var lines = lines(request.lines());
    var order = orders.idOf(id);
    var after = JsonNodeFactory.instance.objectNode().put("code", code);
    lines.forEach(line -> after.withObject("/lines").put(line.lineId(), line.quantity()));
    return act(order, new CancelOrder(order, code, lines), caller, "order.cancel", reason, after);
  }

  @Operation(
      summary = "Change an order",
      description =
          "Another article on a line, lines more, or another address. What did not change stays where it is. What a"
              + " node already has is asked back, and its answer decides; `changes` of the order tells"
              + " what came of it. A channel that does not know of it does not undo it. To send fewer, cancel. 409"
              + " when its time to be changed is over, unless `afterLock`, or when it has left.")
  @PostMapping(path = "/orders/{id}/change", consumes = "application/json")
  @Allows(Role.SUPPORT)
  @OneChannel("id")
  public Standing change(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ChangeRequest request,
      Caller caller) {
    var reason = reason(request.reason(), "change");
    var lines = exchanged(request.lines());
    var added = added(request.added());
    var shipTo = receiver(request.shipTo());
    if (lines.isEmpty() && added.isEmpty() && shipTo == null) {
      throw Problem.badRequest(
          "Nothing says what to change; give at least one of 'lines', 'added' and 'shipTo'.");
    }
    var order = orders.idOf(id);
    var after = JsonNodeFactory.instance.objectNode();
    lines.forEach(line -> after.withObject("/lines").put(line.lineId(), line.sku()));
    added.forEach(line -> after.withObject("/added").put(line.sku(), line.quantity()));
    if (shipTo != null) {
      after.put("shipTo", "changed"); // where the buyer lives is no business of the audit
    }
    if (request.afterLock()) {
      after.put("afterLock", true);
    }
    return act(
        order,
        new EditOrder(order, lines, added, shipTo, request.afterLock()),
        caller,
        "order.change",
        reason,
        after);
  }

  private static List<EditOrder.Line> exchanged(List<ExchangedLine> given) {
    return few("lines", given).stream()
        .map(
            line -> {
              var lineId = line == null ? null : Words.sentence("lineId", line.lineId());
              var sku = line == null ? null : Words.sentence("sku", line.sku());
              if (lineId == null || sku == null) {
                throw Problem.badRequest(
                    "A line to change has no 'lineId' or no 'sku'; give both.");
              }
              return new EditOrder.Line(lineId, sku);
            })
        .toList();
  }

  private static List<EditOrder.Added> added(List<AddedLine> given) {
    return few("added", given).stream()
        .map(
            line -> {
              var sku = line == null ? null : Words.sentence("sku", line.sku());
              if (sku == null
                  || line.quantity() == null
                  || line.quantity() < 1
                  || line.quantity() > MOST_UNITS) {
                throw Problem.badRequest(
                    "A line to add has no 'sku' or no 'quantity' of 1 to %d; give both."
                        .formatted(MOST_UNITS));
              }
              return new EditOrder.Added(
                  sku, line.quantity(), Words.sentence("title", line.title()));
            })
        .toList();
  }

  private static <T> List<T> few(String name, List<T> given) {
    if (given == null) {
      return List.of();
    }
    if (given.size() > MOST_CHANGES) {
      throw Problem.badRequest(
          "'%s' has %d entries; give at most %d.".formatted(name, given.size(), MOST_CHANGES));
    }
    return given;
  }

  /** Who gets it, checked; null for null. */
  static EditOrder.Receiver receiver(Receiver given) {
    if (given == null) {
      return null;
    }
    var lines =
        few("shipTo.lines", given.lines()).stream()
            .map(line -> Words.sentence("shipTo.lines", line))
            .filter(Objects::nonNull)
            .toList();
    var country = Words.sentence("countryCode", given.countryCode());
    if (lines.isEmpty() || country == null || !country.matches("[A-Za-z]{2}")) {
      throw Problem.badRequest(
          "'shipTo' has no 'lines' or no 'countryCode' of two letters; give the whole address.");
    }
    return new EditOrder.Receiver(
        Words.sentence("name", given.name()),
        Words.sentence("companyName", given.companyName()),
        Words.sentence("email", given.email()),
        Words.sentence("phone", given.phone()),
        new Address(
            lines,
            Words.sentence("city", given.city()),
            Words.sentence("region", given.region()),
            null,
            Words.sentence("postalCode", given.postalCode()),
            country.toUpperCase(Locale.ROOT),
            null));
  }

  private static List<Cancellation.Line> lines(List<CancelLine> given) {
    if (given == null) {
      return List.of();
    }
    if (given.isEmpty() || given.size() > MOST_LINES) {
      throw Problem.badRequest(
          "'lines' has %d lines; give 1 to %d, or leave it out to cancel everything."
              .formatted(given.size(), MOST_LINES));
    }
    return given.stream()
        .map(
            line -> {
              var lineId = line == null ? null : Words.sentence("lineId", line.lineId());
              if (lineId == null || line.quantity() == null || line.quantity() < 1) {
                throw Problem.badRequest(
                    "A line to cancel has no 'lineId' or no 'quantity' of at least 1; give both.");
              }
              return new Cancellation.Line(lineId, line.quantity());
            })
        .toList();
  }

  @Operation(
      summary = "Move an order to another node",
      description =
          "What has not left is taken back and asked of the other node at once; what a node already has moves when it"
              + " lets go of it. The node it came from is not asked for this order again. 409 when the stock is not"
              + " there or the node cannot be stopped.")
  @PostMapping(path = "/orders/{id}/reassign", consumes = "application/json")
  @Allows(Role.OPERATOR)
  @OneChannel("id")
  public Standing reassign(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ReassignRequest request,
      Caller caller) {
    var reason = reason(request.reason(), "move");
    var node = Words.present(request.node());
    var fulfillment = Words.present(request.fulfillment());
    if (fulfillment != null) {
      Cursor.uuid("ful", fulfillment);
    }
    var order = orders.idOf(id);
    return act(
        order,
        new Reassignment(order, fulfillment, null, node, reason),
        caller,
        "order.reassign",
        reason,
        JsonNodeFactory.instance.objectNode().put("node", node).put("fulfillment", fulfillment));
  }

  private Standing act(
      UUID order, Object command, Caller caller, String action, String reason, JsonNode after) {
    actions.run(command, Deed.of(caller.name(), action, Ids.text("ord", order), reason, after));
    return orders.standing(order);
  }

  private static String reason(String given, String verb) {
    var reason = Words.sentence("reason", given);
    if (reason == null) {
      throw Problem.badRequest(
          "Nothing says why to %s the order; give 'reason' as text.".formatted(verb));
    }
    return reason;
  }
}
