package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.order.Order;
import io.serai.simulator.SquareOptions;
import io.serai.simulator.SquareSimulator;
import io.serai.support.Json;
import io.serai.support.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What we ask Square is what its own description takes, the stand-in and the samples show orders as
 * it describes them, and the error table names errors it knows. It has no example payloads. Skipped
 * where the reference folder is not given.
 */
class SquareReferenceTest {

  private static final String DESCRIPTION = "apis/pos/square/square-orders-inventory.json";
  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of(
          "account", TextNode.valueOf("square-main"),
          "locations", TextNode.valueOf("store-1=LH0B0KEN,store-2=LNYC"),
          "since", TextNode.valueOf("2026-03-01T00:00:00Z"),
          "cursor", TextNode.valueOf("b3BhcXVl"));

  @Test
  void theSearchAndItsNextPageAreAskedInSquaresWords() throws IOException {
    JsonSchema schema = described("SearchOrdersRequest");
    var first = new LinkedHashMap<>(CONTEXT);
    first.remove("cursor");

    for (var context : List.of(CONTEXT, first)) {
      JsonNode asked =
          MAPPINGS.mapping("square/orders-poll.out.jslt").apply(Json.tree("{}"), context);
      assertThat(schema.validate(asked)).isEmpty();
      assertThat(asked.at("/location_ids")).hasSizeBetween(1, 10);
      assertThat(asked.get("limit").asInt()).isBetween(1, 1_000);
    }
  }

  @Test
  void countsAreReadAndSetInSquaresWords() throws IOException {
    JsonSchema asked = described("BatchRetrieveInventoryCountsRequest");
    assertThat(
            asked.validate(
                MAPPINGS.mapping("square/counts-poll.out.jslt").apply(Json.tree("{}"), CONTEXT)))
        .isEmpty();
    JsonSchema change = described("BatchChangeInventoryRequest");
    int changes = 0;
    for (Sample sample : Sample.all()) {
      if (sample.mapping().equals("square/stock.out.jslt")) {
        assertThat(change.validate(Sample.read(sample.expected()))).as(sample.toString()).isEmpty();
        changes++;
      }
    }
    assertThat(changes).isEqualTo(3);
  }

  @Test
  void articlesAreAskedForInSquaresWords(@TempDir Path folder) throws IOException {
    JsonSchema schema = described("BatchRetrieveCatalogObjectsRequest");

    for (JsonNode order : orders(folder)) {
      JsonNode asked = MAPPINGS.mapping("square/catalog.out.jslt").apply(order, CONTEXT);
      assertThat(schema.validate(asked)).as(order.get("id").asText()).isEmpty();
    }
  }

  @Test
  void theStandInAndTheSamplesShowOrdersAsSquareDescribesThem(@TempDir Path folder)
      throws IOException {
    JsonSchema schema = described("Order");

    for (JsonNode order : orders(folder)) {
      assertThat(schema.validate(order)).as(order.get("id").asText()).isEmpty();
    }
    for (Sample sample : Sample.all()) {
      if (sample.mapping().equals("square/order.in.jslt")) {
        assertThat(schema.validate(Sample.read(sample.input()).get("order")))
            .as(sample.toString())
            .isEmpty();
      }
    }
  }

  @Test
  void everySaleOfTheStandInBecomesAnOrderThatAddsUpToSquaresTotal(@TempDir Path folder)
      throws IOException {
    Reference.path(DESCRIPTION);
    int sales = 0;
    for (JsonNode order : orders(folder)) {
      if (!order.has("line_items")) {
        continue;
      }
      sales++;
      var body = Json.MAPPER.createObjectNode();
      body.set("order", order);
      var skus = body.putObject("skus");
      order
          .get("line_items")
          .findValuesAsText("catalog_object_id")
          .forEach(id -> skus.put(id, "SKU-" + id));

      JsonNode mapped = MAPPINGS.mapping("square/order.in.jslt").apply(body, CONTEXT);
      Order canonical = Json.as(mapped, Order.class);

      assertThat(canonical.contradictions()).as(order.get("id").asText()).isEmpty();
      assertThat(canonical.totals().grandTotal())
          .as(order.get("id").asText())
          .isEqualTo(canonical.totals().channelGrandTotal());
    }
    assertThat(sales).isEqualTo(40);
  }

  @Test
  void theErrorTableNamesErrorsThatSquareKnows() throws IOException {
    var known = new ArrayList<String>();
    description()
        .at("/components/schemas/ErrorCode/enum")
        .forEach(code -> known.add(code.asText()));
    var ours = Set.of("UNKNOWN_LOCATION"); // said by the mapping, not by Square
    var codes =
        Files.readAllLines(Path.of("connectors/square.connector.yaml")).stream()
            .filter(line -> line.contains("code: ") && line.contains("kind: "))
            .map(line -> line.replaceFirst(".*code: ([A-Z_]+).*", "$1"))
            .filter(code -> !ours.contains(code))
            .toList();

    assertThat(codes).hasSizeGreaterThan(5).isSubsetOf(known);
  }

  private static List<JsonNode> orders(Path folder) {
    var orders = new ArrayList<JsonNode>();
    try (var square = SquareSimulator.start(SquareOptions.in(folder))) {
      for (int i = 0; i < 40; i++) {
        var sale = square.order(square.sell());
        orders.add(sale);
        if (i % 4 == 0) {
          orders.add(square.order(square.giveBack("MUG-BLU", 1, null)));
        }
      }
    }
    return orders;
  }

  private static JsonNode description() throws IOException {
    return Json.tree(Files.readAllBytes(Reference.path(DESCRIPTION)));
  }

  /** A schema of the description, under which a field it does not name is a fault. */
  private static JsonSchema described(String name) throws IOException {
    var root = Json.MAPPER.createObjectNode();
    root.put("$ref", "#/components/schemas/" + name);
    root.set("components", description().get("components"));
    for (JsonNode schema : root.at("/components/schemas")) {
      if (schema.path("properties").isObject()) {
        ((ObjectNode) schema).put("additionalProperties", false);
        schema.get("properties").forEach(SquareReferenceTest::mayBeNull);
      }
    }
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(root);
  }

  // OpenAPI's word for what JSON Schema writes as a second type.
  private static void mayBeNull(JsonNode property) {
    if (property.path("nullable").asBoolean() && property.path("type").isTextual()) {
      var type = property.get("type").asText();
      ((ObjectNode) property).putArray("type").add(type).add("null");
    }
  }
}
