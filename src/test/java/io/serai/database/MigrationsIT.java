package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class MigrationsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private static final String FLOOR = "create table schema_floor (version int, reason text);";

  @TempDir Path scripts;

  @BeforeEach
  void anEmptySchema() throws SQLException {
    execute("drop schema public cascade");
    execute("create schema public");
  }

  private Migrations migrations() {
    return new Migrations(
        new MigrationSource(database.connections()),
        "filesystem:" + scripts,
        Duration.ofMillis(200));
  }

  private void script(String name, String sql) throws IOException {
    Files.writeString(scripts.resolve(name), sql);
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String value(String sql) throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void aMigrationThatWasKilledHalfWayIsRunAgainWhole() throws Exception {
    script("V001__create_first.sql", "create table first (n int);");
    script(
        "V002__create_second.sql",
        "create table second (n int); select pg_sleep(20) where not exists (select 1 from first);"
            + " create table third (n int);");
    var killed =
        CompletableFuture.runAsync(
            () -> assertThatThrownBy(() -> migrations().run()).isInstanceOf(Exception.class));
    Await.until("half way", LIMIT, () -> !value(SLEEPING).equals("0"));

    execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where application_name = 'serai migration' and datname = current_database()");
    killed.join();
    assertThat(value("select to_regclass('second')::text")).isNull();
    execute("insert into first values (1)"); // the next run does not sleep
    migrations().run();

    assertThat(value("select to_regclass('third')::text")).isEqualTo("third");
    assertThat(value("select count(*) from flyway_schema_history where success")).isEqualTo("2");
  }

  private static final String SLEEPING =
      "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
          + " and datname = current_database()";

  @Test
  void anIndexThatWasBeingBuiltWhenTheHubDiedIsBuiltAgain() throws Exception {
    script("V001__create_first.sql", "create table first as select 1 as n union all select 1;");
    migrations().run();
    assertThatThrownBy(() -> execute("create unique index concurrently first_n on first (n)"))
        .isInstanceOf(SQLException.class); // leaves it behind, invalid
    execute("delete from first");
    script(
        "V002__index_first.sql",
        "create unique index concurrently if not exists first_n on first (n);");

    migrations().run();

    assertThat(value("select indisvalid from pg_index where indexrelid = 'first_n'::regclass"))
        .isEqualTo("t");
  }

  @Test
  void aMigrationThatDoesNotGetItsLockStepsBackAndTriesAgain() throws Exception {
    script("V001__create_first.sql", "create table first (n int);");
    migrations().run();
    script("V002__add_first_text.sql", "alter table first add column text text;");
    try (Connection busy = database.dataSource().getConnection();
        var statement = busy.createStatement()) {
      busy.setAutoCommit(false);
      statement.execute("select * from first");

      var migrating =
          CompletableFuture.runAsync(
              () -> {
                try {
                  migrations().run();
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              });
      // Readers behind the waiting migration are let through when it steps back.
      Await.until("waits", LIMIT, () -> !value(WAITING).equals("0"));
      Await.until("steps back", LIMIT, () -> value(WAITING).equals("0"));
      assertThat(migrating).isNotDone();
      busy.rollback();
      migrating.join();
    }

    assertThat(value("select count(text) from first")).isEqualTo("0");
  }

  private static final String WAITING =
      "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
          + " and application_name = 'serai migration' and datname = current_database()";

  @Test
  void twoReplicasThatStartAtOnceMigrateOnce() throws Exception {
    script("V001__create_first.sql", "create table first as select 1 as n;");
    script("V002__fill_first.sql", "insert into first values (2);");

    var both =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(this::runQuietly),
            CompletableFuture.runAsync(this::runQuietly));
    both.join();

    assertThat(value("select count(*) from first")).isEqualTo("2");
  }

  private void runQuietly() {
    try {
      migrations().run();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aSchemaOfANewerProgramIsWorkedWith() throws Exception {
    script("V001__create_first.sql", "create table first (n int);");
    script("V002__add_first_text.sql", "alter table first add column text text;");
    migrations().run();
    Files.delete(scripts.resolve("V002__add_first_text.sql"));

    migrations().run();

    assertThat(value("select count(*) from flyway_schema_history")).isEqualTo("2");
  }

  @Test
  void aProgramBelowTheFloorOfNewerTablesIsRefusedInOneSentence() throws Exception {
    script("V001__create_first.sql", "create table first (n int);");
    script("V002__raise.sql", FLOOR + "insert into schema_floor values (2, 'column n is gone');");
    assertThat(migrations().run()).isEqualTo(2);
    assertThat(migrations().run()).isEqualTo(2);
    Files.delete(scripts.resolve("V002__raise.sql"));

    assertThatThrownBy(() -> migrations().run())
        .isInstanceOf(DatabaseRefused.class)
        .hasMessage(
            "The database has the tables of a newer Serai: programs below version 2 must not work with them, because column n is gone; this one is of version 1. Start the newer program, or restore a backup of before it came.");

    execute("update schema_floor set version = 1");
    assertThat(migrations().run()).isEqualTo(1);
  }

  @Test
  void aMigrationThatCannotWorkStopsTheStartWithItsFault() throws Exception {
    script("V001__create_first.sql", "create table first (n nonsense);");

    assertThatThrownBy(() -> migrations().run())
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageStartingWith("The database could not be brought to this version: ")
        .hasMessageContaining("nonsense")
        .hasMessageEndingWith("Correct what it names and start again; what was done stays done.");

    script("V001__create_first.sql", "create table first (n int);");
    migrations().run();
    assertThat(value("select to_regclass('first')::text")).isEqualTo("first");
  }
}
