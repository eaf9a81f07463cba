package io.serai.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serai restored}: the database was set back, and hubs are to know it before they start. */
@Command(
    name = "restored",
    description =
        "Says that the database was set back to an older point, before the hubs are started: what was owed then is not sent blindly,"
            + " and orders that may have been sent since are held.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  SERAI_DB_URL=... ./serai restored --at 2026-11-23T04:00:00Z"})
public final class RestoredCommand implements Callable<Integer> {
  private final ToIntFunction<Instant> restoration;

  @Spec private CommandSpec spec;

  @Option(
      names = "--at",
      required = true,
      paramLabel = "INSTANT",
      description = "The point it was set back to, such as 2026-11-23T04:00:00Z.")
  private String at;

  /** Says it and answers the exit code. */
  public RestoredCommand(ToIntFunction<Instant> restoration) {
    this.restoration = restoration;
  }

  @Override
  public Integer call() {
    try {
      return restoration.applyAsInt(Instant.parse(at));
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(),
          "'--at' is '%s', which is no instant. Write it as in '2026-11-23T04:00:00Z'."
              .formatted(at));
    }
  }
}
