package io.serai.deadletter;

import java.util.List;

/**
 * What came of a replay, beyond its figures.
 *
 * @param perSecond how many items a second were looked at of late; 0 when it does not run
 * @param secondsLeft how long the rest takes at that pace, or at the job's rate before there is
 *     one; null when it does not run
 * @param causes why items were left or failed, the most frequent first
 * @param left how many of its items are dead letters now, whatever it did with them; 0 while it
 *     runs
 */
public record ReplayReport(double perSecond, Long secondsLeft, List<Cause> causes, int left) {
  /**
   * Items of one state for one cause.
   *
   * @param sentence without what differs from one to the next
   * @param example one of them
   */
  public record Cause(ReplayItem.State state, String sentence, int count, String example) {}
}
