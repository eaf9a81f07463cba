package io.serai.deadletter;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import io.serai.database.TestDatabase;
import io.serai.deadletter.ReplayPlan.Part;
import io.serai.deadletter.ReplayPlan.Safety;
import io.serai.support.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From which step and to whom something goes again, and what never does. */
class StepReplayIT {
  private static final UUID ORDER = UUID.fromString("01900000-0000-7000-8000-000000000001");
  private static final String ORDER_ID = ItemId.ofOrder(ORDER);
  private static final long ANY = DeadLetters.AS_IT_IS;
  private static final int MANY = Integer.MAX_VALUE;
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final List<UUID> decided = new ArrayList<>();
  private Pile pile;
  private Replay replay;
  private StepReplay steps;

  @BeforeEach
  void begin() {
    pile = new Pile(database.dataSource(), clock);
    pile.clear();
    pile.rows("DELETE FROM mapping_version RETURNING name");
    replay = new Replay(database.dataSource(), clock, decided::add);
    steps = new StepReplay(database.dataSource(), clock, replay);
  }

  private StepReplay.Result run(String id, ReplayStep from, String... destinations) {
    return steps.run(
        id, from, destinations.length == 0 ? null : List.of(destinations), "why", "ann", ANY, MANY);
  }

  private ReplayPlan plan(String id) {
    return steps.plan(id).orElseThrow();
  }

  private void corrected() {
    mapping("2020-01-01T00:00:00Z", "v1");
    clock.advance(ofHours(1));
    mapping(clock.instant().toString(), "v2");
    clock.advance(ofHours(1));
  }

  private void mapping(String since, String version) {
    pile.execute(
        "INSERT INTO mapping_version (name, since, version, sources) VALUES ('m', '%s', '%s', '{}')"
            .formatted(since, version));
  }

  private static String refusal(StepReplay.Result result) {
    return ((Verdict.Refused) result.verdict()).sentence();
  }

  @Test
  void eachStepSaysWhatItWouldDoOrWhyItCannot() {
    var message = pile.message().lies();
    var applied = pile.message().in("APPLIED").of(ORDER).lies();
    var delivery = pile.delivery().of(ORDER).causedBy(applied).lies();
    var gone = pile.message().lies();
    pile.execute("DELETE FROM message_payload WHERE message_id = " + gone.substring(4));

    assertThat(plan(message).ways())
        .extracting(ReplayPlan.Way::step, ReplayPlan.Way::possible)
        .containsExactly(
            tuple(ReplayStep.NORMALIZE, true),
            tuple(ReplayStep.APPLY, false),
            tuple(ReplayStep.MAP, false),
            tuple(ReplayStep.SEND, false));
    assertThat(plan(message).way(ReplayStep.SEND).sentence())
        .isEqualTo("Nothing is owed to anybody because of it.");
    assertThat(plan(message).way(ReplayStep.APPLY).sentence())
        .isEqualTo("No order came of it yet.");
    assertThat(plan(gone).way(ReplayStep.NORMALIZE).sentence())
        .isEqualTo("Its payload is past its retention and gone.");
    assertThat(plan(applied).way(ReplayStep.NORMALIZE).sentence())
        .isEqualTo("It is APPLIED; only a parked message is read again.");
    assertThat(plan(applied).way(ReplayStep.SEND).possible()).isTrue();
    assertThat(plan(delivery).way(ReplayStep.NORMALIZE).sentence())
        .isEqualTo("What is to be read again is message '" + applied + "', which caused it.");
    assertThat(plan(delivery).way(ReplayStep.MAP).sentence())
        .startsWith("No mapping was corrected since it was made");
    assertThat(steps.plan("msg_999999999")).isEmpty();
    assertThat(steps.plan("nonsense")).isEmpty();
  }

  @Test
  void theLedgerJudgesEachDestination() {
    var message = pile.message().in("APPLIED").of(ORDER).lies();
    for (var state : List.of("CONFIRMED", "READY", "WITHDRAWN")) {
      pile.delivery().to(state).in(state).withoutFailure().of(ORDER).causedBy(message).lies();
    }
    pile.delivery().to("no").in("REFUSED").withoutFailure().of(ORDER).causedBy(message).lies();
    pile.delivery().to("safe").of(ORDER).causedBy(message).lies();
    pile.delivery().to("same").ofUnknownOutcome().of(ORDER).causedBy(message).lies();
    pile.delivery()
        .to("ask")
        .repeatable("QUERYABLE")
        .ofUnknownOutcome()
        .of(ORDER)
        .causedBy(message)
        .lies();
    pile.delivery()
        .to("blind")
        .repeatable("BLIND")
        .ofUnknownOutcome()
        .of(ORDER)
        .causedBy(message)
        .lies();
    pile.delivery().to("elsewhere").of(ORDER).lies();

    assertThat(plan(message).parts())
        .extracting(Part::destination, Part::safety, Part::probe, Part::sentence)
        .containsExactly(
            tuple("CONFIRMED", Safety.SKIPPED, false, "It was done; it is not sent again."),
            tuple(
                "READY",
                Safety.SKIPPED,
                false,
                "It is on its way (READY); it is not sent a second time."),
            tuple(
                "WITHDRAWN",
                Safety.SKIPPED,
                false,
                "It is WITHDRAWN and owed no more; it is not sent."),
            tuple(
                "no",
                Safety.SKIPPED,
                false,
                "The partner's no was its answer; it is not sent again."),
            tuple("safe", Safety.SAFE, false, "No attempt had an effect."),
            tuple(
                "same",
                Safety.SAFE,
                false,
                "An attempt may have had its effect; under the same key 'same' takes it for the same."),
            tuple(
                "ask",
                Safety.UNKNOWN,
                true,
                "An attempt may have had its effect. Probe it: 'ask' is asked first, and it is sent only if it is not there."),
            tuple(
                "blind",
                Safety.UNKNOWN,
                false,
                "An attempt may have had its effect, and the hub cannot ask 'blind'. Find out there, then resolve it."));
    assertThat(plan(heldByNothing()).parts()).hasSize(9);
  }

  private String heldByNothing() {
    return pile.order().called(ORDER).heldBy(null).lies();
  }

  @Test
  void onlyTheChosenDestinationsHearOfItAgain() {
    var message = pile.message().in("APPLIED").of(ORDER).lies();
    var north = pile.delivery().to("northwind").of(ORDER).causedBy(message).lies();
    var shop = pile.delivery().to("shopify-main").of(ORDER).causedBy(message).lies();
    var done =
        pile.delivery()
            .to("erp")
            .in("CONFIRMED")
            .withoutFailure()
            .of(ORDER)
            .causedBy(message)
            .lies();
    var before = pile.row(shop);
    var confirmed = pile.row(done);

    var result = run(message, ReplayStep.SEND, "northwind", "erp");

    assertThat(result.replayed()).extracting(Part::id).containsExactly(north);
    assertThat(result.left()).extracting(Part::id).containsExactly(done);
    assertThat(result.verdict())
        .isEqualTo(new Verdict.Done(message, "APPLIED", plan(message).fence()));
    assertThat(pile.row(north)).containsEntry("state", "READY").containsEntry("fence", "8");
    assertThat(pile.row(shop)).isEqualTo(before);
    assertThat(pile.row(done)).isEqualTo(confirmed);
    assertThat(pile.state(message)).isEqualTo("APPLIED");
    assertThat(pile.audit())
        .extracting(
            entry -> entry.get("action"), entry -> entry.get("object"), e -> e.get("reason"))
        .containsExactly(
            tuple("dead-letter.replay", north, "why"), tuple("dead-letter.replay", message, "why"));
    assertThat(pile.audit().getLast().get("after"))
        .isEqualTo(
            "{\"from\":\"send\",\"destinations\":[\"erp\",\"northwind\"],\"replayed\":[\"%s\"],\"left\":[\"%s\"]}"
                .formatted(north, done));
    assertThat(pile.rows("SELECT sentence FROM order_event").getFirst().get("sentence"))
        .isEqualTo(
            "Delivery '%s' to 'northwind' was replayed from step 'send' (by 'ann')."
                .formatted(north));
  }

  @Test
  void whoIsOwedNothingCannotBeChosen() {
    var message = pile.message().in("APPLIED").of(ORDER).lies();
    var delivery = pile.delivery().to("northwind").of(ORDER).causedBy(message).lies();

    assertThat(refusal(run(message, ReplayStep.SEND, "acme")))
        .isEqualTo(
            "Nothing is owed to 'acme' because of '%s'. It is owed to: northwind."
                .formatted(message));
    assertThat(refusal(run(message, ReplayStep.NORMALIZE, "northwind")))
        .startsWith("From step 'normalize' it goes to every destination");
    assertThat(pile.state(delivery)).isEqualTo("PARKED");
    assertThat(pile.audit()).isEmpty();
  }

  @Test
  void whatMayHaveBeenDoneIsNeverSentFromAStep() {
    var blind = pile.delivery().repeatable("BLIND").ofUnknownOutcome().of(ORDER).lies();
    var ask = pile.delivery().repeatable("QUERYABLE").ofUnknownOutcome().of(ORDER).lies();

    assertThat(refusal(run(blind, ReplayStep.SEND)))
        .isEqualTo(
            "Nothing of '%s' goes again. northwind: An attempt may have had its effect, and the hub cannot ask 'northwind'. Find out there, then resolve it."
                .formatted(blind));
    assertThat(refusal(run(ask, ReplayStep.SEND))).contains("Probe it");
    assertThat(pile.state(blind)).isEqualTo("PARKED");
    assertThat(pile.state(ask)).isEqualTo("PARKED");
  }

  @Test
  void ofStockWhatIsThereNowIsToldAndNeverWhatWasThere() {
    for (var way : List.of("as usual", "from a step")) {
      pile.execute("DELETE FROM publication");
      pile.execute(
          "INSERT INTO publication (account, listing_id, location_id, sku, quantity, base, sold) VALUES ('northwind', '11', '22', 'MUG', 3, 3, 1)");
      var id = pile.delivery().to("northwind").lies();
      pile.execute(
          "UPDATE delivery SET document = 'stock', operation = 'stock' WHERE id = "
              + id.substring(4));
      pile.execute(
          "UPDATE delivery_content SET content = '{\"items\": [{\"key\": \"11/22\", \"quantity\": 10}]}' WHERE delivery_id = "
              + id.substring(4));

      assertThat(plan(id).parts().getFirst().sentence())
          .isEqualTo("The quantities of now are told instead of those it has.");
      if (way.equals("as usual")) {
        replay.one(id, "why", "ann", ANY);
      } else {
        run(id, ReplayStep.SEND);
      }

      assertThat(pile.state(id)).as(way).isEqualTo("SUPERSEDED");
      assertThat(
              pile.rows(
                  "SELECT 'told anew' FROM publication WHERE marked_at IS NOT NULL AND urgent AND doubted AND base IS NULL AND sold = 0"))
          .as(way)
          .hasSize(1);
      assertThat(refusal(run(id, ReplayStep.SEND))).as(way).contains("SUPERSEDED");
    }
  }

  @Test
  void whatWasFollowedByALaterOneIsNotSentAfterIt() {
    var old = pile.delivery().of(ORDER).lies();
    pile.execute(
        "UPDATE delivery SET business_key = 'k', revision = 1 WHERE id = " + old.substring(4));
    var later = pile.delivery().in("CONFIRMED").withoutFailure().of(ORDER).lies();
    pile.execute(
        "UPDATE delivery SET business_key = 'k', revision = 2 WHERE id = " + later.substring(4));

    var sentence =
        "A later one of the same went out ('%s'), and this one is not sent after it. Discard it."
            .formatted(later);
    corrected();

    assertThat(refusal(run(old, ReplayStep.SEND))).endsWith(sentence);
    assertThat(replay.one(old, "why", "ann", ANY)).isEqualTo(new Verdict.Refused(sentence));
    pile.execute("UPDATE delivery SET outcome_unknown = true WHERE id = " + old.substring(4));
    assertThat(
            new DeadLetters(database.dataSource(), clock, Aftermath.none())
                .resolve(old, Resolution.didNotHappen(), "asked them", "ann", ANY))
        .isEqualTo(new Verdict.Refused(sentence));
    pile.execute("UPDATE delivery SET outcome_unknown = false WHERE id = " + old.substring(4));
    var worker =
        new ReplayWorker(database.dataSource(), clock, "one", order -> true, null, Spike.USUAL);
    for (var step : new ReplayStep[] {null, ReplayStep.MAP, ReplayStep.SEND}) {
      var job =
          replay.start(
              Selection.of(old), new Replay.Terms(step, null, 100, 0, false, MANY), "why", "ann");
      worker.runDue();
      clock.advance(ofSeconds(1));
      worker.runDue();
      assertThat(replay.items(job.id(), null, null, 10).items())
          .extracting(ReplayItem::state, ReplayItem::detail)
          .as("from %s", step)
          .containsExactly(tuple(ReplayItem.State.SKIPPED, sentence));
    }
    assertThat(pile.state(old)).isEqualTo("PARKED");
  }

  @Test
  void sentAgainItIsAsItWasMadeAlsoAfterAMappingWasCorrected() {
    var id = pile.delivery().lies();
    var before = pile.row(id);
    corrected();

    var result = run(id, ReplayStep.SEND);

    assertThat(result.verdict()).isEqualTo(new Verdict.Done(id, "READY", 8));
    for (var kept : List.of("idempotency_key", "revision", "mapped_at")) {
      assertThat(pile.row(id).get(kept)).as(kept).isEqualTo(before.get(kept));
    }
  }

  @Test
  void mappedAgainItIsANewRevisionUnderANewKey() {
    var id = pile.delivery().lies();
    var unknown = pile.delivery().ofUnknownOutcome().lies();
    assertThat(refusal(run(id, ReplayStep.MAP)))
        .startsWith("Nothing of '" + id + "' goes again. northwind: No mapping was corrected");
    corrected();

    run(id, ReplayStep.MAP);

    assertThat(pile.row(id))
        .containsEntry("state", "READY")
        .containsEntry("revision", "2")
        .hasEntrySatisfying("idempotency_key", key -> assertThat(key).endsWith(":2"));
    assertThat(refusal(run(unknown, ReplayStep.MAP)))
        .contains("an attempt may have had its effect");
    assertThat(pile.state(unknown)).isEqualTo("PARKED");
  }

  @Test
  void aMessageIsReadAgainFromItsBytes() {
    var id = pile.message().lies();

    var result = run(id, ReplayStep.NORMALIZE);

    assertThat(result.verdict()).isEqualTo(new Verdict.Done(id, "RECEIVED", 6));
    assertThat(pile.state(id)).isEqualTo("RECEIVED");
    assertThat(refusal(run(id, ReplayStep.NORMALIZE)))
        .isEqualTo(
            "'%s' cannot be replayed from step 'normalize'. It is RECEIVED; only a parked message is read again."
                .formatted(id));
  }

  @Test
  void aHeldOrderIsDecidedAnewAlsoFromTheMessageThatMadeIt() {
    pile.order().called(ORDER).lies();
    var message = pile.message().in("APPLIED").of(ORDER).lies();

    assertThat(plan(message).way(ReplayStep.APPLY).possible()).isTrue();
    run(message, ReplayStep.APPLY);
    run(ORDER_ID, ReplayStep.APPLY);

    assertThat(decided).containsExactly(ORDER, ORDER);
    pile.execute("UPDATE sales_order SET hold = NULL");
    assertThat(refusal(run(ORDER_ID, ReplayStep.APPLY)))
        .endsWith("Its order is not held for want of a SKU or a node.");
  }

  @Test
  void whoeverLookedBeforeSomethingChangedIsTold() {
    var message = pile.message().in("APPLIED").of(ORDER).lies();
    pile.delivery().to("northwind").of(ORDER).causedBy(message).lies();
    pile.delivery().to("acme").of(ORDER).causedBy(message).lies();
    var seen = plan(message).fence();

    var first = steps.run(message, ReplayStep.SEND, List.of("acme"), "why", "ann", seen, MANY);
    var second =
        steps.run(message, ReplayStep.SEND, List.of("northwind"), "why", "ben", seen, MANY);

    assertThat(first.replayed()).hasSize(1);
    assertThat(second.verdict())
        .isInstanceOfSatisfying(
            Verdict.Changed.class,
            changed -> {
              assertThat(changed.fence()).isEqualTo(seen + 1);
              assertThat(changed.sentence())
                  .startsWith("'" + message + "', or what is owed because of it, has changed");
            });
    var parked = pile.message().lies();
    assertThat(steps.run(parked, ReplayStep.NORMALIZE, null, "why", "ann", 99, MANY).verdict())
        .isInstanceOf(Verdict.Changed.class);
  }

  @Test
  void nobodySendsMoreAloneThanIsAllowed() {
    var message = pile.message().in("APPLIED").of(ORDER).lies();
    pile.delivery().to("northwind").of(ORDER).causedBy(message).lies();
    pile.delivery().to("acme").of(ORDER).causedBy(message).lies();

    assertThat(refusal(steps.run(message, ReplayStep.SEND, null, "why", "ann", ANY, 1)))
        .isEqualTo(
            "2 deliveries would go again, and nobody sends more than 1 alone. Choose fewer destinations, or start a replay, which a second person approves.");
    assertThat(steps.run(message, ReplayStep.SEND, null, "why", "ann", ANY, 2).replayed())
        .hasSize(2);
  }

  @Test
  void aPartnerThatCanBeAskedIsAskedFirst() {
    var ask = pile.delivery().repeatable("QUERYABLE").ofUnknownOutcome().of(ORDER).lies();
    var known = pile.delivery().repeatable("QUERYABLE").lies();
    var blind = pile.delivery().repeatable("BLIND").ofUnknownOutcome().lies();
    var before = pile.row(ask);

    assertThat(steps.probe(ask, "back again", "ann", 7))
        .isEqualTo(new Verdict.Done(ask, "READY", 8));

    assertThat(pile.row(ask))
        .containsEntry("state", "READY")
        .containsEntry("outcome_unknown", "t")
        .containsEntry("idempotency_key", before.get("idempotency_key"));
    assertThat(pile.audit())
        .extracting(entry -> entry.get("action"), entry -> entry.get("reason"))
        .containsExactly(tuple("dead-letter.probe", "back again"));
    assertThat(((Verdict.Refused) steps.probe(known, null, "ann", ANY)).sentence())
        .isEqualTo(
            "Delivery '%s' is nothing that a partner can be asked about. No attempt had an effect."
                .formatted(known));
    assertThat(steps.probe(blind, null, "ann", ANY)).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) steps.probe(pile.message().lies(), null, "ann", ANY)).sentence())
        .endsWith("is nothing that a partner can be asked about. Replay it.");
    assertThat(pile.state(blind)).isEqualTo("PARKED");
  }

  @Test
  void manyGoFromAStepToChosenDestinationsAsOneJob() {
    var worker =
        new ReplayWorker(database.dataSource(), clock, "one", order -> true, null, Spike.USUAL);
    pile.message().lies();
    var old = pile.delivery().to("northwind").lies();
    var other = pile.delivery().to("acme").lies();
    corrected();
    var fresh = pile.delivery().to("northwind").lies();
    pile.execute(
        "UPDATE delivery SET mapped_at = '%s' WHERE id = %s"
            .formatted(clock.instant(), fresh.substring(4)));

    var job =
        replay.start(
            Selection.everything().to(List.of("northwind")),
            new Replay.Terms(ReplayStep.MAP, null, 100, 0, false, MANY),
            "why",
            "ann");
    worker.runDue();
    clock.advance(ofSeconds(1));
    worker.runDue();

    assertThat(job.step()).isEqualTo(ReplayStep.MAP);
    assertThat(replay.items(job.id(), null, null, 10).items())
        .extracting(ReplayItem::id, ReplayItem::state, ReplayItem::detail)
        .containsExactly(
            tuple(old, ReplayItem.State.REPLAYED, null),
            tuple(fresh, ReplayItem.State.SKIPPED, DryReplay.SAME));
    assertThat(pile.row(old)).containsEntry("revision", "2");
    assertThat(pile.state(other)).isEqualTo("PARKED");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                replay.start(
                    Selection.everything().ofType(DeadLetterType.MESSAGE),
                    new Replay.Terms(ReplayStep.SEND, null, 1, 0, false, MANY),
                    null,
                    "ann"))
        .withMessage(
            "From step 'send' only dead letters of type DELIVERY are replayed, and the selection can hold none. Change one of them.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Selection.everything().ofType(DeadLetterType.ORDER).to(List.of("acme")))
        .withMessage(
            "Only deliveries have destinations, and the selection asks for type ORDER. Leave one of them out.");
  }
}
