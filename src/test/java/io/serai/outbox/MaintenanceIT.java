package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.database.TestDatabase;
import io.serai.failure.Backoff;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Await;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A destination that people leave alone for a while: what is owed to it waits, and then goes on.
 */
class MaintenanceIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration TOLD = Duration.ofSeconds(1);
  private static final String OTHER = "other";

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  private final Maintenance maintenance = new Maintenance(DATABASE.dataSource(), clock);
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final Map<String, Consumer<Outcome>> held = new ConcurrentHashMap<>();
  private Outbox outbox;
  private int marks;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    outbox = start();
  }

  @AfterEach
  void close() {
    held.values().forEach(done -> done.accept(new Outcome.Confirmed("late")));
    outbox.close();
  }

  // Keys that begin with "h" are answered by the test.
  private Outbox start() {
    var started =
        new Outbox(
            () -> DATABASE.connect("outbox"),
            clock,
            "node-1",
            new Outbox.Settings(1_000, Duration.ofMillis(20), Duration.ofSeconds(60)),
            (delivery, outcome, go, drop) -> go.run());
    started.describe(
        new Destination(
            PARTNER,
            1,
            Duration.ofSeconds(10),
            null,
            new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15), 1)));
    for (var destination : List.of(PARTNER, OTHER)) {
      started.register(
          destination,
          "shipment",
          (delivery, done) -> {
            sent.add(delivery.idempotencyKey());
            if (delivery.idempotencyKey().startsWith("h")) {
              held.put(delivery.idempotencyKey(), done);
            } else {
              done.accept(new Outcome.Confirmed("R-1"));
            }
          });
    }
    started.start();
    return started;
  }

  private Maintenance.Window plan(Duration from, Duration until) throws SQLException {
    var now = clock.instant();
    var planned = maintenance.plan(PARTNER, now.plus(from), now.plus(until), "They move.", "ada");
    clock.advance(TOLD); // the outbox reads it
    return planned;
  }

  private void becomes(String key, String state) {
    Await.until("'" + key + "' is " + state, LONG, () -> state.equals(debts.state(key)));
  }

  private void holds(boolean whether) {
    Await.until(
        "it is left alone: " + whether,
        LONG,
        () -> whether == (outbox.endpoints().status(PARTNER).maintainedUntil() != null));
  }

  /** So many looks at all destinations later: what would be sent is sent by now. */
  private void looksTwice() {
    for (var i = 0; i < 2; i++) {
      var mark = "mark-" + ++marks;
      debts.oweTo(OTHER, mark, mark);
      becomes(mark, "CONFIRMED");
    }
  }

  private Instant deadline(String key) {
    return debts
        .all(
            "SELECT deadline_at FROM delivery WHERE idempotency_key = ?",
            rows -> rows.getTimestamp(1).toInstant(),
            key)
        .getFirst();
  }

  @Test
  void whatIsOwedWaitsAndCountsAsNothingAndThenGoesOutGently() throws Exception {
    plan(Duration.ZERO, HOUR);
    holds(true);
    debts.owe("1", "a");
    var given = deadline("a");
    looksTwice();
    assertThat(sent).doesNotContain("a");
    assertThat(outbox.hasRoomFor(PARTNER, 1)).isFalse();
    assertThat(outbox.endpoints().status(PARTNER).sentence()).isEqualTo("They move.");

    clock.advance(HOUR);

    becomes("a", "CONFIRMED");
    assertThat(debts.row("a").attempts()).isEqualTo(1);
    assertThat(debts.count("SELECT count(*) FROM failure")).isZero();
    assertThat(deadline("a")).isEqualTo(given.plus(HOUR));
    var status = outbox.endpoints().status(PARTNER);
    assertThat(status.breaker()).isEqualTo("CLOSED");
    assertThat(status.share()).isLessThan(1);
    assertThat(outbox.endpoints().status(OTHER).share()).isEqualTo(1);
  }

  @Test
  void whatWaitsInGreatNumberGetsItsTimeBackInStepsEachOnce() throws Exception {
    plan(Duration.ZERO, HOUR);
    holds(true);
    var many = 2 * MaintenanceStore.STEP + 7;
    debts.run(
        """
        INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
          state, due_at, deadline_at, created_at)
        SELECT '%1$s', 'shipment', 'shipment', CASE WHEN n > 3000 THEN '%1$s/hot' ELSE '%1$s/' || n END, 'n' || n, 'n' || n,
          'IDEMPOTENT', 'READY', t.at + interval '1 day', t.at + interval '2 days', t.at
        FROM generate_series(1, %2$d) n, (SELECT '%3$s'::timestamptz AS at) t"""
            .formatted(PARTNER, many, clock.instant()));

    clock.advance(HOUR);

    holds(false);
    assertThat(
            debts.count(
                "SELECT count(*) FROM delivery WHERE deadline_at = created_at + interval '2 days 1 hour'"))
        .isEqualTo(many);
    assertThat(debts.count("SELECT count(*) FROM maintenance WHERE closed_at IS NULL")).isZero();
  }

  @Test
  void aPlannedOneBeginsByItself() throws Exception {
    plan(HOUR, HOUR.multipliedBy(2));
    debts.owe("1", "a");
    becomes("a", "CONFIRMED");

    clock.advance(HOUR);
    holds(true);
    debts.owe("2", "b");
    looksTwice();

    assertThat(debts.state("b")).isEqualTo("READY");
  }

  @Test
  void whereTheyOverlapTheLastOneCounts() throws Exception {
    plan(Duration.ZERO, HOUR);
    plan(HOUR.dividedBy(2), HOUR.multipliedBy(3));
    holds(true);
    debts.owe("1", "a");
    var given = deadline("a");

    clock.advance(HOUR.multipliedBy(2));
    looksTwice();
    assertThat(debts.state("a")).isEqualTo("READY");

    clock.advance(HOUR);
    becomes("a", "CONFIRMED");
    assertThat(deadline("a")).isEqualTo(given.plus(HOUR.multipliedBy(3)));
  }

  @Test
  void oneThatIsEndedEarlyLetsGoAtOnceAndCannotBeEndedAgain() throws Exception {
    var window = plan(Duration.ZERO, HOUR);
    holds(true);
    debts.owe("1", "a");
    clock.advance(Duration.ofMinutes(10));

    var ended = maintenance.end(window.id(), "They are back.", "bob").orElseThrow();
    assertThat(ended.over()).isEqualTo(clock.instant());
    clock.advance(TOLD);

    becomes("a", "CONFIRMED");
    assertThat(ended.state(clock.instant())).isEqualTo("ENDED");
    assertThat(maintenance.end(window.id(), "again", "bob")).isEmpty();
    assertThat(
            debts.all(
                "SELECT actor || ' ' || action || ' ' || reason FROM audit_entry ORDER BY id",
                rows -> rows.getString(1)))
        .containsExactly("ada maintenance.plan They move.", "bob maintenance.end They are back.");
  }

  @Test
  void oneThatIsTakenBackNeverBegins() throws Exception {
    var window = plan(HOUR, HOUR.multipliedBy(2));
    var gone = maintenance.end(window.id(), "They do not.", "bob").orElseThrow();
    assertThat(gone.state(clock.instant())).isEqualTo("CANCELLED");

    clock.advance(HOUR.plusMinutes(1));
    debts.owe("1", "a");

    becomes("a", "CONFIRMED");
    assertThat(outbox.endpoints().status(PARTNER).share()).isEqualTo(1);
  }

  @Test
  void itOutlivesARestartAndEndsThoughNobodyRanAtItsEnd() throws Exception {
    plan(Duration.ZERO, HOUR);
    holds(true);
    outbox.close();

    outbox = start();
    debts.owe("1", "a");
    looksTwice();
    assertThat(debts.state("a")).isEqualTo("READY");
    outbox.close();
    clock.advance(HOUR.multipliedBy(5));
    outbox = start();

    becomes("a", "CONFIRMED");
    assertThat(maintenance.now()).isEmpty();
  }

  @Test
  void aCallThatIsOnItsWayWhenItBeginsMayFailAndDoesNotCount() throws Exception {
    debts.owe("1", "h");
    Await.until("it is on its way", LONG, () -> held.containsKey("h"));
    plan(Duration.ZERO, HOUR);
    holds(true);

    // its only try, had it counted
    held.remove("h")
        .accept(
            new Outcome.Failed(
                new Failure(
                    FailureKind.TRANSIENT,
                    "It is down.",
                    Place.of(PARTNER),
                    null,
                    503,
                    Duration.ofMinutes(50))));

    becomes("h", "READY");
    assertThat(debts.row("h").attempts()).isZero();
    assertThat(
            debts.all("SELECT counted FROM delivery_attempt", rows -> rows.getBoolean("counted")))
        .containsExactly(false);
    clock.advance(HOUR);
    Await.until("it is sent again", LONG, () -> held.containsKey("h"));
    assertThat(outbox.endpoints().status(PARTNER).breaker()).isEqualTo("CLOSED");
  }

  @Test
  void whatWasHandedOnAndFoundNoPlaceYetGoesBack() throws Exception {
    debts.owe("1", "h");
    Await.until("it is on its way", LONG, () -> held.containsKey("h"));
    debts.owe("2", "b");
    debts.run(
        """
        UPDATE delivery SET state = 'SENDING', fence = 1, lease_owner = 'node-1', lease_until = ?
        WHERE idempotency_key = 'b'""",
        clock.instant().plus(HOUR));
    outbox.handOn(List.of(delivery("b")));
    plan(Duration.ZERO, HOUR);
    holds(true);

    held.remove("h").accept(new Outcome.Confirmed("R-1"));

    becomes("b", "READY");
    assertThat(debts.row("b").attempts()).isZero();
    assertThat(debts.row("b").unknown()).isFalse();
    assertThat(sent).doesNotContain("b");
    assertThat(debts.count("SELECT count(*) FROM failure")).isZero();
  }

  private Delivery delivery(String key) {
    var at = clock.instant();
    return debts
        .all(
            "SELECT id, lane FROM delivery WHERE idempotency_key = ?",
            rows ->
                new Delivery(
                    rows.getLong(1),
                    PARTNER,
                    "shipment",
                    "shipment",
                    rows.getString(2),
                    null,
                    key,
                    1,
                    key,
                    RepeatMode.IDEMPOTENT,
                    Json.tree("{}"),
                    false,
                    0,
                    at.plus(Duration.ofHours(48)),
                    at,
                    1,
                    at.plus(HOUR)),
            key)
        .getFirst();
  }

  @Test
  void anAnswerThatFallsDueMeanwhileIsNotSilence() throws Exception {
    debts.owe("1", "h");
    Await.until("it is on its way", LONG, () -> held.containsKey("h"));
    held.remove("h").accept(new Outcome.Pending("J-1", clock.instant().plus(HOUR)));
    becomes("h", "PENDING");
    plan(Duration.ZERO, HOUR.multipliedBy(3));
    holds(true);

    clock.advance(HOUR.multipliedBy(2));
    looksTwice();
    assertThat(debts.state("h")).isEqualTo("PENDING");

    clock.advance(HOUR);
    holds(false);
    looksTwice();
    assertThat(debts.state("h")).isEqualTo("PENDING");
    clock.advance(HOUR);
    becomes("h", "PARKED");
  }

  @Test
  void oneWithoutAnEndOrWithNoneThatCanBeIsRefused() {
    var now = clock.instant();
    var refused = new ArrayList<String>();
    for (var until : new Instant[] {null, now.minus(HOUR), now.plus(Duration.ofDays(15))}) {
      assertThatThrownBy(() -> maintenance.plan(PARTNER, now, until, "why", "ada"))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(e -> refused.add(e.getMessage()));
    }
    assertThatThrownBy(
            () ->
                maintenance.plan(
                    PARTNER,
                    now.plus(Duration.ofDays(400)),
                    now.plus(Duration.ofDays(401)),
                    "why",
                    "ada"))
        .satisfies(e -> refused.add(e.getMessage()));
    assertThatThrownBy(() -> maintenance.plan(PARTNER, now, now.plus(HOUR), " ", "ada"))
        .satisfies(e -> refused.add(e.getMessage()));

    assertThat(refused)
        .containsExactly(
            "Maintenance of 'northwind' needs an end, or it would be left alone for ever; say until when.",
            "Maintenance of 'northwind' would end at 2026-03-02T09:00:00Z, before it begins or in the past; give a later end.",
            "Maintenance of 'northwind' from 2026-03-02T10:00:00Z until 2026-03-17T10:00:00Z is longer than 14 days; end it earlier, or switch the account off.",
            "Maintenance of 'northwind' from 2027-04-06T10:00:00Z is more than 366 days ahead; plan it later.",
            "Maintenance of 'northwind' needs a reason; say why it is to be left alone.");
    assertThat(debts.count("SELECT count(*) FROM maintenance")).isZero();
  }

  @Test
  void theVerySameOneTwiceIsOne() throws Exception {
    var from = clock.instant().plus(HOUR);
    var first = maintenance.plan(PARTNER, from, from.plus(HOUR), "They move.", "ada");

    assertThat(maintenance.plan(PARTNER, from, from.plus(HOUR), "Again.", "bob").id())
        .isEqualTo(first.id());
    assertThat(debts.count("SELECT count(*) FROM maintenance")).isEqualTo(1);
    assertThat(debts.count("SELECT count(*) FROM audit_entry")).isEqualTo(1);
  }
}
