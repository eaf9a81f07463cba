package io.serai.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hub in a process of its own, started as {@code serai run} starts it, so that what it costs can
 * be told from what asks it.
 */
final class HubChild implements AutoCloseable {
  /** A JVM that writes down what it learned takes its time to end. */
  private static final Duration LEAVE = Duration.ofMinutes(3);

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

  private final Process process;
  private final Path folder;
  private final int port;
  private final int management;
  private final double startSeconds;

  private HubChild(Process process, Path folder, int port, int management, double startSeconds) {
    this.process = process;
    this.folder = folder;
    this.port = port;
    this.management = management;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts a hub with the JVM options of this process; it takes traffic when this returns.
   *
   * @param folder for its database, configuration and log
   * @param more options of its JVM beyond those of this process
   */
  static HubChild start(Path folder, String configuration, String token, List<String> more) {
    return start(folder, Ports.free(), configuration, token, more);
  }

  /** Starts a hub on a port that others know already. */
  static HubChild start(
      Path folder, int port, String configuration, String token, List<String> more) {
    var management = Ports.free();
    try {
      Files.createDirectories(folder);
      var file = folder.resolve("serai.yaml");
      Files.writeString(file, configuration);
      var options =
          ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
              .filter(option -> option.startsWith("-X") || option.startsWith("--"));
      var builder =
          new ProcessBuilder(
                  ChildJvm.command(
                      Stream.concat(options, more.stream()).toList(),
                      "io.serai.Serai",
                      List.of("run", "--config", file.toString())))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("hub.log").toFile());
      var environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("SERAI_DB_"));
      environment.put("SERAI_DATA_DIR", folder.resolve("data").toString());
      environment.put("SERAI_HTTP_PORT", Integer.toString(port));
      environment.put("SERAI_MANAGEMENT_PORT", Integer.toString(management));
      environment.put("SERAI_API_TOKEN", token);
      environment.put("SERAI_ADMIN_PASSWORD", token);
      var began = System.nanoTime();
      var process = builder.start();
      await(process, management, folder);
      return new HubChild(process, folder, port, management, (System.nanoTime() - began) / 1e9);
    } catch (IOException e) {
      throw new DemoRefused(
          "The hub could not be started in '%s': %s. Check the folder and the JDK."
              .formatted(folder, e.getMessage()));
    }
  }

  private static void await(Process process, int management, Path folder) throws IOException {
    var began = System.nanoTime();
    var ready =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(management)))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      while (process.isAlive() && System.nanoTime() - began < PATIENCE) {
        try {
          if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Not yet.
        }
        process.waitFor(50, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    var log = Files.readAllLines(folder.resolve("hub.log"));
    throw new DemoRefused(
        "The hub in '%s' did not start: %s. Correct what it says and start again."
            .formatted(folder, log.isEmpty() ? "it said nothing" : log.getLast()));
  }

  /** Its HTTP port. */
  int port() {
    return port;
  }

  /** Its metrics, as they stand now. */
  String metrics() {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/actuator/prometheus".formatted(management)))
            .timeout(Duration.ofSeconds(20))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new DemoRefused(
          "The metrics of the hub in '%s' could not be read: %s. See its log."
              .formatted(folder, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoRefused("Reading the hub's metrics was interrupted; start again.");
    }
  }

  /** From the start of the process to ready. */
  double startSeconds() {
    return startSeconds;
  }

  /** Its process. */
  long pid() {
    return process.pid();
  }

  /** The process of its database server. */
  long databasePid() {
    try {
      return Long.parseLong(
          Files.readString(folder.resolve("data/postgres/data/postmaster.pid"))
              .lines()
              .findFirst()
              .orElse("0")
              .strip());
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  /** A connection to its database, beside its own. */
  Connection database() {
    var postgres = folder.resolve("data/postgres");
    var passwords = new Properties();
    try (var in = Files.newInputStream(postgres.resolve("passwords"))) {
      passwords.load(in);
      var server = Files.readAllLines(postgres.resolve("data/postmaster.pid"));
      return DriverManager.getConnection(
          "jdbc:postgresql://127.0.0.1:%s/serai".formatted(server.get(3).strip()),
          "serai",
          passwords.getProperty("serai"));
    } catch (IOException | SQLException e) {
      throw new DemoRefused(
          "The database of the hub in '%s' cannot be reached: %s. See its log."
              .formatted(folder, e.getMessage()));
    }
  }

  /** Its data folder. */
  Path data() {
    return folder.resolve("data");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LEAVE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
