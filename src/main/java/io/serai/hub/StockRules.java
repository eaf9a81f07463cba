package io.serai.hub;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.ListingReport;
import io.serai.order.StockReport;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** What stock reports and listings do to the hub's picture of stock. */
final class StockRules {
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
   * Takes a report over. An absolute report below what is allocated takes effect down to what is
   * allocated; the rest is a shortage. A row older than what is known is left alone: a count by any
   * later report, a change by a later count, which has it in it.
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
    for (var row : report.levels()) {
      named.add(row.sku());
      var key = new WorkingStock.Key(row.sku(), node);
      var level = book.stock.get(key);
      if (level != null && older(report, asOf, level)) {
        stale++;
        continue;
      }
      if (level == null) {
        level = new WorkingStock.Level(true);
        book.stock.put(key, level);
      }
      if (set(report, key, level, row.onHand(), asOf, cause)) {
        shortages++;
      }
      applied++;
    }
    if (Boolean.TRUE.equals(report.complete()) && report.kind() == StockReport.Kind.ABSOLUTE) {
      for (var entry : book.stock.levels().entrySet()) {
        var level = entry.getValue();
        if (entry.getKey().node().equals(node)
            && !named.contains(entry.getKey().sku())
            && level.onHand > 0
            && !older(report, asOf, level)) {
          set(report, entry.getKey(), level, 0, asOf, cause);
          applied++;
        }
      }
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

  private boolean set(
      StockReport report,
      WorkingStock.Key key,
      WorkingStock.Level level,
      int quantity,
      Instant asOf,
      Application cause) {
    var before = level.onHand;
    var availableBefore = level.available();
    var wanted =
        report.kind() == StockReport.Kind.DELTA ? before - level.shortage + quantity : quantity;
    level.onHand = Math.max(wanted, level.allocated);
    level.shortage = Math.max(0, level.allocated - wanted);
    level.source = report.partner() != null ? report.partner() : cause.actor();
    level.sequence = report.sequence() == null ? level.sequence : String.valueOf(report.sequence());
    if (report.kind() == StockReport.Kind.ABSOLUTE) {
      level.countedAt = asOf;
      level.countedSequence = report.sequence() == null ? null : String.valueOf(report.sequence());
    }
    // A change that comes late is counted, and does not make the snapshots before it new again.
    level.asOf =
        report.kind() == StockReport.Kind.DELTA && level.asOf != null && asOf.isBefore(level.asOf)
            ? level.asOf
            : asOf;
    level.reported = true;
    if (level.available() > availableBefore) {
      book.stock.risen().add(key.sku());
    }
    if (level.onHand > before) {
      book.stock.move(key, level.onHand - before, "outside", "available", "report", cause, null);
    } else {
      book.stock.move(key, before - level.onHand, "available", "outside", "report", cause, null);
    }
    return level.shortage > 0;
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
