package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A warehouse: what it took on, what it shipped, what is on its shelves.
 *
 * <p>Everything that changes it is first written to the ledger and then applied from what was
 * written. It takes a fulfillment as often as it is asked to: telling repeats apart is the business
 * of its HTTP face.
 */
final class Warehouse extends WebhookBase {

  /** How a warehouse is set up; what its ledger says from an earlier opening wins. */
  record Setup(int articles, int initialStock) {}

  /** What an idempotency key stands for. */
  record Known(String reference, String fulfillmentId, String hash, Instant at) {
    static Known of(Effect effect) {
      return new Known(
          effect.text("reference"), effect.subject(), effect.text("hash"), effect.at());
    }
  }

  static final String ACCEPTED = "fulfillment.accepted";
  static final String RECEIVED = "fulfillment.received";
  static final String CONFIRMED = "fulfillment.confirmed";
  static final String REJECTED = "fulfillment.rejected";
  static final String CANCELLED = "fulfillment.cancelled";
  static final String SHIPPED = "shipment.created";
  static final String CAME_BACK = "return.received";
  static final String STOCK_COUNTED = "stock.counted";
  static final String SNAPSHOT = "stock.snapshot";

  private final String name;
  private final boolean announcesAcceptance;
  private final Map<String, WarehouseOrder> byReference = new LinkedHashMap<>();
  private final Map<String, List<WarehouseOrder>> byFulfillment = new LinkedHashMap<>();
  private final Map<String, Known> keys = new HashMap<>();
  private final List<byte[]> shipments = new ArrayList<>();
  private final List<Instant> shippedAt = new ArrayList<>();
  private final Map<String, Integer> onHand = new TreeMap<>();
  private final Map<String, Integer> promised = new HashMap<>();
  private final TreeSet<String> oversold = new TreeSet<>();
  private Catalogue catalogue;

  /** Opens a warehouse on its ledger. */
  Warehouse(Path file, String name, Setup wanted, boolean announcesAcceptance, Clock clock) {
    super(clock);
    this.name = name;
    this.announcesAcceptance = announcesAcceptance;
    open(file);
    if (catalogue == null) {
      record("warehouse.opened", name, null, Jsons.tree(wanted));
    }
  }

  boolean knows(String sku) {
    return onHand.containsKey(sku);
  }

  // Doing

  /** Takes a fulfillment on and answers it. */
  WarehouseOrder take(boolean forGood, String key, String hash, ObjectNode request) {
    lock().lock();
    try {
      var data = Jsons.object();
      data.put("reference", "F-" + (byReference.size() + 1));
      data.put("hash", hash);
      data.set("request", request);
      var effect =
          record(forGood ? ACCEPTED : RECEIVED, request.get("fulfillmentId").asText(), key, data);
      return byReference.get(effect.text("reference"));
    } finally {
      lock().unlock();
    }
  }

  /** Accepts for good what was only received. */
  void confirm(WarehouseOrder order) {
    change(CONFIRMED, order, WarehouseOrder.State.RECEIVED, null, null);
  }

  /** Sends a live fulfillment back; answers whether it was live. */
  boolean reject(WarehouseOrder order, String reason) {
    return change(REJECTED, order, null, null, reason);
  }

  /** Cancels a live fulfillment; answers whether it was live. */
  boolean cancel(WarehouseOrder order, String key) {
    return change(CANCELLED, order, null, key, null);
  }

  private boolean change(
      String operation,
      WarehouseOrder order,
      WarehouseOrder.State from,
      String key,
      String reason) {
    lock().lock();
    try {
      if (from == null ? !order.live() : order.state != from) {
        return false;
      }
      record(
          operation,
          order.fulfillmentId,
          key,
          Jsons.object().put("reference", order.reference).put("reason", reason));
      return true;
    } finally {
      lock().unlock();
    }
  }

  /** Ships everything of a fulfillment that is still live. */
  void ship(WarehouseOrder order, boolean splits) {
    lock().lock();
    try {
      if (order.state != WarehouseOrder.State.ACCEPTED) {
        return;
      }
      for (var shipment : Parcels.pack(order, splits, now())) {
        record(SHIPPED, order.fulfillmentId, null, shipment);
      }
    } finally {
      lock().unlock();
    }
  }

  /** Takes in what came back; the receipt's number. Only what is sellable lies on the shelf. */
  String takeBack(ObjectNode came) {
    lock().lock();
    try {
      var id = "R-" + (count(CAME_BACK) + 1);
      came.put("id", id).put("receivedAt", now().toString());
      record(CAME_BACK, id, null, came);
      return id;
    } finally {
      lock().unlock();
    }
  }

  /** Counts an article: from now on there are this many. */
  void count(String sku, int units) {
    record(STOCK_COUNTED, sku, null, Jsons.object().put("onHand", units));
  }

  /** Tells of the stock from now on, each time this long after the last. */
  void announceStockEvery(Duration time, Timetable timetable) {
    if (time.isPositive()) {
      timetable.in(
          time,
          () -> {
            announceStock();
            announceStockEvery(time, timetable);
          });
    }
  }

  /** The control call that has an article counted, if it names one, and the stock told. */
  Answer stockChange(Request request) throws Exception {
    var body = request.json();
    if (body.hasNonNull("sku")) {
      count(body.get("sku").asText(), body.path("onHand").asInt());
    }
    announceStock();
    return Answer.json(200, Jsons.object().put("announced", true));
  }

  /** Posts what is on the shelves. */
  void announceStock() {
    lock().lock();
    try {
      record(SNAPSHOT, name, null, stock());
    } finally {
      lock().unlock();
    }
  }

  /** Writes something that was answered but changed nothing; for reading only. */
  void note(String operation, String subject, String key, JsonNode data) {
    record(operation, subject, key, data);
  }

  void acknowledged(Webhook webhook, int status, int attempts) {
    finish("webhook.acknowledged", webhook, status, attempts);
  }

  void givenUp(Webhook webhook, int status, int attempts) {
    finish("webhook.given-up", webhook, status, attempts);
  }

  void dropped(Webhook webhook) {
    finish("webhook.dropped", webhook, 0, 0);
  }

  // Asking

  /** What an idempotency key stands for, or {@code null} when it is new. */
  Known known(String key) {
    return keys.get(key);
  }

  WarehouseOrder find(String reference) {
    return byReference.get(reference);
  }

  List<WarehouseOrder> ofFulfillment(String fulfillmentId) {
    return byFulfillment.getOrDefault(fulfillmentId, List.of());
  }

  Collection<WarehouseOrder> all() {
    return byReference.values();
  }

  Map<String, List<WarehouseOrder>> byFulfillment() {
    return byFulfillment;
  }

  int shipments() {
    return shipments.size();
  }

  /** The shipment at this place of the list. */
  JsonNode shipment(int index) {
    return Jsons.own(shipments.get(index));
  }

  /** When the shipment at this place of the list left. */
  Instant shippedAt(int index) {
    return shippedAt.get(index);
  }

  Map<String, Integer> onHand() {
    return onHand;
  }

  /** The SKUs of which more was promised than there was. */
  Collection<String> oversold() {
    return oversold;
  }

  /** What is on the shelves, as the snapshot says it. */
  ObjectNode stock() {
    var json = Jsons.object();
    json.put("asOf", now().toString());
    json.put("sequence", count(SNAPSHOT) + 1);
    json.put("complete", true);
    var levels = json.putArray("levels");
    onHand.forEach((sku, units) -> levels.addObject().put("sku", sku).put("onHand", units));
    return json;
  }

  // Applying what was written

  @Override
  void apply(Effect effect) {
    switch (effect.operation()) {
      case "warehouse.opened" -> open(effect.data());
      case ACCEPTED -> taken(effect, WarehouseOrder.State.ACCEPTED);
      case RECEIVED -> taken(effect, WarehouseOrder.State.RECEIVED);
      case CONFIRMED -> {
        var order = order(effect);
        order.state = WarehouseOrder.State.ACCEPTED;
        announce(effect, ACCEPTED, told(order, effect));
      }
      case REJECTED -> end(effect, WarehouseOrder.State.REJECTED, REJECTED);
      case CANCELLED -> end(effect, WarehouseOrder.State.CANCELLED, CANCELLED);
      case SHIPPED -> shipped(effect);
      case CAME_BACK -> {
        for (var item : effect.data().get("items")) {
          if ("sellable".equals(item.get("disposition").asText())) {
            onHand.merge(item.get("sku").asText(), item.get("quantity").asInt(), Integer::sum);
          }
        }
        announce(effect, CAME_BACK, Jsons.object().set("return", effect.data()));
      }
      case STOCK_COUNTED -> onHand.put(effect.subject(), effect.data().get("onHand").asInt());
      case SNAPSHOT -> announce(effect, SNAPSHOT, (ObjectNode) effect.data());
      case "webhook.acknowledged", "webhook.given-up", "webhook.dropped" -> settle(effect.key());
      default -> {
        // Repeats and refusals are written to be read; they change nothing.
      }
    }
  }

  private void open(JsonNode data) {
    catalogue = Catalogue.of(data.get("articles").asInt());
    for (var article : catalogue.stocked()) {
      onHand.put(article.sku(), data.get("initialStock").asInt());
    }
  }

  private void taken(Effect effect, WarehouseOrder.State state) {
    var request = effect.data().get("request");
    var order =
        new WarehouseOrder(
            byReference.size() + 1L,
            effect.text("reference"),
            effect.subject(),
            request.path("orderId").asText(null),
            request.get("lines"),
            effect.at(),
            state);
    byReference.put(order.reference, order);
    byFulfillment.computeIfAbsent(order.fulfillmentId, f -> new ArrayList<>()).add(order);
    if (effect.key() != null) {
      keys.put(effect.key(), Known.of(effect));
    }
    for (var line : order.lines) {
      var sku = line.get("sku").asText();
      var now = promised.merge(sku, line.get("quantity").asInt(), Integer::sum);
      if (onHand.containsKey(sku) && now > onHand.get(sku)) {
        oversold.add(sku);
      }
    }
    if (announcesAcceptance && state == WarehouseOrder.State.ACCEPTED) {
      announce(effect, ACCEPTED, told(order, effect));
    }
  }

  private void end(Effect effect, WarehouseOrder.State state, String type) {
    var order = order(effect);
    order.state = state;
    if (effect.key() != null) {
      keys.put(effect.key(), Known.of(effect));
    }
    for (var line : order.lines) {
      promised.merge(line.get("sku").asText(), -line.get("quantity").asInt(), Integer::sum);
    }
    announce(effect, type, told(order, effect));
  }

  private void shipped(Effect effect) {
    var order = order(effect);
    order.state = WarehouseOrder.State.SHIPPED;
    order.shipments.add(effect.text("id"));
    shipments.add(Jsons.bytes(effect.data()));
    shippedAt.add(effect.at());
    for (var parcel : effect.data().get("packages")) {
      for (var line : parcel.get("lines")) {
        var sku = line.get("sku").asText();
        var units = line.get("quantity").asInt();
        promised.merge(sku, -units, Integer::sum);
        onHand.computeIfPresent(sku, (s, n) -> n - units);
      }
    }
    var body = Jsons.object();
    body.set("shipment", effect.data());
    announce(effect, SHIPPED, body);
  }

  private WarehouseOrder order(Effect effect) {
    return byReference.get(effect.text("reference"));
  }

  private static ObjectNode told(WarehouseOrder order, Effect effect) {
    var body = Jsons.object();
    body.put("fulfillmentId", order.fulfillmentId);
    body.put("orderId", order.orderId);
    body.put("reference", order.reference);
    if (effect.text("reason") != null) {
      body.put("reason", effect.text("reason"));
    }
    return body;
  }

  private void announce(Effect effect, String type, ObjectNode content) {
    var id =
        "evt_"
            + UUID.nameUUIDFromBytes((name + ":" + effect.seq()).getBytes(StandardCharsets.UTF_8));
    var body = Jsons.object();
    body.put("type", type);
    body.put("id", id);
    body.put("occurredAt", effect.at().toString());
    body.setAll(content);
    var webhook = new Webhook(id, id, type, effect.subject(), effect.at(), Jsons.bytes(body));
    owe(webhook);
  }
}
