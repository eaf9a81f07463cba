package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The verbs of {@code serai edi} that ask the hub: what EDI partners and we sent each other. */
final class EdiExchangeCommands {
  private static final String ORDER = "about one order by its number";

  private EdiExchangeCommands() {}

  /** {@code serai edi list}. */
  @Command(
      name = "list",
      description = "List X12 and EDIFACT interchanges that came and went, newest first.",
      footer = {
        "Examples:",
        "  serai edi list --account walmart --state REFUSED",
        "  serai edi list --order PO-4711"
      })
  static final class ListInterchanges extends ListVerb {
    @Option(names = "--account", paramLabel = "NAME", description = "Only of this account.")
    String account;

    @Option(names = "--direction", paramLabel = "IN|OUT", description = "Only what came or went.")
    String direction;

    @Option(names = "--state", paramLabel = "STATE", description = "Only in this state.")
    String state;

    @Option(
        names = "--control",
        paramLabel = "N",
        description = "Only with this number (ISA13, UNB05).")
    String control;

    @Option(
        names = "--set",
        paramLabel = "SET",
        description = "Only with such a set or message, as 850 or ORDERS.")
    String set;

    @Option(names = "--order", paramLabel = "NUMBER", description = "Only " + ORDER + ".")
    String order;

    ListInterchanges(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/interchanges"
                      + Hub.query(
                          "account",
                          account,
                          "direction",
                          direction,
                          "state",
                          state,
                          "control",
                          control,
                          "set",
                          set,
                          "subject",
                          order),
                  most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("ID", "WHEN", "ACCOUNT", "WAY", "NUMBER")
              .state("STATE")
              .text("SETS", "FILE");
      for (var one : list.path("items")) {
        table.row(
            at(one, "id"),
            time(one, "createdAt"),
            at(one, "account"),
            way(one),
            at(one, "control") + (at(one, "usage").equals("T") ? " test" : ""),
            at(one, "state"),
            sets(one),
            at(one, "fileName"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "No interchange fits.", "add --limit.");
    }
  }

  private static String way(JsonNode one) {
    return "IN".equals(one.path("direction").asText()) ? "in" : "out";
  }

  private static String sets(JsonNode one) {
    var sets = new StringJoiner(", ");
    one.path("sets")
        .forEach(
            set ->
                sets.add(
                    set.path("count").asLong() == 1
                        ? set.path("set").asText()
                        : set.path("count").asLong() + " x " + set.path("set").asText()));
    return sets.toString();
  }

  /** {@code serai edi show}. */
  @Command(
      name = "show",
      description = "Show one interchange and what became of every set in it.",
      footer = {"Example:", "  serai edi show itc_17"})
  static final class ShowInterchange extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ID", description = "Its id.")
    String id;

    ShowInterchange(Session session) {
      super(session);
    }

    @Override
    void run() {
      var detail = hub().get("/interchanges/" + Hub.segment(id));
      if (asJson(detail)) {
        return;
      }
      var one = detail.path("interchange");
      say(
          session
              .terminal()
              .bold(
                  "Interchange %s %s '%s'"
                      .formatted(
                          at(one, "control"),
                          way(one).equals("in") ? "from" : "to",
                          at(one, "account"))));
      field("state", at(one, "state"));
      field("why", at(one, "sentence"));
      field("usage", at(one, "usage").equals("T") ? "test" : "production");
      field("from", at(one, "sender"));
      field("to", at(one, "receiver"));
      field("file", at(one, "fileName"));
      field("message", at(one, "messageId"));
      field("delivery", at(one, "deliveryId"));
      field("when", time(one, "createdAt"));
      var table =
          table().text("SET", "GROUP", "ORDER").state("OUTCOME").text("MESSAGE", "ANSWERED", "WHY");
      for (var set : detail.path("sets")) {
        table.row(
            at(set, "set") + " " + at(set, "control"),
            at(set, "group") + " " + at(set, "groupControl"),
            at(set, "subject"),
            at(set, "outcome"),
            at(set, "messageId"),
            at(set, "answeredBy"),
            at(set, "sentence"));
      }
      if (!table.isEmpty()) {
        say("");
        table.print();
      }
    }
  }

  /** {@code serai edi content}. */
  @Command(
      name = "content",
      description =
          "Fetch the bytes of an interchange of ours, or of the file that one of theirs came in. They are printed as they"
              + " are, personal data included; the look is noted in the audit.",
      footer = {
        "Examples:",
        "  serai edi content itc_17 > 000004712.edi",
        "  serai edi content itc_17 --out 000004712.edi"
      })
  static final class Content extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ID", description = "Its id.")
    String id;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "Write them into this file, which must not be there yet.")
    Path file;

    Content(Session session) {
      super(session);
    }

    @Override
    void run() {
      if (file != null && Files.exists(file)) {
        throw new Sentence(
            "The file '%s' is there already; name another, or remove it.".formatted(file));
      }
      var bytes = hub().bytes("/interchanges/" + Hub.segment(id) + "/content");
      if (file == null) {
        raw(bytes);
        return;
      }
      try {
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
      } catch (IOException e) {
        throw new Sentence(
            "The file '%s' cannot be written: %s; name another.".formatted(file, e.getMessage()));
      }
      say("%d bytes of %s stand in '%s'.", bytes.length, id, file);
    }
  }

  /** {@code serai edi conversations}. */
  @Command(
      name = "conversations",
      description = "Show the documents about each order as one chain, and what is still owed.",
      footer = {
        "Examples:",
        "  serai edi conversations walmart",
        "  serai edi conversations walmart PO-4711"
      })
  static final class Conversations extends ListVerb {
    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The EDI account.")
    String account;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ORDER", description = "Only " + ORDER)
    String order;

    Conversations(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub().list("/conversations" + Hub.query("account", account, "subject", order), most());
      if (asJson(list)) {
        return;
      }
      for (var conversation : list.path("items")) {
        title("Order " + at(conversation, "subject"));
        for (var step : conversation.path("steps")) {
          say(
              "  %s  %s %s  %s%s",
              time(step, "at"),
              "IN".equals(at(step, "direction")) ? "->" : "<-",
              at(step, "set"),
              at(step, "outcome"),
              at(step, "sentence") == null ? "" : ": " + Text.line(at(step, "sentence")));
        }
        for (var owed : conversation.path("owed")) {
          say(
              "  %s  %s owe %s after %s%s",
              time(owed, "due"),
              "US".equals(at(owed, "by")) ? "we" : "they",
              at(owed, "set"),
              at(owed, "after"),
              owed.path("overdue").asBoolean() ? ", overdue" : "");
        }
      }
      ending(list, "No conversation fits.", "add --limit.");
    }
  }

  /** {@code serai edi overdue}. */
  @Command(
      name = "overdue",
      description = "List documents that we or EDI partners owe longer than agreed.",
      footer = {"Example:", "  serai edi overdue --account walmart"})
  static final class Overdue extends ListVerb {
    @Option(names = "--account", paramLabel = "NAME", description = "Only of this account.")
    String account;

    Overdue(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .get(
                  "/conversations/overdue"
                      + Hub.query("account", account, "limit", Math.min(500, most())));
      if (asJson(list)) {
        return;
      }
      var table = table().text("DUE", "ACCOUNT", "ORDER", "OWED", "BY", "AFTER", "SINCE");
      for (var one : list.path("items")) {
        table.row(
            time(one, "due"),
            at(one, "account"),
            at(one, "subject"),
            at(one, "set"),
            "US".equals(at(one, "by")) ? "us" : "partner",
            at(one, "after"),
            time(one, "since"));
      }
      if (table.isEmpty()) {
        say("Nothing is overdue.");
      } else {
        table.print();
      }
    }
  }

  /** {@code serai edi numbers}. */
  @Command(
      name = "numbers",
      description =
          "Show the last control numbers given to an EDI partner, and why some are missing.",
      footer = {"Example:", "  serai edi numbers walmart"})
  static final class Numbers extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The EDI account.")
    String account;

    Numbers(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().get("/control-numbers" + Hub.query("account", account));
      if (asJson(list)) {
        return;
      }
      var table = table().text("LEVEL", "GROUP", "USAGE").number("LAST", "CYCLE").text("WHEN");
      for (var one : list.path("items")) {
        table.row(
            at(one, "level").equals("GROUP") ? "group (GS06)" : "interchange (ISA13)",
            at(one, "group"),
            at(one, "usage").equals("T") ? "test" : "production",
            at(one, "last"),
            at(one, "cycle"),
            time(one, "takenAt"));
      }
      if (table.isEmpty()) {
        say("No number was given yet.");
        return;
      }
      table.print();
      for (var one : list.path("items")) {
        for (var gap : one.path("gaps")) {
          say("%s is not at the partner: %s", at(gap, "control"), Text.line(at(gap, "why")));
        }
      }
    }
  }
}
