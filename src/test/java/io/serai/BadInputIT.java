package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.database.TestDatabase;
import io.serai.fault.FaultProxy;
import io.serai.support.Await;
import io.serai.support.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What a whole hub does with what should not have been sent to it: a clear answer, and nothing that
 * was accepted is lost. The 3PL is a server that answers what the test says.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BadInputIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final String SHOP = "shopify-main";
  private static final String SECRET = "new-secret";
  private static final String FORMER_SECRET = "former-secret";
  private static final String TOKEN = "bad-input-token-0123456789abcdef";
  private static final int MOST_BYTES = 5 << 20;

  /** Answers of a 3PL that are no success, whatever their status says. */
  enum Nonsense {
    GARBAGE(200, "\u0000\u0001 no json at all"),
    HALF_AN_ANSWER(200, "{\"status\":\"accepted\",\"refer"),
    AN_ERROR_AT_200(200, "{\"error\":{\"code\":\"INTERNAL\",\"message\":\"try later\"}}"),
    HTML(200, "<html><body>Welcome</body></html>"),
    NOTHING(200, ""),
    A_YES_WITHOUT_A_REFERENCE(200, "{\"status\":\"accepted\"}");

    final int status;
    final String body;

    Nonsense(int status, String body) {
      this.status = status;
      this.body = body;
    }
  }

  private record Asked(String sku, String fulfillmentId, String key) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Nonsense> answers = new ConcurrentHashMap<>(); // by SKU, once
  private FaultProxy proxy;
  private HttpServer partner;
  private ConfigurableApplicationContext hub;
  private URI root;
  private URI management;
  private static long serial = 7000;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    DATABASE.truncate();
    var address = URI.create(DATABASE.url().substring("jdbc:".length()));
    proxy = FaultProxy.to(address.getHost(), address.getPort());
    partner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    partner.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    partner.createContext("/", this::answer);
    partner.start();
    var properties = new LinkedHashMap<String, Object>();
    properties.put("SERAI_HTTP_PORT", 0);
    properties.put("SERAI_MANAGEMENT_PORT", 0);
    properties.put("SERAI_API_TOKEN", TOKEN);
    properties.put("SERAI_ADMIN_PASSWORD", TOKEN);
    var shop = "serai.channels." + SHOP + ".";
    properties.put(shop + "connector", "shopify");
    properties.put(shop + "shop", "acme");
    properties.put(shop + "base-url", "http://127.0.0.1:" + partner.getAddress().getPort());
    properties.put(shop + "webhook-secret[0]", SECRET);
    properties.put(shop + "webhook-secret[1]", FORMER_SECRET);
    properties.put(shop + "access-token", "shpat_test");
    for (var off : List.of("publish-stock", "publish-status", "reconcile", "read-listings")) {
      properties.put(shop + off, false);
    }
    var northwind = "serai.partners.northwind.";
    properties.put(northwind + "connector", "rest-3pl");
    properties.put(northwind + "base-url", "http://127.0.0.1:" + partner.getAddress().getPort());
    properties.put(northwind + "api-key", "key");
    properties.put(northwind + "webhook-secret", "3pl-secret");
    properties.put(northwind + "poll-shipments", false);
    properties.put(northwind + "poll-stock", false);
    properties.put("serai.nodes.nj-1.type", "3pl");
    properties.put("serai.nodes.nj-1.partner", "northwind");
    properties.put("serai.nodes.nj-1.country", "US");
    properties.put("serai.nodes.nj-1.postal-code", "07001");
    hub =
        HubProcess.start(
            null,
            Map.of(
                "SERAI_DATA_DIR", folder.toString(),
                "SERAI_DB_URL",
                    DATABASE.url().replace(":" + address.getPort() + "/", ":" + proxy.port() + "/"),
                "SERAI_DB_USER", TestDatabase.server().user(),
                "SERAI_DB_PASSWORD", TestDatabase.server().password()),
            properties);
    root = local("local.server.port");
    management = local("local.management.port");
  }

  private URI local(String port) {
    return URI.create("http://127.0.0.1:" + hub.getEnvironment().getProperty(port));
  }

  @AfterAll
  void stop() {
    hub.close();
    partner.stop(0);
    proxy.close();
  }

  @BeforeEach
  void forget() {
    serial++;
  }

  @AfterEach
  void forward() {
    proxy.forward();
  }

  // --- the 3PL ---

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = exchange.getRequestBody().readAllBytes();
      var status = 404;
      var body = "{}";
      if (exchange.getRequestURI().getPath().equals("/fulfillments")) {
        var tree = Json.tree(request);
        var id = tree.path("fulfillmentId").asText();
        var sku = tree.at("/lines/0/sku").asText();
        asked.add(new Asked(sku, id, exchange.getRequestHeaders().getFirst("Idempotency-Key")));
        var nonsense = answers.remove(sku);
        status = nonsense == null ? 201 : nonsense.status;
        body = nonsense == null ? "{\"status\":\"accepted\",\"reference\":\"F-1\"}" : nonsense.body;
      }
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private List<Asked> asked(String sku) {
    return asked.stream().filter(request -> request.sku().equals(sku)).toList();
  }

  // --- the shop ---

  private static String order(long id, String sku) {
    return """
        {"id":%d,"name":"#%d","created_at":"2026-03-02T10:00:00+01:00","updated_at":"2026-03-02T10:00:00+01:00",\
        "currency":"USD","taxes_included":true,"financial_status":"paid","test":false,"total_price":"24.00",\
        "shipping_address":{"name":"Ana Lee","address1":"1 Main Street","city":"Newark","zip":"07102","country_code":"US"},\
        "line_items":[{"id":%d1,"sku":"%s","title":"Mug","quantity":1,"price":"24.00","requires_shipping":true}]}"""
        .formatted(id, id, id, sku);
  }

  private static String signature(String secret, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder webhook(String topic) {
    return HttpRequest.newBuilder(root.resolve("/webhooks/" + SHOP))
        .timeout(Duration.ofSeconds(90))
        .header("Content-Type", "application/json")
        .header("X-Shopify-Topic", topic);
  }

  private HttpRequest signed(String topic, String event, String secret, byte[] body) {
    return webhook(topic)
        .header("X-Shopify-Event-Id", event)
        .header("X-Shopify-Hmac-Sha256", signature(secret, body))
        .POST(BodyPublishers.ofByteArray(body))
        .build();
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

  private HttpResponse<String> post(String topic, String event, String body) {
    return send(signed(topic, event, SECRET, body.getBytes(StandardCharsets.UTF_8)));
  }

  private void stock(String sku, int onHand) {
    var answer =
        send(
            HttpRequest.newBuilder(root.resolve("/api/v1/stock"))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString(
                        "{\"node\":\"nj-1\",\"levels\":[{\"sku\":\"%s\",\"onHand\":%d}]}"
                            .formatted(sku, onHand)))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  // --- what is stored ---

  private static List<String> texts(String sql, Object... parameters) {
    try (var connection = DATABASE.dataSource().getConnection();
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

  private static String text(String sql, Object... parameters) {
    var all = texts(sql, parameters);
    return all.isEmpty() ? null : all.getFirst();
  }

  private static String stored() {
    return text("SELECT count(*) FROM inbox_message");
  }

  private static void awaitMessage(String event, String state) {
    awaitMessage(event, state, PATIENCE);
  }

  private static void awaitMessage(String event, String state, Duration patience) {
    Await.until(
        "message '%s' is %s".formatted(event, state),
        patience,
        () -> state.equals(text("SELECT state FROM inbox_message WHERE dedupe_key = ?", event)));
  }

  private static String failureOf(String event) {
    return text(
        """
        SELECT f.kind || ': ' || f.sentence FROM failure f JOIN inbox_message m ON m.id = f.message_id
        WHERE m.dedupe_key = ? ORDER BY f.id DESC""",
        event);
  }

  private static String orderState(long id) {
    return text("SELECT state FROM sales_order WHERE channel_order_id = ?", Long.toString(id));
  }

  private double refused() {
    return send(HttpRequest.newBuilder(management.resolve("/actuator/prometheus")).build())
        .body()
        .lines()
        .filter(line -> line.startsWith("serai_webhooks_refused_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  // --- before anything is taken ---

  @Test
  void aWrongOrMissingSignatureIsRefusedAndCountedAndNothingIsStored() {
    var before = stored();
    var counted = refused();
    var body = order(serial, "MUG").getBytes(StandardCharsets.UTF_8);

    var wrong = send(signed("orders/create", "e-" + serial, "wrong-secret", body));
    var missing = send(webhook("orders/create").POST(BodyPublishers.ofByteArray(body)).build());
    var garbled =
        send(
            webhook("orders/create")
                .header("X-Shopify-Hmac-Sha256", "%%%")
                .POST(BodyPublishers.ofByteArray(body))
                .build());

    for (var answer : List.of(wrong, missing, garbled)) {
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(answer.body())
          .contains("The signature is missing or wrong; nothing was stored.")
          .doesNotContain(SECRET);
    }
    assertThat(stored()).isEqualTo(before);
    assertThat(refused() - counted).isEqualTo(3);
  }

  @Test
  void whileASecretIsRotatedBothAreRight() {
    stock("ROT-" + serial, 9);
    var body = order(serial, "ROT-" + serial).getBytes(StandardCharsets.UTF_8);

    var former = send(signed("orders/create", "e-" + serial, FORMER_SECRET, body));

    assertThat(former.statusCode()).isEqualTo(200);
    awaitMessage("e-" + serial, "APPLIED");
  }

  @Test
  void aBodyOverTheLimitIsTooLargeWhetherItsLengthIsToldOrNot() {
    var before = stored();
    var large = new byte[MOST_BYTES + 1];

    // It asks before it sends: whoever sends at once may find the line cut before it reads why.
    var told =
        send(
            webhook("orders/create")
                .header("X-Shopify-Hmac-Sha256", signature(SECRET, large))
                .expectContinue(true)
                .POST(BodyPublishers.ofByteArray(large))
                .build());
    var untold =
        send(
            webhook("orders/create")
                .header("X-Shopify-Hmac-Sha256", signature(SECRET, large))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build());

    assertThat(told.statusCode()).isEqualTo(413);
    assertThat(untold.statusCode()).isEqualTo(413);
    assertThat(told.body()).contains("larger than " + MOST_BYTES + " bytes; nothing was stored");
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void anAccountNobodyConfiguredIsNotFound() {
    var answer =
        send(
            HttpRequest.newBuilder(root.resolve("/webhooks/nobody"))
                .POST(BodyPublishers.ofString("{}"))
                .build());

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("No account is named 'nobody'.");
  }

  // --- taken, and stopped by name ---

  @Test
  void whatIsNoJsonIsStoredAndParkedWithThePlaceWhereItBreaks() {
    var broken = "{\"id\": 1,\n \"line_items\": [}";

    var answer = post("orders/create", "e-" + serial, broken);

    assertThat(answer.statusCode()).isEqualTo(200);
    awaitMessage("e-" + serial, "PARKED");
    assertThat(failureOf("e-" + serial)).startsWith("UNREADABLE: ").contains("line 2, column 17");
    assertThat(
            text(
                """
                SELECT convert_from(p.body, 'UTF8') FROM message_payload p JOIN inbox_message m ON m.id = p.message_id
                WHERE m.dedupe_key = ?""",
                "e-" + serial))
        .isEqualTo(broken);
  }

  @Test
  void aFieldThatTheMappingNeedsAndDoesNotFindIsNamed() {
    parks(body -> body.replace("\"taxes_included\":true,", ""), "UNMAPPED: ", "'taxes_included'");
  }

  @Test
  void aDecidingValueThatNobodyKnowsIsNamed() {
    parks(body -> body.replace("\"paid\"", "\"half_paid\""), "UNMAPPED: ", "'half_paid'");
  }

  @Test
  void anEventTypeThatTheConnectorDoesNotListIsStoredAndNamed() {
    assertThat(post("orders/teleported", "e-" + serial, order(serial, "MUG")).statusCode())
        .isEqualTo(200);

    Await.until(
        "the event is parked",
        PATIENCE,
        () ->
            !texts(
                    "SELECT 1 FROM inbox_message WHERE event_type = 'orders/teleported' AND state = 'PARKED'")
                .isEmpty());
    assertThat(texts("SELECT sentence FROM failure WHERE kind = 'UNMAPPED'"))
        .anyMatch(sentence -> sentence.contains("'orders/teleported'"));
  }

  @ParameterizedTest
  @CsvSource({"name, false", "title, false", "address1, false", "sku, true"})
  void aNulInATextIsMadeVisible(String field, boolean held) {
    var sku = "NUL-" + serial;
    stock(sku, 5);
    var spoilt =
        order(serial, sku).replaceFirst("\"" + field + "\":\"", "\"" + field + "\":\"a\\\\u0000");

    assertThat(post("orders/create", "e-" + serial, spoilt).statusCode()).isEqualTo(200);

    awaitMessage("e-" + serial, "APPLIED");
    assertThat(orderState(serial))
        .isIn(held ? List.of("ON_HOLD") : List.of("RELEASED", "IN_FULFILLMENT"));
  }

  private void parks(UnaryOperator<String> change, String kind, String named) {
    var answer = post("orders/create", "e-" + serial, change.apply(order(serial, "MUG")));

    assertThat(answer.statusCode()).isEqualTo(200);
    awaitMessage("e-" + serial, "PARKED");
    assertThat(failureOf("e-" + serial)).startsWith(kind).contains(named);
    assertThat(orderState(serial)).as("nothing half-read is an order").isNull();
  }

  @Test
  void anOrderOfAnUnknownSkuIsStoredAndHeldAndNothingIsSent() {
    assertThat(post("orders/create", "e-" + serial, order(serial, "NOBODYS")).statusCode())
        .isEqualTo(200);

    awaitMessage("e-" + serial, "APPLIED");
    assertThat(orderState(serial)).isEqualTo("ON_HOLD");
    assertThat(
            text(
                "SELECT hold_reason FROM sales_order WHERE channel_order_id = ?",
                Long.toString(serial)))
        .contains("'NOBODYS'");
    assertThat(deliveries(serial)).isEmpty();
  }

  private static List<String> deliveries(long order) {
    return texts(
        """
        SELECT d.state FROM delivery d JOIN sales_order o ON o.id = d.order_id
        WHERE o.channel_order_id = ? AND d.operation = 'fulfillment-request'""",
        Long.toString(order));
  }

  // --- out of order, and again ---

  @Test
  void aRefundBeforeItsOrderStepsAsideAndIsAppliedAfterIt() {
    var sku = "REF-" + serial;
    stock(sku, 5);
    var refund =
        """
        {"id":86%d,"order_id":%d,"created_at":"2026-03-02T11:00:00+01:00","refund_line_items":\
        [{"id":31,"line_item_id":%d1,"quantity":1,"restock_type":"cancel","subtotal":"24.00"}],"transactions":[]}"""
            .formatted(serial, serial, serial);

    assertThat(post("refunds/create", "r-" + serial, refund).statusCode()).isEqualTo(200);
    awaitMessage("r-" + serial, "WAITING");
    assertThat(post("orders/create", "e-" + serial, order(serial, sku)).statusCode())
        .isEqualTo(200);

    awaitMessage("e-" + serial, "APPLIED");
    awaitMessage("r-" + serial, "APPLIED");
    assertThat(
            text(
                "SELECT l.refunded FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
                Long.toString(serial)))
        .isEqualTo("1");
  }

  @Test
  void aCancellationBeforeItsOrderLeavesATombstoneAndNothingIsSent() {
    var sku = "TOMB-" + serial;
    stock(sku, 5);
    var cancelled =
        order(serial, sku)
            .replace(
                "\"currency\"",
                "\"cancelled_at\":\"2026-03-02T10:05:00+01:00\",\"cancel_reason\":\"customer\",\"currency\"");

    assertThat(post("orders/cancelled", "c-" + serial, cancelled).statusCode()).isEqualTo(200);
    awaitMessage("c-" + serial, "APPLIED");
    assertThat(post("orders/create", "e-" + serial, order(serial, sku)).statusCode())
        .isEqualTo(200);

    Await.until(
        "the order is stored as cancelled", PATIENCE, () -> "CANCELLED".equals(orderState(serial)));
    Await.until(
        "its message has ended",
        PATIENCE,
        () ->
            texts(
                        "SELECT 1 FROM inbox_message WHERE dedupe_key = ? AND finished_at IS NOT NULL",
                        "e-" + serial)
                    .size()
                == 1);
    assertThat(deliveries(serial)).isEmpty();
    assertThat(asked(sku)).isEmpty();
  }

  @Test
  void theSameEventAHundredTimesAtOnceHasOneEffect() throws Exception {
    var sku = "HUNDRED-" + serial;
    stock(sku, 500);
    var body = order(serial, sku).getBytes(StandardCharsets.UTF_8);
    var request = signed("orders/create", "e-" + serial, SECRET, body);

    var answers =
        IntStream.range(0, 100)
            .mapToObj(i -> http.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    var bodies = new ArrayList<String>();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().statusCode()).isEqualTo(200);
      bodies.add(answer.get().body());
    }

    assertThat(bodies).filteredOn(text -> text.contains("\"duplicate\":false")).hasSize(1);
    Await.until(
        "the 3PL was asked", PATIENCE, () -> deliveries(serial).equals(List.of("CONFIRMED")));
    assertThat(asked(sku)).hasSize(1);
    assertThat(text("SELECT allocated FROM stock_level WHERE sku = ?", sku)).isEqualTo("1");
  }

  // --- the database is away ---

  @Test
  void withoutADatabaseNothingIsAnsweredYesAndLaterEverythingIsTaken() {
    var sku = "AWAY-" + serial;
    stock(sku, 5);
    var request =
        signed(
            "orders/create",
            "e-" + serial,
            SECRET,
            order(serial, sku).getBytes(StandardCharsets.UTF_8));
    proxy.refuse();
    proxy.resetAll();

    var away = send(request);

    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(Integer.parseInt(away.headers().firstValue("Retry-After").orElseThrow()))
        .isPositive();
    assertThat(away.headers().firstValue("Content-Type")).contains("application/problem+json");
    // Whoever notices first says so: the commit that was lost, or the check that looks by itself.
    assertThat(away.body())
        .containsAnyOf(
            "The database was lost before it said whether it has the document. Send it again: it is taken once.",
            "so nothing is accepted. Bring it back; intake goes on by itself.");
    assertThat(texts("SELECT 1 FROM inbox_message WHERE dedupe_key = ?", "e-" + serial)).isEmpty();
    proxy.forward();
    Await.until("it is taken again", PATIENCE, () -> send(request).statusCode() == 200);
    awaitMessage("e-" + serial, "APPLIED");
  }

  @Test
  void whatIsNotCommittedInTimeIsToBeSentAgainAndWhatIsTooMuchMeanwhileIsRefusedAtOnce() {
    var sku = "SLOW-" + serial;
    stock(sku, 5);
    var event = "e-" + serial;
    var request =
        signed("orders/create", event, SECRET, order(serial, sku).getBytes(StandardCharsets.UTF_8));
    var body = new byte[MOST_BYTES - 1];
    Arrays.fill(body, (byte) 'x');
    proxy.swallowAnswers();

    var slow = http.sendAsync(request, BodyHandlers.ofString());
    // 64 MB may wait: twelve bodies do, and of the next three at least one is too much.
    var answers =
        IntStream.range(0, 15)
            .mapToObj(
                i ->
                    http.sendAsync(
                        signed("orders/create", "big-" + serial + "-" + i, SECRET, body),
                        BodyHandlers.ofString()))
            .toList();

    var refused =
        (HttpResponse<?>) CompletableFuture.anyOf(answers.toArray(CompletableFuture[]::new)).join();
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(refused.body().toString())
        .contains("Too many bytes wait for their commit; the document was not taken.");
    var late = slow.join();
    assertThat(late.statusCode()).isEqualTo(503);
    assertThat(late.headers().firstValue("Retry-After")).isPresent();
    assertThat(late.body())
        .contains("The document is not committed yet and may be lost. Send it again.");
    proxy.forward();
    proxy.resetAll();
    Await.until("it is taken again", PATIENCE, () -> send(request).statusCode() == 200);
    assertThat(send(request).body()).contains("\"duplicate\":true");
    // One whose commit was found by its key is worked at once, not when the lost claim's lease
    // ends.
    awaitMessage(event, "APPLIED", Duration.ofSeconds(45));
    assertThat(texts("SELECT 1 FROM inbox_message WHERE dedupe_key = ?", event)).hasSize(1);
    for (var i = 0; i < answers.size(); i++) {
      if (answers.get(i).join().statusCode() == 200) {
        awaitMessage("big-" + serial + "-" + i, "PARKED", PATIENCE);
      }
    }
  }

  // --- a 3PL that talks nonsense ---

  @ParameterizedTest
  @EnumSource(Nonsense.class)
  void anAnswerThatIsNoReceiptIsNeverASuccess(Nonsense nonsense) {
    var sku = nonsense + "-" + serial;
    stock(sku, 5);
    answers.put(sku, nonsense);

    assertThat(post("orders/create", "e-" + serial, order(serial, sku)).statusCode())
        .isEqualTo(200);

    Await.until(
        "the second attempt is confirmed",
        PATIENCE,
        () -> deliveries(serial).equals(List.of("CONFIRMED")));
    var requests = asked(sku);
    assertThat(requests).as("asked again").hasSize(2);
    assertThat(requests).extracting(Asked::key).doesNotContainNull();
    assertThat(requests).as("under the same key").containsOnly(requests.getFirst());
    assertThat(
            texts(
                """
                SELECT f.kind FROM failure f JOIN delivery d ON d.id = f.delivery_id JOIN sales_order o ON o.id = d.order_id
                WHERE o.channel_order_id = ?""",
                Long.toString(serial)))
        .containsExactly("UNKNOWN_OUTCOME");
  }
}
