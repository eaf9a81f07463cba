package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.serai.database.TestDatabase;
import io.serai.hub.StockChange.Kind;
import io.serai.hub.StockChange.Row;
import io.serai.order.StockReport;
import io.serai.order.StockReport.Condition;
import io.serai.outbox.RepeatMode;
import io.serai.stock.Item;
import io.serai.stock.Items;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people do to stock by name, and what becomes of what was promised. */
class StockChangesIT {
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
    assertThat(
            hub.all(
                """
                SELECT s.sku || '@' || s.node FROM stock_level s JOIN (
                  SELECT sku, node, sum(CASE WHEN credit = 'frozen' THEN quantity WHEN debit = 'frozen' THEN -quantity ELSE 0 END) AS frozen,
                    sum(CASE WHEN credit = 'damaged' THEN quantity WHEN debit = 'damaged' THEN -quantity ELSE 0 END) AS damaged,
                    sum(CASE WHEN credit = 'quarantined' THEN quantity WHEN debit = 'quarantined' THEN -quantity ELSE 0 END) AS quarantined,
                    sum(CASE WHEN credit = 'safety' THEN quantity WHEN debit = 'safety' THEN -quantity ELSE 0 END) AS safety,
                    sum(CASE WHEN credit = 'incoming' THEN quantity WHEN debit = 'incoming' THEN -quantity ELSE 0 END) AS incoming
                  FROM stock_movement GROUP BY 1, 2) m USING (sku, node)
                WHERE (s.frozen, s.damaged, s.quarantined, s.safety, s.incoming)
                  <> (m.frozen, m.damaged, m.quarantined, m.safety, m.incoming)""",
                rows -> rows.getString(1)))
        .as("levels whose terms are not what the movements add up to")
        .isEmpty();
  }

  private void order(String number, String sku, int quantity) {
    hub.apply(anOrder().numbered(number).placedAt(T0).with(sku, quantity).build());
  }

  private int available(String sku, String node) {
    return (int)
        hub.number(
            "SELECT on_hand - allocated - frozen - damaged - quarantined - safety FROM stock_level"
                + " WHERE sku = ? AND node = ?",
            sku,
            node);
  }

  @Test
  void whatIsFoundCanBeSoldAndTheLedgerSaysWhoFoundItAndWhy() {
    hub.has("MUG-BLU", NEAR, 3);

    hub.applyInside(
        new StockChange(
            Kind.ADJUST, NEAR, List.of(new Row("MUG-BLU", 2)), null, "Behind the shelf", null));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(5);
    assertThat(
            hub.text(
                "SELECT concat_ws('|', debit, credit, quantity, cause, actor, note) FROM stock_movement ORDER BY id DESC LIMIT 1"))
        .isEqualTo("outside|available|2|adjustment|somebody|Behind the shelf");
  }

  @Test
  void moreThanThereIsCannotBeTakenOffAndTheOtherRowsAreDone() {
    hub.has("MUG-BLU", NEAR, 3).has("TEE-RED", NEAR, 3);

    var outcome =
        hub.change(
            Kind.ADJUST, NEAR, new Row("MUG-BLU", -4), new Row("TEE-RED", -1), new Row("CAP", 1));

    assertThat(outcome.refused())
        .extracting(StockChange.Refused::sentence)
        .containsExactly(
            "SKU 'MUG-BLU' has 3 units at node 'nj-1', so 4 cannot be taken off; count it.",
            "SKU 'CAP' was never seen at node 'nj-1'; report, count or receive it first.");
    assertThat(outcome.done()).containsExactly(new StockChange.Done("TEE-RED", 3, 2, 3, 2, 0));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(3);
  }

  @Test
  void theSameReferenceAskedAgainChangesNothingAndForSomethingElseIsRefused() {
    hub.has("MUG-BLU", NEAR, 3);
    var two = new StockChange(Kind.ADJUST, NEAR, List.of(new Row("MUG-BLU", 2)), "A-1", null, null);
    hub.applyInside(two);

    var again = (ApplyResult.Applied) hub.applyInside(two);
    var other =
        hub.applyInside(
            new StockChange(Kind.ADJUST, NEAR, List.of(new Row("MUG-BLU", 9)), "A-1", null, null));

    assertThat(((StockChange.Outcome) again.detail()).repeated()).isTrue();
    assertThat(((ApplyResult.Failed) other).failure().sentence())
        .isEqualTo(
            "Reference 'A-1' was used for another change of stock. Give each change its own.");
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(5);
  }

  @Test
  void aFrozenArticleKeepsItsPromisesAndMakesNoNewOnes() {
    hub.has("MUG-BLU", NEAR, 10);
    order("1001", "MUG-BLU", 4);

    hub.change(Kind.FREEZE, NEAR, new Row("MUG-BLU", 0));
    order("1002", "MUG-BLU", 1);

    assertThat(available("MUG-BLU", NEAR)).isZero();
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(10, 4, 0));
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 4));
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(6, 0, 0));
    assertThat(available("MUG-BLU", NEAR)).isZero();
  }

  @Test
  void whatIsGivenBackToAFrozenArticleIsFrozenTooAndFreeWhenItEnds() {
    hub.has("MUG-BLU", NEAR, 10);
    order("1001", "MUG-BLU", 4);
    hub.change(Kind.FREEZE, NEAR, new Row("MUG-BLU", 0));

    hub.apply(hub.cancellationOf("1001"));
    assertThat(available("MUG-BLU", NEAR)).isZero();

    hub.change(Kind.UNFREEZE, NEAR, new Row("MUG-BLU", 0));
    assertThat(available("MUG-BLU", NEAR)).isEqualTo(10);
  }

  @Test
  void aCountEndsTheFreezeAndServesWhoWaited() {
    hub.has("MUG-BLU", NEAR, 3);
    hub.change(Kind.FREEZE, NEAR, new Row("MUG-BLU", 0));
    order("1001", "MUG-BLU", 4);
    hub.clock.advance(Duration.ofMinutes(30));

    var outcome = hub.change(Kind.COUNT, NEAR, new Row("MUG-BLU", 5));
    hub.followUp();

    assertThat(outcome.done()).containsExactly(new StockChange.Done("MUG-BLU", 3, 5, 0, 5, 0));
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aCountOfThePastKnowsNotOfWhatLeftSinceAndALaterSnapshotOfBeforeItIsIgnored() {
    hub.has("MUG-BLU", NEAR, 10);
    order("1001", "MUG-BLU", 2);
    var counted = hub.clock.instant().plusSeconds(10);
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 2));
    hub.clock.advance(Duration.ofMinutes(1));

    hub.applyInside(
        new StockChange(Kind.COUNT, NEAR, List.of(new Row("MUG-BLU", 9)), null, null, counted));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(7);
  }

  @Test
  void aSnapshotThatComesLateKnowsNotOfWhatLeftSince() {
    hub.has("MUG-BLU", NEAR, 10);
    order("1001", "MUG-BLU", 2);
    var taken = hub.clock.instant().plusSeconds(10);
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 2));
    hub.clock.advance(Duration.ofMinutes(1));

    hub.apply(
        new StockReport(
            NEAR,
            null,
            StockReport.Kind.ABSOLUTE,
            taken,
            null,
            List.of(new StockReport.Level("MUG-BLU", 10)),
            null));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(8);
  }

  @Test
  void aSnapshotTakenAfterWhatLeftIsTakenAsItIsThoughItsShipmentCameLater() {
    hub.has("MUG-BLU", NEAR, 10);
    order("1001", "MUG-BLU", 2);
    hub.clock.advance(Duration.ofMinutes(1));
    var shipment = hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 2);
    hub.clock.advance(Duration.ofMinutes(1));
    var taken = hub.clock.instant();
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(shipment);

    hub.apply(
        new StockReport(
            NEAR,
            null,
            StockReport.Kind.ABSOLUTE,
            taken,
            null,
            List.of(new StockReport.Level("MUG-BLU", 8)),
            null));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(8);
  }

  @Test
  void whatIsDamagedIsThereButNotForSale() {
    hub.has("MUG-BLU", NEAR, 10);

    hub.change(
        Kind.MOVE, NEAR, new Row("MUG-BLU", 3, Condition.SELLABLE, Condition.DAMAGED, null, null));
    hub.change(
        Kind.MOVE,
        NEAR,
        new Row("MUG-BLU", 1, Condition.DAMAGED, Condition.QUARANTINED, null, null));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(10);
    assertThat(available("MUG-BLU", NEAR)).isEqualTo(7);
    assertThat(hub.text("SELECT damaged || '/' || quarantined FROM stock_level")).isEqualTo("2/1");
    assertThat(
            hub.change(
                    Kind.MOVE,
                    NEAR,
                    new Row("MUG-BLU", 3, Condition.DAMAGED, Condition.SELLABLE, null, null))
                .refused())
        .extracting(StockChange.Refused::sentence)
        .containsExactly("SKU 'MUG-BLU' has 2 damaged units at node 'nj-1', so 3 cannot be moved.");
  }

  @Test
  void whatWasPromisedAndBrokeGoesToWhereItCanBeSent() {
    hub.has("MUG-BLU", NEAR, 2).has("MUG-BLU", FAR, 2);
    order("1001", "MUG-BLU", 1);
    order("1002", "MUG-BLU", 1);

    hub.change(
        Kind.MOVE, NEAR, new Row("MUG-BLU", 1, Condition.SELLABLE, Condition.DAMAGED, null, null));
    hub.keepUp();

    assertThat(hub.asked("1001")).extracting(AHub.Asked::node).containsExactly(NEAR);
    assertThat(hub.asked("1002"))
        .extracting(AHub.Asked::node, AHub.Asked::state)
        .containsExactly(tuple(NEAR, "WITHDRAWN"), tuple(FAR, "REQUESTED"));
  }

  @Test
  void announcedUnitsAreToComeUntilTheyAreReceived() {
    var monday = T0.plus(Duration.ofDays(3));
    hub.change(Kind.EXPECT, NEAR, new Row("MUG-BLU", 10, null, null, "PO-7", monday));
    order("1001", "MUG-BLU", 1);
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.number("SELECT incoming FROM stock_level")).isEqualTo(10);

    hub.change(Kind.RECEIVE, NEAR, new Row("MUG-BLU", 4, null, null, "PO-7", null));
    hub.followUp();

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.number("SELECT incoming FROM stock_level")).isEqualTo(6);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(4, 1, 0));
    hub.change(Kind.EXPECT, NEAR, new Row("MUG-BLU", 9, null, null, "PO-7", monday));
    assertThat(hub.number("SELECT incoming FROM stock_level")).isEqualTo(5);
    assertThat(
            hub.change(Kind.RECEIVE, NEAR, new Row("MUG-BLU", 4, null, null, "PO-8", null))
                .refused())
        .extracting(StockChange.Refused::sentence)
        .containsExactly(
            "Nothing of SKU 'MUG-BLU' is still to come to node 'nj-1' under 'PO-8'; leave the name"
                + " out, or correct it.");
  }

  @Test
  void aWarehouseIsToldWhatIsAnnouncedToItAndOfWhatComesOfIt() {
    hub.close();
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(
        AHub.NEAR_PARTNER,
        new Topology.Account(
            AHub.NEAR_PARTNER,
            false,
            false,
            false,
            Map.of("goods-announcement", RepeatMode.IDEMPOTENT),
            Duration.ofHours(48)));
    hub = new AHub(DATABASE, new Topology(AHub.TWO_NODES.nodes(), accounts), new ManualClock());
    var monday = T0.plus(Duration.ofDays(3));
    var mugs = new Row("MUG-BLU", 10, null, null, "PO-7", monday);

    hub.change(Kind.EXPECT, NEAR, mugs, new Row("CAP", 4, null, null, "PO-8", monday));
    hub.change(Kind.EXPECT, NEAR, mugs);
    hub.change(Kind.EXPECT, FAR, mugs);
    hub.change(Kind.EXPECT, NEAR, new Row("LAMP", 2, null, null, "PO-7", T0));
    hub.change(Kind.EXPECT, NEAR, new Row("CAP", 0, null, null, "PO-8", monday));

    assertThat(
            hub.all(
                """
                SELECT d.destination || ' ' || (c.content::json ->> 'number') || ' ' || coalesce(c.content::json ->> 'replaces', 'new')
                  || ' ' || (c.content::json ->> 'expectedAt') || ' ' || (
                    SELECT string_agg((l ->> 'sku') || 'x' || (l ->> 'quantity'), ' ' ORDER BY l ->> 'sku')
                    FROM json_array_elements(c.content::json -> 'lines') l)
                FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id ORDER BY d.id""",
                rows -> rows.getString(1)))
        .containsExactly(
            "northwind PO-7 new 2026-03-05T10:00:00Z MUG-BLUx10",
            "northwind PO-8 new 2026-03-05T10:00:00Z CAPx4",
            "northwind PO-7 true 2026-03-02T10:00:00Z LAMPx2 MUG-BLUx10");
    hub.apply(
        new StockReport(
            NEAR,
            null,
            StockReport.Kind.DELTA,
            T0.plusSeconds(9),
            null,
            List.of(
                new StockReport.Level("MUG-BLU", 7),
                new StockReport.Level("MUG-BLU", 1, Condition.DAMAGED, null, null)),
            null,
            StockReport.Cause.RECEIPT,
            "PO-7"));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(8);
    assertThat(
            hub.number(
                "SELECT incoming FROM stock_level WHERE sku = ? AND node = ?", "MUG-BLU", NEAR))
        .as("two are still to come")
        .isEqualTo(2);
    hub.run("DELETE FROM delivery"); // owed without a message
  }

  @Test
  void aLevelThatWasOnlyAnnouncedTakesTheFirstSnapshotHoweverOld() {
    hub.change(
        Kind.EXPECT, NEAR, new Row("MUG-BLU", 10, null, null, "PO-7", T0.plus(Duration.ofDays(3))));

    hub.apply(
        new StockReport(
            NEAR,
            null,
            StockReport.Kind.ABSOLUTE,
            T0.minusSeconds(60),
            null,
            List.of(new StockReport.Level("MUG-BLU", 3)),
            null));

    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(3);
  }

  @Test
  void whatComesBackGoesWhereItsConditionSays() {
    hub.has("MUG-BLU", NEAR, 1);
    hub.clock.advance(Duration.ofMinutes(1));

    hub.apply(
        new StockReport(
            NEAR,
            null,
            StockReport.Kind.DELTA,
            hub.clock.instant(),
            null,
            List.of(
                new StockReport.Level("MUG-BLU", 2, Condition.DAMAGED, null, null),
                new StockReport.Level("TEE-RED", 1, Condition.QUARANTINED, null, null),
                new StockReport.Level("CAP-GRN", 1)),
            null,
            StockReport.Cause.RETURN));

    assertThat(available("MUG-BLU", NEAR)).isEqualTo(1);
    assertThat(available("TEE-RED", NEAR)).isZero();
    assertThat(available("CAP-GRN", NEAR)).isEqualTo(1);
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(3);
    assertThat(hub.number("SELECT count(*) FROM stock_movement WHERE cause = 'return'"))
        .isEqualTo(5);
  }

  @Test
  void messyOrder21AWeekendOfLostEventsIsPutRightByACountBehindAFreeze() {
    hub.has("MUG-BLU", NEAR, 20).has("TEE-RED", NEAR, 20);
    order("1001", "MUG-BLU", 3);
    hub.clock.advance(Duration.ofDays(2)); // four mugs were sold over the counter and nobody told
    var truth = 16;

    hub.change(Kind.FREEZE, NEAR, new Row("MUG-BLU", 0));
    order("1002", "MUG-BLU", 1);
    order("1003", "TEE-RED", 1);
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 3));
    truth -= 3;
    hub.clock.advance(Duration.ofMinutes(20));
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");
    assertThat(hub.order("1003").state()).isEqualTo("RELEASED");

    var outcome =
        hub.applyInside(
            new StockChange(
                Kind.COUNT,
                NEAR,
                List.of(new Row("MUG-BLU", truth)),
                "weekend",
                "Monday's count",
                null));
    hub.followUp();

    assertThat(((StockChange.Outcome) ((ApplyResult.Applied) outcome).detail()).done())
        .containsExactly(new StockChange.Done("MUG-BLU", 17, 13, 0, 13, 0));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(truth);
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(
            hub.text(
                "SELECT concat_ws('|', quantity, debit, credit, note) FROM stock_movement WHERE cause = 'count'"))
        .isEqualTo("4|available|outside|Monday's count");
  }

  @Test
  void aReferenceUnderWhichNothingWasDoneMayBeAskedAgain() {
    var two = new StockChange(Kind.ADJUST, NEAR, List.of(new Row("MUG-BLU", 2)), "A-1", null, null);
    hub.applyInside(two);
    hub.has("MUG-BLU", NEAR, 3);

    var again = (StockChange.Outcome) ((ApplyResult.Applied) hub.applyInside(two)).detail();

    assertThat(again.repeated()).isFalse();
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(5);
  }

  @Test
  void aCountFromBeforeAReceiptIsRefused() {
    hub.has("MUG-BLU", NEAR, 5);
    var counted = hub.clock.instant().plusSeconds(60);
    hub.clock.advance(Duration.ofMinutes(30));
    hub.change(Kind.RECEIVE, NEAR, new Row("MUG-BLU", 10));

    var outcome =
        (StockChange.Outcome)
            ((ApplyResult.Applied)
                    hub.applyInside(
                        new StockChange(
                            Kind.COUNT, NEAR, List.of(new Row("MUG-BLU", 5)), null, null, counted)))
                .detail();

    assertThat(outcome.refused())
        .extracting(StockChange.Refused::sentence)
        .containsExactly(
            "The stock of SKU 'MUG-BLU' at node 'nj-1' was changed at %s, after this count; count it anew."
                .formatted(hub.clock.instant()));
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(15);
  }

  private String openCase() {
    var open =
        hub.all(
            "SELECT quantity || ' ' || owner || ': ' || sentence FROM stock_case WHERE kind = 'DISCREPANCY' AND closed_at IS NULL",
            rows -> rows.getString(1));
    return open.isEmpty() ? null : open.getFirst();
  }

  private void counted(int units) {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.change(Kind.COUNT, NEAR, new Row("MUG-BLU", units));
  }

  @Test
  void aCountThatIsFurtherOffThanItsClassAllowsIsACaseUntilOneAgrees() {
    hub.items =
        new Items(
            List.of(new Item("MUG-BLU", null, null, null, null, null, "A", List.of())), List.of());
    counted(100);
    assertThat(openCase()).as("the first count of all").isNull();

    counted(95);
    assertThat(openCase()).as("5 % of 100").isNull();
    counted(90);
    assertThat(openCase())
        .isEqualTo(
            "5 northwind: 90 of SKU 'MUG-BLU' were counted at node 'nj-1' where the books had 95: 5 fewer, and class A allows 5 %. Look at its newest movements, then count it again.");
    assertThat(
            hub.all(
                "SELECT expected || ' ' || counted FROM stock_case WHERE closed_at IS NULL",
                rows -> rows.getString(1)))
        .containsExactly("95 90");
    counted(99);
    assertThat(openCase()).as("a count may find too many").startsWith("9 northwind: 99 of");
    counted(99);
    assertThat(openCase()).isNull();
  }

  @Test
  void aSnapshotIsACaseWhenItHasFewerForMoreMayHaveBeenReceived() {
    hub.items =
        new Items(
            List.of(new Item("MUG-BLU", null, null, null, null, null, "C", List.of())), List.of());
    hub.run(
        "INSERT INTO stock_class (class, count_every_days, alarm_percent, changed_at, changed_by) VALUES ('C', 90, 50, now(), 'ann')");
    hub.has("MUG-BLU", NEAR, 10);
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 100);
    assertThat(openCase()).isNull();
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 50);
    assertThat(openCase()).as("half of it").isNull();

    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 24);

    assertThat(openCase()).startsWith("26 northwind: 24 of SKU 'MUG-BLU'");
  }

  @Test
  void whatIsInNoClassIsNotCompared() {
    counted(100);
    counted(1);

    assertThat(openCase()).isNull();
  }
}
