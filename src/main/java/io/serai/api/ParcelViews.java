package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** What the API shows of parcels. */
public final class ParcelViews {
  private ParcelViews() {}

  /** A parcel. */
  @Schema(name = "Parcel")
  public record Parcel(
      @Schema(example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String order,
      @Schema(description = "The order's number in its channel.", example = "#1001") String number,
      @Schema(example = "ful_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String fulfillment,
      @Schema(example = "hoboken") String node,
      @Schema(
              description =
                  "RATING, WAITING, BUYING, LABELED, VOIDING, VOIDED, KEPT, SHIPPED, DELIVERED, RETURNED or ABANDONED.",
              example = "SHIPPED")
          String state,
      @Schema(description = "The carrier's account.", example = "easypost-main") String account,
      @Schema(description = "Who brings it.", example = "usps") String carrier,
      @Schema(example = "GroundAdvantage") String service,
      @Schema(example = "9400111899223197428490") String trackingNumber,
      String trackingUrl,
      @Schema(description = "Where its scans say it is.", example = "IN_TRANSIT")
          String trackingState,
      @Schema(description = "Why it goes by this carrier: offers, figures, why the others lost.")
          JsonNode choice,
      @Schema(description = "What the label cost: amount and currency.") JsonNode cost,
      @Schema(description = "ZPL, PDF, PNG or GIF, once the label is here.", example = "ZPL")
          String label,
      List<Content> lines,
      List<Scan> scans,
      Instant createdAt,
      Instant shippedAt,
      Instant deliveredAt) {}

  /** A parcel in a list. */
  @Schema(name = "ParcelSummary")
  public record Summary(
      @Schema(example = "pcl_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String order,
      @Schema(description = "The order's number in its channel.", example = "#1001") String number,
      @Schema(example = "hoboken") String node,
      @Schema(example = "SHIPPED") String state,
      @Schema(description = "The carrier's account.", example = "easypost-main") String account,
      @Schema(description = "Who brings it.", example = "usps") String carrier,
      @Schema(example = "9400111899223197428490") String trackingNumber,
      @Schema(description = "Where its scans say it is.", example = "IN_TRANSIT")
          String trackingState,
      Instant createdAt,
      @Schema(description = "When a carrier saw it last.") Instant lastScanAt) {}

  /** What is in a parcel. */
  @Schema(name = "ParcelContent")
  public record Content(
      @Schema(example = "1001-1") String lineId,
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "2") int quantity) {}

  /** A scan. */
  @Schema(name = "ParcelScan")
  public record Scan(
      Instant at,
      @Schema(example = "OUT_FOR_DELIVERY") String state,
      String code,
      String description,
      String place,
      @Schema(description = "Dated ahead of when it was told: it counts for nothing.")
          boolean future) {}

  /** A label's file. */
  record LabelFile(String format, byte[] content) {}
}
