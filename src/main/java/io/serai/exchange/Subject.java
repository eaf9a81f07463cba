package io.serai.exchange;

import io.serai.edi.Delimiters;
import io.serai.edi.Segment;
import io.serai.edi.Standard;
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

  /** What a set or message is about, or null when it is about no order or does not say which. */
  static String of(String set, List<Segment> segments) {
    if (Standard.of(set) == Standard.EDIFACT) {
      return ofMessage(set, segments);
    }
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

  // An order is known by its own number; what answers it refers to that.
  private static String ofMessage(String type, List<Segment> segments) {
    for (var segment : segments) {
      var number =
          switch (type) {
            case "ORDERS" ->
                segment.id().equals("BGM") ? segment.component(2, 1, Delimiters.EDIFACT) : "";
            case "DESADV", "ORDRSP", "INVOIC", "RECADV" ->
                segment.id().equals("RFF")
                        && segment.component(1, 1, Delimiters.EDIFACT).equals("ON")
                    ? segment.component(1, 2, Delimiters.EDIFACT)
                    : "";
            default -> "";
          };
      if (!number.isBlank()) {
        return number.strip();
      }
    }
    return null;
  }
}
