package io.serai.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serai.database.TestDatabase;
import io.serai.deadletter.DryRun.Difference;
import io.serai.deadletter.DryRun.Outcome;
import io.serai.deadletter.Normalizer.Canonical;
import io.serai.deadletter.Normalizer.Normalized;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DryRunIT {
  private static final UUID ORDER = UUID.fromString("01900000-0000-7000-8000-000000000001");
  @RegisterExtension static final TestDatabase database = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private Pile pile;
  private DryRun dryRun;

  /** Takes the body for the canonical order; "ignore" and "fail" speak for themselves. */
  private static Normalized normalize(Normalizer.Raw raw) {
    var body = new String(raw.body(), StandardCharsets.UTF_8);
    return switch (body) {
      case "ignore" -> new Normalized.Ignored("A draft.");
      case "fail" ->
          new Normalized.Failed(
              Failure.of(FailureKind.UNMAPPED, "No '/id'. Add it.", Place.of(raw.account())));
      case "crash" -> throw new IllegalStateException("no such mapping");
      default -> new Normalized.Documents(List.of(new Canonical(raw.document(), json(body))));
    };
  }

  @BeforeEach
  void begin() {
    pile = new Pile(database.dataSource(), clock);
    pile.clear();
    dryRun = new DryRun(database.dataSource(), DryRunIT::normalize);
  }

  @Test
  void anUnchangedOrderIsTheSame() {
    pile.order().called(ORDER).reading("{\"a\":{\"b\":[1,2]},\"c\":10.0}").lies();
    var id = pile.message().of(ORDER).saying("{\"c\":10,\"a\":{\"b\":[1,2]}}").lies();

    var report = dryRun.of(id).orElseThrow();

    assertThat(report.outcome()).isEqualTo(Outcome.SAME);
    assertThat(report.sentence()).isEqualTo("It would apply what was applied before.");
    assertThat(report.differences()).isEmpty();
  }

  @Test
  void eachLeafThatDiffersIsNamed() {
    pile.order()
        .called(ORDER)
        .reading("{\"a\":{\"b\":[1,2]},\"note\":\"x\",\"kind\":\"A\",\"t\":{\"u\":1}}")
        .lies();
    var id =
        pile.message()
            .of(ORDER)
            .saying("{\"a\":{\"b\":[1,3,4]},\"kind\":\"B\",\"x/y~z\":true,\"t\":[1]}")
            .lies();

    var report = dryRun.of(id).orElseThrow();

    assertThat(report.outcome()).isEqualTo(Outcome.DIFFERENT);
    assertThat(report.sentence())
        .isEqualTo("It would change 6 places of the order, '/a/b/1' first.");
    assertThat(report.differences())
        .containsExactly(
            new Difference("/a/b/1", "2", "3"),
            new Difference("/a/b/2", null, "4"),
            new Difference("/note", "\"x\"", null),
            new Difference("/kind", "\"A\"", "\"B\""),
            new Difference("/t", "{\"u\":1}", "[1]"),
            new Difference("/x~1y~0z", null, "true"));
  }

  @Test
  void aParkedMessageIsComparedWithTheOrderOfItsKey() {
    pile.order().called(ORDER).reading("{\"a\":1}").lies();
    pile.execute("UPDATE sales_order SET channel_order_id = 'k2'");
    var id = pile.message().saying("{\"a\":2}").lies();

    var report = dryRun.of(id).orElseThrow();

    assertThat(report.sentence()).isEqualTo("It would change 1 place of the order, '/a' first.");
  }

  @Test
  void whatWasNeverAppliedIsNew() {
    var order = pile.message().saying("{\"a\":1}").lies();
    pile.order().called(ORDER).reading("{\"a\":1}").lies();
    var refund = pile.message().carrying("refund").of(ORDER).saying("{\"a\":1}").lies();

    assertThat(dryRun.of(order).orElseThrow().sentence())
        .isEqualTo("It would apply for the first time: order.");
    assertThat(dryRun.of(refund).orElseThrow().outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void whatWouldBeIgnoredOrWouldFailIsSaid() {
    var ignored = pile.message().saying("ignore").lies();
    var failing = pile.message().saying("fail").lies();

    assertThat(dryRun.of(ignored).orElseThrow().sentence())
        .isEqualTo("It would be ignored: A draft.");
    assertThat(dryRun.of(failing).orElseThrow().sentence())
        .isEqualTo("It would fail as UNMAPPED: No '/id'. Add it.");
  }

  @Test
  void anEditCanBeTriedBeforeItIsMade() {
    var id = pile.message().saying("fail").lies();

    var report = dryRun.of(id, "{\"a\":1}".getBytes(StandardCharsets.UTF_8)).orElseThrow();

    assertThat(report.outcome()).isEqualTo(Outcome.NEW);
    assertThat(pile.state(id)).isEqualTo("PARKED");
  }

  @Test
  void onlyStoredMessagesCanBeRunDry() {
    var delivery = pile.delivery().lies();

    assertThat(dryRun.of(delivery)).isEmpty();
    assertThat(dryRun.of("msg_0")).isEmpty();
    assertThat(dryRun.of("msg_999999999")).isEmpty();
    assertThat(dryRun.of("nonsense")).isEmpty();
  }

  @Test
  void aDryReplayLooksAtEverythingAndTouchesNothing() {
    var fresh = pile.message().saying("{\"a\":1}").lies();
    var failing = pile.message().saying("fail").lies();
    var crashing = pile.message().saying("crash").lies();
    var gone = pile.message().lies();
    pile.execute("DELETE FROM message_payload WHERE message_id = " + gone.substring(4));
    var delivery = pile.delivery().lies();
    var held = pile.order().lies();
    var before = pile.rows("SELECT * FROM inbox_message ORDER BY id");
    var replay = new Replay(database.dataSource(), clock, order -> true);
    var worker =
        new ReplayWorker(database.dataSource(), clock, "one", order -> true, dryRun, Spike.USUAL);

    var job = replay.start(Selection.everything(), 100, true, null, "ann");
    worker.runDue();
    clock.advance(Duration.ofSeconds(1));
    worker.runDue();

    assertThat(replay.items(job.id(), null, null, 10).items())
        .extracting(ReplayItem::id, ReplayItem::state, ReplayItem::detail)
        .containsExactly(
            tuple(fresh, ReplayItem.State.REPLAYED, "It would apply for the first time: order."),
            tuple(failing, ReplayItem.State.FAILED, "It would fail as UNMAPPED: No '/id'. Add it."),
            tuple(crashing, ReplayItem.State.FAILED, "It could not be run dry: no such mapping"),
            tuple(gone, ReplayItem.State.SKIPPED, "It is not there any more."),
            tuple(delivery, ReplayItem.State.REPLAYED, "No attempt had an effect."),
            tuple(held, ReplayItem.State.SKIPPED, "Only messages and deliveries can be run dry."));
    var done = replay.find(job.id()).orElseThrow();
    assertThat(done.dryRun()).isTrue();
    assertThat(done.state()).isEqualTo(ReplayJob.State.DONE);
    assertThat(pile.rows("SELECT * FROM inbox_message ORDER BY id")).isEqualTo(before);
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
