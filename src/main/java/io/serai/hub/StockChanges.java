package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.StockReport.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What changes by hand do to the hub's picture of stock. A row that cannot be done is refused in a
 * sentence; the others are done.
 */
final class StockChanges {
  private final Book book;
  private final StockRules rules;

  StockChanges(Book book, StockRules rules) {
    this.book = book;
    this.rules = rules;
  }

  ApplyResult apply(StockChange change, Application cause) {
    if (book.topology.nodes().stream().noneMatch(n -> n.id().equals(change.node()))) {
      return new ApplyResult.Failed(
          Failure.of(
              FailureKind.UNMAPPED,
              "Node '%s' is not configured. Add it under serai.nodes, or name another."
                  .formatted(change.node()),
              Place.of(change.node())));
    }
    var outcome = new StockChange.Outcome(new ArrayList<>(), new ArrayList<>(), false);
    if (change.reference() != null) {
      var before = book.storeroom.asked.putIfAbsent(change.reference(), change.fingerprint());
      if (before != null && !before.equals(change.fingerprint())) {
        return new ApplyResult.Failed(
            Failure.of(
                FailureKind.INVALID,
                "Reference '%s' was used for another change of stock. Give each change its own."
                    .formatted(change.reference()),
                Place.of(change.node())));
      }
      if (before != null) {
        return new ApplyResult.Applied(
            null, new StockChange.Outcome(outcome.done(), outcome.refused(), true));
      }
      book.storeroom.newlyAsked.add(
          new Storeroom.Asked(
              change.reference(), change.kind().name(), change.fingerprint(), cause.actor()));
    }
    var announcements = new GoodsAnnouncements(book, change.node());
    for (var row : change.rows()) {
      var key = new WorkingStock.Key(row.sku(), change.node());
      var level = book.stock.get(key);
      var fault = fault(change, row, level);
      if (fault != null) {
        outcome.refused().add(new StockChange.Refused(row.sku(), fault));
        continue;
      }
      if (level == null) {
        level = rules.open(key);
      }
      var onHandBefore = level.onHand;
      var availableBefore = level.available();
      if (change.kind() == StockChange.Kind.EXPECT) {
        announcements.note(row);
      }
      change(change, row, key, level, cause);
      level.reported = true;
      book.stock.settle(key, level, cause);
      book.stock.rose(key, level, availableBefore);
      if (change.kind() == StockChange.Kind.COUNT) {
        book.stock.counted(key, level);
      }
      outcome
          .done()
          .add(
              new StockChange.Done(
                  row.sku(),
                  onHandBefore,
                  level.onHand,
                  Math.max(0, availableBefore),
                  Math.max(0, level.available()),
                  level.missing()));
    }
    if (change.reference() != null && outcome.done().isEmpty()) {
      book.storeroom.newlyAsked.removeLast(); // nothing was done, so it may be asked again
      book.storeroom.asked.remove(change.reference());
    }
    announcements.owe(cause);
    return new ApplyResult.Applied(null, outcome);
  }

  /** Why a row cannot be done, or null. */
  private String fault(StockChange change, StockChange.Row row, WorkingStock.Level level) {
    var sku = row.sku();
    var node = change.node();
    var creates =
        switch (change.kind()) {
          case RECEIVE, COUNT, EXPECT -> true;
          case ADJUST, MOVE, FREEZE, UNFREEZE -> false;
        };
    if (level == null && !creates) {
      return "SKU '%s' was never seen at node '%s'; report, count or receive it first."
          .formatted(sku, node);
    }
    return switch (change.kind()) {
      case ADJUST ->
          row.quantity() < 0 && -(long) row.quantity() > level.onHand - level.shortage
              ? "SKU '%s' has %d units at node '%s', so %d cannot be taken off; count it."
                  .formatted(sku, level.onHand - level.shortage, node, -(long) row.quantity())
              : level.onHand + (long) row.quantity() > StockRules.LARGEST
                  ? "SKU '%s' would have more than %d units at node '%s'; correct the quantity."
                      .formatted(sku, StockRules.LARGEST, node)
                  : null;
      case RECEIVE ->
          row.advice() != null && incoming(sku, node, row.advice()).isEmpty()
              ? "Nothing of SKU '%s' is still to come to node '%s' under '%s'; leave the name out, or correct it."
                  .formatted(sku, node, row.advice())
              : level != null && level.onHand + (long) row.quantity() > StockRules.LARGEST
                  ? "SKU '%s' would have more than %d units at node '%s'; correct the quantity."
                      .formatted(sku, StockRules.LARGEST, node)
                  : null;
      case MOVE -> moveFault(change, row, level);
      case COUNT -> {
        var at = Objects.requireNonNullElse(change.at(), book.now);
        if (level == null) {
          yield null;
        }
        yield level.countedAt != null && at.isBefore(level.countedAt)
            ? "SKU '%s' was counted at node '%s' at %s, which is later; count it anew."
                .formatted(sku, node, level.countedAt)
            : level.asOf != null && at.isBefore(level.asOf)
                ? "The stock of SKU '%s' at node '%s' was changed at %s, after this count; count it anew."
                    .formatted(sku, node, level.asOf)
                : null;
      }
      case FREEZE ->
          level.frozenSince != null
              ? "SKU '%s' is frozen at node '%s' since %s.".formatted(sku, node, level.frozenSince)
              : null;
      case UNFREEZE ->
          level.frozenSince == null
              ? "SKU '%s' is not frozen at node '%s'.".formatted(sku, node)
              : null;
      case EXPECT -> null;
    };
  }

  private static String moveFault(
      StockChange change, StockChange.Row row, WorkingStock.Level level) {
    var there = of(level, row.from());
    return there < row.quantity()
        ? "SKU '%s' has %d %s units at node '%s', so %d cannot be moved."
            .formatted(
                row.sku(),
                Math.max(0, there),
                row.from().name().toLowerCase(Locale.ROOT),
                change.node(),
                row.quantity())
        : null;
  }

  private static int of(WorkingStock.Level level, Condition condition) {
    return switch (condition) {
      case SELLABLE -> level.sound();
      case DAMAGED -> level.damaged;
      case QUARANTINED -> level.quarantined;
    };
  }

  private void change(
      StockChange change,
      StockChange.Row row,
      WorkingStock.Key key,
      WorkingStock.Level level,
      Application cause) {
    var at = Objects.requireNonNullElse(change.at(), book.now);
    switch (change.kind()) {
      case ADJUST -> {
        var wanted = (long) level.onHand - level.shortage + row.quantity();
        rules.bring(key, level, wanted, "adjustment", change.reason(), cause);
        if (row.quantity() < 0) {
          level.leftAt = StockRules.latest(level.leftAt, book.now);
          level.reliefWanted = true;
        }
        seen(level, at, cause);
      }
      case RECEIVE -> receive(change, row, key, level, at, cause);
      case MOVE -> {
        turn(key, level, row.from(), -row.quantity(), at, change.reason(), cause);
        turn(key, level, row.to(), row.quantity(), at, change.reason(), cause);
        level.reliefWanted |= row.from() == Condition.SELLABLE;
      }
      case COUNT -> {
        thaw(key, level, cause);
        var wanted = (long) row.quantity() - rules.left(key, at);
        Discrepancies.compare(book, key, level, wanted, true);
        rules.bring(key, level, wanted, "count", change.reason(), cause);
        level.countedAt = at;
        level.reliefWanted = true;
        seen(level, at, cause);
      }
      case FREEZE -> level.frozenSince = book.now;
      case UNFREEZE -> thaw(key, level, cause);
      case EXPECT -> expect(row, key, level, at, cause);
    }
  }

  private static void seen(WorkingStock.Level level, Instant at, Application cause) {
    level.asOf = StockRules.latest(level.asOf, at);
    level.source = cause.source();
  }

  private void thaw(WorkingStock.Key key, WorkingStock.Level level, Application cause) {
    if (level.frozenSince != null) {
      book.stock.shift(key, -level.frozen, WorkingStock.FROZEN, "unfreeze", cause);
      level.frozen = 0;
      level.frozenSince = null;
    }
  }

  private void receive(
      StockChange change,
      StockChange.Row row,
      WorkingStock.Key key,
      WorkingStock.Level level,
      Instant at,
      Application cause) {
    var wanted = (long) level.onHand - level.shortage + row.quantity();
    rules.bring(key, level, wanted, "receipt", change.reason(), cause);
    if (row.to() != null && row.to() != Condition.SELLABLE) {
      turn(key, level, row.to(), row.quantity(), at, change.reason(), cause);
    }
    seen(level, at, cause);
    if (row.advice() != null) {
      rules.came(key, level, row.advice(), row.quantity(), cause);
    }
  }

  // Sellable units are those that are in no other condition: only the others have an account.
  private void turn(
      WorkingStock.Key key,
      WorkingStock.Level level,
      Condition condition,
      int more,
      Instant at,
      String reason,
      Application cause) {
    if (condition == Condition.SELLABLE) {
      return;
    }
    var damaged = condition == Condition.DAMAGED;
    var account = damaged ? WorkingStock.DAMAGED : WorkingStock.QUARANTINED;
    if (damaged) {
      level.damaged += more;
    } else {
      level.quarantined += more;
    }
    book.stock.move(
        key,
        Math.abs(more),
        more > 0 ? WorkingStock.AVAILABLE : account,
        more > 0 ? account : WorkingStock.AVAILABLE,
        "condition",
        cause,
        null,
        reason);
    level.unsellableSource = cause.source();
    level.unsellableAsOf = at;
  }

  private void expect(
      StockChange.Row row,
      WorkingStock.Key key,
      WorkingStock.Level level,
      Instant at,
      Application cause) {
    var announced =
        book.storeroom
            .incoming
            .computeIfAbsent(key, k -> new TreeMap<>())
            .computeIfAbsent(row.advice(), name -> new Storeroom.Incoming());
    var before = announced.open();
    announced.quantity = row.quantity();
    announced.expectedAt = row.expectedAt();
    announced.source = Objects.requireNonNullElse(cause.source(), "hub");
    announced.asOf = at;
    announced.changed = true;
    var more = announced.open() - before;
    level.incoming += more;
    book.stock.move(
        key,
        Math.abs(more),
        more > 0 ? WorkingStock.SUPPLIER : WorkingStock.INCOMING,
        more > 0 ? WorkingStock.INCOMING : WorkingStock.SUPPLIER,
        "advice",
        cause,
        null);
  }

  private Optional<Storeroom.Incoming> incoming(String sku, String node, String advice) {
    var all = book.storeroom.incoming.get(new WorkingStock.Key(sku, node));
    return all == null
        ? Optional.empty()
        : Optional.ofNullable(all.get(advice)).filter(one -> one.open() > 0);
  }
}
