package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * What a warehouse says to a request.
 *
 * @param reason in the partner's words, for people
 * @param code why it will not send it, in ours; null when it did not say
 * @param refused units that it will not send of a request that it takes otherwise; empty when the
 *     answer is about all of it
 */
public record FulfillmentResponse(
    String fulfillmentId,
    State state,
    String reference,
    String reason,
    RefusalCode code,
    List<Refused> refused,
    Instant occurredAt) {

  /** What is refused is never null. */
  public FulfillmentResponse {
    refused = refused == null ? List.of() : List.copyOf(refused);
  }

  /** An answer about all of the request, without a code. */
  public FulfillmentResponse(
      String fulfillmentId, State state, String reference, String reason, Instant occurredAt) {
    this(fulfillmentId, state, reference, reason, null, List.of(), occurredAt);
  }

  /** The answers there are. */
  public enum State {
    ACCEPTED,
    REJECTED,
    CANCELLED,
    CANCEL_REFUSED
  }

  /** So many of one line that do not come, named by line or, when it knows no lines, by SKU. */
  public record Refused(String lineId, String sku, int quantity, RefusalCode code) {}
}
