package io.serai.allocation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the best plan: every node that can do it alone is scored; splits are tried only when no
 * node can, or when one could score higher. Of splits, those over the fewest nodes are tried.
 *
 * <p>Guarantee: when the nodes that may ship have enough and limits allow, a plan is found, and the
 * same one for the same question. Gap: beyond {@value #BUDGET} combinations the first that fits is
 * taken, so with many nodes a split need not be the best one.
 */
final class Search {
  static final int BUDGET = 300;
  private static final double SAME = 1e-9;

  private final Policy policy;
  private final Situation situation;
  private final Eligibility eligible;
  private final List<Want> wants;
  private final int nodes;
  private final int[] inOrder;
  private List<Integer> useful;
  private int tried;

  /** The best plan so far, and its points. */
  private Plan best;

  private double bestPoints = Double.NEGATIVE_INFINITY;
  private int complete;

  Search(Policy policy, Situation situation, Eligibility eligible) {
    this.policy = policy;
    this.situation = situation;
    this.eligible = eligible;
    this.wants = situation.wants();
    this.nodes = situation.question().nodes().size();
    this.inOrder = hardestFirst();
  }

  /** How many nodes could have shipped everything. */
  int complete() {
    return complete;
  }

  /** The best plan that ships everything within the limits, or null. */
  Plan whole() {
    for (var n = 0; n < nodes; n++) {
      if (eligible.mayAll(n) && situation.completeAt(n)) {
        complete++;
        consider(alone(n));
      }
    }
    if (best == null || splitCouldBeBetter()) {
      splits();
    }
    return best;
  }

  /** What leaves now when not everything can: as many units as the limits allow. */
  Plan part() {
    var left = free(false);
    var open = new int[wants.size()];
    for (var w = 0; w < open.length; w++) {
      open[w] = wants.get(w).quantity();
    }
    var draft = new Plan.Draft(situation);
    var used = new boolean[nodes];
    for (var s = 0; s < Math.min(eligible.splitting.maxShipments(), nodes); s++) {
      var most = -1;
      var units = 0;
      for (var n : useful()) {
        var gives = used[n] ? 0 : gives(n, left, open);
        if (gives > units) {
          most = n;
          units = gives;
        }
      }
      if (most < 0) {
        break;
      }
      used[most] = true;
      for (var w : inOrder) {
        take(draft, w, most, left, open);
      }
    }
    return draft.done();
  }

  /** Units of each line that nodes which may ship it can promise, all nodes together. */
  int[] promised() {
    var left = free(false);
    var promised = new int[wants.size()];
    for (var w : inOrder) {
      var open = wants.get(w).quantity();
      for (var n = 0; n < nodes; n++) {
        if (eligible.may(w, n)) {
          var take = Math.min(open, left[n][w]);
          spend(left[n], w, take);
          open -= take;
          promised[w] += take;
        }
      }
    }
    return promised;
  }

  /** What a node would ship of the order by itself. */
  Plan alone(int node) {
    var left = new int[wants.size()];
    for (var w = 0; w < left.length; w++) {
      left[w] = situation.availableAt(node, wants.get(w).sku());
    }
    var draft = new Plan.Draft(situation);
    for (var w = 0; w < left.length; w++) {
      var take = eligible.may(w, node) ? Math.min(wants.get(w).quantity(), left[w]) : 0;
      if (take > 0) {
        draft.add(w, node, take);
        spend(left, w, take);
      }
    }
    return draft.done();
  }

  /** The points of a plan. */
  double points(Plan plan) {
    var points = eligible.points(plan);
    for (var weight : policy.weights()) {
      points += weight.weight() * weight.scorer().value(plan);
    }
    return points;
  }

  private void consider(Plan plan) {
    var points = points(plan);
    if (points > bestPoints + SAME) {
      best = plan;
      bestPoints = points;
    }
  }

  private boolean splitCouldBeBetter() {
    if (eligible.splitting.maxShipments() < 2 || situation.units() < 2) {
      return false;
    }
    var most = eligible.mostPreferred();
    for (var weight : policy.weights()) {
      most += weight.scorer() == Scorers.COMPLETE ? weight.weight() / 2 : weight.weight();
    }
    return most > bestPoints + SAME;
  }

  private void splits() {
    var limit = Math.min(eligible.splitting.maxShipments(), useful().size());
    var alone = best;
    for (var size = 2; size <= limit && best == alone && tried < BUDGET; size++) {
      if (enough(size)) {
        choose(new ArrayList<>(), 0, size);
      }
    }
    if (limit >= 2 && (best == null || keepsFloors())) {
      considerSplit(cover(useful(), false));
      considerSplit(cover(useful(), true));
    }
  }

  private boolean keepsFloors() {
    return policy.weights().stream().anyMatch(w -> w.scorer() == Scorers.BALANCE && w.weight() > 0);
  }

  /** Whether so many nodes could have enough units, if they were the right ones. */
  private boolean enough(int size) {
    var units =
        useful().stream()
            .map(n -> alone(n).units())
            .sorted(Comparator.reverseOrder())
            .limit(size)
            .mapToInt(Integer::intValue)
            .sum();
    return units >= situation.units();
  }

  private void choose(List<Integer> chosen, int from, int size) {
    if (chosen.size() == size) {
      tried++;
      considerSplit(cover(chosen, false));
      if (keepsFloors()) {
        considerSplit(cover(chosen, true));
      }
      return;
    }
    for (var i = from; i <= useful().size() - (size - chosen.size()) && tried < BUDGET; i++) {
      chosen.add(useful().get(i));
      choose(chosen, i + 1, size);
      chosen.remove(chosen.size() - 1);
    }
  }

  private void considerSplit(Plan plan) {
    if (plan == null
        || plan.shipments() < 2
        || plan.shipments() > eligible.splitting.maxShipments()) {
      return;
    }
    for (var node : plan.nodes()) {
      if (plan.valueOf(node) < eligible.splitting.minValuePerShipment()) {
        return;
      }
    }
    consider(plan);
  }

  /** Everything from these nodes, the first giving what it has; null when they have not enough. */
  private Plan cover(List<Integer> from, boolean keepFloors) {
    var left = free(keepFloors);
    var draft = new Plan.Draft(situation);
    var open = new int[wants.size()];
    for (var w : inOrder) {
      open[w] = wants.get(w).quantity();
      for (var n : from) {
        take(draft, w, n, left, open);
      }
      if (open[w] > 0) {
        return null;
      }
    }
    return draft.done();
  }

  private void take(Plan.Draft draft, int want, int node, int[][] left, int[] open) {
    if (open[want] > 0 && eligible.may(want, node)) {
      var take = Math.min(open[want], left[node][want]);
      if (take > 0) {
        draft.add(want, node, take);
        spend(left[node], want, take);
        open[want] -= take;
      }
    }
  }

  private int gives(int node, int[][] left, int[] open) {
    var copy = left[node].clone();
    var gives = 0;
    for (var w = 0; w < open.length; w++) {
      if (eligible.may(w, node)) {
        var take = Math.min(open[w], copy[w]);
        gives += take;
        spend(copy, w, take);
      }
    }
    return gives;
  }

  /** What nodes have for each line; lines of one SKU see the same units. */
  private int[][] free(boolean keepFloors) {
    var free = new int[nodes][wants.size()];
    for (var n = 0; n < nodes; n++) {
      var floor = keepFloors ? situation.question().nodes().get(n).floor() : 0;
      for (var w = 0; w < wants.size(); w++) {
        free[n][w] = Math.max(0, situation.availableAt(n, wants.get(w).sku()) - floor);
      }
    }
    return free;
  }

  private void spend(int[] left, int want, int units) {
    if (units > 0) {
      for (var w = 0; w < wants.size(); w++) {
        if (wants.get(w).sku().equals(wants.get(want).sku())) {
          left[w] -= units;
        }
      }
    }
  }

  /** Nodes that could ship something, best first. */
  private List<Integer> useful() {
    if (useful == null) {
      record Scored(int node, double points) {}
      var scored = new ArrayList<Scored>();
      for (var n = 0; n < nodes; n++) {
        var plan = alone(n);
        if (plan.units() > 0) {
          scored.add(new Scored(n, points(plan)));
        }
      }
      scored.sort(
          Comparator.comparingDouble((Scored s) -> -s.points()).thenComparingInt(Scored::node));
      useful = scored.stream().map(Scored::node).toList();
    }
    return useful;
  }

  /** Lines that few nodes may ship are served first, so that others do not take their units. */
  private int[] hardestFirst() {
    var choices = new int[wants.size()];
    for (var w = 0; w < choices.length; w++) {
      for (var n = 0; n < nodes; n++) {
        choices[w] += eligible.may(w, n) ? 1 : 0;
      }
    }
    var order = new ArrayList<Integer>();
    for (var w = 0; w < choices.length; w++) {
      order.add(w);
    }
    order.sort(Comparator.comparingInt(w -> choices[w]));
    return order.stream().mapToInt(Integer::intValue).toArray();
  }
}
