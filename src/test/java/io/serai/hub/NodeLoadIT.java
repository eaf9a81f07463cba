package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate;
import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.RefusalCode;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that takes two orders a day is given two orders a day. */
class NodeLoadIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private AHub hub;

  @BeforeEach
  void empty() {
    DATABASE.truncate();
    hub = start();
  }

  private AHub start() {
    var near =
        new Candidate(
            NEAR,
            "3pl",
            AHub.NEAR_PARTNER,
            "US",
            null,
            null,
            Set.of(),
            Set.of(),
            2,
            Candidate.Hours.ALWAYS,
            Map.of(),
            Map.of(),
            0);
    var far = AHub.TWO_NODES.nodes().get(1);
    return new AHub(DATABASE, new Topology(List.of(near, far), AHub.TWO_NODES.accounts()), clock);
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  private String nodeOf(String number) {
    hub.apply(anOrder().numbered(number).placedAt(clock.instant()).with("MUG-BLU", 1).build());
    return hub.text(
        "SELECT node FROM fulfillment_order WHERE order_id = ?", hub.order(number).id());
  }

  @Test
  void whatIsMoreGoesToTheNextNodeUntilTheNextDay() {
    hub.has("MUG-BLU", NEAR, 9);
    hub.has("MUG-BLU", FAR, 9);

    assertThat(nodeOf("2001")).isEqualTo(NEAR);
    assertThat(nodeOf("2002")).isEqualTo(NEAR);
    assertThat(nodeOf("2003")).isEqualTo(FAR);

    hub.close();
    hub = start();
    assertThat(nodeOf("2004")).isEqualTo(FAR);

    clock.advance(Duration.ofDays(1));
    assertThat(nodeOf("2005")).isEqualTo(NEAR);
  }

  @Test
  void whatComesToNothingGivesItsPlaceBackButWhatLeftDoesNot() {
    hub.has("MUG-BLU", NEAR, 9);
    hub.has("MUG-BLU", FAR, 9);
    assertThat(nodeOf("2001")).isEqualTo(NEAR);
    assertThat(nodeOf("2002")).isEqualTo(NEAR);
    hub.apply(
        new FulfillmentResponse(
            hub.asked("2001").getFirst().text(),
            State.REJECTED,
            null,
            "not today",
            RefusalCode.OTHER,
            List.of(),
            clock.instant()));

    assertThat(nodeOf("2003")).isEqualTo(NEAR);
    assertThat(nodeOf("2004")).isEqualTo(FAR);

    hub.apply(hub.shipmentOf(hub.asked("2002").getFirst().text(), "S-1", "MUG-BLU", 1));
    assertThat(nodeOf("2005")).isEqualTo(FAR);
  }
}
