package io.serai.deadletter;

/**
 * When a job stops itself: among the items it replayed last and that were tried since, so many have
 * failed again with one kind.
 *
 * @param least fewer failures than this never stop a job
 * @param share of the tried ones that must have failed, from 0 to 1
 */
public record Spike(int least, double share) {
  /** Twenty-five failures of one kind, and at least half of what was tried. */
  public static final Spike USUAL = new Spike(25, 0.5);

  boolean reached(int failed, int tried) {
    return failed >= least && failed >= share * tried;
  }
}
