package io.serai.deadletter;

import java.time.Instant;

/**
 * One item of a bulk replay.
 *
 * @param id the dead letter's
 * @param ordinal its place in the job, from 1
 * @param state what came of it
 * @param detail why it was skipped or failed, or what the dry run found; else null
 * @param workedAt when, or null
 */
public record ReplayItem(String id, int ordinal, State state, String detail, Instant workedAt) {
  /** What can come of an item. */
  public enum State {
    /** Not yet looked at. */
    PLANNED,
    /** Put back to work (dry run: normalized). */
    REPLAYED,
    /** Left alone. */
    SKIPPED,
    /** Could not be put back to work (dry run: would fail). */
    FAILED
  }
}
