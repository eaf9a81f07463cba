package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.serai.simulator.EtsyOptions;
import io.serai.simulator.EtsySimulator;
import io.serai.support.Json;
import io.serai.support.Reference;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What we ask and send is what Etsy's own description takes, and the stand-in and the samples show
 * receipts as it describes them. Skipped where the reference folder is not given.
 */
class EtsyReferenceTest {

  private static final Mappings MAPPINGS = Mappings.builtIn();
  private static final String SHOP = "/v3/application/shops/{shop_id}";

  @Test
  void weAskForReceiptsAndListingsInEtsysWords() throws IOException {
    asks(
        "etsy/receipts-poll.out.jslt",
        Map.of("since", text("2026-03-01T10:00:00Z"), "cursor", text("100")),
        SHOP + "/receipts");
    for (var state : List.of("active/0", "sold_out/100", "inactive/0")) {
      asks("etsy/listings-poll.out.jslt", Map.of("cursor", text(state)), SHOP + "/listings");
    }
  }

  @Test
  void parcelsAreToldInEtsysWords() throws IOException {
    var schema = body(SHOP + "/receipts/{receipt_id}/tracking", "post");

    for (var sample : samples("etsy/shipment.out.jslt")) {
      for (var form : Sample.read(sample.expected())) {
        assertThat(schema.validate(fields(form.asText()))).as(sample.toString()).isEmpty();
      }
    }
  }

  @Test
  void stockIsWrittenInEtsysWords() throws IOException {
    var matrix = body("/v3/application/listings/{listing_id}/inventory", "put");
    var state = body(SHOP + "/listings/{listing_id}", "patch");
    var seen = 0;

    for (var sample : samples("etsy/stock-answer.in.jslt")) {
      for (var call : Sample.read(sample.expected()).path("calls")) {
        var faults =
            switch (call.get("call").asText()) {
              case "inventory" -> matrix.validate(call.get("body"));
              case "state" -> state.validate(fields("state=" + call.get("body").asText()));
              default -> java.util.Set.of();
            };
        assertThat(faults).as(sample.toString()).isEmpty();
        seen++;
      }
    }

    assertThat(seen).isPositive();
  }

  @Test
  void theStandInAndTheSamplesShowReceiptsAsEtsyDescribesThem(@TempDir Path folder)
      throws IOException {
    var schema = described("ShopReceipt");

    for (var sample : samples("etsy/order.in.jslt")) {
      // real receipts write their status with a capital, the description does not
      var receipt = (ObjectNode) Sample.read(sample.input());
      receipt.put("status", receipt.get("status").asText().toLowerCase(Locale.ROOT));
      assertThat(schema.validate(receipt)).as(sample.toString()).isEmpty();
    }
    try (var shop = EtsySimulator.start(EtsyOptions.in(folder))) {
      for (var i = 0; i < 40; i++) {
        var id = shop.createOrder();
        if (i == 3) {
          shop.cancel(id);
        }
        if (i == 4) {
          shop.refund(id, new BigDecimal("1.00"), "a scratch");
        }
        assertThat(schema.validate(shop.order(id))).as(id).isEmpty();
      }
    }
  }

  @Test
  void theSamplesShowListingsAsEtsyDescribesThem() throws IOException {
    var schema = described("ShopListingWithAssociations");

    for (var sample : samples("etsy/listing.in.jslt")) {
      assertThat(schema.validate(Sample.read(sample.input()))).as(sample.toString()).isEmpty();
    }
  }

  /** Each name of the query is a parameter of the call, and each value one that it takes. */
  private static void asks(String mapping, Map<String, JsonNode> context, String path)
      throws IOException {
    var query = MAPPINGS.mapping(mapping).apply(Json.MAPPER.createObjectNode(), context).asText();
    var properties = Json.MAPPER.createObjectNode();
    description()
        .at(pointer(path, "get"))
        .get("parameters")
        .forEach(p -> properties.set(p.get("name").asText(), p.get("schema")));
    var schema = Json.MAPPER.createObjectNode().put("type", "object");
    schema.set("properties", properties);

    assertThat(schema(schema).validate(fields(query))).as(query).isEmpty();
  }

  private static JsonSchema body(String path, String method) throws IOException {
    for (var type : description().at(pointer(path, method) + "/requestBody/content")) {
      return schema((ObjectNode) type.get("schema"));
    }
    throw new AssertionError(path + " takes no body");
  }

  private static String pointer(String path, String method) {
    return "/paths/" + path.replace("/", "~1") + "/" + method;
  }

  private static JsonSchema described(String name) throws IOException {
    return schema(Json.MAPPER.createObjectNode().put("$ref", "#/components/schemas/" + name));
  }

  /** A schema of the description, under which a field that it does not name is a fault. */
  private static JsonSchema schema(ObjectNode root) throws IOException {
    root.set("components", description().get("components"));
    plain(root);
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(root);
  }

  /** What the description says in OpenAPI's words, in those of JSON Schema. */
  private static void plain(JsonNode node) {
    if (node instanceof ObjectNode schema) {
      if (schema.path("properties").isObject()) {
        schema.put("additionalProperties", false);
      }
      if (schema.path("nullable").asBoolean() && schema.path("type").isTextual()) {
        var types = schema.arrayNode().add(schema.get("type")).add("null");
        schema.set("type", types);
        if (schema.get("enum") instanceof ArrayNode values) {
          values.addNull();
        }
      }
    }
    node.forEach(EtsyReferenceTest::plain);
  }

  private static JsonNode description() throws IOException {
    return Json.tree(Files.readAllBytes(Reference.path("apis/etsy/etsy-openapi-3.0.0.json")));
  }

  /** The fields of a form or query; what looks like a number or a yes is one. */
  private static ObjectNode fields(String form) {
    var fields = new LinkedHashMap<String, Object>();
    for (var pair : form.split("&")) {
      var parts = pair.split("=", 2);
      var value = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
      fields.put(
          parts[0],
          parts[0].matches("min_.*|max_.*|limit|offset")
              ? Long.valueOf(value)
              : parts[0].equals("send_bcc")
                  ? Boolean.valueOf(value)
                  : parts[0].equals("includes") ? List.of(value.split(",")) : value);
    }
    return Json.MAPPER.valueToTree(fields);
  }

  private static JsonNode text(String value) {
    return TextNode.valueOf(value);
  }

  private static List<Sample> samples(String mapping) {
    var found = Sample.all().stream().filter(s -> s.mapping().equals(mapping)).toList();
    assertThat(found).isNotEmpty();
    return found;
  }
}
