package io.serai.deadletter;

import java.math.BigDecimal;

/**
 * The money of the orders that something concerns.
 *
 * @param currency of the amount
 * @param amount sum of the orders' totals, each order once
 */
public record Stake(String currency, BigDecimal amount) {}
