package io.serai.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.FailureKind;
import java.time.Instant;
import java.util.UUID;

/**
 * One effect that is owed to a destination and that this node has claimed: it may send it, and
 * every write of that work names the fence.
 *
 * @param document the canonical document it carries, which is also the outbox route that takes it
 * @param operation what the partner is asked to do
 * @param lane deliveries of one lane go one at a time, in order
 * @param businessKey what the effect is about; with destination, operation and revision it is
 *     unique
 * @param idempotencyKey fixed with the revision: every attempt sends it
 * @param content the canonical document
 * @param outcomeUnknown whether an earlier attempt may have had its effect
 * @param attempt counted attempts before this one
 * @param mappedAt the instant whose mappings make what is sent: fixed with the revision
 * @param cause the message that led to it, or null
 */
public record Delivery(
    long id,
    String destination,
    String document,
    String operation,
    String lane,
    UUID orderId,
    String businessKey,
    int revision,
    String idempotencyKey,
    RepeatMode repeat,
    JsonNode content,
    boolean outcomeUnknown,
    int attempt,
    Instant deadlineAt,
    Instant mappedAt,
    long fence,
    Instant leaseUntil,
    Long cause) {
  /** One that no message led to. */
  public Delivery(
      long id,
      String destination,
      String document,
      String operation,
      String lane,
      UUID orderId,
      String businessKey,
      int revision,
      String idempotencyKey,
      RepeatMode repeat,
      JsonNode content,
      boolean outcomeUnknown,
      int attempt,
      Instant deadlineAt,
      Instant mappedAt,
      long fence,
      Instant leaseUntil) {
    this(
        id,
        destination,
        document,
        operation,
        lane,
        orderId,
        businessKey,
        revision,
        idempotencyKey,
        repeat,
        content,
        outcomeUnknown,
        attempt,
        deadlineAt,
        mappedAt,
        fence,
        leaseUntil,
        null);
  }

  /** The delivery's public id. */
  public String publicId() {
    return "dlv_" + id;
  }

  /** Whether the next thing to do is to look up whether an earlier attempt had its effect. */
  public boolean looksUp() {
    return outcomeUnknown && repeat != RepeatMode.IDEMPOTENT;
  }

  /**
   * Whether such an answer is a carrier's no: it is not asked for the same again, another one may
   * be. What a look-up says is no answer to what it looks for.
   */
  public boolean ends(FailureKind kind) {
    return !looksUp()
        && switch (operation) {
          case "rate-request", "label-request", "label-void" ->
              switch (kind) {
                case REFUSED, INVALID, UNMAPPED, UNREADABLE -> true;
                default -> false;
              };
          default -> false;
        };
  }

  /** The lane in which the messages about its order run, or null when it is about no order. */
  public String about() {
    return about(destination, content);
  }

  /** The same of one that is yet to be written. */
  public static String about(String destination, JsonNode content) {
    var order = content.path("channel").path("orderId");
    return order.isTextual()
        ? content.path("channel").path("account").asText(destination) + '/' + order.asText()
        : null;
  }

  /** The lane of an order's deliveries to a destination. */
  public static String lane(String destination, String subject) {
    return destination + '/' + subject;
  }
}
