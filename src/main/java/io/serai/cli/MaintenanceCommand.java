package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai maintenance}: when a channel or partner is left alone. */
@Command(
    name = "maintenance",
    description = "Leave a channel or partner alone for a while.",
    subcommands = {
      MaintenanceCommand.ListWindows.class,
      MaintenanceCommand.Plan.class,
      MaintenanceCommand.End.class
    })
final class MaintenanceCommand {
  @Command(
      name = "list",
      description = "List maintenance windows, newest first.",
      footer = {"Example:", "  serai maintenance list --open"})
  static final class ListWindows extends ListVerb {
    @Option(names = "--open", description = "Only what is not over yet.")
    boolean open;

    @Option(names = "--destination", paramLabel = "ACCOUNT", description = "Only of this one.")
    String destination;

    ListWindows(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list =
          hub()
              .list(
                  "/maintenance"
                      + Hub.query("open", open ? true : null, "destination", destination),
                  most());
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("WINDOW", "DESTINATION")
              .state("STATE")
              .text("FROM", "UNTIL", "WHY", "PLANNED BY", "ENDED BY")
              .number("WAITING");
      for (var one : list.path("items")) {
        table.row(
            at(one, "id"),
            at(one, "destination"),
            at(one, "state"),
            time(one, "from"),
            time(one, "until"),
            at(one, "reason"),
            at(one, "plannedBy"),
            at(one, "endedBy"),
            at(one, "waiting"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "Nobody planned any.", "add --limit.");
    }
  }

  @Command(
      name = "plan",
      description = "Leave a channel or partner alone from now or a time on.",
      footer = {
        "Examples:",
        "  serai maintenance plan northwind --for 2h --reason 'they move their database'",
        "  serai maintenance plan northwind --from '2026-11-28 22:00' --until '2026-11-29 02:00' --reason 'release'"
      })
  static final class Plan extends OperatorVerb {
    @Parameters(
        index = "0",
        paramLabel = "DESTINATION",
        description = "Name of the channel or partner.")
    String destination;

    @Option(names = "--from", paramLabel = "TIME", description = "When it begins; now when absent.")
    String from;

    @Option(names = "--until", paramLabel = "TIME", description = "When it ends.")
    String until;

    @Option(
        names = "--for",
        paramLabel = "TIME",
        description = "How long it lasts, instead of --until (30m, 2h, 1d).")
    String lasts;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    Plan(Session session) {
      super(session);
    }

    @Override
    void run() {
      var begin = Times.instant("--from", from, session);
      var end = Times.instant("--until", until, session);
      if (lasts != null) {
        if (end != null) {
          throw new Sentence("--for and --until both say when it ends; give one of them.");
        }
        end = (begin == null ? session.clock().instant() : begin).plus(length(lasts));
      }
      var one =
          hub()
              .post(
                  "/maintenance",
                  Hub.body(
                      "destination",
                      destination,
                      "from",
                      begin == null ? null : begin.toString(),
                      "until",
                      end == null ? null : end.toString(),
                      "reason",
                      reason));
      if (!asJson(one)) {
        said(this, one);
      }
    }

    private static Duration length(String text) {
      if (!text.matches("[0-9]{1,5}[mhd]")) {
        throw new Sentence(
            "--for is '%s', which is no length; give 30m, 2h or 1d.".formatted(text));
      }
      return Duration.parse(
          text.endsWith("d")
              ? "P" + text.toUpperCase(java.util.Locale.ROOT)
              : "PT" + text.toUpperCase(java.util.Locale.ROOT));
    }
  }

  @Command(
      name = "end",
      description = "End a maintenance window before its time.",
      footer = {"Example:", "  serai maintenance end mnt_3 --reason 'they are back early'"})
  static final class End extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "WINDOW", description = "The window's id (mnt_…).")
    String id;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    String reason;

    End(Session session) {
      super(session);
    }

    @Override
    void run() {
      var one = hub().post("/maintenance/" + Hub.segment(id) + "/end", Hub.body("reason", reason));
      if (!asJson(one)) {
        said(this, one);
      }
    }
  }

  private static void said(OperatorVerb verb, JsonNode one) {
    var id = OperatorVerb.at(one, "id");
    var destination = OperatorVerb.at(one, "destination");
    var until = verb.time(one, "until");
    switch (OperatorVerb.at(one, "state")) {
      case "OPEN" -> verb.say("%s: '%s' is left alone until %s.", id, destination, until);
      case "PLANNED" ->
          verb.say(
              "%s: '%s' is left alone from %s until %s.",
              id, destination, verb.time(one, "from"), until);
      case "CANCELLED" -> verb.say("%s: '%s' is not left alone after all.", id, destination);
      default ->
          verb.say(
              "%s: '%s' is not left alone any more; what waited goes out slowly at first.",
              id, destination);
    }
  }
}
