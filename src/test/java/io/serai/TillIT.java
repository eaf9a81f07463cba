package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.PosRestOptions;
import io.serai.simulator.PosRestSimulator;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.SquareOptions;
import io.serai.simulator.SquareSimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tills of a store, between them and a 3PL a whole hub: tickets in batches, live, late, twice and
 * in any order, and a Square seller's sales and returns by webhook.
 */
@TestInstance(Lifecycle.PER_CLASS)
class TillIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static int serial = 100;

  /** What is told while the hub is slow comes again soon. */
  private static final Duration AGAIN_FOR = Duration.ofMinutes(5);

  private AWholeHub hub;
  private SquareSimulator square;
  private PosRestSimulator till;
  private Rest3plSimulator warehouse;
  private String sku;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    int port = FreePort.next();
    var webhooks = "http://127.0.0.1:" + port + "/webhooks/";
    square =
        SquareSimulator.start(
            SquareOptions.in(folder)
                .node("store-1")
                .notificationsTo(URI.create(webhooks + "square-main"))
                .retrySpan(AGAIN_FOR));
    till =
        PosRestSimulator.start(
            PosRestOptions.in(folder)
                .node("store-1")
                .uploadsTo(URI.create(webhooks + "corner"))
                .retrySpan(AGAIN_FOR));
    warehouse =
        Rest3plSimulator.start(AWholeHub.threePl(folder, port, "northwind").retrySpan(AGAIN_FOR));
    hub =
        AWholeHub.over(DATABASE)
            .at(port)
            .channel("store", "pos-rest", "node", "store-1", "upload-token", "till-secret")
            .channel("corner", "pos-rest", till.parameters())
            .channel(
                "square-main",
                "square",
                square.parameters(),
                "reconcile-schedule",
                "0/2 * * * * ?",
                "publish-stock",
                true,
                "listing-schedule",
                "0/3 * * * * ?")
            .channel("erp", "api")
            .threePl("northwind", warehouse, "poll-shipments", false)
            .node("store-1", "type", "store", "country", "US", "postal-code", "07001")
            .node("store-2", "type", "store", "country", "US", "postal-code", "07002")
            .node(
                "nj-1",
                "type",
                "3pl",
                "partner",
                "northwind",
                "country",
                "US",
                "postal-code",
                "07001")
            .start(folder.resolve("hub"));
  }

  @AfterEach
  void calm() {
    square.moods().calm();
  }

  @AfterAll
  void stop() {
    hub.close();
    warehouse.close();
    till.close();
    square.close();
  }

  @BeforeEach
  void article() {
    sku = "SKU-" + ++serial;
  }

  private HttpResponse<String> send(String... tickets) {
    var answer =
        hub.send(
            hub.to("/webhooks/store")
                .header("Authorization", "Bearer till-secret")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"tickets\":[" + String.join(",", tickets) + "]}"))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private String ticket(String id, Instant at, int quantity, String more) {
    return """
        {"id":"%s","at":"%s","till":"T1"%s,"lines":[{"line":"1","ofLine":"1","sku":"%s","quantity":%d,"price":"9.90"}]}"""
        .formatted(id, at, more, sku, quantity);
  }

  private String ticket(String id, Instant at, int quantity) {
    return ticket(id, at, quantity, "");
  }

  private Instant ago(Duration time) {
    return Instant.now().minus(time);
  }

  private void awaitOnHand(int units) {
    awaitOnHand(sku, units);
  }

  private void awaitOnHand(String article, int units) {
    Await.until(
        units + " are left", AWholeHub.PATIENCE, () -> hub.onHand("store-1", article) == units);
  }

  @Test
  void aSaleIsFulfilledWhereItWasMadeAndItsStockIsGoneOnce() {
    hub.stock("store-1", sku, 10);
    var sale = ticket("S-" + sku, Instant.now(), 2);

    send(sale);
    send(sale, sale);
    send(sale);
    awaitOnHand(8);
    hub.quiet();

    assertThat(hub.onHand("store-1", sku)).isEqualTo(8);
    assertThat(hub.orderState("S-" + sku)).isEqualTo("CLOSED");
    assertThat(hub.text("SELECT count(*) FROM sales_order WHERE channel_order_id = ?", "S-" + sku))
        .isEqualTo("1");
    assertThat(
            hub.text(
                "SELECT count(*) FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id WHERE o.channel_order_id = ?",
                "S-" + sku))
        .as("nobody is asked to send it")
        .isEqualTo("0");
  }

  @Test
  void aTillThatWasOfflineTellsADayLateInAnyOrderAndTwice() {
    var morning = ago(Duration.ofHours(30));
    hub.stock("store-1", sku, 100);
    var tickets = new ArrayList<String>();
    for (var i = 0; i < 40; i++) {
      tickets.add(ticket("D-" + sku + "-" + i, Instant.now().plusSeconds(i), 1));
    }
    tickets.addAll(List.copyOf(tickets.subList(0, 12)));
    Collections.shuffle(tickets, new Random(7));

    for (var i = 0; i < tickets.size(); i += 5) {
      send(tickets.subList(i, Math.min(i + 5, tickets.size())).toArray(String[]::new));
    }
    send(ticket("D-" + sku + "-early", morning, 1));
    awaitOnHand(60);
    hub.quiet();

    assertThat(hub.onHand("store-1", sku))
        .as("what was sold before the last count is in that count")
        .isEqualTo(60);
    assertThat(hub.orderState("D-" + sku + "-early")).isEqualTo("CLOSED");
    assertThat(
            hub.texts(
                "SELECT channel_order_id FROM sales_order WHERE channel_order_id LIKE ? ORDER BY placed_at",
                "D-" + sku + "%"))
        .hasSize(41)
        .first()
        .isEqualTo("D-" + sku + "-early");
  }

  @Test
  void salesOfABatchAreTakenInTheOrderOfTheTimeTheyWereMade() {
    hub.stock("store-1", sku, 10);

    send(
        ticket("O-" + sku + "-3", Instant.now(), 1),
        ticket("O-" + sku + "-1", ago(Duration.ofHours(9)), 1),
        ticket("O-" + sku + "-2", ago(Duration.ofHours(8)), 1));
    Await.until(
        "the batch is divided",
        AWholeHub.PATIENCE,
        () ->
            hub.texts("SELECT 1 FROM inbox_message WHERE message_key LIKE ?", "O-" + sku + "%")
                    .size()
                == 3);

    assertThat(
            hub.texts(
                "SELECT message_key FROM inbox_message WHERE message_key LIKE ? ORDER BY id",
                "O-" + sku + "%"))
        .containsExactly("O-" + sku + "-1", "O-" + sku + "-2", "O-" + sku + "-3");
  }

  @Test
  void whatComesBackIsThereAgainAndRefundedEvenWhenItIsToldBeforeTheSale() {
    hub.stock("store-1", sku, 10);
    var sale = ticket("R-" + sku, Instant.now(), 3);
    var back = ticket("B-" + sku, Instant.now().plusSeconds(60), -1, ",\"of\":\"R-" + sku + "\"");

    send(back);
    awaitOnHand(11);
    send(sale);
    awaitOnHand(8);

    Await.until(
        "the refund is noted",
        AWholeHub.PATIENCE,
        () ->
            "1"
                .equals(
                    hub.text(
                        "SELECT refunded FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
                        "R-" + sku)));
    send(back, sale);
    hub.quiet();
    assertThat(hub.onHand("store-1", sku)).isEqualTo(8);
  }

  @Test
  void whatComesBackOfAnUnknownSaleIsThereAgain() {
    hub.stock("store-1", sku, 5);

    send(ticket("U-" + sku, Instant.now(), -2));

    awaitOnHand(7);
    assertThat(hub.orderState("U-" + sku)).isNull();
  }

  @Test
  void oneBadTicketOfABatchStopsNoOther() {
    hub.stock("store-1", sku, 5);

    send(
        ticket("G-" + sku, Instant.now(), 1),
        "{\"id\":\"X-"
            + sku
            + "\",\"at\":\"yesterday\",\"lines\":[{\"line\":\"1\",\"sku\":\"A\",\"quantity\":1,\"price\":\"1.00\"}]}");

    awaitOnHand(4);
    Await.until(
        "the bad one is parked",
        AWholeHub.PATIENCE,
        () -> hub.parked().stream().anyMatch(p -> p.startsWith("X-" + sku)));
    assertThat(hub.parked())
        .anySatisfy(
            p -> assertThat(p).startsWith("X-" + sku + " UNMAPPED").contains("'yesterday'"));
    assertThat(hub.orderState("G-" + sku)).isEqualTo("CLOSED");
  }

  @Test
  void theCounterSellsTheLastOneThatAWebOrderWasPromised() {
    hub.stock("store-1", sku, 1);
    hub.stock("store-2", sku, 1);
    order(sku);
    Await.until("a node is asked", AWholeHub.PATIENCE, () -> promisedAt() != null);
    var first = promisedAt();
    hub.stock(first, sku, 1);

    send(ticket("L-" + sku, Instant.now(), 1, ",\"node\":\"" + first + "\""));

    Await.until(
        "the promise has moved",
        AWholeHub.PATIENCE,
        () -> promisedAt() != null && !first.equals(promisedAt()));
    assertThat(hub.onHand(first, sku)).isZero();
    assertThat(
            Json.tree(hub.api("GET", "/orders/erp:E-" + sku, null).body()).path("state").asText())
        .isNotEqualTo("CANCELLED");
  }

  /** Somebody orders one of an article on the web. */
  private void order(String article) {
    var order =
        hub.api(
            "POST",
            "/orders",
            """
            {"schemaVersion":"1.0","channel":{"type":"api","account":"erp","orderId":"E-%1$s"},"orderType":"STANDARD",
             "fulfilledBy":"MERCHANT","placedAt":"2026-03-02T10:00:00Z","updatedAt":"2026-03-02T10:00:00Z","test":false,
             "currency":"USD","pricesIncludeTax":true,
             "shipTo":{"name":"Ada Example","address":{"lines":["1 Main St"],"city":"Newark","postalCode":"07001",
               "countryCode":"US"},"piiState":"present"},
             "lines":[{"lineId":"1","kind":"PHYSICAL","sku":"%1$s","title":"Mug","unit":"EA","ordered":1,"cancelled":0,
               "shipped":0,"returned":0,"refunded":0,"requiresShipping":true,"unitPrice":{"amount":"9.90","currency":"USD"}}],
             "totals":{"grandTotal":{"amount":"9.90","currency":"USD"},"channelGrandTotal":{"amount":"9.90","currency":"USD"}},
             "payment":{"state":"PAID"}}"""
                .formatted(article));
    assertThat(order.statusCode()).as(order.body()).isEqualTo(202);
  }

  // --- Square ---

  @Test
  void aSaleAtSquareIsOneOrderFulfilledWhereItWasMade() {
    hub.stock("store-1", "MUG-BLU", 10);

    var id = square.sell("MUG-BLU", 2, Instant.now());

    awaitOnHand("MUG-BLU", 8);
    until("the sale is over", () -> "CLOSED".equals(hub.orderState(id)));
    until(
        "the poll has seen it too",
        () ->
            hub.text(
                    "SELECT 'yes' FROM poll_cursor WHERE account = 'square-main' AND since >"
                        + " (SELECT placed_at FROM sales_order WHERE channel_order_id = ?)",
                    id)
                != null);
    hub.quiet();
    assertThat(hub.onHand("store-1", "MUG-BLU")).isEqualTo(8);
    assertThat(hub.texts("SELECT 1 FROM sales_order WHERE channel_order_id = ?", id)).hasSize(1);
    assertThat(
            hub.text("SELECT money_mismatch::text FROM sales_order WHERE channel_order_id = ?", id))
        .isEqualTo("false");
    assertNobodyIsAsked(id);
  }

  @Test
  void whatComesBackToSquareLiesThereAgainAndIsRefundedOnce() {
    hub.stock("store-1", "MUG-RED", 10);
    var id = square.sell("MUG-RED", 3, Instant.now());
    awaitOnHand("MUG-RED", 7);

    square.giveBack("MUG-RED", 1, id);
    square.giveBack("MUG-RED", 2, null);

    awaitOnHand("MUG-RED", 10);
    until(
        "the refund is noted",
        () ->
            "1"
                .equals(
                    hub.text(
                        "SELECT refunded FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ?",
                        id)));
    hub.quiet();
    assertThat(hub.onHand("store-1", "MUG-RED")).isEqualTo(10);
    assertNobodyIsAsked(id);
  }

  @Test
  void aSaleThatNoWebhookToldOfIsFoundByThePoll() {
    hub.stock("store-1", "MUG-WHT", 10);
    square.moods().set(Mood.of(Mood.Kind.DROPPING));

    square.sell("MUG-WHT", 1, Instant.now());

    awaitOnHand("MUG-WHT", 9);
  }

  @Test
  void whatAStoreMaySellIsWhatSquareCountsThereThoughAnAnswerIsLost() {
    square.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).on("change-inventory").times(1));
    hub.stock("store-1", "TOTE-NAT", 7);

    until("Square counts as many", () -> square.counted("TOTE-NAT") == 7);
    square.sell("TOTE-NAT", 2, Instant.now());
    awaitOnHand("TOTE-NAT", 5);
    hub.stock("store-1", "TOTE-NAT", 4);
    until("it follows", () -> square.counted("TOTE-NAT") == 4);
    assertThat(hub.texts("SELECT business_key FROM delivery WHERE state = 'PARKED'")).isEmpty();
  }

  @Test
  void aBusySquareIsWaitedForAndNothingIsParked() {
    hub.stock("store-1", "CAP-NVY", 10);
    square
        .moods()
        .set(
            Mood.of(Mood.Kind.THROTTLING).on("get-order").times(1).lasting(Duration.ofSeconds(1)),
            Mood.of(Mood.Kind.ERROR_IN_200).on("catalog").times(1));

    var id = square.sell("CAP-NVY", 1, Instant.now());

    awaitOnHand("CAP-NVY", 9);
    until("the sale is over", () -> "CLOSED".equals(hub.orderState(id)));
    assertThat(hub.parked()).noneMatch(p -> p.startsWith(id));
  }

  @Test
  void theCounterSellsWhatAWebOrderWasPromisedAndThe3plSendsItInstead() {
    hub.stock("store-1", "CAP-OLV", 1);
    order("CAP-OLV");
    until("the store is asked", () -> "store-1".equals(promisedAt("CAP-OLV")));
    hub.stock("nj-1", "CAP-OLV", 1);

    square.sell("CAP-OLV", 1, Instant.now());

    until("the 3PL is asked", () -> "nj-1".equals(promisedAt("CAP-OLV")));
    until(
        "the 3PL has it",
        () ->
            warehouse.ledger().effects().of("fulfillment.accepted").stream()
                .anyMatch(e -> e.data().toString().contains("CAP-OLV")));
    assertThat(hub.onHand("store-1", "CAP-OLV")).isZero();
    assertThat(
            hub.texts(
                "SELECT 1 FROM stock_level WHERE sku = 'CAP-OLV' AND (shortage > 0 OR allocated > on_hand)"))
        .isEmpty();
  }

  // --- a till that was offline ---

  @Test
  void aTillThatWasOfflineForADayIsBelievedInTheOrderOfItsSales() {
    var counted = Instant.now().minus(Duration.ofDays(2)).truncatedTo(ChronoUnit.SECONDS);
    for (var article : List.of("TEE-S", "TEE-M")) {
      stock(article, 50, counted);
    }
    till.online(false);
    var at = new ArrayList<Instant>();
    var ids = new ArrayList<String>();
    for (var i = 0; i < 20; i++) {
      at.add(counted.plus(Duration.ofHours(20)).plus(Duration.ofMinutes(7L * i)));
      ids.add(till.sell(i % 2 == 0 ? "TEE-S" : "TEE-M", 1 + i % 3, at.getLast()));
    }
    var back = till.giveBack("TEE-S", 1, ids.getFirst(), counted.plus(Duration.ofHours(30)));

    till.upload(2);

    until("every batch is heard", () -> till.owed() == 0);
    awaitOnHand("TEE-S", 50 - till.books().taken().get("TEE-S"));
    awaitOnHand("TEE-M", 50 - till.books().taken().get("TEE-M"));
    until("every sale is there", () -> known(ids) == ids.size());
    hub.quiet();
    assertThat(hub.onHand("store-1", "TEE-S")).isEqualTo(50 - till.books().taken().get("TEE-S"));
    assertThat(
            hub.texts(
                "SELECT channel_order_id FROM sales_order WHERE account = 'corner' AND state = 'CLOSED' ORDER BY placed_at"))
        .containsExactlyElementsOf(ids);
    assertThat(
            hub.texts(
                "SELECT round(extract(epoch FROM happened_at))::bigint::text FROM stock_movement"
                    + " WHERE sku IN ('TEE-S', 'TEE-M') AND cause = 'sale' ORDER BY happened_at"))
        .as("each sale is booked once, as of the instant of its ticket")
        .containsExactlyElementsOf(
            at.stream().map(i -> String.valueOf(i.getEpochSecond())).toList());
    assertThat(hub.text("SELECT state FROM inbox_message WHERE dedupe_key = ?", "refund:" + back))
        .isEqualTo("APPLIED");
    ids.forEach(this::assertNobodyIsAsked);
  }

  private int known(List<String> ids) {
    return Integer.parseInt(
        hub.text(
            "SELECT count(*) FROM sales_order WHERE channel_order_id = ANY (?)",
            (Object) ids.toArray(String[]::new)));
  }

  private void stock(String article, int units, Instant at) {
    var answer =
        hub.api(
            "PUT",
            "/stock",
            "{\"node\":\"store-1\",\"asOf\":\"%s\",\"levels\":[{\"sku\":\"%s\",\"onHand\":%d}]}"
                .formatted(at, article, units));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private void assertNobodyIsAsked(String channelOrderId) {
    assertThat(
            hub.texts(
                "SELECT 1 FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id WHERE o.channel_order_id = ?",
                channelOrderId))
        .isEmpty();
    assertThat(warehouse.ledger().effects().stream().map(e -> e.data().toString()))
        .noneMatch(data -> data.contains(channelOrderId));
  }

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, AWholeHub.PATIENCE, condition);
  }

  private String promisedAt() {
    return promisedAt(sku);
  }

  private String promisedAt(String article) {
    return hub.text(
        """
        SELECT f.node FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
        WHERE o.channel_order_id = ? AND f.state NOT IN ('WITHDRAWN', 'CANCELLED') ORDER BY f.id DESC LIMIT 1""",
        "E-" + article);
  }
}
