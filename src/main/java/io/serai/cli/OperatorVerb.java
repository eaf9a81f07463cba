package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all verbs of operators have in common: the hub they speak to and how they print. */
@Command(
    mixinStandardHelpOptions = false,
    sortOptions = false,
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n")
abstract class OperatorVerb implements Callable<Integer> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  final Session session;

  @Option(names = "--json", description = "Print the hub's own answer as JSON.", order = 900)
  boolean json;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The hub; SERAI_URL or http://127.0.0.1:8080 when absent.",
      order = 901)
  String url;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.",
      order = 902)
  boolean help;

  private Hub hub;

  OperatorVerb(Session session) {
    this.session = session;
  }

  @Override
  public final Integer call() {
    run();
    session.terminal().out().flush();
    return exitCode();
  }

  /** Does it and prints. */
  abstract void run();

  /** Whether its list is printed as CSV. */
  boolean asCsv() {
    return false;
  }

  int exitCode() {
    return 0;
  }

  final Hub hub() {
    if (hub == null) {
      hub = new Hub(url, session.environment(), asCsv());
    }
    return hub;
  }

  final Table table() {
    return new Table(session.terminal());
  }

  /** Prints bytes as they are. */
  final void raw(byte[] bytes) {
    session.terminal().out().flush();
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }

  final void say(String sentence) {
    session.terminal().out().println(sentence);
  }

  final void say(String format, Object... values) {
    say(format.formatted(values));
  }

  /** Prints a title with nothing above it when it is the first thing, else an empty line. */
  final void title(String title) {
    session.terminal().out().println();
    session.terminal().out().println(session.terminal().bold(title));
  }

  /** Prints the answer as JSON, or as CSV, when that is what was asked for. */
  final boolean asJson(JsonNode answer) {
    if (asCsv() && answer.isTextual()) {
      session.terminal().out().print(answer.textValue());
      return true;
    }
    if (json) {
      session.terminal().out().println(answer.toPrettyString());
    }
    return json;
  }

  /** A name and a value on a line; nothing when there is no value. */
  final void field(String name, String value) {
    if (value != null && !value.isBlank()) {
      var terminal = session.terminal();
      terminal.out().println(terminal.faint(Text.pad(name, 14, false)) + " " + Text.line(value));
    }
  }

  /** The text at a pointer, or null. */
  static String at(JsonNode node, String name) {
    var value = name.startsWith("/") ? node.at(name) : node.path(name);
    return value.isMissingNode() || value.isNull()
        ? null
        : value.isValueNode() ? value.asText() : Json.text(value);
  }

  /** The instant at a name in the terminal's zone, or null. */
  final String time(JsonNode node, String name) {
    var text = at(node, name);
    if (text == null) {
      return null;
    }
    try {
      return TIME.format(Instant.parse(text).atZone(session.terminal().zone()));
    } catch (java.time.DateTimeException e) {
      return text;
    }
  }

  /** Says how a list ended: nothing, all, or more. */
  final void ending(JsonNode list, String empty, String more) {
    if (list.path("items").isEmpty()) {
      say(empty);
    } else if (list.path("next").isTextual()) {
      var terminal = session.terminal();
      terminal
          .out()
          .println(
              terminal.faint(
                  "%d shown, there are more: %s".formatted(list.path("items").size(), more)));
    }
  }
}
