package io.serai.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How one file of the catalogue is doing.
 *
 * @param file its path below the root
 * @param builtIn whether it came with the hub
 * @param status whether it works
 * @param routes ids of the routes that run because of it
 * @param faults why it is not {@link Status#OK}
 * @param since when it last changed its status or its text
 * @param down accounts that its routes could not start for, and why
 */
public record FileState(
    String file,
    boolean builtIn,
    Status status,
    List<String> routes,
    List<Fault> faults,
    Instant since,
    Map<String, Fault> down) {

  /** Whether a file works. */
  public enum Status {
    /** What it says now is in effect. */
    OK,
    /** It is at fault: its last good text is in effect, or not all accounts run. */
    DEGRADED,
    /** It is at fault and nothing of it is in effect. */
    FAILED
  }

  /** Keeps the lists unchangeable. */
  public FileState {
    routes = List.copyOf(routes);
    faults = List.copyOf(faults);
    down = Map.copyOf(down);
  }

  /** Whether its faults touch an account: those of other accounts alone do not. */
  public boolean isAtFaultFor(String account) {
    return status != Status.OK
        && (down.containsKey(account)
            || !faults.stream().allMatch(fault -> down.containsValue(fault)));
  }
}
