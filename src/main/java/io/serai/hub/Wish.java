package io.serai.hub;

import io.serai.order.Cancellation;
import java.time.Instant;
import java.util.Map;

/**
 * Somebody asked that an order, or part of it, be cancelled, and waits to hear whether it was.
 *
 * @param request the channel's id of what it asked, or null for a person's wish
 * @param source on whose behalf
 * @param reason one of the canonical reasons or the channel's word, or null
 * @param askedAt when the hub heard of it
 * @param whole whether all of the order is meant
 * @param targets by line that was sold, how many units must be cancelled for a yes
 * @param granted the answer, or null while nobody knows
 */
record Wish(
    String request,
    Cancellation.Source source,
    String reason,
    Instant askedAt,
    boolean whole,
    Map<String, Integer> targets,
    Boolean granted) {
  // keeps the map unchangeable; one without entries is not written, so it is not read either
  Wish {
    targets = targets == null ? Map.of() : Map.copyOf(targets);
  }

  boolean open() {
    return granted == null;
  }

  Wish answered(boolean yes) {
    return new Wish(request, source, reason, askedAt, whole, targets, yes);
  }

  /** The same wish about more units. */
  Wish about(Map<String, Integer> more) {
    return new Wish(request, source, reason, askedAt, whole, more, granted);
  }

  /** Names it among the deliveries to the channel. */
  String key() {
    return request == null ? askedAt.toString() : request;
  }
}
