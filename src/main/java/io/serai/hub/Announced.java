package io.serai.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What suppliers announced, as far as pre-orders of a transaction ask for it: who was first has the
 * first delivery, and nothing is promised to two buyers.
 */
final class Announced {
  private record Delivery(Instant at, int units) {}

  private final Map<String, List<Delivery>> deliveries = new HashMap<>();
  private final Map<String, Integer> promised = new HashMap<>();

  void add(String sku, Instant at, int units) {
    deliveries.computeIfAbsent(sku, s -> new ArrayList<>()).add(new Delivery(at, units));
  }

  /** So many units wait for a delivery already. */
  void promised(String sku, int units) {
    promised.merge(sku, units, Integer::sum);
  }

  /**
   * Promises units of what is announced. Answers when the last of them comes, or null when not so
   * many are announced beyond what others were promised.
   */
  Instant promise(String sku, int units) {
    promised(sku, units);
    var owed = promised.get(sku);
    for (var delivery : deliveries.getOrDefault(sku, List.of())) {
      owed -= delivery.units();
      if (owed <= 0) {
        return delivery.at();
      }
    }
    return null;
  }
}
