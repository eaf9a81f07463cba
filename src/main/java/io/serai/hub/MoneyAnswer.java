package io.serai.hub;

import java.util.UUID;

/**
 * What a channel answered when it was asked to give money back or to take it, applied before the
 * answer is recorded: when the process dies in between, the channel is asked again under the same
 * key and says the same, which then changes nothing.
 *
 * @param operation what it was asked
 * @param key the request's id, or the shipment that was to be paid
 * @param remoteId what the channel calls what it did, or null
 * @param refusal why it does not, or null
 * @param dropped whether a person said that it is not owed any more
 */
record MoneyAnswer(
    UUID orderId, String operation, String key, String remoteId, String refusal, boolean dropped)
    implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    if (Refunding.REFUND.equals(operation)) {
      new Refunding(book).answered(order, this, cause);
    } else {
      new Cashier(book).answered(order, this, cause);
    }
    return order.changed
        ? new ApplyResult.Applied(order.id, null)
        : new ApplyResult.NoEffect(order.id, "That is known.");
  }
}
