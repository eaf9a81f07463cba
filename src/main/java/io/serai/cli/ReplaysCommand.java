package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.catalog.Section;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai replays}: many dead letters as one durable job. */
@Command(
    name = "replays",
    description = "Replay many dead letters as one durable job.",
    subcommands = {
      ReplaysCommand.Start.class,
      ReplaysCommand.ListReplays.class,
      ReplaysCommand.Show.class,
      ReplaysCommand.Pause.class,
      ReplaysCommand.Resume.class,
      ReplaysCommand.Abort.class,
      ReplaysCommand.Repeat.class
    })
final class ReplaysCommand {
  private static final String ID_HELP = "The replay's id (rpl_…).";

  @Command(
      name = "start",
      description = "Freeze a selection of dead letters and replay it at a rate.",
      footer = {
        "Examples:",
        "  serai replays start --group 5f0c2b7a9d3e1f48 --dry-run",
        "  serai replays start --account shopify-main --since 4h --rate 20 --reason 'mapping corrected'",
        "  serai replays start --group 5f0c2b7a9d3e1f48 --rate 500 --ramp 5m",
        "  serai replays start --order ord_01J… --from send --to northwind --reason 'they are back'",
        "  serai replays start --group 5f0c2b7a9d3e1f48 --patch patch.json --reason 'unit EACH is EA'",
        "  serai replays start msg_17 msg_18"
      })
  static final class Start extends OperatorVerb {
    @Parameters(index = "0..*", arity = "0..*", paramLabel = "ID", description = "Exactly these.")
    List<String> ids;

    @ArgGroup(exclusive = false)
    DeadLettersCommand.Filters filters = new DeadLettersCommand.Filters();

    @Option(names = "--group", paramLabel = "FINGERPRINT", description = "Only this group.")
    String group;

    @Option(names = "--order", paramLabel = "ORDER", description = "Only about this order (ord_…).")
    String order;

    @Option(names = "--all", description = "Every dead letter there is.")
    boolean all;

    @Option(
        names = "--from",
        paramLabel = "STEP",
        description = "The step: normalize, apply, map or send; the usual way back when absent.")
    String from;

    @Option(
        names = "--to",
        paramLabel = "DESTINATION",
        split = ",",
        description = "Only what is owed to these.")
    List<String> to;

    @Option(
        names = "--patch",
        paramLabel = "FILE",
        description =
            "Change the payload of each message first, as 'dead-letters patch' does; - reads the patch from the input.")
    String patch;

    @Option(names = "--rate", paramLabel = "N", description = "Items a second; 20 when absent.")
    Integer rate;

    @Option(
        names = "--ramp",
        paramLabel = "TIME",
        description =
            "Grow from one item a second to the rate within this time, as 5m; it pauses by itself when what it"
                + " replays fails again.")
    String ramp;

    @Option(names = "--dry-run", description = "Only look what would happen.")
    boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    Start(Session session) {
      super(session);
    }

    private static Long seconds(String ramp) {
      if (ramp == null) {
        return null;
      }
      var time = Section.duration(ramp);
      if (time == null) {
        throw new Sentence(
            "'--ramp' is '%s', which is no time; write it as 30s, 5m or 1h.".formatted(ramp));
      }
      return time.toSeconds();
    }

    @Override
    void run() {
      var selection =
          filters.selection(
              session,
              "ids",
              ids,
              "fingerprint",
              group,
              "orderId",
              order,
              "destinations",
              to,
              "all",
              all ? true : null);
      if (selection.isEmpty()) {
        throw new Sentence(
            "Nothing is selected; name ids, --group, --kind, --account, --since, or say --all.");
      }
      var job =
          hub()
              .post(
                  "/replays",
                  Hub.body(
                      "selection",
                      selection,
                      "from",
                      from,
                      "patch",
                      patch == null ? null : DeadLettersCommand.patch(patch),
                      "rate",
                      rate,
                      "rampSeconds",
                      seconds(ramp),
                      "dryRun",
                      dryRun ? true : null,
                      "reason",
                      reason));
      if (asJson(job)) {
        return;
      }
      int total = job.path("total").asInt();
      if (total == 0) {
        say("No dead letter fits, so %s has nothing to do.", at(job, "id"));
        return;
      }
      if ("PROPOSED".equals(at(job, "state"))) {
        say(
            "%s would replay %d dead letters; a second person has to approve it. See: serai approvals list --open",
            at(job, "id"), total);
        return;
      }
      say(
          "%s %s %d %s at %s a second. See: serai replays show %s",
          at(job, "id"),
          dryRun ? "tries" : "replays",
          total,
          total == 1 ? "dead letter" : "dead letters",
          at(job, "rate"),
          at(job, "id"));
    }
  }

  @Command(
      name = "list",
      description = "List replays, newest first.",
      footer = {"Example:", "  serai replays list --limit 5"})
  static final class ListReplays extends ListVerb {
    @Option(
        names = "--group",
        paramLabel = "FINGERPRINT",
        description = "Only of this group as a whole.")
    String group;

    ListReplays(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().list("/replays" + Hub.query("fingerprint", group), most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("REPLAY")
              .state("STATE")
              .number("TOTAL", "REPLAYED", "SKIPPED", "FAILED", "LEFT", "RATE")
              .text("DRY", "BY", "STARTED");
      for (var job : list.path("items")) {
        table.row(
            at(job, "id"),
            at(job, "state"),
            at(job, "total"),
            at(job, "replayed"),
            at(job, "skipped"),
            at(job, "failed"),
            at(job, "remaining"),
            at(job, "rate"),
            job.path("dryRun").asBoolean() ? "yes" : "no",
            at(job, "actor"),
            time(job, "createdAt"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nothing was replayed in bulk yet.", "add --limit.");
    }
  }

  @Command(
      name = "show",
      description = "Show how far a replay is and what came of its items.",
      footer = {
        "Examples:",
        "  serai replays show rpl_3",
        "  serai replays show rpl_3 --state FAILED"
      })
  static final class Show extends ListVerb {
    @Parameters(index = "0", paramLabel = "REPLAY", description = ID_HELP)
    String id;

    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "Only items that are planned, replayed, skipped or failed.")
    String state;

    Show(Session session) {
      super(session);
    }

    @Override
    void run() {
      var job = hub().get("/replays/" + Hub.segment(id));
      var items =
          hub().list("/replays/" + Hub.segment(id) + "/items" + Hub.query("state", state), most());
      if (asCsv()) {
        asJson(items);
        return;
      }
      if (json) {
        ((com.fasterxml.jackson.databind.node.ObjectNode) job).set("items", items.path("items"));
        asJson(job);
        return;
      }
      var terminal = session.terminal();
      say(terminal.bold(at(job, "id")) + "  " + terminal.state(at(job, "state")));
      field("reason", at(job, "reason"));
      field("dry run", job.path("dryRun").asBoolean() ? "yes, nothing is changed" : null);
      field("by", at(job, "actor"));
      field("why", at(job, "purpose"));
      field("repeats", at(job, "repeats"));
      field("started", time(job, "createdAt"));
      field("finished", time(job, "finishedAt"));
      field("rate", at(job, "rate") + " a second");
      field("selection", at(job, "selection"));
      field(
          "progress",
          "%s of %s: %s replayed, %s skipped, %s failed, %s left"
              .formatted(
                  job.path("total").asInt() - job.path("remaining").asInt(),
                  at(job, "total"),
                  at(job, "replayed"),
                  at(job, "skipped"),
                  at(job, "failed"),
                  at(job, "remaining")));
      var report = hub().get("/replays/" + Hub.segment(id) + "/report");
      field(
          "pace",
          report.path("perSecond").asDouble() > 0
              ? "%s a second, %s s to go"
                  .formatted(at(report, "perSecond"), at(report, "secondsLeft"))
              : null);
      field("dead letters", "RUNNING".equals(at(job, "state")) ? null : at(report, "left"));
      if (!report.path("causes").isEmpty()) {
        var causes = table().state("STATE").number("ITEMS").text("WHY", "EXAMPLE");
        for (var cause : report.path("causes")) {
          causes.row(
              at(cause, "state"), at(cause, "count"), at(cause, "sentence"), at(cause, "example"));
        }
        title("Left or failed");
        causes.print();
      }
      var table = table().text("ITEM").state("STATE").text("WHEN", "DETAIL");
      for (var item : items.path("items")) {
        table.row(at(item, "id"), at(item, "state"), time(item, "workedAt"), at(item, "detail"));
      }
      title("Items");
      if (!table.isEmpty()) {
        table.print();
      }
      ending(
          items,
          state == null ? "No dead letter fitted the selection." : "No item fits.",
          "add --limit.");
    }
  }

  /** A verb that moves a job. */
  abstract static class Move extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "REPLAY", description = ID_HELP)
    String id;

    Move(Session session) {
      super(session);
    }

    final void move(String verb, String reason) {
      JsonNode job =
          hub().post("/replays/" + Hub.segment(id) + "/" + verb, Hub.body("reason", reason));
      if (!asJson(job)) {
        say(
            "%s is %s now, %s of %s left.",
            at(job, "id"),
            session.terminal().state(at(job, "state")),
            at(job, "remaining"),
            at(job, "total"));
      }
    }
  }

  @Command(
      name = "pause",
      description = "Stop a replay for now; no further item is replayed.",
      footer = {"Example:", "  serai replays pause rpl_3 --reason 'the partner asked us to wait'"})
  static final class Pause extends Move {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    Pause(Session session) {
      super(session);
    }

    @Override
    void run() {
      move("pause", reason);
    }
  }

  @Command(
      name = "resume",
      description = "Let a paused replay go on where it was.",
      footer = {"Example:", "  serai replays resume rpl_3"})
  static final class Resume extends Move {
    Resume(Session session) {
      super(session);
    }

    @Override
    void run() {
      move("resume", null);
    }
  }

  @Command(
      name = "abort",
      description = "End a replay; what was replayed stays replayed.",
      footer = {"Example:", "  serai replays abort rpl_3 --reason 'wrong group'"})
  static final class Abort extends Move {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    Abort(Session session) {
      super(session);
    }

    @Override
    void run() {
      move("abort", reason);
    }
  }

  @Command(
      name = "repeat",
      description = "Replay again what of a replay that is over is a dead letter now.",
      footer = {
        "Examples:",
        "  serai replays repeat rpl_3 --only failed --reason 'the other node was added'",
        "  serai replays repeat rpl_3 --dry-run"
      })
  static final class Repeat extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "REPLAY", description = ID_HELP)
    String id;

    @Option(
        names = "--only",
        paramLabel = "STATE",
        description = "Only what failed, was skipped, or was replayed and stopped again.")
    String only;

    @Option(
        names = "--rate",
        paramLabel = "N",
        description = "Items a second; as before when absent.")
    Integer rate;

    @Option(names = "--dry-run", description = "Only look what would happen.")
    boolean dryRun;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    String reason;

    Repeat(Session session) {
      super(session);
    }

    @Override
    void run() {
      var job =
          hub()
              .post(
                  "/replays/" + Hub.segment(id) + "/repeat",
                  Hub.body(
                      "only",
                      only,
                      "rate",
                      rate,
                      "dryRun",
                      dryRun ? true : null,
                      "reason",
                      reason));
      if (!asJson(job)) {
        say(
            "%s takes up %s of %s. See: serai replays show %s",
            at(job, "id"), at(job, "total"), id, at(job, "id"));
      }
    }
  }
}
