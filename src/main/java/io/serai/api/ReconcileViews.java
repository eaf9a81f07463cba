package io.serai.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** What the interface says of comparisons and what they found. */
public final class ReconcileViews {
  private ReconcileViews() {}

  /** What to compare. */
  @Schema(name = "ReconcileRequest")
  public record Start(
      @Schema(description = "The channel or partner.", example = "shopify-main") String account,
      @Schema(description = "Orders placed from here on; the usual window when absent.")
          Instant since,
      @Schema(description = "Orders placed before; now when absent.") Instant until) {}

  /** One comparison. */
  @Schema(name = "Reconciliation")
  public record Run(
      @Schema(example = "rcn_3") String id,
      @Schema(example = "shopify-main") String account,
      Instant since,
      Instant until,
      @Schema(description = "Who wanted it; absent at night.") String actor,
      @Schema(allowableValues = {"PLANNED", "RUNNING", "DONE", "FAILED"}) String state,
      @Schema(description = "Things that were looked at on both sides.") int compared,
      @Schema(description = "What stands otherwise there than here.") int found,
      @Schema(description = "Findings of before that are gone.") int fixed,
      @Schema(description = "What could not be compared, and why.") String failure,
      Instant createdAt,
      Instant finishedAt) {}

  /** One thing that stands otherwise there than here. */
  @Schema(name = "Finding")
  public record Finding(
      @Schema(example = "fnd_17") String id,
      @Schema(example = "shopify-main") String account,
      @Schema(example = "ORDER_MISSING") String kind,
      @Schema(description = "What the kind means.") String meaning,
      @Schema(description = "What it is about, as both sides know it.", example = "1001")
          String thing,
      String orderId,
      @Schema(description = "What stands here; absent when nothing does.") String ours,
      @Schema(description = "What stands there; absent when nothing does.") String theirs,
      String sentence,
      @Schema(
              description = "What would put it right; absent when a person has to decide.",
              allowableValues = {"REPLAY", "PULL", "WRITE_BACK"})
          String remedy,
      @Schema(description = "What it would be done to.") String target,
      @Schema(allowableValues = {"OPEN", "FIXED", "ACCEPTED"}) String state,
      Instant firstSeenAt,
      Instant lastSeenAt,
      int seen,
      @Schema(description = "When its remedy was last set going.") Instant remediedAt,
      String remediedBy,
      Instant closedAt,
      @Schema(description = "Who accepted it; absent when a comparison saw that it is gone.")
          String closedBy,
      @Schema(description = "Why it was accepted.") String note) {}

  /** What came of putting it right. */
  @Schema(name = "FindingRemedied")
  public record Remedied(Finding finding, String sentence) {}
}
