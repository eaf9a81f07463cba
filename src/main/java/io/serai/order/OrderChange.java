package io.serai.order;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a channel wants otherwise of an order it placed: the differences, never the whole order.
 *
 * @param changeId the channel's number of this change; the same number again changes nothing
 * @param cancel whether the whole order is not wanted any more
 * @param shipBy the day it has to leave by from now on, or null: as before
 * @param shipTo where it goes from now on, or null: as before
 * @param extensions what is added to the order's: objects are merged, lists grow
 */
public record OrderChange(
    ChannelRef channel,
    String changeId,
    boolean cancel,
    Instant changedAt,
    String reason,
    List<Line> lines,
    Instant shipNotBefore,
    Instant shipBy,
    Instant deliverBy,
    Party shipTo,
    Map<String, Object> extensions) {

  /** One that goes where it went. */
  public OrderChange(
      ChannelRef channel,
      String changeId,
      boolean cancel,
      Instant changedAt,
      String reason,
      List<Line> lines,
      Instant shipNotBefore,
      Instant shipBy,
      Instant deliverBy,
      Map<String, Object> extensions) {
    this(
        channel,
        changeId,
        cancel,
        changedAt,
        reason,
        lines,
        shipNotBefore,
        shipBy,
        deliverBy,
        null,
        extensions);
  }

  /** Lines and extensions are never null. */
  public OrderChange {
    lines = lines == null ? List.of() : List.copyOf(lines);
    extensions = extensions == null ? Map.of() : Map.copyOf(extensions);
  }

  /**
   * What becomes of one line.
   *
   * @param ordered how much of it is wanted now, in all; 0 is none, null is as before
   * @param unitPrice from now on, or null: as before
   * @param sku the article from now on, or null: as before
   * @param added the line, when the order did not have it
   */
  public record Line(String lineId, Integer ordered, Money unitPrice, String sku, OrderLine added) {
    /** One whose article stays. */
    public Line(String lineId, Integer ordered, Money unitPrice, OrderLine added) {
      this(lineId, ordered, unitPrice, null, added);
    }
  }
}
