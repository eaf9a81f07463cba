package io.serai.hub;

import io.serai.allocation.Candidate;
import io.serai.outbox.RepeatMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the configuration says of the world around: nodes in order of preference, and the accounts
 * that effects can be owed to. Fixed from start to stop.
 *
 * @param nodes active nodes, preferred first
 * @param accounts channels and partners by name
 */
public record Topology(List<Candidate> nodes, Map<String, Account> accounts) {
  /**
   * A channel or partner as a destination.
   *
   * @param repeats per operation, what asking twice does; an operation that is missing is not
   *     offered
   * @param giveUp how long after its creation an effect is still tried
   */
  public record Account(
      String name,
      boolean channel,
      boolean publishStatus,
      boolean publishStock,
      Map<String, RepeatMode> repeats,
      Duration giveUp) {
    /** Whether this destination can be asked for the operation at all. */
    public boolean offers(String operation) {
      return repeats.containsKey(operation);
    }
  }

  /** Whether any channel wants to hear of stock. */
  public boolean publishesStock() {
    return accounts.values().stream().anyMatch(a -> a.channel() && a.publishStock());
  }
}
