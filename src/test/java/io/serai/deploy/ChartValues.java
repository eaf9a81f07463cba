package io.serai.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The chart's values as {@code values.yaml} documents them: each with the comment above or behind
 * it.
 */
final class ChartValues {
  /**
   * One value.
   *
   * @param key from the top, with dots
   * @param says the comment at it; empty when there is none
   * @param usual what stands there; null for a group
   */
  record Value(String key, String says, String usual) {}

  private ChartValues() {}

  static List<Value> read() throws IOException {
    var values = new ArrayList<Value>();
    var comment = new ArrayList<String>();
    var path = new ArrayDeque<String>();
    for (var line : Files.readAllLines(RenderedChart.CHART.resolve("values.yaml"))) {
      var text = line.strip();
      if (text.startsWith("#")) {
        comment.add(text.substring(1).strip());
      } else if (text.isEmpty()) {
        comment.clear();
      } else {
        var depth = (line.length() - line.stripLeading().length()) / 2;
        while (path.size() > depth) {
          path.removeLast();
        }
        var colon = text.indexOf(':');
        path.addLast(text.substring(0, colon));
        var usual = text.substring(colon + 1).strip();
        var trailing = usual.indexOf(" # ");
        if (trailing >= 0) {
          comment.add(usual.substring(trailing + 3).strip());
          usual = usual.substring(0, trailing).strip();
        }
        values.add(
            new Value(
                String.join(".", path), String.join(" ", comment), usual.isEmpty() ? null : usual));
        comment.clear();
      }
    }
    return values;
  }

  /** The table of the chart's README. */
  static String table() throws IOException {
    return "| value | is | default |\n|---|---|---|\n"
        + read().stream()
            .filter(v -> v.usual() != null || !v.says().isEmpty())
            .map(
                v ->
                    "| `%s` | %s | %s |"
                        .formatted(
                            v.key(),
                            v.says().replace("|", "\\|"),
                            v.usual() == null
                                ? ""
                                : v.usual().equals("\"\"") ? "–" : "`" + v.usual() + "`"))
            .collect(Collectors.joining("\n"))
        + "\n";
  }
}
