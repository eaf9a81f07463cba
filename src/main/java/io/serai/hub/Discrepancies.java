package io.serai.hub;

import io.serai.allocation.Candidate;
import io.serai.stock.Item;
import io.serai.stock.StockClass;

/**
 * Compares what was counted with what the books had. What is further off than the class of the
 * article allows is a case with an owner; the next count that agrees closes it. An article without
 * a class is not compared, nor is one that was never counted.
 */
final class Discrepancies {
  private Discrepancies() {}

  /**
   * Notes what a count says of a level, before the level is brought to it.
   *
   * @param counted by people: a snapshot that has more may only know of a receipt first
   */
  static void compare(
      Book book, WorkingStock.Key key, WorkingStock.Level level, long wanted, boolean counted) {
    var rank = book.items.find(key.sku()).map(Item::abcClass).orElse(null);
    if (rank == null || level.countedAt == null) {
      return;
    }
    var terms = book.storeroom.classes.get(rank);
    var expected = (long) level.onHand - level.shortage;
    var found = Math.max(0, wanted); // what left since is taken off a count
    if (terms == null || !terms.alarms(expected, found) || !counted && found > expected) {
      book.storeroom.agreed.add(key);
      return;
    }
    book.storeroom.discrepancies.put(
        key,
        new Storeroom.Discrepancy(
            key,
            (int) expected,
            (int) Math.min(Integer.MAX_VALUE, found),
            sentence(key, terms, expected, found),
            owner(book, key.node())));
  }

  private static String sentence(
      WorkingStock.Key key, StockClass terms, long expected, long found) {
    return "%d of SKU '%s' were counted at node '%s' where the books had %d: %d %s, and class %s allows %d %%. Look at its newest movements, then count it again."
        .formatted(
            found,
            key.sku(),
            key.node(),
            expected,
            Math.abs(found - expected),
            found < expected ? "fewer" : "more",
            terms.name(),
            terms.alarmPercent());
  }

  private static String owner(Book book, String node) {
    return book.topology.nodes().stream()
        .filter(candidate -> candidate.id().equals(node))
        .map(Candidate::partner)
        .filter(partner -> partner != null)
        .findFirst()
        .orElse(StoreroomWriter.OWNER);
  }
}
