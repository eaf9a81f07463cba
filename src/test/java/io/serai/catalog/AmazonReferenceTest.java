package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.order.Order;
import io.serai.simulator.AmazonOptions;
import io.serai.simulator.AmazonSimulator;
import io.serai.support.Json;
import io.serai.support.Reference;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Amazon's own examples normalize, what we send is what its models take, and the stand-in shows
 * orders and notifications as they describe them. Skipped where the reference folder is not given.
 */
class AmazonReferenceTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of("account", TextNode.valueOf("amazon-main"));

  @Test
  void everyOrderOfTheModelsExamplesNormalizes() throws IOException {
    var orders = new ArrayList<JsonNode>();
    collect(model("orders_2026-01-01.json").get("paths"), "orderId", "orderItems", orders);

    assertThat(orders).hasSizeGreaterThanOrEqualTo(4);
    for (JsonNode order : orders) {
      JsonNode mapped = MAPPINGS.mapping("amazon/order.in.jslt").apply(order, CONTEXT);
      String id = order.get("orderId").asText();

      assertThat(canonical("order").validate(Json.tree(Json.bytes(mapped)))).as(id).isEmpty();
      Order read = Json.as(mapped, Order.class);
      assertThat(read.contradictions()).as(id).isEmpty();
      assertThat(read.moneyMismatch()).as(id).isEmpty();
    }
  }

  /** Examples that the folder keeps the place of only, and what is judged in their stead. */
  private static final Map<String, String> WITHHELD =
      Map.of(
          "orders_2026-01-01.json /orders/2026-01-01/orders",
          "one page of orders of several; the others are read",
          "orders_2026-01-01.json /orders/2026-01-01/orders/{orderId}",
          "two single orders of four; the others are read",
          "ordersV0.json /orders/v0/orders",
          "one page of the former model, of which every order is refused by name",
          "ordersV0.json /orders/v0/orders/{orderId}",
          "one order of the former model, of which every order is refused by name",
          "ordersV0.json /orders/v0/orders/{orderId}/orderItems",
          "lines of the former model, which nothing asks for",
          "ordersV0.json /orders/v0/orders/{orderId}/regulatedInfo",
          "what a pharmacy is asked, which nothing asks for",
          "listingsItems_2021-08-01.json /listings/2021-08-01/items/{sellerId}",
          "one page of listings of two; the other is read");

  @Test
  void theExamplesThatAreNotJudgedAreThoseThatTheFolderWithholds() throws IOException {
    var withheld = new TreeMap<String, Integer>();
    for (var file :
        List.of(
            "orders_2026-01-01.json",
            "ordersV0.json",
            "listingsItems_2021-08-01.json",
            "feeds_2021-06-30.json")) {
      for (var path : model(file).get("paths").properties()) {
        int count = path.getValue().findValuesAsText("x-serai-note").size();
        if (count > 0) {
          withheld.put(file + " " + path.getKey(), count);
        }
      }
    }

    assertThat(withheld.keySet()).isEqualTo(new TreeSet<>(WITHHELD.keySet()));
    assertThat(withheld.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(8);
    // and of each call that is made something is shown, so that nothing is judged by nothing
    for (var call : withheld.keySet()) {
      var model = call.substring(0, call.indexOf(' '));
      var path = call.substring(call.indexOf(' ') + 1);
      JsonNode answers = model(model).get("paths").get(path).at("/get/responses/200");
      assertThat(shown(answers)).as(call + ": " + WITHHELD.get(call)).isPositive();
    }
  }

  /** How many examples an answer's description holds. */
  private static int shown(JsonNode answer) {
    int count = 0;
    for (JsonNode example : answer.path("examples")) {
      count += example.has("x-serai-note") ? 0 : 1;
    }
    for (JsonNode one : answer.at("/x-amzn-api-sandbox/static")) {
      count += one.has("x-serai-note") ? 0 : 1;
    }
    return count;
  }

  // Orders v0 is deprecated for reading, and nothing asks for it: what came from it all the same
  // must not pass for an order without a state.
  @Test
  void anOrderOfTheFormerModelIsRefusedByName() throws IOException {
    var orders = new ArrayList<JsonNode>();
    collect(model("ordersV0.json").get("paths"), "AmazonOrderId", "OrderStatus", orders);

    assertThat(orders).hasSizeGreaterThanOrEqualTo(4);
    for (JsonNode order : orders) {
      assertThatThrownBy(() -> MAPPINGS.mapping("amazon/order.in.jslt").apply(order, CONTEXT))
          .isInstanceOf(MappingException.class)
          .hasMessageContaining("fulfillment.fulfillmentStatus");
    }
  }

  @Test
  void aNotificationOfTheModelsNamesItsOrderOrTellsOfNone() throws IOException {
    Mapping mapping = MAPPINGS.mapping("amazon/notification.in.jslt");
    var told = new TreeMap<String, JsonNode>();
    try (var files = Files.list(Reference.path("apis/amazon/schemas/notifications"))) {
      for (Path file : files.toList()) {
        for (JsonNode example : Json.tree(Files.readAllBytes(file)).path("examples")) {
          JsonNode type = example.path("NotificationType");
          told.put(
              type.isTextual() ? type.asText() : example.path("notificationType").asText("?"),
              example);
        }
      }
    }

    assertThat(told).hasSizeGreaterThanOrEqualTo(8).containsKey("ORDER_CHANGE");
    for (var one : told.entrySet()) {
      switch (one.getKey()) {
        case "ORDER_CHANGE" ->
            assertThat(mapping.apply(one.getValue(), CONTEXT))
                .isEqualTo(one.getValue().at("/Payload/OrderChangeNotification/AmazonOrderId"));
        case "?" ->
            // one has its type among its headers, as a service of another kind writes it
            assertThatThrownBy(() -> mapping.apply(one.getValue(), CONTEXT))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("NotificationType");
        default ->
            // what tells of something else is noted as drift and has no effect
            assertThat(mapping.apply(one.getValue(), CONTEXT).isNull()).as(one.getKey()).isTrue();
      }
    }
  }

  @Test
  void everyListingOfTheModelsExamplesNormalizes() throws IOException {
    var pages = new ArrayList<JsonNode>();
    collect(model("listingsItems_2021-08-01.json").get("paths"), "numberOfResults", "items", pages);

    assertThat(pages).isNotEmpty();
    for (JsonNode page : pages) {
      JsonNode read = MAPPINGS.mapping("amazon/listings-page.in.jslt").apply(page, CONTEXT);
      assertThat(read.path("cursor")).isEqualTo(page.at("/pagination/nextToken"));
      for (JsonNode item : read.get("items")) {
        JsonNode mapped = MAPPINGS.mapping("amazon/listing.in.jslt").apply(item, CONTEXT);
        assertThat(canonical("listing").validate(Json.tree(Json.bytes(mapped))))
            .as(item.get("sku").asText())
            .isEmpty();
      }
    }
  }

  @Test
  void whatIsAskedIsAskedInTheModelsWords() throws IOException {
    var context =
        Map.<String, JsonNode>of(
            "since", TextNode.valueOf("2026-03-02T08:00:00Z"),
            "cursor", TextNode.valueOf("next+page/2="),
            "marketplaceId", TextNode.valueOf("ATVPDKIKX0DER"),
            "includedData", TextNode.valueOf(includedData()));

    asks(
        "amazon/orders-query.out.jslt",
        context,
        model("orders_2026-01-01.json").at("/paths/~1orders~12026-01-01~1orders/get"));
    asks(
        "amazon/listings-query.out.jslt",
        context,
        model("listingsItems_2021-08-01.json")
            .at("/paths/~1listings~12021-08-01~1items~1{sellerId}/get"));
    JsonNode feeds = model("feeds_2021-06-30.json").at("/paths/~1feeds~12021-06-30~1feeds/get");
    asks("amazon/feeds-query.out.jslt", context, feeds);
    asks("amazon/feeds-query.out.jslt", Map.of("since", context.get("since")), feeds);
  }

  private static String includedData() throws IOException {
    var text = Files.readString(Path.of("connectors/amazon.connector.yaml"));
    return text.replaceAll("(?s).*included-data:[^\\n]*default: \"([A-Z,_]+)\".*", "$1");
  }

  private static void asks(String mapping, Map<String, JsonNode> context, JsonNode operation) {
    var known = new TreeMap<String, JsonNode>();
    operation.get("parameters").forEach(p -> known.put(p.get("name").asText(), p));
    var query = MAPPINGS.mapping(mapping).apply(Json.tree("{}"), context).asText();
    for (String pair : query.split("&")) {
      var name = pair.substring(0, pair.indexOf('='));
      var value = URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8);
      assertThat(known).as(mapping).containsKey(name);
      var values = new ArrayList<String>();
      known.get(name).at("/items/enum").forEach(v -> values.add(v.asText()));
      if (!values.isEmpty()) {
        assertThat(values).as(name).contains(value.split(","));
      }
      if (known.get(name).has("maximum")) {
        assertThat(Integer.parseInt(value))
            .isLessThanOrEqualTo(known.get(name).get("maximum").asInt());
      }
    }
    known.forEach(
        (name, parameter) -> {
          if (parameter.get("in").asText().equals("query")
              && parameter.path("required").asBoolean()) {
            assertThat(query).as(mapping).contains(name + "=");
          }
        });
  }

  @Test
  void packagesAreConfirmedInAmazonsWords() throws IOException {
    JsonSchema schema = described("ordersV0.json", "ConfirmShipmentRequest");

    for (Sample sample : samples("amazon/shipment.out.jslt")) {
      for (JsonNode request : Sample.read(sample.expected())) {
        assertThat(schema.validate(request)).as(sample.toString()).isEmpty();
      }
    }
  }

  @Test
  void stockIsWrittenInAmazonsWords() throws IOException {
    JsonSchema schema = described("listingsItems_2021-08-01.json", "ListingsItemPatchRequest");

    for (Sample sample : samples("amazon/stock.out.jslt")) {
      assertThat(schema.validate(Sample.read(sample.expected()))).as(sample.toString()).isEmpty();
    }
  }

  @Test
  void manyQuantitiesAreWrittenInAmazonsWords() throws IOException {
    JsonSchema feed = schema("schemas/feeds/listings-feed-schema-v2.json");
    for (Sample sample : samples("amazon/stock-feed.out.jslt")) {
      assertThat(feed.validate(Sample.read(sample.expected()))).as(sample.toString()).isEmpty();
    }

    JsonNode create =
        MAPPINGS
            .mapping("amazon/feed.out.jslt")
            .apply(
                Json.tree("{\"id\":\"amzn1.tortuga.4.x\"}"),
                Map.of("marketplaceId", TextNode.valueOf("ATVPDKIKX0DER")));
    assertThat(described("feeds_2021-06-30.json", "CreateFeedSpecification").validate(create))
        .isEmpty();
    for (Sample sample : samples("amazon/feeds-page.in.jslt")) {
      assertThat(
              described("feeds_2021-06-30.json", "GetFeedsResponse")
                  .validate(Sample.read(sample.input())))
          .as(sample.toString())
          .isEmpty();
    }
  }

  @Test
  void theReportOfTheModelNamesEachListingThatWasRefused() throws IOException {
    String report = "schemas/feeds/listings-feed-processing-report-schema-v2";
    JsonNode example = model(report + ".example.json");
    var feed =
        Json.tree(
            "{\"feedId\":\"1\",\"processingStatus\":\"DONE\",\"processingEndTime\":\"2026-03-02T08:00:00Z\"}");

    JsonNode read =
        MAPPINGS.mapping("amazon/acknowledgment.in.jslt").apply(example, Map.of("feed", feed));

    assertThat(canonical("acknowledgment").validate(Json.tree(Json.bytes(read)))).isEmpty();
    assertThat(read.get("refused")).hasSize(example.at("/summary/messagesInvalid").asInt());
    for (Sample sample : samples("amazon/acknowledgment.in.jslt")) {
      JsonNode input = Sample.read(sample.input());
      if (!input.isEmpty()) {
        assertThat(schema(report + ".json").validate(input)).as(sample.toString()).isEmpty();
      }
    }
  }

  @Test
  void theStandInAndTheSamplesShowOrdersAndNotificationsAsTheModelsDo(@TempDir Path folder)
      throws IOException {
    JsonSchema schema = described("orders_2026-01-01.json", "Order");
    JsonSchema notification =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
            .getSchema(model("schemas/notifications/OrderChangeNotification.json"));

    for (Sample sample : samples("amazon/order.in.jslt")) {
      assertThat(schema.validate(Sample.read(sample.input()))).as(sample.toString()).isEmpty();
    }
    try (var amazon = AmazonSimulator.start(AmazonOptions.in(folder))) {
      for (int i = 0; i < 40; i++) {
        String id = amazon.createOrder();
        if (i == 4) {
          amazon.requestCancel(id, "Changed mind");
        }
        if (i == 5) {
          amazon.cancel(id, "AMAZON", "Payment declined");
        }
        assertThat(schema.validate(amazon.order(id))).as(id).isEmpty();
      }
      for (var told : amazon.ledger().effects().of("notification.sent")) {
        assertThat(notification.validate(Json.tree(told.text("body")))).isEmpty();
      }
    }
  }

  /** Everything in it that has both fields, as values and not as a description. */
  private static void collect(JsonNode node, String one, String other, List<JsonNode> found) {
    if (node.isObject() && node.has(one) && node.has(other) && !node.at("/" + one).has("type")) {
      found.add(node);
    }
    node.forEach(child -> collect(child, one, other, found));
  }

  private static List<Sample> samples(String mapping) {
    var found = Sample.all().stream().filter(s -> s.mapping().equals(mapping)).toList();
    assertThat(found).isNotEmpty();
    return found;
  }

  private static JsonNode model(String file) throws IOException {
    return Json.tree(Files.readAllBytes(Reference.path("apis/amazon/" + file)));
  }

  private static JsonSchema schema(String file) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(model(file));
  }

  private static JsonSchema canonical(String name) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(
            Json.tree(Files.readAllBytes(Path.of("mappings/canonical", name + ".schema.json"))));
  }

  /** A schema of a model, under which a field it does not name is a fault. */
  private static JsonSchema described(String file, String name) throws IOException {
    var root = Json.MAPPER.createObjectNode();
    root.put("$ref", "#/definitions/" + name);
    root.set("definitions", model(file).get("definitions"));
    for (JsonNode schema : root.get("definitions")) {
      if (schema.path("properties").isObject()) {
        ((ObjectNode) schema).put("additionalProperties", false);
      }
    }
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(root);
  }
}
