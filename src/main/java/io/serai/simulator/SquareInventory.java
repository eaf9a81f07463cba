package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Square counts at its one location: units in stock, changed by its own sales and by callers.
 *
 * <p>A change must name when it happened, at most 24 hours ago; of two counts the later one holds,
 * in whichever order they come.
 */
final class SquareInventory {

  private static final int MOST_CHANGES = 100;
  private static final Duration OLDEST = Duration.ofHours(24);
  private static final Set<String> FIELDS = Set.of("catalog_object_id", "location_id");

  private final Map<String, String> skus = new HashMap<>();
  private final Map<String, Integer> inStock = new LinkedHashMap<>();
  private final Map<String, Instant> counted = new HashMap<>();
  private final Map<String, JsonNode> known = new HashMap<>();

  SquareInventory(List<Article> articles, int each) {
    for (var article : articles) {
      skus.put(SquareOrders.variation(article), article.sku());
      inStock.put(article.sku(), each);
    }
  }

  /** Units of an article that it counts. */
  int inStock(String sku) {
    return inStock.getOrDefault(sku, 0);
  }

  /** Units that a sale took, or that came back when negative. */
  void took(String sku, int units) {
    inStock.merge(sku, -units, Integer::sum);
  }

  /** Whether this key was used, for anything. */
  boolean knows(String key) {
    return known.containsKey(key);
  }

  /** Whether this key was used for these very changes. */
  boolean knows(String key, JsonNode body) {
    return body.equals(known.get(key));
  }

  /** What Square refuses about a batch of changes, or {@code null}. */
  Answer fault(JsonNode body, Instant now) {
    var key = body.path("idempotency_key").asText("");
    if (key.isEmpty() || key.length() > 128) {
      return SquareWords.request(
          key.isEmpty() ? "MISSING_REQUIRED_PARAMETER" : "VALUE_TOO_LONG",
          "Field must be set, to at most 128 characters.",
          "idempotency_key");
    }
    if (knows(key) && !knows(key, body)) {
      return SquareWords.request(
          "IDEMPOTENCY_KEY_REUSED",
          "Different request parameters used for the same idempotency_key.",
          "idempotency_key");
    }
    var changes = body.path("changes");
    if (changes.isEmpty() || changes.size() > MOST_CHANGES) {
      return SquareWords.request(
          changes.isEmpty() ? "ARRAY_EMPTY" : "ARRAY_LENGTH_TOO_LONG",
          "There must be 1 to 100 changes.",
          "changes");
    }
    for (var i = 0; i < changes.size(); i++) {
      var fault = fault(changes.get(i), "changes[" + i + "]", now);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private Answer fault(JsonNode change, String at, Instant now) {
    var type = change.path("type").asText();
    var what = part(change);
    if (what == null) {
      return SquareWords.request("INVALID_VALUE", "'%s' cannot be done.".formatted(type), at);
    }
    for (var field : FIELDS) {
      if (!what.path(field).isTextual()) {
        return SquareWords.request("MISSING_REQUIRED_PARAMETER", "Field must be set.", at);
      }
    }
    if (!skus.containsKey(what.get("catalog_object_id").asText())) {
      return SquareWords.request("NOT_FOUND", "There is no such catalog object.", at);
    }
    if (!what.path("quantity").asText().matches("\\d{1,20}(\\.\\d{1,5})?")
        || !what.path("quantity").isTextual()) {
      return SquareWords.request("INVALID_VALUE", "The quantity is no decimal text.", at);
    }
    try {
      var occurred = Instant.parse(what.path("occurred_at").asText());
      if (occurred.isAfter(now) || occurred.isBefore(now.minus(OLDEST))) {
        return SquareWords.request(
            "INVALID_TIME", "occurred_at must lie within the last 24 hours.", at);
      }
    } catch (DateTimeParseException e) {
      return SquareWords.request("INVALID_TIME", "occurred_at is no RFC 3339 time.", at);
    }
    return null;
  }

  private static JsonNode part(JsonNode change) {
    return switch (change.path("type").asText()) {
      case "PHYSICAL_COUNT" -> change.get("physical_count");
      case "ADJUSTMENT" -> change.get("adjustment");
      default -> null;
    };
  }

  /** Does what is without fault; once for each key. */
  void apply(String key, JsonNode body) {
    if (known.put(key, body) != null) {
      return;
    }
    for (var change : body.get("changes")) {
      var what = part(change);
      var sku = skus.get(what.get("catalog_object_id").asText());
      var quantity = (int) what.get("quantity").asDouble();
      if (change.get("type").asText().equals("ADJUSTMENT")) {
        took(sku, "IN_STOCK".equals(what.path("to_state").asText()) ? -quantity : quantity);
        continue;
      }
      var at = Instant.parse(what.get("occurred_at").asText());
      if (counted.getOrDefault(sku, Instant.MIN).isBefore(at)) {
        counted.put(sku, at);
        inStock.put(sku, quantity);
      }
    }
  }

  /** The counts of these catalog objects, or of all when none is named. */
  ArrayNode counts(Collection<String> variations, String location, Instant now) {
    var counts = Jsons.array();
    for (var one : skus.entrySet()) {
      if (variations.isEmpty() || variations.contains(one.getKey())) {
        var count = counts.addObject().put("catalog_object_id", one.getKey());
        count.put("catalog_object_type", "ITEM_VARIATION").put("state", "IN_STOCK");
        count.put("location_id", location).put("calculated_at", SquareOrders.time(now));
        count.put("quantity", String.valueOf(inStock.get(one.getValue())));
      }
    }
    return counts;
  }
}
