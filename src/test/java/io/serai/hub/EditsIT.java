package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.order.Address;
import io.serai.order.AnOrder;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.HoldKind;
import io.serai.order.OrderChange;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.order.Shipment;
import io.serai.outbox.RepeatMode;
import io.serai.stock.CrossReference;
import io.serai.stock.Items;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Orders that are to be otherwise after they were placed. */
class EditsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration HOUR = Duration.ofHours(1);

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG", NEAR, 9).has("TEA", NEAR, 9).has("TEE-M", NEAR, 3).has("TEE-L", NEAR, 1);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private void withWindow() {
    reopen(
        Map.of("shipment", RepeatMode.QUERYABLE, "cancellation", RepeatMode.QUERYABLE),
        new HoldPolicy(null, false, true, HOUR),
        Map.of("fulfillment-request", RepeatMode.IDEMPOTENT));
  }

  private void reopen(
      Map<String, RepeatMode> shop, HoldPolicy policy, Map<String, RepeatMode> partner) {
    hub.close();
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(
        AHub.SHOP,
        new Topology.Account(AHub.SHOP, true, true, false, shop, Duration.ofHours(48))
            .holding(policy));
    accounts.put(
        AHub.NEAR_PARTNER,
        new Topology.Account(
            AHub.NEAR_PARTNER, false, false, false, partner, Duration.ofHours(48)));
    hub = new AHub(DATABASE, new Topology(AHub.TWO_NODES.nodes(), accounts), hub.clock);
  }

  private AnOrder order() {
    return anOrder().numbered("1001").placedAt(ManualClock.START);
  }

  private AHub.Result again(AnOrder order) {
    hub.clock.advance(Duration.ofMinutes(1));
    return hub.apply(order.updatedAt(hub.clock.instant()).build());
  }

  private void atTheWarehouse() {
    hub.owed("1001").stream()
        .filter(d -> d.operation().equals("fulfillment-request") && d.state().equals("READY"))
        .forEach(hub::confirm);
  }

  private AHub.Asked asked(int index) {
    return hub.asked("1001").get(index);
  }

  private JsonNode edits() {
    return Json.tree(
        hub.text("SELECT edits::text FROM sales_order WHERE channel_order_id = '1001'"));
  }

  private List<String> said(String kind) {
    return hub.all(
        "SELECT sentence FROM order_event WHERE kind = ? ORDER BY id",
        rows -> rows.getString(1),
        kind);
  }

  private List<String> open(HoldKind kind) {
    return hub.all(
        "SELECT reason FROM order_hold WHERE kind = ? AND released_at IS NULL ORDER BY no",
        rows -> rows.getString(1),
        kind.name());
  }

  private static Party living(String street) {
    return new Party(
        "Jana Ørsted",
        null,
        null,
        null,
        null,
        null,
        new Address(List.of(street), "Berlin", null, null, "12045", "DE", null),
        PiiState.PRESENT);
  }

  private JsonNode request(int index) {
    return hub.owed("1001").stream()
        .filter(d -> d.operation().equals("fulfillment-request"))
        .toList()
        .get(index)
        .content();
  }

  // ---- the window and the lock

  @Test
  void withinItsWindowAnOrderIsWhatItLastWas() {
    withWindow();
    hub.apply(order().with("MUG", 2).build());

    again(order().with("MUG", 3).with("TEE-M", 1).to(living("Donaustraße 4")));

    assertThat(hub.asked("1001")).isEmpty();
    assertThat(edits().at("/0/state").asText()).isEqualTo("DONE");
    hub.clock.advance(HOUR);
    hub.followUp();
    assertThat(request(0).at("/lines/0/quantity").asInt()).isEqualTo(3);
    assertThat(request(0).path("lines")).hasSize(2);
    assertThat(request(0).at("/shipTo/address/lines/0").asText()).isEqualTo("Donaustraße 4");
  }

  @Test
  void afterItsWindowAnOrderStaysAsItIsAndAPersonIsAskedToTell() {
    withWindow();
    hub.apply(order().with("MUG", 2).build());
    hub.clock.advance(HOUR);
    hub.followUp();
    var until = ManualClock.START.plus(HOUR);

    var late = again(order().with("MUG", 3).with("TEE-M", 1).to(living("Donaustraße 4")));

    assertThat(late.messageState()).isEqualTo("APPLIED");
    assertThat(hub.line("1001", "1001-1").ordered()).isEqualTo(2);
    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(edits().at("/0/state").asText()).isEqualTo("REFUSED");
    assertThat(said("change.refused"))
        .containsExactly(
            "Order '#1001' stays as it is, though 'shopify-main' wants 3 instead of 2 of 'MUG', 1 of 'TEE-M' more, another address: its time to be changed ended at %s."
                .formatted(until));
    assertThat(open(HoldKind.EDIT))
        .containsExactly(
            "'shopify-main' wants 3 instead of 2 of 'MUG', 1 of 'TEE-M' more, another address of order '#1001', and it goes as it was before: its time to be changed ended at %s. Tell the channel and the buyer, or change the order by hand."
                .formatted(until));
    assertThat(hub.order("1001").hold()).as("nothing stops").isNull();
    var document = Json.tree(hub.text("SELECT document FROM order_document"));
    assertThat(document.at("/shipTo/address/lines/0").asText()).isEqualTo("Weserstraße 12");
  }

  @Test
  void whatIsRefusedIsRefusedOnceHoweverOftenTheChannelSaysIt() {
    withWindow();
    hub.apply(order().with("MUG", 2).build());
    hub.clock.advance(HOUR);
    hub.followUp();
    again(order().with("MUG", 3));

    again(order().with("MUG", 3).noted("the same again"));

    assertThat(said("change.refused")).hasSize(1);
    assertThat(edits()).hasSize(1);
    assertThat(hub.line("1001", "1001-1").ordered()).isEqualTo(2);
    again(order().with("MUG", 2));
    assertThat(open(HoldKind.EDIT)).as("the channel took it back").isEmpty();
  }

  @Test
  void aReleaseByHandEndsTheWindowEarly() {
    withWindow();
    hub.apply(order().with("MUG", 2).build());
    hub.applyInside(new ReleaseOrder(hub.order("1001").id(), null, "he is in a hurry"));

    again(order().with("MUG", 3));

    assertThat(hub.line("1001", "1001-1").ordered()).isEqualTo(2);
    assertThat(open(HoldKind.EDIT)).hasSize(1);
  }

  @Test
  void fewerIsACancellationAndNoEditWhateverTheTime() {
    withWindow();
    hub.apply(order().with("MUG", 2).build());
    hub.clock.advance(HOUR);
    hub.followUp();

    again(order().with("MUG", 2).ofWhichCancelled(1));

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(said("change.refused")).isEmpty();
    assertThat(open(HoldKind.EDIT)).isEmpty();
  }

  @Test
  void anAddressThatTheHubItselfAskedForIsTakenAfterTheWindowToo() {
    withWindow();
    hub.apply(order().with("MUG", 2).withoutAddress().build());
    hub.clock.advance(HOUR);
    hub.followUp();

    again(order().with("MUG", 2).to(living("Donaustraße 4")));

    assertThat(request(0).at("/shipTo/address/lines/0").asText()).isEqualTo("Donaustraße 4");
  }

  // ---- the delta only

  @Test
  void whatDidNotChangeStaysWhereItIsThoughTheRulesWouldSendItElsewhere() {
    hub.has("MUG", FAR, 0);
    hub.apply(order().with("TEA", 2).with("TEE-M", 2).build());
    assertThat(asked(0).node()).isEqualTo(NEAR);
    atTheWarehouse();
    hub.has("TEA", FAR, 9).has("TEE-M", FAR, 9);
    hub.run("UPDATE stock_level SET safety = 7 WHERE sku = 'TEA' AND node = ?", NEAR);

    again(order().with("TEA", 2).with("TEE-M", 2).ofWhichCancelled(1));
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(asked(0).state()).isEqualTo("CANCELLED");
    assertThat(asked(1).node()).isEqualTo(NEAR);
    assertThat(hub.asked("1001")).hasSize(2);
    assertThat(request(1).at("/lines/0/quantity").asInt()).isEqualTo(2);
    assertThat(request(1).at("/lines/1/quantity").asInt()).isEqualTo(1);
  }

  @Test
  void moreOfALineLeavesTheOthersAlone() {
    hub.apply(order().with("MUG", 2).with("TEA", 1).build());
    atTheWarehouse();

    again(order().with("MUG", 3).with("TEA", 1));

    assertThat(asked(0).state()).isEqualTo("ACCEPTED");
    assertThat(request(1).path("lines")).hasSize(1);
    assertThat(request(1).at("/lines/0/quantity").asInt()).isEqualTo(1);
  }

  @Test
  void unitsThatComeBackOnTopOfCancelledOnesAreSent() {
    hub.apply(order().with("MUG", 3).build());
    again(order().with("MUG", 3).ofWhichCancelled(2));
    again(order().with("MUG", 5).ofWhichCancelled(2));

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 2, 2, 3, 0, 0, 0));
  }

  // ---- another article

  @Test
  void anotherArticleIsPromisedInTheTransactionThatGivesTheFirstBack() {
    hub.apply(order().with("TEE-M", 1).build());

    again(order().with("TEE-L", 1));

    assertThat(hub.level("TEE-M", NEAR).allocated()).isZero();
    assertThat(hub.level("TEE-L", NEAR).allocated()).isEqualTo(1);
    assertThat(asked(0).state()).isEqualTo("WITHDRAWN");
    assertThat(request(1).at("/lines/0/sku").asText()).isEqualTo("TEE-L");
    assertThat(said("change.accepted"))
        .containsExactly("Order '#1001' is changed: 'TEE-L' instead of 'TEE-M'.");
  }

  @Test
  void anotherArticleWaitsForTheWarehouseThatHasTheFirst() {
    hub.apply(order().with("MUG", 1).with("TEE-M", 1).build());
    atTheWarehouse();

    again(order().with("MUG", 1).with("TEE-L", 1));
    assertThat(edits().at("/0/state").asText()).isEqualTo("ASKED");
    assertThat(hub.level("TEE-M", NEAR).allocated()).isEqualTo(1);
    hub.restart();
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(hub.level("TEE-M", NEAR).allocated()).isZero();
    assertThat(hub.level("TEE-L", NEAR).allocated()).isEqualTo(1);
    assertThat(edits().at("/0/state").asText()).isEqualTo("DONE");
    assertThat(said("change.done"))
        .containsExactly(
            "Whoever has order '#1001' sends it as it was changed: 'TEE-L' instead of 'TEE-M'.");
  }

  @Test
  void aWarehouseThatSendsTheFirstArticleKeepsIt() {
    hub.apply(order().with("TEE-M", 1).build());
    atTheWarehouse();
    again(order().with("TEE-L", 1));

    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    assertThat(edits().at("/0/state").asText()).isEqualTo("REFUSED");
    assertThat(open(HoldKind.TOO_LATE))
        .containsExactly(
            "Too late: 'northwind' sends order '#1001' as it was before it was changed ('TEE-L' instead of 'TEE-M'). Have the parcel stopped or sent on, and tell the buyer.");
    again(order().with("TEE-L", 1).noted("as before"));
    hub.apply(hub.shipmentOf(asked(0).text(), "S-1", "TEE-M", 1));
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(hub.level("TEE-L", NEAR).allocated()).isZero();
  }

  // ---- another address

  @Test
  void anotherAddressIsCancelAndReplaceAndTheNewRequestGoesWhenTheOldIsStopped() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();

    again(order().with("MUG", 2).to(living("Donaustraße 4")));
    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(hub.level("MUG", NEAR).allocated()).isEqualTo(2);
    hub.restart();
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(asked(1).node()).isEqualTo(NEAR);
    assertThat(request(1).at("/shipTo/address/lines/0").asText()).isEqualTo("Donaustraße 4");
    assertThat(edits().at("/0/state").asText()).isEqualTo("DONE");
    assertThat(hub.level("MUG", NEAR).allocated()).isEqualTo(2);
  }

  @Test
  void aParcelThatGoesToTheOldAddressIsAPersonsBusiness() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    again(order().with("MUG", 2).to(living("Donaustraße 4")));

    hub.apply(hub.shipmentOf(asked(0).text(), "S-1", "MUG", 2));

    assertThat(edits().at("/0/state").asText()).isEqualTo("REFUSED");
    assertThat(open(HoldKind.TOO_LATE))
        .containsExactly(
            "Too late: 'northwind' sends order '#1001' as it was before it was changed (another address). Have the parcel stopped or sent on, and tell the buyer.");
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
  }

  /** What left by the first request, to the address whose hash it names. */
  private Shipment sent(String shipment, int units, String hash) {
    var told = hub.shipmentOf(asked(0).text(), shipment, "MUG", units);
    return new Shipment(
        told.fulfillmentId(),
        told.shipmentId(),
        null,
        null,
        told.shippedAt(),
        told.carrier(),
        null,
        told.packages(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        hash,
        null);
  }

  private String street() {
    return Json.tree(hub.text("SELECT document FROM order_document"))
        .at("/shipTo/address/lines/0")
        .asText();
  }

  @Test
  void anAddressThatComesTooLateIsNotTheOrders() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    var hash = request(0).path("addressHash").asText();
    again(order().with("MUG", 2).to(living("Donaustraße 4")));

    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    assertThat(street()).isEqualTo("Weserstraße 12");
    assertThat(edits().at("/0/parts/0/accepted").asBoolean(true)).isFalse();
    again(order().with("MUG", 2).to(living("Donaustraße 4")).noted("the same again"));
    assertThat(street()).as("however often the channel says it").isEqualTo("Weserstraße 12");
    assertThat(edits()).hasSize(1);
    hub.apply(sent("S-1", 2, hash));
    assertThat(open(HoldKind.SHIPMENT)).as("it went where it was asked to go").isEmpty();
    assertThat(hub.owed("1001", "shipment").state()).isEqualTo("READY");
  }

  @Test
  void whatLeavesBeforeTheWarehouseAnswersWentWhereItWasAskedToGo() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    var hash = request(0).path("addressHash").asText();
    again(order().with("MUG", 2).to(living("Donaustraße 4")));

    hub.apply(sent("S-1", 2, hash));

    assertThat(open(HoldKind.SHIPMENT)).isEmpty();
    assertThat(open(HoldKind.TOO_LATE)).hasSize(1);
    assertThat(street()).isEqualTo("Weserstraße 12");
    assertThat(hub.text("SELECT edits->0->>'state' FROM sales_order")).isEqualTo("REFUSED");
    assertThat(hub.owed("1001", "shipment").content().at("/packages")).hasSize(1);
  }

  @Test
  void aPartThatLeftToTheFormerAddressIsTooLateAndTheRestGoesToTheNewOne() {
    withTrade(HoldPolicy.USUAL);
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    var hash = request(0).path("addressHash").asText();
    change("C-1", living("Donaustraße 4"));

    hub.apply(sent("S-1", 1, hash));
    assertThat(edits().at("/0/state").asText()).isEqualTo("ASKED");
    hub.restart();
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(edits().at("/0/state").asText()).isEqualTo("PARTLY");
    assertThat(edits().at("/0/reason").asText())
        .isEqualTo("'northwind' sends a part of it as it was");
    assertThat(open(HoldKind.TOO_LATE))
        .containsExactly(
            "Too late for a part: 'northwind' sends some of order '#1001' as it was before it was changed (another address). Have that parcel stopped or sent on, and tell the buyer.");
    assertThat(request(1).at("/shipTo/address/lines/0").asText()).isEqualTo("Donaustraße 4");
    assertThat(request(1).at("/lines/0/quantity").asInt()).isEqualTo(1);
    assertThat(street()).isEqualTo("Donaustraße 4");
    assertThat(answer(0).path("state").asText()).isEqualTo("CHANGED");
    hub.apply(sent("S-2", 1, hash));
    assertThat(open(HoldKind.SHIPMENT).toString())
        .as("it went where that request was to go")
        .doesNotContain("hash");
  }

  @Test
  void anotherAddressLeavesLinesThatTheChannelCallsOtherwiseWhereTheyAre() {
    hub.items =
        new Items(
            List.of(),
            List.of(
                new CrossReference(AHub.SHOP, "B00TEA", "TEA", 1),
                new CrossReference(AHub.SHOP, "B00CUP", "CUP", 1)));
    hub.has("CUP", FAR, 9);
    hub.apply(order().with("B00TEA", 2).with("B00CUP", 1).build());
    assertThat(hub.asked("1001").stream().map(AHub.Asked::node))
        .containsExactlyInAnyOrder(NEAR, FAR);
    hub.has("TEA", FAR, 9);

    again(order().with("B00TEA", 2).with("B00CUP", 1).to(living("Donaustraße 4")));

    assertThat(hub.asked("1001").stream().map(a -> a.node() + " " + a.state()))
        .containsExactlyInAnyOrder(
            NEAR + " WITHDRAWN", FAR + " WITHDRAWN", NEAR + " REQUESTED", FAR + " REQUESTED");
  }

  @Test
  void anAddressNobodyCanDeliverToIsHeldAndNotAskedOfTheWarehouse() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    var nowhere =
        new Party(
            "Jana Ørsted",
            null,
            null,
            null,
            null,
            null,
            new Address(List.of("Donaustraße 4"), "Berlin", null, null, "120", "DE", null),
            PiiState.PRESENT);

    again(order().with("MUG", 2).to(nowhere));
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");
    assertThat(hub.asked("1001")).hasSize(1);
    again(order().with("MUG", 2).to(living("Donaustraße 4")));
    assertThat(request(1).at("/shipTo/address/postalCode").asText()).isEqualTo("12045");
  }

  @Test
  void aMaskedAddressIsNoOtherAddress() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();

    again(
        order()
            .with("MUG", 2)
            .to(new Party("J***", null, null, null, null, null, null, PiiState.MASKED)));

    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("ACCEPTED");
    assertThat(said("change.accepted")).isEmpty();
  }

  @Test
  void aWarehouseThatDoesNotSayIsListedAsSilentUntilItDoes() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    again(order().with("MUG", 2).to(living("Donaustraße 4")));

    hub.clock.advance(Fulfilling.PATIENCE);
    hub.followUp();
    hub.clock.advance(Fulfilling.PATIENCE);
    hub.followUp();

    assertThat(open(HoldKind.SILENT))
        .containsExactly(
            "'northwind' was asked to stop what it has of order '#1001' (request '%s') and has not said whether it does. Ask it; until then nobody knows."
                .formatted(asked(0).text()));
    assertThat(said("fulfillment.silent")).as("said once").hasSize(1);
    assertThat(hub.text("SELECT owner FROM order_hold WHERE kind = 'SILENT'"))
        .isEqualTo("northwind");
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));
    assertThat(open(HoldKind.SILENT)).isEmpty();
  }

  // ---- too late

  @Test
  void anEditOfADeliveredOrderIsNamedKeptAndVisibleAndNothingElseStops() {
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();
    hub.apply(hub.shipmentOf(asked(0).text(), "S-1", "MUG", 2));
    hub.run("UPDATE order_line SET delivered = 2");

    again(order().with("MUG", 3).to(living("Donaustraße 4")));

    assertThat(said("change.refused"))
        .containsExactly(
            "Order '#1001' stays as it is, though 'shopify-main' wants 3 instead of 2 of 'MUG', another address: it is delivered.");
    assertThat(open(HoldKind.EDIT)).hasSize(1);
    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(hub.order("1001").hold()).isNull();
    assertThat(edits().at("/0/reason").asText()).isEqualTo("it is delivered");
  }

  @Test
  void anEditOfACancelledOrderSendsNothing() {
    hub.apply(order().with("MUG", 2).build());
    hub.apply(hub.cancellationOf("1001"));

    again(order().with("MUG", 3));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(said("change.refused").getFirst()).endsWith(": it is cancelled.");
    assertThat(hub.level("MUG", NEAR).allocated()).isZero();
  }

  // ---- a channel that can hear it

  private void withTrade(HoldPolicy policy) {
    reopen(
        Map.of(
            "shipment", RepeatMode.QUERYABLE,
            "cancellation", RepeatMode.QUERYABLE,
            "order-change", RepeatMode.QUERYABLE),
        policy,
        Map.of("fulfillment-request", RepeatMode.IDEMPOTENT));
  }

  private AHub.Result change(String id, Party shipTo, OrderChange.Line... lines) {
    hub.clock.advance(Duration.ofMinutes(1));
    return hub.apply(
        new OrderChange(
            AHub.ref("1001"),
            id,
            false,
            hub.clock.instant(),
            null,
            List.of(lines),
            null,
            null,
            null,
            shipTo,
            null));
  }

  private JsonNode answer(int index) {
    return hub.owed("1001").stream()
        .filter(d -> d.operation().equals("order-change"))
        .toList()
        .get(index)
        .content();
  }

  @Test
  void whoeverIsAnsweredHearsTheRefusalAndNobodyIsAskedToTell() {
    withTrade(new HoldPolicy(null, false, true, HOUR));
    hub.apply(order().with("TEE-M", 1).build());
    hub.clock.advance(HOUR);
    hub.followUp();
    var more =
        AnOrder.anOrder().numbered("1001").with("TEA", 1).with("TEA", 1).build().lines().get(1);

    change(
        "C-1",
        living("Donaustraße 4"),
        new OrderChange.Line("1001-1", 2, null, null),
        new OrderChange.Line("1001-2", null, null, null, more));
    change("C-2", null, new OrderChange.Line("1001-1", null, null, "TEE-L", null));

    assertThat(answer(0).path("state").asText()).isEqualTo("REJECTED");
    assertThat(answer(0).path("lines")).hasSize(2);
    assertThat(answer(0).at("/lines/1/ordered").asInt(-1)).isZero();
    assertThat(answer(1).path("state").asText()).isEqualTo("REJECTED");
    assertThat(answer(1).at("/lines/0/accepted").asBoolean(true)).isFalse();
    assertThat(open(HoldKind.EDIT)).isEmpty();
    assertThat(edits().at("/0/key").asText()).isEqualTo("C-1");
    assertThat(hub.line("1001", "1001-1").ordered()).isEqualTo(1);
  }

  @Test
  void anotherAddressIsAnsweredWhenTheWarehouseHasSpoken() {
    withTrade(HoldPolicy.USUAL);
    hub.apply(order().with("MUG", 2).build());
    atTheWarehouse();

    change("C-1", living("Donaustraße 4"));
    assertThat(hub.owed("1001").stream().map(AHub.Owed::operation)).doesNotContain("order-change");
    hub.apply(hub.answer(asked(0).text(), State.CANCEL_REFUSED));

    assertThat(answer(0).path("state").asText()).isEqualTo("REJECTED");
  }

  @Test
  void anotherArticleIsAnsweredYesWhenTheWarehouseLetGoOfTheFirst() {
    withTrade(HoldPolicy.USUAL);
    hub.apply(order().with("TEE-M", 1).build());
    atTheWarehouse();

    change("C-1", null, new OrderChange.Line("1001-1", null, null, "TEE-L", null));
    assertThat(hub.owed("1001").stream().map(AHub.Owed::operation)).doesNotContain("order-change");
    hub.apply(hub.answer(asked(0).text(), State.CANCELLED));

    assertThat(answer(0).path("state").asText()).isEqualTo("ACCEPTED");
    assertThat(hub.level("TEE-L", NEAR).allocated()).isEqualTo(1);
  }

  // ---- by hand

  private ApplyResult byHand(
      boolean afterLock, List<EditOrder.Line> lines, List<EditOrder.Added> added, String street) {
    return hub.applyInside(
        new EditOrder(
            hub.order("1001").id(),
            lines,
            added,
            street == null
                ? null
                : new EditOrder.Receiver(null, null, null, null, living(street).address()),
            afterLock));
  }

  @Test
  void whatAPersonChangedIsNotUndoneByAChannelThatDoesNotKnowOfIt() {
    hub.apply(order().with("TEE-M", 1).build());

    var done =
        byHand(
            false,
            List.of(new EditOrder.Line("1001-1", "TEE-L")),
            List.of(new EditOrder.Added("MUG", 2, null)),
            "Donaustraße 4");
    again(order().with("TEE-M", 1).noted("paid by now"));

    assertThat(done).isInstanceOf(ApplyResult.Applied.class);
    var last = asked(hub.asked("1001").size() - 1);
    assertThat(last.state()).isEqualTo("REQUESTED");
    assertThat(hub.line("1001", "serai-1").allocated()).isEqualTo(2);
    assertThat(hub.level("TEE-L", NEAR).allocated()).isEqualTo(1);
    assertThat(hub.level("TEE-M", NEAR).allocated()).isZero();
    var document = Json.tree(hub.text("SELECT document FROM order_document"));
    assertThat(document.at("/shipTo/address/lines/0").asText()).isEqualTo("Donaustraße 4");
    assertThat(said("change.accepted"))
        .containsExactly(
            "Order '#1001' is changed here: 'TEE-L' instead of 'TEE-M', 2 of 'MUG' more, another address. 'shopify-main' has no way to hear of it: tell the buyer.");
  }

  @Test
  void onceTheChannelSaysSomethingElseItCounts() {
    hub.apply(order().with("MUG", 1).build());
    byHand(false, List.of(), List.of(), "Donaustraße 4");

    again(order().with("MUG", 1).to(living("Karl-Marx-Straße 1")));

    var document = Json.tree(hub.text("SELECT document FROM order_document"));
    assertThat(document.at("/shipTo/address/lines/0").asText()).isEqualTo("Karl-Marx-Straße 1");
  }

  @Test
  void whatAPersonAddedIsSentAndNotToldToTheChannel() {
    hub.apply(order().with("MUG", 1).build());
    byHand(false, List.of(), List.of(new EditOrder.Added("TEA", 1, "A present")), null);
    atTheWarehouse();

    hub.apply(hub.shipmentOf(asked(0).text(), "S-1", "MUG", 1));
    hub.apply(hub.shipmentOf(asked(1).text(), "S-2", "TEA", 1));

    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
    assertThat(hub.owed("1001", "shipment").content().at("/packages/0/lines")).hasSize(1);
  }

  @Test
  void aPersonIsBoundToTheWindowUnlessHeSaysSo() {
    withWindow();
    hub.apply(order().with("TEE-M", 1).build());
    hub.clock.advance(HOUR);
    hub.followUp();
    var lines = List.of(new EditOrder.Line("1001-1", "TEE-L"));

    assertThat(sentence(byHand(false, lines, List.of(), null)))
        .isEqualTo(
            "Order '#1001' cannot be changed ('TEE-L' instead of 'TEE-M'): its time to be changed ended at %s."
                .formatted(ManualClock.START.plus(HOUR)));
    assertThat(byHand(true, lines, List.of(), null)).isInstanceOf(ApplyResult.Applied.class);
    assertThat(hub.level("TEE-L", NEAR).allocated()).isEqualTo(1);
  }

  @Test
  void whatAPersonCannotChangeIsSaid() {
    hub.apply(order().with("MUG", 1).build());

    assertThat(
            sentence(byHand(false, List.of(new EditOrder.Line("nothing", "TEA")), List.of(), null)))
        .isEqualTo("Order '#1001' has no line 'nothing'.");
    assertThat(byHand(false, List.of(new EditOrder.Line("1001-1", "MUG")), List.of(), null))
        .isInstanceOfSatisfying(
            ApplyResult.NoEffect.class,
            none -> assertThat(none.reason()).isEqualTo("Order '#1001' is so already."));
  }

  private static String sentence(ApplyResult result) {
    return ((ApplyResult.Failed) result).failure().sentence();
  }
}
