package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.hub.AHub.SHOP;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.HoldKind;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** New orders of a channel are held, and go on when it is released. */
class ChannelHoldsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;

  private final ManualClock clock = new ManualClock();
  private ChannelHolds holds;
  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE, AHub.TWO_NODES, clock).has("MUG-BLU", NEAR, 10);
    holds = new ChannelHolds(DATABASE.dataSource(), clock);
    hub.engine().holdBy(holds);
  }

  @AfterEach
  void close() {
    hub.close();
    hub.holdsTogether();
  }

  private void arrives(String number) {
    hub.apply(anOrder().numbered(number).placedAt(T0).with("MUG-BLU", 2).build());
  }

  private String state(String number) {
    return hub.order(number).state();
  }

  @Test
  void whatComesIsKeptAndReservesNothingUntilTheChannelIsReleased() throws SQLException {
    arrives("1001");
    assertThat(holds.hold(SHOP, "Their prices are wrong", "ada")).isPresent();
    assertThat(holds.hold(SHOP, "again", "bob")).isEmpty();
    arrives("1002");
    arrives("1003");

    assertThat(state("1001")).isEqualTo("RELEASED");
    assertThat(state("1002")).isEqualTo("ON_HOLD");
    assertThat(hub.order("1002").holdReason())
        .isEqualTo(
            "New orders of 'shopify-main' are held by 'ada': Their prices are wrong. Order '#1002' goes on when the channel or the order is released.");
    assertThat(hub.owed("1002")).isEmpty();
    assertThat(hub.level("MUG-BLU", NEAR).allocated()).isEqualTo(2);
    assertThat(hub.followUp()).isZero();

    assertThat(holds.release(SHOP, "They are right again", "bob")).isTrue();
    assertThat(holds.release(SHOP, "again", "bob")).isFalse();
    assertThat(hub.followUp()).isEqualTo(2);

    assertThat(List.of(state("1002"), state("1003"))).containsOnly("RELEASED");
    assertThat(hub.timeline("1002"))
        .containsSubsequence("order.received", "order.held", "order.released", "order.allocated");
    assertThat(hub.text("SELECT DISTINCT released_by || ': ' || release_reason FROM order_hold"))
        .isEqualTo("bob: They are right again");
    arrives("1004");
    assertThat(state("1004")).isEqualTo("RELEASED");
    assertThat(
            hub.all(
                "SELECT actor || ' ' || action || ' ' || object FROM audit_entry ORDER BY id",
                rows -> rows.getString(1)))
        .containsExactly(
            "ada channel.hold account:shopify-main", "bob channel.release account:shopify-main");
  }

  @Test
  void whatElseHoldsAnOrderStaysAndOneThatWasReleasedAloneIsNotHeldAgain() throws SQLException {
    holds.hold(SHOP, "Wait.", "ada");
    arrives("1001");
    arrives("1002");
    hub.applyInside(
        new HoldOrder(hub.order("1001").id(), HoldKind.ADDRESS, "No such street.", null, null));
    hub.applyInside(new ReleaseOrder(hub.order("1002").id(), null, "this one is right"));
    hub.apply(
        anOrder()
            .numbered("1002")
            .placedAt(T0)
            .updatedAt(T0.plusSeconds(60))
            .with("MUG-BLU", 1)
            .build());
    assertThat(state("1002")).isEqualTo("RELEASED");

    holds.release(SHOP, "Go.", "ada");
    hub.followUp();

    assertThat(state("1001")).isEqualTo("ON_HOLD");
    assertThat(hub.order("1001").hold()).isEqualTo("ADDRESS");
  }

  @Test
  void itHoldsAfterARestartAndAnotherReplicaLetsGoWhatItHeldLate() throws SQLException {
    holds.hold(SHOP, "Wait.", "ada");
    var other = new ChannelHolds(DATABASE.dataSource(), clock);
    other.refresh();
    holds.release(SHOP, "Go.", "ada");
    hub.followUp();

    hub.engine().holdBy(other); // which has not heard of the release
    arrives("1001");
    assertThat(state("1001")).isEqualTo("ON_HOLD");
    hub.followUp();
    assertThat(state("1001")).isEqualTo("RELEASED");

    clock.advance(Duration.ofMinutes(2));
    hub.followUp();
    assertThat(hub.number("SELECT count(*) FROM channel_hold WHERE drained_at IS NOT NULL"))
        .isEqualTo(1);
  }
}
