package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.HoldKind;
import io.serai.order.Return;
import io.serai.order.ReturnState;
import io.serai.support.Ids;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What returns do to the hub's picture of an order: what is to come back, and where that stands.
 *
 * <p>Guarantee: a return that cannot be is refused with nothing done, by name, and stops nothing
 * else; all of what another does is one transaction. Request and receipt may come in either order.
 * Gap: a request that comes after the goods is matched to them by its name, or else by its lines;
 * see {@link ReturnSplit}.
 */
final class ReturnRules {
  private static final int LONGEST = 200;

  private final Book book;
  private final Fulfilling fulfilling;

  ReturnRules(Book book, Fulfilling fulfilling) {
    this.book = book;
    this.fulfilling = fulfilling;
  }

  /** The order that a return is of, or null. */
  static WorkingOrder order(Book book, Return told) {
    if (told.channel() != null) {
      return book.ordersByKey.get(told.channel().account() + '/' + told.channel().orderId());
    }
    var order =
        told.fulfillmentId() == null
            ? null
            : book.ordersByFulfillment.get(Ids.uuid("ful", told.fulfillmentId()));
    var named = told.returnId() == null ? null : book.returnsByName.get(told.returnId());
    return order != null || named == null ? order : book.ordersById.get(named);
  }

  /** Takes over what a channel or a node tells of a return. */
  ApplyResult apply(Return told, Application cause) {
    var order = order(book, told);
    if (order == null || order.document == null && order.cancelledAt == null) {
      return unknown(told, cause);
    }
    if (order.document == null) {
      return HoldOrder.refused(
          order,
          "Return '%s' is of order '%s', which was cancelled before it arrived; nothing of it left. Discard it."
              .formatted(name(told), order.shown()));
    }
    var lines = new ReturnLines(book, order);
    var arrivals = new ReturnReceipts(book, fulfilling, order, lines);
    var match = match(order, told, lines, arrivals, cause.source());
    var split =
        match != null && ReturnSplit.isMeant(match, told)
            ? new ReturnSplit(book, match, told)
            : null;
    var known = split == null ? match : split.taken();
    var announces = told.state() != null || !told.lines().isEmpty();
    var stale =
        known != null
            && announces
            && known.version != null
            && !OrderRules.newer(version(told, cause), known.version);
    var expected = new LinkedHashMap<Integer, Integer>();
    if (announces && !stale) {
      var fault = expected(told, known, lines, expected, order);
      if (fault != null && split != null) { // no two of them can be: it is another name for one
        split.undo();
        split = null;
        known = match;
        expected.clear();
        fault = expected(told, known, lines, expected, order);
      }
      if (fault != null) {
        return HoldOrder.refused(order, fault);
      }
    }
    var judged = new ArrayList<ReturnReceipts.Judged>();
    for (var receipt : told.receipts()) {
      var one = arrivals.judge(name(told), known, receipt, cause.source());
      if (one.failure() != null) {
        return new ApplyResult.Failed(one.failure());
      }
      judged.add(one);
    }
    if ((!announces || stale) && judged.stream().allMatch(ReturnReceipts.Judged::again)) {
      var reason =
          stale
              ? "The same or a newer state of return '%s' is applied already.".formatted(name(told))
              : "This receipt is counted already.";
      book.end(cause, "IGNORED", order.id, reason);
      return new ApplyResult.NoEffect(order.id, reason);
    }
    var one = known == null ? made(order, told, cause) : known;
    if (split != null) {
      split.keep(order, name(told), cause);
    }
    if (announces && !stale) {
      announce(order, one, told, expected, cause);
    }
    var paid = Boolean.FALSE.equals(told.refund());
    var named = told.returnId() != null ? told.returnId() : told.name();
    judged.forEach(receipt -> arrivals.count(one, named, receipt, !paid, cause));
    if (announces && !stale) {
      reach(order, one, told.state(), cause);
    }
    order.changed = true;
    book.end(cause, "APPLIED", order.id, null);
    return new ApplyResult.Applied(order.id, one.id);
  }

  private static ApplyResult unknown(Return told, Application cause) {
    if (told.channel() != null) {
      return new ApplyResult.Waits(
          told.channel().account() + '/' + told.channel().orderId(),
          "Return '%s' waits for order '%s', which has not arrived yet."
              .formatted(name(told), told.channel().orderId()));
    }
    return new ApplyResult.Failed(
        Failure.of(
            FailureKind.INVALID,
            "Return '%s' of '%s' names nothing that was sent from here. Ask '%s' which order it is of, correct it and replay it, or discard it."
                .formatted(name(told), cause.source(), cause.source()),
            Place.of(cause.source())));
  }

  private static String name(Return told) {
    return told.name() != null
        ? told.name()
        : told.returnId() != null
            ? told.returnId()
            : told.receipts().isEmpty() ? "without a name" : told.receipts().getFirst().receiptId();
  }

  private static String version(Return told, Application cause) {
    return told.updatedAt() != null
        ? told.updatedAt().toString()
        : cause.message() == null ? null : cause.message().version();
  }

  // By its name, or by one that a receipt had; else a request is of what came unannounced, and a
  // receipt of what somebody else
  // counted already, or else of what is awaited: what is not counted is seen, for it stays awaited.
  private WorkingReturn match(
      WorkingOrder order, Return told, ReturnLines lines, ReturnReceipts arrivals, String source) {
    var all = book.returns.getOrDefault(order.id, List.of());
    for (var one : all) {
      if (told.returnId() != null && one.isCalled(told.returnId())
          || told.name() != null && one.isCalled(told.name())
          || told.receipts().stream()
              .anyMatch(r -> one.receipts.stream().anyMatch(k -> is(k, r)))) {
        return one;
      }
    }
    for (var one : all) {
      if (ReturnSplit.isMeant(one, told)
          || !told.receipts().isEmpty()
              && one.receipts.stream().anyMatch(r -> one.isToldAs(r, told))) {
        return one;
      }
    }
    if (told.returnId() == null && told.name() == null) {
      for (var one : all) {
        if (!one.state.awaits() && arrivals.has(one, told.receipts(), source)) {
          return one;
        }
      }
    }
    var fitting =
        all.stream()
            .filter(r -> told.kind() == null || told.kind() == r.kind)
            .filter(
                r ->
                    told.receipts().isEmpty()
                        ? !r.announced && covers(r, told, lines)
                        : r.state.awaits() && awaits(r, told, lines))
            .toList();
    return told.receipts().isEmpty()
        ? fitting.stream().findFirst().orElse(null)
        : fitting.size() == 1 ? fitting.getFirst() : null;
  }

  private static boolean is(WorkingReturn.Receipt known, Return.Receipt told) {
    return known.receiptId().equals(told.receiptId())
        && (told.node() == null || told.node().equals(known.node()));
  }

  private static boolean covers(WorkingReturn one, Return told, ReturnLines lines) {
    var nothing = Map.<Integer, Integer>of();
    return !told.lines().isEmpty()
        && told.lines().stream()
            .map(l -> lines.resolve(l.lineId(), l.sku(), l.quantity(), one, nothing))
            .allMatch(
                units ->
                    units != null && units.keySet().stream().allMatch(no -> one.received(no) > 0));
  }

  private static boolean awaits(WorkingReturn one, Return told, ReturnLines lines) {
    var nothing = Map.<Integer, Integer>of();
    return told.receipts().stream()
        .flatMap(r -> r.lines().stream())
        .map(l -> lines.resolve(l.lineId(), l.sku(), l.quantity(), one, nothing))
        .anyMatch(
            units ->
                units != null
                    && units.keySet().stream()
                        .anyMatch(
                            no -> one.lines.stream().anyMatch(l -> l.no == no && l.open() > 0)));
  }

  private static String expected(
      Return told,
      WorkingReturn known,
      ReturnLines lines,
      Map<Integer, Integer> expected,
      WorkingOrder order) {
    for (var line : told.lines()) {
      var units = lines.resolve(line.lineId(), line.sku(), line.quantity(), known, expected);
      if (units == null) {
        return "Return '%s' names '%s', which order '%s' does not have. Ask its sender, correct it and replay it, or discard it."
            .formatted(
                name(told), line.lineId() != null ? line.lineId() : line.sku(), order.shown());
      }
      units.forEach((no, count) -> expected.merge(no, count, Integer::sum));
    }
    // What ends asks for nothing more.
    var asks = told.state() == null || told.state().awaits();
    var kind = told.kind() != null ? told.kind() : known == null ? Return.Kind.RETURN : known.kind;
    return asks ? lines.tooMany(name(told), kind, known, expected) : null;
  }

  private WorkingReturn made(WorkingOrder order, Return told, Application cause) {
    var one =
        new WorkingReturn(book.ids.next(), order.id, cause.source(), ReturnState.REQUESTED, true);
    one.remoteId = told.returnId();
    if (told.name() != null || told.returnId() != null) {
      one.name = told.name() != null ? told.name() : told.returnId();
    }
    one.kind = told.kind() == null ? Return.Kind.RETURN : told.kind();
    one.node = told.node();
    // What a carrier brings back that nobody spoke of may be sent again: people decide on its
    // money.
    var announced = told.state() != null || !told.lines().isEmpty();
    one.refund =
        told.refund() != null
            ? told.refund()
            : announced || one.kind != Return.Kind.RETURNED_TO_SENDER;
    book.returns.computeIfAbsent(order.id, id -> new ArrayList<>()).add(one);
    return one;
  }

  private void announce(
      WorkingOrder order,
      WorkingReturn one,
      Return told,
      Map<Integer, Integer> expected,
      Application cause) {
    var first = !one.announced;
    one.announced = true;
    one.changed = true;
    one.version = version(told, cause);
    one.kind = told.kind() == null ? one.kind : told.kind();
    one.node = told.node() == null ? one.node : told.node();
    one.reason = told.reason() == null ? one.reason : told.reason();
    if (first && (told.returnId() != null || told.name() != null)) {
      one.remoteId = told.returnId(); // what came unannounced gets the name it was given
      one.name = told.name() != null ? told.name() : told.returnId();
    }
    expect(one, expected, told.lines());
    if (first) {
      requested(order, one, cause);
    }
  }

  private static void expect(
      WorkingReturn one, Map<Integer, Integer> expected, List<Return.Line> told) {
    if (expected.isEmpty()) {
      return;
    }
    expected.keySet().forEach(one::line);
    for (var line : one.lines) {
      var units = expected.getOrDefault(line.no, 0);
      if (units != line.quantity) {
        line.quantity = units;
        line.changed = true;
      }
    }
    if (told.size() == one.lines.size()) {
      for (var i = 0; i < told.size(); i++) {
        if (told.get(i).reason() != null) {
          one.lines.get(i).reason = told.get(i).reason();
          one.lines.get(i).changed = true;
        }
      }
    }
  }

  private void requested(WorkingOrder order, WorkingReturn one, Application cause) {
    var units = new LinkedHashMap<Integer, Integer>();
    one.lines.forEach(line -> units.put(line.no, line.quantity));
    book.event(
        order,
        "return.requested",
        "Return '%s' of order '%s' is %s: %s%s%s."
            .formatted(
                one.name,
                order.shown(),
                switch (one.kind) {
                  case RETURN -> "announced";
                  case EXCHANGE -> "announced, to be exchanged";
                  case RETURNED_TO_SENDER -> "brought back by a carrier";
                },
                new ReturnLines(book, order).words(units),
                one.node == null ? "" : ", to '%s'".formatted(one.node),
                one.reason == null ? "" : " (%s)".formatted(cut(one.reason))),
        one,
        cause);
  }

  // Buyers write at length.
  private static String cut(String reason) {
    return reason.length() > LONGEST ? reason.substring(0, LONGEST) + "…" : reason;
  }

  /** Lets a return come to stand where somebody says it does. */
  void reach(WorkingOrder order, WorkingReturn one, ReturnState wanted, Application cause) {
    if (wanted == null || wanted == one.state && wanted != ReturnState.REQUESTED) {
      return;
    }
    if (wanted == ReturnState.REQUESTED) {
      approve(order, one, cause);
      return;
    }
    if (!one.may(wanted) || one.state == ReturnState.CLOSED && one.complete()) {
      if (!wanted.awaits()) {
        book.event(
            order,
            "return.contradicted",
            "'%s' says that return '%s' of order '%s' is %s. It is %s here and stays so."
                .formatted(cause.source(), one.name, order.shown(), wanted, one.state),
            one,
            cause);
      }
      return;
    }
    one.to(wanted);
    switch (wanted) {
      case APPROVED, IN_TRANSIT -> {
        one.approvedAt = one.approvedAt == null ? book.now : one.approvedAt;
        one.dueAt = book.now.plus(book.topology.returns().overdue());
        one.closedAt = null;
      }
      case RECEIVED -> received(order, one);
      default -> {
        ended(order, one);
        one.closedAt = book.now;
        order.lift(h -> h.kind == HoldKind.RETURN && is(h, one), book.now, null, null);
      }
    }
    var kind =
        switch (wanted) {
          case APPROVED -> "return.approved";
          case IN_TRANSIT -> "return.sent";
          case RECEIVED -> "return.received";
          case DECLINED -> "return.declined";
          case CANCELLED -> "return.cancelled";
          default -> "return.closed";
        };
    var sentence =
        switch (wanted) {
          case APPROVED -> "Return '%s' of order '%s' may come; it is awaited until %s.";
          case IN_TRANSIT -> "Return '%s' of order '%s' is on its way; it is awaited until %s.";
          case RECEIVED -> "Return '%s' of order '%s' is there, says '%s'.";
          case DECLINED -> "Return '%s' of order '%s' was declined.";
          case CANCELLED -> "Return '%s' of order '%s' was cancelled; nothing of it is awaited.";
          default -> "Return '%s' of order '%s' is closed.";
        };
    var until = one.dueAt == null ? null : one.dueAt.truncatedTo(ChronoUnit.SECONDS);
    var last = wanted == ReturnState.RECEIVED ? cause.source() : until;
    book.event(order, kind, sentence.formatted(one.name, order.shown(), last), one, cause);
  }

  /** Nothing of it is awaited any more. */
  void ended(WorkingOrder order, WorkingReturn one) {
    one.dueAt = null;
    one.changed = true;
    order.lift(h -> h.kind == HoldKind.RETURN_OVERDUE && is(h, one), book.now, null, null);
  }

  /** All of it is there. */
  void received(WorkingOrder order, WorkingReturn one) {
    one.receivedAt = book.now;
    one.closedAt = null;
    ended(order, one);
  }

  private static boolean is(WorkingOrder.Hold hold, WorkingReturn one) {
    return one.text().equals(hold.subject);
  }

  // A rule may agree where nobody has to look; what it went by is kept with the return.
  private void approve(WorkingOrder order, WorkingReturn one, Application cause) {
    var within = book.topology.returns().approveWithin();
    if (within == null
        || one.state != ReturnState.REQUESTED
        || one.decision != null
        || order.placedAt == null
        || order.placedAt.plus(within).isBefore(book.now)) {
      return;
    }
    var sentence =
        "Order '%s' was placed %d day(s) ago; returns within %d day(s) are approved."
            .formatted(
                order.shown(),
                Duration.between(order.placedAt, book.now).toDays(),
                within.toDays());
    one.decision = new WorkingReturn.Approval("serai.returns.approve-within", sentence, book.now);
    reach(order, one, ReturnState.APPROVED, cause);
    book.event(
        order,
        "return.decided",
        "Return '%s' was approved by a rule: %s".formatted(one.name, sentence),
        one,
        cause);
  }

  /** The return of that id, or null. */
  WorkingReturn find(WorkingOrder order, java.util.UUID id) {
    return book.returns.getOrDefault(order.id, List.of()).stream()
        .filter(r -> r.id.equals(id))
        .findFirst()
        .orElse(null);
  }

  /** Takes over a return that a person or a program opens. */
  ApplyResult open(WorkingOrder order, Return told, OpenReturn asked, Application cause) {
    if (order.document == null) {
      return HoldOrder.refused(
          order, "Order '%s' was cancelled before it arrived.".formatted(order.shown()));
    }
    var lines = new ReturnLines(book, order);
    var expected = new LinkedHashMap<Integer, Integer>();
    var fault = expected(told, null, lines, expected, order);
    if (fault != null) {
      return HoldOrder.refused(order, fault);
    }
    if (told.returnId() != null
        && book.returns.getOrDefault(order.id, List.of()).stream()
            .anyMatch(r -> r.isCalled(told.returnId()))) {
      return HoldOrder.refused(
          order,
          "Order '%s' has a return '%s' already. Give it another name, or receive that one."
              .formatted(order.shown(), told.returnId()));
    }
    var exchange =
        asked.exchange().isEmpty()
            ? null
            : new WorkingReturn.Exchange(asked.exchange(), asked.atOnce(), null);
    var one =
        new WorkingReturn(book.ids.next(), order.id, cause.source(), ReturnState.REQUESTED, true);
    if (exchange != null && exchange.atOnce()) {
      one.exchange = exchange;
      one.name = told.returnId() == null ? one.text() : told.returnId();
      var sent = new Replacements(book, fulfilling).exchange(order, one, cause);
      if (!(sent instanceof ApplyResult.Applied)) {
        return sent;
      }
    } else {
      one.exchange = exchange;
    }
    one.name = told.returnId() == null ? one.text() : told.returnId();
    one.parcelId = asked.parcelId();
    one.once = asked.once();
    one.refund = asked.refund() && exchange == null;
    book.returns.computeIfAbsent(order.id, id -> new ArrayList<>()).add(one);
    announce(order, one, told, expected, cause);
    reach(order, one, told.state(), cause);
    order.changed = true;
    return new ApplyResult.Applied(order.id, one.id);
  }
}
