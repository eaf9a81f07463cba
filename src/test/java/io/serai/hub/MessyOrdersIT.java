package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.FAR_PARTNER;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate;
import io.serai.allocation.Policy;
import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse;
import io.serai.order.FulfillmentResponse.State;
import io.serai.order.OrderType;
import io.serai.order.RefusalCode;
import io.serai.order.Shipment;
import io.serai.outbox.RepeatMode;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Orders as they really happen, from the decision to the door. */
class MessyOrdersIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Instant T0 = ManualClock.START;
  private static final String STORE = "store-1";

  /** A warehouse of ours that a 3PL runs, a 3PL, a store without a system, and a supplier. */
  private static final Topology WORLD = world();

  private AHub hub;

  private static Topology world() {
    var nodes = new ArrayList<>(AHub.TWO_NODES.nodes());
    nodes.add(new Candidate(STORE, "store", null, "US"));
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    accounts.put(
        FAR_PARTNER,
        new Topology.Account(
                FAR_PARTNER,
                false,
                false,
                false,
                Map.of("fulfillment-request", RepeatMode.QUERYABLE),
                Duration.ofHours(48))
            .shippingWithin(Duration.ofHours(48)));
    return new Topology(List.copyOf(nodes), Map.copyOf(accounts));
  }

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE, WORLD, new ManualClock());
  }

  @AfterEach
  void holdsTogether() {
    hub.close();
    hub.holdsTogether();
  }

  private AHub.Asked asked(String order, String node) {
    return hub.asked(order).stream()
        .filter(a -> a.node().equals(node))
        .reduce((one, newer) -> newer)
        .orElseThrow();
  }

  private void accepted(String order) {
    hub.owed(order).stream()
        .filter(d -> d.operation().equals("fulfillment-request") && d.state().equals("READY"))
        .forEach(hub::confirm);
    hub.clock.advance(Duration.ofMinutes(10));
  }

  private void rejects(String order, String node, RefusalCode code) {
    hub.apply(
        new FulfillmentResponse(
            asked(order, node).text(),
            State.REJECTED,
            null,
            null,
            code,
            List.of(),
            hub.clock.instant()));
  }

  private Shipment shipment(String order, String node, String sku, int units, Boolean last) {
    var some = hub.shipmentOf(asked(order, node).text(), "S-" + node, sku, units);
    return new Shipment(
        some.fulfillmentId(),
        some.shipmentId(),
        null,
        null,
        some.shippedAt(),
        some.carrier(),
        null,
        some.packages(),
        last,
        null);
  }

  @Nested
  class PartialStockoutAfterAllocation {
    @Test
    void whatIsThereLeavesTheRestComesFromElsewhereAndNothingIsSoldTwice() {
      hub.has("MUG-BLU", NEAR, 5).has("MUG-BLU", FAR, 1);
      hub.apply(anOrder().placedAt(T0).with("MUG-BLU", 4).build());
      accepted("1001");

      hub.apply(shipment("1001", NEAR, "MUG-BLU", 2, true)); // two more were not on the shelf
      hub.clock.advance(FulfillmentRules.LATE); // nor in a parcel told late
      hub.followUp();

      assertThat(hub.line("1001", "1001-1")).isEqualTo(new AHub.Quantities(4, 0, 0, 0, 2, 2, 0));
      assertThat(hub.level("MUG-BLU", NEAR))
          .as("5 less 2 sent, 2 missing")
          .isEqualTo(new AHub.Level(1, 0, 0));

      hub.clock.advance(Duration.ofHours(1));
      hub.has("MUG-BLU", FAR, 2);
      hub.followUp();

      assertThat(asked("1001", FAR).state()).isEqualTo("REQUESTED");
      hub.apply(hub.shipmentOf(asked("1001", FAR).text(), "S-2", "MUG-BLU", 2));
      assertThat(hub.order("1001").state()).isEqualTo("SHIPPED");
      assertThat(hub.owed("1001").stream().filter(d -> d.operation().equals("shipment")))
          .as("the channel hears of each parcel")
          .hasSize(2);
    }
  }

  @Nested
  class PreorderAndInStockInOneOrder {
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

    private void announced(String sku, int units, Instant at) {
      hub.has(sku, NEAR, 0);
      hub.change(
          StockChange.Kind.EXPECT, NEAR, new StockChange.Row(sku, units, null, null, "PO-1", at));
    }

    private void order(String number, Boolean together) {
      var order =
          anOrder()
              .numbered(number)
              .placedAt(T0)
              .with("MUG-BLU", 1)
              .with("LAMP-NEW", 1)
              .ofWhichPreordered(null);
      hub.apply((together == null ? order : order.shippedComplete(together)).build());
    }

    private String promise(String number) {
      return hub.text(
          """
          SELECT concat_ws(' ', l.preorder, to_char(l.promised_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
          FROM order_line l JOIN sales_order o ON o.id = l.order_id
          WHERE o.channel_order_id = ? AND l.line_no = 2""",
          number);
    }

    @Test
    void shipTogetherWaitsForTheLastUnit() {
      hub.has("MUG-BLU", NEAR, 5);
      announced("LAMP-NEW", 3, MAY);

      order("1001", true);

      assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
      assertThat(hub.asked("1001")).isEmpty();
      assertThat(promise("1001")).isEqualTo("t 2026-05-01");

      hub.clock.advance(Duration.ofDays(60));
      hub.has("LAMP-NEW", NEAR, 3);
      hub.followUp();

      assertThat(hub.asked("1001")).hasSize(1);
      assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(1);
      assertThat(hub.line("1001", "1001-2").allocated()).isEqualTo(1);
    }

    @Test
    void shipAvailableSendsWhatIsThereAndThePreorderHasItsOwnPromise() {
      hub.has("MUG-BLU", NEAR, 5);
      announced("LAMP-NEW", 3, MAY);

      order("1001", false);

      assertThat(hub.line("1001", "1001-1").allocated()).isEqualTo(1);
      assertThat(hub.line("1001", "1001-2").backordered()).isEqualTo(1);
      assertThat(promise("1001")).isEqualTo("t 2026-05-01");
      assertThat(
              hub.all(
                  "SELECT sentence FROM order_event WHERE kind = 'order.preordered'",
                  rows -> rows.getString(1)))
          .containsExactly(
              "1 of 'LAMP-NEW' wait for the delivery that is announced for 2026-05-01T00:00:00Z. 'shopify-main' has no way to hear of it: tell the buyer.");

      hub.clock.advance(Duration.ofDays(60));
      hub.has("LAMP-NEW", NEAR, 3);
      hub.followUp();

      assertThat(hub.asked("1001")).as("each group is asked for by itself").hasSize(2);
      assertThat(hub.line("1001", "1001-2").allocated()).isEqualTo(1);
    }

    @Test
    void whatIsAnnouncedIsPromisedOnceInTheOrderOfTheOrders() {
      hub.has("MUG-BLU", NEAR, 5);
      announced("LAMP-NEW", 2, MAY);

      order("1001", false);
      order("1002", false);
      order("1003", false);

      assertThat(promise("1002")).isEqualTo("t 2026-05-01");
      assertThat(promise("1003")).isEqualTo("t");
      assertThat(
              hub.text(
                  """
                  SELECT sentence FROM order_event WHERE kind = 'order.preordered' ORDER BY id DESC LIMIT 1"""))
          .isEqualTo("1 of 'LAMP-NEW' wait for a delivery that nobody has announced.");
    }
  }

  @Nested
  class SplitOverWarehouseThirdPartyAndStore {
    @Test
    void oneNodeRejectsAndOnlyItsPartMoves() {
      hub.has("MUG-BLU", NEAR, 1).has("TEE-RED", FAR, 1).has("CAP-GRN", STORE, 2);
      hub.has("TEE-RED", STORE, 1);
      hub.apply(
          anOrder().placedAt(T0).with("MUG-BLU", 1).with("TEE-RED", 1).with("CAP-GRN", 2).build());
      assertThat(hub.asked("1001")).hasSizeGreaterThanOrEqualTo(2);
      var before = hub.asked("1001");
      accepted("1001");
      var from = before.stream().filter(a -> !a.node().equals(STORE)).findFirst().orElseThrow();
      var sku = hub.text("SELECT sku FROM reservation WHERE fulfillment_order_id = ?", from.id());
      hub.has(sku, STORE, 5);

      rejects("1001", from.node(), RefusalCode.CAPACITY);

      assertThat(
              hub.text(
                  """
                  SELECT string_agg(DISTINCT node, ',') FROM reservation
                  WHERE sku = ? AND quantity - shipped - released > 0""",
                  sku))
          .isEqualTo(STORE);
      for (var other : before) {
        if (!other.id().equals(from.id())) {
          assertThat(hub.asked("1001"))
              .filteredOn(a -> a.id().equals(other.id()))
              .noneMatch(a -> a.state().equals("REJECTED") || a.state().equals("CANCELLED"));
        }
      }
      assertThat(hub.order("1001").hold()).isNull();
      assertThat(hub.number("SELECT sum(allocated) FROM order_line")).isEqualTo(4);
    }
  }

  @Nested
  class DropshipSupplierSilentPastLeadTime {
    @Test
    void theOrderIsListedWithTheSupplierAsOwnerAndNothingElseStops() {
      hub.has("LAMP-NEW", FAR, 5);
      hub.apply(anOrder().placedAt(T0).with("LAMP-NEW", 1).build());
      accepted("1001");

      hub.clock.advance(Duration.ofHours(47));
      assertThat(hub.followUp()).isZero();
      hub.clock.advance(Duration.ofHours(2));
      assertThat(hub.followUp()).isEqualTo(1);
      assertThat(hub.followUp()).as("once").isZero();

      assertThat(open()).containsExactly("SILENT fabrikam");
      assertThat(hub.order("1001").hold()).as("it stops nothing").isNull();
      assertThat(hub.text("SELECT sentence FROM order_event WHERE kind = 'fulfillment.silent'"))
          .isEqualTo(
              "'fabrikam' has sent nothing of order '#1001' (request '"
                  + asked("1001", FAR).text()
                  + "') within its lead time of 48h. Ask it, or move the order to another node.");

      hub.apply(hub.shipmentOf(asked("1001", FAR).text(), "S-1", "LAMP-NEW", 1));

      assertThat(open()).isEmpty();
    }

    @Test
    void theOrderMovesToAnotherNodeByHand() {
      hub.has("LAMP-NEW", FAR, 5);
      hub.apply(anOrder().placedAt(T0).with("LAMP-NEW", 1).build());
      accepted("1001");
      hub.clock.advance(Duration.ofHours(49));
      hub.has("LAMP-NEW", NEAR, 1);
      hub.followUp();

      hub.applyInside(Reassignment.awayFrom(hub.order("1001").id(), FAR, "no answer"));
      hub.apply(hub.answer(asked("1001", FAR).text(), State.CANCELLED));

      assertThat(asked("1001", NEAR).state()).isEqualTo("REQUESTED");
      assertThat(open()).isEmpty();
    }

    @Test
    void aPartnerThatAnsweredInTimeIsNotSilent() {
      hub.has("LAMP-NEW", FAR, 5);
      hub.apply(anOrder().placedAt(T0).with("LAMP-NEW", 1).build());
      accepted("1001");
      hub.apply(hub.shipmentOf(asked("1001", FAR).text(), "S-1", "LAMP-NEW", 1));

      hub.clock.advance(Duration.ofHours(60));

      assertThat(hub.followUp()).isZero();
      assertThat(open()).isEmpty();
    }

    private List<String> open() {
      return hub.all(
          "SELECT kind || ' ' || owner FROM order_hold WHERE released_at IS NULL",
          rows -> rows.getString(1));
    }
  }

  /** 2. To a country that nobody sends to. */
  @Nested
  class ToACountryThatNobodyServes {
    @BeforeEach
    void onlyAtHome() {
      hub.close();
      var nodes =
          AHub.TWO_NODES.nodes().stream()
              .map(
                  n ->
                      new Candidate(
                          n.id(),
                          n.type(),
                          n.partner(),
                          n.country(),
                          n.region(),
                          n.postalCode(),
                          n.capabilities(),
                          Set.of("US"),
                          n.capacityPerDay(),
                          n.hours(),
                          n.cost(),
                          n.transitDays(),
                          n.floor()))
              .toList();
      hub = new AHub(DATABASE, new Topology(nodes, AHub.TWO_NODES.accounts()), new ManualClock());
      hub.has("MUG-BLU", NEAR, 10);
    }

    @Test
    void itIsHeldByNameNothingIsPromisedAndACorrectedAddressLetsItGo() {
      hub.apply(anOrder().placedAt(T0).to("CH", "8001").with("MUG-BLU", 1).build());

      var held = hub.order("1001");
      assertThat(held.hold()).isEqualTo("UNALLOCATABLE");
      assertThat(held.holdReason()).contains("'CH'");
      assertThat(held.holdOwner()).isEqualTo("operations");
      assertThat(hub.owed("1001")).isEmpty();
      assertThat(hub.level("MUG-BLU", NEAR).allocated()).isZero();

      hub.apply(
          anOrder()
              .placedAt(T0)
              .updatedAt(T0.plusSeconds(60))
              .to("US", "07102")
              .with("MUG-BLU", 1)
              .build());

      assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
    }
  }

  /** 25. A purchase order of a company that takes no part of it. */
  @Nested
  class APurchaseOrderThatLeavesAsAWhole {
    @Test
    void itWaitsWholeThoughTheRulesLetPartsLeaveAndGoesWhenAllIsThere() {
      var standard = Policy.STANDARD;
      hub.engine()
          .decideBy(
              () ->
                  new Policy(
                      standard.name(),
                      standard.version(),
                      standard.home(),
                      standard.rules(),
                      standard.weights(),
                      standard.checks(),
                      new Policy.Splitting(9, 0, true),
                      standard.distances()));
      hub.has("MUG-BLU", NEAR, 3).has("MUG-BLU", FAR, 1);

      hub.apply(
          anOrder()
              .placedAt(T0)
              .ofType(OrderType.B2B)
              .shippedComplete(true)
              .with("MUG-BLU", 5)
              .build());

      assertThat(hub.order("1001").state()).isEqualTo("BACKORDERED");
      assertThat(hub.owed("1001")).isEmpty();
      assertThat(hub.number("SELECT count(*) FROM reservation")).isZero();

      hub.clock.advance(Duration.ofMinutes(5));
      hub.has("MUG-BLU", FAR, 2);

      assertThat(hub.followUp()).isEqualTo(1);
      assertThat(hub.order("1001").state()).isEqualTo("RELEASED");
      assertThat(hub.level("MUG-BLU", NEAR).allocated() + hub.level("MUG-BLU", FAR).allocated())
          .isEqualTo(5);
    }
  }
}
