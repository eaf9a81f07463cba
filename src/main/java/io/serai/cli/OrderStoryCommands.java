package io.serai.cli;

import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The verbs of {@code serai orders} that tell an order's story: what happened to it, why it went
 * where it went, and what it waits for.
 */
final class OrderStoryCommands {
  private OrderStoryCommands() {}

  @Command(
      name = "next",
      description = "Show what an order waits for: who has to do what next, and by when.",
      footer = {"Example:", "  serai orders next shopify-main:820982911946154508"})
  static final class Next extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    Next(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().get("/orders/" + Hub.segment(order) + "/next");
      if (asJson(list)) {
        return;
      }
      var table = table().text("WHAT", "WHO ACTS", "DUE");
      for (var awaited : list.path("items")) {
        table.row(
            at(awaited, "sentence"),
            at(awaited, "owner"),
            awaited.path("overdue").asBoolean()
                ? time(awaited, "dueAt") + " (overdue)"
                : time(awaited, "dueAt"));
      }
      if (table.isEmpty()) {
        say("The order waits for nothing.");
      } else {
        table.print();
      }
    }
  }

  @Command(
      name = "timeline",
      description = "Show what happened to an order, oldest first.",
      footer = {"Example:", "  serai orders timeline shopify-main:820982911946154508"})
  static final class Timeline extends ListVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    Timeline(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/orders/" + Hub.segment(order) + "/timeline", most());
      if (asJson(list)) {
        return;
      }
      var table = table().text("WHEN", "WHOSE", "WHAT", "SENTENCE", "BECAUSE OF");
      for (var event : list.path("items")) {
        var cause = new StringJoiner(" ");
        for (var name : new String[] {"messageId", "deliveryId", "actor"}) {
          if (at(event, name) != null) {
            cause.add(at(event, name));
          }
        }
        table.row(
            time(event, "occurredAt"),
            at(event, "lane"),
            at(event, "kind"),
            at(event, "sentence"),
            cause.toString());
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing has happened to the order yet.", "add --limit.");
    }
  }

  @Command(
      name = "decision",
      description = "Show why an order went where it went.",
      footer = {"Example:", "  serai orders decision shopify-main:820982911946154508"})
  static final class Decision extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(
        names = "--revision",
        paramLabel = "N",
        description = "The order's revision; the newest when absent.")
    Integer revision;

    Decision(Session session) {
      super(session);
    }

    @Override
    void run() {
      var decision =
          hub()
              .get("/orders/" + Hub.segment(order) + "/decision" + Hub.query("revision", revision));
      if (asJson(decision)) {
        return;
      }
      var terminal = session.terminal();
      say(terminal.bold("Decision for " + at(decision, "orderId")));
      field("revision", at(decision, "revision"));
      field("rules", at(decision, "ruleVersion"));
      field("decided", time(decision, "decidedAt"));
      var document = decision.path("document");
      if (!document.path("verdicts").isArray()) {
        terminal.out().println();
        new Outline(terminal).print(document);
        return;
      }
      new DecisionView(this).print(document);
    }
  }
}
