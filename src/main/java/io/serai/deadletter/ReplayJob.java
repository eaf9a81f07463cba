package io.serai.deadletter;

import java.time.Instant;

/**
 * A bulk replay as it stands. Its selection was frozen when it was made; its figures were counted
 * in the same transactions that changed the items, so they are exact at every instant, after a kill
 * too.
 *
 * @param id {@code rpl_<n>}
 * @param selection what was selected, as JSON
 * @param step where each is taken up again, or null for the usual way back
 * @param patch the change that each payload gets first, as JSON, or null
 * @param patchGone whether there was a patch that its retention took
 * @param dryRun whether it only looks what would happen
 * @param rate items a second
 * @param rampSeconds how long the rate takes to grow to that, from its start and from each resume
 *     on; 0 for at once
 * @param state where it is
 * @param reason why it paused or was aborted, or null
 * @param purpose why it was started, or null
 * @param repeats the earlier replay of which it takes up what is left, or null
 * @param actor who started it
 * @param total how many items were frozen
 * @param replayed put back to work (dry run: normalized)
 * @param skipped left alone, because they changed since or need a choice
 * @param failed could not be put back to work (dry run: would fail)
 * @param createdAt when it was made
 * @param finishedAt when it ended, or null
 */
public record ReplayJob(
    String id,
    String selection,
    ReplayStep step,
    String patch,
    boolean patchGone,
    boolean dryRun,
    int rate,
    int rampSeconds,
    State state,
    String reason,
    String purpose,
    String repeats,
    String actor,
    int total,
    int replayed,
    int skipped,
    int failed,
    Instant createdAt,
    Instant finishedAt) {
  /** Where a job can be; DONE and ABORTED are final. */
  public enum State {
    /** Frozen, and waits for a second person to approve it. */
    PROPOSED,
    /** Being worked, or about to be. */
    RUNNING,
    /** Stopped by a person or by itself; goes on with {@code resume}. */
    PAUSED,
    /** Every item was looked at. */
    DONE,
    /** Given up; what was replayed stays replayed, the rest stays as it was. */
    ABORTED
  }

  /** How many items are still to be looked at. */
  public int remaining() {
    return total - replayed - skipped - failed;
  }
}
