package io.serai.hub;

import io.serai.order.Cancellation;
import java.util.List;
import java.util.UUID;

/**
 * A person wants an order, or part of it, not to be sent. What never left is taken back at once,
 * what left is asked back from the partner, whose answer decides; the channel hears of it when it
 * is so, or the timeline says that its connector cannot tell it.
 *
 * @param reason one of the canonical reasons, for the channel
 * @param lines what is cancelled; empty means all of it
 */
public record CancelOrder(UUID orderId, String reason, List<Cancellation.Line> lines)
    implements OrderCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    if (order == null) {
      return new ApplyResult.NoEffect(null, "The order is not known.");
    }
    if (order.cancelledAt != null) {
      return HoldOrder.refused(order, "Order '%s' is cancelled already.".formatted(order.shown()));
    }
    if (order.wishes.stream().anyMatch(wish -> wish.open() && wish.whole())) {
      return HoldOrder.refused(
          order,
          "Order '%s' is being cancelled; the answer of whoever has it is awaited."
              .formatted(order.shown()));
    }
    var refused =
        new Wishes(book, fulfilling)
            .ask(
                order,
                new Cancellation(
                    null, Cancellation.Source.MERCHANT, reason, book.now, null, null, lines),
                null,
                cause);
    return refused == null ? new ApplyResult.Applied(order.id, null) : refused;
  }
}
