package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The part of the Square API (2026-05-20) that a till's orders need: orders, catalog, inventory.
 *
 * <p>It refuses what Square refuses: a strange token, a version that is no date, a search without
 * locations or sorted by another time than it filters by, a cursor with another query.
 */
final class SquareApi {

  private static final String SEARCH = "search-orders";
  private static final String ORDER = "get-order";
  private static final String CATALOG = "catalog";
  private static final String CHANGE = "change-inventory";
  private static final String COUNT = "count-inventory";
  private static final Set<String> TIMES = Set.of("created_at", "updated_at", "closed_at");
  private static final int MOST = 1_000;
  private static final SquareWords WORDS = new SquareWords();

  private final SquareShop shop;
  private final SquareOptions options;
  private final Moods moods;

  SquareApi(SquareShop shop, SquareOptions options, Moods moods) {
    this.shop = shop;
    this.options = options;
    this.moods = moods;
  }

  Answer answer(Request request) throws Exception {
    var operation = operation(request);
    if (operation == null) {
      return SquareWords.request("NOT_FOUND", "Resource not found.", null);
    }
    var mood = moods.onCall(List.of(operation)).orElse(null);
    return BadDay.live(mood, WORDS, () -> work(operation, request));
  }

  private static String operation(Request request) {
    var path = request.path();
    if (request.method().equals("GET") && path.matches("/v2/orders/[^/]+")) {
      return ORDER;
    }
    return request.method().equals("POST")
        ? Map.of(
                "/v2/orders/search", SEARCH,
                "/v2/catalog/batch-retrieve", CATALOG,
                "/v2/inventory/changes/batch-create", CHANGE,
                "/v2/inventory/counts/batch-retrieve", COUNT)
            .get(path)
        : null;
  }

  private Answer work(String operation, Request request) {
    if (!request.header("Authorization").orElse("").equals("Bearer " + options.accessToken)) {
      return WORDS.unauthorized();
    }
    var version = request.header("Square-Version");
    if (version.isPresent() && !version.get().matches("\\d{4}-\\d\\d-\\d\\d")) {
      return SquareWords.request(
          "INVALID_SQUARE_VERSION_FORMAT", "Write it as YYYY-MM-DD.", "Square-Version");
    }
    shop.lock().lock();
    try {
      if (operation.equals(ORDER)) {
        return order(request.segments().getLast());
      }
      var body = request.json();
      if (!body.isObject()) {
        return SquareWords.request("EXPECTED_JSON_BODY", "The body is no JSON object.", null);
      }
      return switch (operation) {
        case SEARCH -> search((ObjectNode) body);
        case CATALOG -> catalog(body);
        case CHANGE -> change(body);
        default -> counted(body);
      };
    } catch (IOException e) {
      return SquareWords.request("EXPECTED_JSON_BODY", "The body is no JSON.", null);
    } finally {
      shop.lock().unlock();
    }
  }

  private Answer order(String id) {
    var order = shop.orders().get(id);
    return order == null
        ? SquareWords.request("NOT_FOUND", "Order not found for id " + id, "order_id")
        : Answer.json(200, Jsons.object().set("order", order));
  }

  private Answer search(ObjectNode body) {
    var locations = strings(body.path("location_ids"));
    if (locations.isEmpty() || locations.size() > 10) {
      return SquareWords.request(
          "BAD_REQUEST", "Must provide 1 to 10 location_ids.", "location_ids");
    }
    var limit = body.path("limit").asInt(500);
    if (limit < 1 || limit > MOST) {
      return SquareWords.request("INVALID_VALUE", "Field must be 1 to 1000.", "limit");
    }
    var filter = body.at("/query/filter/date_time_filter");
    var sorted = body.at("/query/sort/sort_field").asText("CREATED_AT").toLowerCase();
    if (filter.size() > 1 || !TIMES.contains(sorted) || filter.size() == 1 && !filter.has(sorted)) {
      return SquareWords.request(
          "BAD_REQUEST", "sort_field must be the time that is filtered by.", "query.sort");
    }
    var query = body.deepCopy();
    query.remove(List.of("cursor", "limit"));
    var cursor = body.path("cursor").asText("");
    var from = 0;
    if (!cursor.isEmpty()) {
      var parts = plain(cursor).split(":", 2);
      if (parts.length != 2
          || !parts[0].matches("\\d{1,9}")
          || !parts[1].equals(Integer.toHexString(query.hashCode()))
          || moods.on(Mood.Kind.EXPIRED_CURSOR, SEARCH).isPresent()) {
        return SquareWords.request("INVALID_CURSOR", "The cursor is not valid.", "cursor");
      }
      from = Integer.parseInt(parts[0]);
    }
    try {
      var found = found(body, filter.path(sorted), sorted, locations);
      var answer = Jsons.object();
      var page = found.stream().skip(from).limit(limit).toList();
      if (!page.isEmpty()) {
        answer.putArray("orders").addAll(page);
      }
      if (from + page.size() < found.size()) {
        var next = (from + page.size()) + ":" + Integer.toHexString(query.hashCode());
        answer.put(
            "cursor", Base64.getUrlEncoder().encodeToString(next.getBytes(StandardCharsets.UTF_8)));
      }
      return Answer.json(200, answer);
    } catch (DateTimeParseException e) {
      return SquareWords.request("INVALID_TIME", "A time is no RFC 3339 time.", "query.filter");
    }
  }

  private List<ObjectNode> found(
      JsonNode body, JsonNode range, String sorted, Set<String> locations) {
    var start = instant(range, "start_at", Instant.MIN);
    var end = instant(range, "end_at", Instant.MAX);
    var states = strings(body.at("/query/filter/state_filter/states"));
    Comparator<ObjectNode> order = Comparator.comparing(o -> time(o, sorted));
    if (!body.at("/query/sort/sort_order").asText().equals("ASC")) {
      order = order.reversed();
    }
    return shop.orders().values().stream()
        .filter(o -> locations.contains(o.get("location_id").asText()))
        .filter(o -> states.isEmpty() || states.contains(o.get("state").asText()))
        .filter(o -> o.has(sorted))
        .filter(o -> !time(o, sorted).isBefore(start) && !time(o, sorted).isAfter(end))
        .sorted(order)
        .toList();
  }

  private Answer catalog(JsonNode body) {
    var ids = strings(body.path("object_ids"));
    if (ids.isEmpty() || ids.size() > MOST) {
      return SquareWords.request(
          ids.isEmpty() ? "MISSING_REQUIRED_PARAMETER" : "ARRAY_LENGTH_TOO_LONG",
          "There must be 1 to 1000 object_ids.",
          "object_ids");
    }
    var answer = Jsons.object();
    var objects = Jsons.array();
    for (var id : ids) {
      var article = shop.article(id);
      if (article != null) {
        var one = objects.addObject().put("type", "ITEM_VARIATION").put("id", id);
        one.put("version", 1_700_000_000_000L).put("is_deleted", false);
        var data = one.putObject("item_variation_data").put("item_id", "I" + id);
        data.put("name", article.variant() == null ? "Regular" : article.variant());
        data.put("sku", article.sku()).put("pricing_type", "FIXED_PRICING");
        data.set(
            "price_money", SquareOrders.money(article.price().movePointRight(2).longValueExact()));
      }
    }
    if (!objects.isEmpty()) {
      answer.set("objects", objects);
    }
    return Answer.json(200, answer);
  }

  private Answer change(JsonNode body) {
    var fault = shop.inventory().fault(body, shop.now());
    if (fault != null) {
      return fault;
    }
    var key = body.get("idempotency_key").asText();
    if (!shop.inventory().knows(key)) {
      shop.changeInventory(key, body);
    }
    var touched = new HashSet<String>();
    body.get("changes").forEach(c -> touched.add(c.findValue("catalog_object_id").asText()));
    return counts(touched);
  }

  private Answer counted(JsonNode body) {
    var limit = body.path("limit").asInt(100);
    if (limit < 1 || limit > MOST) {
      return SquareWords.request("INVALID_VALUE", "Field must be 1 to 1000.", "limit");
    }
    var cursor = plain(body.path("cursor").asText(""));
    if (!cursor.matches("\\d{0,9}")) {
      return SquareWords.request("INVALID_CURSOR", "The cursor is not valid.", "cursor");
    }
    var locations = strings(body.path("location_ids"));
    var answer = Jsons.object();
    if (!locations.isEmpty() && !locations.contains(options.location)) {
      return Answer.json(200, answer);
    }
    var all =
        shop.inventory()
            .counts(strings(body.path("catalog_object_ids")), options.location, shop.now());
    var from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
    var to = Math.min(all.size(), from + limit);
    var page = answer.putArray("counts");
    for (var i = from; i < to; i++) {
      page.add(all.get(i));
    }
    if (to < all.size()) {
      answer.put(
          "cursor",
          Base64.getUrlEncoder()
              .encodeToString(Integer.toString(to).getBytes(StandardCharsets.UTF_8)));
    }
    return Answer.json(200, answer);
  }

  private Answer counts(Set<String> of) {
    var counts = shop.inventory().counts(of, options.location, shop.now());
    return Answer.json(200, Jsons.object().set("counts", counts));
  }

  private static Set<String> strings(JsonNode array) {
    var all = new HashSet<String>();
    array.forEach(one -> all.add(one.asText()));
    return all;
  }

  private static Instant time(JsonNode order, String field) {
    return Instant.parse(order.get(field).asText());
  }

  private static Instant instant(JsonNode range, String field, Instant otherwise) {
    return range.hasNonNull(field) ? Instant.parse(range.get(field).asText()) : otherwise;
  }

  private static String plain(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
