package io.serai.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What we tell a channel once it is decided what becomes of its order: the outbound form of the
 * document {@code acknowledgment}.
 *
 * @param number our order, by which the channel may ask us about it
 * @param order the order as it is applied
 */
public record OrderAcknowledgment(
    String number,
    String orderId,
    State state,
    Instant acknowledgedAt,
    List<Line> lines,
    ChannelRef channel,
    Map<String, Object> order) {

  /** Lines are never null. */
  public OrderAcknowledgment {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** What becomes of the whole. */
  public enum State {
    /** All of it is sent. */
    ACCEPTED,
    /** Some of it waits or does not come. */
    CHANGED,
    /** Nothing of it comes. */
    REJECTED
  }

  /** What becomes of one line: the three add up to what was ordered. */
  public record Line(
      String lineId, String sku, int ordered, int accepted, int backordered, int rejected) {}
}
