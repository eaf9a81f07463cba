package io.serai.deadletter;

import java.math.BigDecimal;

/**
 * The money of the orders that dead letters of one cause concern.
 *
 * @param fingerprint the cause
 * @param currency of the amount
 * @param amount sum of the orders' totals, each order once
 */
public record Stake(String fingerprint, String currency, BigDecimal amount) {}
