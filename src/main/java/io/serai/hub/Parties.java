package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Personal data comes, is masked and goes again: a newer document without it never blanks what we
 * hold.
 */
final class Parties {
  private static final List<String> ROLES = List.of("buyer", "billTo", "shipTo");

  private Parties() {}

  /** The newer document, with parties of the older where the newer has none or only masked ones. */
  static JsonNode keepGoodData(JsonNode older, JsonNode newer) {
    JsonNode kept = newer;
    for (var role : ROLES) {
      var had = older.path(role);
      if (good(had) && !good(newer.path(role))) {
        if (kept == newer) {
          kept = newer.deepCopy();
        }
        ((ObjectNode) kept).set(role, had);
      }
    }
    return kept;
  }

  /** Whether a party is there and not hidden. */
  static boolean good(JsonNode party) {
    if (!party.isObject()) {
      return false;
    }
    var state = party.path("piiState").asText("present");
    return "present".equalsIgnoreCase(state);
  }
}
