package io.serai.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.crash.HubClasses;
import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hub in a process of its own, run as the operator's guide says: with the grants it lists and no
 * others, its log in JSON, told to stop in the end.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperateIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Path GUIDE = Path.of("docs", "operate.md");
  private static final String ROLE = "serai_hub";
  private static final String TOKEN = "operate-it-token-0123456789abcdef";
  private static final String SECRET = "webhook-secret-of-the-shop";

  /** What must not stand in a log: of a buyer, and what opens doors. */
  private static final List<String> UNSPEAKABLE =
      List.of(
          "Quagmire",
          "zebedee",
          "5550199123",
          "Thistledown",
          SECRET,
          TOKEN,
          "api-key-of-the-3pl",
          "access-token-of-the-shop");

  private final HttpClient http = HttpClient.newHttpClient();
  private HttpServer partner;
  private Process hub;
  private Path log;
  private URI root;
  private URI management;
  private List<String> quiet;
  private Promql.Series shown;
  private Map<String, List<Long>> firedAt;
  private long[] seconds;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    DATABASE.truncate();
    DATABASE.asAdministrator("DROP ROLE IF EXISTS " + ROLE);
    DATABASE.asAdministrator("CREATE ROLE " + ROLE + " LOGIN PASSWORD 'role-password'");
    try (var owner = DATABASE.dataSource().getConnection();
        var statement = owner.createStatement()) {
      statement.execute(grants());
    }
    partner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    partner.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    partner.createContext("/", OperateIT::refuse);
    partner.start();
    var config =
        Files.writeString(
            folder.resolve("serai.yaml"),
            """
            serai:
              channels:
                shopify-main: { connector: shopify, shop: acme, base-url: "%1$s", webhook-secret: %2$s,
                  access-token: access-token-of-the-shop, publish-stock: true, publish-status: false, reconcile: false, read-listings: false }
              partners:
                northwind: { connector: rest-3pl, base-url: "%1$s", api-key: api-key-of-the-3pl,
                  webhook-secret: %2$s, poll-shipments: false, poll-stock: false }
              nodes:
                nj-1: { type: 3pl, partner: northwind, country: US, postal-code: "07001" }
            """
                .formatted("http://127.0.0.1:" + partner.getAddress().getPort(), SECRET));
    log = folder.resolve("hub.log");
    var port = FreePort.next();
    var managementPort = FreePort.next();
    root = URI.create("http://127.0.0.1:" + port);
    management = URI.create("http://127.0.0.1:" + managementPort);
    var builder =
        new ProcessBuilder(
                HubClasses.command(
                    options(), false, "io.serai.Serai", "run", "--config", config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SERAI_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "SERAI_HTTP_PORT",
                Integer.toString(port),
                "SERAI_MANAGEMENT_PORT",
                Integer.toString(managementPort),
                "SERAI_DATA_DIR",
                folder.resolve("data").toString(),
                "SERAI_DB_URL",
                DATABASE.url(),
                "SERAI_DB_USER",
                ROLE,
                "SERAI_DB_PASSWORD",
                "role-password",
                "SERAI_API_TOKEN",
                TOKEN,
                "SERAI_ADMIN_PASSWORD",
                TOKEN,
                "SERAI_LOG_FORMAT",
                "json",
                "SERAI_HTTP_PROT",
                "8080"));
    hub = builder.start();
    Await.until("the hub is ready", PATIENCE, this::ready);
    quiet = scrape();
    Troubles.make(DATABASE); // now, for some are looked at once a minute
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.destroyForcibly();
    }
    partner.stop(0);
  }

  /** As the launcher gives them, so that the JVM itself has nothing to say. */
  private static List<String> options() {
    var options =
        new ArrayList<>(List.of("-XX:-AutoCreateSharedArchive")); // what is learned is others'
    if (Runtime.version().feature() >= 23) {
      options.add("--enable-native-access=ALL-UNNAMED");
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    return options;
  }

  /** The guide's statements for a role that does not own the tables. */
  private static String grants() throws IOException {
    var text = Files.readString(GUIDE);
    var from = text.indexOf("```sql\n") + "```sql\n".length();
    return text.substring(from, text.indexOf("```", from));
  }

  // A 3PL that repeats what it was sent in what it complains of.
  private static void refuse(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      var answer = Json.bytes(Json.tree("{}".getBytes(UTF_8)));
      if (exchange.getRequestURI().getPath().equals("/fulfillments")) {
        answer =
            ("{\"error\":{\"code\":\"ADDRESS\",\"message\":\"cannot send to "
                    + request.replaceAll("[\"\\\\\\s]+", " ")
                    + "\"}}")
                .getBytes(UTF_8);
        exchange.sendResponseHeaders(422, answer.length);
      } else {
        exchange.sendResponseHeaders(404, answer.length);
      }
      exchange.getResponseBody().write(answer);
    }
  }

  private boolean ready() {
    if (!hub.isAlive()) {
      try {
        throw new AssertionError("the hub ended: " + Files.readString(log));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    try {
      return send(HttpRequest.newBuilder(management.resolve("/actuator/health/readiness")).build())
              .statusCode()
          == 200;
    } catch (AssertionError e) {
      return false; // nobody listens yet
    }
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("the hub did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private int webhook(String event, String body, String secret) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    return send(HttpRequest.newBuilder(root.resolve("/webhooks/shopify-main"))
            .timeout(Duration.ofSeconds(90))
            .header("Content-Type", "application/json")
            .header("X-Shopify-Topic", "orders/create")
            .header("X-Shopify-Event-Id", event)
            .header(
                "X-Shopify-Hmac-Sha256",
                Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(UTF_8))))
            .POST(BodyPublishers.ofString(body))
            .build())
        .statusCode();
  }

  private static String order(long id, String financial) {
    return """
        {"id":%1$d,"name":"#%1$d","created_at":"2026-03-02T10:00:00+01:00","updated_at":"2026-03-02T10:00:00+01:00",\
        "currency":"USD","taxes_included":true,"financial_status":"%2$s","test":false,"total_price":"24.00",\
        "email":"zebedee@example.com","phone":"+15550199123","customer":{"first_name":"Zebedee","last_name":"Quagmire","email":"zebedee@example.com"},\
        "shipping_address":{"name":"Zebedee Quagmire","address1":"1 Thistledown Lane","city":"Newark","zip":"07102","country_code":"US","phone":"+15550199123"},\
        "line_items":[{"id":%1$d1,"sku":"MUG","title":"Mug","quantity":1,"price":"24.00","requires_shipping":true}]}"""
        .formatted(id, financial);
  }

  private static String text(String sql) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  @Test
  @Order(1)
  void aRoleWithTheGrantsOfTheGuideTakesOrdersAndChangesNoTables() throws Exception {
    var stock =
        send(
            HttpRequest.newBuilder(root.resolve("/api/v1/stock"))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString(
                        "{\"node\":\"nj-1\",\"levels\":[{\"sku\":\"MUG\",\"onHand\":5}]}"))
                .build());
    assertThat(stock.statusCode()).as(stock.body()).isEqualTo(200);

    assertThat(webhook("whole", order(1001, "paid"), SECRET)).isEqualTo(200);
    assertThat(webhook("unknown-value", order(1002, "wobbly"), SECRET)).isEqualTo(200);
    assertThat(webhook("half", order(1003, "paid").substring(0, 560), SECRET)).isEqualTo(200);
    assertThat(webhook("forged", order(1004, "paid"), "another-secret")).isEqualTo(401);

    Await.until(
        "one order is applied and refused by the 3PL, two messages are parked",
        PATIENCE,
        () ->
            "2 1"
                .equals(
                    text(
                        """
                        SELECT (SELECT count(*) FROM inbox_message WHERE state = 'PARKED' AND lane NOT LIKE 'trouble/%') || ' ' ||
                          (SELECT count(*) FROM delivery WHERE state IN ('PARKED', 'REFUSED')
                            AND document = 'fulfillment-request' AND lane NOT LIKE 'trouble/%')""")));
    assertThat(
            Integer.parseInt(
                text("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + ROLE + "'")))
        .as("connections, of which the guide promises no more than 20")
        .isBetween(6, 20);
    try (var connection = DriverManager.getConnection(DATABASE.url(), ROLE, "role-password");
        var statement = connection.createStatement()) {
      for (var change :
          List.of(
              "CREATE TABLE mine (id int)",
              "ALTER TABLE delivery ADD COLUMN mine int",
              "DROP TABLE delivery",
              "TRUNCATE delivery")) {
        assertThatThrownBy(() -> statement.execute(change)).isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  @Order(3)
  void theGuideListsExactlyTheMetricsThereAreWithTheirLabels() throws IOException {
    var documented = new TreeMap<String, String>();
    var row = Pattern.compile("^\\| `(serai_\\w+)` \\| ([^|]*) \\|");
    Files.readAllLines(GUIDE).stream()
        .map(row::matcher)
        .filter(m -> m.find())
        .forEach(
            m ->
                assertThat(documented.put(m.group(1), m.group(2).replace("`", "").strip()))
                    .as("'%s' is listed once", m.group(1))
                    .isNull());

    var shown = new TreeMap<String, String>();
    var sample = Pattern.compile("^(serai_\\w+)(?:\\{([^}]*)})? .*");
    for (var line : scrape()) {
      var m = sample.matcher(line);
      if (m.matches()) {
        var labels =
            m.group(2) == null
                ? "–"
                : Pattern.compile("(\\w+)=\"[^\"]*\"")
                    .matcher(m.group(2))
                    .results()
                    .map(label -> label.group(1))
                    .sorted()
                    .collect(Collectors.joining(", "));
        shown.put(m.group(1), labels);
      }
    }

    assertThat(documented.remove("serai_topic_behind"))
        .as("what is shown where an account reads a topic, which none does here")
        .isEqualTo("account");
    assertThat(documented.remove("serai_quota_left"))
        .as("what is shown where a connector has quotas, which none has here")
        .isEqualTo("account, quota");
    assertThat(documented).isEqualTo(shown);
  }

  private List<String> scrape() {
    return send(HttpRequest.newBuilder(management.resolve("/actuator/prometheus")).build())
        .body()
        .lines()
        .toList();
  }

  @Test
  @Order(3)
  void alertsAndDashboardRestOnMetricsThatThereAre() throws IOException {
    var shown =
        scrape().stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[{ ]", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    var asked = new TreeSet<String>();
    for (var file : List.of("alerts.yaml", "dashboards/serai.json", "templates/autoscaling.yaml")) {
      Pattern.compile("\\b(serai|jvm|process|system|hikaricp)_[a-z_]+")
          .matcher(Files.readString(RenderedChart.CHART.resolve(file)))
          .results()
          .forEach(metric -> asked.add(metric.group()));
    }
    asked.removeIf(name -> name.startsWith("serai_outbox_oldest_seconds_reachable"));
    asked.remove("serai_quota_left"); // of accounts whose connector has quotas

    assertThat(asked).isNotEmpty().isSubsetOf(shown);
  }

  @Test
  @Order(3)
  void whatWaitsAndWhatStoppedIsCounted() {
    assertThat(quiet)
        .contains("serai_parked{account=\"shopify-main\",type=\"message\"} 0.0")
        .contains("serai_intake_refused 0.0")
        .contains("serai_holds_overdue 0.0");
    var parked = 2 + Troubles.PARKED;
    Await.until(
        "the parked messages are counted",
        PATIENCE,
        () ->
            scrape()
                .contains(
                    "serai_parked{account=\"shopify-main\",type=\"message\"} %d.0"
                        .formatted(parked)));
  }

  @Test
  @Order(1)
  void healthAndMetricsAreOpenAtOneAddressOfTheMachineOnlyUnlessItIsSaid() throws IOException {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "127.0.0.2 is ours");

    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.2", root.getPort()));
    }
    assertThatThrownBy(
            () -> {
              try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.2", management.getPort()));
              }
            })
        .isInstanceOf(ConnectException.class);
  }

  @Test
  @Order(2)
  void whatCameInWasRunAndWasCalledIsCountedByAccount() {
    for (var line :
        List.of(
            "serai_inbox_accepted_total\\{account=\"shopify-main\",document=\"\\w+\",result=\"new\"} 3\\.0",
            "serai_inbox_runs_total\\{account=\"shopify-main\",document=\"\\w+\",result=\"applied\"} 1\\.0",
            "serai_outbox_attempts_total\\{destination=\"northwind\",document=\"fulfillment-request\",result=\"\\w+\"} [1-9]\\d*\\.0",
            "serai_webhooks_refused_total\\{account=\"shopify-main\"} 1\\.0",
            "serai_webhooks_refused_total\\{account=\"northwind\"} 0\\.0")) {
      Await.until(line, PATIENCE, () -> scrape().stream().anyMatch(shown -> shown.matches(line)));
    }
  }

  @Test
  @Order(4)
  void everyAlertFiresWhenWhatItTellsOfIsSoAndNoneBefore(@TempDir Path folder) throws Exception {
    var rules = new AlertRules();
    var day = 13 * 3_600L;
    var still = new Promql.Series();
    for (var at = 0L; at <= day; at += AlertRules.STEP) {
      AlertRules.scraped(still, quiet, at);
    }
    assertThat(rules.fired(still, day)).isEmpty();

    Await.until(
        "the troubles are shown",
        PATIENCE,
        () -> {
          var shown = scrape();
          return Troubles.SHOWN.stream()
              .allMatch(trouble -> shown.stream().anyMatch(line -> line.matches(trouble)));
        });
    var series = new Promql.Series();
    var begun = 900L;
    for (var at = 0L; at < begun; at += AlertRules.STEP) {
      AlertRules.scraped(series, quiet, at);
    }
    var forged = begun + 1_500;
    for (var at = begun; at < forged; at += AlertRules.STEP) {
      for (var i = 0; i < 4; i++) {
        assertThat(webhook("forged-" + at + i, "{}", "another-secret")).isEqualTo(401);
      }
      AlertRules.scraped(series, scrape(), at);
    }
    Troubles.forget(DATABASE, ROLE);
    Await.until(
        "nothing is accepted", PATIENCE, () -> scrape().contains("serai_intake_refused 1.0"));
    var refusing = scrape();
    Troubles.recall(DATABASE, ROLE);
    Await.until(
        "it is accepted again", PATIENCE, () -> scrape().contains("serai_intake_refused 0.0"));
    for (var at = forged; at <= day; at += AlertRules.STEP) {
      AlertRules.scraped(series, refusing, at);
    }
    var gone = day + 900;
    var fired = rules.fired(series, gone);

    var told = new TreeSet<>(rules.names());
    told.remove("SeraiTransportBehind"); // this hub reads no topic; TransportIT makes it fire
    assertThat(fired.keySet()).isEqualTo(told);
    assertThat(fired)
        .allSatisfy(
            (alert, at) ->
                assertThat(at.getFirst())
                    .as(alert)
                    .isGreaterThanOrEqualTo(begun + rules.holdsFor(alert)));
    shown = series;
    firedAt = fired;
    seconds = new long[] {begun, begun + 300, begun + 1_440, forged + 600, day, gone};
  }

  @Test
  @Order(5)
  void prometheusItselfTellsTheSameAtTheSameTimes(@TempDir Path folder) throws Exception {
    assertThat(firedAt).as("the alerts that fired").isNotNull();
    new AlertRules().askPromtool(folder, shown, firedAt, seconds);
  }

  @Test
  @Order(6)
  void aHubThatIsToldToStopEndsWith143AndItsLogIsJsonWithoutABuyerOrASecret() throws Exception {
    hub.destroy();
    assertThat(hub.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(hub.exitValue()).isEqualTo(143);

    var lines = new ArrayList<JsonNode>();
    for (var line : Files.readAllLines(log)) {
      assertThat(line).as("one object a line").startsWith("{").endsWith("}");
      lines.add(Json.tree(line.getBytes(UTF_8)));
    }
    assertThat(lines)
        .allSatisfy(
            line -> {
              assertThat(line.path("@timestamp").asText()).isNotBlank();
              assertThat(line.at("/log/level").asText()).isIn("INFO", "WARN", "ERROR");
              assertThat(line.at("/service/name").asText()).isEqualTo("serai");
            });
    assertThat(lines.stream().map(line -> line.path("message").asText()))
        .anySatisfy(message -> assertThat(message).startsWith("Serai takes orders on port"))
        .contains(
            "Variable 'SERAI_HTTP_PROT' is none that a hub reads. Nearest name: 'SERAI_HTTP_PORT'.");
    assertThat(Files.readString(log))
        .doesNotContainIgnoringCase(UNSPEAKABLE.toArray(String[]::new));
  }
}
