package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.FAR_PARTNER;
import static io.serai.hub.AHub.NEAR;
import static io.serai.hub.AHub.NEAR_PARTNER;
import static io.serai.hub.AHub.SHOP;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.order.Refund;
import io.serai.order.Return;
import io.serai.order.Return.Disposition;
import io.serai.order.ReturnState;
import io.serai.order.Tracking;
import io.serai.order.TrackingState;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What comes back: agreed to or not, early or late, whole or broken, once. */
class ReturnsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String LINE = "1001-1";

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 9).has("TEE-RED", NEAR, 9);
    hub.apply(
        anOrder()
            .numbered("1001")
            .placedAt(ManualClock.START)
            .with("MUG-BLU", 3)
            .with("TEE-RED", 1)
            .build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.shipmentOf(fulfillment(), "S-1", "MUG-BLU", 3));
    hub.clock.advance(Duration.ofMinutes(1));
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
    assertThat(
            hub.all(
                """
                SELECT r.id::text FROM return_line l JOIN return_order r ON r.id = l.return_id
                JOIN order_line o ON o.order_id = r.order_id AND o.line_no = l.line_no
                GROUP BY r.id, o.shipped, l.received HAVING l.received > o.shipped""",
                rows -> rows.getString(1)))
        .as("no more came back than left")
        .isEmpty();
  }

  private String fulfillment() {
    return hub.asked("1001").getFirst().text();
  }

  // --- what people and programs say

  private static Return wanted(ReturnState state, int units) {
    return wanted("1001", "945", "#1001-R1", state, units);
  }

  private static Return wanted(String order, String id, String name, ReturnState state, int units) {
    return new Return(
        AHub.ref(order),
        null,
        id,
        name,
        null,
        state,
        null,
        null,
        "too small",
        null,
        List.of(new Return.Line(order + "-1", null, units, null)),
        null);
  }

  private static Return.Receipt receipt(String id, String node, Return.Received... lines) {
    return new Return.Receipt(id, node, null, List.of(lines));
  }

  private static Return.Received came(String sku, int units, Disposition becomes) {
    return new Return.Received(null, sku, units, becomes);
  }

  /** What a node tells of the request it sent the goods for. */
  private Return back(String named, Return.Receipt... receipts) {
    return new Return(
        null,
        named == null ? fulfillment() : null,
        named,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(receipts));
  }

  private AHub.Result told(Return document) {
    return told(document, SHOP);
  }

  private AHub.Result told(Return document, String account) {
    return hub.apply(
        document, hub.message(account, "return", "r-" + document.hashCode() + hub.clock.millis()));
  }

  private AHub.Result northwind(Return document) {
    return told(document, NEAR_PARTNER);
  }

  private UUID id() {
    return hub.one("SELECT id FROM return_order", rows -> rows.getObject(1, UUID.class));
  }

  private UUID order() {
    return hub.order("1001").id();
  }

  private OpenReturn opening(Return.Line line, boolean atOnce, EditOrder.Added... sent) {
    return new OpenReturn(
        order(),
        "RMA-1",
        sent.length == 0 ? Return.Kind.RETURN : Return.Kind.EXCHANGE,
        FAR,
        "the buyer called",
        List.of(line),
        null,
        List.of(sent),
        false,
        atOnce,
        true);
  }

  private static Return.Line two() {
    return new Return.Line(LINE, null, 2, "too small");
  }

  private ApplyResult receive(Return.Receipt receipt) {
    return hub.applyInside(new ReceiveReturn(order(), id(), receipt));
  }

  private static String refusal(ApplyResult result) {
    assertThat(result).isInstanceOf(ApplyResult.Failed.class);
    return ((ApplyResult.Failed) result).failure().sentence();
  }

  // --- what became of it

  private List<String> states() {
    return hub.all("SELECT state FROM return_order ORDER BY id", rows -> rows.getString(1));
  }

  private String holding(String kind) {
    return hub
        .all(
            "SELECT reason FROM order_hold WHERE released_at IS NULL AND kind = '%s'"
                .formatted(kind),
            rows -> rows.getString(1))
        .stream()
        .findFirst()
        .orElse(null);
  }

  private String said(String kind) {
    return String.join(
        "|",
        hub.all(
            "SELECT sentence FROM order_event WHERE kind = '%s' ORDER BY id".formatted(kind),
            rows -> rows.getString(1)));
  }

  private long returned() {
    return hub.number("SELECT returned FROM order_line WHERE line_id = ?", LINE);
  }

  private String shelf(String sku, String node) {
    return hub
        .all(
            "SELECT on_hand, damaged, quarantined FROM stock_level WHERE sku = ? AND node = ?",
            rows -> rows.getInt(1) + "/" + rows.getInt(2) + "/" + rows.getInt(3),
            sku,
            node)
        .stream()
        .findFirst()
        .orElse("none");
  }

  // --- the ordinary way

  @Test
  void askedForApprovedReceivedAtAnotherNodeAndClosed() {
    told(wanted(ReturnState.REQUESTED, 2));
    told(wanted(ReturnState.APPROVED, 2));
    assertThat(states()).containsExactly("APPROVED");

    told(
        back(
            "#1001-R1",
            receipt(
                "R-1",
                FAR,
                came("MUG-BLU", 1, Disposition.SELLABLE),
                came("MUG-BLU", 1, Disposition.DAMAGED))),
        FAR_PARTNER);

    assertThat(states()).containsExactly("RECEIVED");
    assertThat(shelf("MUG-BLU", FAR)).isEqualTo("2/1/0");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("6/0/0");
    assertThat(returned()).isEqualTo(2);
    assertThat(said("return.received"))
        .isEqualTo(
            "2 of 'MUG-BLU' came back to 'ca-1' with return '#1001-R1' of order '#1001': 1 for sale again, 1 damaged.");

    told(wanted(ReturnState.CLOSED, 2));
    assertThat(states()).containsExactly("CLOSED");
    assertThat(hub.timeline("1001"))
        .containsSubsequence(
            "return.requested", "return.approved", "return.received", "return.closed");
  }

  @Test
  void whatIsToBeLookedAtIsNotSoldAndWhatIsThrownAwayIsNotKept() {
    told(wanted(ReturnState.APPROVED, 2));

    northwind(
        back(
            "945",
            receipt(
                "R-1",
                null,
                came("MUG-BLU", 1, Disposition.QUARANTINE),
                came("MUG-BLU", 1, Disposition.SCRAP))));

    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("7/0/1");
    assertThat(returned()).isEqualTo(2);
  }

  @Test
  void aReturnWithoutARefundMovesGoodsAndNoMoneyAndARefundNoGoods() {
    told(wanted(ReturnState.APPROVED, 1));
    hub.apply(
        new Refund(
            AHub.ref("1001"),
            "rf-1",
            hub.clock.instant(),
            List.of(new Refund.Line(LINE, 1, Refund.Restock.RETURN)),
            null));
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("6/0/0");

    northwind(back(null, receipt("R-1", null, came("MUG-BLU", 1, null))));

    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("7/0/0");
    assertThat(hub.line("1001", LINE).refunded()).isEqualTo(1);
    assertThat(returned()).isEqualTo(1);
    assertThat(hub.timeline("1001")).contains("refund.known");
  }

  @Test
  void moneyIsDueForWhatCameAndNotForWhatIsExchangedOrAgreedToBeFree() {
    told(wanted(ReturnState.APPROVED, 1));
    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 1, null))));
    assertThat(hub.number("SELECT count(*) FROM refund_request")).isEqualTo(1);

    hub.applyInside(
        new OpenReturn(
            order(),
            "W-1",
            null,
            NEAR,
            "warranty",
            List.of(new Return.Line(LINE, null, 1, null)),
            null,
            null,
            false,
            false,
            false));
    hub.apply(
        back("W-1", receipt("R-2", NEAR, came("MUG-BLU", 1, Disposition.SCRAP))),
        hub.message(NEAR_PARTNER, "return", "r-2"));

    assertThat(states()).containsExactly("RECEIVED", "RECEIVED");
    assertThat(hub.number("SELECT count(*) FROM refund_request")).isEqualTo(1);
  }

  @Test
  void noMoneyIsDueForWhatTheTillPaidNorForWhatACarrierBringsUnannounced() {
    told(wanted(ReturnState.APPROVED, 1));
    told(of(AHub.ref("1001"), null, false, receipt("T-1", NEAR, came("MUG-BLU", 1, null))));
    assertThat(states()).as("awaited, and taken in at the till").containsExactly("RECEIVED");

    told(of(AHub.ref("1001"), null, false, receipt("T-2", NEAR, came("MUG-BLU", 1, null))));
    northwind(
        of(
            AHub.ref("1001"),
            Return.Kind.RETURNED_TO_SENDER,
            null,
            receipt("R-3", FAR, came("MUG-BLU", 1, null))));

    assertThat(returned()).isEqualTo(3);
    assertThat(hub.number("SELECT count(*) FROM refund_request")).isZero();
    assertThat(hub.all("SELECT refund::text FROM return_order ORDER BY id", r -> r.getString(1)))
        .containsExactly("true", "false", "false");
  }

  private static Return of(
      io.serai.order.ChannelRef channel,
      Return.Kind kind,
      Boolean refund,
      Return.Receipt... receipts) {
    return new Return(
        channel, null, null, null, kind, null, null, null, null, refund, null, List.of(receipts));
  }

  // --- whatever comes first, once

  @Test
  void theGoodsComeBeforeAnybodySaidThatTheyWould() {
    northwind(back(null, receipt("R-1", null, came("MUG-BLU", 2, null))));
    assertThat(states()).containsExactly("RECEIVED");

    told(wanted(ReturnState.REQUESTED, 2));
    told(wanted(ReturnState.APPROVED, 2));

    assertThat(states()).containsExactly("RECEIVED");
    assertThat(hub.text("SELECT name FROM return_order")).isEqualTo("#1001-R1");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("8/0/0");
    assertThat(returned()).isEqualTo(2);
    assertThat(hub.number("SELECT count(*) FROM return_order WHERE due_at IS NOT NULL")).isZero();
  }

  @Test
  void theSameReceiptCountsOnceWhoeverTellsOfIt() {
    told(wanted(ReturnState.APPROVED, 2));
    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 2, null))));

    var again = northwind(back("945", receipt("R-1", null, came("MUG-BLU", 2, null))));
    var byHand = receive(receipt("R-1", NEAR, came("MUG-BLU", 2, null)));

    assertThat(again.messageState()).isEqualTo("IGNORED");
    assertThat(byHand)
        .isEqualTo(new ApplyResult.NoEffect(order(), "Receipt 'R-1' is counted already.", id()));
    assertThat(
            ((ApplyResult.NoEffect) receive(receipt("R-1", NEAR, came("MUG-BLU", 1, null))))
                .reason())
        .isEqualTo(
            "Receipt 'R-1' of order '#1001' is counted already, with other units or another return; give this one a name or key of its own.");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("8/0/0");
  }

  @Test
  void countedByAPersonAndToldByTheWarehouseUnderAnotherIdItCountsOnce() {
    told(wanted(ReturnState.APPROVED, 1));
    receive(receipt(null, NEAR));

    northwind(back("945", receipt("R-9", null, came("MUG-BLU", 1, Disposition.DAMAGED))));

    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("7/0/0");
    assertThat(returned()).isEqualTo(1);
    assertThat(holding("RETURN"))
        .startsWith("'northwind' tells of what 'somebody' counted as '")
        .endsWith(
            "They differ in what may be done with it: look at it, and move the stock if need be.");
    northwind(back("945", receipt("R-10", null, came("MUG-BLU", 1, null))));
    assertThat(shelf("MUG-BLU", NEAR)).as("a third telling is another unit").isEqualTo("8/0/0");
  }

  @Test
  void countedByAPersonAndToldByTheWarehouseOfTheRequestAloneItCountsOnce() {
    told(wanted(ReturnState.APPROVED, 2));
    receive(receipt("W-88", NEAR, came("MUG-BLU", 2, null)));

    northwind(back(null, receipt("R-9", null, came("MUG-BLU", 2, null))));

    assertThat(states()).containsExactly("RECEIVED");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("8/0/0");
    assertThat(returned()).isEqualTo(2);
    assertThat(hub.number("SELECT count(*) FROM refund_request")).isEqualTo(1);
    assertThat(hub.text("SELECT same_as FROM return_receipt WHERE receipt_id = 'R-9'"))
        .isEqualTo("W-88");

    told(wanted("1001", "946", "#1001-R2", ReturnState.APPROVED, 1));
    northwind(back(null, receipt("R-10", null, came("MUG-BLU", 1, null))));
    assertThat(returned()).as("other units are not the same").isEqualTo(3);
    assertThat(states()).containsExactly("RECEIVED", "RECEIVED");
  }

  @Test
  void aCountThatWasTakenLaterHasTheUnitsInIt() {
    told(wanted(ReturnState.APPROVED, 1));
    var came = hub.clock.instant().plusSeconds(60);
    hub.clock.advance(Duration.ofMinutes(5));
    hub.has("MUG-BLU", NEAR, 7);

    northwind(
        back("945", new Return.Receipt("R-1", null, came, List.of(came("MUG-BLU", 1, null)))));

    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("7/0/0");
    assertThat(returned()).isEqualTo(1);
  }

  @Test
  void inPartsItIsAwaitedUntilTheLastOfIt() {
    told(wanted(ReturnState.APPROVED, 3));

    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 1, null))));
    assertThat(states()).containsExactly("APPROVED");
    northwind(back("945", receipt("R-2", null, came("MUG-BLU", 2, null))));

    assertThat(states()).containsExactly("RECEIVED");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("9/0/0");
  }

  // --- what is announced after its goods were taken for another's

  private List<String> standing() {
    return hub.all(
        "SELECT r.name, r.state, l.quantity, l.received FROM return_order r JOIN return_line l ON l.return_id = r.id ORDER BY r.name",
        rows ->
            "%s %s %d/%d"
                .formatted(rows.getString(1), rows.getString(2), rows.getInt(4), rows.getInt(3)));
  }

  @Test
  void announcedAfterItsGoodsWereTakenForAnothersItGetsThemAndTheOtherIsAwaitedAgain() {
    told(wanted(ReturnState.APPROVED, 2));
    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 1, null))));
    northwind(of("946", receipt("R-2", null, came("MUG-BLU", 1, null))));
    assertThat(standing()).containsExactly("#1001-R1 RECEIVED 2/2");

    told(wanted("1001", "946", "#1001-R2", ReturnState.APPROVED, 1));

    assertThat(standing()).containsExactly("#1001-R1 APPROVED 1/2", "#1001-R2 RECEIVED 1/1");
    assertThat(said("return.split"))
        .isEqualTo(
            "What came as '#1001-R2' was counted to return '#1001-R1' of order '#1001'. It is a return of its own, which is announced only now; '#1001-R1' is awaited again.");
    assertThat(hub.number("SELECT count(*) FROM return_order WHERE due_at IS NOT NULL")).isOne();
    assertThat(northwind(of("946", receipt("R-2", null, came("MUG-BLU", 1, null)))).messageState())
        .isEqualTo("IGNORED");
    northwind(back("945", receipt("R-3", null, came("MUG-BLU", 1, null))));
    assertThat(standing()).containsExactly("#1001-R1 RECEIVED 2/2", "#1001-R2 RECEIVED 1/1");
    assertThat(returned()).isEqualTo(3);
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("9/0/0");
  }

  @Test
  void whatComesOnUnderANameOfThePlacesOwnIsOfTheSameReturn() {
    told(wanted(ReturnState.APPROVED, 2));
    northwind(of("RMA-17", receipt("R-1", null, came("MUG-BLU", 1, null))));
    told(wanted("1001", "946", "#1001-R2", ReturnState.APPROVED, 1));

    northwind(of("RMA-17", receipt("R-2", null, came("MUG-BLU", 1, null))));

    assertThat(standing()).containsExactly("#1001-R1 RECEIVED 2/2", "#1001-R2 APPROVED 0/1");
  }

  @Test
  void takenByItsLinesForWhatWasAnnouncedFirstItGetsItsGoodsWhenItIsAnnounced() {
    northwind(of("946", receipt("R-2", null, came("MUG-BLU", 1, null))));
    told(wanted(ReturnState.APPROVED, 1));
    assertThat(standing()).containsExactly("#1001-R1 RECEIVED 1/1");

    told(wanted("1001", "946", "#1001-R2", ReturnState.APPROVED, 1));

    assertThat(standing()).containsExactly("#1001-R1 REQUESTED 0/1", "#1001-R2 RECEIVED 1/1");
  }

  @Test
  void anAnnouncementThatCannotBeTakesNothingFromAnother() {
    told(wanted(ReturnState.APPROVED, 2));
    northwind(of("946", receipt("R-1", null, came("MUG-BLU", 2, null))));

    var refused = told(wanted("1001", "946", "#1001-R2", ReturnState.APPROVED, 9));

    assertThat(refusal(refused.result())).startsWith("Return '#1001-R2' names 9 of line");
    assertThat(standing()).containsExactly("#1001-R1 RECEIVED 2/2");
    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 2, null))));
    assertThat(hub.number("SELECT count(DISTINCT return_id) FROM return_receipt")).isOne();
  }

  /** What a node tells of the request it sent the goods for, with a name for the return. */
  private Return of(String named, Return.Receipt... receipts) {
    return new Return(
        null,
        fulfillment(),
        named,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(receipts));
  }

  @Test
  void anOlderStateChangesNothing() {
    var at = hub.clock.instant();
    var approved = wanted(ReturnState.APPROVED, 1);
    told(dated(approved, at.plusSeconds(10)));

    var late = told(dated(wanted(ReturnState.REQUESTED, 3), at));

    assertThat(late.messageState()).isEqualTo("IGNORED");
    assertThat(states()).containsExactly("APPROVED");
    assertThat(hub.number("SELECT quantity FROM return_line")).isEqualTo(1);
  }

  private static Return dated(Return told, java.time.Instant at) {
    return new Return(
        told.channel(),
        null,
        told.returnId(),
        told.name(),
        null,
        told.state(),
        at,
        null,
        null,
        null,
        told.lines(),
        null);
  }

  // --- what cannot be

  @Test
  void moreThanLeftIsRefusedByNameAndStopsNothing() {
    var refused = told(wanted(ReturnState.REQUESTED, 4));

    assertThat(refused.failed().failure().kind()).isEqualTo(FailureKind.REFUSED);
    assertThat(refused.failed().failure().sentence())
        .isEqualTo(
            "Return '#1001-R1' names 4 of line '1001-1' of order '#1001', of which 3 left. Ask its sender, correct it and replay it, or discard it.");
    assertThat(refused.messageState()).isEqualTo("PARKED");
    assertThat(states()).isEmpty();

    told(wanted("1001", "946", "#1001-R2", ReturnState.APPROVED, 3));
    assertThat(
            told(wanted("1001", "947", "#1001-R3", ReturnState.APPROVED, 1))
                .failed()
                .failure()
                .sentence())
        .contains("of which 3 left and 3 are back or on the way back already.");
    assertThat(states()).containsExactly("APPROVED");
  }

  @Test
  void moreThanLeftCannotHaveCome() {
    var refused = northwind(back(null, receipt("R-1", null, came("MUG-BLU", 4, null))));

    assertThat(refused.failed().failure().sentence())
        .startsWith("Return 'R-1' brings 4 of line '1001-1' of order '#1001', of which 3 left.");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("6/0/0");
  }

  @Test
  void ofACancelledLineNothingComesBack() {
    hub.apply(hub.cancellationOf("1001", "1001-2", 1));
    hub.apply(hub.answer(fulfillment(), io.serai.order.FulfillmentResponse.State.CANCELLED));

    var refused =
        told(
            new Return(
                AHub.ref("1001"),
                null,
                "945",
                null,
                null,
                ReturnState.REQUESTED,
                null,
                null,
                null,
                null,
                List.of(new Return.Line("1001-2", null, 1, null)),
                null));

    assertThat(refused.failed().failure().sentence())
        .isEqualTo(
            "Return '945' names 1 of line '1001-2' of order '#1001', of which nothing has left because it was cancelled. Ask its sender which order it means; replay it when the shipment is known, or discard it.");
  }

  @Test
  void aLineThatTheOrderDoesNotHaveIsNamed() {
    var refused =
        told(
            new Return(
                AHub.ref("1001"),
                null,
                "945",
                null,
                null,
                ReturnState.REQUESTED,
                null,
                null,
                null,
                null,
                List.of(new Return.Line("77", null, 1, null)),
                null));

    assertThat(refused.failed().failure().sentence())
        .isEqualTo(
            "Return '945' names '77', which order '#1001' does not have. Ask its sender, correct it and replay it, or discard it.");
  }

  @Test
  void ofAnUnknownOrderItWaitsAndIsWokenWhenTheOrderComes() {
    var early = told(wanted("1002", "950", "#1002-R1", ReturnState.REQUESTED, 1));
    assertThat(((ApplyResult.Waits) early.result()).sentence())
        .isEqualTo("Return '#1002-R1' waits for order '1002', which has not arrived yet.");
    assertThat(early.messageState()).isEqualTo("WAITING");

    hub.apply(anOrder().numbered("1002").placedAt(ManualClock.START).with("MUG-BLU", 1).build());

    assertThat(hub.messageState(early.messageId())).isEqualTo("RECEIVED");
  }

  @Test
  void ofNothingThatWasSentFromHereItIsKeptAndNamed() {
    var refused = northwind(back("RMA-77", receipt("R-1", null, came("MUG-BLU", 1, null))));

    assertThat(refused.failed().failure().sentence())
        .isEqualTo(
            "Return 'RMA-77' of 'northwind' names nothing that was sent from here. Ask 'northwind' which order it is of, correct it and replay it, or discard it.");
  }

  @Test
  void ofAnOrderThatWasCancelledBeforeItArrivedNothingComesBack() {
    hub.apply(hub.cancellationOf("1003"));

    assertThat(
            told(wanted("1003", "960", null, ReturnState.REQUESTED, 1))
                .failed()
                .failure()
                .sentence())
        .isEqualTo(
            "Return '960' is of order '#1003', which was cancelled before it arrived; nothing of it left. Discard it.");
  }

  @Test
  void aNodeNobodyConfiguredIsNamed() {
    var refused = northwind(back(null, receipt("R-1", "mars-1", came("MUG-BLU", 1, null))));
    assertThat(refused.failed().failure().kind()).isEqualTo(FailureKind.UNMAPPED);
    assertThat(refused.failed().failure().sentence())
        .isEqualTo(
            "Receipt 'R-1' of return 'R-1' names node 'mars-1', which is not configured. Add it under serai.nodes, then replay.");
    assertThat(
            told(back(null, receipt("R-2", null, came("MUG-BLU", 1, null))))
                .failed()
                .failure()
                .sentence())
        .isEqualTo(
            "Receipt 'R-2' of return 'R-2' does not say where it came, and 'shopify-main' has no single node. Name the node, then replay.");
  }

  @Test
  void theWrongArticleIsACaseAndTheRestIsCounted() {
    told(wanted(ReturnState.APPROVED, 1));

    northwind(
        back("945", receipt("R-1", null, came("MUG-BLU", 1, null), came("CAP-OTHER", 2, null))));

    assertThat(holding("RETURN"))
        .isEqualTo(
            "With return '#1001-R1' of order '#1001' came to 'nj-1' what was not to come: 2 of 'CAP-OTHER'. What the order never had is not counted in. Find out whose it is, then close the return.");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("7/0/0");
    assertThat(shelf("CAP-OTHER", NEAR)).isEqualTo("none");
    assertThat(hub.text("SELECT document::text FROM return_receipt")).contains("CAP-OTHER");

    hub.applyInside(new TurnReturn(order(), id(), ReturnState.CLOSED));
    assertThat(holding("RETURN")).isNull();
  }

  @Test
  void whatWasDeclinedComesAllTheSame() {
    told(wanted(ReturnState.REQUESTED, 1));
    told(wanted(ReturnState.DECLINED, 1));

    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 1, null))));

    assertThat(states()).containsExactly("RECEIVED");
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("7/0/0");
    assertThat(holding("RETURN"))
        .isEqualTo(
            "Return '#1001-R1' of order '#1001' came to 'nj-1' though it was declined. Decide what becomes of it, then close it.");
  }

  @Test
  void whatIsThereIsNotCancelled() {
    told(wanted(ReturnState.APPROVED, 1));
    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 1, null))));

    told(wanted(ReturnState.CANCELLED, 1));

    assertThat(states()).containsExactly("RECEIVED");
    assertThat(said("return.contradicted"))
        .isEqualTo(
            "'shopify-main' says that return '#1001-R1' of order '#1001' is CANCELLED. It is RECEIVED here and stays so.");
    assertThat(refusal(hub.applyInside(new TurnReturn(order(), id(), ReturnState.DECLINED))))
        .isEqualTo("Return '#1001-R1' of order '#1001' is RECEIVED and cannot become DECLINED.");
    var one = new WorkingReturn(UUID.randomUUID(), order(), SHOP, ReturnState.DECLINED, false);
    assertThatThrownBy(() -> one.to(ReturnState.CLOSED))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageEndingWith("was DECLINED and cannot become CLOSED");
  }

  // --- time

  @Test
  void overdueItIsShownUntilItComes() {
    told(wanted(ReturnState.APPROVED, 1));
    hub.clock.advance(Duration.ofDays(29));
    hub.followUp();
    assertThat(holding("RETURN_OVERDUE")).isNull();

    hub.clock.advance(Duration.ofDays(2));
    hub.followUp();
    hub.followUp();

    assertThat(holding("RETURN_OVERDUE"))
        .isEqualTo(
            "Return '#1001-R1' of order '#1001' may come since %s and has not come whole. Ask the buyer or the carrier, then receive it, close it or cancel it."
                .formatted(ManualClock.START.plusSeconds(60)));
    assertThat(hub.timeline("1001")).containsOnlyOnce("return.overdue");
    northwind(back("945", receipt("R-1", null, came("MUG-BLU", 1, null))));
    assertThat(holding("RETURN_OVERDUE")).isNull();
  }

  @Test
  void whatCannotBeLookedAtDoesNotHoldUpTheRest() {
    told(wanted(ReturnState.APPROVED, 1));
    hub.clock.advance(Duration.ofDays(31));
    hub.run(
        """
        INSERT INTO return_order (id, order_id, name, source, kind, state, announced, refund, due_at, created_at, updated_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 'X', 'x', 'RETURN', 'APPROVED', true, true, t, t, t
        FROM generate_series(1, 60), (SELECT timestamptz '2020-01-01' AS t) AS ago""");
    hub.run(
        """
        INSERT INTO money_watch (order_id, since, due_at, breach, message_ids)
        SELECT gen_random_uuid(), t, t, 'x', '{}' FROM generate_series(1, 60), (SELECT timestamptz '2020-01-01' AS t) AS ago""");

    hub.followUp();
    hub.followUp();

    assertThat(holding("RETURN_OVERDUE")).isNotNull();
    assertThat(
            hub.number(
                "SELECT count(*) FROM money_watch WHERE due_at <= '%s'"
                    .formatted(hub.clock.instant())))
        .isZero();
    hub.run("DELETE FROM return_order WHERE name = 'X'");
    hub.run("DELETE FROM money_watch WHERE breach = 'x'");
  }

  @Test
  void cancelledItIsNotAwaited() {
    told(wanted(ReturnState.APPROVED, 1));
    told(wanted(ReturnState.CANCELLED, 1));

    hub.clock.advance(Duration.ofDays(40));
    hub.followUp();

    assertThat(holding("RETURN_OVERDUE")).isNull();
    told(wanted("1001", "946", "#1001-R2", ReturnState.APPROVED, 3));
    assertThat(states()).containsExactly("CANCELLED", "APPROVED");
  }

  @Test
  void aRuleApprovesWhatIsAskedForInTimeAndSaysWhy() {
    hub.close();
    var world = AHub.TWO_NODES;
    hub =
        new AHub(
            DATABASE,
            new Topology(
                world.nodes(),
                world.accounts(),
                Set.of(),
                world.packing(),
                new ReturnTerms(Duration.ofDays(5), Duration.ofDays(30))),
            hub.clock);
    hub.clock.advance(Duration.ofDays(10));

    told(wanted(ReturnState.REQUESTED, 1));

    assertThat(states()).containsExactly("APPROVED");
    assertThat(hub.text("SELECT decision->>'sentence' FROM return_order"))
        .isEqualTo(
            "Order '#1001' was placed 10 day(s) ago; returns within 30 day(s) are approved.");
    assertThat(said("return.decided"))
        .startsWith("Return '#1001-R1' was approved by a rule: Order '#1001' was placed");
    hub.clock.advance(Duration.ofDays(25));
    told(wanted("1001", "946", "#1001-R2", ReturnState.REQUESTED, 1));
    assertThat(states()).containsExactly("APPROVED", "REQUESTED");
  }

  // --- something else for it

  @Test
  void exchangedTheNewArticleIsSentWhenTheOldOneIsThere() {
    hub.has("MUG-RED", NEAR, 5);
    hub.applyInside(opening(two(), false, new EditOrder.Added("MUG-RED", 2, "Mug, red")));
    assertThat(hub.asked("1001")).hasSize(1);

    receive(receipt("R-1", FAR, new Return.Received(LINE, null, 2, null)));

    assertThat(hub.line("1001", "serai-1").allocated()).isEqualTo(2);
    assertThat(hub.asked("1001")).hasSize(2);
    assertThat(hub.text("SELECT line_id || ' for ' || (return_id = ?) FROM line_replacement", id()))
        .isEqualTo("serai-1 for true");
    assertThat(hub.text("SELECT exchange->'lineIds'->>0 FROM return_order")).isEqualTo("serai-1");
    assertThat(said("return.exchanged"))
        .isEqualTo("For return 'RMA-1' of order '#1001' is sent: 2 of 'MUG-RED'.");
    assertThat(
            hub.text(
                "SELECT document::json->'lines'->2->'unitPrice'->>'amount' FROM order_document"))
        .startsWith("0");
  }

  @Test
  void exchangedAtOnceNobodyWaitsForIt() {
    hub.has("MUG-RED", NEAR, 5);

    hub.applyInside(opening(two(), true, new EditOrder.Added("MUG-RED", 2, null)));

    assertThat(hub.line("1001", "serai-1").allocated()).isEqualTo(2);
    assertThat(states()).containsExactly("APPROVED");
  }

  @Test
  void askedAgainUnderOneKeyNothingLeavesTwice() {
    hub.has("MUG-RED", NEAR, 5);
    var line = List.of(new ReplaceLines.Line(LINE, 1, null));
    var exchange =
        new OpenReturn(
            order(),
            null,
            Return.Kind.EXCHANGE,
            NEAR,
            null,
            List.of(two()),
            null,
            List.of(new EditOrder.Added("MUG-RED", 2, null)),
            false,
            true,
            true,
            new Once("k-1", "a"));

    hub.applyInside(exchange);
    hub.applyInside(new ReplaceLines(order(), line, "broke", new Once("k-1", "a")));

    assertThat(hub.applyInside(exchange))
        .isEqualTo(
            new ApplyResult.NoEffect(
                order(), "Return '%s' is opened already.".formatted(name()), id()));
    assertThat(hub.applyInside(new ReplaceLines(order(), line, "broke", new Once("k-1", "a"))))
        .isEqualTo(new ApplyResult.NoEffect(order(), "It is sent once more already.", order()));
    assertThat(refusal(hub.applyInside(new ReplaceLines(order(), line, "x", new Once("k-1", "b")))))
        .isEqualTo(
            "This key was used for another replacement of order '#1001'; send this one under a key of its own.");
    assertThat(hub.number("SELECT count(*) FROM return_order")).isEqualTo(1);
    assertThat(hub.number("SELECT count(*) FROM line_replacement")).isEqualTo(2);

    hub.applyInside(new ReplaceLines(order(), line, "broke", new Once("k-2", "a")));
    assertThat(hub.number("SELECT count(*) FROM line_replacement")).isEqualTo(3);
  }

  private String name() {
    return hub.text("SELECT name FROM return_order");
  }

  @Test
  void whatWasLostIsSentOnceMoreAndNothingHasToComeBack() {
    hub.apply(hub.shipmentOf(fulfillment(), "S-2", "TEE-RED", 1));

    hub.applyInside(
        new ReplaceLines(
            order(), List.of(new ReplaceLines.Line(LINE, 1, null)), "it came in pieces"));

    assertThat(hub.line("1001", "serai-1").allocated()).isEqualTo(1);
    assertThat(hub.text("SELECT replaces_line_id FROM line_replacement")).isEqualTo(LINE);
    assertThat(said("order.replaced"))
        .isEqualTo("Of order '#1001' is sent once more: 1 of 'MUG-BLU' (it came in pieces).");
    assertThat(
            refusal(
                hub.applyInside(
                    new ReplaceLines(order(), List.of(new ReplaceLines.Line(LINE, 4, null)), "x"))))
        .isEqualTo("3 of line '1001-1' of order '#1001' left, so 4 cannot be sent again.");
    assertThat(
            refusal(
                hub.applyInside(
                    new ReplaceLines(order(), List.of(new ReplaceLines.Line("9", 1, null)), "x"))))
        .isEqualTo("Order '#1001' has no line '9'.");
  }

  @Test
  void aParcelThatCameBackToItsSenderIsCountedInAndSentAgain() {
    hub.apply(
        new Tracking(
            "1ZS-1",
            null,
            null,
            List.of(
                new Tracking.Event(hub.clock.instant(), TrackingState.RETURNED, null, null, null))),
        hub.message(NEAR_PARTNER, "tracking", "1ZS-1"));
    assertThat(holding("RETURNED_TO_SENDER")).isNotNull();
    var parcel = hub.one("SELECT id FROM parcel", rows -> rows.getObject(1, UUID.class));
    assertThat(told(wanted(ReturnState.REQUESTED, 1)).failed().failure().sentence())
        .as("what the carrier brought back is not the buyer's to return")
        .contains("of which 3 left and 3 are back");

    var asked =
        new OpenReturn(order(), null, null, NEAR, "moved", null, parcel, null, true, false, true);
    hub.applyInside(asked);
    receive(receipt(null, NEAR));

    assertThat(hub.text("SELECT kind FROM return_order")).isEqualTo("RETURNED_TO_SENDER");
    assertThat(holding("RETURNED_TO_SENDER")).isNull();
    assertThat(hub.line("1001", "serai-1").allocated()).isEqualTo(3);
    assertThat(shelf("MUG-BLU", NEAR)).isEqualTo("9/0/0");
    assertThat(refusal(hub.applyInside(asked))).endsWith("of order '#1001' is a return already.");
  }

  @Test
  void whatCannotBeOpenedIsSaid() {
    assertThat(
            refusal(
                hub.applyInside(
                    new OpenReturn(
                        order(),
                        null,
                        Return.Kind.RETURN,
                        "mars-1",
                        null,
                        List.of(two()),
                        null,
                        null,
                        false,
                        false,
                        true))))
        .isEqualTo("Node 'mars-1' is not configured. Add it under serai.nodes, or name another.");
    assertThat(
            refusal(
                hub.applyInside(
                    new OpenReturn(
                        order(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        UUID.randomUUID(),
                        null,
                        false,
                        false,
                        true))))
        .isEqualTo("Order '#1001' has no such parcel.");
    hub.applyInside(opening(two(), false));
    assertThat(refusal(hub.applyInside(opening(new Return.Line(LINE, null, 1, null), false))))
        .isEqualTo(
            "Order '#1001' has a return 'RMA-1' already. Give it another name, or receive that one.");
    receive(receipt("R-1", FAR));
    assertThat(refusal(receive(receipt("R-2", FAR))))
        .isEqualTo("Nothing of return 'RMA-1' of order '#1001' is awaited; name what came.");
  }
}
