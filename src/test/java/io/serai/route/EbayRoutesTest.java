package io.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Mappings;
import io.serai.order.Order;
import io.serai.simulator.EbayOptions;
import io.serai.simulator.EbaySimulator;
import io.serai.simulator.Mood;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** eBay's routes and kamelets against the stand-in: what one says, the other understands. */
class EbayRoutesTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of("account", TextNode.valueOf("ebay-main"));

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();
  private EbaySimulator ebay;
  private ConnectorRoutes routes;
  private SeraiDouble serai;

  @BeforeEach
  void start() throws Exception {
    ebay = EbaySimulator.start(EbayOptions.in(folder).clock(clock));
    routes =
        new ConnectorRoutes(
            Map.of(
                "ebay",
                new ConnectorRoutes.Account(
                    "ebay-main", Map.of("base-url", ebay.url().toString().replaceAll("/$", "")))));
    serai = routes.serai;
    serai.tokens.put("ebay-main", ebay.accessToken());
  }

  @AfterEach
  void stop() {
    routes.close();
    ebay.close();
  }

  @Test
  void aNotificationGoesIntoTheInboxAsItIs() throws Exception {
    byte[] body = "{\"metadata\":  {}}".getBytes();

    serai.give("webhook", body, Map.of());

    assertThat(serai.arrived.getFirst().word()).isEqualTo("accept");
    assertThat(serai.arrived.getFirst().body()).isSameAs(body);
  }

  @Test
  void everyKindOfOrderReadsTheSameByNotificationAndByPoll() throws Exception {
    ebay.createUpTo(60);

    var polled = new HashMap<String, JsonNode>();
    for (JsonNode item : poll()) {
      polled.put(item.get("orderId").asText(), order(item));
    }

    assertThat(polled).hasSize(60);
    for (var one : polled.entrySet()) {
      JsonNode told = order(items(hint(one.getKey())).get(0));
      Order order = Json.as(told, Order.class);

      assertThat(plain(told)).as(one.getKey()).isEqualTo(plain(one.getValue()));
      assertThat(order.contradictions()).isEmpty();
      assertThat(order.moneyMismatch()).as(one.getKey()).isEmpty();
    }
  }

  @Test
  void anOrderThatOthersWaitForIsFoundByItsNumber() throws Exception {
    String id = ebay.createOrder();

    serai.give("fetch/order", null, Map.of("messageKey", id));

    assertThat(items(serai.arrived.getFirst()).get(0).get("orderId").asText()).isEqualTo(id);
    assertThat(serai.arrived.getFirst().options())
        .containsEntry("key", "/orderId")
        .containsEntry("version", "/lastModifiedDate");
  }

  @Test
  void whatChangesWhileItIsPagedMovesNobodyOutOfSight() throws Exception {
    ebay.createUpTo(250);
    clock.advance(Duration.ofMinutes(1));
    var until = clock.instant().toString();
    var seen = new ArrayList<String>();
    String cursor = null;
    var pages = 0;

    do {
      JsonNode page = page(cursor, "2026-03-02T09:00:00Z", until);
      page.path("items").forEach(i -> seen.add(i.get("orderId").asText()));
      cursor = page.path("cursor").asText(null);
      if (pages++ == 0) {
        clock.advance(Duration.ofMinutes(1));
        seen.subList(0, 5).forEach(ebay::askToCancel);
      }
    } while (cursor != null);

    assertThat(new HashSet<>(seen)).hasSize(250);
    assertThat(pages).isEqualTo(4);
  }

  @Test
  void aWishToCancelSeenInAListIsReadInTheOrder() throws Exception {
    String id = ebay.createOrder();
    String cancelId = ebay.askToCancel(id);

    var listed = poll();
    JsonNode asked = items(hint(id));

    assertThat(listed.stream().map(i -> i.path("document").asText("order")).toList())
        .containsExactly("order", "order-change");
    serai.arrived.clear();
    serai.give("inbox/order-change", Json.bytes(listed.get(1)), Map.of());
    assertThat(items(serai.arrived.getFirst())).isEqualTo(asked);
    assertThat(asked.get(1).get("document").asText()).isEqualTo("cancellation");
    serai.arrived.clear();
    serai.give("inbox/cancellation", Json.bytes(asked.get(1)), Map.of("account", "ebay-main"));
    JsonNode cancellation = plain((JsonNode) serai.arrived.getFirst().body());
    assertThat(cancellation.get("source").asText()).isEqualTo("BUYER");
    assertThat(cancellation.get("request").asText()).isEqualTo(cancelId);
    assertThat(asked.get(1).get("dedupe").asText()).endsWith(cancelId);
  }

  @Test
  void aRefundIsADocumentOfItsOwn() throws Exception {
    String id = ebay.createOrder();
    ebay.refundOrder(id, null, "1.50");

    JsonNode refund = items(hint(id)).get(1);
    serai.arrived.clear();
    serai.give("inbox/refund", Json.bytes(refund), Map.of("account", "ebay-main"));

    assertThat(refund.get("document").asText()).isEqualTo("refund");
    assertThat(plain((JsonNode) serai.arrived.getFirst().body()).at("/total/amount").asText())
        .isEqualTo("1.50");
  }

  @Test
  void aShipmentIsToldOnceAndFoundAgain() throws Exception {
    String id = ebay.createOrder();
    ObjectNode shipment = shipment(id, "1Z 999-A");

    Exchange absent = serai.give("lookup/shipment", shipment, Map.of());
    Exchange told = serai.give("outbox/shipment", shipment, Map.of("claim", 1));
    Exchange found = serai.give("lookup/shipment", shipment, Map.of());
    Exchange again = serai.give("outbox/shipment", shipment, Map.of("claim", 2));

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(told).get("remoteId").asText()).isEqualTo("1Z999A");
    assertThat(told.getMessage().getHeaders())
        .as("no secret is left behind, and the engine sees that it was answered")
        .containsOnly(Map.entry("CamelHttpResponseCode", 201));
    assertThat(receipt(found))
        .isEqualTo(Json.tree("{\"outcome\":\"found\",\"remoteId\":\"1Z999A\"}"));
    assertThat(receipt(again).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(ebay.ledger().effects().of("shipment.created").on(id).count()).isEqualTo(1);
    assertThat(ebay.order(id).get("orderFulfillmentStatus").asText()).isEqualTo("FULFILLED");
  }

  @Test
  void aParcelWhoseAnswerWasLostIsToldOnceWithANumberAndWithout() throws Exception {
    for (String number : new String[] {"1Z888", null}) {
      String id = ebay.createOrder();
      ObjectNode shipment = shipment(id, number);
      ebay.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).on("ship").times(1));

      Exchange lost = serai.give("outbox/shipment", shipment, Map.of("claim", 1));
      Exchange found = serai.give("lookup/shipment", shipment, Map.of());
      Exchange again = serai.give("outbox/shipment", shipment, Map.of("claim", 2));

      assertThat(lost.getException()).isNotNull();
      assertThat(receipt(found).get("outcome").asText()).isEqualTo("found");
      assertThat(receipt(again).get("outcome").asText()).isEqualTo("confirmed");
      assertThat(ebay.ledger().effects().of("shipment.created").on(id).count()).isEqualTo(1);
    }
  }

  @Test
  void ofTwoParcelsOfWhichOneIsKnownTheOtherIsTold() throws Exception {
    String id = ebay.createOrder();
    ObjectNode shipment = shipment(id, "1Z777");
    ((ArrayNode) shipment.get("packages"))
        .add(
            Json.tree(
                "{\"tracking\":[{\"number\":\"1Z778\"}],\"lines\":[{\"lineId\":\"%s\",\"quantity\":1}]}"
                    .formatted(lineId(id))));
    ebay.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).on("ship").times(1));

    serai.give("outbox/shipment", shipment, Map.of("claim", 1));
    Exchange half = serai.give("lookup/shipment", shipment, Map.of());
    Exchange rest = serai.give("outbox/shipment", shipment, Map.of("claim", 2));

    assertThat(receipt(half).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(rest).get("remoteId").asText()).isEqualTo("1Z778");
    assertThat(ebay.ledger().effects().of("shipment.created").on(id).count()).isEqualTo(2);
  }

  @Test
  void aParcelThatIsRefusedIsThrownForTheEngineToName() throws Exception {
    String id = ebay.createOrder();
    ObjectNode shipment = shipment(id, "1Z666");
    ((ObjectNode) shipment.at("/packages/0/lines/0")).put("lineId", "1");

    Exchange refused = serai.give("outbox/shipment", shipment, Map.of("claim", 1));

    assertThat(refused.getException())
        .isInstanceOfSatisfying(
            HttpOperationFailedException.class,
            e -> assertThat(e.getResponseBody()).contains("32200"));
  }

  @Test
  void anAnswerWithoutAPlaceIsNoYes() throws Exception {
    String id = ebay.createOrder();
    ebay.moods()
        .set(
            Mood.of(Mood.Kind.GARBAGE).on("ship").times(1),
            Mood.of(Mood.Kind.HTML).on("ship").times(1),
            Mood.of(Mood.Kind.ERROR_IN_200).on("ship").times(1));

    for (var i = 0; i < 3; i++) {
      Exchange exchange = serai.give("outbox/shipment", shipment(id, "1Z55" + i), Map.of());

      assertThat(receipt(exchange).isNull()).isTrue();
    }
  }

  @Test
  void stockIsWrittenArticleByArticle() throws Exception {
    var publication =
        Json.tree(
            """
            {"items":[
              {"key":"a","sku":"MUG-BLU","listingId":"%s","quantity":7},
              {"key":"b","sku":"NOBODY","listingId":"NOBODY","quantity":3},
              {"key":"c","sku":"MUG-RED","listingId":"MUG-RED","quantity":5}]}"""
                .formatted(ebay.offer("MUG-BLU")));

    JsonNode receipt = receipt(serai.give("outbox/stock", publication, Map.of("deliveryKey", "k")));

    assertThat(receipt.get("items").findValuesAsText("outcome"))
        .containsExactly("confirmed", "failed", "confirmed");
    assertThat(receipt.at("/items/1/code").asText()).isEqualTo("25702");
    assertThat(ebay.stock("MUG-BLU")).containsEntry("shown", 7).containsEntry("sendable", 7);
    assertThat(ebay.stock("MUG-RED")).containsEntry("shown", 1000).containsEntry("sendable", 5);
  }

  @Test
  void articlesBecomeListingsOfTheirOffers() throws Exception {
    var articles = new ArrayList<JsonNode>();
    String cursor = null;
    do {
      serai.arrived.clear();
      var variables = new HashMap<String, Object>(Map.of("since", "2026-03-02T10:00:00Z"));
      if (cursor != null) {
        variables.put("cursor", cursor);
      }
      assertThat(serai.give("poll/listing", null, variables).getException()).isNull();
      JsonNode page = (JsonNode) serai.arrived.getFirst().body();
      page.get("items").forEach(articles::add);
      cursor = page.path("cursor").asText(null);
    } while (cursor != null);
    serai.arrived.clear();

    serai.give("inbox/listing", Json.bytes(articles.getFirst()), Map.of());
    serai.give("inbox/listing", Json.tree("{\"sku\":\"A & B + 50%\",\"title\":\"New\"}"), Map.of());

    assertThat(articles).hasSizeGreaterThan(30);
    String sku = articles.getFirst().get("sku").asText();
    assertThat(plain((JsonNode) serai.arrived.get(0).body()).at("/listings/0/listingId").asText())
        .matches("[0-9]+/" + ebay.offer(sku));
    assertThat(plain((JsonNode) serai.arrived.get(1).body()).at("/listings/0/listingId").asText())
        .isEqualTo("A & B + 50%");
  }

  @Test
  void whatTheBuyerAskedForIsApprovedAndFoundAgain() throws Exception {
    String id = ebay.createOrder();
    ebay.askToCancel(id);
    ObjectNode cancellation = cancellation(id, "BUYER");

    Exchange absent = serai.give("lookup/cancellation", cancellation, Map.of());
    Exchange told = serai.give("outbox/cancellation", cancellation, Map.of());
    Exchange found = serai.give("lookup/cancellation", cancellation, Map.of());
    Exchange again = serai.give("outbox/cancellation", cancellation, Map.of());

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(told).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(found).get("outcome").asText()).isEqualTo("found");
    assertThat(receipt(again).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(ebay.ledger().effects().of("order.cancelled").on(id).count()).isEqualTo(1);
  }

  @Test
  void whatCannotBeGrantedIsRejectedAndTheRejectionFoundAgain() throws Exception {
    String id = ebay.createOrder();
    String request = ebay.askToCancel(id);
    ObjectNode no = cancellation(id, "BUYER").put("request", request).put("granted", false);

    Exchange absent = serai.give("lookup/cancellation", no, Map.of());
    Exchange told = serai.give("outbox/cancellation", no, Map.of());
    Exchange found = serai.give("lookup/cancellation", no, Map.of());
    Exchange again = serai.give("outbox/cancellation", no, Map.of());

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(told).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(found).get("outcome").asText()).isEqualTo("found");
    assertThat(receipt(again).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(ebay.order(id).at("/cancelStatus/cancelState").asText()).isEqualTo("NONE_REQUESTED");
  }

  @Test
  void whatTheSellerCannotSendIsCancelledOnce() throws Exception {
    String id = ebay.createOrder();

    Exchange told = serai.give("outbox/cancellation", cancellation(id, "MERCHANT"), Map.of());

    assertThat(receipt(told).get("remoteId").asText()).isNotBlank();
    assertThat(ebay.order(id).at("/cancelStatus/cancelState").asText()).isEqualTo("CANCELED");
  }

  @Test
  void anErrorUnderASuccessIsNoPage() throws Exception {
    ebay.moods().set(Mood.of(Mood.Kind.ERROR_IN_200).on("search-orders").times(1));

    Exchange exchange =
        serai.give(
            "poll/order",
            null,
            Map.of("since", "2026-03-02T09:00:00Z", "until", "2026-03-02T10:00:00Z"));

    assertThat(exchange.getException()).hasMessageContaining("30500");
    assertThat(serai.arrived).isEmpty();
  }

  /** Every item of every page of a poll of the last hour. */
  private List<JsonNode> poll() throws Exception {
    var items = new ArrayList<JsonNode>();
    clock.advance(Duration.ofMinutes(1));
    var until = clock.instant().toString();
    String cursor = null;
    do {
      JsonNode page = page(cursor, "2026-03-02T09:00:00Z", until);
      page.path("items").forEach(items::add);
      cursor = page.path("cursor").asText(null);
    } while (cursor != null);
    return items;
  }

  private JsonNode page(String cursor, String since, String until) throws Exception {
    serai.arrived.clear();
    var variables = new HashMap<String, Object>(Map.of("since", since, "until", until));
    if (cursor != null) {
      variables.put("cursor", cursor);
    }
    Exchange exchange = serai.give("poll/order", null, variables);
    assertThat(exchange.getException()).isNull();
    return (JsonNode) serai.arrived.getFirst().body();
  }

  /** What a notification about an order leads to. */
  private SeraiDouble.Arrived hint(String orderId) throws Exception {
    serai.arrived.clear();
    Exchange exchange =
        serai.give(
            "inbox/order-change",
            "{\"notification\":{\"data\":{\"order\":{\"orderId\":\"%s\"}}}}"
                .formatted(orderId)
                .getBytes(),
            Map.of());
    assertThat(exchange.getException()).isNull();
    return serai.arrived.getFirst();
  }

  private static JsonNode items(SeraiDouble.Arrived arrived) {
    assertThat(arrived.word()).isEqualTo("accept/order");
    assertThat(arrived.options()).containsEntry("document", "/document");
    return ((JsonNode) arrived.body()).get("items");
  }

  private static JsonNode order(JsonNode item) {
    return MAPPINGS.mapping("ebay/order.in.jslt").apply(item, CONTEXT);
  }

  private String lineId(String orderId) {
    return ebay.order(orderId).at("/lineItems/0/lineItemId").asText();
  }

  private ObjectNode shipment(String orderId, String number) {
    var shipment =
        (ObjectNode)
            Json.tree(
                """
                {"fulfillmentId":"ful_1","shipmentId":"S-1","shippedAt":"2026-03-02T10:00:00Z",
                 "carrier":{"code":"ups","name":"UPS"},"packages":[{"lines":[]}]}""");
    var parcel = (ObjectNode) shipment.at("/packages/0");
    if (number != null) {
      parcel.putArray("tracking").addObject().put("number", number);
    }
    for (JsonNode line : ebay.order(orderId).get("lineItems")) {
      ((ArrayNode) parcel.get("lines"))
          .addObject()
          .put("lineId", line.get("lineItemId").asText())
          .put("quantity", line.get("quantity").asInt());
    }
    return about(shipment, orderId);
  }

  private static ObjectNode cancellation(String orderId, String source) {
    return about(
        (ObjectNode)
            Json.tree(
                "{\"source\":\"%s\",\"cancelledAt\":\"2026-03-02T10:00:00Z\"}".formatted(source)),
        orderId);
  }

  private static ObjectNode about(ObjectNode document, String orderId) {
    document
        .putObject("channel")
        .put("type", "ebay")
        .put("account", "ebay-main")
        .put("orderId", orderId);
    return document;
  }

  private static JsonNode receipt(Exchange exchange) {
    assertThat(exchange.getException()).isNull();
    return plain(exchange.getMessage().getBody(JsonNode.class));
  }

  private static JsonNode plain(JsonNode mapped) {
    return Json.tree(Json.bytes(mapped));
  }
}
