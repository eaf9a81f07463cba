package io.serai.hub;

import io.serai.support.Statements;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes what a {@link Book} says of listings, and marks those that channels have to be told of.
 */
final class PublicationWriter {
  /** With so few left, a channel that shows more is about to sell what is not there. */
  private static final int SCARCE = 3;

  private static final String LISTINGS =
      """
      INSERT INTO listing (account, listing_id, location_id, sku, title, seen_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?) u
      ON CONFLICT (account, listing_id, location_id)
      DO UPDATE SET sku = excluded.sku, title = excluded.title, seen_at = excluded.seen_at""";

  private static final String PUBLICATIONS_OF_LISTINGS =
      """
      INSERT INTO publication (account, listing_id, location_id, sku, base, marked_at, read_at)
      SELECT u.*, ?, ? FROM unnest(?, ?, ?, ?, ?) u
      ON CONFLICT (account, listing_id, location_id)
      DO UPDATE SET sku = excluded.sku, marked_at = coalesce(publication.marked_at, excluded.marked_at),
        base = coalesce(excluded.base, publication.base),
        read_at = CASE WHEN excluded.base IS NULL THEN publication.read_at ELSE excluded.read_at END
      WHERE publication.sku <> excluded.sku OR publication.quantity IS DISTINCT FROM excluded.base""";

  // Marked once, in the order of the key, so that two transactions never wait for each other. A
  // channel that counts its own sales shows less already; that is believed only while there is
  // enough, and only of an article's one listing: of several nobody knows which was sold. Nor is it
  // believed of a sale that was made before the channel was last read: what was read is less by it
  // already, and may have been written over since by a quantity that did not know of the sale. Of
  // any other channel it is in doubt what it
  // shows after a sale, so it is told even when nothing changed for us.
  private static final String MARK =
      """
      UPDATE publication p SET marked_at = coalesce(p.marked_at, ?), urgent = p.urgent OR m.urgent,
        sold = p.sold + CASE WHEN m.read_since THEN 0 ELSE m.sold END,
        base = CASE WHEN m.read_since THEN NULL ELSE p.base END, doubted = p.doubted OR m.doubted OR m.read_since
      FROM (
        SELECT q.account, q.listing_id, q.location_id, u.urgent, coalesce(s.units, 0) AS sold,
          s.units IS NOT NULL AND (q.base IS NULL OR coalesce(s.placed_at < q.read_at, false)) AS read_since,
          EXISTS (SELECT FROM unnest(?, ?) AS d(account, sku) WHERE d.account = q.account AND d.sku = q.sku) AS doubted
        FROM unnest(?, ?) AS u(sku, urgent) JOIN publication q ON q.sku = u.sku
        LEFT JOIN unnest(?, ?, ?, ?::timestamptz[]) AS s(account, sku, units, placed_at)
          ON s.account = q.account AND s.sku = q.sku AND NOT u.urgent
          AND NOT EXISTS (SELECT FROM publication o WHERE o.sku = q.sku AND o.account = q.account
                          AND (o.listing_id, o.location_id) <> (q.listing_id, q.location_id))
        ORDER BY q.account, q.listing_id, q.location_id FOR UPDATE OF q) m
      WHERE p.account = m.account AND p.listing_id = m.listing_id AND p.location_id = m.location_id""";

  private PublicationWriter() {}

  /** Adds the statements that write it. */
  static void write(Statements statements, Book book) {
    var now = book.now;
    var listings = book.listings;
    if (!listings.isEmpty()) {
      statements.add(
          LISTINGS,
          now,
          HubWriter.column("text", listings, Book.Listed::account),
          HubWriter.column("text", listings, Book.Listed::listingId),
          HubWriter.column("text", listings, Book.Listed::locationId),
          HubWriter.column("text", listings, Book.Listed::sku),
          HubWriter.column("text", listings, Book.Listed::title));
      statements.add(
          PUBLICATIONS_OF_LISTINGS,
          now,
          now,
          HubWriter.column("text", listings, Book.Listed::account),
          HubWriter.column("text", listings, Book.Listed::listingId),
          HubWriter.column("text", listings, Book.Listed::locationId),
          HubWriter.column("text", listings, Book.Listed::sku),
          HubWriter.column("int4", listings, Book.Listed::quantity));
    }
    if (!book.topology.publishesStock()) {
      return;
    }
    var marks = new LinkedHashMap<String, Boolean>();
    var pools = book.topology.pools();
    String last = null;
    for (var entry : book.stock.levels().entrySet()) {
      var level = entry.getValue();
      var sku = entry.getKey().sku();
      if ((level.changed || level.reported || level.isNew) && !Objects.equals(sku, last)) {
        last = sku;
        var least =
            pools.stream().mapToLong(pool -> left(book, sku, pool)).min().orElse(Long.MAX_VALUE);
        marks.merge(sku, least <= SCARCE, Boolean::logicalOr);
        // What is sold under another name or in a set runs out with it.
        book.items
            .codesOf(sku)
            .forEach((code, each) -> marks.merge(code, least / each <= SCARCE, Boolean::logicalOr));
      }
    }
    var sold = new LinkedHashMap<List<String>, Book.Sold>();
    book.sold.forEach(
        one -> sold.merge(List.of(one.account(), one.code()), one, PublicationWriter::together));
    var doubts = new LinkedHashSet<List<String>>();
    for (var order : book.ordersById.values()) {
      doubt(book, order, doubts, marks, sold);
    }
    if (marks.isEmpty()) {
      return;
    }
    var rows = List.copyOf(marks.entrySet());
    var sales = List.copyOf(sold.entrySet());
    var doubted = List.copyOf(doubts);
    statements.add(
        MARK,
        now,
        HubWriter.column("text", doubted, d -> d.get(0)),
        HubWriter.column("text", doubted, d -> d.get(1)),
        HubWriter.column("text", rows, Map.Entry::getKey),
        HubWriter.column("bool", rows, Map.Entry::getValue),
        HubWriter.column("text", sales, s -> s.getKey().get(0)),
        HubWriter.column("text", sales, s -> s.getKey().get(1)),
        HubWriter.column("int4", sales, s -> s.getValue().units()),
        HubWriter.column("text", sales, s -> HubWriter.text(s.getValue().placedAt())));
  }

  // The first of them decides whether all are believed: seldom wrong, and then only told anew.
  private static Book.Sold together(Book.Sold one, Book.Sold other) {
    return new Book.Sold(
        one.account(),
        one.code(),
        one.units() + other.units(),
        one.placedAt().isBefore(other.placedAt()) ? one.placedAt() : other.placedAt());
  }

  /**
   * Notes what a channel sold. Where no node was asked for it, as it is short or the order is held,
   * no level changes by it, and yet the channel may show less now than may be sold.
   */
  private static void doubt(
      Book book,
      WorkingOrder order,
      Set<List<String>> doubts,
      Map<String, Boolean> marks,
      Map<List<String>, Book.Sold> units) {
    var account = book.topology.accounts().get(order.account);
    if (!order.isNew || account == null || !account.channel() || !account.publishStock()) {
      return;
    }
    var counts = book.topology.countsSales().contains(order.account);
    for (var line : order.lines) {
      var sold = line.parent == null ? line : line.parent;
      var code = sold.code == null ? sold.sku : sold.code;
      if (!line.goods() || line.isSet() || code == null) {
        continue;
      }
      var here = List.of(order.account, code);
      var unplaced = line.unplaced() + line.backordered > 0;
      if (unplaced) {
        marks.putIfAbsent(code, false);
        units.remove(here); // what it sold without having it says nothing about what it shows
      }
      if (unplaced || !counts) {
        doubts.add(here);
      }
    }
  }

  /** What the nodes that feed a place of a channel have left of an article. */
  private static long left(Book book, String sku, Set<String> pool) {
    var units = 0L;
    for (var node : pool) {
      var key = new WorkingStock.Key(sku, node);
      var level = book.stock.get(key);
      units += Math.max(0, level == null ? book.elsewhere.getOrDefault(key, 0) : level.available());
    }
    return units;
  }
}
