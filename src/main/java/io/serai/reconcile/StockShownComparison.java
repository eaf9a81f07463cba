package io.serai.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What a channel shows of each listing against what it was told last, less what it sold since.
 *
 * <p>Guarantee: a listing of which something is on its way or to be told is passed over, and a
 * difference counts only when it is the same on a second look, so a sale between two looks is none.
 */
final class StockShownComparison implements Comparison {
  /** Listings asked about in one question. */
  private static final int AT_ONCE = 50;

  private static final List<String> KINDS = FindingKind.names(FindingKind.STOCK_SHOWN);

  private static final String SETTLED =
      """
      quantity IS NOT NULL AND delivery_id IS NULL AND marked_at IS NULL AND pending_since IS NULL AND confirmed_at <= ?""";

  private static final String NEXT =
      """
      SELECT listing_id, location_id, sku, quantity - sold AS shown FROM publication
      WHERE account = ? AND (listing_id, location_id) > (?, ?) AND %s
      ORDER BY account, listing_id, location_id LIMIT ?"""
          .formatted(SETTLED);

  private static final String AGAIN =
      """
      SELECT listing_id, location_id, sku, quantity - sold AS shown FROM publication
      WHERE account = ? AND (listing_id, location_id) IN (SELECT * FROM unnest(?, ?)) AND %s
      ORDER BY account, listing_id, location_id LIMIT ?"""
          .formatted(SETTLED);

  private record Listing(String id, String location, String sku, int shown) {
    String key() {
      return id + "/" + location;
    }
  }

  @Override
  public String document() {
    return "stock";
  }

  @Override
  public void compare(Round round, Teller teller) throws SQLException {
    var after = new Listing("", "", "", 0);
    while (true) {
      var page =
          read(round, NEXT, round.account.name(), after.id(), after.location(), round.settled());
      var due = page.stream().filter(listing -> round.due(listing.sku())).toList();
      if (!due.isEmpty()) {
        page(round, teller, due);
      }
      if (page.size() < AT_ONCE) {
        return;
      }
      after = page.getLast();
    }
  }

  private static void page(Round round, Teller teller, List<Listing> due) throws SQLException {
    var things = new TreeSet<String>();
    due.forEach(listing -> things.add(thing(listing)));
    var first = differing(due, ask(round, teller, due));
    if (first.isEmpty()) {
      round.write(KINDS, things, List.of());
      return;
    }
    var again =
        read(
            round,
            AGAIN,
            round.account.name(),
            Statements.texts(first.keySet().stream().map(Listing::id).toList()),
            Statements.texts(first.keySet().stream().map(Listing::location).toList()),
            round.settled());
    var second = differing(again, ask(round, teller, again));
    var seen = new ArrayList<Observation>();
    first.forEach(
        (listing, there) -> {
          if (second.containsKey(listing) && Objects.equals(second.get(listing), there)) {
            seen.add(observation(round, listing, there));
          } else {
            things.remove(thing(listing)); // it moves: the next run compares it
          }
        });
    round.write(KINDS, things, seen);
  }

  private static String thing(Listing listing) {
    return listing.location().isEmpty()
        ? listing.sku() + " (" + listing.id() + ")"
        : listing.sku() + " (" + listing.id() + " at " + listing.location() + ")";
  }

  private static Observation observation(Round round, Listing listing, Integer there) {
    return new Observation(
        FindingKind.STOCK_SHOWN,
        thing(listing),
        null,
        String.valueOf(listing.shown()),
        there == null ? null : String.valueOf(there),
        there == null
            ? "'%s' does not show listing '%s' of SKU '%s', of which it was told %d. Look whether it is still on offer there."
                .formatted(round.account.name(), listing.id(), listing.sku(), listing.shown())
            : "'%s' shows %d of SKU '%s' and was told %d. Tell it again."
                .formatted(round.account.name(), there, listing.sku(), listing.shown()),
        there == null ? null : Remedy.WRITE_BACK,
        there == null ? null : listing.key(),
        null);
  }

  /** Where ours is not theirs, with what they show: null when they show nothing of it. */
  private static Map<Listing, Integer> differing(
      List<Listing> listings, Map<String, Integer> there) {
    var differing = new HashMap<Listing, Integer>();
    for (var listing : listings) {
      var shown = there.get(listing.key());
      if (shown == null || shown != listing.shown()) {
        differing.put(listing, shown);
      }
    }
    return differing;
  }

  private static Map<String, Integer> ask(Round round, Teller teller, List<Listing> listings)
      throws SQLException {
    if (listings.isEmpty()) {
      return Map.of();
    }
    var about = JsonNodeFactory.instance.objectNode();
    var items = about.putArray("items");
    for (var listing : listings) {
      var item = items.addObject();
      item.put("key", listing.key()).put("sku", listing.sku()).put("listingId", listing.id());
      if (!listing.location().isEmpty()) {
        item.put("locationId", listing.location());
      }
    }
    var there = new HashMap<String, Integer>();
    Pages.each(
        teller,
        new Teller.Question(round.since, round.now, null, about),
        told -> told.forEach(item -> there.put(key(item), item.path("quantity").asInt())));
    return there;
  }

  private static String key(JsonNode item) {
    return item.path("listingId").asText() + "/" + item.path("locationId").asText("");
  }

  private static List<Listing> read(Round round, String sql, Object... parameters)
      throws SQLException {
    var page = new ArrayList<Listing>();
    var all = new ArrayList<Object>(List.of(parameters));
    all.add(AT_ONCE);
    try (var connection = round.database.getConnection()) {
      new Statements()
          .query(
              sql,
              rows -> {
                while (rows.next()) {
                  page.add(
                      new Listing(
                          rows.getString(1), rows.getString(2), rows.getString(3), rows.getInt(4)));
                }
              },
              all.toArray())
          .execute(connection);
    }
    return page;
  }
}
