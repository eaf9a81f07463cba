package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pauses, breaker and probes of one endpoint, as one replica sees them. */
class EndpointsTest {
  private static final String NAME = "northwind";

  private final ManualClock clock = new ManualClock();
  private final Endpoints endpoints =
      new Endpoints(
          () -> {
            throw new SQLException("no database here");
          },
          clock);

  private static Outcome failed(FailureKind kind, Duration retryAfter) {
    return new Outcome.Failed(
        new Failure(kind, "It failed.", Place.of(NAME), null, null, retryAfter));
  }

  private void breaks() {
    for (var i = 0; i < 20; i++) {
      endpoints.saw(NAME, failed(FailureKind.TRANSIENT, null));
    }
    assertThat(endpoints.permits(NAME)).isZero();
  }

  private void probe(Outcome outcome) {
    endpoints.took(NAME, 1);
    endpoints.saw(NAME, outcome);
  }

  @Test
  void halfOfTwentyCallsFailingOpensTheBreaker() {
    for (var i = 0; i < 10; i++) {
      endpoints.saw(NAME, new Outcome.Confirmed("1"));
      endpoints.saw(NAME, failed(FailureKind.TRANSIENT, null));
    }

    assertThat(endpoints.permits(NAME)).isZero();
  }

  @Test
  void aRefusalSaysNothingAboutTheEndpoint() {
    for (var i = 0; i < 40; i++) {
      endpoints.saw(NAME, failed(FailureKind.REFUSED, null));
    }

    assertThat(endpoints.permits(NAME)).isPositive();
  }

  @Test
  void anOpenBreakerLetsOneProbeThroughThenFiveThenRamps() {
    breaks();
    clock.advance(Duration.ofSeconds(5));

    assertThat(endpoints.permits(NAME)).isEqualTo(1);
    probe(new Outcome.Confirmed("1"));
    assertThat(endpoints.permits(NAME)).isEqualTo(5);
    for (var i = 0; i < 5; i++) {
      probe(new Outcome.Confirmed("1"));
    }

    assertThat(endpoints.permits(NAME)).isEqualTo(20);
    clock.advance(Duration.ofMinutes(1));
    assertThat(endpoints.permits(NAME)).isEqualTo(100);
    clock.advance(Duration.ofMinutes(1));
    assertThat(endpoints.permits(NAME)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void aProbeThatFailsOpensItAgainForLonger() {
    breaks();
    clock.advance(Duration.ofSeconds(5));
    endpoints.permits(NAME);
    probe(failed(FailureKind.UNKNOWN_OUTCOME, null));

    clock.advance(Duration.ofSeconds(9));
    assertThat(endpoints.permits(NAME)).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(endpoints.permits(NAME)).isEqualTo(1);
  }

  @Test
  void aProbeThatIsThrottledPausesAndIsProbedAgain() {
    breaks();
    clock.advance(Duration.ofSeconds(5));
    endpoints.permits(NAME);

    probe(failed(FailureKind.THROTTLED, Duration.ofSeconds(30)));

    assertThat(endpoints.permits(NAME)).isZero();
    clock.advance(Duration.ofSeconds(30));
    assertThat(endpoints.permits(NAME)).isEqualTo(1);
  }

  @Test
  void aProbeThatWasNeverMadeIsGivenBack() {
    breaks();
    clock.advance(Duration.ofSeconds(5));
    endpoints.permits(NAME);
    endpoints.took(NAME, 1);

    endpoints.untried(NAME);

    assertThat(endpoints.permits(NAME)).isEqualTo(1);
  }

  @Test
  void throttlingPausesBetweenASecondAndAnHour() {
    endpoints.saw(NAME, failed(FailureKind.THROTTLED, Duration.ZERO));
    assertThat(endpoints.permits(NAME)).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(endpoints.permits(NAME)).isPositive();

    endpoints.saw(NAME, failed(FailureKind.THROTTLED, Duration.ofDays(365)));
    clock.advance(Duration.ofMinutes(59));
    assertThat(endpoints.permits(NAME)).isZero();
    clock.advance(Duration.ofMinutes(1));
    assertThat(endpoints.permits(NAME)).isPositive();
  }

  @Test
  void refusedCredentialsPauseForAMinute() {
    endpoints.saw(NAME, failed(FailureKind.AUTH, null));

    clock.advance(Duration.ofSeconds(59));
    assertThat(endpoints.permits(NAME)).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(endpoints.permits(NAME)).isPositive();
  }

  @Test
  void resumingEndsAPauseAtOnce() {
    endpoints.saw(NAME, failed(FailureKind.AUTH, null));

    endpoints.resume(NAME);

    assertThat(endpoints.permits(NAME)).isPositive();
  }
}
