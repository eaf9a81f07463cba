package io.serai.order;

/** How far the order is paid. */
public enum PaymentState {
  PENDING,
  AUTHORIZED,
  PARTIALLY_PAID,
  PAID,
  PARTIALLY_REFUNDED,
  REFUNDED,
  VOIDED,
  EXPIRED;

  /** Whether the money came; a later refund does not undo that, the line quantities tell. */
  public boolean settled() {
    return this == PAID || this == PARTIALLY_REFUNDED || this == REFUNDED;
  }
}
