package io.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai messages compare}: a message beside one of its kind that went through. */
@Command(
    name = "compare",
    description =
        "Show what is otherwise in a message than in the last of its kind that went through.",
    footer = {
      "Examples:",
      "  serai messages compare msg_17",
      "  serai messages compare msg_17 --with msg_12"
    })
final class CompareCommand extends OperatorVerb {
  @Parameters(index = "0", paramLabel = "MESSAGE", description = "Its id (msg_…).")
  String message;

  @Option(
      names = "--with",
      paramLabel = "MESSAGE",
      description = "Compare it with this one instead.")
  String with;

  CompareCommand(Session session) {
    super(session);
  }

  @Override
  void run() {
    var found =
        hub().get("/messages/" + Hub.segment(message) + "/comparison" + Hub.query("with", with));
    if (asJson(found)) {
      return;
    }
    say(
        "%s beside %s of %s: %s fields are otherwise.",
        at(found, "id"), at(found, "with"), time(found, "withReceivedAt"), at(found, "total"));
    var table = table().text("FIELD", "WHAT", "GOOD", "NOW");
    for (var one : found.path("differences")) {
      table.row(at(one, "path"), at(one, "what"), at(one, "good"), at(one, "now"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
  }
}
