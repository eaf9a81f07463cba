package io.serai.cli;

import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;

/** {@code serai migrate}: the tables brought forward by whoever owns them, without a hub. */
@Command(
    name = "migrate",
    description =
        "Brings the tables of the database at SERAI_DB_URL to this version and ends. Hubs do it at their start; this is for those"
            + " whose role may not.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  SERAI_DB_URL=... SERAI_DB_USER=owner ./serai migrate"})
public final class MigrateCommand implements Callable<Integer> {
  private final IntSupplier migration;

  /** Runs what migrates and answers the exit code. */
  public MigrateCommand(IntSupplier migration) {
    this.migration = migration;
  }

  @Override
  public Integer call() {
    return migration.getAsInt();
  }
}
