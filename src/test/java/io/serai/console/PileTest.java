package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.deadletter.DeadLetterGroup;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PileTest {
  private static final Duration SMALL = Pile.AT_ONCE;
  private static final Duration LARGE = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final Beside beside = new Beside();
  private final Pile pile = new Pile(this::counted, clock, this::nanos, beside);

  private Duration takes = SMALL;
  private boolean broken;
  private int counts;
  private long nanos;

  @AfterEach
  void close() {
    pile.close();
  }

  private List<DeadLetterGroup> counted() {
    if (broken) {
      throw new IllegalStateException("the database is away");
    }
    nanos += takes.toNanos();
    var now = clock.instant();
    return List.of(
        new DeadLetterGroup(
            "f", "UNMAPPED", "s", "a", null, null, ++counts, 0, 0, 0, 0, now, now, List.of()));
  }

  private long nanos() {
    return nanos;
  }

  @Test
  void aSmallPileIsCountedForEveryLook() {
    assertThat(pile.look().letters()).isEqualTo(1);
    assertThat(pile.look().letters()).isEqualTo(2);

    assertThat(pile.look().large()).isFalse();
    assertThat(pile.mark()).isEmpty();
    assertThat(beside.work).isEmpty();
  }

  @Test
  void aLargePileIsCountedBesideThePages() {
    takes = LARGE;
    var first = pile.look();
    clock.advance(Duration.ofSeconds(5));

    assertThat(pile.look()).isSameAs(first);
    assertThat(first.large()).isTrue();
    assertThat(beside.delays).containsExactly(LARGE.multipliedBy(Pile.SHARE - 1));

    var before = pile.mark();
    beside.turn();

    assertThat(pile.look().letters()).isEqualTo(2);
    assertThat(pile.look().at()).isEqualTo(clock.instant());
    assertThat(pile.mark()).isNotEqualTo(before);
  }

  @Test
  void afterAVerbTheNextLookIsCountedHoweverLongItTakes() {
    takes = LARGE;
    pile.look();

    pile.touched();

    assertThat(pile.look().letters()).isEqualTo(2);
    assertThat(pile.look().letters()).isEqualTo(2);
    assertThat(beside.work).hasSize(1);
  }

  @Test
  void nobodyLookingMeansNothingIsCountedAndTheNextLookWaits() {
    takes = LARGE;
    pile.look();
    beside.turn();
    clock.advance(Pile.WATCHED.plusSeconds(1));

    beside.turn();

    assertThat(counts).isEqualTo(3);
    assertThat(beside.work).isEmpty();
    assertThat(pile.look().letters()).isEqualTo(4);
  }

  @Test
  void aPileThatBecameSmallIsCountedForEveryLookAgain() {
    takes = LARGE;
    pile.look();
    takes = SMALL;

    beside.turn();

    assertThat(beside.work).isEmpty();
    assertThat(pile.look().letters()).isEqualTo(3);
    assertThat(pile.look().letters()).isEqualTo(4);
  }

  @Test
  void aCountThatFailsBesideThePagesIsToldByTheNextLook() {
    takes = LARGE;
    pile.look();
    broken = true;
    beside.turn();

    assertThatThrownBy(pile::look).hasMessage("the database is away");

    broken = false;
    assertThat(pile.look().letters()).isEqualTo(2);
    assertThat(beside.work).hasSize(1);
  }

  /** Work that is due when the test says so. */
  private static final class Beside extends ScheduledThreadPoolExecutor {
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final ArrayDeque<Duration> delays = new ArrayDeque<>();

    Beside() {
      super(0);
    }

    @Override
    public java.util.concurrent.ScheduledFuture<?> schedule(
        Runnable command, long delay, TimeUnit unit) {
      work.add(command);
      delays.add(Duration.of(delay, unit.toChronoUnit()));
      return null;
    }

    void turn() {
      work.remove().run();
    }
  }
}
