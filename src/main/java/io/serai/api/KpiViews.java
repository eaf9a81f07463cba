package io.serai.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** What the interface says of figures about the business. */
public final class KpiViews {
  private KpiViews() {}

  /** A figure with its definition. */
  @Schema(name = "Kpi")
  public record Kpi(
      @Schema(example = "split-shipments") String id,
      @Schema(description = "What it says.") String sentence,
      @Schema(description = "How it is computed.") String formula,
      @Schema(description = "Of value, p95 and most.", example = "%") String unit,
      @Schema(description = "What time it is about.", example = "7 days") String window,
      @Schema(description = "Absent while there is nothing to compute it of.") BigDecimal value,
      @Schema(description = "Of durations, that of nineteen of twenty.") BigDecimal p95,
      @Schema(description = "Of durations, the longest.") BigDecimal most,
      @Schema(description = "How many count.") long hits,
      @Schema(description = "Of how many.") long base,
      @Schema(description = "Absent before it was computed the first time.") Instant computedAt,
      @Schema(description = "By account; only when one figure is read.") List<Point> accounts,
      @Schema(description = "By day, the newest first; only when one figure is read.")
          List<Point> days) {}

  /** The figure of one account or one day. */
  @Schema(name = "KpiPoint")
  public record Point(
      @Schema(description = "The account, or the day in UTC.", example = "2026-03-02") String of,
      BigDecimal value,
      BigDecimal p95,
      BigDecimal most,
      long hits,
      long base) {}

  /** An order behind a figure. */
  @Schema(name = "KpiOrder")
  public record Behind(
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String orderId,
      @Schema(example = "shopify-main") String account,
      Instant at,
      @Schema(description = "What it adds: seconds of a duration, exceptions, shipments.")
          BigDecimal amount) {}
}
