package io.serai.order;

import java.util.List;

/**
 * The facts an order's state follows from: quantities per line, payment, holds.
 *
 * <p>Guarantee: the state is a function of these facts alone, so it cannot drift from them. Gap:
 * what was returned does not change the state; it is shown beside it.
 *
 * @param payment null when the channel has not told yet
 * @param held whether a hold is open
 * @param decided whether allocation has been tried
 * @param closed whether the channel or an operator closed the order
 */
public record OrderProgress(
    List<Line> lines, PaymentState payment, boolean held, boolean decided, boolean closed) {

  /** Lines are never null. */
  public OrderProgress {
    lines = List.copyOf(lines);
  }

  /**
   * One line's quantities.
   *
   * @param toShip whether a warehouse has to send it
   * @param released asked of a warehouse
   * @param accepted taken on by a warehouse
   */
  public record Line(
      boolean toShip,
      int ordered,
      int cancelled,
      int allocated,
      int released,
      int accepted,
      int shipped,
      int delivered) {

    int wanted() {
      return Math.max(0, ordered - cancelled);
    }
  }

  /** The state these facts amount to. */
  public OrderState state() {
    if (!lines.isEmpty() && lines.stream().allMatch(l -> l.wanted() == 0)) {
      return OrderState.CANCELLED;
    }
    long wanted = 0;
    long allocated = 0;
    long released = 0;
    long accepted = 0;
    long shipped = 0;
    long delivered = 0;
    for (Line line : lines) {
      if (line.toShip()) {
        wanted += line.wanted();
        allocated += line.allocated();
        released += line.released();
        accepted += line.accepted();
        shipped += line.shipped();
        delivered += line.delivered();
      }
    }
    if (shipped > 0) {
      return afterShipping(wanted, shipped, delivered);
    }
    if (accepted > 0) {
      return OrderState.IN_FULFILLMENT;
    }
    if (released > 0) {
      return OrderState.RELEASED;
    }
    if (held) {
      return OrderState.ON_HOLD;
    }
    if (payment == null) {
      return OrderState.NEW;
    }
    if (!payment.settled()) {
      return OrderState.PENDING_PAYMENT;
    }
    if (wanted == 0) {
      // Gift cards, downloads and tips: nothing to send, so paid is done.
      return OrderState.CLOSED;
    }
    if (allocated >= wanted) {
      return OrderState.ALLOCATED;
    }
    if (allocated > 0) {
      return OrderState.PARTIALLY_ALLOCATED;
    }
    return decided ? OrderState.BACKORDERED : OrderState.READY;
  }

  private OrderState afterShipping(long wanted, long shipped, long delivered) {
    if (shipped < wanted) {
      return OrderState.PARTIALLY_SHIPPED;
    }
    if (closed) {
      return OrderState.CLOSED;
    }
    return delivered >= wanted ? OrderState.DELIVERED : OrderState.SHIPPED;
  }
}
