package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.FulfillmentResponse;
import io.serai.order.StockReport;
import io.serai.stock.CrossReference;
import io.serai.stock.Item;
import io.serai.stock.Item.Part;
import io.serai.stock.Items;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
 * Sets, packs and single articles of the same components, sold, edited, cancelled, sent and counted
 * in whatever order, twice and over crashes: no component is promised twice, a set is what its
 * components are, and a channel never hears of more sets than left.
 */
class SetPropertiesIT {
  private static final List<String> CODES = List.of("SET", "MUG", "MUG-3", "TEA");
  private static final List<String> SKUS = List.of("MUG", "TEA");
  private static final Items ITEMS =
      new Items(
          List.of(
              new Item(
                  "SET",
                  null,
                  Set.of(),
                  null,
                  null,
                  null,
                  List.of(new Part("MUG", 2), new Part("TEA", 1)))),
          List.of(new CrossReference(null, "MUG-3", "MUG", 3)));
  private static TestDatabase database;

  @BeforeContainer
  static void open() {
    database = new TestDatabase().open();
  }

  @AfterContainer
  static void close() {
    database.close();
  }

  /** What happens. */
  enum Kind {
    STATE,
    CANCELLATION,
    PART_CANCELLATION,
    COUNT,
    SENT,
    LEFT,
    STOPPED,
    TOO_LATE,
    FOLLOW_UP,
    CRASH,
    REPEAT
  }

  /** One thing that happens: to which of three orders, and two numbers that say what of it. */
  record Happening(Kind kind, int order, int one, int other) {}

  @Provide
  Arbitrary<List<Happening>> story() {
    return Combinators.combine(
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(5, Kind.STATE),
                net.jqwik.api.Tuple.of(1, Kind.CANCELLATION),
                net.jqwik.api.Tuple.of(2, Kind.PART_CANCELLATION),
                net.jqwik.api.Tuple.of(3, Kind.COUNT),
                net.jqwik.api.Tuple.of(2, Kind.SENT),
                net.jqwik.api.Tuple.of(5, Kind.LEFT),
                net.jqwik.api.Tuple.of(2, Kind.STOPPED),
                net.jqwik.api.Tuple.of(1, Kind.TOO_LATE),
                net.jqwik.api.Tuple.of(2, Kind.FOLLOW_UP),
                net.jqwik.api.Tuple.of(1, Kind.CRASH),
                net.jqwik.api.Tuple.of(1, Kind.REPEAT)),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(0, 7),
            Arbitraries.integers().between(0, 7))
        .as(Happening::new)
        .list()
        .ofMinSize(3)
        .ofMaxSize(20);
  }

  @Property(seed = "20260302", tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void aSetIsWhatItsComponentsAreAndNoneIsPromisedTwice(@ForAll("story") List<Happening> story) {
    database.truncate();
    try (var world = new World()) {
      for (var happening : story) {
        world.happens(happening);
        world.hub.holdsTogether();
        world.setsAreTheirComponents();
      }
    }
  }

  private static final class World implements AutoCloseable {
    final AHub hub = new AHub(database, AHub.TWO_NODES, new ManualClock());
    private final List<Object> told = new ArrayList<>();
    private int serial;

    World() {
      hub.items = ITEMS;
      for (var sku : SKUS) {
        hub.has(sku, NEAR, 6).has(sku, FAR, 3);
      }
    }

    void happens(Happening it) {
      hub.clock.advance(Duration.ofMinutes(1));
      var id = Integer.toString(1000 + it.order());
      switch (it.kind()) {
        case STATE -> {
          var order =
              anOrder()
                  .numbered(id)
                  .placedAt(ManualClock.START)
                  .updatedAt(hub.clock.instant())
                  .with(CODES.get(it.order() % 2), 1 + it.one() % 3);
          tell((it.other() < 3 ? order : order.with(CODES.get(2 + it.other() % 2), 1)).build());
        }
        case CANCELLATION -> tell(hub.cancellationOf(id));
        case PART_CANCELLATION ->
            hub.apply(hub.cancellationOf(id, id + "-" + (1 + it.one() % 2), 1 + it.other() % 2));
        case COUNT ->
            tell(
                new StockReport(
                    it.one() % 2 == 0 ? NEAR : FAR,
                    null,
                    StockReport.Kind.ABSOLUTE,
                    hub.clock.instant(),
                    null,
                    List.of(new StockReport.Level(SKUS.get(it.order() % 2), it.other())),
                    null));
        case SENT -> sent(id);
        case LEFT ->
            ofOne(
                id,
                it,
                asked ->
                    tell(
                        hub.shipmentOf(
                            asked.text(),
                            "S" + ++serial,
                            SKUS.get(it.other() % 2),
                            1 + it.other() / 2)));
        case STOPPED ->
            ofOne(
                id,
                it,
                asked -> hub.apply(hub.answer(asked.text(), FulfillmentResponse.State.CANCELLED)));
        case TOO_LATE ->
            ofOne(
                id,
                it,
                asked ->
                    hub.apply(hub.answer(asked.text(), FulfillmentResponse.State.CANCEL_REFUSED)));
        case FOLLOW_UP -> hub.followUp();
        case CRASH -> hub.restart();
        case REPEAT -> {
          if (!told.isEmpty()) {
            hub.apply(told.get(it.one() % told.size()));
          }
        }
      }
    }

    private void sent(String id) {
      hub.owed(id).stream()
          .filter(owed -> owed.state().equals("READY"))
          .filter(owed -> owed.operation().equals("fulfillment-request"))
          .findFirst()
          .ifPresent(hub::confirm);
    }

    private void ofOne(String id, Happening it, java.util.function.Consumer<AHub.Asked> then) {
      var all = hub.all("SELECT 1 FROM sales_order WHERE channel_order_id = ?", r -> 1, id);
      var asked = all.isEmpty() ? List.<AHub.Asked>of() : hub.asked(id);
      if (!asked.isEmpty()) {
        then.accept(asked.get(it.one() % asked.size()));
      }
    }

    private void tell(Object document) {
      told.add(document);
      hub.apply(document);
    }

    void setsAreTheirComponents() {
      assertThat(
              hub.all(
                  """
                  SELECT s.order_id || '/' || s.line_id FROM order_line s
                  JOIN (SELECT order_id, parent_line_no, count(*) AS parts, min(cancelled / per_parent) AS cancelled,
                          max(ceil((ordered - cancelled - shipped)::numeric / per_parent)) AS open,
                          bool_and(ordered % per_parent = 0) AS whole, min(ordered / per_parent) AS least,
                          max(ordered / per_parent) AS most
                        FROM order_line WHERE parent_line_no IS NOT NULL GROUP BY 1, 2) c
                    ON c.order_id = s.order_id AND c.parent_line_no = s.line_no
                  WHERE s.kind <> 'BUNDLE' OR s.allocated <> 0 OR s.backordered <> 0 OR NOT c.whole
                    OR c.least <> s.ordered OR c.most <> s.ordered OR s.cancelled <> c.cancelled
                    OR s.shipped <> s.ordered - c.open - c.cancelled""",
                  rows -> rows.getString(1)))
          .as("a set is what its components are")
          .isEmpty();
      for (var order : hub.all("SELECT channel_order_id FROM sales_order", r -> r.getString(1))) {
        for (var owed : hub.owed(order)) {
          if (owed.operation().equals("shipment")) {
            assertThat(owed.content().findValuesAsText("lineId"))
                .as("lines that the channel knows")
                .noneMatch(line -> line.contains("/"));
          }
        }
      }
      assertThat(
              hub.all(
                  """
                  SELECT l.order_id || '/' || l.line_id FROM order_line l
                  WHERE l.parent_line_no IS NULL AND l.shipped < (
                    SELECT coalesce(sum((t ->> 'quantity')::int), 0)
                    FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id
                    CROSS JOIN json_array_elements(c.content::json -> 'packages') p
                    CROSS JOIN json_array_elements(p -> 'lines') t
                    WHERE d.operation = 'shipment' AND d.order_id = l.order_id AND t ->> 'lineId' = l.line_id)""",
                  rows -> rows.getString(1)))
          .as("no channel hears of more than left")
          .isEmpty();
    }

    @Override
    public void close() {
      hub.close();
    }
  }
}
