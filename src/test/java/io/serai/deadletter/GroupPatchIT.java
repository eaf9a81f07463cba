package io.serai.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.deadletter.DryRun.Difference;
import io.serai.deadletter.GroupPatch.Member;
import io.serai.deadletter.Normalizer.Canonical;
import io.serai.deadletter.Normalizer.Normalized;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One change to the payloads of a group: what it fits runs again, and what it does not is left. */
class GroupPatchIT {
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private static final JsonPatch UNIT =
      JsonPatch.of(
          Json.tree(
              "[{\"op\":\"test\",\"path\":\"/unit\",\"value\":\"EACH\"},{\"op\":\"replace\",\"path\":\"/unit\",\"value\":\"EA\"}]"));

  private final ManualClock clock = new ManualClock();
  private Pile pile;
  private GroupPatch patches;

  /** Knows EA alone, and needs an id. */
  private static Normalized normalize(Normalizer.Raw raw) {
    var body = Json.tree(raw.body());
    var fault =
        !body.has("id")
            ? "No '/id'. Add it."
            : body.path("unit").asText().equals("EA") ? null : "No such unit. Correct it.";
    return fault == null
        ? new Normalized.Documents(List.of(new Canonical(raw.document(), body)))
        : new Normalized.Failed(Failure.of(FailureKind.UNMAPPED, fault, Place.of(raw.account())));
  }

  @BeforeEach
  void begin() {
    pile = new Pile(database.dataSource(), clock);
    pile.clear();
    patches =
        new GroupPatch(
            new DeadLetters(database.dataSource(), clock, Aftermath.none()),
            new DryRun(database.dataSource(), GroupPatchIT::normalize));
  }

  private Member of(GroupPatch.Report report, String id) {
    return report.members().stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void whatThePatchFitsRunsAgainAndWhatItDoesNotIsLeftAndNamed() {
    var good = pile.message().saying("{\"id\":1,\"price\":9.90,\"unit\":\"EACH\"}").lies();
    var other = pile.message().saying("{\"id\":2,\"unit\":\"BOX\"}").lies();
    var without = pile.message().saying("{\"id\":3}").lies();
    var failing = pile.message().saying("{\"unit\":\"EACH\"}").lies();
    var text = pile.message().saying("id=5").lies();
    var delivery = pile.delivery().lies();

    var looked = patches.run(Selection.everything(), UNIT, true, null, "ann");

    assertThat(looked.fits()).isEqualTo(1);
    assertThat(looked.total()).isEqualTo(6);
    assertThat(of(looked, good))
        .isEqualTo(
            new Member(
                good,
                true,
                "It would apply for the first time: order.",
                List.of(new Difference("/unit", "\"EACH\"", "\"EA\""))));
    assertThat(pile.state(good)).as("a dry run touches nothing").isEqualTo("PARKED");

    var done = patches.run(Selection.everything(), UNIT, false, "EACH is EA", "ann");

    assertThat(done.fits()).isEqualTo(1);
    assertThat(of(done, good).sentence()).isEqualTo("It runs again.");
    assertThat(of(done, other).sentence())
        .isEqualTo("At '/unit' stands another value than the patch expects.");
    assertThat(of(done, without).sentence()).isEqualTo("There is nothing at '/unit'.");
    assertThat(of(done, failing).sentence())
        .isEqualTo("It would fail as UNMAPPED: No '/id'. Add it.");
    assertThat(of(done, text).sentence()).isEqualTo("Its payload is no JSON that can be read.");
    assertThat(of(done, delivery).sentence())
        .isEqualTo("It is no message, and only messages have a payload that can be changed.");
    assertThat(pile.state(good)).isEqualTo("RECEIVED");
    for (var left : List.of(other, without, failing, text, delivery)) {
      assertThat(pile.state(left)).isEqualTo("PARKED");
    }
    assertThat(
            pile.number(
                "SELECT count(*) FROM message_payload WHERE convert_from(body, 'UTF8') = '{\"id\":1,\"price\":9.90,\"unit\":\"EA\"}' AND message_id = "
                    + good.substring(4)))
        .isEqualTo(1);
    assertThat(
            pile.number(
                "SELECT count(*) FROM message_edit WHERE actor = 'ann' AND reason = 'EACH is EA'"))
        .isEqualTo(1);
  }

  @Test
  void aPatchOfWhatTheMessageIsKnownByFitsNothing() {
    LockedFields id =
        message ->
            List.of(
                new LockedFields.Locked(
                    "/id", "the message's key", Json.tree(message.body()).path("id").asText()));
    var known =
        new GroupPatch(
            new DeadLetters(database.dataSource(), clock, Aftermath.none(), id),
            new DryRun(database.dataSource(), GroupPatchIT::normalize, id));
    var message = pile.message().saying("{\"id\":1,\"unit\":\"EA\"}").lies();
    var patch = JsonPatch.of(Json.tree("[{\"op\":\"replace\",\"path\":\"/id\",\"value\":2}]"));

    var looked = known.run(Selection.everything(), patch, true, null, "ann");
    var done = known.run(Selection.everything(), patch, false, "why", "ann");

    assertThat(looked.fits()).isZero();
    assertThat(of(looked, message).sentence())
        .startsWith("'/id' of '" + message + "' is the message's key, '1', and stays as it is.");
    assertThat(of(done, message).sentence()).isEqualTo(of(looked, message).sentence());
    assertThat(pile.state(message)).isEqualTo("PARKED");
  }

  @Test
  void manyArePatchedByAJobThatEditsEachOnceAndNamesWhatItLeaves() {
    var replay = new Replay(database.dataSource(), clock, order -> true);
    var dryRun = new DryRun(database.dataSource(), GroupPatchIT::normalize);
    var worker =
        new ReplayWorker(database.dataSource(), clock, "one", order -> true, dryRun, Spike.USUAL);
    var good = pile.message().saying("{\"id\":1,\"unit\":\"EACH\"}").lies();
    var without = pile.message().saying("{\"id\":3}").lies();
    var failing = pile.message().saying("{\"unit\":\"EACH\"}").lies();
    var edited = pile.message().saying("{\"id\":4,\"unit\":\"EACH\"}").lies();
    pile.delivery().lies();
    var patch = Json.tree("[{\"op\":\"replace\",\"path\":\"/unit\",\"value\":\"EA\"}]");
    var terms = new Replay.Terms(null, patch, 100, 0, false, Integer.MAX_VALUE);
    assertThatThrownBy(() -> replay.start(Selection.everything(), terms, " ", "ann"))
        .hasMessage("Patching dead letters needs a reason. Say what was wrong with them.");
    assertThatThrownBy(
            () ->
                replay.start(
                    Selection.everything(),
                    new Replay.Terms(ReplayStep.SEND, patch, 100, 0, false, 10),
                    "r",
                    "ann"))
        .hasMessage(
            "A patch changes the bytes of messages, which run from step 'normalize'. Leave the step or the patch out.");

    var dry =
        replay.start(
            Selection.everything(), new Replay.Terms(null, patch, 100, 0, true, 10), null, "ann");
    work(worker);
    assertThat(replay.find(dry.id()).orElseThrow().replayed()).isEqualTo(2);
    assertThat(pile.state(good)).as("a dry run touches nothing").isEqualTo("PARKED");

    var job = replay.start(Selection.everything(), terms, "EACH is EA", "ann");
    pile.execute("UPDATE inbox_message SET fence = fence + 1 WHERE id = " + edited.substring(4));
    work(worker);
    work(worker);

    assertThat(replay.items(job.id(), null, null, 10).items())
        .extracting(ReplayItem::id, ReplayItem::state, ReplayItem::detail)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(good, ReplayItem.State.REPLAYED, null),
            org.assertj.core.groups.Tuple.tuple(
                without, ReplayItem.State.FAILED, "There is nothing at '/unit'."),
            org.assertj.core.groups.Tuple.tuple(
                failing, ReplayItem.State.FAILED, "It would fail as UNMAPPED: No '/id'. Add it."),
            org.assertj.core.groups.Tuple.tuple(
                edited,
                ReplayItem.State.SKIPPED,
                "It has changed since it was selected. Look at it again."));
    assertThat(replay.find(job.id()).orElseThrow().state()).isEqualTo(ReplayJob.State.DONE);
    assertThat(pile.state(good)).isEqualTo("RECEIVED");
    assertThat(pile.state(edited)).isEqualTo("PARKED");
    assertThat(
            pile.number(
                "SELECT count(*) FROM message_edit WHERE actor = 'ann' AND reason = 'EACH is EA'"))
        .isEqualTo(1);
    assertThat(pile.audit())
        .extracting(entry -> entry.get("action"))
        .contains("replay.start", "dead-letter.edit");
    assertThat(pile.audit().getFirst().get("after"))
        .as("what is typed may name a person")
        .contains("\"patch\":[\"replace /unit\"]")
        .doesNotContain("\"EA\"");
  }

  private void work(ReplayWorker worker) {
    worker.runDue();
    clock.advance(java.time.Duration.ofSeconds(1));
    worker.runDue();
  }

  @Test
  void whatWouldNotChangeIsLeft() {
    var same = pile.message().saying("{\"id\":1,\"unit\":\"EA\"}").lies();

    var report =
        patches.run(
            Selection.everything(),
            JsonPatch.of(Json.tree("{\"unit\":\"EA\"}")),
            false,
            "again",
            "ann");

    assertThat(of(report, same).sentence()).isEqualTo("The patch changes nothing of it.");
    assertThat(pile.state(same)).isEqualTo("PARKED");
  }

  @Test
  void whatHasLostItsPayloadIsLeft() {
    var gone = pile.message().lies();
    pile.execute("DELETE FROM message_payload WHERE message_id = " + gone.substring(4));

    assertThat(of(patches.run(Selection.everything(), UNIT, true, null, "ann"), gone).sentence())
        .isEqualTo("Its payload is past its retention and gone.");
  }

  @Test
  void aChangeNeedsAReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> patches.run(Selection.everything(), UNIT, false, " ", "ann"))
        .withMessage("Patching dead letters needs a reason. Say what was wrong with them.");
  }

  @Test
  void nobodyPatchesMoreAloneThanIsAllowedAndNothingIsChangedThen() {
    var one = pile.message().saying("{\"id\":1,\"unit\":\"EACH\"}").lies();
    pile.message().saying("{\"id\":2,\"unit\":\"EACH\"}").lies();

    assertThatThrownBy(() -> patches.run(Selection.everything(), UNIT, false, "r", "ann", 1))
        .isInstanceOf(GroupPatch.TooMany.class)
        .hasMessage(
            "2 dead letters are selected, and nobody may patch more than 1 at once; patch fewer at a time.");

    assertThat(pile.state(one)).isEqualTo("PARKED");
    assertThat(patches.run(Selection.everything(), UNIT, true, null, "ann", 1).fits()).isEqualTo(2);
    assertThat(patches.run(Selection.of(one), UNIT, false, "r", "ann", 1).fits()).isEqualTo(1);
  }

  @Test
  void nobodyTakesAReplayOverWhileItsMessagesTakeLongToTry() {
    var other = new ReplayWorker[1];
    var slow =
        new DryRun(
            database.dataSource(),
            raw -> {
              clock.advance(Duration.ofSeconds(20));
              other[0].runDue();
              return normalize(raw);
            });
    for (var i = 0; i < 4; i++) {
      pile.message().saying("{\"id\":%d,\"unit\":\"EACH\"}".formatted(i)).lies();
    }
    other[0] =
        new ReplayWorker(database.dataSource(), clock, "two", order -> true, slow, Spike.USUAL);
    var worker =
        new ReplayWorker(database.dataSource(), clock, "one", order -> true, slow, Spike.USUAL);
    var patch = Json.tree("[{\"op\":\"replace\",\"path\":\"/unit\",\"value\":\"EA\"}]");
    var replay = new Replay(database.dataSource(), clock, order -> true);
    var job =
        replay.start(
            Selection.everything(), new Replay.Terms(null, patch, 100, 0, false, 100), "r", "ann");

    worker.runDue();
    clock.advance(Duration.ofSeconds(1));
    worker.runDue();

    assertThat(replay.find(job.id()).orElseThrow().replayed()).isEqualTo(4);
    assertThat(pile.rows("SELECT holder, fence::text AS fence FROM lease WHERE name = 'replay'"))
        .containsExactly(Map.of("holder", "one", "fence", "1"));
  }
}
