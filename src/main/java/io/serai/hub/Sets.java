package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.FailureKind;
import io.serai.stock.Item;
import io.serai.stock.Item.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what a channel sold into what lies on shelves: a code becomes our SKU; a set, or a pack of
 * several, stays the line that was sold and gets its components as lines beside it.
 *
 * <p>Guarantee: what a line consists of is fixed when it is first settled; a change of items is for
 * lines of which nothing was promised or sent yet. Safe to run again.
 */
final class Sets {
  private static final long MOST = 1_000_000_000;

  private final Book book;

  Sets(Book book) {
    this.book = book;
  }

  /** The codes of lines that may still be turned into something else. */
  List<String> codes(WorkingOrder order) {
    var codes = new ArrayList<String>();
    if (!book.items.plain()) {
      for (var line : order.lines) {
        if (untouched(line)) {
          codes.add(code(order, line));
        }
      }
    }
    return codes;
  }

  /** Turns the lines of an order. Answers why it has to be held, or null. */
  Refusal expand(WorkingOrder order) {
    for (var line : List.copyOf(order.lines)) {
      var untouched = untouched(line);
      if (!untouched && (line.code == null || line.isSet())) {
        continue;
      }
      var code = code(order, line);
      var meaning = book.items.meaning(order.account, code);
      if (meaning.isEmpty()) {
        if (untouched && "BUNDLE".equals(line.kind) && !listsComponents(order, line)) {
          return new Refusal(
              FailureKind.UNMAPPED,
              "Line '%s' of order '%s' is the set '%s', and nobody said what it consists of. Describe it with its components among the items, then replay."
                  .formatted(line.lineId, order.shown(), code));
        }
      } else if (meaning.size() == 1 && meaning.getFirst().quantity() == 1) {
        var sku = meaning.getFirst().sku();
        if (!sku.equals(line.sku)) {
          line.sku = sku;
          line.changed = true;
        }
      } else if (untouched) {
        for (var part : meaning) {
          if ((long) line.ordered * part.quantity() > MOST) {
            return new Refusal(
                FailureKind.UNMAPPED,
                "Line '%s' of order '%s' asks for %d of '%s' with %d of '%s' in each, which is more than can be. Correct the item or the order, then replay."
                    .formatted(
                        line.lineId,
                        order.shown(),
                        line.ordered,
                        code,
                        part.quantity(),
                        part.sku()));
          }
        }
        meaning.forEach(part -> add(order, line, part));
        line.kind = "BUNDLE";
        line.sku = code;
        line.backordered = 0;
        line.changed = true;
      }
    }
    return null;
  }

  /** Why an order cannot go on. */
  record Refusal(FailureKind kind, String sentence) {}

  private void add(WorkingOrder order, WorkingOrder.Line set, Part part) {
    var no = order.lines.stream().mapToInt(l -> l.no).max().orElse(0) + 1;
    var line = new WorkingOrder.Line(no, set.lineId + '/' + part.sku(), true);
    line.parent = set;
    line.perParent = part.quantity();
    line.sku = part.sku();
    line.title = book.items.find(part.sku()).map(Item::title).orElse(null);
    line.kind = "PHYSICAL";
    line.requiresShipping = true;
    line.ordered = set.ordered * part.quantity();
    line.cancelWanted = set.cancelWanted * part.quantity();
    line.cancelled = set.cancelled * part.quantity();
    line.shipped = set.shipped * part.quantity();
    set.components.add(line);
    order.lines.add(line);
  }

  private static boolean untouched(WorkingOrder.Line line) {
    return line.requiresShipping
        && ("PHYSICAL".equals(line.kind) || "BUNDLE".equals(line.kind))
        && line.parent == null
        && !line.isSet()
        && line.allocated == 0
        && line.backordered == 0
        && line.unplaced() > 0;
  }

  private static String code(WorkingOrder order, WorkingOrder.Line line) {
    if (line.code != null || order.document == null) {
      return line.code == null ? line.sku : line.code;
    }
    for (var sold : order.document.path("lines")) {
      if (line.lineId.equals(sold.path("lineId").asText())) {
        return sold.path("sku").asText(line.sku);
      }
    }
    return line.sku;
  }

  private static boolean listsComponents(WorkingOrder order, WorkingOrder.Line line) {
    if (order.document == null) {
      return false;
    }
    for (JsonNode sold : order.document.path("lines")) {
      if (line.lineId.equals(sold.path("parentLineId").asText(null))) {
        return true;
      }
    }
    return false;
  }
}
