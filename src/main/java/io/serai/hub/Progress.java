package io.serai.hub;

import io.serai.order.Order;
import io.serai.order.OrderLine;
import io.serai.order.PaymentState;
import java.util.function.ToIntFunction;

/**
 * How far an order has come by what a state of it says: figures that only rise. It tells which of
 * two states of one instant is the later one.
 *
 * @param refunds how many refunds it lists
 */
record Progress(
    int cancelled, int shipped, int returned, int refunded, int refunds, PaymentState payment) {

  static Progress of(Order order) {
    var payment = order.payment();
    return new Progress(
        sum(order, OrderLine::cancelled),
        sum(order, OrderLine::shipped),
        sum(order, OrderLine::returned),
        sum(order, OrderLine::refunded),
        payment == null || payment.refunds() == null ? 0 : payment.refunds().size(),
        payment == null ? null : payment.state());
  }

  private static int sum(Order order, ToIntFunction<OrderLine> units) {
    return order.lines().stream().mapToInt(units).sum();
  }

  /** Whether it has come further in something and less far in nothing. */
  boolean beyond(Progress other) {
    return !equals(other)
        && cancelled >= other.cancelled
        && shipped >= other.shipped
        && returned >= other.returned
        && refunded >= other.refunded
        && refunds >= other.refunds
        && (other.payment == null || payment != null && payment.compareTo(other.payment) >= 0);
  }
}
