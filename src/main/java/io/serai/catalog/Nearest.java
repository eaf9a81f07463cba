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

  /** Letters to add, drop, change or swap with their neighbor. */
  private static int distance(String a, String b) {
    var d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        var change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
