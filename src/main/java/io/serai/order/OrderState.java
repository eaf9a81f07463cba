package io.serai.order;

/** Where an order stands; always derived, never stored as a fact of its own. */
public enum OrderState {
  NEW,
  PENDING_PAYMENT,
  READY,
  ON_HOLD,
  ALLOCATED,
  PARTIALLY_ALLOCATED,
  BACKORDERED,
  RELEASED,
  IN_FULFILLMENT,
  PARTIALLY_SHIPPED,
  SHIPPED,
  DELIVERED,
  CLOSED,
  CANCELLED
}
