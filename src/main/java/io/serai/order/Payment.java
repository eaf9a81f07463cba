package io.serai.order;

import java.time.Instant;
import java.util.List;

/**
 * How the order is paid.
 *
 * @param method the channel's words, for people
 * @param outstanding what the buyer still owes
 * @param captured what was taken from the buyer, before anything was given back; null when the
 *     channel does not say
 * @param refunds what was given back so far, all of it; null when the channel does not list it here
 */
public record Payment(
    PaymentState state, String method, Money outstanding, Money captured, List<Refunded> refunds) {

  /** One of which the channel says no more. */
  public Payment(PaymentState state, String method, Money outstanding) {
    this(state, method, outstanding, null, null);
  }

  /** Refunds are null or never change. */
  public Payment {
    refunds = refunds == null ? null : List.copyOf(refunds);
  }

  /**
   * A refund that a state of the order lists.
   *
   * @param request what we called it when we asked for it, or null
   * @param total null when the channel gives no sum
   * @param also the same sum in other currencies
   */
  public record Refunded(
      String refundId,
      Instant refundedAt,
      String request,
      List<Refund.Line> lines,
      Money total,
      List<Money> also) {
    /** As the channel would tell of it alone. */
    public Refund of(ChannelRef channel) {
      return new Refund(channel, refundId, refundedAt, request, lines, total, also);
    }
  }
}
