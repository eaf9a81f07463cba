package io.serai.api;

import io.serai.hub.StockChange;
import io.serai.hub.StockChange.Kind;
import io.serai.hub.StockChange.Row;
import io.serai.order.StockReport.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a change by hand would come to by the figures of now.
 *
 * <p>Guarantee: nothing is written. Gap: what moves between the look and the change is not in it,
 * nor a buffer that is a share of what is on hand, nor promises that would move elsewhere.
 */
final class StockPreview {
  private StockPreview() {}

  static StockChange.Outcome of(Kind kind, String node, List<Row> rows, StockReads stock) {
    var done = new ArrayList<StockChange.Done>();
    var refused = new ArrayList<StockChange.Refused>();
    for (var row : rows) {
      var level = stock.list(row.sku(), node, 1, null).items().stream().findFirst().orElse(null);
      var fault = fault(kind, node, row, level);
      if (fault == null) {
        done.add(preview(kind, row, level));
      } else {
        refused.add(new StockChange.Refused(row.sku(), fault));
      }
    }
    return new StockChange.Outcome(done, refused, false);
  }

  private static String fault(Kind kind, String node, Row row, StockViews.Level level) {
    var creates = kind == Kind.RECEIVE || kind == Kind.COUNT || kind == Kind.EXPECT;
    if (level == null) {
      return creates
          ? null
          : "SKU '%s' was never seen at node '%s'; report, count or receive it first."
              .formatted(row.sku(), node);
    }
    var there = level.onHand() - level.shortage();
    if (kind == Kind.ADJUST && -(long) row.quantity() > there) {
      return "SKU '%s' has %d units at node '%s', so %d cannot be taken off; count it."
          .formatted(row.sku(), there, node, -(long) row.quantity());
    }
    if (kind == Kind.MOVE && of(level, row.from()) < row.quantity()) {
      return "SKU '%s' has %d %s units at node '%s', so %d cannot be moved."
          .formatted(
              row.sku(),
              Math.max(0, of(level, row.from())),
              row.from().name().toLowerCase(Locale.ROOT),
              node,
              row.quantity());
    }
    return null;
  }

  private static int of(StockViews.Level level, Condition condition) {
    return switch (condition) {
      case SELLABLE -> level.onHand() - level.shortage() - level.damaged() - level.quarantined();
      case DAMAGED -> level.damaged();
      case QUARANTINED -> level.quarantined();
    };
  }

  private static StockChange.Done preview(Kind kind, Row row, StockViews.Level level) {
    if (level == null) {
      var units = kind == Kind.EXPECT ? 0 : row.quantity();
      var sold = row.to() == null || row.to() == Condition.SELLABLE ? units : 0;
      return new StockChange.Done(row.sku(), 0, units, 0, sold, 0);
    }
    long there = level.onHand() - level.shortage();
    long wanted =
        switch (kind) {
          case ADJUST, RECEIVE -> there + row.quantity();
          case COUNT -> row.quantity();
          case MOVE, FREEZE, UNFREEZE, EXPECT -> there;
        };
    long aside = level.damaged() + (long) level.quarantined();
    if (kind == Kind.MOVE) {
      aside += row.from() == Condition.SELLABLE ? row.quantity() : 0;
      aside -= row.to() == Condition.SELLABLE ? row.quantity() : 0;
    }
    if (kind == Kind.RECEIVE && row.to() != null && row.to() != Condition.SELLABLE) {
      aside += row.quantity();
    }
    long frozen = kind == Kind.COUNT || kind == Kind.UNFREEZE ? 0 : level.frozen();
    long free = wanted - level.allocated() - frozen - aside - level.safety();
    var stands = kind == Kind.FREEZE || level.frozenSince() != null && frozen > 0;
    return new StockChange.Done(
        row.sku(),
        level.onHand(),
        (int) Math.max(wanted, level.allocated()),
        level.available(),
        stands ? 0 : (int) Math.max(0, free),
        (int) Math.max(0, level.allocated() + Math.min(aside, wanted) - wanted));
  }
}
