package io.serai.catalog;

import java.util.List;

/**
 * What one event type of a channel is to us.
 *
 * @param type as the channel names it
 * @param document the document it becomes, or null when it is ignored
 * @param key where the external id stands; the lane is made of it; null when it is ignored, and of
 *     a batch, which is about many things
 * @param dedupe where the event's own id stands, first that is present wins; when none is present
 *     key and version decide, and without a version the sha-256 of the body
 * @param version where the state's version or time stands, or null
 */
public record EventRule(
    String type, String document, Locator key, List<Locator> dedupe, Locator version) {
  /** Keeps the list unchangeable. */
  public EventRule {
    dedupe = List.copyOf(dedupe);
  }

  /** An event type we know and do not want. */
  public static EventRule ignore(String type) {
    return new EventRule(type, null, null, List.of(), null);
  }

  /** Whether the event is answered 2xx and forgotten. */
  public boolean ignored() {
    return document == null;
  }
}
