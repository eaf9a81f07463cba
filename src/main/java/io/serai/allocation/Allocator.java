package io.serai.allocation;

import io.serai.allocation.Decision.Assignment;
import io.serai.allocation.Decision.Figure;
import io.serai.allocation.Decision.Outcome;
import io.serai.allocation.Decision.Shortage;
import io.serai.allocation.Decision.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which node ships which line: the first node of the list that has everything, else a split
 * over the fewest nodes in the order of the list, else nothing, because an order ships together. A
 * pure function of its arguments.
 *
 * <p>Guarantee: what it assigns of a SKU at a node never exceeds what {@link Availability} says is
 * there, over all lines together; all lines are assigned or none.
 */
public final class Allocator {
  /** Name and version of the policy, as decisions record it. */
  public static final String RULE = "complete-at-one-node-else-split@1";

  private Allocator() {}

  /**
   * Decides.
   *
   * @param nodes in order of preference
   */
  public static Decision allocate(List<Want> wants, List<Candidate> nodes, Availability stock) {
    if (wants.isEmpty()) {
      return new Decision(
          RULE,
          Outcome.NOTHING_TO_SHIP,
          List.of(),
          List.of(),
          List.of(),
          "Nothing has to be shipped.");
    }
    if (nodes.isEmpty()) {
      return new Decision(
          RULE,
          Outcome.UNALLOCATABLE,
          List.of(),
          List.of(),
          List.of(),
          "No active node is configured. Add one under serai.nodes, then replay.");
    }
    var bySku = new HashMap<String, Integer>();
    wants.forEach(want -> bySku.merge(want.sku(), want.quantity(), Integer::sum));

    for (var i = 0; i < nodes.size(); i++) {
      if (complete(nodes.get(i), bySku, stock)) {
        return atOne(wants, nodes, i, bySku, stock);
      }
    }
    return split(wants, nodes, bySku, stock);
  }

  private static boolean complete(Candidate node, Map<String, Integer> bySku, Availability stock) {
    for (var wanted : bySku.entrySet()) {
      if (stock.at(wanted.getKey(), node.id()).orElse(0) < wanted.getValue()) {
        return false;
      }
    }
    return true;
  }

  private static Decision atOne(
      List<Want> wants,
      List<Candidate> nodes,
      int chosen,
      Map<String, Integer> bySku,
      Availability stock) {
    var node = nodes.get(chosen).id();
    var verdicts = new ArrayList<Verdict>(nodes.size());
    for (var i = 0; i < nodes.size(); i++) {
      var reason =
          i == chosen
              ? "has every line and comes first of those that do"
              : i < chosen ? "does not have every line" : "comes later in the list";
      verdicts.add(verdict(nodes.get(i), i == chosen, reason, bySku, stock));
    }
    var assignments = new ArrayList<Assignment>(wants.size());
    for (var want : wants) {
      assignments.add(new Assignment(want.lineNo(), want.sku(), node, want.quantity()));
    }
    return new Decision(
        RULE,
        Outcome.ALLOCATED,
        assignments,
        verdicts,
        List.of(),
        "Node '%s' ships all lines: it is the first of %d that has everything."
            .formatted(node, nodes.size()));
  }

  private static Decision split(
      List<Want> wants, List<Candidate> nodes, Map<String, Integer> bySku, Availability stock) {
    var left = new HashMap<String, Map<String, Integer>>();
    var assignments = new ArrayList<Assignment>();
    var shortages = new ArrayList<Shortage>();
    var used = new HashSet<String>();
    for (var want : wants) {
      assign(want, nodes, stock, left, assignments, shortages, used);
    }
    if (shortages.isEmpty()) {
      var verdicts =
          nodes.stream()
              .map(
                  node ->
                      verdict(
                          node,
                          used.contains(node.id()),
                          used.contains(node.id())
                              ? "ships a part: no node has every line"
                              : "has nothing that an earlier node does not have",
                          bySku,
                          stock))
              .toList();
      return new Decision(
          RULE,
          Outcome.ALLOCATED,
          assignments,
          verdicts,
          List.of(),
          "No node has every line, so %d nodes share the order.".formatted(used.size()));
    }
    return shortOf(nodes, bySku, stock, shortages);
  }

  private static void assign(
      Want want,
      List<Candidate> nodes,
      Availability stock,
      Map<String, Map<String, Integer>> left,
      List<Assignment> assignments,
      List<Shortage> shortages,
      Set<String> used) {
    var open = want.quantity();
    var known = false;
    for (var node : nodes) {
      var available = stock.at(want.sku(), node.id());
      known |= available.isPresent();
      var atNode = left.computeIfAbsent(node.id(), id -> new HashMap<>());
      var free = atNode.getOrDefault(want.sku(), Math.max(0, available.orElse(0)));
      var take = Math.min(free, open);
      if (take > 0) {
        atNode.put(want.sku(), free - take);
        assignments.add(new Assignment(want.lineNo(), want.sku(), node.id(), take));
        used.add(node.id());
        open -= take;
      }
    }
    if (open > 0) {
      shortages.add(
          new Shortage(want.lineNo(), want.sku(), want.quantity(), want.quantity() - open, known));
    }
  }

  private static Decision shortOf(
      List<Candidate> nodes,
      Map<String, Integer> bySku,
      Availability stock,
      List<Shortage> shortages) {
    var verdicts =
        nodes.stream()
            .map(node -> verdict(node, false, "cannot complete the order", bySku, stock))
            .toList();
    var unknown = shortages.stream().filter(s -> !s.known()).findFirst();
    if (unknown.isPresent()) {
      return new Decision(
          RULE,
          Outcome.UNKNOWN_SKU,
          List.of(),
          verdicts,
          shortages,
          "Line %d cannot be allocated: no node stocks SKU '%s'. Add stock or correct the SKU, then replay."
              .formatted(unknown.get().lineNo(), unknown.get().sku()));
    }
    var first = shortages.getFirst();
    return new Decision(
        RULE,
        Outcome.BACKORDERED,
        List.of(),
        verdicts,
        shortages,
        "Line %d needs %d of SKU '%s' and %d can be promised, so the order waits as a whole."
            .formatted(first.lineNo(), first.wanted(), first.sku(), first.available()));
  }

  private static Verdict verdict(
      Candidate node,
      boolean chosen,
      String reason,
      Map<String, Integer> bySku,
      Availability stock) {
    var figures = new ArrayList<Figure>(bySku.size());
    for (var wanted : bySku.entrySet()) {
      var available = stock.at(wanted.getKey(), node.id());
      figures.add(
          new Figure(
              wanted.getKey(),
              wanted.getValue(),
              available.isPresent() ? available.getAsInt() : null));
    }
    return new Verdict(node.id(), chosen, reason, figures);
  }
}
