package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.hub.AHub.SHOP;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Verdict;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.order.AnOrder;
import io.serai.order.Money;
import io.serai.order.Order;
import io.serai.order.Payment;
import io.serai.order.PaymentState;
import io.serai.order.Refund;
import io.serai.order.Refund.Restock;
import io.serai.outbox.Delivery;
import io.serai.outbox.Outcome;
import io.serai.outbox.RepeatMode;
import io.serai.support.ManualClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Money that goes back: told by the channel, asked for by us, due for what came back. */
class RefundsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  /** A hub whose shop deals with money so. */
  static AHub hub(MoneyPolicy policy, String... operations) {
    var repeats = new HashMap<String, RepeatMode>();
    repeats.put("shipment", RepeatMode.QUERYABLE);
    for (var operation : operations) {
      repeats.put(
          operation, "refund".equals(operation) ? RepeatMode.IDEMPOTENT : RepeatMode.QUERYABLE);
    }
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(
        SHOP,
        new Topology.Account(SHOP, true, true, false, repeats, Duration.ofHours(48))
            .minding(policy));
    DATABASE.truncate();
    var hub =
        new AHub(
            DATABASE,
            new Topology(AHub.TWO_NODES.nodes(), Map.copyOf(accounts)),
            new ManualClock());
    hub.has("MUG-BLU", NEAR, 9).has("TEE-RED", NEAR, 9);
    hub.clock.advance(Duration.ofMinutes(1));
    return hub;
  }

  private static MoneyPolicy asking() {
    return new MoneyPolicy(false, false, true, Duration.ofDays(7), Duration.ofHours(24));
  }

  private void open(MoneyPolicy policy, String... operations) {
    hub = hub(policy, operations);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private static AnOrder order1001() {
    return anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 2).with("TEE-RED", 1);
  }

  private static Refund refund(String id, Instant at, String amount, Refund.Line... lines) {
    return new Refund(
        AHub.ref("1001"), id, at, List.of(lines), amount == null ? null : Money.of(amount, "EUR"));
  }

  private static Refund.Line units(String lineId, int units, Restock restock) {
    return new Refund.Line(lineId, units, restock);
  }

  /** A state of the order that lists what was given back so far. */
  static Order listing(Order order, Payment.Refunded... refunds) {
    return with(
        order,
        new Payment(
            order.payment().state(),
            order.payment().method(),
            order.payment().outstanding(),
            order.payment().captured(),
            List.of(refunds)));
  }

  private static Order with(Order o, Payment payment) {
    var copy = (com.fasterxml.jackson.databind.node.ObjectNode) io.serai.support.Json.node(o);
    copy.set("payment", io.serai.support.Json.node(payment));
    return io.serai.support.Json.as(copy, Order.class);
  }

  private void shipped() {
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    var asked = hub.asked("1001").getFirst().text();
    hub.apply(hub.shipmentOf(asked, "S-1", "MUG-BLU", 2));
    hub.apply(hub.shipmentOf(asked, "S-2", "TEE-RED", 1));
  }

  private ApplyResult comesBack(String returnId, Map<String, Integer> units) {
    return hub.applyInside(new CameBack(hub.order("1001").id(), returnId, units));
  }

  /** What the rules of returns do with money. */
  private record CameBack(java.util.UUID orderId, String returnId, Map<String, Integer> units)
      implements OrderCommand {
    @Override
    public ApplyResult apply(Book book, Fulfilling fulfilling, Application cause) {
      var order = book.ordersById.get(orderId);
      order.lines.stream()
          .filter(l -> units.containsKey(l.lineId))
          .forEach(
              l -> {
                l.returned += units.get(l.lineId);
                l.changed = true;
              });
      new Refunding(book).dueFor(order, returnId, units, cause);
      return new ApplyResult.Applied(orderId, null);
    }
  }

  private RefundOrder.Asked asks(Map<String, Integer> units, String amount) {
    var result = ask(units, amount);
    assertThat(result).isInstanceOf(ApplyResult.Applied.class);
    return (RefundOrder.Asked) ((ApplyResult.Applied) result).detail();
  }

  private ApplyResult ask(Map<String, Integer> units, String amount) {
    return hub.applyInside(
        new RefundOrder(
            hub.order("1001").id(),
            null,
            units,
            amount == null ? null : new BigDecimal(amount),
            "broken",
            null));
  }

  private static String refusal(ApplyResult result) {
    assertThat(result).isInstanceOf(ApplyResult.Failed.class);
    return ((ApplyResult.Failed) result).failure().sentence();
  }

  private ApplyResult answers(AHub.Owed request, String remoteId, String refusal) {
    hub.confirm(request);
    return hub.applyInside(
        new MoneyAnswer(
            hub.order("1001").id(), "refund", request.businessKey(), remoteId, refusal, false));
  }

  private String refunds() {
    return hub.text(
        "SELECT coalesce(string_agg(refund_id || '=' || coalesce(amount::text, '?'), ' ' ORDER BY refund_id), '') FROM refund");
  }

  private String requests() {
    return hub.text(
        "SELECT coalesce(string_agg(state || '=' || amount, ' ' ORDER BY created_at, id), '') FROM refund_request");
  }

  private List<String> holds() {
    return hub.all(
        "SELECT kind || ': ' || reason FROM order_hold WHERE released_at IS NULL ORDER BY no",
        rows -> rows.getString(1));
  }

  // --- what the channel tells

  @Test
  void aRefundOfTheSameSecondAsTheOrdersLastStateIsCounted() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().updatedAt(T0.plusSeconds(60)).build());

    hub.apply(refund("R-1", T0.plusSeconds(60), "10.00", units("1001-1", 1, Restock.CANCEL)));

    assertThat(hub.line("1001", "1001-1").refunded()).isEqualTo(1);
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(refunds()).isEqualTo("R-1=10.00");
  }

  @Test
  void aRefundOfTheSameSecondThatTheStateListsIsCountedOnce() {
    open(MoneyPolicy.USUAL);
    var told = refund("R-1", T0.plusSeconds(60), "10.00", units("1001-1", 1, Restock.CANCEL));
    hub.apply(
        listing(
            anOrder()
                .numbered("1001")
                .placedAt(T0)
                .updatedAt(T0.plusSeconds(60))
                .with("MUG-BLU", 2)
                .ofWhichCancelled(1)
                .build(),
            new Payment.Refunded(
                "R-1", told.refundedAt(), null, told.lines(), told.total(), List.of())));

    var again = hub.apply(told);

    assertThat(again.messageState()).isEqualTo("IGNORED");
    assertThat(((ApplyResult.NoEffect) again.result()).reason())
        .isEqualTo("Refund 'R-1' of order '#1001' is known already.");
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(refunds()).isEqualTo("R-1=10.00");
    assertThat(hub.timeline("1001")).containsOnlyOnce("order.refunded");
  }

  @Test
  void aStateOfTheSameSecondThatTellsOfMoreIsTakenOver() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().paid(PaymentState.PENDING).build());

    hub.apply(order1001().paid(PaymentState.PAID).build());
    var older = hub.apply(order1001().paid(PaymentState.PENDING).build());

    assertThat(hub.text("SELECT payment_state FROM sales_order")).isEqualTo("PAID");
    assertThat(older.messageState()).isEqualTo("IGNORED");
    assertThat(hub.owed("1001", "fulfillment-request").state()).isEqualTo("READY");
  }

  @Test
  void aRefundToldTwiceUnderTwoMessagesIsCountedOnce() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().build());
    var told = refund("R-1", T0.plusSeconds(60), "10.00", units("1001-1", 1, Restock.NONE));

    hub.apply(told);
    hub.apply(told);

    assertThat(hub.line("1001", "1001-1").refunded()).isEqualTo(1);
    assertThat(refunds()).isEqualTo("R-1=10.00");
  }

  @Test
  void aRefundToldInAnotherCurrencyCountsInTheOrdersWhenTheChannelTellsIt() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().build());
    var usd = Money.of("11.60", "USD");
    hub.apply(
        new Refund(
            AHub.ref("1001"),
            "R-1",
            T0.plusSeconds(60),
            null,
            List.of(),
            usd,
            List.of(Money.of("10.00", "EUR"))));

    hub.apply(new Refund(AHub.ref("1001"), "R-2", T0.plusSeconds(61), List.of(), usd));

    assertThat(refunds()).isEqualTo("R-1=10.00 R-2=?");
    assertThat(hub.text("SELECT told FROM refund WHERE refund_id = 'R-2'")).isEqualTo("11.60 USD");
    assertThat(
            hub.all(
                "SELECT sentence FROM order_event WHERE kind = 'order.refunded' ORDER BY id",
                rows -> rows.getString(1)))
        .containsExactly(
            "10.00 EUR were refunded.",
            "11.60 USD were refunded; the order is charged in EUR, so the sum is not counted.");
  }

  // --- what a person asks for

  @Test
  void aPersonsRefundIsAskedForOnceAndItsWebhookIsNotCountedTwice() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    shipped();

    var asked = asks(Map.of("1001-1", 1), null);

    var owed = hub.owed("1001", "refund");
    assertThat(asked.amount()).isEqualTo(Money.of("10.00", "EUR"));
    assertThat(owed.key()).isEqualTo("refund:" + asked.id() + ":1");
    assertThat(owed.content().at("/total/amount").asText()).isEqualTo("10.00");
    assertThat(owed.content().at("/lines/0/quantity").asInt()).isEqualTo(1);
    assertThat(requests()).isEqualTo("REQUESTED=10.00");

    answers(owed, "R-9", null);
    hub.apply(refund("R-9", T0.plusSeconds(90), "10.00", units("1001-1", 1, Restock.NONE)));

    assertThat(requests()).isEqualTo("CONFIRMED=10.00");
    assertThat(refunds()).isEqualTo("R-9=10.00");
    assertThat(hub.line("1001", "1001-1").refunded()).isEqualTo(1);
    assertThat(hub.timeline("1001"))
        .containsOnlyOnce("order.refunded")
        .containsOnlyOnce("refund.requested");
  }

  @Test
  void theWebhookOfOurRefundMayComeBeforeTheAnswer() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    shipped();
    var asked = asks(Map.of("1001-1", 1), null);

    hub.apply(
        new Refund(
            AHub.ref("1001"),
            "R-9",
            T0.plusSeconds(90),
            asked.id(),
            List.of(units("1001-1", 1, Restock.NONE)),
            Money.of("10.00", "EUR"),
            List.of()));
    assertThat(requests()).isEqualTo("CONFIRMED=10.00");
    answers(hub.owed("1001", "refund"), "R-9", null);

    assertThat(refunds()).isEqualTo("R-9=10.00");
    assertThat(hub.line("1001", "1001-1").refunded()).isEqualTo(1);
  }

  @Test
  void aWebhookWithoutOurNameBeforeTheAnswerIsRecognizedByIt() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    shipped();
    asks(Map.of(), "4.00");

    hub.apply(refund("R-9", T0.plusSeconds(90), "4.00"));
    assertThat(requests()).isEqualTo("REQUESTED=4.00");
    answers(hub.owed("1001", "refund"), "R-9", null);

    assertThat(requests()).isEqualTo("CONFIRMED=4.00");
    assertThat(refunds()).isEqualTo("R-9=4.00");
  }

  @Test
  void moreThanWasPaidIsRefusedByName() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    hub.apply(refund("R-1", T0.plusSeconds(60), "12.00"));
    asks(Map.of(), "8.00");

    assertThat(refusal(ask(Map.of(), "10.01")))
        .isEqualTo(
            "10.01 EUR of order '#1001' cannot be given back: 30.00 EUR were paid and 20.00 EUR are given back or asked for already. Ask for 10.00 EUR at most.");
    assertThat(refusal(ask(Map.of("1001-2", 2), null)))
        .isEqualTo(
            "Of line '1001-2' of order '#1001' 1 unit(s) are not refunded or asked for; ask for no more than that.");
    assertThat(refusal(ask(Map.of("1001-7", 1), null)))
        .isEqualTo("Order '#1001' has no line '1001-7'; name one of its lines.");
    assertThat(refusal(ask(Map.of(), "1.005"))).isEqualTo("1.005 cannot be paid in EUR; round it.");
    assertThat(refusal(ask(Map.of(), "0")))
        .isEqualTo(
            "There is nothing to give back: what is asked for of order '#1001' costs nothing. Name an amount.");
    assertThat(requests()).isEqualTo("REQUESTED=8.00");
    asks(Map.of(), "10.00");
  }

  @Test
  void ofAnOrderThatIsOnlyAuthorizedNothingIsGivenBack() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().paid(PaymentState.AUTHORIZED).build());

    assertThat(refusal(ask(Map.of(), "1.00")))
        .endsWith(
            "0.00 EUR were paid and 0.00 EUR are given back or asked for already. Ask for 0.00 EUR at most.");
  }

  @Test
  void aRefusedRefundIsACaseAndARefundInTheChannelEndsIt() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    shipped();
    var asked = asks(Map.of(), "5.00");

    answers(hub.owed("1001", "refund"), null, "Refund amount is too high");

    assertThat(requests()).isEqualTo("REFUSED=5.00");
    assertThat(holds())
        .containsExactly(
            "REFUND_DUE: 'shopify-main' does not give back 5.00 EUR of order '#1001' (refund '%s'): Refund amount is too high. Give it back in the channel, or settle it with the buyer and release this."
                .formatted(asked.id()));
    assertThat(hub.order("1001").hold()).isNull();

    hub.apply(refund("R-1", T0.plusSeconds(90), "5.00"));

    assertThat(requests()).isEqualTo("CONFIRMED=5.00");
    assertThat(holds()).isEmpty();
  }

  @Test
  void whereTheConnectorCannotPeopleAreToldToGiveItBack() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().build());

    var asked = asks(Map.of(), "5.00");

    assertThat(asked.state()).isEqualTo("DUE");
    assertThat(hub.owed("1001")).extracting(AHub.Owed::operation).doesNotContain("refund");
    assertThat(holds())
        .containsExactly(
            "REFUND_DUE: 5.00 EUR of order '#1001' are due to the buyer and have not gone back. Give them back in 'shopify-main'.");
    hub.apply(refund("R-1", T0.plusSeconds(90), "5.00"));
    assertThat(holds()).isEmpty();
  }

  @Test
  void aPersonsWordOnTheDeliveryIsTheAnswer() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    asks(Map.of(), "5.00");

    hub.applyInside(
        new MoneyAnswer(
            hub.order("1001").id(),
            "refund",
            hub.owed("1001", "refund").businessKey(),
            null,
            "not owed",
            true));

    assertThat(requests()).isEqualTo("DROPPED=5.00");
    assertThat(hub.timeline("1001")).contains("refund.dropped");
    assertThat(asks(Map.of(), "30.00").state()).isEqualTo("REQUESTED");
  }

  // --- what stopped

  private void stops(AHub.Owed request, String state) {
    hub.put(request, state, false, 1);
    hub.run("UPDATE delivery SET failure_id = 1 WHERE id = ?", request.id());
  }

  private AHub.Owed refused(String amount) {
    asks(Map.of(), amount);
    var owed = hub.owed("1001", "refund");
    hub.applyInside(
        new MoneyAnswer(
            hub.order("1001").id(), "refund", owed.businessKey(), null, "too late", false));
    stops(owed, "REFUSED");
    return owed;
  }

  private Verdict replay(AHub.Owed owed) {
    return new Replay(DATABASE.dataSource(), hub.clock, order -> false)
        .one("dlv_" + owed.id(), "again", "ann", DeadLetters.AS_IT_IS);
  }

  @Test
  void whatPeopleGaveBackAfterARefusalIsNotAskedForAgainByAReplay() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    var owed = refused("5.00");

    hub.apply(refund("R-1", T0.plusSeconds(90), "5.00"));

    assertThat(requests()).isEqualTo("CONFIRMED=5.00");
    assertThat(hub.owed("1001", "refund").state()).isEqualTo("WITHDRAWN");
    assertThat(replay(owed)).isInstanceOf(Verdict.Changed.class);
    // It was on its way when the money went back, and stopped only then.
    stops(owed, "PARKED");
    assertThat(replay(owed))
        .isEqualTo(
            new Verdict.Refused(
                "Refund '%s' is CONFIRMED: asking for it again could pay it twice. Discard delivery 'dlv_%d'."
                    .formatted(owed.businessKey(), owed.id())));
    assertThat(hub.owed("1001", "refund").state()).isEqualTo("PARKED");
  }

  @Test
  void aRequestWhoseDeliveryStoppedIsSettledByWhatPeopleGiveBack() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    asks(Map.of(), "5.00");
    stops(hub.owed("1001", "refund"), "PARKED");

    hub.apply(refund("R-1", T0.plusSeconds(90), "5.00"));

    assertThat(requests()).isEqualTo("CONFIRMED=5.00");
    assertThat(hub.owed("1001", "refund").state()).isEqualTo("WITHDRAWN");
  }

  @Test
  void aRefusedRefundThatIsReplayedIsOnItsWayAgain() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    var owed = refused("5.00");

    assertThat(replay(owed)).isInstanceOf(Verdict.Done.class);

    assertThat(requests()).isEqualTo("REQUESTED=5.00");
    assertThat(holds()).isEmpty();
    assertThat(hub.owed("1001", "refund").state()).isEqualTo("READY");
  }

  @Test
  void whatWasRefusedAndIsAskedForAnewIsOneRefund() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    var owed = refused("5.00");

    asks(Map.of(), "5.00");

    assertThat(requests()).isEqualTo("DROPPED=5.00 REQUESTED=5.00");
    assertThat(holds()).isEmpty();
    assertThat(replay(owed)).isInstanceOf(Verdict.Changed.class);
  }

  private Delivery again(AHub.Owed owed) {
    return new Delivery(
        owed.id(),
        owed.destination(),
        owed.document(),
        owed.operation(),
        owed.lane(),
        hub.order("1001").id(),
        owed.businessKey(),
        owed.revision(),
        owed.key(),
        RepeatMode.IDEMPOTENT,
        owed.content(),
        true,
        1,
        hub.clock.instant().plusSeconds(60),
        hub.clock.instant(),
        1,
        hub.clock.instant().plusSeconds(60));
  }

  @Test
  void anAnswerThatWasLostIsNoRefusalUntilTheChannelItselfSaysSo() throws Exception {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    asks(Map.of(), "5.00");
    var owed = again(hub.owed("1001", "refund"));
    var rules = new OutcomeRules(() -> hub.engine(), hub.clock, null);
    var place = Place.of(SHOP);

    settle(rules, owed, Failure.of(FailureKind.REFUSED, "No payments are left.", place));
    assertThat(requests()).isEqualTo("REQUESTED=5.00");

    settle(
        rules, owed, new Failure(FailureKind.REFUSED, "It says no.", place, "no money", 200, null));
    assertThat(requests()).isEqualTo("REFUSED=5.00");
  }

  private static void settle(OutcomeRules rules, Delivery delivery, Failure failure)
      throws Exception {
    var done = new CompletableFuture<Boolean>();
    rules.settle(
        delivery,
        new Outcome.Failed(failure),
        () -> done.complete(true),
        () -> done.complete(false));
    assertThat(done.get(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatIsKnownUnderAPersonsReferenceIsNotCountedASecondTime() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    asks(Map.of("1001-1", 1), null);
    asks(Map.of("1001-2", 1), null);
    var owed =
        hub.owed("1001").stream().filter(d -> d.operation().equals("refund")).findFirst().get();
    answers(owed, "as ann saw it", null);
    var told =
        new Refund(
            AHub.ref("1001"),
            "R-9",
            T0.plusSeconds(90),
            owed.businessKey(),
            List.of(units("1001-1", 1, Restock.NONE)),
            Money.of("10.00", "EUR"),
            List.of());

    hub.apply(told);
    hub.apply(told);

    assertThat(refunds()).isEqualTo("R-9=10.00");
    assertThat(hub.line("1001", "1001-1").refunded()).isEqualTo(1);
    assertThat(requests()).isEqualTo("CONFIRMED=10.00 REQUESTED=10.00");
    assertThat(hub.text("SELECT refund_id FROM refund_request WHERE state = 'CONFIRMED'"))
        .isEqualTo("R-9");
  }

  @Test
  void aRequestThatNobodyAnswersIsACaseAfterItsTime() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    var asked = asks(Map.of(), "5.00");

    hub.clock.advance(Duration.ofDays(7));
    hub.followUp();

    assertThat(holds())
        .containsExactly(
            "REFUND_DUE: 5.00 EUR of order '#1001' are asked for and have not gone back. Look at the delivery of refund '%s' to 'shopify-main'."
                .formatted(asked.id()));
  }

  // --- what settles what is due

  @Test
  void oneUnitThatIsGivenBackSettlesOneUnitThatIsDue() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().build());
    shipped();
    comesBack("ret-1", Map.of("1001-1", 1));
    comesBack("ret-2", Map.of("1001-1", 1));

    hub.apply(refund("R-1", T0.plusSeconds(90), "10.00", units("1001-1", 1, Restock.RETURN)));

    assertThat(requests()).isEqualTo("CONFIRMED=10.00 DUE=10.00");
  }

  @Test
  void theMoneyOfAnotherLineSettlesNothing() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().build());
    shipped();
    comesBack("ret-1", Map.of("1001-1", 1));

    hub.apply(refund("R-1", T0.plusSeconds(90), "10.00", units("1001-2", 1, Restock.NONE)));

    assertThat(requests()).isEqualTo("DUE=10.00");
  }

  @Test
  void aRefundSettlesOnlyWhenItsSumIsKnown() {
    open(MoneyPolicy.USUAL);
    hub.apply(order1001().build());
    shipped();
    comesBack("ret-1", Map.of("1001-1", 1));

    hub.apply(refund("R-1", T0.plusSeconds(90), null, units("1001-1", 1, Restock.RETURN)));
    assertThat(requests()).isEqualTo("DUE=10.00");
    hub.apply(refund("R-1", T0.plusSeconds(91), "10.00", units("1001-1", 1, Restock.RETURN)));

    assertThat(requests()).isEqualTo("CONFIRMED=10.00");
  }

  // --- what came back

  @Test
  void whatComesBackUnitByUnitCostsTogetherWhatAllOfItDoes() {
    open(asking(), "refund");
    hub.apply(order1001().totalling("20.00").build());

    comesBack("ret-1", Map.of("1001-1", 1));
    comesBack("ret-2", Map.of("1001-1", 1));
    comesBack("ret-3", Map.of("1001-2", 1));

    assertThat(requests()).isEqualTo("REQUESTED=6.67 REQUESTED=6.66 REQUESTED=6.67");
  }

  @Test
  void whatAPersonAskedForBeforeItCameBackIsNotDueAgain() {
    open(asking(), "refund");
    hub.apply(order1001().build());
    shipped();
    asks(Map.of("1001-1", 1), null);

    comesBack("ret-1", Map.of("1001-1", 1));

    assertThat(requests()).isEqualTo("REQUESTED=10.00 CONFIRMED=0");
  }

  @Test
  void whatCameBackIsAskedForOnceWithItsWorth() {
    open(asking(), "refund");
    hub.apply(order1001().build());
    shipped();

    comesBack("ret-1", Map.of("1001-1", 1));
    comesBack("ret-1", Map.of("1001-1", 1, "1001-2", 1));

    assertThat(requests()).isEqualTo("REQUESTED=10.00 REQUESTED=20.00");
    assertThat(hub.owed("1001").stream().filter(d -> d.operation().equals("refund")).toList())
        .hasSize(2);
  }

  @Test
  void whatWasRefundedBeforeItCameBackIsNotDueAgain() {
    open(asking(), "refund");
    hub.apply(order1001().build());
    shipped();
    hub.apply(refund("R-1", T0.plusSeconds(90), "10.00", units("1001-1", 1, Restock.RETURN)));

    comesBack("ret-1", Map.of("1001-1", 1));
    assertThat(requests()).isEqualTo("CONFIRMED=0");
    assertThat(hub.timeline("1001")).contains("refund.known");

    comesBack("ret-2", Map.of("1001-1", 1));
    assertThat(requests()).isEqualTo("CONFIRMED=0 REQUESTED=10.00");
  }

  @Test
  void whatCameBackWithItsMoneyIsNotDueAgainBecauseAnotherUnitWasCancelled() {
    open(asking(), "refund");
    hub.apply(
        anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 3).ofWhichCancelled(1).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 2));
    hub.apply(refund("R-1", T0.plusSeconds(90), "10.00", units("1001-1", 1, Restock.RETURN)));

    comesBack("ret-1", Map.of("1001-1", 1));

    assertThat(requests()).isEqualTo("CONFIRMED=0");
  }

  @Test
  void aRefundOfOursThatGaveNothingOrTooLittleSettlesNothingUntilItDoes() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    var owed = refused("5.00");

    hub.apply(ours(owed, null));
    hub.apply(ours(owed, "0.00"));
    hub.apply(ours(owed, "3.00"));
    assertThat(requests()).isEqualTo("REFUSED=5.00");
    assertThat(holds()).hasSize(1);

    hub.apply(ours(owed, "5.00"));
    assertThat(requests()).isEqualTo("CONFIRMED=5.00");
    assertThat(refunds()).isEqualTo("R-9=5.00");
    assertThat(holds()).isEmpty();
  }

  @Test
  void ofWhatWentBackInPartTheRestIsShown() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    asks(Map.of(), "5.00");
    var owed = hub.owed("1001", "refund");
    hub.apply(ours(owed, "3.00"));
    assertThat(requests()).isEqualTo("REQUESTED=5.00");

    answers(owed, "R-9", null);

    assertThat(requests()).isEqualTo("CONFIRMED=5.00");
    assertThat(refunds()).isEqualTo("R-9=3.00");
    assertThat(holds())
        .singleElement()
        .asString()
        .contains(
            "gave back 3.00 EUR of the 5.00 EUR it was asked for of order '#1001' (refund '"
                + owed.businessKey()
                + "'). Give the rest back in the channel, or settle it with the buyer and release this.");
  }

  @Test
  void whatTurnsOutToBeLessThanWasAnsweredIsShown() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    asks(Map.of(), "5.00");
    var owed = hub.owed("1001", "refund");
    answers(owed, "R-9", null);
    assertThat(holds()).isEmpty();

    hub.apply(ours(owed, "3.00"));

    assertThat(refunds()).isEqualTo("R-9=3.00");
    assertThat(holds()).hasSize(1);
  }

  @Test
  void aRefundToldWithoutItsSumHasTheSumThatWasAskedFor() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    asks(Map.of(), "5.00");
    var owed = hub.owed("1001", "refund");
    hub.apply(ours(owed, null));

    answers(owed, "R-9", null);

    assertThat(requests()).isEqualTo("CONFIRMED=5.00");
    assertThat(refunds()).isEqualTo("R-9=5.00");
    assertThat(holds()).isEmpty();
  }

  @Test
  void aUnitThatIsOnItsWayBackIsCountedOnceWhenGoodsCome() {
    open(asking(), "refund");
    hub.apply(order1001().build());
    shipped();
    asks(Map.of("1001-1", 1), null);
    var owed = hub.owed("1001", "refund");
    hub.apply(
        new Refund(
            AHub.ref("1001"),
            "R-9",
            T0.plusSeconds(90),
            owed.businessKey(),
            List.of(units("1001-1", 1, Restock.NONE)),
            null,
            List.of()));

    comesBack("ret-1", Map.of("1001-1", 2));

    assertThat(hub.text("SELECT count(*) FROM refund_request WHERE state = 'REQUESTED'"))
        .isEqualTo("2");
  }

  private static Refund ours(AHub.Owed owed, String amount) {
    return new Refund(
        AHub.ref("1001"),
        "R-9",
        T0.plusSeconds(90),
        owed.businessKey(),
        List.of(),
        amount == null ? null : Money.of(amount, "EUR"),
        List.of());
  }

  @Test
  void aReturnWithoutARefundIsACaseAfterItsTimeAndEndsWithIt() {
    open(MoneyPolicy.USUAL, "refund");
    hub.apply(order1001().build());
    shipped();
    comesBack("ret-1", Map.of("1001-2", 1));
    assertThat(requests()).isEqualTo("DUE=10.00");
    assertThat(hub.followUp()).isZero();
    assertThat(holds()).isEmpty();

    hub.clock.advance(Duration.ofDays(7));
    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.followUp()).isZero();

    assertThat(holds())
        .containsExactly(
            "REFUND_DUE: 10.00 EUR of order '#1001' are due to the buyer for return 'ret-1' and have not gone back. Give them back in 'shopify-main'.");

    hub.apply(refund("R-1", hub.clock.instant(), "9.00", units("1001-2", 1, Restock.RETURN)));

    assertThat(requests()).isEqualTo("CONFIRMED=10.00");
    assertThat(holds()).isEmpty();
  }
}
