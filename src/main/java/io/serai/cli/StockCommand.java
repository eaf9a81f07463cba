package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai stock}: what is where, what may be sold, and a node's own count of it. */
@Command(
    name = "stock",
    description = "See what is where and what may be sold; count, receive, adjust, keep back.",
    subcommands = {
      StockCommand.ListStock.class,
      StockCommand.Show.class,
      StockCommand.Set.class,
      StockChangeCommands.Adjust.class,
      StockChangeCommands.Receive.class,
      StockChangeCommands.Move.class,
      StockChangeCommands.Freeze.class,
      StockChangeCommands.Unfreeze.class,
      StockChangeCommands.Count.class,
      StockChangeCommands.Expect.class,
      StockBookCommands.Movements.class,
      StockBookCommands.At.class,
      StockBookCommands.Incoming.class,
      StockBookCommands.Buffers.class,
      StockBookCommands.Buffer.class,
      StockBookCommands.Cases.class,
      StockBookCommands.Relieve.class,
      StockBookCommands.Accept.class,
      StockBookCommands.Refuse.class,
      StockBookCommands.Publish.class,
      StockCountCommands.Due.class,
      StockCountCommands.Classes.class,
      StockItemCommands.Items.class,
      StockItemCommands.Describe.class,
      StockItemCommands.Codes.class,
      StockItemCommands.Code.class,
      StockItemCommands.Forget.class
    })
final class StockCommand {
  @Command(
      name = "list",
      description = "List stock, one line per SKU and node.",
      footer = {"Example:", "  serai stock list --node nj-1"})
  static final class ListStock extends ListVerb {
    @Option(names = "--sku", paramLabel = "SKU", description = "Only this SKU.")
    String sku;

    @Option(names = "--node", paramLabel = "NODE", description = "Only this node.")
    String node;

    ListStock(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/stock" + Hub.query("sku", sku, "node", node), most());
      if (asJson(list)) {
        return;
      }
      levels(this, list.path("items"));
      ending(
          list,
          sku == null && node == null ? "No stock was reported yet." : "No stock fits.",
          "add --limit.");
    }
  }

  static void levels(OperatorVerb verb, JsonNode levels) {
    var table =
        verb.table()
            .text("SKU", "NODE")
            .number("AVAILABLE", "ON HAND", "ALLOCATED", "UNSELLABLE", "SAFETY", "SHORTAGE")
            .text("AS OF", "SOURCE");
    for (var level : levels) {
      table.row(
          OperatorVerb.at(level, "sku"),
          OperatorVerb.at(level, "node"),
          OperatorVerb.at(level, "available"),
          OperatorVerb.at(level, "onHand"),
          OperatorVerb.at(level, "allocated"),
          level.path("frozen").asInt()
              + level.path("damaged").asInt()
              + level.path("quarantined").asInt(),
          OperatorVerb.at(level, "safety"),
          OperatorVerb.at(level, "shortage"),
          verb.time(level, "asOf"),
          OperatorVerb.at(level, "source"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
  }

  @Command(
      name = "show",
      description = "Show one SKU: every node, what channels were told, and the newest movements.",
      footer = {"Example:", "  serai stock show MUG-BLU"})
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "SKU", description = "The article.")
    String sku;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var found = hub().get("/stock/" + Hub.segment(sku));
      if (asJson(found)) {
        return;
      }
      say(
          "%s  %s available, %s on hand, %s allocated%s",
          session.terminal().bold(Text.line(at(found, "sku"))),
          at(found, "available"),
          at(found, "onHand"),
          at(found, "allocated"),
          found.path("shortage").asInt() == 0 ? "" : ", " + at(found, "shortage") + " short");
      title("Nodes");
      levels(this, found.path("nodes"));
      var publications =
          table()
              .text("CHANNEL", "LISTING", "LOCATION", "SOLD AS")
              .number("SHOWS", "SHOULD", "EXPOSED")
              .text("CONFIRMED", "WAITS SINCE");
      for (var publication : found.path("publications")) {
        publications.row(
            at(publication, "channel"),
            at(publication, "listingId"),
            at(publication, "location"),
            at(publication, "code"),
            at(publication, "shown"),
            at(publication, "wanted"),
            at(publication, "exposure"),
            time(publication, "confirmedAt"),
            time(publication, "markedAt"));
      }
      if (!publications.isEmpty()) {
        title("What channels show");
        publications.print();
      }
      var movements =
          table().text("WHEN", "NODE").number("UNITS").text("FROM", "TO", "CAUSE", "BECAUSE OF");
      for (var movement : found.path("movements")) {
        movements.row(
            time(movement, "occurredAt"),
            at(movement, "node"),
            at(movement, "quantity"),
            at(movement, "from"),
            at(movement, "to"),
            at(movement, "cause"),
            at(movement, "orderId") != null
                ? at(movement, "orderId")
                : at(movement, "messageId") != null
                    ? at(movement, "messageId")
                    : at(movement, "actor"));
      }
      if (!movements.isEmpty()) {
        title("Newest movements");
        movements.print();
      }
    }
  }

  @Command(
      name = "set",
      description = "Report a node's counts; SKUs that are not named are left alone.",
      footer = {
        "Examples:",
        "  serai stock set --node nj-1 MUG-BLU=12 MUG-RED=0",
        "  serai stock set --node nj-1 --file counts.csv",
        "A file holds lines of SKU,count or the JSON that PUT /api/v1/stock takes."
      })
  static final class Set extends OperatorVerb {
    @Option(names = "--node", paramLabel = "NODE", description = "The node that was counted.")
    String node;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Lines of SKU,count, or JSON; - reads the input.")
    String file;

    @Parameters(index = "0..*", arity = "0..*", paramLabel = "SKU=COUNT", description = "A count.")
    List<String> counts;

    private boolean refused;

    Set(Session session) {
      super(session);
    }

    @Override
    void run() {
      var result = hub().put("/stock", report());
      refused = !result.path("refused").isEmpty();
      if (asJson(result)) {
        return;
      }
      say(
          "Node '%s': %s of %s applied, %s older than what is known, %d refused.",
          at(result, "node"),
          at(result, "applied"),
          at(result, "received"),
          at(result, "stale"),
          result.path("refused").size());
      for (var row : result.path("refused")) {
        say("  " + Text.line(at(row, "sentence")));
      }
      for (var shortage : result.path("shortages")) {
        say(
            "  SKU '%s' is short by %s: %s allocated, %s there.",
            Text.line(at(shortage, "sku")),
            at(shortage, "missing"),
            at(shortage, "allocated"),
            at(shortage, "onHand"));
      }
    }

    @Override
    int exitCode() {
      return refused ? 1 : 0;
    }

    private ObjectNode report() {
      var report = JsonNodeFactory.instance.objectNode();
      if (file != null) {
        var text = new String(DeadLettersCommand.read(file), StandardCharsets.UTF_8);
        if (text.stripLeading().startsWith("{")) {
          try {
            report = (ObjectNode) Json.tree(text);
          } catch (Json.Unreadable e) {
            throw new Sentence("File '%s': %s".formatted(file, e.getMessage()));
          }
        } else {
          int number = 0;
          for (var line : text.replace("\ufeff", "").lines().toList()) {
            number++;
            if (!line.isBlank() && !(number == 1 && line.toLowerCase().startsWith("sku"))) {
              level(report, line, line.lastIndexOf(','), "Line %d of '%s'".formatted(number, file));
            }
          }
        }
      }
      if (counts != null) {
        for (var count : counts) {
          level(report, count, count.lastIndexOf('='), "Count");
        }
      }
      if (node != null) {
        report.put("node", node);
      }
      if (!report.hasNonNull("node")) {
        throw new Sentence("No node is named; give --node.");
      }
      if (report.path("levels").isEmpty()) {
        throw new Sentence("No counts are given; give SKU=COUNT or --file.");
      }
      return report;
    }

    private static void level(ObjectNode report, String text, int split, String what) {
      if (split <= 0) {
        throw new Sentence(
            "%s '%s' is no count; write SKU=12, or SKU,12 in a file.".formatted(what, text));
      }
      var count = text.substring(split + 1).strip();
      try {
        report
            .withArray("levels")
            .addObject()
            .put("sku", text.substring(0, split).strip())
            .put("onHand", new java.math.BigDecimal(count));
      } catch (NumberFormatException e) {
        throw new Sentence("%s '%s' is no count: '%s' is no number.".formatted(what, text, count));
      }
    }
  }
}
