package io.serai.order;

/** A charge beside goods and shipping, as a positive amount. */
public record Fee(String title, Money amount) {}
