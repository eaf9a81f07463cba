package io.serai.hub;

import java.util.UUID;

/**
 * Does for an order what has become possible meanwhile: a cancellation whose request had no effect
 * is finished, a backorder that can be served as a whole is served. Changes nothing otherwise, so
 * it is safe to apply at any time and as often as one likes.
 */
record Continuation(UUID orderId) {
  ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    fulfilling.goOn(order, cause);
    return order.changed
        ? new ApplyResult.Applied(order.id, null)
        : new ApplyResult.NoEffect(order.id, "Nothing has become possible.");
  }
}
