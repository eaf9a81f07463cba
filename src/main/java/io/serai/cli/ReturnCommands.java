package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai returns}: what comes back, and what is sent for it. */
final class ReturnCommands {
  private static final String ID_HELP = "The return's id, ret_…";

  private ReturnCommands() {}

  /** The noun. */
  @Command(
      name = "returns",
      description = "What comes back: open, count in, approve, decline, cancel, close, list, show.",
      subcommands = {
        ListReturns.class,
        Show.class,
        Open.class,
        Receive.class,
        Approve.class,
        Decline.class,
        Cancel.class,
        Close.class
      })
  static final class All {}

  /** Prints one. */
  private static void show(OperatorVerb verb, JsonNode one) {
    if (verb.asJson(one)) {
      return;
    }
    verb.say(
        "%s %s (%s) of %s is %s.",
        at(one, "kind"),
        at(one, "name"),
        at(one, "id"),
        at(one, "number"),
        verb.session.terminal().state(at(one, "state")));
    verb.field("expected at", at(one, "node"));
    verb.field("why", at(one, "reason"));
    verb.field("told by", at(one, "source"));
    verb.field("approved", verb.time(one, "approvedAt"));
    verb.field("by rule", at(one, "approvedBecause"));
    verb.field("due", verb.time(one, "dueAt"));
    verb.field("overdue", verb.time(one, "overdueAt"));
    if (!one.path("lines").isEmpty()) {
      var table = verb.table().text("LINE", "SKU").number("TO COME", "CAME").text("WHY");
      for (var line : one.path("lines")) {
        table.row(
            at(line, "lineId"),
            at(line, "sku"),
            at(line, "quantity"),
            at(line, "received"),
            at(line, "reason"));
      }
      table.print();
    }
    for (var receipt : one.path("receipts")) {
      var what = new ArrayList<String>();
      for (var line : receipt.path("lines")) {
        what.add(
            "%s %s %s".formatted(at(line, "quantity"), at(line, "sku"), at(line, "disposition")));
      }
      verb.say(
          "  %s %s at %s by %s: %s%s",
          verb.time(receipt, "at"),
          at(receipt, "receipt"),
          at(receipt, "node"),
          at(receipt, "source"),
          String.join(", ", what),
          at(receipt, "sameAs") == null ? "" : " (counted as " + at(receipt, "sameAs") + ")");
    }
    for (var sent : one.path("exchange")) {
      verb.say(
          "  for it: %s %s%s",
          at(sent, "quantity"),
          at(sent, "sku"),
          at(sent, "lineId") == null ? ", when it is there" : " as line " + at(sent, "lineId"));
    }
  }

  private static String at(JsonNode node, String name) {
    return OperatorVerb.at(node, name);
  }

  /** Lists. */
  @Command(
      name = "list",
      description = "List returns, newest first.",
      footer = {
        "Examples:",
        "  serai returns list --state APPROVED",
        "  serai returns list --overdue"
      })
  static final class ListReturns extends ListVerb {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "NAME",
        description = "Only of this name (RMA number).")
    String name;

    @Option(names = "--state", paramLabel = "STATE", description = "Only this state.")
    String state;

    @Option(names = "--channel", paramLabel = "ACCOUNT", description = "Only of this channel.")
    String channel;

    @Option(names = "--node", paramLabel = "NODE", description = "Only expected at this node.")
    String node;

    @Option(names = "--overdue", description = "Only what should have come by now.")
    boolean overdue;

    ListReturns(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/returns"
                      + Hub.query(
                          "state",
                          state,
                          "channel",
                          channel,
                          "node",
                          node,
                          "name",
                          name,
                          "overdue",
                          overdue ? "true" : null),
                  most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("RETURN", "NAME", "ORDER", "CHANNEL", "KIND")
              .state("STATE")
              .number("TO COME", "CAME")
              .text("NODE", "DUE");
      for (var one : list.path("items")) {
        table.row(
            at(one, "id"),
            at(one, "name"),
            at(one, "number"),
            at(one, "channel"),
            at(one, "kind"),
            at(one, "state"),
            at(one, "expected"),
            at(one, "received"),
            at(one, "node"),
            at(one, "overdueAt") == null ? time(one, "dueAt") : "overdue");
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "No return fits.", "add --limit.");
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      description = "Show a return: what is to come, what came, what is sent for it.",
      footer = {"Example:", "  serai returns show ret_…"})
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "RETURN", description = ID_HELP)
    String id;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      show(this, hub().get("/returns/" + Hub.segment(id)));
    }
  }

  /** Opens one. */
  @Command(
      name = "open",
      description = "Agree that something comes back, and say what is sent for it.",
      footer = {
        "Examples:",
        "  serai returns open ord_… --line 1001-1=1 --node nj-1 --reason 'too small'",
        "  serai returns open ord_… --line 1001-1=1 --exchange TEE-RED-L=1",
        "  serai returns open ord_… --parcel pcl_… --send-again"
      })
  static final class Open extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(names = "--line", paramLabel = "LINE=UNITS", description = "What is to come.")
    Map<String, Integer> lines;

    @Option(
        names = "--parcel",
        paramLabel = "PARCEL",
        description = "The parcel that a carrier brings back, pcl_…")
    String parcel;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What stands on its label (RMA number); its id when absent.")
    String name;

    @Option(names = "--node", paramLabel = "NODE", description = "Where it is expected.")
    String node;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    @Option(
        names = "--exchange",
        paramLabel = "SKU=UNITS",
        description = "What is sent for it, at no price, when it is there.")
    Map<String, Integer> exchange;

    @Option(names = "--send-again", description = "Send what is in the parcel once more.")
    boolean sendAgain;

    @Option(names = "--at-once", description = "Send it before anything came.")
    boolean atOnce;

    @Option(names = "--no-refund", description = "No money is due for what comes.")
    boolean noRefund;

    Open(Session session) {
      super(session);
    }

    @Override
    void run() {
      show(
          this,
          hub()
              .postOnce(
                  "/orders/" + Hub.segment(order) + "/returns",
                  Hub.body(
                      "name",
                      name,
                      "node",
                      node,
                      "reason",
                      reason,
                      "parcel",
                      parcel,
                      "lines",
                      units("lineId", lines),
                      "exchange",
                      units("sku", exchange),
                      "sendAgain",
                      sendAgain ? true : null,
                      "atOnce",
                      atOnce ? true : null,
                      "refund",
                      noRefund ? false : null)));
    }
  }

  private static List<Map<String, Object>> units(String name, Map<String, Integer> given) {
    return given == null
        ? null
        : given.entrySet().stream()
            .map(one -> Map.<String, Object>of(name, one.getKey(), "quantity", one.getValue()))
            .toList();
  }

  /** Counts in. */
  @Command(
      name = "receive",
      description = "Count in what came: all that is awaited, or what is named.",
      footer = {
        "Examples:",
        "  serai returns receive ret_… --node nj-1",
        "  serai returns receive ret_… --node nj-1 --came MUG-BLU=1 --came MUG-BLU=1:DAMAGED"
      })
  static final class Receive extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "RETURN", description = ID_HELP)
    String id;

    @Option(
        names = "--node",
        paramLabel = "NODE",
        description = "Where; where it is expected when absent.")
    String node;

    @Option(
        names = "--receipt",
        paramLabel = "NAME",
        description = "What the place calls it: the same twice counts once.")
    String receipt;

    @Option(
        names = "--came",
        paramLabel = "SKU=UNITS[:DISPOSITION]",
        description = "SELLABLE, DAMAGED, QUARANTINE or SCRAP; SELLABLE when absent.")
    List<String> came;

    Receive(Session session) {
      super(session);
    }

    @Override
    void run() {
      show(
          this,
          hub()
              .postOnce(
                  "/returns/" + Hub.segment(id) + "/receipts",
                  Hub.body("receipt", receipt, "node", node, "lines", lines())));
    }

    private List<Map<String, Object>> lines() {
      if (came == null) {
        return null;
      }
      var lines = new ArrayList<Map<String, Object>>();
      for (var text : came) {
        var parts = text.split("[=:]", -1);
        if (parts.length < 2 || parts.length > 3 || !parts[1].matches("[0-9]{1,7}")) {
          throw new Sentence(
              "--came is '%s'; write SKU=UNITS, or SKU=UNITS:DAMAGED.".formatted(text));
        }
        var line = new LinkedHashMap<String, Object>();
        line.put("sku", parts[0]);
        line.put("quantity", Integer.valueOf(parts[1]));
        if (parts.length == 3) {
          line.put("disposition", parts[2]);
        }
        lines.add(line);
      }
      return lines;
    }
  }

  /** A verb that says where a return stands. */
  abstract static class Turn extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "RETURN", description = ID_HELP)
    String id;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Turn(Session session) {
      super(session);
    }

    final void turn(String verb) {
      show(
          this, hub().post("/returns/" + Hub.segment(id) + "/" + verb, Hub.body("reason", reason)));
    }
  }

  /** Approves. */
  @Command(
      name = "approve",
      description = "Agree that what a buyer asks to send back may come.",
      footer = {"Example:", "  serai returns approve ret_… --reason 'within 30 days'"})
  static final class Approve extends Turn {
    Approve(Session session) {
      super(session);
    }

    @Override
    void run() {
      turn("approve");
    }
  }

  /** Declines. */
  @Command(
      name = "decline",
      description = "Say that it may not come.",
      footer = {"Example:", "  serai returns decline ret_… --reason 'worn'"})
  static final class Decline extends Turn {
    Decline(Session session) {
      super(session);
    }

    @Override
    void run() {
      turn("decline");
    }
  }

  /** Calls off. */
  @Command(
      name = "cancel",
      description = "Call a return off: the buyer keeps it.",
      footer = {"Example:", "  serai returns cancel ret_… --reason 'the buyer keeps it'"})
  static final class Cancel extends Turn {
    Cancel(Session session) {
      super(session);
    }

    @Override
    void run() {
      turn("cancel");
    }
  }

  /** Closes. */
  @Command(
      name = "close",
      description = "Close a return: nothing more is expected of it.",
      footer = {"Example:", "  serai returns close ret_… --reason 'all of it is there'"})
  static final class Close extends Turn {
    Close(Session session) {
      super(session);
    }

    @Override
    void run() {
      turn("close");
    }
  }

  /** {@code serai orders replace}: something once more. */
  @Command(
      name = "replace",
      description = "Send units of a line once more, at no price; nothing has to come back.",
      footer = {
        "Examples:",
        "  serai orders replace ord_… --line 1001-1=1 --reason 'it came in pieces'",
        "  serai orders replace ord_… --line 1001-1=1 --sku MUG-RED --reason 'the wrong color'"
      })
  static final class Replace extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ORDER", description = OrdersCommand.ID_HELP)
    String order;

    @Option(
        names = "--line",
        paramLabel = "LINE=UNITS",
        required = true,
        description = "What is sent once more.")
    Map<String, Integer> lines;

    @Option(
        names = "--sku",
        paramLabel = "SKU",
        description = "Another article; the same when absent.")
    String sku;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Replace(Session session) {
      super(session);
    }

    @Override
    void run() {
      var wanted = new ArrayList<Map<String, Object>>();
      lines.forEach(
          (line, units) -> {
            var one = new LinkedHashMap<String, Object>();
            one.put("lineId", line);
            one.put("quantity", units);
            if (sku != null) {
              one.put("sku", sku);
            }
            wanted.add(one);
          });
      var sent =
          hub()
              .postOnce(
                  "/orders/" + Hub.segment(order) + "/replacements",
                  Hub.body("reason", reason, "lines", wanted));
      if (!asJson(sent)) {
        printReplacements(this, sent);
      }
    }
  }

  /** Prints what an order sends in place of something. */
  static void printReplacements(OperatorVerb verb, JsonNode sent) {
    for (var one : sent) {
      verb.say(
          "Line %s (%s %s) is sent %s%s.",
          at(one, "lineId"),
          at(one, "quantity"),
          at(one, "sku"),
          at(one, "replaces") == null
              ? "for return " + at(one, "returned")
              : "in place of line " + at(one, "replaces"),
          at(one, "reason") == null ? "" : ": " + at(one, "reason"));
    }
  }

  /** Prints what comes back of an order. */
  static void printReturns(OperatorVerb verb, JsonNode returns) {
    if (returns.isEmpty()) {
      return;
    }
    verb.title("Returns");
    var table = verb.table().text("RETURN", "NAME", "KIND").state("STATE").text("NODE", "DUE");
    for (var one : returns) {
      table.row(
          at(one, "id"),
          at(one, "name"),
          at(one, "kind"),
          at(one, "state"),
          at(one, "node"),
          at(one, "overdueAt") == null ? verb.time(one, "dueAt") : "overdue");
    }
    table.print();
  }
}
