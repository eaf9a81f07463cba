package io.serai.catalog;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds what a misspelt name was probably meant to be. */
public final class Nearest {
  private Nearest() {}

  /**
   * The advice to give: the nearest name when one is near, else all of them when they are few, else
   * an empty text.
   */
  public static String advice(String wrong, Collection<String> known) {
    var nearest = of(wrong, known);
    if (nearest != null) {
      return "Nearest name: '" + nearest + "'";
    }
    if (known.isEmpty()) {
      return "There are none";
    }
    if (known.size() <= 20) {
      return "Known: "
          + known.stream().sorted().map(n -> "'" + n + "'").collect(Collectors.joining(", "));
    }
    return "None of the " + known.size() + " known names is near";
  }

  /** The nearest name, or null when none is near enough to be meant. */
  public static String of(String wrong, Collection<String> known) {
    String best = null;
    var bestDistance = Math.max(1, wrong.length() / 3) + 1;
    for (var candidate : known.stream().sorted().toList()) {
      var distance = distance(lower(wrong), lower(candidate));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static int distance(String a, String b) {
    var previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      var current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        var change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
