package io.serai.hub;

/**
 * What a stock report changed.
 *
 * @param applied rows that took effect, with or without a change
 * @param stale rows older than what is known, left alone
 * @param shortages rows whose report is below what is allocated
 * @param parked rows that could not be taken and wait for a replay
 */
public record StockTotals(int applied, int stale, int shortages, int parked) {
  /** One of which every row could be taken. */
  public StockTotals(int applied, int stale, int shortages) {
    this(applied, stale, shortages, 0);
  }
}
