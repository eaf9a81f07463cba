package io.serai.deadletter;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.serai.database.TestDatabase;
import io.serai.failure.FailureKind;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReplayIT {
  private static final UUID ORDER = UUID.fromString("01900000-0000-7000-8000-000000000001");
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final List<UUID> allocated = new ArrayList<>();
  private Pile pile;
  private DeadLetters deadLetters;
  private Replay replay;
  private ReplayWorker worker;

  @BeforeEach
  void begin() {
    pile = new Pile(database.dataSource(), clock);
    pile.clear();
    pile.rows("DELETE FROM mapping_version RETURNING name");
    deadLetters = new DeadLetters(database.dataSource(), clock, Aftermath.none());
    replay = new Replay(database.dataSource(), clock, this::allocate);
    worker = worker("one");
  }

  @Test
  void aReplayedMessageIsReceivedAgainUnderItsOldNameInItsOldLane() {
    var id = pile.message().inLane("shopify-main/1").of(ORDER).lies();
    var before = pile.row(id);
    clock.advance(ofHours(3));

    var verdict = replay.one(id, "mapping corrected", "ann", 5);

    assertThat(verdict).isEqualTo(new Verdict.Done(id, "RECEIVED", 6));
    var after = pile.row(id);
    assertThat(after)
        .containsEntry("state", "RECEIVED")
        .containsEntry("attempt_count", "0")
        .containsEntry("failure_id", null)
        .containsEntry("lease_owner", null)
        .containsEntry("fence", "6");
    assertThat(dueNow(id, "inbox_message")).isTrue();
    for (var kept :
        List.of("lane", "message_key", "dedupe_key", "received_at", "order_id", "account")) {
      assertThat(after.get(kept)).as(kept).isEqualTo(before.get(kept));
    }
    assertThat(timeline()).containsExactly("Message '" + id + "' was replayed (by 'ann').");
    assertThat(pile.rows("SELECT kind FROM order_event").getFirst())
        .containsEntry("kind", "message.replayed");
    assertThat(pile.audit())
        .extracting(entry -> entry.get("action"), entry -> entry.get("reason"))
        .containsExactly(tuple("dead-letter.replay", "mapping corrected"));
  }

  @Test
  void aReplayedDeliveryIsReadyAgainWithTheSameKeyAndContentAndANewDeadline() {
    var id = pile.delivery().lies();
    var before = pile.row(id);
    clock.advance(ofHours(3));

    var verdict = replay.one(id, null, "ann", 7);

    assertThat(verdict).isEqualTo(new Verdict.Done(id, "READY", 8));
    var after = pile.row(id);
    assertThat(after)
        .containsEntry("state", "READY")
        .containsEntry("attempt_count", "0")
        .containsEntry("fence", "8");
    assertThat(dueNow(id, "delivery")).isTrue();
    for (var kept :
        List.of("idempotency_key", "content", "revision", "lane", "business_key", "created_at")) {
      assertThat(after.get(kept)).as(kept).isEqualTo(before.get(kept));
    }
    assertThat(
            pile.number(
                "SELECT extract(epoch FROM deadline_at - due_at)::int / 3600 FROM delivery"))
        .as("hours to the deadline, as many as there were from its creation")
        .isEqualTo(48);
  }

  @Test
  void afterAMappingWasCorrectedWhatHadNoEffectIsANewRevisionUnderANewKey() {
    var known = pile.delivery().lies();
    var unknown = pile.delivery().ofUnknownOutcome().lies();
    var before = pile.row(unknown);
    mapping("2020-01-01T00:00:00Z", "v1");
    clock.advance(ofHours(1));
    mapping(clock.instant().toString(), "v2");
    clock.advance(ofHours(1));

    replay.one(known, null, "ann", 7);
    replay.one(unknown, null, "ann", 7);

    var anew = pile.row(known);
    assertThat(anew).containsEntry("revision", "2");
    assertThat(anew.get("idempotency_key"))
        .isEqualTo(anew.get("operation") + ":" + anew.get("business_key") + ":2");
    assertThat(anew.get("mapped_at")).isNotNull();
    for (var kept : List.of("idempotency_key", "revision", "mapped_at")) {
      assertThat(pile.row(unknown).get(kept)).as(kept).isEqualTo(before.get(kept));
    }
  }

  @Test
  void aMappingThatIsKnownSinceLaterButNeverChangedMakesNoNewRevision() {
    var id = pile.delivery().lies();
    clock.advance(ofHours(1));
    mapping(clock.instant().toString(), "v1");

    replay.one(id, null, "ann", 7);

    assertThat(pile.row(id)).containsEntry("revision", "1");
  }

  private void mapping(String since, String version) {
    pile.rows(
        "INSERT INTO mapping_version (name, since, version, sources) VALUES ('acme/a.out.jslt', '"
            + since
            + "', '"
            + version
            + "', '{}') RETURNING name");
  }

  @Test
  void aRefusedDeliveryCanBeReplayedToo() {
    var id = pile.delivery().in("REFUSED").lies();

    assertThat(replay.one(id, null, "ann", 7)).isEqualTo(new Verdict.Done(id, "READY", 8));
  }

  @Test
  void anUnknownOutcomeIsReplayedOnlyWhereAskingTwiceIsSafe() {
    var idempotent = pile.delivery().repeatable("IDEMPOTENT").ofUnknownOutcome().lies();
    var queryable = pile.delivery().repeatable("QUERYABLE").ofUnknownOutcome().lies();
    var blind = pile.delivery().repeatable("BLIND").ofUnknownOutcome().lies();

    assertThat(replay.one(idempotent, null, "ann", 7)).isInstanceOf(Verdict.Done.class);
    assertThat(pile.row(idempotent)).containsEntry("outcome_unknown", "t");
    for (var id : List.of(queryable, blind)) {
      assertThat(replay.one(id, null, "ann", 7))
          .isEqualTo(
              new Verdict.Refused(
                  "Delivery '%s' may have had its effect at 'northwind', and asking again may do it twice. Find out there, then resolve it: it happened, under which reference, or it did not."
                      .formatted(id)));
      assertThat(pile.state(id)).isEqualTo("PARKED");
    }
  }

  @Test
  void aReplayedHoldRunsAllocationAgain() {
    var id = pile.order().called(ORDER).lies();

    var verdict = replay.one(id, null, "ann", DeadLetters.AS_IT_IS);

    assertThat(allocated).containsExactly(ORDER);
    assertThat(verdict).isEqualTo(new Verdict.Done(id, "ACCEPTED", 3));
    assertThat(replay.one(id, null, "ann", DeadLetters.AS_IT_IS))
        .isInstanceOf(Verdict.Changed.class);
  }

  @Test
  void replayingTwiceFindsNothingLeftToDo() {
    var id = pile.message().lies();
    replay.one(id, null, "ann", 5);
    var once = pile.row(id);

    var again = replay.one(id, null, "bob", 5);

    assertThat(again)
        .isEqualTo(
            new Verdict.Changed(
                "Message '%s' is RECEIVED and not stopped any more; nothing was changed. Look at it again."
                    .formatted(id),
                "RECEIVED",
                6));
    assertThat(pile.row(id)).isEqualTo(once);
  }

  @Test
  void aJobFreezesWhatIsSelectedWhenItStarts() {
    var first = pile.message().lies();
    var second = pile.delivery().lies();
    var third = pile.order().lies();

    var job = replay.start(Selection.everything(), 100, false, "all cured", "ann");
    var later = pile.message().lies();
    runFor(ofSeconds(1));

    assertThat(job.total()).isEqualTo(3);
    assertThat(job.state()).isEqualTo(ReplayJob.State.RUNNING);
    assertThat(replay.items(job.id(), null, null, 10).items())
        .extracting(ReplayItem::id, ReplayItem::ordinal, ReplayItem::state)
        .containsExactly(
            tuple(first, 1, ReplayItem.State.REPLAYED),
            tuple(second, 2, ReplayItem.State.REPLAYED),
            tuple(third, 3, ReplayItem.State.REPLAYED));
    assertThat(pile.state(later)).isEqualTo("PARKED");
    var done = replay.find(job.id()).orElseThrow();
    assertThat(done.state()).isEqualTo(ReplayJob.State.DONE);
    assertThat(done.replayed()).isEqualTo(3);
    assertThat(done.remaining()).isZero();
    assertThat(done.finishedAt()).isEqualTo(ManualClock.START.plusMillis(250));
  }

  @Test
  void aGroupATimeRangeAndSingleOnesCanBeSelected() {
    var early = pile.message().lies();
    clock.advance(ofHours(1));
    var late = pile.message().failedBy(FailureKind.INVALID, "No. Do.").lies();
    var group = deadLetters.find(late).orElseThrow().deadLetter().fingerprint();

    assertThat(items(replay.start(Selection.group(group), 1, false, null, "ann")))
        .containsExactly(late);
    assertThat(items(replay.start(Selection.between(null, clock.instant()), 1, false, null, "ann")))
        .containsExactly(early);
    assertThat(items(replay.start(Selection.of(early, "msg_99"), 1, false, null, "ann")))
        .containsExactly(early);
  }

  @Test
  void aJobSaysWhatWasSelectedAndByWhom() {
    pile.message().lies();

    var job =
        replay.start(
            Selection.between(clock.instant(), null)
                .ofType(DeadLetterType.MESSAGE)
                .ofKind("UNMAPPED"),
            7,
            false,
            "cured",
            "ann");

    assertThat(job.selection())
        .isEqualTo(
            "{\"type\":\"MESSAGE\",\"kind\":\"UNMAPPED\",\"since\":\"2026-03-02T10:00:00Z\"}");
    assertThat(job.actor()).isEqualTo("ann");
    assertThat(job.rate()).isEqualTo(7);
    assertThat(pile.audit())
        .extracting(
            entry -> entry.get("action"),
            entry -> entry.get("object"),
            entry -> entry.get("reason"),
            entry -> entry.get("actor"))
        .containsExactly(tuple("replay.start", job.id(), "cured", "ann"));
  }

  @Test
  void aJobOverNothingIsDoneAtOnce() {
    var job = replay.start(Selection.everything(), 10, false, null, "ann");

    assertThat(job.state()).isEqualTo(ReplayJob.State.DONE);
    assertThat(job.total()).isZero();
    assertThat(worker.runDue()).isZero();
  }

  @Test
  void aRateOutOfRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replay.start(Selection.everything(), 0, false, null, "ann"))
        .withMessage("Rate '0' is out of range. Give items a second, from 1 to 10000.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replay.start(Selection.everything(), 10_001, false, null, "ann"));
  }

  @Test
  void aJobKeepsItsRate() {
    messages(100);
    replay.start(Selection.everything(), 20, false, null, "ann");

    assertThat(worker.runDue()).as("nothing is earned yet").isZero();
    clock.advance(ofMillis(500));
    assertThat(worker.runDue()).isEqualTo(10);
    assertThat(worker.runDue()).as("no time has passed").isZero();
    clock.advance(ofMillis(50));
    assertThat(worker.runDue()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(10));
    assertThat(worker.runDue()).as("a stall earns one second at most").isEqualTo(20);
  }

  @Test
  void aJobWithARampGrowsToItsRateAndAnewWhenItIsResumed() {
    messages(200);
    var job = replay.start(Selection.everything(), 20, 10, false, null, "ann");
    worker.runDue();

    clock.advance(Duration.ofSeconds(1));
    assertThat(worker.runDue()).isEqualTo(2);
    clock.advance(Duration.ofSeconds(4));
    assertThat(worker.runDue()).as("half the rate half the way").isEqualTo(10);
    clock.advance(Duration.ofSeconds(5));
    assertThat(worker.runDue()).isEqualTo(20);

    replay.pause(job.id(), null, "ann");
    worker.runDue();
    replay.resume(job.id(), "ann");
    worker.runDue();
    clock.advance(Duration.ofSeconds(1));
    assertThat(worker.runDue()).isEqualTo(2);
    assertThat(replay.find(job.id()).orElseThrow().rampSeconds()).isEqualTo(10);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> replay.start(Selection.everything(), 1, -1, false, null, "ann"))
        .withMessage("Ramp '-1' is out of range. Give seconds, from 0 to 86400.");
  }

  @Test
  void aSlowRateStillAdvances() {
    messages(3);
    replay.start(Selection.everything(), 1, false, null, "ann");

    assertThat(runFor(ofSeconds(2))).isEqualTo(2);
  }

  @Test
  void aBatchIsNeverLargerThanFiveHundred() {
    messages(1_200);
    replay.start(Selection.everything(), 10_000, false, null, "ann");
    worker.runDue();
    clock.advance(ofSeconds(1));

    assertThat(worker.runDue()).isEqualTo(1_200);

    assertThat(
            pile.rows(
                "SELECT count(*) FROM inbox_message GROUP BY xmin::text ORDER BY count(*) DESC"))
        .extracting(row -> row.get("count"))
        .containsExactly("500", "500", "200");
  }

  @Test
  void whatChangedSinceItWasSelectedIsLeftAlone() {
    var applied = pile.message().lies();
    var discarded = pile.delivery().lies();
    var again = pile.message().lies();
    var gone = pile.message().lies();
    var choice = pile.delivery().repeatable("BLIND").ofUnknownOutcome().lies();
    var freed = pile.order().lies();
    var job = replay.start(Selection.everything(), 100, false, null, "ann");
    pile.execute("UPDATE inbox_message SET state = 'APPLIED' WHERE id = " + applied.substring(4));
    deadLetters.discard(discarded, "why", "bob", 7);
    pile.failsAgain(again, FailureKind.INVALID, "Worse. Look.");
    pile.execute("DELETE FROM inbox_message WHERE id = " + gone.substring(4));
    pile.execute("UPDATE sales_order SET hold = NULL");

    runFor(ofSeconds(1));

    assertThat(replay.items(job.id(), ReplayItem.State.SKIPPED, null, 10).items())
        .extracting(ReplayItem::id, ReplayItem::detail)
        .containsExactlyInAnyOrder(
            tuple(applied, "It is APPLIED by now."),
            tuple(discarded, "It is DISCARDED by now."),
            tuple(again, "It has changed since it was selected. Look at it again."),
            tuple(gone, "It is not there any more."),
            tuple(choice, "Its outcome is unknown and it may not be repeated. Resolve it."),
            tuple(freed, "It is not held any more."));
    assertThat(pile.state(again)).isEqualTo("PARKED");
    assertThat(pile.state(choice)).isEqualTo("PARKED");
    assertThat(allocated).isEmpty();
    var done = replay.find(job.id()).orElseThrow();
    assertThat(done.skipped()).isEqualTo(6);
    assertThat(done.state()).isEqualTo(ReplayJob.State.DONE);
  }

  @Test
  void theSameSelectionStartedTwiceReplaysEachItemOnce() {
    messages(50);
    var first = replay.start(Selection.everything(), 100, false, null, "ann");
    var second = replay.start(Selection.everything(), 100, false, null, "bob");

    runFor(ofSeconds(2));

    var one = replay.find(first.id()).orElseThrow();
    var two = replay.find(second.id()).orElseThrow();
    assertThat(one.replayed() + two.replayed()).isEqualTo(50);
    assertThat(one.skipped() + two.skipped()).isEqualTo(50);
    assertThat(pile.number("SELECT max(fence) FROM inbox_message")).isEqualTo(6);
  }

  @Test
  void anItemThatFailedAgainInBetweenIsNotReplayedByTheSecondJob() {
    var id = pile.message().lies();
    replay.start(Selection.everything(), 100, false, null, "ann");
    var second = replay.start(Selection.everything(), 100, false, null, "bob");
    var first = new Replay(database.dataSource(), clock, this::allocate);
    first.one(id, null, "ann", 5);
    pile.failsAgain(id, FailureKind.INVALID, "Worse. Look.");

    runFor(ofSeconds(1));

    assertThat(replay.find(second.id()).orElseThrow().skipped()).isEqualTo(1);
    assertThat(pile.state(id)).isEqualTo("PARKED");
  }

  @Test
  void heldOrdersAreRunAgainOneByOneAndWhatStaysHeldIsSaid() {
    var free = pile.order().lies();
    var stays = pile.order().called(ORDER).heldBy("UNMAPPED").lies();
    var breaks = pile.order().called(new UUID(ORDER.getMostSignificantBits(), -1)).lies();
    var job = replay.start(Selection.everything(), 100, false, null, "ann");

    runFor(ofSeconds(1));

    assertThat(replay.items(job.id(), null, null, 10).items())
        .extracting(ReplayItem::id, ReplayItem::state, ReplayItem::detail)
        .containsExactlyInAnyOrder(
            tuple(free, ReplayItem.State.REPLAYED, null),
            tuple(stays, ReplayItem.State.FAILED, "It is held still."),
            tuple(breaks, ReplayItem.State.FAILED, "It could not be run again: no stock table"));
  }

  @Test
  void theReportSaysThePaceTheCausesAndWhatIsLeft() {
    var reports = new ReplayReports(database.dataSource(), clock);
    var blind = pile.delivery().repeatable("BLIND").ofUnknownOutcome().lies();
    var other = pile.delivery().repeatable("BLIND").ofUnknownOutcome().lies();
    for (var i = 0; i < 28; i++) {
      pile.message().lies();
    }
    var held = pile.order().called(ORDER).heldBy("UNMAPPED").lies();
    var job = replay.start(Selection.everything(), 10, false, "fixed", "ann");
    assertThat(reports.of(job.id()).orElseThrow()).isEqualTo(new ReplayReport(0, 4L, List.of(), 0));

    runFor(ofSeconds(1));
    assertThat(reports.of(job.id()).orElseThrow().perSecond()).isEqualTo(10);
    assertThat(reports.of(job.id()).orElseThrow().secondsLeft()).isEqualTo(3);
    for (var second = 0; second < 4; second++) {
      clock.advance(ofSeconds(1));
      worker.runDue();
    }

    assertThat(replay.find(job.id()).orElseThrow().state()).isEqualTo(ReplayJob.State.DONE);
    assertThat(replay.find(job.id()).orElseThrow().purpose()).isEqualTo("fixed");
    assertThat(reports.of(job.id()).orElseThrow())
        .isEqualTo(
            new ReplayReport(
                0,
                null,
                List.of(
                    new ReplayReport.Cause(
                        ReplayItem.State.SKIPPED,
                        "Its outcome is unknown and it may not be repeated. Resolve it.",
                        2,
                        blind.compareTo(other) < 0 ? blind : other), // the first as text
                    new ReplayReport.Cause(ReplayItem.State.FAILED, "It is held still.", 1, held)),
                3));
    assertThat(reports.left(job.id(), null)).containsExactly(blind, other, held);
    assertThat(reports.left(job.id(), ReplayItem.State.SKIPPED)).containsExactly(blind, other);
    assertThat(reports.left(job.id(), ReplayItem.State.REPLAYED)).isEmpty();
    assertThat(reports.of("rpl_999999")).isEmpty();
  }

  @Test
  void aHoldThatWasFreedRightBeforeAKillCountsAsReplayed() {
    var id = pile.order().lies();
    var job = replay.start(Selection.everything(), 100, false, null, "ann");
    var dying =
        new ReplayWorker(
            database.dataSource(),
            clock,
            "dying",
            order -> {
              allocate(order);
              throw new StackOverflowError("kill -9");
            },
            null,
            Spike.USUAL);
    dying.runDue();
    clock.advance(ofSeconds(1));
    org.assertj.core.api.Assertions.catchThrowable(dying::runDue);
    clock.advance(ofSeconds(31));

    runFor(ofSeconds(1));

    assertThat(replay.items(job.id(), null, null, 10).items())
        .extracting(ReplayItem::id, ReplayItem::state)
        .containsExactly(tuple(id, ReplayItem.State.REPLAYED));
    assertThat(allocated).hasSize(1);
  }

  @Test
  void holdsThatWereFreedBeforeTheLeaseWentToAnotherAreCountedByWhoFreedThem() {
    for (var i = 0; i < 3; i++) {
      pile.order().lies();
    }
    var job = replay.start(Selection.everything(), 100, false, null, "ann");
    var tried = new ArrayList<UUID>();
    var slow =
        new ReplayWorker(
            database.dataSource(),
            clock,
            "slow",
            order -> {
              tried.add(order);
              if (tried.size() == 2) {
                clock.advance(ofSeconds(31));
                pile.execute(
                    "UPDATE lease SET holder = 'other', fence = fence + 1 WHERE name = 'replay'");
                return false; // what failed is the other's to try again
              }
              return allocate(order);
            },
            null,
            Spike.USUAL);
    slow.runDue();
    clock.advance(ofSeconds(1));

    slow.runDue();

    var found = replay.find(job.id()).orElseThrow();
    assertThat(tried).hasSize(2);
    assertThat(found.replayed()).isEqualTo(1);
    assertThat(found.failed()).isZero();
    assertThat(replay.items(job.id(), null, null, 10).items())
        .extracting(ReplayItem::state)
        .containsExactlyInAnyOrder(
            ReplayItem.State.REPLAYED, ReplayItem.State.PLANNED, ReplayItem.State.PLANNED);

    pile.execute("UPDATE lease SET held_until = NULL");
    runFor(ofSeconds(1));

    assertThat(replay.find(job.id()).orElseThrow().replayed()).isEqualTo(3);
    assertThat(allocated).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aPausedJobReplaysNothingUntilItIsResumed() {
    messages(30);
    var job = replay.start(Selection.everything(), 10, false, null, "ann");
    runFor(ofSeconds(1));

    assertThat(replay.pause(job.id(), "lunch", "ann"))
        .isEqualTo(new Verdict.Done(job.id(), "PAUSED", 0));
    assertThat(runFor(ofSeconds(5))).isZero();
    assertThat(replay.find(job.id()).orElseThrow().reason()).isEqualTo("lunch");

    assertThat(replay.resume(job.id(), "ann")).isEqualTo(new Verdict.Done(job.id(), "RUNNING", 0));
    assertThat(runFor(ofSeconds(3))).isEqualTo(20);
    assertThat(replay.find(job.id()).orElseThrow().state()).isEqualTo(ReplayJob.State.DONE);
    assertThat(pile.audit())
        .extracting(row -> row.get("action"))
        .containsExactly("replay.start", "replay.pause", "replay.resume");
  }

  @Test
  void anAbortedJobLeavesTheRestAsItWas() {
    messages(30);
    var job = replay.start(Selection.everything(), 10, false, null, "ann");
    runFor(ofSeconds(1));

    assertThat(replay.abort(job.id(), "wrong group", "ann"))
        .isEqualTo(new Verdict.Done(job.id(), "ABORTED", 0));
    runFor(ofSeconds(5));

    var aborted = replay.find(job.id()).orElseThrow();
    assertThat(aborted.replayed()).isEqualTo(10);
    assertThat(aborted.remaining()).isEqualTo(20);
    assertThat(aborted.finishedAt()).isNotNull();
    assertThat(deadLetters.count(Selection.everything())).isEqualTo(20);
  }

  @Test
  void aJobCanOnlyBeMovedFromWhereItIs() {
    messages(1);
    var job = replay.start(Selection.everything(), 10, false, null, "ann");

    assertThat(replay.resume(job.id(), "ann"))
        .isEqualTo(
            new Verdict.Changed(
                "Replay '%s' is RUNNING; only a PAUSED one can be told to resume. Look at it again."
                    .formatted(job.id()),
                "RUNNING",
                0));
    replay.abort(job.id(), null, "ann");
    assertThat(replay.abort(job.id(), null, "ann"))
        .isEqualTo(
            new Verdict.Changed(
                "Replay '%s' is ABORTED; only a RUNNING or PAUSED or PROPOSED one can be told to abort. Look at it again."
                    .formatted(job.id()),
                "ABORTED",
                0));
    assertThat(replay.pause("rpl_99", null, "ann"))
        .isEqualTo(
            new Verdict.Absent("Replay 'rpl_99' does not exist. List the replays to find its id."));
    assertThat(replay.pause("nonsense", null, "ann")).isInstanceOf(Verdict.Absent.class);
    assertThat(replay.find("nonsense")).isEmpty();
  }

  @Test
  void aJobStopsItselfWhenFailuresOfOneKindSpike() {
    var ids = messages(200);
    var job = replay.start(Selection.everything(), 50, false, null, "ann");
    runFor(ofSeconds(1));
    clock.advance(ofMillis(10));
    ids.subList(0, 10)
        .forEach(id -> pile.failsAgain(id, FailureKind.REFUSED, "No stock. Order some."));
    assertThat(runFor(ofSeconds(1))).as("ten failures are no spike").isEqualTo(50);
    ids.subList(10, 40)
        .forEach(id -> pile.failsAgain(id, FailureKind.REFUSED, "No stock. Order some."));

    assertThat(runFor(ofSeconds(1))).isLessThan(50);

    var stopped = replay.find(job.id()).orElseThrow();
    assertThat(stopped.state()).isEqualTo(ReplayJob.State.PAUSED);
    assertThat(stopped.reason())
        .isEqualTo(
            "Replay '%s' stopped itself: of the last 40 items that were tried, 40 failed again as REFUSED. Cure that, then resume or abort it."
                .formatted(job.id()));
    assertThat(pile.audit()).filteredOn(entry -> entry.get("actor").equals("serai")).hasSize(1);
    replay.resume(job.id(), "ann");
    clock.advance(ofMillis(10));
    runFor(ofSeconds(4));
    assertThat(replay.find(job.id()).orElseThrow().state())
        .as("failures from before the resume do not count")
        .isEqualTo(ReplayJob.State.DONE);
  }

  @Test
  void failuresAmongManySuccessesDoNotStopAJob() {
    var ids = messages(200);
    var job = replay.start(Selection.everything(), 100, false, null, "ann");
    runFor(ofSeconds(1));
    clock.advance(ofMillis(10));
    ids.subList(0, 30).forEach(id -> pile.failsAgain(id, FailureKind.REFUSED, "No. Do."));
    pile.execute("UPDATE inbox_message SET state = 'APPLIED' WHERE state = 'RECEIVED'");

    runFor(ofSeconds(2));

    assertThat(replay.find(job.id()).orElseThrow().state()).isEqualTo(ReplayJob.State.DONE);
  }

  @Test
  void deliveriesThatFailAgainStopAJobToo() {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      ids.add(pile.delivery().lies());
    }
    var job = replay.start(Selection.everything(), 30, false, null, "ann");
    runFor(ofSeconds(1));
    clock.advance(ofMillis(10));
    ids.subList(0, 30)
        .forEach(id -> pile.failsAgain(id, FailureKind.AUTH, "The key is wrong. Set another."));

    runFor(ofSeconds(2));

    assertThat(replay.find(job.id()).orElseThrow().reason()).contains("failed again as AUTH");
  }

  @Test
  void oneReplicaWorksAtATimeAndAnotherTakesOverWhenItsLeaseLapses() {
    messages(100);
    var job = replay.start(Selection.everything(), 10, false, null, "ann");
    var other = worker("two");
    worker.runDue();
    clock.advance(ofSeconds(1));
    assertThat(worker.runDue()).isEqualTo(10);

    assertThat(other.runDue()).isZero();
    clock.advance(ofSeconds(31)); // the first one stalls
    other.runDue();
    clock.advance(ofSeconds(1));
    assertThat(other.runDue()).isEqualTo(10);

    assertThat(worker.runDue()).as("the woken one finds its fence passed").isZero();
    assertThat(replay.find(job.id()).orElseThrow().replayed()).isEqualTo(20);
  }

  @Test
  void aWorkerThatLeavesGivesTheLeaseBack() {
    messages(10);
    replay.start(Selection.everything(), 10, false, null, "ann");
    var other = worker("two");
    worker.runDue();

    worker.close();
    worker.close(); // a second time changes nothing
    other.runDue();
    clock.advance(ofSeconds(1));

    assertThat(other.runDue()).isEqualTo(10);
  }

  @Test
  void replayedItemsStandInTheTimelinesOfTheirOrders() {
    var message = pile.message().of(ORDER).lies();
    var delivery = pile.delivery().of(ORDER).lies();
    pile.message().lies();
    var job = replay.start(Selection.everything(), 10, false, null, "ann");

    runFor(ofSeconds(1));

    assertThat(timeline())
        .containsExactlyInAnyOrder(
            "Message '%s' was replayed by job '%s' (by 'ann').".formatted(message, job.id()),
            "Delivery '%s' was replayed by job '%s' (by 'ann').".formatted(delivery, job.id()));
  }

  @Test
  void jobsAndItemsAreListedInPages() {
    messages(5);
    var first = replay.start(Selection.everything(), 10, false, null, "ann");
    var second = replay.start(Selection.everything(), 10, false, null, "ann");
    var third = replay.start(Selection.everything(), 10, false, null, "ann");

    var page = replay.jobs(null, 2);
    assertThat(page.items()).extracting(ReplayJob::id).containsExactly(third.id(), second.id());
    assertThat(replay.jobs(page.next(), 2).items())
        .extracting(ReplayJob::id)
        .containsExactly(first.id());

    var seen = new TreeSet<Integer>();
    String cursor = null;
    do {
      var items = replay.items(first.id(), ReplayItem.State.PLANNED, cursor, 2);
      items.items().forEach(item -> seen.add(item.ordinal()));
      cursor = items.next();
    } while (cursor != null);
    assertThat(seen).containsExactly(1, 2, 3, 4, 5);
    assertThat(replay.items("nonsense", null, "nonsense", 2).items()).isEmpty();
  }

  @Test
  void fiveThousandItemsTakeASecondOfTheClock() {
    pile.execute(
        """
        INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state,
          received_at, due_at, order_id)
        SELECT 'a', 'order', 'a/' || n, n, n, 'PARKED', now(), now(), gen_random_uuid()
        FROM generate_series(1, 5000) n
        """);
    var job = replay.start(Selection.everything(), 10_000, false, null, "ann");

    runFor(ofSeconds(1));

    assertThat(replay.find(job.id()).orElseThrow().replayed()).isEqualTo(5_000);
  }

  private boolean allocate(UUID order) {
    if (order.equals(ORDER) && pile.row(ItemId.ofOrder(order)).get("hold").equals("UNMAPPED")) {
      return false;
    }
    if (order.getLeastSignificantBits() == -1) {
      throw new IllegalStateException("no stock table");
    }
    allocated.add(order);
    pile.execute(
        "UPDATE sales_order SET hold = NULL, revision = revision + 1 WHERE id = '" + order + "'");
    return true;
  }

  private ReplayWorker worker(String holder) {
    return new ReplayWorker(
        database.dataSource(), clock, holder, this::allocate, null, Spike.USUAL);
  }

  private int runFor(Duration time) {
    var worked = worker.runDue();
    for (var left = time; !left.isNegative() && !left.isZero(); left = left.minusMillis(250)) {
      clock.advance(ofMillis(250));
      worked += worker.runDue();
    }
    return worked;
  }

  private List<String> messages(int count) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(pile.message().lies());
    }
    return ids;
  }

  private List<String> items(ReplayJob job) {
    return replay.items(job.id(), null, null, 100).items().stream().map(ReplayItem::id).toList();
  }

  private boolean dueNow(String id, String table) {
    return pile.number(
            "SELECT count(*) FROM %s WHERE id = %s AND due_at = '%s'"
                .formatted(table, id.substring(4), clock.instant()))
        == 1;
  }

  private List<String> timeline() {
    return pile.rows("SELECT sentence FROM order_event ORDER BY id").stream()
        .map(row -> row.get("sentence"))
        .toList();
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }
}
