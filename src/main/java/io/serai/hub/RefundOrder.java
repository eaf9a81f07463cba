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
 * @param most how much people like this one may have given back of one order, by currency, and
 *     nothing in any other; null when there is no limit
 */
public record RefundOrder(
    UUID orderId,
    UUID id,
    Map<String, Integer> units,
    BigDecimal amount,
    String reason,
    Map<String, BigDecimal> most)
    implements OrderCommand {
  /** What was asked for: under which id, how much, and where it stands. */
  public record Asked(String id, Money amount, String state) {}

  /**
   * Why it is more than such people may have given back, or null. All that people ask for of an
   * order counts together, so that many small ones are no way round.
   */
  String above(WorkingOrder order, Purse purse, Money wanted) {
    if (most == null) {
      return null;
    }
    var limit = new Money(most.getOrDefault(order.currency, BigDecimal.ZERO), order.currency);
    var together = wanted.plus(new Money(purse.byPeople(units, wanted.amount()), order.currency));
    return together.compareTo(limit) <= 0
        ? null
        : "An operator may have %s given back of one order; with this it would be %s of order '%s'. Ask an admin for it."
            .formatted(limit, together, order.shown());
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    var again = book.purse(order.id).wanted.stream().anyMatch(w -> w.id.equals(id));
    var asked = new Refunding(book).ask(order, this, cause);
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
