package io.serai.order;

/**
 * A reduction, as a positive amount.
 *
 * @param fundedBy MERCHANT or CHANNEL, who bears it; null when the channel does not say
 */
public record Discount(Money amount, String title, String code, String fundedBy) {}
