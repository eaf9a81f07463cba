package io.serai.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.access.Allows;
import io.serai.access.Caller;
import io.serai.access.Callers;
import io.serai.access.Role;
import io.serai.hub.Deed;
import io.serai.hub.RefundOrder;
import io.serai.support.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lets a person give money back to a buyer. */
@Tag(name = "orders", description = "Orders as the hub knows them.")
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class RefundsApi {
  private static final int MOST_LINES = 1_000;

  private final OrderReads orders;
  private final OrderActions actions;
  private final Callers callers;

  RefundsApi(OrderReads orders, OrderActions actions, Callers callers) {
    this.orders = orders;
    this.actions = actions;
    this.callers = callers;
  }

  /** What to give back. */
  @Schema(name = "RefundOrderRequest")
  public record RefundRequest(
      @Schema(description = "Why.", example = "The mug arrived broken.") String reason,
      @Schema(description = "The units that the money is for; it then is what they cost.")
          List<RefundLine> lines,
      @Schema(
              description =
                  "Decimal text in the currency of the order; what the lines cost when absent.",
              example = "5.00")
          String amount) {}

  /** So many units of one line. */
  @Schema(name = "RefundLine")
  public record RefundLine(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(example = "1") Integer quantity) {}

  /** What is given back, and who does it. */
  @Schema(name = "RefundAsked")
  public record Asked(
      @Schema(example = "rfd_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(example = "5.00") String amount,
      @Schema(example = "EUR") String currency,
      @Schema(
              description =
                  "REQUESTED: the channel is asked. DUE: its connector cannot be, so people give it back there.",
              example = "REQUESTED")
          String state) {}

  @Operation(
      summary = "Give money back",
      description =
          "The channel is asked to, once. `Idempotency-Key` is required: the same request again under it is the same"
              + " refund, another one is refused. Where its connector cannot give money back, the order is listed as `REFUND_DUE` until"
              + " somebody did it in the channel. 409 when it is more than was paid and is not given back or asked for"
              + " already, or more than `serai.access.operator-refunds` lets an operator give back of one order. Goods are no matter of it: cancel them, or open a return.")
  @PostMapping(path = "/orders/{id}/refunds", consumes = "application/json")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Allows(Role.OPERATOR)
  public Asked refund(
      @Parameter(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") @PathVariable String id,
      @Parameter(description = "A new one for each refund; required.")
          @RequestHeader(name = "Idempotency-Key", required = false)
          String key,
      @RequestBody RefundRequest request,
      Caller caller) {
    var reason = Words.sentence("reason", request.reason());
    if (reason == null) {
      throw Problem.badRequest("Nothing says why to give money back; give 'reason' as text.");
    }
    var units = units(request.lines());
    var amount = amount(request.amount());
    if (units.isEmpty() && amount == null) {
      throw Problem.badRequest("Nothing says what to give back; give 'lines', 'amount' or both.");
    }
    var named = Keys.required(key, "refund");
    var order = orders.idOf(id);
    var after = JsonNodeFactory.instance.objectNode();
    units.forEach((line, quantity) -> after.withObject("/lines").put(line, quantity));
    if (amount != null) {
      after.put("amount", amount.toPlainString());
    }
    var done =
        (RefundOrder.Asked)
            actions.runOnce(
                new RefundOrder(
                    order,
                    named(order, named),
                    units,
                    amount,
                    reason,
                    callers.mostRefunded(caller).orElse(null)),
                Deed.of(caller.name(), "order.refund", Ids.text("ord", order), reason, after));
    return new Asked(done.id(), done.amount().text(), done.amount().currency(), done.state());
  }

  // The same key of the same order is the same refund, decided by its primary key.
  private static UUID named(UUID order, String key) {
    return UUID.nameUUIDFromBytes((order + "/refund/" + key).getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, Integer> units(List<RefundLine> given) {
    var units = new LinkedHashMap<String, Integer>();
    if (given == null) {
      return units;
    }
    if (given.size() > MOST_LINES) {
      throw Problem.badRequest(
          "'lines' has %d lines; give at most %d.".formatted(given.size(), MOST_LINES));
    }
    for (var line : given) {
      var lineId = line == null ? null : Words.sentence("lineId", line.lineId());
      if (lineId == null
          || line.quantity() == null
          || line.quantity() < 1
          || units.put(lineId, line.quantity()) != null) {
        throw Problem.badRequest(
            "A line to refund has no 'lineId', no 'quantity' of at least 1, or comes twice; give each line once with both.");
      }
    }
    return units;
  }

  private static BigDecimal amount(String given) {
    var text = Words.present(given);
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,15}(\\.[0-9]{1,6})?")) {
      throw Problem.badRequest(
          "'amount' is '%s', which is no amount; give decimal text as 5.00."
              .formatted(Words.cut(text)));
    }
    return new BigDecimal(text);
  }
}
