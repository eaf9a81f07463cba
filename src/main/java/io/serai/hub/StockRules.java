package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.ListingReport;
import io.serai.order.Return;
import io.serai.order.StockReport;
import io.serai.stock.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What stock reports and listings do to the hub's picture of stock. */
final class StockRules {
  /** More units than any shelf has: a report that names more is a mistake. */
  static final int LARGEST = 1_000_000_000;

  /** The instant of a level of which nobody has said yet what is on hand. */
  static final Instant NEVER = Instant.EPOCH;

  private static final int NAMED_ROWS = 5;

  private final Book book;

  StockRules(Book book) {
    this.book = book;
  }

  /** The node that a report is about: named, or the only one of the partner. */
  static String node(StockReport report, Topology topology) {
    if (report.node() != null) {
      return topology.nodes().stream().anyMatch(n -> n.id().equals(report.node()))
          ? report.node()
          : null;
    }
    var nodes =
        topology.nodes().stream()
            .filter(n -> report.partner() != null && report.partner().equals(n.partner()))
            .toList();
    return nodes.size() == 1 ? nodes.getFirst().id() : null;
  }

  /**
   * Takes a report over, row by row. An absolute report below what is allocated takes effect down
   * to what is allocated; the rest is a shortage. A row older than what is known is left alone: a
   * count by any later report, a change by a later count, which has it in it. A row that cannot be
   * taken is kept with the message, which is parked; replayed, it tries those rows and no others.
   */
  ApplyResult apply(StockReport report, Application cause) {
    var node = node(report, book.topology);
    if (node == null) {
      return new ApplyResult.Failed(
          Failure.of(
              FailureKind.UNMAPPED,
              "Stock report names node '%s', which is not configured. Add it under serai.nodes, then replay."
                  .formatted(
                      report.node() == null ? "of partner " + report.partner() : report.node()),
              Place.of(report.partner() == null ? report.node() : report.partner())));
    }
    var asOf = report.asOf() == null ? book.now : report.asOf();
    var applied = 0;
    var stale = 0;
    var shortages = 0;
    var named = new HashSet<String>();
    var refused = new ArrayList<Storeroom.ParkedRow>();
    var unknown = false;
    var retried =
        cause.message() == null ? null : book.storeroom.parkedBefore.get(cause.message().id());
    for (var no = 1; no <= report.levels().size(); no++) {
      var row = report.levels().get(no - 1);
      named.add(row.sku());
      if (retried != null && !retried.contains(no)) { // by number: its SKU may be corrected
        continue;
      }
      var key = new WorkingStock.Key(row.sku(), node);
      var level = book.stock.get(key);
      var fault = cause.message() == null ? null : fault(report, no, row, level);
      if (fault != null) {
        unknown |= level == null && book.storeroom.unknownSkus.contains(row.sku());
        refused.add(new Storeroom.ParkedRow(cause.message().id(), no, row.sku(), fault));
        continue;
      }
      if (level != null && older(report, asOf, level)) {
        stale++;
        continue;
      }
      if (level == null) {
        level = open(key);
      }
      if (set(report, key, level, row, asOf, cause)) {
        shortages++;
      }
      applied++;
    }
    if (Boolean.TRUE.equals(report.complete())
        && report.kind() == StockReport.Kind.ABSOLUTE
        && retried == null) {
      for (var entry : book.stock.levels().entrySet()) {
        var level = entry.getValue();
        if (entry.getKey().node().equals(node)
            && !named.contains(entry.getKey().sku())
            && level.onHand > 0
            && !older(report, asOf, level)) {
          var none = new StockReport.Level(entry.getKey().sku(), 0);
          set(report, entry.getKey(), level, none, asOf, cause);
          applied++;
        }
      }
    }
    if (!refused.isEmpty()) {
      var rows = retried == null ? report.levels().size() : retried.size();
      return park(node, rows, applied, stale, shortages, refused, unknown, cause);
    }
    if (report.kind() == StockReport.Kind.DELTA && stale > 0 && applied == 0) {
      var reason = "The stock of node '%s' was counted after this change.".formatted(node);
      book.end(cause, "IGNORED", null, reason);
      return new ApplyResult.NoEffect(null, reason);
    }
    book.end(
        cause,
        "APPLIED",
        null,
        stale == 0
            ? null
            : "%d of %d rows are older than what is known of node '%s' and were left out."
                .formatted(stale, report.levels().size(), node));
    return new ApplyResult.Applied(null, new StockTotals(applied, stale, shortages));
  }

  /**
   * Counts in units that came back, unless a count that was taken later has them in it. Answers
   * whether it did.
   */
  boolean cameBack(
      WorkingStock.Key key, int units, Return.Disposition becomes, Instant at, Application cause) {
    var condition =
        switch (becomes) {
          case DAMAGED -> StockReport.Condition.DAMAGED;
          case QUARANTINE -> StockReport.Condition.QUARANTINED;
          default -> StockReport.Condition.SELLABLE;
        };
    var row = new StockReport.Level(key.sku(), units, condition, null, null);
    var report =
        new StockReport(
            key.node(),
            cause.source(),
            StockReport.Kind.DELTA,
            at,
            null,
            List.of(row),
            null,
            StockReport.Cause.RETURN);
    var level = book.stock.get(key);
    if (level != null && older(report, at, level)) {
      return false;
    }
    set(report, key, level == null ? open(key) : level, row, at, cause);
    return true;
  }

  /** A level that nobody reported before. */
  WorkingStock.Level open(WorkingStock.Key key) {
    var level = new WorkingStock.Level(true);
    level.loaded();
    level.asOf = NEVER;
    book.storeroom.buffer(key, level);
    book.stock.put(key, level);
    return level;
  }

  /** Why a row cannot be taken, or null. */
  private String fault(
      StockReport report, int no, StockReport.Level row, WorkingStock.Level level) {
    var absurd =
        report.kind() == StockReport.Kind.ABSOLUTE
            ? row.onHand() < 0 || row.onHand() > LARGEST
            : Math.abs((long) row.onHand()) > LARGEST;
    if (absurd) {
      return "Row %d: SKU '%s' has %d units; %s."
          .formatted(
              no,
              row.sku(),
              row.onHand(),
              report.kind() == StockReport.Kind.ABSOLUTE
                  ? "a count is from 0 to " + LARGEST
                  : "a change is at most " + LARGEST);
    }
    for (var part : new Integer[] {row.damaged(), row.quarantined()}) {
      if (part != null && (part < 0 || part > row.onHand())) {
        return "Row %d: SKU '%s' has %d units set aside of %d; a part is from 0 to the whole."
            .formatted(no, row.sku(), part, row.onHand());
      }
    }
    if (book.items.find(row.sku()).filter(Item::isSet).isPresent()) {
      return "Row %d: SKU '%s' is a set, of which only the components lie on shelves."
          .formatted(no, row.sku());
    }
    return level == null && book.storeroom.unknownSkus.contains(row.sku())
        ? "Row %d: SKU '%s' is not known.".formatted(no, row.sku())
        : null;
  }

  private ApplyResult park(
      String node,
      int rows,
      int applied,
      int stale,
      int shortages,
      List<Storeroom.ParkedRow> refused,
      boolean unknown,
      Application cause) {
    var named =
        refused.stream()
            .limit(NAMED_ROWS)
            .map(Storeroom.ParkedRow::sentence)
            .collect(Collectors.joining(" "));
    var sentence =
        "%d of %d rows for node '%s' were not taken; %d were applied and %d are older than what is known. %s%s %s, then replay, which tries these rows only."
            .formatted(
                refused.size(),
                rows,
                node,
                applied,
                stale,
                named,
                refused.size() > NAMED_ROWS
                    ? " And %d more.".formatted(refused.size() - NAMED_ROWS)
                    : "",
                unknown ? "Add the articles or correct the sender" : "Correct the sender's data");
    book.storeroom.parkedRows.addAll(refused);
    book.storeroom.parked.add(
        new Storeroom.Parked(
            cause.message().id(),
            Failure.of(
                unknown ? FailureKind.UNMAPPED : FailureKind.INVALID,
                sentence,
                Place.of(cause.message().account()))));
    book.end(cause, "PARKED", null, null);
    return new ApplyResult.Applied(
        null, new StockTotals(applied, stale, shortages, refused.size()));
  }

  private boolean set(
      StockReport report,
      WorkingStock.Key key,
      WorkingStock.Level level,
      StockReport.Level row,
      Instant asOf,
      Application cause) {
    var availableBefore = level.available();
    var absolute = report.kind() == StockReport.Kind.ABSOLUTE;
    var wanted =
        absolute
            ? (long) row.onHand() - left(key, asOf)
            : (long) level.onHand - level.shortage + row.onHand();
    var what = report.cause() == null ? "report" : report.cause().name().toLowerCase(Locale.ROOT);
    if (absolute) {
      Discrepancies.compare(book, key, level, wanted, false);
    }
    var sold = !absolute && row.onHand() < 0 && report.cause() == StockReport.Cause.SALE;
    bring(key, level, wanted, what, null, sold ? asOf : null, cause);
    if (absolute) {
      aside(key, level, row, asOf, cause);
      level.countedAt = asOf;
      level.countedSequence = report.sequence() == null ? null : String.valueOf(report.sequence());
    } else {
      condition(key, level, row, what, asOf, cause);
      if (row.onHand() < 0 && report.cause() != null) {
        level.leftAt = latest(level.leftAt, asOf);
      }
      if (report.advice() != null && row.onHand() > 0) {
        came(key, level, report.advice(), row.onHand(), cause);
      }
      // Goods that were sold over a counter or broke are gone: a promise of them has to move.
      level.reliefWanted |=
          report.cause() == StockReport.Cause.SALE
              || report.cause() == StockReport.Cause.ADJUSTMENT;
    }
    level.source = report.partner() != null ? report.partner() : cause.actor();
    level.sequence = report.sequence() == null ? level.sequence : String.valueOf(report.sequence());
    // A change that comes late is counted, and does not make the snapshots before it new again.
    level.asOf = absolute ? asOf : latest(level.asOf, asOf);
    book.stock.settle(key, level, cause);
    book.stock.rose(key, level, availableBefore);
    if (absolute) {
      book.stock.counted(key, level);
    }
    return level.shortage > 0;
  }

  /** Takes units that came in off what was announced under a name, as far as it was. */
  void came(
      WorkingStock.Key key, WorkingStock.Level level, String advice, int units, Application cause) {
    var advised = book.storeroom.incoming.getOrDefault(key, new TreeMap<>()).get(advice);
    if (advised == null) {
      return;
    }
    var open = advised.open();
    advised.received = (int) Math.min(LARGEST, (long) advised.received + units);
    advised.changed = true;
    var fewer = open - advised.open();
    level.incoming -= fewer;
    book.stock.move(
        key, fewer, WorkingStock.INCOMING, WorkingStock.SUPPLIER, "receipt", cause, null);
  }

  static Instant latest(Instant one, Instant other) {
    return one == null || other.isAfter(one) ? other : one;
  }

  /** Units that left after a count was taken, which cannot know of it. */
  int left(WorkingStock.Key key, Instant asOf) {
    return book.storeroom.leftSince(key, asOf) + book.stock.leftSince(key, asOf);
  }

  /**
   * Brings on hand to what it is said to be, but not below what is promised: that is a shortage.
   */
  void bring(
      WorkingStock.Key key,
      WorkingStock.Level level,
      long wanted,
      String what,
      String note,
      Application cause) {
    bring(key, level, wanted, what, note, null, cause);
  }

  private void bring(
      WorkingStock.Key key,
      WorkingStock.Level level,
      long wanted,
      String what,
      String note,
      Instant at,
      Application cause) {
    var before = level.onHand;
    level.onHand = (int) Math.min(Integer.MAX_VALUE, Math.max(wanted, level.allocated));
    level.shortage = (int) Math.min(Integer.MAX_VALUE, Math.max(0, level.allocated - wanted));
    level.reported = true;
    var more = level.onHand - before;
    if (at != null && more < 0) {
      book.stock.moveAt(key, -more, WorkingStock.AVAILABLE, WorkingStock.OUTSIDE, what, cause, at);
      return;
    }
    book.stock.move(
        key,
        Math.abs(more),
        more > 0 ? WorkingStock.OUTSIDE : WorkingStock.AVAILABLE,
        more > 0 ? WorkingStock.AVAILABLE : WorkingStock.OUTSIDE,
        what,
        cause,
        null,
        note);
  }

  // An absolute report that says nothing of the condition leaves it as it is.
  private void aside(
      WorkingStock.Key key,
      WorkingStock.Level level,
      StockReport.Level row,
      Instant asOf,
      Application cause) {
    if (row.damaged() != null) {
      book.stock.shift(key, row.damaged() - level.damaged, WorkingStock.DAMAGED, "report", cause);
      level.damaged = row.damaged();
    }
    if (row.quarantined() != null) {
      book.stock.shift(
          key, row.quarantined() - level.quarantined, WorkingStock.QUARANTINED, "report", cause);
      level.quarantined = row.quarantined();
    }
    // More cannot lie aside than lies there: what is too much was scrapped or cleared.
    var surplus = level.damaged + level.quarantined - level.onHand;
    if (surplus > 0) {
      var cleared = Math.min(surplus, level.quarantined);
      book.stock.shift(key, -cleared, WorkingStock.QUARANTINED, "report", cause);
      level.quarantined -= cleared;
      book.stock.shift(key, cleared - surplus, WorkingStock.DAMAGED, "report", cause);
      level.damaged -= surplus - cleared;
    }
    if (row.damaged() != null || row.quarantined() != null) {
      level.unsellableSource = cause.source();
      level.unsellableAsOf = asOf;
    }
  }

  private void condition(
      WorkingStock.Key key,
      WorkingStock.Level level,
      StockReport.Level row,
      String what,
      Instant asOf,
      Application cause) {
    if (row.condition() == null || row.condition() == StockReport.Condition.SELLABLE) {
      return;
    }
    var damaged = row.condition() == StockReport.Condition.DAMAGED;
    var now = damaged ? level.damaged : level.quarantined;
    var then = Math.max(0, now + row.onHand());
    book.stock.shift(
        key, then - now, damaged ? WorkingStock.DAMAGED : WorkingStock.QUARANTINED, what, cause);
    if (damaged) {
      level.damaged = then;
    } else {
      level.quarantined = then;
    }
    level.unsellableSource = cause.source();
    level.unsellableAsOf = asOf;
  }

  private static boolean older(StockReport report, Instant asOf, WorkingStock.Level level) {
    if (report.kind() == StockReport.Kind.DELTA) {
      // The message's dedupe key keeps a change from being counted twice.
      return report.sequence() != null && level.countedSequence != null
          ? report.sequence() <= Long.parseLong(level.countedSequence)
          : level.countedAt != null && asOf.isBefore(level.countedAt);
    }
    // The same count told again is older than what left since.
    if (report.sequence() != null && level.sequence != null) {
      return report.sequence() < Long.parseLong(level.sequence)
          || String.valueOf(report.sequence()).equals(level.countedSequence);
    }
    return level.asOf != null && asOf.isBefore(level.asOf) || asOf.equals(level.countedAt);
  }

  /** Why nobody can say what may be sold where, or null. */
  private Failure ambiguous(String name, ListingReport report) {
    var account = book.topology.accounts().get(name);
    if (account == null || !account.publishStock() || !account.locations().isEmpty()) {
      return null;
    }
    var places = new TreeSet<String>(book.listedPlaces.getOrDefault(name, Set.of()));
    report.listings().stream()
        .filter(l -> l.quantity() != null && l.locationId() != null)
        .forEach(l -> places.add(l.locationId()));
    return places.size() < 2
        ? null
        : Failure.of(
            FailureKind.CONFIG,
            "Channel '%s' keeps stock at several places ('%s') and nothing says which nodes feed them. Say so in 'locations' under serai.channels.%s, then replay."
                .formatted(name, String.join("', '", places), name),
            Place.of(name));
  }

  /** Learns what a channel offers and wants the quantity of it told. */
  ApplyResult apply(ListingReport report, Application cause) {
    var account = cause.message().account();
    var ambiguous = ambiguous(account, report);
    if (ambiguous != null) {
      return new ApplyResult.Failed(ambiguous);
    }
    for (var listing : report.listings()) {
      // Without a quantity the channel does not track it, so there is nothing to tell.
      if (listing.sku() != null && !listing.sku().isBlank() && listing.quantity() != null) {
        book.listings.add(
            new Book.Listed(
                account,
                listing.listingId(),
                listing.locationId() == null ? "" : listing.locationId(),
                listing.sku(),
                listing.title(),
                listing.quantity()));
      }
    }
    book.end(cause, "APPLIED", null, null);
    return new ApplyResult.Applied(null, null);
  }
}
