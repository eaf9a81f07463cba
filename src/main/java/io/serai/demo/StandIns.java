package io.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Channels, carriers and a 3PL in a process of their own, with their ledgers in a folder.
 *
 * <p>They stop when this process dies, however it dies. One that was left over all the same is
 * found by its pid file and replaced; its ledger goes on.
 */
final class StandIns implements AutoCloseable {
  private static final String MAIN = "io.serai.simulator.Simulators";
  private static final Duration START = Duration.ofSeconds(60);

  private final Path folder;
  private final List<String> options;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();
  private Process process;
  private JsonNode addresses;

  private StandIns(Path folder, List<String> options) {
    this.folder = folder;
    this.options = List.copyOf(options);
  }

  /**
   * Starts them; they answer when this returns.
   *
   * @param folder for ledgers, pid file and log
   * @param options as the command line of {@code Simulators} takes them
   */
  static StandIns start(Path folder, List<String> options) {
    var standIns = new StandIns(folder, options);
    standIns.launch(options);
    return standIns;
  }

  private void launch(List<String> with) {
    try {
      Files.createDirectories(folder);
      replace();
      var arguments = new ArrayList<>(List.of("--folder", folder.toString()));
      arguments.addAll(with);
      var command =
          ChildJvm.command(
              List.of("-Xmx192m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
              MAIN,
              arguments);
      process =
          new ProcessBuilder(command)
              .redirectError(folder.resolve("simulators.log").toFile())
              .start();
      Files.writeString(pidFile(), Long.toString(process.pid()));
      var first = firstLine();
      if (first == null) {
        throw new DemoRefused(
            "The simulators in '%s' did not start: %s. Remove what stands in their way and start again."
                .formatted(folder, lastWords()));
      }
      addresses = Json.tree(first.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new DemoRefused(
          "The simulators in '%s' could not be started: %s. Check the folder and the JDK."
              .formatted(folder, e.getMessage()));
    }
  }

  private String firstLine() throws IOException {
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var killer =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    if (!Thread.currentThread().isInterrupted()) {
                      TimeUnit.NANOSECONDS.sleep(START.toNanos());
                      process.destroyForcibly();
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    var line = out.readLine();
    killer.interrupt();
    return line;
  }

  private String lastWords() throws IOException {
    var lines = Files.readAllLines(folder.resolve("simulators.log"));
    return lines.isEmpty() ? "they said nothing" : lines.getLast();
  }

  // A pid is taken again after a while, so the process must also look like ours.
  private void replace() throws IOException {
    if (!Files.exists(pidFile())) {
      return;
    }
    var text = Files.readString(pidFile()).strip();
    if (text.matches("\\d+")) {
      ProcessHandle.of(Long.parseLong(text))
          .filter(p -> p.info().commandLine().orElse("").contains(MAIN))
          .ifPresent(
              left -> {
                left.destroyForcibly();
                left.onExit().orTimeout(10, TimeUnit.SECONDS).join();
              });
    }
    Files.deleteIfExists(pidFile());
  }

  private Path pidFile() {
    return folder.resolve("simulators.pid");
  }

  /** Kills them as a power cut would and starts them again on their ledgers and ports. */
  void crash() {
    var with = new ArrayList<>(options);
    for (var one : addresses.properties()) {
      if (one.getValue().has("port")) {
        with.add("--port");
        with.add(one.getKey() + '=' + one.getValue().get("port").asText());
      }
    }
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    launch(with);
  }

  /**
   * A channel or a carrier among them.
   *
   * @param name of the stand-in
   * @param account its name in the hub
   * @param connector that deals with it
   * @param parameters of the connector
   */
  record Channel(String name, String account, String connector, Map<String, Object> parameters) {}

  /** The channels among them, in the order they were asked for. */
  List<Channel> channels() {
    return accounts("channels");
  }

  /** The carriers among them, in the order they were asked for. */
  List<Channel> carriers() {
    return accounts("carriers");
  }

  private List<Channel> accounts(String which) {
    var accounts = new ArrayList<Channel>();
    for (var one : addresses.path(which)) {
      accounts.add(
          new Channel(
              one.path("name").asText(),
              one.path("account").asText(),
              one.path("connector").asText(),
              parameters(one.path("parameters"))));
    }
    return accounts;
  }

  /** What a hub has to be told to deal with the 3PL among them, where they say it themselves. */
  Map<String, Object> partner() {
    return parameters(addresses.path("partner"));
  }

  private static Map<String, Object> parameters(JsonNode json) {
    var parameters = new LinkedHashMap<String, Object>();
    json.properties().forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
    return parameters;
  }

  /** Root of a stand-in: a channel's name, {@code rest3pl}, {@code x12-3pl} or {@code control}. */
  URI url(String name) {
    return URI.create(addresses.at("/" + name + "/url").asText());
  }

  /** Their process. */
  long pid() {
    return process.pid();
  }

  /** Where the ledger of a stand-in is. */
  Path ledger(String name) {
    return folder.resolve(name + ".ledger.jsonl");
  }

  /** What a knob shows; empty when it cannot be asked just now. */
  Optional<JsonNode> ask(String knob) {
    try {
      return Optional.of(send("GET", knob, null));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Wants this many orders in a channel in total, those of earlier starts among them. */
  void placeUpTo(String channel, int total, double perSecond) {
    post(channel + "/orders", "{\"count\":%d,\"ratePerSecond\":%s}".formatted(total, perSecond));
  }

  /** Replaces their moods. */
  void moods(String json) {
    post("moods", json);
  }

  /** Turns a knob and answers what it shows. */
  JsonNode post(String knob, String body) {
    try {
      return send("POST", knob, body);
    } catch (IOException e) {
      throw new DemoRefused(
          "The simulators do not answer at '%s': %s. See 'simulators.log' in '%s'."
              .formatted(url("control"), e.getMessage(), folder));
    }
  }

  private JsonNode send(String method, String knob, String body) throws IOException {
    var request =
        HttpRequest.newBuilder(URI.create(url("control") + "/_control/" + knob))
            .timeout(Duration.ofSeconds(10))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() >= 300) {
        throw new IOException(
            "knob '%s' answered %d: %s"
                .formatted(
                    knob, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8)));
      }
      return Json.tree(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(pidFile());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The next start finds that nobody has this pid.
    }
  }
}
