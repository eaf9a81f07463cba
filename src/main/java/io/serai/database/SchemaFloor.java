package io.serai.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;

/**
 * Below which version a program must leave the tables alone. Tables of a newer program are worked
 * with as long as that program says they bear it.
 */
final class SchemaFloor {
  private SchemaFloor() {}

  /** This program's version: the number of the newest migration it brings. */
  static int version(Flyway flyway) {
    return Arrays.stream(flyway.info().all())
        .filter(migration -> migration.getVersion() != null && migration.getState().isResolved())
        .mapToInt(migration -> migration.getVersion().getMajor().intValueExact())
        .max()
        .orElse(0);
  }

  /** Why a program of this version must not work with the tables, or empty when it may. */
  static Optional<String> outgrown(Connection connection, int version) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (var table = statement.executeQuery("select to_regclass('schema_floor')::text")) {
        table.next();
        if (table.getString(1) == null) {
          return Optional.empty(); // tables of before there was a floor
        }
      }
      try (var row = statement.executeQuery("select version, reason from schema_floor")) {
        return row.next() && row.getInt(1) > version
            ? Optional.of(
                "The database has the tables of a newer Serai: programs below version %d must not work with them, because %s; this one is of version %d. Start the newer program, or restore a backup of before it came."
                    .formatted(row.getInt(1), row.getString(2), version))
            : Optional.empty();
      }
    }
  }
}
