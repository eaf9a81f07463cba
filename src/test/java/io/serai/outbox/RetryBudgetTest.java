package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A tenth of the first tries, one a second, a hundred in hand. */
class RetryBudgetTest {
  private final ManualClock clock = new ManualClock();
  private final RetryBudget budget = new RetryBudget();

  private double tokens() {
    return budget.tokens(clock.instant());
  }

  // As a refresh does it.
  private void shared() {
    var change = budget.untold();
    budget.told(change);
    budget.read(tokens(), clock.instant());
  }

  @Test
  void aHundredRetriesAreInHand() {
    assertThat(tokens()).isEqualTo(100);

    budget.retries(100);

    assertThat(tokens()).isZero();
  }

  @Test
  void tenFirstTriesEarnOneRetry() {
    budget.retries(100);

    budget.firstTries(10);

    assertThat(tokens()).isEqualTo(1);
  }

  @Test
  void oneRetryASecondIsAlwaysThere() {
    budget.retries(100);
    shared();

    clock.advance(Duration.ofSeconds(7));

    assertThat(tokens()).isEqualTo(7);
  }

  @Test
  void aFullBudgetGrowsNoFurtherAndIsNotTold() {
    budget.firstTries(1_000);
    clock.advance(Duration.ofHours(1));

    assertThat(tokens()).isEqualTo(100);
    assertThat(budget.untold()).isZero();
  }

  @Test
  void whatIsSpentWhileItIsToldIsNotLost() {
    budget.retries(10);
    var change = budget.untold();
    budget.retries(5);

    budget.told(change);
    budget.read(90, clock.instant());

    assertThat(tokens()).isEqualTo(85);
    assertThat(budget.untold()).isEqualTo(-5);
  }
}
