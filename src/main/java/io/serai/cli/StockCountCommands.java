package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verbs of {@code serai stock} over counting by class of article. */
final class StockCountCommands {
  private StockCountCommands() {}

  @Command(
      name = "due",
      description = "List what is due to be counted, the longest overdue first.",
      footer = {"Example:", "  serai stock due --node nj-1 --class A"})
  static final class Due extends ListVerb {
    @Option(names = "--node", paramLabel = "NODE", description = "Only at this node.")
    String node;

    @Option(names = "--class", paramLabel = "A|B|C", description = "Only of this class.")
    String rank;

    Due(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/stock-counts" + Hub.query("node", node, "class", rank), most());
      if (asJson(list)) {
        return;
      }
      var table =
          table().text("SKU", "NODE", "CLASS").number("ON HAND").text("COUNTED", "DUE", "OWNER");
      for (var one : list.path("items")) {
        table.row(
            at(one, "sku"),
            at(one, "node"),
            at(one, "abcClass"),
            at(one, "onHand"),
            at(one, "countedAt") == null ? "never" : time(one, "countedAt"),
            time(one, "dueAt"),
            at(one, "owner"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing is due to be counted.", "add --limit.");
    }
  }

  @Command(
      name = "classes",
      description = "List how often and how exactly each class of articles is counted, or say so.",
      footer = {
        "Examples:",
        "  serai stock classes",
        "  serai stock classes A --every 7 --alarm 5",
        "An item gets its class with 'serai stock describe SKU --class A'."
      })
  static final class Classes extends OperatorVerb {
    @Parameters(index = "0", arity = "0..1", paramLabel = "A|B|C", description = "The class.")
    String rank;

    @Option(
        names = "--every",
        paramLabel = "DAYS",
        description = "Due so many days after the last count.")
    Integer every;

    @Option(
        names = "--alarm",
        paramLabel = "PERCENT",
        description = "A count that is off by more is a case.")
    Integer alarm;

    Classes(Session session) {
      super(session);
    }

    @Override
    void run() {
      if (rank != null) {
        if (every == null || alarm == null) {
          throw new Sentence("Class '%s' needs --every and --alarm; give both.".formatted(rank));
        }
        var terms = JsonNodeFactory.instance.objectNode();
        terms.put("countEveryDays", every).put("alarmPercent", alarm);
        hub().put("/stock-classes/" + Hub.segment(rank), terms);
      } else if (every != null || alarm != null) {
        throw new Sentence("No class is named; give A, B or C.");
      }
      var classes = hub().get("/stock-classes");
      if (!asJson(classes)) {
        show(classes);
      }
    }

    private void show(JsonNode classes) {
      var table = table().text("CLASS").number("DUE AFTER DAYS", "ALARM ABOVE %");
      for (var one : classes) {
        table.row(at(one, "class"), at(one, "countEveryDays"), at(one, "alarmPercent"));
      }
      table.print();
    }
  }
}
