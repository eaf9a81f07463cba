package io.serai.order;

/** Who ships: an order the channel ships itself is recorded, never allocated. */
public enum FulfilledBy {
  MERCHANT,
  CHANNEL
}
