package io.serai.hub;

import java.util.UUID;

/**
 * Moves what an order was promised of a SKU at a node to another place, because it is not there to
 * be sent: a request that has not left is taken back and allocated anew, one that has left is
 * cancelled at the partner, whose answer decides. An order that got its goods meanwhile is left
 * alone, so it is safe to apply again.
 */
record ShortageRelief(UUID orderId, String sku, String node) implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var level = book.stock.get(new WorkingStock.Key(sku, node));
    if (order == null || level == null || level.missing() == 0) {
      return new ApplyResult.NoEffect(orderId, "Nothing is missing any more.");
    }
    var missing = level.missing();
    var asked = 0;
    for (var fulfillment : order.fulfillments) {
      var open =
          fulfillment.node.equals(node) && fulfillment.live()
              ? fulfillment.reserved.stream()
                  .filter(r -> r.sku.equals(sku))
                  .mapToInt(WorkingOrder.Reserved::open)
                  .sum()
              : 0;
      if (open > 0) {
        order.revision +=
            fulfilling.recall(
                    order,
                    fulfillment,
                    "%d of '%s' are missing there".formatted(missing, sku),
                    cause)
                ? 1
                : 0;
        asked += fulfillment.live() && "CANCEL_REQUESTED".equals(fulfillment.state) ? open : 0;
      }
    }
    if (order.changed) {
      fulfilling.settle(order, cause); // under a revision of its own: the decision before is kept
    }
    return new ApplyResult.Applied(order.id, missing - level.missing() + asked);
  }
}
