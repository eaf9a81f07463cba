package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.Cancellation;
import io.serai.order.FulfillmentResponse.State;
import io.serai.outbox.RepeatMode;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Wishes to cancel of buyers and of people here, and what the channel hears of them. */
class WishesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Topology WITHOUT_CANCELLATION =
      new Topology(
          AHub.TWO_NODES.nodes(),
          Map.of(
              AHub.SHOP,
              new Topology.Account(
                  AHub.SHOP,
                  true,
                  true,
                  false,
                  Map.of("shipment", RepeatMode.QUERYABLE),
                  Duration.ofHours(48)),
              AHub.NEAR_PARTNER,
              AHub.TWO_NODES.accounts().get(AHub.NEAR_PARTNER),
              AHub.FAR_PARTNER,
              AHub.TWO_NODES.accounts().get(AHub.FAR_PARTNER)));

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG", NEAR, 9).has("TEA", FAR, 9);
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private void ordered() {
    hub.apply(anOrder().numbered("1001").with("MUG", 2).build());
    hub.clock.advance(Duration.ofMinutes(5));
  }

  @Test
  void whatIsAddedWhileAllOfItIsWantedBackIsWantedBackToo() {
    ordered();
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.wishOf("1001", "wish-1"));
    hub.clock.advance(Duration.ofMinutes(1));

    hub.apply(
        anOrder()
            .numbered("1001")
            .updatedAt(hub.clock.instant())
            .with("MUG", 3)
            .with("TEA", 1)
            .build());
    assertThat(hub.asked("1001")).as("nobody is asked for more").hasSize(1);
    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCELLED));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(3);
    assertThat(hub.line("1001", "1001-2").cancelled()).isEqualTo(1);
    assertThat(told()).hasSize(1);
  }

  private List<AHub.Owed> told() {
    return hub.owed("1001").stream()
        .filter(o -> o.destination().equals(AHub.SHOP) && o.operation().equals("cancellation"))
        .toList();
  }

  private String refusal() {
    return hub.text(
        """
        SELECT e.sentence FROM order_event e JOIN sales_order o ON o.id = e.order_id
        WHERE e.kind = 'cancellation.refused' AND o.account = ? AND o.channel_order_id = '1001'""",
        AHub.SHOP);
  }

  @Test
  void aWishThatCanBeGrantedAtOnceIsAnsweredYes() {
    ordered();

    var asked = hub.apply(hub.wishOf("1001", "r-1"));

    assertThat(asked.messageState()).isEqualTo("APPLIED");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(hub.level("MUG", NEAR).allocated()).isZero();
    var answer = told().getFirst().content();
    assertThat(answer.path("granted").asBoolean()).isTrue();
    assertThat(answer.path("request").asText()).isEqualTo("r-1");
    assertThat(answer.at("/channel/orderId").asText()).isEqualTo("1001");
  }

  @Test
  void theChannelHearsYesOnlyAfterThePartnersYes() {
    ordered();
    hub.confirm(hub.owed("1001", "fulfillment-request"));

    hub.apply(hub.wishOf("1001", "r-1"));
    assertThat(told()).isEmpty();
    hub.restart();
    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCELLED));

    assertThat(told()).hasSize(1);
    assertThat(told().getFirst().content().path("granted").asBoolean()).isTrue();
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
  }

  @Test
  void aPartnerThatSendsItAllTheSameMakesItANo() {
    ordered();
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.wishOf("1001", "r-1"));

    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCEL_REFUSED));

    assertThat(told().getFirst().content().path("granted").asBoolean(true)).isFalse();
    assertThat(hub.order("1001").state()).isNotEqualTo("CANCELLED");
    assertThat(refusal())
        .isEqualTo("Order '#1001' could not be cancelled as was asked: some of it is on its way.");
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG", 2));
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
  }

  @Test
  void whatHasLeftCannotBeCancelledAndTheChannelHearsNo() {
    ordered();
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG", 1));

    hub.apply(hub.wishOf("1001", "r-1"));

    assertThat(told().getFirst().content().path("granted").asBoolean(true)).isFalse();
    assertThat(refusal())
        .isEqualTo(
            "Order '#1001' has left in part or as a whole, so it cannot be cancelled any more.");
    assertThat(hub.line("1001", "1001-1").cancelled()).isZero();
    hub.restart();
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-2", "MUG", 1));
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
  }

  @Test
  void aChannelThatCannotBeToldIsToldByHand() {
    hub.close();
    hub = new AHub(DATABASE, WITHOUT_CANCELLATION, new ManualClock());
    ordered();

    hub.apply(hub.wishOf("1001", "r-1"));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(told()).isEmpty();
    assertThat(hub.text("SELECT sentence FROM order_event WHERE kind = 'cancellation.untold'"))
        .isEqualTo(
            "The connector of 'shopify-main' cannot tell of a cancellation: tell the channel by hand.");
  }

  @Test
  void aWishIsAnsweredOnceHoweverOftenItIsTold() {
    ordered();
    hub.apply(hub.wishOf("1001", "r-1"));

    var again = hub.apply(hub.wishOf("1001", "r-1"));

    assertThat(again.messageState()).isEqualTo("IGNORED");
    assertThat(told()).hasSize(1);
  }

  @Test
  void aWishThatComesBeforeItsOrderWaitsForIt() {
    var early = hub.apply(hub.wishOf("1001", "r-1"));

    assertThat(early.result()).isInstanceOf(ApplyResult.Waits.class);
    ordered();
    assertThat(hub.messageState(early.messageId())).isEqualTo("RECEIVED");
  }

  @Test
  void aPartIsAnsweredAsThatPart() {
    ordered();

    hub.apply(hub.wishOf("1001", "r-1", new Cancellation.Line("1001-1", 1)));

    assertThat(hub.line("1001", "1001-1").cancelled()).isEqualTo(1);
    assertThat(told().getFirst().content().at("/lines/0/quantity").asInt()).isEqualTo(1);
    assertThat(told().getFirst().content().path("granted").asBoolean()).isTrue();
  }

  @Test
  void theChannelsOwnCancellationIsAnswerEnough() {
    ordered();
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.apply(hub.wishOf("1001", "r-1"));

    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(hub.asked("1001").getFirst().text(), State.CANCELLED));

    assertThat(told()).isEmpty();
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
  }

  @Test
  void whenOnlyAPartCouldBeTakenBackAPersonDecides() {
    hub.apply(anOrder().numbered("1001").with("MUG", 1).with("TEA", 1).build());
    hub.owed("1001").forEach(hub::confirm);
    hub.clock.advance(Duration.ofMinutes(5));
    hub.apply(hub.wishOf("1001", "r-1"));
    var asked = hub.asked("1001");

    hub.apply(hub.answer(asked.get(0).text(), State.CANCELLED));
    hub.apply(hub.answer(asked.get(1).text(), State.CANCEL_REFUSED));

    assertThat(told().getFirst().content().path("granted").asBoolean(true)).isFalse();
    assertThat(hub.order("1001").hold()).isEqualTo("MANUAL");
    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Order '#1001' could not be cancelled as was asked: some of it is on its way. 1 unit(s) were taken back"
                + " before that was known. Decide what the buyer gets, then release it.");
  }

  @Test
  void aPersonCancelsAndTheChannelHearsOfIt() {
    ordered();

    var done = hub.applyInside(new CancelOrder(hub.order("1001").id(), "INVENTORY", List.of()));

    assertThat(done).isInstanceOf(ApplyResult.Applied.class);
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(told().getFirst().content().path("reason").asText()).isEqualTo("INVENTORY");
    assertThat(told().getFirst().content().path("source").asText()).isEqualTo("MERCHANT");
    assertThat(told().getFirst().content().has("request")).isFalse();
  }

  @Test
  void whatAPersonCannotCancelIsSaid() {
    ordered();
    hub.apply(hub.shipmentOf(hub.asked("1001").getFirst().text(), "S-1", "MUG", 2));

    assertThat(sentence(new CancelOrder(hub.order("1001").id(), "OTHER", List.of())))
        .isEqualTo(
            "Order '#1001' has left in part or as a whole, so it cannot be cancelled any more.");
    assertThat(
            sentence(
                new CancelOrder(
                    hub.order("1001").id(), "OTHER", List.of(new Cancellation.Line("nothing", 1)))))
        .isEqualTo(
            "What is to be cancelled of order '#1001' has left, is cancelled or is not there.");
  }

  @Test
  void aSecondWishWhileTheFirstIsAskedAboutIsRefused() {
    ordered();
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    hub.applyInside(new CancelOrder(hub.order("1001").id(), "OTHER", List.of()));

    assertThat(sentence(new CancelOrder(hub.order("1001").id(), "OTHER", List.of())))
        .isEqualTo("Order '#1001' is being cancelled; the answer of whoever has it is awaited.");
  }

  private String sentence(Object command) {
    return ((ApplyResult.Failed) hub.applyInside(command)).failure().sentence();
  }
}
