package io.serai.rules;

import io.serai.allocation.Candidate;
import io.serai.allocation.Rule;
import io.serai.catalog.Faults;
import io.serai.rules.Logic.Fact;
import io.serai.rules.RuleReader.ReadRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds rules that can never apply and rules that leave no node when both do. */
final class RuleLint {
  private final Faults faults;
  private final List<Candidate> nodes;

  /**
   * For a site.
   *
   * @param nodes the site's nodes, or null when they are not known
   */
  RuleLint(Faults faults, List<Candidate> nodes) {
    this.faults = faults;
    this.nodes = nodes;
  }

  void judge(List<ReadRule> rules) {
    for (var i = 0; i < rules.size(); i++) {
      var rule = rules.get(i);
      var cases = Logic.cases(rule.when(), rule.lines());
      if (!Logic.possible(cases)) {
        faults.at(
            rule.line(),
            "Rule '" + name(rule) + "' can never apply: its conditions exclude each other",
            "Correct 'when' or 'lines', or remove the rule");
        continue;
      }
      if (!shadowed(rules, i, cases)) {
        contradictions(rules, i, cases);
      }
    }
  }

  private boolean shadowed(List<ReadRule> rules, int index, List<Set<Fact>> cases) {
    for (var above : rules.subList(0, index)) {
      if (above.rule().last() && Logic.follows(Logic.cases(above.when(), above.lines()), cases)) {
        faults.at(
            rules.get(index).line(),
            "Rule '"
                + name(rules.get(index))
                + "' is never asked: wherever it would apply, rule '"
                + name(above)
                + "' above it applies and is the last",
            "Move it up, or narrow the rule above");
        return true;
      }
    }
    return false;
  }

  private void contradictions(List<ReadRule> rules, int index, List<Set<Fact>> cases) {
    var rule = rules.get(index);
    for (var above : rules.subList(0, index)) {
      var others = Logic.cases(above.when(), above.lines());
      if (above.rule().last() || !Logic.together(others, cases)) {
        continue;
      }
      var why = contradiction(above, rule);
      if (why != null) {
        faults.at(
            rule.line(),
            "Rules '"
                + name(above)
                + "' and '"
                + name(rule)
                + "' contradict each other: "
                + why
                + " when both apply",
            "Except one from the other in 'when' or 'lines', or let the first be the 'last'");
      }
    }
  }

  private String contradiction(ReadRule one, ReadRule other) {
    if (leavesNobody(one.only(), other.only())
        || leavesNobody(one.only(), without(other.never()))
        || leavesNobody(other.only(), without(one.never()))) {
      return "no node may ship";
    }
    var first = shipsAvailable(one.rule());
    var second = shipsAvailable(other.rule());
    return first != null && second != null && !first.equals(second)
        ? "what is there leaves and waits"
        : null;
  }

  private Set<String> without(Set<String> never) {
    if (never == null || nodes == null) {
      return null;
    }
    var left = new HashSet<String>();
    nodes.forEach(node -> left.add(node.id()));
    left.removeAll(never);
    return left;
  }

  private static boolean leavesNobody(Set<String> one, Set<String> other) {
    return one != null && other != null && one.stream().noneMatch(other::contains);
  }

  private static Boolean shipsAvailable(Rule rule) {
    for (var effect : rule.effects()) {
      if (effect instanceof Rule.Splitting limits && limits.shipAvailable() != null) {
        return limits.shipAvailable();
      }
    }
    return null;
  }

  private static String name(ReadRule rule) {
    return rule.rule().name();
  }
}
