package io.serai.demo;

import io.serai.support.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How bad a day the simulators are having, as the command line says it: {@code
 * shop:flaky=0.1,etsy:throttling=0.3,3pl:answer-lost=0.05}.
 *
 * @param moods by whose they are, {@code shop} for every channel, {@code 3pl} or a channel's name;
 *     each with the share of what it touches
 */
record MoodsOption(Map<String, Map<String, Double>> moods) {
  /** Nobody is in any mood. */
  static final MoodsOption CALM = new MoodsOption(Map.of());

  /** A day on which everything goes wrong now and then. */
  static final String USUAL =
      "shop:flaky=0.05,shop:throttling=0.03,shop:answer-lost=0.03,shop:duplicating=0.1,shop:out-of-order=0.1,shop:dropping=0.03,"
          + "3pl:flaky=0.05,3pl:answer-lost=0.05,3pl:half-answer=0.02,3pl:duplicating=0.1,3pl:out-of-order=0.1,3pl:dropping=0.03";

  private static final String EVERY_CHANNEL = "shop";
  private static final String PARTNER = "3pl";

  /**
   * Reads the option.
   *
   * @throws DemoRefused naming what cannot be read
   */
  static MoodsOption parse(String text) {
    var moods = new LinkedHashMap<String, Map<String, Double>>();
    for (var part : text.split(",")) {
      var one = part.strip().split("[:=]", -1);
      if (one.length != 3 || one[0].isEmpty()) {
        throw unreadable(part);
      }
      try {
        moods
            .computeIfAbsent(one[0], whose -> new LinkedHashMap<>())
            .put(one[1], Double.parseDouble(one[2]));
      } catch (NumberFormatException e) {
        throw unreadable(part);
      }
    }
    return new MoodsOption(moods);
  }

  private static DemoRefused unreadable(String part) {
    return new DemoRefused(
        "'%s' of --moods cannot be read. Write it as 'shop:flaky=0.1' for every channel, 'shopify:flaky=0.1' for one or '3pl:answer-lost=0.05', separated by commas."
            .formatted(part));
  }

  /**
   * As the simulators' knob takes it.
   *
   * @throws DemoRefused when they name a channel that is not there
   */
  String json(Collection<String> channels) {
    var all = new LinkedHashMap<String, Object>();
    for (var whose : moods.keySet()) {
      if (!whose.equals(EVERY_CHANNEL) && !whose.equals(PARTNER) && !channels.contains(whose)) {
        throw new DemoRefused(
            "--moods names '%s', which takes no part. Name %s, 3pl, or shop for every channel."
                .formatted(whose, String.join(", ", channels)));
      }
    }
    for (var channel : channels) {
      var own = new LinkedHashMap<>(moods.getOrDefault(EVERY_CHANNEL, Map.of()));
      own.putAll(moods.getOrDefault(channel, Map.of()));
      all.put(channel, list(own));
    }
    for (var partner : List.of(Stage.REST, Stage.EDI)) {
      all.put(partner, list(moods.getOrDefault(PARTNER, Map.of())));
    }
    return Json.text(all);
  }

  private static List<Map<String, Object>> list(Map<String, Double> moods) {
    var list = new ArrayList<Map<String, Object>>();
    moods.forEach((mood, share) -> list.add(Map.of("mood", mood, "share", share)));
    return list;
  }
}
