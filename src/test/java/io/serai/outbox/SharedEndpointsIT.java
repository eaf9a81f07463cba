package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two replicas and what they know of one endpoint. */
class SharedEndpointsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  private final AtomicBoolean away = new AtomicBoolean();
  private Endpoints first;
  private Endpoints second;

  @BeforeEach
  void open() throws SQLException {
    DATABASE.truncate();
    first = replica("node-1");
    second = replica("node-2");
    refresh();
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private Endpoints replica(String owner) {
    return new Endpoints(
        () -> {
          if (away.get()) {
            throw new SQLException("away", "08001");
          }
          return DATABASE.connect("outbox");
        },
        clock,
        owner);
  }

  /** A second later, with one telling before the other. */
  private void refresh() throws SQLException {
    clock.advance(SECOND);
    first.refresh();
    second.refresh();
    clock.advance(SECOND);
    first.refresh();
    second.refresh();
  }

  private static Outcome failed(FailureKind kind, Duration retryAfter) {
    return new Outcome.Failed(
        new Failure(kind, "It failed.", Place.of(PARTNER), null, null, retryAfter));
  }

  private static void fails(Endpoints replica, int times) {
    for (var i = 0; i < times; i++) {
      replica.saw(PARTNER, failed(FailureKind.TRANSIENT, null));
    }
  }

  private static void confirms(Endpoints replica, int times) {
    for (var i = 0; i < times; i++) {
      replica.saw(PARTNER, new Outcome.Confirmed("1"));
    }
  }

  /** How many of many due deliveries it would claim. */
  private int claims(Endpoints replica) throws SQLException {
    var asked = new ArrayList<Integer>();
    replica.claim(
        PARTNER,
        100,
        (which, since, limit) -> {
          asked.add(limit);
          return List.of();
        });
    return asked.stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  private String breaker(Endpoints replica) {
    return replica.status(PARTNER).breaker();
  }

  @Test
  void aPauseIsSeenByTheOtherWithinASecond() throws Exception {
    first.saw(PARTNER, failed(FailureKind.THROTTLED, Duration.ofSeconds(60)));
    assertThat(claims(second)).isEqualTo(100);

    clock.advance(SECOND);
    first.refresh();
    second.refresh();

    assertThat(claims(second)).isZero();
    assertThat(second.status(PARTNER).pauseKind()).isEqualTo("THROTTLED");
    clock.advance(Duration.ofSeconds(59));
    assertThat(claims(first)).isEqualTo(100);
    assertThat(claims(second)).isEqualTo(100);
  }

  @Test
  void neitherErasesTheOthersPauseAndTheLongerHolds() throws Exception {
    first.saw(PARTNER, failed(FailureKind.THROTTLED, Duration.ofSeconds(60)));
    second.saw(PARTNER, failed(FailureKind.THROTTLED, Duration.ofSeconds(10)));
    refresh();
    second.saw(PARTNER, new Outcome.Confirmed("1"));
    refresh();

    clock.advance(Duration.ofSeconds(50));

    assertThat(claims(first)).isZero();
    assertThat(claims(second)).isZero();
  }

  @Test
  void aPauseAndAnOpenBreakerDoNotEraseEachOther() throws Exception {
    fails(first, 20);
    second.saw(PARTNER, failed(FailureKind.AUTH, null));
    refresh();

    for (var replica : List.of(first, second)) {
      assertThat(breaker(replica)).isEqualTo("OPEN");
      assertThat(replica.status(PARTNER).pauseKind()).isEqualTo("AUTH");
    }
  }

  @Test
  void maintenanceHoldsOnBothAndEndsOnBothGently() throws Exception {
    var maintenance = new Maintenance(DATABASE.dataSource(), clock);
    var until = clock.instant().plus(Duration.ofHours(1));
    maintenance.plan(PARTNER, null, until, "They move.", "ada");
    refresh();
    assertThat(claims(first)).isZero();
    assertThat(claims(second)).isZero();
    fails(first, 40);
    first.saw(PARTNER, failed(FailureKind.AUTH, null));

    clock.set(until);
    first.refresh();
    second.refresh();

    for (var replica : List.of(first, second)) {
      assertThat(breaker(replica)).isEqualTo("CLOSED");
      assertThat(replica.status(PARTNER).pausedUntil()).isNull();
      assertThat(replica.status(PARTNER).share()).isEqualTo(0.1);
      assertThat(claims(replica)).isEqualTo(1);
    }
    clock.advance(Endpoints.RAMP);
    assertThat(claims(second)).isGreaterThan(90);
  }

  @Test
  void aResumedEndpointIsNotPausedByWhatWasSeenBefore() throws Exception {
    second.saw(PARTNER, failed(FailureKind.AUTH, null));
    clock.advance(SECOND);
    first.resume(PARTNER);
    first.refresh();

    second.refresh();
    refresh();

    assertThat(claims(first)).isEqualTo(100);
    assertThat(claims(second)).isEqualTo(100);
  }

  @Test
  void anOpenBreakerIsSeenByTheOther() throws Exception {
    fails(first, 20);
    assertThat(claims(first)).isZero();

    clock.advance(SECOND);
    first.refresh();
    second.refresh();

    assertThat(claims(second)).isZero();
    assertThat(second.status(PARTNER).sentence()).isEqualTo("It failed.");
  }

  @Test
  void whatBothSawTogetherOpensTheBreaker() throws Exception {
    fails(first, 11);
    fails(second, 11);

    refresh();

    assertThat(breaker(first)).isEqualTo("OPEN");
    assertThat(breaker(second)).isEqualTo("OPEN");
  }

  @Test
  void oneReplicasSuccessesCountAgainstTheOthersFailures() throws Exception {
    fails(first, 5);
    refresh();
    fails(first, 10);
    confirms(second, 40);

    refresh();
    fails(first, 5);
    refresh();

    assertThat(breaker(first)).isEqualTo("CLOSED");
    assertThat(breaker(second)).isEqualTo("CLOSED");
  }

  @Test
  void oneReplicaProbesAndNoOther() throws Exception {
    debts.owe("1", "a");
    fails(first, 20);
    refresh();
    clock.advance(Duration.ofSeconds(5));

    assertThat(claims(second)).isEqualTo(1);
    assertThat(claims(first)).isZero();
    refresh();
    assertThat(claims(first)).isZero();
    assertThat(claims(second)).isEqualTo(1);
  }

  @Test
  void nobodyTakesTheRightToProbeWithNothingToSend() throws Exception {
    fails(first, 20);
    refresh();
    clock.advance(Duration.ofSeconds(5));

    assertThat(claims(second)).isZero();
    refresh();
    assertThat(breaker(first)).isEqualTo("OPEN");

    debts.owe("1", "a");
    assertThat(claims(first)).isEqualTo(1);
  }

  @Test
  void probesThatPassCloseTheBreakerForBothAndBothRamp() throws Exception {
    debts.owe("1", "a");
    fails(first, 20);
    refresh();
    clock.advance(Duration.ofSeconds(5));
    claims(second);

    confirms(second, 6);
    refresh();

    assertThat(breaker(first)).isEqualTo("CLOSED");
    assertThat(first.status(PARTNER).draining()).isTrue();
    assertThat(first.open(PARTNER, 1)).isFalse();
    assertThat(first.status(PARTNER).share()).isEqualTo(second.status(PARTNER).share());
    clock.advance(Duration.ofMinutes(2));
    claims(first);
    assertThat(first.open(PARTNER, 1)).isTrue();
  }

  @Test
  void whatAReplicaSaysThatLostTheRightToProbeIsDropped() throws Exception {
    debts.owe("1", "a");
    fails(first, 20);
    refresh();
    clock.advance(Duration.ofSeconds(5));
    claims(first);
    clock.advance(Duration.ofSeconds(30));
    assertThat(claims(second)).isEqualTo(1);

    // The first replica stood still, and now believes that all its probes passed.
    confirms(first, 6);
    refresh();

    assertThat(breaker(first)).isEqualTo("HALF_OPEN");
    assertThat(breaker(second)).isEqualTo("HALF_OPEN");
    second.saw(PARTNER, failed(FailureKind.TRANSIENT, null));
    refresh();
    assertThat(breaker(first)).isEqualTo("OPEN");
  }

  @Test
  void probesThatPassedCountForWhoeverProbesNext() throws Exception {
    debts.owe("1", "a");
    fails(first, 20);
    refresh();
    clock.advance(Duration.ofSeconds(5));
    claims(first);
    confirms(first, 4);
    refresh();
    clock.advance(Duration.ofSeconds(30));

    claims(second);
    confirms(second, 2);
    refresh();

    assertThat(breaker(first)).isEqualTo("CLOSED");
  }

  @Test
  void anEndpointThatSomebodyLeftHalfOpenIsProbedAndKeepsNobodyOut() throws Exception {
    debts.owe("1", "a");
    debts.run("INSERT INTO endpoint (name, breaker) VALUES ('northwind', 'HALF_OPEN')");
    refresh();

    assertThat(claims(first)).isEqualTo(1);
    assertThat(claims(second)).isZero();
  }

  @Test
  void retriesOfBothComeOutOfOneBudget() throws Exception {
    for (var replica : List.of(first, second)) {
      replica.claim(PARTNER, 50, (which, since, limit) -> retried(which, limit));
    }

    refresh();

    assertThat(first.status(PARTNER).retryTokens()).isLessThan(5);
    assertThat(second.status(PARTNER).retryTokens()).isLessThan(5);
    clock.advance(Duration.ofSeconds(10));
    assertThat(second.status(PARTNER).retryTokens()).isGreaterThan(9);
  }

  private List<Delivery> retried(Turns.Which which, int limit) {
    var all = new ArrayList<Delivery>();
    for (var i = 0; i < limit && which != Turns.Which.FIRST_TRIES; i++) {
      all.add(
          new Delivery(
              i,
              PARTNER,
              "shipment",
              "shipment",
              Delivery.lane(PARTNER, "k"),
              null,
              "k",
              1,
              "k",
              RepeatMode.IDEMPOTENT,
              null,
              false,
              3,
              clock.instant(),
              clock.instant(),
              1,
              clock.instant()));
    }
    return all;
  }

  @Test
  void aWellEndpointIsNeverWritten() throws Exception {
    confirms(first, 1_000);
    for (var i = 0; i < 1_000; i++) {
      first.handedOn(PARTNER);
    }

    refresh();

    assertThat(debts.count("SELECT count(*) FROM endpoint")).isZero();
  }

  @Test
  void whatCouldNotBeToldIsToldLater() throws Exception {
    fails(first, 20);
    first.saw(PARTNER, failed(FailureKind.AUTH, null));
    away.set(true);
    first.close(); // its connection broke
    clock.advance(SECOND);
    assertThatThrownBy(first::refresh).isInstanceOf(SQLException.class);

    away.set(false);
    refresh();

    assertThat(breaker(second)).isEqualTo("OPEN");
    assertThat(second.status(PARTNER).pauseKind()).isEqualTo("AUTH");
  }
}
