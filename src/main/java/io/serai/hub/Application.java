package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.inbox.InboxMessage;
import java.util.function.Consumer;

/**
 * One document on its way into the database.
 *
 * @param document the record: Order, Cancellation, Refund, Shipment, FulfillmentResponse,
 *     Acknowledgment, StockReport or ListingReport
 * @param json the same as JSON, kept as the order's document
 * @param text {@code json} as text where the document is an order, else null
 * @param message what it came from and what ends with it, or null when it came from inside
 * @param actor the person or program behind it when no message is, or null
 * @param deed what the audit tells when it took effect, or null
 */
record Application(
    Object document,
    JsonNode json,
    String text,
    InboxMessage message,
    String actor,
    Deed deed,
    Consumer<ApplyResult> done) {
  /** Who says it: the account of the message, or the person or program. */
  String source() {
    return message == null ? actor : message.account();
  }

  Long messageId() {
    return message == null ? null : message.id();
  }
}
