package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai findings}: what stands otherwise elsewhere than here, and putting it right. */
@Command(
    name = "findings",
    description = "See what stands otherwise at channels and partners; put it right or accept it.",
    subcommands = {
      FindingsCommand.ListFindings.class,
      FindingsCommand.Show.class,
      FindingsCommand.Fix.class,
      FindingsCommand.Accept.class,
      FindingsCommand.Runs.class
    })
final class FindingsCommand {
  private static final String ID_HELP = "Its id (fnd_…).";

  private FindingsCommand() {}

  /** A table of findings, or that there are none. */
  static void print(OperatorVerb verb, JsonNode list) {
    var table = verb.table().text("FINDING", "ACCOUNT", "KIND", "STATE", "REMEDY", "WHAT");
    for (var one : list.path("items")) {
      table.row(
          OperatorVerb.at(one, "id"),
          OperatorVerb.at(one, "account"),
          OperatorVerb.at(one, "kind"),
          OperatorVerb.at(one, "state"),
          OperatorVerb.at(one, "remedy"),
          OperatorVerb.at(one, "sentence"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
    verb.ending(list, "Nothing stands otherwise elsewhere.", "add --limit.");
  }

  @Command(
      name = "list",
      description = "List what stands otherwise elsewhere, newest first.",
      footer = {"Example:", "  serai findings list --account shopify-main --kind ORDER_MISSING"})
  static final class ListFindings extends ListVerb {
    @Option(names = "--state", paramLabel = "STATE", description = "open, fixed, accepted or all.")
    String state;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
    String account;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only of this kind.")
    String kind;

    ListFindings(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/findings" + Hub.query("state", state, "account", account, "kind", kind),
                  most());
      if (!asJson(list)) {
        print(this, list);
      }
    }
  }

  @Command(
      name = "show",
      description = "Show a finding.",
      footer = {"Example:", "  serai findings show fnd_17"})
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "FINDING", description = ID_HELP)
    String id;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one = hub().get("/findings/" + Hub.segment(id));
      if (asJson(one)) {
        return;
      }
      say(Text.line(at(one, "sentence")));
      field("state", at(one, "state"));
      field("means", at(one, "meaning"));
      field("here", at(one, "ours"));
      field("there", at(one, "theirs"));
      field("order", at(one, "orderId"));
      field("remedy", at(one, "remedy"));
      field("set going", time(one, "remediedAt"));
      field("first seen", time(one, "firstSeenAt"));
      field("last seen", time(one, "lastSeenAt"));
      field("note", at(one, "note"));
    }
  }

  @Command(
      name = "fix",
      description = "Put a finding right by its remedy: replay, pull or write-back.",
      footer = {"Example:", "  serai findings fix fnd_17"})
  static final class Fix extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "FINDING", description = ID_HELP)
    String id;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit.")
    String reason;

    Fix(Session session) {
      super(session);
    }

    @Override
    void run() {
      var body = JsonNodeFactory.instance.objectNode();
      if (reason != null) {
        body.put("reason", reason);
      }
      var done = hub().post("/findings/" + Hub.segment(id) + "/fix", body);
      if (!asJson(done)) {
        say(Text.line(at(done, "sentence")));
      }
    }
  }

  @Command(
      name = "accept",
      description = "Say that a finding may stay as it is.",
      footer = {"Example:", "  serai findings accept fnd_17 --reason 'Deleted there by hand.'"})
  static final class Accept extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "FINDING", description = ID_HELP)
    String id;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Accept(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one =
          hub()
              .post(
                  "/findings/" + Hub.segment(id) + "/accept",
                  JsonNodeFactory.instance.objectNode().put("reason", reason));
      if (!asJson(one)) {
        say("'%s' may stay as it is.", Text.line(at(one, "thing")));
      }
    }
  }

  @Command(
      name = "runs",
      description = "List comparisons, newest first.",
      footer = {"Example:", "  serai findings runs --account northwind"})
  static final class Runs extends ListVerb {
    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
    String account;

    Runs(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/reconciliations" + Hub.query("account", account), most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("RUN", "ACCOUNT", "STATE")
              .number("COMPARED", "DIFFER", "FIXED")
              .text("BY", "PLANNED", "WHAT WENT WRONG");
      for (var run : list.path("items")) {
        table.row(
            at(run, "id"),
            at(run, "account"),
            at(run, "state"),
            at(run, "compared"),
            at(run, "found"),
            at(run, "fixed"),
            at(run, "actor") == null ? "the hub" : at(run, "actor"),
            time(run, "createdAt"),
            at(run, "failure"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing was compared yet.", "add --limit.");
    }
  }
}
