package io.serai.outbox;

import static io.serai.outbox.Debts.PARTNER;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a partner only took on: it waits for the end, and not for ever. */
class PendingIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration LONG = Duration.ofSeconds(60);

  private final ManualClock clock = new ManualClock();
  private final Debts debts = new Debts(DATABASE, clock);
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private Outbox outbox;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    outbox =
        new Outbox(
            () -> DATABASE.connect("outbox"),
            clock,
            "node-1",
            new Outbox.Settings(1_000, Duration.ofMillis(20), Duration.ofSeconds(60)),
            (delivery, outcome, go, drop) -> go.run());
    outbox.register(
        PARTNER,
        "shipment",
        (delivery, done) -> {
          sent.add(delivery.idempotencyKey());
          done.accept(new Outcome.Pending("J-1", clock.instant().plus(Duration.ofHours(4))));
        });
    outbox.start();
    debts.owe("1", "a").owe("1", "b");
    becomes("a", "PENDING");
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private void becomes(String key, String state) {
    Await.until("'" + key + "' is " + state, LONG, () -> state.equals(debts.state(key)));
  }

  @Test
  void itHoldsWhatIsBehindItUntilItsEndIsKnown() {
    clock.advance(Duration.ofHours(3));
    debts.owe("2", "c");
    becomes("c", "PENDING");
    assertThat(sent).containsExactly("a", "c");
    assertThat(debts.row("a").remoteId()).isEqualTo("J-1");

    debts.run("UPDATE delivery SET state = 'CONFIRMED' WHERE idempotency_key = 'a'");

    becomes("b", "PENDING");
  }

  @Test
  void aPartnerThatSaysNothingInTimeIsSilentAndNothingIsSentAgain() {
    clock.advance(Duration.ofHours(4));

    becomes("a", "PARKED");

    assertThat(debts.row("a").failure()).isEqualTo("SILENT");
    assertThat(debts.row("a").unknown()).isTrue();
    assertThat(
            debts.all(
                "SELECT f.sentence FROM failure f JOIN delivery d ON d.failure_id = f.id",
                rows -> rows.getString(1)))
        .containsExactly(
            "'northwind' took 'a' on and did not say in time what came of it. Ask the partner, then say what happened.");
    clock.advance(Duration.ofHours(4));
    debts.owe("2", "c");
    becomes("c", "PENDING");
    assertThat(sent).containsExactly("a", "c");
  }

  @Test
  void whatWasKnownToWaitInItsLaneIsForgottenWithItsEnd() {
    outbox.waits(List.of(Delivery.lane(PARTNER, "MUG@main")));

    debts.owe("MUG@main", "c"); // its business key is no part of its lane
    becomes("c", "PENDING");

    Await.until("nothing is kept", LONG, () -> outbox.held() == 0);
  }

  @Test
  void ofTooManyLanesNoneIsRemembered() {
    outbox.waits(IntStream.range(0, 50_000).mapToObj(i -> "other/" + i).toList());
    assertThat(outbox.held()).isEqualTo(50_000);

    outbox.waits(List.of("other/one-more"));

    assertThat(outbox.held()).isZero();
  }
}
