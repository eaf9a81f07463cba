package io.serai.order;

import java.time.Instant;

/** What the buyer was promised about the transport. */
public record Service(
    String requestedService, Instant shipBy, Instant deliverBy, Pickup pickup, Gift gift) {

  /** The buyer collects; where, when the channel says. */
  public record Pickup(String locationId) {}

  /** A present. */
  public record Gift(String message) {}
}
