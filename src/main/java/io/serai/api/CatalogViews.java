package io.serai.api;

import io.serai.catalog.ConnectorProfile;
import io.serai.catalog.FileState;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Channels, partners and routes as programs and people read them. */
public final class CatalogViews {
  private CatalogViews() {}

  /** One configured account. */
  @Schema(name = "Account")
  public record Account(
      @Schema(example = "shopify-main") String name,
      @Schema(example = "shopify") String connector,
      @Schema(example = "Shopify") String title,
      @Schema(
              description =
                  "OK; MAINTENANCE (people said to leave it alone for a while); PAUSED (the endpoint asked for it, or its credentials were refused); OPEN (its breaker: it is left"
                      + " alone, or probed); RECOVERING (it gets part of its pace after an outage); STOPPED (people stopped a route of it); HELD (its new orders are held); DEGRADED"
                      + " (its connector or a route is at fault); SUSPENDED (nothing of it runs).",
              example = "OK")
          String state,
      @Schema(description = "Why it is not OK.") String remark,
      @Schema(description = "Until when it is left alone, is paused or its breaker is open.")
          Instant until,
      @Schema(description = "Documents it deals in.") List<String> capabilities,
      @Schema(description = "Version of its interface.") String apiVersion,
      @Schema(description = "The day that version ends.") LocalDate sunset,
      @Schema(description = "Routes that run for it.") List<String> routes,
      @Schema(description = "What is configured; secrets are masked.") Map<String, String> settings,
      @Schema(
              description =
                  "What its endpoint bears, over all replicas; absent when neither its connector nor its configuration"
                      + " says so.")
          Limits limits,
      @Schema(
              description =
                  "Retries that may be sent now; first tries earn one in ten and time one a second, up to 100.")
          int retriesLeft,
      @Schema(description = "Its dead letters.") int stopped,
      @Schema(description = "Why its new orders are held; absent when they are not.")
          ChannelHold hold,
      @Schema(description = "Routes of it that people stopped.") List<StoppedRoute> stops,
      @Schema(description = "The last message, whatever way it came.") Instant lastReceivedAt,
      @Schema(description = "The last confirmed effect.") Instant lastSentAt,
      HealthViews.Health health) {}

  /** Why new orders of a channel are held. */
  @Schema(name = "ChannelHold")
  public record ChannelHold(
      @Schema(example = "Their prices are wrong.") String reason,
      String by,
      Instant since,
      @Schema(description = "How many orders it holds.") long orders) {}

  /** A route that people stopped. */
  @Schema(name = "StoppedRoute")
  public record StoppedRoute(
      @Schema(example = "shopify-orders-in@shopify-main") String route,
      @Schema(example = "Their prices are wrong.") String reason,
      String by,
      Instant since) {}

  /** What an endpoint bears. */
  @Schema(name = "Limits")
  public record Limits(
      @Schema(description = "Calls per period.", example = "20") int rate,
      @Schema(description = "The period in milliseconds.", example = "1000") long perMillis,
      @Schema(description = "Calls at once after a rest.", example = "40") int burst,
      @Schema(description = "Calls open at a time.", example = "16") int inFlight) {
    static Limits of(ConnectorProfile.Limits limits) {
      return limits == null
          ? null
          : new Limits(limits.rate(), limits.per().toMillis(), limits.burst(), limits.inFlight());
    }
  }

  /** One file of the catalogue. */
  @Schema(name = "RouteFile")
  public record File(
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
  public record FileFault(Integer line, String what, String remedy, String sentence) {}
}
