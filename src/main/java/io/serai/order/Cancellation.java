package io.serai.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Somebody no longer wants an order, or part of it.
 *
 * @param request the channel's id of a wish that it waits to hear about, or null: it is a fact
 * @param granted towards a channel: whether it is cancelled; else null
 * @param lines what is cancelled; empty means the whole order
 * @param order the order as it is applied, only towards a channel that trades in documents
 */
public record Cancellation(
    ChannelRef channel,
    Source source,
    String reason,
    Instant cancelledAt,
    String request,
    Boolean granted,
    List<Line> lines,
    Map<String, Object> order) {

  /** Lines are never null. */
  public Cancellation {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** One that does not repeat its order. */
  public Cancellation(
      ChannelRef channel,
      Source source,
      String reason,
      Instant cancelledAt,
      String request,
      Boolean granted,
      List<Line> lines) {
    this(channel, source, reason, cancelledAt, request, granted, lines, null);
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
