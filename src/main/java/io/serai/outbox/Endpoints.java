package io.serai.outbox;

import io.serai.support.OwnConnection;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How each destination stands: paused, its breaker open, on its way back, or well. An outage
 * belongs to the endpoint, not to the items: while it lasts nothing is tried and nothing is
 * counted.
 *
 * <p>Guarantee: what replicas learn is merged in the table {@code endpoint}: the longest pause
 * holds, one replica at a time may probe, and a breaker transition judged by an older state than
 * the table's is dropped. Gap: a replica sees a change of another within a second, and may try in
 * that second.
 */
public final class Endpoints implements AutoCloseable {
  /** How long the way back after an outage takes. */
  public static final Duration RAMP = Ramp.LENGTH;

  static final Duration MOST_PAUSE = Duration.ofHours(1);
  private static final Duration TELL_EVERY = Duration.ofSeconds(1);

  /** Of closing maintenance windows, how many at a time: what else is told must not wait long. */
  private static final int STEPS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

  /**
   * How an endpoint stands now, as this replica sees it.
   *
   * @param breaker CLOSED, OPEN or HALF_OPEN
   * @param breakerUntil when an open breaker is probed
   * @param pausedUntil null when it is not paused
   * @param sentence why it is left alone, is paused or its breaker is open
   * @param maintainedUntil until when people said to leave it alone, or null
   * @param share of its pace that it gets, 1 but for the two minutes after an outage
   * @param draining whether what an outage left behind is still being sent
   * @param retryTokens how many retries it may be sent now
   */
  public record Status(
      String name,
      String breaker,
      Instant breakerUntil,
      Instant pausedUntil,
      String pauseKind,
      String sentence,
      Instant maintainedUntil,
      double share,
      boolean draining,
      double retryTokens) {}

  private final OwnConnection connection;
  private final Clock clock;
  private final String owner;
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final Set<String> limited = ConcurrentHashMap.newKeySet();
  private final Map<String, Destination> described = new ConcurrentHashMap<>();
  private volatile Limiter limiter = Limiter.UNLIMITED;
  private Instant refreshedAt = Instant.EPOCH;

  Endpoints(OwnConnection.Source source, Clock clock, String owner) {
    this.connection = new OwnConnection(source);
    this.clock = clock;
    this.owner = owner;
  }

  void limitBy(Limiter limiter) {
    this.limiter = limiter;
    described.values().forEach(limiter::describe);
  }

  void describe(Destination destination) {
    described.put(destination.name(), destination);
    var endpoint = get(destination.name());
    synchronized (endpoint) {
      endpoint.describe(destination);
    }
    limiter.describe(destination);
    if (destination.rate() == null) {
      limited.remove(destination.name());
    } else {
      limited.add(destination.name());
    }
  }

  private Endpoint get(String name) {
    return endpoints.computeIfAbsent(name, Endpoint::new);
  }

  /** Whether deliveries may be handed on without asking again. Never waits. */
  boolean open(String name, int deliveries) {
    var endpoint = get(name);
    synchronized (endpoint) {
      if (!endpoint.healthy(clock.instant())) {
        return false;
      }
    }
    return !limited.contains(name) || limiter.has(name, deliveries);
  }

  /** Whether it declares a rate. */
  boolean isLimited(String name) {
    return limited.contains(name);
  }

  /** Whether people said that it is left alone now. */
  boolean maintained(String name) {
    var endpoint = endpoints.get(name);
    return endpoint != null && endpoint.mayBeMaintained() && endpoint.maintained(clock.instant());
  }

  /** A delivery that nobody tried before was handed on without being claimed. */
  void handedOn(String name) {
    var endpoint = get(name);
    synchronized (endpoint) {
      endpoint.budget.firstTries(1);
    }
    if (limited.contains(name)) {
      limiter.charge(name, 1);
    }
  }

  /** As the other, when nothing hurries. */
  List<Delivery> claim(String name, int places, Turns.Claim claim) throws SQLException {
    return claim(name, places, limit -> List.of(), claim);
  }

  /**
   * Claims what may be tried now, in so many free places, and counts it: what hurries, and then
   * whose turn it is. Called by one thread, and may wait for the database.
   */
  List<Delivery> claim(String name, int places, Permitted hurried, Turns.Claim claim)
      throws SQLException {
    var endpoint = get(name);
    var now = clock.instant();
    var claimed =
        permitted(
            endpoint,
            now,
            places,
            permits -> {
              var first = hurried.claim(permits);
              if (first.size() == permits) {
                return first;
              }
              var all = new ArrayList<>(first);
              try {
                all.addAll(Turns.take(endpoint, now, permits - first.size(), claim));
              } catch (SQLException e) {
                if (first.isEmpty()) {
                  throw e;
                }
              }
              return all;
            });
    var retries = (int) claimed.stream().filter(d -> d.attempt() > 0).count();
    synchronized (endpoint) {
      endpoint.budget.retries(retries);
      endpoint.budget.firstTries(claimed.size() - retries);
    }
    return claimed;
  }

  /** Claims what was being sent when its node stopped; it is no retry. */
  List<Delivery> claimLapsed(String name, int places, Permitted claim) throws SQLException {
    return permitted(get(name), clock.instant(), places, claim);
  }

  /** Claims as many as there are permits for. */
  @FunctionalInterface
  interface Permitted {
    List<Delivery> claim(int limit) throws SQLException;
  }

  private List<Delivery> permitted(Endpoint endpoint, Instant now, int places, Permitted claim)
      throws SQLException {
    var name = endpoint.name;
    var permits = permits(endpoint, now, places);
    if (permits > 0 && limited.contains(name)) {
      permits = limiter.take(name, permits);
    }
    if (permits <= 0) {
      return List.of();
    }
    List<Delivery> claimed = List.of();
    try {
      claimed = claim.claim(permits);
    } finally {
      if (limited.contains(name)) {
        limiter.used(name, permits, claimed.size());
      }
    }
    synchronized (endpoint) {
      endpoint.took(claimed.size());
    }
    return claimed;
  }

  private int permits(Endpoint endpoint, Instant now, int places) throws SQLException {
    Instant until;
    synchronized (endpoint) {
      if (!endpoint.wantsProbe(now)) {
        return endpoint.permits(now, places);
      }
      until = endpoint.nextProbeUntil(now);
    }
    var grant = connection.run(c -> EndpointStore.grant(c, endpoint.name, owner, until, now));
    synchronized (endpoint) {
      if (grant == null) {
        return 0;
      }
      endpoint.probesHere(grant.version(), grant.passed(), until);
      return endpoint.permits(now, places);
    }
  }

  /** An attempt that was claimed was not made: it says nothing and is no probe. */
  void untried(String name) {
    var endpoint = get(name);
    synchronized (endpoint) {
      endpoint.untried();
    }
  }

  /** What half a lease can send at the pace seen lately. */
  int halfLease(String name, Duration lease) {
    var endpoint = get(name);
    synchronized (endpoint) {
      return (int) Math.max(64, endpoint.perSecond() * lease.toSeconds() / 2);
    }
  }

  /** Learns from an outcome. */
  void saw(String name, Outcome outcome) {
    var endpoint = get(name);
    var failure = outcome instanceof Outcome.Failed failed ? failed.failure() : null;
    synchronized (endpoint) {
      endpoint.saw(failure, clock.instant());
    }
  }

  /** How all endpoints stand. */
  public List<Status> statuses() {
    var now = clock.instant();
    return endpoints.values().stream().map(e -> status(e, now)).toList();
  }

  /** How one endpoint stands. */
  public Status status(String name) {
    return status(get(name), clock.instant());
  }

  private static Status status(Endpoint endpoint, Instant now) {
    synchronized (endpoint) {
      return endpoint.status(now);
    }
  }

  /**
   * Ends a pause and makes an open breaker be probed, as when the cause was corrected. Holds here
   * at once and elsewhere within a second.
   */
  public void resume(String name) {
    var endpoint = get(name);
    synchronized (endpoint) {
      endpoint.resume(clock.instant());
    }
  }

  private record Told(
      Endpoint endpoint,
      Instant resumed,
      Endpoint.Pause pause,
      Endpoint.Change change,
      Endpoint.Counts counts) {}

  /** Tells what was learned here and reads what was learned elsewhere, at most once a second. */
  void refresh() throws SQLException {
    var now = clock.instant();
    if (Duration.between(refreshedAt, now).compareTo(TELL_EVERY) < 0) {
      return;
    }
    refreshedAt = now;
    var told = new ArrayList<Told>();
    var statements = new Statements();
    // In the order of the key, so that two replicas never wait for each other.
    endpoints.values().stream()
        .sorted(Comparator.comparing(e -> e.name))
        .forEach(endpoint -> told.add(tell(endpoint, statements, now)));
    try {
      if (!statements.isEmpty()) {
        connection.run(
            c -> {
              statements.inTransaction(c);
              return null;
            });
      }
    } catch (SQLException | RuntimeException e) {
      for (var one : told) {
        synchronized (one.endpoint()) {
          one.endpoint().keep(one.resumed(), one.pause(), one.change(), one.counts());
        }
      }
      throw e;
    }
    for (var one : told) {
      synchronized (one.endpoint()) {
        one.endpoint().budget.told(one.counts().retryTokens());
      }
    }
    // Before the endpoints: whoever sees that a window is closed also sees the way back from it.
    var windows = windows(now);
    var shared = connection.run(EndpointStore::all);
    windows.keySet().forEach(this::get);
    shared.keySet().forEach(this::get);
    for (var endpoint : endpoints.values()) {
      synchronized (endpoint) {
        if (shared.containsKey(endpoint.name)) {
          endpoint.read(shared.get(endpoint.name), now);
        }
        endpoint.follow(windows.getOrDefault(endpoint.name, List.of()));
      }
    }
  }

  // What waits for a window that is over waits a little longer when it cannot be closed now; what
  // else is learned of endpoints does not wait for that.
  private Map<String, List<MaintenanceStore.Held>> windows(Instant now) throws SQLException {
    var open = connection.run(MaintenanceStore::open);
    if (open.values().stream().flatMap(List::stream).allMatch(w -> now.isBefore(w.over()))) {
      return open;
    }
    try {
      var steps = 0;
      while (connection.run(c -> MaintenanceStore.close(c, now)) && ++steps < STEPS) {
        LOG.debug("What waited for a maintenance window gets its time back, step {}.", steps);
      }
    } catch (SQLException e) {
      LOG.warn(
          "A maintenance window that is over could not be closed, so its destination is left alone a little longer; it is tried again at once. {}",
          e.getMessage());
      return open;
    }
    return connection.run(MaintenanceStore::open);
  }

  private static Told tell(Endpoint endpoint, Statements statements, Instant now) {
    synchronized (endpoint) {
      var told =
          new Told(
              endpoint,
              endpoint.takeResumed(),
              endpoint.takePause(),
              endpoint.takeChange(),
              endpoint.takeCounts());
      if (told.resumed() != null) {
        EndpointStore.resume(statements, endpoint.name, told.resumed());
      }
      if (told.pause() != null) {
        EndpointStore.pause(statements, endpoint.name, told.pause());
      }
      if (told.change() != null) {
        EndpointStore.change(statements, endpoint.name, told.change());
      }
      if (!told.counts().none()) {
        EndpointStore.counts(statements, endpoint.name, told.counts(), now);
      }
      return told;
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
