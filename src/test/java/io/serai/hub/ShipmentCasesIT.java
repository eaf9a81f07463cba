package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.Address;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.Shipment;
import io.serai.support.Ids;
import io.serai.support.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What left is not what was asked for: nobody is told before a person has looked at it. */
class ShipmentCasesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AHub hub;
  private AHub.Asked fulfillment;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.has("MUG-BLU", NEAR, 9).has("TEE-RED", NEAR, 9).has("CAP-GRN", NEAR, 9);
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

  private void sent(Shipment.Line... lines) {
    sent(null, null, lines);
  }

  private void sent(String hash, Address to, Shipment.Line... lines) {
    hub.apply(
        new Shipment(
            fulfillment.text(),
            "S-1",
            null,
            null,
            hub.clock.instant(),
            new Shipment.Carrier("ups", "UPS"),
            null,
            List.of(
                new Shipment.Package(
                    List.of(new Shipment.Tracking("1ZS-1", null)), List.of(lines))),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            hash,
            to));
  }

  private static Shipment.Line of(String sku, int units, String... serials) {
    return new Shipment.Line(null, sku, units, serials.length == 0 ? null : List.of(serials));
  }

  private static Address at(String country, String code) {
    return new Address(List.of(), null, null, null, code, country, null);
  }

  private List<AHub.Owed> told() {
    return hub.owed("1001").stream().filter(d -> "shipment".equals(d.operation())).toList();
  }

  private String open(String kind) {
    return hub
        .all(
            "SELECT reason FROM order_hold WHERE released_at IS NULL AND kind = '%s'"
                .formatted(kind),
            rows -> rows.getString(1))
        .stream()
        .findFirst()
        .orElse(null);
  }

  private UUID shipment() {
    return hub.one("SELECT id FROM shipment", rows -> rows.getObject(1, UUID.class));
  }

  private ApplyResult accept(Map<String, String> instead) {
    return hub.applyInside(
        new AcceptShipment(hub.order("1001").id(), shipment(), instead, "the buyer agreed"));
  }

  private static String refused(ApplyResult result) {
    assertThat(result).isInstanceOf(ApplyResult.Failed.class);
    return ((ApplyResult.Failed) result).failure().sentence();
  }

  @Test
  void whatWasAskedForIsBookedAndTheChannelHearsNothingAsLongAsSomethingElseWasInTheParcel() {
    sent(of("MUG-BLU", 3), of("CAP-GRN", 1));

    assertThat(hub.line("1001", "1001-1").shipped()).isEqualTo(3);
    assertThat(hub.level("MUG-BLU", NEAR)).isEqualTo(new AHub.Level(6, 0, 0));
    assertThat(told()).isEmpty();
    assertThat(open("SHIPMENT"))
        .contains("Shipment 'S-1' (" + Ids.text("shp", shipment()) + ") of order '#1001' differs")
        .contains("sent 1 of 'CAP-GRN', which it was not asked for.");
    assertThat(hub.order("1001").hold()).as("nothing else stops").isNull();
    assertThat(hub.timeline("1001")).contains("shipment.surplus", "shipment.differs");
  }

  @Test
  void whatAPersonAcceptsIsToldOnce() {
    sent(of("MUG-BLU", 5));
    assertThat(told()).isEmpty();

    assertThat(accept(Map.of())).isInstanceOf(ApplyResult.Applied.class);

    assertThat(told()).hasSize(1);
    assertThat(told().getFirst().content().at("/packages/0/lines/0/quantity").asInt()).isEqualTo(3);
    assertThat(open("SHIPMENT")).isNull();
    assertThat(refused(accept(Map.of()))).contains("was accepted at");
    assertThat(told()).hasSize(1);
  }

  @Test
  void aSubstituteStandsForItsLineAndLeavesItsOwnStock() {
    sent(of("CAP-GRN", 1));
    assertThat(hub.line("1001", "1001-2").shipped()).isZero();

    assertThat(accept(Map.of("CAP-GRN", "1001-2"))).isInstanceOf(ApplyResult.Applied.class);

    assertThat(hub.line("1001", "1001-2").shipped()).isEqualTo(1);
    assertThat(told().getFirst().content().at("/packages/0/lines/0/lineId").asText())
        .isEqualTo("1001-2");
    assertThat(hub.level("CAP-GRN", NEAR)).isEqualTo(new AHub.Level(8, 0, 0));
    assertThat(hub.level("TEE-RED", NEAR)).isEqualTo(new AHub.Level(9, 0, 0));
    assertThat(hub.asked("1001").getFirst().state()).isEqualTo("PARTIALLY_SHIPPED");
  }

  @Test
  void whatStandsForNothingIsNotAccepted() {
    sent(of("CAP-GRN", 1));

    assertThat(refused(accept(Map.of()))).contains("stands for a line of order '#1001'");
    assertThat(refused(accept(Map.of("LAMP", "1001-1")))).contains("holds no 'LAMP'");
    assertThat(refused(accept(Map.of("CAP-GRN", "1001-9"))))
        .contains("Nothing of line '1001-9' of order '#1001' is open");
    assertThat(told()).isEmpty();
    assertThat(open("SHIPMENT")).isNotNull();
  }

  @Test
  void oneThatIsAsItWasAskedForNeedsNobody() {
    sent(of("MUG-BLU", 3, "SN-1", "SN-2", "SN-3"));

    assertThat(told()).hasSize(1);
    assertThat(open("SHIPMENT")).isNull();
    assertThat(refused(accept(Map.of()))).contains("is as it was asked for");
  }

  @Test
  void whatAPersonReleasesStaysUntold() {
    sent(of("MUG-BLU", 5));

    hub.applyInside(
        new ReleaseOrder(
            hub.order("1001").id(), io.serai.order.HoldKind.SHIPMENT, "it comes back"));

    assertThat(open("SHIPMENT")).isNull();
    assertThat(told()).isEmpty();
  }

  @Test
  void anAddressWithAnotherHashIsACase() {
    var asked = hub.owed("1001", "fulfillment-request").content().path("addressHash").asText();
    assertThat(asked).hasSize(32);

    sent("0" + asked.substring(1).replace('0', '1'), null, of("MUG-BLU", 3));

    assertThat(told()).isEmpty();
    assertThat(open("SHIPMENT")).contains("went to an address with another hash");
  }

  @Test
  void theRequestsOwnHashTellsThatAllIsWell() {
    var asked = hub.owed("1001", "fulfillment-request").content().path("addressHash").asText();

    sent(asked, at("DE", "12045"), of("MUG-BLU", 3));

    assertThat(told()).hasSize(1);
    assertThat(hub.text("SELECT document::text FROM shipment")).doesNotContain("12045");
  }

  @Test
  void anotherPostalCodeOrCountryIsACase() {
    sent(null, at("DE", "80331"), of("MUG-BLU", 3));
    assertThat(told()).isEmpty();
    assertThat(open("SHIPMENT")).contains("went to another postal code than that of the order");
  }

  @Test
  void anotherCountryIsACase() {
    sent(null, at("AT", null), of("MUG-BLU", 3));
    assertThat(told()).isEmpty();
    assertThat(open("SHIPMENT")).contains("went to country 'AT', and the order is for 'DE'");
  }

  @Test
  void aNumberThatStandsOnTwoUnitsIsACase() {
    sent(of("MUG-BLU", 2, "SN-1", "SN-1"), of("TEE-RED", 1, "SN-2", "SN-3"));

    assertThat(told()).isEmpty();
    assertThat(open("SHIPMENT"))
        .contains("names serial number 'SN-1' twice")
        .contains("names 2 serial numbers for 1 unit(s) of 'TEE-RED'");
  }

  @Test
  void whatLeavesAfterItWasCancelledIsACase() {
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(fulfillment.text(), State.CANCELLED));

    sent(of("MUG-BLU", 3));

    assertThat(told()).isEmpty();
    assertThat(open("SHIPMENT")).contains("sent 3 of 'MUG-BLU' that it was not to send any more");
    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(refused(accept(Map.of()))).contains("stands for a line");
  }
}
