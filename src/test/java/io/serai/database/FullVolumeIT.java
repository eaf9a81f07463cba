package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.serai.support.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real small volume, which only root can mount. */
class FullVolumeIT {
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final DiskMarks MARKS = new DiskMarks(512L << 20, 10, 48L << 20);

  @TempDir Path folder;

  @BeforeEach
  void aVolumeOf300Megabytes() {
    assumeTrue(ServerUser.current() == 0, "only root can mount a volume");
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", folder.toString()),
        "this machine lets nobody mount a volume");
  }

  @AfterEach
  void unmount() {
    run("umount", "--lazy", folder.toString());
  }

  private static boolean run(String... words) {
    return Command.run(List.of(words), Path.of("/"), Map.of(), Duration.ofSeconds(10)).succeeded();
  }

  private EmbeddedPostgres start() {
    return EmbeddedPostgres.start(
        EmbeddedOptions.in(folder).withBinaries(TestDatabase.binaries()).withDisk(MARKS));
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(server.url(), server.user(), server.password());
  }

  @Test
  void belowTheMarkIntakeStopsAndAfterRoomIsMadeItGoesOn() throws Exception {
    try (var server = start()) {
      var filler = folder.resolve("filler");
      long free = Files.getFileStore(folder).getUsableSpace();
      Files.write(filler, new byte[(int) (free - (20 << 20))]);

      Await.until("refused", LIMIT, () -> server.refusal().isPresent());
      assertThat(server.refusal().orElseThrow().sentence())
          .contains("MB left, so nothing new is accepted.");

      Files.delete(filler);
      Await.until("goes on", LIMIT, () -> server.refusal().isEmpty());
    }
  }

  @Test
  void aServerThatDiedOfAFullVolumeRecoversOnTheBallastWithEveryCommit() throws Exception {
    try (var server = start()) {
      var ballast = folder.resolve("postgres/ballast");
      Await.until("ballast", LIMIT, () -> Files.exists(ballast));
      long confirmed = 0;
      try (var connection = connect(server);
          var statement = connection.createStatement()) {
        statement.execute("create table number (n bigint)");
        // The log grows and no table does, so that it is the log that finds no room.
        while (confirmed < 1_000_000) {
          statement.execute(
              "with w as (insert into number values (%d) returning n) select n, pg_logical_emit_message(false, 'fill', repeat(md5(n::text), 65536)) from w"
                  .formatted(confirmed));
          confirmed++;
        }
      } catch (SQLException e) {
        assertThat(e.getMessage()).isNotBlank(); // PANIC ends the session
      }
      assertThat(Files.readString(server.log())).contains("No space left on device");

      Await.until("recovered", LIMIT, () -> server.restarts() > 0);

      assertThat(ballast).doesNotExist();
      try (var connection = connect(server);
          var statement = connection.createStatement();
          var row = statement.executeQuery("select count(*) from number")) {
        row.next();
        assertThat(row.getLong(1)).isBetween(confirmed, confirmed + 1);
      }
    }
  }
}
