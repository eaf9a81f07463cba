package io.serai.demo;

import io.serai.support.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How bad a day the simulators are having, as the command line says it: {@code
 * shop:flaky=0.1,3pl:answer-lost=0.05}.
 *
 * @param shop moods of the shop, each with the share of what it touches
 * @param partner moods of the 3PLs
 */
record MoodsOption(Map<String, Double> shop, Map<String, Double> partner) {
  /** Nobody is in any mood. */
  static final MoodsOption CALM = new MoodsOption(Map.of(), Map.of());

  /** A day on which everything goes wrong now and then. */
  static final String USUAL =
      "shop:flaky=0.05,shop:throttling=0.03,shop:answer-lost=0.03,shop:duplicating=0.1,shop:out-of-order=0.1,shop:dropping=0.03,"
          + "3pl:flaky=0.05,3pl:answer-lost=0.05,3pl:half-answer=0.02,3pl:duplicating=0.1,3pl:out-of-order=0.1,3pl:dropping=0.03";

  /**
   * Reads the option.
   *
   * @throws DemoRefused naming what cannot be read
   */
  static MoodsOption parse(String text) {
    var shop = new LinkedHashMap<String, Double>();
    var partner = new LinkedHashMap<String, Double>();
    for (var part : text.split(",")) {
      var one = part.strip().split("[:=]", -1);
      if (one.length != 3 || !(one[0].equals("shop") || one[0].equals("3pl"))) {
        throw unreadable(part);
      }
      try {
        (one[0].equals("shop") ? shop : partner).put(one[1], Double.parseDouble(one[2]));
      } catch (NumberFormatException e) {
        throw unreadable(part);
      }
    }
    return new MoodsOption(shop, partner);
  }

  private static DemoRefused unreadable(String part) {
    return new DemoRefused(
        "'%s' of --moods cannot be read. Write it as 'shop:flaky=0.1' or '3pl:answer-lost=0.05', separated by commas."
            .formatted(part));
  }

  /** As the simulators' knob takes it. */
  String json() {
    return Json.text(Map.of("shopify", list(shop), "rest3pl", list(partner)));
  }

  private static List<Map<String, Object>> list(Map<String, Double> moods) {
    var list = new ArrayList<Map<String, Object>>();
    moods.forEach((mood, share) -> list.add(Map.of("mood", mood, "share", share)));
    return list;
  }
}
