package io.serai.inbox;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.failure.Failure;
import io.serai.inbox.InboxStore.EventKey;
import io.serai.support.Batcher;
import io.serai.support.OwnConnection;
import io.serai.support.Sha256;
import io.serai.support.SqlStates;
import io.serai.support.Tally;
import io.serai.trace.Mark;
import io.serai.trace.Step;
import io.serai.trace.Traces;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes documents in, durably. Concurrent calls share one multi-row insert and one commit, and each
 * answer waits for that commit.
 *
 * <p>Guarantee: an {@link Accepted} answer means that the bytes are committed, once, under their
 * event key. Gap: when the process dies between commit and answer the sender does not know and
 * sends again; the unique key then makes that a duplicate.
 */
public final class Inbox implements Intake, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final int MAX_BATCH = 100;
  private static final int PART_BATCH = 500;
  private static final int MOST_DIVIDERS = 4;

  /** A sender waits this much longer in a rush, so that one commit takes in more documents. */
  private static final Duration LINGER = Duration.ofMillis(3);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /**
   * The limits of intake.
   *
   * @param maxQueued arrivals waiting for their commit
   * @param maxBytes bytes of arrivals in memory; beyond either the sender is told to come back
   * @param lease how long a message handed on in memory stays ours without a sign of life
   */
  public record Limits(int maxQueued, long maxBytes, Duration lease) {
    /** 4,000 arrivals, 64 MB, one minute. */
    public static final Limits DEFAULT = new Limits(4_000, 64L << 20, Duration.ofSeconds(60));
  }

  private record Pending(
      Arrival arrival, byte[] sha256, BiConsumer<Accepted, RuntimeException> answer) {}

  private final OwnConnection.Source pages;
  private final InboxInsert writer;
  private final Clock clock;
  private final String owner;
  private final Limits limits;
  private final InboxRunner runner;
  private final Supplier<Optional<String>> refusal;
  private final Batcher<Pending> batcher;
  private final Deque<OwnConnection> dividers = new ConcurrentLinkedDeque<>();
  private final AtomicLong bytes = new AtomicLong();
  private final Tally intake =
      new Tally(
          "serai.inbox.accepted",
          "Documents that were taken in, and those that were known already",
          "account",
          "document",
          "result");
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();
  private volatile Traces traces = Traces.OFF;
  private volatile boolean closed;

  /**
   * Starts the writer.
   *
   * @param owner this node's name in leases
   * @param runner what runs the messages after the commit
   * @param refusal why nothing may be accepted now (durability off, disk low), empty when it may
   */
  public Inbox(
      OwnConnection.Source source,
      Clock clock,
      String owner,
      Limits limits,
      InboxRunner runner,
      Supplier<Optional<String>> refusal) {
    this.pages = source;
    this.writer = new InboxInsert(new OwnConnection(source), clock, owner, limits.lease(), runner);
    this.clock = clock;
    this.owner = owner;
    this.limits = limits;
    this.runner = runner;
    this.refusal = refusal;
    this.batcher =
        new Batcher<>(
            "serai-accept", limits.maxQueued(), MAX_BATCH, LINGER, runner::pace, this::write);
  }

  /** Names who is told of what comes in by the page or as parts; who accepts one tells of it. */
  public void traceTo(Traces collector) {
    traces = collector;
  }

  /** Another writer, for what is kept safe elsewhere until it is here; to be closed. */
  public Latecomers latecomers() {
    return new Latecomers(this, pages, clock, owner, limits.lease(), runner);
  }

  /**
   * Stores one arrival and answers after the commit, on the writer's thread: the answer must not
   * block.
   */
  @Override
  public void accept(Arrival arrival, BiConsumer<Accepted, RuntimeException> answer) {
    check();
    var size = arrival.body().length;
    if (bytes.addAndGet(size) > limits.maxBytes()) {
      bytes.addAndGet(-size);
      throw new IntakeRefused(
          "Too many bytes wait for their commit; the document was not taken. Send it again later.",
          Duration.ofSeconds(1));
    }
    var pending =
        new Pending(
            arrival,
            Sha256.of(arrival.body()),
            (ok, error) -> {
              bytes.addAndGet(-size);
              answer.accept(ok, error);
            });
    if (!batcher.offer(pending)) {
      bytes.addAndGet(-size);
      throw new IntakeRefused(
          "Too many documents wait for their commit; the document was not taken. Send it again later.",
          Duration.ofSeconds(1));
    }
  }

  /**
   * A file that is known by its bytes alone, as what it is now: the same as the last one of its
   * account, or news after another, though its bytes came once before.
   *
   * @throws IntakeRefused when that cannot be told now
   */
  public Arrival file(Arrival file) {
    if (!file.byContent()) {
      return file;
    }
    try (var c = pages.open()) {
      return Newest.file(c, file);
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** What must be committed together with documents. */
  @FunctionalInterface
  public interface Along {
    /** Writes it on the open transaction. */
    void write(Connection connection) throws SQLException;
  }

  /**
   * Stores several documents and what belongs to them in one transaction, and returns after the
   * commit. Documents that are known already are left as they are; a listing that is known by its
   * bytes alone is known when it is what was told last of its article.
   */
  public void acceptAll(List<Arrival> arrivals, Along along) throws SQLException {
    check();
    var unique = new LinkedHashMap<EventKey, Arrival>();
    try (var c = pages.open()) {
      c.setAutoCommit(false);
      Newest.listings(c, arrivals).forEach(a -> unique.putIfAbsent(EventKey.of(a), a));
      Map<EventKey, InboxStore.Stored> stored =
          unique.isEmpty() ? Map.of() : insert(c, unique, clock.instant());
      along.write(c);
      c.commit();
      tell(unique, stored);
      unique.keySet().forEach(key -> count(key, stored.containsKey(key)));
    }
    runner.nudge();
  }

  void check() {
    var reason = refusal.get();
    if (reason.isPresent()) {
      throw new IntakeRefused(reason.get(), RETRY_AFTER);
    }
  }

  /**
   * Ends a message as SPLIT and stores what it led to, which comes now, in one transaction. A claim
   * that was lost stores nothing and throws.
   */
  public void split(InboxMessage parent, List<Arrival> parts) throws SQLException {
    store(parent, parts.iterator(), clock.instant(), false, () -> null);
  }

  /**
   * Ends a message as SPLIT and stores its parts, however many there are, in one transaction: they
   * are drawn a few hundred at a time, and the claim is renewed meanwhile. They came when the whole
   * came, whenever that is worked on. Orders that are known by their content say nothing when the
   * newest state of theirs says the same. A claim that was lost stores nothing and throws.
   *
   * @param parts what it is made of; drawn once
   * @param summary asked when all are drawn: what came of it, for people
   */
  public void divide(InboxMessage parent, Iterator<Arrival> parts, Supplier<String> summary)
      throws SQLException {
    store(parent, parts, parent.receivedAt(), true, summary);
  }

  private void store(
      InboxMessage parent,
      Iterator<Arrival> parts,
      Instant came,
      boolean newsOnly,
      Supplier<String> summary)
      throws SQLException {
    store(
        parent,
        came,
        newsOnly,
        into -> {
          while (parts.hasNext()) {
            into.add(parts.next());
          }
          return summary.get();
        });
  }

  /** Where the parts of a message go while the transaction that divides it is open. */
  public interface Parts {
    /** The open transaction, for what belongs to the parts. */
    Connection connection();

    /** A part, which is run as any message is. */
    void add(Arrival part) throws SQLException;

    /** A part that nothing can be made of as it is: it is parked at once. */
    void park(Arrival part, Failure why) throws SQLException;
  }

  /** Divides a message. */
  @FunctionalInterface
  public interface Division {
    /** Hands over the parts and writes what belongs to them; answers what came of it. */
    String into(Parts parts) throws SQLException;
  }

  /**
   * Ends a message as SPLIT and stores its parts and what belongs to them in one transaction; the
   * claim is renewed meanwhile. A claim that was lost stores nothing and throws, and so does
   * whatever the division throws.
   */
  public void divide(InboxMessage parent, Division division) throws SQLException {
    store(parent, parent.receivedAt(), false, division);
  }

  private void store(InboxMessage parent, Instant came, boolean newsOnly, Division division)
      throws SQLException {
    check();
    var idle = dividers.pollFirst();
    var own = idle == null ? new OwnConnection(pages) : idle;
    Dividing done;
    try {
      done = own.run(c -> divided(c, parent, came, newsOnly, division));
    } finally {
      keep(own);
    }
    accepted.addAndGet(done.stored);
    duplicates.addAndGet(done.known);
    done.counts.forEach((words, count) -> intake.add(count, words));
    tell(done.steps);
    runner.nudge();
  }

  private Dividing divided(
      Connection c, InboxMessage parent, Instant came, boolean newsOnly, Division division)
      throws SQLException {
    c.setAutoCommit(false);
    try {
      var dividing = new Dividing(c, parent, came, newsOnly);
      var summary = division.into(dividing);
      dividing.flush();
      end(c, parent, summary);
      c.commit();
      c.setAutoCommit(true);
      return dividing;
    } catch (SQLException | RuntimeException e) {
      try {
        c.rollback();
        c.setAutoCommit(true);
      } catch (SQLException broken) {
        // a connection that cannot take back what was not committed must not be used again
        c.close();
        e.addSuppressed(broken);
      }
      throw e;
    }
  }

  // To open one costs more than to divide a small file.
  private void keep(OwnConnection own) {
    if (closed || dividers.size() >= MOST_DIVIDERS) {
      own.close();
    } else {
      dividers.addFirst(own);
    }
  }

  /** The parts of one message on their way into its transaction, a page at a time. */
  private final class Dividing implements Parts {
    private final Connection connection;
    private final InboxMessage parent;
    private final Instant came;
    private final boolean newsOnly;
    private final Map<EventKey, Arrival> page = new LinkedHashMap<>();
    private final Map<EventKey, Failure> parked = new LinkedHashMap<>();
    private long renewAt = nextRenewal();
    private final Map<List<String>, Integer> counts = new HashMap<>();
    private final List<Step> steps = new ArrayList<>(0);
    private int stored;
    private int known;

    Dividing(Connection connection, InboxMessage parent, Instant came, boolean newsOnly) {
      this.connection = connection;
      this.parent = parent;
      this.came = came;
      this.newsOnly = newsOnly;
    }

    private long nextRenewal() {
      return System.nanoTime() + limits.lease().dividedBy(4).toNanos();
    }

    @Override
    public Connection connection() {
      return connection;
    }

    @Override
    public void add(Arrival part) throws SQLException {
      page.putIfAbsent(EventKey.of(part), part);
      if (page.size() == PART_BATCH) {
        flush();
      }
    }

    @Override
    public void park(Arrival part, Failure why) throws SQLException {
      parked.putIfAbsent(EventKey.of(part), why);
      add(part);
    }

    void flush() throws SQLException {
      if (!page.isEmpty()) {
        var told = List.copyOf(page.keySet());
        if (newsOnly) {
          leaveOutSame(connection, page);
        }
        var rows = insert(connection, page, came);
        if (traces.on()) {
          steps.addAll(steps(page, rows, clock.instant(), parent));
        }
        InboxStore.adopt(
            connection,
            parent.id(),
            rows.values().stream().map(InboxStore.Stored::id).sorted().toList());
        parked.keySet().retainAll(rows.keySet());
        if (!parked.isEmpty()) {
          var failures = new TreeMap<Long, Failure>();
          parked.forEach((key, why) -> failures.put(rows.get(key).id(), why));
          InboxStore.park(connection, failures, clock.instant());
        }
        stored += rows.size();
        known += told.size() - rows.size();
        told.forEach(key -> counts.merge(words(key, rows.containsKey(key)), 1, Integer::sum));
        page.clear();
        parked.clear();
      }
      if (System.nanoTime() > renewAt) {
        renew(parent);
        renewAt = nextRenewal();
      }
    }
  }

  private static void leaveOutSame(Connection c, Map<EventKey, Arrival> page) throws SQLException {
    var orders =
        page.values().stream().filter(a -> "order".equals(a.document()) && a.byContent()).toList();
    if (!orders.isEmpty()) {
      Newest.same(c, orders).forEach(no -> page.remove(EventKey.of(orders.get(no))));
    }
  }

  /** Makes the claim on a message last for another lease. Answers false when it was lost. */
  public boolean holds(InboxMessage message) throws SQLException {
    try (var c = pages.open()) {
      return InboxStore.renew(c, message, clock.instant().plus(limits.lease()));
    }
  }

  private void renew(InboxMessage message) throws SQLException {
    if (!holds(message)) {
      throw lost(message);
    }
  }

  private Map<EventKey, InboxStore.Stored> insert(
      Connection c, Map<EventKey, Arrival> unique, Instant came) throws SQLException {
    var list = List.copyOf(unique.values());
    return InboxStore.insert(
        c,
        list,
        list.stream().map(a -> Sha256.of(a.body())).toList(),
        false,
        owner,
        came,
        clock.instant(),
        limits.lease());
  }

  private void end(Connection c, InboxMessage parent, String reason) throws SQLException {
    try (var statement =
        c.prepareStatement(
            """
            UPDATE inbox_message SET state = 'SPLIT', reason = ?, finished_at = ?, lease_owner = NULL, lease_until = NULL
            WHERE id = ? AND fence = ? AND state = 'RUNNING'""")) {
      statement.setString(1, reason);
      statement.setTimestamp(2, Timestamp.from(clock.instant()));
      statement.setLong(3, parent.id());
      statement.setLong(4, parent.fence());
      if (statement.executeUpdate() != 1) {
        throw lost(parent);
      }
    }
  }

  private static SQLException lost(InboxMessage message) {
    return new SQLException("The claim on message '%s' was lost".formatted(message.publicId()));
  }

  private static List<Step> steps(
      Map<EventKey, Arrival> arrivals,
      Map<EventKey, InboxStore.Stored> stored,
      Instant at,
      InboxMessage whole) {
    var of = whole == null ? null : Mark.normalized(whole.lane(), whole.id(), whole.fence());
    var steps = new ArrayList<Step>(stored.size());
    stored.forEach(
        (key, row) ->
            steps.add(
                new Step(
                    "accept " + key.document(),
                    Mark.accepted(arrivals.get(key).lane(), row.id()),
                    null,
                    of,
                    Step.Kind.INTERNAL,
                    at,
                    at,
                    Step.words("serai.account", key.account(), "serai.message", "msg_" + row.id()),
                    null)));
    return steps;
  }

  private void tell(List<Step> steps) {
    steps.forEach(traces::tell);
  }

  void tell(Map<EventKey, Arrival> arrivals, Map<EventKey, InboxStore.Stored> stored) {
    if (traces.on()) {
      tell(steps(arrivals, stored, clock.instant(), null));
    }
  }

  void count(EventKey key, boolean isNew) {
    (isNew ? accepted : duplicates).incrementAndGet();
    intake.add(1, words(key, isNew));
  }

  private static List<String> words(EventKey key, boolean isNew) {
    return List.of(key.account(), key.document(), isNew ? "new" : "duplicate");
  }

  /** What was taken in, by account and document. */
  public MeterBinder metrics() {
    return intake;
  }

  /** Documents accepted by this process, duplicates not counted. */
  public long acceptedCount() {
    return accepted.get();
  }

  /** Duplicates met by this process. */
  public long duplicateCount() {
    return duplicates.get();
  }

  /** Arrivals waiting for their commit. */
  public int waiting() {
    return batcher.waiting();
  }

  private void write(List<Pending> batch) {
    var byKey = new LinkedHashMap<EventKey, List<Pending>>();
    for (var pending : batch) {
      byKey.computeIfAbsent(EventKey.of(pending.arrival()), k -> new ArrayList<>(1)).add(pending);
    }
    try {
      store(byKey);
    } catch (SQLException e) {
      if (SqlStates.isConnectionLost(e) || SqlStates.isOutOfResources(e)) {
        refuse(batch, e);
      } else if (byKey.size() == 1) {
        refuse(batch, e);
      } else {
        oneByOne(byKey);
      }
    } catch (RuntimeException e) {
      refuse(batch, e);
    }
  }

  // One bad row must not fail its neighbors.
  private void oneByOne(Map<EventKey, List<Pending>> byKey) {
    byKey.forEach(
        (key, pending) -> {
          try {
            store(Map.of(key, pending));
          } catch (SQLException | RuntimeException e) {
            refuse(pending, e);
          }
        });
  }

  private void refuse(List<Pending> batch, Exception cause) {
    LOG.warn("{} documents could not be stored: {}", batch.size(), cause.getMessage());
    var refused = refused(cause);
    batch.forEach(pending -> tell(pending, null, refused));
  }

  static IntakeRefused refused(Exception cause) {
    var refused =
        new IntakeRefused(
            cause instanceof SQLException e && SqlStates.isConnectionLost(e)
                ? "The database was lost before it said whether it has the document. Send it again: it is taken once."
                : "The database could not commit the document; it was not taken. Send it again later.",
            RETRY_AFTER);
    refused.initCause(cause);
    return refused;
  }

  private void store(Map<EventKey, List<Pending>> byKey) throws SQLException {
    var firsts = byKey.values().stream().map(List::getFirst).toList();
    writer.store(
        firsts.stream().map(Pending::arrival).toList(),
        firsts.stream().map(Pending::sha256).toList(),
        null,
        (stored, existing) ->
            byKey.forEach((key, pending) -> answer(pending, stored.get(key), existing.get(key))));
  }

  private void answer(List<Pending> pending, InboxStore.Stored stored, Long existing) {
    var first = true;
    for (var p : pending) {
      var duplicate = stored == null || !first;
      first = false;
      count(EventKey.of(p.arrival()), !duplicate);
      var id = stored != null ? stored.id() : existing == null ? 0 : existing;
      if (duplicate) {
        runner.duplicateOf(id);
      }
      tell(p, new Accepted(id, duplicate), null);
    }
  }

  // A sender that is gone must not cost its neighbors their answers.
  private static void tell(Pending pending, Accepted accepted, RuntimeException refused) {
    try {
      pending.answer().accept(accepted, refused);
    } catch (RuntimeException e) {
      LOG.warn("The sender of a document could not be answered: {}", e.getMessage());
    }
  }

  /** Takes no more; what was taken is stored and answered. */
  @Override
  public void close() {
    batcher.close();
    writer.close();
    closed = true;
    for (var own = dividers.pollFirst(); own != null; own = dividers.pollFirst()) {
      own.close();
    }
  }
}
