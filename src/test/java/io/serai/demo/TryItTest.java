package io.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.camel.CanonicalDocuments;
import io.serai.catalog.Mappings;
import io.serai.order.Order;
import io.serai.support.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TryItTest {
  private final List<String> commands = TryIt.commands("http://127.0.0.1:8080", "demo-token");

  @Test
  void theOrderToTryBecomesACanonicalOrder() {
    var json =
        commands.stream()
            .filter(line -> line.startsWith("  ORDER='"))
            .map(line -> line.substring("  ORDER='".length(), line.length() - 1))
            .findFirst()
            .orElseThrow();

    var canonical =
        new Mappings(null, getClass().getClassLoader())
            .mapping("shopify/order.in.jslt")
            .apply(
                Json.tree(json.getBytes(StandardCharsets.UTF_8)),
                Map.of("account", Json.MAPPER.getNodeFactory().textNode(Stage.OUTLET)));
    var order = (Order) new CanonicalDocuments().read("order", canonical, Stage.OUTLET);

    assertThat(order.lines()).extracting(line -> line.sku()).containsExactly("MUG-BLU");
    assertThat(order.moneyMismatch()).isEmpty();
  }

  @Test
  void theCommandsNameTheHubTheTokenAndTheSecondShop() {
    assertThat(String.join("\n", commands))
        .contains("http://127.0.0.1:8080/webhooks/" + Stage.OUTLET)
        .contains("Authorization: Bearer demo-token")
        .contains("SERAI_URL=http://127.0.0.1:8080 SERAI_API_TOKEN=demo-token")
        .contains("./serai orders timeline " + Stage.OUTLET + ":1001");
  }
}
