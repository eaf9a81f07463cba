package io.serai.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which running route takes an account's webhooks. The address belongs to the account, so a request
 * that comes while its route is being swapped waits for the next one.
 */
final class Webhooks {
  private final Map<String, WebhookConsumer> consumers = new ConcurrentHashMap<>();

  void put(String account, WebhookConsumer consumer) {
    consumers.put(account, consumer);
    synchronized (this) {
      notifyAll();
    }
  }

  void remove(String account, WebhookConsumer consumer) {
    consumers.remove(account, consumer);
  }

  WebhookConsumer get(String account) {
    return consumers.get(account);
  }

  /** The route that takes them, waiting for it so long; null when none came. */
  WebhookConsumer await(String account, long millis) throws InterruptedException {
    var consumer = consumers.get(account);
    var until = System.nanoTime() + millis * 1_000_000;
    while (consumer == null) {
      var left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return null;
      }
      synchronized (this) {
        wait(Math.min(left, 100));
      }
      consumer = consumers.get(account);
    }
    return consumer;
  }
}
