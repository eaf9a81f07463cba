package io.serai.hub;

/**
 * What a stock report changed.
 *
 * @param applied rows that took effect, with or without a change
 * @param stale rows older than what is known, left alone
 * @param shortages rows whose report is below what is allocated
 */
public record StockTotals(int applied, int stale, int shortages) {}
