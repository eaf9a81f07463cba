package io.serai.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.Failure;
import java.util.List;

/**
 * Makes canonical documents of a stored message by the route and mapping that are valid now. Has no
 * effect of any kind: nothing is accepted, applied, sent or recorded.
 */
@FunctionalInterface
public interface Normalizer {
  /** Normalizes one message; a failure is an answer, not an exception. */
  Normalized normalize(Raw message);

  /**
   * A message as it is stored.
   *
   * @param id its number
   * @param account where it came from
   * @param document what the profile takes it for
   * @param eventType the channel's word for it, or null
   * @param key its message key
   * @param contentType as sent, or null
   * @param body the raw bytes
   */
  record Raw(
      long id,
      String account,
      String document,
      String eventType,
      String key,
      String contentType,
      byte[] body) {}

  /** What became of it. */
  sealed interface Normalized {
    /**
     * Canonical documents, in the order in which the route would apply them.
     *
     * @param documents one or more
     */
    record Documents(List<Canonical> documents) implements Normalized {}

    /**
     * The route would ignore it.
     *
     * @param reason why
     */
    record Ignored(String reason) implements Normalized {}

    /**
     * The route would fail.
     *
     * @param failure how
     */
    record Failed(Failure failure) implements Normalized {}
  }

  /**
   * One canonical document.
   *
   * @param document its name
   * @param content its tree
   */
  record Canonical(String document, JsonNode content) {}
}
