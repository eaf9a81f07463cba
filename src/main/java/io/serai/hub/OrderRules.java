package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.FailureKind;
import io.serai.order.Cancellation;
import io.serai.order.FulfilledBy;
import io.serai.order.HoldKind;
import io.serai.order.Order;
import io.serai.order.OrderLine;
import io.serai.order.Refund;
import io.serai.support.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;

/** What orders, cancellations and refunds do to the hub's picture of an order. */
final class OrderRules {
  private final Book book;
  private final Fulfilling fulfilling;
  private final Screening screening;
  private final Wishes wishes;
  private final Edits edits;
  private final Refunding refunding;

  OrderRules(Book book, Fulfilling fulfilling) {
    this.book = book;
    this.screening = new Screening(book);
    this.fulfilling = fulfilling;
    this.wishes = new Wishes(book, fulfilling);
    this.edits = new Edits(book, fulfilling);
    this.refunding = new Refunding(book);
  }

  /** An order is an upsert: an update before its create is the create. */
  ApplyResult apply(Order order, Application cause) {
    var channel = order.channel();
    var known = book.ordersByKey.get(channel.account() + '/' + channel.orderId());
    if (known == null) {
      return create(order, cause);
    }
    if (order.fulfilledBy() == FulfilledBy.HISTORY && known.document != null && !known.history()) {
      return noEffect(
          cause,
          known.id,
          "Order '%s' is here already and goes its way; what an import tells of it changes nothing."
              .formatted(known.shown()));
    }
    var version = version(order, cause);
    if (known.document != null
        && !newer(version, known.channelVersion)
        && !saysMore(order, version, known)) {
      return noEffect(
          cause,
          known.id,
          "The same or a newer state of order '%s' is applied already.".formatted(known.shown()));
    }
    return replace(known, order, version, cause, EditClaim.STATE);
  }

  // Times of whole seconds: of two states of one instant the one that tells of more is the last.
  private static boolean saysMore(Order order, String version, WorkingOrder known) {
    if (newer(known.channelVersion, version)) {
      return false;
    }
    return order.cancelledAt() != null && known.cancelledAt == null
        || Progress.of(order).beyond(Progress.of(Json.as(known.document, Order.class)));
  }

  private ApplyResult create(Order order, Application cause) {
    var channel = order.channel();
    var working = new WorkingOrder(book.ids.next(), channel.account(), channel.orderId(), true);
    working.revision = 1;
    copy(order, working, cause);
    working.channelVersion = version(order, cause);
    var no = 0;
    var countsSales = !working.history() && countsSales(order);
    for (var line : order.lines()) {
      working.lines.add(line(line, ++no));
      if (countsSales && line.sku() != null && line.open() > 0) {
        book.sold.add(
            new Book.Sold(
                channel.account(),
                line.sku(),
                line.open(),
                order.placedAt() == null ? book.now : order.placedAt()));
      }
    }
    book.put(working);
    if (working.history()) {
      book.event(
          working,
          "order.imported",
          "Order '%s' was imported from the past of '%s'; nothing of it is sent and nobody is told."
              .formatted(working.shown(), working.account),
          cause);
    } else {
      book.event(
          working,
          "order.received",
          "Order '%s' arrived from '%s'.".formatted(working.shown(), working.account),
          cause);
    }
    refunding.listed(working, order, cause);
    after(working, order, null, cause);
    return applied(cause, working.id);
  }

  // Where a channel keeps stock at several places nobody knows off which of them it took a sale.
  private boolean countsSales(Order order) {
    var channel = book.topology.accounts().get(order.channel().account());
    return channel != null
        && channel.publishStock()
        && channel.locations().size() < 2
        && book.topology.countsSales().contains(channel.name());
  }

  /** Makes this the state of an order that is known, as far as it may still be otherwise. */
  ApplyResult replace(
      WorkingOrder known, Order wanted, String version, Application why, EditClaim claim) {
    var tombstone = known.document == null;
    var before = known.document;
    var judged = edits.judge(known, wanted, why, claim);
    if (judged.refusal() != null) {
      return HoldOrder.refused(known, judged.refusal());
    }
    var order = judged.order();
    var cause = judged.cause();
    known.revision++;
    known.channelVersion = version;
    known.changed = true;
    var cancelledAt = known.cancelledAt;
    var history = known.history();
    copy(order, known, cause);
    if (history) { // until a person says otherwise
      known.fulfilledBy = FulfilledBy.HISTORY.name();
    }
    if (cancelledAt != null) {
      known.cancelledAt = cancelledAt;
    }
    // A new state is a new chance; it is held again if the cause is still there.
    known.lift(
        h -> h.kind == HoldKind.UNMAPPED || h.kind == HoldKind.UNALLOCATABLE, book.now, null, null);
    var no = known.lines.size();
    for (var line : order.lines()) {
      var existing = known.lines.stream().filter(l -> l.lineId.equals(line.lineId())).findFirst();
      if (existing.isEmpty()) {
        known.lines.add(line(line, ++no));
      } else {
        merge(existing.get(), line, before);
      }
    }
    // A line that the channel no longer lists is wanted no more.
    for (var line : known.lines) {
      if (line.parent == null
          && order.lines().stream().noneMatch(l -> l.lineId().equals(line.lineId))) {
        line.wantCancelled(line.ordered - line.shipped);
      }
    }
    Wishes.widen(known);
    if (claim.by() != EditClaim.By.PERSON) {
      book.event(
          known,
          tombstone
              ? "order.received"
              : order.fulfilledBy() == FulfilledBy.HISTORY ? "order.imported" : "order.updated",
          tombstone
              ? "Order '%s' arrived after its cancellation; nothing is sent."
                  .formatted(known.shown())
              : "Order '%s' was changed in the channel%s."
                  .formatted(known.shown(), LineChanges.of(before, order)),
          cause);
    }
    refunding.listed(known, order, cause);
    after(known, order, judged.edit(), cause);
    return applied(cause, known.id);
  }

  private void after(WorkingOrder working, Order order, Edit edit, Application cause) {
    if (working.history()) {
      past(working, order, cause);
    } else if (order.cancelledWhole() || working.cancelledAt != null) {
      cancelWhole(
          working, order.cancelledAt() == null ? working.cancelledAt : order.cancelledAt(), cause);
    } else if (working.test && working.open(HoldKind.TEST, null) == null) {
      working.place(
          HoldKind.TEST,
          "A test order is kept and not sent to a warehouse.",
          null,
          null,
          book.now,
          null);
      book.event(working, "order.held", working.holdReason, cause);
      fulfilling.takeBack(working, cause);
    } else {
      for (var line : working.lines) {
        line.title = line.parent == null ? title(order, line.lineId) : line.title;
      }
      var heldAnew = screening.screen(working, order, cause);
      if (collectedNowhere(working)) {
        fulfilling.hold(
            working,
            FailureKind.UNALLOCATABLE,
            "Order '%s' is to be collected at '%s', which is no node. Add the place under serai.nodes, then replay."
                .formatted(
                    working.shown(), working.document.at("/service/pickup/locationId").asText("")),
            cause);
      }
      if (heldAnew) {
        fulfilling.takeBack(working, cause);
      }
      edits.readdress(working, edit, cause);
      fulfilling.settle(working, cause);
      edits.await(working, edit);
    }
  }

  // What is over is only known. What its channel says since may be news: a person decides.
  private void past(WorkingOrder working, Order order, Application cause) {
    var imported = order.fulfilledBy() == FulfilledBy.HISTORY;
    if (order.cancelledWhole() && working.cancelledAt == null) {
      working.cancelledAt = order.cancelledAt() == null ? book.now : order.cancelledAt();
    }
    for (var line : working.lines) {
      if (working.cancelledAt != null) {
        line.cancelWanted = line.ordered - line.shipped;
      }
      line.cancelled = Math.max(line.cancelled, line.cancelWanted);
      line.changed = true;
    }
    var units =
        imported
            ? 0
            : working.lines.stream()
                .filter(WorkingOrder.Line::goods)
                .mapToInt(l -> l.ordered - l.shipped - l.cancelled)
                .sum();
    if (units <= 0) {
      working.lift(h -> h.kind == HoldKind.HISTORY, book.now, null, null);
      return;
    }
    var sentence =
        "Order '%s' was imported as history, and '%s' says that %d unit(s) of it are still to be sent. Release it to have them sent, or have the channel say that they left."
            .formatted(working.shown(), working.account, units);
    if (working.place(
        HoldKind.HISTORY, sentence, null, book.now.plus(HoldKind.HISTORY.due()), book.now, null)) {
      book.event(working, "order.held", sentence, cause);
    }
  }

  private boolean collectedNowhere(WorkingOrder working) {
    var pickup = working.document.at("/service/pickup");
    var place = pickup.path("locationId").asText(null);
    return pickup.isObject() && book.topology.nodes().stream().noneMatch(n -> n.id().equals(place));
  }

  private static String title(Order order, String lineId) {
    for (var line : order.lines()) {
      if (line.lineId().equals(lineId)) {
        return line.title();
      }
    }
    return null;
  }

  private void cancelWhole(WorkingOrder working, Instant at, Application cause) {
    working.cancelledAt = at == null ? book.now : at;
    Wishes.settled(working);
    // Nobody has to act for an order that nobody wants, but for what has left all the same.
    var here =
        book.parcels.values().stream()
            .filter(p -> !p.state.sent())
            .map(WorkingParcel::text)
            .toList();
    working.lift(
        h -> h.subject == null || h.kind == HoldKind.MANUAL || here.contains(h.subject),
        book.now,
        null,
        "cancelled");
    working.changed = true;
    for (var line : working.lines) {
      line.cancelWanted = line.ordered - line.shipped;
      line.changed = true;
    }
    book.event(
        working, "order.cancelled", "Order '%s' was cancelled.".formatted(working.shown()), cause);
    fulfilling.settle(working, cause);
  }

  private static WorkingOrder.Line line(OrderLine source, int no) {
    var line = new WorkingOrder.Line(no, source.lineId(), true);
    line.sku = source.sku();
    line.code = source.sku();
    line.title = source.title();
    line.kind = source.kind().name();
    line.requiresShipping = source.requiresShipping();
    preorder(line, source);
    line.ordered = source.ordered();
    line.cancelWanted = source.cancelled();
    line.cancelled = source.cancelled();
    line.shipped = source.shipped();
    line.returned = source.returned();
    line.refunded = source.refunded();
    return line;
  }

  private static void preorder(WorkingOrder.Line line, OrderLine source) {
    var preorder = source.preorder() != null;
    if (preorder || line.preorder) {
      line.preorder = preorder;
      line.promisedAt =
          preorder && source.preorder().promisedAt() != null
              ? source.preorder().promisedAt()
              : preorder ? line.promisedAt : null;
      line.promiseChanged = true;
    }
  }

  private static void merge(WorkingOrder.Line line, OrderLine source, JsonNode before) {
    var said = Edits.line(before, line.lineId);
    line.exchanged = said != null && !said.path("sku").asText("").equals(text(source.sku()));
    if (!line.isSet()) {
      line.sku = source.sku();
    }
    line.code = source.sku();
    line.title = source.title();
    preorder(line, source);
    var more = said == null ? 0 : source.ordered() - source.cancelled() - Edits.wanted(said);
    merge(line, source.ordered(), source.cancelled(), source.shipped(), more);
    for (var component : line.components) {
      var each = component.perParent;
      merge(
          component,
          line.ordered * each,
          unwanted(line, source) * each,
          source.shipped() * each,
          0);
    }
    line.returned = Math.max(line.returned, source.returned());
    line.refunded = Math.max(line.refunded, source.refunded());
  }

  private static String text(String sku) {
    return sku == null ? "" : sku;
  }

  private static int unwanted(WorkingOrder.Line line, OrderLine source) {
    return line.ordered - (source.ordered() - source.cancelled());
  }

  /**
   * Takes over a line's quantities.
   *
   * @param more how many units more the channel wants than before: what was cancelled stays so, and
   *     they come on top
   */
  private static void merge(
      WorkingOrder.Line line, int ordered, int cancelled, int shipped, int more) {
    line.ordered = Math.max(Math.max(ordered, line.placed()), more > 0 ? line.ordered + more : 0);
    line.backordered =
        Math.min(line.backordered, line.ordered - line.cancelled - line.allocated - line.shipped);
    leftElsewhere(line, shipped);
    // What is promised stays ordered until the node lets go of it, so what the channel wants less
    // is to be cancelled, whether it says so in cancelled or in ordered units.
    var unwanted = line.ordered - (ordered - cancelled);
    line.cancelWanted =
        Math.max(line.cancelWanted, Math.min(unwanted, line.ordered - line.shipped));
    line.changed = true;
  }

  // Units that the channel saw leave by other hands, as far as no node was asked for them yet.
  private static void leftElsewhere(WorkingOrder.Line line, int shipped) {
    var free = line.unplaced();
    var units = Math.min(shipped - line.shipped, free + line.backordered);
    if (units > 0) {
      line.shipped += units;
      line.backordered -= Math.max(0, units - free);
    }
  }

  private static void copy(Order order, WorkingOrder working, Application cause) {
    working.displayNumber = order.channel().displayNumber();
    working.currency = order.currency();
    var totals = order.totals();
    working.grandTotal =
        totals == null || totals.channelGrandTotal() == null
            ? null
            : totals.channelGrandTotal().amount();
    working.moneyMismatch = order.moneyMismatch().isPresent();
    working.test = order.test();
    working.fulfilledBy =
        (order.fulfilledBy() == null ? FulfilledBy.MERCHANT : order.fulfilledBy()).name();
    working.payment = order.payment() == null ? null : order.payment().state();
    working.buyerEmail =
        order.buyer() == null || order.buyer().email() == null
            ? working.buyerEmail
            : order.buyer().email();
    working.shipCountry =
        order.shipTo() == null || order.shipTo().address() == null
            ? working.shipCountry
            : order.shipTo().address().countryCode();
    working.placedAt = order.placedAt();
    var together = order.service() == null ? null : order.service().shipComplete();
    working.queue(Priorities.of(order), together == null ? working.shipAvailable : !together);
    if (working.document == null) {
      working.document = cause.json();
      working.newDocument = cause.text();
    } else {
      working.document = Parties.keepGoodData(working.document, cause.json());
      working.newDocument = Json.text(working.document);
    }
  }

  private static String version(Order order, Application cause) {
    return order.updatedAt() != null
        ? order.updatedAt().toString()
        : cause.message() == null ? null : cause.message().version();
  }

  /**
   * Whether a version is newer: as instants where both are, else as text; no version is always
   * newer.
   */
  static boolean newer(String version, String than) {
    if (version == null || than == null) {
      return true;
    }
    try {
      return Instant.parse(version).isAfter(Instant.parse(than));
    } catch (DateTimeParseException e) {
      return version.compareTo(than) > 0;
    }
  }

  /** Whether the order's state that is applied was written after something happened to it. */
  private static boolean knows(WorkingOrder working, Instant happened) {
    return working.document != null
        && happened != null
        && working.channelVersion != null
        && !newer(happened.toString(), working.channelVersion);
  }

  /**
   * Cancels all or part. One of the whole order leaves a tombstone when it comes first, so that
   * nothing is sent later; one of a part waits for its order.
   */
  ApplyResult apply(Cancellation cancellation, Application cause) {
    var channel = cancellation.channel();
    var working = book.ordersByKey.get(channel.account() + '/' + channel.orderId());
    if (working == null && cancellation.request() != null) {
      return new ApplyResult.Waits(
          channel.account() + '/' + channel.orderId(),
          "A wish to cancel waits for order '%s', which has not arrived yet."
              .formatted(channel.orderId()));
    }
    if (working == null && !cancellation.lines().isEmpty()) {
      return new ApplyResult.Waits(
          channel.account() + '/' + channel.orderId(),
          "A partial cancellation waits for order '%s', which has not arrived yet."
              .formatted(channel.orderId()));
    }
    if (working == null) {
      working = new WorkingOrder(book.ids.next(), channel.account(), channel.orderId(), true);
      working.revision = 0;
      working.displayNumber = channel.displayNumber();
      working.cancelledAt = cancellation.cancelledAt();
      working.placedAt = cancellation.cancelledAt();
      book.put(working);
      book.event(
          working,
          "order.cancelled",
          "Order '%s' was cancelled before it arrived; nothing will be sent."
              .formatted(working.shown()),
          cause);
      return applied(cause, working.id);
    }
    if (cancellation.request() != null) {
      var refused = wishes.ask(working, cancellation, cancellation.request(), cause);
      return refused instanceof ApplyResult.NoEffect none
          ? noEffect(cause, working.id, none.reason())
          : applied(cause, working.id);
    }
    if (cancellation.lines().isEmpty()) {
      if (working.cancelledAt != null) {
        return noEffect(
            cause, working.id, "Order '%s' is cancelled already.".formatted(working.shown()));
      }
      cancelWhole(working, cancellation.cancelledAt(), cause);
      return applied(cause, working.id);
    }
    if (knows(working, cancellation.cancelledAt())) {
      return noEffect(
          cause,
          working.id,
          "The state of order '%s' that is applied knows of this cancellation."
              .formatted(working.shown()));
    }
    for (var part : cancellation.lines()) {
      for (var line : working.lines) {
        if (line.lineId.equals(part.lineId())) {
          line.wantCancelled(
              Math.min(line.ordered - line.shipped, line.cancelWanted + part.quantity()));
        }
      }
    }
    working.changed = true;
    book.event(
        working,
        "order.cancelled",
        "A part of order '%s' was cancelled.".formatted(working.shown()),
        cause);
    fulfilling.settle(working, cause);
    return applied(cause, working.id);
  }

  /**
   * Counts what was refunded; units that never left and are not wanted any more are cancelled. A
   * refund that the order's own state knows already is noted and not counted again.
   */
  ApplyResult apply(Refund refund, Application cause) {
    var channel = refund.channel();
    var working = book.ordersByKey.get(channel.account() + '/' + channel.orderId());
    if (working == null || working.document == null && working.cancelledAt == null) {
      return new ApplyResult.Waits(
          channel.account() + '/' + channel.orderId(),
          "Refund '%s' waits for order '%s', which has not arrived yet."
              .formatted(refund.refundId(), channel.orderId()));
    }
    if (!refunding.told(working, refund, cause)) {
      return noEffect(
          cause,
          working.id,
          "Refund '%s' of order '%s' is known already."
              .formatted(refund.refundId(), working.shown()));
    }
    fulfilling.settle(working, cause);
    return applied(cause, working.id);
  }

  private ApplyResult applied(Application cause, UUID orderId) {
    book.end(cause, "APPLIED", orderId, null);
    return new ApplyResult.Applied(orderId, null);
  }

  private ApplyResult noEffect(Application cause, UUID orderId, String reason) {
    book.end(cause, "IGNORED", orderId, reason);
    return new ApplyResult.NoEffect(orderId, reason);
  }
}
