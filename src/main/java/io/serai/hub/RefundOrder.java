package io.serai.hub;

import io.serai.order.Money;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;

/**
 * A person wants money given back to the buyer. The channel is asked to, or its people are where
 * its connector cannot.
 *
 * @param id what it is called, so that asking twice is asking once; null to draw a new one
 * @param units of lines, by the channel's line id; empty when it is about money only
 * @param amount how much, in the currency of the order; null for what the units cost
 */
public record RefundOrder(
    UUID orderId, UUID id, Map<String, Integer> units, BigDecimal amount, String reason)
    implements OrderCommand {
  /** What was asked for: under which id, how much, and where it stands. */
  public record Asked(String id, Money amount, String state) {}

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    var again = book.purse(order.id).wanted.stream().anyMatch(w -> w.id.equals(id));
    var asked = new Refunding(book).ask(order, id, units, amount, reason, cause);
    if (asked.refusal() != null) {
      return HoldOrder.refused(order, asked.refusal());
    }
    var detail = new Asked(asked.id(), asked.amount(), asked.state().name());
    return again
        ? new ApplyResult.NoEffect(
            order.id, "Refund '%s' is asked for already.".formatted(asked.id()), detail)
        : new ApplyResult.Applied(order.id, detail);
  }
}
