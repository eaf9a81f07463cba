package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.HoldKind;
import java.time.Instant;
import java.util.UUID;

/**
 * A person wants an order to stand still. Requests that have not left are taken back; what a node
 * already has goes on, and the timeline says so.
 *
 * @param owner who has to act, or null for the usual one
 * @param dueAt until when, or null for the usual time
 */
public record HoldOrder(UUID orderId, HoldKind kind, String reason, String owner, Instant dueAt)
    implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    if (order.cancelledAt != null) {
      return refused(
          order, "Order '%s' is cancelled, so nothing of it can be held.".formatted(order.shown()));
    }
    if (!order.hasGoodsToSend()) {
      return refused(
          order,
          "Order '%s' has nothing left to send, so nothing of it can be held."
              .formatted(order.shown()));
    }
    var due = dueAt != null || kind.due() == null ? dueAt : book.now.plus(kind.due());
    order.place(kind, reason, owner, due, book.now, cause.actor());
    var held = order.open(kind, cause.actor());
    held.dueAt = due;
    held.changed = true;
    order.changed = true;
    fulfilling.takeBack(order, cause);
    var asked = order.fulfillments.stream().filter(f -> f.live() && f.open() > 0).toList();
    book.event(
        order,
        "order.held",
        reason
            + (asked.isEmpty()
                ? ""
                : " What '%s' was already asked for goes on."
                    .formatted(asked.getFirst().partnerOrNode())),
        cause);
    return new ApplyResult.Applied(order.id, null);
  }

  static ApplyResult refused(WorkingOrder order, String sentence) {
    return new ApplyResult.Failed(
        Failure.of(FailureKind.REFUSED, sentence, Place.of(order.account)));
  }
}
