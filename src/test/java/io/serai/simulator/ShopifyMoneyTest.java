package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in gives money back once for a key, and takes no more than was authorized. */
class ShopifyMoneyTest {
  private static final String REFUND =
      """
      mutation Refund($input: RefundInput!, $key: String!) {
        refundCreate(input: $input) @idempotent(key: $key) {
          refund { id note transactions(first: 5) { nodes { status errorCode } } } userErrors { field message } } }""";
  private static final String CAPTURE =
      """
      mutation Capture($input: OrderCaptureInput!) {
        orderCapture(input: $input) { transaction { id status errorCode } userErrors { field message } } }""";

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

  private String order(String payment) {
    var payload = shop.draftOrder();
    payload.put("financial_status", payment);
    return shop.createOrder(payload);
  }

  private JsonNode refund(String order, String key, String amount) {
    var gid = "gid://shopify/Order/" + order;
    return admin.ask(
        REFUND,
        Map.of(
            "input",
            Map.of(
                "orderId",
                gid,
                "note",
                "a favor",
                "transactions",
                List.of(
                    Map.of(
                        "orderId",
                        gid,
                        "parentId",
                        "gid://shopify/OrderTransaction/" + order,
                        "gateway",
                        "manual",
                        "kind",
                        "REFUND",
                        "amount",
                        amount))),
            "key",
            key));
  }

  @Test
  void moneyGoesBackOnceForAKeyAndNeverMoreThanWasPaid() {
    var id = order("paid");

    var first = refund(id, "k-1", "1.00");
    var again = refund(id, "k-1", "1.00");
    var tooMuch = refund(id, "k-2", "99999.00");

    assertThat(first.at("/data/refundCreate/refund/id").asText())
        .as(first.toString())
        .startsWith("gid://shopify/Refund/");
    assertThat(again.get("data")).isEqualTo(first.get("data"));
    assertThat(tooMuch.at("/data/refundCreate/userErrors/0/message").asText())
        .startsWith("Refund amount $99999.00 is greater than net payment received $");
    assertThat(shop.order(id).path("refunds")).hasSize(1);
  }

  @Test
  void aGatewayThatDeclinesLeavesARefundOfNothing() {
    var id = order("paid");
    shop.declineRefunds(id, true);

    var declined = refund(id, "k-1", "1.00");
    shop.declineRefunds(id, false);
    var again = refund(id, "k-1", "1.00");
    var other = refund(id, "k-2", "1.00");

    var status = "/data/refundCreate/refund/transactions/nodes/0/status";
    assertThat(declined.at(status).asText()).as(declined.toString()).isEqualTo("FAILURE");
    assertThat(again.get("data")).isEqualTo(declined.get("data"));
    assertThat(other.at(status).asText()).isEqualTo("SUCCESS");
    var books =
        admin.ask(
            """
            query Q($id: ID!) { order(id: $id) { totalRefundedSet { shopMoney { amount } }
              refunds(first: 9) { note totalRefundedSet { shopMoney { amount } } transactions(first: 9) { nodes { kind status } } }
              transactions(first: 9) { kind status } } }""",
            Map.of("id", "gid://shopify/Order/" + id));
    assertThat(books.at("/data/order/refunds/0/totalRefundedSet/shopMoney/amount").asDouble())
        .as(books.toString())
        .isZero();
    assertThat(books.at("/data/order/refunds/0/note").asText()).isEqualTo("a favor");
    assertThat(books.at("/data/order/totalRefundedSet"))
        .isEqualTo(books.at("/data/order/refunds/1/totalRefundedSet"));
    assertThat(books.at("/data/order/transactions").findValuesAsText("status"))
        .containsOnlyOnce("FAILURE");
    assertThat(shop.order(id).path("financial_status").asText()).isEqualTo("partially_refunded");
  }

  @Test
  void whatIsAuthorizedIsTakenUntilItExpires() {
    var id = order("authorized");
    var input =
        Map.of(
            "input",
            Map.of(
                "id",
                "gid://shopify/Order/" + id,
                "parentTransactionId",
                "gid://shopify/OrderTransaction/" + id,
                "amount",
                "1.00"));

    var taken = admin.ask(CAPTURE, input);
    shop.expireAuthorization(id);
    var late = admin.ask(CAPTURE, input);

    assertThat(taken.at("/data/orderCapture/transaction/status").asText())
        .as(taken.toString())
        .isEqualTo("SUCCESS");
    assertThat(shop.order(id).path("financial_status").asText()).isEqualTo("partially_paid");
    assertThat(late.at("/data/orderCapture/userErrors/0/message").asText())
        .isEqualTo("The authorization has expired");
  }
}
