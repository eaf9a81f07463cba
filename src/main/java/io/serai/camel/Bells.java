package io.serai.camel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rings polls out of turn: what is due at a poll's next ring is asked for now. */
final class Bells {
  private static final Logger LOG = LoggerFactory.getLogger(Bells.class);

  private record Key(String account, String document) {}

  private final Map<Key, RingingConsumer> consumers = new ConcurrentHashMap<>();

  void put(String account, String document, RingingConsumer consumer) {
    consumers.put(new Key(account, document), consumer);
  }

  void remove(String account, String document, RingingConsumer consumer) {
    consumers.remove(new Key(account, document), consumer);
  }

  /** Rings, on a thread of its own; false when no route polls this account for that. */
  boolean ring(String account, String document) {
    var consumer = consumers.get(new Key(account, document));
    if (consumer == null) {
      return false;
    }
    Thread.ofPlatform()
        .daemon()
        .name("serai-ring")
        .start(
            () -> {
              try {
                consumer.ring();
              } catch (RuntimeException e) {
                LOG.warn("'{}' could not be asked for '{}'", account, document, e);
              }
            });
    return true;
  }
}
