package io.serai.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.OneChannel;
import io.serai.access.Role;
import io.serai.hub.Deed;
import io.serai.hub.EditOrder;
import io.serai.hub.OpenReturn;
import io.serai.hub.ReceiveReturn;
import io.serai.hub.ReplaceLines;
import io.serai.hub.TurnReturn;
import io.serai.order.Return;
import io.serai.order.ReturnState;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What comes back: agreed to, counted in, closed; and what is sent for it. */
@Tag(name = "returns", description = "What comes back, and what is sent for it.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class ReturnsApi {
  /** The states a return may be in. */
  public static final List<String> STATES = names(ReturnState.values());

  /** What may be done with what came. */
  public static final List<String> DISPOSITIONS = names(Return.Disposition.values());

  private static final List<String> KINDS = names(Return.Kind.values());
  private static final int MOST_LINES = 500;
  private static final int MOST_UNITS = 1_000_000;

  private final OrderReads orders;
  private final ReturnReads returns;
  private final OrderActions actions;

  ReturnsApi(OrderReads orders, ReturnReads returns, OrderActions actions) {
    this.orders = orders;
    this.returns = returns;
    this.actions = actions;
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }

  /** What is to come back. */
  @Schema(name = "ReturnRequest")
  public record OpenRequest(
      @Schema(
              description = "What stands on its label (RMA number); its id when absent.",
              example = "RMA-1001")
          String name,
      @Schema(
              description = "RETURN, EXCHANGE or RETURNED_TO_SENDER; told by the rest when absent.",
              example = "RETURN")
          String kind,
      @Schema(description = "The node it is expected at.", example = "nj-1") String node,
      @Schema(description = "Why.", example = "too small") String reason,
      @Schema(description = "What is to come; what is in the parcel when absent.")
          List<LineRequest> lines,
      @Schema(
              description = "The parcel that a carrier brings back.",
              example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3")
          String parcel,
      @Schema(description = "What is sent for it, at no price.") List<SentRequest> exchange,
      @Schema(description = "Whether what is in the parcel is sent again.") Boolean sendAgain,
      @Schema(description = "Whether what is sent for it leaves before anything came.")
          Boolean atOnce,
      @Schema(
              description =
                  "Whether money is due for what comes; true when absent and nothing is sent for it.")
          Boolean refund) {}

  /** So many units that are to come. */
  @Schema(name = "ReturnLineRequest")
  public record LineRequest(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(description = "The article, where no line is named.", example = "MUG-BLU") String sku,
      @Schema(example = "1") Integer quantity,
      @Schema(example = "too small") String reason) {}

  /** What is sent for a return. */
  @Schema(name = "ReturnExchangeRequest")
  public record SentRequest(
      @Schema(example = "MUG-RED") String sku,
      @Schema(example = "1") Integer quantity,
      @Schema(description = "What the warehouse reads; the SKU when absent.") String title) {}

  /** What came. */
  @Schema(name = "ReceiptRequest")
  public record ReceiptRequest(
      @Schema(
              description =
                  "What the place calls it: the same twice counts once. The `Idempotency-Key` when absent.",
              example = "R-1")
          String receipt,
      @Schema(description = "Where; where it is expected when absent.", example = "nj-1")
          String node,
      @Schema(description = "When it came; now when absent.") Instant at,
      @Schema(description = "What came; all that is awaited, sellable, when absent.")
          List<ReceivedRequest> lines) {}

  /** So many units that came. */
  @Schema(name = "ReceivedRequest")
  public record ReceivedRequest(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(description = "The article, where no line is named.", example = "MUG-BLU") String sku,
      @Schema(example = "1") Integer quantity,
      @Schema(
              description = "SELLABLE, DAMAGED, QUARANTINE or SCRAP; SELLABLE when absent.",
              example = "SELLABLE")
          String disposition) {}

  /** Why something is done to a return. */
  @Schema(name = "ReturnActionRequest")
  public record ActionRequest(
      @Schema(description = "Why.", example = "The buyer keeps it.") String reason) {}

  /** What is sent once more. */
  @Schema(name = "ReplacementRequest")
  public record ReplaceRequest(
      @Schema(description = "Why.", example = "It came in pieces.") String reason,
      @Schema(description = "What is sent once more.") List<ReplacedLine> lines) {}

  /** So many of a line once more. */
  @Schema(name = "ReplacedLine")
  public record ReplacedLine(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(example = "1") Integer quantity,
      @Schema(description = "Another article; the same when absent.", example = "MUG-RED")
          String sku) {}

  @Operation(summary = "List returns", description = "Newest first, over all orders.")
  @GetMapping("/returns")
  @Allows(Role.VIEWER)
  @OneChannel("channel")
  public Page<ReturnViews.Summary> list(
      @Parameter(description = "Only this state.", example = "APPROVED")
          @RequestParam(required = false)
          String state,
      @Parameter(description = "Only of orders of this channel.", example = "shopify-main")
          @RequestParam(required = false)
          String channel,
      @Parameter(description = "Only expected at this node.", example = "nj-1")
          @RequestParam(required = false)
          String node,
      @Parameter(description = "Only of this name (RMA number).", example = "#1001-R1")
          @RequestParam(required = false)
          String name,
      @Parameter(description = "Only what should have come by now.", example = "true")
          @RequestParam(required = false)
          boolean overdue,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    return returns.list(
        Words.known("return state", state, STATES),
        Words.present(channel),
        Words.present(node),
        Words.present(name),
        overdue,
        Cursor.limit(limit),
        Words.present(cursor));
  }

  @Operation(
      summary = "Read a return",
      description = "What is to come, what came and what became of it, what is sent for it.")
  @GetMapping("/returns/{id}")
  @Allows(Role.VIEWER)
  public ReturnViews.Full get(
      @Parameter(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id) {
    return returns.get(Cursor.uuid("ret", id));
  }

  @Operation(summary = "List an order's returns", description = "Oldest first.")
  @GetMapping("/orders/{id}/returns")
  @Allows(Role.VIEWER)
  @OneChannel("id")
  public List<ReturnViews.Full> of(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id) {
    return returns.of(orders.idOf(id));
  }

  @Operation(
      summary = "List what is sent in place of something",
      description = "Lines of the order that stand for others: exchanged, lost, broken.")
  @GetMapping("/orders/{id}/replacements")
  @Allows(Role.VIEWER)
  @OneChannel("id")
  public List<ReturnViews.Replacement> replacements(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id) {
    return returns.replacements(orders.idOf(id));
  }

  @Operation(
      summary = "Open a return",
      description =
          "Agrees that something comes back, from whatever channel it was sold in to whatever node. With `exchange`"
              + " something else is sent for it, when all of it is there or `atOnce`. With `parcel` it is what a"
              + " carrier brings back. Under one `Idempotency-Key`, which `atOnce`"
              + " requires, it is opened once. 409 when more is to come back than left, or the name is taken.")
  @PostMapping(path = "/orders/{id}/returns", consumes = "application/json")
  @Allows(Role.SUPPORT)
  @OneChannel("id")
  public ReturnViews.Full open(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @Parameter(
              description = "Asked again under one, it is the same return; required with `atOnce`.")
          @RequestHeader(name = Keys.HEADER, required = false)
          String key,
      @RequestBody OpenRequest request,
      Caller caller) {
    var named = Words.known("kind of return", request.kind(), KINDS);
    var exchange = exchange(request.exchange());
    var sends =
        !exchange.isEmpty()
            || Boolean.TRUE.equals(request.sendAgain())
            || Boolean.TRUE.equals(request.atOnce());
    if (sends && !caller.role().covers(Role.OPERATOR)) {
      throw Problem.forbidden(
          "'%s' is %s and may open a return, but have nothing sent for it; that needs operator."
              .formatted(caller.name(), caller.role().word()));
    }
    var parcel =
        Words.present(request.parcel()) == null ? null : Cursor.uuid("pcl", request.parcel());
    var lines = lines(request.lines(), parcel != null);
    var kind =
        named != null
            ? Return.Kind.valueOf(named)
            : exchange.isEmpty() ? Return.Kind.RETURN : Return.Kind.EXCHANGE;
    var reason = Words.sentence("reason", request.reason());
    var once =
        Boolean.TRUE.equals(request.atOnce()) ? Keys.required(key, "exchange") : Keys.given(key);
    var order = orders.idOf(id);
    var opened =
        actions.runOnce(
            new OpenReturn(
                order,
                Words.sentence("name", request.name()),
                kind,
                Words.present(request.node()),
                reason,
                lines,
                parcel,
                exchange,
                Boolean.TRUE.equals(request.sendAgain()),
                Boolean.TRUE.equals(request.atOnce()),
                !Boolean.FALSE.equals(request.refund()),
                Keys.once(once, request)),
            new Deed(
                caller.name(),
                "return.open",
                Ids.text("ord", order),
                reason,
                made -> Optional.of(after(kind).put("return", Ids.text("ret", (UUID) made)))));
    return returns.get((UUID) opened);
  }

  private static ObjectNode after(Return.Kind kind) {
    return JsonNodeFactory.instance.objectNode().put("kind", kind.name());
  }

  private static List<Return.Line> lines(List<LineRequest> given, boolean optional) {
    if (given == null && optional) {
      return List.of();
    }
    counted("lines", given);
    return given.stream()
        .map(
            line -> {
              var lineId = line == null ? null : Words.sentence("lineId", line.lineId());
              var sku = line == null ? null : Words.sentence("sku", line.sku());
              checked("return", lineId, sku, line == null ? null : line.quantity());
              return new Return.Line(
                  lineId, sku, line.quantity(), Words.sentence("reason", line.reason()));
            })
        .toList();
  }

  private static void counted(String name, List<?> given) {
    if (given == null || given.isEmpty() || given.size() > MOST_LINES) {
      throw Problem.badRequest(
          "'%s' has %d entries; give 1 to %d."
              .formatted(name, given == null ? 0 : given.size(), MOST_LINES));
    }
  }

  private static void checked(String verb, String lineId, String sku, Integer quantity) {
    if (lineId == null && sku == null
        || quantity == null
        || quantity < 1
        || quantity > MOST_UNITS) {
      throw Problem.badRequest(
          "A line to %s has neither 'lineId' nor 'sku', or no 'quantity' of 1 to %d; give both."
              .formatted(verb, MOST_UNITS));
    }
  }

  private static List<EditOrder.Added> exchange(List<SentRequest> given) {
    if (given == null) {
      return List.of();
    }
    counted("exchange", given);
    return given.stream()
        .map(
            one -> {
              var sku = one == null ? null : Words.sentence("sku", one.sku());
              checked("send", null, sku, one == null ? null : one.quantity());
              return new EditOrder.Added(sku, one.quantity(), Words.sentence("title", one.title()));
            })
        .toList();
  }

  @Operation(
      summary = "Count in what came",
      description =
          "Moves stock at the node that took it in, and the order's lines, once for each receipt: the same `receipt`"
              + " twice is a 409 and counts nothing, the same `Idempotency-Key` twice counts nothing and answers the same."
              + " One of the two is required where `lines` are named. What is damaged or to be looked at is not for sale; what is thrown away is"
              + " not kept. 409 when more came than left.")
  @PostMapping(path = "/returns/{id}/receipts", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public ReturnViews.Full receive(
      @Parameter(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @Parameter(
              description =
                  "A new one for each receipt; required with `lines` and without `receipt`.")
          @RequestHeader(name = Keys.HEADER, required = false)
          String key,
      @RequestBody ReceiptRequest request,
      Caller caller) {
    var one = Cursor.uuid("ret", id);
    var lines = received(request.lines());
    var named = Words.sentence("receipt", request.receipt());
    var once = Keys.given(key);
    if (named == null && once == null && !lines.isEmpty()) {
      throw Problem.badRequest(
          "Nothing tells a new receipt from one that is sent again; give 'receipt', what the place calls it, or send the header '%s', a new one for each."
              .formatted(Keys.HEADER));
    }
    var order = returns.orderOf(one);
    var receive =
        new ReceiveReturn(
            order,
            one,
            new Return.Receipt(
                named == null ? once : named,
                Words.present(request.node()),
                Instants.within("at", request.at()),
                lines));
    var deed =
        Deed.of(
            caller.name(),
            "return.receive",
            id,
            null,
            JsonNodeFactory.instance
                .objectNode()
                .put("receipt", receive.receipt().receiptId())
                .set("lines", Json.node(lines)));
    if (named == null) {
      actions.runOnce(receive, deed);
    } else {
      actions.run(receive, deed);
    }
    return returns.get(one);
  }

  private static List<Return.Received> received(List<ReceivedRequest> given) {
    if (given == null) {
      return List.of();
    }
    counted("lines", given);
    return given.stream()
        .map(
            line -> {
              var lineId = line == null ? null : Words.sentence("lineId", line.lineId());
              var sku = line == null ? null : Words.sentence("sku", line.sku());
              checked("receive", lineId, sku, line == null ? null : line.quantity());
              var becomes = Words.known("disposition", line.disposition(), DISPOSITIONS);
              return new Return.Received(
                  lineId,
                  sku,
                  line.quantity(),
                  becomes == null ? null : Return.Disposition.valueOf(becomes));
            })
        .toList();
  }

  @Operation(
      summary = "Approve a return",
      description = "It may come, and is awaited from now on. 409 when it is not asked for.")
  @PostMapping(path = "/returns/{id}/approve", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public ReturnViews.Full approve(
      @Parameter(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ActionRequest request,
      Caller caller) {
    return turn(id, ReturnState.APPROVED, "return.approve", request, caller);
  }

  @Operation(
      summary = "Decline a return",
      description = "It may not come; if it comes all the same, somebody is asked to look.")
  @PostMapping(path = "/returns/{id}/decline", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public ReturnViews.Full decline(
      @Parameter(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ActionRequest request,
      Caller caller) {
    return turn(id, ReturnState.DECLINED, "return.decline", request, caller);
  }

  @Operation(
      summary = "Cancel a return",
      description = "The buyer keeps it; nothing of it is awaited any more.")
  @PostMapping(path = "/returns/{id}/cancel", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public ReturnViews.Full cancel(
      @Parameter(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ActionRequest request,
      Caller caller) {
    return turn(id, ReturnState.CANCELLED, "return.cancel", request, caller);
  }

  @Operation(
      summary = "Close a return",
      description = "Nothing more is expected of it, and whoever had to look at it is done.")
  @PostMapping(path = "/returns/{id}/close", consumes = "application/json")
  @Allows(Role.OPERATOR)
  public ReturnViews.Full close(
      @Parameter(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @RequestBody ActionRequest request,
      Caller caller) {
    return turn(id, ReturnState.CLOSED, "return.close", request, caller);
  }

  private ReturnViews.Full turn(
      String id, ReturnState to, String action, ActionRequest request, Caller caller) {
    var reason = Words.sentence("reason", request.reason());
    if (reason == null) {
      throw Problem.badRequest("Nothing says why; give 'reason' as text.");
    }
    var one = Cursor.uuid("ret", id);
    actions.run(
        new TurnReturn(returns.orderOf(one), one, to),
        Deed.of(caller.name(), action, id, reason, JsonNodeFactory.instance.objectNode()));
    return returns.get(one);
  }

  @Operation(
      summary = "Send something once more",
      description =
          "Units of a line that were lost, broke or were the wrong ones, as a line of their own at no price; nothing has"
              + " to come back. The channel does not know of it. `Idempotency-Key` is required: the same request again under it"
              + " is sent once, another one is refused. 409 when they have not left.")
  @PostMapping(path = "/orders/{id}/replacements", consumes = "application/json")
  @Allows(Role.OPERATOR)
  @OneChannel("id")
  public List<ReturnViews.Replacement> replace(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @Parameter(description = "A new one for each replacement; required.")
          @RequestHeader(name = Keys.HEADER, required = false)
          String key,
      @RequestBody ReplaceRequest request,
      Caller caller) {
    var reason = Words.sentence("reason", request.reason());
    if (reason == null) {
      throw Problem.badRequest("Nothing says why; give 'reason' as text.");
    }
    counted("lines", request.lines());
    var lines =
        request.lines().stream()
            .map(
                line -> {
                  var lineId = line == null ? null : Words.sentence("lineId", line.lineId());
                  if (lineId == null
                      || line.quantity() == null
                      || line.quantity() < 1
                      || line.quantity() > MOST_UNITS) {
                    throw Problem.badRequest(
                        "A line to send once more has no 'lineId' or no 'quantity' of 1 to %d; give both."
                            .formatted(MOST_UNITS));
                  }
                  return new ReplaceLines.Line(
                      lineId, line.quantity(), Words.sentence("sku", line.sku()));
                })
            .toList();
    var once = Keys.required(key, "replacement");
    var order = orders.idOf(id);
    actions.runOnce(
        new ReplaceLines(order, lines, reason, Keys.once(once, request)),
        Deed.of(
            caller.name(),
            "order.replace",
            Ids.text("ord", order),
            reason,
            JsonNodeFactory.instance.objectNode().set("lines", Json.node(lines))));
    return returns.replacements(order);
  }
}
