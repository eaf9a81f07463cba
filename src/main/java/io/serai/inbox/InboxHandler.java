package io.serai.inbox;

import java.util.function.Consumer;

/** Runs one claimed message through its route. */
@FunctionalInterface
public interface InboxHandler {
  /**
   * Starts the work and returns; the ending is given exactly once, on any thread, now or later.
   * What it throws counts as a failure of the message.
   */
  void handle(InboxMessage message, Consumer<Ending> done);
}
