package io.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Mappings;
import io.serai.order.Order;
import io.serai.simulator.Rest3plOptions;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.ShopifyOptions;
import io.serai.simulator.ShopifySimulator;
import io.serai.support.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real routes and kamelets against the stand-ins: what one says, the other understands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectorSimulatorsTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of("account", TextNode.valueOf("shopify-main"));

  private ShopifySimulator shop;
  private Rest3plSimulator warehouse;
  private ConnectorRoutes routes;
  private SeraiDouble serai;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    shop =
        ShopifySimulator.start(
            ShopifyOptions.in(folder)
                .accessToken("token-of-shopify-main")
                .indexLag(Duration.ZERO)
                .routingDelay(Duration.ZERO)
                .costBucket(1_000_000, 1_000_000));
    warehouse =
        Rest3plSimulator.start(
            Rest3plOptions.in(folder)
                .apiKey("token-of-northwind")
                .checksAddress(true)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2)));
    routes = new ConnectorRoutes(base(shop.url().toString()), base(warehouse.url().toString()));
    serai = routes.serai;
  }

  @BeforeEach
  void forget() {
    serai.arrived.clear();
  }

  @AfterAll
  void stop() {
    routes.close();
    shop.close();
    warehouse.close();
  }

  @Test
  void everyKindOfOrderReadsTheSameByWebhookAndByPoll() throws Exception {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      ids.add(shop.createOrder());
    }
    shop.cancelOrder(ids.get(3), "customer");
    String line = shop.order(ids.get(5)).at("/line_items/0/id").asText();
    shop.refundLine(ids.get(5), line, 1, "return");
    shop.updateOrder(ids.get(7), "ring twice");

    var polled = new HashMap<String, JsonNode>();
    for (JsonNode node : poll("order")) {
      JsonNode order = MAPPINGS.mapping("shopify/order-graphql.in.jslt").apply(node, CONTEXT);
      polled.put(order.at("/channel/orderId").asText(), order);
    }

    for (String id : ids) {
      JsonNode told = MAPPINGS.mapping("shopify/order.in.jslt").apply(shop.order(id), CONTEXT);
      Order order = Json.as(told, Order.class);

      assertThat(plain(polled.get(id))).as(id).isEqualTo(plain(told));
      assertThat(order.contradictions()).isEmpty();
      assertThat(order.moneyMismatch()).as(id).isEmpty();
    }
  }

  @Test
  void anOrderThatOthersWaitForIsFoundByItsKey() throws Exception {
    String id = shop.createOrder();
    shop.createOrder();

    serai.give("fetch/order", null, Map.of("messageKey", id));

    JsonNode page = (JsonNode) serai.arrived.getFirst().body();
    assertThat(page.get("items")).hasSize(1);
    assertThat(page.at("/items/0/legacyResourceId").asText()).isEqualTo(id);
  }

  @Test
  void aShipmentIsToldOnceAndFoundAgain() throws Exception {
    String id = orderToShip();
    var shipment = shipment(id, "1Z999AA1000000" + id.substring(id.length() - 4));

    Exchange absent = serai.give("lookup/shipment", shipment, Map.of());
    Exchange told = serai.give("outbox/shipment", shipment, Map.of("deliveryKey", "s1"));
    Exchange found = serai.give("lookup/shipment", shipment, Map.of());
    Exchange other = serai.give("outbox/shipment", shipment, Map.of("deliveryKey", "s2"));
    Exchange again = serai.give("outbox/shipment", shipment, Map.of("claim", 2));

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(told).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(found))
        .isEqualTo(
            Json.tree(
                "{\"outcome\":\"found\",\"remoteId\":\"%s\"}"
                    .formatted(receipt(told).get("remoteId").asText())));
    assertThat(other.getException()).hasMessageContaining("no open fulfillment order");
    assertThat(receipt(again)).isEqualTo(Json.tree("{\"outcome\":\"confirmed\"}"));
  }

  @Test
  void aShipmentOverTwoLocationsIsToldOfBoth() throws Exception {
    String id = null;
    ObjectNode shipment = null;
    for (int i = 0; i < 500 && (id == null || shop.order(id).get("fulfillments").size() < 2); i++) {
      id = orderToShip();
      shipment = shipmentOfAll(id);

      Exchange told = serai.give("outbox/shipment", shipment, Map.of("deliveryKey", "s3"));

      assertThat(receipt(told).get("outcome").asText()).isEqualTo("confirmed");
    }
    Exchange found = serai.give("lookup/shipment", shipment, Map.of());

    assertThat(shop.order(id).get("fulfillments")).hasSize(2);
    assertThat(shop.order(id).get("fulfillment_status").asText()).isEqualTo("fulfilled");
    assertThat(receipt(found).get("outcome").asText()).isEqualTo("found");
  }

  @Test
  void stockIsWrittenOnTheBaseThatIsThereAndRefusedOnAnother() throws Exception {
    JsonNode first =
        poll("listing").stream()
            .map(v -> MAPPINGS.mapping("shopify/listing.in.jslt").apply(v, CONTEXT))
            .map(l -> l.at("/listings/0"))
            .filter(l -> l.has("quantity"))
            .findFirst()
            .orElseThrow();
    int base = first.get("quantity").asInt();

    Exchange read = stock(first, 5, null, "k1");
    Exchange repeated = stock(first, 5, base, "k2");
    Exchange right = stock(first, 9, 5, "k3");

    assertThat(receipt(read).at("/items/0/outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(repeated).at("/items/0/code").asText())
        .isEqualTo("CHANGE_FROM_QUANTITY_STALE");
    assertThat(receipt(right).at("/items/0/outcome").asText()).isEqualTo("confirmed");
  }

  @Test
  void aCancellationIsToldOnceAndFoundAgain() throws Exception {
    String id = orderToShip();
    var cancellation =
        Json.tree(
            """
            {"channel":{"type":"shopify","account":"shopify-main","orderId":"%s"},
             "source":"MERCHANT","reason":"INVENTORY","cancelledAt":"2026-03-02T08:00:00Z"}"""
                .formatted(id));

    Exchange told = serai.give("outbox/cancellation", cancellation, Map.of());
    Exchange found = serai.give("lookup/cancellation", cancellation, Map.of());
    Exchange again = serai.give("outbox/cancellation", cancellation, Map.of());

    assertThat(receipt(told).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(found).get("outcome").asText()).isEqualTo("found");
    assertThat(receipt(again).get("outcome").asText()).isEqualTo("confirmed");
  }

  @Test
  void aRequestIsTakenOnceCancelledOnceAndSeenInTheStock() throws Exception {
    ObjectNode request =
        (ObjectNode)
            Json.tree(
                """
        {"fulfillmentId":"ful_01KJQ6Y3ZB7R4V5M8N2P0T9XWE","orderId":"ord_1","action":"REQUEST",
         "channel":{"type":"shopify","account":"shopify-main","orderId":"6120000000101"},
         "node":"nj-1","partner":"northwind",
         "shipTo":{"name":"Jana","address":{"lines":["Weserstr. 12"],"countryCode":"DE"},"piiState":"present"},
         "lines":[{"lineId":"1","sku":"MUG-WHT","quantity":2}]}""");
    var key = Map.<String, Object>of("deliveryKey", "f1", "operation", "fulfillment-request");

    Exchange absent = serai.give("lookup/fulfillment-request", request, Map.of());
    Exchange taken = serai.give("outbox/fulfillment-request", request, key);
    Exchange repeated = serai.give("outbox/fulfillment-request", request, key);
    Exchange found = serai.give("lookup/fulfillment-request", request, Map.of());
    request.put("action", "CANCEL");
    Exchange cancelled =
        serai.give(
            "outbox/fulfillment-request",
            request,
            Map.of("deliveryKey", "c1", "operation", "cancellation"));
    Exchange cancelledAgain =
        serai.give(
            "outbox/fulfillment-request",
            request,
            Map.of("deliveryKey", "c2", "operation", "cancellation"));
    serai.give("poll/stock", null, Map.of());

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(taken).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(repeated)).isEqualTo(receipt(taken));
    assertThat(receipt(found).get("remoteId")).isEqualTo(receipt(taken).get("remoteId"));
    assertThat(receipt(cancelled).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(cancelledAgain).get("outcome").asText()).isEqualTo("confirmed");
    JsonNode stock =
        MAPPINGS
            .mapping("rest-3pl/stock.in.jslt")
            .apply(
                Json.tree((byte[]) serai.arrived.getLast().body()),
                Map.of("account", TextNode.valueOf("northwind")));
    assertThat(stock.get("levels").findValuesAsText("sku")).contains("MUG-WHT");
  }

  @Test
  void whatLeftIsPolledFromTheCursorOn() throws Exception {
    ObjectNode request =
        (ObjectNode)
            Json.tree(
                """
        {"fulfillmentId":"ful_01KJQ6Y3ZB7R4V5M8N2P0T9XWF","orderId":"ord_2","action":"REQUEST",
         "channel":{"type":"shopify","account":"shopify-main","orderId":"6120000000102"},
         "node":"nj-1","partner":"northwind",
         "shipTo":{"name":"Jana","address":{"lines":["Weserstr. 12"],"countryCode":"DE"},"piiState":"present"},
         "lines":[{"lineId":"1","sku":"MUG-WHT","quantity":1}]}""");
    serai.give("outbox/fulfillment-request", request, Map.of("deliveryKey", "f2"));
    warehouse.ship("ful_01KJQ6Y3ZB7R4V5M8N2P0T9XWF");

    serai.give("poll/shipment", null, Map.of());
    JsonNode page = (JsonNode) serai.arrived.getLast().body();
    serai.give("poll/shipment", null, Map.of("cursor", page.get("cursor").asText()));

    JsonNode shipment =
        MAPPINGS.mapping("rest-3pl/shipment.in.jslt").apply(page.at("/items/0"), CONTEXT);
    assertThat(shipment.get("fulfillmentId").asText()).isEqualTo("ful_01KJQ6Y3ZB7R4V5M8N2P0T9XWF");
    assertThat(shipment.at("/packages/0/tracking/0/number").asText()).isNotBlank();
    assertThat(((JsonNode) serai.arrived.getLast().body()).has("items")).isFalse();
  }

  private List<JsonNode> poll(String document) throws Exception {
    var items = new ArrayList<JsonNode>();
    String cursor = null;
    do {
      serai.arrived.clear();
      var variables = new HashMap<String, Object>(Map.of("since", "2000-01-01T00:00:00Z"));
      if (cursor != null) {
        variables.put("cursor", cursor);
      }
      Exchange exchange = serai.give("poll/" + document, null, variables);
      assertThat(exchange.getException()).isNull();
      JsonNode page = (JsonNode) serai.arrived.getFirst().body();
      page.path("items").forEach(items::add);
      cursor = page.path("cursor").asText(null);
    } while (cursor != null);
    return items;
  }

  private String orderToShip() {
    while (true) {
      String id = shop.createOrder();
      JsonNode order = shop.order(id);
      if (order.hasNonNull("shipping_address")
          && order.at("/line_items/0/requires_shipping").asBoolean()) {
        return id;
      }
    }
  }

  private ObjectNode shipment(String orderId, String tracking) {
    JsonNode line = shop.order(orderId).at("/line_items/0");
    ObjectNode shipment =
        (ObjectNode)
            Json.tree(
                """
        {"fulfillmentId":"ful_1","shipmentId":"S-1","shippedAt":"2026-03-02T08:00:00Z",
         "carrier":{"code":"ups","name":"UPS"},
         "packages":[{"tracking":[{"number":"%s"}],"lines":[{"sku":"%s","quantity":%d}]}]}"""
                    .formatted(tracking, line.get("sku").asText(), line.get("quantity").asInt()));
    shipment
        .putObject("channel")
        .put("type", "shopify")
        .put("account", "shopify-main")
        .put("orderId", orderId);
    return shipment;
  }

  private ObjectNode shipmentOfAll(String orderId) {
    ObjectNode shipment = shipment(orderId, "1Z999AA2" + orderId);
    var lines = (ArrayNode) shipment.at("/packages/0/lines");
    lines.removeAll();
    for (JsonNode line : shop.order(orderId).get("line_items")) {
      if (line.get("requires_shipping").asBoolean()) {
        lines
            .addObject()
            .put("lineId", line.get("id").asText())
            .put("quantity", line.get("quantity").asInt());
      }
    }
    return shipment;
  }

  private Exchange stock(JsonNode listing, int quantity, Integer base, String key)
      throws Exception {
    ObjectNode publication = (ObjectNode) Json.tree("{\"items\":[{\"key\":\"p\"}]}");
    ObjectNode item = (ObjectNode) publication.at("/items/0");
    item.put("listingId", listing.get("listingId").asText());
    item.put("locationId", listing.get("locationId").asText());
    item.put("quantity", quantity);
    if (base != null) {
      item.put("changeFrom", base);
    }
    return serai.give("outbox/stock", publication, Map.of("deliveryKey", key));
  }

  private static JsonNode receipt(Exchange exchange) {
    assertThat(exchange.getException()).isNull();
    return plain(exchange.getMessage().getBody(JsonNode.class));
  }

  private static JsonNode plain(JsonNode mapped) {
    return Json.tree(Json.bytes(mapped));
  }

  private static String base(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
