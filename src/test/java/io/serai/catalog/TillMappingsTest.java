package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serai.support.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What tills say that nobody can book is refused in one sentence; what looks odd is booked. */
class TillMappingsTest {

  private static final Map<String, JsonNode> CONTEXT =
      Map.of(
          "account", TextNode.valueOf("tills"),
          "locations", TextNode.valueOf("store-1=L8ZQ,store-2=LNYC"),
          "node", TextNode.valueOf("store-1"),
          "currency", TextNode.valueOf("USD"),
          "order", Json.tree("{}"));

  private static JsonNode map(String mapping, JsonNode body) {
    return Mappings.builtIn().mapping(mapping).apply(body, CONTEXT);
  }

  private static ObjectNode sample(String name) {
    return (ObjectNode) Sample.read(Sample.ROOT.resolve(name));
  }

  @Test
  void anArticleWithoutASkuStopsItsSaleAndItsStock() {
    var sale = sample("square/order/two-of-one.json");
    sale.putObject("skus");
    var stock = sample("square/stock/sold-without-custom-amount.json");
    stock.putObject("skus");

    assertThatThrownBy(() -> map("square/order.in.jslt", sale))
        .hasMessageContaining("SKU of catalog object 'VAR-MUG'");
    assertThatThrownBy(() -> map("square/stock.in.jslt", stock))
        .hasMessageContaining("SKU of catalog object 'VAR-");
  }

  @Test
  void aStoreThatIsNoNodeIsNamedWithItsRemedy() {
    var sale = sample("square/order/two-of-one.json");
    ((ObjectNode) sale.get("order")).put("location_id", "LNEW");

    assertThatThrownBy(() -> map("square/order.in.jslt", sale))
        .hasMessageContaining(
            "Square location 'LNEW' is no node. Add it to 'locations' of the account, then replay.");
  }

  @Test
  void weighedGoodsAreRefusedByName() {
    var sale = sample("square/order/two-of-one.json");
    ((ObjectNode) sale.at("/order/line_items/0")).put("quantity", "0.5");

    assertThatThrownBy(() -> map("square/order.in.jslt", sale))
        .hasMessageContaining("line_items[].quantity")
        .hasMessageContaining("0.5");
  }

  @Test
  void aCurrencyWithoutMinorUnitsIsNotDividedByAHundred() {
    var sale = sample("square/order/two-of-one.json");
    sale.findParents("currency").forEach(money -> ((ObjectNode) money).put("currency", "JPY"));

    var order = map("square/order.in.jslt", sale);

    assertThat(order.at("/totals/channelGrandTotal/amount").asText())
        .isEqualTo(sale.at("/order/total_money/amount").asText());
    assertThat(order.at("/totals/grandTotal")).isEqualTo(order.at("/totals/channelGrandTotal"));
  }

  @Test
  void anErrorUnderHttp200IsNoListOfArticles() {
    var answer =
        Json.tree(
            "{\"errors\":[{\"category\":\"API_ERROR\",\"code\":\"INTERNAL_SERVER_ERROR\",\"detail\":\"An internal error occurred.\"}]}");

    assertThatThrownBy(() -> map("square/batch.in.jslt", answer))
        .hasMessageContaining("An internal error occurred.");
  }
}
