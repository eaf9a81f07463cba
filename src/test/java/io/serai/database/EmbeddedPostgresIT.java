package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.serai.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  private static final Duration LIMIT = Duration.ofSeconds(180);

  @TempDir Path folder;

  private EmbeddedPostgres start() {
    return EmbeddedPostgres.start(EmbeddedOptions.in(folder).withBinaries(TestDatabase.binaries()));
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(server.url(), server.user(), server.password());
  }

  private static long count(EmbeddedPostgres server) throws SQLException {
    try (var connection = connect(server);
        var statement = connection.createStatement();
        var row = statement.executeQuery("select count(*) from number")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String setting(EmbeddedPostgres server, String name) throws SQLException {
    try (var connection = connect(server);
        var statement = connection.createStatement();
        var row = statement.executeQuery("show " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void aNewServerIsDurableAndListensOnTheLoopbackOnly() throws SQLException {
    try (var server = start()) {
      assertThat(setting(server, "fsync")).isEqualTo("on");
      assertThat(setting(server, "synchronous_commit")).isEqualTo("on");
      assertThat(setting(server, "full_page_writes")).isEqualTo("on");
      assertThat(setting(server, "data_checksums")).isEqualTo("on");
      assertThat(setting(server, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(server.refusal()).isEmpty();
    }
  }

  @Test
  void whatWasStoredIsThereAfterAStopAndAStartAtTheSameAddress() throws SQLException {
    String url;
    try (var server = start();
        var connection = connect(server);
        var statement = connection.createStatement()) {
      url = server.url();
      statement.execute("create table number as select generate_series(1, 7) n");
    }

    try (var server = start()) {
      assertThat(server.url()).isEqualTo(url);
      assertThat(count(server)).isEqualTo(7);
    }
  }

  @Test
  void nobodyComesInWithoutThePassword() throws Exception {
    try (var server = start()) {
      assertThatThrownBy(() -> DriverManager.getConnection(server.url(), "serai", ""))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> DriverManager.getConnection(server.url(), "serai", "guess"))
          .hasMessageContaining("password authentication failed");
      assertThatThrownBy(() -> DriverManager.getConnection(server.url(), "postgres", "postgres"))
          .hasMessageContaining("password authentication failed");
      try (var admin = server.connectAsAdmin("postgres");
          var statement = admin.createStatement();
          var row =
              statement.executeQuery(
                  "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'")) {
        row.next();
        assertThat(row.getInt(1)).isZero();
      }
    }
    var passwords = folder.resolve("postgres/passwords");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(passwords)))
        .isEqualTo("rw-------");
  }

  @Test
  void theHubsRoleIsNoSuperuser() throws SQLException {
    try (var server = start();
        var connection = connect(server);
        var statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute("alter system set fsync = off"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void aSecondHubOnTheFolderIsRefusedInOneSentence() throws Exception {
    try (var server = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(DatabaseRefused.class)
          .hasMessageMatching(
              "Data folder '.*' is in use by another Serai \\(process '\\d+'\\)\\. Stop that one or set SERAI_DATA_DIR to a folder of its own\\.");

      try (var second = CommittingProcess.start(folder)) {
        assertThat(second.exit()).isEqualTo(3);
        assertThat(second.output()).contains("is in use by another Serai (process '");
      }
      assertThat(server.refusal()).isEmpty();
    }
  }

  @Test
  void aServerThatOutlivedAKilledHubIsTakenOverWithEveryCommit() throws Exception {
    var hub = CommittingProcess.start(folder);
    hub.awaitCommits(100);
    hub.kill();
    var orphan =
        new ServerProcesses(
                folder.toRealPath().resolve("postgres/data"), new ServerUser(0, List.of()))
            .running()
            .orElseThrow()
            .pid();

    try (var server = start()) {
      assertThat(server.pid()).isEqualTo(orphan);
      assertThat(count(server)).isGreaterThanOrEqualTo(hub.confirmed() + 1);
    }
    assertThat(ServerProcesses.alive(orphan)).isFalse();
  }

  @Test
  void aServerThatOutlivedItsHubWithOtherSettingsIsRestarted() throws Exception {
    var first = start();
    var orphan = first.pid();
    first.abandon();
    Files.writeString(first.data().resolve("serai.conf"), "# of another version\n");

    try (var server = start()) {
      assertThat(server.pid()).isNotEqualTo(orphan);
      assertThat(ServerProcesses.alive(orphan)).isFalse();
      assertThat(setting(server, "fsync")).isEqualTo("on");
    }
  }

  @Test
  void sessionsOfTheDeadHubAreEndedWhenItsServerIsTakenOver() throws Exception {
    var first = start();
    var former =
        DriverManager.getConnection(
            first.url() + "?ApplicationName=serai apply", first.user(), first.password());
    try (var statement = former.createStatement()) {
      statement.execute("create table number (n int)");
      statement.execute("begin; lock table number");
    }
    first.abandon();

    try (var server = start()) {
      assertThat(count(server)).isZero();
    }
  }

  @Test
  void afterAKillOfHubAndServerNothingConfirmedIsMissing() throws Exception {
    var hub = CommittingProcess.start(folder);
    hub.awaitCommits(100);
    var processes =
        new ServerProcesses(
            folder.toRealPath().resolve("postgres/data"), new ServerUser(0, List.of()));
    hub.kill();
    processes.all().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));

    try (var server = start()) {
      assertThat(count(server)).isGreaterThanOrEqualTo(hub.confirmed() + 1);
    }
  }

  @Test
  void aKilledServerIsStartedAgainWhileTheHubLivesAndHasEveryCommit() throws Exception {
    try (var server = start()) {
      long confirmed = 0;
      try (var connection = connect(server);
          var statement = connection.createStatement()) {
        statement.execute("create table number (n bigint primary key)");
        for (; confirmed < 200; confirmed++) {
          statement.execute("insert into number values (" + confirmed + ")");
        }
        for (int round = 1; round <= 3; round++) {
          var restarts = server.restarts();

          ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();

          Await.until("started again", LIMIT, () -> server.restarts() > restarts);
          Await.until("taken again", LIMIT, () -> server.refusal().isEmpty());
          assertThat(count(server)).isEqualTo(confirmed);
        }
      }
    }
  }

  @Test
  void whileTheServerIsDownTheRefusalNamesItAndItsLog() throws Exception {
    try (var server = start()) {
      for (var pid : new ServerProcesses(server.data(), new ServerUser(0, List.of())).all()) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      }

      Await.until("refused", LIMIT, () -> server.refusal().isPresent() || server.restarts() > 0);
      Await.until("started again", LIMIT, () -> server.restarts() > 0);
      Await.until("taken again", LIMIT, () -> server.refusal().isEmpty());
      assertThat(Files.readString(server.log())).contains("ready to accept connections");
    }
  }

  @Test
  void aPidFileOfAnotherDayDoesNotKeepTheServerFromStarting() throws Exception {
    try (var server = start()) {
      assertThat(server.refusal()).isEmpty();
    }
    // The number belongs to this very JVM now, as numbers do in a container that was restarted.
    var file = folder.resolve("postgres/data/postmaster.pid");
    Files.writeString(
        file, ProcessHandle.current().pid() + "\n" + folder + "\n1\n5432\n\n127.0.0.1\n\nready\n");

    try (var server = start()) {
      assertThat(server.pid()).isNotEqualTo(ProcessHandle.current().pid());
      assertThat(server.refusal()).isEmpty();
    }
  }

  @Test
  void aPortThatSomebodyTookIsReplaced() throws Exception {
    int port;
    try (var server = start()) {
      port = Integer.parseInt(server.url().replaceAll(".*:(\\d+)/.*", "$1"));
    }
    try (var taken = new java.net.ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress());
        var server = start()) {
      assertThat(taken.isBound()).isTrue();
      assertThat(server.url()).doesNotContain(":" + port + "/");
      assertThat(server.refusal()).isEmpty();
    }
  }

  @Test
  void aSettingThatTheServerDoesNotUnderstandIsNamed() throws IOException {
    start().close();
    var settings = folder.resolve("postgres/data/postgresql.conf");
    Files.writeString(settings, Files.readString(settings) + "no_such_thing = 1\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("does not start: 'configuration file")
        .hasMessageContaining("contains errors'");
  }

  @Test
  void aMissingPasswordFileIsNamed() throws IOException {
    start().close();
    Files.delete(folder.resolve("postgres/passwords"));

    assertThatThrownBy(this::start)
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageMatching(
            "The password file '.*/passwords' is missing or incomplete, so the database beside it cannot be opened\\. Put the file back from your backup of the folder\\.");
  }

  @Test
  void dataOfAnotherMajorVersionIsNamed() throws IOException {
    start().close();
    var version = folder.resolve("postgres/data/PG_VERSION");
    Files.writeString(version, "12\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(DatabaseRefused.class)
        .hasMessageContaining("was made by PostgreSQL 12, but this Serai brings 'postgres");
  }

  @Test
  void aUserWithoutANameRunsTheServerAsItself() throws Exception {
    assumeTrue(ServerUser.current() == 0, "only root can become another user");
    Files.setAttribute(folder, "unix:uid", 12_345);

    try (var hub = CommittingProcess.startAs(12_345, folder)) {
      hub.awaitCommits(10);

      assertThat(ServerUser.owner(folder.resolve("postgres/data"))).isEqualTo(12_345);
    }
  }

  @Test
  void rootStepsDownToTheOwnerOfTheData() throws Exception {
    assumeTrue(ServerUser.current() == 0, "only root can step down");
    Files.setAttribute(folder, "unix:uid", 12_345);
    try (var hub = CommittingProcess.startAs(12_345, folder)) {
      hub.awaitCommits(10);
    }

    try (var server = start()) {
      assertThat(ServerUser.owner(Path.of("/proc/" + server.pid()))).isEqualTo(12_345);
      assertThat(count(server)).isGreaterThan(10);
    }
  }

  @Test
  void rootStepsDownToAUserThatNoPersonHas() throws Exception {
    assumeTrue(ServerUser.current() == 0, "only root can step down");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));

    try (var server = start()) {
      assertThat(ServerUser.owner(Path.of("/proc/" + server.pid())))
          .isEqualTo(ServerUser.UNUSED_UID);
      assertThat(setting(server, "fsync")).isEqualTo("on");
    }
  }

  @Test
  void rootInAFolderThatShutsOthersOutRunsTheServerInAUserNamespace() throws Exception {
    assumeTrue(ServerUser.current() == 0, "only root can step down");
    assumeTrue(succeeds("unshare", "--user", "--", "true"), "no user namespaces here");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));

    try (var server = start()) {
      assertThat(namespace("self")).isNotEqualTo(namespace(Long.toString(server.pid())));
      assertThat(setting(server, "fsync")).isEqualTo("on");
    }
  }

  private static Path namespace(String process) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc", process, "ns/user"));
  }

  @Test
  void anotherUserOfTheMachineReadsNeitherPasswordsNorDataNorLog() {
    assumeTrue(ServerUser.current() == 0, "only root can become another user");
    start().close();

    for (var file : List.of("passwords", "data/PG_VERSION", "log/server.log")) {
      assertThat(
              succeeds(
                  "setpriv",
                  "--reuid=12345",
                  "--regid=12345",
                  "--clear-groups",
                  "--",
                  "cat",
                  folder.resolve("postgres").resolve(file).toString()))
          .as(file)
          .isFalse();
    }
  }

  @Test
  void rootWithoutTheRightToLookAtOthersFindsItsServerAllTheSame() throws Exception {
    assumeTrue(ServerUser.current() == 0, "only root can step down");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    var asInAContainer =
        List.of("setpriv", "--bounding-set=-sys_ptrace,-sys_admin", "--inh-caps=-all", "--");
    assumeTrue(
        succeeds(Stream.concat(asInAContainer.stream(), Stream.of("true")).toArray(String[]::new)));
    var hub = CommittingProcess.startThrough(asInAContainer, folder);
    hub.awaitCommits(10);
    hub.kill();

    try (var second = CommittingProcess.startThrough(asInAContainer, folder)) {
      second.awaitCommits(hub.confirmed() + 10);

      assertThat(second.output()).contains("outlived its hub and is taken over");
    }
    assertThat(
            new ServerProcesses(
                    folder.toRealPath().resolve("postgres/data"), new ServerUser(0, List.of()))
                .all())
        .isEmpty();
  }

  private static boolean succeeds(String... words) {
    return Command.run(List.of(words), Path.of("/"), Map.of(), Duration.ofSeconds(10)).succeeded();
  }

  @Test
  void anotherUserIsToldWhoseTheDataIs() throws Exception {
    assumeTrue(ServerUser.current() == 0, "only root can become another user");
    start().close();
    Files.setAttribute(folder, "unix:uid", 12_345);
    Files.setAttribute(folder.resolve("postgres"), "unix:uid", 12_345);
    for (var file : List.of("server.lock", "passwords", "port")) {
      Files.setAttribute(folder.resolve("postgres").resolve(file), "unix:uid", 12_345);
    }

    try (var hub = CommittingProcess.startAs(12_345, folder)) {
      assertThat(hub.exit()).isEqualTo(3);
      assertThat(hub.output())
          .containsPattern(
              "The database in '.*' belongs to user \\d+, but Serai runs as user 12345\\. Run it as that user or as root, or change the owner of the folder\\.");
    }
  }

  @Test
  void theServerIsNoPartOfTheTerminalsGroupSoCtrlCReachesTheHubAlone() throws Exception {
    try (var server = start()) {
      assertThat(session(server.pid())).isNotEqualTo(session(ProcessHandle.current().pid()));
    }
  }

  private static long session(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
  }
}
