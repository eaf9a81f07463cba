package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse;
import io.serai.order.LineKind;
import io.serai.order.Order;
import io.serai.order.OrderLine;
import io.serai.order.Refund;
import io.serai.order.Shipment;
import io.serai.stock.CrossReference;
import io.serai.stock.Item;
import io.serai.stock.Item.Part;
import io.serai.stock.Items;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is sold as a set, a pack or under another name, from the order to the channel's tracking.
 */
class SetsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** Two mugs and a tea. */
  private static final Item SET =
      new Item(
          "SET",
          "Mugs and tea",
          Set.of(),
          null,
          null,
          null,
          List.of(new Part("MUG", 2), new Part("TEA", 1)));

  private AHub hub;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE);
    hub.items =
        new Items(
            List.of(SET),
            List.of(
                new CrossReference(AHub.SHOP, "MUG-6", "MUG", 6),
                new CrossReference(AHub.SHOP, "B00MUG", "MUG", 1)));
  }

  @AfterEach
  void holdsTogether() {
    hub.holdsTogether();
    hub.close();
  }

  private AHub.Quantities line(String lineId) {
    return hub.line("1001", lineId);
  }

  private String ful() {
    return hub.asked("1001").getFirst().text();
  }

  private static List<String> told(JsonNode content) {
    var lines = new java.util.ArrayList<String>();
    for (var parcel : content.path("packages")) {
      for (var line : parcel.path("lines")) {
        lines.add(line.path("lineId").asText() + " x " + line.path("quantity").asInt());
      }
    }
    return lines;
  }

  @Test
  void aSetStaysTheLineThatWasSoldAndItsComponentsAreSent() {
    hub.has("MUG", NEAR, 10).has("TEA", NEAR, 10);

    hub.apply(anOrder().numbered("1001").with("SET", 3).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(line("1001-1")).isEqualTo(new AHub.Quantities(3, 0, 0, 0, 0, 0, 0));
    assertThat(line("1001-1/MUG").allocated()).isEqualTo(6);
    assertThat(line("1001-1/TEA").allocated()).isEqualTo(3);
    assertThat(hub.text("SELECT kind FROM order_line WHERE line_id = '1001-1'"))
        .isEqualTo("BUNDLE");
    assertThat(hub.owed("1001", "fulfillment-request").content().path("lines").toString())
        .isEqualTo(
            """
            [{"lineId":"1001-1/MUG","sku":"MUG","quantity":6},{"lineId":"1001-1/TEA","sku":"TEA","quantity":3}]""");
  }

  @Test
  void twoLinesThatShareAComponentCannotBothPass() {
    hub.has("MUG", NEAR, 4).has("TEA", NEAR, 10);

    hub.apply(anOrder().numbered("1001").with("SET", 2).with("MUG", 1).build());

    assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
    assertThat(hub.level("MUG", NEAR)).isEqualTo(new AHub.Level(4, 0, 0));
  }

  @Test
  void twoOrdersThatShareAComponentCannotBothPass() {
    hub.has("MUG", NEAR, 4).has("TEA", NEAR, 10);

    hub.apply(anOrder().numbered("1001").with("SET", 2).build());
    hub.apply(anOrder().numbered("1002").with("MUG", 1).build());

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(hub.order("1002").state()).isEqualTo("BACKORDERED");
  }

  @Test
  void aSetThatWaitsGoesOnWhenItsComponentComes() {
    hub.has("MUG", NEAR, 1).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());
    assertThat(line("1001-1/MUG").backordered()).isEqualTo(2);

    hub.clock.advance(Duration.ofMinutes(1));
    hub.has("MUG", NEAR, 2);
    hub.followUp();

    assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    assertThat(line("1001-1/MUG").allocated()).isEqualTo(2);
  }

  @Test
  void theChannelHearsOfASetWhenTheLastOfItsComponentsLeaves() {
    hub.has("MUG", NEAR, 10).has("TEA", FAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());
    assertThat(hub.asked("1001")).hasSize(2);
    var mugs = hub.asked("1001").stream().filter(a -> a.node().equals(NEAR)).findFirst().get();
    var tea = hub.asked("1001").stream().filter(a -> a.node().equals(FAR)).findFirst().get();

    hub.apply(hub.shipmentOf(mugs.text(), "S-1", "MUG", 2));
    assertThat(line("1001-1").shipped()).isZero();
    assertThat(hub.owed("1001")).noneMatch(o -> o.operation().equals("shipment"));
    hub.apply(hub.shipmentOf(tea.text(), "S-2", "TEA", 1));

    assertThat(line("1001-1").shipped()).isEqualTo(1);
    assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
    assertThat(told(hub.owed("1001", "shipment").content())).containsExactly("1001-1 x 1");
  }

  @Test
  void severalParcelsOfOneShipmentAreNamedTogether() {
    hub.has("MUG", NEAR, 10).has("TEA", NEAR, 10).has("CAP", NEAR, 1);
    hub.apply(anOrder().numbered("1001").with("SET", 1).with("CAP", 1).build());

    hub.apply(
        new Shipment(
            ful(),
            "S-1",
            null,
            null,
            hub.clock.instant(),
            new Shipment.Carrier("ups", "UPS"),
            null,
            List.of(
                parcel("1Z1", new Shipment.Line(null, "MUG", 2)),
                parcel(
                    "1Z2",
                    new Shipment.Line("1001-1/TEA", "TEA", 1),
                    new Shipment.Line("1001-2", null, 1)))));

    var told = hub.owed("1001", "shipment").content();
    assertThat(told(told)).containsExactlyInAnyOrder("1001-1 x 1", "1001-2 x 1");
    assertThat(told.path("packages")).hasSize(1);
    assertThat(told.at("/packages/0/tracking").findValuesAsText("number"))
        .containsExactly("1Z2", "1Z1");
  }

  private static Shipment.Package parcel(String tracking, Shipment.Line... lines) {
    return new Shipment.Package(List.of(new Shipment.Tracking(tracking, null)), List.of(lines));
  }

  @Test
  void aCancelledSetLetsGoOfItsComponents() {
    hub.has("MUG", NEAR, 10).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 2).with("MUG", 1).build());

    hub.apply(hub.cancellationOf("1001", "1001-1", 1));
    hub.apply(hub.answer(ful(), FulfillmentResponse.State.CANCELLED));

    assertThat(line("1001-1").cancelled()).isEqualTo(1);
    assertThat(line("1001-1/MUG")).isEqualTo(new AHub.Quantities(4, 2, 2, 2, 0, 0, 0));
    assertThat(line("1001-1/TEA")).isEqualTo(new AHub.Quantities(2, 1, 1, 1, 0, 0, 0));
    assertThat(hub.level("MUG", NEAR).allocated()).isEqualTo(3);
  }

  @Test
  void anOrderOfASetIsCancelledAsAWhole() {
    hub.has("MUG", NEAR, 1).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 2).build());

    hub.apply(hub.cancellationOf("1001"));

    assertThat(hub.order("1001").state()).isEqualTo("CANCELLED");
    assertThat(line("1001-1").cancelled()).isEqualTo(2);
  }

  @Test
  void aRefundOfASetThatIsNotToBeSentCancelsItsComponents() {
    hub.has("MUG", NEAR, 1).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 2).build());

    hub.clock.advance(Duration.ofMinutes(5));
    hub.apply(
        new Refund(
            AHub.ref("1001"),
            "R-1",
            hub.clock.instant(),
            List.of(new Refund.Line("1001-1", 2, Refund.Restock.CANCEL)),
            null));

    assertThat(line("1001-1").refunded()).isEqualTo(2);
    assertThat(line("1001-1").cancelled()).isEqualTo(2);
    assertThat(line("1001-1/TEA").cancelled()).isEqualTo(2);
  }

  @Test
  void anEditOfASetIsAnEditOfItsComponents() {
    hub.has("MUG", NEAR, 10).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());

    hub.clock.advance(Duration.ofMinutes(5));
    hub.apply(anOrder().numbered("1001").updatedAt(hub.clock.instant()).with("SET", 3).build());

    assertThat(line("1001-1").ordered()).isEqualTo(3);
    assertThat(line("1001-1/MUG").allocated()).isEqualTo(6);
    assertThat(line("1001-1/TEA").allocated()).isEqualTo(3);
  }

  @Test
  void aSetThatTheOrderNoLongerListsIsCancelled() {
    hub.has("MUG", NEAR, 1).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());

    hub.clock.advance(Duration.ofMinutes(5));
    var other = new OrderLineNamed("1001-9");
    hub.apply(
        anOrder().numbered("1001").updatedAt(hub.clock.instant()).with(other.of("TEA")).build());

    assertThat(line("1001-1").cancelled()).isEqualTo(1);
    assertThat(line("1001-1/MUG").cancelled()).isEqualTo(2);
    assertThat(line("1001-9").allocated()).isEqualTo(1);
  }

  /** A line with an id of its own. */
  private record OrderLineNamed(String lineId) {
    OrderLine of(String sku) {
      Order order = anOrder().numbered("x").with(sku, 1).build();
      var l = order.lines().getFirst();
      return new OrderLine(
          lineId,
          9,
          null,
          LineKind.PHYSICAL,
          sku,
          l.listing(),
          l.title(),
          l.options(),
          l.unit(),
          1,
          0,
          0,
          0,
          0,
          true,
          l.unitPrice(),
          l.discounts(),
          l.taxes(),
          l.lineTotal(),
          null);
    }
  }

  @Test
  void aPackIsSoManyUnitsAndTheChannelHearsOfPacks() {
    hub.has("MUG", NEAR, 20);
    hub.apply(anOrder().numbered("1001").with("MUG-6", 2).build());
    assertThat(line("1001-1/MUG").allocated()).isEqualTo(12);

    hub.apply(hub.shipmentOf(ful(), "S-1", "MUG", 8));
    hub.apply(hub.shipmentOf(ful(), "S-2", "MUG", 4));

    assertThat(line("1001-1").shipped()).isEqualTo(2);
    assertThat(
            hub.owed("1001").stream()
                .filter(o -> o.operation().equals("shipment"))
                .map(o -> told(o.content())))
        .containsExactly(List.of("1001-1 x 1"), List.of("1001-1 x 1"));
  }

  @Test
  void anotherNameIsOurSkuFromThenOn() {
    hub.has("MUG", NEAR, 20);

    hub.apply(anOrder().numbered("1001").with("B00MUG", 2).build());
    hub.clock.advance(Duration.ofMinutes(5));
    hub.apply(anOrder().numbered("1001").updatedAt(hub.clock.instant()).with("B00MUG", 3).build());

    assertThat(line("1001-1").allocated()).isEqualTo(3);
    assertThat(hub.text("SELECT sku FROM order_line WHERE line_id = '1001-1'")).isEqualTo("MUG");
    assertThat(hub.number("SELECT count(*) FROM order_line")).isEqualTo(1);
  }

  @Test
  void aReplayedHoldKnowsWhatWasDescribedMeanwhile() {
    hub.items = Items.NONE;
    hub.has("MUG", NEAR, 10).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());
    assertThat(hub.order("1001").hold()).isEqualTo("UNMAPPED");

    hub.items = new Items(List.of(SET), List.of());
    hub.applyInside(new Reallocation(hub.order("1001").id()));

    assertThat(hub.order("1001").hold()).isNull();
    assertThat(line("1001-1/MUG").allocated()).isEqualTo(2);
  }

  @Test
  void whatASetConsistsOfIsFixedWhenItIsPromised() {
    hub.has("MUG", NEAR, 10).has("TEA", NEAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());

    hub.items =
        new Items(
            List.of(new Item("SET", null, null, null, null, null, List.of(new Part("TEA", 5)))),
            List.of());
    hub.clock.advance(Duration.ofMinutes(5));
    hub.apply(anOrder().numbered("1001").updatedAt(hub.clock.instant()).with("SET", 2).build());

    assertThat(line("1001-1/MUG").allocated()).isEqualTo(4);
    assertThat(line("1001-1/TEA").allocated()).isEqualTo(2);
  }

  @Test
  void aSetThatNobodyDescribedIsAHold() {
    var line = new OrderLineNamed("1001-1").of("GIFT-BOX");
    hub.apply(
        anOrder()
            .numbered("1001")
            .with(
                new OrderLine(
                    line.lineId(),
                    1,
                    null,
                    LineKind.BUNDLE,
                    line.sku(),
                    line.listing(),
                    line.title(),
                    line.options(),
                    line.unit(),
                    1,
                    0,
                    0,
                    0,
                    0,
                    true,
                    line.unitPrice(),
                    line.discounts(),
                    line.taxes(),
                    line.lineTotal(),
                    null))
            .build());

    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Line '1001-1' of order '#1001' is the set 'GIFT-BOX', and nobody said what it"
                + " consists of. Describe it with its components among the items, then replay.");
  }

  @Test
  void morePiecesThanCanBeAreAHold() {
    hub.items =
        new Items(List.of(), List.of(new CrossReference(AHub.SHOP, "PALLET", "MUG", 10_000)));

    hub.apply(anOrder().numbered("1001").with("PALLET", 200_000).build());

    assertThat(hub.order("1001").holdReason())
        .isEqualTo(
            "Line '1001-1' of order '#1001' asks for 200000 of 'PALLET' with 10000 of 'MUG' in"
                + " each, which is more than can be. Correct the item or the order, then replay.");
  }

  @Test
  void aSetOfWhichAPartLeftAndTheRestIsCancelledWasSent() {
    hub.has("MUG", NEAR, 10).has("TEA", FAR, 10);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());
    var mugs = hub.asked("1001").stream().filter(a -> a.node().equals(NEAR)).findFirst().get();
    var tea = hub.asked("1001").stream().filter(a -> a.node().equals(FAR)).findFirst().get();
    hub.apply(hub.shipmentOf(mugs.text(), "S-1", "MUG", 2));

    hub.clock.advance(Duration.ofMinutes(5));
    hub.apply(hub.cancellationOf("1001"));
    hub.apply(hub.answer(tea.text(), FulfillmentResponse.State.CANCELLED));

    assertThat(line("1001-1/TEA").cancelled()).isEqualTo(1);
    assertThat(line("1001-1").shipped()).isEqualTo(1);
    assertThat(line("1001-1").cancelled()).isZero();
    assertThat(told(hub.owed("1001", "shipment").content())).containsExactly("1001-1 x 1");
    assertThat(
            hub.owed("1001", "shipment")
                .content()
                .at("/packages/0/tracking")
                .findValuesAsText("number"))
        .hasSize(1);
    assertThat(hub.owed("1001", "shipment").content().path("shipmentId").asText())
        .as("another call than one that told what else was in the parcel")
        .isEqualTo("S-1/1001-1");
  }

  @Test
  void aBatchOfSetsSplitOverManyNodesHasAnIdForEachRequest() {
    hub.has("MUG", NEAR, 2).has("TEA", FAR, 1);
    hub.apply(anOrder().numbered("1001").with("SET", 1).build());

    assertThat(hub.asked("1001")).extracting(AHub.Asked::node).containsExactlyInAnyOrder(NEAR, FAR);
  }
}
