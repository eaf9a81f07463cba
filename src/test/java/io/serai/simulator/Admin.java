package io.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A client of the shop's Admin API. */
final class Admin {

  private final ShopifySimulator shop;

  Admin(ShopifySimulator shop) {
    this.shop = shop;
  }

  Caller.Reply send(Object body, String token) {
    try {
      return Caller.post(
          shop.url(), "/admin/api/2026-07/graphql.json", body, "X-Shopify-Access-Token", token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Caller.Reply post(String query, Map<String, ?> variables) {
    ObjectNode body = Jsons.object().put("query", query);
    body.set("variables", Jsons.tree(variables));
    return send(body, "shpat_simulated");
  }

  /** The whole answer to a query. */
  JsonNode ask(String query, Map<String, ?> variables) {
    return post(query, variables).json();
  }

  JsonNode ask(String query) {
    return ask(query, Map.of());
  }

  /** The data of a query that must succeed. */
  JsonNode data(String query, Map<String, ?> variables) {
    var answer = ask(query, variables);
    if (answer.has("errors")) {
      throw new AssertionError(answer.toPrettyString());
    }
    return answer.get("data");
  }

  JsonNode data(String query) {
    return data(query, Map.of());
  }

  static String orderGid(String id) {
    return "gid://shopify/Order/" + id;
  }

  /** The fulfillment orders of an order, with their lines. */
  JsonNode fulfillmentOrders(String orderId) {
    return data(
            """
            query($id: ID!) { order(id: $id) { displayFulfillmentStatus
              fulfillmentOrders(first: 10) { nodes { id status supportedActions { action }
                deliveryMethod { methodType }
                assignedLocation { location { id } }
                lineItems(first: 50) { nodes { id sku totalQuantity remainingQuantity
                  lineItem { id } } } } } } }
            """,
            Map.of("id", orderGid(orderId)))
        .at("/order/fulfillmentOrders/nodes");
  }

  /** Tells of a shipment; the answer of the mutation. */
  JsonNode ship(Object lineItemsByFulfillmentOrder, String tracking) {
    return data(
            """
            mutation($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) {
              fulfillment { id name status trackingInfo { company number url }
                fulfillmentLineItems(first: 50) { nodes { quantity lineItem { id } } } }
              userErrors { field message } } }
            """,
            Map.of(
                "fulfillment",
                Map.of(
                    "lineItemsByFulfillmentOrder",
                    lineItemsByFulfillmentOrder,
                    "trackingInfo",
                    Map.of("company", "UPS", "number", tracking))))
        .get("fulfillmentCreate");
  }

  /** Sets stock under a key; the whole answer. */
  JsonNode setStock(String key, Map<String, ?> input) {
    return ask(
        """
        mutation($input: InventorySetQuantitiesInput!, $key: String!) {
          inventorySetQuantities(input: $input) @idempotent(key: $key) {
            inventoryAdjustmentGroup { id reason changes { name delta item { sku } } }
            userErrors { code field message } } }
        """,
        Map.of("input", input, "key", key));
  }
}
