package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate;
import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.StockReport;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Units that were promised and are not there. */
class ShortagesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;
  private static final String STORE = "store-1";

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

  private void order(String number, int placedAfter, int quantity) {
    hub.apply(
        anOrder()
            .numbered(number)
            .placedAt(T0.plusSeconds(placedAfter))
            .with("MUG-BLU", quantity)
            .build());
  }

  private void sold(String node, int units) {
    hub.clock.advance(Duration.ofMinutes(1));
    hub.apply(
        new StockReport(
            node,
            null,
            StockReport.Kind.DELTA,
            hub.clock.instant(),
            null,
            List.of(new StockReport.Level("MUG-BLU", -units)),
            null,
            StockReport.Cause.SALE));
  }

  @Test
  void messyOrder12TheCounterSellsTheLastUnitWhileAWebOrderIsInFlight() {
    hub.has("MUG-BLU", NEAR, 1).has("MUG-BLU", FAR, 1);
    order("1001", 1, 1);
    assertThat(hub.asked("1001")).extracting(AHub.Asked::node).containsExactly(NEAR);

    sold(NEAR, 1);
    hub.keepUp();

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(0, 0, 0));
    assertThat(hub.asked("1001").getLast().node()).isEqualTo(FAR);
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("WITHDRAWN");
    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.number("SELECT count(*) FROM decision")).isEqualTo(2);
    assertThat(hub.number("SELECT count(*) FROM stock_case WHERE closed_at IS NULL")).isZero();
  }

  @Test
  void messyOrder12WithNothingLeftAnywhereTheWebOrderWaitsAndIsNotOversold() {
    hub.has("MUG-BLU", NEAR, 1);
    order("1001", 1, 1);

    sold(NEAR, 1);
    hub.keepUp();

    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(0, 0, 0));
  }

  @Test
  void messyOrder12TheRequestHasLeftSoThePartnerIsAskedToStopAndItsAnswerDecides() {
    hub.has("MUG-BLU", NEAR, 1).has("MUG-BLU", FAR, 1);
    order("1001", 1, 1);
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    sold(NEAR, 1);

    hub.keepUp();
    assertThat(hub.asked("1001")).extracting(AHub.Asked::state).containsExactly("CANCEL_REQUESTED");
    hub.clock.advance(Duration.ofMinutes(6));
    hub.keepUp();
    assertThat(hub.owed("1001")).hasSize(2);

    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCELLED));

    assertThat(hub.asked("1001").getLast().node()).isEqualTo(FAR);
    assertThat(hub.line("1001", "1001-1").cancelled()).isZero();
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(0, 0, 0));
  }

  @Test
  void messyOrder12ThePartnerSendsItAllTheSameSoThePromiseStays() {
    hub.has("MUG-BLU", NEAR, 1).has("MUG-BLU", FAR, 1);
    order("1001", 1, 1);
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    sold(NEAR, 1);
    hub.keepUp();

    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCEL_REFUSED));
    hub.clock.advance(Duration.ofMinutes(6));
    hub.keepUp();

    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(hub.line("1001", "1001-1").cancelWanted()).isZero();
    assertThat(hub.text("SELECT owner || ': ' || sentence FROM stock_case WHERE closed_at IS NULL"))
        .isEqualTo(
            "operations: 1 of SKU 'MUG-BLU' are missing at node 'nj-1': 1 are promised and 0 can be"
                + " sent. Find them, or move the promises elsewhere.");
  }

  @Test
  void theNewestPromiseGivesWayAndNoMoreThanAreMissing() {
    hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 5);
    for (var i = 1; i <= 5; i++) {
      order("100" + i, i, 1);
    }

    sold(NEAR, 2);
    hub.keepUp();

    for (var i = 1; i <= 5; i++) {
      assertThat(hub.asked("100" + i).getLast().node())
          .as("order 100%d", i)
          .isEqualTo(i <= 3 ? NEAR : FAR);
    }
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(3, 3, 0));
  }

  @Test
  void ofTheNewestPromisesThoseOfHigherPriorityAreKept() {
    hub.has("MUG-BLU", NEAR, 3).has("MUG-BLU", FAR, 3);
    order("1001", 1, 1);
    order("1002", 2, 1);
    order("1003", 3, 1);
    hub.run("UPDATE sales_order SET priority = 1 WHERE channel_order_id = '1003'");

    sold(NEAR, 1);
    hub.keepUp();

    assertThat(hub.asked("1002").getLast().node()).isEqualTo(FAR);
    assertThat(hub.asked("1003")).hasSize(1);
    assertThat(hub.asked("1001")).hasSize(1);
  }

  @Test
  void aNodeThatSendsItselfLetsGoAtOnce() {
    hub.close();
    var store =
        new Topology(
            List.of(
                new Candidate(STORE, "store", null, "US"),
                new Candidate(FAR, "3pl", AHub.FAR_PARTNER, "US")),
            AHub.TWO_NODES.accounts());
    hub = new AHub(DATABASE, store, new ManualClock());
    hub.has("MUG-BLU", STORE, 1).has("MUG-BLU", FAR, 1);
    order("1001", 1, 1);

    sold(STORE, 1);
    hub.keepUp();

    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("CANCELLED");
    assertThat(hub.asked("1001").getLast().node()).isEqualTo(FAR);
  }

  @Test
  void aSnapshotBelowWhatIsPromisedIsACaseForSomebodyAndMovesNothingByItself() {
    hub.has("MUG-BLU", NEAR, 3).has("MUG-BLU", FAR, 3);
    order("1001", 1, 3);
    hub.clock.advance(Duration.ofMinutes(1));

    hub.has("MUG-BLU", NEAR, 1);
    hub.keepUp();

    assertThat(hub.asked("1001")).hasSize(1);
    assertThat(
            hub.text(
                "SELECT kind || ' ' || quantity || ' ' || (due_at - opened_at) FROM stock_case"
                    + " WHERE closed_at IS NULL"))
        .isEqualTo("SHORTAGE 2 04:00:00");
    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG-BLU", NEAR, 3);
    assertThat(hub.number("SELECT count(*) FROM stock_case WHERE closed_at IS NULL")).isZero();
  }

  @Test
  void anInterruptedReliefIsDoneAgainAndDoneOnce() {
    hub.has("MUG-BLU", NEAR, 1).has("MUG-BLU", FAR, 2);
    order("1001", 1, 1);
    sold(NEAR, 1);
    hub.keepUp();
    hub.run("UPDATE stock_case SET closed_at = NULL, relief_at = now() - interval '1 day'");

    hub.keepUp();
    hub.run("UPDATE stock_case SET closed_at = now()");

    assertThat(hub.asked("1001")).hasSize(2);
    assertThat(hub.level("MUG-BLU", FAR)).isEqualTo(new AHub.Level(2, 1, 0));
  }
}
