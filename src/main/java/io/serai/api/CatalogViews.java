package io.serai.api;

import io.serai.catalog.FileState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Channels, partners and routes as programs and people read them. */
final class CatalogViews {
  private CatalogViews() {}

  /** One configured account. */
  @Schema(name = "Account")
  record Account(
      @Schema(example = "shopify-main") String name,
      @Schema(example = "shopify") String connector,
      @Schema(example = "Shopify") String title,
      @Schema(
              description =
                  "OK; PAUSED (the endpoint asked for it, or its credentials were refused); OPEN (its breaker); DEGRADED"
                      + " (its connector or a route is at fault); SUSPENDED (nothing of it runs).",
              example = "OK")
          String state,
      @Schema(description = "Why it is not OK.") String remark,
      @Schema(description = "Until when it is paused or its breaker is open.") Instant until,
      @Schema(description = "Documents it deals in.") List<String> capabilities,
      @Schema(description = "Version of its interface.") String apiVersion,
      @Schema(description = "The day that version ends.") LocalDate sunset,
      @Schema(description = "Routes that run for it.") List<String> routes,
      @Schema(description = "What is configured; secrets are masked.") Map<String, String> settings,
      @Schema(description = "Its dead letters.") int stopped,
      @Schema(description = "The last message among the newest 10,000 of all.")
          Instant lastReceivedAt,
      @Schema(description = "The last confirmed delivery among the newest 10,000 of all.")
          Instant lastSentAt) {}

  /** One file of the catalogue. */
  @Schema(name = "RouteFile")
  record File(
      @Schema(example = "routes/inbound/shopify-orders-in.camel.yaml") String file,
      @Schema(description = "Whether it came with the hub; else it is in SERAI_HOME.")
          boolean builtIn,
      @Schema(
              description = "OK, DEGRADED (its last good text is in effect) or FAILED.",
              example = "OK")
          String status,
      @Schema(description = "Routes that run because of it.") List<String> routes,
      List<FileFault> faults,
      @Schema(description = "When its status or text last changed.") Instant since) {
    static File of(FileState state) {
      return new File(
          state.file(),
          state.builtIn(),
          state.status().name(),
          state.routes(),
          state.faults().stream()
              .map(
                  fault ->
                      new FileFault(
                          fault.line() > 0 ? fault.line() : null,
                          fault.what(),
                          fault.remedy(),
                          fault.toString()))
              .toList(),
          state.since());
    }
  }

  /** What is wrong with a file. */
  @Schema(name = "FileFault")
  record FileFault(Integer line, String what, String remedy, String sentence) {}
}
