package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai rules}: what decides which node ships, and what other rules would do. */
@Command(
    name = "rules",
    description = "See which rules decide about allocation, and try others.",
    subcommands = {
      RulesCommand.ListRules.class,
      RulesCommand.Show.class,
      RulesCommand.Check.class,
      RulesCommand.Simulate.class
    })
final class RulesCommand {

  private static ObjectNode draft(String file) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("text", new String(DeadLettersCommand.read(file), StandardCharsets.UTF_8));
  }

  private static String joined(JsonNode texts) {
    var joined = new StringJoiner("; ");
    texts.forEach(text -> joined.add(text.asText()));
    return joined.toString();
  }

  @Command(
      name = "list",
      description = "List the rules in effect, in order, and what is wrong with the files.",
      footer = {"Example:", "  serai rules list"})
  static final class ListRules extends OperatorVerb {
    ListRules(Session session) {
      super(session);
    }

    @Override
    void run() {
      var rules = hub().get("/rules");
      if (asJson(rules)) {
        return;
      }
      say(session.terminal().bold("Rules " + at(rules, "name") + "@" + at(rules, "version")));
      field("home", at(rules, "home"));
      var weights = new StringJoiner(", ");
      rules.path("weights").properties().forEach(w -> weights.add(w.getKey() + " " + w.getValue()));
      field("weights", weights.toString());
      var filters = new StringJoiner(", ");
      rules
          .path("filters")
          .properties()
          .forEach(f -> filters.add(f.getKey() + (f.getValue().asBoolean() ? " on" : " off")));
      field("filters", filters.toString());
      field("max shipments", at(rules, "maxShipments"));
      field("when short", rules.path("shipAvailable").asBoolean() ? "ship-available" : "wait");
      var table = table().text("RULE", "WHEN", "LINES", "THEN", "WHY");
      for (var rule : rules.path("rules")) {
        table.row(
            at(rule, "name"),
            at(rule, "when"),
            at(rule, "lines"),
            joined(rule.path("does")),
            at(rule, "why"));
      }
      session.terminal().out().println();
      if (table.isEmpty()) {
        say("No rule is there; weights, filters and limits decide alone.");
      } else {
        table.print();
      }
      for (var fault : rules.path("faults")) {
        say("Not in effect: " + Text.line(fault.asText()));
      }
    }
  }

  @Command(
      name = "show",
      description = "Print the text of the rules in effect, or of a version a decision names.",
      footer = {"Examples:", "  serai rules show", "  serai rules show 3f2a90c1d4e5"})
  static final class Show extends OperatorVerb {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "VERSION",
        description = "With or without the name before it; the one in effect when absent.")
    String version;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var wanted = version == null ? at(hub().get("/rules"), "version") : version;
      var rules =
          hub()
              .get("/rules/versions/" + Hub.segment(wanted.substring(wanted.lastIndexOf('@') + 1)));
      if (!asJson(rules)) {
        session.terminal().out().print(at(rules, "text"));
      }
    }
  }

  @Command(
      name = "check",
      description = "Judge a file of rules by the nodes of the running hub; nothing takes effect.",
      footer = {"Example:", "  serai rules check allocation.rules.yaml"})
  static final class Check extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "FILE", description = "The draft; - reads the input.")
    String file;

    private boolean faulty;

    Check(Session session) {
      super(session);
    }

    @Override
    void run() {
      var check = hub().post("/rules/check", draft(file));
      faulty = !check.path("faults").isEmpty();
      if (asJson(check)) {
        return;
      }
      for (var fault : check.path("faults")) {
        say(Text.line(fault.asText()));
      }
      if (!faulty) {
        say("No fault; its version would be %s.", at(check, "version"));
      }
    }

    @Override
    int exitCode() {
      return faulty ? 1 : 0;
    }
  }

  @Command(
      name = "simulate",
      description =
          "Decide the newest orders again under a draft and tell what would differ; nothing takes effect.",
      footer = {
        "Examples:",
        "  serai rules simulate allocation.rules.yaml --orders 1000",
        "  serai rules simulate --current"
      })
  static final class Simulate extends OperatorVerb {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "FILE",
        description = "The draft; - reads the input.")
    String file;

    @Option(names = "--current", description = "The rules in effect instead of a draft.")
    boolean current;

    @Option(
        names = "--orders",
        paramLabel = "N",
        defaultValue = "500",
        description = "How many of the newest orders (default 500).")
    int orders;

    Simulate(Session session) {
      super(session);
    }

    @Override
    void run() {
      if ((file == null) != current) {
        throw new Sentence("Give either a file or --current.");
      }
      var question =
          current ? JsonNodeFactory.instance.objectNode().put("current", true) : draft(file);
      var simulation = hub().post("/rules/simulate", question.put("orders", orders));
      if (asJson(simulation)) {
        return;
      }
      say(
          "%s of %s order(s) would have gone otherwise under %s.",
          at(simulation, "differing"), at(simulation, "orders"), at(simulation, "rules"));
      if (simulation.path("skipped").asInt() > 0) {
        say(
            "%s order(s) were changed after their decision and are left out.",
            at(simulation, "skipped"));
      }
      var totals = table().text("").number("SHIPMENTS", "SPLIT", "COST").text("OUTCOMES");
      for (var side : new String[] {"was", "would"}) {
        var outcomes = new StringJoiner(", ");
        simulation
            .at("/" + side + "/outcomes")
            .properties()
            .forEach(o -> outcomes.add(o.getValue() + " " + o.getKey()));
        totals.row(
            side.equals("was") ? "was" : "would be",
            at(simulation, "/" + side + "/shipments"),
            at(simulation, "/" + side + "/split"),
            at(simulation, "/" + side + "/cost"),
            outcomes.toString());
      }
      session.terminal().out().println();
      totals.print();
      var table = table().text("ORDER", "WAS", "WOULD BE", "BECAUSE");
      for (var difference : simulation.path("differences")) {
        table.row(
            at(difference, "number"),
            side(difference.path("was")),
            side(difference.path("would")),
            at(difference, "/would/sentence"));
      }
      if (!table.isEmpty()) {
        title("Orders that would have gone otherwise");
        table.print();
      }
    }

    private static String side(JsonNode side) {
      var nodes = new StringJoiner(" + ");
      side.path("nodes").forEach(node -> nodes.add(node.asText()));
      return nodes.length() == 0 ? at(side, "outcome") : nodes.toString();
    }
  }
}
