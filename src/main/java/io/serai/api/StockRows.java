package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges the rows of a snapshot one by one: what can be taken is taken, what cannot is named. A SKU
 * that is given twice is ambiguous, so none of its rows is taken.
 */
record StockRows(List<StockReporting.Level> levels, List<StockViews.Refused> refused) {
  static final int LARGEST_COUNT = 1_000_000_000;
  static final int LONGEST_SKU = 255;
  static final int MOST_ROWS = 100_000;

  static StockRows of(JsonNode rows) {
    var refused = new ArrayList<StockViews.Refused>();
    var first = new HashMap<String, Integer>();
    var repeated = new HashMap<String, Integer>();
    for (int i = 0; i < rows.size(); i++) {
      var sku = rows.get(i).path("sku");
      if (sku.isTextual()) {
        var before = first.putIfAbsent(sku.textValue().strip(), i + 1);
        if (before != null) {
          repeated.putIfAbsent(sku.textValue().strip(), before);
        }
      }
    }
    var levels = new ArrayList<StockReporting.Level>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      judge(i + 1, rows.get(i), repeated, first, levels, refused);
    }
    return new StockRows(levels, refused);
  }

  private static void judge(
      int row,
      JsonNode level,
      Map<String, Integer> repeated,
      Map<String, Integer> first,
      List<StockReporting.Level> levels,
      List<StockViews.Refused> refused) {
    if (!level.isObject()) {
      refuse(refused, row, null, "Row %d is not an object; give {\"sku\", \"onHand\"}.", row);
      return;
    }
    var given = level.path("sku");
    if (!given.isTextual() || given.textValue().isBlank()) {
      refuse(refused, row, null, "Row %d has no SKU; give 'sku' as text.", row);
      return;
    }
    var sku = given.textValue().strip();
    var shown = Words.cut(sku);
    if (sku.length() > LONGEST_SKU || sku.chars().anyMatch(Character::isISOControl)) {
      refuse(
          refused,
          row,
          shown,
          "Row %d: SKU '%s' is longer than %d characters or has control characters; correct it.",
          row,
          shown,
          LONGEST_SKU);
      return;
    }
    if (repeated.containsKey(sku)) {
      refuse(
          refused,
          row,
          shown,
          "Row %d: SKU '%s' is given more than once, first in row %d; send it once.",
          row,
          shown,
          repeated.get(sku));
      return;
    }
    var count = level.path("onHand");
    if (count.isMissingNode() || count.isNull()) {
      refuse(refused, row, shown, "Row %d: SKU '%s' has no 'onHand'; give a count.", row, shown);
      return;
    }
    if (!count.isNumber()) {
      refuse(
          refused,
          row,
          shown,
          "Row %d: SKU '%s' has an 'onHand' that is no number; give a count.",
          row,
          shown);
      return;
    }
    var number = count.decimalValue();
    if (number.signum() < 0 || whole(number) == null) {
      refuse(
          refused,
          row,
          shown,
          "Row %d: SKU '%s' has %s on hand; a count is a whole number from 0 to %d.",
          row,
          shown,
          Words.cut(count.asText()),
          LARGEST_COUNT);
      return;
    }
    levels.add(new StockReporting.Level(sku, whole(number)));
  }

  /** Also 12.0 and 1.2e1 are whole; null when it is not or too large. */
  static Integer whole(BigDecimal number) {
    // precision and scale are compared first: 1e999999999 must not be written out
    if (number.signum() != 0 && (long) number.precision() - number.scale() > 10) {
      return null;
    }
    if (number.signum() == 0) {
      return 0;
    }
    if (number.stripTrailingZeros().scale() > 0) {
      return null;
    }
    return number.compareTo(BigDecimal.valueOf(LARGEST_COUNT)) > 0 ? null : number.intValueExact();
  }

  private static void refuse(
      List<StockViews.Refused> refused, int row, String sku, String sentence, Object... values) {
    refused.add(new StockViews.Refused(row, sku, sentence.formatted(values)));
  }
}
