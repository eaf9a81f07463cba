package io.serai.cli;

import picocli.CommandLine.Option;

/** A verb that lists. */
abstract class ListVerb extends OperatorVerb {
  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      defaultValue = "50",
      description = "At most so many (default 50).",
      order = 800)
  int limit;

  @Option(names = "--csv", description = "Print the list as CSV, for a spreadsheet.", order = 899)
  boolean csv;

  ListVerb(Session session) {
    super(session);
  }

  @Override
  boolean asCsv() {
    return csv;
  }

  final int most() {
    if (limit < 1) {
      throw new Sentence("Limit '%d' shows nothing; give 1 or more.".formatted(limit));
    }
    return limit;
  }
}
