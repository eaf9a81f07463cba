package io.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.AWholeHub;
import io.serai.database.TestDatabase;
import io.serai.demo.Reckoning.Summary;
import io.serai.simulator.AmazonOptions;
import io.serai.simulator.AmazonSimulator;
import io.serai.simulator.ChannelBooks;
import io.serai.simulator.ChannelSimulator;
import io.serai.simulator.EbayOptions;
import io.serai.simulator.EbaySimulator;
import io.serai.simulator.EtsyOptions;
import io.serai.simulator.EtsySimulator;
import io.serai.simulator.Mood;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.ShopifyOptions;
import io.serai.simulator.ShopifySimulator;
import io.serai.simulator.SquareOptions;
import io.serai.simulator.SquareSimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels of every kind at once, on one hub: what they tell comes twice, out of order and by two
 * ways, of goods that are scarce.
 */
@TestInstance(Lifecycle.PER_CLASS)
class StreamsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int UNITS = 9;
  private static final String NODE = "nj-1";
  private static final String STORE = Stage.STORE;
  private static final String TILLS = "square-main";
  private static final int TICKETS = 60;
  private static final List<Mood> STREAM =
      List.of(
          Mood.of(Mood.Kind.DUPLICATING).sometimes(0.3),
          Mood.of(Mood.Kind.OUT_OF_ORDER).sometimes(0.2).lasting(Duration.ofMillis(700)),
          Mood.of(Mood.Kind.REPEATED_ITEMS).sometimes(0.3),
          Mood.of(Mood.Kind.SHUFFLED_ITEMS).sometimes(0.2));

  /** A channel, how many orders it brings, and what its people do with one. */
  private record Stream(
      ChannelSimulator channel,
      int orders,
      Supplier<String> place,
      Predicate<String> cancel,
      Consumer<String> refund,
      ToIntFunction<String> refunds) {

    String account() {
      return channel.name() + "-main";
    }
  }

  private final Random chance = new Random(11);
  private final List<Stream> streams = new ArrayList<>();
  private final Map<String, List<String>> cancelled = new LinkedHashMap<>();
  private final List<String> broughtBack = new ArrayList<>();
  private SquareSimulator square;
  private List<String> sold;
  private Rest3plSimulator warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    int port = FreePort.next();
    var root = "http://127.0.0.1:" + port + "/webhooks/";
    var shopify =
        ShopifySimulator.start(
            ShopifyOptions.in(folder)
                .webhooksTo(URI.create(root + "shopify-main"))
                .locations(1)
                .costBucket(20_000, 1_000)
                .retrySpan(Duration.ofMinutes(1)));
    streams.add(
        new Stream(
            shopify,
            110,
            shopify::createOrder,
            id -> done(() -> shopify.cancelOrder(id, "customer")),
            id -> shopify.refundLine(id, shippedLine(shopify.order(id)), 1, "no_restock"),
            id -> shopify.ledger().effects().of("refund.created").on(id).count()));
    var ebay =
        EbaySimulator.start(
            EbayOptions.in(folder)
                .notificationsTo(URI.create(root + "ebay-main"))
                .retrySpan(Duration.ofMinutes(1)));
    streams.add(
        new Stream(
            ebay,
            90,
            ebay::createOrder,
            id -> done(() -> ebay.cancelOrder(id)),
            id -> ebay.refundOrder(id, null, "0.50"),
            id -> ebay.order(id).at("/paymentSummary/refunds").size()));
    var etsy = EtsySimulator.start(EtsyOptions.in(folder).initialStock(30).quota(400, 100_000));
    streams.add(
        new Stream(
            etsy,
            40,
            etsy::createOrder,
            id -> done(() -> etsy.cancel(id)),
            id -> etsy.refund(id, new BigDecimal("0.50"), "a scratch"),
            id -> etsy.order(id).get("refunds").size()));
    var amazon =
        AmazonSimulator.start(
            AmazonOptions.in(folder)
                .initialStock(30)
                .quotas(200)
                .pendingFor(Duration.ofSeconds(1)));
    streams.add(
        new Stream(
            amazon,
            60,
            amazon::createOrder,
            id ->
                "UNSHIPPED".equals(amazon.order(id).at("/fulfillment/fulfillmentStatus").asText())
                    && done(() -> amazon.cancel(id, "SELLER", "Could not ship")),
            id -> {}, // its orders do not tell of money that went back
            id -> 0));
    square =
        SquareSimulator.start(
            SquareOptions.in(folder)
                .notificationsTo(URI.create(root + TILLS))
                .articles(90)
                .node(STORE)
                .retrySpan(Duration.ofMinutes(1)));
    warehouse =
        Rest3plSimulator.start(
            AWholeHub.threePl(folder, port, "northwind")
                .initialStock(UNITS)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2))
                .retrySpan(Duration.ofMinutes(1)));
    hub = AWholeHub.over(DATABASE).at(port);
    for (var stream : streams) {
      var parameters = new LinkedHashMap<>(stream.channel().parameters());
      parameters.replaceAll((name, value) -> name.endsWith("-schedule") ? "0/3 * * * * ?" : value);
      if (stream.channel() == etsy) {
        parameters.put("renew", true);
      }
      hub.channel(stream.account(), stream.channel().name(), parameters);
    }
    var tills = new LinkedHashMap<>(square.parameters());
    tills.put("reconcile-schedule", "0/3 * * * * ?");
    hub.channel(TILLS, "square", tills)
        .channel("till-main", "pos-rest", "node", STORE, "upload-token", "till-secret")
        .threePl("northwind", warehouse, "shipment-schedule", "0/3 * * * * ?")
        .node(NODE, "type", "3pl", "partner", "northwind", "country", "US", "postal-code", "07001")
        .node(STORE, "type", "store", "country", "US", "postal-code", "07030")
        .granting("etsy", folder.resolve("home"))
        .start(folder.resolve("hub"));
    var articles = List.copyOf(shopify.books().shown().keySet());
    stock(NODE, articles, UNITS);
    sold = square.articles().stream().filter(sku -> !articles.contains(sku)).toList();
    assertThat(sold).hasSizeGreaterThan(5);
    stock(STORE, sold, Stage.SHELF);
    hub.stock(STORE, "TILL-ONLY", 1_000);
  }

  private void stock(String node, List<String> skus, int units) {
    var levels = skus.stream().map(sku -> Map.of("sku", sku, "onHand", units)).toList();
    assertThat(
            hub.api("PUT", "/stock", Json.text(Map.of("node", node, "levels", levels)))
                .statusCode())
        .isEqualTo(200);
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    streams.forEach(stream -> stream.channel().close());
    if (square != null) {
      square.close();
    }
    if (warehouse != null) {
      warehouse.close();
    }
  }

  @Test
  void nothingIsLostDoubledOrOversold() throws Exception {
    for (var stream : streams) {
      stream.channel().moods().set(STREAM);
    }
    warehouse.moods().set(STREAM);
    square.moods().set(STREAM);
    place();
    var units = sell();
    trade();
    until("every order and every cancellation is known", this::known);

    until("all that was taken on has left and is told", () -> shipped() && settled());
    refund();
    until("every refund is known and all is quiet", () -> refundsKnown() && settled());
    // whatever still comes a second time comes with the next poll
    var mark = Instant.now();
    until("every poll has run once more", () -> polledSince(mark));
    until("all is quiet", this::settled);

    var summary = reckon();
    assertThat(summary.findings()).isEmpty();
    assertThat(summary.channels())
        .filteredOn(row -> !row.account().equals(TILLS))
        .hasSize(streams.size())
        .allSatisfy(
            row -> {
              assertThat(row.placed()).isPositive().isEqualTo(row.accepted());
              assertThat(row.told()).isPositive();
              assertThat(row.listed()).isPositive().isEqualTo(row.agreed());
            });
    assertThat(summary.channels().stream().mapToLong(row -> row.backordered()).sum())
        .as("there was too little, for whichever channel came last")
        .isPositive();
    cancelled.forEach(
        (account, ids) -> {
          assertThat(ids).hasSizeGreaterThan(3);
          assertThat(ids).allSatisfy(id -> assertThat(shipments(id)).as(id).isZero());
        });
    assertThat(refunds()).isEqualTo(refundsOfChannels());
    assertThat(hub.onHand(STORE, "TILL-ONLY")).isEqualTo(1_000 - units);
    assertThat(summary.channels())
        .filteredOn(row -> row.account().equals(TILLS))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.placed()).isEqualTo(sold.size()).isEqualTo(row.accepted());
              assertThat(row.nothingToShip()).isEqualTo(sold.size());
            });
    assertThat(summary.articlesCounted()).isGreaterThan(5).isEqualTo(summary.articlesAtTills());
    assertThat(hub.text("SELECT count(*) FROM sales_order WHERE account = 'till-main'"))
        .isEqualTo(Integer.toString(TICKETS));
    // and much did come twice and by two ways
    for (var stream : streams.subList(0, 2)) {
      var webhooks = stream.channel().summary(false).get("webhooks");
      assertThat(webhooks.get("attempts").asInt())
          .as(stream.account())
          .isGreaterThan(webhooks.get("acknowledged").asInt() * 11 / 10);
    }
    for (var account : List.of("amazon-main", TILLS)) {
      assertThat(
              count(
                  "SELECT coalesce(sum(duplicate_count), 0) FROM inbox_message WHERE account = ?",
                  account))
          .as(account)
          .isPositive();
    }
    assertThat(
            count(
                """
                SELECT count(DISTINCT a.message_key) FROM inbox_message a
                JOIN inbox_message b ON b.account = a.account AND b.message_key = a.message_key AND b.document = 'order-change'
                WHERE a.account = 'ebay-main' AND a.document = 'order'"""))
        .isPositive();
    assertThat(hub.parked()).isEmpty();
    assertThat(
            hub.texts(
                "SELECT operation || ' ' || business_key FROM delivery WHERE state = 'PARKED'"))
        .isEmpty();
  }

  /** Orders in all channels by turns; some are cancelled at once, some when others have come. */
  private void place() {
    var most = streams.stream().mapToInt(Stream::orders).max().orElseThrow();
    var placed = new HashMap<String, List<String>>();
    for (var i = 0; i < most; i++) {
      for (var stream : streams) {
        if (i >= stream.orders()) {
          continue;
        }
        var ids = placed.computeIfAbsent(stream.account(), key -> new ArrayList<>());
        ids.add(stream.place().get());
        if (i % 10 == 3) {
          cancel(stream, ids.getLast());
        } else if (i % 10 == 9) {
          cancel(stream, ids.get(i - 4));
        }
      }
    }
  }

  private static boolean done(Runnable deed) {
    deed.run();
    return true;
  }

  private void cancel(Stream stream, String id) {
    if (stream.cancel().test(id)) {
      cancelled.computeIfAbsent(stream.account(), key -> new ArrayList<>()).add(id);
    }
  }

  /** Tickets of the store's tills, in batches that come in any order and some twice. */
  private int sell() {
    var counted = Instant.now();
    var tickets = new ArrayList<String>();
    var units = 0;
    for (var i = 0; i < TICKETS; i++) {
      var quantity = 1 + i % 3;
      units += quantity;
      tickets.add(
          """
          {"id":"T-%d","at":"%s","till":"T1","lines":[{"line":"1","sku":"TILL-ONLY","quantity":%d,"price":"9.90"}]}"""
              .formatted(i, counted.plusMillis(i), quantity));
    }
    tickets.addAll(tickets.stream().filter(t -> chance.nextDouble() < 0.3).toList());
    Collections.shuffle(tickets, chance);
    for (var i = 0; i < tickets.size(); i += 6) {
      var batch = tickets.subList(i, Math.min(i + 6, tickets.size()));
      var times = chance.nextDouble() < 0.3 ? 2 : 1;
      for (var n = 0; n < times; n++) {
        var request =
            hub.to("/webhooks/till-main")
                .header("Authorization", "Bearer till-secret")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"tickets\":[" + String.join(",", batch) + "]}"))
                .build();
        // a hub that is too busy says so, and the till comes again
        until(
            "the batch is taken",
            () -> {
              var status = hub.send(request).statusCode();
              assertThat(status).isIn(200, 503);
              return status == 200;
            });
      }
    }
    return units;
  }

  /** People buy at the other tills, which tell of each sale by itself; some bring things back. */
  private void trade() {
    for (var i = 0; i < sold.size(); i++) {
      var sku = sold.get(i);
      var id = square.sell(sku, 1 + i % 2, Instant.now());
      if (i % 10 == 7) {
        square.giveBack(sku, 1, id);
        broughtBack.add(id);
      }
    }
  }

  private boolean known() {
    if (count("SELECT count(*) FROM sales_order WHERE account = ?", TILLS) < sold.size()) {
      return false;
    }
    for (var stream : streams) {
      if (count("SELECT count(*) FROM sales_order WHERE account = ?", stream.account())
              != stream.orders()
          || count(
                  "SELECT count(*) FROM sales_order WHERE account = ? AND state = 'CANCELLED'",
                  stream.account())
              < cancelled.get(stream.account()).size()) {
        return false;
      }
    }
    return true;
  }

  /** The warehouse ships whatever it has taken on, and has nothing left. */
  private boolean shipped() {
    var waiting = warehouse.ledger().effects().of("fulfillment.accepted").subjects();
    waiting.forEach(warehouse::ship);
    return warehouse.summary(false).at("/fulfillments/waiting").asInt() == 0;
  }

  /** Some money of what has left goes back, in every channel. */
  private void refund() {
    for (var stream : streams) {
      var ids =
          stream.channel().books().told().stream()
              .map(ChannelBooks.Told::orderId)
              .distinct()
              .limit(5)
              .toList();
      assertThat(ids).as(stream.account()).isNotEmpty();
      ids.forEach(stream.refund());
    }
  }

  private boolean refundsKnown() {
    return refunds().keySet().containsAll(refundsOfChannels().keySet());
  }

  /** How often money went back for an order, as the hub knows it. */
  private Map<String, Integer> refunds() {
    var all = new HashMap<String, Integer>();
    for (var id :
        hub.texts(
            """
            SELECT o.account || ' ' || o.channel_order_id FROM order_event e JOIN sales_order o ON o.id = e.order_id
            WHERE e.kind = 'order.refunded'""")) {
      all.merge(id, 1, Integer::sum);
    }
    return all;
  }

  /** The same in the channels' books; cancelling gives money back in some. */
  private Map<String, Integer> refundsOfChannels() {
    var all = new HashMap<String, Integer>();
    broughtBack.forEach(id -> all.put(TILLS + ' ' + id, 1));
    for (var stream : streams) {
      for (var id : stream.channel().books().orders().keySet()) {
        var count = stream.refunds().applyAsInt(id);
        if (count > 0) {
          all.put(stream.account() + ' ' + id, count);
        }
      }
    }
    return all;
  }

  private static String shippedLine(ObjectNode order) {
    for (var line : order.get("line_items")) {
      if (line.path("requires_shipping").asBoolean()) {
        return line.get("id").asText();
      }
    }
    throw new AssertionError("nothing of order " + order.get("id") + " is shipped");
  }

  private boolean polledSince(Instant mark) {
    return hub.texts("SELECT last_success_at::text FROM poll_cursor").size() >= streams.size()
        && count(
                "SELECT count(*) FROM poll_cursor WHERE last_success_at IS NULL OR last_success_at < ?::timestamptz",
                mark.toString())
            == 0;
  }

  private boolean settled() throws SQLException {
    if (streams.stream().anyMatch(stream -> stream.channel().owed() > 0)
        || square.owed() > 0
        || warehouse.summary(false).at("/webhooks/waiting").asInt() > 0) {
      return false;
    }
    var figures = Figures.read(DATABASE.dataSource());
    if (figures.openMessages() + figures.openDeliveries() + figures.unpublished() > 0) {
      return false;
    }
    var summary = reckon();
    return summary.sound() && summary.stockTold();
  }

  private Summary reckon() throws SQLException {
    var books = new LinkedHashMap<String, ChannelBooks>();
    streams.forEach(stream -> books.put(stream.account(), stream.channel().books()));
    books.put(TILLS, square.books());
    var oversold = new ArrayList<String>();
    warehouse.summary(false).path("oversold").forEach(sku -> oversold.add(sku.asText()));
    return new Reckoning(
            books,
            Map.of("northwind", warehouse.ledger().effects()),
            Map.of(),
            HubRecords.read(DATABASE.dataSource()))
        .settle(oversold, List.of());
  }

  private long shipments(String orderId) {
    return warehouse.ledger().effects().of("shipment.created").stream()
        .filter(effect -> orderId.equals(effect.text("orderId")))
        .count();
  }

  private int count(String sql, Object... parameters) {
    return Integer.parseInt(hub.text(sql, parameters));
  }

  private void until(String what, Callable<Boolean> condition) {
    try {
      Await.until(what, AWholeHub.PATIENCE, condition);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + found(), e);
    }
  }

  /** What stands in the way, for whoever has to find out. */
  private String found() {
    try {
      var left = new ArrayList<String>();
      cancelled.forEach(
          (account, ids) ->
              ids.stream()
                  .filter(id -> !"CANCELLED".equals(hub.orderState(id)))
                  .forEach(id -> left.add(account + " " + id + " " + hub.orderState(id))));
      return "%s %s %s not cancelled: %s"
          .formatted(Figures.read(DATABASE.dataSource()), reckon(), hub.parked(), left);
    } catch (SQLException e) {
      return e.toString();
    }
  }
}
