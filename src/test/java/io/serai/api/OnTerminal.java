package io.serai.api;

import io.serai.cli.CommandLines;
import io.serai.cli.Session;
import io.serai.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** An operator's verbs against a running hub, with what they printed last. */
final class OnTerminal {
  @Command(name = "serai")
  static final class Root {}

  private final ApiHub hub;
  private StringWriter out;
  private StringWriter err;

  OnTerminal(ApiHub hub) {
    this.hub = hub;
  }

  /** Runs a verb. Answers its exit code. */
  int serai(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    var environment =
        Map.of("SERAI_URL", "http://127.0.0.1:" + hub.port(), "SERAI_API_TOKEN", ApiHub.TOKEN);
    var session =
        new Session(
            new Terminal(
                new PrintWriter(out, true), new PrintWriter(err, true), 0, false, ZoneOffset.UTC),
            environment::get,
            Clock.systemUTC());
    return CommandLines.complete(
            new CommandLine(new Root(), CommandLines.factory(session)), session)
        .execute(arguments);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
