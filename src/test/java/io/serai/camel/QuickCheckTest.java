package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.SpecVersion;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick yes against the library's judgement. */
class QuickCheckTest {
  private static final Path SCHEMAS = Path.of("mappings/canonical");
  private static final JsonNode ORDER_SCHEMA = read(SCHEMAS.resolve("order.schema.json"));
  private static final QuickCheck QUICK = QuickCheck.of(ORDER_SCHEMA);
  private static final JsonSchema LIBRARY = library(ORDER_SCHEMA);
  private static final List<JsonNode> ORDERS = orders();
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "1e400",
          "3000000000",
          "\"\"",
          "\"x\"",
          "\"EUR\"",
          "\"12.50\"",
          "\"2026-03-02T09:00:00Z\"",
          "\"2026-13-45\"",
          "[]",
          "[1]",
          "{}",
          "{\"amount\":\"1.00\",\"currency\":\"EUR\"}");

  @Test
  void everySampleOrderIsPassedQuickly() {
    assertThat(ORDERS).isNotEmpty().allMatch(QUICK::passes);
  }

  /** One seed stands for one to three changes at random places of a sample. */
  @Property(seed = "20260302", tries = 3000)
  void whatItPassesTheLibraryPasses(@ForAll long seed) {
    var random = new Random(seed);
    var document = ORDERS.get(random.nextInt(ORDERS.size())).deepCopy();
    for (var changes = 1 + random.nextInt(3); changes > 0; changes--) {
      change(document, random);
    }

    if (QUICK.passes(document)) {
      assertThat(LIBRARY.validate(document, OutputFormat.BOOLEAN)).as(document::toString).isTrue();
    }
  }

  /** Otherwise the property above would hold of a check that never passes anything. */
  @Test
  void nearlyAllThatTheLibraryPassesIsPassedQuickly() {
    var random = new Random(1);
    var passed = 0;
    var quick = 0;
    var refused = 0;
    for (var i = 0; i < 2000; i++) {
      var document = ORDERS.get(random.nextInt(ORDERS.size())).deepCopy();
      change(document, random);
      if (LIBRARY.validate(document, OutputFormat.BOOLEAN)) {
        passed++;
        quick += QUICK.passes(document) ? 1 : 0;
      } else {
        refused++;
      }
    }
    assertThat(refused).as("changes that matter").isGreaterThan(500);
    assertThat(quick).isGreaterThan(passed * 95 / 100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "order",
        "cancellation",
        "refund",
        "return",
        "shipment",
        "fulfillment-response",
        "acknowledgment",
        "stock",
        "listing",
        "fulfillment-request",
        "stock-publication"
      })
  void everyCanonicalSchemaUsesOnlyWordsItKnows(String document) {
    var words = new ArrayList<String>();
    words(read(SCHEMAS.resolve(document + ".schema.json")), words);

    assertThat(words)
        .isSubsetOf(
            "$schema",
            "$id",
            "$defs",
            "title",
            "description",
            "type",
            "enum",
            "pattern",
            "minLength",
            "minimum",
            "maximum",
            "minItems",
            "items",
            "$ref",
            "anyOf",
            "properties",
            "required",
            "additionalProperties");
  }

  @Test
  void aWordItDoesNotKnowMakesItPassNothing() {
    assertThat(
            QuickCheck.of(Json.tree("{\"type\":\"string\",\"maxLength\":3}"))
                .passes(Json.tree("\"ab\"")))
        .isFalse();
    assertThat(QuickCheck.of(Json.tree("{\"$ref\":\"other.json\"}")).passes(Json.tree("1")))
        .isFalse();
  }

  private static void change(JsonNode document, Random random) {
    var places = new ArrayList<ContainerNode<?>>();
    collect(document, places);
    var place = places.get(random.nextInt(places.size()));
    var value = Json.tree(VALUES.get(random.nextInt(VALUES.size())));
    if (place instanceof ObjectNode object) {
      var names = new ArrayList<String>();
      object.fieldNames().forEachRemaining(names::add);
      var name = names.isEmpty() ? "new" : names.get(random.nextInt(names.size()));
      switch (random.nextInt(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set("added", value);
        default -> object.set(name, value);
      }
    } else if (place instanceof ArrayNode array) {
      if (array.isEmpty() || random.nextBoolean()) {
        array.add(value);
      } else {
        array.remove(random.nextInt(array.size()));
      }
    }
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> places) {
    if (node instanceof ContainerNode<?> container) {
      places.add(container);
      container.forEach(child -> collect(child, places));
    }
  }

  private static void words(JsonNode schema, List<String> words) {
    for (var word : schema.properties()) {
      words.add(word.getKey());
      switch (word.getKey()) {
        case "properties", "$defs" -> word.getValue().forEach(one -> words(one, words));
        case "items", "additionalProperties" -> words(word.getValue(), words);
        case "anyOf" -> word.getValue().forEach(one -> words(one, words));
        default -> {}
      }
    }
  }

  private static List<JsonNode> orders() {
    try (var files = Files.walk(Path.of("samples/payloads"))) {
      return files
          .filter(f -> f.getFileName().toString().endsWith(".canonical.json"))
          .filter(f -> f.getParent().endsWith("order"))
          .sorted()
          .map(QuickCheckTest::read)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonSchema library(JsonNode schema) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
  }

  private static JsonNode read(Path file) {
    try {
      return Json.tree(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
