package io.serai.hub;

import java.util.UUID;

/**
 * Tries an order again that is held or short: the hold is lifted and what is open is allocated
 * anew; it is held again when the cause is still there.
 */
public record Reallocation(UUID orderId) {
  ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    if (!"TEST".equals(order.hold)) {
      order.lift();
    }
    order.revision++;
    order.changed = true;
    fulfilling.settle(order, cause);
    book.end(cause, "APPLIED", order.id, null);
    return new ApplyResult.Applied(order.id, order.hold);
  }
}
