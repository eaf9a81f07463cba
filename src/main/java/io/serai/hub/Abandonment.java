package io.serai.hub;

import io.serai.failure.FailureKind;
import io.serai.support.Ids;

/**
 * A person decided that a request to a node is not owed any more: what it was promised goes back,
 * and what is still wanted waits for a person too, because allocating it anew might ask the same
 * node for the same.
 */
record Abandonment(String fulfillmentId, String reason) {
  ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var id = Ids.uuid("ful", fulfillmentId);
    var order = book.ordersByFulfillment.get(id);
    var fulfillment =
        order == null
            ? null
            : order.fulfillments.stream()
                .filter(f -> f.id.equals(id) && f.live() && f.partner != null)
                .findFirst()
                .orElse(null);
    if (fulfillment == null) {
      return new ApplyResult.NoEffect(null, "Nobody is asked for it any more.");
    }
    fulfilling.withdrawCancellation(order, fulfillment);
    fulfillment.state = "CANCELLED";
    fulfillment.changed = true;
    fulfilling.release(order, fulfillment, cause);
    book.event(
        order,
        "fulfillment.abandoned",
        "'%s' is not asked any more.".formatted(fulfillment.partner),
        cause);
    if (order.cancelledAt == null && order.lines.stream().anyMatch(l -> l.unplaced() > 0)) {
      fulfilling.hold(
          order,
          FailureKind.UNALLOCATABLE,
          "The request to '%s' for order '%s' was discarded: %s. Replay the order to allocate it anew, or cancel it."
              .formatted(fulfillment.partner, order.shown(), reason),
          cause);
    }
    return new ApplyResult.Applied(order.id, null);
  }
}
