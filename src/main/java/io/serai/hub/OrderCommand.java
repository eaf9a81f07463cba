package io.serai.hub;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Something to do with one known order that no document says: asked for by a person, a replay or
 * the hub itself. Applied under the order's locks like any document.
 */
interface OrderCommand {
  UUID orderId();

  /** Articles that it is about beyond those of the order. */
  default Collection<String> articles() {
    return List.of();
  }

  /** Whether something may be sent to the buyer because of it. */
  default boolean sends() {
    return false;
  }

  /** Applies it, unless it would send something of an order whose people nobody knows any more. */
  static ApplyResult run(OrderCommand command, Book book, Fulfilling fulfilling, Application by) {
    var order = book.ordersById.get(command.orderId());
    return command.sends()
            && order != null
            && order.erasedAt != null
            && !Parties.good(order.document.path("shipTo"))
        ? HoldOrder.refused(
            order,
            "Order '%s' was erased on %s; nothing of it can be sent again."
                .formatted(order.shown(), Erasure.day(order.erasedAt)))
        : command.apply(book, fulfilling, by);
  }

  ApplyResult apply(Book book, Fulfilling fulfilling, Application cause);
}
