package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Function;

/**
 * What somebody asked for by hand, as the audit tells it.
 *
 * <p>Guarantee: the entry commits in the transaction that does what was asked; nothing is told of
 * what was refused.
 *
 * @param actor who: a user, or {@code token:<name>}
 * @param action what, as {@code <noun>.<verb>}
 * @param object to which thing: its id
 * @param reason why, in the actor's words, or null
 * @param after what came of it, made of {@link ApplyResult.Applied#detail}; empty when nothing was
 *     done, so that there is nothing to tell
 */
public record Deed(
    String actor,
    String action,
    String object,
    String reason,
    Function<Object, Optional<JsonNode>> after) {
  /** A deed whose outcome needs no more words. */
  public static Deed of(String actor, String action, String object, String reason, JsonNode after) {
    return new Deed(actor, action, object, reason, detail -> Optional.of(after));
  }
}
