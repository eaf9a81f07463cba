package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.Shipment;
import io.serai.support.ManualClock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What leaves a node, in parts and told twice, and what the channel is owed of it. */
class ShipmentsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;
  private AHub.Asked fulfillment;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 9).has("TEE-RED", NEAR, 9);
    hub.apply(
        anOrder()
            .numbered("1001")
            .placedAt(ManualClock.START)
            .with("MUG-BLU", 3)
            .with("TEE-RED", 1)
            .build());
    hub.confirm(hub.owed("1001", "fulfillment-request"));
    fulfillment = hub.asked("1001").getFirst();
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  @Test
  void whatLeftIsOnHandNoMoreAndTheChannelIsOwedTheTracking() {
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 3));

    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(6, 0, 0));
    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(3);
    var told = hub.owed("1001", "shipment");
    assertThat(told.destination()).isEqualTo(AHub.SHOP);
    assertThat(told.state()).isEqualTo("READY");
    assertThat(told.content().at("/packages/0/tracking/0/number").asText()).isEqualTo("1ZS-1");
    assertThat(told.content().at("/channel/orderId").asText()).isEqualTo("1001");
    assertThat(told.content().at("/orderId").asText()).startsWith("ord_");
  }

  @Test
  void whatAWarehouseCallsBySkuIsToldInTheLinesOfTheChannel() {
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "TEE-RED", 1));

    var line = hub.owed("1001", "shipment").content().at("/packages/0/lines/0");
    assertThat(line.get("lineId").asText()).isEqualTo("1001-2");
    assertThat(line.get("sku").asText()).isEqualTo("TEE-RED");
    assertThat(line.get("quantity").asInt()).isEqualTo(1);
  }

  @Test
  void anOrderShipsInParts() {
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 1));
    assertThat(hub.order("1001").state()).isEqualTo("PARTIALLY_SHIPPED");
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("PARTIALLY_SHIPPED");

    hub.apply(hub.shipmentOf(fulfillment.text(), "S-2", "MUG-BLU", 2));
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-3", "TEE-RED", 1));

    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("SHIPPED");
    assertThat(hub.owed("1001").stream().filter(d -> "shipment".equals(d.operation())))
        .hasSize(3)
        .extracting(AHub.Owed::lane)
        .containsOnly(AHub.SHOP + "/" + hub.order("1001").id());
  }

  @Test
  void theSameShipmentToldTwiceIsOneShipment() {
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 1));

    var second = hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 1));

    assertThat(second.messageState()).isEqualTo("IGNORED");
    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(1);
    assertThat(hub.owed("1001").stream().filter(d -> "shipment".equals(d.operation()))).hasSize(1);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(8, 2, 0));
  }

  @Test
  void moreThanWasAskedForIsNotedAndNotCounted() {
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 5));

    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(3);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(6, 0, 0));
    assertThat(hub.timeline("1001")).contains("shipment.surplus");
  }

  @Test
  void aShipmentOfSomethingElseShipsNothingAndTellsTheChannelNothing() {
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "CAP-GRN", 1));

    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("ACCEPTED");
    assertThat(hub.owed("1001").stream().filter(d -> "shipment".equals(d.operation()))).isEmpty();
    assertThat(hub.timeline("1001")).contains("shipment.surplus");
  }

  @Test
  void aNodeThatSendsNothingOfARequestHandsAllOfItBack() {
    hub.apply(
        new Shipment(
            fulfillment.text(),
            "S-1",
            null,
            null,
            hub.clock.instant(),
            null,
            null,
            List.of(),
            true,
            null));

    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("REJECTED");
    assertThat(hub.line("1001", "1001-1").shipped()).isZero();
    assertThat(hub.owed("1001").stream().filter(d -> "shipment".equals(d.operation()))).isEmpty();
    assertThat(hub.timeline("1001")).contains("fulfillment.short").doesNotContain("shipment.sent");
    assertThat(hub.number("SELECT count(*) FROM shipment")).isZero();
  }

  @Test
  void aLineMayBeNamedByItsIdInSeveralBoxes() {
    hub.apply(
        new Shipment(
            fulfillment.text(),
            "S-1",
            null,
            null,
            hub.clock.instant(),
            null,
            null,
            List.of(
                new Shipment.Package(List.of(), List.of(new Shipment.Line("1001-1", null, 2))),
                new Shipment.Package(
                    List.of(new Shipment.Tracking("2", null)),
                    List.of(
                        new Shipment.Line("1001-1", null, 1),
                        new Shipment.Line("1001-2", null, 1))))));

    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
    assertThat(hub.owed("1001", "shipment").content().at("/packages")).hasSize(2);
  }

  @Test
  void anAcceptanceIsRecordedWithThePartnersReference() {
    hub.run("UPDATE fulfillment_order SET state = 'REQUESTED'");

    hub.apply(
        new io.serai.order.FulfillmentResponse(
            fulfillment.text(), State.ACCEPTED, "WH-77", null, hub.clock.instant()));

    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("ACCEPTED");
    assertThat(hub.asked("1001").getFirst().reference()).isEqualTo("WH-77");
    assertThat(hub.order("1001").state()).isEqualTo("IN_FULFILLMENT");
  }

  @Test
  void aShipmentThatComesBeforeTheAcceptanceIsTakenAllTheSame() {
    hub.run("UPDATE fulfillment_order SET state = 'REQUESTED'");
    hub.apply(hub.shipmentOf(fulfillment.text(), "S-1", "MUG-BLU", 3));

    hub.apply(hub.answer(fulfillment.text(), State.ACCEPTED));

    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("PARTIALLY_SHIPPED");
  }
}
