package io.serai.inbox;

import java.time.Instant;

/**
 * A message that this node has claimed: it runs it, and every write of that work names the fence.
 *
 * @param attempt counted attempts before this one
 * @param fence the claim's number; a write that names an older one is refused
 * @param body the bytes exactly as received
 */
public record InboxMessage(
    long id,
    String account,
    String document,
    String messageKey,
    String version,
    String eventType,
    Instant receivedAt,
    int attempt,
    long fence,
    byte[] body) {
  /** The same message with its body. */
  InboxMessage with(byte[] itsBody) {
    return new InboxMessage(
        id, account, document, messageKey, version, eventType, receivedAt, attempt, fence, itsBody);
  }

  /** The message's public id. */
  public String publicId() {
    return "msg_" + id;
  }

  /** The lane it runs in. */
  public String lane() {
    return account + '/' + messageKey;
  }
}
