package io.serai.hub;

import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.PaymentState;
import io.serai.order.Refund;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

  /** What is stored of an order's money, row by row. */
  public static final class Rows {
    private final Purse purse = new Purse();

    /** A refund of the channel: its sum or null, its lines as stored, the request it answers. */
    public void given(String id, BigDecimal amount, String lines, UUID request) {
      var given = new Purse.Given(id, null, null, false);
      given.amount = amount;
      given.request = request;
      if (lines != null) {
        given.lines = List.of(Json.as(Json.tree(lines), Refund.Line[].class));
      }
      purse.given.add(given);
    }

    /** A request, for a return or not. */
    public void wanted(UUID id, String returnId, BigDecimal amount, String state) {
      purse.wanted.add(
          new Purse.Wanted(
              id,
              returnId,
              Map.of(),
              amount,
              null,
              null,
              null,
              RefundState.valueOf(state),
              null,
              false));
    }

    /** A capture that we asked for. */
    public void taken(String key, BigDecimal amount, boolean last, String state) {
      purse.taken.add(new Purse.Taken(key, amount, last, null, state, false));
    }
  }

  /** Weighs an order; null when nobody says what was paid. */
  public static OrderMoney of(Order order, PaymentState payment, List<Line> lines, Rows rows) {
    var purse = rows.purse;
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
                        purse.back(l.lineId(), l.refunded(), l.cancelled())))
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
