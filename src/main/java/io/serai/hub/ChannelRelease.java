package io.serai.hub;

import java.util.UUID;

/**
 * Lets go on an order that was held because its whole channel was. What else holds it stays.
 *
 * @param released the hold of the channel
 */
record ChannelRelease(UUID orderId, ChannelHolds.Released released) implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null
        || !order.lift(
            hold -> released.subject().equals(hold.subject),
            book.now,
            released.by(),
            released.reason())) {
      return new ApplyResult.NoEffect(orderId, "It is not held because of its channel.");
    }
    order.revision++;
    book.event(
        order,
        "order.released",
        "New orders of '%s' are not held any more, so order '%s' goes on."
            .formatted(order.account, order.shown()),
        cause);
    fulfilling.settle(order, cause);
    return new ApplyResult.Applied(order.id, order.hold);
  }
}
