package io.serai.allocation;

import io.serai.allocation.Decision.Figure;
import io.serai.allocation.Decision.Score;
import io.serai.allocation.Decision.Shortage;
import io.serai.allocation.Decision.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Says in plain words why a plan won and the others lost. */
final class Explanation {
  private final Policy policy;
  private final Situation situation;
  private final Eligibility eligible;
  private final Search search;
  private final List<Candidate> nodes;
  private final List<List<Score>> alone = new ArrayList<>();

  Explanation(Policy policy, Situation situation, Eligibility eligible, Search search) {
    this.policy = policy;
    this.situation = situation;
    this.eligible = eligible;
    this.search = search;
    this.nodes = situation.question().nodes();
    nodes.forEach(node -> alone.add(null));
  }

  /** The scores of a node that ships what it can. */
  private List<Score> alone(int node) {
    if (alone.get(node) == null) {
      alone.set(node, scores(search.alone(node)));
    }
    return alone.get(node);
  }

  /** How every node fared beside the plan that won, which is null when none did. */
  List<Verdict> verdicts(Plan plan) {
    var verdicts = new ArrayList<Verdict>(nodes.size());
    var compared = nodes.size() > 1;
    var winner = plan != null && plan.shipments() == 1 ? plan.nodes().iterator().next() : -1;
    var winning = winner < 0 || !compared ? List.<Score>of() : alone(winner);
    for (var n = 0; n < nodes.size(); n++) {
      var out = eligible.reason(n);
      var scores = out != null || !compared ? List.<Score>of() : alone(n);
      var chosen = plan != null && plan.unitsOf(n) > 0;
      verdicts.add(
          new Verdict(
              nodes.get(n).id(),
              chosen,
              out != null ? out.words() : reason(n, plan, chosen, winning, scores),
              figures(n),
              out == null ? null : out.by(),
              scores.isEmpty() ? null : sum(scores),
              scores));
    }
    return verdicts;
  }

  private String reason(
      int node, Plan plan, boolean chosen, List<Score> winning, List<Score> scores) {
    if (plan == null) {
      return "cannot complete the order";
    }
    if (!plan.whole()) {
      return chosen ? "ships what it has" : "has nothing that could leave now";
    }
    if (plan.shipments() > 1) {
      if (chosen) {
        return search.complete() == 0
            ? "ships a part: no node has every line"
            : "ships a part: sharing the order scores higher";
      }
      return search.complete() == 0
          ? "has nothing that the others do not have, or scores lower"
          : "scores lower alone than the others together";
    }
    if (chosen) {
      return search.complete() == 1
          ? "is the only one that has every line"
          : byList(winning)
              ? "has every line and comes first of those that do"
              : "has every line and scores highest of those that do";
    }
    if (!situation.completeAt(node)) {
      return "does not have every line";
    }
    if (!eligible.mayAll(node)) {
      return "may not ship every line: " + firstReason(node);
    }
    return lost(winning, scores);
  }

  private String firstReason(int node) {
    for (var w = 0; w < situation.wants().size(); w++) {
      var reason = eligible.reason(w, node);
      if (reason != null) {
        return "for line " + situation.wants().get(w).lineNo() + " it " + reason.words();
      }
    }
    return "it may";
  }

  /** Whether nothing but the order of the list tells the nodes that have everything apart. */
  private boolean byList(List<Score> winning) {
    for (var n = 0; n < nodes.size(); n++) {
      if (eligible.mayAll(n) && situation.completeAt(n)) {
        for (var difference : differences(winning, alone(n))) {
          if (!Scorers.PRIORITY.name().equals(difference.scorer())) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Where the loser lost most. */
  private static String lost(List<Score> winning, List<Score> losing) {
    var differences = differences(winning, losing);
    if (differences.isEmpty()) {
      return "scores the same and comes later in the list";
    }
    if (differences.size() == 1 && Scorers.PRIORITY.name().equals(differences.get(0).scorer())) {
      return "comes later in the list";
    }
    var most = differences.get(0);
    for (var difference : differences) {
      if (difference.by() > most.by()) {
        most = difference;
      }
    }
    var because = most.because() == null ? "" : " (" + most.because() + ")";
    return "scores lower: it has "
        + shown(most.its())
        + " points for '"
        + most.scorer()
        + "'"
        + because
        + ", the chosen one "
        + shown(most.others());
  }

  private record Difference(String scorer, double its, double others, double by, String because) {}

  // A rule that gives a node nothing is not among its scores.
  private static List<Difference> differences(List<Score> winning, List<Score> losing) {
    var differences = new ArrayList<Difference>();
    for (var won : winning) {
      var lost = find(losing, won.scorer());
      var its = lost == null ? 0 : lost.points();
      if (won.points() != its) {
        differences.add(
            new Difference(
                won.scorer(),
                its,
                won.points(),
                won.points() - its,
                lost == null ? null : lost.because()));
      }
    }
    for (var lost : losing) {
      if (find(winning, lost.scorer()) == null && lost.points() != 0) {
        differences.add(
            new Difference(lost.scorer(), lost.points(), 0, -lost.points(), lost.because()));
      }
    }
    return differences;
  }

  private static Score find(List<Score> scores, String scorer) {
    for (var score : scores) {
      if (score.scorer().equals(scorer)) {
        return score;
      }
    }
    return null;
  }

  private List<Figure> figures(int node) {
    var figures = new ArrayList<Figure>(situation.bySku().size());
    for (var wanted : situation.bySku().entrySet()) {
      figures.add(
          new Figure(
              wanted.getKey(),
              wanted.getValue(),
              situation.stocks(node, wanted.getKey())
                  ? situation.availableAt(node, wanted.getKey())
                  : null));
    }
    return figures;
  }

  private List<Score> scores(Plan plan) {
    var scores = new ArrayList<Score>();
    for (var weight : policy.weights()) {
      var value = weight.scorer().value(plan);
      scores.add(
          new Score(
              weight.scorer().name(),
              weight.weight(),
              rounded(value),
              rounded(weight.weight() * value),
              weight.scorer().reason(plan)));
    }
    eligible
        .preferred(plan)
        .forEach((rule, points) -> scores.add(new Score(rule, null, null, rounded(points), null)));
    return scores;
  }

  private static double sum(List<Score> scores) {
    return rounded(scores.stream().mapToDouble(Score::points).sum());
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static String shown(double points) {
    return String.valueOf(Math.round(points * 10) / 10.0);
  }

  /** Why this plan, when it ships everything. */
  String whole(Plan plan) {
    if (plan.shipments() == 1) {
      var winner = plan.nodes().iterator().next();
      var left = out();
      var winning = nodes.size() > 1 ? alone(winner) : List.<Score>of();
      var start = "Node '" + nodes.get(winner).id() + "' ships all lines: ";
      var asked = nodes.size() - left;
      if (asked == 1) {
        return start
            + (nodes.size() == 1 ? "it is the only node." : "it is the only one that may.")
            + rules();
      }
      if (search.complete() == 1) {
        return start + "of " + asked + " it is the only one that has everything." + rules();
      }
      if (byList(winning)) {
        return start + "it is the first of " + asked + " that has everything." + rules();
      }
      return start
          + "of "
          + search.complete()
          + " that have everything it scores highest, with "
          + shown(sum(winning))
          + " points"
          + main(winning)
          + "."
          + rules();
    }
    if (search.complete() > 0) {
      return plan.shipments()
          + " nodes share the order, though one could have sent it: together they score higher."
          + rules();
    }
    return "No node has every line, so " + plan.shipments() + " nodes share the order." + rules();
  }

  private int out() {
    var out = 0;
    for (var n = 0; n < nodes.size(); n++) {
      out += eligible.reason(n) == null ? 0 : 1;
    }
    return out;
  }

  // What every plan has is no reason for one.
  private static String main(List<Score> scores) {
    var parts = new StringJoiner(", ", " (", ")");
    parts.setEmptyValue("");
    for (var score : scores) {
      if (!Scorers.COMPLETE.name().equals(score.scorer()) && score.points() != 0) {
        parts.add(
            shown(score.points())
                + " for '"
                + score.scorer()
                + "'"
                + (score.because() == null || score.weight() == null
                    ? ""
                    : ": " + score.because()));
      }
    }
    return parts.toString();
  }

  private String rules() {
    if (eligible.applied.isEmpty()) {
      return "";
    }
    var names = new StringJoiner("', '", " Rules that applied: '", "'.");
    eligible.applied.forEach(names::add);
    return names.toString();
  }

  /** Why some wait, when others leave. */
  String part(Plan plan, List<Shortage> missing) {
    var first = missing.get(0);
    return String.format(
            Locale.ROOT,
            "%d of %d units leave now from %d node(s); line %d waits for %d of SKU '%s'.",
            plan.units(),
            situation.units(),
            plan.shipments(),
            first.lineNo(),
            first.wanted() - first.available(),
            first.sku())
        + rules();
  }

  /** Why the whole order waits. */
  String waits(List<Shortage> shortages) {
    if (shortages.isEmpty()) {
      var limits = eligible.splitting;
      return "No node has every line, and the order may not be shared as it would have to be: at"
          + " most "
          + limits.maxShipments()
          + " shipment(s)"
          + (limits.minValuePerShipment() > 0
              ? " of at least " + Scorers.money(limits.minValuePerShipment())
              : "")
          + ". It waits as a whole."
          + rules();
    }
    var first = shortages.get(0);
    return "Line "
        + first.lineNo()
        + " needs "
        + first.wanted()
        + " of SKU '"
        + first.sku()
        + "' and "
        + first.available()
        + " can be promised, so the order waits as a whole."
        + leftOut(first)
        + rules();
  }

  /** Nodes that have what is missing and may not send it. */
  private String leftOut(Shortage shortage) {
    for (var w = 0; w < situation.wants().size(); w++) {
      if (situation.wants().get(w).lineNo() == shortage.lineNo()) {
        for (var n = 0; n < nodes.size(); n++) {
          var reason = eligible.reason(w, n);
          var there = situation.availableAt(n, shortage.sku());
          if (reason != null && there > 0) {
            return " Node '"
                + nodes.get(n).id()
                + "' has "
                + there
                + " and "
                + reason.words()
                + ".";
          }
        }
      }
    }
    return "";
  }

  /** Whether no node at all may ship a line. */
  boolean nobodyMay(int want) {
    for (var n = 0; n < nodes.size(); n++) {
      if (eligible.may(want, n)) {
        return false;
      }
    }
    return true;
  }

  /** Why no node may ship a line. */
  String nobody(int want) {
    var country = situation.question().order().country();
    var reasons = new StringJoiner(", ");
    var unserved = true;
    var undeclared = false;
    for (var n = 0; n < nodes.size(); n++) {
      var reason = eligible.reason(want, n);
      unserved &= "served-country".equals(reason.by());
      undeclared |= Eligibility.CUSTOMS.equals(reason.by());
      if (n < 5) {
        reasons.add("'" + nodes.get(n).id() + "' " + reason.words());
      }
    }
    if (unserved) {
      return "No node sends to country '"
          + country
          + "'. Add it to what a node serves or cancel the order, then replay.";
    }
    if (undeclared) {
      return "SKU '"
          + situation.wants().get(want).sku()
          + "' has no tariff number, without which it is not sent to country '"
          + country
          + "': "
          + reasons
          + ". Give it one with './serai stock describe', then replay.";
    }
    return "Line "
        + situation.wants().get(want).lineNo()
        + " may be shipped by no node: "
        + reasons
        + (nodes.size() > 5 ? " and " + (nodes.size() - 5) + " more" : "")
        + ". Change the rule or the node, then replay."
        + rules();
  }
}
