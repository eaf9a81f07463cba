package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serai.allocation.Candidate;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.inbox.InboxMessage;
import io.serai.order.AnOrder;
import io.serai.order.LineKind;
import io.serai.order.Order;
import io.serai.order.OrderLine;
import io.serai.order.Party;
import io.serai.order.PaymentState;
import io.serai.order.PiiState;
import io.serai.outbox.RepeatMode;
import io.serai.stock.Item;
import io.serai.stock.Items;
import io.serai.support.Json;
import io.serai.support.LostAnswers;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What orders and their later states do to order, stock and what is owed. */
class OrdersIT {
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

  private static AnOrder order1001() {
    return anOrder().numbered("1001").placedAt(T0);
  }

  @Test
  void aNewOrderIsStoredAllocatedAndAskedOfTheNodeThatHasEverything() {
    hub.has("MUG-BLU", NEAR, 5);

    var done = hub.apply(order1001().with("MUG-BLU", 2).build());

    assertThat(done.messageState()).isEqualTo("APPLIED");
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(5, 2, 0));
    var request = hub.owed("1001", "fulfillment-request");
    assertThat(request.destination()).isEqualTo("northwind");
    assertThat(request.state()).isEqualTo("READY");
    assertThat(request.revision()).isEqualTo(1);
    assertThat(request.content().at("/lines/0/quantity").asInt()).isEqualTo(2);
    assertThat(request.content().at("/lines/0/title").asText()).isEqualTo("A MUG-BLU");
    assertThat(request.content().at("/channel/orderId").asText()).isEqualTo("1001");
    assertThat(hub.timeline("1001")).containsExactly("order.received", "order.allocated");
  }

  @Test
  void aRequestToAnIdempotentPartnerWithRoomLeavesInTheSameTransaction() {
    hub.room = true;
    hub.has("MUG-BLU", NEAR, 5);

    hub.apply(order1001().with("MUG-BLU", 1).build());

    var request = hub.owed("1001", "fulfillment-request");
    assertThat(request.state()).isEqualTo("SENDING");
    await().until(() -> !hub.handedOn.isEmpty());
    assertThat(hub.handedOn)
        .singleElement()
        .satisfies(
            delivery -> {
              assertThat(delivery.id()).isEqualTo(request.id());
              assertThat(delivery.idempotencyKey()).isEqualTo(request.key());
              assertThat(delivery.fence()).isEqualTo(1);
              assertThat(delivery.leaseUntil()).isEqualTo(hub.clock.instant().plusSeconds(60));
            });
  }

  @Test
  void aRequestToAQueryablePartnerIsNeverInsertedAsSending() {
    hub.room = true;
    hub.has("MUG-BLU", FAR, 5);

    hub.apply(order1001().with("MUG-BLU", 1).build());

    assertThat(hub.owed("1001", "fulfillment-request").state()).isEqualTo("READY");
    await().untilAsserted(() -> assertThat(hub.nudged).isNotEmpty());
    assertThat(hub.handedOn).isEmpty();
  }

  @Test
  void theSameVersionAgainChangesNothing() {
    hub.has("MUG-BLU", NEAR, 5);
    var order = order1001().with("MUG-BLU", 2).build();
    hub.apply(order);

    var second = hub.apply(order);

    assertThat(second.result()).isInstanceOf(ApplyResult.NoEffect.class);
    assertThat(second.messageState()).isEqualTo("IGNORED");
    assertThat(hub.orders()).isEqualTo(1);
    assertThat(hub.order("1001").revision()).isEqualTo(1);
    assertThat(hub.owed("1001")).hasSize(1);
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
  }

  @Test
  void anOlderVersionNeverOverwritesANewerOne() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().updatedAt(T0.plusSeconds(60)).noted("new").with("MUG-BLU", 2).build());

    var late =
        hub.apply(
            order1001().updatedAt(T0.plusSeconds(59)).noted("old").with("MUG-BLU", 4).build());

    assertThat(late.messageState()).isEqualTo("IGNORED");
    assertThat(hub.line("1001", "1001-1").ordered()).isEqualTo(2);
    assertThat(document("1001")).contains("\"new\"").doesNotContain("\"old\"");
    assertThat(hub.order("1001").version()).isEqualTo(T0.plusSeconds(60).toString());
  }

  private String document(String orderId) {
    return hub.text(
        "SELECT document::text FROM order_document WHERE order_id = ?", hub.order(orderId).id());
  }

  @Test
  void ofTwoStatesOfOneInstantTheOneThatCancelsIsTheLast() {
    hub.has("MUG-BLU", NEAR, 10);
    hub.apply(order1001().updatedAt(T0).with("MUG-BLU", 2).build());

    hub.apply(order1001().cancelledAt(T0).with("MUG-BLU", 2).build());
    var again = hub.apply(order1001().updatedAt(T0).with("MUG-BLU", 2).build());

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(again.messageState()).isEqualTo("IGNORED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void twoStatesOfOneNewOrderInOneBatchEndAsTheNewer() {
    hub.has("MUG-BLU", NEAR, 9);
    var results = new ArrayList<CompletableFuture<ApplyResult>>();

    for (var i = 0; i < 20; i++) {
      var order =
          order1001().updatedAt(T0.plusSeconds(i)).noted("state " + i).with("MUG-BLU", 2).build();
      var done = new CompletableFuture<ApplyResult>();
      results.add(done);
      hub.engine().apply(order, Json.node(order), "somebody", done::complete);
    }
    results.forEach(AHub::get);

    assertThat(hub.orders()).isEqualTo(1);
    assertThat(document("1001")).contains("\"state 19\"");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
    hub.run("UPDATE delivery SET message_id = 0"); // they came from inside, with no message
  }

  @Test
  void aLineThatIsAddedIsAllocatedBesideTheOthers() {
    hub.has("MUG-BLU", NEAR, 5).has("TEE-RED", NEAR, 5);
    hub.apply(order1001().with("MUG-BLU", 2).build());

    hub.apply(
        order1001().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 2).with("TEE-RED", 1).build());

    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    assertThat(hub.line("1001", "1001-2").allocated()).isEqualTo(1);
    assertThat(hub.owed("1001")).hasSize(2);
    assertThat(hub.owed("1001").get(1).content().at("/lines")).hasSize(1);
    assertThat(hub.owed("1001").get(0).lane()).isEqualTo(hub.owed("1001").get(1).lane());
  }

  @Test
  void aLineThatTheChannelReducedIsAskedForAnewWithFewer() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().with("MUG-BLU", 3).build());

    hub.apply(
        order1001().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 3).ofWhichCancelled(1).build());

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(3, 1, 1, 2, 0, 0, 0));
    assertThat(hub.asked("1001"))
        .extracting(AHub.Asked::state)
        .containsExactlyInAnyOrder("WITHDRAWN", "REQUESTED");
    assertThat(hub.owed("1001")).extracting(AHub.Owed::state).containsExactly("WITHDRAWN", "READY");
  }

  @Test
  void aLineWhoseOrderedQuantityFellGivesUpTheDifference() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().with("MUG-BLU", 3).build());

    hub.apply(order1001().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 1).build());

    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(1);
    assertThat(hub.line("1001", "1001-1").unplaced()).isZero();
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(1);
  }

  @Test
  void aBackorderedLineWhoseOrderedQuantityFellWaitsForFewer() {
    hub.has("MUG-BLU", NEAR, 0);
    hub.apply(order1001().with("MUG-BLU", 3).build());

    var done = hub.apply(order1001().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 1).build());

    assertThat(done.result()).isInstanceOf(ApplyResult.Applied.class);
    var line = hub.line("1001", "1001-1");
    assertThat(line.backordered()).isEqualTo(1);
    assertThat(line.unplaced()).isZero();
  }

  @Test
  void aLineWhoseOrderedQuantityRoseIsAskedForTheRest() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().with("MUG-BLU", 1).build());

    hub.apply(order1001().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 4).build());

    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(4);
    assertThat(hub.owed("1001"))
        .extracting(d -> d.content().at("/lines/0/quantity").asInt())
        .containsExactly(1, 3);
  }

  @Test
  void aLineThatTheChannelNoLongerListsIsWantedNoMore() {
    hub.has("MUG-BLU", NEAR, 5).has("TEE-RED", NEAR, 5);
    hub.apply(order1001().with("MUG-BLU", 2).with("TEE-RED", 1).build());

    hub.apply(order1001().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 2).build());

    assertThat(hub.line("1001", "1001-2").cancelled()).isEqualTo(1);
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(2);
    assertThat(hub.level("TEE-RED", NEAR).allocated()).isZero();
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void unitsThatTheChannelSawLeaveElsewhereAreNotSentAgain() {
    hub.has("MUG-BLU", NEAR, 0);
    hub.apply(order1001().with("MUG-BLU", 2).build());
    assertThat(hub.line("1001", "1001-1").backordered()).isEqualTo(2);

    hub.apply(
        order1001().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 2).ofWhichShipped(2).build());
    hub.has("MUG-BLU", NEAR, 10);
    hub.applyInside(new Reallocation(hub.order("1001").id()));

    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(2);
    assertThat(hub.line("1001", "1001-1").backordered()).isZero();
    assertThat(hub.owed("1001")).isEmpty();
  }

  @Test
  void aShortLineMakesTheOrderWaitAsAWhole() {
    hub.has("MUG-BLU", NEAR, 5).has("TEE-RED", NEAR, 1);

    var done = hub.apply(order1001().with("MUG-BLU", 2).with("TEE-RED", 3).build());

    assertThat(done.messageState()).isEqualTo("APPLIED");
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.line("1001", "1001-1").backordered()).isEqualTo(2);
    assertThat(hub.line("1001", "1001-2").backordered()).isEqualTo(3);
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
    assertThat(hub.owed("1001")).isEmpty();
  }

  @Test
  void aBackorderIsServedWhenItIsTriedAgainAndStockIsThere() {
    hub.has("MUG-BLU", NEAR, 0);
    hub.apply(order1001().with("MUG-BLU", 2).build());
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 2);

    hub.applyInside(new Reallocation(hub.order("1001").id()));
    hub.followUp(); // it takes its turn among those that wait

    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 0, 0, 2, 0, 0, 0));
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void whatWasCommittedUnheardIsNotHandedOnAndItsOutboxIsTold() {
    hub.has("MUG-BLU", NEAR, 5);
    var database = new LostAnswers(hub.connections, "INSERT INTO sales_order");
    hub.connections = database;
    hub.room = true;
    hub.restart();
    database.loseNext();

    var done = hub.apply(order1001().with("MUG-BLU", 1).build());

    assertThat(done.result())
        .as("its message was ended by the lost one")
        .isInstanceOf(ApplyResult.Fenced.class);
    assertThat(done.messageState()).isEqualTo("APPLIED");
    assertThat(hub.orders()).isEqualTo(1);
    assertThat(hub.handedOn).isEmpty();
    assertThat(hub.unheard)
        .containsExactly(hub.number("SELECT id FROM delivery WHERE state = 'SENDING'"));
  }

  @Test
  void aNodeIsToldWhatAParcelAcrossABorderHasToDeclare() {
    hub.items =
        new Items(
            List.of(
                new Item("MUG-BLU", null, null, null, "691200", "PT", List.of()),
                new Item("TEE-RED", null, null, null, null, null, List.of())),
            List.of());
    hub.has("MUG-BLU", NEAR, 5).has("TEE-RED", NEAR, 5);

    hub.apply(order1001().with("MUG-BLU", 1).with("TEE-RED", 1).build());

    var lines = hub.owed("1001", "fulfillment-request").content().path("lines");
    assertThat(lines.at("/0/hsCode").asText()).isEqualTo("691200");
    assertThat(lines.at("/0/originCountry").asText()).isEqualTo("PT");
    assertThat(lines.get(1).has("hsCode") || lines.get(1).has("originCountry")).isFalse();
  }

  @Test
  void anUnknownSkuHoldsTheOrderWithOwnerAndDueTime() {
    hub.has("MUG-BLU", NEAR, 5);

    var done = hub.apply(order1001().with("MUG-BLU", 1).with("NO-SUCH", 1).build());

    assertThat(done.messageState()).isEqualTo("APPLIED");
    var order = hub.order("1001");
    assertThat(order.state()).isEqualTo("ON_HOLD");
    assertThat(order.hold()).isEqualTo("UNMAPPED");
    assertThat(order.holdReason())
        .isEqualTo(
            "Order '#1001': Line 2 cannot be allocated: no node stocks SKU 'NO-SUCH'. Add stock or"
                + " correct the SKU, then replay.");
    assertThat(order.holdOwner()).isEqualTo("integration");
    assertThat(order.holdDueAt()).isAfter(hub.clock.instant());
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
    assertThat(
            hub.text(
                "SELECT f.kind FROM sales_order o JOIN failure f ON f.id = o.hold_failure_id WHERE"
                    + " o.hold IS NOT NULL"))
        .isEqualTo("UNMAPPED");
  }

  @Test
  void aLineWithoutSkuHoldsTheOrderNamingTheLine() {
    hub.has("MUG-BLU", NEAR, 5);
    var whole = order1001().with("MUG-BLU", 1).build();

    hub.apply(AnOrder.copy(whole, List.of(withSku(whole.lines().getFirst(), null))));

    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Line '1001-1' of order '#1001' has no SKU. Give it one in the channel or in the"
                + " mapping, then replay.");
  }

  private static OrderLine withSku(OrderLine l, String sku) {
    return new OrderLine(
        l.lineId(),
        l.lineNumber(),
        l.parentLineId(),
        l.kind(),
        sku,
        l.listing(),
        l.title(),
        l.options(),
        l.unit(),
        l.ordered(),
        l.cancelled(),
        l.shipped(),
        l.returned(),
        l.refunded(),
        l.requiresShipping(),
        l.unitPrice(),
        l.discounts(),
        l.taxes(),
        l.lineTotal(),
        l.preorder());
  }

  @Test
  void aHoldIsLiftedByReplayOnceItsCauseIsGone() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().with("NO-SUCH", 1).build());
    hub.has("NO-SUCH", NEAR, 1);

    var again = hub.applyInside(new Reallocation(hub.order("1001").id()));

    assertThat(again)
        .isInstanceOfSatisfying(ApplyResult.Applied.class, a -> assertThat(a.detail()).isNull());
    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aNewStateOfAHeldOrderIsANewChance() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().with("MUG-BLEU", 1).build());

    hub.apply(order1001().updatedAt(T0.plusSeconds(5)).with("MUG-BLU", 1).build());

    var order = hub.order("1001");
    assertThat(order.hold()).isNull();
    assertThat(order.holdDueAt()).isNull();
    assertThat(order.state()).isEqualTo("RELEASED");
  }

  @Test
  void aPickupIsServedWhereTheBuyerCollectsItAndNowhereElse() {
    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 5);

    hub.apply(order1001().pickedUpAt(FAR).with("MUG-BLU", 1).build());

    assertThat(hub.asked("1001")).extracting(AHub.Asked::node).containsExactly(FAR);
  }

  @Test
  void aPickupAtAPlaceThatIsNoNodeIsHeld() {
    hub.has("MUG-BLU", NEAR, 5);

    hub.apply(order1001().pickedUpAt("loc-77").with("MUG-BLU", 1).build());

    var order = hub.order("1001");
    assertThat(order.hold()).isEqualTo("UNALLOCATABLE");
    assertThat(order.holdReason())
        .isEqualTo(
            "Order '#1001' is to be collected at 'loc-77', which is no node. Add the place under"
                + " serai.nodes, then replay.");
    assertThat(hub.owed("1001")).isEmpty();
  }

  @Test
  void aTestOrderIsKeptAndNeverSent() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().test().with("MUG-BLU", 1).build());

    hub.apply(order1001().test().updatedAt(T0.plusSeconds(1)).with("MUG-BLU", 1).build());
    hub.applyInside(new Reallocation(hub.order("1001").id()));

    assertThat(hub.order("1001").hold()).isEqualTo("TEST");
    assertThat(hub.owed("1001")).isEmpty();
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void moneyThatDoesNotAddUpIsAFlagAndStopsNothing() {
    hub.has("MUG-BLU", NEAR, 5);

    hub.apply(order1001().with("MUG-BLU", 1, "10.00").totalling("12.34").build());

    assertThat(hub.order("1001").moneyMismatch()).isTrue();
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void anUnpaidOrderWaitsForItsMoney() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().paid(PaymentState.PENDING).with("MUG-BLU", 1).build());
    assertThat(hub.order("1001").state()).isEqualTo("PENDING_PAYMENT");
    assertThat(hub.owed("1001")).isEmpty();

    hub.apply(
        order1001()
            .updatedAt(T0.plusSeconds(9))
            .paid(PaymentState.PAID)
            .with("MUG-BLU", 1)
            .build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.owed("1001")).hasSize(1);
  }

  @Test
  void whatTheChannelShipsItselfIsNotOurs() {
    hub.has("MUG-BLU", NEAR, 5);

    hub.apply(order1001().fulfilledByChannel().with("MUG-BLU", 1).build());

    assertThat(hub.owed("1001")).isEmpty();
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void giftCardsAndTipsNeedNoWarehouse() {
    hub.apply(order1001().with(LineKind.GIFT_CARD, "25.00").with(LineKind.TIP, "2.00").build());

    assertThat(hub.order("1001").state()).isEqualTo("CLOSED");
    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.owed("1001")).isEmpty();
  }

  @Test
  void noNodeHasEverySoTwoShare() {
    hub.has("MUG-BLU", NEAR, 1).has("MUG-BLU", FAR, 5).has("TEE-RED", NEAR, 2);

    hub.apply(order1001().with("MUG-BLU", 3).with("TEE-RED", 1).build());

    assertThat(hub.asked("1001")).extracting(AHub.Asked::node).containsExactlyInAnyOrder(NEAR, FAR);
    assertThat(hub.owed("1001"))
        .extracting(AHub.Owed::destination)
        .containsExactlyInAnyOrder("northwind", "fabrikam");
    assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(3);
    assertThat(
            hub.text(
                "SELECT document::json->>'sentence' FROM decision WHERE order_id = ?",
                hub.order("1001").id()))
        .isEqualTo("No node has every line, so 2 nodes share the order.");
  }

  @Test
  void anOrderMayBeSharedByManyNodes() {
    hub.close();
    var nodes = new ArrayList<Candidate>();
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    for (var i = 0; i < 12; i++) {
      nodes.add(new Candidate("n-" + i, "3pl", "p-" + i, "US"));
      accounts.put("p-" + i, AHub.partner("p-" + i, RepeatMode.IDEMPOTENT));
    }
    hub = new AHub(DATABASE, new Topology(nodes, accounts), new ManualClock());
    IntStream.range(0, 12).forEach(i -> hub.has("MUG-BLU", "n-" + i, 1));

    var done = hub.apply(order1001().with("MUG-BLU", 12).build());
    hub.apply(order1001().cancelledAt(T0.plusSeconds(5)).with("MUG-BLU", 12).build());

    assertThat(done.result()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(hub.owed("1001")).hasSize(12).allMatch(d -> "WITHDRAWN".equals(d.state()));
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(12);
  }

  @Test
  void theSkuThatTwoLinesShareIsNotPromisedTwice() {
    hub.has("MUG-BLU", NEAR, 3);

    hub.apply(order1001().with("MUG-BLU", 2).with("MUG-BLU", 2).build());

    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void ordersOfOneBatchShareTheLastUnitsWithoutOversell() {
    hub.has("MUG-BLU", NEAR, 30);
    var results = new ArrayList<CompletableFuture<ApplyResult>>();

    for (var i = 0; i < 100; i++) {
      var order = anOrder().numbered("" + (2000 + i)).placedAt(T0).with("MUG-BLU", 1).build();
      var done = new CompletableFuture<ApplyResult>();
      results.add(done);
      hub.engine().apply(order, Json.node(order), hub.message(order), done::complete);
    }

    assertThat(results)
        .allSatisfy(r -> assertThat(AHub.get(r)).isInstanceOf(ApplyResult.Applied.class));
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(30, 30, 0));
    assertThat(hub.number("SELECT count(*) FROM sales_order WHERE state = 'BACKORDERED'"))
        .isEqualTo(70);
  }

  @Test
  void oneDocumentThatCannotBeAppliedDoesNotHoldItsNeighbors() {
    hub.has("MUG-BLU", NEAR, 30);
    var results = new ArrayList<CompletableFuture<ApplyResult>>();

    for (var i = 0; i < 10; i++) {
      var name = i == 4 ? "broken \0 text" : "" + (2000 + i);
      var order = anOrder().numbered(name).placedAt(T0).with("MUG-BLU", 1).build();
      var done = new CompletableFuture<ApplyResult>();
      results.add(done);
      hub.engine()
          .apply(
              order,
              Json.node(order),
              hub.message(AHub.SHOP, "order", "" + (2000 + i)),
              done::complete);
    }

    assertThat(results.stream().map(AHub::get).filter(ApplyResult.Applied.class::isInstance))
        .hasSize(9);
    assertThat(AHub.get(results.get(4)))
        .isInstanceOfSatisfying(
            ApplyResult.Failed.class,
            f -> {
              assertThat(f.failure().kind()).isIn(FailureKind.POISON, FailureKind.INVALID);
              assertThat(f.failure().sentence()).contains("msg_").doesNotContain("\n");
            });
    assertThat(hub.orders()).isEqualTo(9);
  }

  @Test
  void aClaimThatWasLostChangesNothing() {
    hub.has("MUG-BLU", NEAR, 5);
    Order order = order1001().with("MUG-BLU", 1).build();
    var message = hub.message(order);
    hub.run("UPDATE inbox_message SET fence = fence + 1 WHERE id = ?", message.id());

    var late = hub.apply(order, message);

    assertThat(late.result()).isInstanceOf(ApplyResult.Fenced.class);
    assertThat(late.messageState()).isEqualTo("RUNNING");
    assertThat(hub.orders()).isZero();
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void oneLostClaimDoesNotCostTheBatchItsWork() {
    hub.has("MUG-BLU", NEAR, 50);
    var results = new ArrayList<CompletableFuture<ApplyResult>>();

    for (var i = 0; i < 10; i++) {
      var order = anOrder().numbered("" + (2000 + i)).placedAt(T0).with("MUG-BLU", 1).build();
      var message = hub.message(order);
      if (i == 7) {
        hub.run("UPDATE inbox_message SET fence = 9 WHERE id = ?", message.id());
      }
      var done = new CompletableFuture<ApplyResult>();
      results.add(done);
      hub.engine().apply(order, Json.node(order), message, done::complete);
    }

    assertThat(results.stream().map(AHub::get).filter(ApplyResult.Applied.class::isInstance))
        .hasSize(9);
    assertThat(AHub.get(results.get(7))).isInstanceOf(ApplyResult.Fenced.class);
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(9);
  }

  @Test
  void aNewerStateEndsTheParkedOnesBeforeIt() {
    hub.has("MUG-BLU", NEAR, 5);
    var parked = hub.message(AHub.SHOP, "order", "1001");
    hub.run(
        "UPDATE inbox_message SET state = 'PARKED', version = ? WHERE id = ?",
        T0.toString(),
        parked.id());

    var newer = order1001().updatedAt(T0.plusSeconds(5)).with("MUG-BLU", 1).build();
    var done = hub.apply(newer, versioned(newer));

    assertThat(hub.messageState(parked.id())).isEqualTo("SUPERSEDED");
    assertThat(hub.number("SELECT superseded_by FROM inbox_message WHERE id = ?", parked.id()))
        .isEqualTo(done.messageId());
  }

  private InboxMessage versioned(Order order) {
    var m = hub.message(order);
    var version = order.updatedAt().toString();
    hub.run("UPDATE inbox_message SET version = ? WHERE id = ?", version, m.id());
    return new InboxMessage(
        m.id(),
        m.account(),
        m.document(),
        m.messageKey(),
        version,
        null,
        m.receivedAt(),
        0,
        1,
        m.body());
  }

  @Test
  void aStateThatIsAlreadyKnownDoesNotEndAParkedNewerOne() {
    hub.has("MUG-BLU", NEAR, 5);
    var first = order1001().with("MUG-BLU", 1).build();
    hub.apply(first, versioned(first));
    var parked = hub.message(AHub.SHOP, "order", "1001");
    hub.run(
        "UPDATE inbox_message SET state = 'PARKED', version = ? WHERE id = ?",
        T0.plusSeconds(60).toString(),
        parked.id());

    hub.apply(first, versioned(first));

    assertThat(hub.messageState(parked.id())).isEqualTo("PARKED");
  }

  @Test
  void anOlderStateThatComesLateDoesNotEndAParkedNewerOne() {
    hub.has("MUG-BLU", NEAR, 5);
    var first = order1001().with("MUG-BLU", 1).build();
    hub.apply(first, versioned(first));
    var parked = hub.message(AHub.SHOP, "order", "1001");
    hub.run(
        "UPDATE inbox_message SET state = 'PARKED', version = ? WHERE id = ?",
        T0.plusSeconds(60).toString(),
        parked.id());

    var second = order1001().updatedAt(T0.plusSeconds(30)).with("MUG-BLU", 1).build();
    hub.apply(second, versioned(second));

    assertThat(hub.messageState(parked.id())).isEqualTo("PARKED");
  }

  @Test
  void personalDataThatIsMaskedLaterDoesNotBlankWhatIsKnown() {
    hub.has("MUG-BLU", NEAR, 5);
    hub.apply(order1001().with("MUG-BLU", 1).build());
    var masked = new Party(null, null, null, null, null, null, null, PiiState.MASKED);

    hub.apply(order1001().updatedAt(T0.plusSeconds(5)).to(masked).with("MUG-BLU", 1).build());

    assertThat(document("1001")).contains("Weserstraße 12");
  }
}
