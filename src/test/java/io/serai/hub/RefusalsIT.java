package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse;
import io.serai.order.FulfillmentResponse.Refused;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.RefusalCode;
import io.serai.order.Shipment;
import io.serai.order.StockReport;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that will not send what they were asked for, wholly or in part, and where it goes then. */
class RefusalsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE).has("MUG-BLU", NEAR, 10).has("TEE-RED", NEAR, 10);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private AHub.Asked asked(String node) {
    return hub.asked("1001").stream().filter(a -> a.node().equals(node)).findFirst().orElseThrow();
  }

  private void order(int mugs) {
    hub.apply(anOrder().placedAt(T0).with("MUG-BLU", mugs).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.clock.advance(Duration.ofMinutes(5));
  }

  private void rejects(String node, RefusalCode code, String reason) {
    hub.apply(
        new FulfillmentResponse(
            asked(node).text(),
            State.REJECTED,
            null,
            reason,
            code,
            List.of(),
            hub.clock.instant()));
  }

  @Test
  void aRejectedRequestGoesToAnotherNodeAndNeverBackToTheSame() {
    hub.has("MUG-BLU", FAR, 10);
    order(2);

    rejects(NEAR, RefusalCode.CAPACITY, "shift cancelled");

    assertThat(asked(NEAR).state()).isEqualTo("REJECTED");
    assertThat(asked(FAR).state()).isEqualTo("REQUESTED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(10, 0, 0));
    assertThat(hub.level("MUG-BLU", FAR)).isEqualTo(new AHub.Level(10, 2, 0));
    assertThat(hub.timeline("1001"))
        .containsSubsequence("order.allocated", "fulfillment.rejected", "order.allocated");

    rejects(FAR, RefusalCode.NOT_SERVED, "no such service");

    assertThat(hub.asked("1001")).hasSize(2);
    assertThat(hub.order("1001").hold()).isEqualTo("UNALLOCATABLE");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "'northwind' rejected order '#1001': shift cancelled. 'fabrikam' rejected order"
                + " '#1001': no such service. No other node can send it now. Move it to a node,"
                + " replay it to ask again, or cancel it.");
  }

  @Test
  void aReplayByHandAsksTheNodeThatRejectedAgain() {
    order(2);
    rejects(NEAR, RefusalCode.CAPACITY, null);
    assertThat(hub.order("1001").hold()).isEqualTo("UNALLOCATABLE");

    hub.applyInside(new Reallocation(hub.order("1001").id()));

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.asked("1001")).hasSize(2).allMatch(a -> a.node().equals(NEAR));
  }

  @Test
  void unitsThatAreNotFoundAreWrittenOffAndTheOrderWaitsUntilTheNodeCounts() {
    order(2);

    rejects(NEAR, RefusalCode.NOT_FOUND, null);

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(8, 0, 0));
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.followUp()).isZero();

    hub.clock.advance(Duration.ofMinutes(5));
    hub.has("MUG-BLU", NEAR, 9);

    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(9, 2, 0));
  }

  @Test
  void damagedUnitsStayOnHandAndCannotBePromised() {
    hub.has("MUG-BLU", FAR, 1);
    order(2);

    rejects(NEAR, RefusalCode.DAMAGED, "water");

    assertThat(
            hub.number("SELECT damaged FROM stock_level WHERE sku = 'MUG-BLU' AND node = ?", NEAR))
        .isEqualTo(2);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(10, 0, 0));
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(
            hub.text(
                "SELECT concat_ws(' ', quantity, debit, credit) FROM stock_movement WHERE cause ="
                    + " 'refused'"))
        .isEqualTo("2 available damaged");
  }

  @Test
  void anAddressThatCannotBeDeliveredToIsAskedOfNobodyElse() {
    hub.has("MUG-BLU", FAR, 10);
    order(2);

    rejects(NEAR, RefusalCode.ADDRESS, "no such street");

    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "'northwind' cannot deliver order '#1001' to its address: no such street. Correct it in"
                + " the channel, then release the order.");
    assertThat(hub.asked("1001")).hasSize(1);
  }

  @Test
  void aRejectionToldAgainChangesNothing() {
    hub.has("MUG-BLU", FAR, 10);
    order(2);
    rejects(NEAR, RefusalCode.NOT_FOUND, null);

    rejects(NEAR, RefusalCode.NOT_FOUND, null);

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(8, 0, 0));
    assertThat(hub.asked("1001")).hasSize(2);
  }

  @Test
  void aPartThatIsRefusedGoesElsewhereAndTheRestStays() {
    hub.has("MUG-BLU", FAR, 10);
    order(5);

    refusesPart(2);

    assertThat(asked(NEAR).state()).isEqualTo("ACCEPTED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(8, 3, 0));
    assertThat(hub.level("MUG-BLU", FAR)).isEqualTo(new AHub.Level(10, 2, 0));
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(5);

    refusesPart(2);
    assertThat(hub.level("MUG-BLU", NEAR)).as("told again").isEqualTo(new AHub.Level(8, 3, 0));

    refusesPart(3);
    assertThat(hub.level("MUG-BLU", NEAR)).as("one more").isEqualTo(new AHub.Level(7, 2, 0));
    assertThat(hub.level("MUG-BLU", FAR).allocated()).isEqualTo(3);
  }

  private void refusesPart(int mugs) {
    hub.apply(
        new FulfillmentResponse(
            asked(NEAR).text(),
            State.ACCEPTED,
            "F-1",
            null,
            null,
            List.of(new Refused(null, "MUG-BLU", mugs, RefusalCode.NOT_FOUND)),
            hub.clock.instant()));
  }

  @Test
  void aRequestOfWhichEveryPartIsRefusedIsOver() {
    hub.has("MUG-BLU", FAR, 10);
    order(2);

    refusesPart(2);

    assertThat(asked(NEAR).state()).isEqualTo("REJECTED");
    assertThat(asked(FAR).state()).isEqualTo("REQUESTED");
  }

  private Shipment shipped(int mugs, Boolean last) {
    return shipped("S-1", mugs, last);
  }

  private Shipment shipped(String id, int mugs, Boolean last) {
    var some = hub.shipmentOf(asked(NEAR).text(), id, "MUG-BLU", mugs);
    return new Shipment(
        some.fulfillmentId(),
        some.shipmentId(),
        null,
        null,
        some.shippedAt(),
        some.carrier(),
        null,
        some.packages(),
        last,
        null);
  }

  @Test
  void aShortShipmentClosesWhatLeftAndTheRestGoesElsewhere() {
    hub.has("MUG-BLU", FAR, 10);
    order(5);

    hub.apply(shipped(3, true));
    assertThat(asked(NEAR).state()).as("a parcel may be told late").isEqualTo("PARTIALLY_SHIPPED");
    hub.clock.advance(FulfillmentRules.LATE);
    assertThat(hub.followUp()).isEqualTo(1);

    assertThat(asked(NEAR).state()).isEqualTo("SHIPPED");
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 0, 0, 2, 0, 3, 0));
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(5, 0, 0));
    assertThat(hub.level("MUG-BLU", FAR).allocated()).isEqualTo(2);
    assertThat(hub.owed("1001").stream().filter(d -> d.operation().equals("shipment")))
        .as("the channel hears of what left")
        .hasSize(1);
  }

  @Test
  void aShortShipmentWithNothingElsewhereWaitsForStock() {
    order(5);

    hub.apply(shipped(3, true));
    hub.clock.advance(FulfillmentRules.LATE);
    hub.followUp();

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 0, 0, 0, 2, 3, 0));
    assertThat(hub.order("1001").state()).isEqualTo("PARTIALLY_SHIPPED");
    assertThat(hub.order("1001").hold()).isNull();
  }

  @Test
  void aParcelThatIsToldAfterTheLastOneIsNotMissing() {
    hub.has("MUG-BLU", FAR, 10);
    order(5);

    hub.apply(shipped("S-2", 3, true));
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(shipped("S-1", 2, null));
    hub.clock.advance(FulfillmentRules.LATE);
    hub.followUp();

    assertThat(asked(NEAR).state()).isEqualTo("SHIPPED");
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 0, 0, 0, 0, 5, 0));
    assertThat(hub.level("MUG-BLU", FAR).allocated()).as("nobody else is asked").isZero();
    assertThat(hub.number("SELECT count(*) FROM fulfillment_order WHERE short_at IS NOT NULL"))
        .isZero();
    assertThat(hub.followUp()).isZero();
  }

  @Test
  void whatIsMissingAfterALateParcelGoesElsewhere() {
    hub.has("MUG-BLU", FAR, 10);
    order(5);

    hub.apply(shipped("S-2", 2, true));
    hub.apply(shipped("S-1", 2, null));
    hub.clock.advance(FulfillmentRules.LATE);
    hub.followUp();

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 0, 0, 1, 0, 4, 0));
    assertThat(hub.level("MUG-BLU", FAR).allocated()).isEqualTo(1);
    assertThat(hub.timeline("1001")).containsOnlyOnce("fulfillment.short");
  }

  @Test
  void aPartThatLeavesFirstIsNotShort() {
    order(5);

    hub.apply(shipped(3, null));

    assertThat(asked(NEAR).state()).isEqualTo("PARTIALLY_SHIPPED");
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
  }

  @Test
  void unitsThatAreCancelledMeanwhileAreNotAskedOfAnybodyElse() {
    hub.has("MUG-BLU", FAR, 10);
    order(5);
    hub.apply(hub.cancellationOf("1001", "1001-1", 2));

    rejects(NEAR, RefusalCode.CAPACITY, null);

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 2, 2, 3, 0, 0, 0));
    assertThat(hub.level("MUG-BLU", FAR).allocated()).isEqualTo(3);
  }

  @Test
  void aCountThatFindsNoMoreLetsTheNodeBeAskedAgainForWhatIsThere() {
    order(2);
    rejects(NEAR, RefusalCode.NOT_FOUND, null);

    hub.clock.advance(Duration.ofMinutes(5));
    hub.has("MUG-BLU", NEAR, 8);

    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(8, 2, 0));
  }

  @Test
  void aSaleAtTheNodeIsNoCount() {
    order(2);
    rejects(NEAR, RefusalCode.NOT_FOUND, null);

    hub.clock.advance(Duration.ofMinutes(5));
    hub.change(StockChange.Kind.ADJUST, NEAR, new StockChange.Row("MUG-BLU", 1));

    assertThat(hub.followUp()).isZero();
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
  }

  @Test
  void afterTheAddressIsCorrectedTheSameNodeIsAskedAgain() {
    order(2);
    rejects(NEAR, RefusalCode.ADDRESS, "no such street");
    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");

    hub.applyInside(new ReleaseOrder(hub.order("1001").id(), null, "The buyer corrected it."));

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.asked("1001")).hasSize(2).allMatch(a -> a.node().equals(NEAR));
  }

  @Test
  void partsOfOneLineRefusedForDifferentReasonsAddUp() {
    order(3);
    var answer =
        new FulfillmentResponse(
            asked(NEAR).text(),
            State.ACCEPTED,
            "F-1",
            null,
            null,
            List.of(
                new Refused(null, "MUG-BLU", 1, RefusalCode.DAMAGED),
                new Refused(null, "MUG-BLU", 1, RefusalCode.NOT_FOUND)),
            hub.clock.instant());

    hub.apply(answer);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(9, 1, 0));

    hub.apply(answer);
    assertThat(hub.level("MUG-BLU", NEAR)).as("said again").isEqualTo(new AHub.Level(9, 1, 0));
  }

  @Test
  void aSnapshotFromBeforeTheRefusalDoesNotBringBackWhatWasNotFound() {
    order(2);
    var before = hub.clock.instant();
    hub.clock.advance(Duration.ofMinutes(5));
    rejects(NEAR, RefusalCode.NOT_FOUND, null);

    hub.clock.advance(Duration.ofMinutes(5));
    hub.apply(
        new StockReport(
            NEAR,
            null,
            StockReport.Kind.ABSOLUTE,
            before,
            null,
            List.of(new StockReport.Level("MUG-BLU", 10)),
            null));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(8);
  }
}
