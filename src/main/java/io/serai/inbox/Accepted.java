package io.serai.inbox;

/**
 * The inbox's answer, given only after the commit.
 *
 * @param messageId the stored message; of a duplicate, the message that was stored first
 * @param duplicate whether the event had been accepted before: it was counted and has no other
 *     effect
 */
public record Accepted(long messageId, boolean duplicate) {
  /** The message's public id. */
  public String id() {
    return "msg_" + messageId;
  }
}
