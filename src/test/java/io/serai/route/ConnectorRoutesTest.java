package io.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The real routes and kamelets of the two connectors, against a partner on a free port. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectorRoutesTest {

  private static final Path SAMPLES = Path.of("samples/payloads");

  private ConnectorRoutes routes;
  private SeraiDouble serai;
  private PartnerDouble partner;

  @BeforeAll
  void start() throws Exception {
    partner = new PartnerDouble();
    routes = new ConnectorRoutes(partner.url(), partner.url());
    serai = routes.serai;
  }

  @BeforeEach
  void forget() {
    serai.arrived.clear();
    partner.forget();
  }

  @AfterAll
  void stop() {
    routes.close();
    partner.close();
  }

  @Test
  void aWebhookGoesIntoTheInboxAsItIs() throws Exception {
    byte[] body = "{\"id\":1,  \"x\":\"ü\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    serai.give("webhook", body, Map.of());

    assertThat(serai.arrived)
        .singleElement()
        .satisfies(a -> assertThat(a.word()).isEqualTo("accept"));
    assertThat(serai.arrived.getFirst().body()).isSameAs(body);
  }

  @Test
  void aShopifyOrderIsMappedAndAppliedWhicheverWayItCame() throws Exception {
    byte[] webhook = sample("shopify/order/two-lines-tax-included.json");
    byte[] polled = sample("shopify/order/two-lines-tax-included.graphql.json");

    serai.give(
        "inbox/order", webhook, Map.of("account", "shopify-main", "eventType", "orders/create"));
    serai.give("inbox/order", polled, Map.of("account", "shopify-main"));

    JsonNode expected = json("shopify/order/two-lines-tax-included.canonical.json");
    assertThat(serai.arrived)
        .hasSize(2)
        .allSatisfy(
            a -> {
              assertThat(a.word()).isEqualTo("apply/order");
              assertThat(Json.tree(Json.bytes(a.body()))).isEqualTo(expected);
            });
  }

  @Test
  void a3plIsAskedOnceWithKeyAndToken() throws Exception {
    partner.answers(201, "{\"status\":\"accepted\",\"reference\":\"F-17\"}");

    Exchange exchange =
        deliver("fulfillment-request", "rest-3pl/fulfillment/two-lines.canonical.json");

    assertReceipt(exchange, "{\"outcome\":\"confirmed\",\"remoteId\":\"F-17\"}");
    assertThat(partner.asked)
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.method()).isEqualTo("POST");
              assertThat(asked.path()).isEqualTo("/v1/fulfillments");
              assertThat(asked.headers())
                  .containsEntry("authorization", "Bearer token-of-northwind")
                  .containsEntry("idempotency-key", "key-1")
                  .containsEntry("content-type", "application/json");
              assertThat(asked.body()).startsWith("{\"orderId\":\"6120000000101\",");
              assertThat(Json.tree(asked.body()))
                  .isEqualTo(json("rest-3pl/fulfillment/two-lines.json"));
            });
    assertThat(exchange.getMessage().getHeaders())
        .as("no secret is left behind, and the engine sees that it was answered")
        .containsOnly(Map.entry("CamelHttpResponseCode", 201));
  }

  @Test
  void aRefusalOfA3plIsThrownForTheEngineToName() throws Exception {
    partner.answers(422, "{\"error\":{\"code\":\"UNKNOWN_SKU\",\"message\":\"No.\"}}");

    Exchange exchange =
        deliver("fulfillment-request", "rest-3pl/fulfillment/two-lines.canonical.json");

    assertThat(exchange.getException(HttpOperationFailedException.class))
        .satisfies(
            e -> {
              assertThat(e.getStatusCode()).isEqualTo(422);
              assertThat(e.getResponseBody()).contains("UNKNOWN_SKU");
            });
  }

  @Test
  void anAnswerThatIsNoReceiptIsNoSuccess() throws Exception {
    partner.answers(200, "{\"status\":\"error\",\"error\":{\"code\":\"INTERNAL\"}}");
    partner.answers(200, "<html>Welcome</html>");
    partner.answers(201, "{\"status\":\"accepted\",\"refe");
    partner.answers(201, "");

    for (int i = 0; i < 4; i++) {
      Exchange exchange =
          deliver("fulfillment-request", "rest-3pl/fulfillment/two-lines.canonical.json");

      boolean none =
          exchange.getException() != null
              || exchange.getMessage().getBody() == null
              || ((JsonNode) exchange.getMessage().getBody()).isNull();
      assertThat(none).as("answer %d", i).isTrue();
    }
  }

  @Test
  void aCancelGoesByTheReferenceThatIsLookedUp() throws Exception {
    partner.answers(200, "{\"fulfillments\":[{\"reference\":\"F-17\",\"status\":\"accepted\"}]}");
    partner.answers(200, "{\"status\":\"cancelled\",\"reference\":\"F-17\"}");

    Exchange exchange = cancel();

    assertReceipt(exchange, "{\"outcome\":\"confirmed\",\"remoteId\":\"F-17\"}");
    assertThat(partner.asked)
        .extracting(a -> a.method() + " " + a.path())
        .containsExactly(
            "GET /v1/fulfillments?fulfillmentId=ful_01KJQ6Y3ZB7R4V5M8N2P0T9XWE",
            "POST /v1/fulfillments/F-17/cancel");
    assertThat(partner.asked.getLast().headers()).containsEntry("idempotency-key", "key-1");
  }

  @Test
  void aCancelOfWhatIsCancelledIsDone() throws Exception {
    partner.answers(200, "{\"fulfillments\":[{\"reference\":\"F-17\",\"status\":\"cancelled\"}]}");
    partner.answers(409, "{\"status\":\"error\",\"error\":{\"code\":\"ALREADY_CANCELLED\"}}");

    assertReceipt(cancel(), "{\"outcome\":\"confirmed\"}");
  }

  @Test
  void aCancelThatComesTooLateIsThrownForTheEngineToName() throws Exception {
    partner.answers(200, "{\"fulfillments\":[{\"reference\":\"F-17\",\"status\":\"accepted\"}]}");
    partner.answers(409, "{\"status\":\"error\",\"error\":{\"code\":\"ALREADY_PICKING\"}}");

    assertThat(cancel().getException(HttpOperationFailedException.class).getStatusCode())
        .isEqualTo(409);
  }

  @Test
  void aLostAnswerOfA3plIsLookedUp() throws Exception {
    partner.answers(200, "{\"fulfillments\":[{\"reference\":\"F-17\",\"status\":\"accepted\"}]}");
    partner.answers(200, "{\"fulfillments\":[]}");
    JsonNode request = json("rest-3pl/fulfillment/two-lines.canonical.json");

    Exchange found = serai.give("lookup/fulfillment-request", request, Map.of());
    Exchange absent = serai.give("lookup/fulfillment-request", request, Map.of());

    assertReceipt(found, "{\"outcome\":\"found\",\"remoteId\":\"F-17\"}");
    assertReceipt(absent, "{\"outcome\":\"absent\"}");
  }

  @Test
  void shipmentsArePolledFromTheCursorOn() throws Exception {
    partner.answers(200, "{\"shipments\":[{\"id\":\"S-1\"}],\"next\":\"c2\"}");

    Exchange exchange = serai.give("poll/shipment", null, Map.of("cursor", "c1"));

    assertThat(exchange.getException()).isNull();
    assertThat(partner.asked.getFirst().path()).isEqualTo("/v1/shipments?limit=200&since=c1");
    assertThat(serai.arrived.getFirst().word()).isEqualTo("accept/shipment");
    assertThat(serai.arrived.getFirst().options()).containsEntry("cursor", "/cursor");
    assertThat(serai.arrived.getFirst().body())
        .isEqualTo(Json.tree("{\"items\":[{\"id\":\"S-1\"}],\"cursor\":\"c2\"}"));
  }

  @Test
  void aCursorTheyForgotMeansBeginningAgain() throws Exception {
    partner.answers(400, "{\"error\":{\"code\":\"INVALID_CURSOR\",\"message\":\"expired\"}}");
    partner.answers(200, "{\"shipments\":[],\"next\":\"c0\"}");

    Exchange exchange = serai.give("poll/shipment", null, Map.of("cursor", "old"));

    assertThat(exchange.getException()).isNull();
    assertThat(partner.asked.getLast().path()).isEqualTo("/v1/shipments?limit=200");
    assertThat(serai.arrived.getFirst().body()).isEqualTo(Json.tree("{\"cursor\":\"c0\"}"));
  }

  @Test
  void aPollThatFailsAcceptsNothing() throws Exception {
    partner.answers(503, "busy");

    Exchange exchange = serai.give("poll/shipment", null, Map.of());

    assertThat(exchange.getException(HttpOperationFailedException.class).getStatusCode())
        .isEqualTo(503);
    assertThat(serai.arrived).isEmpty();
  }

  @Test
  void stockIsPolledWhole() throws Exception {
    partner.answers(200, "{\"asOf\":\"2026-03-02T08:00:00Z\",\"levels\":[]}");

    serai.give("poll/stock", null, Map.of());

    assertThat(partner.asked.getFirst().path()).isEqualTo("/v1/stock");
    assertThat(serai.arrived.getFirst().word()).isEqualTo("accept/stock");
  }

  @Test
  void ordersAreReconciledPageByPage() throws Exception {
    partner.answers(200, text("shopify/page/orders-with-a-next-page.json"));

    Exchange exchange =
        serai.give("poll/order", null, Map.of("cursor", "abc", "since", "2026-03-02T08:00:00Z"));

    assertThat(exchange.getException()).isNull();
    var asked = partner.asked.getFirst();
    assertThat(asked.path()).isEqualTo("/v1/admin/api/2026-07/graphql.json");
    assertThat(asked.headers()).containsEntry("x-shopify-access-token", "token-of-shopify-main");
    JsonNode sent = Json.tree(asked.body());
    assertThat(sent.get("query").asText()).startsWith("query Orders(").contains("updatedAt");
    assertThat(sent.get("variables"))
        .isEqualTo(
            Json.tree(
                "{\"first\":10,\"after\":\"abc\",\"query\":\"updated_at:>='2026-03-02T08:00:00Z'\"}"));
    assertThat(serai.arrived.getFirst().options())
        .containsEntry("items", "/items")
        .containsEntry("key", "/legacyResourceId");
    assertThat(serai.arrived.getFirst().body())
        .isEqualTo(json("shopify/page/orders-with-a-next-page.canonical.json"));
  }

  @Test
  void anOrderThatOthersWaitForIsAskedForByItsKey() throws Exception {
    partner.answers(200, text("shopify/page/orders-with-a-next-page.json"));

    Exchange exchange = serai.give("fetch/order", null, Map.of("messageKey", "6120000000202"));

    assertThat(exchange.getException()).isNull();
    assertThat(Json.tree(partner.asked.getFirst().body()).get("variables"))
        .isEqualTo(Json.tree("{\"first\":1,\"query\":\"id:6120000000202\"}"));
    assertThat(serai.arrived.getFirst().word()).isEqualTo("accept/order");
    assertThat(serai.arrived.getFirst().options())
        .containsEntry("items", "/items")
        .containsEntry("key", "/legacyResourceId")
        .containsEntry("version", "/updatedAt");
  }

  @Test
  void aThrottledPageAcceptsNothingAndSaysSo() throws Exception {
    partner.answers(200, text("shopify/shipment-receipt/throttled.json"));

    Exchange exchange = serai.give("poll/order", null, Map.of("since", "2026-03-02T08:00:00Z"));

    assertThat(exchange.getException()).hasMessage("Shopify answered 'THROTTLED': Throttled.");
    assertThat(serai.arrived).isEmpty();
  }

  @Test
  void listingsAreReadToKnowWhichItemIsWhich() throws Exception {
    partner.answers(200, text("shopify/page/last-page-of-variants.json"));

    serai.give("poll/listing", null, Map.of());

    assertThat(serai.arrived.getFirst().word()).isEqualTo("accept/listing");
  }

  @Test
  void aShipmentIsToldToTheShopAfterItsFulfillmentOrdersWereLookedUp() throws Exception {
    JsonNode order = json("shopify/shipment/one-box-by-sku.variables.json").get("order");
    partner.answers(200, "{\"data\":{\"order\":" + Json.text(order) + "}}");
    partner.answers(200, text("shopify/shipment-receipt/created.json"));

    Exchange exchange = deliver("shipment", "shopify/shipment/one-box-by-sku.canonical.json");

    assertReceipt(exchange, "{\"outcome\":\"confirmed\",\"remoteId\":\"7700000003\"}");
    assertThat(Json.tree(partner.asked.getFirst().body()).get("variables"))
        .isEqualTo(Json.tree("{\"id\":\"gid://shopify/Order/6120000000202\"}"));
    assertThat(Json.tree(partner.asked.getLast().body()).get("variables"))
        .isEqualTo(json("shopify/shipment/one-box-by-sku.json").get(0));
  }

  @Test
  void aShipmentOverTwoLocationsIsToldTwiceAndANoEndsIt() throws Exception {
    String sample = "shopify/shipment/two-boxes-over-a-split-fulfillment-order";
    JsonNode order = json(sample + ".variables.json").get("order");
    ((ObjectNode) order.at("/fulfillmentOrders/nodes/1/assignedLocation/location"))
        .put("id", "gid://shopify/Location/64099");
    String answer = "{\"data\":{\"order\":" + Json.text(order) + "}}";

    partner.answers(200, answer);
    partner.answers(200, text("shopify/shipment-receipt/created.json"));
    partner.answers(200, text("shopify/shipment-receipt/created.json"));
    Exchange both = deliver("shipment", sample + ".canonical.json");
    int calls = partner.asked.size();
    partner.answers(200, answer);
    partner.answers(200, text("shopify/shipment-receipt/closed-meanwhile.json"));
    Exchange none = deliver("shipment", sample + ".canonical.json");

    assertReceipt(both, "{\"outcome\":\"confirmed\",\"remoteId\":\"7700000003\"}");
    assertThat(calls).isEqualTo(3);
    assertReceipt(none, text("shopify/shipment-receipt/closed-meanwhile.canonical.json"));
    assertThat(partner.asked).hasSize(calls + 2);
  }

  @Test
  void aShopThatAnswersNothingUsefulToAShipmentIsThrownForTheEngineToName() throws Exception {
    JsonNode order = json("shopify/shipment/one-box-by-sku.variables.json").get("order");
    partner.answers(200, "{\"data\":{\"order\":" + Json.text(order) + "}}");
    partner.answers(503, "down");

    Exchange exchange = deliver("shipment", "shopify/shipment/one-box-by-sku.canonical.json");

    assertThat(exchange.getException())
        .isInstanceOfSatisfying(
            HttpOperationFailedException.class, e -> assertThat(e.getStatusCode()).isEqualTo(503));
  }

  @Test
  void aShipmentWhoseAnswerWasLostIsLookedUpByItsTracking() throws Exception {
    partner.answers(
        200,
        "{\"data\":{\"order\":"
            + text("shopify/shipment-lookup/found-by-tracking-number.json")
            + "}}");

    Exchange exchange =
        serai.give(
            "lookup/shipment", json("shopify/shipment/one-box-by-sku.canonical.json"), Map.of());

    assertReceipt(exchange, "{\"outcome\":\"found\",\"remoteId\":\"2\"}");
  }

  @Test
  void stockWithKnownBasesIsWrittenInOneCall() throws Exception {
    partner.answers(200, text("shopify/stock-receipt/all-written.json"));

    Exchange exchange = deliver("stock", "shopify/stock/three-known-bases.canonical.json");

    assertThat(partner.asked).hasSize(1);
    JsonNode sent = Json.tree(partner.asked.getFirst().body());
    assertThat(sent.get("query").asText()).contains("@idempotent(key: $key)");
    assertThat(sent.at("/variables/key").asText()).isEqualTo("key-1");
    assertThat(sent.at("/variables/input/quantities/0/changeFromQuantity").asInt()).isEqualTo(14);
    assertReceipt(exchange, text("shopify/stock-receipt/all-written.canonical.json"));
  }

  @Test
  void stockWithAnUnknownBaseIsReadFirst() throws Exception {
    partner.answers(200, text("shopify/stock-levels/two-locations.json"));
    partner.answers(200, text("shopify/stock-receipt/nothing-to-change.json"));

    Exchange exchange = deliver("stock", "shopify/stock/one-base-just-read.canonical.json");

    assertThat(exchange.getException()).isNull();
    assertThat(partner.asked).hasSize(2);
    assertThat(Json.tree(partner.asked.getFirst().body()).get("variables"))
        .isEqualTo(
            Json.tree(
                "{\"ids\":[\"gid://shopify/InventoryItem/4501\"],\"names\":[\"available\",\"on_hand\"]}"));
    assertThat(
            Json.tree(partner.asked.getLast().body())
                .at("/variables/input/quantities/0/changeFromQuantity")
                .asInt())
        .isEqualTo(6);
  }

  @Test
  void aCancellationIsToldAndAskedFor() throws Exception {
    partner.answers(200, text("shopify/cancellation-receipt/job-started.json"));
    partner.answers(
        200, "{\"data\":{\"order\":" + text("shopify/cancellation-lookup/cancelled.json") + "}}");

    Exchange told = deliver("cancellation", "shopify/cancellation-out/out-of-stock.canonical.json");
    Exchange asked =
        serai.give(
            "lookup/cancellation",
            json("shopify/cancellation-out/out-of-stock.canonical.json"),
            Map.of());

    assertReceipt(told, "{\"outcome\":\"confirmed\",\"remoteId\":\"0f3a\"}");
    assertReceipt(asked, "{\"outcome\":\"found\",\"remoteId\":\"6120000000202\"}");
  }

  @Test
  void whatComesBackIsNormalized() throws Exception {
    for (String document : new String[] {"shipment", "fulfillment-response"}) {
      Path folder = SAMPLES.resolve("rest-3pl").resolve(document);
      String name = document.equals("shipment") ? "by-webhook" : "accepted";

      serai.give(
          "inbox/" + document,
          Files.readAllBytes(folder.resolve(name + ".json")),
          Map.of("account", "northwind"));

      assertThat(serai.arrived.getLast().word()).isEqualTo("apply/" + document);
      assertThat(Json.tree(Json.bytes(serai.arrived.getLast().body())))
          .isEqualTo(Json.tree(Files.readAllBytes(folder.resolve(name + ".canonical.json"))));
    }
    serai.give("inbox/listing", sample("shopify/listing/one-location.json"), Map.of());

    assertThat(serai.arrived.getLast().word()).isEqualTo("apply/listing");
  }

  private Exchange cancel() throws Exception {
    var request =
        (com.fasterxml.jackson.databind.node.ObjectNode)
            json("rest-3pl/fulfillment/two-lines.canonical.json");
    request.put("action", "CANCEL");
    var variables = new java.util.HashMap<>(delivery());
    variables.put("operation", "cancellation");
    return serai.give("outbox/fulfillment-request", request, variables);
  }

  private Exchange deliver(String document, String sample) throws Exception {
    return serai.give("outbox/" + document, json(sample), delivery());
  }

  private static Map<String, Object> delivery() {
    return Map.of("deliveryKey", "key-1", "deliveryId", "dlv_1", "attempt", 1);
  }

  private static void assertReceipt(Exchange exchange, String expected) {
    assertThat(exchange.getException()).isNull();
    assertThat(Json.tree(Json.bytes(exchange.getMessage().getBody(JsonNode.class))))
        .isEqualTo(Json.tree(expected));
  }

  private static byte[] sample(String name) throws IOException {
    return Files.readAllBytes(SAMPLES.resolve(name));
  }

  private static String text(String name) throws IOException {
    return Files.readString(SAMPLES.resolve(name));
  }

  private static JsonNode json(String name) throws IOException {
    return Json.tree(sample(name));
  }
}
