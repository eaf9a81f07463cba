package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopifyOrdersTest {

  private static final String LIST =
      """
      query($first: Int, $after: String, $query: String) {
        orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
          nodes { id updatedAt } pageInfo { hasNextPage endCursor } } }
      """;

  @TempDir Path folder;
  private final MovingClock clock = new MovingClock(Instant.parse("2026-03-01T10:00:00Z"));
  private ShopifySimulator shop;
  private Admin admin;

  @BeforeEach
  void open() {
    open(Duration.ZERO);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void anOrderIsReadAsItsWebhookToldIt() {
    var id = shop.createOrder();
    var payload = shop.order(id);

    var order =
        admin
            .data(
                """
                query($id: ID!) { order(id: $id) { id legacyResourceId name email test
                  currencyCode presentmentCurrencyCode taxesIncluded displayFinancialStatus
                  totalPriceSet { shopMoney { amount currencyCode } presentmentMoney { amount } }
                  shippingAddress { name zip countryCodeV2 provinceCode }
                  customer { id email displayName }
                  discountApplications(first: 5) { nodes { __typename index value {
                    ... on PricingPercentageValue { percentage } ... on MoneyV2 { amount } } } }
                  transactions { kind gateway amountSet { shopMoney { amount } } }
                  shippingLine { title originalPriceSet { shopMoney { amount } } }
                  lineItems(first: 50) { nodes { id sku quantity currentQuantity isGiftCard
                    originalUnitPriceSet { shopMoney { amount } }
                    taxLines { title rate priceSet { shopMoney { amount } } }
                    variant { sku inventoryItem { id } } } } } }
                """,
                Map.of("id", Admin.orderGid(id)))
            .get("order");

    assertThat(order.get("legacyResourceId").asText()).isEqualTo(id);
    assertThat(order.get("name")).isEqualTo(payload.get("name"));
    assertThat(order.at("/lineItems/nodes")).hasSize(payload.get("line_items").size());
    assertThat(order.at("/lineItems/nodes/0/sku")).isEqualTo(payload.at("/line_items/0/sku"));
    assertThat(order.at("/totalPriceSet/shopMoney/amount").decimalValue()).isNotNull();
    assertThat(new java.math.BigDecimal(order.at("/totalPriceSet/shopMoney/amount").asText()))
        .isEqualByComparingTo(payload.get("total_price").asText());
    assertThat(order.get("displayFinancialStatus").asText()).isEqualTo("PAID");
  }

  @Test
  void everyOrderOfTheSeedCanBeReadInFull() {
    for (var n = 0; n < 60; n++) {
      shop.createOrder();
    }

    var orders =
        admin.data(
            """
            { orders(first: 60) { nodes { id tags note customAttributes { key value }
              totalTipReceivedSet { shopMoney { amount } } totalDiscountsSet { shopMoney { amount } }
              billingAddress { name } requiresShipping
              lineItems(first: 5) { nodes { title lineItemGroup { title variantSku }
                discountAllocations { allocatedAmountSet { shopMoney { amount } }
                  discountApplication { index } } } } } } }
            """);

    assertThat(orders.at("/orders/nodes")).hasSize(60);
  }

  @Test
  void aListIsReadPageByPageInOrderOfChange() {
    for (var n = 0; n < 5; n++) {
      shop.createOrder();
      clock.advance(Duration.ofSeconds(10));
    }

    var ids = new ArrayList<String>();
    String after = null;
    do {
      var page = list(2, after, null);
      page.get("nodes").forEach(o -> ids.add(o.get("id").asText()));
      after =
          page.at("/pageInfo/hasNextPage").asBoolean()
              ? page.at("/pageInfo/endCursor").asText()
              : null;
    } while (after != null);

    assertThat(ids).hasSize(5).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void anOrderThatChangesBetweenTwoPagesIsSeenTwice() {
    var first = shop.createOrder();
    clock.advance(Duration.ofSeconds(10));
    shop.createOrder();
    var page = list(1, null, null);

    clock.advance(Duration.ofSeconds(10));
    shop.updateOrder(first, "again");

    var next = list(5, page.at("/pageInfo/endCursor").asText(), null);
    assertThat(next.get("nodes")).hasSize(2);
    assertThat(next.at("/nodes/1/id").asText()).isEqualTo(Admin.orderGid(first));
  }

  @Test
  void aSearchByTimeFindsWhatChangedSince() {
    shop.createOrder();
    clock.advance(Duration.ofMinutes(5));
    var second = shop.createOrder();

    var found = list(5, null, "updated_at:>='2026-03-01T10:04:00Z'");

    assertThat(found.get("nodes")).hasSize(1);
    assertThat(found.at("/nodes/0/id").asText()).isEqualTo(Admin.orderGid(second));
  }

  @Test
  void theSearchIndexLagsBehindTheShop() {
    shop.close();
    open(Duration.ofSeconds(30));
    var id = shop.createOrder();

    assertThat(list(5, null, null).get("nodes")).isEmpty();
    assertThat(admin.fulfillmentOrders(id)).isNotEmpty();
    clock.advance(Duration.ofSeconds(31));
    assertThat(list(5, null, null).get("nodes")).hasSize(1);

    shop.updateOrder(id, "changed");
    assertThat(list(5, null, "updated_at:>'2026-03-01T10:00:20Z'").get("nodes")).isEmpty();
    clock.advance(Duration.ofSeconds(31));
    assertThat(list(5, null, "updated_at:>'2026-03-01T10:00:20Z'").get("nodes")).hasSize(1);
  }

  @Test
  void aListWithoutASizeOrWithTooLargeAOneIsRefused() {
    assertThat(admin.ask("{ orders { nodes { id } } }").at("/errors/0/message").asText())
        .isEqualTo("you must provide one of first or last");
    assertThat(
            admin.ask("{ orders(first: 251) { nodes { id } } }").at("/errors/0/message").asText())
        .contains("maximum allowed of 250");
  }

  @Test
  void aCursorThatIsNotItsOwnIsRefused() {
    var answer = admin.ask(LIST, Map.of("first", 2, "after", "bm9uc2Vuc2U="));

    assertThat(answer.at("/errors/0/message").asText())
        .isEqualTo("Invalid cursor for current pagination sort.");
  }

  @Test
  void theMoodExpiredCursorRefusesItsOwn() {
    shop.createOrder();
    shop.createOrder();
    var page = list(1, null, null);
    shop.moods().set(Mood.of(Mood.Kind.EXPIRED_CURSOR));

    var answer =
        admin.ask(LIST, Map.of("first", 1, "after", page.at("/pageInfo/endCursor").asText()));

    assertThat(answer.at("/errors/0/message").asText())
        .isEqualTo("Invalid cursor for current pagination sort.");
  }

  @Test
  void theMoodRepeatedItemsShowsAnItemOnTwoPages() {
    shop.createOrder();
    shop.createOrder();
    var page = list(1, null, null);
    shop.moods().set(Mood.of(Mood.Kind.REPEATED_ITEMS));

    var next = list(1, page.at("/pageInfo/endCursor").asText(), null);

    assertThat(next.at("/nodes/0/id")).isEqualTo(page.at("/nodes/0/id"));
  }

  @Test
  void fulfillmentOrdersAppearOnlyAfterRouting() {
    shop.close();
    shop =
        ShopifySimulator.start(
            ShopifyOptions.in(folder).clock(clock).routingDelay(Duration.ofSeconds(5)));
    admin = new Admin(shop);
    var id = shop.createOrder();

    assertThat(admin.fulfillmentOrders(id)).isEmpty();
    clock.advance(Duration.ofSeconds(5));
    assertThat(admin.fulfillmentOrders(id)).isNotEmpty();
  }

  @Test
  void anOrderIsCancelledFromOutsideOnceOnly() {
    var id = shop.createOrder();

    var first = cancel(id);
    var second = cancel(id);

    assertThat(first.at("/job/id").asText()).startsWith("gid://shopify/Job/");
    assertThat(first.get("orderCancelUserErrors")).isEmpty();
    assertThat(second.at("/orderCancelUserErrors/0/message").asText())
        .isEqualTo("Cannot cancel an order that has already been canceled");
    assertThat(second.at("/orderCancelUserErrors/0/code").asText()).isEqualTo("INVALID");
    assertThat(shop.ledger().effects().of("order.cancelled").count()).isOne();
    assertThat(admin.fulfillmentOrders(id).get(0).get("status").asText()).isEqualTo("CLOSED");
  }

  @Test
  void aShippedOrderIsNotCancelled() {
    var id = shop.createOrder();
    var fulfillmentOrder = admin.fulfillmentOrders(id).get(0).get("id").asText();
    admin.ship(List.of(Map.of("fulfillmentOrderId", fulfillmentOrder)), "1Z1");

    assertThat(cancel(id).at("/orderCancelUserErrors/0/message").asText())
        .isEqualTo("Cannot cancel an order that has outstanding fulfillments");
  }

  private com.fasterxml.jackson.databind.JsonNode cancel(String id) {
    return admin
        .data(
            """
            mutation($id: ID!) { orderCancel(orderId: $id, reason: INVENTORY, restock: true,
                refundMethod: { originalPaymentMethodsRefund: true }) {
              job { id done } orderCancelUserErrors { code field message } } }
            """,
            Map.of("id", Admin.orderGid(id)))
        .get("orderCancel");
  }

  private com.fasterxml.jackson.databind.JsonNode list(int first, String after, String query) {
    var variables = new HashMap<String, Object>();
    variables.put("first", first);
    variables.put("after", after);
    variables.put("query", query);
    return admin.data(LIST, variables).get("orders");
  }

  private void open(Duration lag) {
    shop = ShopifySimulator.start(ShopifyOptions.in(folder).clock(clock).indexLag(lag));
    admin = new Admin(shop);
  }

  /** A clock that goes on when told. */
  static final class MovingClock extends Clock {
    private Instant now;

    MovingClock(Instant now) {
      this.now = now;
    }

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
