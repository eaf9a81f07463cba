package io.serai.order;

import java.time.Instant;

/** What a warehouse says to a request. */
public record FulfillmentResponse(
    String fulfillmentId, State state, String reference, String reason, Instant occurredAt) {

  /** The answers there are. */
  public enum State {
    ACCEPTED,
    REJECTED,
    CANCELLED,
    CANCEL_REFUSED
  }
}
