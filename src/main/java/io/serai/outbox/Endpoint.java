package io.serai.outbox;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint as this replica sees it: what all replicas share, as read last, and what this one
 * learned since and has not told yet. What it learns holds here at once.
 *
 * <p>A breaker transition is told with the version it was judged by; when another replica was
 * first, it is dropped and the other's is read. All methods but those of maintenance are called
 * with the monitor held.
 */
final class Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final int MIN_CALLS = 20;
  private static final Duration OPEN_FIRST = Duration.ofSeconds(5);
  private static final Duration OPEN_MOST = Duration.ofMinutes(5);
  private static final int PROBES = 5;
  private static final Duration AUTH_PAUSE = Duration.ofSeconds(60);
  private static final Duration THROTTLED_PAUSE = Duration.ofSeconds(5);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
  private static final double LEAST_PACE = 50;

  /** Whether it is asked, left alone, or tried carefully. */
  enum Breaker {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /** The endpoint's row. */
  record Shared(
      long version,
      Instant pausedUntil,
      String pauseKind,
      String pauseSentence,
      Breaker breaker,
      Instant breakerUntil,
      String breakerSentence,
      int openedCount,
      Instant probeUntil,
      int probesPassed,
      Instant rampFrom,
      Instant windowFrom,
      int windowCalls,
      int windowFailures,
      double retryTokens,
      Instant retryAt) {}

  /** A pause that was asked for. */
  record Pause(Instant until, String kind, String sentence, Instant seenAt) {}

  /** Calls, failures and retry tokens since the last telling. */
  record Counts(long version, int calls, int failures, double retryTokens) {
    boolean none() {
      return calls == 0 && retryTokens == 0;
    }
  }

  /** A breaker transition, and the version it was judged by. */
  sealed interface Change {
    long version();
  }

  /** It fails: leave it alone until then. */
  record Opened(long version, Instant until, int openedCount, String sentence) implements Change {}

  /** A probe passed, and the right to probe is kept until then. */
  record Probed(long version, int passed, Instant until) implements Change {}

  /** All probes passed. */
  record Closed(long version, Instant rampFrom) implements Change {}

  final String name;
  final RetryBudget budget = new RetryBudget();
  final Ramp ramp = new Ramp();
  private Duration probeTerm = Duration.ofSeconds(30);

  // shared
  private long version;
  private Instant pausedUntil;
  private String pauseKind;
  private String pauseSentence;
  private Breaker breaker = Breaker.CLOSED;
  private Instant breakerUntil;
  private String breakerSentence;
  private int openedCount;
  private Instant probeUntil;
  private int probesPassed;

  // ours
  private boolean mayProbe;
  private int probes;
  private Change change;
  private Pause pause;
  private Instant resumed;
  private Instant windowFrom = Instant.EPOCH;
  private int calls;
  private int failures;
  private int callsUntold;
  private int failuresUntold;
  private boolean othersFail;
  private volatile List<MaintenanceStore.Held> windows = List.of();
  private double perSecond = LEAST_PACE;
  private double healthyPerSecond = LEAST_PACE;
  private double declaredPerSecond;
  private Instant paceFrom = Instant.EPOCH;
  private int paceCalls;
  private boolean paceIll;

  Endpoint(String name) {
    this.name = name;
  }

  void describe(Destination destination) {
    probeTerm = destination.call().multipliedBy(2).plusSeconds(5);
    declaredPerSecond = destination.rate() == null ? 0 : destination.rate().perSecond();
  }

  /** Neither paused nor failing nor on its way back: nobody needs to be asked before a try. */
  boolean healthy(Instant now) {
    return breaker == Breaker.CLOSED && !paused(now) && !maintained(now) && ramp.newSince() == null;
  }

  /** Whether people said that it is left alone now. One whose time is over holds until closed. */
  boolean maintained(Instant now) {
    for (var window : windows) {
      if (!now.isBefore(window.from())) {
        return true;
      }
    }
    return false;
  }

  /** Whether any window is known. */
  boolean mayBeMaintained() {
    return !windows.isEmpty();
  }

  /** Follows the windows that are not closed yet. */
  void follow(List<MaintenanceStore.Held> windows) {
    this.windows = windows;
  }

  private MaintenanceStore.Held window(Instant now) {
    return windows.stream()
        .filter(window -> !now.isBefore(window.from()))
        .max(Comparator.comparing(MaintenanceStore.Held::over))
        .orElse(null);
  }

  private boolean paused(Instant now) {
    return pausedUntil != null && now.isBefore(pausedUntil);
  }

  /** How many attempts may be made now, of so many. */
  int permits(Instant now, int wanted) {
    if (paused(now) || maintained(now)) {
      return 0;
    }
    return switch (breaker) {
      case CLOSED -> ramp.room(now, wanted);
      case OPEN -> 0;
      case HALF_OPEN ->
          mayProbe && now.isBefore(probeUntil)
              ? Math.max(0, Math.min(wanted, (probesPassed == 0 ? 1 : PROBES) - probes))
              : 0;
    };
  }

  /** Whether nobody probes although it is time to. */
  boolean wantsProbe(Instant now) {
    return !paused(now)
        && !maintained(now)
        && change == null
        && (breaker == Breaker.OPEN && (breakerUntil == null || !now.isBefore(breakerUntil))
            || breaker == Breaker.HALF_OPEN && (probeUntil == null || !now.isBefore(probeUntil)));
  }

  Instant nextProbeUntil(Instant now) {
    return now.plus(probeTerm);
  }

  /** This replica, and no other, probes. */
  void probesHere(long version, int passed, Instant until) {
    this.version = version;
    breaker = Breaker.HALF_OPEN;
    probeUntil = until;
    probesPassed = passed;
    mayProbe = true;
    probes = 0;
  }

  void took(int attempts) {
    if (breaker == Breaker.HALF_OPEN) {
      probes += attempts;
    } else {
      ramp.took(attempts);
    }
  }

  void untried() {
    probes = Math.max(0, probes - 1);
  }

  double perSecond() {
    return perSecond;
  }

  /**
   * Learns from an outcome. Only what says that the endpoint is ill counts against it, and nothing
   * that it said when it was to be left alone.
   */
  void saw(Failure failure, Instant now) {
    if (maintained(now)) {
      untried();
      return;
    }
    if (failure != null
        && (failure.kind() == FailureKind.THROTTLED || failure.kind() == FailureKind.AUTH)) {
      pause(failure, now);
      untried();
      return;
    }
    var ill =
        failure != null
            && (failure.kind() == FailureKind.TRANSIENT
                || failure.kind() == FailureKind.UNKNOWN_OUTCOME);
    pace(ill, now);
    if (breaker == Breaker.HALF_OPEN) {
      probed(ill, failure, now);
    } else if (breaker == Breaker.CLOSED) {
      count(ill, failure, now);
    }
  }

  private void pace(boolean ill, Instant now) {
    paceCalls++;
    paceIll |= ill;
    var millis = Duration.between(paceFrom, now).toMillis();
    if (millis >= 1_000) {
      if (millis < 10_000) {
        perSecond = 0.7 * perSecond + 0.3 * (paceCalls * 1_000.0 / millis);
        if (!paceIll && ramp.newSince() == null) {
          healthyPerSecond = Math.max(LEAST_PACE, perSecond);
        }
      }
      paceFrom = now;
      paceCalls = 0;
      paceIll = false;
    }
  }

  private void pause(Failure failure, Instant now) {
    var auth = failure.kind() == FailureKind.AUTH;
    var wait =
        failure.retryAfter() != null ? failure.retryAfter() : auth ? AUTH_PAUSE : THROTTLED_PAUSE;
    wait =
        wait.compareTo(LEAST_PAUSE) < 0
            ? LEAST_PAUSE
            : wait.compareTo(Endpoints.MOST_PAUSE) > 0 ? Endpoints.MOST_PAUSE : wait;
    var until = now.plus(wait);
    if (pausedUntil == null || until.isAfter(pausedUntil)) {
      pausedUntil = until;
      pauseKind = failure.kind().name();
      pauseSentence = failure.sentence();
      pause = new Pause(until, pauseKind, pauseSentence, now);
    }
  }

  private void probed(boolean ill, Failure failure, Instant now) {
    if (!mayProbe) {
      return; // begun before the breaker opened, or by right of a grant that lapsed
    }
    probes = Math.max(0, probes - 1);
    if (ill) {
      open(failure.sentence(), now);
    } else if (++probesPassed > PROBES) {
      change = new Closed(version, now);
      closed(now);
    } else {
      probeUntil = nextProbeUntil(now);
      change = new Probed(version, probesPassed, probeUntil);
    }
  }

  private void closed(Instant rampFrom) {
    breaker = Breaker.CLOSED;
    breakerUntil = null;
    breakerSentence = null;
    openedCount = 0;
    mayProbe = false;
    ramp.follow(rampFrom, usualPerSecond());
    forget();
  }

  private double usualPerSecond() {
    return declaredPerSecond > 0 ? Math.min(declaredPerSecond, healthyPerSecond) : healthyPerSecond;
  }

  private void forget() {
    windowFrom = Instant.EPOCH;
    calls = 0;
    failures = 0;
    callsUntold = 0;
    failuresUntold = 0;
    othersFail = false;
  }

  private void count(boolean ill, Failure failure, Instant now) {
    if (Duration.between(windowFrom, now).compareTo(WINDOW) > 0) {
      windowFrom = now;
      calls = 0;
      failures = 0;
    }
    calls++;
    callsUntold++;
    failures += ill ? 1 : 0;
    failuresUntold += ill ? 1 : 0;
    if (ill && illByNow()) {
      open(failure.sentence(), now);
    }
  }

  private boolean illByNow() {
    return calls >= MIN_CALLS && failures * 2 >= calls;
  }

  private void open(String sentence, Instant now) {
    var millis = Math.min(OPEN_MOST.toMillis(), OPEN_FIRST.toMillis() << Math.min(openedCount, 10));
    breaker = Breaker.OPEN;
    breakerUntil = now.plusMillis(millis);
    breakerSentence = sentence;
    openedCount++;
    mayProbe = false;
    change = new Opened(version, breakerUntil, openedCount, sentence);
    forget();
    LOG.warn("'{}' is not tried until {}: {}", name, breakerUntil, sentence);
  }

  /** Ends a pause and makes an open breaker be probed, as when the cause was corrected. */
  void resume(Instant now) {
    resumed = now;
    pausedUntil = null;
    pauseKind = null;
    pauseSentence = null;
    pause = null;
    if (breaker == Breaker.OPEN) {
      breakerUntil = now;
    }
  }

  Instant takeResumed() {
    var taken = resumed;
    resumed = null;
    return taken;
  }

  Pause takePause() {
    var taken = pause;
    pause = null;
    return taken;
  }

  Change takeChange() {
    var taken = change;
    change = null;
    return taken;
  }

  /** Successes are told only while somebody sees failures; a full budget is not told at all. */
  Counts takeCounts() {
    var tell = failuresUntold > 0 || othersFail;
    var counts =
        new Counts(version, tell ? callsUntold : 0, tell ? failuresUntold : 0, budget.untold());
    callsUntold = 0;
    failuresUntold = 0;
    return counts;
  }

  /** It could not be told: it is told again. */
  void keep(Instant resumed, Pause pause, Change change, Counts counts) {
    this.resumed = this.resumed == null ? resumed : this.resumed;
    this.pause = this.pause == null ? pause : this.pause;
    this.change = this.change == null ? change : this.change;
    if (counts != null && counts.version() == version && breaker == Breaker.CLOSED) {
      callsUntold += counts.calls();
      failuresUntold += counts.failures();
    }
  }

  /** Follows what all replicas share, except where this one knows something newer. */
  void read(Shared shared, Instant now) {
    budget.read(shared.retryTokens(), shared.retryAt());
    if (resumed == null
        && (pause == null
            || shared.pausedUntil() != null && shared.pausedUntil().isAfter(pause.until()))) {
      pausedUntil = shared.pausedUntil();
      pauseKind = shared.pauseKind();
      pauseSentence = shared.pauseSentence();
    }
    if (change != null || resumed != null) {
      return;
    }
    if (shared.version() != version) {
      forget();
      mayProbe = false;
      probes = 0;
    }
    version = shared.version();
    breaker = shared.breaker();
    breakerUntil = shared.breakerUntil();
    breakerSentence = shared.breakerSentence();
    openedCount = shared.openedCount();
    probeUntil = shared.probeUntil();
    probesPassed = mayProbe ? Math.max(probesPassed, shared.probesPassed()) : shared.probesPassed();
    ramp.follow(shared.rampFrom(), usualPerSecond());
    var current =
        shared.windowFrom() != null
            && Duration.between(shared.windowFrom(), now).compareTo(WINDOW) <= 0;
    othersFail = current && shared.windowFailures() > 0;
    if (othersFail && breaker == Breaker.CLOSED) {
      windowFrom = shared.windowFrom();
      calls = shared.windowCalls() + callsUntold;
      failures = shared.windowFailures() + failuresUntold;
      if (illByNow()) {
        open("Half of what all replicas ask it fails.", now);
      }
    }
  }

  Endpoints.Status status(Instant now) {
    var window = window(now);
    return new Endpoints.Status(
        name,
        breaker.name(),
        breakerUntil,
        paused(now) ? pausedUntil : null,
        paused(now) ? pauseKind : null,
        window != null ? window.reason() : paused(now) ? pauseSentence : breakerSentence,
        window == null ? null : window.over(),
        ramp.share(now),
        ramp.newSince() != null,
        Math.max(0, budget.tokens(now)));
  }
}
