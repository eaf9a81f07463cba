package io.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.serai.catalog.Mappings;
import io.serai.simulator.Signature;
import io.serai.support.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class MistakesTest {

  @Test
  void eachKindStopsForAReasonOfItsOwn() {
    var reasons = new TreeMap<String, Integer>();
    for (var order : Mistakes.orders()) {
      reasons.merge(stopped(order).replaceAll("line [0-9]+", "line …"), 1, Integer::sum);
    }

    assertThat(reasons).hasSize(3);
    assertThat(reasons.values()).containsOnly(3);
    assertThat(String.join("\n", reasons.keySet()))
        .contains("'24,00', which is not a number")
        .contains("field 'currency' is missing");
  }

  private String stopped(String order) {
    var body = order.getBytes(StandardCharsets.UTF_8);
    var fault =
        catchThrowable(
            () ->
                new Mappings(null, getClass().getClassLoader())
                    .mapping("shopify/order.in.jslt")
                    .apply(
                        Json.tree(body),
                        Map.of("account", Json.MAPPER.getNodeFactory().textNode(Stage.OUTLET))));
    assertThat(fault).as(order).isNotNull();
    return fault.getMessage();
  }

  @Test
  void theyAreSignedAndAlwaysTheSame() throws IOException {
    Collection<String> heard = new ConcurrentLinkedQueue<>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/webhooks/" + Stage.OUTLET,
        exchange -> {
          var body = exchange.getRequestBody().readAllBytes();
          var signature = exchange.getRequestHeaders().getFirst("X-Shopify-Hmac-Sha256");
          var right = Signature.base64(Stage.SHOP_SECRET, body).equals(signature);
          heard.add(right ? new String(body, StandardCharsets.UTF_8) : "not signed");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      var mistakes =
          new Mistakes("http://127.0.0.1:" + server.getAddress().getPort(), Screen.standard());
      mistakes.make();
      mistakes.make();
    } finally {
      server.stop(0);
    }

    assertThat(heard).hasSize(2 * Mistakes.orders().size());
    assertThat(new TreeSet<>(heard)).containsExactlyElementsOf(new TreeSet<>(Mistakes.orders()));
  }
}
