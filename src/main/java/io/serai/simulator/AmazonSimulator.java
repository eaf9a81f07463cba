package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Amazon as one seller's application meets it: tokens, orders, shipment confirmation, listings,
 * feeds, and the queue that order changes are told to.
 *
 * <p>An effect is in its ledger before the answer leaves. Opened again on the same folder it knows
 * its orders, its queue and its unprocessed feeds; access tokens and quotas begin anew.
 */
public final class AmazonSimulator extends ChannelBase {

  /** Where the queue is, below the root. */
  public static final String QUEUE = "/000000000000/serai-orders";

  private final AmazonOptions options;
  private final SellerAccount account;
  private final Timetable timetable;
  private final LwaTokens tokens;
  private final SpApiOrderMaker maker;

  private AmazonSimulator(AmazonOptions options) {
    super(options.name, options.seed);
    this.options = options;
    account = new SellerAccount(options);
    timetable = new Timetable(options.clock, options.name);
    tokens = new LwaTokens(options);
    maker = new SpApiOrderMaker(options, account.catalogue());
    var listings = new SpApiListings(account, options);
    var feeds = new SpApiFeeds(account, listings, options, timetable, this::url);
    var api = new SpApi(account, options, tokens, listings, feeds, moods());
    var queue = new SqsFace(account.queue(), options, QUEUE);
    open(
        options.port,
        Map.of(),
        request -> answer(request, api, queue),
        this::placed,
        this::createOrder);
    account.onChange(this::tell);
    account.orders().stream().filter(AmazonSimulator::pending).forEach(this::plan);
    feeds.resume();
  }

  /** Opens the account and begins to answer. */
  public static AmazonSimulator start(AmazonOptions options) {
    return new AmazonSimulator(options);
  }

  /** The address of the queue. */
  public URI queueUrl() {
    return URI.create(url().toString().replaceAll("/$", "") + QUEUE);
  }

  @Override
  public Ledger ledger() {
    return account.ledger();
  }

  /** Places the next order of the seed and answers its id. */
  public String createOrder() {
    account.lock().lock();
    try {
      var order = maker.order(account.orders().size(), account.now());
      return place(order);
    } finally {
      account.lock().unlock();
    }
  }

  /** The next order of the seed; change it and place it. */
  public ObjectNode draftOrder() {
    account.lock().lock();
    try {
      return maker.order(account.orders().size(), account.now());
    } finally {
      account.lock().unlock();
    }
  }

  /** Places this order and answers its id. */
  public String place(ObjectNode order) {
    account.place(order);
    if (pending(order)) {
      plan(order);
    }
    return order.get("orderId").asText();
  }

  @Override
  public int placed() {
    account.lock().lock();
    try {
      return account.orders().size();
    } finally {
      account.lock().unlock();
    }
  }

  /** Messages of the queue that nobody has deleted yet. */
  @Override
  public int owed() {
    return account.queue().size();
  }

  @Override
  public ChannelBooks books() {
    account.lock().lock();
    try {
      return SpApiSummary.books(account);
    } finally {
      account.lock().unlock();
    }
  }

  @Override
  public Map<String, Object> parameters() {
    var root = url().toString().replaceAll("/$", "");
    var all = new LinkedHashMap<String, Object>();
    all.put("seller-id", options.sellerId);
    all.put("marketplace-id", options.marketplaceId);
    all.put("base-url", root);
    all.put("token-url", root + "/auth/o2/token");
    all.put("client-id", options.clientId);
    all.put("client-secret", options.clientSecret);
    all.put("refresh-token", options.refreshToken);
    all.put("notifications", options.notifies);
    all.put("queue-url", queueUrl().toString());
    all.put("queue-endpoint", root);
    all.put("queue-access-key", options.accessKey);
    all.put("queue-secret-key", options.secretKey);
    all.put("reconcile-schedule", "7/10 * * * * ?");
    all.put("listing-schedule", "2/10 * * * * ?");
    all.put("feed-schedule", "0/3 * * * * ?");
    return all;
  }

  /** An order as it is now, with everything that could be asked for. */
  public ObjectNode order(String orderId) {
    account.lock().lock();
    try {
      return find(orderId);
    } finally {
      account.lock().unlock();
    }
  }

  /** The payment of a pending order is authorized. */
  public void authorize(String orderId) {
    change(orderId, "UNSHIPPED", SellerAccount.CHANGED);
  }

  /** Amazon or the seller cancels an order that has not left. */
  public void cancel(String orderId, String by, String reason) {
    account.lock().lock();
    try {
      var order = find(orderId);
      for (var item : order.get("orderItems")) {
        ((ObjectNode) item)
            .withObject("/cancellation/cancellationExecution")
            .put("cancelledBy", by)
            .put("cancelReason", reason);
        ((ObjectNode) item.get("fulfillment")).put("quantityUnfulfilled", 0);
      }
      ((ObjectNode) order.get("fulfillment")).put("fulfillmentStatus", "CANCELLED");
      account.change(SellerAccount.CANCELLED, order, Jsons.object());
    } finally {
      account.lock().unlock();
    }
  }

  /** The buyer asks for a cancellation; nothing else happens to the order. */
  public void requestCancel(String orderId, String reason) {
    account.lock().lock();
    try {
      var order = find(orderId);
      for (var item : order.get("orderItems")) {
        ((ObjectNode) item)
            .withObject("/cancellation/cancellationRequest")
            .put("requester", "BUYER")
            .put("cancelReason", reason);
      }
      account.change(SellerAccount.CHANGED, order, Jsons.object().put("asked", reason));
    } finally {
      account.lock().unlock();
    }
  }

  /** Amazon shows no longer who bought an order and where it went. */
  public void withhold(String orderId) {
    account.lock().lock();
    try {
      var order = find(orderId);
      order.remove("buyer");
      ((ObjectNode) order.at("/recipient/deliveryAddress"))
          .retain("city", "stateOrRegion", "postalCode", "countryCode");
      account.change(SellerAccount.CHANGED, order, Jsons.object());
    } finally {
      account.lock().unlock();
    }
  }

  /** What the channel shows as in stock. */
  public int stock(String sku) {
    account.lock().lock();
    try {
      return account.stock().get(sku);
    } finally {
      account.lock().unlock();
    }
  }

  /** Ends every access token before its time. */
  public void expireTokens() {
    tokens.expireAll();
  }

  /** The seller takes back, or gives again, the consent to the application. */
  public void revoke(boolean yes) {
    tokens.revoke(yes);
  }

  /** How many access tokens were issued. */
  public int tokens() {
    return tokens.count();
  }

  /** Does what is due; for tests that move the clock by hand. */
  int runDue() {
    return timetable.runDue();
  }

  @Override
  public ObjectNode summary(boolean detail) {
    account.lock().lock();
    try {
      return SpApiSummary.of(account, tokens, wanted(), detail);
    } finally {
      account.lock().unlock();
    }
  }

  @Override
  public void close() {
    super.close();
    timetable.close();
    account.close();
  }

  private Answer answer(Request request, SpApi api, SqsFace queue) throws Exception {
    if (SqsFace.owns(request)) {
      var mood = moods().onCall(List.of(SqsFace.operation(request))).orElse(null);
      return BadDay.live(mood, new SpApiWords(), () -> queue.answer(request));
    }
    return request.path().equals("/auth/o2/token") ? tokens.answer(request) : api.answer(request);
  }

  private static boolean pending(ObjectNode order) {
    return "PENDING".equals(SellerAccount.status(order));
  }

  private void plan(ObjectNode order) {
    var id = order.get("orderId").asText();
    timetable.at(
        java.time.Instant.parse(order.get("createdTime").asText()).plus(options.pendingFor),
        () -> {
          if (pending(order(id))) {
            authorize(id);
          }
        });
  }

  private void change(String orderId, String status, String operation) {
    account.lock().lock();
    try {
      var order = find(orderId);
      ((ObjectNode) order.get("fulfillment")).put("fulfillmentStatus", status);
      account.change(operation, order, Jsons.object());
    } finally {
      account.lock().unlock();
    }
  }

  private ObjectNode find(String orderId) {
    var order = account.order(orderId);
    if (order == null) {
      throw new IllegalArgumentException(
          "Order '" + orderId + "' is not in account '" + options.name + "'; create it first.");
    }
    return order.deepCopy();
  }

  // ORDER_CHANGE, payload version 1.0: at least once, in no order, without personal data.
  private void tell(String operation, ObjectNode order) {
    if (!options.notifies || moods().on(Mood.Kind.DROPPING, "ORDER_CHANGE").isPresent()) {
      return;
    }
    var id = UUID.randomUUID().toString();
    var body = OrderChange.of(options, account.now(), id, order);
    var late = moods().on(Mood.Kind.OUT_OF_ORDER, "ORDER_CHANGE").map(Mood::delay);
    var subject = order.get("orderId").asText();
    account.notify("m-" + id, subject, body, late.orElse(Duration.ZERO));
    if (moods().on(Mood.Kind.DUPLICATING, "ORDER_CHANGE").isPresent()) {
      account.notify("m2-" + id, subject, body, Duration.ZERO);
    }
  }
}
