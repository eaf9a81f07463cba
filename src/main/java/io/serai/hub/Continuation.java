package io.serai.hub;

import io.serai.order.HoldKind;
import java.util.UUID;

/**
 * Does for an order what has become possible meanwhile: a cancellation whose request had no effect
 * is finished, a backorder that can be served is served, an edit window that is over ends, and so
 * does the wait for a ship window that opens and that for a parcel told late. Changes nothing
 * otherwise, so it is safe to apply at any time and as often as one likes.
 */
record Continuation(UUID orderId) implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    if (new FulfillmentRules(book, fulfilling).endShort(order, cause)) {
      return new ApplyResult.Applied(order.id, null);
    }
    var changeable = over(order, HoldKind.EDIT_WINDOW, book);
    var due = over(order, HoldKind.SHIP_WINDOW, book);
    if (changeable || due) {
      book.event(
          order,
          "order.released",
          (due ? "The time to send order '%s' has come." : "The time to change order '%s' is over.")
              .formatted(order.shown()),
          cause);
      fulfilling.settle(order, cause);
    } else {
      fulfilling.goOn(order, cause);
    }
    return order.changed
        ? new ApplyResult.Applied(order.id, null)
        : new ApplyResult.NoEffect(order.id, "Nothing has become possible.");
  }

  private static boolean over(WorkingOrder order, HoldKind kind, Book book) {
    return order.lift(h -> h.kind == kind && !h.dueAt.isAfter(book.now), book.now, null, null);
  }
}
