package io.serai.reconcile;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * How often each SKU's stock is compared at night: A daily, B and C after so many nights, by turns.
 *
 * <p>Guarantee: over so many nights in a row every SKU of its class has its turn once, about as
 * many every night. Gap: a night without a run moves those whose turn it was to the next round.
 */
final class Ranks {
  private final Map<String, Character> classes;
  private final char others;

  /**
   * By classes.
   *
   * @param classes of SKUs that are ranked
   * @param others the class of all others
   */
  Ranks(Map<String, Character> classes, char others) {
    this.classes = Map.copyOf(classes);
    this.others = others;
  }

  /** The class of a SKU. */
  char of(String sku) {
    return classes.getOrDefault(sku, others);
  }

  boolean due(String sku, Terms terms, Instant now) {
    var every =
        switch (of(sku)) {
          case 'B' -> terms.everyB();
          case 'C' -> terms.everyC();
          default -> 1;
        };
    var day = now.atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
    return Math.floorMod((long) sku.hashCode(), (long) every) == Math.floorMod(day, (long) every);
  }
}
