package io.serai.simulator;

import graphql.GraphqlErrorException;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLNamedOutputType;
import graphql.schema.GraphQLTypeUtil;
import graphql.schema.idl.RuntimeWiring;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Which part of the shop answers which field of the Admin API. */
final class ShopifyFetchers {

  /** Where a query's search warnings are collected, in the query's context. */
  static final String WARNINGS = "warnings";

  private static final Set<String> ORDER_FIELDS =
      Set.of(
          "default",
          "id",
          "name",
          "email",
          "created_at",
          "updated_at",
          "processed_at",
          "financial_status",
          "fulfillment_status",
          "status",
          "tag",
          "test");

  private static final Set<String> ITEM_FIELDS = Set.of("default", "id", "sku");

  private final Shop shop;
  private final Moods moods;
  private final Duration lag;
  private final StockView stock;
  private final OrderView orders;

  ShopifyFetchers(Shop shop, ShopifyOptions options, Moods moods) {
    this.shop = shop;
    this.moods = moods;
    this.lag = options.indexLag;
    this.stock = new StockView(shop);
    this.orders = new OrderView(shop, stock, options.routingDelay, moods);
  }

  void wire(RuntimeWiring.Builder wiring) {
    var shipments = new FulfillmentMutations(shop, orders);
    var cancels = new CancelMutation(shop);
    var quantities = new InventoryMutation(shop, stock);
    var money = new MoneyMutations(shop, orders);
    wiring.type(
        "QueryRoot",
        t ->
            t.dataFetcher("shop", env -> shop())
                .dataFetcher("order", byId("Order", this::order))
                .dataFetcher("orders", this::orders)
                .dataFetcher("ordersCount", this::count)
                .dataFetcher("fulfillmentOrder", byId("FulfillmentOrder", this::fulfillmentOrder))
                .dataFetcher("fulfillment", byId("Fulfillment", this::fulfillment))
                .dataFetcher("inventoryItem", byId("InventoryItem", this::item))
                .dataFetcher("inventoryItems", env -> articles(env, a -> () -> stock.item(a)))
                .dataFetcher("inventoryLevel", byId("InventoryLevel", this::level))
                .dataFetcher("productVariant", byId("ProductVariant", this::variant))
                .dataFetcher("productVariants", env -> articles(env, a -> () -> stock.variant(a)))
                .dataFetcher("location", this::location)
                .dataFetcher("locations", env -> Connections.page(stock.locations(), env))
                .dataFetcher("job", env -> Map.of("id", env.getArgument("id"), "done", true))
                .dataFetcher("node", env -> node(env.getArgument("id")))
                .dataFetcher("nodes", this::nodes));
    wiring.type(
        "Mutation",
        t ->
            t.dataFetcher("fulfillmentCreate", shipments::create)
                .dataFetcher("fulfillmentTrackingInfoUpdate", shipments::track)
                .dataFetcher("orderCancel", cancels::cancel)
                .dataFetcher("refundCreate", money::refund)
                .dataFetcher("orderCapture", money::capture)
                .dataFetcher("inventorySetQuantities", quantities::set));
    wiring.type("InventoryLevel", t -> t.dataFetcher("quantities", this::quantities));
    wiring.type(
        "InventoryItem",
        t ->
            t.dataFetcher(
                "inventoryLevel",
                env -> {
                  Map<String, Object> item = env.getSource();
                  var location = stock.locationIndex(env.getArgument("locationId"));
                  var article = stock.articleOfItem((String) item.get("id"));
                  return location < 0 ? null : stock.level(article, location);
                }));
    wiring.type(
        "Location",
        t ->
            t.dataFetcher(
                "inventoryLevel",
                env -> {
                  Map<String, Object> location = env.getSource();
                  var article = stock.articleOfItem(env.getArgument("inventoryItemId"));
                  return article == null
                      ? null
                      : stock.level(article, stock.locationIndex((String) location.get("id")));
                }));
  }

  /** Reads a field without a fetcher of its own from the view above it. */
  static Object byDefault(DataFetchingEnvironment env) {
    var field = env.getFieldDefinition();
    var type = (GraphQLNamedOutputType) GraphQLTypeUtil.unwrapAll(field.getType());
    var value = value(env, field.getName());
    if (type.getName().endsWith("Connection")) {
      return value == null ? null : Connections.page((List<?>) value, env);
    }
    if (value instanceof List<?> list
        && env.containsArgument("first")
        && env.getArgument("first") instanceof Integer first) {
      return list.subList(0, Math.min(first, list.size()));
    }
    return value;
  }

  private static Object value(DataFetchingEnvironment env, String name) {
    Map<String, Object> source = env.getSource();
    var value = source == null ? null : source.get(name);
    return value instanceof Supplier<?> supplier ? supplier.get() : value;
  }

  private Map<String, Object> shop() {
    var view = StockView.view("Shop", 66_600_000_001L);
    view.put("name", shop.setup().domain().replaceAll("\\..*", ""));
    view.put("myshopifyDomain", shop.setup().domain());
    view.put("currencyCode", "USD");
    return view;
  }

  // By id

  private DataFetcher<Object> byId(String type, Function<String, Object> find) {
    return env -> {
      String id = env.getArgument("id");
      if (!id.startsWith("gid://shopify/")) {
        throw refusal("Invalid global id '" + id + "'", "BAD_REQUEST");
      }
      if (!id.startsWith("gid://shopify/" + type + "/")) {
        throw refusal("Invalid id: " + id, "RESOURCE_NOT_FOUND");
      }
      return find.apply(id);
    };
  }

  private Object order(String gid) {
    var order = shop.order(ShopifyIds.number("Order", gid));
    return order == null ? null : orders.order(order);
  }

  private Object fulfillmentOrder(String gid) {
    var id = ShopifyIds.number("FulfillmentOrder", gid);
    var order = shop.orderOfFulfillmentOrder(id);
    return order == null || !orders.routed(order)
        ? null
        : orders.fulfillmentOrder(order, order.fulfillmentOrder(id));
  }

  private Object fulfillment(String gid) {
    var id = ShopifyIds.number("Fulfillment", gid);
    var order = shop.orderOfFulfillment(id);
    return order == null
        ? null
        : order.shipments.stream()
            .filter(s -> s.id() == id)
            .findFirst()
            .map(s -> orders.fulfillment(order, s))
            .orElse(null);
  }

  private Object item(String gid) {
    var article = stock.articleOfItem(gid);
    return article == null ? null : stock.item(article);
  }

  private Object variant(String gid) {
    var article = stock.articleOfVariant(gid);
    return article == null ? null : stock.variant(article);
  }

  private Object level(String gid) {
    var parts = gid.split("\\?inventory_item_id=");
    if (parts.length != 2) {
      throw refusal("Invalid id: " + gid, "RESOURCE_NOT_FOUND");
    }
    var article = stock.articleOfItem("gid://shopify/InventoryItem/" + parts[1]);
    var location = stock.locationIndex(parts[0].replace("/InventoryLevel/", "/Location/"));
    return article == null || location < 0 ? null : stock.level(article, location);
  }

  private Object location(DataFetchingEnvironment env) {
    String id = env.getArgument("id");
    var index = id == null ? 0 : stock.locationIndex(id);
    return index < 0 ? null : stock.location(index);
  }

  private List<Object> nodes(DataFetchingEnvironment env) {
    List<String> ids = env.getArgument("ids");
    var nodes = new ArrayList<Object>();
    ids.forEach(id -> nodes.add(node(id)));
    return nodes;
  }

  private Object node(String id) {
    var parts = id.split("/");
    var type = parts.length > 3 ? parts[3] : "";
    return switch (type) {
      case "Order" -> order(id);
      case "FulfillmentOrder" -> fulfillmentOrder(id);
      case "Fulfillment" -> fulfillment(id);
      case "InventoryItem" -> item(id);
      case "InventoryLevel" -> level(id);
      case "ProductVariant" -> variant(id);
      case "Location" -> {
        var index = stock.locationIndex(id);
        yield index < 0 ? null : stock.location(index);
      }
      default -> throw refusal("Invalid global id '" + id + "'", "BAD_REQUEST");
    };
  }

  private Object quantities(DataFetchingEnvironment env) {
    Map<String, Object> level = env.getSource();
    return stock.quantities(
        (Article) level.get("article"),
        (Integer) level.get("locationIndex"),
        env.getArgument("names"));
  }

  // Lists

  private Object orders(DataFetchingEnvironment env) {
    if (env.getArgument("after") != null
        && moods.on(Mood.Kind.EXPIRED_CURSOR, "orders").isPresent()) {
      throw Connections.expired();
    }
    var repeat = moods.on(Mood.Kind.REPEATED_ITEMS, "orders").isPresent() ? 1 : 0;
    String sortKey = env.getArgument("sortKey");
    var entries = new ArrayList<Connections.Entry>();
    for (var found : search(env)) {
      var order = found.order();
      var value =
          switch (sortKey) {
            case "UPDATED_AT" -> found.indexedAt().getEpochSecond();
            case "ID", "ORDER_NUMBER" -> order.id;
            default -> order.createdAt.getEpochSecond();
          };
      entries.add(new Connections.Entry(value, order.id, () -> orders.order(order)));
    }
    return Connections.page(entries, env, repeat);
  }

  private Object count(DataFetchingEnvironment env) {
    var found = search(env).size();
    int limit = env.getArgument("limit") == null ? Integer.MAX_VALUE : env.getArgument("limit");
    return Map.of(
        "count", Math.min(found, limit), "precision", found > limit ? "AT_LEAST" : "EXACT");
  }

  private record Found(ShopOrder order, Instant indexedAt) {}

  /** What the search index finds; it lags behind the shop. */
  private List<Found> search(DataFetchingEnvironment env) {
    var query = new SearchQuery(env.getArgument("query"), ORDER_FIELDS);
    List<String> warnings = env.getGraphQlContext().get(WARNINGS);
    warnings.addAll(query.warnings());
    var late =
        lag.plus(moods.on(Mood.Kind.LATE_POLLS, "orders").map(Mood::delay).orElse(Duration.ZERO));
    var seen = shop.now().minus(late);
    var found = new ArrayList<Found>();
    for (var order : shop.orders()) {
      var indexed = order.versionAt(seen);
      if (indexed != null) {
        var at = indexed.truncatedTo(ChronoUnit.SECONDS);
        var lazily = new HashMap<String, Map<String, Object>>();
        if (query.finds(
            field ->
                field(
                    order,
                    at,
                    field,
                    () -> lazily.computeIfAbsent("view", v -> orders.order(order))))) {
          found.add(new Found(order, at));
        }
      }
    }
    return found;
  }

  private static Object field(
      ShopOrder order, Instant indexedAt, String field, Supplier<Map<String, Object>> view) {
    return switch (field) {
      case "id" -> order.id;
      case "updated_at" -> indexedAt;
      case "created_at", "processed_at" -> order.createdAt.truncatedTo(ChronoUnit.SECONDS);
      case "name", "default" -> List.of(order.name, order.name.replace("#", ""));
      case "test" -> order.test;
      case "status" -> order.cancelledAt == null ? "open" : List.of("cancelled", "closed");
      case "email" -> view.get().get("email");
      case "tag" -> view.get().get("tags");
      case "financial_status" -> view.get().get("displayFinancialStatus");
      case "fulfillment_status" -> {
        var status = String.valueOf(view.get().get("displayFulfillmentStatus"));
        yield switch (status) {
          case "FULFILLED" -> List.of("fulfilled", "shipped");
          case "PARTIALLY_FULFILLED" -> List.of("partial", "unshipped");
          default -> List.of("unfulfilled", "unshipped");
        };
      }
      default -> null;
    };
  }

  private Object articles(DataFetchingEnvironment env, Function<Article, Supplier<Object>> view) {
    var query = new SearchQuery(env.getArgument("query"), ITEM_FIELDS);
    List<String> warnings = env.getGraphQlContext().get(WARNINGS);
    warnings.addAll(query.warnings());
    var entries = new ArrayList<Connections.Entry>();
    for (var article : shop.catalogue().all()) {
      if (query.finds(
          field -> "id".equals(field) ? (Object) ShopifyIds.item(article) : article.sku())) {
        var id = ShopifyIds.item(article);
        entries.add(new Connections.Entry(id, id, view.apply(article)));
      }
    }
    return Connections.page(entries, env, 0);
  }

  private static GraphqlErrorException refusal(String message, String code) {
    return GraphqlErrorException.newErrorException()
        .message(message)
        .extensions(Map.of("code", code))
        .build();
  }
}
