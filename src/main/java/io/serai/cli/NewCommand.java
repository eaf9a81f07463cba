package io.serai.cli;

import io.serai.catalog.Catalog;
import io.serai.catalog.KebabCase;
import io.serai.catalog.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code serai new}: writes the files of something new, which work before they are changed. */
@Command(
    name = "new",
    description = "Write the files of a new channel, to be changed from there.",
    subcommands = NewCommand.Channel.class)
final class NewCommand {
  private NewCommand() {}

  /** {@code serai new channel}. */
  @Command(
      name = "channel",
      description =
          "Write profile, kamelets, routes, mappings, samples and stand-in of a new channel; they pass 'check' and 'test' as they are.",
      footer = {"Example:", "  serai new channel acme --home site/"})
  static final class Channel implements Callable<Integer> {
    private final Session session;

    @Parameters(
        index = "0",
        paramLabel = "NAME",
        description = "The connector's name: lower-case letters, digits and single dashes.")
    String name;

    @Option(
        names = "--home",
        paramLabel = "DIR",
        description = "Where to write; made when it is not there. SERAI_HOME when absent.")
    Path home;

    @Option(
        names = "--title",
        paramLabel = "TITLE",
        description = "Its name for people; made of NAME when absent.")
    String title;

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help.")
    boolean help;

    Channel(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      if (!KebabCase.is(name)) {
        throw new Sentence(
            "'%s' is no name of a connector; use lower-case letters, digits and single dashes, as 'acme-outlet'."
                .formatted(name));
      }
      var given = session.environment().apply("SERAI_HOME");
      if (home == null && given != null && !given.isBlank()) {
        home = Path.of(given);
      }
      if (home == null) {
        throw new Sentence(
            "Nothing says where to write; set SERAI_HOME or add --home DIR, the folder the hub reads as SERAI_HOME.");
      }
      if (title == null) {
        title =
            Stream.of(name.split("-"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
      } else if (!title.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} .&'-]{0,40}")) {
        throw new Sentence(
            "'%s' is no title; use letters, digits, blanks and . & ' -, up to 41 of them."
                .formatted(Text.line(title)));
      }
      refuseTaken();
      var files = Scaffold.channel(name, title);
      try {
        for (var file : files.entrySet()) {
          if (Files.exists(home.resolve(file.getKey()))) {
            throw new Sentence(
                "'%s' is there already and nothing was written; remove it or choose another name."
                    .formatted(home.resolve(file.getKey())));
          }
        }
        for (var file : files.entrySet()) {
          var path = home.resolve(file.getKey());
          Files.createDirectories(path.getParent());
          Files.writeString(path, file.getValue());
        }
      } catch (IOException e) {
        throw new Sentence(
            "'%s' could not be written (%s); correct that and give the command again with another folder, or after removing what it wrote."
                .formatted(home, e));
      }
      say(files.size());
      return 0;
    }

    private void refuseTaken() {
      var sources =
          Sources.of(
              NewCommand.class.getClassLoader(),
              Files.isDirectory(home) ? List.of(home) : List.of());
      var taken = Catalog.of(sources).edition().connectors().get(name);
      if (taken != null) {
        throw new Sentence(
            "Connector '%s' is there already, in '%s'; choose another name."
                .formatted(name, taken.file()));
      }
    }

    private void say(int files) {
      var out = session.terminal().out();
      var terminal = session.terminal();
      out.printf(
          "Channel '%s' stands in %s: %d files that work as they are.%n%n", name, home, files);
      line(
          "connectors/%s.connector.yaml".formatted(name),
          "what it is: settings, proof, events, errors, limits");
      line("connectors/%s-*.kamelet.yaml".formatted(name), "how to talk to it");
      line("mappings/%s/".formatted(name), "what its documents mean");
      line("routes/*/%s-*.camel.yaml".formatted(name), "what happens in which order");
      line(
          "samples/payloads/%s/".formatted(name),
          "payloads, what must become of them, how its stand-in answers");
      out.println();
      out.println(terminal.bold("Next"));
      line("./serai check %s".formatted(home), "judge the files");
      line(
          "./serai test %s --home %s".formatted(name, home),
          "play %s and judge the connector".formatted(title));
      out.println();
      out.println("and, in the configuration, with SERAI_HOME=%s:".formatted(home));
      out.println();
      out.println("  serai:");
      out.println("    channels:");
      out.println(
          "      %s-main: { connector: %s, base-url: \"https://...\", api-key: \"...\", webhook-secret: \"...\" }"
              .formatted(name, name));
      out.println();
      out.println("docs/add-a-channel.md goes through it step by step.");
      out.flush();
    }

    private void line(String left, String right) {
      session
          .terminal()
          .out()
          .println("  " + Text.pad(left, 38, false) + "  " + session.terminal().faint(right));
    }
  }
}
