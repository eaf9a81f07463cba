package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was done since the point that a database was set back to is not done again blindly. */
class RestorationIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant AT = ManualClock.START;
  private static final Instant RESTORED = AT.plus(Duration.ofHours(3));

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE).has("MUG-BLU", NEAR, 2).has("MUG-RED", NEAR, 50);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private Restoration.Done setBack() throws SQLException {
    hub.close();
    var restoration = new Restoration(AT, RESTORED);
    var done = restoration.declare(DATABASE.dataSource());
    assertThat(Restoration.last(DATABASE.dataSource())).isEqualTo(restoration);
    var clock = new ManualClock();
    clock.advance(Duration.ofHours(3));
    hub =
        new AHub(
            DATABASE,
            new Topology(
                AHub.TWO_NODES.nodes(),
                AHub.TWO_NODES.accounts(),
                Set.of(),
                Map.of(),
                ReturnTerms.USUAL,
                restoration),
            clock);
    return done;
  }

  private void comes(String number, Instant placed) {
    hub.apply(anOrder().numbered(number).placedAt(placed).with("MUG-RED", 1).build());
  }

  @Test
  void whatWasOwedIsNotSentBlindly() throws Exception {
    comes("1001", AT.minusSeconds(60));
    comes("1002", AT.minusSeconds(50));
    hub.confirm(hub.owed("1002", "fulfillment-request"));

    assertThat(setBack().deliveries()).isOne();

    assertThat(unknown("1001")).isTrue();
    assertThat(unknown("1002")).as("it was heard").isFalse();
    assertThat(hub.order("1001").hold()).as("all of it has a place").isNull();
  }

  @Test
  void whatHadNoPlaceYetMayHaveFoundOneAndIsHeld() throws Exception {
    hub.apply(anOrder().numbered("1001").placedAt(AT.minusSeconds(60)).with("MUG-BLU", 5).build());
    assertThat(hub.line("1001", "1001-1").backordered()).isPositive();

    assertThat(setBack().orders()).isOne();

    assertThat(hub.text("SELECT hold || ': ' || hold_reason FROM sales_order"))
        .isEqualTo(
            "MANUAL: Order '#1001' had something to send that no place had yet when the database was set back, and it may have been sent since. Ask the partners, then release or cancel it.");
    assertThat(hub.timeline("1001")).endsWith("order.held");
    var before = hub.owed("1001").size();
    hub.has("MUG-BLU", FAR, 50);
    hub.followUp();
    assertThat(hub.owed("1001")).hasSize(before);
    assertThat(setBack().orders()).as("it is held already").isZero();
  }

  @Test
  void ordersThatMayHaveBeenHereAreHeldWhenTheyComeAnewAndOthersAreNot() throws Exception {
    setBack();

    comes("1001", AT.plusSeconds(60));
    comes("1002", AT.minus(Duration.ofHours(20)));
    comes("1003", AT.minus(Duration.ofDays(30)));
    comes("1004", RESTORED.plusSeconds(1));

    for (var held : new String[] {"1001", "1002"}) {
      assertThat(hub.order(held).hold()).as(held).isEqualTo("MANUAL");
      assertThat(hub.owed(held)).as(held).isEmpty();
    }
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Order '#1001' may have been here before the database was set back, and may have been sent then. Ask the partners, then release or cancel it.");
    assertThat(hub.order("1003").hold()).as("long before").isNull();
    assertThat(hub.order("1004").hold()).as("placed since").isNull();
    assertThat(hub.owed("1004")).hasSize(1);
  }

  @Test
  void whatLayUnreadWhenTheDatabaseWasSetBackIsHeldWheneverItWasPlaced() throws Exception {
    setBack();
    var order =
        anOrder()
            .numbered("1001")
            .placedAt(AT.minus(Duration.ofDays(30)))
            .with("MUG-RED", 1)
            .build();
    var message = hub.message(order);
    var earlier =
        new io.serai.inbox.InboxMessage(
            message.id(),
            message.account(),
            message.document(),
            message.messageKey(),
            null,
            null,
            AT.minusSeconds(1),
            0,
            message.fence(),
            message.body());

    hub.apply(order, earlier);

    assertThat(hub.order("1001").hold()).isEqualTo("MANUAL");
  }

  private boolean unknown(String order) {
    return Boolean.parseBoolean(
        hub.text(
            "SELECT d.outcome_unknown::text FROM delivery d JOIN sales_order o ON o.id = d.order_id WHERE d.operation = 'fulfillment-request' AND o.channel_order_id = '%s'"
                .formatted(order)));
  }
}
