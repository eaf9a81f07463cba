package io.serai.hub;

import java.util.UUID;

/**
 * Tries an order again that could not be allocated or is short: such a hold is lifted and what is
 * open is allocated anew, at nodes that refused it too; it is held again when the cause is still
 * there. What a person or the screening holds stays held.
 */
public record Reallocation(UUID orderId) implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    order.lift(h -> h.kind.ofAllocation(), book.now, cause.actor(), null);
    order.forgiving = true;
    order.revision++;
    order.changed = true;
    fulfilling.settle(order, cause);
    book.end(cause, "APPLIED", order.id, null);
    return new ApplyResult.Applied(order.id, order.hold);
  }
}
