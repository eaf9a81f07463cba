package io.serai.hub;

import io.serai.order.ReturnState;
import java.util.UUID;

/** A person says where a return stands: it may come, it may not, it is off, it is done. */
public record TurnReturn(UUID orderId, UUID returnId, ReturnState to) implements ReturnCommand {
  @Override
  public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
    var order = book.ordersById.get(orderId);
    var rules = new ReturnRules(book, fulfilling);
    var one = order == null ? null : rules.find(order, returnId);
    if (one == null) {
      return new ApplyResult.NoEffect(null, "The return is not known.");
    }
    if (!one.may(to)) {
      return HoldOrder.refused(
          order,
          "Return '%s' of order '%s' is %s and cannot become %s."
              .formatted(one.name, order.shown(), one.state, to));
    }
    rules.reach(order, one, to, cause);
    order.changed = true;
    return new ApplyResult.Applied(order.id, one.id);
  }
}
