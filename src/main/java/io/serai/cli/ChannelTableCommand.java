package io.serai.cli;

import io.serai.catalog.Catalog;
import io.serai.catalog.ChannelTable;
import io.serai.catalog.Edition;
import io.serai.catalog.ParameterTable;
import io.serai.catalog.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code serai channels table}: what each channel's connector can do, as README shows it, or what
 * an account of one connector may set, as docs/channels.md shows it.
 */
@Command(
    name = "table",
    description =
        "Print what each channel's connector can do, as Markdown, or what an account of one may set: read from profiles and routes; asks no hub.",
    footer = {"Examples:", "  serai channels table --home site/", "  serai channels table shopify"})
final class ChannelTableCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONNECTOR",
      description = "Print what an account of this connector may set.")
  String connector;

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
    var edition = Catalog.of(sources).edition();
    session
        .terminal()
        .out()
        .print(connector == null ? ChannelTable.markdown(edition) : settings(edition));
    session.terminal().out().flush();
    return 0;
  }

  private String settings(Edition edition) {
    var profile = edition.connectors().get(connector);
    if (profile == null) {
      throw new Sentence(
          "There is no connector '%s'; there are %s."
              .formatted(
                  connector, String.join(", ", new TreeSet<>(edition.connectors().keySet()))));
    }
    return ParameterTable.markdown(profile);
  }
}
