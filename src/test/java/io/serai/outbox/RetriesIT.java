package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.failure.Backoff;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How often and for how long what fails is tried again, on a clock that is moved. */
class RetriesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration CAP = Duration.ofMinutes(15);

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private volatile Outcome answer = new Outcome.Confirmed("R-1");
  private Outbox outbox;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    outbox =
        new Outbox(
            () -> DATABASE.connect("outbox"),
            clock,
            "node-1",
            new Outbox.Settings(1_000, Duration.ofMillis(20), Duration.ofSeconds(60)),
            (delivery, outcome, go, drop) -> go.run());
    outbox.register(
        PARTNER,
        "shipment",
        (delivery, done) -> {
          sent.add(delivery.idempotencyKey());
          done.accept(answer);
        });
    outbox.start();
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private static Outcome failed(FailureKind kind, Duration retryAfter) {
    return new Outcome.Failed(
        new Failure(kind, "It failed.", Place.of(PARTNER), null, null, retryAfter));
  }

  private void awaitAttempts(String key, int attempts) {
    Await.until(
        "attempt " + attempts + " of '" + key + "' is written",
        LONG,
        () -> debts.row(key).attempts() == attempts && !"SENDING".equals(debts.state(key)));
  }

  private boolean nothingIsUnderWay() {
    return debts.count("SELECT count(*) FROM delivery WHERE state = 'SENDING'") == 0;
  }

  private void becomes(String key, String state) {
    Await.until("'" + key + "' is " + state, LONG, () -> state.equals(debts.state(key)));
  }

  @Test
  void twentyFailedAttemptsParkItAndNoneFollows() {
    answer = failed(FailureKind.TRANSIENT, null);
    debts.owe("1", "a");

    for (var attempt = 1; attempt < 20; attempt++) {
      awaitAttempts("a", attempt);
      var row = debts.row("a");
      assertThat(row.state()).isEqualTo("READY");
      var limit = Duration.ofSeconds(2L << Math.min(attempt, 20));
      assertThat(Duration.between(clock.instant(), row.dueAt()))
          .isBetween(Duration.ZERO, limit.compareTo(CAP) < 0 ? limit : CAP);
      clock.advance(CAP);
    }

    becomes("a", "PARKED");
    assertThat(debts.row("a").attempts()).isEqualTo(20);
    assertThat(debts.row("a").failure()).isEqualTo("TRANSIENT");
    assertThat(sent).hasSize(20);
    answer = new Outcome.Confirmed("R-2");
    clock.advance(CAP);
    debts.owe("2", "b"); // not before: it would be claimed with a lease that the clock ends
    becomes("b", "CONFIRMED");
    assertThat(sent).hasSize(21);
  }

  @Test
  void whatStillFailsAfterItsDeadlineIsParkedHoweverFewItsAttempts() {
    answer = failed(FailureKind.TRANSIENT, null);
    debts.owe("1", "a");
    awaitAttempts("a", 1);
    clock.advance(Duration.ofHours(47));
    awaitAttempts("a", 2);
    assertThat(debts.state("a")).isEqualTo("READY");

    clock.advance(Duration.ofMinutes(61));

    becomes("a", "PARKED");
    assertThat(debts.row("a").attempts()).isEqualTo(3);
  }

  @Test
  void anEndpointsOwnNumbersHold() {
    outbox.describe(
        new Destination(
            PARTNER,
            64,
            Duration.ofSeconds(10),
            null,
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 2)));
    answer = failed(FailureKind.TRANSIENT, null);
    debts.owe("1", "a");
    // at times it is due again at once, and the second is written, too
    Await.until("an attempt is written", LONG, () -> debts.row("a").attempts() >= 1);

    clock.advance(Duration.ofSeconds(1));

    becomes("a", "PARKED");
    assertThat(sent).hasSize(2);
  }

  @Test
  void throttlingPausesTheEndpointAndIsNotCounted() {
    answer = failed(FailureKind.THROTTLED, Duration.ofSeconds(30));
    debts.owe("1", "a");
    Await.until("it was tried", LONG, () -> sent.size() == 1);
    becomes("a", "READY");
    debts.owe("2", "b");

    for (var i = 0; i < 25; i++) {
      var before = sent.size();
      clock.advance(Duration.ofSeconds(30));
      Await.until("it is tried again", LONG, () -> sent.size() > before);
      Await.until("nothing is under way", LONG, this::nothingIsUnderWay);
    }

    assertThat(debts.row("a").attempts()).isZero();
    assertThat(debts.state("a")).isEqualTo("READY");
    assertThat(debts.count("SELECT count(*) FROM delivery_attempt WHERE counted")).isZero();
  }

  @Test
  void whileItIsPausedNothingIsTried() {
    answer = failed(FailureKind.THROTTLED, Duration.ofSeconds(30));
    debts.owe("1", "a");
    Await.until("it was tried", LONG, () -> sent.size() == 1);
    Await.until(
        "it is paused", LONG, () -> outbox.endpoints().status(PARTNER).pausedUntil() != null);
    becomes("a", "READY"); // it is due by the clock at which its outcome is written
    answer = new Outcome.Confirmed("R-1");
    debts.owe("2", "b");
    clock.advance(Duration.ofSeconds(29));
    // Another endpoint's delivery shows that the poll went round.
    debts.oweTo("fabrikam", "1", "c");
    outbox.register("fabrikam", "shipment", (delivery, done) -> done.accept(answer));
    becomes("c", "CONFIRMED");
    assertThat(sent).containsExactly("a");

    clock.advance(Duration.ofSeconds(1));

    becomes("a", "CONFIRMED");
    becomes("b", "CONFIRMED");
  }

  @Test
  void whileTheBreakerIsOpenNothingIsCountedAndAfterwardsAllIsSent() {
    answer = failed(FailureKind.TRANSIENT, null);
    for (var i = 0; i < 30; i++) {
      debts.owe("lane-" + i, "k" + i);
    }
    Await.until(
        "the breaker is open",
        LONG,
        () -> "OPEN".equals(outbox.endpoints().status(PARTNER).breaker()));
    Await.until("nothing is under way", LONG, this::nothingIsUnderWay);
    var counted = debts.count("SELECT sum(attempt_count) FROM delivery");
    for (var i = 30; i < 40; i++) {
      debts.owe("lane-" + i, "k" + i);
    }

    // Ten hours of outage: one probe each time, and it is the endpoint that waits.
    for (var i = 0; i < 10; i++) {
      var before = sent.size();
      clock.advance(Duration.ofHours(1));
      Await.until("it is probed", LONG, () -> sent.size() > before);
      Await.until(
          "it is open again",
          LONG,
          () -> "OPEN".equals(outbox.endpoints().status(PARTNER).breaker()));
      Await.until("its outcome is written", LONG, this::nothingIsUnderWay);
      assertThat(sent.size()).isEqualTo(before + 1);
    }
    Await.until(
        "only the probes were counted",
        LONG,
        () -> debts.count("SELECT sum(attempt_count) FROM delivery") == counted + 10);

    answer = new Outcome.Confirmed("R-1");
    Await.until(
        "all is sent",
        Duration.ofSeconds(60),
        () -> {
          if (nothingIsUnderWay()) { // or its lease would end before its outcome is written
            clock.advance(Duration.ofSeconds(10));
          }
          return debts.count("SELECT count(*) FROM delivery WHERE state <> 'CONFIRMED'") == 0;
        });
    assertThat(debts.count("SELECT count(*) FROM delivery WHERE state = 'PARKED'")).isZero();
  }

  @Test
  void refusedCredentialsPauseTheEndpointAndNothingIsCounted() {
    answer = failed(FailureKind.AUTH, null);
    debts.owe("1", "a");
    Await.until("it was tried", LONG, () -> sent.size() == 1);
    Await.until(
        "it is paused", LONG, () -> "AUTH".equals(outbox.endpoints().status(PARTNER).pauseKind()));
    becomes("a", "READY");
    assertThat(debts.row("a").attempts()).isZero();
    assertThat(debts.row("a").failure()).isEqualTo("AUTH");
    answer = new Outcome.Confirmed("R-1");

    outbox.endpoints().resume(PARTNER);
    clock.advance(Duration.ofSeconds(5));

    becomes("a", "CONFIRMED");
  }
}
