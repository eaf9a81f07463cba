package io.serai.inbox;

import java.time.Duration;

/**
 * The inbox cannot take anything now and says so before it has taken it: the sender keeps the
 * document and tries again. Nothing was stored, or it is unknown whether it was and the sender's
 * second try meets the unique key.
 */
public final class IntakeRefused extends RuntimeException {
  private final transient Duration retryAfter;

  /** A refusal with its reason and the time after which another try makes sense. */
  public IntakeRefused(String sentence, Duration retryAfter) {
    super(sentence);
    this.retryAfter = retryAfter;
  }

  /** When to try again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
