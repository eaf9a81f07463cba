package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.order.Order;
import io.serai.simulator.EbayOptions;
import io.serai.simulator.EbaySimulator;
import io.serai.support.Json;
import io.serai.support.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real orders normalize, what we send is what eBay's own description takes, and the stand-in shows
 * orders as it describes them. Skipped where the reference folder is not given.
 */
class EbayReferenceTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final Map<String, JsonNode> CONTEXT =
      Map.of(
          "account",
          TextNode.valueOf("ebay-main"),
          "window",
          TextNode.valueOf("2026-01-01T00:00:00.000Z;2026-12-31T00:00:00.000Z;0;"));

  @Test
  void everyRealOrderBecomesOneThatAddsUpToEbaysTotal() throws IOException {
    var orders = new LinkedHashMap<String, JsonNode>();
    for (Path file : examples()) {
      JsonNode body = Sample.read(file);
      if (body.has("orderId")) {
        orders.put(file.getFileName().toString(), body);
      }
      body.path("orders").forEach(o -> orders.put(o.get("orderId").asText(), o));
    }

    assertThat(orders).hasSizeGreaterThanOrEqualTo(3);
    for (var one : orders.entrySet()) {
      JsonNode mapped = MAPPINGS.mapping("ebay/order.in.jslt").apply(one.getValue(), CONTEXT);
      Order order = Json.as(mapped, Order.class);

      assertThat(canonical("order").validate(Json.tree(Json.bytes(mapped))))
          .as(one.getKey())
          .isEmpty();
      assertThat(order.contradictions()).as(one.getKey()).isEmpty();
      assertThat(order.totals().grandTotal())
          .as(one.getKey())
          .isEqualTo(order.totals().channelGrandTotal());
    }
  }

  @Test
  void aRealNotificationNamesItsOrder() throws IOException {
    Path file =
        examples().stream()
            .filter(f -> f.getFileName().toString().startsWith("notification"))
            .findFirst()
            .orElseThrow();

    JsonNode id = MAPPINGS.mapping("ebay/order-id.out.jslt").apply(Sample.read(file));

    assertThat(id).isEqualTo(Sample.read(file).at("/notification/data/order/orderId"));
  }

  @Test
  void aRealPageGivesItsOrdersAndGoesOn() throws IOException {
    Path file =
        examples().stream()
            .filter(f -> f.getFileName().toString().startsWith("getOrders"))
            .findFirst()
            .orElseThrow();
    JsonNode body = Sample.read(file);

    JsonNode page = MAPPINGS.mapping("ebay/page.in.jslt").apply(body, CONTEXT);

    assertThat(page.at("/items/0/orderId")).isEqualTo(body.at("/orders/0/orderId"));
    assertThat(page.get("cursor").asText())
        .endsWith(";" + body.get("orders").size() + ";" + body.get("total"));
  }

  @Test
  void parcelsAreToldInEbaysWords() throws IOException {
    JsonSchema schema = described("sell_fulfillment_v1_oas3.json", "ShippingFulfillmentDetails");

    for (Sample sample : samples("ebay/shipment.out.jslt")) {
      for (JsonNode parcel : Sample.read(sample.expected())) {
        assertThat(schema.validate(parcel)).as(sample.toString()).isEmpty();
      }
    }
  }

  @Test
  void stockIsWrittenInEbaysWords() throws IOException {
    JsonSchema schema = described("sell_inventory_v1_oas3.json", "BulkPriceQuantity");

    for (Sample sample : samples("ebay/stock.out.jslt")) {
      assertThat(schema.validate(Sample.read(sample.expected()))).as(sample.toString()).isEmpty();
    }
  }

  @Test
  void theStandInAndTheSamplesShowOrdersAsEbayDescribesThem(@TempDir Path folder)
      throws IOException {
    JsonSchema schema = described("sell_fulfillment_v1_oas3.json", "Order");

    for (Sample sample : samples("ebay/order.in.jslt")) {
      assertThat(schema.validate(without(Sample.read(sample.input()))))
          .as(sample.toString())
          .isEmpty();
    }
    try (var ebay = EbaySimulator.start(EbayOptions.in(folder))) {
      for (int i = 0; i < 40; i++) {
        String id = ebay.createOrder();
        if (i == 3) {
          ebay.askToCancel(id);
        }
        if (i == 4) {
          ebay.cancelOrder(id);
        }
        if (i == 5) {
          ebay.refundOrder(id, ebay.order(id).at("/lineItems/0/lineItemId").asText(), "1.00");
        }
        assertThat(schema.validate(without(ebay.order(id)))).as(id).isEmpty();
      }
    }
  }

  /** Real orders have a field that eBay's description does not name. */
  private static JsonNode without(JsonNode order) {
    return ((ObjectNode) order).without("legacyOrderId");
  }

  private static List<Sample> samples(String mapping) {
    var found = Sample.all().stream().filter(s -> s.mapping().equals(mapping)).toList();
    assertThat(found).isNotEmpty();
    return found;
  }

  private static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Reference.path("apis/ebay/examples"))) {
      return files.sorted().toList();
    }
  }

  private static JsonSchema canonical(String name) throws IOException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(
            Json.tree(Files.readAllBytes(Path.of("mappings/canonical", name + ".schema.json"))));
  }

  /** A schema of a description, under which a field it does not name is a fault. */
  private static JsonSchema described(String file, String name) throws IOException {
    var description =
        (ObjectNode) Json.tree(Files.readAllBytes(Reference.path("apis/ebay/" + file)));
    var root = Json.MAPPER.createObjectNode();
    root.put("$ref", "#/components/schemas/" + name);
    root.set("components", description.get("components"));
    for (JsonNode schema : root.at("/components/schemas")) {
      if (schema.path("properties").isObject()) {
        ((ObjectNode) schema).put("additionalProperties", false);
      }
      ((ObjectNode) schema).remove("xml");
    }
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(root);
  }
}
