package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * What a partner says later about something it had only taken on: a functional acknowledgment, a
 * receipt, the end of an asynchronous job.
 *
 * @param remoteId what it called the thing when it took it on, or null
 * @param deliveryKey our idempotency key, which it gives back, or null; one of the two is there
 * @param reference its own number of what it made of it, or null
 * @param code why it was rejected, in its words, or null
 * @param reason why it was rejected, for people, or null
 * @param refused of quantities that were accepted on the whole: the listings that were not, or null
 */
public record Acknowledgment(
    String remoteId,
    String deliveryKey,
    State state,
    String reference,
    String code,
    String reason,
    List<Refused> refused,
    Instant occurredAt) {

  /** A listing whose quantity was refused, and why, in the channel's words. */
  public record Refused(String listingId, String code, String reason) {}

  /** The ends there are. */
  public enum State {
    ACCEPTED,
    REJECTED
  }

  /** What it names the thing by. */
  public String named() {
    return deliveryKey == null ? remoteId : deliveryKey;
  }
}
