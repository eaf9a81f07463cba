package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept back from sale. */
class BuffersIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private void buffer(String sku, String node, Integer units, Integer percent) {
    hub.applyInside(new BufferChange(new Buffer(sku, node, "", units, percent)));
  }

  private long safety(String sku, String node) {
    return hub.number("SELECT safety FROM stock_level WHERE sku = ? AND node = ?", sku, node);
  }

  @Test
  void whatIsKeptBackIsNotPromised() {
    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 5);

    buffer("MUG-BLU", "", 4, null);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());
    hub.apply(anOrder().numbered("1002").with("MUG-BLU", 3).build());

    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(4);
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");
  }

  @Test
  void aShareFollowsWhatIsOnHand() {
    hub.has("MUG-BLU", NEAR, 11);

    buffer("MUG-BLU", NEAR, null, 10);
    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(2);

    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 5).build());
    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(2);
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG-BLU", 5));
    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(1);

    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 100);
    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(10);
  }

  @Test
  void theMoreSpecificBufferHoldsAndGivesWayWhenItIsRemoved() {
    hub.has("MUG-BLU", NEAR, 10).has("MUG-BLU", FAR, 10).has("TEE-RED", NEAR, 10);
    buffer("", "", 1, null);
    buffer("", NEAR, 2, null);
    buffer("MUG-BLU", "", 3, null);
    hub.keepUp();

    assertThat(safety("TEE-RED", NEAR)).isEqualTo(2);
    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(3);
    assertThat(safety("MUG-BLU", FAR)).isEqualTo(3);

    buffer("MUG-BLU", NEAR, 4, null);
    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(4);
    buffer("MUG-BLU", NEAR, null, null);
    buffer("MUG-BLU", "", null, null);
    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(2);
    assertThat(safety("MUG-BLU", FAR)).isEqualTo(1);
    buffer("", NEAR, null, null);
    buffer("", "", null, null);
    hub.keepUp();
    assertThat(hub.number("SELECT sum(safety) FROM stock_level")).isZero();
    assertThat(hub.number("SELECT count(*) FROM stock_buffer_spread")).isZero();
  }

  @Test
  void aLevelThatIsReportedForTheFirstTimeIsBufferedToo() {
    buffer("", NEAR, null, 50);
    hub.keepUp();

    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 5);

    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(3);
    assertThat(safety("MUG-BLU", FAR)).isZero();
  }

  @Test
  void aBufferForAllReachesEveryLevelThoughItIsMoreThanOnePiece() {
    hub.run(
        """
        INSERT INTO stock_level (sku, node, on_hand, as_of)
        SELECT 'SKU-' || n, 'nj-1', 10, now() FROM generate_series(1, 1200) n""");
    hub.run(
        """
        INSERT INTO stock_movement (sku, node, quantity, debit, credit, cause, occurred_at)
        SELECT sku, node, on_hand, 'outside', 'available', 'report', now() FROM stock_level""");

    buffer("", NEAR, 2, null);
    assertThat(hub.keepUp()).isEqualTo(3);

    assertThat(hub.number("SELECT count(*) FROM stock_level WHERE safety = 2")).isEqualTo(1_200);
  }

  @Test
  void aSmallerBufferLetsAnOrderGoThatWaited() {
    hub.has("MUG-BLU", NEAR, 3);
    buffer("MUG-BLU", NEAR, 3, null);
    hub.apply(anOrder().numbered("1001").with("MUG-BLU", 2).build());
    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");

    buffer("MUG-BLU", NEAR, 1, null);
    hub.followUp();

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
  }

  @Test
  void shipmentsOfManyOrdersNeverMakeABufferNegative() {
    hub.has("MUG-BLU", NEAR, 3);
    buffer("MUG-BLU", NEAR, null, 1);
    IntStream.range(0, 2)
        .forEach(i -> hub.apply(anOrder().numbered("200" + i).with("MUG-BLU", 1).build()));

    IntStream.range(0, 2)
        .forEach(
            i ->
                hub.apply(
                    hub.shipmentOf(
                        hub.asked("200" + i).getFirst().text(), "S-" + i, "MUG-BLU", 1)));

    assertThat(safety("MUG-BLU", NEAR)).isEqualTo(1);
    assertThat(hub.level("MUG-BLU", NEAR).onHand()).isEqualTo(1);
  }
}
