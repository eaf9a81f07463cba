package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.database.TestDatabase;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Base64;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The API alone on a free port over a real PostgreSQL, one for all tests of the JVM. */
public final class ApiHub {
  static final String TOKEN = "a-token-for-the-tests";
  static final String PASSWORD = "a-password-for-the-tests";
  static final String VIEWER = "a-viewer-token-for-the-tests";
  static final String OPERATOR = "an-operator-token-for-the-tests";

  private static final TestDatabase DATABASE = new TestDatabase();
  private static ApiHub running;

  final ServletWebServerApplicationContext context;
  final JdbcClient jdbc;
  final Ids ids = new Ids(Clock.systemUTC());
  private final HttpClient http = HttpClient.newHttpClient();

  private ApiHub(ServletWebServerApplicationContext context) {
    this.context = context;
    this.jdbc = JdbcClient.create(context.getBean(DataSource.class));
  }

  static synchronized ApiHub running() {
    if (running == null) {
      running =
          new ApiHub(
              (ServletWebServerApplicationContext)
                  new SpringApplicationBuilder(Application.class)
                      .properties(
                          "server.port=0",
                          "management.server.port=0",
                          "management.endpoints.web.exposure.include=health,prometheus",
                          "management.endpoint.health.probes.enabled=true",
                          "spring.main.banner-mode=off",
                          "spring.flyway.enabled=false",
                          "logging.level.root=warn",
                          "springdoc.api-docs.path=/api/v1/openapi.json",
                          "serai.access.tokens.viewer.token=" + VIEWER,
                          "serai.access.tokens.viewer.role=viewer",
                          "serai.access.tokens.operator.token=" + OPERATOR,
                          "serai.access.tokens.operator.role=operator",
                          "SERAI_API_TOKEN=" + TOKEN,
                          "SERAI_ADMIN_PASSWORD=" + PASSWORD)
                      .run());
    }
    return running;
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      excludeName = {
        "org.apache.camel.spring.boot.CamelAutoConfiguration",
        "org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpAutoConfiguration"
      })
  @Import(ApiConfiguration.class)
  static class Application {
    @Bean
    DataSource database() {
      return DATABASE.dataSource();
    }

    @Bean
    Clock clock() {
      return Clock.systemUTC();
    }
  }

  int port() {
    return context.getWebServer().getPort();
  }

  /** A request under /api/v1 with a given Authorization header, or none. */
  Answer send(String authorization, String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/api/v1" + path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(request.build());
  }

  Answer send(HttpRequest request) {
    try {
      return new Answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Answer get(String path) {
    return send(bearer(TOKEN), "GET", path, null);
  }

  Answer put(String path, String body) {
    return send(bearer(TOKEN), "PUT", path, body);
  }

  Answer post(String path, String body) {
    return send(bearer(TOKEN), "POST", path, body);
  }

  static String bearer(String token) {
    return "Bearer " + token;
  }

  static String basic(String name, String password) {
    return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes());
  }

  /** An order of one line in the database, as apply would leave it. */
  UUID order(String account, String channelOrderId, String displayNumber, String email) {
    var id = ids.next();
    jdbc.sql(
            """
            INSERT INTO sales_order (id, account, channel_order_id, display_number, state, revision, currency,
              grand_total, payment_state, buyer_email, ship_country, placed_at, received_at, updated_at)
            VALUES (:id, :account, :key, :number, 'RELEASED', 1, 'EUR', 59.90, 'PAID', :email, 'DE',
              now(), now(), now())
            """)
        .param("id", id)
        .param("account", account)
        .param("key", channelOrderId)
        .param("number", displayNumber)
        .param("email", email)
        .update();
    jdbc.sql(
            """
            INSERT INTO order_document VALUES (:id,
              '{"buyer":{"name":"Ada Example","email":"ada@example.com"},"currency":"EUR","note":"ring twice"}')
            """)
        .param("id", id)
        .update();
    jdbc.sql(
            """
            INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered, allocated)
            VALUES (:id, 1, 'L1', 'MUG-BLU', 'PHYSICAL', true, 2, 2)
            """)
        .param("id", id)
        .update();
    return id;
  }

  void node(String node) {
    jdbc.sql("INSERT INTO node (id, type, priority) VALUES (:id, '3pl', 1) ON CONFLICT DO NOTHING")
        .param("id", node)
        .update();
  }

  /** What came back. */
  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    JsonNode json() {
      return Json.tree(response.body());
    }

    String detail() {
      return json().path("detail").asText();
    }

    String type() {
      return response.headers().firstValue("Content-Type").orElse("");
    }
  }
}
