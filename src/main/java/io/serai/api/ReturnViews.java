package io.serai.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** What the API shows of returns. */
public final class ReturnViews {
  private ReturnViews() {}

  /** A return. */
  @Schema(name = "Return")
  public record Full(
      @Schema(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(description = "What stands on its label (RMA number).", example = "#1001-R1")
          String name,
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String order,
      @Schema(description = "The order's number in its channel.", example = "#1001") String number,
      @Schema(description = "The channel it was sold in.", example = "shopify-main") String channel,
      @Schema(description = "RETURN, EXCHANGE or RETURNED_TO_SENDER.", example = "RETURN")
          String kind,
      @Schema(
              description =
                  "REQUESTED, APPROVED, DECLINED, IN_TRANSIT, RECEIVED, CLOSED or CANCELLED.",
              example = "APPROVED")
          String state,
      @Schema(description = "Who told of it first.", example = "shopify-main") String source,
      @Schema(description = "What whoever told of it calls it.") String remoteId,
      @Schema(description = "Whether anybody said what is to come.") boolean announced,
      @Schema(description = "Where it is expected.", example = "nj-1") String node,
      @Schema(description = "Why.", example = "too small") String reason,
      @Schema(description = "Whether money is due for what comes.") boolean refund,
      @Schema(description = "The parcel that a carrier brings back.") String parcel,
      List<Line> lines,
      List<Receipt> receipts,
      @Schema(description = "What is sent for it.") List<Sent> exchange,
      @Schema(description = "Why a rule approved it.") String approvedBecause,
      Instant createdAt,
      Instant approvedAt,
      @Schema(description = "When it is overdue, while it is awaited.") Instant dueAt,
      Instant overdueAt,
      Instant receivedAt,
      Instant closedAt) {
    /** Units that are to come. */
    public int expected() {
      return lines.stream().mapToInt(Line::quantity).sum();
    }

    /** Units that came. */
    public int received() {
      return lines.stream().mapToInt(Line::received).sum();
    }
  }

  /** Units of one line. */
  @Schema(name = "ReturnLine")
  public record Line(
      @Schema(description = "The channel's id of the line.", example = "1001-1") String lineId,
      @Schema(example = "MUG-BLU") String sku,
      @Schema(description = "Units that are to come.", example = "2") int quantity,
      @Schema(description = "Units that came.", example = "1") int received,
      String reason) {}

  /** What one place took in at once. */
  @Schema(name = "ReturnReceipt")
  public record Receipt(
      @Schema(example = "R-1") String receipt,
      @Schema(example = "nj-1") String node,
      @Schema(description = "Who told of it.", example = "northwind") String source,
      Instant at,
      @Schema(description = "The receipt that counted these units already.") String sameAs,
      List<Counted> lines) {}

  /** Units of a receipt. */
  @Schema(name = "ReturnReceiptLine")
  public record Counted(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "1") int quantity,
      @Schema(description = "SELLABLE, DAMAGED, QUARANTINE or SCRAP.", example = "SELLABLE")
          String disposition,
      @Schema(
              description =
                  "Whether the order has such an article: what it never had is not"
                      + " counted in.")
          boolean ofTheOrder) {}

  /** What is sent for a return. */
  @Schema(name = "ReturnExchange")
  public record Sent(
      @Schema(example = "MUG-RED") String sku,
      @Schema(example = "1") int quantity,
      @Schema(description = "The line of the order that it became.", example = "serai-1")
          String lineId) {}

  /** A return in a list. */
  @Schema(name = "ReturnSummary")
  public record Summary(
      @Schema(example = "ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(example = "#1001-R1") String name,
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String order,
      @Schema(example = "#1001") String number,
      @Schema(example = "shopify-main") String channel,
      @Schema(example = "RETURN") String kind,
      @Schema(example = "APPROVED") String state,
      @Schema(example = "nj-1") String node,
      @Schema(description = "Units that are to come.") int expected,
      @Schema(description = "Units that came.") int received,
      Instant createdAt,
      Instant dueAt,
      @Schema(description = "Since when it is overdue.") Instant overdueAt) {}

  /** A line that is sent in place of another. */
  @Schema(name = "Replacement")
  public record Replacement(
      @Schema(description = "What is sent.", example = "serai-1") String lineId,
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "1") int quantity,
      @Schema(description = "The line it is sent in place of.", example = "1001-1") String replaces,
      @Schema(description = "The return it is sent for.") String returned,
      String reason,
      @Schema(description = "Who wanted it.") String actor,
      Instant at) {}
}
