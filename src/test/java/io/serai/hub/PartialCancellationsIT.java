package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.Address;
import io.serai.order.AnOrder;
import io.serai.order.Cancellation;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.HoldKind;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Parts of orders that are not wanted any more, wherever the order stands, and who was first. */
class PartialCancellationsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG", NEAR, 9).has("TEA", NEAR, 9);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private static AnOrder order() {
    return anOrder().numbered("1001").placedAt(ManualClock.START);
  }

  private void atTheWarehouse() {
    hub.owed("1001").stream()
        .filter(d -> d.operation().equals("fulfillment-request") && d.state().equals("READY"))
        .forEach(hub::confirm);
    hub.clock.advance(Duration.ofMinutes(1));
  }

  private AHub.Asked asked(int index) {
    return hub.asked("1001").get(index);
  }

  private void cancels(int units) {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.cancellationOf("1001", "1001-1", units));
  }

  private void again(AnOrder order) {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(order.updatedAt(hub.clock.instant()).build());
  }

  private List<String> open(HoldKind kind) {
    return hub.all(
        "SELECT reason FROM order_hold WHERE kind = ? AND released_at IS NULL ORDER BY no",
        rows -> rows.getString(1),
        kind.name());
  }

  private List<String> said(String kind) {
    return hub.all(
        "SELECT sentence FROM order_event WHERE kind = ? ORDER BY id",
        rows -> rows.getString(1),
        kind);
  }

  private long toldOfCancellations() {
    return hub.owed("1001").stream()
        .filter(d -> d.destination().equals(AHub.SHOP) && d.operation().equals("cancellation"))
        .count();
  }

  @Test
  void whatANodeCouldNotStopAndThenDoesNotSendIsCancelledAsTheChannelSays() {
    hub.apply(order().with("MUG", 3).build());
    atTheWarehouse();
    again(order().with("MUG", 3).ofWhichCancelled(2));
    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    hub.apply(hub.answer(asked(0).text(), State.REJECTED));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(3, 2, 2, 0, 0, 0, 0));
    assertThat(hub.level("MUG", NEAR).allocated()).isZero();
  }

  @Test
  void anOrderThatWasTooLateToStopIsCancelledWhenItsNodeDoesNotSendIt() {
    hub.apply(order().with("MUG", 3).build());
    atTheWarehouse();
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    hub.apply(hub.answer(asked(0).text(), State.REJECTED));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(3, 3, 3, 0, 0, 0, 0));
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
  }

  @Test
  void theTimelineNamesWhatIsWantedLessAndWhatStays() {
    hub.apply(order().with("MUG", 3).with("TEA", 1).build());

    again(order().with("MUG", 3).with("TEA", 1).ofWhichCancelled(1));

    assertThat(said("order.updated"))
        .containsExactly("Order '#1001' was changed in the channel: 1 of 'TEA' less.");
    assertThat(said("order.allocated").getLast())
        .isEqualTo(
            "Node 'nj-1' keeps what did not change of its request: 3 unit(s). 'northwind' is asked to send it from 'nj-1'.");
  }

  @Test
  void whatTwoRequestsToOneNodeKeepOfALineIsAskedForTogether() {
    hub.apply(order().with("MUG", 2).with("TEA", 2).build());
    again(order().with("MUG", 3).with("TEA", 3));
    assertThat(hub.asked("1001")).hasSize(2);

    again(order().with("MUG", 3).with("TEA", 3).ofWhichCancelled(3));

    assertThat(said("order.allocated").getLast())
        .isEqualTo(
            "Node 'nj-1' keeps what did not change of its request: 3 unit(s). 'northwind' is asked to send it from 'nj-1'.");
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(3, 0, 0, 3, 0, 0, 0));
    assertThat(hub.level("MUG", NEAR).allocated()).isEqualTo(3);
  }

  @Test
  void aPartAfterAPartHasLeftStopsTheRest() {
    hub.apply(order().with("MUG", 3).build());
    atTheWarehouse();
    hub.apply(hub.shipmentOf(asked(0).text(), "S-1", "MUG", 1));

    cancels(1);
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));
    hub.apply(hub.shipmentOf(asked(1).text(), "S-2", "MUG", 1));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(3, 1, 1, 0, 0, 2, 0));
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
    assertThat(hub.level("MUG", NEAR)).isEqualTo(new AHub.Level(7, 0, 0));
  }

  @Test
  void aPartThatWaitsForStockWaitsForNothing() {
    hub.apply(order().with("GLASS", 3).with("MUG", 1).build());
    hub.has("GLASS", NEAR, 0);
    hub.clock.advance(Duration.ofMinutes(1));
    hub.applyInside(new Continuation(hub.order("1001").id()));

    cancels(3);

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(3);
    assertThat(hub.line("1001", "1001-1").backordered()).isZero();
  }

  @Test
  void aPartOfAHeldOrderIsCancelledAndTheRestStaysHeld() {
    hub.apply(order().with("MUG", 3).build());
    hub.applyInside(new HoldOrder(hub.order("1001").id(), HoldKind.MANUAL, "wait", null, null));

    cancels(1);

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(hub.order("1001").hold()).isEqualTo("MANUAL");
    hub.applyInside(new ReleaseOrder(hub.order("1001").id(), null, "go"));
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    assertThat(hub.level("MUG", NEAR).allocated()).isEqualTo(2);
  }

  @Test
  void cancelThenEditSendsWhatIsWantedThenAndTheStockIsBackOnce() {
    hub.apply(order().with("MUG", 3).build());
    atTheWarehouse();

    again(order().with("MUG", 3).ofWhichCancelled(2));
    again(order().with("MUG", 3).ofWhichCancelled(1));
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(2);
    assertThat(hub.line("1001", "1001-1").allocated()).as("two are wanted").isEqualTo(2);
    assertThat(hub.level("MUG", NEAR).allocated()).isEqualTo(2);
  }

  @Test
  void editThenCancelSendsNothingAndTheStockIsBackOnce() {
    hub.apply(order().with("MUG", 3).build());
    atTheWarehouse();
    var elsewhere =
        new Party(
            "Jana Ørsted",
            null,
            null,
            null,
            null,
            null,
            new Address(List.of("Donaustraße 4"), "Berlin", null, null, "12045", "DE", null),
            PiiState.PRESENT);

    again(order().with("MUG", 3).to(elsewhere));
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.asked("1001")).as("nobody is asked anew").hasSize(1);
    assertThat(hub.level("MUG", NEAR)).isEqualTo(new AHub.Level(9, 0, 0));
    assertThat(hub.owed("1001").stream().filter(d -> d.operation().equals("cancellation")))
        .as("the warehouse is asked once")
        .hasSize(1);
  }

  @Test
  void theSameWishTwiceCancelsOnceAndIsAnsweredOnce() {
    hub.apply(order().with("MUG", 3).build());
    atTheWarehouse();
    var part = new Cancellation.Line("1001-1", 1);

    hub.apply(hub.wishOf("1001", "r-1", part));
    hub.apply(hub.wishOf("1001", "r-1", part));
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(toldOfCancellations()).isEqualTo(1);
    assertThat(hub.level("MUG", NEAR).allocated()).isEqualTo(2);
    assertThat(asked(1).node()).isEqualTo(NEAR);
  }

  // ---- who was first

  @Test
  void aUnitThatLeftFirstIsSentAndNotCancelledAndAPersonKnows() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    hub.apply(hub.cancellationOf("1001"));

    hub.apply(hub.shipmentOf(asked(0).text(), "S-1", "MUG", 2));
    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    var line = hub.line("1001", "1001-1");
    assertThat(line.shipped()).isEqualTo(2);
    assertThat(line.cancelled()).isZero();
    assertThat(said("cancellation.late"))
        .containsExactly(
            "2 unit(s) left 'northwind' before they could be stopped: they count as sent, not as cancelled.");
    assertThat(open(HoldKind.TOO_LATE))
        .containsExactly(
            "'northwind' sends 2 unit(s) of order '#1001' that 'shopify-main' has cancelled. Have the parcel stopped or brought back, and settle it with the buyer.");
    assertThat(hub.level("MUG", NEAR)).isEqualTo(new AHub.Level(7, 0, 0));
  }

  @Test
  void aNodeThatSendsAllTheSameThoughTheChannelCancelledIsAPersonsBusiness() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    hub.apply(hub.cancellationOf("1001"));

    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    assertThat(open(HoldKind.TOO_LATE)).hasSize(1);
    assertThat(hub.line("1001", "1001-1").cancelled()).isZero();
  }

  @Test
  void aWishThatIsAnsweredNoNeedsNobodyElse() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    hub.apply(hub.wishOf("1001", "r-1"));

    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    assertThat(toldOfCancellations()).isEqualTo(1);
    assertThat(open(HoldKind.TOO_LATE)).isEmpty();
  }

  @Test
  void aParcelOfWhatWasConfirmedAsCancelledIsNamedAndStaysCancelled() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    hub.apply(hub.shipmentOf(asked(0).text(), "S-1", "MUG", 2));

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(2);
    assertThat(hub.line("1001", "1001-1").shipped()).isZero();
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(open(HoldKind.TOO_LATE))
        .containsExactly(
            "'northwind' reports shipment 'S-1' of order '#1001', though it had said that it would not send it. Have it stopped or brought back, and settle it with the buyer.");
    assertThat(hub.owed("1001").stream().map(AHub.Owed::operation)).doesNotContain("shipment");
  }

  @Test
  void aNodeThatCancelsByItselfIsNotAskedAgain() {
    hub.has("MUG", FAR, 9);
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();

    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(asked(0).state()).isEqualTo("CANCELLED");
    assertThat(asked(1).node()).isEqualTo(FAR);
    assertThat(said("fulfillment.cancelled"))
        .containsExactly("'northwind' cancelled it by itself: no reason given.");
  }
}
