package io.serai.hub;

import io.serai.order.FulfilledBy;
import io.serai.order.HoldKind;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A person lets a held order go on: all of what holds it, or one kind of it. It is held again only
 * for something new.
 *
 * @param kind what to release, or null for everything
 */
public record ReleaseOrder(UUID orderId, HoldKind kind, String reason) implements OrderCommand {
  @Override
  public boolean sends() {
    return true;
  }

  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    var open =
        order.holds.stream()
            .filter(h -> h.open() && (kind == null || h.kind == kind))
            .map(h -> h.kind)
            .toList();
    if (open.isEmpty()) {
      return HoldOrder.refused(
          order,
          kind == null
              ? "Order '%s' is not held.".formatted(order.shown())
              : "Order '%s' is not held for %s.".formatted(order.shown(), kind));
    }
    if (open.contains(HoldKind.TEST)) {
      return HoldOrder.refused(
          order, "Order '%s' is a test order and is never sent.".formatted(order.shown()));
    }
    if (open.contains(HoldKind.PAYMENT) && !order.paid()) {
      return HoldOrder.refused(
          order,
          "The payment of order '%s' is %s, and nothing is sent unpaid. Get it paid in the channel or cancel it."
              .formatted(order.shown(), order.payment.name().toLowerCase(Locale.ROOT)));
    }
    order.lift(h -> open.contains(h.kind), book.now, cause.actor(), reason);
    if (open.contains(HoldKind.HISTORY)) {
      order.fulfilledBy = FulfilledBy.MERCHANT.name();
    }
    order.revision++;
    order.forgiving = open.stream().anyMatch(HoldKind::ofAllocation);
    book.event(
        order,
        "order.released",
        "Order '%s' was released (%s)%s."
            .formatted(
                order.shown(),
                open.stream().map(Enum::name).collect(Collectors.joining(", ")),
                reason == null ? "" : ": " + reason),
        cause);
    fulfilling.settle(order, cause);
    return new ApplyResult.Applied(order.id, order.hold);
  }
}
