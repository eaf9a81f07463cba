package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Policy;
import io.serai.allocation.Rule;
import io.serai.database.TestDatabase;
import io.serai.order.Order;
import io.serai.order.OrderType;
import io.serai.stock.Items;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Orders that wait for stock, and stock that comes. */
class BackordersIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 0).has("MUG-BLU", FAR, 0).has("TEE-RED", NEAR, 0);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private void order(String number, int placedAfter, String sku, int quantity) {
    hub.apply(
        anOrder()
            .numbered(number)
            .placedAt(T0.plusSeconds(placedAfter))
            .with(sku, quantity)
            .build());
    assertThat(hub.order(number).state()).isEqualTo("BACKORDERED");
  }

  private void comes(String sku, String node, int onHand) {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has(sku, node, onHand);
  }

  @Test
  void stockThatComesGoesToTheOldestOrderFirst() {
    order("1002", 2, "MUG-BLU", 2);
    order("1001", 1, "MUG-BLU", 2);
    order("1003", 3, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 5);

    assertThat(hub.followUp()).isEqualTo(2);

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1003").state()).isEqualTo("BACKORDERED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(5, 4, 0));
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(2, 0, 0, 2, 0, 0, 0));
    assertThat(hub.owed("1001", "fulfillment-request").content().at("/lines/0/title").asText())
        .isNotBlank();
    assertThat(hub.number("SELECT count(*) FROM restock")).isZero();
    assertThat(hub.followUp()).isZero();
  }

  @Test
  void anOrderThatWantsMoreThanCameLetsTheNextOneGo() {
    order("1001", 1, "MUG-BLU", 9);
    order("1002", 2, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 3);

    hub.followUp();

    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.timeline("1001")).containsOnlyOnce("order.backordered");
  }

  @Test
  void anOrderThatWaitsForAnotherArticleTooGoesOnWaiting() {
    hub.apply(
        anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 1).with("TEE-RED", 1).build());
    comes("MUG-BLU", NEAR, 3);

    assertThat(hub.followUp()).isZero();
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();

    comes("TEE-RED", NEAR, 1);
    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.number("SELECT count(*) FROM decision")).isEqualTo(2);
  }

  @Test
  void unitsThatACancellationGivesBackAreStockThatComes() {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 2);
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 2).build());
    order("1002", 2, "MUG-BLU", 1);

    hub.apply(hub.cancellationOf("1001"));
    hub.followUp();

    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(2, 1, 0));
  }

  @Test
  void manyMoreThanABatchAreServedInOneGoAndNothingIsOversold() {
    for (var i = 0; i < 130; i++) {
      order(String.valueOf(2_000 + i), i, "MUG-BLU", 1);
    }
    comes("MUG-BLU", NEAR, 100);
    comes("MUG-BLU", FAR, 20);

    assertThat(hub.followUp()).isEqualTo(120);

    assertThat(hub.order("2119").state()).isEqualTo("RELEASED");
    assertThat(hub.order("2120").state()).isEqualTo("BACKORDERED");
    assertThat(hub.number("SELECT sum(on_hand - allocated) FROM stock_level")).isZero();
  }

  @Test
  void stockThatNobodyWaitsForIsNotNoted() {
    comes("MUG-BLU", NEAR, 5);

    assertThat(hub.number("SELECT count(*) FROM restock")).isZero();
  }

  @Test
  void stockThatComesWhileItIsWorkedOffIsDueAgain() {
    order("1001", 1, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 1);
    hub.run("UPDATE restock SET due_at = due_at + interval '1 minute'"); // somebody's claim
    assertThat(hub.followUp()).isZero();

    comes("MUG-BLU", NEAR, 2);

    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void companiesAndVipsAreServedBeforeOlderOrders() {
    order("1001", 1, "MUG-BLU", 1);
    hub.apply(
        anOrder()
            .numbered("1002")
            .ofType(OrderType.B2B)
            .placedAt(T0.plusSeconds(2))
            .with("MUG-BLU", 1)
            .build());
    hub.apply(
        anOrder()
            .numbered("1003")
            .tagged("VIP")
            .placedAt(T0.plusSeconds(3))
            .with("MUG-BLU", 1)
            .build());
    comes("MUG-BLU", NEAR, 2);

    assertThat(hub.followUp()).isEqualTo(2);

    assertThat(hub.order("1003").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
  }

  @Test
  void anOrderThatWaitedTooLongIsNotPassedAnyMore() {
    order("1001", 1, "MUG-BLU", 9);
    order("1002", 2, "MUG-BLU", 2);
    hub.clock.advance(FollowUps.PATIENCE.plusHours(1));

    comes("MUG-BLU", NEAR, 3);
    hub.followUp();
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");

    comes("MUG-BLU", NEAR, 11);
    hub.followUp();
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
  }

  @Test
  void whatMayLeaveBeforeTheRestTakesWhatThereIs() {
    hub.apply(
        anOrder().numbered("1001").placedAt(T0).shippedComplete(false).with("MUG-BLU", 5).build());
    comes("MUG-BLU", NEAR, 3);

    hub.followUp();
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 0, 0, 3, 2, 0, 0));

    comes("MUG-BLU", FAR, 2);
    hub.followUp();
    assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(5, 0, 0, 5, 0, 0, 0));
  }

  @Test
  void whatHasToLeaveTogetherWaitsWhateverTheRulesSay() {
    hub.engine().decideBy(() -> policy(new Rule.Splitting(null, null, true)));
    comes("MUG-BLU", NEAR, 3);

    hub.apply(
        anOrder().numbered("1001").placedAt(T0).shippedComplete(true).with("MUG-BLU", 5).build());
    hub.apply(anOrder().numbered("1002").placedAt(T0).with("MUG-BLU", 5).build());

    assertThat(hub.line("1001", "1001-1").backordered()).isEqualTo(5);
    assertThat(hub.line("1002", "1002-1").allocated()).isEqualTo(3);
  }

  @Test
  void ordersOfHigherRankArePromisedFirstWithinABatch() {
    var batch =
        List.of(
            anOrder().numbered("1001").build(),
            anOrder().numbered("1002").ofType(OrderType.B2B).build(),
            anOrder().numbered("1003").tagged("vip").build(),
            anOrder().numbered("1004").build());

    assertThat(sequence(Policy.STANDARD, 0, batch)).containsExactly("1003", "1002", "1001", "1004");
  }

  @Test
  void aRulesWordCountsWithinABatchWhereNotAllIsThere() {
    var members =
        new Rule(
            "members",
            at -> at.order().tags().contains("member"),
            null,
            List.of(new Rule.Priority("high")),
            false);
    var rules = policy(List.of(members));
    var batch =
        List.of(
            anOrder().numbered("1001").with("MUG-BLU", 1).build(),
            anOrder().numbered("1002").tagged("member").with("MUG-BLU", 1).build(),
            anOrder().numbered("1003").ofType(OrderType.B2B).with("MUG-BLU", 1).build());

    assertThat(sequence(rules, 2, batch)).containsExactly("1003", "1002", "1001");
    assertThat(sequence(rules, 3, batch))
        .as("all are served, so only what the orders say of themselves counts")
        .containsExactly("1003", "1001", "1002");
  }

  private List<String> sequence(Policy policy, int onHand, List<Order> batch) {
    var book =
        new Book(
            hub.engine().topology(),
            Items.NONE,
            new Ids(hub.clock),
            hub.clock.instant(),
            policy,
            Map.of());
    var level = new WorkingStock.Level(false);
    level.onHand = onHand;
    book.stock.put(new WorkingStock.Key("MUG-BLU", NEAR), level);
    return Priorities.first(
            book,
            batch.stream()
                .map(o -> new Application(o, Json.node(o), null, null, "", null, r -> {}))
                .toList())
        .stream()
        .map(a -> ((Order) a.document()).channel().orderId())
        .toList();
  }

  @Test
  void whoIsNewStandsBehindThoseThatWaitUntilTheyWereServed() {
    order("1001", 1, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 3);

    order("1002", 2, "MUG-BLU", 2);
    assertThat(
            hub.text(
                "SELECT sentence FROM order_event WHERE kind = 'order.backordered' ORDER BY id DESC LIMIT 1"))
        .endsWith(
            "What came of 'MUG-BLU' goes first to the orders that wait for it; this one is looked at with them.");
    assertThat(hub.followUp()).isEqualTo(1);

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");
    hub.apply(anOrder().numbered("1003").placedAt(T0.plusSeconds(3)).with("MUG-BLU", 1).build());
    assertThat(hub.order("1003").state()).as("nobody is to be served first").isEqualTo("RELEASED");
  }

  @Test
  void whoIsNewAndRanksHigherIsServedFirstOfAllThatWait() {
    order("1001", 1, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 2);
    hub.apply(
        anOrder()
            .numbered("1002")
            .tagged("VIP")
            .placedAt(T0.plusSeconds(2))
            .with("MUG-BLU", 2)
            .build());

    assertThat(hub.followUp()).isEqualTo(1);

    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
  }

  @Test
  void whatCannotBeSentFromElsewhereDoesNotWaitForOthersTurn() {
    order("1001", 1, "MUG-BLU", 2);
    comes("MUG-BLU", NEAR, 2);

    hub.apply(anOrder().numbered("1002").placedAt(T0).with("PLATE", 1).build());

    assertThat(hub.order("1002").hold()).as("nobody knows it").isEqualTo("UNMAPPED");
    assertThat(hub.number("SELECT count(*) FROM restock")).isEqualTo(1);
  }

  @Test
  void nobodyNewPassesAnOrderThatWaitedTooLongUntilItIsGone() {
    order("1001", 1, "MUG-BLU", 9);
    hub.clock.advance(FollowUps.PATIENCE.plusHours(1));
    comes("MUG-BLU", NEAR, 3);
    hub.followUp();

    order("1002", 2, "MUG-BLU", 2);
    hub.followUp();
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");

    hub.apply(hub.cancellationOf("1001"));
    hub.clock.advance(Duration.ofMinutes(1));
    hub.followUp();
    assertThat(hub.order("1002").state()).isEqualTo("RELEASED");
    assertThat(hub.number("SELECT count(*) FROM restock")).isZero();
    assertThat(hub.number("SELECT count(*) FROM stock_level WHERE waited_for")).isZero();
  }

  @Test
  void aRuleMayHoldAnOrderForAPerson() {
    hub.engine().decideBy(() -> policy(new Rule.Hold("look at it", "sales", Duration.ofHours(2))));
    comes("MUG-BLU", NEAR, 3);
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 1).build());

    assertThat(hub.order("1001").hold()).isEqualTo("RULE");
    assertThat(hub.order("1001").holdReason()).isEqualTo("Rule 'the-rule': look at it.");
    assertThat(hub.order("1001").holdOwner()).isEqualTo("sales");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();

    hub.applyInside(new ReleaseOrder(hub.order("1001").id(), null, "seen"));
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aProposalWaitsForAPersonWhoAcceptsIt() {
    hub.engine().decideBy(() -> policy(new Rule.SuggestOnly()));
    comes("MUG-BLU", NEAR, 3);
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 1).build());

    assertThat(hub.order("1001").hold()).isEqualTo("SUGGESTION");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Proposed for order '#1001': 1 of 'MUG-BLU' from 'nj-1'. Release the order to accept"
                + " it, or move it to another node.");
    assertThat(hub.asked("1001")).isEmpty();

    hub.applyInside(new ReleaseOrder(hub.order("1001").id(), null, "yes"));

    assertThat(hub.asked("1001").getFirst().node()).isEqualTo(NEAR);
  }

  @Test
  void aProposalThatIsNotTheSameAnyMoreWaitsAgain() {
    hub.engine().decideBy(() -> policy(new Rule.SuggestOnly()));
    comes("MUG-BLU", NEAR, 3);
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 1).build());
    comes("MUG-BLU", NEAR, 0);
    comes("MUG-BLU", FAR, 3);

    hub.applyInside(new ReleaseOrder(hub.order("1001").id(), null, "yes"));

    assertThat(hub.order("1001").hold()).isEqualTo("SUGGESTION");
    assertThat(hub.order("1001").holdReason()).contains("1 of 'MUG-BLU' from 'ca-1'");
    assertThat(hub.asked("1001")).isEmpty();
  }

  @Test
  void aProposalIsOverriddenByMovingTheOrder() {
    hub.engine().decideBy(() -> policy(new Rule.SuggestOnly()));
    comes("MUG-BLU", NEAR, 3);
    comes("MUG-BLU", FAR, 3);
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 1).build());

    hub.applyInside(new Reassignment(hub.order("1001").id(), null, null, FAR, "closer"));

    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.asked("1001").getFirst().node()).isEqualTo(FAR);
  }

  @Test
  void aRuleMayRankAnOrderAndTagItsRequest() {
    hub.engine()
        .decideBy(
            () -> policy(new Rule.Priority("VIP"), new Rule.Tag(List.of("handle-with-care"))));
    order("1001", 1, "MUG-BLU", 1);
    assertThat(hub.number("SELECT priority FROM sales_order")).isEqualTo(30);
    comes("MUG-BLU", NEAR, 1);

    hub.followUp();

    assertThat(hub.owed("1001", "fulfillment-request").content().at("/tags/0").asText())
        .isEqualTo("handle-with-care");
  }

  private static Policy policy(Rule.Effect... effects) {
    return policy(List.of(new Rule("the-rule", at -> true, null, List.of(effects), false)));
  }

  private static Policy policy(List<Rule> rules) {
    return new Policy(
        "test",
        "1",
        null,
        rules,
        Policy.STANDARD.weights(),
        Policy.STANDARD.checks(),
        Policy.STANDARD.splitting(),
        Policy.STANDARD.distances());
  }
}
