package io.serai.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The money of an order as programs and people read it; it bears no personal data. */
public final class MoneyViews {
  private MoneyViews() {}

  /** What was taken and given back, and what that should be. */
  @Schema(name = "OrderMoney")
  public record Full(
      @Schema(
              description = "What was taken from the buyer; absent when the channel does not say.",
              example = "48.00")
          String captured,
      @Schema(description = "What was given back.", example = "10.00") String refunded,
      @Schema(description = "What is to be given back and has not been yet.", example = "0.00")
          String asked,
      @Schema(description = "What the units are worth that left.", example = "38.00") String sent,
      @Schema(
              description = "What the units are worth that the buyer has or still gets.",
              example = "38.00")
          String kept,
      List<Refund> refunds,
      List<Request> requests,
      List<Capture> captures) {}

  /** Money that the channel gave back. */
  @Schema(name = "OrderRefund")
  public record Refund(
      @Schema(description = "The channel's id.") String refundId,
      @Schema(description = "Absent when nobody told it in the currency of the order.")
          String amount,
      @Schema(description = "The sum as it was told, in another currency.") String told,
      Instant refundedAt,
      @Schema(description = "The request it answers.") String requestId,
      String messageId) {}

  /** Money that is to go back. */
  @Schema(name = "RefundRequest")
  public record Request(
      @Schema(example = "rfd_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(
              description =
                  "DUE: people give it back in the channel. REQUESTED: the channel is asked. Then CONFIRMED, REFUSED or DROPPED.",
              example = "REQUESTED")
          String state,
      String amount,
      @Schema(description = "Units, by the channel's line id.") Map<String, Integer> units,
      @Schema(description = "The return whose goods came back.") String returnId,
      String reason,
      @Schema(description = "The person who asked for it.") String actor,
      @Schema(description = "What the channel said when it refused.") String answer,
      Instant createdAt) {}

  /** Money that the channel was asked to take. */
  @Schema(name = "OrderCapture")
  public record Capture(
      @Schema(description = "The shipment it is for.", example = "shp_01JD8QW5T3E9V4X2Y7Z8A1B2C3")
          String key,
      String amount,
      @Schema(description = "REQUESTED, CAPTURED or REFUSED.", example = "CAPTURED") String state,
      @Schema(description = "What the channel said when it refused.") String answer,
      Instant createdAt) {}
}
