package io.serai.order;

/** Why the order exists. */
public enum OrderType {
  STANDARD,
  REPLACEMENT,
  EXCHANGE,
  B2B,
  POS_SALE,
  SAMPLE,
  SUBSCRIPTION
}
