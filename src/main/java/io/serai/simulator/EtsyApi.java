package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The part of Etsy's Open API v3 that deals with receipts and stock: it asks for key and token,
 * counts calls, and refuses what the real one refuses.
 */
final class EtsyApi {

  static final String TOKEN = "oauth.token";
  static final String RECEIPTS = "getShopReceipts";
  static final String RECEIPT = "getShopReceipt";
  static final String TRACKING = "createReceiptShipment";
  static final String LISTINGS = "getListingsByShop";
  static final String LISTING = "getListing";
  static final String LISTING_STATE = "updateListing";
  static final String INVENTORY = "getListingInventory";
  static final String REPLACE = "updateListingInventory";

  private static final String ROOT = "/v3/application";
  private static final Set<String> CARRIERS =
      Set.of(
          "usps",
          "ups",
          "fedex",
          "dhl",
          "dhl-ecommerce",
          "dpd",
          "gls",
          "royal-mail",
          "canada-post",
          "australia-post",
          "la-poste",
          "correos",
          "other");
  private static final Set<String> STATES =
      Set.of("active", "inactive", "sold_out", "draft", "expired");

  private final EtsyShop shop;
  private final EtsyOptions options;
  private final Moods moods;
  private final EtsyQuota quota;
  private final EtsyTokens tokens;
  private final EtsyWords words = new EtsyWords();
  private final Random random;

  EtsyApi(EtsyShop shop, EtsyOptions options, Moods moods, EtsyQuota quota) {
    this.shop = shop;
    this.options = options;
    this.moods = moods;
    this.quota = quota;
    this.tokens = new EtsyTokens(shop, options);
    this.random = new Random(options.seed);
  }

  Answer answer(Request request) throws Exception {
    if (request.path().equals("/v3/public/oauth/token") && request.method().equals("POST")) {
      return BadDay.live(
          moods.onCall(List.of(TOKEN)).orElse(null),
          words,
          () -> locked(() -> tokens.grant(form(request))));
    }
    var operation = operation(request);
    if (operation == null) {
      return EtsyWords.error(404, "Resource not found");
    }
    var key = request.header("x-api-key").orElse("");
    if (!key.equals(options.keystring)
        && !key.equals(options.keystring + ":" + options.sharedSecret)) {
      return EtsyWords.error(403, "API key not found or not active");
    }
    var stranger = tokens.fault(request.header("Authorization").orElse(null));
    if (stranger != null) {
      return stranger;
    }
    var wait = quota.take();
    if (wait > 0) {
      return EtsyWords.error(429, "Exceeded rate limit").header("retry-after", "" + wait);
    }
    return quota.tell(
        BadDay.live(
            moods.onCall(List.of(operation)).orElse(null),
            words,
            () -> locked(() -> good(operation, request))));
  }

  private Answer locked(java.util.concurrent.Callable<Answer> effect) throws Exception {
    shop.lock().lock();
    try {
      return effect.call();
    } finally {
      shop.lock().unlock();
    }
  }

  private String operation(Request request) {
    var own = ROOT + "/shops/" + options.shopId;
    var path = request.path();
    var number = "/\\d+";
    if (path.equals(own + "/receipts")) {
      return request.method().equals("GET") ? RECEIPTS : null;
    }
    if (path.matches(own + "/receipts" + number)) {
      return request.method().equals("GET") ? RECEIPT : null;
    }
    if (path.matches(own + "/receipts" + number + "/tracking")) {
      return request.method().equals("POST") ? TRACKING : null;
    }
    if (path.equals(own + "/listings")) {
      return request.method().equals("GET") ? LISTINGS : null;
    }
    if (path.matches(own + "/listings" + number)) {
      return request.method().equals("PATCH") ? LISTING_STATE : null;
    }
    if (path.matches(ROOT + "/listings" + number)) {
      return request.method().equals("GET") ? LISTING : null;
    }
    if (path.matches(ROOT + "/listings" + number + "/inventory")) {
      return switch (request.method()) {
        case "GET" -> INVENTORY;
        case "PUT" -> REPLACE;
        default -> null;
      };
    }
    return null;
  }

  private Answer good(String operation, Request request) throws IOException {
    var path = request.segments();
    return switch (operation) {
      case RECEIPTS -> receipts(request.query());
      case RECEIPT -> receipt(Long.parseLong(path.getLast()));
      case TRACKING -> tracking(Long.parseLong(path.get(path.size() - 2)), request);
      case LISTINGS -> listings(request.query());
      case LISTING -> {
        var listing = shop.listing(Long.parseLong(path.getLast()));
        yield listing == null
            ? EtsyWords.error(404, "Could not find a Listing")
            : Answer.json(200, listing.json(shop.id(), inventoryToo(request.query())));
      }
      case LISTING_STATE -> state(Long.parseLong(path.getLast()), request);
      default -> inventory(operation, Long.parseLong(path.get(path.size() - 2)), request);
    };
  }

  private static boolean inventoryToo(Map<String, String> query) {
    return query.getOrDefault("includes", "").contains("Inventory");
  }

  private Answer receipts(Map<String, String> query) {
    var limit = number(query, "limit", 25);
    var offset = number(query, "offset", 0);
    if (limit < 1 || limit > 100 || offset < 0) {
      return EtsyWords.error(400, "limit must be from 1 to 100 and offset 0 or more");
    }
    var late =
        moods.on(Mood.Kind.LATE_POLLS, RECEIPTS).map(Mood::delay).orElse(Duration.ZERO).toSeconds();
    var newest = late == 0 ? Long.MAX_VALUE : shop.seconds() - late;
    var found = new ArrayList<ObjectNode>();
    for (var receipt : shop.receipts()) {
      var created = receipt.get("created_timestamp").asLong();
      var updated = receipt.get("updated_timestamp").asLong();
      if (created >= number(query, "min_created", 0)
          && created <= number(query, "max_created", Long.MAX_VALUE)
          && updated >= number(query, "min_last_modified", 0)
          && updated <= number(query, "max_last_modified", Long.MAX_VALUE)
          && is(query, "was_paid", receipt.get("is_paid").asBoolean())
          && is(query, "was_shipped", receipt.get("is_shipped").asBoolean())
          && is(query, "was_canceled", receipt.get("status").asText().equals("canceled"))
          && updated <= newest) {
        found.add(receipt);
      }
    }
    var field =
        switch (query.getOrDefault("sort_on", "created")) {
          case "updated" -> "updated_timestamp";
          case "receipt_id" -> "receipt_id";
          default -> "created_timestamp";
        };
    Comparator<ObjectNode> order = Comparator.comparingLong(r -> r.get(field).asLong());
    if (!query.getOrDefault("sort_order", "desc").matches("asc|ascending|up")) {
      order = order.reversed();
    }
    found.sort(order);
    var repeat = offset > 0 && moods.on(Mood.Kind.REPEATED_ITEMS, RECEIPTS).isPresent() ? 1 : 0;
    var from = (int) Math.min(offset - repeat, found.size());
    var page = new ArrayList<>(found.subList(from, (int) Math.min(from + limit, found.size())));
    if (repeat == 0
        && !page.isEmpty()
        && moods.on(Mood.Kind.REPEATED_ITEMS, RECEIPTS).isPresent()) {
      page.add(page.getFirst());
    }
    if (moods.on(Mood.Kind.SHUFFLED_ITEMS, RECEIPTS).isPresent()) {
      Collections.shuffle(page, random);
    }
    var answer = Jsons.object().put("count", found.size());
    var results = answer.putArray("results");
    for (var receipt : page) {
      results.add(
          moods.on(Mood.Kind.LATE_LINES, RECEIPTS).isPresent() ? lineless(receipt) : receipt);
    }
    return Answer.json(200, answer);
  }

  private static JsonNode lineless(ObjectNode receipt) {
    var copy = receipt.deepCopy();
    copy.putArray("transactions");
    return copy;
  }

  private Answer receipt(long id) {
    var receipt = shop.receipt(id);
    return receipt == null ? missing() : Answer.json(200, receipt);
  }

  private static Answer missing() {
    return EtsyWords.error(404, "Could not find a Receipt");
  }

  private Answer tracking(long id, Request request) {
    var receipt = shop.receipt(id);
    if (receipt == null) {
      return missing();
    }
    var form = form(request);
    if (form == null) {
      return EtsyWords.error(400, "The body must be application/x-www-form-urlencoded");
    }
    if (receipt.get("status").asText().equals("canceled")) {
      return EtsyWords.error(400, "The receipt is canceled");
    }
    var code = form.getOrDefault("tracking_code", "");
    var carrier = form.getOrDefault("carrier_name", "");
    var country = receipt.path("country_iso").asText();
    var asked =
        country.equals("IN")
            || country.equals("US") && receipt.at("/grandtotal/amount").asLong() > 1_000;
    if (code.isBlank() != carrier.isBlank() || code.isBlank() && asked) {
      return EtsyWords.error(400, "tracking_code and carrier_name are required");
    }
    if (!carrier.isBlank() && !CARRIERS.contains(carrier)) {
      return EtsyWords.error(400, "carrier_name is not supported; use 'other'");
    }
    shop.ship(id, code, carrier);
    return Answer.json(200, shop.receipt(id));
  }

  private Answer listings(Map<String, String> query) {
    var limit = number(query, "limit", 25);
    var offset = number(query, "offset", 0);
    var state = query.getOrDefault("state", "active");
    if (limit < 1 || limit > 100 || offset < 0 || !STATES.contains(state)) {
      return EtsyWords.error(400, "limit, offset or state is not valid");
    }
    var found = shop.listings().stream().filter(l -> l.state.equals(state)).toList();
    var answer = Jsons.object().put("count", found.size());
    var results = answer.putArray("results");
    found.stream()
        .skip(offset)
        .limit(limit)
        .forEach(l -> results.add(l.json(shop.id(), inventoryToo(query))));
    return Answer.json(200, answer);
  }

  private Answer state(long id, Request request) {
    var listing = shop.listing(id);
    if (listing == null) {
      return EtsyWords.error(404, "Could not find a Listing");
    }
    var form = form(request);
    var state = form == null ? "" : form.getOrDefault("state", "");
    if (!state.equals("active") && !state.equals("inactive")) {
      return EtsyWords.error(400, "state must be active or inactive");
    }
    if (!listing.state.equals(state)) {
      shop.state(listing, state);
    }
    return Answer.json(200, listing.json(shop.id(), false));
  }

  private Answer inventory(String operation, long id, Request request) throws IOException {
    var listing = shop.listing(id);
    if (listing == null) {
      return EtsyWords.error(404, "Could not find a Listing");
    }
    if (operation.equals(REPLACE)) {
      JsonNode wanted;
      try {
        wanted = request.json();
      } catch (IOException e) {
        return EtsyWords.error(400, "The body is not JSON");
      }
      var fault = listing.fault(wanted);
      if (fault != null) {
        return EtsyWords.error(400, fault);
      }
      shop.replace(listing, wanted);
    }
    return Answer.json(200, listing.inventory());
  }

  private static long number(Map<String, String> query, String name, long otherwise) {
    var text = query.get(name);
    return text == null || text.isEmpty() ? otherwise : Long.parseLong(text);
  }

  private static boolean is(Map<String, String> query, String name, boolean value) {
    var text = query.get(name);
    return text == null || text.equals(Boolean.toString(value));
  }

  /** The fields of a form, or {@code null} when the body is none. */
  private static Map<String, String> form(Request request) {
    if (!request
        .header("Content-Type")
        .orElse("")
        .startsWith("application/x-www-form-urlencoded")) {
      return null;
    }
    var text = new String(request.body(), StandardCharsets.UTF_8);
    return new Request("POST", "/", text, Map.of(), new byte[0]).query();
  }
}
