package io.serai.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What we tell a channel once it is known what became of a change: the outbound form of the
 * document {@code order-change}.
 *
 * @param changeId the channel's number of the change
 * @param order the order as it is applied
 */
public record ChangeAnswer(
    String changeId,
    String orderId,
    State state,
    Instant answeredAt,
    List<Line> lines,
    ChannelRef channel,
    Map<String, Object> order) {

  /** Lines are never null. */
  public ChangeAnswer {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** What became of the whole change. */
  public enum State {
    /** It is as the channel wants it. */
    ACCEPTED,
    /** Some of it came too late. */
    CHANGED,
    /** It came too late. */
    REJECTED
  }

  /**
   * What became of one line.
   *
   * @param before how much of it was ordered
   * @param asked how much of it was wanted
   * @param ordered how much of it comes
   */
  public record Line(
      String lineId,
      String sku,
      int before,
      int asked,
      int ordered,
      int backordered,
      Money unitPrice,
      boolean accepted) {}
}
