package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.AnOrder;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.Money;
import io.serai.order.Refund;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Cancellations and refunds, before, while and after a warehouse is asked. */
class CancellationsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 9).has("TEE-RED", NEAR, 9);
    hub.clock.advance(Duration.ofMinutes(1)); // orders are placed at T0 and cancelled later
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private static AnOrder order1001() {
    return anOrder().numbered("1001").placedAt(T0);
  }

  @Test
  void aCancellationBeforeItsOrderLeavesATombstone() {
    var cancelled = hub.apply(hub.cancellationOf("1001"));
    hub.apply(order1001().with("MUG-BLU", 2).build());

    assertThat(cancelled.messageState()).isEqualTo("APPLIED");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(2);
    assertThat(hub.owed("1001")).isEmpty();
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
    assertThat(hub.order("1001").cancelledAt()).isEqualTo(hub.clock.instant());
  }

  @Test
  void aTombstoneStaysWhateverStateOfTheOrderComesLater() {
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(order1001().with("MUG-BLU", 2).build());

    hub.apply(
        order1001().updatedAt(T0.plusSeconds(9)).with("MUG-BLU", 2).with("TEE-RED", 1).build());

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.line("1001", "1001-2").cancelled()).isEqualTo(1);
    assertThat(hub.owed("1001")).isEmpty();
  }

  @Test
  void aPartialCancellationBeforeItsOrderWaitsAndKillsNothing() {
    var early = hub.apply(hub.cancellationOf("1001", "1001-1", 1));

    assertThat(early.result())
        .isInstanceOfSatisfying(
            ApplyResult.Waits.class,
            waits -> assertThat(waits.lane()).isEqualTo("shopify-main/1001"));
    hub.apply(order1001().with("MUG-BLU", 2).build());
    assertThat(hub.messageState(early.messageId())).isEqualTo("RECEIVED");
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
  }

  @Test
  void aRequestThatNeverLeftIsWithdrawnWithoutACall() {
    hub.apply(order1001().with("MUG-BLU", 2).build());

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.owed("1001")).extracting(AHub.Owed::state).containsExactly("WITHDRAWN");
    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("WITHDRAWN");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void aRequestThatIsOnItsWayIsCancelledBehindIt() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.sending(hub.owed("1001", "fulfillment-request"));

    hub.apply(hub.cancellationOf("1001"));

    var request = hub.owed("1001", "fulfillment-request");
    var cancellation = hub.owed("1001", "cancellation");
    assertThat(request.state()).isEqualTo("SENDING");
    assertThat(cancellation.state()).isEqualTo("READY");
    assertThat(cancellation.lane()).isEqualTo(request.lane());
    assertThat(cancellation.document()).isEqualTo("fulfillment-request");
    assertThat(cancellation.key()).isNotEqualTo(request.key());
    assertThat(cancellation.content().path("action").asText()).isEqualTo("CANCEL");
    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("CANCEL_REQUESTED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
    assertThat(hub.order("1001").state()).isNotEqualTo("CANCELLED");
  }

  @Test
  void aRequestWhoseOutcomeIsUnknownIsNeverWithdrawn() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.put(hub.owed("1001", "fulfillment-request"), "READY", true, 1);

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.owed("1001", "fulfillment-request").state()).isEqualTo("READY");
    assertThat(hub.owed("1001", "cancellation").state()).isEqualTo("READY");
  }

  @Test
  void aCancellationBehindARequestThatIsRefusedIsOverWithoutACall() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.sending(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.cancellationOf("1001"));
    hub.put(hub.owed("1001", "fulfillment-request"), "PARKED", false, 1);

    assertThat(hub.followUp()).isEqualTo(1);

    assertThat(hub.owed("1001"))
        .extracting(AHub.Owed::state)
        .containsExactly("WITHDRAWN", "WITHDRAWN");
    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("WITHDRAWN");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
    assertThat(hub.followUp()).isZero();
  }

  @Test
  void aRequestThatWasRefusedIsWithdrawnByTheCancellation() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.put(hub.owed("1001", "fulfillment-request"), "PARKED", false, 1);

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.owed("1001")).extracting(AHub.Owed::state).containsExactly("WITHDRAWN");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.text("SELECT sentence FROM order_event WHERE kind = 'fulfillment.withdrawn'"))
        .isEqualTo("The request to 'northwind' had no effect there and was withdrawn.");
  }

  @Test
  void aCancellationBehindAParkedRequestOfUnknownOutcomeWaits() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.sending(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.cancellationOf("1001"));
    hub.put(hub.owed("1001", "fulfillment-request"), "PARKED", true, 20);

    assertThat(hub.followUp()).isZero();

    assertThat(hub.owed("1001")).extracting(AHub.Owed::state).containsExactly("PARKED", "READY");
    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("CANCEL_REQUESTED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
  }

  @Test
  void whatIsStillWantedOfARefusedRequestIsAskedForAnew() {
    hub.apply(order1001().with("MUG-BLU", 2).with("TEE-RED", 1).build());
    hub.sending(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.cancellationOf("1001", "1001-2", 1));
    hub.put(hub.owed("1001", "fulfillment-request"), "READY", false, 1);

    hub.followUp();

    assertThat(hub.owed("1001"))
        .extracting(AHub.Owed::state)
        .containsExactly("WITHDRAWN", "WITHDRAWN", "READY");
    assertThat(hub.owed("1001").getLast().content().at("/lines")).hasSize(1);
    assertThat(hub.owed("1001").getLast().content().at("/lines/0/title").asText()).isNotBlank();
    assertThat(hub.line("1001", "1001-2").cancelled()).isEqualTo(1);
  }

  @Test
  void aCancellationIsOverOnlyWhenThePartnerSaysYes() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));

    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 2, 2, 0, 0, 0, 0));
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void thePartnersYesCountsOnce() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));

    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));
    hub.apply(hub.answer(fulfillment.text(), State.ACCEPTED));
    hub.apply(hub.answer(fulfillment.text(), State.CANCEL_REFUSED));

    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("CANCELLED");
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(2);
  }

  @Test
  void tooLateIsSaidAndTheGoodsCountAsOnTheirWay() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));

    hub.apply(hub.answer(fulfillment.text(), State.CANCEL_REFUSED));

    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 0, 0, 2, 0, 0, 0));
    assertThat(hub.timeline("1001")).contains("fulfillment.cancel-refused");
  }

  @Test
  void afterTooLateTheNextStateOfTheOrderAsksNoSecondTime() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));
    hub.put(hub.owed("1001", "cancellation"), "REFUSED", false, 1);
    hub.apply(hub.answer(fulfillment.text(), State.CANCEL_REFUSED));

    var next = hub.apply(order1001().cancelledAt(T0.plusSeconds(30)).with("MUG-BLU", 2).build());

    assertThat(next.messageState()).isEqualTo("APPLIED");
    assertThat(hub.owed("1001")).hasSize(2);
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 2));
    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(2);
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
  }

  @Test
  void aNodeThatWasTooLateAndThenSendsNothingLeavesNothingOpenOfACancelledOrder() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(fulfillment.text(), State.CANCEL_REFUSED));

    hub.apply(hub.answer(fulfillment.text(), State.REJECTED));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 2, 2, 0, 0, 0, 0));
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void oneNodeMayBeTooLateWhileTheOtherStillStops() {
    hub.has("MUG-BLU", FAR, 5);
    hub.apply(order1001().with("MUG-BLU", 12).build());
    hub.owed("1001").forEach(hub::confirm);
    var near = hub.asked("1001").stream().filter(f -> NEAR.equals(f.node())).findFirst().get();
    var far = hub.asked("1001").stream().filter(f -> FAR.equals(f.node())).findFirst().get();
    hub.apply(hub.cancellationOf("1001", "1001-1", 12));

    hub.apply(hub.answer(near.text(), State.CANCEL_REFUSED));
    hub.apply(hub.answer(far.text(), State.CANCELLED));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(12, 3, 3, 9, 0, 0, 0));
    assertThat(hub.asked("1001"))
        .extracting(AHub.Asked::state)
        .containsExactlyInAnyOrder("ACCEPTED", "CANCELLED");
    assertThat(hub.level("MUG-BLU", FAR)).isEqualTo(new AHub.Level(5, 0, 0));
  }

  @Test
  void bothNodesMayBeTooLate() {
    hub.has("MUG-BLU", FAR, 5);
    hub.apply(order1001().with("MUG-BLU", 12).build());
    hub.owed("1001").forEach(hub::confirm);
    hub.apply(hub.cancellationOf("1001"));
    hub.owed("1001").stream()
        .filter(d -> "cancellation".equals(d.operation()))
        .forEach(d -> hub.put(d, "REFUSED", false, 1));

    hub.asked("1001").forEach(f -> hub.apply(hub.answer(f.text(), State.CANCEL_REFUSED)));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(12, 0, 0, 12, 0, 0, 0));
    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
  }

  @Test
  void tooLateAfterAPartLeftIsTooLateForTheRest() {
    hub.apply(order1001().with("MUG-BLU", 3).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 1));

    hub.apply(hub.answer(fulfillment.text(), State.CANCEL_REFUSED));
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-2", "MUG-BLU", 2));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(3, 0, 0, 0, 0, 3, 0));
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
  }

  @Test
  void aShipmentThatCrossesTheCancellationIsAskedToStopOnlyOnce() {
    hub.apply(order1001().with("MUG-BLU", 3).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 1));

    var next = hub.apply(order1001().cancelledAt(T0.plusSeconds(30)).with("MUG-BLU", 3).build());

    assertThat(next.messageState()).isEqualTo("APPLIED");
    assertThat(hub.owed("1001").stream().filter(d -> "cancellation".equals(d.operation())))
        .hasSize(1);
    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(3, 2, 2, 0, 0, 1, 0));
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(8, 0, 0));
  }

  @Test
  void aShipmentAfterAConfirmedCancellationChangesNoQuantity() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));

    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 2));

    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("CANCELLED");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.line("1001", "1001-1").shipped()).isZero();
    assertThat(hub.timeline("1001")).contains("shipment.surplus");
    assertThat(hub.owed("1001").stream().filter(d -> "shipment".equals(d.operation()))).isEmpty();
  }

  @Test
  void aPartOfARequestThatNeverLeftIsAskedForAnew() {
    hub.apply(order1001().with("MUG-BLU", 2).with("TEE-RED", 1).build());

    hub.apply(hub.cancellationOf("1001", "1001-2", 1));

    assertThat(hub.owed("1001")).extracting(AHub.Owed::state).containsExactly("WITHDRAWN", "READY");
    assertThat(hub.owed("1001").get(1).content().at("/lines")).hasSize(1);
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    assertThat(hub.line("1001", "1001-2").cancelled()).isEqualTo(1);
  }

  @Test
  void aPartOfARequestThatLeftIsStoppedAndTheRestAskedForAfterTheYes() {
    hub.apply(order1001().with("MUG-BLU", 2).with("TEE-RED", 1).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(hub.cancellationOf("1001", "1001-2", 1));
    assertThat(hub.level("TEE-RED", NEAR).allocated()).isEqualTo(1);

    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));

    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    assertThat(hub.line("1001", "1001-2").cancelled()).isEqualTo(1);
    assertThat(hub.asked("1001"))
        .extracting(AHub.Asked::state)
        .containsExactlyInAnyOrder("CANCELLED", "REQUESTED");
  }

  @Test
  void theSecondCancellationOfAWholeOrderHasNoEffect() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.apply(hub.cancellationOf("1001"));

    var second = hub.apply(hub.cancellationOf("1001"));

    assertThat(second.messageState()).isEqualTo("IGNORED");
  }

  @Test
  void cancellingAHeldOrderEndsItsHold() {
    hub.apply(order1001().with("NO-SUCH", 2).build());
    assertThat(hub.order("1001").hold()).isEqualTo("UNMAPPED");

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.order("1001").hold()).isNull();
  }

  @Test
  void aBackorderThatIsCancelledWaitsForNothing() {
    hub.apply(order1001().with("MUG-BLU", 99).build());

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(99, 99, 99, 0, 0, 0, 0));
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
  }

  @Test
  void aRejectionGivesTheUnitsBackAndHoldsTheOrder() {
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();

    hub.apply(
        new io.serai.order.FulfillmentResponse(
            fulfillment.text(), State.REJECTED, null, "address not served", T0));

    assertThat(hub.order("1001").hold()).isEqualTo("UNALLOCATABLE");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "'northwind' rejected order '#1001': address not served. No other node can send it now."
                + " Move it to a node, replay it to ask again, or cancel it.");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
    assertThat(hub.line("1001", "1001-1").unplaced()).isEqualTo(2);
  }

  @Test
  void anAnswerToARequestNobodyMadeIsInvalid() {
    var done =
        hub.apply(
            hub.answer(
                io.serai.support.Ids.text("ful", java.util.UUID.randomUUID()), State.ACCEPTED));

    assertThat(done.failed().failure().kind().name()).isEqualTo("INVALID");
    assertThat(done.failed().failure().sentence())
        .startsWith("Fulfillment order 'ful_")
        .endsWith("' is not known here. Ask the partner which request it answers.");
    assertThat(hub.apply(hub.answer("F-17", State.ACCEPTED)).failed().failure().kind().name())
        .isEqualTo("INVALID");
  }

  private Refund refund(
      String id, Instant at, String lineId, int quantity, Refund.Restock restock) {
    return new Refund(
        AHub.ref("1001"),
        id,
        at,
        List.of(new Refund.Line(lineId, quantity, restock)),
        Money.of("10.00", "EUR"));
  }

  @Test
  void aRefundBeforeItsOrderWaitsAndIsWokenByIt() {
    var refund = hub.apply(refund("R-1", T0.plusSeconds(30), "1001-1", 1, Refund.Restock.CANCEL));
    assertThat(refund.messageState()).isEqualTo("WAITING");
    assertThat(((ApplyResult.Waits) refund.result()).sentence())
        .isEqualTo("Refund 'R-1' waits for order '1001', which has not arrived yet.");

    hub.apply(order1001().with("MUG-BLU", 2).build());

    assertThat(hub.messageState(refund.messageId())).isEqualTo("RECEIVED");
    assertThat(
            hub.number(
                "SELECT count(*) FROM inbox_message WHERE id = ? AND due_at <= ?",
                refund.messageId(),
                hub.clock.instant()))
        .isEqualTo(1);
  }

  @Test
  void refundedUnitsThatNeverLeftAreCancelled() {
    hub.apply(order1001().with("MUG-BLU", 2).build());

    hub.apply(refund("R-1", T0.plusSeconds(30), "1001-1", 1, Refund.Restock.CANCEL));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 1, 1, 1, 0, 0, 1));
  }

  @Test
  void moneyAloneGoesBackWithoutStoppingTheGoods() {
    hub.apply(order1001().with("MUG-BLU", 2).build());

    hub.apply(refund("R-1", T0.plusSeconds(30), "1001-1", 2, Refund.Restock.NONE));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 0, 0, 2, 0, 0, 2));
    assertThat(hub.owed("1001")).extracting(AHub.Owed::state).containsExactly("READY");
  }

  @Test
  void aRefundThatTheOrdersStateKnowsAlreadyIsNotCountedTwice() {
    hub.apply(order1001().with("MUG-BLU", 3).build());
    hub.apply(
        order1001().updatedAt(T0.plusSeconds(60)).with("MUG-BLU", 3).ofWhichCancelled(1).build());

    hub.apply(refund("R-1", T0.plusSeconds(60), "1001-1", 1, Refund.Restock.CANCEL));

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
  }

  @Test
  void aRefundAndTheStateThatFollowsItCountOnce() {
    hub.apply(order1001().with("MUG-BLU", 3).build());
    hub.apply(refund("R-1", T0.plusSeconds(60), "1001-1", 1, Refund.Restock.CANCEL));

    hub.apply(
        order1001().updatedAt(T0.plusSeconds(61)).with("MUG-BLU", 3).ofWhichCancelled(1).build());

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
  }

  @Test
  void aPartialCancellationThatTheOrdersStateKnowsAlreadyIsNotCountedTwice() {
    hub.apply(order1001().with("MUG-BLU", 3).build());
    hub.apply(
        order1001().updatedAt(T0.plusSeconds(90)).with("MUG-BLU", 3).ofWhichCancelled(1).build());

    hub.apply(hub.cancellationOf("1001", "1001-1", 1));

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
  }

  @Test
  void onlyTheNodesThatHaveSomethingToStopAreAsked() {
    hub.has("CAP-GRN", FAR, 4);
    hub.apply(order1001().with("MUG-BLU", 2).with("CAP-GRN", 1).build());
    hub.owed("1001").forEach(hub::confirm);

    hub.apply(hub.cancellationOf("1001", "1001-2", 1));

    assertThat(hub.owed("1001", "cancellation").destination()).isEqualTo("fabrikam");
    assertThat(hub.asked("1001"))
        .extracting(AHub.Asked::state)
        .containsExactlyInAnyOrder("ACCEPTED", "CANCEL_REQUESTED");
  }
}
