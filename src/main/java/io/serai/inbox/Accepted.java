package io.serai.inbox;

/**
 * The answer to a document that was taken, given only when it is durable.
 *
 * @param messageId the stored message; of a duplicate, the message that was stored first; 0 while
 *     it is not stored yet
 * @param duplicate whether the event had been accepted before: it was counted and has no other
 *     effect; meaningless while it is not stored yet
 * @param receipt where it is kept until it is stored, or null when it is
 */
public record Accepted(long messageId, boolean duplicate, String receipt) {
  /** It is stored. */
  public Accepted(long messageId, boolean duplicate) {
    this(messageId, duplicate, null);
  }

  /** It is kept there and will be stored; whether it is a duplicate shows then. */
  public static Accepted keptAt(String place) {
    return new Accepted(0, false, place);
  }

  /** The message's public id, or its receipt. */
  public String id() {
    return receipt == null ? "msg_" + messageId : receipt;
  }

  /** Whether it is known to be a duplicate; null while that is not known. */
  public Boolean known() {
    return receipt == null ? duplicate : null;
  }
}
