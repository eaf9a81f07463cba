package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * Money went back, and with it perhaps goods.
 *
 * @param lines empty when only money moved
 * @param total absent when the channel gives no sum
 */
public record Refund(
    ChannelRef channel, String refundId, Instant refundedAt, List<Line> lines, Money total) {

  /** Lines are never null. */
  public Refund {
    lines = lines == null ? List.of() : List.copyOf(lines);
  }

  /** So many of one line, and what becomes of the goods. */
  public record Line(String lineId, int quantity, Restock restock) {}

  /** What becomes of refunded goods. */
  public enum Restock {
    /** They stay where they are: with the buyer, or written off. */
    NONE,
    /** They never left: not to be sent any more. */
    CANCEL,
    /** They come back. */
    RETURN
  }
}
