package io.serai.camel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * When an order has to leave by, where it does not say so itself: so long after it was placed as
 * its channel wants. The document that came stays as it is.
 */
final class ShipBy {
  private ShipBy() {}

  /**
   * The canonical order with a ship-by.
   *
   * @param within from the order until it has to be shipped, or null when each order says it
   */
  static JsonNode given(JsonNode order, Duration within) {
    if (within == null
        || !(order instanceof ObjectNode document)
        || !order.at("/service/shipBy").asText("").isEmpty()) {
      return order;
    }
    Instant placedAt;
    try {
      placedAt = Instant.parse(order.path("placedAt").asText(""));
    } catch (DateTimeException e) {
      return order; // its own check says what is wrong with it
    }
    var service = document.objectNode();
    if (order.path("service") instanceof ObjectNode said) {
      service.setAll(said);
    }
    var whole = document.objectNode();
    whole.setAll(document);
    whole.set("service", service.put("shipBy", placedAt.plus(within).toString()));
    return whole;
  }
}
