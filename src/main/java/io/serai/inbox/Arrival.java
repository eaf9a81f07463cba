package io.serai.inbox;

import io.serai.support.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * One document as a sender handed it over, before it is stored.
 *
 * @param account the channel or partner account it came in by
 * @param document which canonical document it will become
 * @param messageKey what it is about: messages of one account and key share a lane
 * @param dedupeKey equal for two sendings of one event; unique per account and document
 * @param version the channel's own version or updated time, or null
 * @param eventType the channel's name of the event, or null
 * @param contentType media type, or null
 * @param body the bytes exactly as received
 */
public record Arrival(
    String account,
    String document,
    String messageKey,
    String dedupeKey,
    String version,
    String eventType,
    String contentType,
    byte[] body) {
  /** Begins the dedupe key of what is known by its bytes alone; their hash follows. */
  public static final String BY_CONTENT = "sha256:";

  /**
   * Bytes of a dedupe key that its index surely takes: a page of PostgreSQL holds three, of 2,704.
   */
  private static final int MOST_BYTES = 2_400;

  private static final int SHOWN = 200;

  /** A dedupe key that no index takes is known by its hash: none is refused for its length. */
  public Arrival {
    if (dedupeKey.length() > MOST_BYTES / 3) {
      var bytes = dedupeKey.getBytes(StandardCharsets.UTF_8);
      if (bytes.length > MOST_BYTES) {
        dedupeKey = dedupeKey.substring(0, SHOWN) + "…" + BY_CONTENT + Sha256.hex(bytes);
      }
    }
  }

  boolean byContent() {
    return dedupeKey.startsWith(BY_CONTENT);
  }

  /** The same, coming after a message that says something else: no repetition of what it undoes. */
  public Arrival after(long message) {
    return new Arrival(
        account,
        document,
        messageKey,
        dedupeKey + '@' + message,
        version,
        eventType,
        contentType,
        body);
  }

  /** The lane: messages of one lane run one at a time, in order of arrival. */
  public String lane() {
    return account + '/' + messageKey;
  }
}
