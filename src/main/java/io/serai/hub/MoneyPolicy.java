package io.serai.hub;

import java.time.Duration;

/**
 * How the money of a channel's orders is dealt with.
 *
 * @param watched whether it is compared with what the buyer has
 * @param capture whether the channel is asked to take the money for what was sent
 * @param refundOnReceived whether the channel is asked to give back the money of what came back;
 *     else its people do
 * @param refundWithin how long they have for it
 * @param grace how long the money of an order may be other than it should be
 */
public record MoneyPolicy(
    boolean watched,
    boolean capture,
    boolean refundOnReceived,
    Duration refundWithin,
    Duration grace) {
  /** The channel deals with it alone, and nobody looks. */
  public static final MoneyPolicy USUAL =
      new MoneyPolicy(false, false, false, Duration.ofDays(7), Duration.ofHours(24));
}
