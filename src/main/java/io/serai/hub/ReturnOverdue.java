package io.serai.hub;

import io.serai.order.HoldKind;
import java.util.UUID;

/** What was to come back has not come in time: somebody has to ask. Stops nothing. */
record ReturnOverdue(UUID orderId, UUID returnId) implements ReturnCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var one = order == null ? null : new ReturnRules(book, fulfilling).find(order, returnId);
    if (one == null || one.dueAt == null || one.dueAt.isAfter(book.now) || !one.state.awaits()) {
      return new ApplyResult.NoEffect(orderId, "It is not overdue.");
    }
    one.dueAt = null;
    one.overdueAt = book.now;
    one.changed = true;
    order.changed = true;
    var sentence =
        "Return '%s' of order '%s' may come since %s and has not come whole. Ask the buyer or the carrier, then receive it, close it or cancel it."
            .formatted(one.name, order.shown(), one.approvedAt);
    if (order.place(HoldKind.RETURN_OVERDUE, one.text(), sentence, book.now)) {
      book.event(order, "return.overdue", sentence, one, cause);
    }
    return new ApplyResult.Applied(order.id, null);
  }
}
