package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.deadletter.Aftermath;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Resolution;
import io.serai.deadletter.Verdict;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an order learns when a person, not the partner, says what came of a delivery. */
class VerdictsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;
  private DeadLetters deadLetters;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 9);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());
    var followUps = hub.followUps();
    deadLetters =
        new DeadLetters(
            DATABASE.dataSource(),
            hub.clock,
            new Aftermath() {
              @Override
              public void confirmed(Connection connection, long delivery, String reference)
                  throws SQLException {
                followUps.confirmed(connection, delivery, reference);
              }

              @Override
              public void discarded(Connection connection, long delivery, String reason)
                  throws SQLException {
                followUps.discarded(connection, delivery, reason);
              }
            });
  }

  @AfterEach
  void holdsTogether() {
    assertThat(hub.number("SELECT count(*) FROM follow_up")).isZero();
    hub.close();
    hub.holdsTogether();
  }

  private void happened(String operation, String reference) {
    var delivery = hub.owed("1001", operation);
    hub.put(delivery, "PARKED", true, 1);
    var done =
        deadLetters.resolve(
            "dlv_" + delivery.id(), Resolution.happened(reference), "They say so.", "jana", -1);
    assertThat(done).isInstanceOf(Verdict.Done.class);
    assertThat(hub.followUp()).isEqualTo(1);
  }

  private void discarded(String operation, boolean unknown, String reason) {
    var delivery = hub.owed("1001", operation);
    hub.put(delivery, "PARKED", unknown, 1);
    var done = deadLetters.discard("dlv_" + delivery.id(), reason, "jana", -1);
    assertThat(done).isInstanceOf(Verdict.Done.class);
    assertThat(hub.followUp()).isEqualTo(1);
  }

  @Test
  void aRequestThatHappenedIsAcceptedUnderItsReference() {
    happened("fulfillment-request", "F-17");

    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
    assertThat(hub.asked("1001"))
        .extracting(AHub.Asked::state, AHub.Asked::reference)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("ACCEPTED", "F-17"));
    assertThat(hub.timeline("1001")).contains("fulfillment.accepted");
  }

  @Test
  void aRequestThatIsDiscardedGivesItsUnitsBackAndTheOrderWaitsForAPerson() {
    discarded("fulfillment-request", false, "They closed the warehouse");

    var order = hub.order("1001");
    assertThat(order.hold()).isEqualTo("UNALLOCATABLE");
    assertThat(order.holdReason())
        .isEqualTo(
            "The request to 'northwind' for order '#1001' was discarded: They closed the"
                + " warehouse. Replay the order to allocate it anew, or cancel it.");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("CANCELLED");

    hub.applyInside(new Reallocation(order.id()));
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void discardingARequestFinishesTheCancellationBehindIt() {
    hub.sending(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.cancellationOf("1001"));

    discarded("fulfillment-request", true, "They never got it");

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.owed("1001", "cancellation").state()).isEqualTo("WITHDRAWN");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void aCancellationThatHappenedCancelsTheOrder() {
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.cancellationOf("1001"));

    happened("cancellation", "C-1");

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void aCancellationThatIsDiscardedLeavesTheGoodsOnTheirWay() {
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.cancellationOf("1001"));

    discarded("cancellation", true, "The parcel is packed");

    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 0, 0, 2, 0, 0, 0));
    assertThat(hub.timeline("1001")).contains("fulfillment.cancel-refused");
  }

  @Test
  void aVerdictThatIsUndoneLeavesNothingToFollowUp() {
    var delivery = hub.owed("1001", "fulfillment-request");
    hub.put(delivery, "PARKED", true, 1);

    deadLetters.resolve(
        "dlv_" + delivery.id(), Resolution.happened("F-17"), "They say so.", "jana", 99);

    assertThat(hub.followUp()).isZero();
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }
}
