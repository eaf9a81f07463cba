package io.serai.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.access.Allows;
import io.serai.access.ApprovalTerms;
import io.serai.access.Approvals;
import io.serai.access.Caller;
import io.serai.access.Callers;
import io.serai.access.OneChannel;
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
  /** What a second person approves, as the audit calls it. */
  static final String REFUND = "order.refund";

  private static final int MOST_LINES = 1_000;

  private final OrderReads orders;
  private final OrderActions actions;
  private final RefundSums sums;
  private final Approvals approvals;
  private final ApprovalTerms terms;
  private final Callers callers;

  RefundsApi(
      OrderReads orders,
      OrderActions actions,
      RefundSums sums,
      Approvals approvals,
      ApprovalTerms terms,
      Callers callers) {
    this.orders = orders;
    this.actions = actions;
    this.sums = sums;
    this.approvals = approvals;
    this.terms = terms;
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
      @Schema(
              description = "The refund; the approval (apr_…) as long as it is PROPOSED.",
              example = "rfd_01JD8QW5T3E9V4X2Y7Z8A1B2C3")
          String id,
      @Schema(example = "5.00") String amount,
      @Schema(example = "EUR") String currency,
      @Schema(
              description =
                  "REQUESTED: the channel is asked. DUE: its connector cannot be, so people give it back there. PROPOSED: a"
                      + " second person has to approve it first.",
              example = "REQUESTED")
          String state) {}

  @Operation(
      summary = "Give money back",
      description =
          "The channel is asked to, once. `Idempotency-Key` is required: the same request again under it is the same"
              + " refund, another one is refused. Where its connector cannot give money back, the order is listed as `REFUND_DUE` until"
              + " somebody did it in the channel. 409 when it is more than was paid and is not given back or asked for"
              + " already, or more than `serai.access.operator-refunds` lets an operator give back of one order. More than"
              + " `serai.approval.refunds-above` is PROPOSED until a second person approves it. Goods are no matter of it: cancel"
              + " them, or open a return.")
  @PostMapping(path = "/orders/{id}/refunds", consumes = "application/json")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Allows(Role.OPERATOR)
  @OneChannel("id")
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
    var refund =
        new RefundOrder(
            order,
            named(order, named),
            units,
            amount,
            reason,
            callers.mostRefunded(caller).orElse(null));
    return terms.refundsAbove().isEmpty()
        ? run(refund, caller.name(), null)
        : approvals.alone(
            "refunds of " + order,
            () -> {
              var proposed = sums.knows(refund.id()) ? null : propose(refund, caller);
              return proposed == null ? run(refund, caller.name(), null) : proposed;
            });
  }

  private Asked run(RefundOrder refund, String actor, String approver) {
    var after = terms(refund);
    if (approver != null) {
      after.put("approvedBy", approver);
    }
    var done =
        (RefundOrder.Asked)
            actions.runOnce(
                refund,
                Deed.of(actor, REFUND, Ids.text("ord", refund.orderId()), refund.reason(), after));
    return new Asked(done.id(), done.amount().text(), done.amount().currency(), done.state());
  }

  private static ObjectNode terms(RefundOrder refund) {
    var terms = JsonNodeFactory.instance.objectNode();
    refund.units().forEach((line, quantity) -> terms.withObject("/lines").put(line, quantity));
    if (refund.amount() != null) {
      terms.put("amount", refund.amount().toPlainString());
    }
    return terms;
  }

  /** Has a second person asked when it is more than one may give back; null when it is not. */
  private Asked propose(RefundOrder refund, Caller caller) {
    var sum = sums.of(refund.orderId(), refund.units(), refund.amount());
    var most = sum == null ? null : terms.refundsAbove(sum.currency());
    if (most == null || sum.together().compareTo(most) <= 0) {
      return null;
    }
    var order = Ids.text("ord", refund.orderId());
    // What is approved is the sum that was shown, whatever the units cost by then.
    var request =
        terms(refund)
            .put("amount", sum.wanted().toPlainString())
            .put("id", refund.id().toString())
            .put("reason", refund.reason());
    var approval =
        approvals
            .open(REFUND, order, request)
            .orElseGet(
                () ->
                    approvals.ask(
                        REFUND,
                        order,
                        "Give back %s %s of order '%s'."
                            .formatted(sum.wanted().toPlainString(), sum.currency(), order),
                        request,
                        refund.reason(),
                        caller));
    return new Asked(approval.name(), sum.wanted().toPlainString(), sum.currency(), "PROPOSED");
  }

  /** Does what was approved, in the name of who asked for it; twice is once. */
  Asked approved(Approvals.Approval approval, Caller approver) {
    var request = approval.request();
    var units = new LinkedHashMap<String, Integer>();
    request
        .path("lines")
        .properties()
        .forEach(line -> units.put(line.getKey(), line.getValue().intValue()));
    return run(
        new RefundOrder(
            orders.idOf(approval.object()),
            UUID.fromString(request.path("id").asText()),
            units,
            request.hasNonNull("amount") ? new BigDecimal(request.path("amount").asText()) : null,
            request.path("reason").asText(),
            // what is more than this one may have given back needs one who may
            callers.mostRefunded(approver).orElse(null)),
        approval.askedBy(),
        approver.name());
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
