package io.serai.crash;

import io.serai.Serai;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;

/** Starts a {@link Mutant}: its name, then what the hub's command line takes. */
public final class MutantHub {
  private MutantHub() {}

  /** Replaces the database driver and is the hub from then on. */
  public static void main(String[] arguments) throws SQLException {
    var sound = DriverManager.getDriver("jdbc:postgresql://127.0.0.1/any");
    DriverManager.deregisterDriver(sound);
    DriverManager.registerDriver(Mutant.valueOf(arguments[0]).infect(sound));
    Serai.main(Arrays.copyOfRange(arguments, 1, arguments.length));
  }
}
