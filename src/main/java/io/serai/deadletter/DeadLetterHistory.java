package io.serai.deadletter;

import java.time.Instant;
import java.util.List;

/**
 * One dead letter with everything that went wrong with it.
 *
 * @param deadLetter as it is now
 * @param failures all recorded, oldest first
 * @param waitingBehind how many of its lane wait for it
 */
public record DeadLetterHistory(
    DeadLetter deadLetter, List<PastFailure> failures, int waitingBehind) {
  /**
   * One failure of the past.
   *
   * @param kind name of its kind
   * @param sentence what happened
   * @param route where, or null
   * @param step the step, or null
   * @param evidence what the partner answered, masked, or null
   * @param attempt which attempt it was
   * @param occurredAt when
   */
  public record PastFailure(
      String kind,
      String sentence,
      String route,
      String step,
      String evidence,
      int attempt,
      Instant occurredAt) {}
}
