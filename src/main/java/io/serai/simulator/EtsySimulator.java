package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An Etsy shop: receipts that are only found by asking, and the Open API v3 over them.
 *
 * <p>An effect is in its ledger before the answer leaves.
 */
public final class EtsySimulator extends ChannelBase {

  private final EtsyOptions options;
  private final EtsyShop shop;
  private final EtsyQuota quota;

  private EtsySimulator(EtsyOptions options) {
    super("etsy", options.seed);
    this.options = options;
    shop =
        new EtsyShop(
            options.folder.resolve("etsy.ledger.jsonl"),
            new EtsyShop.Setup(options.shopId, options.articles, options.initialStock),
            options.seed,
            options.clock);
    quota = new EtsyQuota(options.perSecond, options.perDay, options.clock);
    var api = new EtsyApi(shop, options, moods(), quota);
    open(
        options.port,
        Map.of(
            "POST cancel", request -> act(() -> cancel(request.json().path("orderId").asText())),
            "POST expire-tokens", request -> act(this::expireTokens),
            "POST revoke", request -> act(() -> revoke(true))),
        api::answer,
        shop::size,
        shop::placeNext);
  }

  /** Opens the shop and begins to answer. */
  public static EtsySimulator start(EtsyOptions options) {
    return new EtsySimulator(options);
  }

  /** Opens one among others. */
  static EtsySimulator join(ChannelSetup setup) {
    return start(
        EtsyOptions.in(setup.folder())
            .port(setup.port())
            .articles(setup.articles())
            .initialStock(Math.min(999, setup.stock()))
            .seed(setup.seed() + 1));
  }

  @Override
  public Ledger ledger() {
    return shop.ledger();
  }

  @Override
  public Map<String, Object> parameters() {
    var all = new LinkedHashMap<String, Object>();
    all.put("base-url", url().toString());
    all.put("token-url", url() + "/v3/public/oauth/token");
    all.put("shop-id", Long.toString(options.shopId));
    all.put("keystring", options.keystring);
    all.put("api-key", options.keystring + ":" + options.sharedSecret);
    all.put("refresh-token", options.refreshToken);
    all.put("order-schedule", "3/5 * * * * ?");
    all.put("refund-schedule", "8/20 * * * * ?");
    all.put("listing-schedule", "6/20 * * * * ?");
    return all;
  }

  @Override
  public int placed() {
    return shop.size();
  }

  @Override
  public int owed() {
    return 0;
  }

  /** Places the next receipt of the seed and answers its id. */
  public String createOrder() {
    return shop.placeNext().get("receipt_id").asText();
  }

  /** A receipt as it is now. */
  public ObjectNode order(String receiptId) {
    shop.lock().lock();
    try {
      var receipt = shop.receipt(Long.parseLong(receiptId));
      if (receipt == null) {
        throw new IllegalArgumentException(
            "Receipt '" + receiptId + "' is not in the shop; create it first.");
      }
      return receipt.deepCopy();
    } finally {
      shop.lock().unlock();
    }
  }

  /** Etsy cancels a receipt. */
  public void cancel(String receiptId) {
    shop.cancel(order(receiptId).get("receipt_id").asLong());
  }

  /** Money of a receipt goes back to the buyer. */
  public void refund(String receiptId, BigDecimal amount, String reason) {
    shop.refund(order(receiptId).get("receipt_id").asLong(), amount, reason);
  }

  /** The payment of a receipt has come. */
  public void pay(String receiptId) {
    shop.pay(order(receiptId).get("receipt_id").asLong());
  }

  /** What buyers see of a SKU, over all active listings. */
  public int onOffer(String sku) {
    return books().shown().getOrDefault(sku, 0);
  }

  /** The seller corrects a quantity by hand, unknown to every caller. */
  public void editStock(String sku, int quantity) {
    shop.lock().lock();
    try {
      shop.listings().stream()
          .filter(l -> l.product(sku) != null)
          .findFirst()
          .ifPresent(l -> shop.edit(l, sku, quantity));
    } finally {
      shop.lock().unlock();
    }
  }

  /** Somebody buys everything that is left of the listing with this SKU. */
  public void sellOut(String sku) {
    shop.lock().lock();
    try {
      shop.listings().stream()
          .filter(l -> l.product(sku) != null)
          .findFirst()
          .ifPresent(shop::sellOut);
    } finally {
      shop.lock().unlock();
    }
  }

  /** Every access token given so far is no longer accepted. */
  public void expireTokens() {
    shop.expireTokens();
  }

  /** The seller takes the application's access away, or gives it back. */
  public void revoke(boolean away) {
    shop.revoke(away);
  }

  /** The seller consents again, which gives another refresh token; the former is no good. */
  public void consent(String refreshToken) {
    options.refreshToken = refreshToken;
    shop.revoke(false);
    shop.expireTokens();
  }

  /** An access token as the token endpoint gives it. */
  public String accessToken() {
    var form =
        Map.of(
            "grant_type", "refresh_token",
            "client_id", options.keystring,
            "refresh_token", options.refreshToken);
    return Jsons.own(new EtsyTokens(shop, options).grant(form).body())
        .path("access_token")
        .asText();
  }

  /** How many calls were refused because there were too many. */
  public int throttled() {
    return quota.refused();
  }

  @Override
  public ChannelBooks books() {
    shop.lock().lock();
    try {
      var orders = new LinkedHashMap<String, Map<String, Integer>>();
      var told = new ArrayList<ChannelBooks.Told>();
      for (var effect : shop.ledger().effects()) {
        switch (effect.operation()) {
          case EtsyShop.RECEIPT ->
              orders.put(
                  effect.subject(),
                  ChannelBooks.units(effect.data().at("/receipt/transactions"), "sku", "quantity"));
          case EtsyShop.TOLD ->
              told.add(
                  new ChannelBooks.Told(effect.subject(), effect.text("id"), 0, parcels(effect)));
          default -> {}
        }
      }
      var shown = new LinkedHashMap<String, Integer>();
      for (var listing : shop.listings()) {
        for (var product : listing.products) {
          var offered = listing.state.equals("active") && product.enabled;
          shown.merge(product.sku, offered ? product.quantity : 0, Integer::sum);
        }
      }
      return new ChannelBooks(orders, Set.of(), told, shown);
    } finally {
      shop.lock().unlock();
    }
  }

  private static List<String> parcels(Effect effect) {
    var code = effect.text("tracking_code");
    return code == null || code.isEmpty() ? List.of() : List.of(code);
  }

  @Override
  public ObjectNode summary(boolean detail) {
    shop.lock().lock();
    try {
      var json = Jsons.object();
      json.put("wanted", wanted());
      json.put("receipts", shop.size());
      json.put("shipments", shop.count(EtsyShop.TOLD));
      json.put("inventoriesReplaced", shop.count(EtsyShop.INVENTORY));
      json.put("listingStates", shop.count(EtsyShop.STATE));
      json.put("throttled", quota.refused());
      json.put("mostCallsInASecond", quota.most());
      if (detail) {
        json.set("shown", Jsons.tree(books().shown()));
      }
      return json;
    } finally {
      shop.lock().unlock();
    }
  }

  @Override
  public void close() {
    super.close();
    shop.close();
  }

  private interface Deed {
    void act() throws Exception;
  }

  private static Answer act(Deed deed) throws Exception {
    deed.act();
    return Answer.json(200, Jsons.object().put("done", true));
  }
}
