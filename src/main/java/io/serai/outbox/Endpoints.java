package io.serai.outbox;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.support.OwnConnection;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How each destination stands: paused, or its breaker open. An outage belongs to the endpoint, not
 * to the items: while it lasts nothing is tried and nothing is counted.
 *
 * <p>The state is shared through the table {@code endpoint}; each replica sees a change of another
 * within a second. Gap: in that second a replica may still try.
 */
public final class Endpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final int MIN_CALLS = 20;
  private static final Duration OPEN_FIRST = Duration.ofSeconds(5);
  private static final Duration OPEN_MOST = Duration.ofMinutes(5);
  private static final int PROBES = 5;
  private static final Duration RAMP = Duration.ofMinutes(2);
  private static final Duration AUTH_PAUSE = Duration.ofSeconds(60);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);
  static final Duration MOST_PAUSE = Duration.ofHours(1);

  /** How an endpoint stands now. */
  public record Status(
      String name,
      String breaker,
      Instant breakerUntil,
      Instant pausedUntil,
      String pauseKind,
      String sentence) {}

  private static final class Endpoint {
    final String name;
    Instant pausedUntil;
    String pauseKind;
    String sentence;
    String breaker = "CLOSED";
    Instant breakerUntil;
    int openedCount;
    Instant rampFrom;
    int probes;
    int probesPassed;
    Instant windowFrom = Instant.EPOCH;
    int calls;
    int failures;
    double perSecond = 50;
    Instant rateFrom = Instant.EPOCH;
    int rateCalls;
    boolean dirty;

    Endpoint(String name) {
      this.name = name;
    }
  }

  private final OwnConnection connection;
  private final Clock clock;
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<String, Destination> limited = new ConcurrentHashMap<>();
  private volatile Limiter limiter = Limiter.UNLIMITED;
  private Instant refreshedAt = Instant.EPOCH;

  Endpoints(OwnConnection.Source source, Clock clock) {
    this.connection = new OwnConnection(source);
    this.clock = clock;
  }

  /** Sets what limits the rate of destinations that have one. */
  public void limitBy(Limiter limiter) {
    this.limiter = limiter;
    limited.values().forEach(limiter::describe);
  }

  void describe(Destination destination) {
    if (destination.rate() > 0) {
      limited.put(destination.name(), destination);
      limiter.describe(destination);
    }
  }

  private Endpoint get(String name) {
    return endpoints.computeIfAbsent(name, Endpoint::new);
  }

  /**
   * Whether deliveries may be handed on without asking again: healthy, not ramping, not limited.
   */
  boolean open(String name, int deliveries) {
    var endpoint = get(name);
    synchronized (endpoint) {
      if (!"CLOSED".equals(endpoint.breaker)
          || endpoint.pausedUntil != null
          || endpoint.rampFrom != null) {
        return false;
      }
    }
    return !limited.containsKey(name) || limiter.take(name, deliveries) == deliveries;
  }

  /** How many attempts may be claimed for it now. */
  int permits(String name) {
    var endpoint = get(name);
    var now = clock.instant();
    int most;
    synchronized (endpoint) {
      if (endpoint.pausedUntil != null && now.isBefore(endpoint.pausedUntil)) {
        return 0;
      }
      if (endpoint.pausedUntil != null) {
        endpoint.pausedUntil = null;
        endpoint.pauseKind = null;
        endpoint.sentence = null;
        endpoint.dirty = true;
      }
      most =
          switch (endpoint.breaker) {
            case "OPEN" -> {
              if (now.isBefore(endpoint.breakerUntil)) {
                yield 0;
              }
              endpoint.breaker = "HALF_OPEN";
              endpoint.probes = 0;
              endpoint.probesPassed = 0;
              endpoint.dirty = true;
              yield 1;
            }
            case "HALF_OPEN" -> (endpoint.probesPassed == 0 ? 1 : PROBES) - endpoint.probes;
            default -> ramp(endpoint, now);
          };
    }
    return most <= 0 || !limited.containsKey(name) ? most : limiter.take(name, Math.min(most, 200));
  }

  // After an outage from a tenth of the pace to all of it, in two minutes.
  private static int ramp(Endpoint endpoint, Instant now) {
    if (endpoint.rampFrom == null) {
      return Integer.MAX_VALUE;
    }
    var share = (double) Duration.between(endpoint.rampFrom, now).toMillis() / RAMP.toMillis();
    if (share >= 1) {
      endpoint.rampFrom = null;
      endpoint.dirty = true;
      return Integer.MAX_VALUE;
    }
    return Math.max(1, (int) (200 * Math.max(0.1, share)));
  }

  /** Counts attempts that were claimed. */
  void took(String name, int attempts) {
    var endpoint = get(name);
    synchronized (endpoint) {
      if ("HALF_OPEN".equals(endpoint.breaker)) {
        endpoint.probes += attempts;
      }
    }
  }

  /** An attempt that was claimed was not made: it says nothing and is no probe. */
  void untried(String name) {
    var endpoint = get(name);
    synchronized (endpoint) {
      endpoint.probes = Math.max(0, endpoint.probes - 1);
    }
  }

  /** What half a lease can send at the pace seen lately. */
  int halfLease(String name, Duration lease) {
    var endpoint = get(name);
    synchronized (endpoint) {
      return (int) Math.max(64, endpoint.perSecond * lease.toSeconds() / 2);
    }
  }

  /** Learns from an outcome. Only what says that the endpoint is ill counts against it. */
  void saw(String name, Outcome outcome) {
    var endpoint = get(name);
    var now = clock.instant();
    var failure = outcome instanceof Outcome.Failed failed ? failed.failure() : null;
    synchronized (endpoint) {
      pace(endpoint, now);
      if (failure != null
          && (failure.kind() == FailureKind.THROTTLED || failure.kind() == FailureKind.AUTH)) {
        pause(endpoint, failure, now);
        endpoint.probes = Math.max(0, endpoint.probes - 1);
        return;
      }
      var ill =
          failure != null
              && (failure.kind() == FailureKind.TRANSIENT
                  || failure.kind() == FailureKind.UNKNOWN_OUTCOME);
      if ("HALF_OPEN".equals(endpoint.breaker)) {
        probed(endpoint, ill, failure, now);
      } else {
        count(endpoint, ill, failure, now);
      }
    }
  }

  private static void pace(Endpoint endpoint, Instant now) {
    endpoint.rateCalls++;
    var millis = Duration.between(endpoint.rateFrom, now).toMillis();
    if (millis >= 1_000) {
      if (millis < 10_000) {
        endpoint.perSecond =
            0.7 * endpoint.perSecond + 0.3 * (endpoint.rateCalls * 1_000.0 / millis);
      }
      endpoint.rateFrom = now;
      endpoint.rateCalls = 0;
    }
  }

  private static void pause(Endpoint endpoint, Failure failure, Instant now) {
    var wait =
        failure.retryAfter() != null
            ? failure.retryAfter()
            : failure.kind() == FailureKind.AUTH ? AUTH_PAUSE : Duration.ofSeconds(5);
    wait =
        wait.compareTo(LEAST_PAUSE) < 0
            ? LEAST_PAUSE
            : wait.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : wait;
    var until = now.plus(wait);
    if (endpoint.pausedUntil == null || until.isAfter(endpoint.pausedUntil)) {
      endpoint.pausedUntil = until;
      endpoint.pauseKind = failure.kind().name();
      endpoint.sentence = failure.sentence();
      endpoint.dirty = true;
    }
  }

  private static void probed(Endpoint endpoint, boolean ill, Failure failure, Instant now) {
    endpoint.probes = Math.max(0, endpoint.probes - 1);
    if (ill) {
      open(endpoint, failure, now);
    } else if (++endpoint.probesPassed > PROBES) {
      endpoint.breaker = "CLOSED";
      endpoint.breakerUntil = null;
      endpoint.openedCount = 0;
      endpoint.sentence = null;
      endpoint.rampFrom = now;
      endpoint.calls = 0;
      endpoint.failures = 0;
      endpoint.windowFrom = now;
      endpoint.dirty = true;
    }
  }

  private static void count(Endpoint endpoint, boolean ill, Failure failure, Instant now) {
    if (Duration.between(endpoint.windowFrom, now).compareTo(WINDOW) > 0) {
      endpoint.windowFrom = now;
      endpoint.calls = 0;
      endpoint.failures = 0;
    }
    endpoint.calls++;
    endpoint.failures += ill ? 1 : 0;
    if (ill
        && endpoint.calls >= MIN_CALLS
        && endpoint.failures * 2 >= endpoint.calls
        && "CLOSED".equals(endpoint.breaker)) {
      open(endpoint, failure, now);
    }
  }

  private static void open(Endpoint endpoint, Failure failure, Instant now) {
    var millis =
        Math.min(OPEN_MOST.toMillis(), OPEN_FIRST.toMillis() << Math.min(endpoint.openedCount, 10));
    endpoint.breaker = "OPEN";
    endpoint.breakerUntil = now.plusMillis(millis);
    endpoint.openedCount++;
    endpoint.sentence = failure.sentence();
    endpoint.dirty = true;
    LOG.warn(
        "'{}' is not tried until {}: {}", endpoint.name, endpoint.breakerUntil, failure.sentence());
  }

  /** How all endpoints stand. */
  public List<Status> statuses() {
    var all = new ArrayList<Status>();
    endpoints
        .values()
        .forEach(
            e -> {
              synchronized (e) {
                all.add(
                    new Status(
                        e.name, e.breaker, e.breakerUntil, e.pausedUntil, e.pauseKind, e.sentence));
              }
            });
    return all;
  }

  /** Ends a pause or an open breaker, as when the cause was corrected. */
  public void resume(String name) {
    var endpoint = get(name);
    synchronized (endpoint) {
      endpoint.pausedUntil = null;
      endpoint.pauseKind = null;
      if ("OPEN".equals(endpoint.breaker)) {
        endpoint.breakerUntil = clock.instant();
      }
      endpoint.dirty = true;
    }
  }

  /** Writes what changed here and reads what changed elsewhere, at most once a second. */
  void refresh() throws SQLException {
    var now = clock.instant();
    if (Duration.between(refreshedAt, now).toMillis() < 1_000) {
      return;
    }
    refreshedAt = now;
    var changed = new ArrayList<Endpoint>();
    for (var endpoint : endpoints.values()) {
      synchronized (endpoint) {
        if (endpoint.dirty) {
          changed.add(endpoint);
          endpoint.dirty = false;
        }
      }
    }
    for (var endpoint : changed) {
      write(endpoint);
    }
    connection.run(
        c -> {
          try (var statement = c.createStatement();
              var rows =
                  statement.executeQuery(
                      "SELECT name, paused_until, pause_kind, pause_sentence, breaker, breaker_until, opened_count, ramp_from FROM endpoint")) {
            while (rows.next()) {
              var endpoint = get(rows.getString(1));
              synchronized (endpoint) {
                if (!endpoint.dirty) {
                  endpoint.pausedUntil = instant(rows.getTimestamp(2));
                  endpoint.pauseKind = rows.getString(3);
                  endpoint.sentence = rows.getString(4);
                  endpoint.breaker = rows.getString(5);
                  endpoint.breakerUntil = instant(rows.getTimestamp(6));
                  endpoint.openedCount = rows.getInt(7);
                  endpoint.rampFrom = instant(rows.getTimestamp(8));
                }
              }
            }
          }
          return null;
        });
  }

  private void write(Endpoint endpoint) throws SQLException {
    Object[] values;
    synchronized (endpoint) {
      values =
          new Object[] {
            endpoint.name,
            endpoint.pausedUntil,
            endpoint.pauseKind,
            endpoint.sentence,
            endpoint.breaker,
            endpoint.breakerUntil,
            endpoint.openedCount,
            endpoint.rampFrom
          };
    }
    connection.run(
        c -> {
          new Statements()
              .add(
                  """
                  INSERT INTO endpoint (name, paused_until, pause_kind, pause_sentence, breaker, breaker_until, opened_count, ramp_from)
                  VALUES (?, ?::timestamptz, ?, ?, ?, ?::timestamptz, ?, ?::timestamptz)
                  ON CONFLICT (name) DO UPDATE SET paused_until = excluded.paused_until, pause_kind = excluded.pause_kind,
                    pause_sentence = excluded.pause_sentence, breaker = excluded.breaker, breaker_until = excluded.breaker_until,
                    opened_count = excluded.opened_count, ramp_from = excluded.ramp_from, version = endpoint.version + 1""",
                  values)
              .execute(c);
          return null;
        });
  }

  private static Instant instant(Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  @Override
  public void close() {
    connection.close();
  }
}
