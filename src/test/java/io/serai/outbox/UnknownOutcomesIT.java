package io.serai.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.failure.Backoff;
import io.serai.failure.Failure;
import io.serai.failure.FailureKind;
import io.serai.failure.Place;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of a delivery that may have had its effect: never a blind second try. */
class UnknownOutcomesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PARTNER = "northwind";
  private static final Duration LAG = Duration.ofSeconds(45);
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile Outcome answer = new Outcome.Confirmed("R-1");
  private volatile Outcome found = new Outcome.Absent();
  private Outbox outbox;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    outbox =
        new Outbox(
            () -> DATABASE.connect("outbox"),
            clock,
            "node-1",
            new Outbox.Settings(1_000, Duration.ofMillis(50), Duration.ofSeconds(60)),
            (delivery, outcome, go, drop) -> go.run());
    outbox.register(
        PARTNER,
        "shipment",
        (delivery, done) -> {
          sent.add(delivery.idempotencyKey());
          done.accept(answer);
        });
    outbox.registerLookup(
        PARTNER,
        "shipment",
        (delivery, done) -> {
          asked.add(delivery.idempotencyKey());
          done.accept(found);
        });
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private static Outcome failed(FailureKind kind, Integer status) {
    return new Outcome.Failed(
        new Failure(kind, "It failed.", Place.of(PARTNER), null, status, null));
  }

  private void owe(RepeatMode repeat, String state, boolean unknown) {
    owe("1", repeat, state, unknown);
  }

  private void owe(String no, RepeatMode repeat, String state, boolean unknown) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement =
            connection.prepareStatement(
                """
                WITH d AS (
                  INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
                    state, outcome_unknown, due_at, deadline_at, lease_owner, lease_until, created_at)
                  VALUES ('northwind', 'shipment', 'shipment', 'northwind/' || ?, 'shp_' || ?, 'key-' || ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  RETURNING id)
                INSERT INTO delivery_content SELECT id, '{}' FROM d""")) {
      var now = Timestamp.from(clock.instant());
      statement.setString(1, no);
      statement.setString(2, no);
      statement.setString(3, no);
      statement.setString(4, repeat.name());
      statement.setString(5, state);
      statement.setBoolean(6, unknown);
      statement.setTimestamp(7, now);
      statement.setTimestamp(8, Timestamp.from(clock.instant().plus(Duration.ofHours(48))));
      statement.setString(9, "SENDING".equals(state) ? "a node that died" : null);
      statement.setTimestamp(10, "SENDING".equals(state) ? now : null);
      statement.setTimestamp(11, now);
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static String delivery() {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT state, outcome_unknown FROM delivery WHERE business_key = 'shp_1'")) {
      rows.next();
      return rows.getString(1) + (rows.getBoolean(2) ? " unknown" : "");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void becomes(String state) {
    Await.until(
        "the delivery is " + state + ", not " + delivery(), LONG, () -> state.equals(delivery()));
  }

  @Test
  void anIdempotentPartnerIsSentTheSameKeyAgain() {
    owe(RepeatMode.IDEMPOTENT, "SENDING", false);

    outbox.start();

    becomes("CONFIRMED");
    assertThat(sent).containsExactly("key-1");
    assertThat(asked).isEmpty();
  }

  @Test
  void aQueryablePartnerIsAskedFirstAndWhatItHasIsNotSentAgain() {
    found = new Outcome.Confirmed("R-9");
    owe(RepeatMode.QUERYABLE, "SENDING", false);

    outbox.start();

    becomes("CONFIRMED");
    assertThat(asked).containsExactly("key-1");
    assertThat(sent).isEmpty();
  }

  @Test
  void whatAQueryablePartnerDoesNotKnowIsSentUnderTheSameKey() {
    owe(RepeatMode.QUERYABLE, "SENDING", false);

    outbox.start();

    becomes("CONFIRMED");
    assertThat(asked).containsExactly("key-1");
    assertThat(sent).containsExactly("key-1");
  }

  @Test
  void nothingIsLookedUpBeforeThePartnerWouldShowIt() {
    slowToShow();
    answer = failed(FailureKind.UNKNOWN_OUTCOME, null);
    owe(RepeatMode.QUERYABLE, "READY", false);
    outbox.start();
    becomes("READY unknown");

    assertThat(due()).isAfterOrEqualTo(clock.instant().plus(LAG));
    found = new Outcome.Confirmed("R-9");
    clock.advance(Duration.ofMinutes(1));

    becomes("CONFIRMED");
    assertThat(sent).containsExactly("key-1");
    assertThat(asked).containsExactly("key-1");
  }

  @Test
  void whatANodeWasSendingWhenItDiedIsNotLookedUpBeforeThePartnerWouldShowIt() {
    slowToShow();
    owe(RepeatMode.QUERYABLE, "SENDING", false);

    outbox.start();

    becomes("READY unknown");
    assertThat(due()).isEqualTo(clock.instant().plus(LAG));
    assertThat(asked).isEmpty();
    clock.advance(LAG);
    becomes("CONFIRMED");
    assertThat(asked).containsExactly("key-1");
    assertThat(sent).as("it had not arrived").containsExactly("key-1");
  }

  @Test
  void whatANodeWasSendingWhenItDiedIsLookedUpThoughItsDeadlineHasPassed() {
    slowToShow();
    owe(RepeatMode.QUERYABLE, "SENDING", false);
    clock.advance(Duration.ofDays(30));
    found = new Outcome.Confirmed("R-1");

    outbox.start();

    becomes("READY unknown");
    assertThat(asked).isEmpty();
    clock.advance(LAG);
    becomes("CONFIRMED");
    assertThat(asked).containsExactly("key-1");
    assertThat(sent).isEmpty();
  }

  private void slowToShow() {
    outbox.describe(
        new Destination(PARTNER, 64, Duration.ofSeconds(10), null, Backoff.DEFAULT, LAG));
  }

  private static Instant due() {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT due_at FROM delivery")) {
      rows.next();
      return rows.getTimestamp(1).toInstant();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatWasCommittedUnheardIsSentAtOnceBecauseNobodyEverSentIt() {
    outbox.start();
    var until = clock.instant().plus(Duration.ofSeconds(60));
    owe(RepeatMode.QUERYABLE, "WAITING", false);
    outbox.neverHandedOn(List.of(id()), until); // the server is still at it
    leased("node-1", until);

    clock.advance(Duration.ofSeconds(1));

    becomes("CONFIRMED");
    assertThat(sent).containsExactly("key-1");
    assertThat(asked).as("nothing is in doubt").isEmpty();
  }

  @Test
  void whatSomebodyElseTookMeanwhileIsLeftToThem() {
    var until = clock.instant().plus(Duration.ofSeconds(60));
    outbox.start();
    owe(RepeatMode.QUERYABLE, "WAITING", false);
    leased("node-1", until.plusSeconds(1)); // renewed: another claim than the insert's own
    outbox.neverHandedOn(List.of(id()), until);

    clock.advance(Duration.ofSeconds(1));
    owe("2", RepeatMode.IDEMPOTENT, "READY", false);

    Await.until("the outbox has looked", LONG, () -> sent.contains("key-2"));
    clock.advance(Duration.ofSeconds(1));
    owe("3", RepeatMode.IDEMPOTENT, "READY", false);
    Await.until("the outbox has looked again", LONG, () -> sent.contains("key-3"));
    assertThat(delivery()).isEqualTo("SENDING");
    assertThat(sent).doesNotContain("key-1");
  }

  private static long id() {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT id FROM delivery")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void leased(String owner, Instant until) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement =
            connection.prepareStatement(
                "UPDATE delivery SET state = 'SENDING', fence = 1, lease_owner = ?, lease_until = ?")) {
      statement.setString(1, owner);
      statement.setTimestamp(2, Timestamp.from(until));
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBlindPartnerIsNeverAskedTwice() {
    owe(RepeatMode.BLIND, "SENDING", false);

    outbox.start();

    becomes("PARKED unknown");
    assertThat(sent).isEmpty();
    assertThat(asked).isEmpty();
    assertThat(outbox.endpoints().statuses())
        .allSatisfy(status -> assertThat(status.breaker()).isEqualTo("CLOSED"));
  }

  @Test
  void aLookUpThatIsRefusedLeavesTheOutcomeUnknown() {
    found = failed(FailureKind.REFUSED, 404);
    owe(RepeatMode.QUERYABLE, "READY", true);

    outbox.start();

    becomes("PARKED unknown");
    assertThat(sent).isEmpty();
  }

  @Test
  void anIdempotentPartnerThatBrokeDownMayHaveDoneIt() {
    answer = failed(FailureKind.TRANSIENT, 503);
    owe(RepeatMode.IDEMPOTENT, "READY", false);

    outbox.start();

    becomes("READY unknown");
    assertThat(asked).isEmpty();
  }

  @Test
  void aCallThatNeverReachedThePartnerDidNothing() {
    answer = failed(FailureKind.TRANSIENT, null);
    owe(RepeatMode.IDEMPOTENT, "READY", false);

    outbox.start();

    Await.until("one attempt was made", LONG, () -> sent.size() == 1);
    becomes("READY");
  }
}
