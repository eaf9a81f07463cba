package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse;
import io.serai.order.HoldKind;
import io.serai.order.RefusalCode;
import io.serai.order.Shipment;
import io.serai.order.StockReport;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever shops and warehouses say, in whatever order: no unit is lost, gained or promised twice,
 * and what is told again changes nothing.
 */
class HubPropertiesIT {
  private static final List<String> SKUS = List.of("MUG", "TEE");
  private static final List<String> NODES = List.of(NEAR, FAR);
  private static TestDatabase database;

  @BeforeContainer
  static void open() {
    database = new TestDatabase().open();
  }

  @AfterContainer
  static void close() {
    database.close();
  }

  /** What somebody says. */
  enum Kind {
    STATE,
    LATE_STATE,
    CANCELLATION,
    PART_CANCELLATION,
    COUNT,
    SENT,
    LEFT,
    YES,
    NO,
    STOPPED,
    TOO_LATE,
    REFUSED_PART,
    SHORT,
    MOVED,
    HELD,
    RELEASED,
    REPLAYED,
    WENT_ON,
    CRASHED
  }

  /** One thing somebody says: of which of three orders, of which SKU and node, and how many. */
  record Said(Kind kind, int order, int one, int other) {}

  @Provide
  Arbitrary<List<Said>> story() {
    return Combinators.combine(
            Arbitraries.of(
                Kind.STATE,
                Kind.STATE,
                Kind.STATE,
                Kind.LATE_STATE,
                Kind.CANCELLATION,
                Kind.PART_CANCELLATION,
                Kind.COUNT,
                Kind.COUNT,
                Kind.SENT,
                Kind.LEFT,
                Kind.LEFT,
                Kind.YES,
                Kind.NO,
                Kind.STOPPED,
                Kind.TOO_LATE,
                Kind.REFUSED_PART,
                Kind.SHORT,
                Kind.MOVED,
                Kind.MOVED,
                Kind.HELD,
                Kind.RELEASED,
                Kind.REPLAYED,
                Kind.WENT_ON,
                Kind.WENT_ON,
                Kind.CRASHED),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 4))
        .as(Said::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  @Property(seed = "20260302", tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void noUnitIsLostOrPromisedTwiceAndWhatIsToldAgainChangesNothing(
      @ForAll("story") List<Said> story) {
    database.truncate();
    try (var world = new World()) {
      for (var said : story) {
        world.hear(said);
        world.hub.holdsTogether();
      }
      var before = world.picture();

      world.hearAgain();

      world.hub.holdsTogether();
      assertThat(world.picture()).isEqualTo(before);
    }
  }

  /** A hub of two nodes that counted a little of everything, and whatever it was told. */
  private static final class World implements AutoCloseable {
    final AHub hub = new AHub(database, AHub.TWO_NODES, new ManualClock());
    private final List<Object> told = new ArrayList<>();
    private int serial;

    World() {
      for (var sku : SKUS) {
        count(sku, NEAR, 3);
        count(sku, FAR, 2);
      }
    }

    void hear(Said said) {
      hub.clock.advance(Duration.ofMinutes(1));
      var id = Integer.toString(1000 + said.order());
      switch (said.kind()) {
        case STATE -> state(id, said, Duration.ZERO);
        case LATE_STATE -> state(id, said, Duration.ofMinutes(3));
        case CANCELLATION -> tell(hub.cancellationOf(id));
        case PART_CANCELLATION ->
            hub.apply(hub.cancellationOf(id, id + "-" + (1 + said.one() % 2), 1 + said.other()));
        case COUNT -> count(SKUS.get(said.one() % 2), NODES.get(said.other() % 2), said.one());
        case SENT ->
            hub.owed(id).stream()
                .filter(owed -> owed.state().equals("READY"))
                .filter(owed -> owed.operation().equals("fulfillment-request"))
                .findFirst()
                .ifPresent(said.one() % 2 == 0 ? hub::confirm : hub::sending);
        case LEFT ->
            ofOne(
                id,
                said,
                asked ->
                    tell(
                        hub.shipmentOf(
                            asked.text(), "S" + ++serial, SKUS.get(said.one() % 2), said.other())));
        case YES -> answered(id, said, FulfillmentResponse.State.ACCEPTED);
        case NO -> ofOne(id, said, asked -> tell(refusal(asked, said, List.of())));
        case REFUSED_PART ->
            ofOne(
                id,
                said,
                asked ->
                    tell(
                        refusal(
                            asked,
                            said,
                            List.of(
                                new FulfillmentResponse.Refused(
                                    null,
                                    SKUS.get(said.one() % 2),
                                    1 + said.other(),
                                    code(said.other()))))));
        case SHORT ->
            ofOne(
                id,
                said,
                asked -> {
                  var some =
                      hub.shipmentOf(asked.text(), "S" + ++serial, SKUS.get(said.one() % 2), 1);
                  tell(
                      new Shipment(
                          some.fulfillmentId(),
                          some.shipmentId(),
                          null,
                          null,
                          some.shippedAt(),
                          some.carrier(),
                          null,
                          some.packages(),
                          true,
                          code(said.other())));
                });
        case MOVED ->
            command(
                id,
                order ->
                    new Reassignment(
                        order,
                        null,
                        null,
                        said.one() == 0 ? null : NODES.get(said.one() % 2),
                        "a test"));
        case HELD ->
            command(id, order -> new HoldOrder(order, HoldKind.MANUAL, "a test", null, null));
        case RELEASED -> command(id, order -> new ReleaseOrder(order, null, "a test"));
        case REPLAYED -> command(id, Reallocation::new);
        case WENT_ON -> hub.followUp();
        case CRASHED -> hub.restart();
        case STOPPED -> answered(id, said, FulfillmentResponse.State.CANCELLED);
        case TOO_LATE -> answered(id, said, FulfillmentResponse.State.CANCEL_REFUSED);
      }
    }

    private void state(String id, Said said, Duration late) {
      var order =
          anOrder()
              .numbered(id)
              .placedAt(ManualClock.START)
              .updatedAt(hub.clock.instant().minus(late))
              .with(SKUS.get(0), 1 + said.one());
      tell((said.other() == 0 ? order : order.with(SKUS.get(1), said.other())).build());
    }

    private void count(String sku, String node, int onHand) {
      tell(
          new StockReport(
              node,
              null,
              StockReport.Kind.ABSOLUTE,
              hub.clock.instant(),
              null,
              List.of(new StockReport.Level(sku, onHand)),
              null));
    }

    private static RefusalCode code(int choice) {
      var codes = RefusalCode.values();
      return choice >= codes.length ? null : codes[choice];
    }

    private FulfillmentResponse refusal(
        AHub.Asked asked, Said said, List<FulfillmentResponse.Refused> refused) {
      return new FulfillmentResponse(
          asked.text(),
          refused.isEmpty()
              ? FulfillmentResponse.State.REJECTED
              : FulfillmentResponse.State.ACCEPTED,
          null,
          null,
          code(said.other()),
          refused,
          hub.clock.instant());
    }

    private void command(String id, java.util.function.Function<java.util.UUID, Object> command) {
      hub.all(
              "SELECT id FROM sales_order WHERE channel_order_id = ?",
              rows -> rows.getObject(1, java.util.UUID.class),
              id)
          .forEach(order -> hub.applyInside(command.apply(order)));
    }

    private void answered(String id, Said said, FulfillmentResponse.State state) {
      ofOne(id, said, asked -> hub.apply(hub.answer(asked.text(), state)));
    }

    private void ofOne(String id, Said said, java.util.function.Consumer<AHub.Asked> then) {
      var all = hub.all("SELECT 1 FROM sales_order WHERE channel_order_id = ?", r -> 1, id);
      var asked = all.isEmpty() ? List.<AHub.Asked>of() : hub.asked(id);
      if (!asked.isEmpty()) {
        then.accept(asked.get(said.one() % asked.size()));
      }
    }

    private void tell(Object document) {
      told.add(document);
      hub.apply(document);
    }

    /**
     * Tells again what says of itself what it is: states, whole cancellations, shipments, counts.
     */
    void hearAgain() {
      told.forEach(hub::apply);
    }

    List<String> picture() {
      return hub.all(
          """
          SELECT 'order ' || channel_order_id || ' ' || state || ' ' || coalesce(hold, '-') FROM sales_order
          UNION ALL SELECT concat_ws(' ', 'line', o.channel_order_id, l.line_id, l.ordered, l.cancel_wanted, l.cancelled,
            l.allocated, l.backordered, l.shipped) FROM order_line l JOIN sales_order o ON o.id = l.order_id
          UNION ALL SELECT concat_ws(' ', 'level', sku, node, on_hand, allocated, shortage) FROM stock_level
          UNION ALL SELECT concat_ws(' ', 'owed', destination, operation, business_key, revision, state) FROM delivery
          UNION ALL SELECT concat_ws(' ', 'shipment', fulfillment_order_id, partner_shipment_id) FROM shipment
          ORDER BY 1""",
          rows -> rows.getString(1));
    }

    @Override
    public void close() {
      hub.close();
    }
  }
}
