package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.EbayOptions;
import io.serai.simulator.EbaySimulator;
import io.serai.simulator.Mood;
import io.serai.simulator.Rest3plSimulator;
import io.serai.support.Await;
import io.serai.support.FreePort;
import io.serai.support.Ids;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A whole hub between an eBay seller and a 3PL, on good days and on bad ones. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EbayIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** What is told while the hub is away or slow comes again soon. */
  private static final Duration AGAIN_FOR = Duration.ofMinutes(5);

  private EbaySimulator ebay;
  private Rest3plSimulator warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    int port = FreePort.next();
    var root = "http://127.0.0.1:" + port;
    ebay =
        EbaySimulator.start(
            EbayOptions.in(folder)
                .notificationsTo(URI.create(root + "/webhooks/ebay-main"))
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
            .channel(
                "ebay-main",
                "ebay",
                ebay.parameters(),
                "check-address",
                false,
                "reconcile-schedule",
                "1/3 * * * * ?")
            .threePl("northwind", warehouse, "poll-shipments", false)
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
    for (var sku : List.of("MUG-BLU", "MUG-RED", "MUG-WHT")) {
      hub.stock("nj-1", sku, 500);
    }
  }

  @AfterEach
  void calm() {
    ebay.moods().calm();
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    warehouse.close();
    ebay.close();
  }

  @Test
  void anOrderToldByNotificationAndFoundByThePollIsOneAndItsParcelIsToldOnce() {
    var id = order("MUG-BLU", true);
    until("it is asked for", () -> fulfillment(id) != null);
    until(
        "the poll has seen it too",
        () ->
            hub.text(
                    "SELECT 'yes' FROM poll_cursor WHERE account = 'ebay-main' AND document = 'order' AND since >"
                        + " (SELECT placed_at FROM sales_order WHERE channel_order_id = ?)",
                    id)
                != null);

    ship(id);

    until("eBay is told", () -> state(id).equals("FULFILLED"));
    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id))
        .hasSize(1);
    until(
        "the notification came once",
        () ->
            hub.texts(
                        "SELECT id::text FROM inbox_message WHERE message_key = ? AND document = 'order-change'",
                        id)
                    .size()
                == 1);
    assertThat(told(id)).isEqualTo(1);
    assertThat(
            hub.text("SELECT money_mismatch::text FROM sales_order WHERE channel_order_id = ?", id))
        .isEqualTo("false");
  }

  @Test
  void anOrderNobodyToldOfIsFoundByThePoll() {
    ebay.moods().set(Mood.of(Mood.Kind.DROPPING));

    var id = order("MUG-BLU", true);

    until("it is found", () -> fulfillment(id) != null);
  }

  @Test
  void anUnpaidOrderWaitsForItsMoney() {
    var id = order("MUG-BLU", false);
    until("it is known", () -> hub.orderState(id) != null);
    assertThat(fulfillment(id)).isNull();

    ebay.payOrder(id);

    until("it is asked for", () -> fulfillment(id) != null);
  }

  @Test
  void aBuyerWhoWantsOutInTimeIsLetGo() {
    var id = order("MUG-BLU", true);
    until("the 3PL has it", () -> has3pl(id));

    ebay.askToCancel(id);

    until("eBay hears yes", () -> cancelState(id).equals("CANCELED"));
    until("it is cancelled here", () -> "CANCELLED".equals(hub.orderState(id)));
    assertThat(warehouse.ledger().effects().of("fulfillment.cancelled").on(fulfillment(id)).count())
        .isEqualTo(1);
    assertThat(ebay.ledger().effects().of("order.cancelled").on(id).count()).isEqualTo(1);
  }

  @Test
  void aBuyerWhoWantsOutTooLateHearsNo() {
    var id = order("MUG-BLU", true);
    until("it is asked for", () -> fulfillment(id) != null);
    ship(id);
    until("eBay is told", () -> state(id).equals("FULFILLED"));

    ebay.askToCancel(id);

    until("eBay hears no", () -> cancelState(id).equals("NONE_REQUESTED"));
    assertThat(ebay.ledger().effects().of("cancellation.rejected").on(id).count()).isEqualTo(1);
  }

  @Test
  void whatTheSellerCancelsAtEbayIsStopped() {
    var id = order("MUG-BLU", true);
    until("it is asked for", () -> fulfillment(id) != null);

    ebay.cancelOrder(id);

    until("it is cancelled here", () -> "CANCELLED".equals(hub.orderState(id)));
    assertThat(
            hub.texts(
                "SELECT id::text FROM delivery WHERE destination = 'ebay-main' AND document = 'cancellation' AND lane LIKE ?",
                "%" + hub.text("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id)))
        .as("eBay knows")
        .isEmpty();
  }

  @Test
  void moneyThatWentBackIsNotedOnce() {
    var id = order("MUG-BLU", true);
    until("it is known", () -> hub.orderState(id) != null);

    ebay.refundOrder(id, null, "1.50");

    until(
        "the refund is applied",
        () ->
            hub.texts(
                        "SELECT id::text FROM inbox_message WHERE message_key = ? AND document = 'refund' AND state = 'APPLIED'",
                        id)
                    .size()
                == 1);
  }

  @Test
  void whatMayBeSoldIsWhatTheListingShows() {
    hub.stock("nj-1", "CAP-NVY", 17);
    until("the listing shows it", () -> ebay.stock("CAP-NVY").get("shown") == 17);
    assertThat(ebay.stock("CAP-NVY")).containsEntry("sendable", 17);

    hub.stock("nj-1", "CAP-NVY", 0);
    until("it runs out at once", () -> ebay.stock("CAP-NVY").get("shown") == 0);
  }

  @Test
  void aParcelWhoseAnswerWasLostIsToldOnce() {
    var id = order("MUG-RED", true);
    until("it is asked for", () -> fulfillment(id) != null);
    ebay.moods().set(Mood.of(Mood.Kind.ANSWER_LOST).on("ship").times(1));

    ship(id);

    until("eBay is told", () -> state(id).equals("FULFILLED"));
    until("the hub knows", () -> "CONFIRMED".equals(shipment(id)));
    assertThat(told(id)).isEqualTo(1);
  }

  @Test
  void aBusyEbayIsWaitedForAndNothingIsParked() {
    ebay.moods()
        .set(
            Mood.of(Mood.Kind.THROTTLING).on("get-order").times(2).lasting(Duration.ofSeconds(1)),
            Mood.of(Mood.Kind.FLAKY).on("get-order").times(2));

    var id = order("MUG-WHT", true);

    until("it is asked for", () -> fulfillment(id) != null);
    assertThat(hub.parked()).isEmpty();
  }

  @Test
  void tokensThatAreOverBeforeTheirTimeAreReplaced() {
    int before = ebay.tokensAsked();
    ebay.expireTokens();

    var id = order("MUG-WHT", true);

    until("it is asked for", () -> fulfillment(id) != null);
    assertThat(ebay.tokensAsked()).isGreaterThan(before);
    assertThat(hub.parked()).isEmpty();
  }

  /** The last: the polls it brings to a halt ring again only after a while. */
  @Test
  @Order(Integer.MAX_VALUE)
  void aSellerWhoTakesTheConsentBackPausesEbayByNameAndItsWorkWaitsForAnotherOne() {
    var id = order("MUG-WHT", true);
    until("it is asked for", () -> fulfillment(id) != null);
    ebay.revokeConsent();

    ship(id);

    until(
        "the problem is named",
        () ->
            hub.texts("SELECT pause_sentence FROM endpoint WHERE name = 'ebay-main'").stream()
                .anyMatch(s -> s != null && s.contains("no longer authorized")));
    until("the parcel waits", () -> "READY".equals(shipment(id)));
    assertThat(hub.read("/channels/ebay-main").toString())
        .contains("Account 'ebay-main' is no longer authorized: its refresh token is refused");
    var told = order("MUG-WHT", true);
    until(
        "what eBay tells of meanwhile waits, for it cannot be read",
        () ->
            "AUTH"
                .equals(
                    hub.text(
                        """
                        SELECT f.kind FROM inbox_message m JOIN failure f ON f.id = m.failure_id
                        WHERE m.message_key = ? AND m.document = 'order-change' AND m.state = 'RECEIVED'""",
                        told)));
    assertThat(told(id)).isZero();
    assertThat(hub.parked()).isEmpty();
    assertThat(hub.texts("SELECT business_key FROM delivery WHERE state = 'PARKED'")).isEmpty();

    ebay.consent("consented-again");
    hub.restart("serai.channels.ebay-main.refresh-token", "consented-again");
    hub.resume("ebay-main");

    until("eBay is told", () -> state(id).equals("FULFILLED"));
    assertThat(told(id)).isEqualTo(1);
    assertThat(hub.parked()).isEmpty();
  }

  @Test
  void theEndpointProvesThatItIsMeantAndTakesOnlyWhatEbaySigned() throws Exception {
    var body = "{\"metadata\":{\"topic\":\"MARKETPLACE_ACCOUNT_DELETION\"},\"notification\":{}}";

    assertThat(ebay.challenge()).isTrue();
    assertThat(send(body, ebay.sign(body))).isEqualTo(200);
    assertThat(send(body + " ", ebay.sign(body))).isEqualTo(412);
    assertThat(send(body, "bm8=")).isEqualTo(412);
  }

  private int send(String body, String proof) {
    return hub.send(
            hub.to("/webhooks/ebay-main")
                .header("Content-Type", "application/json")
                .header("x-ebay-signature", proof)
                .POST(BodyPublishers.ofString(body))
                .build())
        .statusCode();
  }

  /** An American buys one of an article. */
  private String order(String sku, boolean paid) {
    while (true) {
      var draft = ebay.draftOrder();
      if (!draft.at("/pricingSummary/total/currency").asText().equals("USD")
          || draft.get("lineItems").size() > 1) {
        ebay.createOrder(aside(draft));
        continue;
      }
      ((ObjectNode) draft.at("/lineItems/0")).put("sku", sku).put("quantity", 1);
      draft.put("orderPaymentStatus", paid ? "PAID" : "PENDING");
      return ebay.createOrder(draft);
    }
  }

  /** An order that nobody here looks at, so that the next one has another number. */
  private static ObjectNode aside(ObjectNode draft) {
    draft.put("orderPaymentStatus", "PENDING");
    return draft;
  }

  private String fulfillment(String orderId) {
    var id =
        hub.text(
            "SELECT f.id::text FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id WHERE o.channel_order_id = ?",
            orderId);
    return id == null ? null : Ids.text("ful", UUID.fromString(id));
  }

  private boolean has3pl(String orderId) {
    var asked = fulfillment(orderId);
    return asked != null
        && warehouse.ledger().effects().of("fulfillment.accepted").on(asked).count() > 0;
  }

  private void ship(String orderId) {
    until("the 3PL has it", () -> has3pl(orderId));
    warehouse.ship(fulfillment(orderId));
  }

  private String state(String orderId) {
    return ebay.order(orderId).get("orderFulfillmentStatus").asText();
  }

  private String cancelState(String orderId) {
    return ebay.order(orderId).at("/cancelStatus/cancelState").asText();
  }

  /** The state of telling eBay of the parcel. */
  private String shipment(String orderId) {
    return hub.text(
        "SELECT state FROM delivery WHERE destination = 'ebay-main' AND document = 'shipment' AND lane LIKE ?",
        "%" + hub.text("SELECT id::text FROM sales_order WHERE channel_order_id = ?", orderId));
  }

  private long told(String orderId) {
    return ebay.ledger().effects().of("shipment.created").on(orderId).count();
  }

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, AWholeHub.PATIENCE, condition);
  }
}
