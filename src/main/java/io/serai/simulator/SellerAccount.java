package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What Amazon keeps for a seller: orders, listings, feeds, and the queue its changes are told to.
 *
 * <p>Everything that changes it is first written to the ledger and then applied from what was
 * written. An order is kept whole, with every set of data that a caller may ask for.
 */
final class SellerAccount extends LedgerBase {

  static final String PLACED = "order.placed";
  static final String CHANGED = "order.changed";
  static final String CANCELLED = "order.cancelled";
  static final String CONFIRMED = "shipment.confirmed";
  static final String STOCK = "stock.set";
  static final String UPLOADED = "feed.uploaded";
  static final String FEED = "feed.created";
  static final String PROCESSED = "feed.processed";
  static final String NOTIFIED = "notification.sent";
  static final String TAKEN = "notification.deleted";

  private final AmazonOptions options;
  private final Catalogue catalogue;
  private final Map<String, ObjectNode> orders = new LinkedHashMap<>();
  private final Map<String, Integer> stock = new TreeMap<>();
  private final Map<String, ObjectNode> feeds = new LinkedHashMap<>();
  private final Map<String, String> documents = new LinkedHashMap<>();
  private final SqsQueue queue;
  private BiConsumer<String, ObjectNode> changed = (operation, order) -> {};

  SellerAccount(AmazonOptions options) {
    super(options.clock);
    this.options = options;
    this.catalogue = Catalogue.of(options.articles);
    for (var article : catalogue.goods()) {
      stock.put(article.sku(), options.initialStock);
    }
    this.queue = new SqsQueue(options.clock, id -> record(TAKEN, id, null, Jsons.object()));
    open(options.folder.resolve(options.name + ".ledger.jsonl"));
  }

  /** Tells of each order that is placed or changed from now on. */
  void onChange(BiConsumer<String, ObjectNode> listener) {
    changed = listener;
  }

  SqsQueue queue() {
    return queue;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  @Override
  public void close() {
    queue.close();
    super.close();
  }

  // Asking

  ObjectNode order(String id) {
    return orders.get(id);
  }

  Collection<ObjectNode> orders() {
    return orders.values();
  }

  static String status(JsonNode order) {
    return order.at("/fulfillment/fulfillmentStatus").asText();
  }

  static boolean byMerchant(JsonNode order) {
    return "MERCHANT".equals(order.at("/fulfillment/fulfilledBy").asText());
  }

  Map<String, Integer> stock() {
    return stock;
  }

  Map<String, ObjectNode> feeds() {
    return feeds;
  }

  /** The content of a feed document, null before it is uploaded. */
  String document(String id) {
    return documents.get(id);
  }

  // Doing

  void place(ObjectNode order) {
    lock().lock();
    try {
      write(PLACED, order, Jsons.object());
    } finally {
      lock().unlock();
    }
  }

  /** Keeps a changed order; its time of change moves on. */
  void change(String operation, ObjectNode order, ObjectNode more) {
    lock().lock();
    try {
      var was = Instant.parse(order.get("lastUpdatedTime").asText());
      var now = now();
      order.put("lastUpdatedTime", (now.isAfter(was) ? now : was.plusMillis(1)).toString());
      write(operation, order, more);
    } finally {
      lock().unlock();
    }
  }

  void setStock(String sku, int quantity, String by) {
    record(STOCK, sku, null, Jsons.object().put("quantity", quantity).put("by", by));
  }

  void upload(String documentId, String text) {
    record(UPLOADED, documentId, null, Jsons.object().put("text", text));
  }

  void feed(String operation, ObjectNode feed, ObjectNode more) {
    var data = more.deepCopy();
    data.set("feed", feed.deepCopy());
    record(operation, feed.get("feedId").asText(), null, data);
  }

  void notify(String id, String subject, ObjectNode body, Duration delay) {
    record(
        NOTIFIED,
        subject,
        id,
        Jsons.object().put("body", Jsons.text(body)).put("delay", delay.toString()));
  }

  /** Writes something that was answered but changed nothing; for reading only. */
  void note(String operation, String subject, JsonNode data) {
    record(operation, subject, null, data.deepCopy());
  }

  private void write(String operation, ObjectNode order, ObjectNode more) {
    var data = more.deepCopy();
    data.set("order", order.deepCopy());
    record(operation, order.get("orderId").asText(), null, data);
    changed.accept(operation, order);
  }

  @Override
  void apply(Effect effect) {
    var order = (ObjectNode) effect.data().get("order");
    if (order != null) {
      orders.put(effect.subject(), order);
    }
    switch (effect.operation()) {
      case PLACED -> sell(order, -1);
      case CANCELLED -> sell(order, 1);
      case STOCK -> stock.put(effect.subject(), effect.data().get("quantity").asInt());
      case UPLOADED -> documents.put(effect.subject(), effect.text("text"));
      case FEED, PROCESSED -> {
        feeds.put(effect.subject(), (ObjectNode) effect.data().get("feed"));
        if (effect.data().has("report")) {
          documents.put(
              effect.data().at("/feed/resultFeedDocumentId").asText(), effect.text("report"));
        }
      }
      case NOTIFIED ->
          queue.put(effect.key(), effect.text("body"), Duration.parse(effect.text("delay")));
      case TAKEN -> queue.forget(effect.subject());
      default -> {
        // read by people and tests only
      }
    }
  }

  // Amazon takes what it sells off what it shows; units it ships itself are others.
  private void sell(ObjectNode order, int sign) {
    if (byMerchant(order)) {
      for (var item : order.get("orderItems")) {
        stock.computeIfPresent(
            item.at("/product/sellerSku").asText(),
            (sku, shown) -> Math.max(0, shown + sign * item.get("quantityOrdered").asInt()));
      }
    }
  }
}
