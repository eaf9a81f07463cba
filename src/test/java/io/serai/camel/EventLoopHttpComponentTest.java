package io.serai.camel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class EventLoopHttpComponentTest {
  @Test
  void theOptionsOfAnEndpointAreHeededAndNotSentOn() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try (var camel = new DefaultCamelContext()) {
      camel.addComponent("vertx-http", new EventLoopHttpComponent());
      camel.start();
      var send = camel.createProducerTemplate();
      var root = "vertx-http:http://127.0.0.1:" + server.getAddress().getPort();

      send.requestBody(root + "/orders?httpMethod=POST&timeout=5000", "{}".getBytes(UTF_8));
      send.requestBody(root + "/orders?httpMethod=PUT", "{}");
      send.requestBody(root + "/orders?httpMethod=GET", (Object) null);
    } finally {
      server.stop(0);
    }

    assertThat(seen).isEqualTo(List.of("POST /orders {}", "PUT /orders {}", "GET /orders "));
  }

  @Test
  void aTraceGoesOutWhereTheHubSaysSoAndNeverBecauseAHeaderDoes() throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          seen.add(String.valueOf(exchange.getRequestHeaders().get("traceparent")));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try (var camel = new DefaultCamelContext()) {
      var http = new EventLoopHttpComponent();
      http.setHeaderFilterStrategy(new AllowedHeaders());
      camel.addComponent("vertx-http", http);
      camel.start();
      var send = camel.createProducerTemplate();
      var to = "vertx-http:http://127.0.0.1:" + server.getAddress().getPort() + "/?httpMethod=POST";

      send.send(to, e -> e.getMessage().setBody("{}"));
      send.send(
          to,
          e -> {
            e.getMessage().setBody("{}");
            e.getMessage().setHeader("traceparent", "forged");
          });
      send.send(
          to,
          e -> {
            e.getMessage().setBody("{}");
            e.setProperty(OutboxConsumer.TRACEPARENT, "00-ours");
            e.getMessage().setHeader("traceparent", "forged");
          });
    } finally {
      server.stop(0);
    }

    assertThat(seen).isEqualTo(List.of("null", "null", "[00-ours]"));
  }

  @Test
  void aPathAndAQueryArriveAsTheyWereEncoded() throws Exception {
    var seen = new CopyOnWriteArrayList<URI>();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          seen.add(exchange.getRequestURI());
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try (var camel = new DefaultCamelContext()) {
      camel.addComponent("vertx-http", new EventLoopHttpComponent());
      camel.start();

      camel
          .createProducerTemplate()
          .requestBodyAndHeaders(
              "vertx-http:http://127.0.0.1:%d/items?httpMethod=GET"
                  .formatted(server.getAddress().getPort()),
              null,
              Map.of(
                  "CamelHttpPath", "A%20B%2FC", "CamelHttpQuery", "token=a%2Bb%2Fc%3D%3D&at=100%"));
    } finally {
      server.stop(0);
    }

    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst().getRawPath()).isEqualTo("/items/A%20B%2FC");
    assertThat(seen.getFirst().getRawQuery().split("&"))
        .extracting(pair -> URLDecoder.decode(pair, UTF_8))
        .containsExactlyInAnyOrder("token=a+b/c==", "at=100%");
  }
}
