package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong(42);
  private final DatabaseClock clock = new DatabaseClock(nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void betweenLooksItGoesOnByTheMonotonicClock() {
    clock.set(NOON, nanos.get());

    pass(Duration.ofMillis(1500));

    assertThat(clock.instant()).isEqualTo(NOON.plusMillis(1500));
  }

  @Test
  void itIsAsFineAsTheDatabaseKeepsInstants() {
    clock.set(NOON, nanos.get());

    pass(Duration.ofNanos(1_234_567));

    assertThat(clock.instant()).isEqualTo(NOON.plusNanos(1_234_000));
  }

  @Test
  void aSmallStepBackIsWaitedOut() {
    clock.set(NOON, nanos.get());
    pass(Duration.ofSeconds(10));
    var before = clock.instant();

    clock.set(NOON.plusSeconds(8), nanos.get());

    assertThat(clock.instant()).isEqualTo(before);
    pass(Duration.ofSeconds(3));
    assertThat(clock.instant()).isEqualTo(NOON.plusSeconds(11));
  }

  @Test
  void aDatabaseSetBackIsFollowed() {
    clock.set(NOON, nanos.get());
    clock.instant();

    clock.set(NOON.minusSeconds(3600), nanos.get());

    assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(3600));
  }

  @Test
  void itCannotBeReadBeforeItsFirstLook() {
    assertThatThrownBy(clock::instant)
        .hasMessage(
            "The database clock was read before the database answered. Open the database first.");
  }
}
