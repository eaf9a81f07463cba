package io.serai.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** Interchanges, numbers and conversations as the API shows them. */
public final class InterchangeViews {
  private InterchangeViews() {}

  /** One interchange. */
  @Schema(name = "Interchange")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Interchange(
      @Schema(example = "itc_17") String id,
      @Schema(example = "walmart") String account,
      @Schema(description = "IN or OUT.", example = "IN") String direction,
      @Schema(description = "P for production, T for a test.", example = "P") String usage,
      @Schema(description = "Qualifier and id.", example = "08/925485US00") String sender,
      @Schema(example = "ZZ/SERAIHUB") String receiver,
      @Schema(description = "Its control number, ISA13.", example = "000000905") String control,
      @Schema(
              description =
                  "IN: what became of it. OUT: the state of the delivery that carries it.",
              example = "PARTLY_ACCEPTED")
          String state,
      @Schema(description = "Why, where it was not simply taken.") String sentence,
      @Schema(example = "orders-0905.edi") String fileName,
      @Schema(description = "IN: the message that carried it.", example = "msg_17")
          String messageId,
      @Schema(description = "OUT: the delivery it stands for.", example = "dlv_17")
          String deliveryId,
      @Schema(description = "The sets in it by number, each with how many there are.")
          List<SetCount> sets,
      Instant createdAt) {}

  /** How many sets of one kind. */
  @Schema(name = "SetCount")
  public record SetCount(@Schema(example = "850") String set, long count) {}

  /** One interchange with all that is in it. */
  @Schema(name = "InterchangeDetail")
  public record Detail(Interchange interchange, List<TransactionSet> sets) {}

  /** One set of an interchange. */
  @Schema(name = "TransactionSet")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TransactionSet(
      int place,
      @Schema(description = "Functional group, GS01.", example = "PO") String group,
      @Schema(description = "The group's control number, GS06.", example = "905")
          String groupControl,
      @Schema(example = "850") String set,
      @Schema(description = "Its control number, ST02.", example = "0001") String control,
      @Schema(description = "The order it is about.", example = "PO-4711") String subject,
      @Schema(
              description =
                  "IN: ACCEPTED, ACCEPTED_WITH_ERRORS or REFUSED. OUT: SENT until the partner says CONFIRMED or REFUSED.",
              example = "ACCEPTED")
          String outcome,
      @Schema(description = "Why it was refused.") String sentence,
      @Schema(
              description = "The message it became; of a refused one, its dead letter.",
              example = "msg_18")
          String messageId,
      @Schema(description = "The interchange that acknowledges it.", example = "itc_18")
          String answeredBy,
      Instant answeredAt) {}

  /** The last number given at one level. */
  @Schema(name = "ControlNumber")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Number(
      @Schema(description = "INTERCHANGE (ISA13) or GROUP (GS06).", example = "INTERCHANGE")
          String level,
      @Schema(description = "Qualifier and id of whoever bears it.", example = "ZZ/SERAIHUB")
          String sender,
      @Schema(example = "08/925485US00") String receiver,
      @Schema(description = "P for production, T for tests.", example = "P") String usage,
      @Schema(description = "Of a group: GS01.", example = "SH") String group,
      @Schema(example = "905") long last,
      @Schema(description = "How often the numbers began anew, from 1.", example = "1") int cycle,
      Instant takenAt,
      @Schema(
              description =
                  "Of interchanges: numbers that were given and that the partner has not got, newest first, at most 100.")
          List<Gap> gaps) {}

  /** A number that the partner has not got. */
  @Schema(name = "ControlNumberGap")
  public record Gap(
      @Schema(example = "000000904") String control,
      @Schema(example = "dlv_17") String deliveryId,
      @Schema(example = "Delivery 'dlv_17' was discarded before it was sent.") String why) {}

  /** The documents about one order. */
  @Schema(name = "Conversation")
  public record Conversation(
      @Schema(example = "walmart") String account,
      @Schema(description = "The order, as both sides call it.", example = "PO-4711")
          String subject,
      @Schema(description = "Oldest first.") List<Step> steps,
      @Schema(description = "What is still owed, by whom, until when.") List<Owed> owed) {}

  /** One document of a conversation. */
  @Schema(name = "ConversationStep")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Step(
      @Schema(example = "IN") String direction,
      @Schema(example = "850") String set,
      @Schema(example = "0001") String control,
      @Schema(example = "000000905") String interchange,
      @Schema(example = "itc_17") String interchangeId,
      @Schema(example = "ACCEPTED") String outcome,
      String sentence,
      Instant at,
      @Schema(description = "OUT: when the partner acknowledged it.") Instant answeredAt,
      @Schema(example = "msg_17") String messageId,
      @Schema(example = "dlv_17") String deliveryId) {}

  /** Something that is owed. */
  @Schema(name = "ConversationOwed")
  public record Owed(
      @Schema(example = "855") String set,
      @Schema(description = "US or PARTNER.", example = "US") String by,
      @Schema(description = "The set that it answers.", example = "850") String after,
      Instant due,
      boolean overdue) {}

  /** Something that is overdue. */
  @Schema(name = "Overdue")
  public record Overdue(
      @Schema(example = "walmart") String account,
      @Schema(example = "PO-4711") String subject,
      @Schema(example = "855") String set,
      @Schema(description = "US or PARTNER.", example = "US") String by,
      @Schema(example = "850") String after,
      Instant since,
      Instant due) {}
}
