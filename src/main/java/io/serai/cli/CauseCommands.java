package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code serai dead-letters cause} and {@code over}: a cause with its past, and those over. */
final class CauseCommands {
  private CauseCommands() {}

  @Command(
      name = "cause",
      description = "Show one cause: what stopped, how often it fails, what was tried.",
      footer = {"Example:", "  serai dead-letters cause 5f0c2b7a9d3e1f48"})
  static final class Cause extends OperatorVerb {
    @Parameters(index = "0", paramLabel = "GROUP", description = "Its fingerprint.")
    String fingerprint;

    Cause(Session session) {
      super(session);
    }

    @Override
    void run() {
      var cause = hub().get("/dead-letters/groups/" + Hub.segment(fingerprint));
      if (asJson(cause)) {
        return;
      }
      var group = cause.path("group");
      say(
          group.isObject()
              ? Text.line(String.valueOf(at(group, "sentence")))
              : "Nothing of this cause is left.");
      field("stopped", at(group, "count"));
      field("orders", at(group, "orders"));
      field("endpoint", at(group, "account"));
      field("since", time(group, "firstSeen"));
      field("due", time(cause, "dueAt"));
      field("failed", at(cause, "failures") + " times, first " + time(cause, "firstEver"));
      field("an hour", trend(cause.path("trend")));
      var last = cause.path("lastReplay");
      if (last.isObject()) {
        field(
            last.path("dryRun").asBoolean() ? "last dry run" : "last replay",
            "%s %s: %s replayed, %s skipped, %s failed"
                .formatted(
                    at(last, "id"),
                    at(last, "state"),
                    at(last, "replayed"),
                    at(last, "skipped"),
                    at(last, "failed")));
        field("new since", at(cause, "fresh"));
      }
    }

    private static String trend(JsonNode trend) {
      var hours = new ArrayList<String>();
      trend.forEach(hour -> hours.add(hour.asText()));
      return String.join(" ", hours);
    }
  }

  @Command(
      name = "over",
      description = "List causes of which nothing is left, the latest first.",
      footer = {"Example:", "  serai dead-letters over"})
  static final class Over extends ListVerb {
    Over(Session session) {
      super(session);
    }

    @Override
    void run() {
      var list = hub().get("/dead-letters/groups/over" + Hub.query("limit", Math.min(most(), 500)));
      if (asJson(list)) {
        return;
      }
      var table =
          table()
              .text("GROUP")
              .state("KIND")
              .number("FAILED")
              .text("ENDPOINT", "LAST SEEN", "SENTENCE");
      for (var one : list.path("items")) {
        table.row(
            at(one, "fingerprint"),
            at(one, "kind"),
            at(one, "failures"),
            at(one, "account"),
            time(one, "lastSeen"),
            at(one, "sentence"));
      }
      if (!table.isEmpty()) {
        table.print();
      }
      ending(list, "No cause is over of late.", "");
    }
  }
}
