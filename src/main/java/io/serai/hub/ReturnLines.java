package io.serai.hub;

import io.serai.order.Return;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which lines of an order a return means, and how many units of them can come back. */
final class ReturnLines {
  private final Book book;
  private final WorkingOrder order;

  ReturnLines(Book book, WorkingOrder order) {
    this.book = book;
    this.order = order;
  }

  // One that this transaction makes counts, too.
  private List<WorkingReturn> returns() {
    return book.returns.getOrDefault(order.id, List.of());
  }

  /** The line of that number. */
  WorkingOrder.Line line(int no) {
    for (var line : order.lines) {
      if (line.no == no) {
        return line;
      }
    }
    throw new IllegalStateException("Order '%s' has no line %d".formatted(order.id, no));
  }

  /** Units of a line that have come back, with whatever return. */
  int received(int no) {
    return returns().stream().mapToInt(r -> r.received(no)).sum();
  }

  /** Units of a line that may still come: they left, and none of them is back. */
  private int out(WorkingOrder.Line line) {
    return line.shipped - received(line.no);
  }

  /**
   * Units by the number of their line; of a set, by those of its components. Answers null when the
   * order has no such line or article.
   *
   * @param prefers the return whose open units are meant first, or null
   * @param taken what the same document means already
   */
  Map<Integer, Integer> resolve(
      String lineId, String sku, int units, WorkingReturn prefers, Map<Integer, Integer> taken) {
    if (lineId != null) {
      for (var line : order.lines) {
        if (line.lineId.equals(lineId)) {
          return all(line, units);
        }
      }
      return null;
    }
    var article = article(sku);
    var candidates = new ArrayList<WorkingOrder.Line>();
    for (var line : order.lines) {
      if (article.equals(line.sku) || sku.equals(line.sku)) {
        if (line.isSet()) {
          return all(line, units);
        }
        candidates.add(line);
      }
    }
    return candidates.isEmpty() ? null : divide(candidates, units, prefers, taken);
  }

  private String article(String sku) {
    var meaning = book.items.meaning(order.account, sku);
    return meaning.size() == 1 && meaning.getFirst().quantity() == 1
        ? meaning.getFirst().sku()
        : sku;
  }

  private static Map<Integer, Integer> all(WorkingOrder.Line line, int units) {
    var found = new LinkedHashMap<Integer, Integer>();
    if (!line.isSet()) {
      found.put(line.no, units);
    }
    for (var component : line.components) {
      found.put(component.no, units * component.perParent);
    }
    return found;
  }

  // Several lines may be of one article: those first of which something is expected.
  private Map<Integer, Integer> divide(
      List<WorkingOrder.Line> candidates,
      int units,
      WorkingReturn prefers,
      Map<Integer, Integer> taken) {
    var found = new LinkedHashMap<Integer, Integer>();
    var rest = units;
    for (var expected : new boolean[] {true, false}) {
      for (var line : candidates) {
        var had = taken.getOrDefault(line.no, 0) + found.getOrDefault(line.no, 0);
        var room =
            expected
                ? prefers == null
                    ? 0
                    : prefers.lines.stream()
                        .filter(l -> l.no == line.no)
                        .mapToInt(WorkingReturn.Line::open)
                        .sum()
                : out(line);
        var here = Math.min(rest, Math.max(0, room - had));
        if (here > 0) {
          found.merge(line.no, here, Integer::sum);
          rest -= here;
        }
      }
    }
    if (rest > 0) {
      found.merge(candidates.getFirst().no, rest, Integer::sum);
    }
    return found;
  }

  /** Why so many units cannot be expected back with this return, or null. */
  String tooMany(
      String name, Return.Kind kind, WorkingReturn self, Map<Integer, Integer> expected) {
    for (var entry : expected.entrySet()) {
      var line = line(entry.getKey());
      var elsewhere =
          returns().stream().filter(r -> r != self).mapToInt(r -> r.claims(line.no)).sum();
      // What a carrier brought back is no buyer's to return.
      var brought =
          kind == Return.Kind.RETURNED_TO_SENDER
              ? 0
              : Math.max(
                  0,
                  line.cameBack
                      - returns().stream()
                          .filter(r -> r.kind == Return.Kind.RETURNED_TO_SENDER)
                          .mapToInt(r -> r.claims(line.no))
                          .sum());
      if (entry.getValue() > line.shipped - elsewhere - brought) {
        return sentence(name, "names", entry.getValue(), line, elsewhere + brought);
      }
    }
    return null;
  }

  /** Why so many units cannot have come, or null. */
  String tooManyCame(String name, Map<Integer, Integer> units) {
    for (var entry : units.entrySet()) {
      var line = line(entry.getKey());
      if (entry.getValue() > out(line)) {
        return sentence(name, "brings", entry.getValue(), line, received(line.no));
      }
    }
    return null;
  }

  private String sentence(
      String name, String verb, int units, WorkingOrder.Line line, int elsewhere) {
    if (line.shipped == 0) {
      return "Return '%s' %s %d of line '%s' of order '%s', of which nothing has left%s. Ask its sender which order it means; replay it when the shipment is known, or discard it."
          .formatted(
              name,
              verb,
              units,
              line.lineId,
              order.shown(),
              line.cancelled >= line.ordered ? " because it was cancelled" : "");
    }
    return "Return '%s' %s %d of line '%s' of order '%s', of which %d left%s. Ask its sender, correct it and replay it, or discard it."
        .formatted(
            name,
            verb,
            units,
            line.lineId,
            order.shown(),
            line.shipped,
            elsewhere == 0
                ? ""
                : " and %d %s back or on the way back already"
                    .formatted(elsewhere, elsewhere == 1 ? "is" : "are"));
  }

  /** The units in words, as {@code 2 of 'MUG-BLU'}. */
  String words(Map<Integer, Integer> units) {
    var words = new ArrayList<String>();
    units.forEach(
        (no, count) -> {
          var line = line(no);
          words.add("%d of '%s'".formatted(count, line.sku == null ? line.lineId : line.sku));
        });
    return words.isEmpty() ? "nothing" : String.join(", ", words);
  }

  /**
   * Takes over into the order how much of it is back; the channel may know of more. Answers how
   * many units of the lines that the buyer bought came with this: of a set, those of which all
   * components are there.
   */
  Map<String, Integer> count(Map<Integer, Integer> units) {
    var whole = new LinkedHashMap<String, Integer>();
    for (var no : units.keySet()) {
      var line = line(no);
      back(line, received(no));
      if (line.parent == null) {
        whole.merge(line.lineId, units.get(no), Integer::sum);
      } else if (!whole.containsKey(line.parent.lineId)) {
        var now = sets(line.parent, Map.of());
        back(line.parent, now);
        whole.put(line.parent.lineId, now - sets(line.parent, units));
      }
    }
    whole.values().removeIf(count -> count <= 0);
    order.changed = true;
    return whole;
  }

  // How many sets are back, or were before these units came.
  private int sets(WorkingOrder.Line set, Map<Integer, Integer> without) {
    return set.components.stream()
        .mapToInt(c -> (received(c.no) - without.getOrDefault(c.no, 0)) / c.perParent)
        .min()
        .orElse(0);
  }

  private static void back(WorkingOrder.Line line, int units) {
    if (units > line.returned) {
      line.returned = units;
      line.changed = true;
    }
  }
}
