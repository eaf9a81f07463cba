package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.camel.SeraiComponent;
import io.serai.database.Database;
import io.serai.database.TestDatabase;
import io.serai.outbox.Outbox;
import io.serai.simulator.Rest3plOptions;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.ShopifyOptions;
import io.serai.support.Await;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * A hub as it runs, with the accounts a test needs, on free ports over a database of the test's.
 */
public final class AWholeHub implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofMinutes(3);
  public static final String THREE_PL_SECRET = "3pl-secret";
  private static final String THREE_PL_KEY = "3pl-key";
  private static final String TOKEN = "whole-hub-token-0123456789abcdef";

  private final TestDatabase database;
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext context;
  private Path folder;
  private URI root;

  private AWholeHub(TestDatabase database) {
    this.database = database;
  }

  public static AWholeHub over(TestDatabase database) {
    var hub = new AWholeHub(database);
    hub.properties.put("SERAI_HTTP_PORT", 0);
    hub.properties.put("SERAI_MANAGEMENT_PORT", 0);
    hub.properties.put("SERAI_AS2_PORT", 0);
    hub.properties.put("SERAI_API_TOKEN", TOKEN);
    hub.properties.put("SERAI_ADMIN_PASSWORD", TOKEN);
    return hub;
  }

  /** On a port that others know before it starts. */
  public AWholeHub at(int port) {
    properties.put("SERAI_HTTP_PORT", port);
    return this;
  }

  /** With an AS2 port that others know before it starts. */
  AWholeHub takingAs2At(int port) {
    properties.put("SERAI_AS2_PORT", port);
    return this;
  }

  /** As a guide shows it: the first YAML in it. */
  AWholeHub asShownIn(Path guide) throws IOException {
    var text = Files.readString(guide);
    var from = text.indexOf("```yaml\n") + "```yaml\n".length();
    var yaml = text.substring(from, text.indexOf("```", from));
    var sources =
        new YamlPropertySourceLoader()
            .load(guide.toString(), new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
    for (var source : sources) {
      var all = (MapPropertySource) source;
      for (var name : all.getPropertyNames()) {
        properties.put(name, all.getProperty(name));
      }
    }
    return this;
  }

  public AWholeHub channel(String name, String connector, Object... settings) {
    return account("serai.channels." + name + ".", connector, settings);
  }

  public AWholeHub partner(String name, String connector, Object... settings) {
    return account("serai.partners." + name + ".", connector, settings);
  }

  /** A channel whose stand-in tells how it is reached; what is given besides goes before that. */
  public AWholeHub channel(
      String name, String connector, Map<String, Object> parameters, Object... more) {
    return channel(name, connector, pairs(parameters)).channel(name, connector, more);
  }

  /** A partner whose stand-in tells how it is reached; what is given besides goes before that. */
  public AWholeHub partner(
      String name, String connector, Map<String, Object> parameters, Object... more) {
    return partner(name, connector, pairs(parameters)).partner(name, connector, more);
  }

  /** A REST 3PL that is not asked for its stock. */
  public AWholeHub threePl(String name, Rest3plSimulator standIn, Object... more) {
    return partner(
            name,
            "rest-3pl",
            "base-url",
            standIn.url().toString().replaceAll("/$", ""),
            "api-key",
            THREE_PL_KEY,
            "webhook-secret",
            THREE_PL_SECRET,
            "poll-stock",
            false)
        .partner(name, "rest-3pl", more);
  }

  /** A REST 3PL's stand-in that knows the hub at this port and is known to it. */
  public static Rest3plOptions threePl(Path folder, int port, String name) {
    return Rest3plOptions.in(folder)
        .webhooksTo(URI.create("http://127.0.0.1:" + port + "/webhooks/" + name))
        .apiKey(THREE_PL_KEY)
        .webhookSecret(THREE_PL_SECRET);
  }

  /**
   * A shop's stand-in that knows the hub at this port, shows at once what it has and never
   * throttles.
   */
  public static ShopifyOptions quickShop(Path folder, int port, String name) {
    return ShopifyOptions.in(folder)
        .webhooksTo(URI.create("http://127.0.0.1:" + port + "/webhooks/" + name))
        .indexLag(Duration.ZERO)
        .routingDelay(Duration.ZERO)
        .costBucket(1_000_000, 1_000_000);
  }

  private static Object[] pairs(Map<String, Object> parameters) {
    return parameters.entrySet().stream()
        .flatMap(e -> Stream.of(e.getKey(), e.getValue()))
        .toArray();
  }

  public AWholeHub node(String name, Object... settings) {
    put("serai.nodes." + name + ".", settings);
    return this;
  }

  /** With a setting of the hub itself. */
  public AWholeHub with(String setting, Object value) {
    properties.put(setting, value);
    return this;
  }

  private AWholeHub account(String prefix, String connector, Object... settings) {
    properties.put(prefix + "connector", connector);
    put(prefix, settings);
    return this;
  }

  private void put(String prefix, Object... settings) {
    for (var i = 0; i < settings.length; i += 2) {
      properties.put(prefix + settings[i], settings[i + 1]);
    }
  }

  /**
   * In a home in which a channel allows far more calls than usual, so that no test waits for it.
   */
  public AWholeHub granting(String connector, Path home) {
    var name = "connectors/" + connector + ".connector.yaml";
    try (var file = AWholeHub.class.getClassLoader().getResourceAsStream(name)) {
      var profile = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      var granted =
          profile.replaceAll("rate: \\d+, per: 1s, burst: \\d+", "rate: 200, per: 1s, burst: 200");
      assertThat(granted).isNotEqualTo(profile);
      Files.createDirectories(home.resolve("connectors"));
      Files.writeString(home.resolve(name), granted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return in(home);
  }

  /** With a home of its own, whose files it follows. */
  public AWholeHub in(Path home) {
    properties.put("SERAI_HOME", home.toString());
    return this;
  }

  public AWholeHub start(Path folder) {
    database.truncate();
    this.folder = folder;
    run();
    return this;
  }

  /** Starts it beside others, over what they keep. */
  AWholeHub join(Path folder) {
    this.folder = folder;
    run();
    return this;
  }

  /** Its name in leases. */
  String owner() {
    return context.getBean(Database.class).instance().id();
  }

  /** Stops it and starts it again with one setting changed, over what it kept. */
  public void restart(String setting, Object value) {
    context.close();
    properties.put(setting, value);
    run();
  }

  /** A part of it. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /** What it says of its health, asked at its management port. */
  JsonNode health() {
    return Json.tree(managed("health/readiness"));
  }

  /** What it shows to Prometheus. */
  String metrics() {
    return managed("prometheus");
  }

  private String managed(String what) {
    var port = context.getEnvironment().getProperty("local.management.port");
    return send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%s/actuator/%s".formatted(port, what)))
            .build())
        .body();
  }

  /** Where it takes AS2 messages. */
  int as2Port() {
    return context.getBean(SeraiComponent.class).as2().port();
  }

  /** Ends a channel's pause, which else ends by itself after a minute. */
  public void resume(String channel) {
    context.getBean(Outbox.class).endpoints().resume(channel);
  }

  private void run() {
    context =
        HubProcess.start(
            null,
            Map.of(
                "SERAI_DATA_DIR", folder.toString(),
                "SERAI_DB_URL", database.url(),
                "SERAI_DB_USER", TestDatabase.server().user(),
                "SERAI_DB_PASSWORD", TestDatabase.server().password()),
            properties);
    root =
        URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  @Override
  public void close() {
    context.close();
  }

  public HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(root.resolve(path)).timeout(Duration.ofSeconds(90));
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("the hub did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public HttpResponse<String> api(String method, String path, String body, String... headers) {
    var request = to("/api/v1" + path).header("Authorization", "Bearer " + TOKEN);
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(
        request
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build());
  }

  public JsonNode read(String path) {
    var answer = api("GET", path, null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.tree(answer.body());
  }

  public void stock(String node, String sku, int onHand) {
    var answer =
        api(
            "PUT",
            "/stock",
            "{\"node\":\"%s\",\"levels\":[{\"sku\":\"%s\",\"onHand\":%d}]}"
                .formatted(node, sku, onHand));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  public int onHand(String node, String sku) {
    return Integer.parseInt(
        text("SELECT on_hand FROM stock_level WHERE node = ? AND sku = ?", node, sku));
  }

  public List<String> texts(String sql, Object... parameters) {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      var all = new ArrayList<String>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          all.add(rows.getString(1));
        }
      }
      return all;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  public String text(String sql, Object... parameters) {
    var all = texts(sql, parameters);
    return all.isEmpty() ? null : all.getFirst();
  }

  /** Until nothing is to be run any more. */
  void quiet() {
    Await.until(
        "nothing is left to run",
        PATIENCE,
        () ->
            "0"
                .equals(
                    text(
                        "SELECT count(*) FROM inbox_message WHERE state IN ('RECEIVED', 'RUNNING')")));
  }

  public String orderState(String channelOrderId) {
    return text("SELECT state FROM sales_order WHERE channel_order_id = ?", channelOrderId);
  }

  /** Compares an account's books with ours now. Answers what differs about a thing. */
  List<JsonNode> differences(String account, String thing) {
    var planned = api("POST", "/reconciliations", "{\"account\":\"%s\"}".formatted(account));
    assertThat(planned.statusCode()).as(planned.body()).isEqualTo(202);
    var run = "/reconciliations/" + Json.tree(planned.body()).path("id").asText();
    Await.until(
        "it is compared",
        PATIENCE,
        () -> !List.of("PLANNED", "RUNNING").contains(read(run).path("state").asText()));
    assertThat(read(run).path("state").asText()).as(read(run).toString()).isEqualTo("DONE");
    var found = new ArrayList<JsonNode>();
    for (var finding : read("/findings?account=" + account).path("items")) {
      if (thing.equals(finding.path("thing").asText())) {
        found.add(finding);
      }
    }
    return found;
  }

  /** Kind and sentence of each parked message, by its key. */
  public List<String> parked() {
    return texts(
        """
        SELECT m.message_key || ' ' || f.kind || ' ' || f.sentence FROM inbox_message m JOIN failure f ON f.id = m.failure_id
        WHERE m.state = 'PARKED' ORDER BY m.id""");
  }
}
