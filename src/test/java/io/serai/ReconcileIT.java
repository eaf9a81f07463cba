package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.ShopifyOptions;
import io.serai.simulator.ShopifySimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a shop and a 3PL have in their books against what the hub has, and putting it right. */
@TestInstance(Lifecycle.PER_CLASS)
class ReconcileIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final Duration AGAIN_FOR = Duration.ofMinutes(5);
  private static final String NEVER = "0 0 3 1 1 ? 2099";

  private ShopifySimulator shop;
  private Rest3plSimulator warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    var root = "http://127.0.0.1:" + port;
    shop =
        ShopifySimulator.start(
            ShopifyOptions.in(folder)
                .locations(1)
                .webhooksTo(URI.create(root + "/webhooks/shopify-main"))
                .retrySpan(AGAIN_FOR));
    warehouse =
        Rest3plSimulator.start(
            AWholeHub.threePl(folder, port, "northwind")
                .retrySpan(AGAIN_FOR)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2)));
    hub =
        AWholeHub.over(DATABASE)
            .at(port)
            .with("serai.reconcile.grace", "0s")
            .channel(
                "shopify-main",
                "shopify",
                shop.parameters(),
                "check-address",
                false,
                "hold-risk",
                "never",
                "reconcile",
                false)
            .threePl(
                "northwind",
                warehouse,
                "shipment-schedule",
                NEVER,
                "poll-stock",
                true,
                "stock-schedule",
                NEVER)
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
    until(
        "listings are known",
        () -> !hub.texts("SELECT sku FROM listing WHERE account = 'shopify-main'").isEmpty());
    warehouse.announceStock();
    until(
        "the hub knows what lies at the 3PL",
        () -> hub.text("SELECT sku FROM stock_level WHERE on_hand > 0 LIMIT 1") != null);
    settled();
  }

  @AfterEach
  void calm() {
    shop.moods().calm();
    warehouse.moods().calm();
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    warehouse.close();
    shop.close();
  }

  @Test
  void anOrderWhoseWebhookWasLostIsFoundAndPulled() {
    shop.moods().set(Mood.of(Mood.Kind.DROPPING));
    var id = shop.createOrder();
    shop.moods().calm();
    assertThat(hub.orderState(id)).isNull();

    var finding = only(reconcile("shopify-main"), "ORDER_MISSING", id);
    assertThat(finding.path("remedy").asText()).isEqualTo("PULL");
    assertThat(fix(finding)).contains("asked for '" + id + "' again");

    until("it is here", () -> hub.orderState(id) != null);
    settled();
    reconcile("shopify-main");
    assertThat(read(finding).path("state").asText()).isEqualTo("FIXED");
    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id))
        .hasSize(1);
  }

  @Test
  void aStockWriteThatGotLostIsFoundAndToldAgain() {
    var sku = hub.text("SELECT min(sku) FROM publication WHERE quantity > 5");
    var told =
        Integer.parseInt(hub.text("SELECT quantity - sold FROM publication WHERE sku = ?", sku));
    shop.editStock(sku, told + 3);

    var finding = reconcile("shopify-main").stream().filter(is("STOCK_SHOWN")).findFirst().get();
    assertThat(finding.path("theirs").asText()).isEqualTo(String.valueOf(told + 3));
    assertThat(finding.path("thing").asText()).startsWith(sku + " (");
    fix(finding);

    settled();
    reconcile("shopify-main");
    assertThat(read(finding).path("state").asText()).isEqualTo("FIXED");
  }

  @Test
  void aShipmentNobodyToldOfIsFoundAndPulled() {
    var id = shop.createOrder();
    until("the 3PL has it", () -> request(id) != null);
    settled();
    warehouse.moods().set(Mood.of(Mood.Kind.DROPPING));
    warehouse.ship(request(id));

    var finding = only(reconcile("northwind"), "REQUEST_DIFFERENT", request(id));
    assertThat(finding.path("theirs").asText()).isEqualTo("SHIPPED");
    fix(finding);

    until("the shop is told", () -> "SHIPPED".equals(hub.orderState(id)));
    settled();
    assertThat(reconcile("northwind")).as("stock too").isEmpty();
    assertThat(reconcile("shopify-main")).isEmpty();
    assertThat(read(finding).path("state").asText()).isEqualTo("FIXED");
  }

  @Test
  void aMiscountIsOneFindingUntilItIsPulled() {
    var sku = hub.text("SELECT max(sku) FROM stock_level WHERE on_hand > 5");
    warehouse.count(sku, hub.onHand("nj-1", sku) + 7);

    var finding = only(reconcile("northwind"), "STOCK_HELD", sku + " @ nj-1");
    var again = only(reconcile("northwind"), "STOCK_HELD", sku + " @ nj-1");

    assertThat(again.path("id")).isEqualTo(finding.path("id"));
    assertThat(again.path("seen").asInt()).isEqualTo(2);
    fix(again);
    until("it is here", () -> hub.onHand("nj-1", sku) == again.path("theirs").asInt());
    settled();
    reconcile("northwind");
    assertThat(read(finding).path("state").asText()).isEqualTo("FIXED");
  }

  private String request(String orderId) {
    var id =
        hub.text(
            "SELECT f.id::text FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id"
                + " JOIN delivery d ON d.order_id = o.id AND d.destination = 'northwind' AND d.state = 'CONFIRMED'"
                + " WHERE o.channel_order_id = ?",
            orderId);
    return id == null ? null : Ids.text("ful", UUID.fromString(id));
  }

  /** Until nothing is on its way any more. */
  private void settled() {
    until(
        "nothing is on its way",
        () ->
            "0"
                .equals(
                    hub.text(
                        """
                        SELECT (SELECT count(*) FROM inbox_message WHERE state IN ('RECEIVED', 'RUNNING'))
                          + (SELECT count(*) FROM delivery WHERE state IN ('READY', 'SENDING', 'PENDING', 'WAITING'))
                          + (SELECT count(*) FROM publication WHERE marked_at IS NOT NULL OR delivery_id IS NOT NULL
                             OR pending_since IS NOT NULL)""")));
  }

  private List<JsonNode> reconcile(String account) {
    var planned = hub.api("POST", "/reconciliations", "{\"account\":\"%s\"}".formatted(account));
    assertThat(planned.statusCode()).as(planned.body()).isEqualTo(202);
    var address = "/reconciliations/" + Json.tree(planned.body()).path("id").asText();
    until(
        "it is compared",
        () -> !List.of("PLANNED", "RUNNING").contains(hub.read(address).path("state").asText()));
    assertThat(hub.read(address).path("state").asText())
        .as(hub.read(address).toString())
        .isEqualTo("DONE");
    var found = new ArrayList<JsonNode>();
    hub.read("/findings?account=" + account).path("items").forEach(found::add);
    return found;
  }

  private static java.util.function.Predicate<JsonNode> is(String kind) {
    return finding -> kind.equals(finding.path("kind").asText());
  }

  private static JsonNode only(List<JsonNode> findings, String kind, String thing) {
    var fit =
        findings.stream()
            .filter(is(kind))
            .filter(finding -> thing.equals(finding.path("thing").asText()))
            .toList();
    assertThat(fit).as(findings.toString()).hasSize(1);
    return fit.getFirst();
  }

  private String fix(JsonNode finding) {
    var done = hub.api("POST", "/findings/" + finding.path("id").asText() + "/fix", "{}");
    assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
    return Json.tree(done.body()).path("sentence").asText();
  }

  private JsonNode read(JsonNode finding) {
    return hub.read("/findings/" + finding.path("id").asText());
  }

  private static void until(String what, Callable<Boolean> is) {
    Await.until(what, AWholeHub.PATIENCE, is::call);
  }
}
