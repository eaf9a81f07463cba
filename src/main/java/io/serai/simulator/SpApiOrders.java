package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Orders 2026-01-01 {@code searchOrders} and {@code getOrder}: what may be asked, and how much of
 * an order is shown.
 *
 * <p>The model says: exactly one of {@code createdAfter} and {@code lastUpdatedAfter}, each only
 * with its own before-value, which lies two minutes back at least; at most 100 orders a page; a
 * page's token asks for the next one. An order whose payment is pending shows neither prices nor
 * people.
 */
final class SpApiOrders {

  private static final Duration SETTLED = Duration.ofMinutes(2);
  private static final Duration TOKEN_LIFE = Duration.ofHours(24);
  private static final Set<String> DATA =
      Set.of(
          "BUYER",
          "RECIPIENT",
          "PROCEEDS",
          "EXPENSE",
          "PROMOTION",
          "CANCELLATION",
          "FULFILLMENT",
          "PACKAGES",
          "TAX",
          "PAYMENT",
          "FULFILLMENT_ORDERS");

  private final SellerAccount account;
  private final AmazonOptions options;
  private final Moods moods;

  SpApiOrders(SellerAccount account, AmazonOptions options, Moods moods) {
    this.account = account;
    this.options = options;
    this.moods = moods;
  }

  Answer search(Request request) {
    var query = request.query();
    var data = data(query);
    if (data == null) {
      return SpApiWords.invalid("includedData holds a value that is not known.");
    }
    var denied = denied(data);
    if (denied != null) {
      return denied;
    }
    Window window;
    int most;
    try {
      window = window(query);
      most = Integer.parseInt(query.getOrDefault("maxResultsPerPage", "100"));
    } catch (IllegalArgumentException | DateTimeException e) {
      return SpApiWords.invalid(e.getMessage());
    }
    if (most < 1 || most > 100) {
      return SpApiWords.invalid("maxResultsPerPage must be between 1 and 100.");
    }
    var from = 0;
    var token = query.get("paginationToken");
    if (token != null) {
      from = position(token, query);
      if (from < 0 || moods.on(Mood.Kind.EXPIRED_CURSOR, SpApiQuotas.SEARCH_ORDERS).isPresent()) {
        return SpApiWords.invalid("paginationToken is expired or not of this search.");
      }
      if (moods.on(Mood.Kind.REPEATED_ITEMS, SpApiQuotas.SEARCH_ORDERS).isPresent()) {
        from--;
      }
    }
    return page(found(window, query), from, most, data, query, window);
  }

  private Answer page(
      List<ObjectNode> all,
      int from,
      int most,
      Set<String> data,
      Map<String, String> query,
      Window window) {
    var body = Jsons.object();
    var orders = body.putArray("orders");
    var to = Math.min(all.size(), from + most);
    all.subList(Math.min(from, to), to)
        .forEach(order -> orders.add(view(order, data, SpApiQuotas.SEARCH_ORDERS)));
    if (to < all.size()) {
      body.putObject("pagination").put("nextToken", token(to, query));
    }
    body.put(window.updated() ? "lastUpdatedBefore" : "createdBefore", window.before().toString());
    return Answer.json(200, body);
  }

  Answer get(Request request) {
    var data = data(request.query());
    if (data == null) {
      return SpApiWords.invalid("includedData holds a value that is not known.");
    }
    var denied = denied(data);
    if (denied != null) {
      return denied;
    }
    var order = account.order(request.segments().getLast());
    return order == null
        ? SpApiWords.missing("The order is not known.")
        : Answer.json(200, Jsons.object().set("order", view(order, data, SpApiQuotas.GET_ORDER)));
  }

  private record Window(boolean updated, Instant after, Instant before) {}

  private Window window(Map<String, String> query) {
    var created = query.get("createdAfter");
    var updated = query.get("lastUpdatedAfter");
    if ((created == null) == (updated == null)) {
      throw new IllegalArgumentException(
          "Exactly one of createdAfter and lastUpdatedAfter must be given.");
    }
    var foreign = updated != null ? "createdBefore" : "lastUpdatedBefore";
    if (query.containsKey(foreign)) {
      throw new IllegalArgumentException(foreign + " does not go with the other dates.");
    }
    var after = Instant.parse(updated != null ? updated : created);
    var latest = account.now().minus(SETTLED);
    var given = query.get(updated != null ? "lastUpdatedBefore" : "createdBefore");
    var before = given == null ? latest : Instant.parse(given);
    if (before.isAfter(latest)) {
      throw new IllegalArgumentException("The before-date must be two minutes in the past.");
    }
    if (given != null && before.isBefore(after)) {
      throw new IllegalArgumentException("The before-date must not be before the after-date.");
    }
    return new Window(updated != null, after, before);
  }

  private List<ObjectNode> found(Window window, Map<String, String> query) {
    var late =
        moods
            .on(Mood.Kind.LATE_POLLS, SpApiQuotas.SEARCH_ORDERS)
            .map(Mood::delay)
            .orElse(Duration.ZERO);
    var field = window.updated() ? "lastUpdatedTime" : "createdTime";
    var found = new ArrayList<ObjectNode>();
    for (var order : account.orders()) {
      var at = Instant.parse(order.get(field).asText());
      if (!at.isBefore(window.after())
          && !at.isAfter(window.before())
          && !at.plus(late).isAfter(account.now())
          && among(query, "marketplaceIds", order.at("/salesChannel/marketplaceId").asText())
          && among(query, "fulfilledBy", order.at("/fulfillment/fulfilledBy").asText())
          && among(query, "fulfillmentStatuses", SellerAccount.status(order))) {
        found.add(order);
      }
    }
    found.sort(Comparator.comparing(o -> Instant.parse(o.get(field).asText())));
    return found;
  }

  private static boolean among(Map<String, String> query, String parameter, String value) {
    var wanted = query.get(parameter);
    return wanted == null || Arrays.asList(wanted.split(",")).contains(value);
  }

  private static Set<String> data(Map<String, String> query) {
    var asked = query.get("includedData");
    if (asked == null) {
      return Set.of();
    }
    var data = Set.copyOf(Arrays.asList(asked.split(",")));
    return DATA.containsAll(data) ? data : null;
  }

  private Answer denied(Set<String> data) {
    return !options.personalData && (data.contains("BUYER") || data.contains("RECIPIENT"))
        ? SpApiWords.denied("The application lacks the role that BUYER and RECIPIENT need.")
        : null;
  }

  /** As much of an order as was asked for and may be shown. */
  private ObjectNode view(ObjectNode order, Set<String> data, String operation) {
    var pending = SellerAccount.status(order).startsWith("PENDING");
    var view = order.deepCopy();
    keep(view, "buyer", data.contains("BUYER") && !pending);
    keep(view, "recipient", data.contains("RECIPIENT") && !pending);
    keep(view, "proceeds", data.contains("PROCEEDS") && !pending);
    keep(view, "fulfillment", data.contains("FULFILLMENT"));
    keep(view, "packages", data.contains("PACKAGES"));
    var late = moods.on(Mood.Kind.LATE_LINES, operation).map(Mood::delay).orElse(Duration.ZERO);
    if (Instant.parse(order.get("createdTime").asText()).plus(late).isAfter(account.now())) {
      view.putArray("orderItems");
    }
    for (var node : view.get("orderItems")) {
      var item = (ObjectNode) node;
      keep(item, "proceeds", data.contains("PROCEEDS") && !pending);
      keep(item, "promotion", data.contains("PROMOTION"));
      keep(item, "cancellation", data.contains("CANCELLATION"));
      keep(item, "fulfillment", data.contains("FULFILLMENT"));
      keep(item, "tax", data.contains("TAX"));
      if (pending) {
        ((ObjectNode) item.get("product")).remove("price");
      }
    }
    return view;
  }

  private static void keep(ObjectNode node, String field, boolean yes) {
    if (!yes) {
      node.remove(field);
    }
  }

  // A token is good for the search it came from, and for a day.
  private String token(int position, Map<String, String> query) {
    var text = position + "|" + account.now() + "|" + search(query);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private int position(String token, Map<String, String> query) {
    try {
      var parts =
          new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split("\\|", 3);
      var old = Instant.parse(parts[1]).plus(TOKEN_LIFE).isBefore(account.now());
      return old || !parts[2].equals(search(query)) ? -1 : Integer.parseInt(parts[0]);
    } catch (RuntimeException e) {
      return -1;
    }
  }

  private static String search(Map<String, String> query) {
    var rest = new TreeMap<>(query);
    rest.remove("paginationToken");
    return rest.toString();
  }

  /** Whether a JSON text field is there and not blank. */
  static boolean has(JsonNode node, String field) {
    return !node.path(field).asText("").isBlank();
  }
}
