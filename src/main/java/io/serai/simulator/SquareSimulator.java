package io.serai.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A Square seller with tills at one location: sales and returns with signed webhooks that name them
 * only, and the API to read them by.
 *
 * <p>An effect is in its ledger before the answer leaves. Webhooks that were not acknowledged when
 * the process died are sent again after the next start on the same folder.
 */
public final class SquareSimulator extends ChannelBase {

  private final SquareOptions options;
  private final SquareShop shop;
  private final Timetable timetable;
  private final WebhookSender sender;

  private SquareSimulator(SquareOptions options) {
    super("square", options.seed);
    this.options = options;
    shop = new SquareShop(options);
    timetable = new Timetable(options.clock, name());
    sender =
        new WebhookSender(
            options.notificationsTo,
            webhook -> Map.of("x-square-hmacsha256-signature", sign(webhook.body())),
            RetrySchedule.over(options.retrySpan),
            Duration.ofSeconds(10),
            moods(),
            timetable,
            shop);
    var api = new SquareApi(shop, options, moods());
    open(options.port, Map.of(), api::answer, shop::sales, shop::placeNext);
    shop.postTo(sender::send);
  }

  /** Opens the shop and begins to answer. */
  public static SquareSimulator start(SquareOptions options) {
    return new SquareSimulator(options);
  }

  @Override
  public Ledger ledger() {
    return shop.ledger();
  }

  @Override
  public int placed() {
    return shop.sales();
  }

  @Override
  public int owed() {
    return shop.owed();
  }

  @Override
  public Map<String, Object> parameters() {
    var all = new LinkedHashMap<String, Object>();
    all.put("base-url", url().toString());
    all.put("access-token", options.accessToken);
    all.put("signature-key", options.signatureKey);
    all.put("notification-url", String.valueOf(options.notificationsTo));
    all.put("locations", options.node + "=" + options.location);
    all.put("reconcile-schedule", "7/15 * * * * ?");
    all.put("listing-schedule", "4/15 * * * * ?");
    return all;
  }

  /** SKUs of what is sold at its tills. */
  public List<String> articles() {
    return shop.counter().articles().stream().map(Article::sku).toList();
  }

  /** How many units of an article Square counts at the location. */
  public int counted(String sku) {
    shop.lock().lock();
    try {
      return shop.inventory().inStock(sku);
    } finally {
      shop.lock().unlock();
    }
  }

  /** The next sale of the seed, told now. */
  public String sell() {
    shop.lock().lock();
    try {
      return shop.sell(shop.counter().wish(shop.sales() + 1), shop.now());
    } finally {
      shop.lock().unlock();
    }
  }

  /**
   * Somebody buys this at a till.
   *
   * @param at when; Square hears of it now
   */
  public String sell(String sku, int quantity, Instant at) {
    return shop.sell(List.of(new Counter.Sold(article(sku), quantity)), at);
  }

  /**
   * Somebody brings this back.
   *
   * @param saleId the sale, or {@code null} when it is not known
   * @return the id of the order that the return is
   */
  public String giveBack(String sku, int quantity, String saleId) {
    shop.lock().lock();
    try {
      var sale = saleId == null ? null : shop.orders().get(saleId);
      return shop.giveBack(article(sku), quantity, sale, shop.now());
    } finally {
      shop.lock().unlock();
    }
  }

  /** An order as it is now. */
  public ObjectNode order(String id) {
    shop.lock().lock();
    try {
      return shop.orders().get(id).deepCopy();
    } finally {
      shop.lock().unlock();
    }
  }

  /** What proves a body, as Square would send it. */
  public String sign(byte[] body) {
    var address = String.valueOf(options.notificationsTo).getBytes(StandardCharsets.UTF_8);
    var both = new byte[address.length + body.length];
    System.arraycopy(address, 0, both, 0, address.length);
    System.arraycopy(body, 0, both, address.length, body.length);
    return Signature.base64(options.signatureKey, both);
  }

  private Article article(String sku) {
    var article = shop.catalogue().find(sku);
    if (article == null) {
      throw new IllegalArgumentException(
          "SKU '" + sku + "' is not in Square's catalog; use one it sells.");
    }
    return article;
  }

  @Override
  public ChannelBooks books() {
    shop.lock().lock();
    try {
      var orders = new LinkedHashMap<String, Map<String, Integer>>();
      for (var order : shop.orders().values()) {
        if (order.has("line_items")) {
          var units = new LinkedHashMap<String, Integer>();
          for (var line : order.get("line_items")) {
            if (line.has("catalog_object_id")) {
              var sku = shop.article(line.get("catalog_object_id").asText()).sku();
              units.merge(sku, line.get("quantity").asInt(), Integer::sum);
            }
          }
          orders.put(order.get("id").asText(), units);
        }
      }
      var acknowledged = new LinkedHashSet<String>();
      for (var effect : shop.ledger().effects().of(SquareShop.ACKNOWLEDGED)) {
        acknowledged.add(effect.subject());
      }
      acknowledged.retainAll(orders.keySet());
      return new ChannelBooks(orders, acknowledged, List.of(), Map.of(), shop.counter().taken());
    } finally {
      shop.lock().unlock();
    }
  }

  @Override
  public ObjectNode summary(boolean detail) {
    shop.lock().lock();
    try {
      var json = Jsons.object().put("wanted", wanted());
      json.put("sales", shop.sales()).put("returns", shop.returns());
      var webhooks = json.putObject("webhooks").put("waiting", shop.owed());
      webhooks.put("attempts", sender.attempts()).put("failures", sender.failures());
      if (detail) {
        json.set("taken", Jsons.tree(shop.counter().taken()));
      }
      return json;
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
}
