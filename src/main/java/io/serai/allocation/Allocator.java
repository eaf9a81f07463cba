package io.serai.allocation;

import io.serai.allocation.Decision.Actions;
import io.serai.allocation.Decision.Assignment;
import io.serai.allocation.Decision.Outcome;
import io.serai.allocation.Decision.Shortage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Decides which node ships which line under a policy: filters and rules say who may, scorers who
 * should, limits how far the order may be split. A pure function of its arguments.
 *
 * <p>Guarantee: what it assigns of a SKU at a node never exceeds what {@link Availability} says is
 * there, over all lines together; nothing is assigned to a node that a filter or rule left out; all
 * lines are assigned or none, unless the policy lets a part go ahead.
 */
public final class Allocator {
  private Allocator() {}

  /** Decides. */
  public static Decision allocate(Policy policy, Question question) {
    if (question.wants().isEmpty()) {
      return plain(policy, Outcome.NOTHING_TO_SHIP, "Nothing has to be shipped.");
    }
    if (question.nodes().isEmpty()) {
      return plain(
          policy,
          Outcome.UNALLOCATABLE,
          "No active node is configured. Add one under serai.nodes, then replay.");
    }
    var situation = new Situation(policy, question);
    var eligible = Eligibility.of(policy, situation);
    var search = new Search(policy, situation, eligible);
    var explanation = new Explanation(policy, situation, eligible, search);
    var plan = search.whole();
    if (plan != null) {
      return decision(
          policy,
          eligible,
          Outcome.ALLOCATED,
          plan,
          explanation.verdicts(plan),
          List.of(),
          explanation.whole(plan));
    }
    return shortOf(policy, situation, eligible, search, explanation);
  }

  /** The class of priority that the rules give an order whatever comes of it, or null. */
  public static String priority(Policy policy, Question question) {
    return question.wants().isEmpty()
        ? null
        : Eligibility.of(policy, new Situation(policy, question)).priority;
  }

  private static Decision shortOf(
      Policy policy,
      Situation situation,
      Eligibility eligible,
      Search search,
      Explanation explanation) {
    var shortages = shortages(situation, search.promised());
    var unknown = shortages.stream().filter(s -> !s.known()).findFirst();
    if (unknown.isPresent()) {
      return decision(
          policy,
          eligible,
          Outcome.UNKNOWN_SKU,
          null,
          explanation.verdicts(null),
          shortages,
          "Line "
              + unknown.get().lineNo()
              + " cannot be allocated: no node stocks SKU '"
              + unknown.get().sku()
              + "'. Add stock or correct the SKU, then replay.");
    }
    for (var w = 0; w < situation.wants().size(); w++) {
      if (explanation.nobodyMay(w)) {
        return decision(
            policy,
            eligible,
            Outcome.UNALLOCATABLE,
            null,
            explanation.verdicts(null),
            shortages,
            explanation.nobody(w));
      }
    }
    // What the order says of itself beats what rules say of orders.
    var together = situation.question().order().shipComplete();
    if (together == null ? eligible.splitting.shipAvailable() : !together) {
      var part = search.part();
      if (part.units() > 0) {
        var missing = missing(situation, part);
        return decision(
            policy,
            eligible,
            Outcome.PARTLY_ALLOCATED,
            part,
            explanation.verdicts(part),
            missing,
            explanation.part(part, missing));
      }
    }
    return decision(
        policy,
        eligible,
        Outcome.BACKORDERED,
        null,
        explanation.verdicts(null),
        shortages,
        explanation.waits(shortages));
  }

  private static List<Shortage> shortages(Situation situation, int[] promised) {
    var shortages = new ArrayList<Shortage>();
    for (var w = 0; w < promised.length; w++) {
      var want = situation.wants().get(w);
      if (promised[w] < want.quantity()) {
        shortages.add(
            new Shortage(
                want.lineNo(), want.sku(), want.quantity(), promised[w], known(situation, want)));
      }
    }
    return shortages;
  }

  private static List<Shortage> missing(Situation situation, Plan part) {
    var given = new int[situation.wants().size()];
    part.parts().forEach(p -> given[p.line()] += p.units());
    return shortages(situation, given);
  }

  private static boolean known(Situation situation, Want want) {
    for (var n = 0; n < situation.question().nodes().size(); n++) {
      if (situation.stocks(n, want.sku())) {
        return true;
      }
    }
    return false;
  }

  private static Decision plain(Policy policy, Outcome outcome, String sentence) {
    return new Decision(
        policy.id(),
        outcome,
        List.of(),
        List.of(),
        List.of(),
        sentence,
        List.of(),
        null,
        null,
        null);
  }

  private static Decision decision(
      Policy policy,
      Eligibility eligible,
      Outcome outcome,
      Plan plan,
      List<Decision.Verdict> verdicts,
      List<Shortage> shortages,
      String sentence) {
    var cost = plan == null ? null : plan.cost();
    return new Decision(
        policy.id(),
        outcome,
        plan == null ? List.of() : assignments(plan),
        verdicts,
        shortages,
        sentence,
        List.copyOf(new LinkedHashSet<>(eligible.applied)),
        actions(eligible),
        plan == null ? null : plan.shipments(),
        cost == null ? null : BigDecimal.valueOf(cost).setScale(2, RoundingMode.HALF_UP));
  }

  private static List<Assignment> assignments(Plan plan) {
    var parts = new ArrayList<>(plan.parts());
    parts.sort(Comparator.comparingInt(Plan.Part::line));
    var assignments = new ArrayList<Assignment>(parts.size());
    for (var part : parts) {
      var want = plan.want(part);
      assignments.add(
          new Assignment(
              want.lineNo(),
              want.sku(),
              plan.situation().question().nodes().get(part.node()).id(),
              part.units()));
    }
    return assignments;
  }

  private static Actions actions(Eligibility eligible) {
    if (eligible.tags.isEmpty()
        && eligible.holds.isEmpty()
        && eligible.priority == null
        && !eligible.suggestOnly) {
      return null;
    }
    return new Actions(
        List.copyOf(eligible.tags),
        List.copyOf(eligible.holds),
        eligible.priority,
        eligible.suggestOnly ? Boolean.TRUE : null);
  }
}
