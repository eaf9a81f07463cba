package io.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.Mappings;
import io.serai.order.Order;
import io.serai.simulator.AmazonOptions;
import io.serai.simulator.AmazonSimulator;
import io.serai.simulator.Mood;
import io.serai.support.Await;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real routes and kamelets of Amazon against its stand-in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmazonRoutesTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of("account", TextNode.valueOf("amazon-main"));

  private final ManualClock clock = new ManualClock();
  private AmazonSimulator amazon;
  private ConnectorRoutes routes;
  private SeraiDouble serai;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    amazon = AmazonSimulator.start(AmazonOptions.in(folder).clock(clock).quotas(10_000));
    routes =
        new ConnectorRoutes(
            Map.of(
                "amazon",
                new ConnectorRoutes.Account(
                    "amazon-main",
                    Map.of(
                        "base-url", amazon.url().toString(),
                        "seller-id", "A2SERAISIM0001",
                        "marketplace-id", "ATVPDKIKX0DER",
                        "notifications", "true",
                        "queue-url", amazon.queueUrl().toString(),
                        "queue-endpoint", amazon.url().toString(),
                        "queue-access-key", "AKIASERAISIM",
                        "queue-secret-key", "sqs%secret&"))));
    serai = routes.serai;
    serai.tokens.put("token", token());
  }

  @BeforeEach
  void forget() {
    amazon.moods().calm();
    serai.arrived.clear();
    serai.taken.clear();
  }

  @AfterAll
  void stop() {
    routes.close();
    amazon.close();
  }

  @Test
  void everyKindOfOrderIsReadWhole() throws Exception {
    for (int i = 0; i < 60; i++) {
      String id = amazon.createOrder();
      if (i % 4 == 1) {
        amazon.requestCancel(id, "Changed mind");
      }
      if (i % 9 == 5) {
        amazon.cancel(id, "AMAZON", "Payment declined");
      }

      JsonNode told = fetched(id);
      Order order = Json.as(told, Order.class);

      assertThat(order.contradictions()).as(id).isEmpty();
      assertThat(order.moneyMismatch()).as(id).isEmpty();
    }
  }

  @Test
  void aSearchBringsEveryOrderOfAWindowPageByPage() throws Exception {
    var placed = new HashSet<String>();
    for (int i = 0; i < 120; i++) {
      placed.add(amazon.createOrder());
    }
    clock.advance(Duration.ofMinutes(3));

    var found = new ArrayList<String>();
    for (JsonNode order : poll("order", clock.instant().minus(Duration.ofDays(1)))) {
      found.add(order.get("orderId").asText());
    }

    assertThat(found).containsAll(placed).doesNotHaveDuplicates();
    assertThat(serai.taken).containsOnly("search-orders").hasSizeGreaterThan(1);
  }

  @Test
  void anOrderThatOthersWaitForIsFoundByItsKeyAndAnUnknownOneEndsTheRoute() throws Exception {
    String id = amazon.createOrder();

    serai.give("fetch/order", null, Map.of("messageKey", id));
    Exchange unknown = serai.give("fetch/order", null, Map.of("messageKey", "701-1-1"));

    JsonNode page = (JsonNode) accepted("accept/order").getFirst().body();
    assertThat(page.at("/items/0/orderId").asText()).isEqualTo(id);
    assertThat(unknown.getException(HttpOperationFailedException.class).getStatusCode())
        .isEqualTo(404);
  }

  @Test
  void aNotificationIsKeptDeletedAndHasItsOrderRead() throws Exception {
    String id = amazon.createOrder();

    Await.until(
        "the notification",
        Duration.ofSeconds(60),
        () -> accepted("accept/order-change").stream().anyMatch(a -> tells(a, id)));
    Await.until(
        "its deletion",
        Duration.ofSeconds(60),
        () -> amazon.summary(false).at("/queue/waiting").asInt() == 0);
    var hint = accepted("accept/order-change").stream().filter(a -> tells(a, id)).findFirst().get();
    serai.give("inbox/order-change", hint.body(), Map.of("account", "amazon-main"));

    var read = accepted("accept/order");
    assertThat(read).hasSize(1);
    assertThat(read.getFirst().options()).containsEntry("version", "/lastUpdatedTime");
    assertThat(((JsonNode) read.getFirst().body()).get("orderId").asText()).isEqualTo(id);
  }

  @Test
  void anOrderShownBeforeItsItemsIsReadAgain() throws Exception {
    String id = amazon.createOrder();
    ObjectNode bare = amazon.order(id);
    bare.putArray("orderItems");

    serai.give("inbox/order", Json.bytes(bare), Map.of("account", "amazon-main"));
    amazon.moods().set(Mood.of(Mood.Kind.LATE_LINES).lasting(Duration.ofHours(1)));
    Exchange stillBare =
        serai.give("inbox/order", Json.bytes(bare), Map.of("account", "amazon-main"));

    JsonNode order = (JsonNode) accepted("apply/order").getFirst().body();
    assertThat(order.get("lines")).isNotEmpty();
    assertThat(stillBare.getException()).hasMessageContaining("without its items");
  }

  @Test
  void aShipmentOfTwoPackagesIsConfirmedOnceAndFoundAgain() throws Exception {
    String id = orderOf(2);
    ObjectNode shipment = shipment(id, true);

    Exchange absent = serai.give("lookup/shipment", shipment, Map.of());
    Exchange told = serai.give("outbox/shipment", shipment, Map.of("claim", 1));
    Exchange found = serai.give("lookup/shipment", shipment, Map.of());
    Exchange again = serai.give("outbox/shipment", shipment, Map.of("claim", 2));

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(told).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(found).get("outcome").asText()).isEqualTo("found");
    assertThat(receipt(again)).isEqualTo(Json.tree("{\"outcome\":\"confirmed\"}"));
    assertThat(amazon.order(id).get("packages")).hasSize(2);
    assertThat(amazon.order(id).at("/fulfillment/fulfillmentStatus").asText()).isEqualTo("SHIPPED");
    assertThat(amazon.ledger().effects().of("shipment.confirmed").on(id)).hasSize(2);
    assertThat(amazon.ledger().effects().of("shipment.edited").on(id)).isEmpty();
  }

  @Test
  void aShipmentBegunBeforeIsGoneOnWithAndBySkuTheItemsAreFound() throws Exception {
    String id = orderOf(2);
    ObjectNode shipment = shipment(id, false);
    amazon
        .moods()
        .set(Mood.of(Mood.Kind.REQUEST_LOST).on("confirmShipment").withEffect(true).times(1));

    Exchange lost = serai.give("outbox/shipment", shipment, Map.of("claim", 1));
    Exchange partly = serai.give("lookup/shipment", shipment, Map.of());
    Exchange rest = serai.give("outbox/shipment", shipment, Map.of("claim", 2));

    assertThat(lost.getException()).isNotNull();
    assertThat(amazon.ledger().effects().of("shipment.confirmed").on(id)).hasSize(2);
    assertThat(receipt(partly).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(rest).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(amazon.ledger().effects().of("shipment.edited").on(id)).isEmpty();
    assertThat(amazon.order(id).at("/fulfillment/fulfillmentStatus").asText()).isEqualTo("SHIPPED");
  }

  @Test
  void aPackageWithoutTrackingIsRefusedBeforeAmazonIsAsked() throws Exception {
    String id = orderOf(1);
    ObjectNode shipment = shipment(id, true);
    ((ObjectNode) shipment.at("/packages/0")).remove("tracking");

    Exchange refused = serai.give("outbox/shipment", shipment, Map.of("claim", 1));

    assertThat(refused.getException()).hasMessageContaining("has no tracking number");
    assertThat(amazon.order(id).has("packages")).isFalse();
  }

  @Test
  void aQuantityIsWrittenAlsoOfASkuThatMustBeEncoded() throws Exception {
    Exchange written = stock("MUG-BLU", 7);
    Exchange unknown = stock("NO SUCH/SKU+1", 7);

    assertThat(receipt(written).at("/items/0/outcome").asText()).isEqualTo("confirmed");
    assertThat(amazon.stock("MUG-BLU")).isEqualTo(7);
    var refusal = unknown.getException(HttpOperationFailedException.class);
    assertThat(refusal.getStatusCode()).isEqualTo(404);
    assertThat(refusal.getResponseBody()).contains("'NO SUCH/SKU+1'");
  }

  @Test
  void manyQuantitiesGoAsAFeedWhoseReportNamesWhatWasRefused() throws Exception {
    ObjectNode publication =
        (ObjectNode)
            Json.tree(
                """
                {"items":[{"key":"MUG-BLU/","listingId":"MUG-BLU","quantity":7},
                          {"key":"NO SUCH/SKU+1/","listingId":"NO SUCH/SKU+1","quantity":7}]}""");

    JsonNode taken = receipt(serai.give("outbox/stock", publication, Map.of()));
    clock.advance(Duration.ofSeconds(2));
    Await.until(
        "the feed is worked off", Duration.ofSeconds(60), () -> amazon.stock("MUG-BLU") == 7);
    var feeds = poll("acknowledgment", clock.instant().minus(Duration.ofHours(1)));
    serai.give(
        "inbox/acknowledgment", Json.bytes(feeds.getLast()), Map.of("account", "amazon-main"));

    assertThat(taken.get("outcome").asText()).isEqualTo("pending");
    JsonNode said = (JsonNode) accepted("apply/acknowledgment").getFirst().body();
    assertThat(said.get("remoteId")).isEqualTo(taken.get("remoteId"));
    assertThat(said.get("state").asText()).isEqualTo("ACCEPTED");
    assertThat(said.get("refused")).hasSize(1);
    assertThat(said.at("/refused/0/listingId").asText()).isEqualTo("NO SUCH/SKU+1");
    assertThat(serai.taken)
        .contains("create-feed-document", "create-feed", "get-feeds", "get-feed-document");
  }

  @Test
  void everyListingIsReadWithWhatItShows() throws Exception {
    var listings = new ArrayList<JsonNode>();
    for (JsonNode item : poll("listing", Instant.EPOCH)) {
      listings.add(
          MAPPINGS.mapping("amazon/listing.in.jslt").apply(item, CONTEXT).at("/listings/0"));
    }

    assertThat(listings.size()).isGreaterThan(40);
    assertThat(listings).allSatisfy(l -> assertThat(l.get("quantity").isInt()).isTrue());
    assertThat(listings).extracting(l -> l.get("listingId").asText()).doesNotHaveDuplicates();
  }

  private List<JsonNode> poll(String document, Instant since) throws Exception {
    var items = new ArrayList<JsonNode>();
    String cursor = null;
    do {
      serai.arrived.clear();
      var variables = new HashMap<String, Object>(Map.of("since", since.toString()));
      if (cursor != null) {
        variables.put("cursor", cursor);
      }
      assertThat(serai.give("poll/" + document, null, variables).getException()).isNull();
      JsonNode page = (JsonNode) accepted("accept/" + document).getFirst().body();
      page.path("items").forEach(items::add);
      cursor = page.path("cursor").asText(null);
    } while (cursor != null);
    return items;
  }

  private JsonNode fetched(String id) throws Exception {
    serai.arrived.clear();
    serai.give("fetch/order", null, Map.of("messageKey", id));
    JsonNode order = ((JsonNode) accepted("accept/order").getFirst().body()).at("/items/0");
    return MAPPINGS.mapping("amazon/order.in.jslt").apply(order, CONTEXT);
  }

  private List<SeraiDouble.Arrived> accepted(String word) {
    return serai.arrived.stream().filter(a -> a.word().equals(word)).toList();
  }

  private static boolean tells(SeraiDouble.Arrived hint, String orderId) {
    return String.valueOf(hint.body()).contains(orderId);
  }

  private String orderOf(int items) {
    while (true) {
      String id = amazon.createOrder();
      JsonNode order = amazon.order(id);
      if (order.at("/fulfillment/fulfilledBy").asText().equals("MERCHANT")
          && order.at("/fulfillment/fulfillmentStatus").asText().equals("UNSHIPPED")
          && order.get("orderItems").size() == items) {
        return id;
      }
    }
  }

  /** One package for each item. */
  private ObjectNode shipment(String id, boolean byLine) {
    JsonNode order = amazon.order(id);
    ObjectNode shipment =
        (ObjectNode)
            Json.tree(
                """
        {"fulfillmentId":"ful_1","shipmentId":"S-%s","shippedAt":"2026-03-02T08:00:00Z",
         "carrier":{"code":"ups","name":"UPS"},
         "channel":{"type":"amazon","account":"amazon-main","orderId":"%s"}}"""
                    .formatted(id, id));
    var packages = shipment.putArray("packages");
    for (JsonNode item : order.get("orderItems")) {
      var parcel = packages.addObject();
      parcel
          .putArray("tracking")
          .addObject()
          .put("number", "1Z" + item.get("orderItemId").asText());
      var line = parcel.putArray("lines").addObject();
      line.put("quantity", item.get("quantityOrdered").asInt());
      if (byLine) {
        line.put("lineId", item.get("orderItemId").asText());
      } else {
        line.put("sku", item.at("/product/sellerSku").asText());
      }
    }
    return shipment;
  }

  private Exchange stock(String sku, int quantity) throws Exception {
    ObjectNode publication = (ObjectNode) Json.tree("{\"items\":[{\"key\":\"p\"}]}");
    ((ObjectNode) publication.at("/items/0")).put("listingId", sku).put("quantity", quantity);
    return serai.give("outbox/stock", publication, Map.of());
  }

  private static JsonNode receipt(Exchange exchange) {
    assertThat(exchange.getException()).isNull();
    return Json.tree(Json.bytes(exchange.getMessage().getBody(JsonNode.class)));
  }

  private String token() throws Exception {
    var form =
        "grant_type=refresh_token&refresh_token=Atzr%7Cserai&client_id=amzn1.application-oa2-client.serai&client_secret=lwa-secret";
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(amazon.url() + "/auth/o2/token"))
                    .POST(HttpRequest.BodyPublishers.ofString(form))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return Json.tree(answer.body()).get("access_token").asText();
  }
}
