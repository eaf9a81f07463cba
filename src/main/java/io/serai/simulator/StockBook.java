package io.serai.simulator;

import java.time.Instant;
import java.util.Arrays;

/** The shop's own stock: per article and location what is available and what orders hold. */
final class StockBook {

  private final int[][] available;
  private final int[][] committed;
  private final Instant[] changed;
  private Instant now;

  StockBook(int articles, int locations, int initial, Instant opened) {
    changed = new Instant[articles];
    Arrays.fill(changed, opened);
    now = opened;
    available = new int[articles][locations];
    committed = new int[articles][locations];
    for (var row : available) {
      Arrays.fill(row, initial);
    }
  }

  int available(int article, int location) {
    return available[article][location];
  }

  int committed(int article, int location) {
    return committed[article][location];
  }

  int onHand(int article, int location) {
    return available[article][location] + committed[article][location];
  }

  /** When an article's stock changed last. */
  Instant changedAt(int article) {
    return changed[article];
  }

  /** What happens from here on happens at this time. */
  void time(Instant at) {
    now = at;
  }

  /** An order takes units; a shop that sells on may go below zero. */
  void commit(int article, int location, int units) {
    available[article][location] -= units;
    committed[article][location] += units;
    changed[article] = now;
  }

  /** Units an order held leave the building. */
  void ship(int article, int location, int units) {
    committed[article][location] -= units;
    changed[article] = now;
  }

  /** Units an order held are free again, on the shelf or not. */
  void release(int article, int location, int units, boolean restock) {
    committed[article][location] -= units;
    changed[article] = now;
    if (restock) {
      available[article][location] += units;
    }
  }

  /** Units that had left come back. */
  void restock(int article, int location, int units) {
    available[article][location] += units;
    changed[article] = now;
  }

  void set(int article, int location, int units) {
    available[article][location] = units;
    changed[article] = now;
  }

  int availableEverywhere(int article) {
    return Arrays.stream(available[article]).sum();
  }

  int committedEverywhere(int article) {
    return Arrays.stream(committed[article]).sum();
  }
}
