package io.serai.allocation;

import io.serai.allocation.Rule.Choice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Who may ship what, and what else the rules want: the built-in filters first, then the rules from
 * top to bottom.
 */
final class Eligibility {
  /** The filter of nodes that would have to declare what has no tariff number. */
  static final String CUSTOMS = "customs";

  /** Why a node may not ship a line: the filter or rule by name, and in plain words. */
  record Reason(String by, String words) {}

  /**
   * Points that a rule gives nodes.
   *
   * @param covered which lines it is about
   * @param nodes which nodes get them for each of those lines
   */
  private record Preference(String rule, double points, boolean[] covered, boolean[][] nodes) {}

  private final Situation situation;
  private final List<Want> wants;
  private final List<Candidate> nodes;
  private final Reason[][] out;
  private final List<Preference> preferences = new ArrayList<>();
  private boolean anyOut;
  private double[][] preferred;
  private double mostPreferred;

  final List<String> applied = new ArrayList<>();
  final LinkedHashSet<String> tags = new LinkedHashSet<>();
  final List<Decision.Hold> holds = new ArrayList<>();
  String priority;
  boolean suggestOnly;
  Policy.Splitting splitting;

  private Eligibility(Situation situation, Policy.Splitting splitting) {
    this.situation = situation;
    this.wants = situation.wants();
    this.nodes = situation.question().nodes();
    this.out = new Reason[wants.size()][nodes.size()];
    this.splitting = splitting;
  }

  static Eligibility of(Policy policy, Situation situation) {
    var eligibility = new Eligibility(situation, policy.splitting());
    eligibility.check(policy.checks());
    eligibility.ask(policy.rules());
    return eligibility;
  }

  /** Whether a node may ship a line. */
  boolean may(int want, int node) {
    return out[want][node] == null;
  }

  /** Whether a node may ship every line. */
  boolean mayAll(int node) {
    if (anyOut) {
      for (var ofWant : out) {
        if (ofWant[node] != null) {
          return false;
        }
      }
    }
    return true;
  }

  /** Why a node may not ship a line, or null when it may. */
  Reason reason(int want, int node) {
    return out[want][node];
  }

  /** Why a node may ship no line at all, or null when it may ship some. */
  Reason reason(int node) {
    Reason first = null;
    for (var ofWant : out) {
      if (ofWant[node] == null) {
        return null;
      }
      first = first == null ? ofWant[node] : first;
    }
    return first;
  }

  private void check(Policy.Checks checks) {
    var question = situation.question();
    var country = question.order().country();
    for (var n = 0; n < nodes.size(); n++) {
      var node = nodes.get(n);
      var rejected = question.excluded().get(node.id());
      if (rejected != null) {
        exclude(n, "rejection", rejected);
      }
      if (checks.servedCountry() && !node.servesCountry(country)) {
        exclude(n, "served-country", "does not send to '" + country + "'");
      }
      if (checks.capacity()
          && node.capacityPerDay() != null
          && situation.at(n).capacityLeft() == 0) {
        exclude(
            n,
            "capacity",
            "has been given the "
                + node.capacityPerDay()
                + " orders that it takes on "
                + situation.shipsOn());
      }
      if (checks.onTime() && situation.at(n).daysLate() > 0) {
        exclude(n, "on-time", "would be " + situation.daysLate() + " day(s) late");
      }
      if (checks.customs() && Customs.between(node.country(), country)) {
        declare(n, country);
      }
    }
  }

  private void declare(int node, String country) {
    for (var w = 0; w < out.length; w++) {
      var code = wants.get(w).facts().hsCode();
      if (code == null || code.isBlank()) {
        exclude(
            w,
            node,
            new Reason(
                CUSTOMS,
                "cannot declare SKU '"
                    + wants.get(w).sku()
                    + "' to the customs of '"
                    + country
                    + "': it has no tariff number"));
      }
    }
  }

  private void exclude(int node, String by, String words) {
    var reason = new Reason(by, words);
    for (var w = 0; w < out.length; w++) {
      exclude(w, node, reason);
    }
  }

  private void exclude(int want, int node, Reason reason) {
    if (out[want][node] == null) {
      out[want][node] = reason;
      anyOut = true;
    }
  }

  private void ask(List<Rule> rules) {
    var done = new boolean[wants.size()];
    for (var rule : rules) {
      situation.at((Want) null);
      if (!rule.when().holds(situation)) {
        continue;
      }
      var covered = covered(rule, done);
      if (covered == null) {
        continue;
      }
      applied.add(rule.name());
      for (var effect : rule.effects()) {
        follow(rule.name(), effect, covered);
      }
      if (rule.last()) {
        for (var w = 0; w < done.length; w++) {
          done[w] |= covered[w];
        }
      }
    }
  }

  private boolean[] covered(Rule rule, boolean[] done) {
    boolean[] covered = null;
    for (var w = 0; w < done.length; w++) {
      if (!done[w] && (rule.lines() == null || rule.lines().holds(situation.at(wants.get(w))))) {
        covered = covered == null ? new boolean[done.length] : covered;
        covered[w] = true;
      }
    }
    return covered;
  }

  private void follow(String rule, Rule.Effect effect, boolean[] covered) {
    switch (effect) {
      case Rule.Only only ->
          each(
              covered,
              only.nodes(),
              false,
              new Reason(rule, "is left out: rule '" + rule + "' wants " + only.nodes().text()));
      case Rule.Never never ->
          each(
              covered, never.nodes(), true, new Reason(rule, "is left out by rule '" + rule + "'"));
      case Rule.Use use -> use(rule, use.nodes(), covered);
      case Rule.Prefer prefer -> prefer(rule, prefer, covered);
      case Rule.Tag tag -> tags.addAll(tag.tags());
      case Rule.Hold hold ->
          holds.add(new Decision.Hold(rule, hold.reason(), hold.owner(), hold.due()));
      case Rule.Priority one -> priority = priority == null ? one.priority() : priority;
      case Rule.Splitting limits -> splitting = splitting.with(limits);
      case Rule.SuggestOnly suggestion -> suggestOnly = true;
    }
  }

  /** Excludes the nodes that match, or those that do not. */
  private void each(boolean[] covered, Choice choice, boolean matching, Reason reason) {
    var matches = matches(choice, covered);
    for (var w = 0; w < covered.length; w++) {
      for (var n = 0; covered[w] && n < nodes.size(); n++) {
        if (matches[w][n] == matching) {
          exclude(w, n, reason);
        }
      }
    }
  }

  /** Which nodes match for which covered lines; asked once where the line does not matter. */
  private boolean[][] matches(Choice choice, boolean[] covered) {
    var matches = new boolean[covered.length][];
    boolean[] forAll = null;
    for (var w = 0; w < covered.length; w++) {
      if (covered[w] && (forAll == null || choice.ofLine())) {
        situation.at(wants.get(w));
        forAll = new boolean[nodes.size()];
        for (var n = 0; n < forAll.length; n++) {
          forAll[n] = choice.matches(situation.at(n));
        }
      }
      matches[w] = forAll;
    }
    return matches;
  }

  private void use(String rule, Choice choice, boolean[] covered) {
    var users = new boolean[nodes.size()];
    var any = false;
    for (var n = 0; n < nodes.size(); n++) {
      users[n] = matchesAll(choice, covered, n) && hasAll(covered, n);
      any |= users[n];
    }
    if (!any) {
      applied.remove(applied.size() - 1);
      return;
    }
    var reason =
        new Reason(
            rule, "is left out: rule '" + rule + "' wants " + choice.text() + ", which has it");
    for (var w = 0; w < covered.length; w++) {
      for (var n = 0; n < nodes.size(); n++) {
        if (covered[w] && !users[n]) {
          exclude(w, n, reason);
        }
      }
    }
  }

  private boolean matchesAll(Choice choice, boolean[] covered, int node) {
    for (var w = 0; w < covered.length; w++) {
      if (covered[w]
          && (out[w][node] != null || !choice.matches(situation.at(wants.get(w)).at(node)))) {
        return false;
      }
    }
    return true;
  }

  private boolean hasAll(boolean[] covered, int node) {
    var wanted = new HashMap<String, Integer>();
    for (var w = 0; w < covered.length; w++) {
      if (covered[w]) {
        wanted.merge(wants.get(w).sku(), wants.get(w).quantity(), Integer::sum);
      }
    }
    return wanted.entrySet().stream()
        .allMatch(e -> situation.availableAt(node, e.getKey()) >= e.getValue());
  }

  private void prefer(String rule, Rule.Prefer prefer, boolean[] covered) {
    var matches = matches(prefer.nodes(), covered);
    if (preferred == null) {
      preferred = new double[wants.size()][nodes.size()];
    }
    for (var w = 0; w < covered.length; w++) {
      for (var n = 0; covered[w] && n < nodes.size(); n++) {
        if (matches[w][n]) {
          preferred[w][n] += prefer.points();
        }
      }
    }
    mostPreferred += Math.max(0, prefer.points());
    preferences.add(new Preference(rule, prefer.points(), covered, matches));
  }

  /** No plan gets more points from rules. */
  double mostPreferred() {
    return mostPreferred;
  }

  /** What the rules that prefer nodes give a plan together. */
  double points(Plan plan) {
    if (preferred == null || plan.units() == 0) {
      return 0;
    }
    var sum = 0.0;
    for (var part : plan.parts()) {
      sum += preferred[part.line()][part.node()] * part.units();
    }
    return sum / plan.units();
  }

  /** The same, of each rule that gives any. */
  Map<String, Double> preferred(Plan plan) {
    if (preferences.isEmpty() || plan.units() == 0) {
      return Map.of();
    }
    var points = new LinkedHashMap<String, Double>();
    for (var preference : preferences) {
      var units = 0;
      for (var part : plan.parts()) {
        if (preference.covered()[part.line()] && preference.nodes()[part.line()][part.node()]) {
          units += part.units();
        }
      }
      if (units > 0) {
        points.merge(preference.rule(), preference.points() * units / plan.units(), Double::sum);
      }
    }
    return points;
  }
}
