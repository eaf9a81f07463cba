package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.CarrierOptions;
import io.serai.simulator.CarrierSimulator;
import io.serai.simulator.Mood;
import io.serai.simulator.ShopifySimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A shop's orders are packed in a store of our own and go by carriers: offers, labels, scans,
 * between them a whole hub.
 */
@TestInstance(Lifecycle.PER_CLASS)
class CarrierIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AWholeHub hub;
  private ShopifySimulator shop;
  private CarrierSimulator easypost;
  private CarrierSimulator ups;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    int port = FreePort.next();
    var webhooks = "http://127.0.0.1:" + port + "/webhooks/";
    shop = ShopifySimulator.start(AWholeHub.quickShop(folder, port, "shopify-main"));
    easypost =
        CarrierSimulator.easypost(
            CarrierOptions.in(folder).webhooksTo(URI.create(webhooks + "easypost-main")));
    ups =
        CarrierSimulator.ups(
            CarrierOptions.in(folder).webhooksTo(URI.create(webhooks + "ups-main")));
    hub =
        AWholeHub.over(DATABASE)
            .at(port)
            .channel("shopify-main", "shopify", shop.parameters())
            .partner("easypost-main", "easypost", easypost.parameters())
            .partner("ups-main", "ups", ups.parameters())
            .node(
                "store-1",
                "type",
                "store",
                "country",
                "US",
                "region",
                "NJ",
                "postal-code",
                "07030",
                "carriers",
                "easypost-main, ups-main",
                "carrier-patience",
                "60s",
                "ship-from.name",
                "Acme Store",
                "ship-from.street",
                "1 Main Street",
                "ship-from.city",
                "Hoboken",
                "ship-from.phone",
                "+12015550100")
            .start(folder.resolve("hub"));
  }

  @AfterEach
  void calm() {
    easypost.moods().calm();
    ups.moods().calm();
  }

  @AfterAll
  void stop() {
    hub.close();
    ups.close();
    easypost.close();
    shop.close();
  }

  /** A paid order from within the country, allocated to the store; answers the channel's id. */
  private String order() {
    return order("07030");
  }

  private String order(String zip) {
    ObjectNode payload = shop.draftOrder();
    payload.put("financial_status", "paid").put("test", false);
    ((ObjectNode) payload.get("shipping_address"))
        .put("address1", "12 River Street")
        .put("city", "Hoboken")
        .put("zip", zip)
        .put("province", "New Jersey")
        .put("province_code", "NJ")
        .put("country", "United States")
        .put("country_code", "US");
    for (var line : payload.get("line_items")) {
      if (line.hasNonNull("sku")) {
        hub.stock("store-1", line.get("sku").asText(), 1_000);
      }
    }
    var id = shop.createOrder(payload);
    Await.until(
        "the store is asked to send it",
        AWholeHub.PATIENCE,
        () ->
            hub.text(
                    "SELECT f.id::text FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id WHERE o.channel_order_id = ?",
                    id)
                != null);
    return id;
  }

  private JsonNode pack(String id, String parcels) {
    var answer =
        hub.api("POST", "/orders/shopify-main:" + id + "/pack", "{\"parcels\":[" + parcels + "]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.tree(answer.body());
  }

  private JsonNode parcel(String id) {
    return hub.read("/orders/shopify-main:" + id + "/parcels").get(0);
  }

  private void until(String id, String state) {
    try {
      Await.until(
          "the parcel is " + state,
          AWholeHub.PATIENCE,
          () ->
              state.equals(
                  hub.text(
                      "SELECT p.state FROM parcel p JOIN sales_order o ON o.id = p.order_id WHERE o.channel_order_id = ? ORDER BY p.id LIMIT 1",
                      id)));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + ": " + story(id), e);
    }
  }

  private List<String> story(String id) {
    return hub.texts(
        "SELECT e.kind || ': ' || e.sentence FROM order_event e JOIN sales_order o ON o.id = e.order_id WHERE o.channel_order_id = ? ORDER BY e.id",
        id);
  }

  private String told(String id) {
    return hub.text(
        "SELECT d.state FROM delivery d JOIN sales_order o ON o.id = d.order_id WHERE o.channel_order_id = ? AND d.operation = 'shipment'",
        id);
  }

  @Test
  void anOrderIsPackedLabeledScannedToldAndDelivered() {
    var id = order();

    pack(id, "{\"weight\":900,\"length\":300,\"width\":200,\"height\":100}");

    until(id, "LABELED");
    var labeled = parcel(id);
    var number = labeled.path("trackingNumber").asText();
    assertThat(labeled.path("service").asText()).isEqualTo("GroundAdvantage");
    assertThat(labeled.at("/choice/sentence").asText()).contains("the cheapest of 6 offer(s)");
    assertThat(labeled.at("/choice/offers/1/why").asText()).isEqualTo("costs more");
    assertThat(told(id)).as("no scan yet, so the shop was told nothing").isNull();
    Await.until(
        "the label's file is here",
        AWholeHub.PATIENCE,
        () ->
            "ZPL"
                .equals(
                    hub.text(
                        "SELECT l.format FROM parcel_label l JOIN parcel p ON p.id = l.parcel_id JOIN sales_order o ON o.id = p.order_id WHERE o.channel_order_id = ?",
                        id)));
    var file = hub.api("GET", "/parcels/" + labeled.path("id").asText() + "/label", null);
    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.body()).startsWith("^XA").contains(number);
    assertThat(hub.api("GET", "/audit?object=" + labeled.path("id").asText(), null).body())
        .contains("personal-data.read");

    easypost.scan(number, "in_transit", Instant.now().minusSeconds(60));

    until(id, "SHIPPED");
    Await.until("the shop is told", AWholeHub.PATIENCE, () -> "CONFIRMED".equals(told(id)));
    assertThat(shop.order(id).at("/fulfillments/0/tracking_number").asText()).isEqualTo(number);
    assertThat(hub.orderState(id)).isEqualTo("SHIPPED");

    easypost.scan(number, "delivered", Instant.now().minusSeconds(5));

    until(id, "DELIVERED");
    assertThat(hub.orderState(id)).isEqualTo("DELIVERED");
    assertThat(bought(easypost, id)).isEqualTo(1);
    assertThat(bought(ups, id)).isZero();
  }

  /** Labels that a carrier sold for the parcels of an order, whether anybody heard of it or not. */
  private long bought(CarrierSimulator carrier, String id) {
    var parcels = hub.read("/orders/shopify-main:" + id + "/parcels");
    var sold = 0L;
    for (var parcel : parcels) {
      for (var effect : carrier.ledger().effects().of("label.bought")) {
        sold += effect.key().startsWith(parcel.path("id").asText() + "/") ? 1 : 0;
      }
    }
    return sold;
  }

  @Test
  void aLabelWhoseAnswerIsLostIsFoundAndNotBoughtAgain() {
    easypost.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).on("shipments.buy").times(1));
    var id = order();

    pack(id, "{\"weight\":900}");

    until(id, "LABELED");
    assertThat(bought(easypost, id)).isEqualTo(1);
    assertThat(bought(ups, id)).isZero();
  }

  @Test
  void theNextBestSellsItAndIsLookedUpWhenItsAnswerIsLostAndTellsOfItsParcel() {
    easypost.moods().set(Mood.of(Mood.Kind.REFUSING).on("shipments.buy").times(1));
    ups.moods().set(Mood.of(Mood.Kind.FAILED_AFTER_EFFECT).on("ship").times(1));
    var id = order();

    pack(id, "{\"weight\":900}");

    until(id, "LABELED");
    assertThat(parcel(id).path("account").asText()).isEqualTo("ups-main");
    assertThat(parcel(id).path("label").asText()).isEqualTo("ZPL");
    assertThat(bought(easypost, id)).isZero();
    assertThat(bought(ups, id)).isEqualTo(1);
    assertThat(story(id).toString())
        .contains("sells no label for parcel", "Unable to buy postage from the carrier.");

    var number = parcel(id).path("trackingNumber").asText();
    ups.scan(number, "delivered", Instant.now().minusSeconds(5));
    until(id, "DELIVERED");
    ups.scan(number, "in_transit", Instant.now().minusSeconds(600));
    Await.until("the shop is told", AWholeHub.PATIENCE, () -> "CONFIRMED".equals(told(id)));
    assertThat(shop.order(id).at("/fulfillments/0/tracking_number").asText()).isEqualTo(number);
    Await.until(
        "the late scan is kept",
        AWholeHub.PATIENCE,
        () ->
            "2"
                .equals(
                    hub.text(
                        "SELECT count(*) FROM parcel_scan s JOIN parcel p ON p.id = s.parcel_id WHERE p.tracking_number = ?",
                        number)));
    assertThat(hub.orderState(id)).isEqualTo("DELIVERED");
  }

  @Test
  void aLabelThatIsVoidedIsTakenBackByItsCarrier() {
    var id = order();
    pack(id, "{\"weight\":900}");
    until(id, "LABELED");

    var answer =
        hub.api(
            "POST",
            "/parcels/" + parcel(id).path("id").asText() + "/void",
            "{\"reason\":\"the box broke\"}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    until(id, "VOIDED");
    assertThat(easypost.ledger().effects().of("label.voided"))
        .anyMatch(effect -> effect.key().startsWith(parcel(id).path("id").asText()));
  }

  @Test
  void anAddressThatNoCarrierTakesIsListedWithWhatTheySay() {
    var id = order("00000");

    pack(id, "{\"weight\":900}");

    until(id, "WAITING");
    var hold =
        hub.text(
            "SELECT h.reason FROM order_hold h JOIN sales_order o ON o.id = h.order_id WHERE o.channel_order_id = ? AND h.kind = 'PARCEL'",
            id);
    assertThat(hold)
        .contains("Unable to verify address.", "Address Validation Error on ShipTo address");
  }

  @Test
  void anUnprovenScanIsRefused() {
    for (var account : List.of("easypost-main", "ups-main")) {
      var answer =
          hub.send(
              hub.to("/webhooks/" + account)
                  .header("credential", "guessed")
                  .POST(BodyPublishers.ofString("{\"trackingNumber\":\"1Z\"}"))
                  .build());
      assertThat(answer.statusCode()).as(account).isEqualTo(401);
    }
  }
}
