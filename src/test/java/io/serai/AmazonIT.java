package io.serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.database.TestDatabase;
import io.serai.simulator.AmazonOptions;
import io.serai.simulator.AmazonSimulator;
import io.serai.simulator.Mood;
import io.serai.simulator.Rest3plOptions;
import io.serai.simulator.Rest3plSimulator;
import io.serai.support.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An Amazon seller and a 3PL at a whole hub: orders in, stock and shipments back, bad days. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AmazonIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private AmazonSimulator amazon;
  private Rest3plSimulator warehouse;
  private AWholeHub hub;

  @BeforeAll
  void start(@TempDir Path folder) {
    amazon = AmazonSimulator.start(AmazonOptions.in(folder).quotas(200));
    warehouse = Rest3plSimulator.start(Rest3plOptions.in(folder).shipAfter(Duration.ofMillis(500)));
    hub =
        AWholeHub.over(DATABASE)
            .channel(
                "amazon-main",
                "amazon",
                amazon.parameters(),
                "reconcile-schedule",
                "0/3 * * * * ?",
                "listing-schedule",
                "0/5 * * * * ?")
            .threePl("northwind", warehouse, "shipment-schedule", "0/2 * * * * ?")
            .node("nj-1", "type", "3pl", "partner", "northwind", "country", "US")
            .with("serai.reconcile.grace", "0s")
            .start(folder.resolve("hub"));
    hub.stock("nj-1", "MUG-BLU", 500);
  }

  @BeforeEach
  void calm() {
    amazon.moods().calm();
  }

  @AfterAll
  void stop() {
    if (hub != null) {
      hub.close();
    }
    warehouse.close();
    amazon.close();
  }

  @Test
  void whatLeftIsTheSameInBothBooksAndWhatIsNotIsFound() {
    var id = order("UNSHIPPED");
    shipped(id);
    until(
        "the hub knows",
        () ->
            "0"
                .equals(
                    hub.text(
                        """
                        SELECT count(*) FROM delivery d JOIN sales_order o ON o.id = d.order_id
                        WHERE o.channel_order_id = ? AND d.state <> 'CONFIRMED'""",
                        id)));
    var found = new ArrayList<JsonNode>();
    until(
        "it is compared, and its state here is not told anew meanwhile",
        () -> {
          hub.quiet();
          hub.text(
              "UPDATE sales_order SET grand_total = grand_total + 1 WHERE channel_order_id = ? RETURNING state",
              id);
          return found.addAll(hub.differences("amazon-main", id));
        });

    assertThat(found.stream().map(f -> f.path("kind").asText()))
        .as(found.toString())
        .containsExactly("ORDER_AMOUNT");
  }

  @Test
  void ordersGoOutOnceAndAreConfirmedThoughEverythingIsToldTwiceAndAnAnswerIsLost() {
    amazon
        .moods()
        .set(
            Mood.of(Mood.Kind.DUPLICATING).on("ORDER_CHANGE"),
            Mood.of(Mood.Kind.FAILED_AFTER_EFFECT).on("confirmShipment").times(2),
            Mood.of(Mood.Kind.THROTTLING).on("getOrder").times(2));
    var ids =
        List.of(order("UNSHIPPED"), order("UNSHIPPED"), order("UNSHIPPED"), order("UNSHIPPED"));

    for (var id : ids) {
      shipped(id);
    }

    for (var id : ids) {
      assertThat(amazon.ledger().effects().of("shipment.edited").on(id)).as(id).isEmpty();
      assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id))
          .hasSize(1);
    }
    assertThat(warehouse.summary(false).at("/fulfillments/doubled")).isEmpty();
  }

  @Test
  void anOrderThatIsToldOfAndFoundIsOneAndWhatAmazonShipsItselfIsForTheBooksOnly() {
    var draft = draft("UNSHIPPED");
    ((ObjectNode) draft.get("fulfillment")).put("fulfilledBy", "AMAZON");
    var id = amazon.place(draft);

    until(
        "a search began after it was known",
        () ->
            hub.text(
                    """
                    SELECT 'yes' FROM poll_cursor c JOIN inbox_message m ON m.account = c.account AND m.document = c.document
                    WHERE c.document = 'order' AND m.message_key = ? AND c.since > m.received_at""",
                    id)
                != null);
    until(
        "the notification is dealt with",
        () ->
            hub.texts(
                    "SELECT state FROM inbox_message WHERE document = 'order-change' AND message_key = ?",
                    id)
                .equals(List.of("SPLIT")));
    hub.quiet();

    assertThat(hub.texts("SELECT id::text FROM sales_order WHERE channel_order_id = ?", id))
        .hasSize(1);
    assertThat(
            hub.texts(
                "SELECT state FROM inbox_message WHERE document = 'order' AND message_key = ?", id))
        .as("what it and the search brought")
        .containsExactly("APPLIED");
    assertThat(requests(id)).isZero();
  }

  @Test
  void whatMayBeSoldIsWhatTheListingShows() {
    hub.stock("nj-1", "CAP-NVY", 17);
    until("the listing shows it", () -> amazon.stock("CAP-NVY") == 17);

    hub.stock("nj-1", "CAP-NVY", 0);
    until("it runs out at once", () -> amazon.stock("CAP-NVY") == 0);
  }

  @Test
  void whatManyListingsShowIsWrittenByOneFeed() {
    until(
        "the first feed is acknowledged",
        () ->
            hub.texts(
                    """
                    SELECT state FROM delivery
                    WHERE destination = 'amazon-main' AND document = 'stock' AND remote_id LIKE '5%'""")
                .contains("CONFIRMED"));

    assertThat(amazon.ledger().effects().of("feed.created").count()).isPositive();
    assertThat(hub.parked()).isEmpty();
  }

  @Test
  void theRatesThatAmazonGrantsAreTheRatesThatAreKept() {
    shipped(order("UNSHIPPED"));

    until(
        "what getOrder answered is known",
        () ->
            "100"
                .equals(
                    hub.text(
                        """
                        SELECT trim_scale(per_second::numeric)::text FROM quota
                        WHERE account = 'amazon-main' AND name = 'get-order'""")));
  }

  @Test
  void aSearchFindsWhatNoNotificationTold() {
    amazon.moods().set(Mood.of(Mood.Kind.DROPPING).on("ORDER_CHANGE"));

    var id = order("UNSHIPPED");

    shipped(id);
  }

  @Test
  void aPendingOrderWaitsUntilItIsPaid() {
    var id = order("PENDING");
    until("it is known", () -> hub.orderState(id) != null);
    hub.quiet();

    assertThat(hub.orderState(id)).isEqualTo("PENDING_PAYMENT");
    assertThat(requests(id)).isZero();
    amazon.authorize(id);
    shipped(id);
  }

  @Test
  @Order(1)
  void anAccessTokenThatEndsBeforeItsTimeIsReplacedAndNothingIsLost() {
    shipped(order("UNSHIPPED"));
    var before = amazon.tokens();

    amazon.expireTokens();
    var id = order("UNSHIPPED");

    shipped(id);
    assertThat(amazon.tokens()).isGreaterThan(before);
    assertThat(hub.parked()).isEmpty();
  }

  @Test
  void aCancelledOrderLeavesNothingToShip() {
    var draft = draft("UNSHIPPED");
    ((ObjectNode) draft.get("fulfillment")).put("fulfillmentStatus", "PENDING");
    var id = amazon.place(draft);
    until("it is known", () -> hub.orderState(id) != null);

    amazon.cancel(id, "BUYER", "Changed mind");

    until("it is cancelled", () -> "CANCELLED".equals(hub.orderState(id)));
    assertThat(requests(id)).isZero();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aSellerWhoTakesTheConsentBackIsNamedAndTheWorkWaits() {
    var known = order("UNSHIPPED");
    shipped(known);

    amazon.revoke(true);
    var id = order("UNSHIPPED");

    until(
        "the problem is named",
        () ->
            hub.texts("SELECT refusal FROM access_token WHERE account = 'amazon-main'").stream()
                .anyMatch(r -> r != null && r.contains("no longer authorized")));
    until(
        "the notification waits for it",
        () ->
            hub.texts(
                    """
                    SELECT f.kind FROM inbox_message m JOIN failure f ON f.id = m.failure_id
                    WHERE m.document = 'order-change' AND m.message_key = ?""",
                    id)
                .contains("AUTH"));
    assertThat(hub.parked()).isEmpty();
    assertThat(hub.read("/channels/amazon-main").toString()).contains("no longer authorized");
  }

  private String order(String status) {
    return amazon.place(draft(status));
  }

  /** Of one kind, placed five minutes ago, so that a search finds it, too. */
  private ObjectNode draft(String status) {
    var draft = amazon.draftOrder();
    var at = Instant.now().minus(Duration.ofMinutes(5)).toString();
    draft.put("createdTime", at).put("lastUpdatedTime", at);
    ((ObjectNode) draft.get("fulfillment"))
        .put("fulfillmentStatus", status)
        .put("fulfilledBy", "MERCHANT");
    for (var item : draft.get("orderItems")) {
      ((ObjectNode) item.get("product")).put("sellerSku", "MUG-BLU");
    }
    return draft;
  }

  private int requests(String id) {
    return warehouse.summary(true).at("/byOrder").path(id).size();
  }

  private void shipped(String id) {
    until(
        "order " + id + " is confirmed",
        () ->
            "SHIPPED".equals(amazon.order(id).at("/fulfillment/fulfillmentStatus").asText())
                || parkedOnce(id));
    JsonNode order = amazon.order(id);
    assertThat(order.at("/fulfillment/fulfillmentStatus").asText())
        .as("%s", hub.parked())
        .isEqualTo("SHIPPED");
    assertThat(order.get("packages"))
        .allSatisfy(p -> assertThat(p.get("trackingNumber").asText()).isNotBlank());
  }

  private static void until(String what, Callable<Boolean> condition) {
    Await.until(what, AWholeHub.PATIENCE, condition);
  }

  private boolean parkedOnce(String id) {
    return hub.parked().stream().anyMatch(p -> p.contains(id));
  }
}
