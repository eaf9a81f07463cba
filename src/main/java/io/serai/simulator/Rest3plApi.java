package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** The HTTP protocol of the REST 3PL: fulfillments, cancels, shipments, stock. */
final class Rest3plApi {

  static final String CREATE = "fulfillments.create";
  static final String FIND = "fulfillments.find";
  static final String CANCEL = "fulfillments.cancel";
  static final String SHIPMENTS = "shipments.list";
  static final String STOCK = "stock.read";

  private static final int LARGEST_PAGE = 250;

  private final Warehouse warehouse;
  private final Rest3plOptions options;
  private final Moods moods;
  private final Consumer<WarehouseOrder> taken;
  private final Rest3plWords words = new Rest3plWords();

  /**
   * The protocol over a warehouse.
   *
   * @param taken hears of every fulfillment taken on
   */
  Rest3plApi(
      Warehouse warehouse, Rest3plOptions options, Moods moods, Consumer<WarehouseOrder> taken) {
    this.warehouse = warehouse;
    this.options = options;
    this.moods = moods;
    this.taken = taken;
  }

  Answer answer(Request request) throws Exception {
    var operation = operation(request);
    if (operation == null) {
      return Rest3plWords.error(
          404, "NOT_FOUND", "There is nothing at " + request.method() + " " + request.path() + ".");
    }
    if (!request
        .header("Authorization")
        .equals(java.util.Optional.of("Bearer " + options.apiKey))) {
      return words.unauthorized();
    }
    var mood = moods.onCall(List.of(operation)).orElse(null);
    return BadDay.live(mood, words, () -> good(operation, request));
  }

  private static String operation(Request request) {
    var path = request.segments();
    var get = "GET".equals(request.method());
    var post = "POST".equals(request.method());
    if (path.equals(List.of("fulfillments"))) {
      return get ? FIND : post ? CREATE : null;
    }
    if (path.size() == 2 && path.get(0).equals("fulfillments")) {
      return get ? FIND : null;
    }
    if (path.size() == 3 && path.get(0).equals("fulfillments") && path.get(2).equals("cancel")) {
      return post ? CANCEL : null;
    }
    if (path.equals(List.of("shipments"))) {
      return get ? SHIPMENTS : null;
    }
    return path.equals(List.of("stock")) && get ? STOCK : null;
  }

  private Answer good(String operation, Request request) throws IOException {
    warehouse.lock().lock();
    try {
      return switch (operation) {
        case CREATE -> create(request);
        case FIND -> find(request);
        case CANCEL -> cancel(request);
        case SHIPMENTS -> shipments(request);
        default -> Answer.json(200, warehouse.stock());
      };
    } finally {
      warehouse.lock().unlock();
    }
  }

  private Answer create(Request request) throws IOException {
    ObjectNode body;
    try {
      body = (ObjectNode) request.json();
    } catch (IOException | ClassCastException e) {
      return Rest3plWords.error(400, "MALFORMED", "The body is not a JSON object.");
    }
    var key = request.header("Idempotency-Key").orElse(null);
    var hash = Signature.hex("body", Jsons.bytes(body));
    if (options.create == Repeat.IDEMPOTENT) {
      if (key == null) {
        return Rest3plWords.error(
            400, "IDEMPOTENCY_KEY_REQUIRED", "The header Idempotency-Key is missing.");
      }
      var earlier = warehouse.known(key);
      if (earlier != null && fresh(earlier)) {
        if (!hash.equals(earlier.hash())) {
          return Rest3plWords.error(
              422, "IDEMPOTENCY_KEY_REUSED", "This key was used for another request.");
        }
        warehouse.note("fulfillment.repeated", earlier.fulfillmentId(), key, Jsons.object());
        return accepted(warehouse.find(earlier.reference())).header("Idempotent-Replay", "true");
      }
    }
    var refusal = check(body);
    if (refusal != null) {
      warehouse.note(
          "fulfillment.refused",
          body.path("fulfillmentId").asText(null),
          key,
          Jsons.read(refusal.body()));
      return refusal;
    }
    var order = warehouse.take(!options.answersLater, key, hash, body);
    taken.accept(order);
    return accepted(order);
  }

  private Answer check(JsonNode body) {
    for (var field : List.of("orderId", "fulfillmentId")) {
      if (body.path(field).asText("").isBlank()) {
        return Rest3plWords.error(422, "INVALID", "The field '" + field + "' is missing.");
      }
    }
    if (!body.path("lines").isArray() || body.get("lines").isEmpty()) {
      return Rest3plWords.error(422, "INVALID", "The field 'lines' is missing or empty.");
    }
    for (var line : body.get("lines")) {
      var sku = line.path("sku").asText("");
      if (!line.path("quantity").isInt() || line.get("quantity").asInt() <= 0) {
        return Rest3plWords.error(
            422, "INVALID", "The quantity of '" + sku + "' is not a whole number above 0.");
      }
      if (sku.isBlank() || !options.acceptsAnySku && !warehouse.knows(sku)) {
        return Rest3plWords.error(422, "UNKNOWN_SKU", "The SKU '" + sku + "' is not known.");
      }
    }
    var address = body.path("shipTo");
    if (options.checksAddress
        && address.at("/countryCode").asText("").isBlank()
        && address.at("/address/countryCode").asText("").isBlank()) {
      return Rest3plWords.error(422, "INVALID_ADDRESS", "The field 'shipTo' names no country.");
    }
    return null;
  }

  private boolean fresh(Warehouse.Known known) {
    return Duration.between(known.at(), warehouse.now()).compareTo(options.keyLife) < 0;
  }

  private static Answer accepted(WarehouseOrder order) {
    var received = order.state == WarehouseOrder.State.RECEIVED;
    var body = Jsons.object();
    body.put("status", received ? "received" : "accepted");
    body.put("reference", order.reference);
    body.put("fulfillmentId", order.fulfillmentId);
    return Answer.json(received ? 202 : 201, body);
  }

  private Answer find(Request request) {
    if (options.create == Repeat.BLIND) {
      return Rest3plWords.error(
          404, "NOT_FOUND", "There is nothing at GET " + request.path() + ".");
    }
    var path = request.segments();
    if (path.size() == 2) {
      var order = warehouse.find(path.get(1));
      return order == null || !visible(order.acceptedAt, FIND)
          ? unknown(path.get(1))
          : Answer.json(200, json(order));
    }
    var fulfillmentId = request.query().get("fulfillmentId");
    var orderId = request.query().get("orderId");
    if (fulfillmentId == null && orderId == null) {
      return Rest3plWords.error(
          400, "INVALID", "The parameter 'fulfillmentId' or 'orderId' is missing.");
    }
    var body = Jsons.object();
    var found = body.putArray("fulfillments");
    var candidates =
        fulfillmentId != null ? warehouse.ofFulfillment(fulfillmentId) : warehouse.all();
    for (var order : candidates) {
      if ((orderId == null || orderId.equals(order.orderId)) && visible(order.acceptedAt, FIND)) {
        found.add(json(order));
      }
    }
    return Answer.json(200, body);
  }

  private Answer cancel(Request request) {
    var reference = request.segments().get(1);
    var order = warehouse.find(reference);
    if (order == null) {
      return unknown(reference);
    }
    var key = request.header("Idempotency-Key").orElse(null);
    if (order.state == WarehouseOrder.State.CANCELLED) {
      var earlier = key == null ? null : warehouse.known(key);
      if (options.cancel == Repeat.IDEMPOTENT
          && earlier != null
          && reference.equals(earlier.reference())) {
        return cancelled(order).header("Idempotent-Replay", "true");
      }
      return Rest3plWords.error(
          409, "ALREADY_CANCELLED", "The fulfillment '" + reference + "' is cancelled already.");
    }
    var refusal = refusal(order);
    if (refusal != null) {
      warehouse.note("cancel.refused", order.fulfillmentId, key, Jsons.object());
      return refusal;
    }
    warehouse.cancel(order, key);
    return cancelled(order);
  }

  private Answer refusal(WarehouseOrder order) {
    if (order.state == WarehouseOrder.State.SHIPPED) {
      return Rest3plWords.error(
          409, "ALREADY_SHIPPED", "The fulfillment '" + order.reference + "' has left.");
    }
    if (order.state == WarehouseOrder.State.REJECTED) {
      return Rest3plWords.error(
          409, "REJECTED", "The fulfillment '" + order.reference + "' was not taken on.");
    }
    if (!warehouse.now().isBefore(order.acceptedAt.plus(options.pickAfter))) {
      return Rest3plWords.error(
          409, "ALREADY_PICKING", "The fulfillment '" + order.reference + "' is being picked.");
    }
    return null;
  }

  private static Answer cancelled(WarehouseOrder order) {
    return Answer.json(
        200,
        Jsons.object()
            .put("status", "cancelled")
            .put("reference", order.reference)
            .put("fulfillmentId", order.fulfillmentId));
  }

  private Answer shipments(Request request) {
    var query = request.query();
    int from;
    try {
      from = cursor(query.get("since"));
    } catch (IllegalArgumentException e) {
      return Rest3plWords.error(400, "INVALID_CURSOR", "The cursor is not one of ours.");
    }
    if (from > 0 && moods.on(Mood.Kind.EXPIRED_CURSOR, SHIPMENTS).isPresent()) {
      return Rest3plWords.error(400, "INVALID_CURSOR", "The cursor has expired.");
    }
    int limit;
    try {
      limit = Integer.parseInt(query.getOrDefault("limit", "100"));
    } catch (NumberFormatException e) {
      limit = 0;
    }
    if (limit < 1 || limit > LARGEST_PAGE) {
      return Rest3plWords.error(
          400, "INVALID", "The parameter 'limit' is not a number from 1 to " + LARGEST_PAGE + ".");
    }
    if (from > 0 && moods.on(Mood.Kind.REPEATED_ITEMS, SHIPMENTS).isPresent()) {
      from--;
    }
    var all = warehouse.shipments();
    var late = moods.on(Mood.Kind.LATE_POLLS, SHIPMENTS).map(Mood::delay).orElse(Duration.ZERO);
    var body = Jsons.object();
    var page = body.putArray("shipments");
    var next = from;
    while (next < all
        && page.size() < limit
        && !warehouse.shippedAt(next).plus(late).isAfter(warehouse.now())) {
      page.add(warehouse.shipment(next++));
    }
    body.put("next", cursor(next));
    body.put("more", page.size() == limit && next < all);
    return Answer.json(200, body);
  }

  private boolean visible(Instant since, String operation) {
    return moods
        .on(Mood.Kind.LATE_POLLS, operation)
        .map(m -> !since.plus(m.delay()).isAfter(warehouse.now()))
        .orElse(true);
  }

  private static String cursor(int position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("shipments:" + position).getBytes(StandardCharsets.UTF_8));
  }

  private static int cursor(String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    if (!plain.startsWith("shipments:")) {
      throw new IllegalArgumentException("not a cursor of shipments");
    }
    return Integer.parseInt(plain.substring("shipments:".length()));
  }

  private static Answer unknown(String reference) {
    return Rest3plWords.error(
        404, "UNKNOWN_REFERENCE", "The fulfillment '" + reference + "' is not known.");
  }

  private static ObjectNode json(WarehouseOrder order) {
    var json = Jsons.object();
    json.put("fulfillmentId", order.fulfillmentId);
    json.put("orderId", order.orderId);
    json.put("reference", order.reference);
    json.put("status", order.state.name().toLowerCase(java.util.Locale.ROOT));
    json.put("acceptedAt", order.acceptedAt.toString());
    json.set("lines", order.lines);
    var shipments = json.putArray("shipments");
    order.shipments.forEach(shipments::add);
    return json;
  }
}
