package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Decision;
import io.serai.allocation.Question;
import io.serai.allocation.Want;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.outbox.Delivery;
import io.serai.stock.Item;
import io.serai.support.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  private static final Duration HOLD_DUE = Duration.ofHours(4);

  private final Book book;
  private final boolean mayHandOn;

  /**
   * Works on one transaction's book.
   *
   * @param mayHandOn whether deliveries may be inserted as SENDING, leased to this node
   */
  Fulfilling(Book book, boolean mayHandOn) {
    this.book = book;
    this.mayHandOn = mayHandOn;
  }

  /** Cancels what is to be cancelled, then allocates and releases what is open and may go. */
  void settle(WorkingOrder order, Application cause) {
    expand(order, cause);
    cancel(order, cause);
    if (order.releasable()) {
      allocate(order, cause, false);
    }
  }

  /** Does what has become possible meanwhile, and leaves the rest as it stands. */
  void goOn(WorkingOrder order, Application cause) {
    cancel(order, cause);
    if (order.releasable()) {
      allocate(order, cause, true);
    }
  }

  private void expand(WorkingOrder order, Application cause) {
    var refusal = new Sets(book).expand(order);
    if (refusal != null && order.releasable()) {
      hold(order, refusal.kind(), refusal.sentence(), cause);
    }
  }

  private void cancel(WorkingOrder order, Application cause) {
    for (var line : order.lines) {
      if (line.isSet()) {
        continue; // it is cancelled as its components are
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
        stop(order, fulfillment, cause);
      }
    }
  }

  private static boolean touched(WorkingOrder.Fulfillment fulfillment) {
    return fulfillment.reserved.stream()
        .anyMatch(r -> r.open() > 0 && r.line.cancelWanted > r.line.cancelled);
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
  boolean takeBack(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, String why, Application cause) {
    var account =
        fulfillment.partner == null ? null : book.topology.accounts().get(fulfillment.partner);
    if (!fulfillment.live()
        || book.cancelsAsked.contains(Ids.text("ful", fulfillment.id))
        || fulfillment.partner != null
            && (account == null || !(account.offers(CANCELLATION) || account.offers(REQUEST)))) {
      return false;
    }
    book.event(
        order,
        "fulfillment.taken-back",
        "'%s' is not to send it: %s."
            .formatted(fulfillment.partner == null ? fulfillment.node : fulfillment.partner, why),
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
    var account = book.topology.accounts().get(fulfillment.partner);
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
    if (account == null || !(account.offers(CANCELLATION) || account.offers(REQUEST))) {
      hold(
          order,
          FailureKind.CONFIG,
          "Order '%s' was cancelled, but partner '%s' offers no cancellation. Ask the partner by other means."
              .formatted(order.shown(), fulfillment.partner),
          cause);
      return;
    }
    book.owe(
        account,
        REQUEST,
        CANCELLATION,
        order.id,
        requestKey,
        request(order, fulfillment, "CANCEL"),
        cause,
        false);
    book.cancelsAsked.add(requestKey);
    book.event(
        order,
        "fulfillment.cancel-requested",
        "'%s' is asked not to send it any more.".formatted(fulfillment.partner),
        cause);
  }

  private List<Book.OpenDelivery> openTo(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
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
   * other nodes may still let go of stays wanted back.
   */
  void tooLate(WorkingOrder order, WorkingOrder.Fulfillment fulfillment) {
    for (var reserved : fulfillment.reserved) {
      var line = reserved.line;
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
      line.changed = true;
    }
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
    for (var reserved : fulfillment.reserved) {
      var open = reserved.open();
      if (open == 0) {
        continue;
      }
      reserved.released += open;
      reserved.changed = true;
      reserved.line.allocated -= open;
      var cancelled =
          Math.min(open, Math.max(0, reserved.line.cancelWanted - reserved.line.cancelled));
      reserved.line.cancelled += cancelled;
      reserved.line.changed = true;
      book.stock.release(
          new WorkingStock.Key(reserved.sku, fulfillment.node), open, cause, order.id);
    }
    order.changed = true;
  }

  private void allocate(WorkingOrder order, Application cause, boolean onlyIfItGoes) {
    var wants = new ArrayList<Want>();
    var byNo = new LinkedHashMap<Integer, WorkingOrder.Line>();
    for (var line : order.lines) {
      var open = line.unplaced() + line.backordered;
      if (!line.goods() || open <= 0 || line.cancelWanted > line.cancelled) {
        continue;
      }
      if (line.sku == null || line.sku.isBlank()) {
        if (onlyIfItGoes) {
          return;
        }
        hold(
            order,
            FailureKind.UNMAPPED,
            "Line '%s' of order '%s' has no SKU. Give it one in the channel or in the mapping, then replay."
                .formatted(line.lineId, order.shown()),
            cause);
        return;
      }
      wants.add(new Want(line.no, line.sku, open, new LineDocument(order, line)));
      byNo.put(line.no, line);
    }
    if (wants.isEmpty()) {
      return;
    }
    var candidates = candidates(order);
    var decision =
        Allocator.allocate(
            book.policy,
            new Question(
                new OrderDocument(order),
                wants,
                candidates,
                book.stock,
                Map.of(),
                Question.Load.NONE,
                book.now));
    if (onlyIfItGoes) {
      if (!decision.ships()) {
        return;
      }
      order.revision++; // the decision that made it wait is kept
    }
    book.decisions.add(new Book.Decided(order.id, order.revision, decision));
    order.decided = true;
    order.changed = true;
    switch (decision.outcome()) {
      case ALLOCATED -> release(order, byNo, candidates, decision, cause);
      case PARTLY_ALLOCATED -> {
        release(order, byNo, candidates, decision, cause);
        backorder(byNo.values());
      }
      case BACKORDERED -> {
        backorder(byNo.values());
        book.event(order, "order.backordered", decision.sentence(), cause);
      }
      case UNKNOWN_SKU ->
          hold(
              order,
              FailureKind.UNMAPPED,
              "Order '%s': %s".formatted(order.shown(), decision.sentence()),
              cause);
      case UNALLOCATABLE ->
          hold(
              order,
              FailureKind.UNALLOCATABLE,
              "Order '%s': %s".formatted(order.shown(), decision.sentence()),
              cause);
      case NOTHING_TO_SHIP -> {}
    }
  }

  private static void backorder(Iterable<WorkingOrder.Line> lines) {
    for (var line : lines) {
      line.backordered += line.unplaced();
      line.changed = true;
    }
  }

  // A pickup is served where the buyer collects it and nowhere else.
  private List<Candidate> candidates(WorkingOrder order) {
    var pickup = order.document.at("/service/pickup");
    if (!pickup.isObject()) {
      return book.topology.nodes();
    }
    var place = pickup.path("locationId").asText(null);
    return book.topology.nodes().stream().filter(node -> node.id().equals(place)).toList();
  }

  private void release(
      WorkingOrder order,
      LinkedHashMap<Integer, WorkingOrder.Line> byNo,
      List<Candidate> candidates,
      Decision decision,
      Application cause) {
    var byNode = new LinkedHashMap<String, WorkingOrder.Fulfillment>();
    for (var assignment : decision.assignments()) {
      var fulfillment =
          byNode.computeIfAbsent(
              assignment.node(),
              node -> {
                var candidate =
                    candidates.stream().filter(c -> c.id().equals(node)).findFirst().orElseThrow();
                return new WorkingOrder.Fulfillment(
                    book.ids.next(), node, candidate.partner(), "REQUESTED", true);
              });
      var line = byNo.get(assignment.lineNo());
      book.stock.reserve(
          new WorkingStock.Key(assignment.sku(), assignment.node()),
          assignment.quantity(),
          cause,
          order.id);
      line.backordered = Math.max(0, line.backordered - assignment.quantity());
      line.allocated += assignment.quantity();
      line.changed = true;
      fulfillment.reserved.add(
          new WorkingOrder.Reserved(line, assignment.sku(), assignment.quantity(), true));
    }
    var asked = new StringBuilder();
    for (var fulfillment : byNode.values()) {
      order.fulfillments.add(fulfillment);
      book.ordersByFulfillment.put(fulfillment.id, order);
      if (fulfillment.partner == null) {
        asked.append(" Node '%s' sends it itself.".formatted(fulfillment.node));
        continue;
      }
      asked.append(
          " '%s' is asked to send it from '%s'.".formatted(fulfillment.partner, fulfillment.node));
      book.owe(
          book.topology.accounts().get(fulfillment.partner),
          REQUEST,
          REQUEST,
          order.id,
          Ids.text("ful", fulfillment.id),
          request(order, fulfillment, "REQUEST"),
          cause,
          mayHandOn);
    }
    book.event(order, "order.allocated", decision.sentence() + asked, cause);
  }

  /** Stops the order until somebody acts; shown among the dead letters. */
  void hold(WorkingOrder order, FailureKind kind, String sentence, Application cause) {
    order.hold = kind.name();
    order.holdReason = sentence;
    order.holdOwner = kind == FailureKind.UNMAPPED ? "integration" : "operations";
    order.holdDueAt = book.now.plus(HOLD_DUE);
    order.changed = true;
    var failure = Failure.of(kind, sentence, Place.of(order.account));
    book.holds.add(new Book.Held(order.id, failure, cause.messageId()));
    book.event(order, "order.held", sentence, cause);
  }

  private JsonNode request(
      WorkingOrder order, WorkingOrder.Fulfillment fulfillment, String action) {
    var document = order.document == null ? JsonNodeFactory.instance.objectNode() : order.document;
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("fulfillmentId", Ids.text("ful", fulfillment.id));
    request.put("orderId", HubWriter.orderId(order.id));
    request.put("action", action);
    copy(document, request, "channel");
    request.put("node", fulfillment.node);
    request.put("partner", fulfillment.partner);
    if (fulfillment.reference != null) {
      request.put("reference", fulfillment.reference);
    }
    copy(document, request, "shipTo");
    copy(document, request, "service");
    copy(document, request, "note");
    copy(document, request, "currency");
    copy(document, request, "placedAt");
    var lines = request.putArray("lines");
    for (var reserved : fulfillment.reserved) {
      var line = lines.addObject();
      line.put("lineId", reserved.line.lineId);
      line.put("sku", reserved.sku);
      var title = reserved.line.title == null ? title(document, reserved) : reserved.line.title;
      if (title != null) {
        line.put("title", title);
      }
      line.put("quantity", reserved.quantity);
    }
    return request;
  }

  private String title(JsonNode document, WorkingOrder.Reserved reserved) {
    for (var line : document.path("lines")) {
      if (reserved.line.lineId.equals(line.path("lineId").asText())) {
        return line.path("title").asText(null);
      }
    }
    return book.items.find(reserved.sku).map(Item::title).orElse(null);
  }

  private static void copy(JsonNode from, ObjectNode to, String field) {
    var value = from.get(field);
    if (value != null && !value.isNull()) {
      to.set(field, value);
    }
  }
}
