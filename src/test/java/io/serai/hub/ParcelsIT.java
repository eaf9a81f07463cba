package io.serai.hub;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate;
import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.order.Address;
import io.serai.order.HoldKind;
import io.serai.order.Label;
import io.serai.order.Money;
import io.serai.order.ParcelRequest;
import io.serai.order.Party;
import io.serai.order.PiiState;
import io.serai.order.Rates;
import io.serai.order.Shipment;
import io.serai.order.Tracking;
import io.serai.order.TrackingState;
import io.serai.outbox.RepeatMode;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Parcels from packed to delivered, on a real database, without carriers: their answers go in. */
class ParcelsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String STORE = "store-1";
  private static final String CHEAP = "easypost-main";
  private static final String OTHER = "ups-main";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration NO_MOVEMENT = Duration.ofDays(5);

  private AHub hub;

  @BeforeEach
  void open() {
    open(false);
  }

  private void open(boolean atLabel) {
    DATABASE.truncate();
    hub = new AHub(DATABASE, world(atLabel), new ManualClock());
    hub.has("MUG-BLU", STORE, 9);
    hub.apply(anOrder().numbered("1001").placedAt(ManualClock.START).with("MUG-BLU", 3).build());
  }

  private void reopen(Set<String> without, boolean packs) {
    var whole = world(false);
    var accounts = new HashMap<>(whole.accounts());
    accounts.keySet().removeAll(without);
    hub.close();
    hub =
        new AHub(
            DATABASE,
            new Topology(whole.nodes(), accounts, Set.of(), packs ? whole.packing() : Map.of()),
            hub.clock);
  }

  private static Topology world(boolean atLabel) {
    var from =
        new Party(
            "Acme Store",
            null,
            null,
            null,
            null,
            null,
            new Address(List.of("1 Main Street"), "Hoboken", "NJ", null, "07030", "US", null),
            PiiState.PRESENT);
    return new Topology(
        List.of(
            new Candidate(STORE, "store", null, "US"),
            new Candidate(AHub.FAR, "3pl", AHub.FAR_PARTNER, "US")),
        Map.of(
            AHub.SHOP,
            new Topology.Account(
                AHub.SHOP,
                true,
                true,
                false,
                Map.of("shipment", RepeatMode.QUERYABLE, "cancellation", RepeatMode.QUERYABLE),
                Duration.ofHours(48)),
            AHub.FAR_PARTNER,
            AHub.partner(AHub.FAR_PARTNER, RepeatMode.IDEMPOTENT),
            CHEAP,
            carrier(CHEAP),
            OTHER,
            carrier(OTHER)),
        Set.of(),
        Map.of(
            STORE,
            new Packing(
                List.of(CHEAP, OTHER), from, "ZPL", false, atLabel, PATIENCE, NO_MOVEMENT)));
  }

  private static Topology.Account carrier(String name) {
    return new Topology.Account(
        name,
        false,
        false,
        false,
        Map.of(
            "rate-request", RepeatMode.IDEMPOTENT,
            "label-request", RepeatMode.QUERYABLE,
            "label-file", RepeatMode.IDEMPOTENT,
            "label-void", RepeatMode.QUERYABLE),
        Duration.ofHours(48));
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private ApplyResult pack(PackOrder.Content... lines) {
    return hub.applyInside(
        new PackOrder(
            hub.order("1001").id(),
            null,
            List.of(
                new PackOrder.Packed(
                    new ParcelRequest.Size(900, null, null, null), List.of(lines)))));
  }

  /** The only delivery of an operation to a carrier that is still open, or the newest. */
  private AHub.Owed asked(String operation, String account) {
    return hub.owed("1001").stream()
        .filter(d -> operation.equals(d.operation()) && account.equals(d.destination()))
        .reduce((older, newer) -> newer)
        .orElseThrow(() -> new AssertionError(account + " was not asked for " + operation));
  }

  private List<String> states(String operation) {
    return hub.owed("1001").stream()
        .filter(d -> operation.equals(d.operation()))
        .map(d -> d.destination() + " " + d.state())
        .toList();
  }

  /** As the outbox does it: what the answer means is applied, then the answer is recorded. */
  private ApplyResult says(String operation, String account, Object answer, String refusal) {
    var delivery = asked(operation, account);
    var result =
        hub.applyInside(
            new CarrierAnswer(
                hub.order("1001").id(),
                account,
                operation,
                delivery.businessKey(),
                answer,
                refusal));
    hub.run(
        "UPDATE delivery SET state = ?, outcome_unknown = false, finished_at = now() WHERE id = ? AND state <> 'WITHDRAWN'",
        refusal == null ? "CONFIRMED" : "SUPERSEDED",
        delivery.id());
    return result;
  }

  private void offers(String account, String cost, int days) {
    says(
        "rate-request",
        account,
        new Rates(
            "shp-" + account,
            List.of(
                new Rates.Quote(
                    "r-" + account,
                    account.equals(OTHER) ? "ups" : "usps",
                    "GROUND",
                    "Ground",
                    Money.of(cost, "USD"),
                    days,
                    null))),
        null);
  }

  private ApplyResult sells(String account, String number) {
    return says("label-request", account, label(account, number), null);
  }

  private static Label label(String account, String number) {
    return new Label(
        number,
        "https://track.example/" + number,
        account.equals(OTHER) ? "ups" : "usps",
        "GROUND",
        Money.of("5.10", "USD"),
        "shp-" + account,
        "ZPL",
        "XlhBXlha",
        null);
  }

  private void packedAndOffered() {
    assertThat(pack()).isInstanceOf(ApplyResult.Applied.class);
    offers(CHEAP, "5.10", 3);
    offers(OTHER, "7.40", 2);
  }

  private String state() {
    return hub.one("SELECT state FROM parcel ORDER BY id LIMIT 1", rows -> rows.getString(1));
  }

  private List<String> holds() {
    return hub.all(
        "SELECT kind FROM order_hold WHERE released_at IS NULL ORDER BY no",
        rows -> rows.getString(1));
  }

  private AHub.Result tells(String number, Tracking.Event... events) {
    return hub.apply(
        new Tracking(number, "usps", null, List.of(events)),
        hub.message(CHEAP, "tracking", number));
  }

  private Tracking.Event scan(TrackingState state, long minutes) {
    return new Tracking.Event(
        ManualClock.START.plus(Duration.ofMinutes(minutes)), state, null, null, null);
  }

  private void after(Duration time) {
    hub.clock.advance(time);
    hub.followUp();
  }

  @Test
  void theCheaperOfferIsBoughtAndWhyIsKept() {
    packedAndOffered();

    assertThat(asked("label-request", CHEAP).content().at("/quote/reference").asText())
        .isEqualTo("r-" + CHEAP);
    assertThat(states("label-request")).containsExactly(CHEAP + " READY");
    var choice =
        hub.one("SELECT document->'choice'->>'sentence' FROM parcel", rows -> rows.getString(1));
    assertThat(choice)
        .isEqualTo(
            "It goes by 'Ground' of 'easypost-main' for 5.10 USD in 3 day(s): the cheapest of 2 offer(s).");
  }

  @Test
  void aCarrierThatRefusesIsFollowedByTheNextBest() {
    packedAndOffered();

    says("label-request", CHEAP, null, "refuses: no such address");

    assertThat(states("label-request")).containsExactly(CHEAP + " SUPERSEDED", OTHER + " READY");
    sells(OTHER, "1Z0001");
    assertThat(state()).isEqualTo("LABELED");
    assertThat(hub.timeline("1001")).contains("parcel.not-labeled", "parcel.labeled");
  }

  @Test
  void oneThatCannotBeAskedIsFollowedWhenItsRequestIsTakenBack() {
    packedAndOffered();

    after(PATIENCE.plusSeconds(1));

    assertThat(states("label-request")).containsExactly(CHEAP + " WITHDRAWN", OTHER + " READY");
  }

  @Test
  void whileNobodyKnowsWhetherItSoldNobodyElseIsAsked() {
    packedAndOffered();
    hub.run(
        "UPDATE delivery SET outcome_unknown = true WHERE id = ?",
        asked("label-request", CHEAP).id());

    after(PATIENCE.plusSeconds(1));
    after(Duration.ofHours(3));

    assertThat(states("label-request")).containsExactly(CHEAP + " READY");
    assertThat(holds()).containsExactly("PARCEL");
    sells(CHEAP, "94001");
    assertThat(state()).isEqualTo("LABELED");
    assertThat(holds()).isEmpty();
  }

  @Test
  void theSameAnswerAgainAfterACrashChangesNothing() {
    packedAndOffered();
    sells(CHEAP, "94001");

    assertThat(sells(CHEAP, "94001")).isInstanceOf(ApplyResult.NoEffect.class);

    assertThat(hub.timeline("1001").stream().filter("parcel.labeled"::equals)).hasSize(1);
    assertThat(states("label-void")).isEmpty();
  }

  @Test
  void oneThatIsSilentIsNotWaitedForAndALateOfferChangesNothing() {
    pack();
    offers(OTHER, "7.40", 2);

    after(PATIENCE.plusSeconds(1));

    assertThat(states("label-request")).containsExactly(OTHER + " READY");
    assertThat(states("rate-request")).contains(CHEAP + " WITHDRAWN");
    var late =
        hub.applyInside(
            new CarrierAnswer(
                hub.order("1001").id(),
                CHEAP,
                "rate-request",
                asked("rate-request", CHEAP).businessKey(),
                new Rates("shp", List.of()),
                null));
    assertThat(late).isInstanceOf(ApplyResult.NoEffect.class);
  }

  @Test
  void withoutAnyOfferItWaitsIsListedAndIsOfferedAgain() {
    pack();
    says("rate-request", CHEAP, new Rates(null, List.of()), null);
    says("rate-request", OTHER, null, "refuses: too heavy");

    assertThat(state()).isEqualTo("WAITING");
    assertThat(holds()).containsExactly("PARCEL");

    after(Parceling.PAUSE.plusSeconds(1));

    assertThat(state()).isEqualTo("RATING");
    offers(CHEAP, "5.10", 3);
    offers(OTHER, "7.40", 2);
    sells(CHEAP, "94001");
    assertThat(state()).isEqualTo("LABELED");
    assertThat(holds()).isEmpty();
  }

  @Test
  void anOrderThatIsCancelledBeforeItLeftLosesItsLabel() {
    packedAndOffered();
    sells(CHEAP, "94001");

    hub.apply(hub.cancellationOf("1001"));

    assertThat(state()).isEqualTo("VOIDING");
    assertThat(asked("label-void", CHEAP).content().at("/label/reference").asText())
        .isEqualTo("shp-" + CHEAP);
    says("label-void", CHEAP, null, null);
    assertThat(state()).isEqualTo("VOIDED");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
  }

  @Test
  void aLabelThatTurnsUpAfterTheCancellationIsTakenBack() {
    packedAndOffered();
    hub.run(
        "UPDATE delivery SET outcome_unknown = true WHERE id = ?",
        asked("label-request", CHEAP).id());
    hub.apply(hub.cancellationOf("1001"));
    assertThat(state()).isEqualTo("BUYING");

    sells(CHEAP, "94001");

    assertThat(state()).isEqualTo("VOIDING");
    assertThat(states("label-void")).containsExactly(CHEAP + " READY");
  }

  @Test
  void aRequestForALabelThatHadNotLeftIsWithdrawnWithTheOrder() {
    packedAndOffered();

    hub.apply(hub.cancellationOf("1001"));

    assertThat(state()).isEqualTo("ABANDONED");
    assertThat(states("label-request")).containsExactly(CHEAP + " WITHDRAWN");
  }

  @Test
  void theChannelHearsNothingBeforeTheFirstScan() {
    packedAndOffered();
    sells(CHEAP, "94001");

    tells("94001", scan(TrackingState.PRE_TRANSIT, 1));
    assertThat(states("shipment")).isEmpty();
    assertThat(hub.line("1001", "1001-1").shipped()).isZero();

    tells("94001", scan(TrackingState.IN_TRANSIT, 5));
    assertThat(states("shipment")).containsExactly(AHub.SHOP + " READY");
    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(3);
    assertThat(hub.level("MUG-BLU", STORE)).isEqualTo(new AHub.Level(6, 0, 0));
  }

  @Test
  void whereTheLabelIsEnoughTheChannelHearsAtOnceAndOnce() {
    hub.close();
    open(true);
    packedAndOffered();
    sells(CHEAP, "94001");
    assertThat(states("shipment")).containsExactly(AHub.SHOP + " READY");

    tells("94001", scan(TrackingState.IN_TRANSIT, 5));

    assertThat(states("shipment")).hasSize(1);
  }

  @Test
  void inWhateverOrderScansAreToldTheyComeToTheSame() {
    var scans =
        new ArrayList<>(
            List.of(
                scan(TrackingState.PRE_TRANSIT, 1),
                scan(TrackingState.IN_TRANSIT, 5),
                scan(TrackingState.EXCEPTION, 20),
                scan(TrackingState.OUT_FOR_DELIVERY, 30),
                scan(TrackingState.DELIVERED, 40),
                scan(TrackingState.EXCEPTION, 45)));
    hub.clock.advance(Duration.ofHours(1));
    var random = new Random(7);
    for (var round = 0; round < 4; round++) {
      hub.close();
      open(false);
      hub.clock.advance(Duration.ofHours(1));
      packedAndOffered();
      sells(CHEAP, "94001");
      Collections.shuffle(scans, random);

      for (var scan : scans) {
        tells("94001", scan);
        tells("94001", scan); // and twice
      }

      assertThat(state()).as(scans.toString()).isEqualTo("DELIVERED");
      assertThat(hub.order("1001").state()).isEqualTo("DELIVERED");
      assertThat(states("shipment")).hasSize(1);
    }
  }

  @Test
  void aScanFromTheFutureIsKeptAndCountsForNothing() {
    packedAndOffered();
    sells(CHEAP, "94001");

    tells("94001", scan(TrackingState.DELIVERED, 60 * 24 * 365));

    assertThat(state()).isEqualTo("LABELED");
    assertThat(hub.timeline("1001")).contains("parcel.future-scan");
    assertThat(hub.<Boolean>one("SELECT future FROM parcel_scan", rows -> rows.getBoolean(1)))
        .isTrue();
  }

  @Test
  void aParcelThatDoesNotMoveIsListedUntilItDoes() {
    packedAndOffered();
    sells(CHEAP, "94001");
    tells("94001", scan(TrackingState.IN_TRANSIT, 0));

    after(NO_MOVEMENT.minusHours(1));
    assertThat(holds()).isEmpty();
    after(Duration.ofHours(2));
    assertThat(holds()).containsExactly("NO_MOVEMENT");

    tells("94001", scan(TrackingState.OUT_FOR_DELIVERY, 60 * 24 * 5));

    assertThat(holds()).isEmpty();
  }

  @Test
  void whatComesBackIsACaseAndADeliveryToTheSenderIsNoDelivery() {
    packedAndOffered();
    sells(CHEAP, "94001");
    hub.clock.advance(Duration.ofDays(1));

    tells(
        "94001",
        scan(TrackingState.IN_TRANSIT, 5),
        scan(TrackingState.RETURNING, 50),
        scan(TrackingState.IN_TRANSIT, 60));
    assertThat(holds()).containsExactly("RETURNED_TO_SENDER");

    tells("94001", scan(TrackingState.DELIVERED, 70));

    assertThat(state()).isEqualTo("RETURNED");
    assertThat(hub.order("1001").state()).isEqualTo("CLOSED");
    assertThat(holds()).containsExactly("RETURNED_TO_SENDER");
  }

  @Test
  void aParcelThatNobodyKnowsIsLookedForAndThenKeptForAPerson() {
    var message = hub.message(CHEAP, "tracking", "94009");
    var tracking = new Tracking("94009", "usps", null, List.of(scan(TrackingState.IN_TRANSIT, 0)));

    assertThat(hub.apply(tracking, message).failed().failure().kind())
        .isEqualTo(FailureKind.TRANSIENT);
    hub.clock.advance(Following.RACE.plusSeconds(1));

    var again = hub.apply(tracking, message).failed().failure();

    assertThat(again.kind()).isEqualTo(FailureKind.INVALID);
    assertThat(again.sentence()).contains("'94009'", "Replay it when its shipment is known");
  }

  @Test
  void aParcelThatAWarehouseSentIsFollowedToo() {
    hub.has("TEE-RED", AHub.FAR, 5);
    hub.apply(anOrder().numbered("1002").placedAt(ManualClock.START).with("TEE-RED", 1).build());
    hub.confirm(hub.owed("1002", "fulfillment-request"));
    var asked = hub.asked("1002").getFirst();
    hub.apply(hub.shipmentOf(asked.text(), "S-1", "TEE-RED", 1));

    tells("1ZS-1", scan(TrackingState.DELIVERED, 30));

    assertThat(hub.order("1002").state()).isEqualTo("DELIVERED");
  }

  @Test
  void moreThanIsAskedForCannotBePacked() {
    var tooMany = pack(new PackOrder.Content("1001-1", 4));
    assertThat(((ApplyResult.Failed) tooMany).failure().sentence())
        .contains("has 1 unit(s) fewer to pack");

    assertThat(pack(new PackOrder.Content("1001-1", 2))).isInstanceOf(ApplyResult.Applied.class);
    assertThat(pack()).isInstanceOf(ApplyResult.Applied.class);
    assertThat(((ApplyResult.Failed) pack()).failure().sentence()).contains("is packed already");
  }

  @Test
  void aVoidedParcelIsPackedAnew() {
    packedAndOffered();
    sells(CHEAP, "94001");
    var parcel = hub.one("SELECT id FROM parcel", rows -> rows.getObject(1, java.util.UUID.class));

    hub.applyInside(
        new ParcelAction(hub.order("1001").id(), parcel, ParcelAction.What.VOID, "the box broke"));

    assertThat(state()).isEqualTo("VOIDING");
    assertThat(pack()).isInstanceOf(ApplyResult.Applied.class);
    says("label-void", CHEAP, null, "refuses: too late");
    assertThat(holds()).containsExactly("PARCEL");
  }

  @Test
  void aScanOfAVoidedLabelIsACaseAndTellsNobody() {
    packedAndOffered();
    sells(CHEAP, "94001");
    hub.apply(hub.cancellationOf("1001"));

    tells("94001", scan(TrackingState.IN_TRANSIT, 5));

    assertThat(holds()).containsExactly("PARCEL");
    assertThat(states("shipment")).isEmpty();
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
  }

  private ApplyResult act(ParcelAction.What what) {
    var parcel =
        hub.one(
            "SELECT id FROM parcel ORDER BY id LIMIT 1",
            rows -> rows.getObject(1, java.util.UUID.class));
    return hub.applyInside(new ParcelAction(hub.order("1001").id(), parcel, what, "because"));
  }

  @Test
  void whatBecameOfTheRequestOfAnotherParcelSaysNothing() {
    pack(new PackOrder.Content("1001-1", 2));
    offers(CHEAP, "5.10", 3);
    offers(OTHER, "7.40", 2);
    var first = asked("label-request", CHEAP).id();
    packedAndOffered();
    sells(CHEAP, "94002");
    hub.run("UPDATE delivery SET state = 'WITHDRAWN', finished_at = now() WHERE id = ?", first);

    after(PATIENCE.plusSeconds(1));

    assertThat(states("label-request")).contains(OTHER + " READY");
  }

  @Test
  void aLabelThatAPersonFoundAtTheCarrierIsTheOneAndIsPrintedThere() {
    packedAndOffered();
    hub.run(
        "UPDATE delivery SET state = 'CONFIRMED', remote_id = '94007', finished_at = now() WHERE id = ?",
        asked("label-request", CHEAP).id());

    after(PATIENCE.plusSeconds(1));

    assertThat(state()).isEqualTo("LABELED");
    assertThat(states("label-request")).containsExactly(CHEAP + " CONFIRMED");
    assertThat(holds()).containsExactly("PARCEL");
    tells("94007", scan(TrackingState.IN_TRANSIT, 0));
    assertThat(state()).isEqualTo("SHIPPED");
  }

  @Test
  void aScanFromTheFutureCountsWhenItIsToldAgainInItsTime() {
    packedAndOffered();
    sells(CHEAP, "94001");
    tells("94001", scan(TrackingState.IN_TRANSIT, 120));
    assertThat(state()).isEqualTo("LABELED");
    hub.clock.advance(Duration.ofHours(2));

    tells("94001", scan(TrackingState.IN_TRANSIT, 120));

    assertThat(state()).isEqualTo("SHIPPED");
    assertThat(hub.<Boolean>one("SELECT future FROM parcel_scan", rows -> rows.getBoolean(1)))
        .isFalse();
  }

  @Test
  void anExceptionDoesNotProveThatItLeft() {
    packedAndOffered();
    sells(CHEAP, "94001");

    tells("94001", scan(TrackingState.EXCEPTION, 0));

    assertThat(state()).isEqualTo("LABELED");
    assertThat(states("shipment")).isEmpty();
  }

  @Test
  void whatTheNumberMeantBeforeThereWasTheParcelCountsForNothing() {
    packedAndOffered();
    sells(CHEAP, "94001");

    tells("94001", scan(TrackingState.DELIVERED, -60 * 24 * 300));
    hub.clock.advance(Duration.ofDays(2));
    tells("94001", scan(TrackingState.DELIVERED, -60 * 24 * 300));

    assertThat(state()).isEqualTo("LABELED");
    assertThat(hub.timeline("1001")).contains("parcel.old-scan");
  }

  @Test
  void aCarrierWithoutAnAccountIsNotAsked() {
    reopen(Set.of(OTHER), true);

    assertThat(pack()).isInstanceOf(ApplyResult.Applied.class);
    offers(CHEAP, "5.10", 3);

    assertThat(states("label-request")).containsExactly(CHEAP + " READY");
  }

  @Test
  void whereNoCarrierHasAnAccountTheParcelWaitsAndSaysSo() {
    reopen(Set.of(CHEAP, OTHER), true);

    assertThat(pack()).isInstanceOf(ApplyResult.Applied.class);

    assertThat(state()).isEqualTo("WAITING");
    assertThat(
            hub.<String>one(
                "SELECT reason FROM order_hold WHERE kind = 'PARCEL'", rows -> rows.getString(1)))
        .contains("names no carrier that has an account here");
  }

  @Test
  void aParcelOfANodeThatPacksNoMoreWaitsAndSaysSo() {
    pack();
    reopen(Set.of(), false);
    offers(CHEAP, "5.10", 3);

    after(PATIENCE.plusSeconds(1));

    assertThat(state()).isEqualTo("WAITING");
    assertThat(holds()).containsExactly("PARCEL");
  }

  @Test
  void anOrderIsCancelledThoughItsNodePacksNoMore() {
    packedAndOffered();
    reopen(Set.of(), false);
    sells(CHEAP, "94001");

    hub.apply(hub.cancellationOf("1001"));

    assertThat(state()).isEqualTo("VOIDING");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
  }

  @Test
  void anOrderIsCancelledThoughTheCarrierOfItsLabelHasNoAccountAnyMore() {
    packedAndOffered();
    sells(CHEAP, "94001");
    reopen(Set.of(CHEAP), true);

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(state()).isEqualTo("VOIDED");
    assertThat(holds()).containsExactly("PARCEL");
  }

  @Test
  void aParcelWithoutALabelIsVoidedAndPackedAnew() {
    pack();
    says("rate-request", CHEAP, null, "refuses: too heavy");
    says("rate-request", OTHER, null, "refuses: too heavy");

    assertThat(act(ParcelAction.What.VOID)).isInstanceOf(ApplyResult.Applied.class);

    assertThat(state()).isEqualTo("ABANDONED");
    assertThat(holds()).isEmpty();
    assertThat(pack()).isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void carriersThatAreAskedAgainHearTheAddressAsItWasCorrected() {
    pack();
    says("rate-request", CHEAP, null, "refuses: no such address");
    says("rate-request", OTHER, null, "refuses: no such address");
    hub.run(
        "UPDATE order_document SET document = jsonb_set(document::jsonb, '{shipTo,address,city}', '\"Weehawken\"')::json");

    act(ParcelAction.What.ASK_AGAIN);

    assertThat(asked("rate-request", CHEAP).content().at("/shipTo/address/city").asText())
        .isEqualTo("Weehawken");
  }

  @Test
  void anOrderThatIsHeldIsNotPacked() {
    hub.applyInside(
        new HoldOrder(hub.order("1001").id(), HoldKind.MANUAL, "The buyer called.", null, null));

    assertThat(((ApplyResult.Failed) pack()).failure().sentence())
        .contains("is held (MANUAL): The buyer called.", "Release it, then pack it");
  }

  @Test
  void eachParcelHasItsOwnHolds() {
    for (var i = 0; i < 2; i++) {
      pack(new PackOrder.Content("1001-1", 1));
      says("rate-request", CHEAP, null, "refuses: too heavy");
      says("rate-request", OTHER, null, "refuses: too heavy");
    }
    assertThat(holds()).containsExactly("PARCEL", "PARCEL");

    after(Parceling.PAUSE.plusSeconds(1));
    offers(CHEAP, "5.10", 3);
    offers(OTHER, "7.40", 2);
    sells(CHEAP, "94001");

    assertThat(holds()).containsExactly("PARCEL");
  }

  @Test
  void aParcelThatLeftKeepsItsHoldWhenTheRestIsCancelled() {
    pack(new PackOrder.Content("1001-1", 2));
    offers(CHEAP, "5.10", 3);
    offers(OTHER, "7.40", 2);
    sells(CHEAP, "94001");
    tells("94001", scan(TrackingState.IN_TRANSIT, 0), scan(TrackingState.RETURNING, 1));

    hub.apply(hub.cancellationOf("1001"));

    assertThat(holds()).containsExactly("RETURNED_TO_SENDER");
  }

  @Test
  void aLabelThatIsNotNeededIsTakenBackOnceHoweverOftenItIsToldOf() {
    packedAndOffered();
    after(PATIENCE.plusSeconds(1));
    sells(CHEAP, "94001");
    says("label-void", CHEAP, null, null);

    assertThat(sells(CHEAP, "94001")).isInstanceOf(ApplyResult.NoEffect.class);

    assertThat(states("label-void")).containsExactly(CHEAP + " CONFIRMED");
  }

  private void warehouseSent(List<Shipment.Package> packages) {
    hub.has("TEE-RED", AHub.FAR, 5);
    hub.apply(anOrder().numbered("1002").placedAt(ManualClock.START).with("TEE-RED", 3).build());
    hub.confirm(hub.owed("1002", "fulfillment-request"));
    hub.apply(
        new Shipment(
            hub.asked("1002").getFirst().text(),
            "S-1",
            null,
            null,
            hub.clock.instant(),
            new Shipment.Carrier("ups", "UPS"),
            null,
            packages));
  }

  private static Shipment.Package box(int units, String... numbers) {
    return new Shipment.Package(
        Stream.of(numbers).map(number -> new Shipment.Tracking(number, null)).toList(),
        List.of(new Shipment.Line(null, "TEE-RED", units)));
  }

  @Test
  void everyBoxOfAShipmentIsFollowedAndTheOrderIsDeliveredWithTheLast() {
    warehouseSent(List.of(box(1, "1ZA"), box(2, "1ZB")));

    tells("1ZB", scan(TrackingState.DELIVERED, 30));

    assertThat(hub.order("1002").state()).isEqualTo("SHIPPED");
    tells("1ZA", scan(TrackingState.IN_TRANSIT, 10));
    assertThat(hub.order("1002").state()).isEqualTo("SHIPPED");
    tells("1ZA", scan(TrackingState.DELIVERED, 40));
    assertThat(hub.order("1002").state()).isEqualTo("DELIVERED");
    assertThat(hub.timeline("1002").stream().filter("order.delivered"::equals)).hasSize(1);
    assertThat(hub.all("SELECT tracking_number FROM parcel ORDER BY 1", rows -> rows.getString(1)))
        .containsExactly("1ZA", "1ZB");
  }

  @Test
  void boxesThatHoldTheirLinesBetweenThemAreDeliveredTogether() {
    warehouseSent(List.of(box(3, "1ZA", "1ZB")));

    tells("1ZA", scan(TrackingState.DELIVERED, 30));
    assertThat(hub.order("1002").state()).isEqualTo("SHIPPED");

    tells("1ZB", scan(TrackingState.DELIVERED, 40));
    assertThat(hub.order("1002").state()).isEqualTo("DELIVERED");
    assertThat(hub.number("SELECT sum(delivered) FROM order_line WHERE sku = 'TEE-RED'"))
        .isEqualTo(3);
  }

  @Test
  void aBoxThatComesBackAfterItsFellowsWereDeliveredClosesTheOrder() {
    warehouseSent(List.of(box(1, "1ZA"), box(2, "1ZB")));
    tells("1ZA", scan(TrackingState.DELIVERED, 30));

    tells("1ZB", scan(TrackingState.RETURNING, 40), scan(TrackingState.RETURNED, 50));

    assertThat(hub.order("1002").state()).isEqualTo("CLOSED");
    assertThat(hub.timeline("1002")).contains("order.closed");
    assertThat(hub.number("SELECT sum(came_back) FROM order_line WHERE sku = 'TEE-RED'"))
        .isEqualTo(2);
  }

  @Test
  void aCarrierThatRefusedIsNotAskedAnewThoughItsRefusalWasNotRecorded() {
    packedAndOffered();
    var request = asked("label-request", CHEAP);
    hub.applyInside( // what it said is applied, and the process dies before that is recorded
        new CarrierAnswer(
            hub.order("1001").id(),
            CHEAP,
            "label-request",
            request.businessKey(),
            null,
            "refuses: no money"));
    assertThat(states("label-request")).containsExactly(CHEAP + " READY", OTHER + " READY");

    assertThat(absent(CHEAP, request)).isInstanceOf(ApplyResult.Applied.class);

    assertThat(states("label-request")).containsExactly(CHEAP + " WITHDRAWN", OTHER + " READY");
    var other = asked("label-request", OTHER);
    assertThat(absent(OTHER, other))
        .as("this one is still to be bought")
        .isInstanceOf(ApplyResult.NoEffect.class);
    assertThat(states("label-request")).contains(OTHER + " READY");
  }

  private ApplyResult absent(String account, AHub.Owed request) {
    return hub.applyInside(
        new LabelAbsent(hub.order("1001").id(), account, request.businessKey(), request.id()));
  }

  @Test
  void aLabelThatItsCarrierDoesNotTakeBackIsUsedWhenAPersonSaysSo() {
    packedAndOffered();
    sells(CHEAP, "94001");
    act(ParcelAction.What.VOID);
    says("label-void", CHEAP, null, "refuses: too late");
    assertThat(state()).isEqualTo("KEPT");
    assertThat(holds()).containsExactly("PARCEL");

    assertThat(act(ParcelAction.What.HAND_OVER)).isInstanceOf(ApplyResult.Applied.class);

    assertThat(state()).isEqualTo("SHIPPED");
    assertThat(holds()).isEmpty();
    assertThat(states("shipment")).containsExactly(AHub.SHOP + " READY");
    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(3);
  }

  @Test
  void aLabelThatWasNotTakenBackIsNotUsedForWhatIsPackedElsewhere() {
    packedAndOffered();
    sells(CHEAP, "94001");
    act(ParcelAction.What.VOID);
    says("label-void", CHEAP, null, "refuses: too late");
    pack();

    assertThat(((ApplyResult.Failed) act(ParcelAction.What.HAND_OVER)).failure().sentence())
        .contains("are packed in another one", "Ask 'easypost-main' for the money of its label");

    assertThat(states("shipment")).isEmpty();
  }

  @Test
  void aLabelThatNobodyUsesIsListed() {
    packedAndOffered();
    sells(CHEAP, "94001");

    after(NO_MOVEMENT.plusMinutes(1));

    assertThat(holds()).containsExactly("NO_MOVEMENT");
    assertThat(
            hub.<String>one(
                "SELECT reason FROM order_hold WHERE kind = 'NO_MOVEMENT'",
                rows -> rows.getString(1)))
        .contains("has had a label since", "was never scanned");
  }

  private void readdress() {
    readdressed("10115");
  }

  private void readdressed(String postalCode) {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(
        anOrder()
            .numbered("1001")
            .placedAt(ManualClock.START)
            .updatedAt(hub.clock.instant())
            .with("MUG-BLU", 3)
            .to("DE", postalCode)
            .build());
  }

  private String postalCode(AHub.Owed asked) {
    return asked.content().at("/shipTo/address/postalCode").asText();
  }

  private String reason() {
    return hub.one(
        "SELECT reason FROM order_hold WHERE kind = 'PARCEL' AND released_at IS NULL",
        rows -> rows.getString(1));
  }

  @Test
  void aLabelToAFormerAddressIsTakenBackAndItsUnitsArePackedAnew() {
    packedAndOffered();
    sells(CHEAP, "94001");

    readdress();

    assertThat(state()).isEqualTo("VOIDING");
    assertThat(states("label-void")).containsExactly(CHEAP + " READY");
    var parcel =
        hub.<String>one("SELECT document->'request'->>'parcelId' FROM parcel", r -> r.getString(1));
    assertThat(reason())
        .isEqualTo(
            "Parcel '%s' at 'store-1' bears the former address of order '#1001', and its label '94001' is taken back. Keep it from leaving, then pack it anew."
                .formatted(parcel));
    packedAndOffered();
    assertThat(holds()).isEmpty();
    assertThat(postalCode(asked("label-request", CHEAP))).isEqualTo("10115");
    says("label-void", CHEAP, null, null);
    assertThat(state()).isEqualTo("VOIDED");
  }

  @Test
  void aParcelWithoutALabelIsOfferedAnewForItsNewAddress() {
    pack();
    readdress();

    assertThat(states("rate-request"))
        .containsExactly(
            CHEAP + " WITHDRAWN", OTHER + " WITHDRAWN", CHEAP + " READY", OTHER + " READY");
    offers(CHEAP, "5.10", 3);
    offers(OTHER, "7.40", 2);
    assertThat(postalCode(asked("label-request", CHEAP))).isEqualTo("10115");

    readdressed("12045");

    assertThat(states("label-request")).containsExactly(CHEAP + " WITHDRAWN");
    assertThat(state()).isEqualTo("RATING");
    assertThat(postalCode(asked("rate-request", CHEAP))).isEqualTo("12045");
    assertThat(holds()).isEmpty();
  }

  @Test
  void aLabelThatIsBoughtMeanwhileForTheFormerAddressIsTakenBack() {
    hub.close();
    open(true); // else it would count as sent at once
    packedAndOffered();
    hub.sending(asked("label-request", CHEAP));
    readdress();
    assertThat(state()).isEqualTo("BUYING");

    sells(CHEAP, "94001");

    assertThat(state()).isEqualTo("VOIDING");
    assertThat(states("label-void")).containsExactly(CHEAP + " READY");
    assertThat(reason()).contains("bears the former address");
  }

  @Test
  void aCarrierThatSoldNoneForTheFormerAddressIsAskedForTheNewOne() {
    packedAndOffered();
    hub.sending(asked("label-request", CHEAP));
    readdress();

    says("label-request", CHEAP, null, "refuses: no such address");

    assertThat(state()).isEqualTo("RATING");
    assertThat(postalCode(asked("rate-request", OTHER))).isEqualTo("10115");
    assertThat(states("label-request")).containsExactly(CHEAP + " SUPERSEDED");
  }

  @Test
  void aLabelToAFormerAddressThatIsNotTakenBackIsNotUsed() {
    packedAndOffered();
    sells(CHEAP, "94001");
    readdress();
    says("label-void", CHEAP, null, "refuses: too late");
    var parcel =
        hub.<String>one("SELECT document->'request'->>'parcelId' FROM parcel", r -> r.getString(1));

    assertThat(reason())
        .isEqualTo(
            "'easypost-main' does not take back the label of parcel '%s': refuses: too late. It bears the former address: pack it anew, and ask for the money."
                .formatted(parcel));
    assertThat(((ApplyResult.Failed) act(ParcelAction.What.HAND_OVER)).failure().sentence())
        .isEqualTo(
            "Parcel '%s' bears the former address of order '#1001'. Pack it anew, and ask 'easypost-main' for the money of its label."
                .formatted(parcel));
    assertThat(states("shipment")).isEmpty();
  }

  @Test
  void anotherAddressForWhatWasHandedOverIsTooLate() {
    hub.close();
    open(true);
    packedAndOffered();
    sells(CHEAP, "94001");
    assertThat(state()).isEqualTo("SHIPPED");

    readdress();

    assertThat(states("label-void")).isEmpty();
    assertThat(
            hub.<String>one(
                "SELECT reason FROM order_hold WHERE kind = 'EDIT'", r -> r.getString(1)))
        .contains("wants another address", "all of it has left");
  }
}
