package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A seller's orders, parcels, cancellations and listings, and the notifications eBay still owes.
 *
 * <p>Everything that changes it is first written to the ledger and then applied from what was
 * written, so opening the ledger again gives the same shop. Callers hold {@link #lock()} around
 * what must be one step; the methods take it by themselves.
 */
final class EbayShop extends WebhookBase implements WebhookSender.Listener {

  /** An order as it is now, with everything that was told about its parcels. */
  static final class Sold {
    byte[] payload;
    final List<JsonNode> fulfillments = new ArrayList<>();

    ObjectNode order() {
      return Jsons.own(payload);
    }
  }

  private final Map<String, Sold> orders = new LinkedHashMap<>();
  private final Map<String, String> ordersByCancellation = new HashMap<>();
  private EbayKeys keys;
  private EbayListings listings;
  private EbayOrders generator;

  /** Opens a shop on its ledger. */
  EbayShop(Path file, EbayOptions options) {
    super(options.clock);
    open(file);
    if (keys == null) {
      var made = EbayKeys.made(UUID.randomUUID().toString());
      var data = Jsons.object();
      data.put("keyId", made.id());
      data.put("publicKey", made.publicText()).put("privateKey", made.privateText());
      data.put("articles", options.articles).put("stock", options.initialStock);
      data.put("seed", options.seed);
      record("shop.opened", options.name, null, data);
    }
  }

  EbayKeys keys() {
    return keys;
  }

  EbayListings listings() {
    return listings;
  }

  Map<String, Sold> orders() {
    return orders;
  }

  int size() {
    lock().lock();
    try {
      return orders.size();
    } finally {
      lock().unlock();
    }
  }

  /** The next order of the seed, without placing it. */
  ObjectNode draft() {
    lock().lock();
    try {
      return generator.generate(orders.size() + 1, now());
    } finally {
      lock().unlock();
    }
  }

  /** Places an order and answers its id. */
  String place(ObjectNode order) {
    lock().lock();
    try {
      var id = order.get("orderId").asText();
      record("order.created", id, null, Jsons.object().set("order", order));
      return id;
    } finally {
      lock().unlock();
    }
  }

  /** Places the next order of the seed and answers its id. */
  String placeNext() {
    lock().lock();
    try {
      return place(draft());
    } finally {
      lock().unlock();
    }
  }

  /** Something happened to an order, which has this payload now. */
  void change(String operation, String key, ObjectNode order, ObjectNode data) {
    lock().lock();
    try {
      // Never at the same time as the last change: the time is the order's version.
      var last = Instant.parse(order.get("lastModifiedDate").asText());
      var at = now().isAfter(last.plusMillis(1)) ? now() : last.plusMillis(1);
      order.put("lastModifiedDate", EbayOrders.time(at));
      data.set("order", order);
      record(operation, order.get("orderId").asText(), key, data);
    } finally {
      lock().unlock();
    }
  }

  /** The buyer's money has come. */
  void pay(Sold sold) {
    change("order.paid", null, EbayPayload.paid(sold.order()), Jsons.object());
  }

  /** Tells of a parcel and answers the id it is known under. */
  String ship(Sold sold, ObjectNode fulfillment, String root) {
    var order = sold.order();
    var id = fulfillment.get("fulfillmentId").asText();
    var all = new ArrayList<>(sold.fulfillments);
    all.add(fulfillment);
    var href =
        root
            + "/sell/fulfillment/v1/order/"
            + order.get("orderId").asText()
            + "/shipping_fulfillment/"
            + id;
    EbayPayload.shipped(order, all, href);
    change("shipment.created", null, order, Jsons.object().set("fulfillment", fulfillment));
    return href;
  }

  /** Somebody asks for a cancellation; the id of the request. */
  String askToCancel(Sold sold, String initiator, String reason) {
    lock().lock();
    try {
      var cancelId = Long.toString(5_170_000_000L + ordersByCancellation.size());
      change(
          "cancellation.requested",
          cancelId,
          EbayPayload.cancelAsked(sold.order(), cancelId, initiator, reason, now()),
          Jsons.object());
      return cancelId;
    } finally {
      lock().unlock();
    }
  }

  /** The cancellation takes place and the buyer gets the money back. */
  void cancel(Sold sold, String cancelId) {
    change(
        "order.cancelled",
        cancelId,
        EbayPayload.cancelled(sold.order(), cancelId, now()),
        Jsons.object());
  }

  /** The seller does not cancel. */
  void keep(Sold sold, String cancelId) {
    change(
        "cancellation.rejected",
        cancelId,
        EbayPayload.kept(sold.order(), cancelId),
        Jsons.object());
  }

  /** Money goes back, for a line or for the order as a whole; the id of the refund. */
  String refund(Sold sold, String lineId, BigDecimal amount) {
    lock().lock();
    try {
      var order = sold.order();
      var id = "RF-%06d".formatted(count("refund.created") + 1);
      var money = EbayOrders.money(amount, order.at("/pricingSummary/total/currency").asText());
      change(
          "refund.created",
          id,
          lineId == null
              ? EbayPayload.refunded(order, id, now(), money)
              : EbayPayload.refundedLine(order, lineId, id, now(), money),
          Jsons.object().put("amount", amount.toPlainString()));
      return id;
    } finally {
      lock().unlock();
    }
  }

  /** The order a request for cancellation is about, or {@code null}. */
  Sold ofCancellation(String cancelId) {
    var id = ordersByCancellation.get(cancelId);
    return id == null ? null : orders.get(id);
  }

  /** Writes one number of an offer, or both. */
  void writeStock(EbayListings.Offer offer, Integer sendable, Integer shown) {
    record(
        "stock.set",
        offer.article.sku(),
        null,
        Jsons.object().put("sendable", sendable).put("shown", shown));
  }

  int revisions(EbayListings.Offer offer) {
    return listings.revisions(offer.itemId, day(now()));
  }

  /** Writes that a caller was refused; for reading only. */
  void refused(String operation, String subject, int errorId) {
    record(operation + ".refused", subject, null, Jsons.object().put("errorId", errorId));
  }

  /** Tells everybody that some user has left eBay. */
  void tellOfDeletedUser(String username) {
    record("user.deleted", username, null, Jsons.object());
  }

  @Override
  public void acknowledged(Webhook webhook, int status, int attempts) {
    finish("notification.acknowledged", webhook, status, attempts);
  }

  @Override
  public void givenUp(Webhook webhook, int status, int attempts) {
    finish("notification.given-up", webhook, status, attempts);
  }

  @Override
  public void dropped(Webhook webhook) {
    finish("notification.dropped", webhook, 0, 0);
  }

  @Override
  void apply(Effect effect) {
    var data = effect.data();
    switch (effect.operation()) {
      case "shop.opened" -> open(data);
      case "order.created" -> {
        var sold = new Sold();
        sold.payload = Jsons.bytes(data.get("order"));
        orders.put(effect.subject(), sold);
        for (var line : data.at("/order/lineItems")) {
          listings.sold(line.path("sku").asText(), line.get("quantity").asInt());
        }
        if ("PAID".equals(data.at("/order/orderPaymentStatus").asText())) {
          confirm(effect);
        }
      }
      case "order.paid" -> {
        update(effect);
        confirm(effect);
      }
      case "shipment.created" -> {
        update(effect);
        orders.get(effect.subject()).fulfillments.add(data.get("fulfillment"));
      }
      case "cancellation.requested" -> {
        update(effect);
        ordersByCancellation.put(effect.key(), effect.subject());
      }
      case "order.cancelled", "cancellation.rejected", "refund.created" -> update(effect);
      case "stock.set" -> {
        var offer = listings.find(effect.subject());
        offer.sendable = data.path("sendable").asInt(offer.sendable);
        offer.shown = data.path("shown").asInt(offer.shown);
        listings.revised(offer.itemId, day(effect.at()));
      }
      case "user.deleted" ->
          announce(
              effect,
              "MARKETPLACE_ACCOUNT_DELETION",
              Jsons.object().put("username", effect.subject()).put("userId", "u-" + effect.seq()));
      case "notification.acknowledged", "notification.given-up", "notification.dropped" ->
          settle(effect.key());
      default -> {
        // Refusals are written to be read; they change nothing.
      }
    }
  }

  private void open(JsonNode data) {
    keys =
        EbayKeys.of(
            data.get("keyId").asText(),
            data.get("publicKey").asText(),
            data.get("privateKey").asText());
    listings =
        new EbayListings(Catalogue.of(data.get("articles").asInt()), data.get("stock").asInt());
    generator = new EbayOrders(listings, data.get("seed").asLong());
  }

  private void update(Effect effect) {
    orders.get(effect.subject()).payload = Jsons.bytes(effect.data().get("order"));
  }

  /** The notification of a paid order holds ids only. */
  private void confirm(Effect effect) {
    var order = effect.data().get("order");
    var told = Jsons.object();
    var about = told.putObject("order").put("orderId", effect.subject());
    ArrayNode lines = about.putArray("orderLineItems");
    for (var line : order.get("lineItems")) {
      lines
          .addObject()
          .put("orderLineItemId", line.get("lineItemId").asText())
          .put("listingId", line.get("legacyItemId").asText())
          .put("quantity", line.get("quantity").asInt());
    }
    announce(effect, "ORDER_CONFIRMATION", told);
  }

  private void announce(Effect effect, String topic, ObjectNode about) {
    var id =
        UUID.nameUUIDFromBytes((keys.id() + ":" + effect.seq()).getBytes(StandardCharsets.UTF_8))
            .toString();
    var body = Jsons.object();
    body.putObject("metadata")
        .put("topic", topic)
        .put("schemaVersion", "1.0")
        .put("deprecated", false);
    var notification = body.putObject("notification").put("notificationId", id);
    notification.put("eventDate", EbayOrders.time(effect.at()));
    notification.put("publishDate", EbayOrders.time(effect.at()));
    notification.put("publishAttemptCount", 1);
    notification.set("data", about);
    var webhook = new Webhook(id, id, topic, effect.subject(), effect.at(), Jsons.bytes(body));
    owe(webhook);
  }

  private static String day(Instant at) {
    return at.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
