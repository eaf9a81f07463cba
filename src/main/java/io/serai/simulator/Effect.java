package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One line of a ledger: something a stand-in did that cannot be undone by forgetting it.
 *
 * @param seq position in the ledger, from 1, without gaps
 * @param at when, by the simulator's clock
 * @param operation what was done, such as {@code fulfillment.accepted}
 * @param subject the thing it was done to, by the business's own number
 * @param key the idempotency key the caller sent, or {@code null} when it sent none
 * @param data everything needed to do it again when the ledger is read at start
 */
public record Effect(
    long seq, Instant at, String operation, String subject, String key, JsonNode data) {

  /** The named text of the data, or {@code null} when it is absent. */
  public String text(String field) {
    var value = data.get(field);
    return value == null || value.isNull() ? null : value.asText();
  }
}
