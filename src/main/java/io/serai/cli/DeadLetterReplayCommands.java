package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verbs of {@code serai dead-letters} that put single ones back to work. */
final class DeadLetterReplayCommands {
  private DeadLetterReplayCommands() {}

  private static void effects(OperatorVerb verb, JsonNode effects) {
    var table =
        verb.table()
            .text("DELIVERY", "DESTINATION", "DOCUMENT")
            .state("STATE")
            .state("SAFE")
            .text("WHY");
    for (var one : effects) {
      table.row(
          OperatorVerb.at(one, "id"),
          OperatorVerb.at(one, "destination"),
          OperatorVerb.at(one, "document"),
          OperatorVerb.at(one, "state"),
          OperatorVerb.at(one, "safety"),
          OperatorVerb.at(one, "sentence"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
  }

  private static void plan(OperatorVerb verb, JsonNode plan) {
    var table = verb.table().text("STEP", "POSSIBLE", "WHAT IT DOES, OR WHY NOT");
    for (var way : plan.path("steps")) {
      table.row(
          OperatorVerb.at(way, "step"),
          way.path("possible").asBoolean() ? "yes" : "no",
          OperatorVerb.at(way, "sentence"));
    }
    table.print();
    if (!plan.path("deliveries").isEmpty()) {
      verb.title("Deliveries");
      effects(verb, plan.path("deliveries"));
    }
    verb.say("");
    if (plan.path("dryRun").isTextual()) {
      verb.field("dry run", OperatorVerb.at(plan, "dryRun"));
    }
    verb.field("fence", OperatorVerb.at(plan, "fence"));
  }

  @Command(
      name = "plan",
      description = "Show what replaying a message, an order or a delivery would do, step by step.",
      footer = {"Example:", "  serai dead-letters plan msg_17"})
  static final class Plan extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ID", description = DeadLettersCommand.ID_HELP)
    String id;

    Plan(Session session) {
      super(session);
    }

    @Override
    void run() {
      var plan = hub().get("/dead-letters/" + Hub.segment(id) + "/plan");
      if (!asJson(plan)) {
        plan(this, plan);
      }
    }
  }

  @Command(
      name = "replay",
      description = "Give dead letters back to the engine, one by one, now.",
      footer = {
        "Examples:",
        "  serai dead-letters replay msg_17 dlv_4 --reason 'mapping corrected'",
        "  serai dead-letters replay msg_17 --from send --to northwind --reason 'they are back'",
        "Steps: normalize (read its bytes again), apply (decide the order as kept anew), map (make what is owed by the",
        "mappings of now), send (send it as it was made). What each would do: 'serai dead-letters plan'.",
        "Many at once, at a rate: 'serai replays start'."
      })
  static final class Replay extends OperatorVerb {
    @Parameters(
        index = "0..*",
        arity = "1..*",
        paramLabel = "ID",
        description = DeadLettersCommand.ID_HELP)
    List<String> ids;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    @Option(
        names = "--from",
        paramLabel = "STEP",
        description = "The step: normalize, apply, map or send; the usual way back when absent.")
    String from;

    @Option(
        names = "--to",
        paramLabel = "DESTINATION",
        split = ",",
        description = "From map or send: only to these; all that may go when absent.")
    List<String> to;

    @Option(names = "--dry-run", description = "Only show what would happen.")
    boolean dryRun;

    @Option(
        names = "--fence",
        paramLabel = "N",
        description =
            "The fence as you last saw it, with --from that of the plan: refused when it changed since.")
    Long fence;

    private int refused;

    Replay(Session session) {
      super(session);
    }

    @Override
    void run() {
      var answers = JsonNodeFactory.instance.arrayNode();
      for (var id : ids) {
        try {
          var path = "/dead-letters/" + Hub.segment(id);
          var done =
              dryRun
                  ? hub().get(path + "/plan")
                  : hub()
                      .post(
                          path + "/replay",
                          Hub.body(
                              "reason", reason, "fence", fence, "from", from, "destinations", to));
          answers.add(done);
          if (!json) {
            tell(done);
          }
        } catch (Sentence refusal) {
          if (ids.size() == 1) {
            throw refusal;
          }
          refused++;
          session.terminal().err().println(refusal.getMessage());
        }
      }
      if (json) {
        asJson(ids.size() == 1 ? answers.get(0) : answers);
      }
    }

    private void tell(JsonNode done) {
      if (dryRun) {
        plan(this, done);
        return;
      }
      for (var one : done.path("replayed")) {
        say("%s goes again to %s.", at(one, "id"), at(one, "destination"));
      }
      for (var one : done.path("left")) {
        say("%s is left alone. %s", at(one, "id"), at(one, "sentence"));
      }
      if (done.path("replayed").isEmpty()) {
        say("%s is %s now.", at(done, "id"), session.terminal().state(at(done, "state")));
      }
    }

    @Override
    int exitCode() {
      return refused > 0 ? 1 : 0;
    }
  }

  @Command(
      name = "probe",
      description = {
        "Have the partner asked whether a delivery of unknown outcome is there.",
        "Found, it is confirmed; absent, it is sent under its own key."
      },
      footer = {"Example:", "  serai dead-letters probe dlv_4 --reason 'their portal is back'"})
  static final class Probe extends DeadLettersCommand.Change {
    Probe(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("probe", Hub.body("reason", reason, "fence", fence));
    }
  }
}
