package io.serai.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A hub in a JVM of its own, from the classes of this build. The same object is one hub over many
 * lives: ports, folder and configuration stay, each life has its own log.
 */
final class HubProcess implements AutoCloseable {
  /** What a process ends with that halted at a crash point, or was killed with -9. */
  static final int HALTED = 137;

  private static final String ADMIN = "crash-admin-token-0123456789abcdef";

  private final Path folder;
  private final Path configuration;
  private final Map<String, String> environment;
  private final int port;
  private final int managementPort;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private Process process;
  private int lives;

  HubProcess(
      Path folder, Path configuration, int port, int managementPort, Map<String, String> more) {
    this.folder = folder;
    this.configuration = configuration;
    this.port = port;
    this.managementPort = managementPort;
    this.environment = new LinkedHashMap<>(more);
    environment.put("SERAI_API_TOKEN", ADMIN);
    environment.put("SERAI_HTTP_PORT", String.valueOf(port));
    environment.put("SERAI_MANAGEMENT_PORT", String.valueOf(managementPort));
    environment.put("SERAI_DATA_DIR", folder.resolve("data").toString());
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Begins a life; returns at once. */
  void start() {
    start(null, List.of());
  }

  /**
   * Begins a life; returns at once.
   *
   * @param mutant the rule that it breaks, or null
   * @param options of its JVM
   */
  void start(Mutant mutant, List<String> options) {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("this hub lives already");
    }
    lives++;
    var file = configuration.toString();
    begin(
        mutant == null
            ? HubClasses.command(options, false, "io.serai.Serai", "run", "--config", file)
            : HubClasses.command(
                options, true, MutantHub.class.getName(), mutant.name(), "run", "--config", file));
  }

  /** Begins a life of another version: a packaged program. Returns at once. */
  void start(Path program) {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("this hub lives already");
    }
    lives++;
    begin(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            program.toString(),
            "run",
            "--config",
            configuration.toString()));
  }

  private void begin(List<String> command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SERAI_"));
    builder.environment().putAll(environment);
    builder.redirectOutput(log(lives).toFile());
    try {
      Files.createDirectories(folder);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it became ready; false when it died before. */
  boolean becomesReady(Duration limit) {
    var end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      if (!process.isAlive()) {
        return false;
      }
      if (isReady()) {
        return true;
      }
      pause();
    }
    throw new AssertionError("the hub is not ready within " + limit + "\n" + tail());
  }

  private boolean isReady() {
    try {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + managementPort + "/actuator/health/readiness"))
              .timeout(Duration.ofSeconds(10))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Calls its API as an administrator; fails on anything but 2xx. */
  JsonNode call(String method, String path, JsonNode body) {
    var request =
        HttpRequest.newBuilder(url().resolve(path))
            .timeout(Duration.ofSeconds(90))
            .header("Authorization", "Bearer " + ADMIN)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(Json.bytes(body)))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() / 100 != 2) {
        throw new AssertionError(
            "%s %s is answered %d: %s"
                .formatted(method, path, answer.statusCode(), new String(answer.body(), UTF_8)));
      }
      return answer.body().length == 0 ? null : Json.tree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** How it ended; fails when it does not. */
  int awaitEnd(String why, Duration limit) {
    if (!awaitEnd(limit)) {
      throw new AssertionError("the hub lives on: " + why + "\n" + tail());
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    awaitEnd("killed", Duration.ofSeconds(60));
  }

  /** Gives it so much time to end by itself; answers whether it did. */
  boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Stops all its threads where they are, as a machine does that swaps or is moved. */
  void freeze() {
    signal("-STOP");
  }

  /** Lets them go on. */
  void thaw() {
    signal("-CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", name, String.valueOf(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Asks it to end and does not wait. */
  void terminate() {
    process.destroy();
  }

  /** Its name in leases; it has to have become ready once. */
  String owner() {
    try {
      return Files.readString(folder.resolve("data/instance.id")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it shows of a figure now; 0 when it does not. */
  double metric(String name) {
    try {
      var request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus"))
              .timeout(Duration.ofSeconds(30))
              .build();
      return http.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Asks it to end and waits until it has. */
  void stop() {
    process.destroy();
    awaitEnd("asked to stop", Duration.ofSeconds(180));
  }

  /** The end of the log of this life, for a failure's message. */
  String tail() {
    try {
      var lines = Files.readAllLines(log(lives));
      return "log of life "
          + lives
          + " ("
          + log(lives)
          + "):\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return "no log: " + e.getMessage();
    }
  }

  private Path log(int life) {
    return folder.resolve("hub-" + life + ".log");
  }

  @Override
  public void close() {
    if (isAlive()) {
      process.destroy(); // an orderly end, as it leaves behind what the JVM learned
      if (!awaitEnd(Duration.ofSeconds(30))) {
        process.destroyForcibly();
      }
    }
    embedded().ifPresent(ProcessHandle::destroyForcibly);
    http.close();
  }

  /** The database server of its own, when it has one and that runs. */
  Optional<ProcessHandle> embedded() {
    var file = folder.resolve("data/postgres/data/postmaster.pid");
    try {
      return Files.exists(file)
          ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
