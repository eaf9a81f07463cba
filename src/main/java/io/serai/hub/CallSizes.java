package io.serai.hub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many quantities a call to a channel carries: at most what the channel takes, fewer while some
 * of them go stale on their way.
 *
 * <p>Gap: what was learned is this process's own and begins anew with it.
 */
final class CallSizes {
  private final Map<String, Integer> bulk;
  private final Map<String, Integer> bulkFrom;
  private final Map<String, Integer> sizes = new ConcurrentHashMap<>();

  /**
   * Sizes within what channels take.
   *
   * @param bulk per channel, how many quantities one call may carry
   * @param bulkFrom per channel, how many that do not hurry must be due before a call carries more
   *     than one
   */
  CallSizes(Map<String, Integer> bulk, Map<String, Integer> bulkFrom) {
    this.bulk = Map.copyOf(bulk);
    this.bulkFrom = Map.copyOf(bulkFrom);
  }

  /** How many a call to a channel may carry at most. */
  int most(String channel) {
    return bulk.getOrDefault(channel, 1);
  }

  /** How many a call to a channel carries now. */
  int of(String channel) {
    return sizes.getOrDefault(channel, most(channel));
  }

  /**
   * The same where so many are due: a call that carries many may be slow, so what hurries goes one
   * by one.
   */
  int of(String channel, int due, boolean hurries) {
    var from = bulkFrom.getOrDefault(channel, 1);
    return from > 1 && (hurries || due < from) ? 1 : of(channel);
  }

  /** A call that carries less is less likely to hold something that was sold meanwhile. */
  void learn(String channel, boolean stale) {
    var now = of(channel);
    sizes.put(
        channel, stale ? Math.max(1, now / 2) : Math.min(most(channel), Math.max(1, now) * 2));
  }
}
