package io.serai.hub;

import static io.serai.hub.WorkingOrder.Fulfillment.ANYWHERE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Decision;
import io.serai.allocation.Distances;
import io.serai.allocation.Policy;
import io.serai.allocation.Question;
import io.serai.allocation.Want;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.HoldKind;
import io.serai.order.RefusalCode;
import io.serai.outbox.Delivery;
import io.serai.support.Ids;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

  /** Decides where a person said it goes: no rule stands against it, only stock. */
  private static final Policy BY_HAND =
      new Policy(
          "by-hand",
          "1",
          null,
          List.of(),
          Policy.STANDARD.weights(),
          new Policy.Checks(false, false, false),
          Policy.Splitting.FREE,
          Distances.NONE);

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
    cancel(order, cause);
    if (order.releasable()) {
      allocate(order, cause, false);
    }
  }

  /** Does what has become possible meanwhile, and leaves the rest as it stands. */
  void goOn(WorkingOrder order, Application cause) {
    cancel(order, cause);
    if (order.releasable()) {
      allocate(order, cause, !order.changed);
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
        new WorkingStock.Key(reserved.sku, fulfillment.node), units, code, cause, order.id);
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
    }
    settle(order, cause);
  }

  private void cancel(WorkingOrder order, Application cause) {
    for (var line : order.lines) {
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
      if (reserved.open() > 0) {
        giveBack(order, fulfillment, reserved, reserved.open(), cause);
      }
    }
    if (fulfillment.moveTo != null && !ANYWHERE.equals(fulfillment.moveTo)) {
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
    line.cancelled += Math.min(units, Math.max(0, line.cancelWanted - line.cancelled));
    line.changed = true;
    order.changed = true;
    book.stock.release(
        new WorkingStock.Key(reserved.sku, fulfillment.node), units, cause, order.id);
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
    var excluded = excluded(order);
    var decision = decide(order, wants, excluded, cause);
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
      case ALLOCATED -> release(order, byNo, decision, cause);
      case PARTLY_ALLOCATED -> {
        release(order, byNo, decision, cause);
        backorder(byNo.values());
      }
      case BACKORDERED, UNKNOWN_SKU, UNALLOCATABLE -> {
        if (excluded.isEmpty()) {
          notAllocated(order, byNo, decision, cause);
        } else if (excluded.values().stream()
            .allMatch(f -> f.refusedCode != null && f.refusedCode.ofUnits())) {
          backorder(byNo.values());
          book.event(
              order,
              "order.backordered",
              refusalsOf(order, excluded) + " It waits for stock.",
              cause);
        } else {
          hold(
              order,
              FailureKind.UNALLOCATABLE,
              refusalsOf(order, excluded)
                  + " No other node can send it now. Move it to a node, replay it to ask again, or cancel it.",
              cause);
        }
      }
      case NOTHING_TO_SHIP -> {}
    }
  }

  private Decision decide(
      WorkingOrder order,
      List<Want> wants,
      Map<String, WorkingOrder.Fulfillment> excluded,
      Application cause) {
    if (order.target != null) {
      var there =
          Allocator.allocate(
              BY_HAND,
              Question.of(
                  wants,
                  book.topology.nodes().stream().filter(n -> n.id().equals(order.target)).toList(),
                  book.stock));
      if (there.outcome() == Decision.Outcome.ALLOCATED) {
        return there;
      }
      book.event(
          order,
          "order.reassigned",
          "Node '%s' has not everything any more, so the rules decide.".formatted(order.target),
          cause);
    }
    return Allocator.allocate(
        book.policy,
        new Question(
            new OrderDocument(order),
            wants,
            candidates(order),
            book.stock,
            reasons(excluded),
            Question.Load.NONE,
            book.now));
  }

  private static Map<String, String> reasons(Map<String, WorkingOrder.Fulfillment> excluded) {
    if (excluded.isEmpty()) {
      return Map.of();
    }
    var reasons = new HashMap<String, String>();
    excluded.forEach(
        (node, fulfillment) ->
            reasons.put(
                node,
                fulfillment.refusedAt == null
                    ? "had the order until a person moved it away"
                    : "rejected the order: " + fulfillment.refusedReason));
    return reasons;
  }

  private void notAllocated(
      WorkingOrder order,
      LinkedHashMap<Integer, WorkingOrder.Line> byNo,
      Decision decision,
      Application cause) {
    switch (decision.outcome()) {
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
      default ->
          hold(
              order,
              FailureKind.UNALLOCATABLE,
              "Order '%s': %s".formatted(order.shown(), decision.sentence()),
              cause);
    }
  }

  private static void backorder(Iterable<WorkingOrder.Line> lines) {
    for (var line : lines) {
      line.backordered += line.unplaced();
      line.changed = true;
    }
  }

  /**
   * Nodes that are not asked for this order again, each with the request that says why: those that
   * refused it, until they have counted anew where the units were the trouble, and those that a
   * person moved it away from.
   */
  private Map<String, WorkingOrder.Fulfillment> excluded(WorkingOrder order) {
    if (order.fulfillments.isEmpty()) {
      return Map.of();
    }
    var excluded = new LinkedHashMap<String, WorkingOrder.Fulfillment>();
    for (var fulfillment : order.fulfillments) {
      var movedAway = fulfillment.moveTo != null && !fulfillment.live();
      var refused = fulfillment.refusedAt != null && !order.forgiving && !countedSince(fulfillment);
      if (movedAway || refused) {
        excluded.put(fulfillment.node, fulfillment);
      }
    }
    return excluded;
  }

  private boolean countedSince(WorkingOrder.Fulfillment fulfillment) {
    return fulfillment.refusedCode.ofUnits()
        && fulfillment.reserved.stream()
            .filter(r -> r.refused > 0)
            .map(r -> book.stock.get(new WorkingStock.Key(r.sku, fulfillment.node)))
            .allMatch(
                level ->
                    level != null
                        && level.asOf != null
                        && level.asOf.isAfter(fulfillment.refusedAt));
  }

  private static String refusalsOf(
      WorkingOrder order, Map<String, WorkingOrder.Fulfillment> excluded) {
    return excluded.values().stream()
        .map(
            f ->
                f.refusedAt == null
                    ? "Order '%s' was moved away from '%s'.".formatted(order.shown(), f.node)
                    : "'%s' rejected order '%s': %s."
                        .formatted(f.partnerOrNode(), order.shown(), f.refusedReason))
        .collect(Collectors.joining(" "));
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
      Decision decision,
      Application cause) {
    var byNode = new LinkedHashMap<String, WorkingOrder.Fulfillment>();
    for (var assignment : decision.assignments()) {
      var fulfillment =
          byNode.computeIfAbsent(
              assignment.node(),
              node -> {
                var candidate =
                    book.topology.nodes().stream()
                        .filter(c -> c.id().equals(node))
                        .findFirst()
                        .orElseThrow();
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
    var hold = HoldKind.valueOf(kind.name());
    order.place(hold, sentence, null, book.now.plus(hold.due()), book.now, null);
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

  private static String title(JsonNode document, WorkingOrder.Reserved reserved) {
    for (var line : document.path("lines")) {
      if (reserved.line.lineId.equals(line.path("lineId").asText())) {
        return line.path("title").asText(null);
      }
    }
    return null;
  }

  private static void copy(JsonNode from, ObjectNode to, String field) {
    var value = from.get(field);
    if (value != null && !value.isNull()) {
      to.set(field, value);
    }
  }
}
