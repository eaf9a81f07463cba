package io.serai.order;

/**
 * How the order is paid.
 *
 * @param method the channel's words, for people
 * @param outstanding what the buyer still owes
 */
public record Payment(PaymentState state, String method, Money outstanding) {}
