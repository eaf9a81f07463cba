package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A fulfillment a warehouse took on; guarded by its warehouse's lock. */
final class WarehouseOrder {

  /** Where it stands. */
  enum State {
    RECEIVED,
    ACCEPTED,
    REJECTED,
    CANCELLED,
    SHIPPED
  }

  final long number;
  final String reference;
  final String fulfillmentId;
  final String orderId;
  final JsonNode lines;
  final Instant acceptedAt;
  final List<String> shipments = new ArrayList<>();
  State state;

  WarehouseOrder(
      long number,
      String reference,
      String fulfillmentId,
      String orderId,
      JsonNode lines,
      Instant acceptedAt,
      State state) {
    this.number = number;
    this.reference = reference;
    this.fulfillmentId = fulfillmentId;
    this.orderId = orderId;
    this.lines = lines;
    this.acceptedAt = acceptedAt;
    this.state = state;
  }

  /** Whether the warehouse still intends to ship it. */
  boolean live() {
    return state == State.RECEIVED || state == State.ACCEPTED;
  }
}
