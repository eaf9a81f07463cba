package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.Mood;
import io.serai.simulator.Rest3plSimulator;
import io.serai.simulator.ShopifySimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Orders of a shop that are to be otherwise once they are placed, over the real routes of a whole
 * hub: changed in time and too late, cancelled while they are sent, suspected, told twice and not
 * at all. docs/lifecycle.md lists them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class MessyChangesIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String NEVER = "0 0 3 1 1 ? 2099";
  private static final String FOREIGN = "The card was issued in another country.";
  private static int serial = 100;

  private ShopifySimulator shop;
  private Rest3plSimulator warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    var webhooks = "http://127.0.0.1:" + port + "/webhooks/";
    shop = ShopifySimulator.start(AWholeHub.quickShop(folder, port, "shopify-main"));
    warehouse =
        Rest3plSimulator.start(
            AWholeHub.threePl(folder, port, "northwind")
                .acceptsAnySku(true)
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
                "edit-window",
                "1h",
                "reconcile-schedule",
                "0/2 * * * * ?",
                "read-listings",
                false,
                "publish-stock",
                false)
            .threePl("northwind", warehouse, "shipment-schedule", NEVER)
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

  // --- what tests say

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, AWholeHub.PATIENCE, condition);
  }

  /** A paid order of articles that no other test sells, known here. */
  private String bought() {
    var payload = shop.draftOrder();
    while (!payload.get("line_items").findValuesAsText("requires_shipping").contains("true")) {
      shop.createOrder(payload);
      payload = shop.draftOrder();
    }
    payload.put("financial_status", "paid").put("test", false);
    ((ObjectNode) payload.get("shipping_address"))
        .put("address1", "12 River Street")
        .put("city", "Hoboken")
        .put("zip", "07030")
        .put("province", "New Jersey")
        .put("province_code", "NJ")
        .put("country", "United States")
        .put("country_code", "US");
    for (var line : payload.get("line_items")) {
      if (line.path("requires_shipping").asBoolean()) {
        var sku = "SKU-" + ++serial;
        ((ObjectNode) line).put("sku", sku);
        hub.stock("nj-1", sku, 100);
      }
    }
    var id = shop.createOrder(payload);
    until("the order is known", () -> hub.orderState(id) != null);
    return id;
  }

  /** The shop dates its orders to the second, so the next state of one is dated another. */
  private void later(String id) {
    var before = OffsetDateTime.parse(shop.order(id).get("updated_at").asText()).toEpochSecond();
    until("the shop's clock goes on", () -> Instant.now().getEpochSecond() > before);
  }

  private void release(String id, String kind) {
    post(id, "release", "{\"kind\":\"%s\",\"reason\":\"looked at\"}".formatted(kind), 200);
  }

  private JsonNode post(String id, String verb, String body, int status) {
    var answer = hub.api("POST", "/orders/shopify-main:" + id + "/" + verb, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return Json.tree(answer.body());
  }

  private List<String> holds(String id) {
    return hub.texts(
        """
        SELECT h.kind FROM order_hold h JOIN sales_order o ON o.id = h.order_id
        WHERE o.channel_order_id = ? AND h.released_at IS NULL ORDER BY h.kind""",
        id);
  }

  /** What the warehouse was asked for of an order, oldest first. */
  private List<String> requests(String id) {
    return hub.texts(
        """
        SELECT d.business_key FROM delivery d JOIN sales_order o ON o.id = d.order_id
        WHERE o.channel_order_id = ? AND d.operation = 'fulfillment-request' ORDER BY d.id""",
        id);
  }

  /** The newest request, once the warehouse has it. */
  private String asked(String id, int times) {
    until(
        "the warehouse has request " + times,
        () ->
            requests(id).size() == times
                && done("fulfillment.accepted", requests(id).getLast()) == 1);
    return requests(id).getLast();
  }

  private long done(String what, String request) {
    return warehouse.ledger().effects().of(what).on(request).count();
  }

  private String goesTo(String request) {
    return warehouse
        .ledger()
        .effects()
        .on(request)
        .all()
        .getFirst()
        .data()
        .at("/request/shipTo/lines/0")
        .asText();
  }

  private String street(String id) {
    return hub.text(
        """
        SELECT d.document::json #>> '{shipTo,address,lines,0}' FROM order_document d JOIN sales_order o ON o.id = d.order_id
        WHERE o.channel_order_id = ?""",
        id);
  }

  private String note(String id) {
    return hub.text(
        "SELECT d.document::json ->> 'note' FROM order_document d JOIN sales_order o ON o.id = d.order_id WHERE o.channel_order_id = ?",
        id);
  }

  /** Of what is to be sent. */
  private int sum(String column, String id) {
    return Integer.parseInt(
        hub.text(
            "SELECT sum("
                + column
                + ") FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE l.requires_shipping AND o.channel_order_id = ?",
            id));
  }

  // --- 4

  @Test
  void messyOrder04AnAddressIsChangedInsideTheWindowAndOnceMoreAfterTheLock() {
    var id = bought();
    assertThat(holds(id)).containsExactly("EDIT_WINDOW");

    later(id);
    shop.moveOrder(id, "5 Hill Road");
    until("it is known", () -> "5 Hill Road".equals(street(id)));
    assertThat(requests(id)).isEmpty();
    release(id, "EDIT_WINDOW");
    var first = asked(id, 1);
    assertThat(goesTo(first)).isEqualTo("5 Hill Road");

    later(id);
    shop.moveOrder(id, "9 Late Lane");
    until("somebody is told", () -> holds(id).contains("EDIT"));
    assertThat(street(id)).isEqualTo("5 Hill Road");
    assertThat(requests(id)).containsExactly(first);

    var elsewhere =
        """
        {"reason":"she called","afterLock":%s,"shipTo":{"lines":["9 Late Lane"],"city":"Hoboken","region":"NJ",
         "postalCode":"07030","countryCode":"US"}}""";
    assertThat(post(id, "change", elsewhere.formatted("false"), 409).path("detail").asText())
        .contains("cannot be changed (another address): its time to be changed ended at");
    post(id, "change", elsewhere.formatted("true"), 200);
    assertThat(goesTo(asked(id, 2))).isEqualTo("9 Late Lane");
    assertThat(done("fulfillment.cancelled", first)).isEqualTo(1);

    later(id);
    shop.updateOrder(id, "ring twice");
    until("the shop says what is done", () -> holds(id).isEmpty());
    assertThat(requests(id)).hasSize(2);
    assertThat(sum("l.allocated", id)).isEqualTo(sum("l.ordered", id));
  }

  // --- 5

  @Test
  void messyOrder05TheCancellationIsFirstAndNothingIsSent() {
    var id = bought();
    release(id, "EDIT_WINDOW");
    var request = asked(id, 1);

    later(id);
    shop.cancelOrder(id, "customer");
    until("it is cancelled", () -> done("fulfillment.cancelled", request) == 1);
    warehouse.ship(request); // whoever packs it is too late

    until("it is known", () -> sum("l.cancelled", id) == sum("l.ordered", id));
    assertThat(hub.orderState(id)).isEqualTo("CANCELLED");
    assertThat(sum("l.allocated + l.shipped", id)).isZero();
    assertThat(done("fulfillment.shipped", request)).isZero();
    assertThat(holds(id)).isEmpty();
  }

  @Test
  void messyOrder05TheParcelIsFirstAndItsUnitsCountAsSentAndNotAsCancelled() {
    var id = bought();
    release(id, "EDIT_WINDOW");
    var request = asked(id, 1);
    warehouse.moods().set(Mood.of(Mood.Kind.DROPPING));
    warehouse.ship(request);

    later(id);
    shop.cancelOrder(id, "customer");
    until("the warehouse says that it has left", () -> holds(id).contains("TOO_LATE"));
    assertThat(sum("l.cancelled", id)).isZero();
    var finding = hub.differences("northwind", request);
    assertThat(finding).hasSize(1);
    assertThat(finding.getFirst().path("theirs").asText()).isEqualTo("SHIPPED");
    var fixed =
        hub.api("POST", "/findings/" + finding.getFirst().path("id").asText() + "/fix", "{}");
    assertThat(fixed.statusCode()).as(fixed.body()).isEqualTo(200);

    until("the parcel is known", () -> sum("l.shipped", id) == sum("l.ordered", id));
    assertThat(sum("l.cancelled + l.allocated", id)).isZero();
    assertThat(done("fulfillment.cancelled", request)).isZero();
    assertThat(requests(id)).containsExactly(request);
  }

  // --- 8

  @Test
  void messyOrder08OneThatIsTakenForAFraudIsReleasedByAPersonAndGoes() {
    var id = bought();
    later(id);
    shop.suspectOrder(id, FOREIGN);
    until("it is held", () -> holds(id).contains("RISK"));
    release(id, "EDIT_WINDOW");
    assertThat(requests(id)).isEmpty();

    release(id, "RISK");

    var request = asked(id, 1);
    later(id);
    shop.updateOrder(id, "she called");
    until("a newer state is known", () -> "she called".equals(note(id)));
    assertThat(holds(id)).as("what was looked at is not held again").isEmpty();
    assertThat(requests(id)).containsExactly(request);
  }

  @Test
  void messyOrder08OneThatIsTakenForAFraudIsCancelledAndTheShopHearsIt() {
    var id = bought();
    later(id);
    shop.suspectOrder(id, FOREIGN);
    until("it is held", () -> holds(id).contains("RISK"));

    post(id, "cancel", "{\"code\":\"FRAUD\",\"reason\":\"three cards\"}", 200);

    until("the shop has cancelled it", () -> shop.order(id).hasNonNull("cancelled_at"));
    assertThat(hub.orderState(id)).isEqualTo("CANCELLED");
    assertThat(holds(id)).isEmpty();
    assertThat(requests(id)).isEmpty();
    assertThat(sum("l.allocated", id)).isZero();
  }

  // --- 15

  @Test
  void messyOrder15AWebhookThatComesTwiceIsOneOrderAndOneRequest() {
    shop.moods().set(Mood.of(Mood.Kind.DUPLICATING));
    var id = bought();
    until(
        "it came twice",
        () ->
            Integer.parseInt(
                    hub.text(
                        "SELECT max(duplicate_count) FROM inbox_message WHERE message_key = ? AND dedupe_key NOT LIKE message_key || '%'",
                        id))
                > 0);
    release(id, "EDIT_WINDOW");

    var request = asked(id, 1);

    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id))
        .hasSize(1);
    assertThat(done("fulfillment.accepted", request)).isEqualTo(1);
  }

  @Test
  void messyOrder15AWebhookThatNeverComesIsFoundByThePollAndNothingDiffersAfterwards() {
    shop.moods().set(Mood.of(Mood.Kind.DROPPING));

    var id = bought();

    release(id, "EDIT_WINDOW");
    asked(id, 1);
    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id))
        .hasSize(1);
    assertThat(
            hub.texts(
                "SELECT id::text FROM inbox_message WHERE message_key = ? AND dedupe_key NOT LIKE message_key || '%'",
                id))
        .as("no webhook told of it")
        .isEmpty();
    assertThat(hub.differences("shopify-main", id)).isEmpty();
  }
}
