package io.serai;

import io.serai.camel.CatalogInspection;
import io.serai.cli.CheckCommand;
import io.serai.cli.CommandLines;
import io.serai.cli.RunCommand;
import io.serai.cli.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Entry point of the one jar: the hub itself and the operator's client of it. */
@Command(
    name = "serai",
    description = "Serai, an order-integration hub.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Operator verbs speak to the hub at SERAI_URL (http://127.0.0.1:8080) with SERAI_API_TOKEN.",
      "Examples:",
      "  serai run --config serai.yaml",
      "  serai orders list '#1001'",
      "  serai dead-letters groups"
    })
public final class Serai implements Runnable {
  /** Looked up by name, so that an operator's verb never waits for their classes. */
  private static final Map<String, String> PROCESSES = new LinkedHashMap<>();

  static {
    PROCESSES.put("demo", "io.serai.demo.DemoCommand");
    PROCESSES.put("bench", "io.serai.demo.BenchCommand");
  }

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  private boolean version;

  private Serai() {}

  /** Runs the command line; a negative answer of a command means that the process goes on. */
  public static void main(String[] arguments) {
    var code = commands(Session.ofProcess()).execute(arguments);
    if (code >= 0) {
      System.exit(code);
    }
  }

  /** The whole command line. */
  public static CommandLine commands(Session session) {
    var commands = CommandLines.of(new Serai(), session);
    // Lambdas, not method references: the hub's classes are loaded when it runs.
    commands.addSubcommand(new RunCommand(config -> HubProcess.run(config)));
    commands.addSubcommand(
        new CheckCommand(
            (components, settings) -> new CatalogInspection(components, settings),
            Serai.class.getClassLoader()));
    PROCESSES.forEach(
        (name, type) -> {
          try {
            commands.addSubcommand(name, Class.forName(type));
          } catch (ClassNotFoundException absent) {
            // not part of this build
          }
        });
    var version = Serai.class.getPackage().getImplementationVersion();
    commands.getCommandSpec().version("serai " + (version == null ? "development" : version));
    return CommandLines.settled(commands, session);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
