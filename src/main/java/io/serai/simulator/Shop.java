package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A shop: its orders, its shipments, its stock, and the webhooks it still owes.
 *
 * <p>Everything that changes it is first written to the ledger and then applied from what was
 * written, so opening the ledger again gives the same shop. Callers hold {@link #lock()} around
 * what must be one step; the methods take it by themselves.
 */
final class Shop extends WebhookBase {

  /** How a shop is set up; what its ledger says from an earlier opening wins. */
  record Setup(String domain, long seed, int articles, int locations, int initialStock) {}

  /** What a key was answered, kept small: a shop remembers thousands. */
  private record Answered(long seq, Instant at, String operation, byte[] data) {
    static Answered of(Effect effect) {
      return new Answered(
          effect.seq(), effect.at(), effect.operation(), Jsons.bytes(effect.data()));
    }

    Effect effect(String key) {
      return new Effect(seq, at, operation, null, key, Jsons.own(data));
    }
  }

  private static final String ORDER_CREATED = "order.created";
  private static final String ORDER_UPDATED = "order.updated";
  private static final String ORDER_CANCELLED = "order.cancelled";
  private static final String RISK_ASSESSED = "risk.assessed";
  private static final String REFUND_CREATED = "refund.created";
  private static final String CAPTURED = "order.captured";
  private static final String AUTHORIZATION_EXPIRED = "authorization.expired";
  private static final String GATEWAY_CHANGED = "gateway.changed";
  private static final String RETURN_CHANGED = "return.changed";
  private static final String FULFILLMENT_CREATED = "fulfillment.created";
  private static final String TRACKING_UPDATED = "tracking.updated";
  private static final String STOCK_SET = "stock.set";
  private static final String STOCK_REFUSED = "stock.refused";
  private static final String STOCK_EDITED = "stock.edited";
  private static final String SUBSCRIPTION_REMOVED = "subscription.removed";
  private static final String SUBSCRIPTION_CREATED = "subscription.created";
  private static final String WEBHOOK_ACKNOWLEDGED = "webhook.acknowledged";
  private static final String WEBHOOK_GIVEN_UP = "webhook.given-up";
  private static final String WEBHOOK_DROPPED = "webhook.dropped";

  private final Map<Integer, ShopOrder> orders = new LinkedHashMap<>();
  private final Map<Long, ShopOrder> ordersById = new HashMap<>();
  private final Map<Long, ShopOrder> ordersByFulfillment = new HashMap<>();
  private final Map<Long, ShopOrder> ordersByFulfillmentOrder = new HashMap<>();
  private final Map<String, Answered> stockAnswers = new HashMap<>();
  private final Map<String, Answered> refundAnswers = new HashMap<>();
  private final Set<String> unsubscribed = new HashSet<>();
  private Setup setup;
  private Catalogue catalogue;
  private OrderGenerator generator;
  private StockBook stock;

  /** Opens a shop on its ledger. */
  Shop(Path file, Setup wanted, Clock clock) {
    super(clock);
    open(file);
    if (setup == null) {
      record("shop.opened", wanted.domain(), null, Jsons.tree(wanted));
    }
  }

  Setup setup() {
    return setup;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  StockBook stock() {
    return stock;
  }

  // Orders

  /** Places the next order of the seed. */
  ShopOrder placeNext() {
    lock().lock();
    try {
      var number = orders.size() + 1;
      return place(number, generator.generate(number, now()));
    } finally {
      lock().unlock();
    }
  }

  /** Places an order of so many of each SKU. */
  ShopOrder place(Map<String, Integer> units) {
    lock().lock();
    try {
      var number = orders.size() + 1;
      return place(number, generator.generate(number, now(), units));
    } finally {
      lock().unlock();
    }
  }

  /** Places an order whose payload a test wrote; all of its lines that ship go from one place. */
  ShopOrder place(ObjectNode payload) {
    lock().lock();
    try {
      var portions = new ArrayList<NewOrder.Portion>();
      for (var line : payload.get("line_items")) {
        if (line.path("requires_shipping").asBoolean()) {
          portions.add(new NewOrder.Portion(line.get("id").asLong(), line.get("quantity").asInt()));
        }
      }
      var routing =
          portions.isEmpty()
              ? List.<NewOrder.Route>of()
              : List.of(new NewOrder.Route(0, "SHIPPING", portions));
      return place(orders.size() + 1, new NewOrder(payload, routing));
    } finally {
      lock().unlock();
    }
  }

  /** What the next order of the seed would be, without placing it. */
  ObjectNode draft() {
    lock().lock();
    try {
      var number = orders.size() + 1;
      return generator.generate(number, now()).payload();
    } finally {
      lock().unlock();
    }
  }

  private ShopOrder place(int number, NewOrder order) {
    var data = Jsons.object();
    data.put("number", number);
    data.set("order", order.payload());
    var routing = data.putArray("routing");
    for (var route : order.routing()) {
      var json = routing.addObject();
      json.put("location", route.location());
      json.put("method", route.method());
      var lines = json.putArray("lines");
      route
          .portions()
          .forEach(p -> lines.addObject().put("lineId", p.lineId()).put("quantity", p.quantity()));
    }
    record(ORDER_CREATED, order.payload().get("id").asText(), null, data);
    return orders.get(number);
  }

  /** The merchant writes a note on an order. */
  void update(ShopOrder order, String note) {
    change(order, ORDER_UPDATED, OrderPayload.updated(order.json(), now(), note));
  }

  /** The buyer's address is corrected. */
  void move(ShopOrder order, String street) {
    change(order, ORDER_UPDATED, OrderPayload.moved(order.json(), now(), street));
  }

  /** Whoever assesses orders takes one for a fraud. */
  void suspect(ShopOrder order, String fact) {
    var data = Jsons.object().put("fact", fact);
    data.set("order", OrderPayload.touched(order.json(), now()));
    record(RISK_ASSESSED, String.valueOf(order.id), null, data);
  }

  private void change(ShopOrder order, String operation, ObjectNode payload) {
    var data = Jsons.object();
    data.set("order", payload);
    record(operation, String.valueOf(order.id), null, data);
  }

  /** Cancels an order that is not cancelled; what is already shipped stays shipped. */
  void cancel(ShopOrder order, String reason, boolean restock, boolean refund) {
    lock().lock();
    try {
      var data = Jsons.object();
      data.put("reason", reason);
      data.put("restock", restock);
      data.set("order", OrderPayload.cancelled(order.json(), now(), reason, refund));
      record(ORDER_CANCELLED, String.valueOf(order.id), null, data);
    } finally {
      lock().unlock();
    }
  }

  /** Refunds lines of an order without cancelling it; unshipped units are taken off the order. */
  void refund(ShopOrder order, String note, List<OrderPayload.Return> returns) {
    lock().lock();
    try {
      var at = now();
      var before = order.json();
      var id = ShopifyIds.refund(count(REFUND_CREATED) + 1L);
      var refund = OrderPayload.refund(before, id, ShopifyIds.location(0), at, note, returns);
      var data = Jsons.object();
      data.set("refund", refund);
      data.set("order", OrderPayload.refunded(before, at, refund));
      record(REFUND_CREATED, String.valueOf(order.id), null, data);
    } finally {
      lock().unlock();
    }
  }

  /**
   * Gives back so much of what the buyer paid, once for a key; where the gateway declines it is a
   * refund all the same, without the money.
   */
  Effect refund(
      ShopOrder order,
      String note,
      List<OrderPayload.Return> returns,
      BigDecimal amount,
      String key,
      String hash) {
    var at = now();
    var before = order.json();
    var id = ShopifyIds.refund(count(REFUND_CREATED) + 1L);
    var refund =
        OrderPayload.paid(
            before,
            OrderPayload.refund(before, id, ShopifyIds.location(0), at, note, returns),
            amount,
            order.declines);
    var data = Jsons.object();
    data.put("hash", hash);
    data.set("refund", refund);
    data.set("order", OrderPayload.refunded(before, at, refund));
    return record(REFUND_CREATED, String.valueOf(order.id), key, data);
  }

  /** What was answered to this key of a refund, or {@code null} when it is new. */
  Effect refundAnswer(String key) {
    var answered = refundAnswers.get(key);
    return answered == null ? null : answered.effect(key);
  }

  /** Takes so much of an authorization, in the buyer's currency. */
  ShopOrder.Capture capture(ShopOrder order, BigDecimal amount, boolean last) {
    var data = Jsons.object();
    data.put("id", order.id * 100 + 50 + order.captures.size());
    data.put("amount", amount.toPlainString());
    data.put("last", last);
    var taken = order.captures.stream().map(c -> c.amount()).reduce(amount, BigDecimal::add);
    data.set("order", OrderPayload.captured(order.json(), now(), taken, last));
    record(CAPTURED, String.valueOf(order.id), null, data);
    return order.captures.getLast();
  }

  /** The bank lets go of the money that nobody took. */
  void expire(ShopOrder order) {
    record(AUTHORIZATION_EXPIRED, String.valueOf(order.id), null, Jsons.object());
  }

  /** From now on the gateway declines what is to be given back of an order, or no longer does. */
  void decline(ShopOrder order, boolean declines) {
    var data = Jsons.object().put("declines", declines);
    record(GATEWAY_CHANGED, String.valueOf(order.id), null, data);
  }

  /**
   * A buyer asks to send units of a line back, or what was asked for goes on; the id of the return.
   *
   * @param id of the return, or 0 for a new one
   * @param verb the last part of the topic, as {@code approve}
   */
  long changeReturn(ShopOrder order, long id, String verb, String status, ObjectNode lines) {
    lock().lock();
    try {
      var of = id == 0 ? ShopifyIds.returned(count(RETURN_CHANGED) + 1L) : id;
      var body = ReturnPayload.of(order, of, status, lines);
      var data = Jsons.object().put("topic", "returns/" + verb);
      data.set("return", body);
      record(RETURN_CHANGED, String.valueOf(order.id), null, data);
      return of;
    } finally {
      lock().unlock();
    }
  }

  /** Tells the shop of a shipment whose lines were checked. */
  ShopOrder.Shipment ship(
      ShopOrder order, List<ShopOrder.ShippedLine> lines, List<ShopOrder.Tracking> tracking) {
    lock().lock();
    try {
      var at = now();
      var id = ShopifyIds.fulfillment(count(FULFILLMENT_CREATED) + 1L);
      var location = order.fulfillmentOrder(lines.get(0).fulfillmentOrderId()).location;
      var name = order.name + "-F" + (order.shipments.size() + 1);
      var shipment = new ShopOrder.Shipment(id, name, location, at, lines, tracking);
      var before = order.json();
      var data = Jsons.object();
      data.set("shipment", ShipmentJson.write(shipment));
      data.set(
          "order",
          OrderPayload.fulfilled(before, at, ShipmentJson.payload(shipment, before, order.id)));
      record(FULFILLMENT_CREATED, String.valueOf(order.id), null, data);
      return shipment;
    } finally {
      lock().unlock();
    }
  }

  /** Replaces the tracking of a shipment. */
  void track(ShopOrder order, ShopOrder.Shipment shipment, List<ShopOrder.Tracking> tracking) {
    lock().lock();
    try {
      var data = Jsons.object();
      data.put("shipmentId", shipment.id());
      data.set("tracking", Jsons.tree(tracking));
      data.set(
          "order",
          OrderPayload.tracked(
              order.json(), now(), shipment.id(), ShipmentJson.tracking(tracking)));
      record(TRACKING_UPDATED, String.valueOf(order.id), null, data);
    } finally {
      lock().unlock();
    }
  }

  /** How many orders there are. */
  int size() {
    lock().lock();
    try {
      return orders.size();
    } finally {
      lock().unlock();
    }
  }

  Collection<ShopOrder> orders() {
    return orders.values();
  }

  ShopOrder order(long id) {
    return ordersById.get(id);
  }

  ShopOrder orderOfFulfillment(long id) {
    return ordersByFulfillment.get(id);
  }

  ShopOrder orderOfFulfillmentOrder(long id) {
    return ordersByFulfillmentOrder.get(id);
  }

  // Stock

  /** What was answered to this idempotency key, or {@code null} when it is new. */
  Effect stockAnswer(String key) {
    var answered = stockAnswers.get(key);
    return answered == null ? null : answered.effect(key);
  }

  /** Writes stock that was checked, or the refusal that answers this key from now on. */
  Effect writeStock(boolean accepted, String key, ObjectNode data) {
    return record(accepted ? STOCK_SET : STOCK_REFUSED, null, key, data);
  }

  /** The merchant corrects the stock by hand, unknown to every caller. */
  void editStock(Article article, int location, int available) {
    record(
        STOCK_EDITED,
        article.sku(),
        null,
        Jsons.object()
            .put("article", article.index())
            .put("location", location)
            .put("available", available));
  }

  /** Writes that a caller was refused; for reading only. */
  void refused(String operation, String subject, JsonNode errors) {
    record(operation + ".refused", subject, null, Jsons.object().set("errors", errors));
  }

  /** Writes that an answer was repeated; for reading only. */
  void stockRepeated(String key) {
    record("stock.repeated", null, key, Jsons.object());
  }

  // Webhooks

  void acknowledged(Webhook webhook, int status, int attempts) {
    finish(WEBHOOK_ACKNOWLEDGED, webhook, status, attempts);
  }

  void givenUp(Webhook webhook, int status, int attempts) {
    finish(WEBHOOK_GIVEN_UP, webhook, status, attempts);
  }

  void dropped(Webhook webhook) {
    finish(WEBHOOK_DROPPED, webhook, 0, 0);
  }

  /** Ends a subscription: what happens from now on is not told under this topic. */
  void unsubscribe(String topic) {
    record(SUBSCRIPTION_REMOVED, topic, null, Jsons.object());
  }

  void subscribe(String topic) {
    record(SUBSCRIPTION_CREATED, topic, null, Jsons.object());
  }

  // Applying what was written

  @Override
  void apply(Effect effect) {
    var data = effect.data();
    if (stock != null) {
      stock.time(effect.at());
    }
    switch (effect.operation()) {
      case "shop.opened" -> open(data, effect.at());
      case ORDER_CREATED -> created(effect);
      case ORDER_UPDATED -> announce(effect, touch(effect), "orders/updated");
      case ORDER_CANCELLED -> cancelled(effect);
      case RISK_ASSESSED -> touch(effect).suspicion = data.get("fact").asText();
      case REFUND_CREATED -> refunded(effect);
      case CAPTURED -> captured(effect);
      case AUTHORIZATION_EXPIRED -> ordersById.get(Long.parseLong(effect.subject())).expired = true;
      case GATEWAY_CHANGED ->
          ordersById.get(Long.parseLong(effect.subject())).declines =
              data.get("declines").asBoolean();
      case RETURN_CHANGED ->
          announceBody(
              effect,
              ordersById.get(Long.valueOf(effect.subject())),
              data.get("topic").asText(),
              Jsons.bytes(data.get("return")));
      case FULFILLMENT_CREATED -> shipped(effect);
      case TRACKING_UPDATED -> tracked(effect);
      case STOCK_SET -> {
        stockAnswers.put(effect.key(), Answered.of(effect));
        if ("available".equals(data.path("name").asText())) {
          for (var change : data.get("changes")) {
            stock.set(
                change.get("article").asInt(),
                change.get("location").asInt(),
                change.get("to").asInt());
          }
        } else {
          for (var change : data.get("changes")) {
            var article = change.get("article").asInt();
            var location = change.get("location").asInt();
            stock.set(
                article, location, change.get("to").asInt() - stock.committed(article, location));
          }
        }
      }
      case STOCK_EDITED ->
          stock.set(
              data.get("article").asInt(),
              data.get("location").asInt(),
              data.get("available").asInt());
      case SUBSCRIPTION_REMOVED -> unsubscribed.add(effect.subject());
      case SUBSCRIPTION_CREATED -> unsubscribed.remove(effect.subject());
      case STOCK_REFUSED -> stockAnswers.put(effect.key(), Answered.of(effect));
      case WEBHOOK_ACKNOWLEDGED, WEBHOOK_GIVEN_UP, WEBHOOK_DROPPED -> settle(effect.key());
      default -> {
        // Refusals are written to be read; they change nothing.
      }
    }
  }

  private void open(JsonNode data, Instant at) {
    setup =
        new Setup(
            data.get("domain").asText(),
            data.get("seed").asLong(),
            data.get("articles").asInt(),
            data.get("locations").asInt(),
            data.get("initialStock").asInt());
    catalogue = Catalogue.of(setup.articles());
    generator = new OrderGenerator(setup.domain(), catalogue, setup.locations(), setup.seed());
    stock = new StockBook(catalogue.all().size(), setup.locations(), setup.initialStock(), at);
  }

  private void created(Effect effect) {
    var payload = effect.data().get("order");
    var number = effect.data().get("number").asInt();
    var order =
        new ShopOrder(
            number,
            payload.get("id").asLong(),
            payload.path("name").asText(),
            OffsetDateTime.parse(payload.get("created_at").asText()).toInstant());
    order.payload = Jsons.bytes(payload);
    order.test = payload.path("test").asBoolean();
    order.authorized = "authorized".equals(payload.path("financial_status").asText());
    var index = 0;
    for (var route : effect.data().get("routing")) {
      var lines = new ArrayList<ShopOrder.FulfillmentOrderLine>();
      var id = ShopifyIds.fulfillmentOrder(number, order.fulfillmentOrders.size());
      for (var line : route.get("lines")) {
        lines.add(
            new ShopOrder.FulfillmentOrderLine(
                ShopifyIds.fulfillmentOrderLine(number, index++),
                line.get("lineId").asLong(),
                line.get("quantity").asInt()));
      }
      var fulfillmentOrder =
          new ShopOrder.FulfillmentOrder(
              id, route.get("location").asInt(), route.get("method").asText(), lines, effect.at());
      order.fulfillmentOrders.add(fulfillmentOrder);
      ordersByFulfillmentOrder.put(id, order);
      for (var line : lines) {
        var article = article(payload, line.lineId);
        if (article != null) {
          stock.commit(article.index(), fulfillmentOrder.location, line.total);
        }
      }
    }
    orders.put(number, order);
    ordersById.put(order.id, order);
    announce(effect, order, "orders/create");
  }

  private void cancelled(Effect effect) {
    var order = touch(effect);
    var restock = effect.data().get("restock").asBoolean();
    order.cancelledAt = effect.at();
    for (var fulfillmentOrder : order.fulfillmentOrders) {
      for (var line : fulfillmentOrder.lines) {
        release(effect.data().get("order"), fulfillmentOrder, line, line.remaining, restock);
      }
      fulfillmentOrder.status = "CLOSED";
      fulfillmentOrder.updatedAt = effect.at();
    }
    announce(effect, order, "orders/cancelled", "orders/updated");
  }

  private void refunded(Effect effect) {
    var order = touch(effect);
    order.refunded = true;
    if (effect.key() != null) {
      refundAnswers.put(effect.key(), Answered.of(effect));
    }
    var refund = effect.data().get("refund");
    for (var back : refund.get("refund_line_items")) {
      var left = back.get("quantity").asInt();
      var restock = !"no_restock".equals(back.get("restock_type").asText());
      for (var fulfillmentOrder : order.fulfillmentOrders) {
        for (var line : fulfillmentOrder.lines) {
          if (line.lineId == back.get("line_item_id").asLong()) {
            var unshipped = Math.min(left, line.remaining);
            release(effect.data().get("order"), fulfillmentOrder, line, unshipped, restock);
            left -= unshipped;
            var article = article(effect.data().get("order"), line.lineId);
            if (left > 0 && restock && article != null) {
              stock.restock(article.index(), fulfillmentOrder.location, left);
            }
          }
        }
        settle(fulfillmentOrder, effect.at());
      }
    }
    announceBody(effect, order, "refunds/create", Jsons.bytes(refund));
    announce(effect, order, "orders/updated");
  }

  private void captured(Effect effect) {
    var order = touch(effect);
    order.captures.add(
        new ShopOrder.Capture(
            effect.data().get("id").asLong(),
            new BigDecimal(effect.data().get("amount").asText()),
            effect.at()));
    announce(effect, order, "orders/paid", "orders/updated");
  }

  private void release(
      JsonNode payload,
      ShopOrder.FulfillmentOrder fulfillmentOrder,
      ShopOrder.FulfillmentOrderLine line,
      int units,
      boolean restock) {
    line.remaining -= units;
    var article = article(payload, line.lineId);
    if (article != null) {
      stock.release(article.index(), fulfillmentOrder.location, units, restock);
    }
  }

  private void shipped(Effect effect) {
    var order = touch(effect);
    var shipment = ShipmentJson.read(effect.data().get("shipment"));
    order.shipments.add(shipment);
    ordersByFulfillment.put(shipment.id(), order);
    for (var shipped : shipment.lines()) {
      var fulfillmentOrder = order.fulfillmentOrder(shipped.fulfillmentOrderId());
      fulfillmentOrder.line(shipped.fulfillmentOrderLineId()).remaining -= shipped.quantity();
      var article = article(effect.data().get("order"), shipped.lineId());
      if (article != null) {
        stock.ship(article.index(), fulfillmentOrder.location, shipped.quantity());
      }
      fulfillmentOrder.status = "IN_PROGRESS";
      settle(fulfillmentOrder, effect.at());
    }
    announce(effect, order, "orders/updated");
  }

  private void tracked(Effect effect) {
    var order = touch(effect);
    var id = effect.data().get("shipmentId").asLong();
    order.shipments.replaceAll(
        s ->
            s.id() == id
                ? new ShopOrder.Shipment(
                    s.id(),
                    s.name(),
                    s.location(),
                    s.createdAt(),
                    s.lines(),
                    ShipmentJson.readTracking(effect.data().get("tracking")))
                : s);
    announce(effect, order, "orders/updated");
  }

  private static void settle(ShopOrder.FulfillmentOrder fulfillmentOrder, Instant at) {
    fulfillmentOrder.updatedAt = at;
    if (fulfillmentOrder.lines.stream().allMatch(l -> l.remaining == 0)) {
      fulfillmentOrder.status = "CLOSED";
    }
  }

  private ShopOrder touch(Effect effect) {
    var payload = effect.data().get("order");
    var order = ordersById.get(payload.get("id").asLong());
    order.payload = Jsons.bytes(payload);
    order.touched(effect.at());
    return order;
  }

  private Article article(JsonNode payload, long lineId) {
    var line = OrderPayload.line(payload, lineId);
    return line == null ? null : catalogue.find(line.path("sku").asText());
  }

  private void announce(Effect effect, ShopOrder order, String... topics) {
    for (var topic : topics) {
      announceBody(effect, order, topic, order.payload);
    }
  }

  private void announceBody(Effect effect, ShopOrder order, String topic, byte[] body) {
    if (unsubscribed.contains(topic)) {
      return;
    }
    // Deliveries of one action share its event id, whatever their topics.
    var event = id(effect.seq() + "");
    var webhook =
        new Webhook(
            id(effect.seq() + ":" + topic),
            event,
            topic,
            String.valueOf(order.id),
            effect.at(),
            body);
    owe(webhook);
  }

  private String id(String text) {
    return UUID.nameUUIDFromBytes((setup.domain() + ":" + text).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
