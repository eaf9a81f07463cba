package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.hub.StockChange;
import io.serai.order.StockReport.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges the rows of a change of stock one by one: what can be done is done, what cannot is named.
 */
record StockChangeRows(List<StockChange.Row> rows, List<StockViews.Refused> refused) {
  static final int MOST_ROWS = 1_000;

  private static final Set<String> FIELDS =
      Set.of("sku", "quantity", "from", "to", "condition", "advice", "expectedAt");

  /** A row that cannot be done, and why. */
  private static final class Fault extends RuntimeException {
    Fault(String sentence, Object... values) {
      super(sentence.formatted(values), null, false, false);
    }
  }

  static StockChangeRows of(StockChange.Kind kind, JsonNode given) {
    var rows = new ArrayList<StockChange.Row>();
    var refused = new ArrayList<StockViews.Refused>();
    var seen = new HashSet<String>();
    for (var no = 1; no <= given.size(); no++) {
      var row = given.get(no - 1);
      var shown = row.path("sku").isTextual() ? Words.cut(row.path("sku").textValue()) : null;
      try {
        var read = read(kind, row);
        if (!seen.add(read.sku() + (read.advice() == null ? "" : "\n" + read.advice()))) {
          throw new Fault("SKU '%s' is given more than once; send it once.", shown);
        }
        rows.add(read);
      } catch (Fault fault) {
        refused.add(
            new StockViews.Refused(no, shown, "Row %d: %s".formatted(no, fault.getMessage())));
      }
    }
    return new StockChangeRows(rows, refused);
  }

  private static StockChange.Row read(StockChange.Kind kind, JsonNode row) {
    if (!row.isObject()) {
      throw new Fault("It is not an object; give {\"sku\": ...}.");
    }
    for (var name : (Iterable<String>) row::fieldNames) {
      if (!FIELDS.contains(name)) {
        throw new Fault(
            "Field '%s' is not known; a row has %s.",
            Words.cut(name), String.join(", ", new TreeSet<>(FIELDS)));
      }
    }
    var sku = text(row, "sku");
    if (sku == null) {
      throw new Fault("It has no SKU; give 'sku' as text.");
    }
    if (sku.length() > StockRows.LONGEST_SKU || sku.chars().anyMatch(Character::isISOControl)) {
      throw new Fault(
          "SKU '%s' is longer than %d characters or has control characters; correct it.",
          Words.cut(sku), StockRows.LONGEST_SKU);
    }
    return switch (kind) {
      case FREEZE, UNFREEZE -> new StockChange.Row(sku, 0);
      case ADJUST -> new StockChange.Row(sku, quantity(row, sku, true, 1));
      case COUNT -> new StockChange.Row(sku, quantity(row, sku, false, 0));
      case RECEIVE ->
          new StockChange.Row(
              sku,
              quantity(row, sku, false, 1),
              null,
              condition(row, "condition", sku, false),
              text(row, "advice"),
              null);
      case MOVE -> move(row, sku);
      case EXPECT -> expect(row, sku);
    };
  }

  private static StockChange.Row move(JsonNode row, String sku) {
    var from = condition(row, "from", sku, true);
    var to = condition(row, "to", sku, true);
    if (from == to) {
      throw new Fault("SKU '%s' is to be moved from %s to %s; name two conditions.", sku, from, to);
    }
    return new StockChange.Row(sku, quantity(row, sku, false, 1), from, to, null, null);
  }

  private static StockChange.Row expect(JsonNode row, String sku) {
    var advice = text(row, "advice");
    if (advice == null || advice.length() > StockRows.LONGEST_SKU) {
      throw new Fault(
          "SKU '%s' has no 'advice'; give the name of the purchase order or delivery.",
          Words.cut(sku));
    }
    Instant expected;
    try {
      expected = Instants.of("expectedAt", text(row, "expectedAt"));
    } catch (Problem unreadable) {
      throw new Fault("SKU '%s': %s", Words.cut(sku), unreadable.getMessage());
    }
    if (expected == null) {
      throw new Fault(
          "SKU '%s' has no 'expectedAt'; give the instant when it is to come.", Words.cut(sku));
    }
    return new StockChange.Row(sku, quantity(row, sku, false, 0), null, null, advice, expected);
  }

  private static String text(JsonNode row, String field) {
    try {
      return row.path(field).isTextual()
          ? Words.sentence(field, row.path(field).textValue())
          : null;
    } catch (Problem unfit) {
      throw new Fault("%s", unfit.getMessage());
    }
  }

  private static Condition condition(JsonNode row, String field, String sku, boolean needed) {
    var given = row.path(field);
    if (given.isMissingNode() || given.isNull()) {
      if (needed) {
        throw new Fault(
            "SKU '%s' has no '%s'; give one of SELLABLE, DAMAGED, QUARANTINED.",
            Words.cut(sku), field);
      }
      return null;
    }
    try {
      return Condition.valueOf(given.asText().strip().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Fault(
          "SKU '%s' has '%s' as '%s'; give one of SELLABLE, DAMAGED, QUARANTINED.",
          Words.cut(sku), field, Words.cut(given.asText()));
    }
  }

  private static int quantity(JsonNode row, String sku, boolean difference, int least) {
    var given = row.path("quantity");
    if (!given.isNumber()) {
      throw new Fault(
          "SKU '%s' has %s 'quantity'%s; give a whole number.",
          Words.cut(sku),
          given.isMissingNode() || given.isNull() ? "no" : "a",
          given.isMissingNode() || given.isNull() ? "" : " that is no number");
    }
    var number = StockRows.whole(given.decimalValue().abs());
    var negative = given.decimalValue().signum() < 0;
    if (number == null || negative && !difference || number < least) {
      var shown = Words.cut(given.asText());
      throw difference
          ? new Fault(
              "SKU '%s' has %s as quantity; a difference is a whole number but 0, at most %d either way.",
              Words.cut(sku), shown, StockRows.LARGEST_COUNT)
          : new Fault(
              "SKU '%s' has %s as quantity; it is a whole number from %d to %d.",
              Words.cut(sku), shown, least, StockRows.LARGEST_COUNT);
    }
    return negative ? -number : number;
  }
}
