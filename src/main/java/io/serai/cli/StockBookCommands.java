package io.serai.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verbs of {@code serai stock} over its books: movements, buffers, announcements and cases. */
final class StockBookCommands {
  private StockBookCommands() {}

  @Command(
      name = "movements",
      description = "List every unit of a SKU that came, left or changed its term, newest first.",
      footer = {"Example:", "  serai stock movements MUG-BLU --node nj-1 --cause adjustment"})
  static final class Movements extends ListVerb {
    @Parameters(index = "0", paramLabel = "SKU", description = "The article.")
    String sku;

    @Option(names = "--node", paramLabel = "NODE", description = "Only of this node.")
    String node;

    @Option(names = "--cause", paramLabel = "CAUSE", description = "Only of this cause.")
    String cause;

    @Option(names = "--from", paramLabel = "INSTANT", description = "Only from this instant on.")
    String from;

    @Option(names = "--to", paramLabel = "INSTANT", description = "Only before this instant.")
    String to;

    Movements(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/stock/"
                      + Hub.segment(sku)
                      + "/movements"
                      + Hub.query("node", node, "cause", cause, "from", from, "to", to),
                  most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("WHEN", "NODE")
              .number("UNITS")
              .text("FROM", "TO", "CAUSE", "BECAUSE OF", "WHY");
      for (var movement : list.path("items")) {
        table.row(
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
                    : at(movement, "actor"),
            at(movement, "note"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing moved.", "add --limit.");
    }
  }

  @Command(
      name = "at",
      description = "Show a SKU as it was at an instant, rebuilt from its movements.",
      footer = {"Example:", "  serai stock at MUG-BLU 2026-01-31T12:00:00Z"})
  static final class At extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "SKU", description = "The article.")
    String sku;

    @Parameters(index = "1", paramLabel = "INSTANT", description = "When.")
    String instant;

    At(Session session) {
      super(session);
    }

    @Override
    void run() {
      var past = hub().get("/stock/" + Hub.segment(sku) + "/levels" + Hub.query("at", instant));
      if (asJson(past)) {
        return;
      }
      var table =
          table()
              .text("NODE")
              .number(
                  "AVAILABLE",
                  "ON HAND",
                  "ALLOCATED",
                  "FROZEN",
                  "DAMAGED",
                  "QUARANTINED",
                  "SAFETY",
                  "INCOMING");
      for (var node : past.path("nodes")) {
        table.row(
            at(node, "node"),
            at(node, "available"),
            at(node, "onHand"),
            at(node, "allocated"),
            at(node, "frozen"),
            at(node, "damaged"),
            at(node, "quarantined"),
            at(node, "safety"),
            at(node, "incoming"));
      }
      table.print();
    }
  }

  @Command(
      name = "incoming",
      description = "List what suppliers are still to bring, the soonest first.",
      footer = {"Example:", "  serai stock incoming --sku MUG-BLU"})
  static final class Incoming extends ListVerb {
    @Option(names = "--sku", paramLabel = "SKU", description = "Only this SKU.")
    String sku;

    @Option(names = "--node", paramLabel = "NODE", description = "Only to this node.")
    String node;

    Incoming(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/incoming-stock" + Hub.query("sku", sku, "node", node), most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("SKU", "NODE", "ADVICE")
              .number("OPEN", "ANNOUNCED")
              .text("EXPECTED", "OVERDUE", "SOURCE");
      for (var entry : list.path("items")) {
        table.row(
            at(entry, "sku"),
            at(entry, "node"),
            at(entry, "advice"),
            at(entry, "open"),
            at(entry, "quantity"),
            time(entry, "expectedAt"),
            entry.path("overdue").asBoolean() ? "yes" : "",
            at(entry, "source"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing is to come.", "add --limit.");
    }
  }

  @Command(
      name = "buffers",
      description = "List what is kept back from sale.",
      footer = {"Example:", "  serai stock buffers --node nj-1"})
  static final class Buffers extends ListVerb {
    @Option(names = "--sku", paramLabel = "SKU", description = "Only of this SKU.")
    String sku;

    @Option(names = "--node", paramLabel = "NODE", description = "Only of this node.")
    String node;

    Buffers(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/stock-buffers" + Hub.query("sku", sku, "node", node), most());
      if (asJson(list)) {
        return;
      }
      var table = table().text("SKU", "NODE", "CHANNEL").number("KEPT BACK").text("CHANGED", "BY");
      for (var buffer : list.path("items")) {
        table.row(
            any(at(buffer, "sku")),
            any(at(buffer, "node")),
            any(at(buffer, "channel")),
            at(buffer, "units") != null ? at(buffer, "units") : at(buffer, "percent") + " %",
            time(buffer, "changedAt"),
            at(buffer, "changedBy"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing is kept back.", "add --limit.");
    }

    private static String any(String text) {
      return text == null ? "any" : text;
    }
  }

  @Command(
      name = "buffer",
      description = "Keep units, or a share of what is on hand, back from sale.",
      footer = {
        "Examples:",
        "  serai stock buffer --sku MUG-BLU --node nj-1 2",
        "  serai stock buffer --channel shopify-main 10%%",
        "  serai stock buffer --sku MUG-BLU --node nj-1 none"
      })
  static final class Buffer extends OperatorVerb {
    @Option(
        names = "--sku",
        paramLabel = "SKU",
        description = "Of this SKU; of every one when absent.")
    String sku;

    @Option(
        names = "--node",
        paramLabel = "NODE",
        description = "At this node; at every one when absent.")
    String node;

    @Option(
        names = "--channel",
        paramLabel = "CHANNEL",
        description = "From this channel; from all when absent.")
    String channel;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit.")
    String reason;

    @Parameters(index = "0", paramLabel = "UNITS|SHARE|none", description = "3, 10%% or none.")
    String kept;

    Buffer(Session session) {
      super(session);
    }

    @Override
    void run() {
      var body = JsonNodeFactory.instance.objectNode();
      if (sku != null) {
        body.put("sku", sku);
      }
      if (node != null) {
        body.put("node", node);
      }
      if (channel != null) {
        body.put("channel", channel);
      }
      if (reason != null) {
        body.put("reason", reason);
      }
      if ("none".equals(kept)) {
        body.putNull("units");
      } else {
        var share = kept.endsWith("%");
        var number = share ? kept.substring(0, kept.length() - 1).strip() : kept;
        try {
          body.put(share ? "percent" : "units", new BigDecimal(number));
        } catch (NumberFormatException e) {
          throw new Sentence("'%s' is no buffer; write 3, 10%% or none.".formatted(kept));
        }
      }
      var result = hub().put("/stock-buffers", body);
      if (!asJson(result)) {
        say("none".equals(kept) ? "The buffer is removed." : "%s kept back.".formatted(kept));
      }
    }
  }

  @Command(
      name = "cases",
      description =
          "List what somebody has to look into: missing units, books that do not balance.",
      footer = {"Example:", "  serai stock cases --node nj-1"})
  static final class Cases extends ListVerb {
    @Option(names = "--all", description = "Closed ones too.")
    boolean all;

    @Option(names = "--sku", paramLabel = "SKU", description = "Only of this SKU.")
    String sku;

    @Option(names = "--node", paramLabel = "NODE", description = "Only of this node.")
    String node;

    Cases(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/stock-cases" + Hub.query("state", all ? "all" : null, "sku", sku, "node", node),
                  most());
      if (asJson(list)) {
        return;
      }
      var table = table().text("CASE", "KIND", "OWNER", "DUE", "CLOSED", "WHAT");
      for (var one : list.path("items")) {
        table.row(
            at(one, "id"),
            at(one, "kind"),
            at(one, "owner"),
            time(one, "dueAt") + (one.path("overdue").asBoolean() ? " overdue" : ""),
            time(one, "closedAt"),
            at(one, "sentence"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "There is nothing to look into.", "add --limit.");
    }
  }

  @Command(
      name = "relieve",
      description = "Move the promises of a case's missing units to where they can be kept.",
      footer = {"Example:", "  serai stock relieve stc_17"})
  static final class Relieve extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "CASE", description = "Its id.")
    String id;

    Relieve(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one =
          hub()
              .post(
                  "/stock-cases/" + Hub.segment(id) + "/relieve",
                  JsonNodeFactory.instance.objectNode());
      if (!asJson(one)) {
        say(
            "The newest promises of %s of SKU '%s' at node '%s' are being moved.",
            at(one, "quantity"), Text.line(at(one, "sku")), at(one, "node"));
      }
    }
  }

  @Command(
      name = "accept",
      description = "Let a count stand that is further off than its class allows.",
      footer = {"Example:", "  serai stock accept stc_17 --reason 'six were stolen'"})
  static final class Accept extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "CASE", description = "Its id.")
    String id;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit.")
    String reason;

    Accept(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one =
          hub().post("/stock-cases/" + Hub.segment(id) + "/accept", Hub.body("reason", reason));
      if (!asJson(one)) {
        say(
            "What was counted of SKU '%s' at node '%s' stands.",
            Text.line(at(one, "sku")), at(one, "node"));
      }
    }
  }

  @Command(
      name = "refuse",
      description = "Take a count back that is further off than its class allows.",
      footer = {
        "Examples:",
        "  serai stock refuse stc_17 --dry-run",
        "  serai stock refuse stc_17 --reason 'the wrong shelf'"
      })
  static final class Refuse extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "CASE", description = "Its id.")
    String id;

    @Option(names = "--dry-run", description = "Only say what it would come to.")
    boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit.")
    String reason;

    Refuse(Session session) {
      super(session);
    }

    @Override
    void run() {
      var done =
          hub()
              .post(
                  "/stock-cases/" + Hub.segment(id) + "/refuse",
                  Hub.body("reason", reason, "dryRun", dryRun ? true : null));
      if (asJson(done)) {
        return;
      }
      for (var row : done.path("done")) {
        say(
            "%s of SKU '%s' %s on hand at node '%s' instead of %s.",
            at(row, "onHand"),
            Text.line(at(row, "sku")),
            dryRun ? "would be" : "are",
            at(done, "node"),
            at(row, "onHandBefore"));
      }
      if (done.path("repeated").asBoolean()) {
        say("It had been taken back before.");
      }
    }
  }

  @Command(
      name = "publish",
      description = "Have channels told of an article's stock at once.",
      footer = {"Example:", "  serai stock publish MUG-BLU --reason 'they show 40'"})
  static final class Publish extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "SKU", description = "The article.")
    String sku;

    @Option(
        names = "--channel",
        paramLabel = "CHANNEL",
        description = "Only this channel; all that list it when absent.")
    String channel;

    @Option(names = "--dry-run", description = "Only say who would be told what.")
    boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit.")
    String reason;

    Publish(Session session) {
      super(session);
    }

    @Override
    void run() {
      var done =
          hub()
              .post(
                  "/stock/" + Hub.segment(sku) + "/publish",
                  Hub.body("channel", channel, "dryRun", dryRun ? true : null, "reason", reason));
      if (asJson(done)) {
        return;
      }
      for (var one : done.path("listings")) {
        say(
            "%s %s %s for listing %s.",
            at(one, "channel"),
            dryRun ? "would be told" : "is told",
            at(one, "quantity"),
            at(one, "listingId"));
      }
    }
  }
}
