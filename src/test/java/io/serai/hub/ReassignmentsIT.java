package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.HoldKind;
import io.serai.order.PaymentState;
import io.serai.support.ManualClock;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Orders that a person moves to another node. */
class ReassignmentsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE).has("MUG-BLU", NEAR, 10).has("MUG-BLU", FAR, 3);
    hub.apply(anOrder().placedAt(T0).with("MUG-BLU", 2).build());
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private ApplyResult move(String node) {
    return hub.applyInside(
        new Reassignment(hub.order("1001").id(), null, null, node, "closer to the buyer"));
  }

  private String refused(String node) {
    return ((ApplyResult.Failed) move(node)).failure().sentence();
  }

  @Test
  void whatHasNotLeftMovesAtOnce() {
    move(FAR);

    assertThat(hub.asked("1001").get(0).state()).isEqualTo("WITHDRAWN");
    assertThat(hub.asked("1001").get(1).node()).isEqualTo(FAR);
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
    assertThat(hub.level("MUG-BLU", FAR).allocated()).isEqualTo(2);
    assertThat(hub.text("SELECT sentence FROM order_event WHERE kind = 'order.reassigned'"))
        .isEqualTo("Moved from 'nj-1' to 'ca-1': closer to the buyer.");
  }

  @Test
  void whatTheNodeHasMovesWhenItLetsGo() {
    hub.confirm(hub.owed("1001", "fulfillment-request"));

    move(FAR);

    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("CANCEL_REQUESTED");
    assertThat(hub.level("MUG-BLU", FAR).allocated()).isZero();

    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCELLED));

    assertThat(hub.asked("1001").get(1).node()).isEqualTo(FAR);
    assertThat(hub.line("1001", "1001-1").cancelled()).isZero();
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
  }

  @Test
  void whatTheNodeWillNotLetGoStays() {
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    move(FAR);

    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCEL_REFUSED));

    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("ACCEPTED");
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    assertThat(refused(FAR)).isEqualTo("'northwind' was asked before and sends it all the same.");
  }

  @Test
  void unitsThatAreGoneThereMeanwhileAreAllocatedByTheRules() {
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    move(FAR);
    hub.clock.advance(java.time.Duration.ofMinutes(1));
    hub.has("MUG-BLU", FAR, 1);

    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCELLED));

    assertThat(hub.order("1001").hold()).isEqualTo("UNALLOCATABLE");
    assertThat(hub.order("1001").holdReason())
        .startsWith("Order '#1001' was moved away from 'nj-1'. No other node can send it now.");
  }

  @Test
  void anOrderMovesAwayFromANodeToWhereverTheRulesSay() {
    hub.applyInside(Reassignment.awayFrom(hub.order("1001").id(), NEAR, "sold over the counter"));

    assertThat(hub.asked("1001").get(1).node()).isEqualTo(FAR);
  }

  @Test
  void itMovesBackWhenAPersonWantsItBack() {
    move(FAR);

    move(NEAR);

    assertThat(hub.asked("1001").get(2).node()).isEqualTo(NEAR);
    assertThat(hub.level("MUG-BLU", FAR).allocated()).isZero();
  }

  @Test
  void aBackorderMovesToWhereThereIsStock() {
    hub.apply(anOrder().numbered("1002").placedAt(T0).with("MUG-BLU", 12).build());
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");
    hub.clock.advance(java.time.Duration.ofMinutes(1));
    hub.has("MUG-BLU", FAR, 12);

    hub.applyInside(new Reassignment(hub.order("1002").id(), null, null, FAR, null));

    assertThat(hub.asked("1002").getFirst().node()).isEqualTo(FAR);
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
  }

  @Test
  void whatCannotBeMovedIsRefusedBeforeAnythingIsStopped() {
    assertThat(refused("no-such"))
        .isEqualTo("Node 'no-such' is not configured; name one of [nj-1, ca-1].");
    assertThat(refused(NEAR)).isEqualTo("Order '#1001' has nothing that could be moved to 'nj-1'.");
    hub.clock.advance(java.time.Duration.ofMinutes(1));
    hub.has("MUG-BLU", FAR, 1);
    assertThat(refused(FAR))
        .isEqualTo(
            "Node 'ca-1' can promise 1 of SKU 'MUG-BLU' and 2 are wanted. Choose another node, or"
                + " wait for stock.");
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("REQUESTED");
    hub.applyInside(new HoldOrder(hub.order("1001").id(), HoldKind.MANUAL, "x", null, null));
    assertThat(refused(FAR))
        .isEqualTo(
            "Order '#1001' is held (MANUAL), so nothing of it can be moved. Release it first.");
    hub.apply(hub.cancellationOf("1001"));
    assertThat(refused(FAR))
        .isEqualTo("Order '#1001' is cancelled, so nothing of it can be moved.");
  }

  @Test
  void whatIsNotPaidIsNotMoved() {
    hub.apply(
        anOrder()
            .placedAt(T0)
            .updatedAt(T0.plusSeconds(60))
            .paid(PaymentState.PENDING)
            .with("MUG-BLU", 2)
            .build());

    assertThat(refused(FAR))
        .isEqualTo("Order '#1001' is not paid (pending), so nothing of it can be moved.");
  }
}
