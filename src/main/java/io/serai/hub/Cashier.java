package io.serai.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.order.HoldKind;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.PaymentState;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the money of orders in step with their goods: asks a channel to take what was sent, and
 * shows what is not as it should be.
 *
 * <p>Guarantee: what is asked for all shipments of an order together is what was sent of it, to the
 * minor unit, and nothing that is cancelled; each is owed once, in the transaction that knows of
 * the shipment. Every transaction that changes an order's money, shipments or returns weighs it.
 * Gap: an order that was paid at once and of which nothing came back or was cancelled is not
 * weighed, for it cannot be wrong.
 */
final class Cashier {
  /** The canonical document, and outbox route, of money that a channel is to take. */
  static final String CAPTURE = "capture";

  private static final int MESSAGES = 10;

  private final Book book;

  Cashier(Book book) {
    this.book = book;
  }

  /** Looks after the money of every order that this transaction touched. */
  void settle(Map<Application, ApplyResult> results) {
    for (var order : book.ordersById.values()) {
      var channel = book.topology.accounts().get(order.account);
      var policy = channel == null ? MoneyPolicy.USUAL : channel.money();
      if (!policy.watched() && !policy.capture()
          || order.document == null
          || order.history()
          || order.test
          || !"MERCHANT".equals(order.fulfilledBy)
          || !touched(order)) {
        continue;
      }
      order.rollUp();
      var state = Json.as(order.document, Order.class);
      var worth = new Worth(state);
      var cause = Apply.cause(order, results);
      if (policy.capture()) {
        capture(order, state, worth, channel, cause);
      }
      if (policy.watched()) {
        weigh(order, state, worth, policy, cause);
      }
    }
  }

  private boolean touched(WorkingOrder order) {
    if (!order.isNew && !order.changed && order.lines.stream().noneMatch(l -> l.changed)) {
      return false;
    }
    var purse = book.purses.get(order.id);
    if (purse != null && !purse.isEmpty()) {
      return true;
    }
    if (order.payment == null
        || order.lines.stream().anyMatch(l -> l.cancelled + l.returned + l.refunded > 0)) {
      return order.payment != null;
    }
    var told = order.document.at("/payment/captured/amount");
    return order.payment != PaymentState.PAID && order.lines.stream().anyMatch(l -> l.shipped > 0)
        || order.payment == PaymentState.PAID
            && !told.isMissingNode()
            && !told.equals(order.document.at("/totals/channelGrandTotal/amount"));
  }

  /**
   * What was taken from the buyer, before anything was given back; null when nobody says. What was
   * captured because we asked counts; an order that is paid is paid as a whole, unless we asked for
   * all that was sent of it.
   */
  static Money captured(Order state, PaymentState payment, Purse purse) {
    var currency = state.currency();
    var ours = new Money(purse.captured(), currency);
    if (state.payment() == null || payment == null) {
      return ours.isZero() ? null : ours;
    }
    var told = state.payment().captured();
    if (told != null && told.currency().equals(currency)) {
      return told.compareTo(ours) > 0 ? told : ours;
    }
    return switch (payment) {
      case PAID ->
          purse.lastTaken() ? new Money(purse.expected(), currency) : new Worth(state).total();
      case PARTIALLY_REFUNDED, REFUNDED -> {
        // As much was taken as went back, at least.
        var back = new Money(purse.refunded(), currency);
        yield ours.isZero() ? new Worth(state).total() : back.compareTo(ours) > 0 ? back : ours;
      }
      case PARTIALLY_PAID -> {
        var outstanding = state.payment().outstanding();
        if (outstanding == null || !outstanding.currency().equals(currency)) {
          yield ours.isZero() ? null : ours;
        }
        var paid = new Worth(state).total().minus(outstanding);
        yield paid.compareTo(ours) > 0 ? paid : ours;
      }
      case PENDING, AUTHORIZED, VOIDED, EXPIRED -> ours;
    };
  }

  /** What was given back; of an order that is refunded all of it, when nobody told of any sum. */
  static Money refunded(Order state, PaymentState payment, Purse purse) {
    var sum = new Money(purse.refunded(), state.currency());
    var captured =
        sum.isZero() && payment == PaymentState.REFUNDED ? captured(state, payment, purse) : null;
    return captured == null ? sum : captured;
  }

  /** The lines of an order as its money sees them. */
  static List<Balance.Units> units(WorkingOrder order, Purse purse) {
    var units = new ArrayList<Balance.Units>();
    for (var line : order.lines) {
      if (line.parent == null) {
        units.add(
            new Balance.Units(
                line.lineId,
                line.goods() || line.isSet(),
                line.ordered,
                line.cancelled,
                line.shipped,
                line.returned,
                purse.back(line.lineId, line.refunded, line.cancelled)));
      }
    }
    return units;
  }

  /** The balance of an order, or null when nobody says what was paid. */
  static Balance balance(
      Order state, Worth worth, PaymentState payment, List<Balance.Units> units, Purse purse) {
    var captured = captured(state, payment, purse);
    var currency = state.currency();
    return captured == null
        ? null
        : Balance.of(
            worth,
            units,
            captured,
            refunded(state, payment, purse),
            new Money(purse.asked(), currency));
  }

  private void capture(
      WorkingOrder order, Order state, Worth worth, Topology.Account channel, Application cause) {
    // What was refunded of an order meanwhile says nothing about what is left to be taken of it.
    var takes =
        order.payment == PaymentState.AUTHORIZED
            || order.payment == PaymentState.PARTIALLY_PAID
            || order.payment == PaymentState.PARTIALLY_REFUNDED
                && !book.purse(order.id).taken.isEmpty();
    if (!takes || !channel.publishStatus() || !channel.offers(CAPTURE)) {
      return;
    }
    var purse = book.purse(order.id);
    var sent = new HashMap<String, Integer>();
    var units = units(order, purse);
    var open = false;
    for (var line : units) {
      sent.put(line.lineId(), line.ships() ? line.shipped() : line.ordered() - line.cancelled());
      open |= line.ships() && line.shipped() + line.cancelled() < line.ordered();
    }
    if (units.stream().noneMatch(line -> line.shipped() > 0)) {
      return;
    }
    var claimed = new Money(purse.claimed(), order.currency);
    var told = captured(state, order.payment, purse);
    var amount =
        worth
            .of(sent)
            .plus(worth.charges())
            .minus(told != null && told.compareTo(claimed) > 0 ? told : claimed);
    if (amount.amount().signum() <= 0) {
      return;
    }
    // What was refused is never taken, so no look-up may wait for it.
    var before = new Money(purse.expected(), order.currency);
    var taken =
        new Purse.Taken(
            key(order, purse), amount.amount(), !open, cause.messageId(), "REQUESTED", true);
    purse.taken.add(taken);
    var content = JsonNodeFactory.instance.objectNode();
    content.set("channel", order.document.get("channel"));
    content.put("orderId", HubWriter.orderId(order.id));
    content.put("key", taken.key);
    content.set("amount", Json.node(amount));
    content.set("before", Json.node(before));
    content.put("last", taken.last);
    known(purse, taken, content);
    book.owe(channel, CAPTURE, CAPTURE, order.id, taken.key, content, cause, false);
    book.event(
        order,
        "payment.capture-requested",
        "'%s' is asked to take %s for what was sent%s."
            .formatted(order.account, amount, taken.last ? "; that is all" : ""),
        cause);
  }

  // By these a capture of the channel is told from those of other shipments.
  private static void known(Purse purse, Purse.Taken taken, ObjectNode content) {
    var known = content.putArray("known");
    var same = 0;
    for (var other : purse.taken) {
      if (other.remoteId != null) {
        known.add(other.remoteId);
      } else if (other != taken
          && !"REFUSED".equals(other.state)
          && other.amount.compareTo(taken.amount) == 0) {
        same++;
      }
    }
    content.put("same", same);
  }

  // Its shipment, and a number when that is not enough to tell it from another.
  private String key(WorkingOrder order, Purse purse) {
    var shipment =
        book.shipments.stream()
            .filter(s -> s.orderId().equals(order.id))
            .map(s -> Trading.shipmentKey(s.id()))
            .reduce((first, last) -> last)
            .orElse(HubWriter.orderId(order.id));
    return purse.taken.stream().noneMatch(t -> t.key.equals(shipment))
        ? shipment
        : shipment + '/' + (purse.taken.size() + 1);
  }

  /** What the channel answered when it was asked to take money. */
  void answered(WorkingOrder order, MoneyAnswer answer, Application cause) {
    var taken =
        book.purse(order.id).taken.stream().filter(t -> t.key.equals(answer.key())).findFirst();
    if (taken.isEmpty() || "CAPTURED".equals(taken.get().state)) {
      return;
    }
    var capture = taken.get();
    var amount = new Money(capture.amount, order.currency);
    if (answer.refusal() == null && !answer.dropped()) {
      capture.become("CAPTURED", book.now);
      capture.remoteId = answer.remoteId();
      order.changed = true;
      order.lift(
          h -> h.kind == HoldKind.PAYMENT && order.account.equals(h.placedBy),
          book.now,
          null,
          null);
      book.event(
          order,
          "payment.captured",
          "'%s' took %s for what was sent.".formatted(order.account, amount),
          cause);
      return;
    }
    if ("REFUSED".equals(capture.state)) {
      return;
    }
    capture.become("REFUSED", book.now);
    capture.answer = answer.refusal();
    order.changed = true;
    var sentence =
        "'%s' does not take %s for what was sent of order '%s': %s. What left is on its way; get it paid in the channel, then release the order so that the rest may leave."
            .formatted(order.account, amount, order.shown(), answer.refusal());
    order.place(
        HoldKind.PAYMENT,
        sentence,
        null,
        book.now.plus(HoldKind.PAYMENT.due()),
        book.now,
        order.account);
    book.event(order, "payment.refused", sentence, cause);
  }

  private void weigh(
      WorkingOrder order, Order state, Worth worth, MoneyPolicy policy, Application cause) {
    var purse = book.purse(order.id);
    var balance = balance(state, worth, order.payment, units(order, purse), purse);
    // What a channel is asked to take is on its way, unless it says that all of it is paid.
    var coming =
        purse.taken.stream()
            .filter(t -> "REQUESTED".equals(t.state) && order.payment != PaymentState.PAID)
            .map(t -> t.amount)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    var breach =
        balance == null
            ? null
            : balance.expecting(new Money(coming, order.currency)).breach().orElse(null);
    if (breach == null) {
      if (purse.watch != null) {
        purse.watch = null;
        if (order.lift(h -> h.kind == HoldKind.MONEY, book.now, null, null)) {
          book.event(
              order,
              "payment.balanced",
              "The money of order '%s' is what was sent and kept.".formatted(order.shown()),
              cause);
        }
      }
      return;
    }
    var sentence = sentence(order, balance, breach);
    if (purse.watch == null) {
      purse.watch = new Purse.Watch(book.now);
      purse.watch.dueAt = book.now.plus(policy.grace());
    } else if (sentence.equals(purse.watch.breach)) {
      return;
    }
    purse.watch.breach = sentence;
    purse.watchChanged = true;
    if (cause.messageId() != null
        && !purse.watch.messages.contains(cause.messageId())
        && purse.watch.messages.size() < MESSAGES) {
      purse.watch.messages.add(cause.messageId());
    }
    if (purse.watch.dueAt == null) {
      place(order, purse.watch);
    }
  }

  private static String sentence(WorkingOrder order, Balance balance, Balance.Breach breach) {
    return switch (breach.kind()) {
      case UNPAID ->
          "Order '%s': what was sent is worth %s, and only %s were taken from the buyer; %s are missing. Get them paid in '%s'."
              .formatted(
                  order.shown(),
                  balance.sent(),
                  balance.captured(),
                  breach.difference(),
                  order.account);
      case KEPT ->
          "Order '%s': %s were taken and %s given back, and what the buyer has or still gets is worth %s; %s too much are kept. Give them back in '%s'."
              .formatted(
                  order.shown(),
                  balance.captured(),
                  balance.refunded(),
                  balance.kept(),
                  breach.difference(),
                  order.account);
      case OVER_REFUNDED ->
          "Order '%s': %s were taken and %s given back, %s more than were paid. Look it up in '%s'."
              .formatted(
                  order.shown(),
                  balance.captured(),
                  balance.refunded(),
                  breach.difference(),
                  order.account);
    };
  }

  private void place(WorkingOrder order, Purse.Watch watch) {
    var messages = watch.messages.stream().map(id -> "'msg_" + id + "'").toList();
    order.place(
        HoldKind.MONEY,
        messages.isEmpty()
            ? watch.breach
            : watch.breach + " It comes from " + String.join(", ", messages) + '.',
        null,
        book.now.plus(HoldKind.MONEY.due()),
        book.now,
        null);
  }

  /** Makes a case of what is wrong for too long. Answers whether there is any such thing. */
  boolean overdue(WorkingOrder order, Application cause) {
    var watch = book.purse(order.id).watch;
    if (watch == null || watch.dueAt == null || watch.dueAt.isAfter(book.now)) {
      return false;
    }
    watch.dueAt = null;
    book.purse(order.id).watchChanged = true;
    order.changed = true;
    place(order, watch);
    book.event(order, "payment.differs", watch.breach, cause);
    return true;
  }
}
