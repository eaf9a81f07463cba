package io.serai.crash;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.simulator.ShopifyOptions;
import io.serai.simulator.ShopifySimulator;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A shop that never gives up: every order is posted, signed, until it hears 2xx, five times a
 * second, and every seventh once more after that, as shops do. What was acknowledged is remembered
 * here, outside the process that is killed. Its Admin API is the simulator's.
 */
final class RecordingShop implements AutoCloseable {
  static final String SECRET = "crash-secret";
  static final String TOKEN = "shpat_crash";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofMillis(200);

  /**
   * One webhook of this shop.
   *
   * @param orderId the order's number in the shop, or null when the body is no order
   */
  record Event(String id, String orderId, byte[] body) {}

  private final ShopifySimulator shop;
  private final List<URI> targets;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();
  private final ExecutorService senders = Executors.newFixedThreadPool(8);
  private final Map<String, Event> posted = new ConcurrentHashMap<>();
  private final Map<String, Event> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile boolean closed;

  RecordingShop(Path folder, List<URI> hubs, String account) {
    this.shop =
        ShopifySimulator.start(
            ShopifyOptions.in(folder)
                .webhooksTo(null)
                .webhookSecret(SECRET)
                .accessToken(TOKEN)
                .initialStock(10_000)
                .locations(1)
                .costBucket(100_000, 100_000));
    this.targets = hubs.stream().map(hub -> hub.resolve("/webhooks/" + account)).toList();
  }

  ShopifySimulator simulator() {
    return shop;
  }

  URI url() {
    return shop.url();
  }

  /** Places so many orders and begins to post them. */
  void place(int orders) {
    for (int i = 0; i < orders; i++) {
      var id = shop.createOrder();
      post(new Event(UUID.randomUUID().toString(), id, Json.bytes(shop.order(id))));
    }
  }

  /** Places one order of one line: so many of one article. */
  void place(String sku, int quantity) {
    ObjectNode payload = shop.draftOrder();
    var line = (ObjectNode) payload.get("line_items").get(0).deepCopy();
    line.put("sku", sku).put("quantity", quantity).put("current_quantity", quantity);
    line.put("fulfillable_quantity", quantity).put("requires_shipping", true);
    payload.putArray("line_items").add(line);
    var id = shop.createOrder(payload);
    post(new Event(UUID.randomUUID().toString(), id, Json.bytes(shop.order(id))));
  }

  /** Posts what is signed and is no JSON. */
  void garble(int messages) {
    for (int i = 0; i < messages; i++) {
      var body = ("{\"id\": " + i + ", \"torn\": \"").getBytes(StandardCharsets.UTF_8);
      post(new Event(UUID.randomUUID().toString(), null, body));
    }
  }

  private void post(Event event) {
    posted.put(event.id(), event);
    senders.submit(() -> untilAcknowledged(event));
  }

  private void untilAcknowledged(Event event) {
    while (!closed && !acknowledged.containsKey(event.id())) {
      if (send(event)) {
        acknowledged.put(event.id(), event);
        if (count.incrementAndGet() % 7 == 0) {
          send(event);
        }
        return;
      }
      try {
        Thread.sleep(AGAIN);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean send(Event event) {
    var request =
        HttpRequest.newBuilder(targets.get(turn.getAndIncrement() % targets.size()))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("X-Shopify-Topic", "orders/create")
            .header("X-Shopify-Event-Id", event.id())
            .header("X-Shopify-Webhook-Id", UUID.randomUUID().toString())
            .header("X-Shopify-Shop-Domain", "acme.myshopify.com")
            .header("X-Shopify-API-Version", "2026-07")
            .header("X-Shopify-Hmac-Sha256", signature(event.body()))
            .POST(BodyPublishers.ofByteArray(event.body()))
            .build();
    try {
      var status = http.send(request, BodyHandlers.discarding()).statusCode();
      if (status >= 400 && status < 500) {
        refusals.incrementAndGet();
      }
      return status / 100 == 2;
    } catch (IOException unanswered) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String signature(byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has HmacSHA256
    }
  }

  /** Whether nothing is left to post. */
  boolean isHeard() {
    return acknowledged.size() == posted.size();
  }

  /** Everything that was ever posted, heard or not. */
  List<Event> posted() {
    return new ArrayList<>(posted.values());
  }

  /** What heard a 2xx. */
  List<Event> acknowledged() {
    return new ArrayList<>(acknowledged.values());
  }

  /** How often it was told that its request is wrong; a hub that only dies never says so. */
  int refusals() {
    return refusals.get();
  }

  @Override
  public void close() {
    closed = true;
    senders.shutdownNow();
    http.shutdownNow();
    shop.close();
  }
}
