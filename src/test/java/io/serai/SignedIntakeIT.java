package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Square tills, shops of which only the signature is known, and B2B orders over REST, at a whole
 * hub. Square is a server that answers what the real one answers about the orders a test gave it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SignedIntakeIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String NOTIFICATIONS = "https://hub.example/webhooks/tills";
  private static int serial = 100;

  private final Map<String, String> orders = new ConcurrentHashMap<>();
  private volatile int refuseWith;
  private HttpServer square;
  private Path home;
  private AWholeHub hub;
  private String sku;

  @BeforeAll
  void start(@TempDir Path data, @TempDir Path home) throws IOException {
    this.home = home;
    square = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    square.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    square.createContext("/", this::answer);
    square.start();
    hub =
        AWholeHub.over(DATABASE)
            .channel(
                "tills",
                "square",
                "base-url",
                "http://127.0.0.1:" + square.getAddress().getPort(),
                "access-token",
                "square-token",
                "signature-key",
                "square-key",
                "notification-url",
                NOTIFICATIONS,
                "locations[0]",
                "store-1=L8ZQ",
                "reconcile-schedule",
                "0/5 * * * * ?")
            .channel(
                "atelier",
                "signed-webhook",
                "webhook-secret",
                "atelier-key",
                "signature-scheme",
                "hmac-sha512",
                "signature-header",
                "X-Atelier-Proof",
                "signature-encoding",
                "base64")
            .channel(
                "kiosk",
                "signed-webhook",
                "webhook-secret",
                "kiosk-token",
                "signature-scheme",
                "bearer",
                "signature-header",
                "Authorization")
            .channel("erp", "api")
            .in(home)
            .node("store-1", "type", "store", "country", "US", "postal-code", "07001")
            .start(data);
  }

  @AfterAll
  void stop() {
    hub.close();
    square.stop(0);
  }

  @BeforeEach
  void article() {
    sku = "SKU-" + ++serial;
  }

  // --- Square ---

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var status = 404;
      var answer = "{\"errors\":[{\"category\":\"INVALID_REQUEST_ERROR\",\"code\":\"NOT_FOUND\"}]}";
      if (refuseWith == 429) {
        status = 429;
        answer = "{\"errors\":[{\"category\":\"RATE_LIMIT_ERROR\",\"code\":\"RATE_LIMITED\"}]}";
        exchange.getResponseHeaders().set("Retry-After", "1");
      } else if (refuseWith == 401
          || !"Bearer square-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))
          || exchange.getRequestHeaders().getFirst("Square-Version") == null) {
        status = 401;
        answer = "{\"errors\":[{\"category\":\"AUTHENTICATION_ERROR\",\"code\":\"UNAUTHORIZED\"}]}";
      } else if (path.equals("/v2/orders/search")) {
        var completed =
            orders.values().stream().filter(o -> o.contains("\"state\":\"COMPLETED\"")).toList();
        status = 200;
        answer = "{\"orders\":[" + String.join(",", completed) + "]}";
      } else if (path.equals("/v2/catalog/batch-retrieve")) {
        var objects = new StringBuilder();
        for (var id : Json.tree(body).path("object_ids")) {
          objects.append(objects.isEmpty() ? "" : ",");
          objects.append(
              "{\"type\":\"ITEM_VARIATION\",\"id\":\"%s\",\"item_variation_data\":{\"sku\":\"%s\"}}"
                  .formatted(id.asText(), id.asText().substring(4)));
        }
        status = 200;
        answer = "{\"objects\":[" + objects + "]}";
      } else if (orders.containsKey(path.substring("/v2/orders/".length()))) {
        status = 200;
        answer = "{\"order\":" + orders.get(path.substring("/v2/orders/".length())) + "}";
      }
      var bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private String order(String id, String state, String lines) {
    return """
        {"id":"%1$s","location_id":"L8ZQ","created_at":"%3$s","updated_at":"%3$s","closed_at":"%3$s","state":"%2$s",\
        "version":1,%4$s,"total_money":{"amount":990,"currency":"USD"}}"""
        .formatted(id, state, Instant.now(), lines);
  }

  private String sold(int quantity) {
    return """
        "line_items":[{"uid":"u1","catalog_object_id":"VAR-%s","quantity":"%d","name":"Mug","item_type":"ITEM",\
        "gross_sales_money":{"amount":990,"currency":"USD"},"total_money":{"amount":990,"currency":"USD"}}]"""
        .formatted(sku, quantity);
  }

  private HttpResponse<String> event(String id, String event) {
    var body =
        """
        {"merchant_id":"M","type":"order.updated","event_id":"%s","data":{"type":"order_updated","id":"%s",\
        "object":{"order_updated":{"order_id":"%s","state":"COMPLETED","version":2}}}}"""
            .formatted(event, id, id);
    return hub.send(
        hub.to("/webhooks/tills")
            .header("Content-Type", "application/json")
            .header(
                "X-Square-HmacSha256-Signature",
                Base64.getEncoder()
                    .encodeToString(mac("HmacSHA256", "square-key", NOTIFICATIONS + body)))
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  private static byte[] mac(String algorithm, String secret, String text) {
    try {
      var mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitOnHand(int units) {
    Await.until(units + " are left", AWholeHub.PATIENCE, () -> hub.onHand("store-1", sku) == units);
  }

  private String messages(String key) {
    return hub.text(
        "SELECT count(*) FROM inbox_message WHERE account = 'tills' AND message_key = ? AND document = 'batch'",
        key);
  }

  @Test
  void aSaleToldByWebhookAndFoundByPollIsOneAndItsStockIsGoneOnce() {
    hub.stock("store-1", sku, 10);
    var id = "SQ-" + sku;
    orders.put(id, order(id, "COMPLETED", sold(2)));

    assertThat(event(id, "e1-" + sku).statusCode()).isEqualTo(200);
    assertThat(event(id, "e2-" + sku).statusCode()).isEqualTo(200);
    awaitOnHand(8);
    Await.until("the poll has found it too", AWholeHub.PATIENCE, () -> "3".equals(messages(id)));
    hub.quiet();

    assertThat(hub.onHand("store-1", sku)).isEqualTo(8);
    assertThat(hub.texts("SELECT state FROM sales_order WHERE channel_order_id = ?", id))
        .containsExactly("CLOSED");
    assertThat(hub.parked()).noneMatch(p -> p.contains(sku));
  }

  @Test
  void aSaleThatNoWebhookToldOfIsFoundByThePoll() {
    hub.stock("store-1", sku, 10);
    var id = "SQ-" + sku;
    orders.put(id, order(id, "COMPLETED", sold(1)));

    awaitOnHand(9);
    Await.until("the sale is there", AWholeHub.PATIENCE, () -> hub.orderState(id) != null);
  }

  @ParameterizedTest
  @CsvSource({"401, AUTH", "429, THROTTLED"})
  void aSaleWaitsWhileSquareAnswersNobodyAndNothingIsParked(int status, String kind) {
    hub.stock("store-1", sku, 10);
    var id = "SQ-" + sku;
    orders.put(id, order(id, "COMPLETED", sold(1)));
    refuseWith = status;
    try {
      event(id, "w-" + sku);
      Await.until(
          "it is said why",
          AWholeHub.PATIENCE,
          () ->
              kind.equals(
                  hub.text(
                      "SELECT f.kind FROM failure f JOIN inbox_message m ON m.id = f.message_id WHERE m.dedupe_key = ?",
                      "w-" + sku)));
      assertThat(hub.text("SELECT state FROM inbox_message WHERE dedupe_key = ?", "w-" + sku))
          .isNotEqualTo("PARKED");
    } finally {
      refuseWith = 0;
    }

    awaitOnHand(9);
  }

  @Test
  void anOrderThatIsStillOpenMovesNothingUntilItIsCompleted() {
    hub.stock("store-1", sku, 10);
    var id = "SQ-" + sku;
    orders.put(id, order(id, "OPEN", sold(1)));
    event(id, "open-" + sku);
    Await.until(
        "the event is worked on",
        AWholeHub.PATIENCE,
        () ->
            "SPLIT"
                .equals(
                    hub.text(
                        "SELECT state FROM inbox_message WHERE dedupe_key = ?", "open-" + sku)));
    assertThat(hub.orderState(id)).isNull();
    assertThat(hub.onHand("store-1", sku)).isEqualTo(10);

    orders.put(id, order(id, "COMPLETED", sold(1)));
    event(id, "done-" + sku);

    awaitOnHand(9);
  }

  @Test
  void whatComesBackIsThereAgainAndRefunded() {
    hub.stock("store-1", sku, 10);
    var sale = "SQ-" + sku;
    orders.put(sale, order(sale, "COMPLETED", sold(2)));
    event(sale, "sale-" + sku);
    awaitOnHand(8);
    var back = "SB-" + sku;
    orders.put(
        back,
        order(
            back,
            "COMPLETED",
            """
            "returns":[{"uid":"r","source_order_id":"%s","return_line_items":[{"uid":"x","source_line_item_uid":"u1",\
            "catalog_object_id":"VAR-%s","quantity":"1","item_type":"ITEM","total_money":{"amount":495,"currency":"USD"}}]}]"""
                .formatted(sale, sku)));

    event(back, "back-" + sku);

    awaitOnHand(9);
    Await.until(
        "the refund is noted",
        AWholeHub.PATIENCE,
        () ->
            "1"
                .equals(
                    hub.text(
                        "SELECT refunded FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
                        sale)));
  }

  @Test
  void aWebhookOfAnotherAddressOrKeyIsRefused() {
    var body = "{\"type\":\"order.updated\",\"event_id\":\"x\",\"data\":{\"id\":\"y\"}}";
    for (var text : List.of("https://elsewhere.example/" + body, body)) {
      var answer =
          hub.send(
              hub.to("/webhooks/tills")
                  .header(
                      "X-Square-HmacSha256-Signature",
                      Base64.getEncoder().encodeToString(mac("HmacSHA256", "square-key", text)))
                  .POST(BodyPublishers.ofString(body))
                  .build());
      assertThat(answer.statusCode()).isEqualTo(401);
    }
  }

  // --- a shop of which only the signature is known ---

  private String canonical(String id, String account, String more) {
    return """
        {"schemaVersion":"1.0","channel":{"type":"x","account":"%s","orderId":"%s","purchaseOrderNumber":"PO-7",\
        "customerOrderId":"KD-9"},"orderType":"B2B","fulfilledBy":"MERCHANT","placedAt":"2026-03-02T10:00:00Z",\
        "updatedAt":"2026-03-02T10:00:00Z","test":false,"currency":"USD","pricesIncludeTax":true%s,\
        "shipTo":{"name":"Ada Example","address":{"lines":["1 Main St"],"city":"Newark","postalCode":"07001",\
        "countryCode":"US"},"piiState":"present"},\
        "lines":[{"lineId":"1","kind":"PHYSICAL","sku":"%s","title":"Mug","unit":"EA","ordered":1,"cancelled":0,\
        "shipped":0,"returned":0,"refunded":0,"requiresShipping":true,"unitPrice":{"amount":"9.90","currency":"USD"},\
        "lineTotal":{"amount":"9.90","currency":"USD"}}],\
        "totals":{"grandTotal":{"amount":"9.90","currency":"USD"},"channelGrandTotal":{"amount":"9.90","currency":"USD"}},\
        "payment":{"state":"PAID"}}"""
        .formatted(account, id, more, sku);
  }

  private int signed(String account, String header, String proof, String body) {
    return hub.send(
            hub.to("/webhooks/" + account)
                .header("Content-Type", "application/json")
                .header(header, proof)
                .POST(BodyPublishers.ofString(body))
                .build())
        .statusCode();
  }

  @Test
  void aShopSignsAsItsAccountSaysAndInNoOtherWay() {
    var id = "A-" + sku;
    var body = canonical(id, "somebody-else", "");
    var mac = mac("HmacSHA512", "atelier-key", body);

    assertThat(signed("atelier", "X-Atelier-Proof", HexFormat.of().formatHex(mac), body))
        .isEqualTo(401);
    assertThat(signed("atelier", "X-Signature", Base64.getEncoder().encodeToString(mac), body))
        .isEqualTo(401);
    assertThat(
            signed(
                "atelier",
                "X-Atelier-Proof",
                Base64.getEncoder().encodeToString(mac("HmacSHA256", "atelier-key", body)),
                body))
        .isEqualTo(401);
    assertThat(signed("atelier", "X-Atelier-Proof", Base64.getEncoder().encodeToString(mac), body))
        .isEqualTo(200);
    assertThat(signed("kiosk", "Authorization", "Bearer kiosk-token", body)).isEqualTo(200);
    assertThat(signed("kiosk", "Authorization", "Bearer atelier-key", body)).isEqualTo(401);

    Await.until(
        "both have it",
        AWholeHub.PATIENCE,
        () ->
            hub.texts("SELECT account FROM sales_order WHERE channel_order_id = ?", id).size()
                == 2);
    assertThat(
            hub.texts(
                "SELECT account FROM sales_order WHERE channel_order_id = ? ORDER BY account", id))
        .containsExactly("atelier", "kiosk");
  }

  @Test
  void aStateWithoutADateThatComesLateUndoesNothing() {
    var id = "L-" + sku;
    var changed = canonical(id, "kiosk", "").replace("\"ordered\":1", "\"ordered\":3");
    var first = canonical(id, "kiosk", "").replace("\"updatedAt\":\"2026-03-02T10:00:00Z\",", "");
    changed =
        changed.replace("\"updatedAt\":\"2026-03-02T10:00", "\"updatedAt\":\"2026-03-02T11:00");
    assertThat(signed("kiosk", "Authorization", "Bearer kiosk-token", changed)).isEqualTo(200);
    Await.until("it is there", AWholeHub.PATIENCE, () -> hub.orderState(id) != null);

    assertThat(signed("kiosk", "Authorization", "Bearer kiosk-token", first)).isEqualTo(200);

    Await.until(
        "the late one has ended",
        AWholeHub.PATIENCE,
        () ->
            hub.texts(
                    "SELECT state FROM inbox_message WHERE account = 'kiosk' AND message_key = ? ORDER BY id",
                    id)
                .equals(List.of("APPLIED", "IGNORED")));
    assertThat(
            hub.text(
                "SELECT l.ordered::text FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
                id))
        .isEqualTo("3");
  }

  @Test
  void whoLacksTheTokenIsRefusedBeforeABodyIsRead() throws IOException {
    var uri = hub.to("/webhooks/kiosk").build().uri();
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(60_000);
      var announced =
          "POST %s HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer kiosk-tokem\r\nContent-Length: 1000000\r\n\r\n"
              .formatted(uri.getPath());
      socket.getOutputStream().write(announced.getBytes(StandardCharsets.US_ASCII));

      var answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
    }
  }

  // --- B2B over REST ---

  @Test
  void aPurchaseOrderKeepsItsNumbersAndWaitsForItsWindow() {
    hub.stock("store-1", sku, 5);
    var id = "B-" + sku;
    var body =
        canonical(
            id,
            "erp",
            ",\"service\":{\"shipNotBefore\":\"2099-01-05T00:00:00Z\",\"shipBy\":\"2099-01-09T00:00:00Z\",\"shipComplete\":true}");

    var answer = hub.api("POST", "/orders", body);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    Await.until("it is there", AWholeHub.PATIENCE, () -> hub.orderState(id) != null);
    var order = hub.read("/orders/erp:" + id);
    assertThat(order.findValuesAsText("purchaseOrderNumber")).contains("PO-7");
    assertThat(order.findValuesAsText("customerOrderId")).contains("KD-9");
    assertThat(order.findValuesAsText("shipNotBefore")).contains("2099-01-05T00:00:00Z");
    assertThat(
            hub.text(
                "SELECT hold || ' ' || hold_reason FROM sales_order WHERE channel_order_id = ?",
                id))
        .isEqualTo(
            "SHIP_WINDOW Order '%s' is not to leave before 2099-01-05T00:00:00Z; it then goes on by itself."
                .formatted(id));
  }

  // --- rules of the site ---

  private void awaitRules(String what, Predicate<JsonNode> so) {
    Await.until(what, AWholeHub.PATIENCE, () -> so.test(hub.read("/rules")));
  }

  private String decidedBy(String id) {
    hub.stock("store-1", sku, 5);
    assertThat(hub.api("POST", "/orders", canonical(id, "erp", "")).statusCode()).isEqualTo(202);
    Await.until("it is decided", AWholeHub.PATIENCE, () -> "RELEASED".equals(hub.orderState(id)));
    return hub.read("/orders/erp:" + id + "/decision").at("/ruleVersion").asText();
  }

  @Test
  void rulesChangeWhileTheHubRunsAndOnesAtFaultChangeNothing() throws IOException {
    var file = home.resolve("rules/allocation.rules.yaml");
    Files.createDirectories(file.getParent());

    Files.writeString(
        file,
        """
        name: of-the-site
        rules:
          - { name: companies, when: order.type == 'B2B', tag: no-prices }
        """);

    awaitRules("the new rules hold", r -> r.path("name").asText().equals("of-the-site"));
    var version = hub.read("/rules").path("version").asText();
    assertThat(decidedBy("R1-" + sku)).isEqualTo("of-the-site@" + version);
    Files.writeString(
        file,
        """
        name: of-the-site
        rules:
          - { name: companies, when: order.type == 'B2B', tag: no-prices }
          - { name: dear, when: order.valeu > 100.0, tag: insured }
        """);

    awaitRules("the fault is told", r -> r.at("/faults/0").asText().contains("'dear'"));
    var rules = hub.read("/rules");
    assertThat(rules.path("faults")).hasSize(1);
    assertThat(rules.at("/faults/0").asText())
        .isEqualTo(
            "rules/allocation.rules.yaml:4: Rule 'dear': 'when' asks for 'order.valeu', which an order does not have, in: order.valeu > 100.0. Nearest name: 'value'.");
    assertThat(rules.path("version").asText()).isEqualTo(version);
    assertThat(rules.path("rules")).hasSize(1);
    assertThat(decidedBy("R2-" + sku)).as("the old ones go on").isEqualTo("of-the-site@" + version);

    Files.delete(file);
    awaitRules(
        "the built-in ones hold again, and the fault is forgotten",
        r -> r.path("name").asText().equals("standard") && r.path("faults").isEmpty());
  }
}
