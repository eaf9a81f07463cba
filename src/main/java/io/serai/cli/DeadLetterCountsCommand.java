package io.serai.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai dead-letters counts}: what stopped, by something else than its cause. */
@Command(
    name = "counts",
    description = "Count what stopped by step, channel, article, day and the like.",
    footer = {
      "Examples:",
      "  serai dead-letters counts --by step",
      "  serai dead-letters counts --by sku --match 'kind:unmapped age:<4h'"
    })
final class DeadLetterCountsCommand extends OperatorVerb {
  @Option(
      names = "--by",
      paramLabel = "WHAT",
      required = true,
      description = "kind, account, channel, document, type, route, step, sku or day.")
  String by;

  @Option(names = "--match", paramLabel = "WORDS", description = "Only those that fit.")
  String match;

  DeadLetterCountsCommand(Session session) {
    super(session);
  }

  @Override
  void run() {
    var list = hub().get("/dead-letters/counts" + Hub.query("by", by, "q", match));
    if (asJson(list)) {
      return;
    }
    var table = table().text("PART").number("COUNT", "ORDERS").text("SINCE", "LAST", "MATCH");
    for (var count : list.path("items")) {
      table.row(
          at(count, "part") == null ? "–" : at(count, "part"),
          at(count, "count"),
          at(count, "orders"),
          time(count, "firstSeen"),
          time(count, "lastSeen"),
          at(count, "q"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
    ending(list, "Nothing has stopped that fits.", "");
  }
}
