package io.serai.outbox;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.CrashPoint;
import io.serai.support.OwnConnection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is owed: deliveries handed on in memory right after their commit, and by polling those
 * that are due again, that a lane held back or that a crash left behind.
 *
 * <p>Guarantee: a delivery is SENDING in the database before its first byte leaves, and one whose
 * outcome is not known is sent again only under its own key to an operation that honors it, else
 * looked up or parked. Gap: a node that stalls between that write and the socket may still send
 * late; the lease left must exceed the call's deadline right before the send, and the key is the
 * last guard.
 */
public final class Outbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  /** Less than such a part of a destination's places is not worth a look of its own. */
  private static final int FEW = 4;

  /** More lanes than that are not remembered one by one. */
  private static final int MOST_HELD = 50_000;

  /**
   * How the outbox works.
   *
   * @param inMemory deliveries of one destination handed on and not yet ended, at most
   */
  public record Settings(int inMemory, Duration pollEvery, Duration lease) {
    /** 1,000 a destination, one second, one minute. */
    public static final Settings DEFAULT =
        new Settings(1_000, Duration.ofSeconds(1), Duration.ofSeconds(60));
  }

  /**
   * What must have happened before an outcome may be written, such as applying a partner's answer.
   */
  @FunctionalInterface
  public interface BeforeOutcome {
    /**
     * Calls {@code go} once the outcome may be written, or {@code drop} when it must not be: the
     * delivery is then left to its lease. Safe to be asked twice for one delivery.
     */
    void settle(Delivery delivery, Outcome outcome, Runnable go, Runnable drop);
  }

  private static final class Lanes {
    final String name;
    volatile Destination destination;
    final Map<String, OutboxHandler> handlers = new ConcurrentHashMap<>();
    final Map<String, OutboxHandler> lookups = new ConcurrentHashMap<>();
    final AtomicInteger inMemory = new AtomicInteger();
    final AtomicInteger claimed = new AtomicInteger();
    final Queue<Delivery> waiting = new ConcurrentLinkedQueue<>();
    final Set<String> hurried = ConcurrentHashMap.newKeySet();
    // whether more was due at the last look than there was room for
    volatile boolean more;
    volatile Semaphore places;

    Lanes(String name) {
      this.name = name;
      describe(Destination.of(name));
    }

    void describe(Destination destination) {
      this.destination = destination;
      this.places = new Semaphore(destination.inFlight());
    }
  }

  private final OwnConnection polling;
  private final Clock clock;
  private final String owner;
  private final Settings settings;
  private final OutcomeWriter outcomes;
  private final Endpoints endpoints;
  private final BeforeOutcome before;
  private final Map<String, Lanes> destinations = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor senders;

  private record Orphans(List<Long> ids, Instant until) {}

  // Inserts of which nobody knows whether they were committed: what they lease is sent by nobody.
  private final Queue<Orphans> orphans = new ConcurrentLinkedQueue<>();
  private final Semaphore nudges = new Semaphore(0);
  private final Thread poller;
  private volatile boolean started;
  private volatile boolean stopping;
  private volatile boolean closed;

  /**
   * Nothing is sent before {@link #start}.
   *
   * @param owner this node's name in leases
   */
  public Outbox(
      OwnConnection.Source source,
      Clock clock,
      String owner,
      Settings settings,
      BeforeOutcome before) {
    this.polling = new OwnConnection(source);
    this.clock = clock;
    this.owner = owner;
    this.settings = settings;
    this.before = before;
    this.outcomes = new OutcomeWriter(source, clock, name -> lanes(name).destination);
    this.endpoints = new Endpoints(source, clock, owner);
    this.senders =
        new ThreadPoolExecutor(
            4,
            4,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("serai-deliver-", 0).factory());
    this.poller = Thread.ofPlatform().daemon().name("serai-outbox-poll").unstarted(this::poll);
  }

  /** Says how a destination wants to be asked. */
  public void describe(Destination destination) {
    lanes(destination.name()).describe(destination);
    endpoints.describe(destination);
  }

  /** Sets who sends deliveries of a document to a destination; replaces who did before. */
  public void register(String destination, String document, OutboxHandler handler) {
    lanes(destination).handlers.put(document, handler);
    nudge();
  }

  /** Takes a sender away, as when its route is swapped: its deliveries wait for the next one. */
  public void unregister(String destination, String document, OutboxHandler handler) {
    lanes(destination).handlers.remove(document, handler);
  }

  /** Sets who looks up whether a delivery of unknown outcome had its effect. */
  public void registerLookup(String destination, String document, OutboxHandler handler) {
    lanes(destination).lookups.put(document, handler);
    nudge();
  }

  /** Takes a look-up away. */
  public void unregisterLookup(String destination, String document, OutboxHandler handler) {
    lanes(destination).lookups.remove(document, handler);
  }

  /** Sets what limits the rate of destinations that have one; what waits for it is then sent. */
  public void limitBy(Limiter limiter) {
    limiter.whenAvailable(this::nudge);
    endpoints.limitBy(limiter);
  }

  /** Starts sending. What this owner's former life had leased lapses at once. */
  public void start() {
    try {
      var released = polling.run(c -> OutboxStore.releaseAll(c, owner, clock.instant()));
      if (released > 0) {
        LOG.info(
            "{} deliveries that this node was sending when it stopped have an unknown outcome",
            released);
      }
    } catch (SQLException e) {
      LOG.warn("The leases of this node's former life could not be released: {}", e.getMessage());
    }
    started = true;
    poller.start();
  }

  /** Whether so many more deliveries to a destination may be handed on in memory now. */
  public boolean hasRoomFor(String destination, int deliveries) {
    var lanes = destinations.get(destination);
    return started
        && !stopping
        && lanes != null
        && !lanes.handlers.isEmpty()
        && endpoints.open(destination, deliveries)
        && lanes.inMemory.get() + deliveries
            <= Math.min(settings.inMemory(), endpoints.halfLease(destination, settings.lease()));
  }

  /** Sends deliveries that are committed as SENDING and ours, and that nobody tried before. */
  public void handOn(List<Delivery> deliveries) {
    for (var delivery : deliveries) {
      lanes(delivery.destination()).inMemory.incrementAndGet();
      endpoints.handedOn(delivery.destination());
    }
    try {
      senders.execute(() -> deliveries.forEach(this::send));
    } catch (RejectedExecutionException e) {
      deliveries.forEach(this::giveBack);
    }
  }

  /**
   * Deliveries that may have been committed as SENDING and ours while the connection was lost: they
   * were not and will not be handed on, so nothing of them was sent, and they are due as soon as
   * they are seen. A commit that the server still works on may show later: they are looked for
   * until the lease would have ended.
   *
   * @param until the lease they were inserted with
   */
  public void neverHandedOn(List<Long> deliveries, Instant until) {
    orphans.add(new Orphans(List.copyOf(deliveries), until));
    nudge();
  }

  private void releaseOrphans() throws SQLException {
    for (var lost : orphans) {
      var now = clock.instant();
      if (!now.isBefore(lost.until())) {
        orphans.remove(lost);
        continue;
      }
      var released = polling.run(c -> OutboxStore.release(c, owner, lost.ids(), lost.until(), now));
      if (released > 0) {
        LOG.info("{} deliveries whose commit was not heard of are sent now", released);
      }
    }
  }

  /**
   * What is due of a document now goes before all else that is due at the destination. Gap: this
   * node only, and forgotten when it stops: then it is sent in its turn.
   */
  public void hurry(String destination, String document) {
    lanes(destination).hurried.add(document);
    nudge();
  }

  /** Looks for work now instead of at the next poll. */
  public void nudge() {
    if (nudges.availablePermits() == 0) {
      nudges.release();
    }
  }

  /** Deliveries in memory now, over all destinations. */
  public int inMemory() {
    return destinations.values().stream().mapToInt(l -> l.inMemory.get()).sum();
  }

  /** Outcomes that were not written, because another replica had taken their deliveries over. */
  public long refusedByFence() {
    return outcomes.refusedByFence();
  }

  /** The endpoints and how they stand. */
  public Endpoints endpoints() {
    return endpoints;
  }

  private Lanes lanes(String destination) {
    return destinations.computeIfAbsent(destination, Lanes::new);
  }

  private void send(Delivery delivery) {
    if (stopping) {
      giveBack(delivery);
      return;
    }
    var lanes = lanes(delivery.destination());
    lanes.waiting.add(delivery);
    sendWaiting(lanes);
  }

  // No more at a time than the destination bears; whoever ends makes room for the next.
  private void sendWaiting(Lanes lanes) {
    var places = lanes.places;
    while (!lanes.waiting.isEmpty() && places.tryAcquire()) {
      var delivery = lanes.waiting.poll();
      if (delivery == null || !begin(lanes, delivery, places)) {
        places.release();
      }
    }
  }

  private void free(Lanes lanes, Semaphore places) {
    places.release();
    if (!lanes.waiting.isEmpty()) {
      try {
        senders.execute(() -> sendWaiting(lanes));
      } catch (RejectedExecutionException e) {
        // Closing, which sees to what waits.
        LOG.debug("Nothing more is sent to '{}'", lanes.name);
      }
    }
  }

  private void notSent(Delivery delivery, Instant now) {
    endpoints.untried(delivery.destination());
    settle(delivery, new Outcome.Failed(noPlace(delivery)), now);
  }

  // It is due for whoever claims it next, uncounted: that nothing of it was sent is known here
  // alone.
  private void giveBack(Delivery delivery) {
    endpoints.untried(delivery.destination());
    settle(delivery, new Outcome.PutOff(Duration.ZERO), clock.instant());
  }

  // Answers whether it takes a place until its outcome comes.
  private boolean begin(Lanes lanes, Delivery delivery, Semaphore places) {
    if (stopping) {
      giveBack(delivery);
      return false;
    }
    var now = clock.instant();
    if (endpoints.maintained(lanes.name)) {
      // It waits in the database as if nobody had taken it, past its deadline, too.
      giveBack(delivery);
      return false;
    }
    if (now.plus(lanes.destination.call()).isAfter(delivery.leaseUntil())) {
      // Too late to be sure that the answer comes while it is ours. That nothing was sent is known
      // now and would not be once the lease lapsed.
      notSent(delivery, now);
      return false;
    }
    var lookup = delivery.outcomeUnknown() && delivery.repeat() != RepeatMode.IDEMPOTENT;
    var handler = (lookup ? lanes.lookups : lanes.handlers).get(delivery.document());
    if (lookup && (delivery.repeat() == RepeatMode.BLIND || handler == null)) {
      endpoints.untried(delivery.destination());
      settle(delivery, new Outcome.Failed(review(delivery)), now);
      return false;
    }
    if (handler == null) {
      // Ours to correct: it says nothing about the endpoint.
      endpoints.untried(delivery.destination());
      settle(delivery, new Outcome.Failed(noRoute(delivery)), now);
      return false;
    }
    CrashPoint.hit(CrashPoint.BEFORE_SEND, delivery.operation());
    try {
      handler.send(
          delivery,
          outcome -> {
            end(delivery, outcome, now);
            free(lanes, places);
          });
      return true;
    } catch (RuntimeException e) {
      LOG.error("Delivery {} could not be started", delivery.publicId(), e);
      end(delivery, new Outcome.Failed(unexpected(delivery, e)), now);
      return false;
    }
  }

  /** What came of the calls, by destination and document. */
  public MeterBinder metrics() {
    return outcomes.attempts();
  }

  private void end(Delivery delivery, Outcome outcome, Instant startedAt) {
    if (outcome instanceof Outcome.PutOff) {
      endpoints.untried(delivery.destination());
      settle(
          delivery,
          clock.instant().isAfter(delivery.deadlineAt())
              ? new Outcome.Failed(overdue(delivery))
              : outcome,
          startedAt);
    } else {
      endpoints.saw(delivery.destination(), outcome);
      settle(delivery, outcome, startedAt);
    }
  }

  private static Failure overdue(Delivery delivery) {
    return Failure.of(
        FailureKind.THROTTLED,
        "'%s' bore no call for '%s' before its deadline. Correct the quota of its connector or wait for quieter times, then replay."
            .formatted(delivery.destination(), delivery.businessKey()),
        Place.of(delivery.destination()));
  }

  private void settle(Delivery delivery, Outcome outcome, Instant startedAt) {
    before.settle(
        delivery,
        outcome,
        () ->
            outcomes.write(
                new OutcomeWriter.Attempt(
                    delivery,
                    outcome,
                    startedAt,
                    clock.instant(),
                    endpoints.maintained(delivery.destination()),
                    state -> ended(delivery, state))),
        () -> ended(delivery, "SENDING"));
  }

  private void left(Delivery delivery) {
    var lanes = lanes(delivery.destination());
    lanes.inMemory.decrementAndGet();
    if (claims.remove(delivery.id())) {
      lanes.claimed.decrementAndGet();
    }
  }

  private void ended(Delivery delivery, String state) {
    left(delivery);
    var waits = held.remove(delivery.lane());
    if (waits || lanes(delivery.destination()).more || !"CONFIRMED".equals(state)) {
      nudge();
    }
  }

  // What was claimed and not handed on, by id: it has places of its own, so that what is handed on
  // never keeps out what is due again.
  private final Set<Long> claims = ConcurrentHashMap.newKeySet();

  // Lanes in which this node knows of a delivery behind one that is being sent.
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  /** There is something READY behind a delivery of these lanes, or at these destinations. */
  public void waits(Collection<String> lanes) {
    held.addAll(lanes);
    if (held.size() > MOST_HELD) {
      held.clear(); // the poll finds what is behind them
    }
    nudge();
  }

  /** Lanes and destinations at which something is known to wait. */
  int held() {
    return held.size();
  }

  private static Failure review(Delivery delivery) {
    return Failure.of(
        FailureKind.UNKNOWN_OUTCOME,
        "Whether '%s' at '%s' happened is unknown and asking again could do it twice. Ask the partner, then say what happened."
            .formatted(delivery.businessKey(), delivery.destination()),
        Place.of(delivery.destination()));
  }

  private static Failure noPlace(Delivery delivery) {
    return Failure.of(
        FailureKind.THROTTLED,
        "Delivery '%s' was not sent, because '%s' had no place for it in time. It is sent when there is one."
            .formatted(delivery.publicId(), delivery.destination()),
        Place.of(delivery.destination()));
  }

  private static Failure noRoute(Delivery delivery) {
    return Failure.of(
        FailureKind.THROTTLED,
        "No running route takes '%s' for '%s'. Correct or add its route; the delivery waits."
            .formatted(delivery.document(), delivery.destination()),
        Place.of(delivery.destination()));
  }

  private static Failure unexpected(Delivery delivery, RuntimeException e) {
    return Failure.of(
        FailureKind.CONFIG,
        "Delivery '%s' could not be started (%s). Correct its route, then replay."
            .formatted(delivery.publicId(), e.getMessage()),
        Place.of(delivery.destination()));
  }

  private void poll() {
    var lapsedAt = clock.instant();
    while (!closed) {
      try {
        nudges.tryAcquire(settings.pollEvery().toMillis(), TimeUnit.MILLISECONDS);
        nudges.drainPermits();
        endpoints.refresh();
        var lapsed = !clock.instant().isBefore(lapsedAt);
        if (lapsed) {
          lapsedAt = clock.instant().plus(settings.pollEvery());
          if (!stopping) {
            polling.run(c -> OutboxStore.parkSilent(c, clock.instant()));
          }
          releaseOrphans();
        }
        for (var lanes : destinations.values()) {
          while (!stopping && claim(lanes)) {
            // more is due
          }
          if (lapsed && !stopping) {
            claimLapsed(lanes);
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (SQLException | RuntimeException e) {
        LOG.warn("Due deliveries could not be claimed: {}", e.getMessage());
        polling.close();
      }
    }
  }

  // Answers whether there may be more.
  private boolean claim(Lanes lanes) throws SQLException {
    var places = Math.min(200, places(lanes));
    if (places <= 0 || lanes.handlers.isEmpty()) {
      return false;
    }
    if (waitsForMore(lanes, places)) {
      return false;
    }
    var now = clock.instant();
    var documents = lanes.handlers.keySet();
    var claimed =
        endpoints.claim(
            lanes.name,
            places,
            limit -> claimHurried(lanes, now, limit),
            (which, since, limit) ->
                polling.run(
                    c ->
                        OutboxStore.claimDue(
                            c,
                            which,
                            since,
                            lanes.name,
                            documents,
                            owner,
                            now,
                            settings.lease(),
                            limit)));
    lanes.more = claimed.size() == places;
    start(lanes, claimed);
    return lanes.more || !claimed.isEmpty() && endpoints.isLimited(lanes.name);
  }

  // A claim costs a commit, for one as for many; whatever ends looks again. What hurries does not
  // wait, and what is kept for claims is never many.
  private boolean waitsForMore(Lanes lanes, int places) {
    var most = most(lanes);
    return lanes.more
        && lanes.claimed.get() > 0
        && places < most / FEW
        && most - lanes.inMemory.get() >= places
        && lanes.hurried.stream().noneMatch(lanes.handlers::containsKey);
  }

  private List<Delivery> claimHurried(Lanes lanes, Instant now, int limit) throws SQLException {
    var documents = lanes.hurried.stream().filter(lanes.handlers::containsKey).toList();
    if (documents.isEmpty()) {
      return List.of();
    }
    lanes.hurried.removeAll(documents);
    var claimed =
        polling.run(
            c ->
                OutboxStore.claimDue(
                    c,
                    Turns.Which.ANY,
                    null,
                    lanes.name,
                    documents,
                    owner,
                    now,
                    settings.lease(),
                    limit));
    if (claimed.size() == limit) {
      lanes.hurried.addAll(documents); // there may be more
    }
    return claimed;
  }

  // What a crash left behind is neither new nor a retry.
  private void claimLapsed(Lanes lanes) throws SQLException {
    var places = Math.min(200, places(lanes));
    if (places <= 0 || lanes.handlers.isEmpty()) {
      return;
    }
    var claimed =
        endpoints.claimLapsed(
            lanes.name,
            places,
            limit ->
                polling.run(
                    c ->
                        OutboxStore.claimLapsed(
                            c,
                            lanes.name,
                            lanes.handlers.keySet(),
                            owner,
                            clock.instant(),
                            settings.lease(),
                            limit)));
    var lag = lanes.destination.readLag();
    if (lag.isZero()) {
      start(lanes, claimed);
      return;
    }
    // It may have been sent a moment ago: what is to be looked up is looked up when it would show.
    var now = clock.instant();
    var lookedUp =
        claimed.stream()
            .collect(Collectors.partitioningBy(d -> d.repeat() == RepeatMode.QUERYABLE));
    start(lanes, lookedUp.get(false));
    for (var delivery : lookedUp.get(true)) {
      lanes.inMemory.incrementAndGet();
      endpoints.untried(delivery.destination());
      // past its deadline, too: nobody asked yet what came of it
      settle(delivery, new Outcome.PutOff(lag), now);
    }
  }

  private int most(Lanes lanes) {
    return Math.min(
        lanes.destination.inFlight(), endpoints.halfLease(lanes.name, settings.lease()));
  }

  private int places(Lanes lanes) {
    var most = most(lanes);
    return Math.max(most - lanes.inMemory.get(), Math.max(1, most / 10) - lanes.claimed.get());
  }

  private void start(Lanes lanes, List<Delivery> claimed) {
    // One task each: a route that blocks holds up its own delivery only.
    for (var delivery : claimed) {
      lanes.inMemory.incrementAndGet();
      if (claims.add(delivery.id())) {
        lanes.claimed.incrementAndGet();
      }
      senders.execute(() -> send(delivery));
    }
    if (stopping) {
      giveBackWaiting(); // the stop may have looked before these were there
    }
  }

  /**
   * Claims nothing more, begins nothing more and gives back what waits for its turn; what is under
   * way ends as ever.
   */
  public void stopClaiming() {
    stopping = true;
    giveBackWaiting();
  }

  // What senders had not taken up is looked at here, for all of them may be at a call that hangs.
  private void giveBackWaiting() {
    var left = new ArrayList<Runnable>();
    senders.getQueue().drainTo(left);
    left.forEach(Runnable::run);
    for (var lanes : destinations.values()) {
      for (var delivery = lanes.waiting.poll(); delivery != null; delivery = lanes.waiting.poll()) {
        giveBack(delivery);
      }
    }
  }

  /**
   * Stops claiming, lets what is under way end for 5 s at most, and closes. Gap: a call that has no
   * outcome by then keeps its lease, for it may yet be heard at the partner; when that lapses its
   * outcome is unknown.
   */
  @Override
  public void close() {
    stopClaiming();
    closed = true;
    poller.interrupt();
    try {
      // First: what it has just claimed is given to the senders, and would else look as if sent.
      poller.join(5_000);
      senders.shutdown();
      senders.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      senders.shutdown();
    }
    giveBackWaiting();
    outcomes.close();
    endpoints.close();
    polling.close();
  }
}
