package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai dead-letters}: what stopped, why, and the way back in. */
@Command(
    name = "dead-letters",
    description = "See what stopped and why; replay, edit, resolve or discard it.",
    subcommands = {
      DeadLettersCommand.ListDeadLetters.class,
      DeadLettersCommand.Groups.class,
      DeadLetterCountsCommand.class,
      CauseCommands.Cause.class,
      CauseCommands.Over.class,
      DeadLettersCommand.Show.class,
      DeadLettersCommand.Discard.class,
      DeadLettersCommand.Reopen.class,
      DeadLettersCommand.DiscardMany.class,
      DeadLettersCommand.Edit.class,
      DeadLettersCommand.Patch.class,
      DeadLettersCommand.Resolve.class,
      DeadLetterReplayCommands.Plan.class,
      DeadLetterReplayCommands.Replay.class,
      DeadLetterReplayCommands.Probe.class
    })
final class DeadLettersCommand {
  static final String ID_HELP = "Its id (msg_…, dlv_… or ord_…).";
  static final String CODE_HELP =
      "Why in a word: test, duplicate, cancelled, elsewhere, outdated, unwanted or other.";
  static final String FENCE_HELP = "The fence as you last saw it: refused when it changed since.";

  /** The filters of lists and groups. */
  static final class Filters {
    @Option(names = "--kind", paramLabel = "KIND", description = "Only this failure kind.")
    String kind;

    @Option(
        names = "--account",
        paramLabel = "ACCOUNT",
        description = "Only from or to this account.")
    String account;

    @Option(names = "--document", paramLabel = "DOCUMENT", description = "Only this document.")
    String document;

    @Option(
        names = "--type",
        paramLabel = "TYPE",
        description = "Only this type: message, delivery or order.")
    String type;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "Stopped since: an instant, or how long ago (15m, 4h, 2d).")
    String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Stopped before.")
    String until;

    @Option(
        names = "--match",
        paramLabel = "WORDS",
        description =
            "A line of words instead, as 'channel:shopify-main step:… sku:MUG-BLU age:>2h' (kind, account, channel,"
                + " document, type, group, route, step, sku, order, key, age, day, since, until).")
    String match;

    String query(Session session, Object... more) {
      return Hub.query(all(session, more));
    }

    /** What a verb about many is about; empty when nothing was named. */
    Map<String, Object> selection(Session session, Object... more) {
      return Hub.body(all(session, more));
    }

    private Object[] all(Session session, Object... more) {
      var all = new ArrayList<Object>();
      Collections.addAll(
          all,
          "kind",
          kind,
          "account",
          account,
          "document",
          document,
          "type",
          type,
          "q",
          match,
          "since",
          Times.instant("--since", since, session),
          "until",
          Times.instant("--until", until, session));
      Collections.addAll(all, more);
      return all.toArray();
    }
  }

  @Command(
      name = "list",
      description = "List what stopped, newest first.",
      footer = {
        "Examples:",
        "  serai dead-letters list --since 4h",
        "  serai dead-letters list --group 5f0c2b7a9d3e1f48"
      })
  static final class ListDeadLetters extends ListVerb {
    @ArgGroup(exclusive = false)
    Filters filters = new Filters();

    @Option(names = "--group", paramLabel = "FINGERPRINT", description = "Only this group.")
    String group;

    @Option(names = "--order", paramLabel = "ORDER", description = "Only about this order (ord_…).")
    String order;

    @Option(
        names = "--needs-choice",
        description = "Only those that can be resolved but not replayed.")
    boolean needsChoice;

    ListDeadLetters(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/dead-letters"
                      + filters.query(
                          session,
                          "fingerprint",
                          group,
                          "order",
                          order,
                          "needsChoice",
                          needsChoice ? true : null),
                  most());
      if (asJson(list)) {
        return;
      }
      var table =
          table().text("ID").state("KIND").text("ENDPOINT", "DOCUMENT", "KEY", "SINCE", "SENTENCE");
      for (var letter : list.path("items")) {
        table.row(
            at(letter, "id"),
            at(letter, "kind"),
            at(letter, "account"),
            at(letter, "document"),
            at(letter, "key"),
            time(letter, "stoppedAt"),
            at(letter, "sentence"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing has stopped.", "add --limit, or see 'serai dead-letters groups'.");
    }
  }

  @Command(
      name = "groups",
      description = "List what stopped by cause, the largest group first.",
      footer = {"Example:", "  serai dead-letters groups --account shopify-main"})
  static final class Groups extends OperatorVerb {
    @ArgGroup(exclusive = false)
    Filters filters = new Filters();

    Groups(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().get("/dead-letters/groups" + filters.query(session));
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("GROUP")
              .state("KIND")
              .number("COUNT", "ORDERS")
              .text("ENDPOINT", "LAST SEEN", "SENTENCE");
      for (var group : list.path("items")) {
        table.row(
            at(group, "fingerprint"),
            at(group, "kind"),
            at(group, "count"),
            at(group, "orders"),
            at(group, "account"),
            time(group, "lastSeen"),
            at(group, "sentence"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing has stopped.", "");
    }
  }

  @Command(
      name = "show",
      description = "Show one dead letter, its past and what can be done.",
      footer = {"Example:", "  serai dead-letters show msg_17"})
  static final class Show extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ID", description = ID_HELP)
    String id;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var found = hub().get("/dead-letters/" + Hub.segment(id));
      if (asJson(found)) {
        return;
      }
      var letter = found.path("deadLetter");
      var terminal = session.terminal();
      say(
          terminal.bold(at(letter, "id"))
              + "  "
              + terminal.state(String.valueOf(at(letter, "kind"))));
      say(Text.line(String.valueOf(at(letter, "sentence"))));
      say("");
      field("state", at(letter, "state"));
      field("endpoint", at(letter, "account"));
      field("document", at(letter, "document"));
      field("key", at(letter, "key"));
      field("order", at(letter, "orderId"));
      field(
          "place",
          at(letter, "route") == null
              ? null
              : at(letter, "route")
                  + (at(letter, "step") == null ? "" : ", step " + at(letter, "step")));
      field("answer", at(letter, "evidence"));
      field("tries", at(letter, "attempts"));
      field("stopped", time(letter, "stoppedAt"));
      int behind = found.path("waitingBehind").asInt();
      field("holds up", behind == 0 ? null : behind + " behind it in its lane");
      field("group", at(letter, "fingerprint"));
      field("fence", at(letter, "fence"));
      MessagesCommand.failures(this, found.path("failures"));
      title("What can be done");
      advice(letter);
    }

    private void resolve() {
      say("  serai dead-letters resolve %s --happened REFERENCE --reason '…'", id);
      say("  serai dead-letters resolve %s --did-not-happen --reason '…'", id);
    }

    private void advice(JsonNode letter) {
      if (letter.path("needsChoice").asBoolean()) {
        say("Find out at '%s' whether it happened, then one of:", at(letter, "account"));
        resolve();
        say("Where its connector can ask, the hub asks:");
        say("  serai dead-letters probe %s --reason '…'", id);
        return;
      }
      if (letter.path("outcomeUnknown").asBoolean()) {
        say("Ask '%s'. When it happened, or surely did not, say so:", at(letter, "account"));
        resolve();
        say("Otherwise one of:");
      }
      say("  serai dead-letters replay %s --reason '…'", id);
      say("  serai dead-letters plan %s, then the same with --from STEP", id);
      if ("MESSAGE".equals(at(letter, "type"))) {
        say("  serai messages show %s --payload > file, correct it, then", id);
        say("  serai dead-letters edit %s --file file --reason '…'", id);
      }
      if (!"ORDER".equals(at(letter, "type"))) {
        say("  serai dead-letters discard %s --reason '…'", id);
      }
    }
  }

  /** A verb that changes one dead letter. */
  abstract static class Change extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "ID", description = ID_HELP)
    String id;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    @Option(names = "--fence", paramLabel = "N", description = FENCE_HELP)
    Long fence;

    Change(Session session) {
      super(session);
    }

    final void change(String verb, Object body) {
      var done = hub().post("/dead-letters/" + Hub.segment(id) + "/" + verb, body);
      if (!asJson(done)) {
        say("%s is %s now.", at(done, "id"), session.terminal().state(at(done, "state")));
      }
    }
  }

  @Command(
      name = "discard-many",
      description = "Give many up for good, 1,000 at most.",
      footer = {
        "Example:",
        "  serai dead-letters discard-many --group 5f0c2b7a9d3e1f48 --count 12 --reason 'all test orders'"
      })
  static final class DiscardMany extends OperatorVerb {
    @Parameters(index = "0..*", arity = "0..*", paramLabel = "ID", description = "Exactly these.")
    List<String> ids;

    @ArgGroup(exclusive = false)
    Filters filters = new Filters();

    @Option(names = "--group", paramLabel = "FINGERPRINT", description = "Only this group.")
    String group;

    @Option(
        names = "--count",
        paramLabel = "N",
        required = true,
        description = "How many that are: to say that you mean them all.")
    int count;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    @Option(names = "--code", paramLabel = "CODE", description = CODE_HELP)
    String code;

    DiscardMany(Session session) {
      super(session);
    }

    @Override
    void run() {
      var selection = filters.selection(session, "ids", ids, "fingerprint", group);
      if (selection.isEmpty()) {
        throw new Sentence("Nothing is selected; name ids, --group, --kind, --account or --since.");
      }
      var done =
          hub()
              .post(
                  "/dead-letters/discard",
                  Hub.body("selection", selection, "count", count, "reason", reason, "code", code));
      if (asJson(done)) {
        return;
      }
      if ("PROPOSED".equals(at(done, "state"))) {
        say("A second person has to approve it (%s).", at(done, "approval"));
        return;
      }
      say("%s are discarded.", at(done, "discarded"));
      for (var left : done.path("left")) {
        say("  left: %s", at(left, "sentence"));
      }
    }
  }

  @Command(
      name = "discard",
      description = "Give a message or delivery up for good.",
      footer = {
        "Example:",
        "  serai dead-letters discard msg_17 --reason 'cancelled by phone, refunded'"
      })
  static final class Discard extends Change {
    @Option(names = "--code", paramLabel = "CODE", description = CODE_HELP)
    String code;

    Discard(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("discard", Hub.body("reason", reason, "code", code, "fence", fence));
    }
  }

  @Command(
      name = "reopen",
      description = "Take a discard back; it is a dead letter again.",
      footer = {"Example:", "  serai dead-letters reopen msg_17 --reason 'the buyer wants it'"})
  static final class Reopen extends Change {
    Reopen(Session session) {
      super(session);
    }

    @Override
    void run() {
      change("reopen", Hub.body("reason", reason, "fence", fence));
    }
  }

  @Command(
      name = "edit",
      description = "Replace the payload of a parked message and run it again.",
      footer = {
        "Example:",
        "  serai dead-letters edit msg_17 --file order.json --reason 'trailing blank in the SKU'"
      })
  static final class Edit extends Change {
    @Option(
        names = "--file",
        paramLabel = "FILE",
        required = true,
        description = "The new payload; - reads it from the input.")
    String file;

    Edit(Session session) {
      super(session);
    }

    @Override
    void run() {
      change(
          "edit",
          Hub.body(
              "reason",
              reason,
              "fence",
              fence,
              "payloadBase64",
              Base64.getEncoder().encodeToString(read(file))));
    }
  }

  @Command(
      name = "patch",
      description = {
        "Make one change to the payloads of many parked messages and run them again.",
        "What it does not fit, or what would fail all the same, is left as it is and named."
      },
      footer = {
        "Examples:",
        "  serai dead-letters patch --group 5f0c2b7a9d3e1f48 --file patch.json --dry-run",
        "  serai dead-letters patch --group 5f0c2b7a9d3e1f48 --file patch.json --reason 'unit EACH is EA'",
        "patch.json holds operations, as [{\"op\": \"replace\", \"path\": \"/unit\", \"value\": \"EA\"}],",
        "or an object to be merged, as {\"unit\": \"EA\"}."
      })
  static final class Patch extends OperatorVerb {
    @Parameters(index = "0..*", arity = "0..*", paramLabel = "ID", description = "Exactly these.")
    List<String> ids;

    @ArgGroup(exclusive = false)
    Filters filters = new Filters();

    @Option(names = "--group", paramLabel = "FINGERPRINT", description = "Only this group.")
    String group;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        required = true,
        description = "The patch; - reads it from the input.")
    String file;

    @Option(names = "--dry-run", description = "Only look what would happen.")
    boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "What was wrong with them.")
    String reason;

    private int left;

    Patch(Session session) {
      super(session);
    }

    @Override
    void run() {
      var selection = filters.selection(session, "ids", ids, "fingerprint", group);
      if (selection.isEmpty()) {
        throw new Sentence(
            "Nothing is selected; name ids, --group, --kind, --account, --document or --since.");
      }
      var patch = patch(file);
      var result =
          hub()
              .post(
                  "/dead-letters/patch",
                  Hub.body(
                      "selection",
                      selection,
                      "patch",
                      patch,
                      "dryRun",
                      dryRun ? true : null,
                      "reason",
                      reason));
      left = result.path("left").asInt();
      if (asJson(result)) {
        return;
      }
      var table = table().text("ID", "FITS", "WHAT COMES OF IT", "CHANGES");
      for (var one : result.path("members")) {
        table.row(
            at(one, "id"),
            one.path("fits").asBoolean() ? "yes" : "no",
            at(one, "sentence"),
            changes(one.path("differences")));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      int seen = result.path("members").size();
      say(
          "%s %d of %d; %d left as they are.",
          dryRun ? "It would fit" : "It fitted", result.path("fits").asInt(), seen, left);
      if (result.path("total").asInt() > seen) {
        say(
            "%d more were not looked at; 'serai replays start --patch' takes them all, at a rate.",
            result.path("total").asInt() - seen);
      }
    }

    private static String changes(JsonNode differences) {
      var text = new StringBuilder();
      for (var one : differences) {
        text.append(text.isEmpty() ? "" : "; ")
            .append(one.path("path").asText())
            .append(": ")
            .append(one.path("before").asText("nothing"))
            .append(" -> ")
            .append(one.path("after").asText("nothing"));
      }
      return text.toString();
    }

    @Override
    int exitCode() {
      return left > 0 ? 1 : 0;
    }
  }

  static JsonNode patch(String file) {
    try {
      return Json.tree(read(file));
    } catch (Json.Unreadable e) {
      throw new Sentence("File '%s' holds no JSON that can be read; correct it.".formatted(file));
    }
  }

  static byte[] read(String file) {
    try {
      return file.equals("-") ? System.in.readAllBytes() : Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw new Sentence("File '%s' cannot be read; name one that can.".formatted(file));
    }
  }

  @Command(
      name = "resolve",
      description = "Say what became of a delivery whose outcome nobody knows.",
      footer = {
        "Examples:",
        "  serai dead-letters resolve dlv_4 --happened F-1 --reason 'seen in the portal'",
        "  serai dead-letters resolve dlv_4 --did-not-happen --reason 'asked by phone'"
      })
  static final class Resolve extends Change {
    /** The forced choice. */
    static final class Outcome {
      @Option(
          names = "--happened",
          paramLabel = "REFERENCE",
          required = true,
          description = "The partner did it and calls it so; nothing is sent.")
      String happened;

      @Option(
          names = "--did-not-happen",
          required = true,
          description = "The partner did not do it; it is sent again under the same key.")
      boolean didNotHappen;

      @Option(
          names = "--elsewhere",
          paramLabel = "REFERENCE",
          required = true,
          description = "Somebody did it by hand, and it is called so there; nothing is sent.")
      String elsewhere;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    Outcome outcome;

    Resolve(Session session) {
      super(session);
    }

    @Override
    void run() {
      change(
          "resolve",
          Hub.body(
              "outcome",
              outcome.elsewhere != null
                  ? "elsewhere"
                  : outcome.happened == null ? "did-not-happen" : "happened",
              "reference",
              outcome.elsewhere != null ? outcome.elsewhere : outcome.happened,
              "reason",
              reason,
              "fence",
              fence));
    }
  }
}
