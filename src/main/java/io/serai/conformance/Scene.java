package io.serai.conformance;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.Locator;
import io.serai.catalog.Transports;
import io.serai.demo.HubStarter;
import io.serai.outbox.Outbox;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A hub in a scratch folder with one account of the connector, and the stand-in that it talks to.
 */
final class Scene implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scene.class);
  private static final AtomicInteger ORDERS = new AtomicInteger(910_000_000);
  private static final List<String> OF_EVERY_ACCOUNT = List.of("limits", "quotas");
  private static final Duration SLOW_START = Duration.ofSeconds(8);
  private static final int MOST_TIMES = 8;
  private static final String NODE = "stand-in-shelf";
  private static final String OTHER_NODE = "stand-in-shelf-2";
  private static final String IN = "in";
  private static final String OUT = "out";

  private final Path folder;
  private final StandIn standIn;
  private final ConfigurableApplicationContext hub;
  private final JdbcClient jdbc;
  private final String account;
  private final Map<String, String> parameters;
  private final String address;
  private final String token;
  private final ConnectorProfile profile;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final FileAppender<ILoggingEvent> log;

  /** How many times slower than usual this machine is, going by the start of the hub. */
  private final double slowness;

  private final Duration patience;

  private Scene(
      Path folder,
      StandIn standIn,
      ConfigurableApplicationContext hub,
      ConnectorProfile profile,
      Map<String, String> parameters,
      double slowness,
      Duration patience,
      String token) {
    this.folder = folder;
    this.standIn = standIn;
    this.hub = hub;
    this.jdbc = JdbcClient.create(hub.getBean(DataSource.class));
    this.profile = profile;
    this.account = account(profile);
    this.parameters = parameters;
    this.address = "http://127.0.0.1:" + hub.getEnvironment().getProperty("local.server.port");
    this.slowness = slowness;
    this.patience = patience;
    this.token = token;
    this.log = Files.exists(log()) ? null : logged(log());
  }

  // Another hub of this JVM has set up logging, and the one who comes later does not.
  private static FileAppender<ILoggingEvent> logged(Path file) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d %5p %logger : %m%n");
    encoder.start();
    var appender = new FileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return appender;
  }

  static String account(ConnectorProfile profile) {
    return profile.name() + "-test";
  }

  static Scene set(
      HubStarter starter,
      ConnectorProfile profile,
      StandInFile file,
      Path home,
      Duration patience,
      Map<String, String> environment) {
    Path folder;
    try {
      folder = Files.createTempDirectory("serai-test-");
    } catch (IOException e) {
      throw new Unsuitable("No scratch folder can be made (%s). Set java.io.tmpdir.".formatted(e));
    }
    var standIn = StandIn.start(file);
    try {
      var parameters = parameters(profile, file, standIn, folder);
      var token = "canary-api-token-" + UUID.randomUUID();
      var properties = new LinkedHashMap<String, Object>();
      var prefix =
          "serai."
              + profile.kind().half().name().toLowerCase(java.util.Locale.ROOT)
              + "s."
              + account(profile)
              + ".";
      properties.put(prefix + "connector", profile.name());
      parameters.forEach((name, value) -> properties.put(prefix + name, value));
      for (var node : List.of(NODE, OTHER_NODE)) {
        properties.put("serai.nodes." + node + ".type", "store");
        properties.put("serai.nodes." + node + ".country", "US");
      }
      if (file.files() != null) {
        Files.createDirectories(folder.resolve(IN));
        Files.createDirectories(folder.resolve(OUT));
        if (profile.kind() == ConnectorProfile.Kind.PARTNER) {
          properties.put("serai.nodes." + NODE + ".type", "3pl");
          properties.put("serai.nodes." + NODE + ".partner", account(profile));
        }
      }
      properties.put("SERAI_HTTP_PORT", 0);
      properties.put("SERAI_MANAGEMENT_PORT", 0);
      properties.put("SERAI_API_TOKEN", token);
      properties.put("SERAI_ADMIN_PASSWORD", token);
      properties.put("logging.file.name", folder.resolve("hub.log").toString());
      properties.put("logging.threshold.console", "OFF");
      if (home != null) {
        properties.put("SERAI_HOME", home.toAbsolutePath().toString());
      }
      var settings = new HashMap<>(environment);
      settings.keySet().removeIf(name -> name.startsWith("SERAI_DB_"));
      settings.put("SERAI_DATA_DIR", folder.resolve("hub").toString());
      // Before the first poll rings: one that is refused is put off for a minute, as it should be.
      if (file.authorization() != null && file.authorization().parameter() != null) {
        standIn.trust(parameters.get(file.authorization().parameter()));
      }
      var began = System.nanoTime();
      var hub = starter.start(settings, properties);
      var slowness = (double) (System.nanoTime() - began) / SLOW_START.toNanos();
      return new Scene(folder, standIn, hub, profile, parameters, slowness, patience, token);
    } catch (IOException e) {
      standIn.close();
      delete(folder);
      throw new Unsuitable("No scratch folder can be made (%s). Set java.io.tmpdir.".formatted(e));
    } catch (RuntimeException e) {
      standIn.close();
      delete(folder);
      throw e;
    }
  }

  private static Map<String, String> parameters(
      ConnectorProfile profile, StandInFile file, StandIn standIn, Path folder) {
    for (var key : file.account().keySet()) {
      var name = key.split("[.\\[]", 2)[0];
      if (!profile.parameters().containsKey(name) && !OF_EVERY_ACCOUNT.contains(name)) {
        throw new Unsuitable(
            "'%s': account names '%s', which is no parameter of connector '%s'; remove it."
                .formatted(file.path(), name, profile.name()));
      }
    }
    var values = new LinkedHashMap<String, String>();
    file.account()
        .forEach(
            (key, given) -> values.put(key, given.replace(StandInFile.ADDRESS, standIn.address())));
    if (file.files() != null) {
      values.put(Transports.PARAMETER, Transports.FOLDER);
      values.put("inbox-folder", folder.resolve(IN).toString());
      values.put("outbox-folder", folder.resolve(OUT).toString());
      values.put("settled-after", "0s");
      values.put("unfinished-after", "2s");
    }
    for (var parameter : profile.parameters().values()) {
      if (values.containsKey(parameter.name()) || values.containsKey(parameter.name() + "[0]")) {
        continue;
      }
      if (parameter.secret()) {
        values.put(parameter.name(), "canary-%s-%s".formatted(parameter.name(), UUID.randomUUID()));
      } else if (parameter.name().endsWith("schedule")) {
        values.put(parameter.name(), "0/1 * * * * ?");
      } else if (parameter.required()) {
        values.put(
            parameter.name(),
            switch (parameter.type()) {
              case URL -> standIn.address();
              case BOOLEAN -> "true";
              case INTEGER -> "1";
              case DURATION -> "1s";
              case CHOICE -> parameter.choices().get(0);
              case PLACE -> NODE + "=1";
              case MAIL -> "sample@sample.example";
              case TEXT -> "sample";
            });
      }
    }
    return values;
  }

  StandIn standIn() {
    return standIn;
  }

  String account() {
    return account;
  }

  /** What the account is set to. */
  Map<String, String> parameters() {
    return parameters;
  }

  /** What the account says in a parameter, or its connector's default; null when neither does. */
  String parameter(String name) {
    var declared = profile.parameters().get(name);
    return parameters.getOrDefault(
        name, parameters.getOrDefault(name + "[0]", declared == null ? null : declared.fallback()));
  }

  /** A text that the profile says, or the account. */
  String said(ConnectorProfile.Text text) {
    return text == null
        ? null
        : text.parameter() == null ? text.literal() : parameter(text.parameter());
  }

  /** Ends a pause, as when the cause was corrected. */
  void resume() {
    hub.getBean(Outbox.class).endpoints().resume(account);
  }

  /** What the hub answered to a webhook. */
  record Answer(int status, JsonNode body) {
    long message() {
      var id = body.path("id").asText("");
      return id.startsWith("msg_") ? Long.parseLong(id.substring("msg_".length())) : -1;
    }
  }

  /** Posts a webhook with a proof, or without one. */
  Answer post(
      ConnectorPlan.Webhook webhook,
      byte[] body,
      String eventId,
      String proofHeader,
      String proof) {
    var request =
        HttpRequest.newBuilder(URI.create(address + "/webhooks/" + account))
            .timeout(Duration.ofSeconds(90))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (profile.events().type() instanceof Locator.Header header) {
      request.header(header.name(), webhook.type());
    }
    for (var dedupe : webhook.rule().dedupe()) {
      if (dedupe instanceof Locator.Header header) {
        request.header(header.name(), eventId);
      }
    }
    if (proof != null) {
      request.header(proofHeader, proof);
    }
    return send(request.build());
  }

  /** What the hub shows to whoever asks. */
  String get(String path) {
    var request =
        HttpRequest.newBuilder(URI.create(address + "/api/v1" + path))
            .timeout(Duration.ofSeconds(90))
            .header("Authorization", "Bearer " + token)
            .build();
    return send(request).body().toString();
  }

  private Answer send(HttpRequest request) {
    try {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      JsonNode body;
      try {
        body = answer.body().length == 0 ? Json.node(Map.of()) : Json.tree(answer.body());
      } catch (Json.Unreadable e) {
        body = Json.node(Map.of());
      }
      return new Answer(answer.statusCode(), body);
    } catch (IOException e) {
      throw new Broken("the hub did not answer (%s)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Broken("the suite was interrupted");
    }
  }

  /** As long as was asked for, and several times as long on a machine that starts a hub slowly. */
  Duration patience() {
    var times = Math.min(Math.max(slowness, 1), MOST_TIMES);
    return Duration.ofMillis((long) (patience.toMillis() * times));
  }

  /** Waits until it is so; what is missing after the time is the fault. */
  void await(BooleanSupplier condition, Supplier<String> missing) {
    var patience = patience();
    var began = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - began > patience.toNanos()) {
        throw new Broken("%s", missing.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Broken("the suite was interrupted");
      }
    }
  }

  /** Waits until a message has ended, stopped or been put off, and tells how. */
  String ending(long message) {
    await(
        () -> !List.of("RECEIVED", "RUNNING").contains(state(message)),
        () ->
            "message msg_%d is not done after %d s: it is %s, and before it in its lane are %s"
                .formatted(message, patience().toSeconds(), state(message), lane(message)));
    return state(message);
  }

  private String state(long message) {
    // it, or one before it in its lane, waits for what the stand-in does not play: an order, say
    return jdbc.sql(
            """
            SELECT CASE WHEN m.state = 'RECEIVED' AND EXISTS (
                SELECT 1 FROM inbox_message e WHERE e.lane = m.lane AND e.id <= m.id AND e.state = 'RECEIVED'
                  AND e.due_at > now() + interval '500 milliseconds')
              THEN 'PUT OFF' ELSE m.state END
            FROM inbox_message m WHERE m.id = ?
            """)
        .param(message)
        .query(String.class)
        .single();
  }

  private List<String> lane(long message) {
    return jdbc.sql(
            """
            SELECT e.state || ' due ' || coalesce(e.due_at::text, 'never') FROM inbox_message e JOIN inbox_message m ON m.lane = e.lane
            WHERE m.id = ? AND e.id < m.id ORDER BY e.id
            """)
        .param(message)
        .query(String.class)
        .list();
  }

  /** Why a message stopped. */
  String stopped(long message) {
    return jdbc.sql(
            "SELECT coalesce((SELECT f.sentence FROM failure f WHERE f.id = m.failure_id), '') FROM inbox_message m WHERE m.id = ?")
        .param(message)
        .query(String.class)
        .single();
  }

  /** The version of the order that a message told of. */
  String orderVersion(long message) {
    return jdbc.sql(
            """
            SELECT coalesce(max(o.channel_version), '') FROM sales_order o
            JOIN inbox_message m ON m.order_id = o.id WHERE m.id = ?
            """)
        .param(message)
        .query(String.class)
        .single();
  }

  long count(String sql, Object... values) {
    return jdbc.sql(sql).params(values).query(Long.class).single();
  }

  List<String> texts(String sql) {
    return jdbc.sql(sql).query(String.class).list();
  }

  /** Owes the account an effect, as the hub would; its delivery. */
  long owe(String document, JsonNode content) {
    var mine = content.deepCopy();
    if (mine.path("channel") instanceof ObjectNode channel && channel.has("account")) {
      channel.put("account", account);
      // another order each time: what was done to one is not done to it again
      channel.put("orderId", Integer.toString(ORDERS.incrementAndGet()));
    }
    var key = "test-" + UUID.randomUUID();
    var repeat =
        profile.operations().containsKey(document)
            ? profile.operations().get(document).repeat().name()
            : "BLIND";
    return jdbc.sql(
            """
            WITH d AS (
              INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
                state, due_at, deadline_at, created_at)
              VALUES (:account, :document, :document, :lane, :key, :key, :repeat, 'READY', now(), now() + interval '1 hour',
                now()) RETURNING id)
            INSERT INTO delivery_content (delivery_id, content) SELECT id, :content FROM d RETURNING delivery_id
            """)
        .param("account", account)
        .param("document", document)
        .param("lane", account + "/" + key)
        .param("key", key)
        .param("repeat", repeat)
        .param("content", Json.text(mine))
        .query(Long.class)
        .single();
  }

  /** Where a partner puts files for the hub. */
  Path inbox() {
    return folder.resolve(IN);
  }

  /** Where the hub puts files for a partner. */
  Path outbox() {
    return folder.resolve(OUT);
  }

  /** Has the hub forget what came of a delivery, as when it died before it wrote that down. */
  void forget(long delivery) {
    jdbc.sql(
            """
            UPDATE delivery SET state = 'READY', outcome_unknown = true, due_at = now(), finished_at = NULL, lease_owner = NULL,
              lease_until = NULL, fence = fence + 1 WHERE id = ?
            """)
        .param(delivery)
        .update();
  }

  String deliveryState(long delivery) {
    return jdbc.sql("SELECT state FROM delivery WHERE id = ?")
        .param(delivery)
        .query(String.class)
        .single();
  }

  /** What the attempts at a delivery said, or nothing. */
  String sentences(long delivery) {
    return jdbc.sql(
            "SELECT coalesce(string_agg(sentence, ' ' ORDER BY attempt), '') FROM delivery_attempt WHERE delivery_id = ?")
        .param(delivery)
        .query(String.class)
        .single();
  }

  /** What the attempts at a delivery came to, those that did not confirm it. */
  List<String> attempts(long delivery) {
    return jdbc.sql(
            "SELECT outcome || CASE WHEN counted THEN ' counted' ELSE '' END FROM delivery_attempt WHERE delivery_id = ? ORDER BY attempt")
        .param(delivery)
        .query(String.class)
        .list();
  }

  /** Puts so many units of a publication's articles on the shelf and marks them to be told. */
  void stock(JsonNode publication, int units) {
    for (var item : publication.path("items")) {
      jdbc.sql(
              """
              INSERT INTO stock_level (sku, node, on_hand, as_of) VALUES (:sku, :node, :units, now())
              ON CONFLICT (sku, node) DO UPDATE SET on_hand = :units, as_of = now()
              """)
          .param("sku", item.path("sku").asText())
          .param("node", node(item.path("locationId").asText("")))
          .param("units", units)
          .update();
      jdbc.sql(
              """
              INSERT INTO publication (account, listing_id, location_id, sku, marked_at, pending_since)
              VALUES (:account, :listing, :location, :sku, now(), now())
              ON CONFLICT (account, listing_id, location_id) DO UPDATE SET marked_at = now(), pending_since = now()
              """)
          .param("account", account)
          .param("listing", item.path("listingId").asText())
          .param("location", item.path("locationId").asText(""))
          .param("sku", item.path("sku").asText())
          .update();
    }
  }

  // The one that feeds the place, where the account says which does.
  private String node(String location) {
    return parameters.values().stream()
        .filter(value -> value.endsWith("=" + location) && !location.isEmpty())
        .map(value -> value.substring(0, value.indexOf('=')))
        .findFirst()
        .orElse(NODE);
  }

  /** Listings of the account that it confirmed to show so many. */
  long shown(int units) {
    return count(
        "SELECT count(*) FROM publication WHERE account = ? AND quantity = ? AND delivery_id IS NULL",
        account,
        units);
  }

  /** Everything that a person could read: answers, sentences, the hub's log. */
  String readable() {
    var all = new ArrayList<String>();
    for (var path :
        List.of(
            "/channels",
            "/partners",
            "/dead-letters",
            "/dead-letters/groups",
            "/messages",
            "/audit")) {
      all.add(get(path));
    }
    all.addAll(texts("SELECT sentence || ' ' || coalesce(evidence, '') FROM failure"));
    all.addAll(texts("SELECT coalesce(sentence, '') FROM delivery_attempt"));
    all.addAll(texts("SELECT sentence FROM order_event"));
    all.addAll(texts("SELECT coalesce(pause_sentence, '') FROM endpoint"));
    try {
      all.add(Files.readString(log()));
    } catch (IOException e) {
      throw new Broken("the hub's log cannot be read (%s)", e);
    }
    return String.join("\n", all);
  }

  Path log() {
    return folder.resolve("hub.log");
  }

  @Override
  public void close() {
    hub.close();
    if (log != null) {
      ((LoggerContext) LoggerFactory.getILoggerFactory())
          .getLogger(Logger.ROOT_LOGGER_NAME)
          .detachAppender(log);
      log.stop();
    }
    standIn.close();
    delete(folder);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn("Folder '{}' could not be deleted: {}. Delete it by hand.", folder, e.toString());
    }
  }
}
