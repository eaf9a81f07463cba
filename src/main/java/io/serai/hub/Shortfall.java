package io.serai.hub;

import io.serai.order.HoldKind;
import io.serai.order.Money;

/**
 * A refund of ours of which less went back than was asked for, as when one of two payments was
 * declined: somebody has to give the rest.
 */
final class Shortfall {
  private Shortfall() {}

  /** Holds the order for the rest, if there is any; not for a sum that is not known. */
  static void show(Book book, WorkingOrder order, Purse.Wanted wanted, Purse.Given given) {
    if (given.amount == null || given.amount.compareTo(wanted.amount) >= 0) {
      return;
    }
    var sentence =
        "'%s' gave back %s of the %s it was asked for of order '%s' (refund '%s'). Give the rest back in the channel, or settle it with the buyer and release this."
            .formatted(
                order.account,
                new Money(given.amount, order.currency),
                new Money(wanted.amount, order.currency),
                order.shown(),
                wanted.text());
    order.place(HoldKind.REFUND_DUE, wanted.text(), sentence, book.now);
  }
}
