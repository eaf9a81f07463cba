package io.serai;

import io.serai.camel.CatalogInspection;
import io.serai.catalog.Inspection;
import io.serai.cli.CheckCommand;
import io.serai.cli.CommandLines;
import io.serai.cli.MigrateCommand;
import io.serai.cli.RestoredCommand;
import io.serai.cli.RunCommand;
import io.serai.cli.Session;
import io.serai.conformance.TestCommand;
import io.serai.demo.Bench;
import io.serai.demo.Demo;
import io.serai.demo.WriteBackBench;
import io.serai.demo.X12Bench;
import io.serai.exchange.Partners;
import io.serai.rules.Nodes;
import io.serai.rules.Rules;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Entry point of the one jar: the hub itself and the operator's client of it. */
@Command(
    name = "serai",
    description = "An order-integration hub on Apache Camel.",
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
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  private Serai() {}

  /** Runs the command line; a negative answer of a command means that the process goes on. */
  public static void main(String[] arguments) {
    var distrusted = Trust.settle(System.getenv());
    if (distrusted != null) {
      System.exit(HubProcess.refused(distrusted));
    }
    var session = Session.ofProcess();
    var hubAlone = arguments.length > 0 && arguments[0].equals("run");
    var code = (hubAlone ? hub(session) : commandLine(session)).execute(arguments);
    if (code >= 0) {
      System.exit(code);
    }
  }

  /** The verb {@code run} and no other: reading all the others is a tenth of a hub's start. */
  static CommandLine hub(Session session) {
    var commands =
        new CommandLine(new Serai(), CommandLines.factory(session))
            .addSubcommand(new RunCommand(config -> HubProcess.run(config)));
    return CommandLines.settle(commands, session);
  }

  /** Every verb. Lambdas, not method references: the hub's classes are loaded when it runs. */
  public static CommandLine commandLine(Session session) {
    var commands =
        new CommandLine(new Serai(), CommandLines.factory(session))
            .addSubcommand(new RunCommand(config -> HubProcess.run(config)))
            .addSubcommand(new MigrateCommand(() -> HubProcess.migrate()))
            .addSubcommand(new RestoredCommand(at -> HubProcess.restored(at)))
            .addSubcommand(
                new Demo((settings, properties) -> HubProcess.start(null, settings, properties)))
            .addSubcommand(new Bench())
            .addSubcommand(new WriteBackBench())
            .addSubcommand(new X12Bench())
            .addSubcommand(
                new TestCommand(
                    (settings, properties) -> HubProcess.start(null, settings, properties),
                    session.environment()))
            .addSubcommand(
                new CheckCommand(
                    (components, settings) -> inspection(components, settings),
                    Serai.class.getClassLoader()));
    var version = Serai.class.getPackage().getImplementationVersion();
    commands.getCommandSpec().version("serai " + (version == null ? "development" : version));
    return CommandLines.complete(commands, session);
  }

  private static Inspection inspection(Set<String> components, Function<String, String> settings) {
    var files = new CatalogInspection(components, settings);
    return (edition, mappings, configuration) -> {
      var faults = new ArrayList<>(files.inspect(edition, mappings, configuration));
      faults.addAll(Rules.inspect(edition, configuration == null ? null : Nodes.of(configuration)));
      faults.addAll(Partners.inspect(edition, configuration));
      return faults;
    };
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
