package io.serai.stock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How articles that matter so much are counted.
 *
 * @param name {@code A}, {@code B} or {@code C}
 * @param countEveryDays how many days after its last count an article is due
 * @param alarmPercent the share of what the books have, beyond which a count that differs is a case
 */
public record StockClass(String name, int countEveryDays, int alarmPercent) {
  /** The classes as they come: the dear ones every week and to the twentieth part. */
  public static final List<StockClass> USUAL =
      List.of(new StockClass("A", 7, 5), new StockClass("B", 30, 10), new StockClass("C", 90, 20));

  /** All classes, those of them as they were changed that were. */
  public static List<StockClass> all(Map<String, StockClass> changed) {
    var all = new ArrayList<StockClass>();
    USUAL.forEach(one -> all.add(changed.getOrDefault(one.name(), one)));
    return List.copyOf(all);
  }

  /** Whether a count that found so many is further off than it may be. */
  public boolean alarms(long expected, long found) {
    return Math.abs(found - expected) * 100 > alarmPercent * Math.max(1, expected);
  }
}
