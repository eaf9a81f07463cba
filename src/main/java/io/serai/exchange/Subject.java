package io.serai.exchange;

import io.serai.edi.Segment;
import java.util.List;
import java.util.Map;

/** What a set is about: the number that both sides call the order by, which links its documents. */
final class Subject {
  private record Where(String segment, int element) {}

  private static final Map<String, Where> PLACES =
      Map.ofEntries(
          Map.entry("850", new Where("BEG", 3)),
          Map.entry("855", new Where("BAK", 3)),
          Map.entry("856", new Where("PRF", 1)),
          Map.entry("810", new Where("BIG", 4)),
          Map.entry("860", new Where("BCH", 3)),
          Map.entry("865", new Where("BCA", 3)),
          Map.entry("940", new Where("W05", 2)),
          Map.entry("943", new Where("W06", 2)),
          Map.entry("944", new Where("W17", 4)),
          Map.entry("945", new Where("W06", 2)));

  private Subject() {}

  /** What a set is about, or null when it is about no order or does not say which. */
  static String of(String set, List<Segment> segments) {
    var where = PLACES.get(set);
    if (where == null) {
      return null;
    }
    return segments.stream()
        .filter(segment -> segment.id().equals(where.segment()))
        .map(segment -> segment.element(where.element()).strip())
        .filter(value -> !value.isEmpty())
        .findFirst()
        .orElse(null);
  }
}
