package io.serai.cli;

import io.serai.catalog.Catalog;
import io.serai.catalog.ChannelTable;
import io.serai.catalog.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai channels table}: what each channel's connector can do, as README shows it. */
@Command(
    name = "table",
    description =
        "Print what each channel's connector can do, as Markdown: read from profiles and routes; asks no hub.",
    footer = {"Example:", "  serai channels table --home site/"})
final class ChannelTableCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Connectors of this folder, too; SERAI_HOME when absent.")
  Path home;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  ChannelTableCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    var given = session.environment().apply("SERAI_HOME");
    if (home == null && given != null && !given.isBlank()) {
      home = Path.of(given);
    }
    if (home != null && !Files.isDirectory(home)) {
      throw new Sentence("There is no folder '%s'; correct the path.".formatted(home));
    }
    var sources =
        Sources.of(
            ChannelTableCommand.class.getClassLoader(), home == null ? List.of() : List.of(home));
    session.terminal().out().print(ChannelTable.markdown(Catalog.of(sources).edition()));
    session.terminal().out().flush();
    return 0;
  }
}
