package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * Somebody no longer wants an order, or part of it.
 *
 * @param request the channel's id of a wish that it waits to hear about, or null: it is a fact
 * @param granted towards a channel: whether it is cancelled; else null
 * @param lines what is cancelled; empty means the whole order
 */
public record Cancellation(
    ChannelRef channel,
    Source source,
    String reason,
    Instant cancelledAt,
    String request,
    Boolean granted,
    List<Line> lines) {

  /** Lines are never null. */
  public Cancellation {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** Who cancelled. */
  public enum Source {
    BUYER,
    CHANNEL,
    MERCHANT,
    SYSTEM
  }

  /** So many of one line. */
  public record Line(String lineId, int quantity) {}
}
