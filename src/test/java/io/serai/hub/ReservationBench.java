package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.order.Order;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * How many reservations of one hot article the batched path makes in a second, everything that an
 * order writes included. Not part of the build: {@code mvn -o test -Dtest=ReservationBench}.
 */
class ReservationBench {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int WARM = 20_000;
  private static final int ORDERS = 20_000;
  private static final int RUNS = 3;

  private record Sold(Order order, JsonNode json) {}

  @Test
  void ordersOfOneArticle() throws Exception {
    run("one line", 1);
  }

  @Test
  void ordersOfThreeArticlesOneOfThemHot() throws Exception {
    run("three lines", 3);
  }

  private static void run(String name, int lines) throws Exception {
    DATABASE.truncate();
    try (var hub = new AHub(DATABASE)) {
      hub.has("HOT", NEAR, 900_000_000).has("HOT", FAR, 1_000);
      for (var sku = 0; sku < 1_000; sku++) {
        hub.has("SKU-" + sku, NEAR, 1_000_000);
      }
      time(hub, orders(0, WARM, lines));
      for (var run = 0; run < RUNS; run++) {
        var orders = orders(WARM + run * ORDERS, ORDERS, lines);
        var seconds = time(hub, orders);
        System.out.printf(
            "%s: %,.0f orders/s, %,.0f reservations/s%n",
            name, ORDERS / seconds, ORDERS * lines / seconds);
      }
      assertThat(hub.number("SELECT count(*) FROM reservation WHERE sku = 'HOT'"))
          .isEqualTo(WARM + RUNS * ORDERS);
      assertThat(new StockCheck(DATABASE.dataSource(), hub.clock).run().drifting()).isZero();
    }
  }

  private static List<Sold> orders(int from, int count, int lines) {
    var all = new ArrayList<Sold>(count);
    for (var number = from; number < from + count; number++) {
      var order =
          anOrder().numbered(String.valueOf(number)).placedAt(ManualClock.START).with("HOT", 1);
      for (var line = 1; line < lines; line++) {
        order.with("SKU-" + (number * 7 + line * 131) % 1_000, 1);
      }
      var built = order.build();
      all.add(new Sold(built, Json.node(built)));
    }
    return all;
  }

  private static double time(AHub hub, List<Sold> orders) throws InterruptedException {
    var applied = new CountDownLatch(orders.size());
    var began = System.nanoTime();
    for (var sold : orders) {
      hub.engine()
          .apply(
              sold.order(),
              sold.json(),
              "bench",
              result -> {
                if (result instanceof ApplyResult.Applied) {
                  applied.countDown();
                }
              });
    }
    assertThat(applied.await(5, TimeUnit.MINUTES)).as("every order was applied").isTrue();
    return (System.nanoTime() - began) / 1e9;
  }
}
