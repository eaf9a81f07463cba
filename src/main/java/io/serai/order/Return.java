package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * Goods that a buyer sends back or a carrier brings back: what is to come, and what came (the
 * document {@code return}). It moves goods and never money: money is a {@link Refund}.
 *
 * <p>The order is named by {@code channel}, by {@code fulfillmentId}, or by {@code returnId} alone
 * when a return of that name is known already.
 *
 * @param channel the order in its channel, which need not be the one that tells; or null
 * @param fulfillmentId the request that the goods were sent for, or null
 * @param returnId what the sender calls it, or null when it knows of no return
 * @param name what stands on its label (RMA number); {@code returnId} when null
 * @param kind what becomes of it; what it was, or {@code RETURN}, when null
 * @param state where it stands; null when only a receipt is told
 * @param updatedAt when the sender says that it came to stand so, or null
 * @param node where it is expected, or null
 * @param reason why, in the buyer's words, or null
 * @param refund whether money is due for what comes; when null it is, except for what a carrier
 *     brings back unannounced. False where who tells gives the money back
 * @param lines what is to come; empty says nothing of it
 * @param receipts what came
 */
public record Return(
    ChannelRef channel,
    String fulfillmentId,
    String returnId,
    String name,
    Kind kind,
    ReturnState state,
    Instant updatedAt,
    String node,
    String reason,
    Boolean refund,
    List<Line> lines,
    List<Receipt> receipts) {

  /** Lists are never null. */
  public Return {
    lines = lines == null ? List.of() : List.copyOf(lines);
    receipts = receipts == null ? List.of() : List.copyOf(receipts);
  }

  /** What becomes of it. */
  public enum Kind {
    /** The buyer sends it back. */
    RETURN,
    /** The buyer sends it back and gets something else for it. */
    EXCHANGE,
    /** The carrier brings it back: the buyer never had it. */
    RETURNED_TO_SENDER
  }

  /** What may be done with what came. */
  public enum Disposition {
    /** It may be sold again. */
    SELLABLE,
    /** It is broken and kept apart. */
    DAMAGED,
    /** It is to be looked at. */
    QUARANTINE,
    /** It is thrown away. */
    SCRAP
  }

  /** So many units are to come, of a line or, where the sender knows none, of a SKU. */
  public record Line(String lineId, String sku, int quantity, String reason) {}

  /**
   * What one place took in at once.
   *
   * @param receiptId what the place calls it: told again, it counts once
   * @param node where; the sender's only node when null
   * @param at when it came, or null: now
   */
  public record Receipt(String receiptId, String node, Instant at, List<Received> lines) {
    /** Lines are never null. */
    public Receipt {
      lines = lines == null ? List.of() : List.copyOf(lines);
    }
  }

  /** So many units that came, and what may be done with them; sellable when null. */
  public record Received(String lineId, String sku, int quantity, Disposition disposition) {
    /** What may be done with them. */
    public Disposition becomes() {
      return disposition == null ? Disposition.SELLABLE : disposition;
    }
  }
}
