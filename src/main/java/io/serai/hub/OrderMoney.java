package io.serai.hub;

import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.PaymentState;
import java.math.BigDecimal;
import java.util.List;

/**
 * The money of an order as people read it.
 *
 * @param captured what the channel took from the buyer
 * @param refunded what it gave back
 * @param asked what it is or will be asked to give back and has not yet
 * @param sent what the units cost that left, with what is charged once
 * @param kept what the units cost that the buyer has or still gets, with what is charged once
 */
public record OrderMoney(Money captured, Money refunded, Money asked, Money sent, Money kept) {
  /**
   * A line's units.
   *
   * @param ships whether it is something that leaves
   */
  public record Line(
      String lineId,
      boolean ships,
      int ordered,
      int cancelled,
      int shipped,
      int returned,
      int refunded) {}

  /**
   * Weighs an order; null when nobody says what was paid.
   *
   * @param given the sum of its refunds
   * @param asked the sum of what is to be given back
   * @param taken the sum of what was captured because we asked
   */
  public static OrderMoney of(
      Order order,
      PaymentState payment,
      List<Line> lines,
      BigDecimal given,
      BigDecimal asked,
      BigDecimal taken) {
    var purse = new Purse();
    purse.given.add(new Purse.Given("", null, null, false));
    purse.given.getFirst().amount = given;
    purse.wanted.add(
        new Purse.Wanted(
            null, null, java.util.Map.of(), asked, null, null, null, RefundState.DUE, null, false));
    purse.taken.add(new Purse.Taken("", taken, false, null, "CAPTURED", false));
    var units =
        lines.stream()
            .map(
                l ->
                    new Balance.Units(
                        l.lineId(),
                        l.ships(),
                        l.ordered(),
                        l.cancelled(),
                        l.shipped(),
                        l.returned(),
                        l.refunded()))
            .toList();
    var balance = Cashier.balance(order, new Worth(order), payment, units, purse);
    return balance == null
        ? null
        : new OrderMoney(
            balance.captured(),
            balance.refunded(),
            balance.asked(),
            balance.sent(),
            balance.kept());
  }
}
