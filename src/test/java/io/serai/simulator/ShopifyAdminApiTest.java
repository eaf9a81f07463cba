package io.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopifyAdminApiTest {

  @TempDir Path folder;
  private ShopifySimulator shop;
  private Admin admin;

  @BeforeEach
  void open() {
    // The bucket fills again with the time, which stands still here.
    shop =
        ShopifySimulator.start(
            ShopifyOptions.in(folder).costBucket(100, 1).clock(new ManualClock()));
    admin = new Admin(shop);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void anUnknownTokenIsRefused() {
    var reply = admin.send(Jsons.object().put("query", "{ shop { id } }"), "wrong");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.json().get("errors").asText()).startsWith("[API] Invalid API key");
  }

  @Test
  void theServedVersionIsNamedInTheAnswer() {
    var reply = admin.post("{ shop { name myshopifyDomain } }", Map.of());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("X-Shopify-API-Version")).isEqualTo("2026-07");
    assertThat(reply.json().at("/data/shop/name").asText()).isEqualTo("acme");
  }

  @Test
  void anotherPathOrMethodIsNotFound() throws IOException {
    assertThat(Caller.get(shop.url(), "/admin/api/2026-07/graphql.json").status()).isEqualTo(404);
    assertThat(Caller.post(shop.url(), "/admin/api/latest/graphql.json", "{}").status())
        .isEqualTo(404);
    assertThat(Caller.post(shop.url(), "/admin/api/2026-07/orders.json", "{}").status())
        .isEqualTo(404);
  }

  @Test
  void aBodyWithoutAQueryIsABadRequest() {
    assertThat(admin.send("{}", "shpat_simulated").status()).isEqualTo(400);
    assertThat(admin.send("{nonsense", "shpat_simulated").status()).isEqualTo(400);
  }

  @Test
  void anUnknownFieldIsRefusedByName() {
    var error = admin.ask("query Q { shop { colour } }").at("/errors/0");

    assertThat(error.get("message").asText())
        .isEqualTo("Field 'colour' doesn't exist on type 'Shop'");
    assertThat(error.at("/extensions/code").asText()).isEqualTo("undefinedField");
    assertThat(error.at("/extensions/typeName").asText()).isEqualTo("Shop");
    assertThat(error.at("/path/0").asText()).isEqualTo("query Q");
  }

  @Test
  void aMissingArgumentIsRefusedByName() {
    var error = admin.ask("{ order { id } }").at("/errors/0");

    assertThat(error.get("message").asText())
        .isEqualTo("Field 'order' is missing required arguments: id");
    assertThat(error.at("/extensions/code").asText()).isEqualTo("missingRequiredArguments");
  }

  @Test
  void anUnknownArgumentIsRefusedByName() {
    var error = admin.ask("{ orders(first: 1, colour: 2) { nodes { id } } }").at("/errors/0");

    assertThat(error.get("message").asText())
        .isEqualTo("Field 'orders' doesn't accept argument 'colour'");
    assertThat(error.at("/extensions/code").asText()).isEqualTo("argumentNotAccepted");
  }

  @Test
  void aVariableOfAnotherTypeIsRefused() {
    var answer =
        admin.ask("query($n: Int!) { orders(first: $n) { nodes { id } } }", Map.of("n", "ten"));

    assertThat(answer.at("/errors/0/extensions/code").asText()).isEqualTo("INVALID_VARIABLE");
    assertThat(answer.hasNonNull("data")).isFalse();
  }

  @Test
  void anUnknownFieldOfAnInputIsRefused() {
    var answer = admin.setStock("k", Map.of("name", "available", "ignoreCompareQuantity", true));

    assertThat(answer.at("/errors/0/extensions/code").asText()).isEqualTo("INVALID_VARIABLE");
  }

  @Test
  void aQueryThatCannotBeReadIsRefused() {
    assertThat(admin.ask("{ shop { ").at("/errors/0/message").asText()).isNotBlank();
  }

  @Test
  void anIdOfAnotherTypeIsNotFoundAndAnUnknownOneIsNull() {
    var query = "query($id: ID!) { order(id: $id) { id } }";

    assertThat(
            admin
                .ask(query, Map.of("id", "gid://shopify/Product/1"))
                .at("/errors/0/extensions/code")
                .asText())
        .isEqualTo("RESOURCE_NOT_FOUND");
    assertThat(admin.ask(query, Map.of("id", "17")).at("/errors/0/message").asText())
        .isEqualTo("Invalid global id '17'");
    assertThat(admin.data(query, Map.of("id", "gid://shopify/Order/1")).get("order").isNull())
        .isTrue();
  }

  @Test
  void everyAnswerSaysWhatItCost() {
    var cost = admin.ask("{ locations(first: 10) { nodes { id name } } }").at("/extensions/cost");

    assertThat(cost.get("requestedQueryCost").asInt()).isEqualTo(6);
    assertThat(cost.get("actualQueryCost").asInt()).isEqualTo(3);
    assertThat(cost.at("/throttleStatus/maximumAvailable").asInt()).isEqualTo(100);
    assertThat(cost.at("/throttleStatus/currentlyAvailable").asInt()).isEqualTo(97);
    assertThat(cost.at("/throttleStatus/restoreRate").asInt()).isEqualTo(1);
  }

  @Test
  void anEmptyBucketThrottlesWithStatus200() {
    var query =
        "{ orders(first: 50) { nodes { id customer { id } billingAddress { zip }"
            + " shippingAddress { zip } shippingLine { title } } } }";
    for (var i = 0; i < 40; i++) {
      admin.ask("{ ordersCount { count } }");
    }

    var reply = admin.post(query, Map.of());

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/errors/0/extensions/code").asText()).isEqualTo("THROTTLED");
    assertThat(reply.json().has("data")).isFalse();
    assertThat(reply.json().at("/extensions/cost/requestedQueryCost").asInt()).isEqualTo(37);
  }

  @Test
  void aQueryThatIsTooDearIsNeverRun() {
    var answer =
        admin.ask(
            "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { variant { id"
                + " inventoryItem { inventoryLevels(first: 50) { nodes { location { id } } }"
                + " } } } } } } }");

    assertThat(answer.at("/errors/0/extensions/code").asText()).isEqualTo("MAX_COST_EXCEEDED");
  }

  @Test
  void aMisspeltSearchFieldFindsTooMuchAndWarns() {
    shop.createOrder();

    var answer =
        admin.ask("{ orders(first: 5, query: \"update_at:>2100-01-01\") { nodes { id } } }");

    assertThat(answer.at("/data/orders/nodes")).hasSize(1);
    assertThat(answer.at("/extensions/search/0/warnings/0/field").asText()).isEqualTo("update_at");
  }
}
