package io.serai.hub;

import static io.serai.hub.AHub.FAR;
import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.hub.StockCheck.Finding;
import io.serai.order.Order;
import io.serai.outbox.RepeatMode;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ten thousand buyers, six channels, two replicas and too little of one article. */
class HotSkuIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int CHANNELS = 6;
  private static final int BUYERS = 10_000;
  private static final int UNITS = 5_000;

  private AHub one;
  private AHub other;

  @BeforeEach
  void open() {
    DATABASE.truncate();
    var accounts = new HashMap<>(AHub.TWO_NODES.accounts());
    for (var channel = 0; channel < CHANNELS; channel++) {
      var name = "shop-" + channel;
      accounts.put(
          name,
          new Topology.Account(
              name,
              true,
              true,
              false,
              Map.of("shipment", RepeatMode.QUERYABLE),
              Duration.ofHours(48)));
    }
    var topology = new Topology(AHub.TWO_NODES.nodes(), accounts);
    one = new AHub(DATABASE, topology, new ManualClock());
    other = new AHub(DATABASE, topology, one.clock);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  private record Bought(int channel, int number, CompletableFuture<ApplyResult> done) {}

  @Test
  void exactlyWhatThereIsIsGrantedInTheOrderOfArrivalAndTheRestWaits() throws Exception {
    // Half of the orders name a second article, in either order, as deadlocks like it.
    one.has("HOT", NEAR, 3_000).has("HOT", FAR, 2_000).has("COLD", NEAR, BUYERS);
    var all = new ArrayList<Bought>();
    try (var buyers = Executors.newFixedThreadPool(CHANNELS)) {
      var queues = new ArrayList<CompletableFuture<List<Bought>>>();
      for (var channel = 0; channel < CHANNELS; channel++) {
        var mine = channel;
        queues.add(CompletableFuture.supplyAsync(() -> buy(mine), buyers));
      }
      for (var queue : queues) {
        all.addAll(queue.get(5, TimeUnit.MINUTES));
      }
    }

    for (var bought : all) {
      assertThat(bought.done().get(2, TimeUnit.MINUTES)).isInstanceOf(ApplyResult.Applied.class);
    }

    assertThat(all).hasSize(BUYERS);
    assertThat(one.number("SELECT count(*) FROM sales_order WHERE state = 'RELEASED'"))
        .isEqualTo(UNITS);
    assertThat(one.number("SELECT count(*) FROM sales_order WHERE state = 'BACKORDERED'"))
        .isEqualTo(BUYERS - UNITS);
    assertThat(one.number("SELECT sum(on_hand - allocated) FROM stock_level WHERE sku = 'HOT'"))
        .isZero();
    assertThat(one.number("SELECT count(*) FROM failure")).isZero();
    assertThat(
            one.all(
                """
                SELECT w.account || ': ' || w.first || ' waits and ' || g.last || ' was granted' FROM (
                  SELECT account, min(channel_order_id::int) AS first FROM sales_order WHERE state = 'BACKORDERED' GROUP BY account) w
                JOIN (SELECT account, max(channel_order_id::int) AS last FROM sales_order WHERE state = 'RELEASED' GROUP BY account) g
                  USING (account)
                WHERE w.first < g.last""",
                rows -> rows.getString(1)))
        .as("channels where a later order was granted what an earlier one waits for")
        .isEmpty();
    assertThat(new StockCheck(DATABASE.dataSource(), one.clock).run()).isEqualTo(new Finding(3, 0));
    one.holdsTogether();
  }

  // A shop's orders arrive one after the other and are applied as fast as the hub can.
  private List<Bought> buy(int channel) {
    var engine = (channel % 2 == 0 ? one : other).engine();
    var bought = new ArrayList<Bought>();
    for (var number = channel; number < BUYERS; number += CHANNELS) {
      var done = new CompletableFuture<ApplyResult>();
      var order = order("shop-" + channel, number);
      engine.apply(order, Json.node(order), "shop-" + channel, done::complete);
      bought.add(new Bought(channel, number, done));
    }
    return bought;
  }

  private static Order order(String account, int number) {
    var order = anOrder().numbered(String.valueOf(number)).placedAt(ManualClock.START);
    return switch (number % 4) {
      case 0 -> order.with("HOT", 1).with("COLD", 1).of(account).build();
      case 1 -> order.with("COLD", 1).with("HOT", 1).of(account).build();
      default -> order.with("HOT", 1).of(account).build();
    };
  }
}
