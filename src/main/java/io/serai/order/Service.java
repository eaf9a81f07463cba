package io.serai.order;

import java.time.Instant;

/**
 * What the buyer was promised about the transport.
 *
 * @param shipNotBefore when the window opens in which it is to leave; nobody is asked before
 * @param shipBy when that window closes
 * @param shipComplete whether all of it leaves together; null when the channel does not say
 */
public record Service(
    String requestedService,
    Instant shipNotBefore,
    Instant shipBy,
    Instant deliverBy,
    Pickup pickup,
    Gift gift,
    Boolean shipComplete) {

  /** One of which the channel does not say whether it leaves together. */
  public Service(
      String requestedService, Instant shipBy, Instant deliverBy, Pickup pickup, Gift gift) {
    this(requestedService, null, shipBy, deliverBy, pickup, gift, null);
  }

  /** The buyer collects; where, when the channel says. */
  public record Pickup(String locationId) {}

  /** A present. */
  public record Gift(String message) {}
}
