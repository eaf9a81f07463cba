package io.serai.outbox;

import java.time.Duration;
import java.time.Instant;

/**
 * How many retries an endpoint may be sent: a tenth of its first tries and one a second, with a
 * hundred in hand. When it is used up retries wait and first tries go on, so that a partner that
 * fails half of what it is asked is not asked for all of that again and again.
 *
 * <p>The sum is shared; this is one replica's view of it: what was read last and what this replica
 * earned and spent since. Gap: for about a second replicas may spend the same tokens.
 */
final class RetryBudget {
  static final double MOST = 100;
  private static final double PER_FIRST_TRY = 0.1;
  static final double PER_SECOND = 1;

  private double tokens = MOST;
  private Instant at;
  private double change;

  /** Replaces what was read last; what was earned and spent here since is still to come. */
  void read(double tokens, Instant at) {
    this.tokens = tokens;
    this.at = at;
  }

  void firstTries(int count) {
    if (tokens + change < MOST) {
      change += PER_FIRST_TRY * count;
    }
  }

  void retries(int count) {
    change -= count;
  }

  /** What is there now. */
  double tokens(Instant now) {
    var seconds = at == null || now.isBefore(at) ? 0 : Duration.between(at, now).toMillis() / 1e3;
    return Math.min(MOST, tokens + seconds * PER_SECOND + change);
  }

  /** What has to be told to the others: nothing while the budget is full. */
  double untold() {
    return change > 0 && tokens >= MOST ? 0 : change;
  }

  /** It was told to the others, and comes back with the next reading. */
  void told(double change) {
    this.change -= change;
    this.tokens += change;
  }
}
