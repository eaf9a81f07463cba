package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.EtsyOptions;
import io.serai.simulator.EtsySimulator;
import io.serai.simulator.Mood;
import io.serai.simulator.Rest3plOptions;
import io.serai.simulator.Rest3plSimulator;
import io.serai.support.Await;
import io.serai.support.Ids;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A whole hub between an Etsy shop, which tells of nothing by itself, and a 3PL. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class EtsyIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private EtsySimulator shop;
  private Rest3plSimulator warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) {
    shop = EtsySimulator.start(EtsyOptions.in(folder).initialStock(40).quota(400, 100_000));
    warehouse =
        Rest3plSimulator.start(
            Rest3plOptions.in(folder)
                .splits(false)
                .pickAfter(Duration.ofHours(1))
                .shipAfter(Duration.ofHours(2)));
    var settings = new HashMap<>(shop.parameters());
    settings.replaceAll((name, value) -> name.endsWith("-schedule") ? "0/2 * * * * ?" : value);
    hub =
        AWholeHub.over(DATABASE)
            .granting("etsy", folder.resolve("home"))
            .channel("etsy-main", "etsy", settings, "check-address", false)
            .threePl("northwind", warehouse, "shipment-schedule", "0/2 * * * * ?")
            .node("nj-1", "type", "3pl", "partner", "northwind", "country", "US")
            .with("serai.reconcile.grace", "0s")
            .start(folder.resolve("hub"));
    for (var sku : shop.books().shown().keySet()) {
      hub.stock("nj-1", sku, 500);
    }
  }

  @AfterEach
  void calm() {
    shop.moods().calm();
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
  void whatLeftIsTheSameInBothBooksAndWhatIsNotIsFound() {
    var id = order();
    ship(id);
    until("Etsy is told", () -> shop.order(id).get("is_shipped").asBoolean());
    until("the hub knows", () -> told(id).equals("CONFIRMED"));
    var found = new ArrayList<JsonNode>();
    until(
        "it is compared, and its state here is not told anew meanwhile",
        () -> {
          hub.quiet();
          hub.text(
              "UPDATE sales_order SET grand_total = grand_total + 1 WHERE channel_order_id = ? RETURNING state",
              id);
          return found.addAll(hub.differences("etsy-main", id));
        });

    assertThat(found.stream().map(f -> f.path("kind").asText()))
        .as(found.toString())
        .containsExactly("ORDER_AMOUNT");
  }

  @Test
  void aReceiptThatEveryPollShowsAgainIsOneOrderAndItsParcelIsToldOnce() {
    var id = order();
    until("it is asked for", () -> fulfillment(id) != null);
    var polled = hub.text("SELECT last_success_at::text FROM poll_cursor WHERE document = 'order'");
    until(
        "it was shown again",
        () ->
            !hub.text("SELECT last_success_at::text FROM poll_cursor WHERE document = 'order'")
                .equals(polled));

    ship(id);

    until("Etsy is told", () -> shop.order(id).get("is_shipped").asBoolean());
    until("the hub knows", () -> told(id).equals("CONFIRMED"));
    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id))
        .hasSize(1);
    assertThat(
            hub.text("SELECT money_mismatch::text FROM sales_order WHERE channel_order_id = ?", id))
        .isEqualTo("false");
    assertThat(parcels(id)).isEqualTo(1);
  }

  @Test
  void aReceiptThatEtsyCancelsIsStoppedAtTheWarehouse() {
    var id = order();
    until("the 3PL has it", () -> has3pl(id));

    shop.cancel(id);

    until("it is cancelled here", () -> "CANCELLED".equals(hub.orderState(id)));
    assertThat(warehouse.ledger().effects().of("fulfillment.cancelled").on(fulfillment(id)).count())
        .isEqualTo(1);
  }

  @Test
  void moneyThatWentBackIsNotedOnce() {
    var id = order();
    until("it is known", () -> hub.orderState(id) != null);

    shop.refund(id, new BigDecimal("1.50"), "a scratch");

    until("the refund is applied", () -> refunds(id) == 1);
  }

  @Test
  void whatMayBeSoldIsWhatTheListingShows() {
    hub.stock("nj-1", "KNIF", 17);
    until("the listing shows it", () -> shop.onOffer("KNIF") == 17);

    hub.stock("nj-1", "KNIF", 0);
    until("it is off the shop", () -> shop.onOffer("KNIF") == 0);

    hub.stock("nj-1", "KNIF", 5);
    until("it is back", () -> shop.onOffer("KNIF") == 5);
  }

  @Test
  void aParcelWhoseAnswerWasLostIsToldOnce() {
    var id = order();
    until("it is asked for", () -> fulfillment(id) != null);
    shop.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).on("createReceiptShipment").times(1));

    ship(id);

    until("the hub knows", () -> told(id).equals("CONFIRMED"));
    assertThat(parcels(id)).as("each call is a mail to the buyer").isEqualTo(1);
  }

  @Test
  void aBusyEtsyIsWaitedForAndNothingIsParked() {
    shop.moods()
        .set(
            Mood.of(Mood.Kind.THROTTLING).times(4).lasting(Duration.ofSeconds(1)),
            Mood.of(Mood.Kind.FLAKY).on("getShopReceipts").times(2));

    var id = order();

    until("it is asked for", () -> fulfillment(id) != null);
    assertThat(hub.parked()).isEmpty();
  }

  @Test
  @Order(1)
  void tokensThatAreOverBeforeTheirTimeAreReplacedWhileWorkGoesOn() {
    var first = order();
    until("it is asked for", () -> fulfillment(first) != null);
    shop.expireTokens();

    ship(first);
    var second = order();

    until("Etsy is told", () -> parcels(first) == 1);
    until("the next is asked for", () -> fulfillment(second) != null);
    assertThat(hub.parked()).isEmpty();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aShopThatTakesItsConsentBackPausesByNameAndItsWorkWaitsForAnotherOne() {
    var id = order();
    until("it is asked for", () -> fulfillment(id) != null);
    shop.revoke(true);

    ship(id);

    until(
        "the problem is named",
        () ->
            hub.texts("SELECT pause_sentence FROM endpoint WHERE name = 'etsy-main'").stream()
                .anyMatch(s -> s != null && s.contains("no longer authorized")));
    assertThat(hub.read("/channels/etsy-main").toString())
        .contains("Account 'etsy-main' is no longer authorized: its refresh token is refused");
    until("the parcel waits", () -> told(id).equals("READY"));
    assertThat(parcels(id)).isZero();
    assertThat(hub.parked()).isEmpty();
    assertThat(hub.texts("SELECT business_key FROM delivery WHERE state = 'PARKED'")).isEmpty();

    shop.consent("41907733.consented-again");
    hub.restart("serai.channels.etsy-main.refresh-token", "41907733.consented-again");
    hub.resume("etsy-main");

    until("Etsy is told", () -> shop.order(id).get("is_shipped").asBoolean());
    until("the hub knows", () -> told(id).equals("CONFIRMED"));
    assertThat(parcels(id)).isEqualTo(1);
  }

  /** An American or other buyer pays for something that is sent. */
  private String order() {
    while (true) {
      var id = shop.createOrder();
      var receipt = shop.order(id);
      if (receipt.get("is_paid").asBoolean()
          && !receipt.at("/transactions/0/is_digital").asBoolean()) {
        return id;
      }
    }
  }

  private String fulfillment(String receiptId) {
    var id =
        hub.text(
            "SELECT f.id::text FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id WHERE o.channel_order_id = ?",
            receiptId);
    return id == null ? null : Ids.text("ful", UUID.fromString(id));
  }

  private boolean has3pl(String receiptId) {
    var asked = fulfillment(receiptId);
    return asked != null
        && warehouse.ledger().effects().of("fulfillment.accepted").on(asked).count() > 0;
  }

  private void ship(String receiptId) {
    until("the 3PL has it", () -> has3pl(receiptId));
    warehouse.ship(fulfillment(receiptId));
    until("the hub knows that it left", () -> !told(receiptId).isEmpty());
  }

  /** The state of telling Etsy, or nothing. */
  private String told(String receiptId) {
    var state =
        hub.text(
            """
            SELECT d.state FROM delivery d JOIN sales_order o ON d.lane LIKE '%' || o.id::text
            WHERE d.destination = 'etsy-main' AND d.document = 'shipment' AND o.channel_order_id = ?""",
            receiptId);
    return state == null ? "" : state;
  }

  private long parcels(String receiptId) {
    return shop.ledger().effects().of("shipment.created").on(receiptId).count();
  }

  private int refunds(String receiptId) {
    return hub.texts(
            """
            SELECT e.sentence FROM order_event e JOIN sales_order o ON o.id = e.order_id
            WHERE e.kind = 'order.refunded' AND o.channel_order_id = ?""",
            receiptId)
        .size();
  }

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, AWholeHub.PATIENCE, condition);
  }
}
