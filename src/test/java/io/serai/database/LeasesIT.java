package io.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeasesIT {
  @RegisterExtension static final TestDatabase database = new TestDatabase();
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ManualClock clock = new ManualClock();
  private final Leases ours = new Leases(database.dataSource(), clock, "hub-a");
  private final Leases theirs = new Leases(database.dataSource(), clock, "hub-b");

  @BeforeEach
  void empty() {
    database.truncate();
  }

  @Test
  void whatOneHoldsNobodyElseGets() throws SQLException {
    var first = ours.acquire("poll", MINUTE);

    var second = theirs.acquire("poll", MINUTE);
    var again = ours.acquire("poll", MINUTE);

    assertThat(first).isPresent();
    assertThat(first.get().until()).isEqualTo(ManualClock.START.plus(MINUTE));
    assertThat(second).isEmpty();
    assertThat(again).isEmpty();
  }

  @Test
  void aLapsedLeaseGoesToAnotherWithAHigherFence() throws SQLException {
    var first = ours.acquire("poll", MINUTE).orElseThrow();
    clock.advance(MINUTE);

    var second = theirs.acquire("poll", MINUTE).orElseThrow();

    assertThat(second.fence()).isGreaterThan(first.fence());
    assertThat(ours.renew(first, MINUTE)).isEmpty();
    assertThat(ours.release(first)).isFalse();
  }

  @Test
  void aRenewedLeaseIsKept() throws SQLException {
    var lease = ours.acquire("poll", MINUTE).orElseThrow();
    clock.advance(Duration.ofSeconds(50));

    var renewed = ours.renew(lease, MINUTE).orElseThrow();
    clock.advance(Duration.ofSeconds(50));

    assertThat(renewed.fence()).isEqualTo(lease.fence());
    assertThat(theirs.acquire("poll", MINUTE)).isEmpty();
  }

  @Test
  void aReleasedLeaseIsFreeAndItsFenceGoesOn() throws SQLException {
    var first = ours.acquire("poll", MINUTE).orElseThrow();

    var released = ours.release(first);
    var second = theirs.acquire("poll", MINUTE).orElseThrow();

    assertThat(released).isTrue();
    assertThat(second.fence()).isEqualTo(first.fence() + 1);
  }

  @Test
  void aRestartedInstanceReleasesWhatItsFormerProcessHeldAndNothingElse() throws SQLException {
    var held = ours.acquire("poll", MINUTE).orElseThrow();
    theirs.acquire("sweep", MINUTE);

    var count = new Leases(database.dataSource(), clock, "hub-a").releaseFormer();

    assertThat(count).isEqualTo(1);
    assertThat(theirs.acquire("poll", MINUTE).orElseThrow().fence()).isGreaterThan(held.fence());
    assertThat(ours.acquire("sweep", MINUTE)).isEmpty();
  }
}
