package io.serai.hub;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long channels took, from the first change that a listing did not show until the channel had
 * taken its quantity: of each channel the last thousand. Kept by this process only.
 */
public final class PublicationLags {
  private static final int KEPT = 1_000;

  private static final class Ring {
    private final long[] millis = new long[KEPT];
    private long count;

    synchronized void add(long value) {
      millis[(int) (count++ % KEPT)] = value;
    }

    synchronized long[] sorted() {
      var kept = Arrays.copyOf(millis, (int) Math.min(count, KEPT));
      Arrays.sort(kept);
      return kept;
    }

    synchronized long count() {
      return count;
    }
  }

  private final Map<String, Ring> rings = new ConcurrentHashMap<>();

  void took(String channel, Duration lag) {
    rings.computeIfAbsent(channel, name -> new Ring()).add(Math.max(0, lag.toMillis()));
  }

  /** Channels that took anything, and how many listings they took. */
  public Map<String, Long> counts() {
    var counts = new TreeMap<String, Long>();
    rings.forEach((channel, ring) -> counts.put(channel, ring.count()));
    return counts;
  }

  /**
   * The lag that so large a share of a channel's last listings did not exceed; zero when it took
   * none.
   */
  public Duration quantile(String channel, double share) {
    var ring = rings.get(channel);
    var sorted = ring == null ? new long[0] : ring.sorted();
    return sorted.length == 0
        ? Duration.ZERO
        : Duration.ofMillis(sorted[(int) Math.min(sorted.length - 1, sorted.length * share)]);
  }
}
