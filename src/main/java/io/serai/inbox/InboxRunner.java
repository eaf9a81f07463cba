package io.serai.inbox;

import io.serai.failure.Backoff;
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
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs accepted messages: those handed on in memory right after their commit, and by polling those
 * that a crash, a full queue, a retry or a busy lane left behind.
 *
 * <p>Guarantee: a message that is not finished is run again, by this or another node, until it ends
 * in exactly one state; two messages of one lane never run at the same time (a unique index
 * decides). Large ones are read a few at a time and run on a thread of their own, so they hold up
 * nobody and fill no memory. Gap: a node that stalls longer than its lease may still be working
 * when another takes over; what it then writes is refused by the fence.
 */
public final class InboxRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InboxRunner.class);

  /**
   * How the runner works.
   *
   * @param inMemory messages handed on and not yet ended, at most
   * @param paced messages handed on and not yet ended, above which intake is slowed down
   * @param pollEvery how often leftovers are looked for when nothing nudges
   * @param lease how long a claim holds
   * @param largeBytes of large messages, so many bytes are in memory at once; one may be larger
   */
  public record Settings(
      int inMemory, int paced, Duration pollEvery, Duration lease, long largeBytes) {
    /** With 64 MB of large messages. */
    public Settings(int inMemory, int paced, Duration pollEvery, Duration lease) {
      this(inMemory, paced, pollEvery, lease, 64L << 20);
    }

    /** 2,000 messages, slower above 300, one second, one minute. */
    public static final Settings DEFAULT =
        new Settings(2_000, 300, Duration.ofSeconds(1), Duration.ofSeconds(60));
  }

  // 100 documents a batch and this wait: 4,000 a second are taken in whatever happens behind.
  private static final Duration MOST_PACE = Duration.ofMillis(25);

  private static final Duration NO_ROOM = Duration.ofSeconds(1);
  private static final Ending AT_ONCE = new Ending.Later(Duration.ZERO);
  // Whoever is at one message for longer is no longer believed to work.
  private static final int LONGEST_KEPT = 60;

  private record Key(String account, String document) {}

  private final OwnConnection polling;
  private final Clock clock;
  private final String owner;
  private final Settings settings;
  private final Endings endings;
  private final Map<Key, InboxHandler> handlers = new ConcurrentHashMap<>();
  private final Map<String, Fetcher> fetchers = new ConcurrentHashMap<>();
  // Fingerprints of waiting for a route, of those that run since the last look.
  private final Set<String> routed = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor mapper;
  private final ThreadPoolExecutor largeMapper;
  // Claims that outlast a lease by design: of what is large, and of what waits for its turn.
  private final Map<Long, Kept> kept = new ConcurrentHashMap<>();
  // Lanes of which this node saw a message step in behind a running one.
  private final Set<String> busyLanes = ConcurrentHashMap.newKeySet();
  // Inserts of which nobody knows whether they were committed: what they lease runs nowhere.
  private final Queue<Orphans> orphans = new ConcurrentLinkedQueue<>();
  private final AtomicInteger inMemory = new AtomicInteger();
  private final Semaphore nudges = new Semaphore(0);
  private final Thread poller;
  private volatile boolean started;
  private volatile boolean stopping;
  private volatile boolean closed;

  /**
   * Nothing runs before {@link #start}.
   *
   * @param owner this node's name in leases
   */
  public InboxRunner(OwnConnection.Source source, Clock clock, String owner, Settings settings) {
    this.polling = new OwnConnection(source);
    this.clock = clock;
    this.owner = owner;
    this.settings = settings;
    this.endings = new Endings(source, clock, this::nudge);
    this.mapper = one("serai-normalize");
    this.largeMapper = one("serai-normalize-large");
    this.poller = Thread.ofPlatform().daemon().name("serai-inbox-poll").unstarted(this::poll);
  }

  // The size is that of a large message, else 0.
  private record Kept(InboxMessage message, int size, Instant since) {}

  private record Orphans(List<InboxStore.EventKey> keys, Instant until) {}

  private static ThreadPoolExecutor one(String name) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        Thread.ofPlatform().daemon().name(name).factory());
  }

  /** Sets who runs messages of a document of an account; replaces who did before. */
  public void register(String account, String document, InboxHandler handler) {
    handlers.put(new Key(account, document), handler);
    routed.add(noRoute(account, document).fingerprint());
    nudge();
  }

  /** Takes a handler away, as when its route is swapped: its messages wait for the next one. */
  public void unregister(String account, String document, InboxHandler handler) {
    handlers.remove(new Key(account, document), handler);
  }

  /**
   * Sets who asks an account for an order that a message waited long for; replaces who did before.
   */
  public void registerFetcher(String account, Fetcher fetcher) {
    fetchers.put(account, fetcher);
  }

  /** Takes it away, as when its route is swapped. */
  public void unregisterFetcher(String account, Fetcher fetcher) {
    fetchers.remove(account, fetcher);
  }

  /** Starts running. What this owner's former life had leased lapses at once. */
  public void start() {
    try {
      var released = polling.run(c -> InboxStore.releaseAll(c, owner, clock.instant()));
      if (released > 0) {
        LOG.info("{} messages that this node was running when it stopped are run again", released);
      }
    } catch (SQLException e) {
      LOG.warn("The leases of this node's former life could not be released: {}", e.getMessage());
    }
    started = true;
    poller.start();
  }

  /** Whether so many more messages may be handed on in memory. */
  boolean hasRoomFor(int messages) {
    return started && !stopping && inMemory.get() + messages <= settings.inMemory();
  }

  /**
   * Waits a little when many messages are in memory and not yet ended, so that intake goes at the
   * pace of the work behind it instead of filling the memory and then the tables. Never waits long:
   * in a rush documents are taken in and worked later.
   */
  void pace() {
    var until = System.nanoTime() + MOST_PACE.toNanos();
    while (inMemory.get() > settings.paced() && System.nanoTime() < until && !closed) {
      LockSupport.parkNanos(250_000);
    }
  }

  /** Runs messages that are committed as ours. */
  void handOn(List<InboxMessage> messages) {
    if (messages.isEmpty()) {
      return;
    }
    inMemory.addAndGet(messages.size());
    try {
      mapper.execute(() -> messages.forEach(this::run));
    } catch (RejectedExecutionException e) {
      messages.forEach(message -> end(message, AT_ONCE));
    }
  }

  /**
   * Remembers that a message waits behind another of its lane, so that it is run once that ends.
   */
  void waitsBehind(String lane) {
    busyLanes.add(lane);
    nudge();
  }

  /**
   * Messages that may have been committed as ours while the connection was lost: they were not and
   * will not be handed on, so they are run as soon as they are seen, not when their lease ends. A
   * commit that the server still works on may show later: they are looked for until then.
   *
   * @param until the lease they were inserted with
   */
  void neverHandedOn(List<InboxStore.EventKey> keys, Instant until) {
    orphans.add(new Orphans(keys, until));
    nudge();
  }

  /** Looks for work now instead of at the next poll. */
  public void nudge() {
    if (nudges.availablePermits() == 0) {
      nudges.release();
    }
  }

  /**
   * Counts a duplicate on its message, some time soon; a crash may lose the count, nothing else.
   */
  void duplicateOf(long messageId) {
    endings.duplicateOf(messageId);
  }

  /** Messages in memory now. */
  public int inMemory() {
    return inMemory.get();
  }

  /**
   * Keeps the claim on a message until it ends, though that takes longer than a lease: it is large,
   * or it waits for its turn behind one that is.
   */
  public void keep(InboxMessage message) {
    kept.computeIfAbsent(message.id(), id -> new Kept(message, 0, clock.instant()));
  }

  private void run(InboxMessage message) {
    CrashPoint.hit(CrashPoint.AFTER_CLAIM);
    var handler = handlers.get(new Key(message.account(), message.document()));
    if (handler == null) {
      ran(message, new Ending.Failed(noRoute(message.account(), message.document())));
      return;
    }
    try {
      handler.handle(message, ending -> ran(message, ending));
    } catch (RuntimeException e) {
      ran(message, new Ending.Failed(unexpected(message, e)));
    }
  }

  // What fails while the routes are taken away may have failed for that: who runs it next will see.
  private void ran(InboxMessage message, Ending ending) {
    end(message, stopping && ending instanceof Ending.Failed ? AT_ONCE : ending);
  }

  private void end(InboxMessage message, Ending ending) {
    inMemory.decrementAndGet();
    if (!kept.isEmpty()) {
      let(message);
    }
    endings.write(message, ending);
    if (!busyLanes.isEmpty() && busyLanes.remove(message.lane())) {
      nudge();
    }
  }

  private void let(InboxMessage message) {
    var was = kept.get(message.id());
    if (was != null && was.message().fence() == message.fence()) {
      kept.remove(message.id());
      if (was.size() > 0) {
        nudge(); // there is room for the next one
      }
    }
  }

  private static Failure noRoute(String account, String document) {
    return Failure.of(
        FailureKind.THROTTLED,
        "No running route takes '%s' of account '%s'. Correct or add its route; the message waits."
            .formatted(document, account),
        Place.of(account));
  }

  private static Failure unexpected(InboxMessage message, RuntimeException e) {
    return Failure.of(
        FailureKind.POISON,
        "Message '%s' failed in an unexpected way (%s). Report it with the log of this time."
            .formatted(message.publicId(), e),
        Place.of(message.account()));
  }

  private void poll() {
    var lapsedAt = clock.instant();
    var keptAt = clock.instant();
    while (!closed) {
      try {
        nudges.tryAcquire(settings.pollEvery().toMillis(), TimeUnit.MILLISECONDS);
        nudges.drainPermits();
        if (!kept.isEmpty() && !clock.instant().isBefore(keptAt)) {
          keptAt = clock.instant().plus(settings.lease().dividedBy(4));
          keepClaims();
        }
        if (!stopping) {
          wakeRouted();
        }
        var more = true;
        while (more && !stopping) {
          more = claim(false);
        }
        if (!clock.instant().isBefore(lapsedAt)) {
          lapsedAt = clock.instant().plus(settings.pollEvery());
          releaseOrphans();
          if (!stopping) {
            claim(true);
            wakeWaiting();
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (SQLException | RuntimeException e) {
        LOG.warn("Leftover messages could not be claimed: {}", e.getMessage());
        polling.close();
      }
    }
  }

  private void wakeWaiting() throws SQLException {
    var missing = polling.run(c -> InboxStore.sweepWaiting(c, clock.instant()));
    missing.forEach(this::fetch);
    var met = polling.run(c -> InboxStore.wakeMet(c, clock.instant()));
    if (!missing.isEmpty() || met > 0) {
      nudge();
    }
  }

  private void keepClaims() throws SQLException {
    var now = clock.instant();
    var longest = now.minus(settings.lease().multipliedBy(LONGEST_KEPT));
    kept.values().removeIf(k -> k.since().isBefore(longest));
    var messages = kept.values().stream().map(Kept::message).toList();
    polling.run(
        c -> {
          InboxStore.renew(c, messages, now.plus(settings.lease()));
          return null;
        });
  }

  private void releaseOrphans() throws SQLException {
    for (var lost : orphans) {
      var now = clock.instant();
      if (!now.isBefore(lost.until())) {
        orphans.remove(lost);
        continue;
      }
      var released = polling.run(c -> InboxStore.release(c, owner, lost.keys(), lost.until(), now));
      if (released > 0) {
        LOG.info("{} messages whose commit was not heard of are run now", released);
      }
    }
  }

  // What waited for a route that runs now does not wait for its next turn.
  private void wakeRouted() throws SQLException {
    for (var unrouted : Set.copyOf(routed)) {
      polling.run(c -> InboxStore.wakeUnrouted(c, unrouted, clock.instant()));
      routed.remove(unrouted);
    }
  }

  private void fetch(String lane) {
    var slash = lane.indexOf('/');
    if (slash >= 0) {
      fetch(lane.substring(0, slash), lane.substring(slash + 1));
    }
  }

  /**
   * Asks an account for a document, whether or not others wait for it.
   *
   * @return false when no route of the account fetches
   */
  public boolean fetch(String account, String key) {
    var fetcher = fetchers.get(account);
    if (fetcher != null) {
      fetcher.fetch(key);
    }
    return fetcher != null;
  }

  // Answers whether there may be more.
  private boolean claim(boolean lapsed) throws SQLException {
    var room = Math.min(200, settings.inMemory() / 2 - inMemory.get());
    if (room <= 0) {
      return false;
    }
    var now = clock.instant();
    var claimed =
        polling.run(
            c ->
                lapsed
                    ? InboxStore.claimLapsed(c, owner, now, settings.lease(), room)
                    : InboxStore.claimDue(c, owner, now, settings.lease(), room));
    var run = new ArrayList<InboxMessage>(claimed.size());
    var large = new ArrayList<InboxStore.Claimed>();
    for (var c : claimed) {
      if (lapsed && Backoff.DEFAULT.exhausted(c.message().attempt())) {
        endUnrun(c.message(), new Ending.Failed(deadly(c.message())));
      } else if (c.large()) {
        large.add(c);
      } else if (c.intact()) {
        run.add(c.message());
      } else {
        endUnrun(c.message(), new Ending.Failed(corrupt(c.message())));
      }
    }
    handOn(run);
    var putOff = 0;
    for (var c : large) {
      if (hasRoomForLarge(c.size())) {
        runLarge(polling.run(connection -> InboxStore.load(connection, c)));
      } else {
        endUnrun(c.message(), new Ending.Later(NO_ROOM.multipliedBy(Math.min(++putOff, 30))));
      }
    }
    return claimed.size() == room;
  }

  private void endUnrun(InboxMessage message, Ending ending) {
    inMemory.incrementAndGet();
    end(message, ending);
  }

  private boolean hasRoomForLarge(int size) {
    var used = kept.values().stream().mapToLong(Kept::size).sum();
    return used == 0 || used + size <= settings.largeBytes();
  }

  private void runLarge(InboxStore.Claimed claimed) {
    var message = claimed.message();
    if (!claimed.intact()) {
      endUnrun(message, new Ending.Failed(corrupt(message)));
      return;
    }
    inMemory.incrementAndGet();
    kept.put(message.id(), new Kept(message, claimed.size(), clock.instant()));
    largeMapper.execute(() -> run(message));
  }

  private static Failure deadly(InboxMessage message) {
    return Failure.of(
        FailureKind.POISON,
        "Message '%s' was being run each of %d times that its node died or stalled. Look at the log of these times, then replay or discard it."
            .formatted(message.publicId(), message.attempt()),
        Place.of(message.account()));
  }

  private static Failure corrupt(InboxMessage message) {
    return Failure.of(
        FailureKind.POISON,
        "The stored bytes of message '%s' no longer match their checksum. Have the sender send it again and check the disk."
            .formatted(message.publicId()),
        Place.of(message.account()));
  }

  /**
   * Claims nothing more and has nothing more handed on; what is in memory is run. What fails from
   * now on is left to whoever claims it next, uncounted, for the routes may be gone.
   */
  public void stopClaiming() {
    stopping = true;
  }

  /** Lets what is in memory be run, for 5 s at most; nothing is run after that. */
  public void drain() {
    stopClaiming();
    if (closed) {
      return;
    }
    closed = true;
    poller.interrupt();
    mapper.shutdown();
    largeMapper.getQueue().clear();
    largeMapper.shutdown();
    try {
      mapper.awaitTermination(5, TimeUnit.SECONDS);
      poller.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Drains, writes the endings that are left and gives back what has not ended: others run it at
   * once, and what this node may yet write of it is refused by the fence. To be called when what
   * applies documents is closed. Gap: while the database is away nothing is given back, and leases
   * lapse.
   */
  @Override
  public void close() {
    drain();
    endings.close();
    giveBack();
    polling.close();
  }

  private void giveBack() {
    if (!started || poller.isAlive()) {
      return; // it owns nothing, or the database does not answer
    }
    try {
      var given = polling.run(c -> InboxStore.giveBack(c, owner));
      if (given > 0) {
        LOG.info("{} messages are given back unfinished; they are run again", given);
      }
    } catch (SQLException e) {
      LOG.warn("Messages are left to their leases: {}", e.getMessage());
    }
  }
}
