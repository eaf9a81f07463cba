package io.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.catalog.MappingException;
import io.serai.catalog.Mappings;
import io.serai.order.Order;
import io.serai.simulator.EtsyOptions;
import io.serai.simulator.EtsySimulator;
import io.serai.simulator.Mood;
import io.serai.support.Json;
import java.math.BigDecimal;
import java.nio.file.Path;
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

/** Etsy's real routes, kamelets and mappings against its stand-in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EtsyRoutesTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of("account", TextNode.valueOf("etsy-main"));

  private EtsySimulator shop;
  private ConnectorRoutes routes;
  private SeraiDouble serai;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    shop = EtsySimulator.start(EtsyOptions.in(folder).quota(100_000, 1_000_000).initialStock(40));
    var parameters = new HashMap<String, String>();
    shop.parameters().forEach((name, value) -> parameters.put(name, value.toString()));
    routes =
        new ConnectorRoutes(Map.of("etsy", new ConnectorRoutes.Account("etsy-main", parameters)));
    serai = routes.serai;
    serai.tokens.put("token", shop.accessToken());
    serai.tokens.put("token/key", parameters.get("api-key"));
  }

  @BeforeEach
  void forget() {
    serai.arrived.clear();
    serai.taken.clear();
    shop.moods().calm();
  }

  @AfterAll
  void stop() {
    routes.close();
    shop.close();
  }

  @Test
  void everyReceiptIsFoundWhateverPagesDoAndAddsUp() throws Exception {
    var ids = new ArrayList<String>();
    for (var i = 0; i < 230; i++) {
      ids.add(shop.createOrder());
    }
    shop.cancel(ids.get(3));
    shop.moods().set(Mood.of(Mood.Kind.REPEATED_ITEMS), Mood.of(Mood.Kind.SHUFFLED_ITEMS));

    var found = new HashSet<String>();
    for (var receipt : poll("order")) {
      var mapped = MAPPINGS.mapping("etsy/order.in.jslt").apply(receipt, CONTEXT);
      var order = Json.as(mapped, Order.class);
      assertThat(order.contradictions()).as(receipt.toString()).isEmpty();
      assertThat(order.moneyMismatch()).as(receipt.toString()).isEmpty();
      assertThat(order.cancelledWhole())
          .isEqualTo(receipt.get("status").asText().equals("canceled"));
      found.add(order.channel().orderId());
    }

    assertThat(found).containsAll(ids);
    assertThat(serai.taken).contains("calls", "day");
  }

  @Test
  void aReceiptListedBeforeItsLinesIsReadByItself() throws Exception {
    var id = shop.createOrder();
    var early = shop.order(id);
    early.putArray("transactions");

    serai.give("inbox/order", Json.bytes(early), Map.of("account", "etsy-main", "messageKey", id));

    var order = Json.as((JsonNode) serai.arrived.getFirst().body(), Order.class);
    assertThat(order.lines()).hasSameSizeAs(shop.order(id).get("transactions"));
  }

  @Test
  void aReceiptThatOthersWaitForIsReadByItsNumber() throws Exception {
    var id = shop.createOrder();

    serai.give("fetch/order", null, Map.of("messageKey", id));

    assertThat(((JsonNode) serai.arrived.getFirst().body()).get("receipt_id").asText())
        .isEqualTo(id);
  }

  @Test
  void eachRefundOfAReceiptIsAMessage() throws Exception {
    var id = shop.createOrder();
    shop.refund(id, new BigDecimal("1.25"), "chipped");
    shop.refund(id, new BigDecimal("2"), "late");

    var refunds =
        poll("refund").stream()
            .map(r -> MAPPINGS.mapping("etsy/refund.in.jslt").apply(r, CONTEXT))
            .filter(r -> r.at("/channel/orderId").asText().equals(id))
            .toList();

    assertThat(refunds)
        .extracting(r -> r.at("/total/amount").asText())
        .containsExactly("1.25", "2.00");
    assertThat(refunds).extracting(r -> r.get("refundId").asText()).doesNotHaveDuplicates();
  }

  @Test
  void aParcelIsToldOnceAndFoundAgain() throws Exception {
    var id = orderToShip();
    var shipment = shipment(id, "1Z 999+A&1", "92748");

    var absent = serai.give("lookup/shipment", shipment, Map.of());
    var told = serai.give("outbox/shipment", shipment, Map.of("deliveryKey", "s1"));
    var found = serai.give("lookup/shipment", shipment, Map.of());
    var again = serai.give("outbox/shipment", shipment, Map.of("deliveryKey", "s1", "claim", 2));

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(receipt(told).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(receipt(found).get("outcome").asText()).isEqualTo("found");
    assertThat(receipt(again).get("outcome").asText()).isEqualTo("confirmed");
    assertThat(shop.order(id).get("shipments"))
        .extracting(s -> s.get("tracking_code").asText())
        .containsExactly("1Z 999+A&1", "92748");
    assertThat(shop.order(id).get("status").asText()).isEqualTo("completed");
  }

  @Test
  void aShipmentOfWhichOnlyTheFirstParcelWasToldIsAbsentAndToldToTheEnd() throws Exception {
    var id = orderToShip();
    serai.give("outbox/shipment", shipment(id, "A1"), Map.of("deliveryKey", "s1"));

    var absent = serai.give("lookup/shipment", shipment(id, "A1", "A2"), Map.of());
    serai.give(
        "outbox/shipment", shipment(id, "A1", "A2"), Map.of("deliveryKey", "s1", "claim", 2));

    assertThat(receipt(absent).get("outcome").asText()).isEqualTo("absent");
    assertThat(shop.order(id).get("shipments"))
        .extracting(s -> s.get("tracking_code").asText())
        .containsExactly("A1", "A2");
  }

  @Test
  void aCancelledReceiptRefusesItsShipment() throws Exception {
    var id = orderToShip();
    shop.cancel(id);

    var told = serai.give("outbox/shipment", shipment(id, "A1"), Map.of("deliveryKey", "s1"));

    assertThat(told.getException(HttpOperationFailedException.class).getStatusCode())
        .isEqualTo(400);
  }

  @Test
  void stockIsWrittenIntoTheMatrixAndNothingElseOfItIsChanged() throws Exception {
    var listings = listings();
    var before = matrix("MUG-BLU");

    var done = stock(listings, Map.of("MUG-BLU", 7, "MUG-RED", 0, "LAMP", 3));

    assertThat(done.findValuesAsText("outcome"))
        .containsExactly("confirmed", "confirmed", "confirmed");
    assertThat(shop.onOffer("MUG-BLU")).isEqualTo(7);
    assertThat(shop.onOffer("MUG-RED")).isZero();
    assertThat(shop.onOffer("LAMP")).isEqualTo(3);
    for (var product : before.get("products")) {
      var quantity = (ObjectNode) product.at("/offerings/0");
      switch (product.get("sku").asText()) {
        case "MUG-BLU" -> quantity.put("quantity", 7);
        case "MUG-RED" -> quantity.put("quantity", 0);
        default -> {}
      }
    }
    assertThat(matrix("MUG-BLU")).isEqualTo(before);

    serai.taken.clear();
    stock(listings, Map.of("MUG-BLU", 7));
    assertThat(serai.taken)
        .as("what is shown already costs one call")
        .containsExactly("calls", "day");
  }

  @Test
  void aListingOfWhichNothingIsLeftIsMadeInactiveAndActiveAgain() throws Exception {
    var listings = listings();

    var none = stock(listings, Map.of("PEN", 0));
    assertThat(none.findValuesAsText("outcome")).containsExactly("confirmed");
    assertThat(shop.onOffer("PEN")).isZero();
    assertThat(listings().get("PEN").get("quantity").asInt()).isZero();

    var some = stock(listings, Map.of("PEN", 1_200));
    assertThat(some.findValuesAsText("outcome")).containsExactly("confirmed");
    assertThat(shop.onOffer("PEN")).isEqualTo(999);
  }

  @Test
  void aListingThatIsGoneOrSoldOutAndAProductThatIsGoneStopNoOther() throws Exception {
    var listings = listings();
    var unknown = (ObjectNode) listings.get("TEE-S").deepCopy();
    unknown.put("listingId", "1999/TEE-S");
    var noProduct = (ObjectNode) listings.get("TEE-S").deepCopy();
    noProduct.put("listingId", noProduct.get("listingId").asText().split("/")[0] + "/TEE-XXL");
    shop.sellOut("KNIF");

    var done =
        publish(
            item("gone", unknown, 1),
            item("product", noProduct, 1),
            item("sold", listings.get("KNIF"), 1),
            item("fine", listings.get("TEE-M"), 11));

    assertThat(done.findValuesAsText("key"))
        .containsExactlyInAnyOrder("gone", "product", "sold", "fine");
    assertThat(code(done, "gone")).isEqualTo("LISTING_GONE");
    assertThat(code(done, "product")).isEqualTo("PRODUCT_GONE");
    assertThat(code(done, "sold")).isEqualTo("SOLD_OUT");
    assertThat(code(done, "fine")).isEmpty();
    assertThat(shop.onOffer("TEE-M")).isEqualTo(11);
  }

  @Test
  void whatEtsyDoesNotTakeIsSaidWithItsWords() throws Exception {
    var listings = listings();
    shop.moods().set(Mood.of(Mood.Kind.REFUSING).on("updateListingInventory"));

    var done = stock(listings, Map.of("CAP-NVY", 4, "CAP-OLV", 5));

    assertThat(done.findValuesAsText("code")).containsExactly("NOT_TAKEN", "NOT_TAKEN");
    assertThat(done.findValuesAsText("sentence").getFirst())
        .contains("The shop does not take this change");
  }

  @Test
  void anErrorInsideASuccessIsAnErrorOfItsOwn() throws Exception {
    var listings = listings();
    for (var operation : List.of("getListing", "updateListingInventory")) {
      shop.moods().set(Mood.of(Mood.Kind.ERROR_IN_200).on(operation));
      var publication = publication(item("a", listings.get("TOTE-NAT"), 17));

      var exchange = serai.give("outbox/stock", publication, Map.of("deliveryKey", "k"));

      assertThat(exchange.getException(MappingException.class).code())
          .as(operation)
          .isEqualTo("ETSY_ERROR");
    }
    shop.moods().set(Mood.of(Mood.Kind.ERROR_IN_200).on("getShopReceipts"));
    serai.arrived.clear();
    var polled = serai.give("poll/order", null, Map.of("since", "2020-01-01T00:00:00Z"));
    assertThat(polled.getException(MappingException.class).code()).isEqualTo("ETSY_ERROR");
    assertThat(serai.arrived).noneMatch(arrived -> arrived.word().equals("accept/order"));
  }

  @Test
  void tooManyCallsAndAWrongTokenAreThrownForTheEngineToName() throws Exception {
    var publication = publication(item("a", listings().get("TOTE-NAT"), 18));
    for (var mood : Map.of(Mood.Kind.THROTTLING, 429, Mood.Kind.UNAUTHORIZED, 401).entrySet()) {
      shop.moods().set(Mood.of(mood.getKey()));

      var exchange = serai.give("outbox/stock", publication, Map.of("deliveryKey", "k"));

      assertThat(exchange.getException(HttpOperationFailedException.class).getStatusCode())
          .isEqualTo(mood.getValue());
    }
  }

  private List<JsonNode> poll(String document) throws Exception {
    var items = new ArrayList<JsonNode>();
    String cursor = null;
    do {
      serai.arrived.clear();
      var variables = new HashMap<String, Object>(Map.of("since", "2020-01-01T00:00:00.123Z"));
      if (cursor != null) {
        variables.put("cursor", cursor);
      }
      var exchange = serai.give("poll/" + document, null, variables);
      assertThat(exchange.getException()).isNull();
      var page = (JsonNode) serai.arrived.getFirst().body();
      page.path("items").forEach(items::add);
      cursor = page.path("cursor").asText(null);
    } while (cursor != null);
    return items;
  }

  private Map<String, JsonNode> listings() throws Exception {
    var bySku = new HashMap<String, JsonNode>();
    for (var listing : poll("listing")) {
      MAPPINGS
          .mapping("etsy/listing.in.jslt")
          .apply(listing, CONTEXT)
          .get("listings")
          .forEach(l -> bySku.put(l.get("sku").asText(), l));
    }
    return bySku;
  }

  private JsonNode matrix(String sku) throws Exception {
    for (var listing : poll("listing")) {
      for (var product : listing.at("/inventory/products")) {
        if (product.get("sku").asText().equals(sku)) {
          return listing.get("inventory");
        }
      }
    }
    throw new AssertionError("no listing of " + sku);
  }

  private JsonNode stock(Map<String, JsonNode> listings, Map<String, Integer> wanted)
      throws Exception {
    return publish(
        wanted.entrySet().stream()
            .map(e -> item(e.getKey(), listings.get(e.getKey()), e.getValue()))
            .toArray(ObjectNode[]::new));
  }

  private JsonNode publish(ObjectNode... items) throws Exception {
    return receipt(serai.give("outbox/stock", publication(items), Map.of("deliveryKey", "k")));
  }

  private static ObjectNode publication(ObjectNode... items) {
    var publication = Json.MAPPER.createObjectNode();
    publication.putArray("items").addAll(List.of(items));
    return publication;
  }

  private static ObjectNode item(String key, JsonNode listing, int quantity) {
    return Json.MAPPER
        .createObjectNode()
        .put("key", key)
        .put("sku", listing.get("sku").asText())
        .put("listingId", listing.get("listingId").asText())
        .put("quantity", quantity);
  }

  private static String code(JsonNode done, String key) {
    for (var item : done.get("items")) {
      if (item.get("key").asText().equals(key)) {
        return item.path("code").asText();
      }
    }
    throw new AssertionError(key + " is not in " + done);
  }

  private String orderToShip() {
    while (true) {
      var id = shop.createOrder();
      if (!shop.order(id).at("/transactions/0/is_digital").asBoolean()) {
        return id;
      }
    }
  }

  private ObjectNode shipment(String orderId, String... numbers) {
    var line = shop.order(orderId).at("/transactions/0");
    var shipment =
        (ObjectNode)
            Json.tree(
                """
                {"fulfillmentId":"ful_1","shipmentId":"S-1","shippedAt":"2026-03-02T08:00:00Z",
                 "carrier":{"code":"ups","name":"UPS"},"packages":[]}""");
    shipment
        .putObject("channel")
        .put("type", "etsy")
        .put("account", "etsy-main")
        .put("orderId", orderId);
    for (var number : numbers) {
      var parcel = ((ArrayNode) shipment.get("packages")).addObject();
      parcel.putArray("tracking").addObject().put("number", number);
      parcel
          .putArray("lines")
          .addObject()
          .put("lineId", line.get("transaction_id").asText())
          .put("quantity", 1);
    }
    return shipment;
  }

  private static JsonNode receipt(Exchange exchange) {
    assertThat(exchange.getException()).isNull();
    return Json.tree(Json.bytes(exchange.getMessage().getBody(JsonNode.class)));
  }
}
