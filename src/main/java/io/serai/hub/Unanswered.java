package io.serai.hub;

import io.serai.order.HoldKind;
import io.serai.support.Ids;
import java.util.UUID;

/**
 * A partner was asked to stop what it has and has not said whether it does: its order is listed
 * with the partner as the one who has to act. Stops nothing; said again as long as it stays silent.
 */
record Unanswered(UUID orderId, UUID fulfillmentId) implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var fulfillment =
        order == null
            ? null
            : order.fulfillments.stream()
                .filter(f -> f.id.equals(fulfillmentId) && f.live() && f.answerDueAt != null)
                .filter(f -> !f.answerDueAt.isAfter(book.now))
                .findFirst()
                .orElse(null);
    if (fulfillment == null) {
      return new ApplyResult.NoEffect(orderId, "It was answered meanwhile.");
    }
    fulfillment.answerDueAt = book.now.plus(Fulfilling.PATIENCE);
    fulfillment.refusalChanged = true;
    order.changed = true;
    var sentence =
        "'%s' was asked to stop what it has of order '%s' (request '%s') and has not said whether it does. Ask it; until then nobody knows."
            .formatted(fulfillment.partner, order.shown(), Ids.text("ful", fulfillment.id));
    if (order.place(
        HoldKind.SILENT,
        sentence,
        fulfillment.partner,
        book.now.plus(HoldKind.SILENT.due()),
        book.now,
        null)) {
      book.event(order, "fulfillment.silent", sentence, cause);
    }
    return new ApplyResult.Applied(order.id, null);
  }
}
