package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.FAR_PARTNER;
import static io.serai.hub.AHub.NEAR;
import static io.serai.hub.AHub.NEAR_PARTNER;
import static io.serai.hub.AHub.SHOP;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.inbox.InboxMessage;
import io.serai.order.Address;
import io.serai.order.HoldKind;
import io.serai.order.Party;
import io.serai.order.PaymentState;
import io.serai.order.PiiState;
import io.serai.order.Risk;
import io.serai.outbox.RepeatMode;
import io.serai.support.Await;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What orders are held for before any node is asked, and how they go on. */
class HoldsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE).has("MUG-BLU", NEAR, 10);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private void withPolicy(HoldPolicy policy) {
    hub.close();
    hub = new AHub(DATABASE, topology(policy), new ManualClock());
  }

  private static Topology topology(HoldPolicy policy) {
    return new Topology(
        AHub.TWO_NODES.nodes(),
        Map.of(
            SHOP,
            new Topology.Account(
                    SHOP,
                    true,
                    true,
                    false,
                    Map.of("shipment", RepeatMode.QUERYABLE),
                    Duration.ofHours(48))
                .holding(policy),
            NEAR_PARTNER,
            AHub.partner(NEAR_PARTNER, RepeatMode.IDEMPOTENT),
            FAR_PARTNER,
            AHub.partner(FAR_PARTNER, RepeatMode.QUERYABLE)));
  }

  @Test
  void anOrderWhoseNodesPartnerIsNotConfiguredIsHeldAndGoesOnOnceItIs() {
    var configured = topology(HoldPolicy.USUAL);
    var accounts = new HashMap<>(configured.accounts());
    accounts.remove(NEAR_PARTNER);
    hub.close();
    hub =
        new AHub(
            DATABASE, new Topology(configured.nodes(), Map.copyOf(accounts)), new ManualClock());
    hub.apply(anOrder().numbered("1001").placedAt(T0).with("MUG-BLU", 2).build());

    assertThat(hub.order("1001").hold()).isEqualTo("CONFIG");
    assertThat(hub.text("SELECT hold_reason FROM sales_order"))
        .isEqualTo(
            "Order '#1001' is to be sent from node 'nj-1', and its partner '%s' is not configured. Configure the partner or correct the node, then replay."
                .formatted(NEAR_PARTNER));
    assertThat(hub.line("1001", "1001-1").allocated()).isZero();

    hub.close();
    hub = new AHub(DATABASE, configured, new ManualClock());
    hub.applyInside(new Reallocation(hub.order("1001").id()));

    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.owed("1001", "fulfillment-request").destination()).isEqualTo(NEAR_PARTNER);
  }

  private ApplyResult release(HoldKind kind, String reason) {
    return hub.applyInside(new ReleaseOrder(hub.order("1001").id(), kind, reason));
  }

  private List<String> holds() {
    return hub.all(
        """
        SELECT concat_ws(' ', kind, owner, CASE WHEN released_at IS NULL THEN 'open' ELSE 'released by ' || coalesce(released_by, 'hub') END)
        FROM order_hold ORDER BY order_id, no""",
        rows -> rows.getString(1));
  }

  @Test
  void anOrderTakenForAFraudWaitsAndGoesOnWhenAPersonReleasesIt() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH, "card of another country").build());

    var held = hub.order("1001");
    assertThat(held.state()).isEqualTo("ON_HOLD");
    assertThat(held.hold()).isEqualTo("RISK");
    assertThat(held.holdReason())
        .isEqualTo(
            "'shopify-main' takes order '#1001' for a fraud (risk high: card of another country)."
                + " Look at it, then release or cancel it.");
    assertThat(held.holdOwner()).isEqualTo("risk");
    assertThat(held.holdDueAt()).isEqualTo(T0.plus(Duration.ofHours(24)));
    assertThat(hub.owed("1001")).isEmpty();

    release(null, "called the buyer");

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.timeline("1001"))
        .containsSubsequence("order.received", "order.held", "order.released", "order.allocated");
    assertThat(holds()).containsExactly("RISK risk released by somebody");
  }

  @Test
  void whatAPersonReleasedIsNotHeldAgainForTheSame() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH, "proxy").with("NO-STOCK", 1).build());
    release(HoldKind.RISK, null);

    hub.apply(
        anOrder()
            .placedAt(T0)
            .updatedAt(T0.plusSeconds(60))
            .risky(Risk.Level.HIGH, "proxy")
            .with("MUG-BLU", 1)
            .build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aRiskBelowThePolicyIsLetGo() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.MEDIUM).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aRiskThatTheChannelTakesBackReleasesTheOrder() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).build());

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).risky(Risk.Level.LOW).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(holds()).containsExactly("RISK risk released by hub");
  }

  @Test
  void aStateThatDoesNotSpeakOfRiskLeavesTheHoldAsItIs() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).build());

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).build());

    assertThat(hub.order("1001").hold()).isEqualTo("RISK");
  }

  @Test
  void aChannelMayHoldFromMediumRiskOrNever() {
    withPolicy(new HoldPolicy(Risk.Level.MEDIUM, false, true, Duration.ZERO));
    hub.apply(anOrder().numbered("1001").placedAt(T0).risky(Risk.Level.MEDIUM).build());
    withPolicy(new HoldPolicy(null, false, true, Duration.ZERO));
    hub.apply(anOrder().numbered("1002").placedAt(T0).risky(Risk.Level.HIGH).build());

    assertThat(hub.order("1001").hold()).isEqualTo("RISK");
    assertThat(hub.order("1002").hold()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Jana Ørsted | Weserstraße 12 | Berlin | 1204  | DE | has a postal code that 'DE' does not have
          Jana Ørsted | Weserstraße 12 | Berlin |       | DE | has no postal code
          Jana Ørsted | Weserstraße 12 |        | 12045 | DE | has no city
          Jana Ørsted |                | Berlin | 12045 | DE | has no street
                      | Weserstraße 12 | Berlin | 12045 | DE | names nobody
          Jana Ørsted | Weserstraße 12 | Berlin | 12045 |    | has no country
          Jana Ørsted | Weserstraße 12 | Berlin | 12045 | QQ | is in 'QQ', which is no country
          """)
  void anAddressThatNobodyCouldDeliverToIsNeverSentToAWarehouse(
      String name, String street, String city, String code, String country, String fault) {
    hub.apply(anOrder().placedAt(T0).to(party(name, street, city, code, country)).build());

    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Nobody can deliver order '#1001': its address "
                + fault
                + ". Correct it in the channel, or release the order as it is.");
    assertThat(hub.owed("1001")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Chan Tai Man | 1 Queen's Road | Hong Kong |         | HK
          Ada Example  | 5 Orchard Road |           | 238800  | SG
          Ada Example  | 1 Main St      | Palo Alto | 94301-1 | MX
          Ada Example  | 1 Main St      | London    | SW1A1AA | GB
          Ada Example  | 1 Main St      | Prishtina | 10000   | XK
          """)
  void countriesDifferInWhatAnAddressNeeds(
      String name, String street, String city, String code, String country) {
    hub.apply(anOrder().placedAt(T0).to(party(name, street, city, code, country)).build());

    assertThat(hub.order("1001").hold()).isNull();
  }

  private static Party party(String name, String street, String city, String code, String country) {
    return new Party(
        name,
        null,
        null,
        null,
        null,
        null,
        new Address(
            street == null ? List.of() : List.of(street), city, null, null, code, country, null),
        PiiState.PRESENT);
  }

  @Test
  void anOrderThatIsNotPaidYetMayStillHideWhereItGoes() {
    hub.apply(anOrder().placedAt(T0).paid(PaymentState.PENDING).withoutAddress().build());
    assertThat(hub.order("1001").hold()).isNull();
    assertThat(hub.owed("1001")).isEmpty();

    hub.apply(
        anOrder()
            .placedAt(T0)
            .updatedAt(T0.plusSeconds(60))
            .paid(PaymentState.PAID)
            .withoutAddress()
            .build());

    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");
    assertThat(hub.owed("1001")).isEmpty();
  }

  @Test
  void anAddressThatIsCorrectedInTheChannelLetsTheOrderGo() {
    hub.apply(anOrder().placedAt(T0).to("DE", "1").build());
    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).to("DE", "12045").build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aMaskedAddressWaitsForTheRealOne() {
    hub.apply(
        anOrder()
            .placedAt(T0)
            .to(
                new Party(
                    "J***",
                    null,
                    null,
                    null,
                    null,
                    null,
                    new Address(List.of("***"), "Berlin", null, null, "12045", "DE", null),
                    PiiState.MASKED))
            .build());

    assertThat(hub.order("1001").holdReason()).contains("its address is masked by the channel");

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void authorizedMoneyWaitsToBeCapturedWhereTheChannelSaysSo() {
    withPolicy(new HoldPolicy(Risk.Level.HIGH, true, true, Duration.ZERO));
    hub.apply(anOrder().placedAt(T0).paid(PaymentState.AUTHORIZED).build());
    assertThat(hub.order("1001").hold()).isEqualTo("PAYMENT");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "The money of order '#1001' is not captured. Capture it in the channel; the order then"
                + " goes on by itself.");

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).paid(PaymentState.PAID).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aPaymentThatWasVoidedHoldsTheOrder() {
    hub.apply(anOrder().placedAt(T0).paid(PaymentState.VOIDED).build());

    assertThat(hub.order("1001").hold()).isEqualTo("PAYMENT");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo("The payment of order '#1001' is voided. Get it paid or cancel the order.");
  }

  @Test
  void anOrderIsSentWhenItsEditWindowIsOverAndNotBefore() {
    withPolicy(new HoldPolicy(Risk.Level.HIGH, false, true, Duration.ofMinutes(60)));
    hub.apply(anOrder().placedAt(T0).build());
    assertThat(hub.order("1001").hold()).isEqualTo("EDIT_WINDOW");
    assertThat(hub.order("1001").holdDueAt()).isEqualTo(T0.plus(Duration.ofMinutes(60)));

    hub.clock.advance(Duration.ofMinutes(59));
    assertThat(hub.followUp()).isZero();
    hub.apply(
        anOrder()
            .placedAt(T0)
            .updatedAt(T0.plus(Duration.ofMinutes(30)))
            .with("MUG-BLU", 3)
            .build());
    assertThat(hub.owed("1001")).isEmpty();

    hub.clock.advance(Duration.ofMinutes(1));
    assertThat(hub.followUp()).isEqualTo(1);

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.owed("1001", "fulfillment-request").content().at("/lines/0/quantity").asInt())
        .isEqualTo(3);
    assertThat(hub.followUp()).isZero();
  }

  @Test
  void anOrderIsSentWhenItsShipWindowOpensAndNotBefore() {
    var opens = T0.plus(Duration.ofDays(3));
    hub.apply(anOrder().placedAt(T0).notBefore(opens).build());
    assertThat(hub.order("1001").hold()).isEqualTo("SHIP_WINDOW");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Order '#1001' is not to leave before %s; it then goes on by itself.".formatted(opens));
    assertThat(hub.order("1001").holdDueAt()).isEqualTo(opens);

    hub.clock.advance(Duration.ofDays(2));
    assertThat(hub.followUp()).isZero();
    assertThat(hub.owed("1001")).isEmpty();

    hub.clock.advance(Duration.ofDays(1));
    assertThat(hub.followUp()).isEqualTo(1);
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aShipWindowThatIsMovedUpLetsTheOrderGo() {
    hub.apply(anOrder().placedAt(T0).notBefore(T0.plus(Duration.ofDays(3))).build());

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).notBefore(T0).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void anOrderOlderThanItsEditWindowDoesNotWait() {
    withPolicy(new HoldPolicy(Risk.Level.HIGH, false, true, Duration.ofMinutes(60)));

    hub.apply(anOrder().placedAt(T0.minus(Duration.ofHours(2))).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void severalHoldsAreOpenAtOnceAndTheLastReleaseLetsTheOrderGo() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).to("DE", "1").build());
    assertThat(hub.order("1001").hold()).isEqualTo("RISK");

    release(HoldKind.RISK, null);
    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");
    assertThat(hub.owed("1001")).isEmpty();

    release(HoldKind.ADDRESS, "the buyer collects at the depot");
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void aPersonHoldsAnOrderAndWhatHasNotLeftIsTakenBack() {
    hub.apply(anOrder().placedAt(T0).with("MUG-BLU", 2).build());
    var due = T0.plus(Duration.ofDays(2));

    hub.applyInside(
        new HoldOrder(
            hub.order("1001").id(), HoldKind.MANUAL, "The buyer asked to wait.", "sales", due));

    assertThat(hub.order("1001").state()).isEqualTo("ON_HOLD");
    assertThat(hub.order("1001").holdOwner()).isEqualTo("sales");
    assertThat(hub.order("1001").holdDueAt()).isEqualTo(due);
    assertThat(hub.owed("1001", "fulfillment-request").state()).isEqualTo("WITHDRAWN");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();

    release(HoldKind.MANUAL, "now");

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
  }

  @Test
  void whatAWarehouseAlreadyHasGoesOnAndTheTimelineSaysSo() {
    hub.apply(anOrder().placedAt(T0).build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));

    hub.applyInside(new HoldOrder(hub.order("1001").id(), HoldKind.MANUAL, "Wait.", null, null));

    assertThat(hub.order("1001").hold()).isEqualTo("MANUAL");
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("ACCEPTED");
    assertThat(
            hub.all(
                "SELECT sentence FROM order_event WHERE kind = 'order.held'",
                rows -> rows.getString(1)))
        .containsExactly("Wait. What 'northwind' was already asked for goes on.");
  }

  @Test
  void whatCannotBeHeldOrReleasedIsRefusedInASentence() {
    hub.apply(anOrder().placedAt(T0).build());
    var id = hub.order("1001").id();

    assertThat(sentence(new ReleaseOrder(id, null, null))).isEqualTo("Order '#1001' is not held.");
    assertThat(sentence(new ReleaseOrder(id, HoldKind.RISK, null)))
        .isEqualTo("Order '#1001' is not held for RISK.");
    hub.apply(hub.cancellationOf("1001"));
    assertThat(sentence(new HoldOrder(id, HoldKind.MANUAL, "x", null, null)))
        .isEqualTo("Order '#1001' is cancelled, so nothing of it can be held.");
    hub.apply(anOrder().numbered("1002").placedAt(T0).test().build());
    assertThat(sentence(new ReleaseOrder(hub.order("1002").id(), null, null)))
        .isEqualTo("Order '#1002' is a test order and is never sent.");
  }

  private String sentence(Object command) {
    return ((ApplyResult.Failed) hub.applyInside(command)).failure().sentence();
  }

  @Test
  void aReplayTriesTheAllocationAgainAndLiftsNothingElse() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).with("MUG-BLU", 1).build());

    hub.applyInside(new Reallocation(hub.order("1001").id()));

    assertThat(hub.order("1001").hold()).isEqualTo("RISK");
    assertThat(hub.owed("1001")).isEmpty();
  }

  @Test
  void cancellingAHeldOrderEndsAllItsHolds() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).to("DE", "1").build());

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(holds()).noneMatch(h -> h.endsWith("open"));
  }

  @Test
  void theSecondWarehouseIsNotAskedEither() {
    hub.has("MUG-BLU", FAR, 10);
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).with("MUG-BLU", 12).build());

    assertThat(hub.number("SELECT count(*) FROM reservation")).isZero();
  }

  @Test
  void whatHasNotLeftIsTakenBackWhenAFraudIsFoundLater() {
    hub.apply(anOrder().placedAt(T0).build());
    hub.put(hub.owed("1001", "fulfillment-request"), "READY", false, 0);

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).risky(Risk.Level.HIGH).build());

    assertThat(hub.order("1001").hold()).isEqualTo("RISK");
    assertThat(hub.owed("1001", "fulfillment-request").state()).isEqualTo("WITHDRAWN");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void aBuyerWhoCancelsWhileTheOrderIsReleasedGetsNothing() throws Exception {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).build());
    var id = hub.order("1001").id();

    // All of them wait for the same row, so the last two share a transaction.
    var done = new ArrayList<CompletableFuture<ApplyResult>>();
    try (var connection = DATABASE.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      try (var lock =
          connection.prepareStatement("SELECT 1 FROM sales_order WHERE id = ? FOR UPDATE")) {
        lock.setObject(1, id);
        lock.execute();
      }
      done.add(submit(new Continuation(id), null));
      Await.until("the first one waits", Duration.ofSeconds(60), () -> waiting() == 1);
      done.add(submit(new ReleaseOrder(id, null, null), null));
      var cancellation = hub.cancellationOf("1001");
      done.add(submit(cancellation, hub.message(cancellation)));
      connection.commit();
    }
    done.forEach(AHub::get);

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.owed("1001")).extracting(AHub.Owed::state).containsExactly("WITHDRAWN");
  }

  private CompletableFuture<ApplyResult> submit(Object document, InboxMessage message) {
    var done = new CompletableFuture<ApplyResult>();
    if (message == null) {
      hub.engine().apply(document, null, "somebody", done::complete);
    } else {
      hub.engine().apply(document, Json.node(document), message, done::complete);
    }
    return done;
  }

  private long waiting() {
    return hub.number(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
  }

  @Test
  void whatAPersonHoldsStaysHeldWhenTheHubsOwnReasonIsGone() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).build());
    hub.applyInside(
        new HoldOrder(hub.order("1001").id(), HoldKind.RISK, "The bank calls back.", null, null));

    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).risky(Risk.Level.LOW).build());

    assertThat(hub.order("1001").holdReason()).isEqualTo("The bank calls back.");
    assertThat(hub.owed("1001")).isEmpty();
    assertThat(holds()).containsExactly("RISK risk released by hub", "RISK risk open");
  }

  @Test
  void aPickupAtAnUnknownPlaceIsScreenedAllTheSame() {
    hub.apply(anOrder().placedAt(T0).pickedUpAt("nowhere").risky(Risk.Level.HIGH).build());

    assertThat(holds())
        .containsExactlyInAnyOrder("RISK risk open", "UNALLOCATABLE operations open");
    hub.applyInside(new Reallocation(hub.order("1001").id()));
    assertThat(hub.order("1001").hold()).isEqualTo("RISK");
  }

  @Test
  void nothingIsReleasedUnpaid() {
    hub.apply(anOrder().placedAt(T0).paid(PaymentState.VOIDED).build());

    assertThat(sentence(new ReleaseOrder(hub.order("1001").id(), null, null)))
        .isEqualTo(
            "The payment of order '#1001' is voided, and nothing is sent unpaid. Get it paid in the"
                + " channel or cancel it.");
    assertThat(hub.order("1001").hold()).isEqualTo("PAYMENT");
  }

  @Test
  void aHeldOrderThatTurnsOutATestStaysATestAfterItsRelease() {
    hub.apply(anOrder().placedAt(T0).risky(Risk.Level.HIGH).build());
    hub.applyInside(new HoldOrder(hub.order("1001").id(), HoldKind.MANUAL, "Look.", null, null));
    hub.apply(anOrder().placedAt(T0).updatedAt(T0.plusSeconds(60)).test().build());

    release(HoldKind.MANUAL, null);
    assertThat(holds()).contains("TEST merchant open");
    assertThat(hub.owed("1001")).isEmpty();
  }
}
