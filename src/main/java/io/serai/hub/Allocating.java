package io.serai.hub;

import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Decision;
import io.serai.allocation.Distances;
import io.serai.allocation.Policy;
import io.serai.allocation.Question;
import io.serai.allocation.Rule;
import io.serai.allocation.Want;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.HoldKind;
import io.serai.order.RefusalCode;
import io.serai.support.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Decides who sends what is open of an order and asks them for it: promises units, owes requests,
 * keeps the decision; what nobody can send waits for stock or for a person.
 */
final class Allocating {
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
  Allocating(Book book, boolean mayHandOn) {
    this.book = book;
    this.mayHandOn = mayHandOn;
  }

  /**
   * Allocates what is open.
   *
   * @param onlyIfItGoes whether nothing is changed or noted unless something can be sent
   */
  void allocate(WorkingOrder order, Application cause, boolean onlyIfItGoes) {
    if (!order.kept.isEmpty()) {
      keep(order, cause);
    }
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
      wants.add(new Want(line.no, line.sku, open, new LineDocument(order, line, book.items)));
      byNo.put(line.no, line);
    }
    if (wants.isEmpty()) {
      return;
    }
    var excluded = excluded(order);
    var decision = decide(order, wants, excluded, cause, onlyIfItGoes);
    var unasked = unasked(decision);
    if (onlyIfItGoes) {
      if (!decision.ships() || unasked != null) {
        return;
      }
      order.revision++; // the decision that made it wait is kept
    }
    book.decisions.add(new Book.Decided(order.id, order.revision, decision));
    order.decided = true;
    order.changed = true;
    order.tags = decision.actions() == null ? List.of() : decision.actions().tags();
    queue(order, decision);
    if (ruledOut(order, decision, cause)) {
      return;
    }
    if (unasked != null) {
      hold(
          order,
          FailureKind.CONFIG,
          "Order '%s' is to be sent from node '%s', and its partner '%s' is not configured. Configure the partner or correct the node, then replay."
              .formatted(order.shown(), unasked.id(), unasked.partner()),
          cause);
      return;
    }
    switch (decision.outcome()) {
      case ALLOCATED -> release(order, byNo, decision, decision.sentence(), cause);
      case PARTLY_ALLOCATED -> {
        release(order, byNo, decision, decision.sentence(), cause);
        backorder(order, byNo.values(), cause);
      }
      case BACKORDERED, UNKNOWN_SKU, UNALLOCATABLE -> {
        if (excluded.isEmpty()) {
          notAllocated(order, byNo, decision, cause);
        } else if (excluded.values().stream()
            .allMatch(f -> f.refusedCode != null && f.refusedCode.ofUnits())) {
          backorder(order, byNo.values(), cause);
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

  /** What did not change of a request that is made anew stays where it was, whatever the rules. */
  private void keep(WorkingOrder order, Application cause) {
    var nodes = order.kept.stream().map(WorkingOrder.Kept::node).distinct().toList();
    for (var node : nodes) {
      var wants = new ArrayList<Want>();
      var byNo = new LinkedHashMap<Integer, WorkingOrder.Line>();
      var given = new LinkedHashMap<WorkingOrder.Line, Integer>();
      for (var kept : order.kept) { // two requests to one node may have had units of one line
        if (kept.node().equals(node)) {
          given.merge(kept.line(), kept.units(), Integer::sum);
        }
      }
      given.forEach(
          (line, units) -> {
            var open = Math.min(units, line.unplaced());
            if (open > 0 && line.cancelWanted <= line.cancelled) {
              wants.add(
                  new Want(line.no, line.sku, open, new LineDocument(order, line, book.items)));
              byNo.put(line.no, line);
            }
          });
      var there =
          book.topology.nodes().stream().filter(n -> n.id().equals(node) && reached(n)).toList();
      var decision =
          wants.isEmpty() || there.isEmpty()
              ? null
              : Allocator.allocate(BY_HAND, Question.of(wants, there, book.stock));
      if (decision != null && decision.outcome() == Decision.Outcome.ALLOCATED) {
        var kept = wants.stream().mapToInt(Want::quantity).sum();
        var sentence =
            "Node '%s' keeps what did not change of its request: %d unit(s).".formatted(node, kept);
        order.revision++;
        book.decisions.add(new Book.Decided(order.id, order.revision, decision));
        release(order, byNo, decision, sentence, cause);
        order.revision++; // what else is open is decided under a number of its own
        order.decided = true;
        order.changed = true;
      }
    }
    order.kept.clear();
  }

  // A node that is to send something and whose partner nobody can ask, or null.
  private Candidate unasked(Decision decision) {
    return decision.assignments().stream()
        .flatMap(a -> book.topology.nodes().stream().filter(n -> n.id().equals(a.node())))
        .filter(node -> !reached(node))
        .findFirst()
        .orElse(null);
  }

  private boolean reached(Candidate node) {
    return node.partner() == null || book.topology.accounts().containsKey(node.partner());
  }

  private Decision decide(
      WorkingOrder order,
      List<Want> wants,
      Map<String, WorkingOrder.Fulfillment> excluded,
      Application cause,
      boolean itsTurn) {
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
    // Who has nothing yet and whose turn it is not stands behind those that wait.
    var behind = !itsTurn && order.fulfillments.isEmpty();
    var decision =
        Allocator.allocate(
            book.policy,
            new Question(
                new OrderDocument(order),
                wants,
                candidates(order),
                behind ? book.stock.behindTheQueue() : book.stock,
                reasons(excluded),
                book.load,
                book.now));
    return behind && decision.outcome() != Decision.Outcome.ALLOCATED
        ? standingBehind(wants, decision)
        : decision;
  }

  private Decision standingBehind(List<Want> wants, Decision decision) {
    var skus = wants.stream().map(Want::sku).filter(book.stock::waitedFor).distinct().toList();
    skus.forEach(book.stock::waits);
    return skus.isEmpty()
        ? decision
        : decision.because(
            "What came of %s goes first to the orders that wait for it; this one is looked at with them."
                .formatted(
                    skus.stream().map(sku -> "'" + sku + "'").collect(Collectors.joining(", "))));
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
        backorder(order, byNo.values(), cause);
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

  private void backorder(WorkingOrder order, Iterable<WorkingOrder.Line> lines, Application cause) {
    for (var line : lines) {
      var more = line.unplaced();
      line.backordered += more;
      line.changed = true;
      if (line.preorder && more > 0) {
        promise(order, line, more, cause);
      }
    }
  }

  // A pre-ordered line waits for what is announced; what the channel promised stays the promise.
  private void promise(WorkingOrder order, WorkingOrder.Line line, int units, Application cause) {
    var comes = book.announced.promise(line.sku, units);
    var ours = line.promisedAt == null && comes != null;
    if (ours) {
      line.promisedAt = comes;
      line.promiseChanged = true;
    }
    book.event(
        order,
        "order.preordered",
        (comes == null
                    ? "%d of '%s' wait for a delivery that nobody has announced%s."
                    : "%d of '%s' wait for the delivery that is announced for " + comes + "%s.")
                .formatted(
                    units,
                    line.sku,
                    line.promisedAt == null || line.promisedAt.equals(comes)
                        ? ""
                        : "; they were promised for " + line.promisedAt)
            + (ours
                ? " '%s' has no way to hear of it: tell the buyer.".formatted(order.account)
                : ""),
        cause);
  }

  private void queue(WorkingOrder order, Decision decision) {
    var actions = decision.actions();
    if (actions == null && decision.outcome() == Decision.Outcome.ALLOCATED) {
      return; // it waits for nothing
    }
    var rank =
        actions == null || actions.priority() == null
            ? order.priority
            : Priorities.rank(actions.priority());
    var together = new OrderDocument(order).shipComplete();
    order.queue(
        rank,
        together != null
            ? !together
            : decision.outcome() == Decision.Outcome.PARTLY_ALLOCATED
                || book.policy.splitting().shipAvailable()
                || decision.applied() != null && partsMayLeave(decision.applied()));
  }

  private boolean partsMayLeave(List<String> applied) {
    Boolean available = null;
    for (var rule : book.policy.rules()) {
      if (applied.contains(rule.name())) {
        for (var effect : rule.effects()) {
          if (effect instanceof Rule.Splitting splitting && splitting.shipAvailable() != null) {
            available = splitting.shipAvailable();
          }
        }
      }
    }
    return Boolean.TRUE.equals(available);
  }

  /** Whether a rule wants a person to look at it first; what one released is not held again. */
  private boolean ruledOut(WorkingOrder order, Decision decision, Application cause) {
    var actions = decision.actions();
    if (actions == null) {
      return false;
    }
    if (!actions.holds().isEmpty()) {
      var first = actions.holds().getFirst();
      var sentence =
          actions.holds().stream()
              .map(h -> "Rule '%s': %s".formatted(h.rule(), ended(h.reason())))
              .collect(Collectors.joining(" "));
      if (stop(order, HoldKind.RULE, sentence, first.owner(), first.due(), cause)) {
        return true;
      }
    }
    return Boolean.TRUE.equals(actions.suggestOnly())
        && decision.ships()
        && stop(order, HoldKind.SUGGESTION, proposal(order, decision), null, null, cause);
  }

  private boolean stop(
      WorkingOrder order,
      HoldKind kind,
      String sentence,
      String owner,
      Duration due,
      Application cause) {
    if (order.releasedByHand(kind, sentence)) {
      return false;
    }
    if (order.place(
        kind, sentence, owner, book.now.plus(due == null ? kind.due() : due), book.now, null)) {
      book.event(order, "order.held", sentence, cause);
    }
    return true;
  }

  private static String ended(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  private static String proposal(WorkingOrder order, Decision decision) {
    return decision.assignments().stream()
        .map(a -> "%d of '%s' from '%s'".formatted(a.quantity(), a.sku(), a.node()))
        .collect(
            Collectors.joining(
                ", ",
                "Proposed for order '%s': ".formatted(order.shown()),
                ". Release the order to accept it, or move it to another node."));
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
      var movedAway =
          fulfillment.moveTo != null
              && !WorkingOrder.Fulfillment.SAME.equals(fulfillment.moveTo)
              && !fulfillment.live();
      var refused =
          fulfillment.refusedAt != null
              && fulfillment.refusedCode != RefusalCode.ADDRESS // it waits for another address
              && !order.forgiving
              && !countedSince(fulfillment);
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
                        && level.countedAt != null
                        && level.countedAt.isAfter(fulfillment.refusedAt));
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
      String sentence,
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
                book.load.add(candidate, book.now);
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
          Fulfilling.REQUEST,
          Fulfilling.REQUEST,
          order.id,
          Ids.text("ful", fulfillment.id),
          RequestDocument.of(order, fulfillment, "REQUEST", book.items),
          cause,
          mayHandOn);
    }
    book.event(order, "order.allocated", sentence + asked, cause);
  }

  /** Stops the order until somebody acts; shown among the dead letters. */
  void hold(WorkingOrder order, FailureKind kind, String sentence, Application cause) {
    var hold = HoldKind.valueOf(kind.name());
    order.place(hold, sentence, null, book.now.plus(hold.due()), book.now, null);
    var failure = Failure.of(kind, sentence, Place.of(order.account));
    book.holds.add(new Book.Held(order.id, failure, cause.messageId()));
    book.event(order, "order.held", sentence, cause);
  }
}
