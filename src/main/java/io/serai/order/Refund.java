package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * Money went back, and with it perhaps goods.
 *
 * @param request what we called it when we asked for it; null when somebody else gave it
 * @param lines empty when only money moved
 * @param total absent when the channel gives no sum
 * @param also the same sum in other currencies, as far as the channel tells it
 */
public record Refund(
    ChannelRef channel,
    String refundId,
    Instant refundedAt,
    String request,
    List<Line> lines,
    Money total,
    List<Money> also) {

  /** Lists are never null. */
  public Refund {
    lines = lines == null ? List.of() : List.copyOf(lines);
    also = also == null ? List.of() : List.copyOf(also);
  }

  /** One that nobody here asked for, told in one currency. */
  public Refund(
      ChannelRef channel, String refundId, Instant refundedAt, List<Line> lines, Money total) {
    this(channel, refundId, refundedAt, null, lines, total, List.of());
  }

  /** The sum in this currency, or null when nobody tells it. */
  public Money totalIn(String currency) {
    return total != null && total.currency().equals(currency)
        ? total
        : also.stream().filter(sum -> sum.currency().equals(currency)).findFirst().orElse(null);
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
