package io.serai.deadletter;

import java.util.List;

/**
 * What replaying a message, an order or a delivery would do, from each step and at each
 * destination, as it stands at one instant. Nothing is done by looking.
 *
 * @param id what is looked at
 * @param fence grows with every change of anything that the plan speaks of
 * @param ways one for each {@link ReplayStep}, in order
 * @param parts every delivery that it caused, or that the order has
 */
public record ReplayPlan(String id, long fence, List<Way> ways, List<Part> parts) {
  /** Copies the lists. */
  public ReplayPlan {
    ways = List.copyOf(ways);
    parts = List.copyOf(parts);
  }

  /** One step. */
  public Way way(ReplayStep step) {
    return ways.get(step.ordinal());
  }

  /**
   * One step and whether it can be replayed from there.
   *
   * @param sentence what it would do, or why it cannot
   */
  public record Way(ReplayStep step, boolean possible, String sentence) {}

  /** What the effect ledger says of sending a delivery again. */
  public enum Safety {
    /** No attempt had an effect, or the partner takes it for the same. */
    SAFE,
    /** It was done, is being done or is not owed any more, so it is left alone. */
    SKIPPED,
    /** An attempt may have had its effect and a second one may do it twice, so it is left alone. */
    UNKNOWN
  }

  /**
   * One delivery.
   *
   * @param id its id
   * @param destination who is to hear of it
   * @param document what it carries
   * @param key its business key
   * @param state as it is
   * @param safety whether it may go again
   * @param anew whether mappings were corrected since it was made and it may be made by them
   * @param probe whether the partner can be asked first
   * @param sentence why
   * @param fence its version
   */
  public record Part(
      String id,
      String destination,
      String document,
      String key,
      String state,
      Safety safety,
      boolean anew,
      boolean probe,
      String sentence,
      long fence) {
    /** Whether it goes again when replayed from this step. */
    public boolean goes(ReplayStep step) {
      return safety == Safety.SAFE && (step == ReplayStep.SEND || step == ReplayStep.MAP && anew);
    }
  }
}
