package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.database.TestDatabase;
import io.serai.failure.Backoff;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Outcomes that come late, twice, out of order or while the database is away. */
class OutcomesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  private final AtomicBoolean away = new AtomicBoolean();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final List<Replica> replicas = new ArrayList<>();

  /** A node whose partner answers when the test says so. */
  private final class Replica {
    final List<String> sent = new CopyOnWriteArrayList<>();
    final Map<String, Consumer<Outcome>> open = new ConcurrentHashMap<>();
    final OutboxHandler handler =
        (delivery, done) -> {
          sent.add(delivery.idempotencyKey());
          open.put(delivery.idempotencyKey(), done);
        };
    final Outbox outbox;

    Replica(String name) {
      outbox =
          new Outbox(
              () -> {
                if (away.get()) {
                  refused.add(Thread.currentThread().getName());
                  throw new SQLException("away", "08001");
                }
                return DATABASE.connect(name);
              },
              clock,
              name,
              new Outbox.Settings(1_000, Duration.ofMillis(20), LEASE),
              (delivery, outcome, go, drop) -> go.run());
      outbox.register(PARTNER, "shipment", handler);
      replicas.add(this);
    }

    void asked(String key) {
      Await.until("'" + key + "' is sent", LONG, () -> open.containsKey(key));
    }

    /** Claims nothing more; what it has sent may still be answered. */
    void stalls() {
      outbox.unregister(PARTNER, "shipment", handler);
    }

    void answers(String key, Outcome outcome) {
      open.remove(key).accept(outcome);
    }
  }

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  @AfterEach
  void close() {
    away.set(false);
    replicas.forEach(r -> r.outbox.close());
  }

  private Replica replica(String name) {
    var replica = new Replica(name);
    replica.outbox.start();
    return replica;
  }

  private void becomes(String key, String state) {
    Await.until("'" + key + "' is " + state, LONG, () -> state.equals(debts.state(key)));
  }

  /** As when the server is stopped: open connections end and no new one comes. */
  private void databaseGoes() {
    away.set(true);
    debts.all(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'serai node-%'""",
        rows -> rows.getBoolean(1));
  }

  private static Outcome failed(FailureKind kind) {
    return new Outcome.Failed(Failure.of(kind, "It failed.", Place.of(PARTNER)));
  }

  private Replica sender(String key) {
    return replicas.stream().filter(r -> r.open.containsKey(key)).findFirst().orElse(null);
  }

  private int open() {
    return replicas.stream().mapToInt(r -> r.open.size()).sum();
  }

  @Test
  void aDeliveryThatIsPutOffWaitsUncountedWhileOthersGoOn() {
    var node = replica("node-1");
    debts.owe("1", "a");
    node.asked("a");

    node.answers("a", new Outcome.PutOff(Duration.ofMinutes(3)));
    becomes("a", "READY");
    debts.owe("2", "b");
    node.asked("b");
    node.answers("b", new Outcome.Confirmed("R-2"));
    becomes("b", "CONFIRMED");

    assertThat(node.sent).as("the endpoint is not paused").containsExactly("a", "b");
    assertThat(debts.count("SELECT attempt_count FROM delivery WHERE idempotency_key = 'a'"))
        .isZero();
    assertThat(debts.count("SELECT count(*) FROM delivery_attempt WHERE counted")).isZero();
    assertThat(debts.count("SELECT count(*) FROM failure")).isZero();
    clock.advance(Duration.ofMinutes(3));
    node.asked("a");
    node.answers("a", new Outcome.Confirmed("R-1"));
    becomes("a", "CONFIRMED");
  }

  @Test
  void aDeliveryThatIsPutOffPastItsDeadlineIsParkedAndSaysWhy() {
    debts.owe("1", "a");
    debts.run("UPDATE delivery SET deadline_at = ?", clock.instant().plusSeconds(10));
    var node = replica("node-1");
    node.asked("a");
    clock.advance(Duration.ofSeconds(11));

    node.answers("a", new Outcome.PutOff(Duration.ofMinutes(3)));

    becomes("a", "PARKED");
    assertThat(debts.all("SELECT kind || ' ' || sentence FROM failure", rows -> rows.getString(1)))
        .containsExactly(
            "THROTTLED '%s' bore no call for '%s' before its deadline. Correct the quota of its connector or wait for quieter times, then replay."
                .formatted(PARTNER, "a"));
    debts.owe("2", "b");
    node.asked("b");
    assertThat(node.sent).as("the endpoint is not paused").containsExactly("a", "b");
  }

  @Test
  void anOutcomeThatComesWhileTheDatabaseIsAwayIsWrittenWhenItIsBack() {
    var node = replica("node-1");
    debts.owe("1", "a");
    node.asked("a");
    databaseGoes();

    node.answers("a", new Outcome.Confirmed("R-1"));
    Await.until("the outcome finds no database", LONG, () -> refused.contains("serai-outcome"));
    assertThat(debts.state("a")).isEqualTo("SENDING");
    away.set(false);

    becomes("a", "CONFIRMED");
    assertThat(debts.row("a").remoteId()).isEqualTo("R-1");
    assertThat(node.sent).containsExactly("a");
  }

  @Test
  void anOutcomeThatCouldNotBeWrittenInTimeIsUnknownAndAskedForUnderTheSameKey() {
    var node = replica("node-1");
    debts.owe("1", "a");
    node.asked("a");
    databaseGoes();
    node.answers("a", new Outcome.Confirmed("R-1"));
    Await.until("the outcome finds no database", LONG, () -> refused.contains("serai-outcome"));
    // Longer than an outcome is kept in memory, shorter than the lease.
    clock.advance(Duration.ofSeconds(30));
    Await.until("the outcome was given up", LONG, () -> node.outbox.inMemory() == 0);
    away.set(false);
    assertThat(debts.state("a")).isEqualTo("SENDING");

    clock.advance(LEASE);
    node.asked("a");
    node.answers("a", new Outcome.Confirmed("R-1"));

    becomes("a", "CONFIRMED");
    assertThat(node.sent).containsExactly("a", "a");
  }

  @Test
  void aLateOutcomeOfANodeThatLostItsClaimChangesNothing() {
    var stalled = replica("node-1");
    debts.owe("1", "a");
    stalled.asked("a");
    stalled.stalls();
    clock.advance(LEASE);
    var other = replica("node-2");
    other.asked("a");
    var before = debts.row("a");

    stalled.answers("a", failed(FailureKind.REFUSED));
    Await.until("the late outcome was dealt with", LONG, () -> stalled.outbox.inMemory() == 0);

    assertThat(debts.row("a")).isEqualTo(before);
    assertThat(stalled.outbox.refusedByFence()).isOne();
    assertThat(other.outbox.refusedByFence()).isZero();
    assertThat(debts.count("SELECT count(*) FROM delivery_attempt")).isZero();
    assertThat(debts.count("SELECT count(*) FROM failure")).isZero();
    other.answers("a", new Outcome.Confirmed("R-2"));
    becomes("a", "CONFIRMED");
    assertThat(debts.row("a").remoteId()).isEqualTo("R-2");
    assertThat(debts.count("SELECT count(*) FROM delivery_attempt")).isZero();
    assertThat(debts.count("SELECT count(*) FROM delivery WHERE tried_at IS NOT NULL"))
        .isEqualTo(1);
  }

  @Test
  void aLateOutcomeAfterTheOtherNodesChangesNothingEither() {
    var stalled = replica("node-1");
    debts.owe("1", "a");
    stalled.asked("a");
    stalled.stalls();
    clock.advance(LEASE);
    var other = replica("node-2");
    other.asked("a");
    other.answers("a", new Outcome.Confirmed("R-2"));
    becomes("a", "CONFIRMED");

    stalled.answers("a", new Outcome.Confirmed("R-1"));
    Await.until("the late outcome was dealt with", LONG, () -> stalled.outbox.inMemory() == 0);

    assertThat(debts.row("a").remoteId()).isEqualTo("R-2");
  }

  @Test
  void aLateOutcomeTakesNoneOfItsNeighborsDown() {
    var node = replica("node-1");
    debts.owe("1", "a").owe("2", "b").owe("3", "c");
    List.of("a", "b", "c").forEach(node::asked);
    debts.run("UPDATE delivery SET fence = fence + 1 WHERE idempotency_key = 'b'");

    List.of("a", "b", "c").forEach(key -> node.answers(key, new Outcome.Confirmed("R-" + key)));

    becomes("a", "CONFIRMED");
    becomes("c", "CONFIRMED");
    Await.until("all outcomes were dealt with", LONG, () -> node.outbox.inMemory() == 0);
    assertThat(debts.state("b")).isEqualTo("SENDING");
  }

  @Test
  void deliveriesOfOneOrderGoOneAtATimeInOrderAlsoWithTwoReplicas() {
    replica("node-1");
    replica("node-2");
    debts.owe("1", "a").owe("1", "b").owe("1", "c").owe("2", "other");
    var order = new ArrayList<String>();

    Await.until("another order is not held", LONG, () -> sender("other") != null);
    sender("other").answers("other", new Outcome.Confirmed("R"));
    becomes("other", "CONFIRMED");
    for (var i = 0; i < 3; i++) {
      Await.until("the next is sent", LONG, () -> open() > 0);
      assertThat(open()).isEqualTo(1);
      var key = replicas.stream().flatMap(r -> r.open.keySet().stream()).findFirst().orElseThrow();
      order.add(key);
      assertThat(debts.count("SELECT count(*) FROM delivery WHERE state = 'SENDING'")).isEqualTo(1);
      sender(key).answers(key, new Outcome.Confirmed("R-" + key));
      becomes(key, "CONFIRMED");
    }

    assertThat(order).containsExactly("a", "b", "c");
  }

  @Test
  void oneThatIsRetryingOrParkedHoldsThoseBehindItAndNoOthers() {
    var node = replica("node-1");
    debts.owe("1", "a").owe("1", "b").owe("2", "c");
    node.asked("a");
    node.answers("a", failed(FailureKind.TRANSIENT));
    node.asked("c");
    node.answers("c", new Outcome.Confirmed("R-c"));
    becomes("c", "CONFIRMED");
    assertThat(debts.state("b")).isEqualTo("READY");

    clock.advance(Duration.ofMinutes(15));
    node.asked("a");
    node.answers("a", failed(FailureKind.REFUSED));
    becomes("a", "PARKED");
    clock.advance(Duration.ofMinutes(15));
    debts.owe("3", "d");
    node.asked("d");

    assertThat(node.sent).doesNotContain("b");
    debts.run("UPDATE delivery SET state = 'DISCARDED' WHERE idempotency_key = 'a'");
    node.outbox.nudge();
    node.asked("b");
  }

  @Test
  void whatIsHandedOnInMemoryNeverKeepsOutWhatIsDueAgain() {
    var node = replica("node-1");
    node.outbox.describe(
        new Destination(PARTNER, 2, Duration.ofSeconds(10), null, Backoff.DEFAULT));
    node.outbox.handOn(List.of(handed("x"), handed("y"), handed("z")));
    List.of("x", "y").forEach(node::asked);

    debts.tried(1).owe("1", "a");
    becomes("a", "SENDING");
    node.answers("x", new Outcome.Confirmed("R"));
    node.asked("z");
    node.answers("z", new Outcome.Confirmed("R"));

    node.asked("a");
  }

  @Test
  void noMoreAreOpenAtATimeThanThePartnerBears() {
    var node = replica("node-1");
    node.outbox.describe(
        new Destination(PARTNER, 2, Duration.ofSeconds(10), null, Backoff.DEFAULT));
    var keys = List.of("p", "q", "r", "s", "t", "u", "v", "w");
    node.outbox.handOn(keys.stream().map(this::handed).toList());

    for (var key : keys) {
      node.asked(key);
      assertThat(node.open.size()).isLessThanOrEqualTo(2);
      node.answers(key, new Outcome.Confirmed("R"));
    }

    assertThat(node.sent).containsExactlyInAnyOrderElementsOf(keys);
  }

  /** One is under way and takes the only place, another is claimed behind it. */
  private Replica withOneWaiting() {
    var node = replica("node-1");
    node.outbox.describe(
        new Destination(PARTNER, 1, Duration.ofSeconds(10), null, Backoff.DEFAULT));
    node.outbox.handOn(List.of(handed("x")));
    node.asked("x");
    debts.repeated(RepeatMode.BLIND).owe("1", "a");
    becomes("a", "SENDING");
    return node;
  }

  @Test
  void whatFoundNoPlaceInTimeWasNotSentAndNobodyNeedsToReviewIt() {
    var node = withOneWaiting();

    clock.advance(Duration.ofSeconds(55));
    node.answers("x", new Outcome.Confirmed("R"));

    becomes("a", "READY");
    assertThat(debts.row("a").unknown()).isFalse();
    assertThat(debts.row("a").attempts()).isZero();
    assertThat(node.sent).containsExactly("x");
    clock.advance(Duration.ofSeconds(5));
    node.asked("a");
  }

  @Test
  void whatStillWaitsWhenTheHubStopsWasNotSentEither() {
    var node = withOneWaiting();

    node.outbox.close();

    assertThat(debts.state("a")).isEqualTo("READY");
    assertThat(debts.row("a").unknown()).isFalse();
    assertThat(node.sent).containsExactly("x");
    assertThat(debts.count("SELECT count(*) FROM failure")).isZero();
  }

  @Test
  void aHubThatBeginsToStopGivesBackWhatWaitsAndStillHearsWhatIsUnderWay() {
    var node = withOneWaiting();
    debts.owe("2", "b");

    node.outbox.stopClaiming();

    becomes("a", "READY");
    var other = replica("node-2");
    other.asked("a");
    other.asked("b");
    other.answers("a", new Outcome.Confirmed("R-a"));
    becomes("a", "CONFIRMED");
    assertThat(debts.row("a").attempts()).as("only what was sent is counted").isOne();
    assertThat(debts.count("SELECT count(*) FROM failure")).isZero();
    assertThat(node.outbox.hasRoomFor(PARTNER, 1)).isFalse();
    node.outbox.handOn(List.of(handed("y")));
    node.answers("x", new Outcome.Confirmed("R-x"));
    node.outbox.close();
    assertThat(node.sent).containsExactly("x");
    assertThat(node.outbox.inMemory()).isZero();
  }

  @Test
  void whatItsSendersDidNotComeToIsGivenBackThoughAllOfThemHang() throws Exception {
    var hangs = new CountDownLatch(1);
    var stuck = new CopyOnWriteArrayList<String>();
    var node = new Replica("node-1");
    node.outbox.register(
        PARTNER,
        "shipment",
        (delivery, done) -> {
          stuck.add(delivery.idempotencyKey());
          await(hangs);
          done.accept(new Outcome.Confirmed("R"));
        });
    node.outbox.start();
    for (var order = 1; order <= 9; order++) {
      debts.repeated(RepeatMode.BLIND).owe("" + order, "k" + order);
    }
    Await.until("all senders are at a call", LONG, () -> stuck.size() == 4);
    Await.until(
        "the others are claimed",
        LONG,
        () -> debts.count("SELECT count(*) FROM delivery WHERE state = 'SENDING'") == 9);

    node.outbox.stopClaiming();

    Await.until(
        "they are due for others",
        LONG,
        () ->
            debts.count(
                    "SELECT count(*) FROM delivery WHERE state = 'READY' AND NOT outcome_unknown")
                == 5);
    hangs.countDown();
    Await.until(
        "what was under way is heard",
        LONG,
        () -> debts.count("SELECT count(*) FROM delivery WHERE state = 'CONFIRMED'") == 4);
    assertThat(stuck).hasSize(4);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Delivery handed(String key) {
    return new Delivery(
        key.charAt(0),
        PARTNER,
        "shipment",
        "shipment",
        Delivery.lane(PARTNER, key),
        null,
        key,
        1,
        key,
        RepeatMode.IDEMPOTENT,
        JsonNodeFactory.instance.objectNode(),
        false,
        0,
        clock.instant().plus(Duration.ofHours(48)),
        clock.instant(),
        1,
        clock.instant().plus(LEASE));
  }
}
