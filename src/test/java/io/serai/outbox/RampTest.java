package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The way back after an outage. */
class RampTest {
  private final ManualClock clock = new ManualClock();
  private final Ramp ramp = new Ramp();

  private int sendsFor(Duration time) {
    var sent = 0;
    for (var i = 0; i < time.toMillis() / 100; i++) {
      clock.advance(Duration.ofMillis(100));
      var room = ramp.room(clock.instant(), 1_000);
      ramp.took(room);
      sent += room;
    }
    return sent;
  }

  @Test
  void withoutAnOutageThereIsNoLimit() {
    assertThat(ramp.room(clock.instant(), 1_000)).isEqualTo(1_000);
    assertThat(ramp.newSince()).isNull();
  }

  @Test
  void itBeginsWithATenthOfThePaceAndNeverPassesIt() {
    ramp.follow(clock.instant(), 100);

    assertThat(sendsFor(Duration.ofSeconds(1))).isBetween(9, 12);
    sendsFor(Duration.ofSeconds(58));
    assertThat(sendsFor(Duration.ofSeconds(1))).isBetween(45, 55);
    sendsFor(Duration.ofSeconds(58));
    assertThat(sendsFor(Duration.ofSeconds(1))).isBetween(90, 100);
  }

  @Test
  void whatWasNotUsedForLongComesBackAsOneSecondAtMost() {
    ramp.follow(clock.instant(), 100);
    clock.advance(Duration.ofSeconds(60));

    assertThat(ramp.room(clock.instant(), 1_000)).isEqualTo(50);
  }

  @Test
  void afterTwoMinutesPaceIsFreeAndWhatIsOldStillSharesUntilItIsSent() {
    ramp.follow(clock.instant(), 100);
    clock.advance(Duration.ofSeconds(90));
    ramp.nothingOld(clock.instant());
    assertThat(ramp.newSince()).isNotNull();

    clock.advance(Duration.ofSeconds(30));
    assertThat(ramp.room(clock.instant(), 1_000)).isEqualTo(1_000);
    assertThat(ramp.newSince()).isNotNull();

    ramp.nothingOld(clock.instant());
    assertThat(ramp.newSince()).isNull();
  }

  @Test
  void threeOfTenPlacesAreKeptForWhatIsNewAlsoWhenTheyComeOneByOne() {
    ramp.follow(clock.instant(), 100);
    var kept = 0;

    for (var i = 0; i < 100; i++) {
      var places = ramp.keptForNew(1);
      ramp.tookNew(places);
      kept += places;
    }

    assertThat(kept).isBetween(29, 31);
  }

  @Test
  void theSameStartReadAgainBeginsNothing() {
    ramp.follow(clock.instant(), 100);
    clock.advance(Duration.ofSeconds(120));
    ramp.nothingOld(clock.instant());

    ramp.follow(clock.instant().minusSeconds(120), 100);

    assertThat(ramp.newSince()).isNull();
  }
}
