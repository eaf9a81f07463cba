package io.serai.hub;

import io.serai.order.HoldKind;
import io.serai.support.Ids;
import java.util.UUID;

/**
 * A partner was asked to send something and has sent nothing for as long as it may take: its order
 * is listed with the partner as the one who has to act. Stops nothing.
 */
record Silence(UUID orderId, UUID fulfillmentId) implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var fulfillment =
        order == null
            ? null
            : order.fulfillments.stream()
                .filter(f -> f.id.equals(fulfillmentId) && waits(f))
                .findFirst()
                .orElse(null);
    if (fulfillment == null) {
      return new ApplyResult.NoEffect(orderId, "It was answered meanwhile.");
    }
    var lead = book.topology.accounts().get(fulfillment.partner).leadTime();
    var sentence =
        "'%s' has sent nothing of order '%s' (request '%s') within its lead time of %s. Ask it, or move the order to another node."
            .formatted(
                fulfillment.partner,
                order.shown(),
                Ids.text("ful", fulfillment.id),
                lead == null ? "none" : lead.toString().substring(2).toLowerCase());
    if (!order.place(
        HoldKind.SILENT,
        sentence,
        fulfillment.partner,
        book.now.plus(HoldKind.SILENT.due()),
        book.now,
        null)) {
      return new ApplyResult.NoEffect(orderId, "That is known.");
    }
    book.event(order, "fulfillment.silent", sentence, cause);
    return new ApplyResult.Applied(order.id, null);
  }

  private static boolean waits(WorkingOrder.Fulfillment fulfillment) {
    return fulfillment.partner != null
        && ("REQUESTED".equals(fulfillment.state) || "ACCEPTED".equals(fulfillment.state));
  }
}
