package io.serai.order;

import java.math.BigDecimal;

/**
 * One tax on a line, on shipping or on the order.
 *
 * @param rate as a fraction, 0.19 for 19 percent
 * @param included whether the price already contains it
 */
public record Tax(
    String title, BigDecimal rate, Money amount, boolean included, CollectedBy collectedBy) {}
