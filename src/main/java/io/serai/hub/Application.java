package io.serai.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.inbox.InboxMessage;
import io.serai.support.SqlStates;
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

  /** What failed in a way that no rule foresees. */
  ApplyResult unexpected(Exception e) {
    var what = message == null ? "A document" : "Message '" + message.publicId() + "'";
    return new ApplyResult.Failed(
        Failure.of(
            FailureKind.POISON,
            "%s could not be applied (%s). Report it with the log of this time."
                .formatted(what, SqlStates.firstLine(e)),
            Place.of(message == null ? null : message.account())));
  }
}
