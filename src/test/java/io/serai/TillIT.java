package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import io.serai.support.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tills of a store that send their tickets in batches: live, late, twice and in any order. */
@TestInstance(Lifecycle.PER_CLASS)
class TillIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static int serial = 100;

  private AWholeHub hub;
  private String sku;

  @BeforeAll
  void start(@TempDir Path data) {
    hub =
        AWholeHub.over(DATABASE)
            .channel("store", "pos-rest", "node", "store-1", "upload-token", "till-secret")
            .channel("erp", "api")
            .node("store-1", "type", "store", "country", "US", "postal-code", "07001")
            .node("store-2", "type", "store", "country", "US", "postal-code", "07002")
            .start(data);
  }

  @AfterAll
  void stop() {
    hub.close();
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
    Await.until(units + " are left", AWholeHub.PATIENCE, () -> hub.onHand("store-1", sku) == units);
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
                .formatted(sku));
    assertThat(order.statusCode()).as(order.body()).isEqualTo(202);
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

  private String promisedAt() {
    return hub.text(
        """
        SELECT f.node FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
        WHERE o.channel_order_id = ? AND f.state NOT IN ('WITHDRAWN', 'CANCELLED') ORDER BY f.id DESC LIMIT 1""",
        "E-" + sku);
  }
}
