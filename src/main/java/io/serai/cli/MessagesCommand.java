package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai messages}: what arrived and what became of it. */
@Command(
    name = "messages",
    description = "Read what arrived, exactly as it arrived, and what became of it.",
    subcommands = {
      MessagesCommand.ListMessages.class,
      MessagesCommand.Show.class,
      CompareCommand.class
    })
final class MessagesCommand {
  @Command(
      name = "list",
      description = "List messages, newest first.",
      footer = {"Example:", "  serai messages list --state PARKED --account shopify-main"})
  static final class ListMessages extends ListVerb {
    @Option(names = "--state", paramLabel = "STATE", description = "Only this state.")
    String state;

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only from this account.")
    String account;

    @Option(names = "--document", paramLabel = "DOCUMENT", description = "Only this document.")
    String document;

    ListMessages(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/messages" + Hub.query("state", state, "account", account, "document", document),
                  most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("MESSAGE", "ACCOUNT", "DOCUMENT", "KEY")
              .state("STATE")
              .number("TRIES", "AGAIN")
              .text("RECEIVED", "REASON");
      for (var message : list.path("items")) {
        table.row(
            at(message, "id"),
            at(message, "account"),
            at(message, "document"),
            at(message, "key"),
            at(message, "state"),
            at(message, "attempts"),
            at(message, "duplicates"),
            time(message, "receivedAt"),
            at(message, "reason"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(
          list,
          state == null && account == null && document == null
              ? "No message has arrived yet."
              : "No message fits.",
          "add --limit.");
    }
  }

  @Command(
      name = "show",
      description = "Show one message: its payload, what it caused and what went wrong.",
      footer = {
        "Examples:",
        "  serai messages show msg_17",
        "  serai messages show msg_17 --payload > order.json"
      })
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "MESSAGE", description = "Its id (msg_…).")
    String message;

    @Option(names = "--payload", description = "Print only the payload, byte for byte.")
    boolean payloadOnly;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      if (payloadOnly) {
        raw(hub().bytes("/messages/" + Hub.segment(message) + "/payload"));
        return;
      }
      var found = hub().get("/messages/" + Hub.segment(message));
      if (asJson(found)) {
        return;
      }
      head(found);
      payload(found.path("payload"));
      hops(found.path("hops"));
      failures(this, found.path("failures"));
      edits(found.path("edits"));
    }

    private void head(JsonNode found) {
      var terminal = session.terminal();
      say(terminal.bold(at(found, "id")) + "  " + terminal.state(at(found, "state")));
      field("from", at(found, "account"));
      field(
          "document",
          at(found, "document")
              + (at(found, "eventType") == null ? "" : " (" + at(found, "eventType") + ")"));
      field("key", at(found, "key"));
      field("version", at(found, "version"));
      field("dedupe key", at(found, "dedupeKey"));
      field("received", time(found, "receivedAt"));
      field("finished", time(found, "finishedAt"));
      field("payload until", time(found, "payloadUntil"));
      field("legal hold", at(found.path("legalHold"), "reason"));
      field("tries", at(found, "attempts"));
      field(
          "sent again",
          found.path("duplicates").asInt() == 0 ? null : at(found, "duplicates") + " times");
      field("tried next", time(found, "dueAt"));
      field("waits for", at(found, "waitsFor"));
      field("order", at(found, "orderId"));
      field("split from", at(found, "parentId"));
      field("superseded by", at(found, "supersededBy"));
      field("reason", at(found, "reason"));
      field("fence", at(found, "fence"));
    }

    private void payload(JsonNode payload) {
      if (!payload.isObject()) {
        say("");
        say("The payload is past its retention and gone.");
        return;
      }
      title(
          "Payload, %s, %s bytes%s"
              .formatted(
                  at(payload, "contentType") == null ? "no type" : at(payload, "contentType"),
                  at(payload, "size"),
                  payload.path("masked").asBoolean() ? ", personal data masked" : ""));
      var text = at(payload, "text");
      if (text != null) {
        session.terminal().out().print(Text.lines(text));
      } else if (at(payload, "note") != null) {
        say(at(payload, "note"));
      } else {
        say("It is no text; save it with --payload.");
      }
    }

    private void hops(JsonNode hops) {
      var table = table().text("STEP", "WHEN", "WHAT", "ID");
      for (var hop : hops) {
        table.row(
            at(hop, "hop"),
            time(hop, "at"),
            at(hop, "sentence"),
            at(hop, "deliveryId") == null ? at(hop, "orderId") : at(hop, "deliveryId"));
      }
      if (!table.isEmpty()) {
        title("What it became (documents: --json)");
        table.print();
      }
    }

    private void edits(JsonNode edits) {
      var table = table().text("WHEN", "WHO", "WHY");
      for (var edit : edits) {
        table.row(time(edit, "editedAt"), at(edit, "actor"), at(edit, "reason"));
      }
      if (!table.isEmpty()) {
        title("Edits");
        table.print();
      }
    }
  }

  static void failures(OperatorVerb verb, JsonNode failures) {
    if (failures.isEmpty()) {
      return;
    }
    verb.title("What went wrong");
    for (var failure : failures) {
      verb.say(
          "%s  %s%s"
              .formatted(
                  verb.time(failure, "occurredAt"),
                  verb.session.terminal().bold(OperatorVerb.at(failure, "kind")),
                  OperatorVerb.at(failure, "step") == null
                      ? ""
                      : " at "
                          + OperatorVerb.at(failure, "route")
                          + ", step "
                          + OperatorVerb.at(failure, "step")));
      verb.say("  " + Text.line(String.valueOf(OperatorVerb.at(failure, "sentence"))));
      if (OperatorVerb.at(failure, "evidence") != null) {
        verb.say("  answer: " + Text.line(OperatorVerb.at(failure, "evidence")));
      }
    }
  }
}
