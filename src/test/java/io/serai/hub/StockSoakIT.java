package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.order.Shipment;
import io.serai.order.StockReport;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A week of two nodes and thirty articles in simulated time, of which events are lost, come late,
 * twice and out of order: {@code mvn -o test -Plong -Dtest=StockSoakIT}.
 */
@Tag("long")
class StockSoakIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final List<String> SKUS =
      IntStream.range(0, 30).mapToObj("SKU-%02d"::formatted).toList();
  private static final List<String> NODES = List.of(NEAR, FAR);

  private final Random random = new Random(20260302);
  private final Map<WorkingStock.Key, Integer> truth = new HashMap<>();
  private final List<Object> late = new ArrayList<>();
  private final List<Object> told = new ArrayList<>();
  private AHub hub;
  private StockCheck check;
  private int orders;
  private int shipments;
  private int lost;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    hub = new AHub(DATABASE, AHub.TWO_NODES, new ManualClock());
    check = new StockCheck(DATABASE.dataSource(), hub.clock);
    for (var node : NODES) {
      SKUS.forEach(sku -> truth.put(new WorkingStock.Key(sku, node), 20 + random.nextInt(30)));
      tell(snapshot(node));
    }
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void aWeekEndsWithoutDriftOnceEverythingWasCounted() throws Exception {
    for (var hour = 0; hour < 7 * 24; hour++) {
      var weekend = hour >= 5 * 24;
      for (var event = 0; event < 40; event++) {
        hub.clock.advance(Duration.ofSeconds(90));
        happens(weekend);
      }
      hub.keepUp();
      hub.followUp();
      if (hour % 24 == 23) {
        nightly();
        hub.holdsTogether();
        assertThat(check.run().drifting()).as("drift after hour %d", hour).isZero();
      }
    }
    assertThat(lost).as("events that were lost").isPositive();

    late.forEach(this::tell);
    reconcile();
    hub.keepUp();
    hub.followUp();

    hub.holdsTogether();
    assertThat(check.run().drifting()).isZero();
    for (var key : truth.keySet()) {
      var level = hub.level(key.sku(), key.node());
      assertThat(level.onHand() - level.shortage()).as("%s", key).isEqualTo(truth.get(key));
    }
    System.out.printf(
        "a week: %d orders, %d shipments, %d events lost, %d movements%n",
        orders, shipments, lost, hub.number("SELECT count(*) FROM stock_movement"));
  }

  private void happens(boolean weekend) {
    var key = new WorkingStock.Key(any(SKUS), any(NODES));
    switch (random.nextInt(10)) {
      case 0, 1, 2, 3 ->
          hub.apply(
              anOrder()
                  .numbered(String.valueOf(++orders))
                  .placedAt(hub.clock.instant())
                  .with(key.sku(), 1 + random.nextInt(2))
                  .build());
      case 4, 5 -> sent();
      case 6 -> sold(key, weekend);
      case 7 -> {
        var units = 1 + random.nextInt(4);
        truth.merge(key, units, Integer::sum);
        report(delta(key, units, StockReport.Cause.RECEIPT), weekend);
      }
      case 8 -> {
        if (orders > 0) {
          hub.apply(hub.cancellationOf(String.valueOf(1 + random.nextInt(orders))));
        }
      }
      default -> {
        if (!late.isEmpty()) {
          Collections.shuffle(late, random);
          tell(late.removeLast());
        } else if (!told.isEmpty()) {
          again(any(told));
        }
      }
    }
  }

  private void sold(WorkingStock.Key key, boolean weekend) {
    var units = Math.min(truth.get(key), 1 + random.nextInt(2));
    if (units > 0) {
      truth.merge(key, -units, Integer::sum);
      report(delta(key, -units, StockReport.Cause.SALE), weekend);
    }
  }

  private void sent() {
    if (orders == 0) {
      return;
    }
    for (var asked : hub.asked(String.valueOf(1 + random.nextInt(orders)))) {
      var open =
          hub.all(
              "SELECT sku, quantity - shipped - released FROM reservation WHERE fulfillment_order_id = ? AND"
                  + " quantity > shipped + released",
              rows -> Map.entry(rows.getString(1), rows.getInt(2)),
              asked.id());
      for (var promise : open) {
        var key = new WorkingStock.Key(promise.getKey(), asked.node());
        var units = Math.min(promise.getValue(), truth.get(key));
        if (units > 0) {
          truth.merge(key, -units, Integer::sum);
          var shipment = hub.shipmentOf(asked.text(), "S" + ++shipments, key.sku(), units);
          tell(shipment);
        }
      }
    }
  }

  // On a weekend every fifth event is lost; at any time one in five comes late.
  private void report(StockReport report, boolean weekend) {
    var luck = random.nextInt(10);
    if (weekend && luck < 2) {
      lost++;
    } else if (luck < 4) {
      late.add(report);
    } else {
      tell(report);
    }
  }

  // A change is told again under its own event, which the inbox knows; what says of itself what it
  // is may come again under any.
  private void again(Object document) {
    if (document instanceof Shipment
        || document instanceof StockReport report && report.kind() == StockReport.Kind.ABSOLUTE) {
      hub.apply(document);
    }
  }

  private void tell(Object document) {
    told.add(document);
    hub.apply(document);
  }

  private StockReport delta(WorkingStock.Key key, int units, StockReport.Cause cause) {
    return new StockReport(
        key.node(),
        null,
        StockReport.Kind.DELTA,
        hub.clock.instant(),
        null,
        List.of(new StockReport.Level(key.sku(), units)),
        null,
        cause);
  }

  private StockReport snapshot(String node) {
    return new StockReport(
        node,
        null,
        StockReport.Kind.ABSOLUTE,
        hub.clock.instant(),
        null,
        SKUS.stream()
            .map(sku -> new StockReport.Level(sku, truth.get(new WorkingStock.Key(sku, node))))
            .toList(),
        true);
  }

  // Of one node the night's snapshot comes, of the other it comes the next day or never.
  private void nightly() {
    var night = random.nextInt(3);
    for (var node : NODES) {
      if (night == NODES.indexOf(node)) {
        late.add(snapshot(node));
      } else if (night < 2) {
        tell(snapshot(node));
      }
    }
  }

  private void reconcile() {
    for (var node : NODES) {
      hub.clock.advance(Duration.ofMinutes(5));
      var rows =
          SKUS.stream().map(sku -> new StockChange.Row(sku, 0)).toArray(StockChange.Row[]::new);
      hub.change(StockChange.Kind.FREEZE, node, rows);
      hub.clock.advance(Duration.ofMinutes(5));
      var counted =
          SKUS.stream()
              .map(sku -> new StockChange.Row(sku, truth.get(new WorkingStock.Key(sku, node))))
              .toArray(StockChange.Row[]::new);
      assertThat(hub.change(StockChange.Kind.COUNT, node, counted).refused()).isEmpty();
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
