package io.serai.transport;

import java.time.Duration;

/**
 * How an account's files are fetched.
 *
 * @param account whose they are
 * @param document what they hold
 * @param folder where they lie
 * @param patterns which are meant, with commas between them
 * @param settledAfter how long one has to stand still
 * @param unfinishedAfter how long one without its end is waited for
 * @param then what becomes of one that was taken
 * @param archive where those that are kept go
 * @param largest bytes of the largest that is taken
 */
public record FetchPlan(
    String account,
    String document,
    String folder,
    String patterns,
    Duration settledAfter,
    Duration unfinishedAfter,
    Then then,
    String archive,
    int largest) {
  /** What becomes of a file that was taken. */
  public enum Then {
    /** Moved to the archive. */
    ARCHIVE,
    /** Deleted. */
    DELETE,
    /** Left where it lies, and remembered for as long as it does. */
    LEAVE
  }
}
