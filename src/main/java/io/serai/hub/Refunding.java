package io.serai.hub;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.order.HoldKind;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.Refund;
import io.serai.outbox.Delivery;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Money that goes back to a buyer: what is due, what a channel is asked for, what it did.
 *
 * <p>Guarantee: a refund of the channel counts once, by its id, whoever tells of it and in which
 * order: its own message, a state of the order, or the answer to our request. A request is owed in
 * the transaction that decides it, under one key. Gap: a channel that neither lists refunds in the
 * state of an order nor names lines is believed by the times it gives.
 */
final class Refunding {
  /** The canonical document, and outbox route, of a refund that a channel is asked for. */
  static final String REFUND = "refund";

  /** What the public id of a request begins with. */
  static final String PREFIX = "rfd";

  private final Book book;

  Refunding(Book book) {
    this.book = book;
  }

  /**
   * The channel gave money back. Answers whether that is news.
   *
   * @param by the document that says so
   */
  boolean told(WorkingOrder order, Refund refund, Application by) {
    var purse = book.purse(order.id);
    var known = known(purse, refund, by);
    if (known != null) {
      complete(order, purse, known, refund);
      return false;
    }
    if (!RefundInState.counted(order, purse, refund)) {
      count(order, refund);
    }
    record(order, purse, refund, by);
    return true;
  }

  /** A state of the order lists what was given back so far; it counts the units itself. */
  void listed(WorkingOrder order, Order state, Application by) {
    if (state.payment() == null || state.payment().refunds() == null) {
      return;
    }
    for (var listed : state.payment().refunds()) {
      var refund = listed.of(state.channel());
      var purse = book.purse(order.id);
      var known = known(purse, refund, by);
      if (known != null) {
        complete(order, purse, known, refund);
      } else {
        record(order, purse, refund, by);
      }
    }
  }

  // By its id; or it bears our name, and a person said that it happened under another reference.
  private static Purse.Given known(Purse purse, Refund refund, Application by) {
    for (var given : purse.given) {
      if (given.refundId.equals(refund.refundId())) {
        return given;
      }
    }
    for (var given : purse.given) {
      if (given.request != null
          && given.message == null
          && Ids.text(PREFIX, given.request).equals(refund.request())) {
        purse.wanted.stream()
            .filter(w -> w.id.equals(given.request))
            .forEach(
                w -> {
                  w.refundId = refund.refundId();
                  w.changed = true;
                });
        given.adopt(refund.refundId(), by.messageId());
        return given;
      }
    }
    return null;
  }

  // What we know of our own refund is what we asked for: the channel's word counts.
  private void complete(WorkingOrder order, Purse purse, Purse.Given known, Refund refund) {
    var amount = refund.totalIn(order.currency);
    var news =
        amount != null && (known.amount == null || known.amount.compareTo(amount.amount()) != 0);
    if (news) {
      known.amount = amount.amount();
      known.told = null;
      known.changed = true;
      order.changed = true;
    }
    if (known.lines.isEmpty() && !refund.lines().isEmpty()) {
      known.lines = refund.lines();
      known.changed = true;
    }
    if (news && known.request == null) {
      settle(order, purse, known, refund);
    } else if (news) {
      purse.wanted.stream()
          .filter(w -> w.id.equals(known.request))
          .forEach(w -> Shortfall.show(book, order, w, known));
    }
  }

  static WorkingOrder.Line line(WorkingOrder order, String lineId) {
    return order.lines.stream()
        .filter(l -> l.parent == null && l.lineId.equals(lineId))
        .findFirst()
        .orElse(null);
  }

  private static void count(WorkingOrder order, Refund refund) {
    for (var part : refund.lines()) {
      var line = line(order, part.lineId());
      if (line == null) {
        continue;
      }
      line.refunded = Math.min(line.ordered, line.refunded + part.quantity());
      if (part.restock() == Refund.Restock.CANCEL) {
        line.wantCancelled(
            Math.min(line.ordered - line.shipped, line.cancelWanted + part.quantity()));
      }
      line.changed = true;
    }
    order.changed = true;
  }

  private void record(WorkingOrder order, Purse purse, Refund refund, Application by) {
    var given =
        new Purse.Given(
            refund.refundId(),
            refund.refundedAt() == null ? book.now : refund.refundedAt(),
            by.messageId(),
            true);
    var amount = order.currency == null ? refund.total() : refund.totalIn(order.currency);
    given.amount = amount == null ? null : amount.amount();
    given.told = amount == null && refund.total() != null ? refund.total().toString() : null;
    given.lines = refund.lines();
    purse.given.add(given);
    order.changed = true;
    book.event(
        order,
        "order.refunded",
        given.told != null
            ? "%s were refunded; the order is charged in %s, so the sum is not counted."
                .formatted(given.told, order.currency)
            : amount == null
                ? "Refund '%s' was recorded.".formatted(refund.refundId())
                : "%s were refunded.".formatted(amount),
        by);
    settle(order, purse, given, refund);
  }

  // What bears our id settles that request and no other, once all of its money went back: a gateway
  // that declines leaves a refund of less, or of nothing.
  private void settle(WorkingOrder order, Purse purse, Purse.Given given, Refund refund) {
    var asked =
        purse.wanted.stream()
            .filter(w -> w.state != RefundState.CONFIRMED)
            .filter(w -> w.text().equals(refund.request()) || refund.refundId().equals(w.refundId))
            .findFirst();
    if (asked.isPresent()) {
      if (given.told != null
          || given.amount != null && given.amount.compareTo(asked.get().amount) >= 0) {
        confirm(order, asked.get(), given);
      } else if (asked.get().refundId == null) {
        asked.get().refundId = given.refundId; // what went back of it is not waited for any more
        asked.get().changed = true;
      }
    } else if (purse.wanted.stream().noneMatch(w -> w.text().equals(refund.request()))) {
      settleDue(order, purse, given);
    }
  }

  // What people gave back in the channel settles what was due, oldest first: units by units, and
  // sums by what names no units. What comes to no sum settles nothing.
  private void settleDue(WorkingOrder order, Purse purse, Purse.Given given) {
    var left = given.amount;
    if (left == null || left.signum() <= 0) {
      return;
    }
    var units = new HashMap<String, Integer>();
    given.lines.forEach(line -> units.merge(line.lineId(), line.quantity(), Integer::sum));
    for (var due : purse.wanted) {
      if (due.state != RefundState.DUE
          && due.state != RefundState.REFUSED
          && !stopped(order, due)) {
        continue;
      }
      var byLines =
          !due.units.isEmpty()
              && due.units.entrySet().stream()
                  .allMatch(e -> units.getOrDefault(e.getKey(), 0) >= e.getValue());
      if (byLines) {
        due.units.forEach((lineId, count) -> units.merge(lineId, -count, Integer::sum));
        confirm(order, due, given);
      } else if (given.lines.isEmpty() && due.amount.compareTo(left) <= 0) {
        confirm(order, due, given);
        left = left.subtract(due.amount);
      }
    }
  }

  // The channel was to be asked, and nobody asks it until a person looks.
  private boolean stopped(WorkingOrder order, Purse.Wanted wanted) {
    return wanted.state == RefundState.REQUESTED
        && book
            .openDeliveries
            .getOrDefault(Delivery.lane(order.account, order.id.toString()), List.of())
            .stream()
            .anyMatch(
                d ->
                    REFUND.equals(d.operation())
                        && wanted.text().equals(d.businessKey())
                        && "PARKED".equals(d.state()));
  }

  private void confirm(WorkingOrder order, Purse.Wanted wanted, Purse.Given given) {
    wanted.become(RefundState.CONFIRMED, book.now);
    wanted.refundId = given.refundId;
    given.request = wanted.id;
    given.changed = true;
    lift(order, wanted);
  }

  private void lift(WorkingOrder order, Purse.Wanted wanted) {
    order.lift(
        h -> h.kind == HoldKind.REFUND_DUE && wanted.text().equals(h.subject),
        book.now,
        null,
        null);
  }

  /**
   * Units of a return were received: what they cost is due to the buyer. To be called once for each
   * receipt, in the transaction that counts it. What was refunded before its goods came back is not
   * due again.
   *
   * @param order the order they were bought with
   * @param returnId the return's public id
   * @param unitsOfLines how many of each line came with this receipt, by the channel's line id
   * @param cause the document that says so
   */
  void dueFor(
      WorkingOrder order, String returnId, Map<String, Integer> unitsOfLines, Application cause) {
    if (order.document == null || order.history()) {
      return;
    }
    var purse = book.purse(order.id);
    var due = new LinkedHashMap<String, Integer>();
    var known = new LinkedHashMap<String, Integer>();
    unitsOfLines.forEach(
        (lineId, units) -> {
          var line = line(order, lineId);
          if (line != null && units > 0) {
            var before =
                purse.wanted.stream()
                    .filter(w -> w.returnId != null)
                    .mapToInt(w -> w.units.getOrDefault(lineId, 0))
                    .sum();
            // What a person asked for before the goods came is on its way as well.
            var asked =
                purse.wanted.stream()
                    .filter(w -> w.returnId == null && w.state.open() && purse.of(w) == null)
                    .mapToInt(w -> w.units.getOrDefault(lineId, 0))
                    .sum();
            var refunded = purse.back(lineId, line.refunded, line.cancelled) + asked;
            var open = Math.max(0, Math.min(units, before + units - refunded));
            if (open > 0) {
              due.put(lineId, open);
            }
            if (open < units) {
              known.put(lineId, units - open);
            }
          }
        });
    if (!known.isEmpty()) {
      purse.wanted.add(refundedBefore(returnId, known, cause));
      order.changed = true;
    }
    if (due.isEmpty()) {
      book.event(
          order,
          "refund.known",
          "What came back with return '%s' is refunded or asked for already.".formatted(returnId),
          cause);
      return;
    }
    var state = Json.as(order.document, Order.class);
    var left = left(order, state, purse);
    // Of all that came back together, so that what is rounded does not add up.
    var worth = new Worth(state);
    var earlier = new HashMap<String, Integer>();
    purse.wanted.stream()
        .filter(w -> w.returnId != null)
        .forEach(w -> w.units.forEach((no, units) -> earlier.merge(no, units, Integer::sum)));
    var together = new HashMap<>(earlier);
    due.forEach((lineId, units) -> together.merge(lineId, units, Integer::sum));
    var amount = worth.of(together).minus(worth.of(earlier));
    if (left != null && left.compareTo(amount) < 0) {
      amount = left;
    }
    if (amount.amount().signum() <= 0) {
      book.event(
          order,
          "refund.known",
          "Nothing was paid for what came back with return '%s', or all of it is given back."
              .formatted(returnId),
          cause);
      return;
    }
    var channel = book.topology.accounts().get(order.account);
    var asks = channel != null && channel.money().refundOnReceived() && offers(channel);
    var within =
        channel == null ? MoneyPolicy.USUAL.refundWithin() : channel.money().refundWithin();
    want(
        order,
        new Request(null, returnId, due, amount, null, asks, book.now.plus(within)),
        channel,
        cause);
  }

  // It has its money, and the next units that come back have not.
  private Purse.Wanted refundedBefore(
      String returnId, Map<String, Integer> units, Application cause) {
    var known =
        new Purse.Wanted(
            book.ids.next(),
            returnId,
            units,
            BigDecimal.ZERO,
            null,
            cause.actor(),
            cause.messageId(),
            RefundState.CONFIRMED,
            book.now,
            true);
    known.finishedAt = book.now;
    return known;
  }

  /** Something to give back that is decided. */
  private record Request(
      UUID id,
      String returnId,
      Map<String, Integer> units,
      Money amount,
      String reason,
      boolean asks,
      Instant dueAt) {}

  private Purse.Wanted want(
      WorkingOrder order, Request request, Topology.Account channel, Application cause) {
    var wanted =
        new Purse.Wanted(
            request.id() == null ? book.ids.next() : request.id(),
            request.returnId(),
            request.units(),
            request.amount().amount(),
            request.reason(),
            cause.actor(),
            cause.messageId(),
            request.asks() ? RefundState.REQUESTED : RefundState.DUE,
            book.now,
            true);
    var purse = book.purse(order.id);
    purse.wanted.add(wanted);
    order.changed = true;
    wanted.dueAt = request.asks() ? book.now.plus(channel.money().refundWithin()) : request.dueAt();
    if (!request.asks()) {
      book.event(
          order,
          "refund.due",
          "%s are due to the buyer%s and are given back in '%s'."
              .formatted(request.amount(), why(request), order.account),
          cause);
      if (!request.dueAt().isAfter(book.now)) {
        overdue(order, wanted, cause);
      }
      return wanted;
    }
    book.owe(
        channel, REFUND, REFUND, order.id, wanted.text(), content(order, wanted), cause, false);
    book.event(
        order,
        "refund.requested",
        "'%s' is asked to give %s back%s (refund '%s')."
            .formatted(order.account, request.amount(), why(request), wanted.text()),
        cause);
    return wanted;
  }

  private static String why(Request request) {
    return request.returnId() != null
        ? " for return '" + request.returnId() + "'"
        : request.reason() == null ? "" : " (" + request.reason() + ")";
  }

  private static ObjectNode content(WorkingOrder order, Purse.Wanted wanted) {
    var lines = new ArrayList<Refund.Line>();
    wanted.units.forEach(
        (lineId, units) -> lines.add(new Refund.Line(lineId, units, Refund.Restock.NONE)));
    var content = JsonNodeFactory.instance.objectNode();
    content.set("channel", order.document.get("channel"));
    content.put("orderId", HubWriter.orderId(order.id));
    content.put("request", wanted.text());
    if (wanted.reason != null) {
      content.put("reason", wanted.reason);
    }
    content.set("lines", Json.node(lines));
    content.set("total", Json.node(new Money(wanted.amount, order.currency)));
    return content;
  }

  private static boolean offers(Topology.Account channel) {
    return channel.publishStatus() && channel.offers(REFUND);
  }

  /** What was paid and is neither given back nor asked for; null when nobody says what was paid. */
  private static Money left(WorkingOrder order, Order state, Purse purse) {
    var captured = Cashier.captured(state, order.payment, purse);
    return captured == null
        ? null
        : captured
            .minus(Cashier.refunded(state, order.payment, purse))
            .minus(new Money(purse.asked(), order.currency));
  }

  /** What came of a wish to give money back: what it is called and comes to, or why not. */
  record Asked(String id, Money amount, RefundState state, String refusal) {
    static Asked refused(String sentence) {
      return new Asked(null, null, null, sentence);
    }
  }

  /** A person wants money given back; asked again under the same id it is the same refund. */
  Asked ask(WorkingOrder order, RefundOrder command, Application cause) {
    var id = command.id();
    var units = command.units();
    var wanted = command.amount();
    if (order.document == null) {
      return Asked.refused(
          "Order '%s' has not arrived yet, so nothing of it can be given back."
              .formatted(order.shown()));
    }
    if (order.history()) {
      return Asked.refused(
          "Order '%s' is history: give its money back in '%s'."
              .formatted(order.shown(), order.account));
    }
    var purse = book.purse(order.id);
    var again = purse.wanted.stream().filter(w -> w.id.equals(id)).findFirst().orElse(null);
    if (again != null) {
      return again.units.equals(units)
              && (wanted == null || wanted.compareTo(again.amount) == 0)
              && (wanted != null || !units.isEmpty())
          ? new Asked(again.text(), money(order, again), again.state, null)
          : Asked.refused(
              "This key was used for another refund of order '%s'; send this one under a key of its own."
                  .formatted(order.shown()));
    }
    for (var part : units.entrySet()) {
      var line = line(order, part.getKey());
      if (line == null) {
        return Asked.refused(
            "Order '%s' has no line '%s'; name one of its lines."
                .formatted(order.shown(), part.getKey()));
      }
      var asked =
          purse.wanted.stream()
              .filter(w -> w.state.open())
              .mapToInt(w -> w.units.getOrDefault(part.getKey(), 0))
              .sum();
      var left = line.ordered - line.refunded - asked;
      if (part.getValue() > left) {
        return Asked.refused(
            "Of line '%s' of order '%s' %d unit(s) are not refunded or asked for; ask for no more than that."
                .formatted(part.getKey(), order.shown(), Math.max(0, left)));
      }
    }
    var state = Json.as(order.document, Order.class);
    var amount = wanted == null ? new Worth(state).of(units) : new Money(wanted, order.currency);
    if (amount.amount().signum() <= 0) {
      return Asked.refused(
          "There is nothing to give back: what is asked for of order '%s' costs nothing. Name an amount."
              .formatted(order.shown()));
    }
    if (amount.rounded().compareTo(amount) != 0) {
      return Asked.refused(
          "%s cannot be paid in %s; round it.".formatted(amount.text(), order.currency));
    }
    var above = command.above(order, purse, amount);
    if (above != null) {
      return Asked.refused(above);
    }
    var captured = Cashier.captured(state, order.payment, purse);
    if (captured == null) {
      return Asked.refused(
          "'%s' does not say what was paid for order '%s': give the money back there."
              .formatted(order.account, order.shown()));
    }
    var left = left(order, state, purse);
    if (amount.compareTo(left) > 0) {
      return Asked.refused(
          "%s of order '%s' cannot be given back: %s were paid and %s are given back or asked for already. Ask for %s at most."
              .formatted(
                  amount,
                  order.shown(),
                  captured,
                  captured.minus(left),
                  left.amount().signum() < 0 ? Money.zero(order.currency) : left));
    }
    var channel = book.topology.accounts().get(order.account);
    var asks = channel != null && offers(channel);
    askedAnew(order, purse, units, amount, cause);
    var done =
        want(
            order,
            new Request(id, null, units, amount, command.reason(), asks, book.now),
            channel,
            cause);
    return new Asked(done.text(), amount, done.state, null);
  }

  // What was refused and is wanted again is one refund: the one before is never asked for again.
  private void askedAnew(
      WorkingOrder order,
      Purse purse,
      Map<String, Integer> units,
      Money amount,
      Application cause) {
    purse.wanted.stream()
        .filter(w -> w.state == RefundState.REFUSED)
        .filter(w -> w.units.equals(units) && w.amount.compareTo(amount.amount()) == 0)
        .findFirst()
        .ifPresent(w -> drop(order, w, "It is asked for anew.", cause));
  }

  private void drop(WorkingOrder order, Purse.Wanted wanted, String why, Application cause) {
    wanted.become(RefundState.DROPPED, book.now);
    wanted.answer = why;
    lift(order, wanted);
    book.event(
        order,
        "refund.dropped",
        "Refund '%s' of %s is not asked for any more."
            .formatted(wanted.text(), money(order, wanted)),
        cause);
  }

  /** What the channel answered to a request of ours. */
  void answered(WorkingOrder order, MoneyAnswer answer, Application cause) {
    var purse = book.purse(order.id);
    var id = Ids.uuid(PREFIX, answer.key());
    var wanted = purse.wanted.stream().filter(w -> w.id.equals(id)).findFirst().orElse(null);
    if (wanted == null || wanted.state == RefundState.CONFIRMED) {
      return;
    }
    order.changed = true;
    if (answer.dropped()) {
      if (wanted.state.open()) {
        drop(order, wanted, answer.refusal(), cause);
      }
      return;
    }
    if (answer.refusal() != null) {
      refused(order, wanted, answer.refusal(), cause);
      return;
    }
    var refundId = answer.remoteId() == null ? wanted.text() : answer.remoteId();
    var given = purse.given.stream().filter(g -> g.refundId.equals(refundId)).findFirst();
    if (given.isPresent()) {
      if (given.get().amount == null && given.get().told == null) {
        given.get().amount = wanted.amount; // told before its sum was
      }
      confirm(order, wanted, given.get());
      Shortfall.show(book, order, wanted, given.get());
      return;
    }
    var lines = new ArrayList<Refund.Line>();
    wanted.units.forEach(
        (lineId, units) -> lines.add(new Refund.Line(lineId, units, Refund.Restock.NONE)));
    var refund =
        new Refund(
            null,
            refundId,
            book.now,
            wanted.text(),
            lines,
            new Money(wanted.amount, order.currency),
            List.of());
    count(order, refund);
    record(order, purse, refund, cause);
  }

  private void refused(WorkingOrder order, Purse.Wanted wanted, String reason, Application cause) {
    if (wanted.state != RefundState.REQUESTED) {
      return;
    }
    wanted.become(RefundState.REFUSED, book.now);
    wanted.answer = reason;
    var sentence =
        "'%s' does not give back %s of order '%s' (refund '%s'): %s. Give it back in the channel, or settle it with the buyer and release this."
            .formatted(order.account, money(order, wanted), order.shown(), wanted.text(), reason);
    order.place(HoldKind.REFUND_DUE, wanted.text(), sentence, book.now);
    book.event(order, "refund.refused", sentence, cause);
  }

  /** Shows what is due to the buyer and has not gone back in time. Answers whether that is news. */
  boolean overdue(WorkingOrder order, Application cause) {
    var found = false;
    for (var wanted : book.purse(order.id).wanted) {
      if (wanted.dueAt != null && !wanted.dueAt.isAfter(book.now)) {
        overdue(order, wanted, cause);
        found = true;
      }
    }
    return found;
  }

  private void overdue(WorkingOrder order, Purse.Wanted wanted, Application cause) {
    wanted.dueAt = null;
    wanted.changed = true;
    var sentence =
        (wanted.state == RefundState.REQUESTED
                ? "%s of order '%s' are asked for%s and have not gone back. Look at the delivery of refund '"
                    + wanted.text()
                    + "' to '%s'."
                : "%s of order '%s' are due to the buyer%s and have not gone back. Give them back in '%s'.")
            .formatted(
                money(order, wanted),
                order.shown(),
                wanted.returnId == null ? "" : " for return '" + wanted.returnId + "'",
                order.account);
    order.place(HoldKind.REFUND_DUE, wanted.text(), sentence, book.now);
    book.event(order, "refund.overdue", sentence, cause);
  }

  private static Money money(WorkingOrder order, Purse.Wanted wanted) {
    return new Money(wanted.amount, order.currency);
  }
}
