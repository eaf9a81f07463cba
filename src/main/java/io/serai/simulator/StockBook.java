package io.serai.simulator;

/** The shop's own stock: per article and location what is available and what orders hold. */
final class StockBook {

  private final int[][] available;
  private final int[][] committed;

  StockBook(int articles, int locations, int initial) {
    available = new int[articles][locations];
    committed = new int[articles][locations];
    for (var row : available) {
      java.util.Arrays.fill(row, initial);
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

  /** An order takes units; a shop that sells on may go below zero. */
  void commit(int article, int location, int units) {
    available[article][location] -= units;
    committed[article][location] += units;
  }

  /** Units an order held leave the building. */
  void ship(int article, int location, int units) {
    committed[article][location] -= units;
  }

  /** Units an order held are free again, on the shelf or not. */
  void release(int article, int location, int units, boolean restock) {
    committed[article][location] -= units;
    if (restock) {
      available[article][location] += units;
    }
  }

  /** Units that had left come back. */
  void restock(int article, int location, int units) {
    available[article][location] += units;
  }

  void set(int article, int location, int units) {
    available[article][location] = units;
  }

  int availableEverywhere(int article) {
    return java.util.Arrays.stream(available[article]).sum();
  }

  int committedEverywhere(int article) {
    return java.util.Arrays.stream(committed[article]).sum();
  }
}
