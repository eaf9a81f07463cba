package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Shopify shop: orders with signed webhooks, and the Admin GraphQL API over them.
 *
 * <p>An effect is in its ledger before the answer leaves. Webhooks that were not acknowledged when
 * the process died are sent again after the next start on the same folder.
 */
public final class ShopifySimulator extends ChannelBase {

  private final ShopifyOptions options;
  private final Shop shop;
  private final Timetable timetable;
  private final WebhookSender sender;

  private ShopifySimulator(ShopifyOptions options) {
    super(options.name, options.seed);
    this.options = options;
    shop =
        new Shop(
            options.folder.resolve(options.name + ".ledger.jsonl"),
            new Shop.Setup(
                options.domain,
                options.seed,
                options.articles,
                options.locations,
                options.initialStock),
            options.clock);
    timetable = new Timetable(options.clock, options.name);
    sender =
        new WebhookSender(
            options.webhooksTo,
            this::headers,
            RetrySchedule.over(options.retrySpan),
            Duration.ofSeconds(5),
            moods(),
            timetable,
            new Outcome());
    open(
        options.port,
        Map.of(
            "GET orders", this::list,
            "POST place", this::place,
            "POST return", this::comesBack,
            "POST cancel", this::cancel,
            "POST refund", this::refund,
            "POST update", this::update,
            "POST stock", this::stock,
            "POST subscribe", this::subscription),
        new ShopifyApi(shop, options, moods())::answer,
        shop::size,
        shop::placeNext);
    shop.postTo(sender::send);
  }

  /** Opens the shop and begins to answer. */
  public static ShopifySimulator start(ShopifyOptions options) {
    return new ShopifySimulator(options);
  }

  @Override
  public Ledger ledger() {
    return shop.ledger();
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "shop",
        options.domain.replaceFirst("\\..*", ""),
        "base-url",
        url().toString(),
        "webhook-secret",
        options.webhookSecret,
        "access-token",
        options.accessToken,
        "reconcile-schedule",
        "0/15 * * * * ?",
        "listing-schedule",
        "5/10 * * * * ?");
  }

  @Override
  public int placed() {
    return shop.size();
  }

  @Override
  public int owed() {
    shop.lock().lock();
    try {
      return shop.owed();
    } finally {
      shop.lock().unlock();
    }
  }

  @Override
  public ChannelBooks books() {
    shop.lock().lock();
    try {
      return ShopifySummary.books(shop);
    } finally {
      shop.lock().unlock();
    }
  }

  /** Places the next order of the seed and answers its id. */
  public String createOrder() {
    return String.valueOf(shop.placeNext().id);
  }

  /** The payload the next order of the seed would have; change it and place it. */
  public ObjectNode draftOrder() {
    return shop.draft();
  }

  /** Places an order with this payload and answers its id. */
  public String createOrder(ObjectNode payload) {
    return String.valueOf(shop.place(payload).id);
  }

  /** The payload of an order as it is now. */
  public ObjectNode order(String orderId) {
    return find(orderId).json();
  }

  /** The merchant writes a note on an order: {@code orders/updated}. */
  public void updateOrder(String orderId, String note) {
    shop.update(find(orderId), note);
  }

  /** The buyer's street is corrected: {@code orders/updated}. */
  public void moveOrder(String orderId, String street) {
    shop.move(find(orderId), street);
  }

  /** An order is taken for a fraud: told to whoever asks, by no webhook that carries it. */
  public void suspectOrder(String orderId, String fact) {
    shop.suspect(find(orderId), fact);
  }

  /** The merchant cancels, restocks and refunds an order: {@code orders/cancelled}. */
  public void cancelOrder(String orderId, String reason) {
    shop.cancel(find(orderId), reason, true, true);
  }

  /** The merchant takes units of a line back: {@code refunds/create}. */
  public void refundLine(String orderId, String lineId, int quantity, String restockType) {
    shop.refund(
        find(orderId),
        "refunded by the merchant",
        List.of(new OrderPayload.Return(Long.parseLong(lineId), quantity, restockType)));
  }

  /** The merchant gives money back, and no goods: {@code refunds/create}. */
  public void refundMoney(String orderId, String amount) {
    var order = find(orderId);
    shop.lock().lock();
    try {
      shop.refund(order, "a favor", List.of(), new BigDecimal(amount), null, null);
    } finally {
      shop.lock().unlock();
    }
  }

  /** Units of a line come back, and no money goes: {@code refunds/create}. */
  public void takeBack(String orderId, String lineId, int quantity) {
    var order = find(orderId);
    shop.lock().lock();
    try {
      shop.refund(
          order,
          "came back",
          List.of(new OrderPayload.Return(Long.parseLong(lineId), quantity, "return")),
          BigDecimal.ZERO,
          null,
          null);
    } finally {
      shop.lock().unlock();
    }
  }

  /** The bank lets go of what is authorized for an order. */
  public void expireAuthorization(String orderId) {
    shop.expire(find(orderId));
  }

  /** Whether the payment gateway declines what is to be given back of an order from now on. */
  public void declineRefunds(String orderId, boolean declines) {
    shop.decline(find(orderId), declines);
  }

  /**
   * The buyer wants to send units of a line back: {@code returns/request}; the id of the return.
   */
  public String requestReturn(String orderId, String lineId, int quantity) {
    var lines = Jsons.object().put(lineId, quantity);
    return String.valueOf(shop.changeReturn(find(orderId), 0, "request", "requested", lines));
  }

  /** The merchant agrees: {@code returns/approve}. */
  public void approveReturn(String orderId, String returnId, String lineId, int quantity) {
    shop.changeReturn(
        find(orderId),
        Long.parseLong(returnId),
        "approve",
        "open",
        Jsons.object().put(lineId, quantity));
  }

  /** The merchant is done with it, or calls it off: {@code returns/close}, {@code cancel}. */
  public void endReturn(String orderId, String returnId, boolean cancelled) {
    shop.changeReturn(
        find(orderId),
        Long.parseLong(returnId),
        cancelled ? "cancel" : "close",
        cancelled ? "canceled" : "closed",
        null);
  }

  /** The merchant corrects the stock of a SKU at the first location, unknown to every caller. */
  public void editStock(String sku, int available) {
    var article = shop.catalogue().find(sku);
    if (article == null) {
      throw new IllegalArgumentException(
          "SKU '" + sku + "' is not in shop '" + options.domain + "'; use one it sells.");
    }
    shop.editStock(article, 0, available);
  }

  /** Subscribes to a topic whose subscription was ended. */
  public void subscribe(String topic) {
    shop.subscribe(topic);
  }

  /** Does what is due; for tests that move the clock by hand. */
  int runDue() {
    return timetable.runDue();
  }

  @Override
  public ObjectNode summary(boolean detail) {
    shop.lock().lock();
    try {
      return ShopifySummary.of(shop, wanted(), sender, detail);
    } finally {
      shop.lock().unlock();
    }
  }

  @Override
  public void close() {
    super.close();
    timetable.close();
    sender.close();
    shop.close();
  }

  private ShopOrder find(String orderId) {
    var order = shop.order(Long.parseLong(orderId));
    if (order == null) {
      throw new IllegalArgumentException(
          "Order '" + orderId + "' is not in shop '" + options.domain + "'; create it first.");
    }
    return order;
  }

  private Answer list(Request request) {
    shop.lock().lock();
    try {
      return Answer.json(200, ShopifySummary.orders(shop));
    } finally {
      shop.lock().unlock();
    }
  }

  private Answer place(Request request) throws Exception {
    var units = new LinkedHashMap<String, Integer>();
    request
        .json()
        .path("units")
        .properties()
        .forEach(u -> units.put(u.getKey(), u.getValue().asInt()));
    if (units.isEmpty() || units.values().stream().anyMatch(n -> n < 1)) {
      return ControlApi.error(400, "Field 'units' names no SKU with at least 1; give both.");
    }
    var order = shop.place(units);
    return Answer.json(201, order.json());
  }

  private Answer cancel(Request request) throws Exception {
    var body = request.json();
    cancelOrder(body.path("orderId").asText(), body.path("reason").asText("customer"));
    return Answer.json(200, Jsons.object().put("cancelled", true));
  }

  private Answer refund(Request request) throws Exception {
    var body = request.json();
    refundLine(
        body.path("orderId").asText(),
        body.path("lineId").asText(),
        body.path("quantity").asInt(1),
        body.path("restockType").asText("return"));
    return Answer.json(200, Jsons.object().put("refunded", true));
  }

  private Answer comesBack(Request request) throws Exception {
    var body = request.json();
    var order = body.path("orderId").asText();
    var line = body.path("lineId").asText();
    var units = body.path("quantity").asInt(1);
    var id = requestReturn(order, line, units);
    approveReturn(order, id, line, units);
    return Answer.json(201, Jsons.object().put("returnId", id));
  }

  private Answer update(Request request) throws Exception {
    var body = request.json();
    updateOrder(body.path("orderId").asText(), body.path("note").asText("checked"));
    return Answer.json(200, Jsons.object().put("updated", true));
  }

  private Answer stock(Request request) throws Exception {
    var body = request.json();
    editStock(body.path("sku").asText(), body.path("available").asInt());
    return Answer.json(200, Jsons.object().put("edited", true));
  }

  private Answer subscription(Request request) throws Exception {
    subscribe(request.json().path("topic").asText());
    return Answer.json(200, Jsons.object().put("subscribed", true));
  }

  private Map<String, String> headers(Webhook webhook) {
    return Map.of(
        "X-Shopify-Topic", webhook.topic(),
        "X-Shopify-Shop-Domain", shop.setup().domain(),
        "X-Shopify-API-Version", options.apiVersion,
        "X-Shopify-Webhook-Id", webhook.id(),
        "X-Shopify-Event-Id", webhook.eventId(),
        "X-Shopify-Triggered-At", webhook.triggeredAt().toString(),
        "X-Shopify-Hmac-Sha256", Signature.base64(options.webhookSecret, webhook.body()),
        "User-Agent", "Shopify-Captain-Hook");
  }

  private final class Outcome implements WebhookSender.Listener {
    @Override
    public void acknowledged(Webhook webhook, int status, int attempts) {
      shop.acknowledged(webhook, status, attempts);
    }

    @Override
    public void givenUp(Webhook webhook, int lastStatus, int attempts) {
      shop.givenUp(webhook, lastStatus, attempts);
      if (options.dropsSubscriptions) {
        shop.unsubscribe(webhook.topic());
      }
    }

    @Override
    public void dropped(Webhook webhook) {
      shop.dropped(webhook);
    }
  }
}
