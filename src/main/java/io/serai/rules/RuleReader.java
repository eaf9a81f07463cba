package io.serai.rules;

import io.serai.allocation.Candidate;
import io.serai.allocation.Condition;
import io.serai.allocation.Distances;
import io.serai.allocation.Policy;
import io.serai.allocation.Policy.Checks;
import io.serai.allocation.Policy.Splitting;
import io.serai.allocation.Policy.Weight;
import io.serai.allocation.Rule;
import io.serai.allocation.Rule.Choice;
import io.serai.allocation.Rule.Effect;
import io.serai.allocation.Scorers;
import io.serai.catalog.Faults;
import io.serai.catalog.Nearest;
import io.serai.catalog.Section;
import io.serai.catalog.Yaml;
import io.serai.rules.Expressions.Refused;
import io.serai.rules.Expressions.Scope;
import io.serai.support.Sha256;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the text of a rule set; what is wrong is noted with line, expression and remedy. */
final class RuleReader {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final double USUAL_POINTS = 100;

  private final Faults faults;
  private final List<Candidate> nodes;
  private final List<ReadRule> read = new ArrayList<>();

  /**
   * A rule as it was read, for the lint.
   *
   * @param only nodes that alone may ship, or null; known only when they depend on no order
   */
  record ReadRule(
      Rule rule,
      int line,
      Expression when,
      Expression lines,
      Set<String> only,
      Set<String> never) {}

  /**
   * Reads for a site.
   *
   * @param nodes the site's nodes, or null when they are not known
   */
  RuleReader(Faults faults, List<Candidate> nodes) {
    this.faults = faults;
    this.nodes = nodes;
  }

  /** Reads; null when anything is wrong. */
  static RuleSet read(
      String text, String tables, Distances distances, List<Candidate> nodes, Faults faults) {
    return new RuleReader(faults, nodes).read(text, tables, distances);
  }

  private RuleSet read(String text, String tables, Distances distances) {
    var yaml = Yaml.parse(text, faults);
    if (yaml == null) {
      return null;
    }
    var file = Section.of("rules file", yaml, faults);
    if (file == null) {
      return null;
    }
    var name = file.required("name");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      faults.at(
          file.lineOf("name"),
          "'name' is '" + name + "', which is not in kebab case",
          "Use lower-case letters, digits and single dashes");
    }
    var home = file.text("home");
    if (home != null && !COUNTRIES.contains(home)) {
      faults.at(
          file.lineOf("home"),
          "'home' is '" + home + "', which is no country code",
          home.equals("false")
              ? "Write it in quotes: \"NO\""
              : "Write two capital letters, as in 'US'");
    }
    var checks = checks(file.section("filters"));
    var weights = weights(file.section("weights"));
    var splitting = splitting(file.section("split"));
    var entries = new ArrayList<RuleSet.Entry>();
    var names = new TreeSet<String>();
    for (var item : file.items("rules")) {
      var section = Section.of("rule", item, faults);
      if (section != null) {
        rule(section, names, entries);
      }
    }
    file.close();
    if (!faults.none()) {
      return null;
    }
    new RuleLint(faults, nodes).judge(read);
    if (!faults.none()) {
      return null;
    }
    var version = version(text + '\0' + tables);
    var rules = read.stream().map(ReadRule::rule).toList();
    return new RuleSet(
        name,
        version,
        text,
        new Policy(name, version, home, rules, weights, checks, splitting, distances),
        List.copyOf(entries));
  }

  static String version(String text) {
    return HexFormat.of().formatHex(Sha256.of(text), 0, 6);
  }

  private Checks checks(Section section) {
    if (section == null) {
      return Checks.ALL;
    }
    var checks =
        new Checks(
            section.flag("served-country", true),
            section.flag("capacity", true),
            section.flag("on-time", false),
            section.flag("customs", false));
    section.close();
    return checks;
  }

  private List<Weight> weights(Section section) {
    if (section == null) {
      return Policy.STANDARD.weights();
    }
    var weights = new ArrayList<Weight>();
    for (var scorer : Scorers.ALL) {
      var weight = figure(section, scorer.name(), 0);
      if (weight > 0) {
        weights.add(new Weight(scorer, weight));
      }
    }
    section.close();
    return List.copyOf(weights);
  }

  private Splitting splitting(Section section) {
    if (section == null) {
      return Splitting.FREE;
    }
    var limits = limits(section);
    return new Splitting(
        limits.maxShipments() == null ? Integer.MAX_VALUE : limits.maxShipments(),
        limits.minValuePerShipment() == null ? 0 : limits.minValuePerShipment(),
        Boolean.TRUE.equals(limits.shipAvailable()));
  }

  private Rule.Splitting limits(Section section) {
    var most = section.has("max-shipments") ? section.number("max-shipments", 1, 1) : null;
    var least =
        section.has("min-value-per-shipment") ? figure(section, "min-value-per-shipment", 0) : null;
    var shortage = section.choice("when-short", List.of("wait", "ship-available"), null);
    section.close();
    return new Rule.Splitting(
        most, least, shortage == null ? null : shortage.equals("ship-available"));
  }

  private double figure(Section section, String key, double fallback) {
    var text = section.text(key);
    if (text == null) {
      return fallback;
    }
    try {
      var figure = Double.parseDouble(text);
      if (figure >= 0 && figure <= 1_000_000) {
        return figure;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    faults.at(
        section.lineOf(key),
        "'" + key + "' is '" + text + "', which is no number from 0 to 1000000",
        "Write a number such as 100");
    return fallback;
  }

  private void rule(Section section, Set<String> names, List<RuleSet.Entry> entries) {
    var name = section.required("name");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      faults.at(
          section.lineOf("name"),
          "Rule name '" + name + "' is not in kebab case",
          "Use lower-case letters, digits and single dashes");
    } else if (!names.add(name)) {
      faults.at(section.lineOf("name"), "Rule '" + name + "' is there twice", "Name one otherwise");
    }
    var why = section.text("why");
    var when = condition(section, name, "when", Scope.ORDER);
    var lines = condition(section, name, "lines", Scope.LINE);
    var scope = section.has("lines") ? Scope.NODE_OF_LINE : Scope.NODE;
    var effects = new ArrayList<Effect>();
    var does = new ArrayList<String>();
    var only = choice(section, name, "only", scope);
    if (only != null) {
      effects.add(new Rule.Only(only));
      does.add("only " + only.text() + " may ship");
    }
    var never = choice(section, name, "never", scope);
    if (never != null) {
      effects.add(new Rule.Never(never));
      does.add(never.text() + " may not ship");
    }
    var use = choice(section, name, "use", scope);
    if (use != null) {
      effects.add(new Rule.Use(use));
      does.add(use.text() + " ships when it has everything the rule is about");
    }
    var points = section.has("points") ? figure(section, "points", USUAL_POINTS) : USUAL_POINTS;
    var prefer = choice(section, name, "prefer", scope);
    if (prefer != null) {
      effects.add(new Rule.Prefer(prefer, points));
      does.add(prefer.text() + " is preferred by " + plain(points) + " points");
    }
    var avoid = choice(section, name, "avoid", scope);
    if (avoid != null) {
      effects.add(new Rule.Prefer(avoid, -points));
      does.add(avoid.text() + " is avoided by " + plain(points) + " points");
    }
    if (section.has("points") && prefer == null && avoid == null) {
      faults.at(
          section.lineOf("points"),
          "Rule '" + name + "' has 'points' and neither 'prefer' nor 'avoid'",
          "Say whom the points are for");
    }
    actions(section, name, effects, does);
    var last = section.flag("last", false);
    if (effects.isEmpty() && !last) {
      faults.at(
          section.line(),
          "Rule '" + name + "' does nothing",
          "Give it one of 'only', 'never', 'use', 'prefer', 'avoid', 'tag', 'hold', 'priority',"
              + " 'split' or 'suggest-only'");
    }
    if (last) {
      does.add("rules below are not asked");
    }
    section.close();
    entries.add(
        new RuleSet.Entry(
            name,
            why,
            when == null ? null : when.text(),
            lines == null ? null : lines.text(),
            List.copyOf(does)));
    read.add(
        new ReadRule(
            new Rule(
                name,
                when == null ? Condition.ALWAYS : when.condition(),
                lines == null ? null : lines.condition(),
                List.copyOf(effects),
                last),
            section.line(),
            when,
            lines,
            known(only),
            known(never)));
  }

  private static Set<String> known(Choice choice) {
    return choice == null || choice.condition() != null ? null : choice.ids();
  }

  private void actions(Section section, String rule, List<Effect> effects, List<String> does) {
    var tags = new ArrayList<String>();
    for (var item : section.items("tag")) {
      if (item instanceof Yaml.Scalar scalar && !scalar.isNull()) {
        tags.add(scalar.text());
      }
    }
    if (!tags.isEmpty()) {
      effects.add(new Rule.Tag(List.copyOf(tags)));
      does.add("the order is marked '" + String.join("', '", tags) + "'");
    }
    var hold = section.section("hold");
    if (hold != null) {
      var reason = hold.required("reason");
      var owner = hold.text("owner");
      var due = hold.duration("due", null);
      hold.close();
      effects.add(new Rule.Hold(reason, owner == null ? "operations" : owner, due));
      does.add("the order waits: " + reason);
    }
    var priority = section.text("priority");
    if (priority != null) {
      effects.add(new Rule.Priority(priority));
      does.add("its priority is '" + priority + "'");
    }
    var split = section.section("split");
    if (split != null) {
      var limits = limits(split);
      effects.add(limits);
      if (limits.maxShipments() != null) {
        does.add("at most " + limits.maxShipments() + " shipment(s)");
      }
      if (limits.minValuePerShipment() != null) {
        does.add(
            "each shipment of a split is worth at least " + plain(limits.minValuePerShipment()));
      }
      if (limits.shipAvailable() != null) {
        does.add(limits.shipAvailable() ? "what is there leaves" : "all wait for what is short");
      }
    }
    if (section.flag("suggest-only", false)) {
      effects.add(new Rule.SuggestOnly());
      does.add("the choice is a proposal for a person");
    }
  }

  private static String plain(double figure) {
    return figure == Math.rint(figure) ? String.valueOf((long) figure) : String.valueOf(figure);
  }

  private Expression condition(Section section, String rule, String key, Scope scope) {
    var text = section.text(key);
    return text == null ? null : compile(section, rule, key, text, scope);
  }

  private Expression compile(Section section, String rule, String key, String text, Scope scope) {
    try {
      var expression = Expressions.compile(text.strip(), scope);
      new Constants(nodes).check(expression);
      return expression;
    } catch (Refused e) {
      faults.at(
          section.lineOf(key),
          "Rule '"
              + rule
              + "': '"
              + key
              + "' "
              + e.getMessage()
              + ", in: "
              + text.strip().replaceAll("\\s+", " "),
          e.remedy());
      return null;
    }
  }

  /** A list of nodes, one node, or what they have in common. */
  private Choice choice(Section section, String rule, String key, Scope scope) {
    var node = section.node(key);
    if (node == null) {
      return null;
    }
    if (node instanceof Yaml.Scalar scalar && !NAME.matcher(scalar.text()).matches()) {
      var expression = compile(section, rule, key, scalar.text(), scope);
      if (expression == null) {
        return null;
      }
      var text = "nodes with " + expression.text();
      if (expression.fixed() && nodes != null) {
        var choice = Choice.of(expression.condition(), text, nodes);
        if (choice.ids().isEmpty()) {
          faults.at(
              section.lineOf(key),
              "Rule '" + rule + "': '" + key + "' fits no node, in: " + expression.text(),
              "Configured are: " + named());
        }
        return choice;
      }
      return new Choice(Set.of(), expression.condition(), text, expression.ofLine());
    }
    var ids = new ArrayList<String>();
    for (var item : section.items(key)) {
      if (item instanceof Yaml.Scalar scalar && !scalar.isNull()) {
        ids.add(scalar.text());
        if (nodes != null && nodes.stream().noneMatch(n -> n.id().equals(scalar.text()))) {
          faults.at(
              scalar.line(),
              "Rule '"
                  + rule
                  + "': '"
                  + key
                  + "' names node '"
                  + scalar.text()
                  + "', which is not under 'serai.nodes'",
              Nearest.advice(scalar.text(), nodes.stream().map(Candidate::id).toList()));
        }
      } else {
        faults.at(
            item, "Rule '" + rule + "': '" + key + "' names no node", "Write the node's name");
      }
    }
    if (ids.isEmpty()) {
      faults.at(
          section.lineOf(key),
          "Rule '" + rule + "': '" + key + "' names no node",
          "Name one, or say what it has in common with others");
      return null;
    }
    var names = String.join(" or ", ids.stream().map(id -> "'" + id + "'").toList());
    return new Choice(Set.copyOf(ids), null, names, false);
  }

  private String named() {
    return String.join(", ", nodes.stream().map(n -> "'" + n.id() + "'").toList());
  }
}
