package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.order.Order;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What a channel wants otherwise than before, in the words of whoever reads the timeline. */
final class LineChanges {
  private static final int MOST = 5;

  private LineChanges() {}

  /**
   * A clause such as {@code : 1 of 'MUG-BLU' less, 2 of 'TEE-M' more}, or nothing when the lines
   * are wanted as before.
   *
   * @param before the order's document until now
   */
  static String of(JsonNode before, Order order) {
    var changes = new ArrayList<String>();
    var listed = new HashSet<String>();
    for (var line : order.lines()) {
      listed.add(line.lineId());
      var said = Edits.line(before, line.lineId());
      var name = line.sku() == null ? line.lineId() : line.sku();
      var was = said == null ? name : said.path("sku").asText(name);
      if (!was.equals(name)) {
        changes.add("'%s' instead of '%s'".formatted(name, was));
      }
      units(
          changes,
          name,
          line.ordered() - line.cancelled() - (said == null ? 0 : Edits.wanted(said)));
    }
    for (var said : before.path("lines")) {
      var id = said.path("lineId").asText();
      if (!listed.contains(id)) {
        units(changes, said.path("sku").asText(id), -Edits.wanted(said));
      }
    }
    return changes.isEmpty() ? "" : ": " + text(changes);
  }

  private static void units(List<String> changes, String name, int more) {
    if (more != 0) {
      changes.add("%d of '%s' %s".formatted(Math.abs(more), name, more > 0 ? "more" : "less"));
    }
  }

  private static String text(List<String> changes) {
    return changes.size() <= MOST
        ? String.join(", ", changes)
        : String.join(", ", changes.subList(0, MOST))
            + " and %d more change(s)".formatted(changes.size() - MOST);
  }
}
