package io.serai.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which database the hub works on, and how.
 *
 * @param folder Serai's data folder ({@code SERAI_DATA_DIR}, else {@code .serai} where it was
 *     started); holds this instance's id, and the embedded server when there is no {@code external}
 * @param external the server of yours; empty for the embedded one
 * @param binaries where the embedded server's programs are unpacked
 * @param disk when the embedded server's volume counts as full
 * @param poolSize connections for everything but the hot path
 * @param startWait how long a start waits for an external server that does not answer
 * @param lockTimeout how long one migration statement waits for a lock before it steps back
 * @param migrations where the migrations are, as Flyway names places
 * @param progress told, in sentences, what a start that takes long is doing
 */
public record DatabaseSettings(
    Path folder,
    Optional<External> external,
    Path binaries,
    DiskMarks disk,
    int poolSize,
    Duration startWait,
    Duration lockTimeout,
    String migrations,
    Consumer<String> progress) {

  /**
   * A server of yours.
   *
   * @param url as JDBC writes it
   * @param user the role; it owns the database or may create tables in it
   * @param password may be empty when the server trusts the connection by other means
   */
  public record External(String url, String user, String password) {
    @Override
    public String toString() {
      return url + " as " + user;
    }
  }

  /** Nothing may be absent. */
  public DatabaseSettings {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(external, "external");
    Objects.requireNonNull(binaries, "binaries");
    Objects.requireNonNull(disk, "disk");
    Objects.requireNonNull(startWait, "startWait");
    Objects.requireNonNull(lockTimeout, "lockTimeout");
    Objects.requireNonNull(migrations, "migrations");
    Objects.requireNonNull(progress, "progress");
  }

  /** The embedded server in a folder, with every default. */
  public static DatabaseSettings embeddedIn(Path folder) {
    return new DatabaseSettings(
        folder,
        Optional.empty(),
        folder.resolve("postgres"),
        DiskMarks.standard(),
        6,
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        "classpath:db/migration",
        sentence -> {});
  }

  /**
   * What the environment says: {@code SERAI_DATA_DIR}, {@code SERAI_DB_URL}, {@code SERAI_DB_USER}
   * and {@code SERAI_DB_PASSWORD}.
   *
   * @throws DatabaseRefused naming the variable, its value and the remedy when it cannot be used
   */
  public static DatabaseSettings from(Map<String, String> environment) {
    var folder = Path.of(nonBlank(environment, "SERAI_DATA_DIR").orElse(".serai"));
    var url = nonBlank(environment, "SERAI_DB_URL");
    var defaults = embeddedIn(folder.toAbsolutePath().normalize());
    if (url.isEmpty()) {
      return defaults;
    }
    return defaults.withExternal(
        DatabaseUrl.parse(
            url.get(),
            nonBlank(environment, "SERAI_DB_USER"),
            nonBlank(environment, "SERAI_DB_PASSWORD")));
  }

  private static Optional<String> nonBlank(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** The same, on a server of yours. */
  public DatabaseSettings withExternal(External server) {
    return new DatabaseSettings(
        folder,
        Optional.of(server),
        binaries,
        disk,
        poolSize,
        startWait,
        lockTimeout,
        migrations,
        progress);
  }

  /** The same, with the embedded server's programs in another folder. */
  public DatabaseSettings withBinaries(Path place) {
    return new DatabaseSettings(
        folder, external, place, disk, poolSize, startWait, lockTimeout, migrations, progress);
  }

  /** The same, with other disk marks. */
  public DatabaseSettings withDisk(DiskMarks marks) {
    return new DatabaseSettings(
        folder, external, binaries, marks, poolSize, startWait, lockTimeout, migrations, progress);
  }

  /** The same, with a pool of another size. */
  public DatabaseSettings withPoolSize(int connections) {
    return new DatabaseSettings(
        folder,
        external,
        binaries,
        disk,
        connections,
        startWait,
        lockTimeout,
        migrations,
        progress);
  }

  /** The same, waiting for other times. */
  public DatabaseSettings withWaits(Duration forTheServer, Duration forALock) {
    return new DatabaseSettings(
        folder, external, binaries, disk, poolSize, forTheServer, forALock, migrations, progress);
  }

  /** The same, with migrations from another place. */
  public DatabaseSettings withMigrations(String place) {
    return new DatabaseSettings(
        folder, external, binaries, disk, poolSize, startWait, lockTimeout, place, progress);
  }

  /** The same, telling its progress. */
  public DatabaseSettings withProgress(Consumer<String> listener) {
    return new DatabaseSettings(
        folder, external, binaries, disk, poolSize, startWait, lockTimeout, migrations, listener);
  }
}
