package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai orders erase}, {@code legal-hold}: when the people of an order are forgotten. */
final class ErasureCommands {
  private ErasureCommands() {}

  private static void tell(OperatorVerb verb, JsonNode one) {
    if (OperatorVerb.at(one, "erasedAt") != null) {
      verb.say("Personal data of it was erased: " + verb.time(one, "erasedAt"));
    } else if (OperatorVerb.at(one, "keptSince") != null) {
      verb.say("Kept for the law: " + OperatorVerb.at(one, "keptReason"));
    } else if (OperatorVerb.at(one, "dueAt") != null) {
      verb.say("Personal data of it is erased: " + verb.time(one, "dueAt"));
    } else {
      verb.say("Personal data of it is kept while something of it is to be sent.");
    }
  }

  @Command(
      name = "erase",
      description =
          "Erase names, addresses and what people wrote of an order; nothing of it can be sent again.",
      footer = {"Example:", "  serai orders erase ord_… --reason 'the buyer demands it'"})
  static final class Erase extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Erase(Session session) {
      super(session);
    }

    @Override
    void run() {
      var done = hub().post("/orders/" + Hub.segment(order) + "/erase", Hub.body("reason", reason));
      if (!asJson(done)) {
        tell(this, done);
      }
    }
  }

  @Command(
      name = "legal-hold",
      description = "Keep an order for the law, whatever its time says, or end that.",
      footer = {
        "Examples:",
        "  serai orders legal-hold ord_… --reason 'a court asked for it'",
        "  serai orders legal-hold ord_… --end --reason 'it is decided'"
      })
  static final class LegalHold extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(names = "--end", description = "End it.")
    boolean end;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    LegalHold(Session session) {
      super(session);
    }

    @Override
    void run() {
      var done =
          hub()
              .post(
                  "/orders/" + Hub.segment(order) + "/legal-hold" + (end ? "/end" : ""),
                  Hub.body("reason", reason));
      if (!asJson(done)) {
        tell(this, done);
      }
    }
  }

  @Command(
      name = "personal-data",
      description = "Show when personal data of an order is erased, or was, and what keeps it.",
      footer = {"Example:", "  serai orders personal-data ord_…"})
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var found = hub().get("/orders/" + Hub.segment(order) + "/personal-data");
      if (!asJson(found)) {
        tell(this, found);
      }
    }
  }
}
