package io.serai.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How an account does, in parts: what came, what went, what lags, what runs out. */
public final class HealthViews {
  private HealthViews() {}

  /** All of it. */
  @Schema(name = "AccountHealth")
  public record Health(
      @Schema(
              description =
                  "What deserves a look, most urgent first; one sentence each. Empty when all is well.")
          List<String> warnings,
      @Schema(description = "The last message, by document.", example = "{\"order\":\"…\"}")
          Map<String, Instant> lastIn,
      @Schema(description = "The last confirmed effect, by document.") Map<String, Instant> lastOut,
      @Schema(description = "Absent when it sends no webhooks.") Webhooks webhooks,
      List<Poll> polls,
      @Schema(description = "Access tokens that it grants for a time.") List<Token> tokens,
      @Schema(description = "What single kinds of call bear.") List<Quota> quotas,
      @Schema(description = "Absent when no stock is told to it.") Stock stock,
      @Schema(description = "CLOSED, OPEN or HALF_OPEN: whether it is asked, left alone or probed.")
          String circuit,
      @Schema(description = "THROTTLED, AUTH or OPERATOR while it is paused.") String pauseKind,
      Drift drift,
      @Schema(description = "Until its interface's version ends; negative when it has ended.")
          Long sunsetDays) {}

  /** What its webhooks did. */
  @Schema(name = "AccountWebhooks")
  public record Webhooks(
      Instant lastAt,
      @Schema(description = "Proven ones.") long count,
      @Schema(description = "When one was last refused because its proof was missing or wrong.")
          Instant lastRefusedAt,
      long refused,
      @Schema(description = "When the sender last checked the address by a challenge.")
          Instant lastChallengeAt) {}

  /** How far a poll got. */
  @Schema(name = "AccountPoll")
  public record Poll(
      @Schema(example = "order") String document,
      @Schema(description = "Everything that changed before is here.") Instant reachedAt,
      @Schema(description = "From then until now.") Long lagSeconds,
      @Schema(description = "Whether it is in the middle of its pages.") boolean betweenPages,
      Instant lastPageAt,
      @Schema(description = "When it last read to the end of what there was.")
          Instant lastSuccessAt,
      @Schema(description = "When it last failed; absent when it went well since.")
          Instant failedAt,
      @Schema(example = "AUTH") String failureKind,
      @Schema(description = "What keeps it from going well, in a sentence.") String failure,
      @Schema(description = "Until then the partner is left alone and rings are passed over.")
          Instant notBefore) {}

  /** An access token. */
  @Schema(name = "AccountToken")
  public record Token(
      @Schema(description = "As the connector calls it; empty for the one without a name.")
          String name,
      Instant obtainedAt,
      Instant expiresAt,
      @Schema(description = "Since when none is granted.") Instant refusedAt,
      @Schema(description = "Why none is granted.") String refusal) {}

  /** What one kind of call bears, over all replicas. */
  @Schema(name = "AccountQuota")
  public record Quota(
      @Schema(example = "search-orders") String name,
      @Schema(description = "Calls that may be made now.") int left,
      @Schema(description = "Calls at once after a rest.") int burst,
      @Schema(description = "Calls a second, as the connector or the account's own answers say.")
          double perSecond,
      @Schema(description = "When it has rested; absent when it has.") Instant resetAt) {}

  /** How what it shows stands to what there is. */
  @Schema(name = "AccountStock")
  public record Stock(
      @Schema(description = "Listings that show something else than there is.") long pending,
      @Schema(description = "Since when the oldest of them does.") Instant pendingSince,
      @Schema(description = "The last time it took a quantity.") Instant lastConfirmedAt) {}

  /** Values that our mappings do not list. */
  @Schema(name = "AccountDrift")
  public record Drift(
      @Schema(description = "Different ones; `GET /drift?account=` lists them.") long values,
      Instant lastSeenAt) {}
}
