package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.Cancellation;
import io.serai.support.LostAnswers;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a person asks for is done once, though the connection breaks while it is committed. */
class LostCommitsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;
  private LostAnswers wire;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG", NEAR, 9);
    hub.apply(anOrder().numbered("1001").placedAt(ManualClock.START).with("MUG", 5).build());
    wire = new LostAnswers(hub.connections, ";COMMIT");
    hub.connections = wire;
    hub.restart();
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private ApplyResult cancelsOne() {
    return hub.applyInside(
        new CancelOrder(
            hub.order("1001").id(), "CUSTOMER", List.of(new Cancellation.Line("1001-1", 1))));
  }

  private ApplyResult findsTwo() {
    return hub.applyInside(
        new StockChange(
            StockChange.Kind.ADJUST,
            NEAR,
            List.of(new StockChange.Row("MUG", 2)),
            null,
            "Behind the shelf",
            null));
  }

  private long asked() {
    return hub.number("SELECT count(*) FROM order_event WHERE kind = 'cancellation.asked'");
  }

  @Test
  void aCancellationThatIsCommittedUnheardIsNotMadeAgain() {
    cancelsOne(); // leaves a mark before
    hub.clock.advance(Duration.ofMinutes(1));

    wire.loseNext();
    var answer = cancelsOne();

    assertThat(answer).isInstanceOf(ApplyResult.Applied.class);
    assertThat(hub.line("1001", "1001-1").cancelWanted()).isEqualTo(2);
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void oneThatWasNotCommittedIsMade() {
    wire.breakNext();
    var answer = cancelsOne();

    assertThat(answer).isInstanceOf(ApplyResult.Applied.class);
    assertThat(hub.line("1001", "1001-1").cancelWanted()).isEqualTo(1);
    assertThat(asked()).isEqualTo(1);
  }

  @Test
  void unitsThatWereFoundAreFoundOnce() {
    wire.loseNext();
    var answer = findsTwo();

    assertThat(answer).isInstanceOf(ApplyResult.Applied.class);
    assertThat(hub.level("MUG", NEAR).onHand()).isEqualTo(11);
  }

  @Test
  void whatWasLostBeforeSaysNothingOfWhatFollows() {
    wire.loseNext();
    findsTwo();
    wire.breakNext();
    findsTwo();

    assertThat(hub.level("MUG", NEAR).onHand()).isEqualTo(13);
  }
}
