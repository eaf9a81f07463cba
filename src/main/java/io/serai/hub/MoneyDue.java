package io.serai.hub;

import java.util.UUID;

/** Looks at an order whose money was to be right by now, or to have gone back. */
record MoneyDue(UUID orderId) implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    var found = new Refunding(book).overdue(order, cause);
    found |= new Cashier(book).overdue(order, cause);
    return found
        ? new ApplyResult.Applied(order.id, null)
        : new ApplyResult.NoEffect(order.id, "It is right meanwhile.");
  }
}
