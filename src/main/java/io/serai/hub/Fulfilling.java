package io.serai.hub;

import static io.serai.hub.WorkingOrder.Fulfillment.ANYWHERE;
import static io.serai.hub.WorkingOrder.Fulfillment.SAME;

import io.serai.failure.FailureKind;
import io.serai.order.HoldKind;
import io.serai.order.RefusalCode;
import io.serai.outbox.Delivery;
import io.serai.support.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings what nodes are asked to do in line with what the order wants: allocates and releases open
 * units, takes back what is cancelled. Runs after every change of an order and is safe to run
 * again.
 */
final class Fulfilling {
  /** The canonical document, and outbox route, of a request to a node's partner. */
  static final String REQUEST = "fulfillment-request";

  /** The canonical document, and outbox route, of a cancellation. */
  static final String CANCELLATION = "cancellation";

  /** How long a node may take to say whether it stops what it has. */
  static final Duration PATIENCE = Duration.ofHours(4);

  private final Book book;
  private final Allocating allocating;

  /**
   * Works on one transaction's book.
   *
   * @param mayHandOn whether deliveries may be inserted as SENDING, leased to this node
   */
  Fulfilling(Book book, boolean mayHandOn) {
    this.book = book;
    this.allocating = new Allocating(book, mayHandOn);
  }

  /** Cancels what is to be cancelled, then allocates and releases what is open and may go. */
  void settle(WorkingOrder order, Application cause) {
    expand(order, cause);
    cancel(order, cause);
    if (order.releasable()) {
      allocating.allocate(order, cause, false);
    }
  }

  /** Does what has become possible meanwhile, and leaves the rest as it stands. */
  void goOn(WorkingOrder order, Application cause) {
    cancel(order, cause);
    if (order.releasable()) {
      allocating.allocate(order, cause, !order.changed);
    }
  }

  private void expand(WorkingOrder order, Application cause) {
    var refusal = new Sets(book).expand(order);
    if (refusal != null && order.releasable()) {
      hold(order, refusal.kind(), refusal.sentence(), cause);
    }
  }

  /** Takes back what has not left yet; what a node already has goes on. */
  void takeBack(WorkingOrder order, Application cause) {
    for (var fulfillment : order.fulfillments) {
      if (fulfillment.live() && fulfillment.partner != null) {
        withdraw(order, fulfillment, cause);
      }
    }
  }

  /** Why a request cannot be stopped so that its units can go elsewhere, or null when it can. */
  String cannotStop(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    if (fulfillment.partner == null) {
      return null;
    }
    if ("CANCEL_REQUESTED".equals(fulfillment.state)) {
      return "'%s' is asked already not to send it; wait for its answer."
          .formatted(fulfillment.partner);
    }
    if (book.cancelsAsked.contains(Ids.text("ful", fulfillment.id))) {
      return "'%s' was asked before and sends it all the same.".formatted(fulfillment.partner);
    }
    return offersToStop(fulfillment)
        ? null
        : "Partner '%s' offers no cancellation; ask it by other means."
            .formatted(fulfillment.partner);
  }

  private boolean offersToStop(WorkingOrder.Fulfillment fulfillment) {
    var account = book.topology.accounts().get(fulfillment.partner);
    return account != null && (account.offers(CANCELLATION) || account.offers(REQUEST));
  }

  /**
   * Takes a request away from its node; once the node lets go of it, its units go where {@code
   * moveTo} says, or wherever the rules say when there is nothing left.
   */
  void move(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, String to, Application cause) {
    fulfillment.moveTo = to;
    fulfillment.refusalChanged = true;
    stop(order, fulfillment, cause);
  }

  /** The node sends it all the same, so it stays where it is. */
  void stays(WorkingOrder.Fulfillment fulfillment) {
    if (fulfillment.moveTo != null) {
      fulfillment.moveTo = null;
      fulfillment.refusalChanged = true;
    }
  }

  /** The node will not send so many units of a promise: they go back, as good as they are. */
  void refuse(
      WorkingOrder order,
      WorkingOrder.Fulfillment fulfillment,
      WorkingOrder.Reserved reserved,
      int units,
      RefusalCode code,
      Application cause) {
    reserved.refused += units;
    reserved.refusalChanged = true;
    giveBack(order, fulfillment, reserved, units, cause);
    book.stock.setAside(
        new WorkingStock.Key(reserved.sku, fulfillment.node),
        units,
        code,
        book.now,
        cause,
        order.id);
  }

  /** What a node refused goes to another one, waits for stock, or waits for a person. */
  void elsewhere(
      WorkingOrder order,
      WorkingOrder.Fulfillment fulfillment,
      RefusalCode code,
      String reason,
      Application cause) {
    fulfillment.refusedAt = book.now;
    fulfillment.refusedCode = code;
    fulfillment.refusedReason = reason == null ? code.words() : reason;
    fulfillment.refusalChanged = true;
    if (code == RefusalCode.ADDRESS && order.cancelledAt == null) {
      var sentence =
          "'%s' cannot deliver order '%s' to its address: %s. Correct it in the channel, then release the order."
              .formatted(fulfillment.partnerOrNode(), order.shown(), fulfillment.refusedReason);
      order.place(
          HoldKind.ADDRESS,
          sentence,
          null,
          book.now.plus(HoldKind.ADDRESS.due()),
          book.now,
          fulfillment.partnerOrNode());
      book.event(order, "order.held", sentence, cause);
      takeBack(order, cause);
    }
    settle(order, cause);
  }

  private void cancel(WorkingOrder order, Application cause) {
    for (var line : order.lines) {
      if (line.isSet()) {
        continue; // it is cancelled as its components are
      }
      if (order.cancelledAt != null) { // a node that was too late to stop may still let go
        var free = line.cancelled + line.unplaced() + line.backordered;
        line.cancelWanted = Math.max(line.cancelWanted, free);
      }
      var due = line.cancelWanted - line.cancelled;
      if (due <= 0) {
        continue;
      }
      var free = Math.min(due, line.unplaced());
      var waiting = Math.min(due - free, line.backordered);
      line.cancelled += free + waiting;
      line.backordered -= waiting;
      line.changed = true;
      order.changed = true;
    }
    for (var fulfillment : order.fulfillments) {
      if (cancelWaits(order, fulfillment)) {
        withdraw(order, fulfillment, cause);
      } else if (fulfillment.live()
          && !"CANCEL_REQUESTED".equals(fulfillment.state)
          && touched(fulfillment)) {
        keepRest(fulfillment);
        stop(order, fulfillment, cause);
      }
    }
  }

  private static boolean touched(WorkingOrder.Fulfillment fulfillment) {
    return fulfillment.reserved.stream()
        .anyMatch(r -> r.open() > 0 && (r.line.cancelWanted > r.line.cancelled || exchanged(r)));
  }

  private static boolean exchanged(WorkingOrder.Reserved reserved) {
    return reserved.line.exchanged && !reserved.sku.equals(reserved.line.sku);
  }

  // What is still wanted as it was is asked of the same node again.
  private static void keepRest(WorkingOrder.Fulfillment fulfillment) {
    if (fulfillment.moveTo == null) {
      fulfillment.moveTo = SAME;
      fulfillment.refusalChanged = true;
    }
  }

  /**
   * Lets what a node has of an order go to its new address: by a new request once the old one is
   * stopped.
   */
  void readdress(WorkingOrder order, WorkingOrder.Fulfillment fulfillment, Application cause) {
    if (fulfillment.partner == null) {
      book.event(
          order,
          "fulfillment.change-told",
          "'%s' packs it itself: it goes to the new address.".formatted(fulfillment.node),
          cause);
      return;
    }
    if ("CANCEL_REQUESTED".equals(fulfillment.state)) {
      return; // what comes of that goes to the new address
    }
    keepRest(fulfillment);
    stop(order, fulfillment, cause);
  }

  /** Whether a request can be taken back without its partner having heard of it. */
  boolean mayBeWithdrawn(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    var key = Ids.text("ful", fulfillment.id);
    return fulfillment.partner != null
        && openTo(order, fulfillment).stream()
            .anyMatch(
                d ->
                    REQUEST.equals(d.operation())
                        && key.equals(d.businessKey())
                        && d.withoutEffect());
  }

  /** Whether the partner was to be asked to stop, behind a request that is not settled. */
  private boolean cancelWaits(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    if (fulfillment.partner == null) {
      return false;
    }
    var key = Ids.text("ful", fulfillment.id);
    return openTo(order, fulfillment).stream()
        .anyMatch(
            d ->
                CANCELLATION.equals(d.operation())
                    && key.equals(d.businessKey())
                    && "READY".equals(d.state()));
  }

  /**
   * Takes a request back that is known to have had no effect, and with it the cancellation that
   * waits behind it: the partner hears of neither. Answers whether it did.
   */
  private boolean withdraw(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, Application cause) {
    var key = Ids.text("ful", fulfillment.id);
    var open = openTo(order, fulfillment);
    var request =
        open.stream()
            .filter(d -> REQUEST.equals(d.operation()) && key.equals(d.businessKey()))
            .findFirst();
    if (request.isEmpty() || !request.get().withoutEffect()) {
      return false;
    }
    for (var delivery : List.copyOf(open)) {
      if (key.equals(delivery.businessKey())) {
        book.withdrawn.add(delivery.id());
        open.remove(delivery);
      }
    }
    if (fulfillment.live()) {
      fulfillment.answered();
      fulfillment.state = "WITHDRAWN";
      fulfillment.changed = true;
      release(order, fulfillment, cause);
    }
    book.event(
        order,
        "fulfillment.withdrawn",
        (request.get().attempts() > 0
                ? "The request to '%s' had no effect there and was withdrawn."
                : "The request to '%s' had not left and was withdrawn.")
            .formatted(fulfillment.partner),
        cause);
    return true;
  }

  /** Takes a cancellation back that waits behind a request which somebody else ended. */
  void withdrawCancellation(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    var key = Ids.text("ful", fulfillment.id);
    openTo(order, fulfillment)
        .removeIf(
            d -> {
              var waits =
                  CANCELLATION.equals(d.operation())
                      && key.equals(d.businessKey())
                      && d.withoutEffect();
              if (waits) {
                book.withdrawn.add(d.id());
              }
              return waits;
            });
  }

  /**
   * Takes back what a node was asked to send though the buyer still wants it. Answers false where
   * that was asked before or cannot be asked.
   */
  boolean recall(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, String why, Application cause) {
    if (!fulfillment.live() || cannotStop(order, fulfillment) != null) {
      return false;
    }
    book.event(
        order,
        "fulfillment.recalled",
        "'%s' is not to send it: %s.".formatted(fulfillment.partnerOrNode(), why),
        cause);
    order.changed = true;
    stop(order, fulfillment, cause);
    return true;
  }

  /** A request that never left is withdrawn; one that may have left is cancelled at the partner. */
  private void stop(WorkingOrder order, WorkingOrder.Fulfillment fulfillment, Application cause) {
    var requestKey = Ids.text("ful", fulfillment.id);
    if (fulfillment.partner == null) {
      fulfillment.state = "CANCELLED";
      fulfillment.changed = true;
      release(order, fulfillment, cause);
      return;
    }
    if (book.cancelsAsked.contains(requestKey)) {
      if (!awaitsAnswer(order, fulfillment)) {
        tooLate(order, fulfillment);
      }
      return;
    }
    if (withdraw(order, fulfillment, cause)) {
      return;
    }
    fulfillment.state = "CANCEL_REQUESTED";
    fulfillment.changed = true;
    fulfillment.answerDueAt = book.now.plus(PATIENCE);
    fulfillment.refusalChanged = true;
    if (!offersToStop(fulfillment)) {
      hold(
          order,
          FailureKind.CONFIG,
          "Order '%s' was cancelled, but partner '%s' offers no cancellation. Ask the partner by other means."
              .formatted(order.shown(), fulfillment.partner),
          cause);
      return;
    }
    book.owe(
        book.topology.accounts().get(fulfillment.partner),
        REQUEST,
        CANCELLATION,
        order.id,
        requestKey,
        RequestDocument.of(order, fulfillment, "CANCEL", book.items),
        cause,
        false);
    book.cancelsAsked.add(requestKey);
    book.event(
        order,
        "fulfillment.cancel-requested",
        "'%s' is asked not to send it any more.".formatted(fulfillment.partner),
        cause);
  }

  /** What is not resolved yet of what the partner of a request was told about its order. */
  List<Book.OpenDelivery> openTo(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    return book.openDeliveries.getOrDefault(
        Delivery.lane(fulfillment.partner, order.id.toString()), new ArrayList<>());
  }

  private boolean awaitsAnswer(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    var key = Ids.text("ful", fulfillment.id);
    return "CANCEL_REQUESTED".equals(fulfillment.state)
        || openTo(order, fulfillment).stream()
            .anyMatch(d -> CANCELLATION.equals(d.operation()) && key.equals(d.businessKey()));
  }

  /**
   * The node will not stop: what it holds is on its way, so nobody may count it as cancelled. What
   * other nodes may still let go of stays wanted back. Answers how many units that is about.
   */
  int tooLate(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    var late = 0;
    for (var reserved : fulfillment.reserved) {
      var line = reserved.line;
      var wanted = line.cancelWanted;
      var leaving =
          order.fulfillments.stream()
              .filter(f -> f == fulfillment || refusedToStop(order, f))
              .flatMap(f -> f.reserved.stream())
              .filter(r -> r.line == line)
              .mapToInt(WorkingOrder.Reserved::open)
              .sum();
      line.cancelWanted =
          Math.max(
              line.cancelled, Math.min(line.cancelWanted, line.ordered - line.shipped - leaving));
      late += wanted - line.cancelWanted;
      line.changed = true;
    }
    return late;
  }

  /** Whether a node was asked to stop, or is moved away from by a person. */
  boolean wasToStop(WorkingOrder.Fulfillment fulfillment) {
    return fulfillment.partner == null
        || "CANCEL_REQUESTED".equals(fulfillment.state)
        || book.cancelsAsked.contains(Ids.text("ful", fulfillment.id));
  }

  private boolean refusedToStop(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    return fulfillment.live()
        && fulfillment.partner != null
        && book.cancelsAsked.contains(Ids.text("ful", fulfillment.id))
        && !awaitsAnswer(order, fulfillment);
  }

  /**
   * The node will not send what it has not sent: its promises go back, cancelled lines are
   * cancelled.
   */
  void release(WorkingOrder order, WorkingOrder.Fulfillment fulfillment, Application cause) {
    var same = SAME.equals(fulfillment.moveTo);
    for (var reserved : fulfillment.reserved) {
      var open = reserved.open();
      if (open > 0) {
        var cancelled = reserved.line.cancelled;
        giveBack(order, fulfillment, reserved, open, cause);
        var rest = open - (reserved.line.cancelled - cancelled);
        if (same && rest > 0 && reserved.sku.equals(reserved.line.sku)) {
          order.kept.add(new WorkingOrder.Kept(reserved.line, fulfillment.node, rest));
        }
      }
    }
    if (same) {
      fulfillment.moveTo = null;
      fulfillment.refusalChanged = true;
    } else if (fulfillment.moveTo != null && !ANYWHERE.equals(fulfillment.moveTo)) {
      order.target = fulfillment.moveTo;
    }
    order.changed = true;
  }

  private void giveBack(
      WorkingOrder order,
      WorkingOrder.Fulfillment fulfillment,
      WorkingOrder.Reserved reserved,
      int units,
      Application cause) {
    var line = reserved.line;
    reserved.released += units;
    reserved.changed = true;
    line.allocated -= units;
    if (book.cancelsAsked.contains(Ids.text("ful", fulfillment.id))) {
      wantBack(order, line);
    }
    line.cancelled += Math.min(units, Math.max(0, line.cancelWanted - line.cancelled));
    line.changed = true;
    order.changed = true;
    book.stock.release(
        new WorkingStock.Key(reserved.sku, fulfillment.node), units, cause, order.id);
  }

  /**
   * A node that could not be stopped does not send it after all: what the channel wants less is to
   * be cancelled again, but for what others that could not be stopped still send.
   */
  private void wantBack(WorkingOrder order, WorkingOrder.Line line) {
    var sold = line.parent == null ? line : line.parent;
    var said = Edits.line(order.document, sold.lineId);
    if (said == null && order.cancelledAt == null) {
      return;
    }
    var wanted = order.cancelledAt == null ? Edits.wanted(said) : 0;
    var unwanted = line.ordered - wanted * (line.parent == null ? 1 : line.perParent);
    var leaving =
        order.fulfillments.stream()
            .filter(f -> refusedToStop(order, f))
            .flatMap(f -> f.reserved.stream())
            .filter(r -> r.line == line)
            .mapToInt(WorkingOrder.Reserved::open)
            .sum();
    line.cancelWanted =
        Math.max(line.cancelWanted, Math.min(unwanted, line.ordered - line.shipped - leaving));
  }

  /** Stops the order until somebody acts; shown among the dead letters. */
  void hold(WorkingOrder order, FailureKind kind, String sentence, Application cause) {
    allocating.hold(order, kind, sentence, cause);
  }
}
