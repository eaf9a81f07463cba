package io.serai.outbox;

import java.time.Duration;
import java.time.Instant;

/**
 * The way back after an outage: from a tenth of the usual pace to all of it in two minutes, and
 * until what was left behind is sent, three of ten places kept for what came since.
 *
 * <p>The start is shared by all replicas; the pace is what each one saw last, and the declared rate
 * at most. Gap: a replica that saw nothing lately assumes 50 a second.
 */
final class Ramp {
  static final Duration LENGTH = Duration.ofMinutes(2);
  private static final double FIRST_SHARE = 0.1;
  private static final double NEW_SHARE = 0.3;

  private Instant from;
  private double perSecond;
  private double permits;
  private Instant permitsAt;
  private double newCredit;
  private boolean drained;

  /** Follows the shared start; the same start again changes nothing. */
  void follow(Instant start, double perSecond) {
    if (start == null ? from == null : start.equals(from)) {
      return;
    }
    from = start;
    drained = start == null;
    this.perSecond = perSecond;
    permits = 1;
    permitsAt = start;
    newCredit = 0;
  }

  /** Since when what is owed counts as new, or null when nothing is left from before. */
  Instant newSince() {
    return drained ? null : from;
  }

  /** The share of its pace that the endpoint gets now. */
  double share(Instant now) {
    if (from == null) {
      return 1;
    }
    var part = (double) Duration.between(from, now).toMillis() / LENGTH.toMillis();
    return Math.min(1, Math.max(FIRST_SHARE, part));
  }

  private boolean limits(Instant now) {
    return from != null && now.isBefore(from.plus(LENGTH));
  }

  /** How many attempts may be made now, of so many. */
  int room(Instant now, int wanted) {
    if (!limits(now)) {
      return wanted;
    }
    var pace = share(now) * perSecond;
    if (now.isAfter(permitsAt)) {
      var seconds = Duration.between(permitsAt, now).toMillis() / 1e3;
      permits = Math.min(Math.max(1, pace), permits + seconds * pace);
      permitsAt = now;
    }
    return Math.min(wanted, (int) permits);
  }

  /** Attempts were begun. */
  void took(int attempts) {
    permits -= attempts;
  }

  /** How many of so many places new ones get before the old ones. */
  int keptForNew(int places) {
    newCredit = Math.min(newCredit + NEW_SHARE * places, 1 + NEW_SHARE * places);
    return Math.min(places, (int) newCredit);
  }

  /** So many places went to new ones first. */
  void tookNew(int attempts) {
    newCredit = Math.max(0, newCredit - attempts);
  }

  /** Nothing from before is left that could be sent now. */
  void nothingOld(Instant now) {
    if (!limits(now)) {
      drained = true;
    }
  }
}
