package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.support.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DatabaseIT {
  @RegisterExtension static final TestDatabase yours = new TestDatabase();
  private static final Duration LIMIT = Duration.ofSeconds(120);

  @TempDir Path folder;

  private DatabaseSettings embedded() {
    return DatabaseSettings.embeddedIn(folder).withBinaries(TestDatabase.binaries());
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void execute(String database, String sql) throws SQLException {
    try (var admin = TestDatabase.server().connectAsAdmin(database);
        var statement = admin.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void withNothingConfiguredAnEmbeddedDatabaseIsMigratedAndReady() throws SQLException {
    try (var database = Database.open(embedded());
        var connection = database.dataSource().getConnection()) {
      assertThat(database.refusal()).isEmpty();
      assertThat(value(connection, "select count(*) from lease")).isEqualTo("0");
      assertThat(database.clock().instant())
          .isBetween(
              java.time.Instant.now().minusSeconds(5), java.time.Instant.now().plusSeconds(5));
    }
  }

  @Test
  void aStartWithFsyncOffRefusesTrafficInOneSentenceAndTakesItOnceThatIsCorrected()
      throws Exception {
    Database.open(embedded()).close();
    var settings = folder.toRealPath().resolve("postgres/data/postgresql.conf");
    var good = Files.readString(settings);
    Files.writeString(settings, "fsync = off\n", StandardOpenOption.APPEND);

    try (var database = Database.open(embedded())) {
      assertThat(database.refusal())
          .contains(
              new Refusal(
                  Refusal.Reason.NOT_DURABLE,
                  "PostgreSQL at '%s' runs with fsync = off and may lose what it confirmed, so nothing is accepted. Set fsync = on in '%s' and reload it; intake goes on by itself."
                      .formatted(database.address(), settings)));
      try (var connection = database.dataSource().getConnection()) {
        assertThat(value(connection, "select count(*) from lease")).isEqualTo("0");
      }

      Files.writeString(settings, good);
      try (var admin = database.embedded().orElseThrow().connectAsAdmin("postgres");
          var statement = admin.createStatement()) {
        statement.execute("select pg_reload_conf()");
      }

      Await.until("traffic is taken", LIMIT, () -> database.refusal().isEmpty());
    }
  }

  @Test
  void synchronousCommitSwitchedOffWhileTheHubRunsIsNoticed() throws Exception {
    // Not on the server that all tests share: their hubs would refuse, too.
    try (var database = Database.open(embedded());
        var admin = database.embedded().orElseThrow().connectAsAdmin("postgres");
        var statement = admin.createStatement()) {
      assertThat(database.refusal()).isEmpty();

      statement.execute("alter system set synchronous_commit = off");
      statement.execute("select pg_reload_conf()");

      Await.until("refused", LIMIT, () -> database.refusal().isPresent());
      assertThat(database.refusal().orElseThrow().sentence())
          .contains("runs with synchronous_commit = off and may lose what it confirmed");

      statement.execute("alter system reset synchronous_commit");
      statement.execute("select pg_reload_conf()");
      Await.until("taken again", LIMIT, () -> database.refusal().isEmpty());
    }
  }

  @Test
  void aHubThatANewerProgramOutgrowsIsRefusedEverythingAndStopsOnce() throws Exception {
    var stops = new AtomicInteger();
    try (var database = Database.open(yours.settings(folder))) {
      database.whenOutgrown(stops::incrementAndGet);
      assertThat(database.refusal()).isEmpty();

      yours.asAdministrator("update schema_floor set version = 99999, reason = 'a column is gone'");

      Await.until("refused", LIMIT, () -> database.refusal().isPresent());
      assertThat(database.refusal().orElseThrow().sentence())
          .startsWith(
              "The database has the tables of a newer Serai: programs below version 99999 must not work with them, because a column is gone;");
      Await.until("stopped", LIMIT, () -> stops.get() == 1);
      database.whenOutgrown(stops::incrementAndGet);
      assertThat(stops.get()).isEqualTo(2); // who asks late is told at once
      assertThatThrownBy(() -> Database.open(yours.settings(folder.resolve("next"))))
          .isInstanceOf(DatabaseRefused.class)
          .hasMessageContaining("Start the newer program");
    } finally {
      yours.asAdministrator("update schema_floor set version = 580");
    }
  }

  @Test
  void aDatabaseThatOnlyReadsIsRefused() throws Exception {
    var name = yours.url().replaceAll(".*/", "");
    Database.open(yours.settings(folder)).close();
    execute("postgres", "alter database " + name + " set default_transaction_read_only = on");

    try (var connection = yours.connect("test")) {
      var durability = new DurabilityCheck("db:5432", "its settings");
      durability.look(connection);

      assertThat(durability.refusal().orElseThrow().sentence())
          .isEqualTo(
              "PostgreSQL at 'db:5432' has default_transaction_read_only = on, so nothing is accepted. Turn it off for this role and database.");
    } finally {
      execute("postgres", "alter database " + name + " reset default_transaction_read_only");
    }
  }

  @Test
  void aServerOfYoursIsUsedByItsAddressAlone() throws Exception {
    var external = yours.settings(folder).external().orElseThrow();
    var settings =
        DatabaseSettings.from(
            Map.of(
                "SERAI_DATA_DIR",
                folder.toString(),
                "SERAI_DB_URL",
                external.url(),
                "SERAI_DB_USER",
                external.user(),
                "SERAI_DB_PASSWORD",
                external.password()));

    try (var database = Database.open(settings)) {
      assertThat(database.embedded()).isEmpty();
      assertThat(database.refusal()).isEmpty();
      assertThat(folder.resolve("postgres")).doesNotExist();
    }
  }

  @Test
  void aHotPathConnectionPlansByKeyAndPreparesAtOnce() throws Exception {
    try (var database = Database.open(yours.settings(folder));
        var connection = database.connect("apply")) {
      assertThat(value(connection, "show enable_seqscan")).isEqualTo("off");
      assertThat(value(connection, "show enable_hashjoin")).isEqualTo("off");
      assertThat(value(connection, "show enable_mergejoin")).isEqualTo("off");
      assertThat(value(connection, "show plan_cache_mode")).isEqualTo("force_generic_plan");
      assertThat(value(connection, "show application_name")).isEqualTo("serai apply");
      assertThat(connection.unwrap(org.postgresql.PGConnection.class).getPrepareThreshold())
          .isEqualTo(1);
      assertThat(connection.getAutoCommit()).isTrue();
    }
  }

  @Test
  void aWrongPasswordIsNamedAtOnce() {
    var external = yours.settings(folder).external().orElseThrow();
    var settings =
        DatabaseSettings.embeddedIn(folder)
            .withExternal(new DatabaseSettings.External(external.url(), external.user(), "wrong"));

    assertThatThrownBy(() -> Database.open(settings))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("does not let this user in")
        .hasMessageEndingWith("Correct SERAI_DB_USER and SERAI_DB_PASSWORD.");
  }

  @Test
  void aMissingDatabaseIsNamedAtOnce() {
    var external = yours.settings(folder).external().orElseThrow();
    var settings =
        DatabaseSettings.embeddedIn(folder)
            .withExternal(
                new DatabaseSettings.External(
                    external.url() + "_not", external.user(), external.password()));

    assertThatThrownBy(() -> Database.open(settings))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("has no such database")
        .hasMessageEndingWith("Create it or correct SERAI_DB_URL.");
  }

  @Test
  void aServerThatDoesNotAnswerIsNamedAfterTheWait() {
    var settings =
        DatabaseSettings.embeddedIn(folder)
            .withExternal(
                new DatabaseSettings.External("jdbc:postgresql://127.0.0.1:1/serai", "serai", ""))
            .withWaits(Duration.ofMillis(300), Duration.ofSeconds(1));

    assertThatThrownBy(() -> Database.open(settings))
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("PostgreSQL at 'jdbc:postgresql://127.0.0.1:1/serai' does not answer")
        .hasMessageEndingWith("Start it or correct SERAI_DB_URL.");
  }

  @Test
  void aFailedStartLetsGoOfTheFolder() {
    var settings =
        DatabaseSettings.embeddedIn(folder)
            .withExternal(
                new DatabaseSettings.External("jdbc:postgresql://127.0.0.1:1/serai", "serai", ""))
            .withWaits(Duration.ofMillis(1), Duration.ofSeconds(1));
    assertThatThrownBy(() -> Database.open(settings)).isInstanceOf(DatabaseRefused.class);

    try (var instance = Instance.claim(folder)) {
      assertThat(instance.folder()).isEqualTo(folder);
    }
  }

  @Test
  void aServerThatDiesIsRefusedAndTakenAgainWithoutARestartOfTheHub() throws Exception {
    try (var database = Database.open(embedded())) {
      var server = database.embedded().orElseThrow();
      long restarts = server.restarts();

      ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();

      Await.until("started again", LIMIT, () -> server.restarts() > restarts);
      // A connection of the pool may be one of the dead server's for a moment.
      Await.until("it answers", LIMIT, () -> answers(database));
      Await.until("taken again", LIMIT, () -> database.refusal().isEmpty());
    }
  }

  private static boolean answers(Database database) {
    try (var connection = database.dataSource().getConnection()) {
      return "1".equals(value(connection, "select 1"));
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void leasesOfTheFormerProcessAreFreeAfterARestart() throws Exception {
    try (var database = Database.open(embedded())) {
      database.leases().acquire("poll", Duration.ofHours(1)).orElseThrow();
    }

    try (var database = Database.open(embedded())) {
      assertThat(database.leases().acquire("poll", Duration.ofHours(1)))
          .hasValueSatisfying(lease -> assertThat(lease.fence()).isEqualTo(2));
    }
  }

  @Test
  void compressionIsLz4WhereTheServerKnowsIt() throws Exception {
    try (var connection = yours.connect("test")) {
      var known =
          value(
              connection,
              "select 'lz4' = any (enumvals) from pg_settings where name = 'default_toast_compression'");

      assertThat(value(connection, "show default_toast_compression"))
          .isEqualTo(known.equals("t") ? "lz4" : "pglz");
    }
  }
}
