package io.serai.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serai run}: the hub alone, headless. */
@Command(
    name = "run",
    description = "Runs the hub alone, headless.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  ./serai run --config serai.yaml"})
public final class RunCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The installation's configuration.")
  private Path config;

  private final ToIntFunction<Path> hub;

  /** Runs what starts the hub with a configuration file (or null) and answers the exit code. */
  public RunCommand(ToIntFunction<Path> hub) {
    this.hub = hub;
  }

  @Override
  public Integer call() {
    return hub.applyAsInt(config);
  }
}
