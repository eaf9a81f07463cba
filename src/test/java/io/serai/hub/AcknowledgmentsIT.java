package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serai.database.TestDatabase;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Replay;
import io.serai.deadletter.Verdict;
import io.serai.failure.FailureKind;
import io.serai.order.Acknowledgment;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a partner says later about what it had only taken on. */
class AcknowledgmentsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 9);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private AHub.Owed request() {
    return hub.owed("1001", "fulfillment-request");
  }

  private Acknowledgment of(String remoteId, Acknowledgment.State state) {
    return new Acknowledgment(
        remoteId, null, state, "W-7", "E12", "no such item.", null, hub.clock.instant());
  }

  private Acknowledgment accepted(String remoteId) {
    return of(remoteId, Acknowledgment.State.ACCEPTED);
  }

  private Acknowledgment rejected(String remoteId) {
    return of(remoteId, Acknowledgment.State.REJECTED);
  }

  /** As the outbox leaves what was pending for too long. */
  private void silent() {
    hub.put(request(), "PARKED", true, 1);
  }

  @Test
  void anAcceptanceClosesTheRequestAndMovesTheOrderOn() {
    hub.pending(request(), "J-1");

    var done = hub.apply(accepted("J-1"));

    assertThat(done.messageState()).isEqualTo("APPLIED");
    assertThat(request().state()).isEqualTo("CONFIRMED");
    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
    assertThat(hub.asked("1001"))
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.state()).isEqualTo("ACCEPTED");
              assertThat(asked.reference()).isEqualTo("W-7");
            });
    assertThat(hub.timeline("1001")).endsWith("fulfillment.accepted");
    await().untilAsserted(() -> assertThat(hub.nudged).contains(request().lane()));
  }

  @Test
  void itMayNameOurKeyInsteadOfItsOwnNumber() {
    hub.pending(request(), null);

    hub.apply(
        new Acknowledgment(
            null,
            request().key(),
            Acknowledgment.State.ACCEPTED,
            null,
            null,
            null,
            null,
            hub.clock.instant()));

    assertThat(request().state()).isEqualTo("CONFIRMED");
  }

  @Test
  void aRejectionParksTheRequestWithThePartnersWordsAndKeepsWhatIsReserved() {
    hub.pending(request(), "J-1");

    hub.apply(rejected("J-1"));

    assertThat(request().state()).isEqualTo("PARKED");
    assertThat(hub.failureOf(request()))
        .isEqualTo(
            "'northwind' took '%s' on and rejected it later: no such item. Correct the cause with the partner, then replay."
                .formatted(request().businessKey()));
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
    assertThat(hub.timeline("1001")).endsWith("fulfillment-request.parked");
  }

  @Test
  void anAcknowledgmentThatComesAgainChangesNothing() {
    hub.pending(request(), "J-1");
    hub.apply(accepted("J-1"));

    var again = hub.apply(rejected("J-1"));

    assertThat(again.messageState()).isEqualTo("IGNORED");
    assertThat(again.result())
        .isInstanceOfSatisfying(
            ApplyResult.NoEffect.class,
            none ->
                assertThat(none.reason())
                    .isEqualTo("Delivery 'dlv_%d' is closed already.".formatted(request().id())));
    assertThat(request().state()).isEqualTo("CONFIRMED");
  }

  @Test
  void whatAnswersASilentRequestShowsThatItArrived() {
    hub.pending(request(), "J-1");
    silent();
    var asked = hub.asked("1001").getFirst();

    hub.apply(hub.shipmentOf(asked.text(), "S-1", "MUG-BLU", 1));

    assertThat(request().state()).isEqualTo("CONFIRMED");
    await().untilAsserted(() -> assertThat(hub.nudged).contains(request().lane()));
    assertThat(hub.apply(accepted("J-1")).messageState())
        .as("the acknowledgment may still come")
        .isEqualTo("IGNORED");
  }

  @Test
  void anAnswerThatComesAfterThePatienceEndedStillCloses() {
    hub.pending(request(), "J-1");
    silent();

    hub.apply(accepted("J-1"));

    assertThat(request().state()).isEqualTo("CONFIRMED");
    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
  }

  @Test
  void anAnswerToWhatIsBeingReplayedIsKeptUntilItIsSentAgain() {
    hub.pending(request(), "J-1");
    hub.apply(rejected("J-1"));
    var id = "dlv_" + request().id();
    assertThat(
            new Replay(DATABASE.dataSource(), hub.clock, order -> false)
                .one(id, "they say so", "ann", DeadLetters.AS_IT_IS))
        .isInstanceOf(Verdict.Done.class);

    var early = hub.apply(accepted("J-1"));
    assertThat(early.failed().failure().kind()).isEqualTo(FailureKind.TRANSIENT);
    hub.pending(request(), "J-1");
    hub.apply(accepted("J-1"));

    assertThat(request().state()).isEqualTo("CONFIRMED");
  }

  @Test
  void oneThatIsFasterThanOurOwnRecordIsLookedForAgain() {
    hub.sending(request());

    var early = hub.apply(accepted("J-1"));

    assertThat(early.failed().failure().kind()).isEqualTo(FailureKind.TRANSIENT);
    assertThat(early.failed().failure().sentence())
        .isEqualTo(
            "'northwind' acknowledges 'J-1', which nothing that was sent to it waits for. It is looked for again by itself; if it is not found, ask the partner what it means.");
    assertThat(request().state()).isEqualTo("SENDING");
    hub.pending(request(), "J-1");
    hub.apply(accepted("J-1"));
    assertThat(request().state()).isEqualTo("CONFIRMED");
  }

  @Test
  void nobodyAcknowledgesWhatWasSentToAnother() {
    hub.pending(request(), "J-1");
    hub.run("UPDATE delivery SET destination = 'fabrikam'");

    var other = hub.apply(accepted("J-1"));

    assertThat(other.failed().failure().kind()).isEqualTo(FailureKind.TRANSIENT);
    assertThat(hub.owed("1001").getFirst().state()).isEqualTo("PENDING");
  }

  @Test
  void aPendingCancellationThatIsAcceptedCancels() {
    hub.confirm(request());
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.cancellationOf("1001"));
    hub.pending(hub.owed("1001", "cancellation"), "J-2");

    hub.apply(accepted("J-2"));

    assertThat(hub.owed("1001", "cancellation").state()).isEqualTo("CONFIRMED");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();
  }

  @Test
  void aPendingCancellationThatIsRejectedComesTooLate() {
    hub.confirm(request());
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(hub.cancellationOf("1001"));
    hub.pending(hub.owed("1001", "cancellation"), "J-2");

    hub.apply(rejected("J-2"));

    assertThat(hub.owed("1001", "cancellation").state()).isEqualTo("REFUSED");
    assertThat(hub.timeline("1001")).endsWith("fulfillment.cancel-refused");
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
  }
}
