package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.outbox.SharedQuotas.Quota;
import io.serai.support.ManualClock;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many calls of a kind begin, over all replicas, and when those that must wait come again. */
class SharedQuotasIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Quota SLOW = new Quota("shop", "search", 0.01, 2);
  private static final Quota FAST = new Quota("shop", "confirm", 2, 1);

  private final ManualClock clock = new ManualClock();

  private SharedQuotas replica() {
    return new SharedQuotas(DATABASE.dataSource(), clock);
  }

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  @Test
  void aBurstIsThereAtOnceAndThenEachCallComesWithItsTime() throws SQLException {
    var quotas = replica();

    assertThat(quotas.take(SLOW)).isZero();
    assertThat(quotas.take(SLOW)).isZero();
    assertThat(quotas.take(SLOW)).isEqualTo(Duration.ofSeconds(100));
    clock.advance(Duration.ofSeconds(100));
    assertThat(quotas.take(SLOW)).isZero();
    assertThat(quotas.take(SLOW)).isEqualTo(Duration.ofSeconds(100));
  }

  @Test
  void whoIsPutOffComesBehindWhoWasPutOffBefore() throws SQLException {
    var quotas = replica();
    quotas.take(FAST);

    assertThat(quotas.take(FAST)).isEqualTo(Duration.ofMillis(500));
    assertThat(quotas.take(FAST)).isEqualTo(Duration.ofMillis(1_000));
    assertThat(quotas.take(FAST)).isEqualTo(Duration.ofMillis(1_500));
  }

  @Test
  void aQuotaIsSharedByReplicasAndNotByKinds() throws SQLException {
    var one = replica();
    var other = replica();

    one.take(SLOW);
    other.take(SLOW);

    assertThat(one.take(SLOW)).isPositive();
    assertThat(other.take(SLOW)).isPositive();
    assertThat(other.take(FAST)).isZero();
  }

  @Test
  void manyWhoAskAtOnceTakeNoMoreThanThereIs() throws Exception {
    var quota = new Quota("shop", "many", 0.001, 7);
    var replicas = new SharedQuotas[] {replica(), replica()};
    var asked = new ArrayList<Callable<Duration>>();
    for (int i = 0; i < 40; i++) {
      var replica = replicas[i % 2];
      asked.add(() -> replica.take(quota));
    }

    var granted = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var wait : threads.invokeAll(asked)) {
        granted += wait.get().isZero() ? 1 : 0;
      }
    }

    assertThat(granted).isEqualTo(7);
  }

  @Test
  void theRateThatAnAnswerSaysHoldsForAll() throws SQLException {
    var quotas = replica();
    quotas.take(FAST);

    quotas.correct(FAST, 0.1);

    assertThat(quotas.take(FAST)).isEqualTo(Duration.ofSeconds(10));
    assertThat(replica().take(FAST)).isEqualTo(Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(10));
    assertThat(replica().take(FAST)).isZero();
  }

  @Test
  void aRateThatAnotherReplicaLearnedIsUnlearnedByWhoeverIsToldOtherwise() throws SQLException {
    var one = replica();
    one.take(FAST);
    one.correct(FAST, 0.1);
    clock.advance(Duration.ofSeconds(10));
    var other = replica();
    other.take(FAST);

    other.correct(FAST, FAST.perSecond());

    assertThat(other.take(FAST)).isEqualTo(Duration.ofMillis(500));
    assertThat(one.take(FAST)).isEqualTo(Duration.ofMillis(500));
    one.correct(FAST, 0.1);
    assertThat(replica().take(FAST)).as("it is news again").isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aRateThatCouldNotBeWrittenIsWrittenWithTheNextAnswer() throws Exception {
    var away = new AtomicBoolean();
    var database =
        (DataSource)
            Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  if (away.get()) {
                    throw new SQLException("it does not answer");
                  }
                  return method.invoke(DATABASE.dataSource(), arguments);
                });
    var quotas = new SharedQuotas(database, clock);
    quotas.take(FAST);
    away.set(true);
    assertThatThrownBy(() -> quotas.correct(FAST, 0.1)).isInstanceOf(SQLException.class);
    away.set(false);

    quotas.correct(FAST, 0.1);

    assertThat(quotas.take(FAST)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aRateThatCannotBeIsNotBelieved() throws SQLException {
    var quotas = replica();
    quotas.take(FAST);

    quotas.correct(FAST, 0);
    quotas.correct(FAST, Double.NaN);

    assertThat(quotas.take(FAST)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void whatSomebodyElseTookIsNotThere() throws SQLException {
    var quotas = replica();
    quotas.take(SLOW);

    quotas.drain(SLOW);

    assertThat(quotas.take(SLOW)).isEqualTo(Duration.ofSeconds(100));
  }

  @Test
  void anotherRateInTheConnectorHoldsFromTheNextCallOn() throws SQLException {
    var quotas = replica();
    quotas.take(FAST);
    var slower = new Quota("shop", "confirm", 0.5, 1);

    assertThat(quotas.take(slower)).isEqualTo(Duration.ofSeconds(2));

    clock.advance(Duration.ofSeconds(2));
    assertThat(replica().take(slower)).isZero();
    assertThat(replica().take(slower)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void twoRatesThatTakeTurnsGiveNoCallThatIsNotThere() throws SQLException {
    var one = new Quota("shop", "turns", 0.001, 3);
    var other = new Quota("shop", "turns", 0.002, 2);
    var quotas = replica();

    var granted = 0;
    for (int i = 0; i < 10; i++) {
      granted += quotas.take(i % 2 == 0 ? one : other).isZero() ? 1 : 0;
    }

    assertThat(granted).isLessThanOrEqualTo(3).isPositive();
  }
}
