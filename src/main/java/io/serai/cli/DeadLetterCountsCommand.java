package io.serai.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai dead-letters counts}: what stopped, by something else than its cause. */
@Command(
    name = "counts",
    description = "Count what stopped by step, channel, article, day and the like.",
    footer = {
      "Examples:",
      "  serai dead-letters counts --by step",
      "  serai dead-letters counts --by sku --match 'kind:unmapped age:<4h'",
      "  serai dead-letters counts --by day --over discarded"
    })
final class DeadLetterCountsCommand extends OperatorVerb {
  @Option(
      names = "--by",
      paramLabel = "WHAT",
      required = true,
      description = "kind, account, channel, document, type, route, step, sku or day.")
  String by;

  /** Some of what has stopped, or what is over. */
  static final class Which {
    @Option(names = "--match", paramLabel = "WORDS", description = "Only those that fit.")
    String match;

    @Option(
        names = "--over",
        paramLabel = "HOW",
        description = "Those that are over instead: discarded or resolved.")
    String over;
  }

  @ArgGroup Which which = new Which();

  DeadLetterCountsCommand(Session session) {
    super(session);
  }

  @Override
  void run() {
    boolean over = which.over != null;
    var list =
        hub()
            .get(
                over
                    ? "/dead-letters/groups/over/counts" + Hub.query("by", by, "ended", which.over)
                    : "/dead-letters/counts" + Hub.query("by", by, "q", which.match));
    if (asJson(list)) {
      return;
    }
    var table =
        table()
            .text("PART")
            .number("COUNT", "ORDERS")
            .text(over ? "FIRST" : "SINCE", "LAST", over ? "" : "MATCH");
    for (var count : list.path("items")) {
      table.row(
          at(count, "part") == null ? "–" : at(count, "part"),
          at(count, "count"),
          at(count, "orders"),
          time(count, over ? "firstEnded" : "firstSeen"),
          time(count, over ? "lastEnded" : "lastSeen"),
          at(count, "q"));
    }
    if (!table.isEmpty()) {
      table.print();
    }
    ending(list, over ? "Nothing is over of late." : "Nothing has stopped that fits.", "");
  }
}
