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

  ListVerb(Session session) {
    super(session);
  }

  final int most() {
    if (limit < 1) {
      throw new Sentence("Limit '%d' shows nothing; give 1 or more.".formatted(limit));
    }
    return limit;
  }
}
