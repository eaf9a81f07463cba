package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.failure.Backoff;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Pauses, breaker and probes of one endpoint, as one replica sees them. */
class EndpointTest {
  private static final String NAME = "northwind";
  private static final int MANY = 1_000;

  private final ManualClock clock = new ManualClock();
  private final Endpoint endpoint = new Endpoint(NAME);

  private static Failure failure(FailureKind kind, Duration retryAfter) {
    return new Failure(kind, "It failed.", Place.of(NAME), null, null, retryAfter);
  }

  private void confirmed() {
    endpoint.saw(null, clock.instant());
  }

  private void failed(FailureKind kind, Duration retryAfter) {
    endpoint.saw(failure(kind, retryAfter), clock.instant());
  }

  private void breaks() {
    for (var i = 0; i < 20; i++) {
      failed(FailureKind.TRANSIENT, null);
    }
    assertThat(permits()).isZero();
  }

  // As the table would grant it to the only replica there is.
  private int permits() {
    var now = clock.instant();
    if (endpoint.wantsProbe(now)) {
      endpoint.takeChange();
      endpoint.probesHere(1, 0, endpoint.nextProbeUntil(now));
    }
    return endpoint.permits(now, MANY);
  }

  private void probeConfirmed() {
    endpoint.took(1);
    confirmed();
  }

  private void probeFailed(FailureKind kind, Duration retryAfter) {
    endpoint.took(1);
    failed(kind, retryAfter);
  }

  private static Endpoint.Shared shared(
      long version, Endpoint.Breaker breaker, Instant breakerUntil, Instant pausedUntil) {
    return new Endpoint.Shared(
        version,
        pausedUntil,
        "THROTTLED",
        "It said so.",
        breaker,
        breakerUntil,
        "It fails.",
        1,
        null,
        0,
        null,
        null,
        0,
        0,
        100,
        null);
  }

  @Test
  void halfOfTwentyCallsFailingOpensTheBreaker() {
    for (var i = 0; i < 10; i++) {
      confirmed();
      failed(FailureKind.TRANSIENT, null);
    }

    assertThat(permits()).isZero();
  }

  @Test
  void nineteenCallsAreTooFewToJudgeBy() {
    for (var i = 0; i < 19; i++) {
      failed(FailureKind.TRANSIENT, null);
    }

    assertThat(permits()).isPositive();
  }

  @Test
  void failuresFartherApartThanHalfAMinuteDoNotAddUp() {
    for (var i = 0; i < 19; i++) {
      failed(FailureKind.TRANSIENT, null);
    }
    clock.advance(Duration.ofSeconds(31));
    failed(FailureKind.TRANSIENT, null);

    assertThat(permits()).isPositive();
  }

  @Test
  void aRefusalSaysNothingAboutTheEndpoint() {
    for (var i = 0; i < 40; i++) {
      failed(FailureKind.REFUSED, null);
    }

    assertThat(permits()).isPositive();
  }

  @Test
  void anOpenBreakerLetsOneProbeThroughThenFiveThenRamps() {
    breaks();
    endpoint.takeChange();
    clock.advance(Duration.ofSeconds(5));

    assertThat(permits()).isEqualTo(1);
    probeConfirmed();
    endpoint.took(0);
    assertThat(permits()).isEqualTo(5);
    for (var i = 0; i < 5; i++) {
      probeConfirmed();
    }

    assertThat(endpoint.takeChange()).isEqualTo(new Endpoint.Closed(1, clock.instant()));
    assertThat(endpoint.status(clock.instant()).share()).isEqualTo(0.1);
    assertThat(endpoint.healthy(clock.instant())).isFalse();
    clock.advance(Duration.ofMinutes(1));
    assertThat(endpoint.status(clock.instant()).share()).isEqualTo(0.5);
    clock.advance(Duration.ofMinutes(1));
    assertThat(permits()).isEqualTo(MANY);
  }

  @Test
  void theWayBackEndsAtTheDeclaredRate() {
    endpoint.describe(
        new Destination(
            NAME,
            64,
            Duration.ofSeconds(10),
            new Destination.Rate(20, Duration.ofSeconds(1), 20),
            Backoff.DEFAULT));
    endpoint.read(recovered(clock.instant()), clock.instant());
    clock.advance(Duration.ofSeconds(119));

    assertThat(permits()).isBetween(19, 20);
  }

  private static Endpoint.Shared recovered(Instant rampFrom) {
    return new Endpoint.Shared(
        1,
        null,
        null,
        null,
        Endpoint.Breaker.CLOSED,
        null,
        null,
        0,
        null,
        0,
        rampFrom,
        null,
        0,
        0,
        100,
        null);
  }

  @Test
  void aProbeThatIsUnderWayIsNotGivenOutAgain() {
    breaks();
    endpoint.takeChange();
    clock.advance(Duration.ofSeconds(5));
    assertThat(permits()).isEqualTo(1);

    endpoint.took(1);

    assertThat(permits()).isZero();
  }

  @Test
  void aProbeThatFailsOpensItAgainForLonger() {
    breaks();
    endpoint.takeChange();
    clock.advance(Duration.ofSeconds(5));
    permits();
    probeFailed(FailureKind.UNKNOWN_OUTCOME, null);

    var opened = (Endpoint.Opened) endpoint.takeChange();
    assertThat(opened.until()).isEqualTo(clock.instant().plusSeconds(10));
    clock.advance(Duration.ofSeconds(9));
    assertThat(permits()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(permits()).isEqualTo(1);
  }

  @Test
  void aProbeThatIsThrottledPausesAndIsProbedAgain() {
    breaks();
    endpoint.takeChange();
    clock.advance(Duration.ofSeconds(5));
    permits();

    probeFailed(FailureKind.THROTTLED, Duration.ofSeconds(20));

    assertThat(permits()).isZero();
    clock.advance(Duration.ofSeconds(20));
    assertThat(permits()).isEqualTo(1);
  }

  @Test
  void aProbeThatWasNeverMadeIsGivenBack() {
    breaks();
    endpoint.takeChange();
    clock.advance(Duration.ofSeconds(5));
    permits();
    endpoint.took(1);

    endpoint.untried();

    assertThat(permits()).isEqualTo(1);
  }

  @Test
  void theRightToProbeLapsesWhenNothingIsHeardOfIt() {
    breaks();
    endpoint.takeChange();
    clock.advance(Duration.ofSeconds(5));
    permits();
    endpoint.took(1);
    assertThat(endpoint.wantsProbe(clock.instant())).isFalse();

    clock.advance(Duration.ofSeconds(30));

    assertThat(endpoint.wantsProbe(clock.instant())).isTrue();
    assertThat(endpoint.permits(clock.instant(), MANY)).isZero();
  }

  @Test
  void throttlingPausesBetweenASecondAndAnHour() {
    failed(FailureKind.THROTTLED, Duration.ZERO);
    assertThat(permits()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(permits()).isPositive();

    failed(FailureKind.THROTTLED, Duration.ofDays(365));
    clock.advance(Duration.ofMinutes(59));
    assertThat(permits()).isZero();
    clock.advance(Duration.ofMinutes(1));
    assertThat(permits()).isPositive();
  }

  @Test
  void throttlingNeverOpensTheBreaker() {
    for (var i = 0; i < 100; i++) {
      failed(FailureKind.THROTTLED, Duration.ofSeconds(1));
    }
    clock.advance(Duration.ofSeconds(1));

    assertThat(permits()).isEqualTo(MANY);
  }

  @Test
  void refusedCredentialsPauseForAMinute() {
    failed(FailureKind.AUTH, null);

    clock.advance(Duration.ofSeconds(59));
    assertThat(permits()).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(permits()).isPositive();
  }

  @Test
  void resumingEndsAPauseAtOnce() {
    failed(FailureKind.AUTH, null);

    endpoint.resume(clock.instant());

    assertThat(permits()).isPositive();
    assertThat(endpoint.takePause()).isNull();
  }

  @Test
  void aShorterPauseOfAnotherReplicaDoesNotShortenOurs() {
    failed(FailureKind.THROTTLED, Duration.ofSeconds(60));

    endpoint.read(
        shared(0, Endpoint.Breaker.CLOSED, null, clock.instant().plusSeconds(10)), clock.instant());
    clock.advance(Duration.ofSeconds(59));

    assertThat(permits()).isZero();
  }

  @Test
  void aLongerPauseOfAnotherReplicaIsFollowed() {
    failed(FailureKind.THROTTLED, Duration.ofSeconds(10));

    endpoint.read(
        shared(0, Endpoint.Breaker.CLOSED, null, clock.instant().plusSeconds(60)), clock.instant());
    clock.advance(Duration.ofSeconds(59));

    assertThat(permits()).isZero();
  }

  @Test
  void whatWasCountedBeforeAnotherReplicaOpenedTheBreakerIsForgotten() {
    for (var i = 0; i < 19; i++) {
      failed(FailureKind.TRANSIENT, null);
    }
    endpoint.read(
        shared(1, Endpoint.Breaker.OPEN, clock.instant().plusSeconds(5), null), clock.instant());
    endpoint.read(shared(2, Endpoint.Breaker.CLOSED, null, null), clock.instant());

    failed(FailureKind.TRANSIENT, null);

    assertThat(permits()).isPositive();
  }

  @Test
  void successesAreToldOnlyWhileSomebodyFails() {
    confirmed();
    assertThat(endpoint.takeCounts().none()).isTrue();

    failed(FailureKind.TRANSIENT, null);
    confirmed();
    var counts = endpoint.takeCounts();

    assertThat(counts.calls()).isEqualTo(2);
    assertThat(counts.failures()).isEqualTo(1);
  }
}
