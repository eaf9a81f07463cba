package io.serai.order;

/** Who ships: only what the merchant ships is allocated, all else is recorded. */
public enum FulfilledBy {
  /** We do. */
  MERCHANT,
  /** The channel does, from its own warehouses. */
  CHANNEL,
  /** It was dealt with before the hub was there: it is imported to be known. */
  HISTORY
}
