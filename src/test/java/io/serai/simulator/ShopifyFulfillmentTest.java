package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopifyFulfillmentTest {

  @TempDir Path folder;
  private ShopifySimulator shop;
  private Admin admin;

  @BeforeEach
  void open() {
    shop = ShopifySimulator.start(ShopifyOptions.in(folder));
    admin = new Admin(shop);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void aShipmentClosesTheFulfillmentOrderAndIsSeenOnTheOrder() {
    var id = shop.createOrder();
    var fulfillmentOrder = admin.fulfillmentOrders(id).get(0);

    var answer = admin.ship(whole(fulfillmentOrder), "1Z999");

    assertThat(answer.get("userErrors")).isEmpty();
    assertThat(answer.at("/fulfillment/status").asText()).isEqualTo("SUCCESS");
    assertThat(answer.at("/fulfillment/trackingInfo/0/number").asText()).isEqualTo("1Z999");
    var after = admin.fulfillmentOrders(id).get(0);
    assertThat(after.get("status").asText()).isEqualTo("CLOSED");
    assertThat(after.get("supportedActions")).isEmpty();
    assertThat(after.at("/lineItems/nodes/0/remainingQuantity").asInt()).isZero();
    assertThat(shop.order(id).get("fulfillment_status").asText()).isEqualTo("fulfilled");
    assertThat(shop.order(id).at("/fulfillments/0/tracking_number").asText()).isEqualTo("1Z999");
    assertThat(shop.ledger().effects().of("fulfillment.created").on(id).count()).isOne();
    assertThat(shop.summary(false).at("/writeBacks/fulfillments").asInt()).isOne();
    assertThat(shop.summary(true).at("/byOrder/" + id + "/shippedInFull").asBoolean()).isTrue();
  }

  @Test
  void aClosedFulfillmentOrderIsRefused() {
    var fulfillmentOrder = admin.fulfillmentOrders(shop.createOrder()).get(0);
    admin.ship(whole(fulfillmentOrder), "1Z999");

    var again = admin.ship(whole(fulfillmentOrder), "1Z999");

    assertThat(again.get("fulfillment").isNull()).isTrue();
    assertThat(again.at("/userErrors/0/message").asText())
        .isEqualTo(
            "Fulfillment order "
                + fulfillmentOrder.get("id").asText().replaceAll(".*/", "")
                + " has an unfulfillable status= closed.");
    assertThat(shop.ledger().effects().of("fulfillmentCreate.refused").count()).isOne();
  }

  @Test
  void aPartOfALineMayBeShippedAndTheRestLater() {
    var id = orderWithTwoOfALine();
    var fulfillmentOrder = admin.fulfillmentOrders(id).get(0);

    admin.ship(part(fulfillmentOrder, 1), "1Z1");
    var between = admin.fulfillmentOrders(id).get(0);
    admin.ship(part(fulfillmentOrder, 1), "1Z2");

    assertThat(between.get("status").asText()).isEqualTo("IN_PROGRESS");
    assertThat(between.at("/lineItems/nodes/0/remainingQuantity").asInt()).isEqualTo(1);
    assertThat(admin.fulfillmentOrders(id).get(0).get("status").asText()).isEqualTo("CLOSED");
  }

  @Test
  void nothingKeepsACallerFromShippingThePartTwice() {
    var id = orderWithTwoOfALine();
    var fulfillmentOrder = admin.fulfillmentOrders(id).get(0);

    admin.ship(part(fulfillmentOrder, 1), "1Z1");
    admin.ship(part(fulfillmentOrder, 1), "1Z1");

    assertThat(shop.ledger().effects().duplicates("fulfillment.created")).containsOnlyKeys(id);
  }

  @Test
  void moreThanRemainsIsRefused() {
    var fulfillmentOrder = admin.fulfillmentOrders(orderWithTwoOfALine()).get(0);

    assertThat(admin.ship(part(fulfillmentOrder, 3), "1Z1").at("/userErrors/0/message").asText())
        .isEqualTo("Invalid fulfillment order line item quantity requested.");
  }

  @Test
  void aQuantityOfZeroIsRefusedWithItsPath() {
    var fulfillmentOrder = admin.fulfillmentOrders(orderWithTwoOfALine()).get(0);

    var error = admin.ship(part(fulfillmentOrder, 0), "1Z1").at("/userErrors/0");

    assertThat(error.get("message").asText()).isEqualTo("Quantity must be greater than 0");
    assertThat(error.get("field"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "fulfillment",
            "lineItemsByFulfillmentOrder",
            "0",
            "fulfillmentOrderLineItems",
            "0",
            "quantity");
  }

  @Test
  void anUnknownFulfillmentOrderIsRefused() {
    var answer =
        admin.ship(
            List.of(Map.of("fulfillmentOrderId", "gid://shopify/FulfillmentOrder/1")), "1Z1");

    assertThat(answer.at("/userErrors/0/message").asText())
        .isEqualTo("Fulfillment order does not exist.");
  }

  @Test
  void fulfillmentOrdersOfTwoLocationsAreNotShippedTogether() {
    String id = null;
    for (var n = 0; n < 60; n++) {
      var created = shop.createOrder();
      if (id == null && admin.fulfillmentOrders(created).size() == 2) {
        id = created;
      }
    }
    var fulfillmentOrders = admin.fulfillmentOrders(id);

    var answer =
        admin.ship(
            IntStream.of(0, 1)
                .mapToObj(
                    i -> Map.of("fulfillmentOrderId", fulfillmentOrders.get(i).get("id").asText()))
                .toList(),
            "1Z1");

    assertThat(answer.at("/userErrors/0/message").asText())
        .isEqualTo("All fulfillment orders must be assigned to the same location.");
  }

  @Test
  void trackingIsReplacedLater() {
    var id = shop.createOrder();
    var shipped = admin.ship(whole(admin.fulfillmentOrders(id).get(0)), "1Z1");

    var answer =
        admin.data(
            """
            mutation($id: ID!, $info: FulfillmentTrackingInput!) {
              fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $info) {
                fulfillment { trackingInfo { number company } } userErrors { message } } }
            """,
            Map.of(
                "id",
                shipped.at("/fulfillment/id").asText(),
                "info",
                Map.of("company", "DHL", "numbers", List.of("A", "B"))));

    assertThat(answer.at("/fulfillmentTrackingInfoUpdate/fulfillment/trackingInfo")).hasSize(2);
    assertThat(shop.order(id).at("/fulfillments/0/tracking_numbers")).hasSize(2);
  }

  @Test
  void trackingOfAnUnknownFulfillmentIsRefused() {
    var answer =
        admin.data(
            """
            mutation { fulfillmentTrackingInfoUpdate(fulfillmentId: "gid://shopify/Fulfillment/1",
              trackingInfoInput: { number: "X" }) { userErrors { field message } } }
            """);

    assertThat(answer.at("/fulfillmentTrackingInfoUpdate/userErrors/0/message").asText())
        .isEqualTo("Fulfillment does not exist.");
  }

  @Test
  void shipmentsOutliveARestart() {
    var id = shop.createOrder();
    admin.ship(whole(admin.fulfillmentOrders(id).get(0)), "1Z1");
    shop.close();

    open();

    assertThat(admin.fulfillmentOrders(id).get(0).get("status").asText()).isEqualTo("CLOSED");
    assertThat(
            shop.summary(true).at("/byOrder/" + id + "/fulfillments/0/tracking/0/number").asText())
        .isEqualTo("1Z1");
  }

  private String orderWithTwoOfALine() {
    var draft = shop.draftOrder();
    ((com.fasterxml.jackson.databind.node.ObjectNode) draft.at("/line_items/0"))
        .put("quantity", 2)
        .put("current_quantity", 2)
        .put("fulfillable_quantity", 2)
        .put("requires_shipping", true)
        .put("sku", "MUG-BLU");
    var lines = (com.fasterxml.jackson.databind.node.ArrayNode) draft.get("line_items");
    while (lines.size() > 1) {
      lines.remove(1);
    }
    return shop.createOrder(draft);
  }

  private static List<Map<String, String>> whole(JsonNode fulfillmentOrder) {
    return List.of(Map.of("fulfillmentOrderId", fulfillmentOrder.get("id").asText()));
  }

  private static List<Map<String, Object>> part(JsonNode fulfillmentOrder, int quantity) {
    return List.of(
        Map.of(
            "fulfillmentOrderId",
            fulfillmentOrder.get("id").asText(),
            "fulfillmentOrderLineItems",
            List.of(
                Map.of(
                    "id",
                    fulfillmentOrder.at("/lineItems/nodes/0/id").asText(),
                    "quantity",
                    quantity))));
  }
}
