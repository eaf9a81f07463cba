package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A Square seller's orders, what lies at the tills, and the webhooks Square still owes.
 *
 * <p>Everything that changes it is first written to the ledger and then applied from what was
 * written, so opening the ledger again gives the same shop. The methods take {@link #lock()} by
 * themselves; callers that read several things hold it.
 */
final class SquareShop extends WebhookBase implements WebhookSender.Listener {

  static final String CREATED = "order.created";
  static final String UPDATED = "order.updated";
  static final String ACKNOWLEDGED = "webhook.acknowledged";

  private final SquareOptions options;
  private final SquareOrders maker;
  private final Catalogue catalogue;
  private final Counter counter;
  private final SquareInventory inventory;
  private final Map<String, ObjectNode> orders = new LinkedHashMap<>();
  private int sales;
  private int returns;

  /** Opens a shop on its ledger. */
  SquareShop(SquareOptions options) {
    super(options.clock);
    this.options = options;
    maker = new SquareOrders(options.location);
    catalogue = Catalogue.of(options.articles);
    counter = new Counter(catalogue, options.shelf, options.seed);
    inventory = new SquareInventory(counter.articles(), options.shelf);
    open(options.folder.resolve("square.ledger.jsonl"));
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Counter counter() {
    return counter;
  }

  SquareInventory inventory() {
    return inventory;
  }

  Map<String, ObjectNode> orders() {
    return orders;
  }

  int sales() {
    return sales;
  }

  int returns() {
    return returns;
  }

  /** The next sale of the seed; after every third one something of the sale before comes back. */
  void placeNext() {
    lock().lock();
    try {
      var before = orders.get(id(sales));
      sell(counter.wish(sales + 1), now());
      if (sales % 3 == 0 && before != null && before.at("/line_items/0").has("catalog_object_id")) {
        giveBack(article(before.at("/line_items/0/catalog_object_id").asText()), 1, before, now());
      }
    } finally {
      lock().unlock();
    }
  }

  /**
   * Somebody buys at a till.
   *
   * @param at when; Square hears of it now, so an earlier time is that of a till that was offline
   */
  String sell(List<Counter.Sold> bought, Instant at) {
    lock().lock();
    try {
      var id = id(sales + 1);
      var sale = maker.sale(id, sales + 1, bought, at, now());
      record(CREATED, id, null, Jsons.object().set("order", SquareOrders.open(sale)));
      // Never at the same time: the time tells the versions apart.
      sale.put("updated_at", SquareOrders.time(now().plusMillis(1)));
      record(UPDATED, id, null, Jsons.object().set("order", sale));
      return id;
    } finally {
      lock().unlock();
    }
  }

  /** Something comes back; the id of the order it is told by. */
  String giveBack(Article article, int quantity, ObjectNode sale, Instant at) {
    lock().lock();
    try {
      var id = "SQRT%08d".formatted(returns + 1);
      var order = maker.back(id, article, quantity, sale, at, now());
      record(CREATED, id, null, Jsons.object().set("order", order));
      return id;
    } finally {
      lock().unlock();
    }
  }

  /** Writes changes of the inventory under their key. */
  void changeInventory(String key, JsonNode body) {
    record("inventory.changed", options.location, key, body);
  }

  /** The article of a catalog object, or {@code null}. */
  Article article(String variation) {
    return catalogue.all().stream()
        .filter(a -> SquareOrders.variation(a).equals(variation))
        .findFirst()
        .orElse(null);
  }

  @Override
  public void acknowledged(Webhook webhook, int status, int attempts) {
    finish(ACKNOWLEDGED, webhook, status, attempts);
  }

  @Override
  public void givenUp(Webhook webhook, int status, int attempts) {
    finish("webhook.given-up", webhook, status, attempts);
  }

  @Override
  public void dropped(Webhook webhook) {
    finish("webhook.dropped", webhook, 0, 0);
  }

  private static String id(int number) {
    return "SQSL%08d".formatted(number);
  }

  @Override
  void apply(Effect effect) {
    switch (effect.operation()) {
      case CREATED, UPDATED -> {
        var order = (ObjectNode) effect.data().get("order");
        if (orders.put(effect.subject(), order) == null) {
          if (order.has("returns")) {
            returns++;
          } else {
            sales++;
          }
        }
        move(order);
        announce(effect, order);
      }
      case "inventory.changed" -> inventory.apply(effect.key(), effect.data());
      default -> settle(effect.key());
    }
  }

  private void move(JsonNode order) {
    if (!"COMPLETED".equals(order.get("state").asText())) {
      return;
    }
    order.path("line_items").forEach(line -> move(line, 1));
    order.at("/returns/0/return_line_items").forEach(line -> move(line, -1));
  }

  private void move(JsonNode line, int sign) {
    if (line.has("catalog_object_id")) {
      var sku = article(line.get("catalog_object_id").asText()).sku();
      counter.took(sku, sign * line.get("quantity").asInt());
      inventory.took(sku, sign * line.get("quantity").asInt());
    }
  }

  /** An event names its order only. */
  private void announce(Effect effect, JsonNode order) {
    var topic = effect.operation();
    var id =
        UUID.nameUUIDFromBytes(
                (options.signatureKey + ":" + effect.seq()).getBytes(StandardCharsets.UTF_8))
            .toString();
    var word = topic.replace('.', '_');
    var body = Jsons.object();
    body.put("merchant_id", "MLACME").put("location_id", options.location);
    body.put("type", topic).put("event_id", id).put("created_at", SquareOrders.time(effect.at()));
    var data = body.putObject("data").put("type", word).put("id", effect.subject());
    var about = data.putObject("object").putObject(word).put("order_id", effect.subject());
    about.put("location_id", options.location).set("state", order.get("state"));
    about.set("version", order.get("version"));
    about.set("created_at", order.get("created_at"));
    about.set("updated_at", order.get("updated_at"));
    var webhook = new Webhook(id, id, topic, effect.subject(), effect.at(), Jsons.bytes(body));
    owe(webhook);
  }
}
