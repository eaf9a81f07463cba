package io.serai.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** Stock as programs and people read and report it. */
public final class StockViews {
  private StockViews() {}

  /** One SKU at one node, term by term. */
  @Schema(name = "StockLevel")
  public record Level(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(example = "nj-1") String node,
      @Schema(
              description =
                  "What may be sold: on hand less allocated, frozen, damaged, quarantined and safety.",
              example = "9")
          int available,
      @Schema(example = "12") int onHand,
      @Schema(description = "Promised to orders.", example = "3") int allocated,
      int frozen,
      int damaged,
      int quarantined,
      int safety,
      int incoming,
      @Schema(description = "What is promised but, by the last report, not there.") int shortage,
      @Schema(description = "Who reported on hand last.") String source,
      @Schema(description = "The source's instant; absent when nobody reported it yet.")
          Instant asOf,
      @Schema(description = "How old on hand is.", example = "42") Long ageSeconds,
      @Schema(description = "When it was last counted as a whole.") Instant countedAt,
      @Schema(description = "Since when whatever is not promised is frozen, if it is.")
          Instant frozenSince,
      @Schema(description = "Who last said what is damaged or quarantined.")
          String unsellableSource,
      Instant unsellableAsOf,
      @Schema(description = "The buffer behind safety: units, or a share of on hand.")
          Kept buffer) {}

  /** A buffer as a level has it. */
  @Schema(name = "KeptBack")
  public record Kept(Integer units, Integer percent) {}

  /** One SKU at an instant. */
  @Schema(name = "StockAtAnInstant")
  public record Past(String sku, Instant at, List<PastLevel> nodes) {}

  /** One SKU at one node at an instant. */
  @Schema(name = "StockLevelAtAnInstant")
  public record PastLevel(
      @Schema(example = "nj-1") String node,
      int available,
      int onHand,
      int allocated,
      int frozen,
      int damaged,
      int quarantined,
      int safety,
      int incoming) {}

  /** One SKU everywhere. */
  @Schema(name = "StockOfSku")
  public record Sku(
      String sku,
      int available,
      int onHand,
      int allocated,
      int shortage,
      List<Level> nodes,
      List<Publication> publications,
      @Schema(description = "The newest ones, newest first.") List<Movement> movements) {}

  /** What a channel shows of an article, and what it should. */
  @Schema(name = "Publication")
  public record Publication(
      String channel,
      String listingId,
      String location,
      @Schema(description = "What the channel sells it under, when it is not the SKU.") String code,
      @Schema(description = "What the channel should show now; absent where nobody tells it.")
          Integer wanted,
      @Schema(description = "Last accepted by the channel.") Integer quantity,
      @Schema(description = "What it shows now: that, less what it sold since.") Integer shown,
      @Schema(description = "Whether it shows, or may show, something else than it should.")
          boolean pending,
      @Schema(description = "For how long.") Double lagSeconds,
      @Schema(description = "Units that the channel may sell though they are not there.")
          int exposure,
      @Schema(description = "Since when it waits to be sent, if it does.") Instant markedAt,
      Instant sentAt,
      Instant confirmedAt) {}

  /** Units that moved from one account to another. */
  @Schema(name = "Movement")
  public record Movement(
      Instant occurredAt,
      String node,
      int quantity,
      @Schema(example = "outside") String from,
      @Schema(example = "available") String to,
      @Schema(example = "snapshot") String cause,
      String orderId,
      String messageId,
      String actor,
      @Schema(description = "Why, in the words of who did it.") String note) {}

  /** A node's snapshot as sent; only described here, read row by row. */
  @Schema(
      name = "StockReport",
      requiredProperties = {"node", "levels"})
  public record Report(
      @Schema(description = "A node of the configuration.", example = "nj-1") String node,
      @Schema(description = "Up to 100,000 rows; each SKU once.") List<ReportedLevel> levels,
      @Schema(
              description =
                  "The source's instant of the counts, now when absent; a level known of a later one stays.")
          Instant asOf,
      @Schema(
              description =
                  "The source's own number of this report; a level known of a higher one stays.",
              example = "42")
          Long sequence) {}

  /** One row of a snapshot. */
  @Schema(
      name = "ReportedLevel",
      requiredProperties = {"sku", "onHand"})
  public record ReportedLevel(
      @Schema(example = "MUG-BLU") String sku,
      @Schema(description = "A whole number, 0 to 1,000,000,000.", example = "12") int onHand) {}

  /** What became of a snapshot. */
  @Schema(name = "StockReportResult")
  public record Result(
      String node,
      Instant asOf,
      @Schema(description = "Rows sent.") int received,
      @Schema(description = "Rows taken, changed or not.") int applied,
      @Schema(description = "Rows left alone because something later is known.") int stale,
      @Schema(description = "Rows refused, by name.") List<Refused> refused,
      @Schema(description = "SKUs of which more is promised than is there.")
          List<StockReporting.Shortage> shortages) {}

  /** A row that was not taken. */
  @Schema(name = "RefusedRow")
  public record Refused(
      @Schema(
              description = "Counted from 1; absent when rows together are at fault.",
              example = "3")
          Integer row,
      @Schema(example = "MUG-RED") String sku,
      @Schema(
              example =
                  "Row 3: SKU 'MUG-RED' has -1 on hand; a count is a whole number from 0 to 1000000000.")
          String sentence) {}
}
