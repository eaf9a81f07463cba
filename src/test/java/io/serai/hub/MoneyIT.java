package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Verdict;
import io.serai.order.AnOrder;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.Money;
import io.serai.order.PaymentState;
import io.serai.order.Refund;
import io.serai.support.ManualClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Money that is taken for what was sent, and the money of an order against its goods. */
class MoneyIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;
  private static final MoneyPolicy CAPTURING =
      new MoneyPolicy(true, true, false, Duration.ofDays(7), Duration.ofHours(24));
  private static final MoneyPolicy WATCHING =
      new MoneyPolicy(true, false, false, Duration.ofDays(7), Duration.ofHours(24));

  private AHub hub;

  private void open(MoneyPolicy policy) {
    hub = RefundsIT.hub(policy, "refund", "capture", "cancellation");
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private static AnOrder order(PaymentState payment) {
    return anOrder()
        .numbered("1001")
        .placedAt(T0)
        .paid(payment)
        .with("MUG-BLU", 3, "3.33")
        .with("TEE-RED", 1, "10.01");
  }

  private String asked() {
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    return hub.asked("1001").getFirst().text();
  }

  private void ships(String request, String id, String sku, int units) {
    hub.apply(hub.shipmentOf(request, id, sku, units));
  }

  private List<AHub.Owed> captures() {
    return hub.owed("1001").stream().filter(d -> d.operation().equals("capture")).toList();
  }

  private ApplyResult answers(AHub.Owed capture, String remoteId, String refusal) {
    hub.confirm(capture);
    return hub.applyInside(
        new MoneyAnswer(
            hub.order("1001").id(), "capture", capture.businessKey(), remoteId, refusal, false));
  }

  private List<String> holds() {
    return hub.all(
        "SELECT kind || ': ' || reason FROM order_hold WHERE released_at IS NULL ORDER BY no",
        rows -> rows.getString(1));
  }

  private void later(Duration time) {
    hub.clock.advance(time);
    hub.followUp();
  }

  private Refund refund(String id, String amount, Refund.Line... lines) {
    return new Refund(
        AHub.ref("1001"),
        id,
        hub.clock.instant(),
        List.of(lines),
        amount == null ? null : Money.of(amount, "EUR"));
  }

  // --- captures

  @Test
  void eachShipmentOfAnAuthorizedOrderIsCapturedAndNothingThatIsCancelled() {
    open(CAPTURING);
    hub.apply(order(PaymentState.AUTHORIZED).build());
    var request = asked();
    ships(request, "S-1", "MUG-BLU", 1);
    answers(captures().getFirst(), "C-1", null);
    ships(request, "S-2", "MUG-BLU", 1);
    hub.apply(hub.cancellationOf("1001", "1001-1", 1));
    hub.apply(hub.answer(request, State.CANCELLED));
    // The tee is asked of the node again.
    var again = hub.asked("1001").getLast();
    hub.owed("1001").stream()
        .filter(d -> d.businessKey().equals(again.text()) && d.state().equals("READY"))
        .forEach(hub::confirm);
    ships(again.text(), "S-3", "TEE-RED", 1);

    assertThat(captures())
        .extracting(d -> d.content().at("/amount/amount").asText())
        .containsExactly("3.33", "3.33", "10.01");
    assertThat(captures())
        .extracting(d -> d.content().path("last").asBoolean())
        .containsExactly(false, false, true);
    assertThat(captures()).extracting(AHub.Owed::businessKey).doesNotHaveDuplicates();
    assertThat(captures()).extracting(AHub.Owed::businessKey).allMatch(k -> k.startsWith("shp_"));
    later(Duration.ofDays(2));
    assertThat(holds()).isEmpty();
  }

  @Test
  void aLookUpIsToldWhatWasTakenForOtherShipmentsAndNotWhatWasRefused() {
    open(CAPTURING);
    hub.apply(order(PaymentState.AUTHORIZED).build());
    var request = asked();
    ships(request, "S-1", "MUG-BLU", 1);
    answers(captures().getFirst(), "C-1", null);
    ships(request, "S-2", "MUG-BLU", 1);
    answers(captures().getLast(), null, "The gateway is down");
    ships(request, "S-3", "MUG-BLU", 1);

    var third = captures().getLast().content();
    assertThat(captures()).hasSize(3);
    assertThat(third.at("/before/amount").asText()).isEqualTo("3.33");
    assertThat(third.path("known").toString()).isEqualTo("[\"C-1\"]");
    assertThat(third.path("same").asInt()).isZero();
  }

  private static Purse.Taken taken(String key, String amount, boolean last, String state) {
    return new Purse.Taken(key, new BigDecimal(amount), last, null, state, true);
  }

  @Test
  void whatIsPaidIsAllOfItUnlessWeAskedForAllThatWasSent() {
    open(CAPTURING);
    var state = order(PaymentState.PAID).build();
    var all = Money.of("20.00", "EUR");
    var purse = new Purse();
    purse.taken.add(taken("shp_1", "6.66", false, "CAPTURED"));
    assertThat(Cashier.captured(state, PaymentState.PAID, purse)).isEqualTo(all);

    var last = taken("shp_2", "3.33", true, "REQUESTED");
    purse.taken.add(last);
    assertThat(Cashier.captured(state, PaymentState.PAID, purse))
        .isEqualTo(Money.of("9.99", "EUR"));
    last.become("CAPTURED", T0);
    assertThat(Cashier.captured(state, PaymentState.PAID, purse))
        .isEqualTo(Money.of("9.99", "EUR"));
    last.become("REFUSED", T0);
    assertThat(Cashier.captured(state, PaymentState.PAID, purse)).isEqualTo(all);
  }

  @Test
  void ofWhatIsRefundedInPartAsMuchWasTakenAsWeTookOrWentBack() {
    open(CAPTURING);
    var state = order(PaymentState.PARTIALLY_REFUNDED).build();
    var purse = new Purse();
    assertThat(Cashier.captured(state, PaymentState.PARTIALLY_REFUNDED, purse))
        .isEqualTo(Money.of("20.00", "EUR"));

    purse.taken.add(taken("shp_1", "6.66", false, "CAPTURED"));
    assertThat(Cashier.captured(state, PaymentState.PARTIALLY_REFUNDED, purse))
        .isEqualTo(Money.of("6.66", "EUR"));
    var given = new Purse.Given("R-1", T0, null, true);
    given.amount = new BigDecimal("7.00");
    purse.given.add(given);
    assertThat(Cashier.captured(state, PaymentState.PARTIALLY_REFUNDED, purse))
        .isEqualTo(Money.of("7.00", "EUR"));
  }

  @Test
  void anOrderWhoseRestIsPaidInTheChannelIsNoCase() {
    open(CAPTURING);
    hub.apply(order(PaymentState.AUTHORIZED).build());
    var request = asked();
    ships(request, "S-1", "MUG-BLU", 3);
    answers(captures().getFirst(), "C-1", null);
    hub.apply(order(PaymentState.PAID).updatedAt(T0.plusSeconds(120)).build());
    ships(request, "S-2", "TEE-RED", 1);

    later(Duration.ofDays(2));

    assertThat(captures()).hasSize(1);
    assertThat(holds()).isEmpty();
  }

  @Test
  void onlyAnOrderWhoseMoneyMovedIsMarkedSo() {
    open(CAPTURING);
    hub.apply(order(PaymentState.AUTHORIZED).build());
    var request = asked();
    assertThat(hub.text("SELECT money_moved::text FROM sales_order")).isEqualTo("false");

    ships(request, "S-1", "MUG-BLU", 1);

    assertThat(captures()).hasSize(1);
    assertThat(hub.text("SELECT money_moved::text FROM sales_order")).isEqualTo("true");
  }

  @Test
  void whatIsPaidMeanwhileIsNotTakenByAReplay() {
    open(CAPTURING);
    hub.apply(order(PaymentState.AUTHORIZED).build());
    ships(asked(), "S-1", "MUG-BLU", 2);
    var capture = captures().getFirst();
    answers(capture, null, "The authorization has expired");
    hub.put(capture, "REFUSED", false, 1);
    hub.run("UPDATE delivery SET failure_id = 1 WHERE id = ?", capture.id());
    hub.apply(order(PaymentState.PAID).updatedAt(T0.plusSeconds(120)).build());

    var verdict =
        new Replay(RefundsIT.DATABASE.dataSource(), hub.clock, order -> false)
            .one("dlv_" + capture.id(), "again", "ann", DeadLetters.AS_IT_IS);

    assertThat(verdict)
        .isEqualTo(
            new Verdict.Refused(
                "What delivery 'dlv_%d' asks for is paid: asking for it again could take it twice. Discard it."
                    .formatted(capture.id())));
  }

  @Test
  void aCaptureThatIsRefusedIsACaseAndWhatLeftStays() {
    open(CAPTURING);
    hub.apply(order(PaymentState.AUTHORIZED).build());
    ships(asked(), "S-1", "MUG-BLU", 2);

    answers(captures().getFirst(), null, "The authorization has expired");

    assertThat(holds())
        .containsExactly(
            "PAYMENT: 'shopify-main' does not take 6.66 EUR for what was sent of order '#1001': The authorization has expired. What left is on its way; get it paid in the channel, then release the order so that the rest may leave.");
    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(2);
    later(Duration.ofDays(2));
    assertThat(holds())
        .anyMatch(
            h ->
                h.startsWith(
                    "MONEY: Order '#1001': what was sent is worth 6.66 EUR, and only 0.00 EUR were taken from the buyer; 6.66 EUR are missing. Get them paid in 'shopify-main'."));

    hub.apply(order(PaymentState.PAID).updatedAt(hub.clock.instant()).build());
    assertThat(holds()).noneMatch(h -> h.startsWith("MONEY"));
  }

  @Test
  void nobodyIsAskedToCaptureWhatWasPaidAtOnceOrWhereTheChannelDoesIt() {
    open(CAPTURING);
    hub.apply(order(PaymentState.PAID).build());
    ships(asked(), "S-1", "MUG-BLU", 3);
    assertThat(captures()).isEmpty();
    hub.close();
    open(WATCHING);
    hub.apply(order(PaymentState.AUTHORIZED).build());
    ships(asked(), "S-1", "MUG-BLU", 3);
    assertThat(captures()).isEmpty();
  }

  // --- the balance

  @Test
  void whatIsCancelledAndNotRefundedIsACaseThatNamesItsMessageAndEndsWithTheRefund() {
    open(WATCHING);
    hub.apply(order(PaymentState.PAID).build());
    hub.clock.advance(Duration.ofMinutes(1));
    var cancelled = hub.apply(hub.cancellationOf("1001", "1001-2", 1));
    assertThat(holds()).isEmpty();

    later(Duration.ofHours(23));
    assertThat(holds()).isEmpty();
    later(Duration.ofHours(1));

    assertThat(holds())
        .containsExactly(
            "MONEY: Order '#1001': 20.00 EUR were taken and 0.00 EUR given back, and what the buyer has or still gets is worth 9.99 EUR; 10.01 EUR too much are kept. Give them back in 'shopify-main'. It comes from 'msg_%d'."
                .formatted(cancelled.messageId()));
    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.timeline("1001")).containsOnlyOnce("payment.differs");

    hub.apply(refund("R-1", "10.01"));

    assertThat(holds()).isEmpty();
    assertThat(hub.number("SELECT count(*) FROM money_watch")).isZero();
    assertThat(hub.timeline("1001")).contains("payment.balanced");
  }

  @Test
  void moreGivenBackThanWasPaidIsACase() {
    open(WATCHING);
    hub.apply(order(PaymentState.PAID).build());
    hub.apply(refund("R-1", "15.00"));
    hub.apply(refund("R-2", "15.00"));

    later(Duration.ofHours(24));

    assertThat(holds())
        .hasSize(1)
        .allMatch(
            h ->
                h.startsWith(
                    "MONEY: Order '#1001': 20.00 EUR were taken and 30.00 EUR given back, 10.00 EUR more than were paid. Look it up in 'shopify-main'."));
  }

  @Test
  void aFavorIsNoCaseAndNeitherIsARequestThatIsOnItsWay() {
    open(WATCHING);
    hub.apply(order(PaymentState.PAID).build());
    hub.apply(refund("R-1", "5.00"));
    hub.apply(hub.cancellationOf("1001", "1001-2", 1));
    hub.applyInside(
        new RefundOrder(
            hub.order("1001").id(),
            null,
            java.util.Map.of(),
            new java.math.BigDecimal("5.01"),
            null,
            null));

    later(Duration.ofDays(2));

    assertThat(holds()).isEmpty();
  }

  @Test
  void aBreachThatIsOverWithinItsGraceIsNeverSeen() {
    open(WATCHING);
    hub.apply(order(PaymentState.PAID).build());
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.cancellationOf("1001", "1001-2", 1));
    hub.apply(refund("R-1", "10.01", new Refund.Line("1001-2", 1, Refund.Restock.NONE)));

    later(Duration.ofDays(2));

    assertThat(holds()).isEmpty();
    assertThat(hub.level("TEE-RED", NEAR).allocated()).isZero();
  }
}
