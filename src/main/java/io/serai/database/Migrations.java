package io.serai.database;

import io.serai.support.CrashPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema forward, one replica at a time. Each migration is one transaction, so a kill in
 * the middle leaves the former version and the next start goes on from there; an index that was
 * being built concurrently is left invalid by such a kill and is dropped before it is built again.
 * No statement waits longer for a lock than it is told, so that work that runs is not held up
 * behind a migration that waits; it steps back and tries again.
 */
final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  // Any number that no other program takes an advisory lock with: "serai" as digits.
  private static final long LOCK = 0x5365726169L;
  private static final int ATTEMPTS = 30;
  private static final String NOT_AVAILABLE = "55P03";

  private final DataSource database;
  private final String place;
  private final Duration lockTimeout;

  Migrations(DataSource database, String place, Duration lockTimeout) {
    this.database = database;
    this.place = place;
    this.lockTimeout = lockTimeout;
  }

  /**
   * Returns when the schema is at this program's version, or at a newer one that it may work with;
   * answers this program's version.
   *
   * @throws DatabaseRefused when newer tables are not for it
   */
  int run() throws SQLException {
    try (var guard = database.getConnection()) {
      awaitTurn(guard);
      try {
        return migrate(guard);
      } finally {
        execute(guard, "select pg_advisory_unlock(" + LOCK + ")");
      }
    }
  }

  /**
   * Asked again and again rather than waited for: a waiting session would hold up an index build.
   */
  private void awaitTurn(Connection guard) throws SQLException {
    for (int round = 0; ; round++) {
      try (var statement = guard.createStatement();
          var row = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
        row.next();
        if (row.getBoolean(1)) {
          return;
        }
      }
      if (round % 50 == 0) {
        LOG.info("another replica is migrating the database, this one waits");
      }
      pause(Duration.ofMillis(100));
    }
  }

  private int migrate(Connection guard) throws SQLException {
    var flyway =
        Flyway.configure()
            .dataSource(database)
            .locations(place)
            .initSql("set lock_timeout = '" + lockTimeout.toMillis() + "ms'")
            .validateMigrationNaming(true)
            .callbacks(new BetweenStatements())
            // Its lock would otherwise be an open transaction, which an index build waits for.
            .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
            .load();
    var own = SchemaFloor.version(flyway);
    var outgrown = SchemaFloor.outgrown(guard, own);
    if (outgrown.isPresent()) {
      throw new DatabaseRefused(outgrown.get());
    }
    for (int attempt = 1; ; attempt++) {
      dropInvalidIndexes(guard);
      try {
        if (hasFailed(guard)) {
          flyway.repair();
        }
        flyway.migrate();
        return own;
      } catch (FlywayException e) {
        if (!lockNotAvailable(e) || attempt == ATTEMPTS) {
          throw new DatabaseRefused(
              "The database could not be brought to this version: %s Correct what it names and start again; what was done stays done."
                  .formatted(oneLine(e)),
              e);
        }
        LOG.info("a migration did not get its lock within {}, it tries again", lockTimeout);
        pause(Duration.ofMillis(Math.min(5_000, 100L << Math.min(attempt, 6))));
      }
    }
  }

  /** Where a test may kill the process: after each statement, its migration not yet committed. */
  private static final class BetweenStatements implements Callback {
    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.AFTER_EACH_MIGRATE_STATEMENT;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
      return true;
    }

    @Override
    public void handle(Event event, Context context) {
      CrashPoint.hit(CrashPoint.IN_MIGRATION);
    }

    @Override
    public String getCallbackName() {
      return "between statements";
    }
  }

  private static void dropInvalidIndexes(Connection guard) throws SQLException {
    execute(
        guard,
        """
        do $$ declare broken record; begin
          for broken in
            select format('%I.%I', n.nspname, c.relname) as name
              from pg_index i join pg_class c on c.oid = i.indexrelid
              join pg_namespace n on n.oid = c.relnamespace
             where not i.indisvalid and n.nspname = current_schema() and c.relkind = 'i'
          loop
            execute 'drop index ' || broken.name;
          end loop;
        end $$""");
  }

  private static boolean hasFailed(Connection guard) throws SQLException {
    try (var statement = guard.createStatement();
        var table = statement.executeQuery("select to_regclass('flyway_schema_history')::text")) {
      table.next();
      if (table.getString(1) == null) {
        return false;
      }
    }
    try (var statement = guard.createStatement();
        var row =
            statement.executeQuery(
                "select exists (select 1 from flyway_schema_history where not success)")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static boolean lockNotAvailable(Throwable error) {
    for (var cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && NOT_AVAILABLE.equals(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  private static String oneLine(FlywayException e) {
    var text = e.getMessage().strip().replaceAll("\\s*\\R\\s*", " ");
    return text.endsWith(".") ? text : text + ".";
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseRefused("The start was interrupted while the database was migrated.", e);
    }
  }
}
