package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** Messages and deliveries as programs and people read them. */
public final class MessageViews {
  private MessageViews() {}

  /** One row of a list of messages. */
  @Schema(name = "MessageSummary")
  public record Summary(
      @Schema(example = "msg_17") String id,
      @Schema(example = "shopify-main") String account,
      @Schema(example = "order") String document,
      @Schema(description = "The sender's key of the thing it speaks of.") String key,
      @Schema(example = "orders/create") String eventType,
      @Schema(example = "APPLIED") String state,
      @Schema(description = "Why it was ignored or discarded, or what it stopped at.")
          String reason,
      int attempts,
      int duplicates,
      String orderId,
      Instant receivedAt,
      Instant finishedAt) {}

  /** One message with everything known of it. */
  @Schema(name = "Message")
  public record Full(
      String id,
      String account,
      String document,
      String key,
      String eventType,
      @Schema(description = "The sender's own version, as sent.") String version,
      @Schema(description = "What makes it the same message again.") String dedupeKey,
      @Schema(description = "Messages of one lane run one at a time.") String lane,
      String state,
      String reason,
      @Schema(description = "How often it was sent again.") int duplicates,
      int attempts,
      @Schema(description = "When it is tried next, while it is RECEIVED.") Instant dueAt,
      @Schema(description = "The lane it waits for, while it is WAITING.") String waitsFor,
      String orderId,
      @Schema(description = "The page it was split from.") String parentId,
      String supersededBy,
      Instant receivedAt,
      Instant finishedAt,
      @Schema(description = "To name in a change: it is refused when the message changed since.")
          long fence,
      @Schema(description = "What was sent; absent when past its retention.") Payload payload,
      @Schema(
              description =
                  "When the payload goes, at the earliest; absent while the message is under way or a legal hold keeps it,"
                      + " for so long it stays.")
          Instant payloadUntil,
      @Schema(description = "What keeps the payload whatever its age; absent without one.")
          LegalHold legalHold,
      @Schema(description = "The payload after each step, as far as it is kept.") List<Hop> hops,
      List<Failure> failures,
      @Schema(description = "Payloads that an operator replaced, newest first.")
          List<Edit> edits) {}

  /** An order is kept for the law, and what came and went for it. */
  @Schema(name = "LegalHold")
  public record LegalHold(
      Instant since, String by, @Schema(example = "A court asked for it.") String reason) {}

  /** One step of a message's way and the document after it. */
  @Schema(name = "Hop")
  public record Hop(
      @Schema(example = "canonical") String hop,
      @Schema(example = "The order as it stands now, revision 2.") String sentence,
      String orderId,
      String deliveryId,
      Instant at,
      @Schema(implementation = Object.class) JsonNode document) {}

  /** One thing that went wrong. */
  @Schema(name = "Failure")
  public record Failure(
      Instant occurredAt,
      @Schema(example = "UNMAPPED") String kind,
      String sentence,
      String route,
      String step,
      @Schema(description = "What the partner answered, cut and masked.") String evidence,
      int attempt,
      @Schema(description = "The group it belongs to.") String fingerprint) {}

  /** A payload that was replaced. */
  @Schema(name = "Edit")
  public record Edit(
      Instant editedAt,
      String actor,
      String reason,
      @Schema(description = "Of the bytes before.") String sha256,
      @Schema(
              description =
                  "What was changed, where both are JSON of up to 1 MB; of the newest five edits. What could name a person"
                      + " is masked for viewers.")
          List<DeadLetterViews.Difference> differences) {}

  /** One effect owed to somebody, with everything known of it. */
  @Schema(name = "Delivery")
  public record Delivery(
      @Schema(example = "dlv_17") String id,
      String destination,
      String document,
      String operation,
      @Schema(description = "Deliveries of one lane go one at a time.") String lane,
      String businessKey,
      int revision,
      @Schema(description = "Fixed with the revision: all attempts send the same key and bytes.")
          String idempotencyKey,
      @Schema(description = "Whose mappings make what is sent: those in force at this instant.")
          Instant mappedAt,
      @Schema(description = "IDEMPOTENT, QUERYABLE or BLIND.") String repeat,
      String state,
      @Schema(
              description =
                  "Why it is not sent this moment, and until when; absent when nothing keeps it.",
              example = "'northwind' asked for a pause until 2026-01-31T12:00:41Z: 429, slower.")
          String waiting,
      @Schema(description = "An attempt may have had its effect.") boolean outcomeUnknown,
      @Schema(description = "The partner's own id of the effect.") String remoteId,
      String reason,
      int attempts,
      String orderId,
      @Schema(description = "The message that caused it.") String messageId,
      Instant createdAt,
      Instant dueAt,
      Instant deadlineAt,
      Instant finishedAt,
      long fence,
      @Schema(
              implementation = Object.class,
              description = "The canonical document that is owed; absent when past its retention.")
          JsonNode content,
      @Schema(
              description =
                  "When the content goes, at the earliest; absent while it is owed or a legal hold keeps it, for so long"
                      + " it stays.")
          Instant contentUntil,
      @Schema(description = "What keeps the content whatever its age; absent without one.")
          LegalHold legalHold,
      boolean masked,
      @Schema(description = "Each call that was made.") List<Attempt> history,
      List<Failure> failures) {}

  /** One call to a partner. */
  @Schema(name = "Attempt")
  public record Attempt(
      int attempt,
      Instant startedAt,
      Instant endedAt,
      @Schema(example = "CONFIRMED") String outcome,
      @Schema(description = "HTTP or protocol status.", example = "201") Integer status,
      String sentence,
      @Schema(description = "Whether it counts towards giving up.") boolean counted) {}
}
