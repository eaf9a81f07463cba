package io.serai;

import io.serai.camel.CatalogInspection;
import io.serai.cli.CheckCommand;
import io.serai.cli.RunCommand;
import io.serai.demo.Demo;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the one jar. */
@Command(
    name = "serai",
    description = "An order-integration hub on Apache Camel.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Serai {
  private Serai() {}

  /** Runs the command line; a negative answer of a command means that the process goes on. */
  public static void main(String[] arguments) {
    var code = commandLine().execute(arguments);
    if (code >= 0) {
      System.exit(code);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Serai())
        .addSubcommand(new RunCommand(HubProcess::run))
        .addSubcommand(
            new Demo((settings, properties) -> HubProcess.start(null, settings, properties)))
        .addSubcommand(new CheckCommand(CatalogInspection::new, Serai.class.getClassLoader()));
  }
}
