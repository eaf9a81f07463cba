package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures on the right were seen on a real shop for queries of the same form. */
class QueryCostTest {

  @TempDir Path folder;
  private ShopifySimulator shop;

  @BeforeEach
  void open() {
    shop = ShopifySimulator.start(ShopifyOptions.in(folder));
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ orders(first: 1) { nodes { id name } pageInfo { endCursor } } } | 3",
        "{ orders(first: 10) { nodes { id name } } } | 6",
        "{ orders(first: 10) { edges { node { id name } } } } | 6",
        "{ order(id: ~ID~) { id lineItems(first: 10) { nodes { title } } shippingLines(first: 10)"
            + " { nodes { title } } totalPriceSet { shopMoney { amount } } } } | 13",
        "{ order(id: ~ID~) { fulfillmentOrders(first: 10) { nodes { id supportedActions { action }"
            + " } } } } | 11",
        "{ order(id: ~ID~) { lineItems(first: 50) { nodes { id variant { id } originalUnitPriceSet"
            + " { shopMoney { amount } } } } } } | 17",
        "{ order(id: ~ID~) { fulfillmentOrders(first: 10) { nodes { id order { id } lineItems("
            + "first: 5) { nodes { id } } } } } } | 31",
        "{ order(id: ~ID~) { id } orders(first: 5) { nodes { id } } ordersCount { count } } | 16",
        "{ fulfillmentOrder(id: ~FO~) { supportedActions { action } assignedLocation { location {"
            + " id } } lineItems(first: 250) { nodes { lineItem { id } } } order { id } } } | 29",
        "mutation { fulfillmentCreate(fulfillment: { lineItemsByFulfillmentOrder: [] }) {"
            + " fulfillment { trackingInfo { number } fulfillmentLineItems(first: 5) { nodes {"
            + " lineItem { id } } } } userErrors { field } } } | 19",
      })
  void aQueryCostsWhatItCostsThere(String query, int expected) {
    var text =
        query
            .replace("~ID~", "\"gid://shopify/Order/1\"")
            .replace("~FO~", "\"gid://shopify/FulfillmentOrder/1\"");

    var answer = new Admin(shop).ask(text);

    assertThat(answer.at("/extensions/cost/requestedQueryCost").asInt())
        .as(answer.toString())
        .isEqualTo(expected);
  }
}
