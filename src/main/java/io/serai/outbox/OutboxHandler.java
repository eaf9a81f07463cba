package io.serai.outbox;

import java.util.function.Consumer;

/** Makes one attempt at a delivery through its route. */
@FunctionalInterface
public interface OutboxHandler {
  /**
   * Starts the attempt and returns; the outcome is given exactly once, on any thread. What it
   * throws happened before anything was sent.
   */
  void send(Delivery delivery, Consumer<Outcome> done);
}
