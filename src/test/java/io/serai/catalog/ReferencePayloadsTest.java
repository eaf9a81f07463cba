package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.order.Order;
import io.serai.support.Json;
import io.serai.support.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Shopify payload of the reference folder normalizes and fits its schema, or is refused for a
 * reason listed here. Skipped where the folder is not given.
 */
class ReferencePayloadsTest {

  /** Why an order may be refused: the field that is missing, and what such a payload is. */
  private static final Map<String, String> REASONS =
      Map.of(
          "currency", "an answer that was asked for a few fields only",
          "id", "a calculation, which is no refund yet",
          "refunds[].processedAt", "a query that asked for the refunds' ids only",
          "presentmentCurrencyCode", "a query that asked for no charged currency",
          "taxesIncluded", "a query that asked for no tax setting",
          "lineItems.nodes[].originalUnitPriceSet", "a query that asked for no prices",
          "lineItems.nodes[].id", "a query that asked for the lines' prices only",
          "TRUNCATED", "an order that goes on over several pages");

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of("account", TextNode.valueOf("shopify-main"));
  private static final Pattern ORDER = Pattern.compile("gid://shopify/Order/\\d+");

  private final List<String> refusals = new ArrayList<>();
  private int normalized;

  @Test
  void everyWebhookBodyBecomesAnOrder() throws IOException {
    for (Path file : files("webhook-examples")) {
      order(file.getFileName().toString(), Sample.read(file), "shopify/order.in.jslt");
    }

    assertThat(refusals).isEmpty();
    assertThat(normalized).isPositive();
  }

  @Test
  void everyOrderOfTheRestExamplesBecomesOneOrIsRefusedForAKnownReason() throws IOException {
    for (Path file : files("rest-examples")) {
      for (Map.Entry<String, JsonNode> order : bodies(file, "order", "orders").entrySet()) {
        order(order.getKey(), order.getValue(), "shopify/order.in.jslt");
      }
    }

    assertKnown();
    assertThat(normalized).isGreaterThanOrEqualTo(20);
  }

  @Test
  void everyRefundOfTheRestExamplesBecomesOneOrIsRefusedForAKnownReason() throws IOException {
    for (Path file : files("rest-examples")) {
      for (Map.Entry<String, JsonNode> refund : bodies(file, "refund", "refunds").entrySet()) {
        map(refund.getKey(), refund.getValue(), "shopify/refund.in.jslt", "refund");
      }
    }

    assertKnown();
    assertThat(normalized).isPositive();
  }

  @Test
  void everyOrderNodeOfTheRecordingsBecomesAnOrderOrIsRefusedForAKnownReason() throws IOException {
    for (Path file : files("admin-graphql-recordings")) {
      var nodes = new LinkedHashMap<String, JsonNode>();
      collect(file.getFileName().toString(), Sample.read(file), nodes);
      for (Map.Entry<String, JsonNode> node : nodes.entrySet()) {
        order(node.getKey(), node.getValue(), "shopify/order-graphql.in.jslt");
      }
    }

    assertKnown();
  }

  @Test
  void theSameNodesWithTheFieldsOurOwnQueryAsksForBecomeOrders() throws IOException {
    for (Path file : files("admin-graphql-recordings")) {
      var nodes = new LinkedHashMap<String, JsonNode>();
      collect(file.getFileName().toString(), Sample.read(file), nodes);
      for (Map.Entry<String, JsonNode> node : nodes.entrySet()) {
        order(node.getKey(), completed(node.getValue()), "shopify/order-graphql.in.jslt");
      }
    }

    assertKnown();
    assertThat(normalized).isGreaterThanOrEqualTo(20);
  }

  @Test
  void noRecordedAnswerThatRefusesIsTakenForSuccess() throws IOException {
    var answers = new LinkedHashMap<String, JsonNode>();
    for (Path file : files("admin-graphql-recordings")) {
      answers(file.getFileName().toString(), Sample.read(file), answers);
    }
    int refused = 0;
    for (Map.Entry<String, JsonNode> answer : answers.entrySet()) {
      JsonNode data = answer.getValue().path("data");
      for (String[] call :
          new String[][] {
            {"fulfillmentCreate", "shopify/shipment-receipt.in.jslt", "userErrors"},
            {"orderCancel", "shopify/cancellation-receipt.in.jslt", "orderCancelUserErrors"},
          }) {
        boolean declined =
            !data.path(call[0]).path(call[2]).isEmpty() || answer.getValue().has("errors");
        if (data.has(call[0]) && declined) {
          JsonNode receipt = MAPPINGS.mapping(call[1]).apply(answer.getValue());
          boolean already = answer.getValue().toString().contains("already been");

          assertThat(receipt.path("outcome").asText("none"))
              .as(answer.getKey())
              .isEqualTo(already ? "confirmed" : "failed");
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(5);
  }

  private void order(String name, JsonNode body, String mapping) throws IOException {
    JsonNode mapped = map(name, body, mapping, "order");
    if (mapped != null) {
      Order order = Json.as(mapped, Order.class);

      assertThat(order.contradictions()).as(name).isEmpty();
    }
  }

  private JsonNode map(String name, JsonNode body, String mapping, String document)
      throws IOException {
    try {
      JsonNode mapped = MAPPINGS.mapping(mapping).apply(body, CONTEXT);

      assertThat(schema(document).validate(mapped)).as(name).isEmpty();
      normalized++;
      return mapped;
    } catch (MappingException e) {
      refusals.add(
          (e.code() == null ? e.field() : e.code()) + " < " + name + " < " + e.getMessage());
      return null;
    }
  }

  private void assertKnown() {
    assertThat(refusals)
        .allSatisfy(r -> assertThat(REASONS).containsKey(r.substring(0, r.indexOf(" < "))));
  }

  /** What was not asked for in the recording, as dull as can be; what was recorded stays. */
  private static JsonNode completed(JsonNode node) {
    ObjectNode order = node.deepCopy();
    charge(order);
    JsonNode ten =
        Json.tree("{\"presentmentMoney\":{\"amount\":\"10.0\",\"currencyCode\":\"USD\"}}");
    JsonNode total =
        order.path(order.has("totalPriceSet") ? "totalPriceSet" : "currentTotalPriceSet");
    JsonNode price = order.at("/lineItems/nodes/0/originalUnitPriceSet");
    JsonNode known = !total.isMissingNode() ? total : !price.isMissingNode() ? price : ten;
    String currency = known.at("/presentmentMoney/currencyCode").asText();
    var dull =
        (ObjectNode)
            Json.tree(
                """
                {"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","test":true,
                 "taxesIncluded":false,"displayFinancialStatus":"PENDING"}""");
    dull.put("currencyCode", currency);
    dull.put("presentmentCurrencyCode", currency);
    dull.set("totalPriceSet", known);
    fill(order, dull);
    var line = (ObjectNode) Json.tree("{\"requiresShipping\":true}");
    line.set("originalUnitPriceSet", known);
    order.at("/lineItems/nodes").forEach(l -> fill((ObjectNode) l, line));
    return order;
  }

  private static void fill(ObjectNode node, ObjectNode dull) {
    dull.properties()
        .forEach(
            e -> {
              if (!node.hasNonNull(e.getKey())) {
                node.set(e.getKey(), e.getValue());
              }
            });
  }

  private static void charge(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.has("shopMoney")
        && !object.has("presentmentMoney")) {
      object.set("presentmentMoney", object.get("shopMoney"));
    }
    node.forEach(ReferencePayloadsTest::charge);
  }

  private static void collect(String name, JsonNode node, Map<String, JsonNode> found) {
    if (node.isObject()
        && ORDER.matcher(node.path("id").asText()).matches()
        && node.has("lineItems")) {
      found.put(name, node);
    }
    if (node.isObject()) {
      node.properties().forEach(e -> collect(name + "/" + e.getKey(), e.getValue(), found));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        collect(name + "/" + i, node.get(i), found);
      }
    }
  }

  private static void answers(String name, JsonNode node, Map<String, JsonNode> found) {
    if (node.isObject() && node.path("data").isObject()) {
      found.put(name, node);
    }
    if (node.isContainerNode()) {
      node.properties().forEach(e -> answers(name + "/" + e.getKey(), e.getValue(), found));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        answers(name + "/" + i, node.get(i), found);
      }
    }
  }

  private static Map<String, JsonNode> bodies(Path file, String one, String many) {
    JsonNode example = Sample.read(file);
    var found = new LinkedHashMap<String, JsonNode>();
    JsonNode body = example;
    if (example.at("/response/body").isTextual()) {
      String text = example.at("/response/body").asText();
      body = text.startsWith("{") ? Json.tree(text) : Json.tree("{}");
    }
    String name = file.getFileName().toString();
    if (body.path(one).isObject()) {
      found.put(name, body.path(one));
    }
    for (int i = 0; i < body.path(many).size(); i++) {
      found.put(name + "/" + i, body.path(many).get(i));
    }
    return found;
  }

  private static List<Path> files(String folder) throws IOException {
    Path root = Reference.path("apis/shopify/" + folder);
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static JsonSchema schema(String name) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(
            Json.tree(Files.readAllBytes(Path.of("mappings/canonical", name + ".schema.json"))));
  }
}
