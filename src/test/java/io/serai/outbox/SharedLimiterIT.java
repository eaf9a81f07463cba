package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.failure.Backoff;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A rate that a partner declares holds over all replicas. */
class SharedLimiterIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PARTNER = "northwind";
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ManualClock clock = new ManualClock();
  private final CopyOnWriteArrayList<SharedLimiter> limiters = new CopyOnWriteArrayList<>();

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  @AfterEach
  void close() {
    limiters.forEach(SharedLimiter::close);
  }

  private SharedLimiter replica(Destination.Rate rate) {
    var limiter = new SharedLimiter(DATABASE.dataSource(), clock);
    limiter.describe(destination(rate));
    limiters.add(limiter);
    return limiter;
  }

  private static Destination destination(Destination.Rate rate) {
    return new Destination(PARTNER, 64, Duration.ofSeconds(10), rate, Backoff.DEFAULT);
  }

  private static Destination.Rate perSecond(int calls, int burst) {
    return new Destination.Rate(calls, Duration.ofSeconds(1), burst);
  }

  private static int takeAll(SharedLimiter limiter) {
    var all = 0;
    int taken;
    while ((taken = limiter.take(PARTNER, 200)) > 0) {
      all += taken;
    }
    return all;
  }

  private static long buckets() {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM rate_bucket")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void twoReplicasTogetherTakeWhatOneMay() {
    var first = replica(perSecond(100, 50));
    var second = replica(perSecond(100, 50));

    var taken = 0;
    for (var i = 0; i < 10; i++) {
      taken += first.take(PARTNER, 200) + second.take(PARTNER, 200);
    }
    assertThat(taken).isEqualTo(50);

    clock.advance(Duration.ofMillis(300));
    assertThat(takeAll(second) + takeAll(first)).isEqualTo(30);
  }

  @Test
  void aReplicaTakesATenthOfASecondAtATimeAndServesTheRestFromIt() {
    var limiter = replica(perSecond(1_000, 1_000));
    var other = replica(perSecond(1_000, 1_000));

    assertThat(limiter.take(PARTNER, 200)).isEqualTo(100);
    limiter.giveBack(PARTNER, 60);

    assertThat(limiter.take(PARTNER, 60)).isEqualTo(60);
    assertThat(takeAll(other)).isEqualTo(900);
  }

  @Test
  void whatIsHandedOnInMemoryIsChargedAndOverdrawnNoFurtherThanABatch() {
    var limiter = replica(perSecond(1_000, 100));
    assertThat(limiter.take(PARTNER, 1)).isEqualTo(1);
    Await.until("a slice is here", LONG, () -> limiter.has(PARTNER, 50));

    limiter.charge(PARTNER, 50);
    limiter.charge(PARTNER, 80);

    assertThat(limiter.has(PARTNER, 1)).isFalse();
    assertThat(takeAll(limiter)).isZero();
    clock.advance(Duration.ofMillis(50));
    // 100 in the bucket and 50 refilled, of which 131 are used.
    Await.until("the debt is paid back", LONG, () -> limiter.has(PARTNER, 19));
    assertThat(takeAll(limiter)).isEqualTo(19);
  }

  @Test
  void whatIsNotUsedForASecondGoesBackToAll() {
    var holder = replica(new Destination.Rate(10, Duration.ofMinutes(1), 10));
    var other = replica(new Destination.Rate(10, Duration.ofMinutes(1), 10));
    assertThat(holder.take(PARTNER, 1)).isEqualTo(1);
    holder.giveBack(PARTNER, 1);
    assertThat(takeAll(other)).isEqualTo(9);

    clock.advance(Duration.ofSeconds(1));

    Await.until("the tenth came back", LONG, () -> other.take(PARTNER, 1) == 1);
  }

  @Test
  void whoFoundNothingIsCalledWhenThereIsSomething() {
    var called = new AtomicInteger();
    var limiter = replica(perSecond(10, 1));
    limiter.whenAvailable(called::incrementAndGet);
    assertThat(limiter.take(PARTNER, 1)).isEqualTo(1);
    assertThat(limiter.take(PARTNER, 1)).isZero();
    assertThat(called).hasValue(0);

    clock.advance(Duration.ofMillis(100));

    Await.until("somebody is called", LONG, () -> called.get() > 0);
    assertThat(limiter.take(PARTNER, 1)).isEqualTo(1);
  }

  @Test
  void aChangedRateHoldsForABucketThatIsThere() {
    var before = replica(perSecond(100, 100));
    assertThat(takeAll(before)).isEqualTo(100);
    before.close();

    var changed = replica(perSecond(10, 10));

    assertThat(takeAll(changed)).isZero();
    clock.advance(Duration.ofSeconds(60));
    assertThat(takeAll(changed)).isEqualTo(10);
    assertThat(buckets()).isEqualTo(1);
  }

  @Test
  void aDestinationWithoutARateCostsNothing() {
    var limiter = replica(null);

    assertThat(limiter.take(PARTNER, 200)).isEqualTo(200);
    assertThat(limiter.has(PARTNER, 10_000)).isTrue();
    limiter.charge(PARTNER, 10_000);

    assertThat(buckets()).isZero();
  }

  @Test
  void anIdleDestinationCostsNothing() {
    var limiter = replica(perSecond(100, 100));

    limiter.describe(destination(perSecond(100, 100)));

    assertThat(buckets()).isZero();
  }
}
