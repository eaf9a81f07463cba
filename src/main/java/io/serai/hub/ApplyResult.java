package io.serai.hub;

import io.serai.failure.Failure;
import java.util.UUID;

/** What came of applying one document. */
public sealed interface ApplyResult {
  /**
   * Its effects are committed, and with them the end of its message.
   *
   * @param orderId the order it touched, or null
   * @param detail what the caller may want to know (a {@link StockTotals} for stock), or null
   */
  record Applied(UUID orderId, Object detail) implements ApplyResult {}

  /**
   * It changes nothing, and its message ended so: an older state, a second telling of the same.
   *
   * @param detail what the first telling of the same answered, or null
   */
  record NoEffect(UUID orderId, String reason, Object detail) implements ApplyResult {
    /** One of which there is no more to know. */
    public NoEffect(UUID orderId, String reason) {
      this(orderId, reason, null);
    }
  }

  /** What it is about is not here yet. Nothing was written. */
  record Waits(String lane, String sentence) implements ApplyResult {}

  /** It cannot be applied. Nothing was written. */
  record Failed(Failure failure) implements ApplyResult {}

  /** The claim on its message was lost to another node. Nothing was written. */
  record Fenced() implements ApplyResult {}
}
