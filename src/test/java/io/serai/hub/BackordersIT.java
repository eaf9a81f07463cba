package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Orders that wait for stock, and stock that comes. */
class BackordersIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 0).has("MUG-BLU", FAR, 0).has("TEE-RED", NEAR, 0);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private void order(String number, int placedAfter, String sku, int quantity) {
    hub.apply(
        anOrder()
            .numbered(number)
            .placedAt(T0.plusSeconds(placedAfter))
            .with(sku, quantity)
            .build());
    assertThat(hub.order(number).state()).isEqualTo("BACKORDERED");
  }

  private void comes(String sku, String node, int onHand) {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has(sku, node, onHand);
  }

  @Test
  void stockThatComesGoesToTheOldestOrderFirst() {
    order("1002", 2, "MUG-BLU", 2);
    order("1001", 1, "MUG-BLU", 2);
    order("1003", 3, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 5);

    assertThat(hub.followUp()).isEqualTo(2);

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1003").state()).isEqualTo("BACKORDERED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(5, 4, 0));
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 0, 0, 2, 0, 0, 0));
    assertThat(hub.owed("1001", "fulfillment-request").content().at("/lines/0/title").asText())
        .isNotBlank();
    assertThat(hub.number("SELECT count(*) FROM restock")).isZero();
    assertThat(hub.followUp()).isZero();
  }

  @Test
  void anOrderThatWantsMoreThanCameLetsTheNextOneGo() {
    order("1001", 1, "MUG-BLU", 9);
    order("1002", 2, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 3);

    hub.followUp();

    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.timeline("1001")).containsOnlyOnce("order.backordered");
  }

  @Test
  void anOrderThatWaitsForAnotherArticleTooGoesOnWaiting() {
    hub.apply(
        anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 1).with("TEE-RED", 1).build());
    comes("MUG-BLU", NEAR, 3);

    assertThat(hub.followUp()).isZero();
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();

    comes("TEE-RED", NEAR, 1);
    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.number("SELECT count(*) FROM decision")).isEqualTo(2);
  }

  @Test
  void unitsThatACancellationGivesBackAreStockThatComes() {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 2);
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 2).build());
    order("1002", 2, "MUG-BLU", 1);

    hub.apply(hub.cancellationOf("1001"));
    hub.followUp();

    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(2, 1, 0));
  }

  @Test
  void manyMoreThanABatchAreServedInOneGoAndNothingIsOversold() {
    for (var i = 0; i < 130; i++) {
      order(String.valueOf(2_000 + i), i, "MUG-BLU", 1);
    }
    comes("MUG-BLU", NEAR, 100);
    comes("MUG-BLU", FAR, 20);

    assertThat(hub.followUp()).isEqualTo(120);

    assertThat(hub.order("2119").state()).isEqualTo("RELEASED");
    assertThat(hub.order("2120").state()).isEqualTo("BACKORDERED");
    assertThat(hub.number("SELECT sum(on_hand - allocated) FROM stock_level")).isZero();
  }

  @Test
  void stockThatNobodyWaitsForIsNotNoted() {
    comes("MUG-BLU", NEAR, 5);

    assertThat(hub.number("SELECT count(*) FROM restock")).isZero();
  }

  @Test
  void stockThatComesWhileItIsWorkedOffIsDueAgain() {
    order("1001", 1, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 1);
    hub.run("UPDATE restock SET due_at = due_at + interval '1 minute'"); // somebody's claim
    assertThat(hub.followUp()).isZero();

    comes("MUG-BLU", NEAR, 2);

    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }
}
