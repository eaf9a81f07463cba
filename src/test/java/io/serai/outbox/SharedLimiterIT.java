package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.failure.Backoff;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A rate that a partner declares holds over all replicas. */
class SharedLimiterIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PARTNER = "northwind";
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final AtomicInteger asked = new AtomicInteger();
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
    var limiter = new SharedLimiter(counted(), clock);
    limiter.describe(destination(rate));
    limiters.add(limiter);
    return limiter;
  }

  private DataSource counted() {
    return new DelegatingDataSource(DATABASE.dataSource()) {
      @Override
      public Connection getConnection() throws SQLException {
        asked.incrementAndGet();
        return super.getConnection();
      }
    };
  }

  private static Destination destination(Destination.Rate rate) {
    return new Destination(PARTNER, 64, Duration.ofSeconds(10), rate, Backoff.DEFAULT);
  }

  private static Destination.Rate perSecond(int calls, int burst) {
    return new Destination.Rate(calls, Duration.ofSeconds(1), burst);
  }

  // As the outbox does it when everything is due.
  private static int takeAll(SharedLimiter limiter) {
    var all = 0;
    int taken;
    while ((taken = limiter.take(PARTNER, 200)) > 0) {
      limiter.used(PARTNER, taken, taken);
      all += taken;
    }
    return all;
  }

  private int taken;

  /** Takes what comes until it was so much, and shows that no more comes. */
  private void takes(int most, SharedLimiter... from) {
    taken = 0;
    Await.until(
        most + " were taken",
        LONG,
        () -> {
          List.of(from).forEach(limiter -> taken += takeAll(limiter));
          return taken >= most;
        });
    var before = asked.get();
    Await.until("the bucket was asked for more", LONG, () -> asked.get() >= before + 3);
    List.of(from).forEach(limiter -> taken += takeAll(limiter));
    assertThat(taken).isEqualTo(most);
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
  void oneReplicaTakesTheBurstAndThenTheRate() {
    var limiter = replica(perSecond(100, 50));

    takes(50, limiter);
    clock.advance(Duration.ofMillis(300));
    takes(30, limiter);
  }

  @Test
  void twoReplicasTogetherTakeThatAndOneSliceMore() {
    var first = replica(perSecond(100, 50));
    var second = replica(perSecond(100, 50));

    takes(50 + 10, first, second);
    clock.advance(Duration.ofMillis(300));
    takes(30, first, second);
    clock.advance(Duration.ofMillis(300));
    takes(30, second, first);
  }

  @Test
  void whatWasTakenAndNotUsedIsThereAgainAndAsksNobody() {
    var limiter = replica(perSecond(1_000, 1_000));

    for (var i = 0; i < 1_000; i++) {
      assertThat(limiter.take(PARTNER, 200)).isEqualTo(100);
      limiter.used(PARTNER, 100, 0);
    }

    assertThat(buckets()).isZero();
    assertThat(asked).hasValue(0);
  }

  @Test
  void manySendsShareFewTransactions() {
    var limiter = replica(perSecond(10_000, 10_000));
    var sent = 0;

    while (sent < 5_000) {
      if (limiter.has(PARTNER, 1)) {
        limiter.charge(PARTNER, 1);
        sent++;
      } else {
        Thread.onSpinWait();
      }
    }

    assertThat(asked.get()).isLessThan(50);
  }

  @Test
  void whatIsHandedOnInMemoryIsOverdrawnNoFurtherThanABatchAndPaidBack() {
    var limiter = replica(perSecond(1_000, 200));
    assertThat(limiter.has(PARTNER, 100)).isTrue();
    assertThat(limiter.has(PARTNER, 101)).isFalse();

    // 100 in the bucket and 100 ahead of it, all used, and 50 more by a race.
    limiter.charge(PARTNER, 250);

    // One after the other: the tenth is asked when the first of them are answered.
    Await.until("the bucket was emptied", LONG, () -> asked.get() >= 10);
    assertThat(limiter.has(PARTNER, 1)).isFalse();
    clock.advance(Duration.ofMillis(70));
    takes(20, limiter);
  }

  @Test
  void whatIsNotUsedForTenSecondsGoesBackToAll() {
    var holder = replica(new Destination.Rate(600, Duration.ofHours(1), 10));
    var other = replica(new Destination.Rate(600, Duration.ofHours(1), 10));
    holder.charge(PARTNER, 1);
    Await.until("it holds one in hand", LONG, () -> holder.has(PARTNER, 2));
    takes(8, other);

    clock.advance(Duration.ofSeconds(10));

    // One that came back and none yet that was refilled: that takes six times as long.
    takes(1 + 1, other);
  }

  @Test
  void whoFoundNothingIsCalledWhenThereIsSomething() {
    var called = new AtomicInteger();
    var limiter = replica(perSecond(10, 2));
    limiter.whenAvailable(called::incrementAndGet);
    takes(2, limiter);
    var before = called.get();

    clock.advance(Duration.ofMillis(100));

    Await.until("somebody is called", LONG, () -> called.get() > before);
    assertThat(limiter.take(PARTNER, 1)).isEqualTo(1);
  }

  @Test
  void aChangedRateHoldsForABucketThatIsThere() {
    var before = replica(perSecond(100, 100));
    takes(100, before);
    before.close();

    var changed = replica(perSecond(10, 10));

    takes(1, changed); // the one it may be ahead
    clock.advance(Duration.ofSeconds(60));
    takes(9, changed);
    assertThat(buckets()).isEqualTo(1);
  }

  @Test
  void aDestinationWithoutARateCostsNothing() {
    var limiter = replica(null);

    assertThat(limiter.take(PARTNER, 200)).isEqualTo(200);
    assertThat(limiter.has(PARTNER, 10_000)).isTrue();
    limiter.charge(PARTNER, 10_000);

    assertThat(asked).hasValue(0);
  }
}
