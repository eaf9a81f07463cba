package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static io.serai.order.StockReport.Kind.ABSOLUTE;
import static io.serai.order.StockReport.Kind.DELTA;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.StockReport;
import io.serai.stock.Item;
import io.serai.stock.Items;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What nodes count, in any order, against what is promised there. */
class StockReportsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private static StockReport report(
      StockReport.Kind kind, Instant asOf, Long sequence, String sku, int quantity) {
    return new StockReport(
        NEAR, null, kind, asOf, sequence, List.of(new StockReport.Level(sku, quantity)), null);
  }

  private StockTotals totals(AHub.Result done) {
    return (StockTotals) ((ApplyResult.Applied) done.result()).detail();
  }

  private void sold(Instant at) {
    hub.apply(
        new StockReport(
            NEAR,
            null,
            StockReport.Kind.DELTA,
            at,
            null,
            List.of(new StockReport.Level("MUG-BLU", -1)),
            null,
            StockReport.Cause.SALE));
  }

  @Test
  void ofSalesThatATillToldADayLateACountBetweenThemKnowsTheFirst() {
    hub.apply(report(ABSOLUTE, T0, 1L, "MUG-BLU", 10));
    hub.clock.advance(Duration.ofDays(1));
    sold(T0.plus(Duration.ofHours(3)));
    sold(T0.plus(Duration.ofHours(1)));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(8);

    hub.apply(report(ABSOLUTE, T0.plus(Duration.ofHours(2)), 2L, "MUG-BLU", 9));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(8);
  }

  private void promised(int units) {
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", units).build());
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(units);
  }

  @Test
  void aSnapshotBelowWhatIsPromisedTakesEffectDownToItAndTheRestIsAShortage() {
    hub.has("MUG-BLU", NEAR, 10);
    promised(6);

    var done = hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", 4));

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(6, 6, 2));
    assertThat(totals(done)).isEqualTo(new StockTotals(1, 0, 1));
    assertThat(done.messageState()).isEqualTo("APPLIED");
  }

  @Test
  void aShortageComesOffAsPromisesAreTakenBack() {
    hub.has("MUG-BLU", NEAR, 10);
    promised(6);
    hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", 4));

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(4, 0, 0));
  }

  @Test
  void nothingIsPromisedOfAShortLevel() {
    hub.has("MUG-BLU", NEAR, 6);
    promised(6);
    hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", 4));

    hub.apply(anOrder().numbered("1002").placedAt(T0).with("MUG-BLU", 1).build());

    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");
  }

  @Test
  void anOlderSnapshotIsIgnored() {
    hub.apply(report(ABSOLUTE, T0, null, "MUG-BLU", 10));

    var late = hub.apply(report(ABSOLUTE, T0.minusSeconds(1), null, "MUG-BLU", 3));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(10);
    assertThat(totals(late)).isEqualTo(new StockTotals(0, 1, 0));
    assertThat(late.messageState()).isEqualTo("APPLIED");
  }

  @Test
  void theSendersCounterGoesBeforeItsClock() {
    hub.apply(report(ABSOLUTE, T0, 8L, "MUG-BLU", 10));

    hub.apply(report(ABSOLUTE, T0.plusSeconds(60), 7L, "MUG-BLU", 3));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(10);

    hub.apply(report(ABSOLUTE, T0.minusSeconds(60), 9L, "MUG-BLU", 4));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(4);
  }

  @Test
  void aChangeAddsToWhatIsKnownShortageIncluded() {
    hub.has("MUG-BLU", NEAR, 6);
    promised(6);
    hub.apply(report(ABSOLUTE, T0.plusSeconds(1), null, "MUG-BLU", 4));

    hub.apply(report(DELTA, T0.plusSeconds(2), null, "MUG-BLU", 5));

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(9, 6, 0));
  }

  @Test
  void aChangeThatComesLateDoesNotMakeAnOldSnapshotNewAgain() {
    hub.apply(report(ABSOLUTE, T0, null, "MUG-BLU", 10));
    hub.apply(report(DELTA, T0.minusSeconds(60), null, "MUG-BLU", 1));

    hub.apply(report(ABSOLUTE, T0.minusSeconds(30), null, "MUG-BLU", 3));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isNotEqualTo(3);
  }

  @Test
  void aChangeFromBeforeTheCountIsInItAlready() {
    hub.apply(report(ABSOLUTE, T0, null, "MUG-BLU", 10));

    var late = hub.apply(report(DELTA, T0.minusSeconds(1), null, "MUG-BLU", 5));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(10);
    assertThat(late.messageState()).isEqualTo("IGNORED");
    assertThat(hub.text("SELECT reason FROM inbox_message WHERE id = ?", late.messageId()))
        .isEqualTo("The stock of node 'nj-1' was counted after this change.");
  }

  @Test
  void aChangeThatIsOvertakenByALaterChangeStillCounts() {
    hub.apply(report(ABSOLUTE, T0, null, "MUG-BLU", 10));
    hub.apply(report(DELTA, T0.plusSeconds(9), null, "MUG-BLU", -2));

    hub.apply(report(DELTA, T0.plusSeconds(5), null, "MUG-BLU", -3));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(5);
  }

  @Test
  void theSendersCounterTellsWhetherTheCountHasTheChange() {
    hub.apply(report(ABSOLUTE, T0, 8L, "MUG-BLU", 10));

    hub.apply(report(DELTA, T0.plusSeconds(60), 8L, "MUG-BLU", 5));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(10);

    hub.apply(report(DELTA, T0.minusSeconds(60), 9L, "MUG-BLU", 5));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(15);
  }

  @Test
  void ofAReportThatIsPartlyOldTheRestCountsAndTheMessageSaysSo() {
    hub.apply(report(ABSOLUTE, T0, null, "MUG-BLU", 10));

    var mixed =
        hub.apply(
            new StockReport(
                NEAR,
                null,
                DELTA,
                T0.minusSeconds(1),
                null,
                List.of(new StockReport.Level("MUG-BLU", 1), new StockReport.Level("TEE-RED", 2)),
                null));

    assertThat(totals(mixed)).isEqualTo(new StockTotals(1, 1, 0));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(10);
    assertThat(hub.level("TEE-RED", NEAR).onHand()).isEqualTo(2);
    assertThat(hub.text("SELECT reason FROM inbox_message WHERE id = ?", mixed.messageId()))
        .isEqualTo("1 of 2 rows are older than what is known of node 'nj-1' and were left out.");
  }

  @Test
  void aCompleteReportPutsWhatItDoesNotNameAtZero() {
    hub.has("MUG-BLU", NEAR, 10).has("TEE-RED", NEAR, 5).has("TEE-RED", FAR, 7);

    hub.apply(
        new StockReport(
            NEAR,
            null,
            ABSOLUTE,
            T0.plusSeconds(60),
            null,
            List.of(new StockReport.Level("MUG-BLU", 9)),
            true));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(9);
    assertThat(hub.level("TEE-RED", NEAR).onHand()).isZero();
    assertThat(hub.level("TEE-RED", FAR).onHand()).isEqualTo(7);
  }

  @Test
  void aPartnerWithOneNodeNeedNotNameIt() {
    var done =
        hub.apply(
            new StockReport(
                null,
                AHub.NEAR_PARTNER,
                ABSOLUTE,
                T0,
                null,
                List.of(new StockReport.Level("MUG-BLU", 3)),
                null));

    assertThat(totals(done).applied()).isEqualTo(1);
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(3);
  }

  @Test
  void aNodeThatIsNotConfiguredParksTheReportByName() {
    var done =
        hub.apply(
            new StockReport(
                "tx-9",
                null,
                ABSOLUTE,
                T0,
                null,
                List.of(new StockReport.Level("MUG-BLU", 3)),
                null));

    assertThat(done.failed().failure().kind().name()).isEqualTo("UNMAPPED");
    assertThat(done.failed().failure().sentence())
        .isEqualTo(
            "Stock report names node 'tx-9', which is not configured. Add it under serai.nodes,"
                + " then replay.");
    assertThat(done.messageState()).isEqualTo("PARKED");
  }

  @Test
  void aNewerSnapshotEndsTheParkedOnesOfItsLaneAndAChangeEndsNone() {
    var parked = hub.message(AHub.NEAR_PARTNER, "stock", "stock");
    hub.run("UPDATE inbox_message SET state = 'PARKED' WHERE id = ?", parked.id());

    hub.apply(report(DELTA, T0, null, "MUG-BLU", 5));
    assertThat(hub.messageState(parked.id())).isEqualTo("PARKED");

    hub.apply(report(ABSOLUTE, T0.plusSeconds(1), null, "MUG-BLU", 5));
    assertThat(hub.messageState(parked.id())).isEqualTo("SUPERSEDED");
  }

  @Test
  void whatIsFrozenOrKeptAsSafetyIsNotPromised() {
    hub.has("MUG-BLU", NEAR, 10);
    hub.run("UPDATE stock_level SET frozen = 3, safety = 2, damaged = 1, quarantined = 1");

    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 4).build());

    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    hub.apply(anOrder().numbered("1002").placedAt(T0).with("MUG-BLU", 3).build());
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(
            hub.number(
                "SELECT frozen + safety + damaged + quarantined FROM stock_level WHERE sku ="
                    + " 'MUG-BLU'"))
        .isEqualTo(7);
  }

  @Test
  void whatWasShippedIsOffTheShelfAndTheShortageStays() {
    hub.has("MUG-BLU", NEAR, 6);
    promised(6);
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var fulfillment = hub.asked("1001").getFirst();
    hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", 4));

    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 4));
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(0, 0, 0));
  }

  @Test
  void aRowThatIsAbsurdIsKeptWithTheMessageTheOthersAreAppliedAndAReplayTriesItAlone() {
    var report =
        new StockReport(
            NEAR,
            null,
            DELTA,
            T0,
            null,
            List.of(
                new StockReport.Level("MUG-BLU", 2),
                new StockReport.Level("TEE-RED", 2_000_000_000),
                new StockReport.Level("CAP-GRN", 3)),
            null);
    var message = hub.message(report);

    var first = hub.apply(report, message);

    assertThat(totals(first)).isEqualTo(new StockTotals(2, 0, 0, 1));
    assertThat(first.messageState()).isEqualTo("PARKED");
    assertThat(
            hub.text(
                "SELECT f.kind || ': ' || f.sentence FROM failure f JOIN inbox_message m ON"
                    + " m.failure_id = f.id WHERE m.id = ?",
                message.id()))
        .isEqualTo(
            "INVALID: 1 of 3 rows for node 'nj-1' were not taken; 2 were applied and 0 are older"
                + " than what is known. Row 2: SKU 'TEE-RED' has 2000000000 units; a change is at"
                + " most 1000000000. Correct the sender's data, then replay, which tries these rows"
                + " only.");

    hub.run("UPDATE inbox_message SET state = 'RUNNING', fence = 1 WHERE id = ?", message.id());
    var corrected =
        new StockReport(
            NEAR,
            null,
            DELTA,
            T0,
            null,
            List.of(
                new StockReport.Level("MUG-BLU", 2),
                new StockReport.Level("TEE-RED", 2),
                new StockReport.Level("CAP-GRN", 3)),
            null);
    var again = hub.apply(corrected, message);

    assertThat(again.messageState()).isEqualTo("APPLIED");
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(2);
    assertThat(hub.level("TEE-RED", NEAR).onHand()).isEqualTo(2);
    assertThat(hub.level("CAP-GRN", NEAR).onHand()).isEqualTo(3);
    assertThat(hub.number("SELECT count(*) FROM stock_parked_row")).isZero();
  }

  @Test
  void aNegativeCountIsRefusedByNameAndLeavesTheLevelAlone() {
    hub.has("MUG-BLU", NEAR, 6);
    promised(6);

    var done = hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", -5));

    assertThat(done.messageState()).isEqualTo("PARKED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(6, 6, 0));
  }

  @Test
  void aPartThatIsMoreThanTheWholeIsRefusedByName() {
    var done =
        hub.apply(
            new StockReport(
                NEAR,
                null,
                ABSOLUTE,
                T0,
                null,
                List.of(new StockReport.Level("MUG-BLU", 3, null, 4, null)),
                null));

    assertThat(
            hub.text(
                "SELECT sentence FROM stock_parked_row WHERE message_id = ?", done.messageId()))
        .isEqualTo(
            "Row 1: SKU 'MUG-BLU' has 4 units set aside of 3; a part is from 0 to the whole.");
  }

  @Test
  void aNewerSnapshotEndsTheOneOfWhichRowsWereParked() {
    var first = hub.apply(report(ABSOLUTE, T0, null, "MUG-BLU", -5));

    hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", 5));

    assertThat(hub.messageState(first.messageId())).isEqualTo("SUPERSEDED");
  }

  @Test
  void anAbsoluteReportMaySayWhatOfItIsNotForSale() {
    hub.apply(
        new StockReport(
            NEAR,
            null,
            ABSOLUTE,
            T0,
            null,
            List.of(new StockReport.Level("MUG-BLU", 9, null, 2, 1)),
            null));

    assertThat(hub.text("SELECT concat_ws('/', on_hand, damaged, quarantined) FROM stock_level"))
        .isEqualTo("9/2/1");
    hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", 8));
    assertThat(hub.text("SELECT concat_ws('/', on_hand, damaged, quarantined) FROM stock_level"))
        .isEqualTo("8/2/1");
  }

  @Test
  void whereItemsAreKeptARowOfAnUnknownSkuIsParkedAndTriedWhenItIsKnown() {
    hub.run("INSERT INTO item (sku, updated_at) VALUES ('TEE-RED', now())");
    hub.change(StockChange.Kind.RECEIVE, NEAR, new StockChange.Row("CAP-GRN", 1)); // known since
    var report =
        new StockReport(
            NEAR,
            null,
            ABSOLUTE,
            T0.plusSeconds(60),
            null,
            List.of(
                new StockReport.Level("MUG-BLU", 2),
                new StockReport.Level("TEE-RED", 3),
                new StockReport.Level("CAP-GRN", 4)),
            null);
    var message = hub.message(report);

    var first = hub.apply(report, message);

    assertThat(totals(first)).isEqualTo(new StockTotals(2, 0, 0, 1));
    assertThat(
            hub.text(
                "SELECT f.kind || ': ' || f.sentence FROM failure f JOIN inbox_message m ON"
                    + " m.failure_id = f.id WHERE m.id = ?",
                message.id()))
        .isEqualTo(
            "UNMAPPED: 1 of 3 rows for node 'nj-1' were not taken; 2 were applied and 0 are older"
                + " than what is known. Row 1: SKU 'MUG-BLU' is not known. Add the articles or"
                + " correct the sender, then replay, which tries these rows only.");

    hub.run("INSERT INTO item (sku, updated_at) VALUES ('MUG-BLU', now())");
    hub.run("UPDATE inbox_message SET state = 'RUNNING', fence = 1 WHERE id = ?", message.id());
    assertThat(hub.apply(report, message).messageState()).isEqualTo("APPLIED");
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(2);
  }

  @Test
  void aSetIsNotCountedBecauseItsComponentsAre() {
    hub.items =
        new Items(
            List.of(
                new Item(
                    "GIFT",
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(new Item.Part("MUG-BLU", 1), new Item.Part("TEE-RED", 1)))),
            List.of());

    var done = hub.apply(report(ABSOLUTE, T0, null, "GIFT", 5));

    assertThat(done.messageState()).isEqualTo("PARKED");
    assertThat(
            hub.text(
                "SELECT sentence FROM stock_parked_row WHERE message_id = ?", done.messageId()))
        .isEqualTo("Row 1: SKU 'GIFT' is a set, of which only the components lie on shelves.");
    assertThat(hub.number("SELECT count(*) FROM stock_level")).isZero();
  }

  @Test
  void aShipmentThatTheSnapshotKnewOfEndsTheShortage() {
    hub.has("MUG-BLU", NEAR, 6);
    promised(6);
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(report(ABSOLUTE, T0.plusSeconds(60), null, "MUG-BLU", 0));
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(6, 6, 6));

    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 6));
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(0, 0, 0));

    hub.apply(report(DELTA, T0.plusSeconds(120), null, "MUG-BLU", 10));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(10);
  }

  @Test
  void aParkedRowWhoseSkuIsCorrectedIsTriedUnderTheCorrectedOne() {
    var bad = report(DELTA, T0, null, "MUG-BLUE", 2_000_000_000);
    var message = hub.message(bad);
    assertThat(hub.apply(bad, message).messageState()).isEqualTo("PARKED");

    hub.run("UPDATE inbox_message SET state = 'RUNNING', fence = 1 WHERE id = ?", message.id());
    hub.apply(report(DELTA, T0, null, "MUG-BLU", 2), message);

    assertThat(hub.messageState(message.id())).isEqualTo("APPLIED");
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(2);
  }

  @Test
  void whatWasScrappedNoLongerLiesAside() {
    hub.has("MUG-BLU", NEAR, 10);
    hub.change(
        StockChange.Kind.MOVE,
        NEAR,
        new StockChange.Row(
            "MUG-BLU",
            2,
            StockReport.Condition.SELLABLE,
            StockReport.Condition.DAMAGED,
            null,
            null));

    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 0);

    assertThat(hub.number("SELECT damaged FROM stock_level WHERE sku = 'MUG-BLU'")).isZero();
  }
}
