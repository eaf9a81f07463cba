package io.serai.crash;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A hub in a JVM of its own, from the classes of this build. The same object is one hub over many
 * lives: ports, folder and configuration stay, each life has its own log.
 */
final class HubProcess implements AutoCloseable {
  /** What a process ends with that halted at a crash point, or was killed with -9. */
  static final int HALTED = 137;

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
    environment.put("SERAI_HTTP_PORT", String.valueOf(port));
    environment.put("SERAI_MANAGEMENT_PORT", String.valueOf(managementPort));
    environment.put("SERAI_DATA_DIR", folder.resolve("data").toString());
  }

  /** A port that is free now. */
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Begins a life with these system properties; returns at once. */
  void start(Map<String, String> properties) {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("this hub lives already");
    }
    lives++;
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", classPath(), "io.serai.Serai", "run"));
    command.addAll(List.of("--config", configuration.toString()));
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

  /** What the build compiled and depends on, without the tests. */
  private static String classPath() {
    var all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> !entry.contains("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
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
              .timeout(Duration.ofSeconds(2))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** How it ended; fails when it does not. */
  int awaitEnd(String why, Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("the hub lives on: " + why + "\n" + tail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    awaitEnd("killed", Duration.ofSeconds(10));
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
      process.destroyForcibly();
    }
    http.close();
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
