package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    collect(model("orders_2026-01-01.json").get("paths"), orders);

    assertThat(orders).hasSizeGreaterThanOrEqualTo(4);
    for (JsonNode order : orders) {
      JsonNode mapped = MAPPINGS.mapping("amazon/order.in.jslt").apply(order, CONTEXT);
      String id = order.get("orderId").asText();

      assertThat(canonical("order").validate(Json.tree(Json.bytes(mapped)))).as(id).isEmpty();
      assertThat(Json.as(mapped, Order.class).contradictions()).as(id).isEmpty();
    }
  }

  @Test
  void theNotificationOfTheModelNamesItsOrder() throws IOException {
    JsonNode example =
        model("schemas/notifications/OrderChangeNotification.json").at("/examples/0");

    assertThat(MAPPINGS.mapping("amazon/notification.in.jslt").apply(example, CONTEXT))
        .isEqualTo(example.at("/Payload/OrderChangeNotification/AmazonOrderId"));
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

  private static void collect(JsonNode node, List<JsonNode> orders) {
    if (node.isObject() && node.has("orderId") && node.has("orderItems")) {
      orders.add(node);
    }
    node.forEach(child -> collect(child, orders));
  }

  private static List<Sample> samples(String mapping) {
    var found = Sample.all().stream().filter(s -> s.mapping().equals(mapping)).toList();
    assertThat(found).isNotEmpty();
    return found;
  }

  private static JsonNode model(String file) throws IOException {
    return Json.tree(Files.readAllBytes(Reference.path("apis/amazon/" + file)));
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
