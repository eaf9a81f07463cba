package io.serai.hub;

import io.serai.allocation.Candidate;
import io.serai.order.GoodsAnnouncement;
import io.serai.stock.Item;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Tells the partner of a node what is announced to come there, where it takes such news.
 *
 * <p>Guarantee: it is owed in the transaction that notes the announcement, whole, with what was
 * announced under the same name before; what changes nothing is not told again. Gap: one that is
 * taken back altogether is told by people, since a warehouse has no word for it.
 */
final class GoodsAnnouncements {
  static final String GOODS_ANNOUNCEMENT = "goods-announcement";

  private final Book book;
  private final String node;
  private final Set<String> before = new HashSet<>();
  private final Set<String> changed = new TreeSet<>();

  GoodsAnnouncements(Book book, String node) {
    this.book = book;
    this.node = node;
    book.storeroom.incoming.forEach(
        (key, announced) -> {
          if (key.node().equals(node)) {
            before.addAll(announced.keySet());
          }
        });
  }

  /** Which names a batch of changes announces, at most. */
  static Set<String> names(StockChange change) {
    var names = new TreeSet<String>();
    if (change.kind() == StockChange.Kind.EXPECT) {
      change.rows().forEach(row -> names.add(row.advice()));
    }
    return names;
  }

  /** Looks at a row before it is done. */
  void note(StockChange.Row row) {
    var known =
        book.storeroom
            .incoming
            .getOrDefault(new WorkingStock.Key(row.sku(), node), new TreeMap<>())
            .get(row.advice());
    if (known == null
        ? row.quantity() > 0
        : known.quantity != row.quantity() || !row.expectedAt().equals(known.expectedAt)) {
      changed.add(row.advice());
    }
  }

  /** Owes what was changed. */
  void owe(Application cause) {
    var partner =
        book.topology.nodes().stream()
            .filter(n -> n.id().equals(node) && n.partner() != null)
            .map(Candidate::partner)
            .findFirst()
            .orElse(null);
    var account = partner == null ? null : book.topology.accounts().get(partner);
    if (account == null || !account.offers(GOODS_ANNOUNCEMENT)) {
      return;
    }
    for (var name : changed) {
      var announcement = announcement(name);
      if (!announcement.lines().isEmpty()) {
        book.owe(
            account,
            GOODS_ANNOUNCEMENT,
            Ids.text("ann", book.ids.next()),
            Json.node(announcement),
            cause);
      }
    }
  }

  private GoodsAnnouncement announcement(String name) {
    var lines = new ArrayList<GoodsAnnouncement.Line>();
    Instant expected = null;
    for (var entry : book.storeroom.incoming.entrySet()) {
      var one = entry.getValue().get(name);
      if (one != null && one.quantity > 0 && entry.getKey().node().equals(node)) {
        var sku = entry.getKey().sku();
        var title = book.items.find(sku).map(Item::title).orElse(null);
        lines.add(new GoodsAnnouncement.Line(sku, title, null, one.quantity));
        expected =
            expected == null || one.expectedAt.isBefore(expected) ? one.expectedAt : expected;
      }
    }
    return new GoodsAnnouncement(
        name,
        node,
        book.now,
        expected,
        before.contains(name) ? true : null,
        null,
        null,
        null,
        lines);
  }
}
