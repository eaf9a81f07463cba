package io.serai.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The rule of docs/kafka.md: within a version fields are added only. Compares the schema of events
 * with the one that version 1 began with, which is never edited.
 */
class EventSchemaTest {
  private static JsonNode read(String path) throws IOException {
    return Json.tree(Files.readString(Path.of(path)));
  }

  @Test
  void withinAVersionNothingIsTakenAwayAndNothingMeansSomethingElse() throws IOException {
    var began = read("src/test/resources/events/event.v1.schema.json");
    var now = read("mappings/canonical/event.schema.json");

    assertThat(broken(began, now)).isEmpty();
  }

  @Test
  void aChangeThatBreaksAReaderIsFound() throws IOException {
    var began = read("mappings/canonical/event.schema.json");
    var text = Json.text(began);
    var order = "/properties/order";

    assertThat(broken(began, Json.tree(text.replace("\"occurredAt\":{", "\"happenedAt\":{"))))
        .containsExactly("/properties/occurredAt is gone");
    assertThat(
            broken(
                began,
                Json.tree(
                    text.replace(
                        "\"test\":{\"type\":\"boolean\"}", "\"test\":{\"type\":\"string\"}"))))
        .containsExactly(order + "/properties/test is another 'type'");
    assertThat(
            broken(
                began,
                Json.tree(text.replace("\"version\":{\"const\":1}", "\"version\":{\"const\":2}"))))
        .containsExactly("/properties/version is another 'const'");
    assertThat(
            broken(
                began,
                Json.tree(text.replace("[\"id\",\"type\",\"version\",", "[\"id\",\"type\","))))
        .containsExactly(" no longer always has 'version'");
    assertThat(
            broken(
                began,
                Json.tree(text.replace("\"id\":{", "\"more\":{\"type\":\"string\"},\"id\":{"))))
        .as("what is added")
        .isEmpty();
  }

  /** What a reader of the former schema would stumble over in documents of the latter. */
  private static List<String> broken(JsonNode before, JsonNode after) {
    var found = new ArrayList<String>();
    compare("", before, after, before, after, found);
    return found;
  }

  private static void compare(
      String at,
      JsonNode before,
      JsonNode after,
      JsonNode root,
      JsonNode newRoot,
      List<String> found) {
    var old = resolved(before, root);
    var now = resolved(after, newRoot);
    for (var word : List.of("type", "const", "enum", "format", "pattern", "minimum", "minLength")) {
      if (old.has(word) && !old.get(word).equals(now.get(word))) {
        found.add("%s is another '%s'".formatted(at, word));
      }
    }
    for (var name : old.path("required")) {
      if (now.path("required").valueStream().noneMatch(name::equals)) {
        found.add("%s no longer always has '%s'".formatted(at, name.asText()));
      }
    }
    for (var field : old.path("properties").properties()) {
      var path = at + "/properties/" + field.getKey();
      var same = now.path("properties").get(field.getKey());
      if (same == null) {
        found.add(path + " is gone");
      } else {
        compare(path, field.getValue(), same, root, newRoot, found);
      }
    }
    if (old.has("items")) {
      compare(at + "/items", old.get("items"), now.path("items"), root, newRoot, found);
    }
  }

  private static JsonNode resolved(JsonNode schema, JsonNode root) {
    var named = schema.path("$ref").asText("");
    return named.isEmpty() ? schema : root.at(named.substring(1));
  }
}
