package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** Orders as programs and people read them. */
public final class OrderViews {
  private OrderViews() {}

  /** One row of a list of orders. */
  @Schema(name = "OrderSummary")
  public record Summary(
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      @Schema(description = "The channel's account.", example = "shopify-main") String channel,
      @Schema(example = "820982911946154508") String channelOrderId,
      @Schema(example = "#1001") String displayNumber,
      @Schema(example = "RELEASED") String state,
      @Schema(description = "Why it is held, if it is.", example = "UNALLOCATABLE") String hold,
      @Schema(example = "PAID") String paymentState,
      @Schema(description = "Decimal text.", example = "59.90") String grandTotal,
      @Schema(example = "EUR") String currency,
      @Schema(example = "DE") String shipCountry,
      boolean test,
      Instant placedAt,
      Instant receivedAt,
      Instant updatedAt) {}

  /** One order with everything known of it. */
  @Schema(name = "Order")
  public record Full(
      String id,
      String channel,
      String channelOrderId,
      String displayNumber,
      String state,
      int revision,
      @Schema(description = "The channel's own version of the order.") String channelVersion,
      Hold hold,
      @Schema(description = "Everything it is or was held for, oldest first.")
          List<HoldEntry> holds,
      @Schema(description = "What was to be otherwise of it since it was placed, oldest first.")
          List<Change> changes,
      String paymentState,
      @Schema(example = "MERCHANT") String fulfilledBy,
      String grandTotal,
      String currency,
      @Schema(description = "Whether the parts do not add up to the channel's total.")
          boolean moneyMismatch,
      @Schema(
              description =
                  "What was taken and given back, in the currency of the order; absent when nobody says anything of it.")
          MoneyViews.Full money,
      boolean test,
      Instant placedAt,
      Instant receivedAt,
      Instant updatedAt,
      List<Line> lines,
      List<Fulfillment> fulfillments,
      List<Delivery> deliveries,
      @Schema(
              implementation = Object.class,
              description = "The canonical order; personal data is masked for viewers.")
          JsonNode document,
      @Schema(description = "Whether personal data in the document is masked.") boolean masked) {}

  /** Something that was to be otherwise, and what became of that. */
  @Schema(name = "OrderChange")
  public record Change(
      @Schema(description = "1, 2, … within the order.") int no,
      @Schema(description = "The channel's number of it.") String changeId,
      @Schema(description = "The person who wanted it; the channel when absent.") String actor,
      Instant askedAt,
      @Schema(
              description =
                  "ASKED as long as a node has to say whether it does it; then DONE, PARTLY or REFUSED.",
              example = "DONE")
          String state,
      @Schema(description = "Why not all of it is done.") String reason,
      List<Part> parts,
      @Schema(description = "Fulfillments whose nodes have not said yet.") List<String> waitsFor) {}

  /** One difference of a change. */
  @Schema(name = "OrderChangePart")
  public record Part(
      @Schema(description = "QUANTITY, ITEM or ADDRESS.", example = "QUANTITY") String kind,
      @Schema(description = "The line; absent for an address.") String lineId,
      @Schema(description = "Absent for an address.", example = "2") String before,
      @Schema(description = "Absent for an address.", example = "3") String after,
      @Schema(description = "Whether the order is so now.") boolean accepted) {}

  /** What stops an order. */
  @Schema(name = "Hold")
  public record Hold(
      @Schema(example = "UNALLOCATABLE") String kind,
      String reason,
      @Schema(description = "Who has to act.") String owner,
      Instant dueAt) {}

  /** One thing that an order is or was held for. */
  @Schema(name = "HoldEntry")
  public record HoldEntry(
      @Schema(example = "RISK") String kind,
      String reason,
      @Schema(description = "Who has to act.", example = "risk") String owner,
      Instant placedAt,
      @Schema(description = "The person who placed it; the hub when absent.") String placedBy,
      Instant dueAt,
      @Schema(description = "Absent while it is open.") Instant releasedAt,
      @Schema(description = "The person who released it; the hub when absent.") String releasedBy,
      String releaseReason) {}

  /** An open hold and its order. */
  @Schema(name = "HeldOrder")
  public record Held(
      @Schema(example = "ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String orderId,
      @Schema(example = "shopify-main") String channel,
      @Schema(example = "#1001") String displayNumber,
      @Schema(example = "RISK") String kind,
      String reason,
      @Schema(description = "Who has to act.", example = "risk") String owner,
      Instant placedAt,
      @Schema(description = "The person who placed it; the hub when absent.") String placedBy,
      Instant dueAt,
      @Schema(description = "Whether the time to act is over.") boolean overdue) {}

  /** One line and how much of it is where. */
  @Schema(name = "OrderLine")
  public record Line(
      int lineNumber,
      String lineId,
      @Schema(description = "The sold set that this is a component of.") String parentLineId,
      String sku,
      String kind,
      boolean requiresShipping,
      int ordered,
      int cancelled,
      int allocated,
      int backordered,
      int shipped,
      int returned,
      int refunded,
      @Schema(description = "Sold before its goods are there: it waits apart from the others.")
          boolean preorder,
      @Schema(description = "When a pre-ordered line is to leave.") Instant promisedAt) {}

  /** What one node was asked to do. */
  @Schema(name = "Fulfillment")
  public record Fulfillment(
      @Schema(example = "ful_01JD8QW5T3E9V4X2Y7Z8A1B2C3") String id,
      String node,
      String partner,
      String state,
      @Schema(description = "The partner's own reference.") String reference,
      @Schema(description = "Why the node refused it or a part of it.", example = "NOT_FOUND")
          String refusedCode,
      @Schema(description = "The same in the partner's words.") String refusedReason,
      @Schema(description = "The node a person moved it to; `*` is any other.") String movedTo,
      Instant createdAt,
      Instant updatedAt,
      List<Reserved> lines,
      List<Shipment> shipments) {}

  /** Units of a line promised at the node. */
  @Schema(name = "Reserved")
  public record Reserved(int lineNumber, String sku, int quantity, int shipped, int released) {}

  /** One parcel or more that left the node together. */
  @Schema(name = "Shipment")
  public record Shipment(
      String id,
      String partnerShipmentId,
      String carrier,
      String trackingNumber,
      @Schema(description = "All its numbers, that one first.") List<String> trackingNumbers,
      Instant shippedAt,
      @Schema(description = "How it differs from what was asked for; empty when it does not.")
          List<String> differs,
      @Schema(description = "When a person let the channel hear of it all the same.")
          Instant acceptedAt) {}

  /** One effect owed because of the order. */
  @Schema(name = "DeliverySummary")
  public record Delivery(
      @Schema(example = "dlv_17") String id,
      String destination,
      String document,
      String operation,
      String state,
      int revision,
      String remoteId,
      int attempts,
      Instant createdAt,
      Instant finishedAt) {}

  /** One thing that happened to an order. */
  @Schema(name = "TimelineEntry")
  public record Event(
      Instant occurredAt,
      @Schema(example = "ALLOCATED") String kind,
      @Schema(example = "Allocated 2 of 'MUG-BLU' at node 'nj-1'.") String sentence,
      @Schema(description = "The message that caused it.", example = "msg_12") String messageId,
      @Schema(example = "dlv_17") String deliveryId,
      @Schema(description = "The person or program that caused it, if one did.") String actor,
      @Schema(
              description =
                  "Whose lane it stands in: the account that told it or was told, `people`, or `hub`.",
              example = "northwind")
          String lane,
      @Schema(description = "Articles of the order that it names; none when it is about all of it.")
          List<String> skus,
      @Schema(description = "When the message came; absent when none caused it.")
          Instant receivedAt,
      @Schema(description = "Whether a message that came later was applied before.")
          boolean outOfOrder) {}

  /** One thing that is to happen. */
  @Schema(name = "AwaitedEvent")
  public record Awaited(
      @Schema(
              description = "PAYMENT, RELEASE, STOCK, SEND, ANSWER, REPAIR, SHIPMENT or RETURN.",
              example = "SHIPMENT")
          String kind,
      @Schema(example = "'summit' ships 2 unit(s) from 'nv-1'.") String sentence,
      @Schema(
              description =
                  "Who has to act: `hub`, `operations`, the owner of a hold, an account or a node.",
              example = "summit")
          String owner,
      @Schema(description = "By when; absent when nobody promised a time.") Instant dueAt,
      @Schema(description = "Whether that time is over.") boolean overdue,
      @Schema(description = "What it is about, if that has an id.", example = "dlv_17")
          String about) {}

  /** Why an order's lines went where they went. */
  @Schema(name = "Decision")
  public record Decision(
      String orderId,
      int revision,
      @Schema(description = "Version of the rules that decided.") String ruleVersion,
      Instant decidedAt,
      @Schema(
              implementation = Object.class,
              description = "Candidates, their figures at that instant, and why losers lost.")
          JsonNode document,
      @Schema(description = "All revisions that have a decision, newest first.")
          List<Integer> revisions) {}

  static String decimal(BigDecimal amount) {
    return amount == null ? null : amount.toPlainString();
  }
}
