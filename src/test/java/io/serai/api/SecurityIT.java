package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(ApiHub.SHARED)
class SecurityIT {
  private final ApiHub hub = ApiHub.running();

  @Test
  void nobodyIsAskedForCredentials() {
    var answer = hub.send(null, "GET", "/orders", null);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.detail())
        .isEqualTo("This address needs credentials; send a bearer token or a login.");
    assertThat(answer.response().headers().allValues("WWW-Authenticate")).hasSize(2);
  }

  @Test
  void wrongCredentialsAreRefused() {
    for (var wrong :
        new String[] {
          ApiHub.bearer("wrong"), ApiHub.basic("admin", "wrong"), "Basic %%%", "Digest x", "Bearer"
        }) {
      var answer = hub.send(wrong, "GET", "/orders", null);

      assertThat(answer.status()).as(wrong).isEqualTo(401);
      assertThat(answer.detail())
          .isEqualTo(
              "The credentials are not known; send a valid bearer token or a valid name and password.");
    }
  }

  @Test
  void aTokenOrALoginOpensTheDoor() {
    assertThat(hub.send(ApiHub.bearer(ApiHub.TOKEN), "GET", "/orders", null).status())
        .isEqualTo(200);
    assertThat(hub.send(ApiHub.basic("admin", ApiHub.PASSWORD), "GET", "/orders", null).status())
        .isEqualTo(200);
  }

  @Test
  void aViewerMayNotChangeAnything() {
    var answer =
        hub.send(
            ApiHub.bearer(ApiHub.VIEWER), "PUT", "/stock", "{\"node\":\"nj-1\",\"levels\":[]}");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.type()).isEqualTo("application/problem+json");
    assertThat(answer.detail())
        .isEqualTo("'token:viewer' is viewer and may not do this; it needs operator.");
  }

  @Test
  void anUnknownAddressIsNotRevealedToNobody() {
    assertThat(hub.send(null, "GET", "/nothing", null).status()).isEqualTo(401);
    assertThat(hub.get("/nothing").status()).isEqualTo(404);
    assertThat(hub.get("/nothing").detail())
        .isEqualTo(
            "There is nothing at '/api/v1/nothing'; /api/v1/openapi.json lists every address.");
  }

  @Test
  void aChangeThatABrowserSendsForAnotherSiteIsRefused() {
    var answer =
        hub.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/api/v1/stock"))
                .header("Authorization", ApiHub.bearer(ApiHub.TOKEN))
                .header("Sec-Fetch-Site", "cross-site")
                .PUT(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.detail()).startsWith("A browser sent this change from another site;");
  }

  @Test
  void guessingAPasswordIsSlowedDown() {
    for (int i = 0; i < 10; i++) {
      assertThat(hub.send(ApiHub.basic("bob", "guess" + i), "GET", "/orders", null).status())
          .isEqualTo(401);
    }

    var answer = hub.send(ApiHub.basic("bob", "guess"), "GET", "/orders", null);

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
    assertThat(answer.detail())
        .startsWith("Your address sent 10 wrong passwords for this user within a minute;");
    assertThat(hub.get("/orders").status()).isEqualTo(200);
  }

  /** What the framework, Camel and other servers are known to show where nobody thought of it. */
  private static final String SHUT =
      """
      /actuator/auditevents /actuator/beans /actuator/caches /actuator/conditions /actuator/configprops /actuator/env
      /actuator/env/SERAI_DB_PASSWORD /actuator/flyway /actuator/heapdump /actuator/httpexchanges /actuator/httptrace /actuator/info
      /actuator/integrationgraph /actuator/jolokia /actuator/jolokia/list /actuator/liquibase /actuator/logfile /actuator/loggers
      /actuator/loggers/ROOT /actuator/mappings /actuator/metrics /actuator/metrics/jvm.memory.used /actuator/quartz /actuator/refresh
      /actuator/restart /actuator/sbom /actuator/sbom/application /actuator/scheduledtasks /actuator/sessions /actuator/shutdown
      /actuator/startup /actuator/threaddump /actuator/trace /actuator/gateway/routes /actuator/camel /actuator/camelroutes
      /actuator/camelroutecontroller /actuator/hawtio /actuator/prometheus/../env /actuator/health/..;/env /actuator/%65nv /actuator;/env
      /env /beans /dump /trace /jolokia /hawtio /h2-console /swagger-ui.html /v2/api-docs /v3/api-docs /openapi.json /camel/health
      /q/dev /observe/health /.git/config /.env /WEB-INF/web.xml /META-INF/MANIFEST.MF /application.yaml /static/../application.yaml
      /api/v1/orders /api/v1/audit /api/v1/tokens""";

  @Test
  void healthAndMetricsAnswerOnTheManagementPortAndNothingElseDoes() {
    var port = hub.context.getEnvironment().getProperty("local.management.port");
    for (var open :
        new String[] {
          "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus"
        }) {
      assertThat(plain(port, open)).as(open).isEqualTo(200);
    }
    for (var shut : SHUT.lines().flatMap(line -> Stream.of(line.split(" "))).toList()) {
      assertThat(plain(port, shut)).as(shut).isIn(400, 401, 404);
      assertThat(plain(Integer.toString(hub.port()), shut)).as(shut).isIn(400, 401, 404);
    }
    for (var change :
        new String[] {"/actuator/shutdown", "/actuator/loggers/ROOT", "/actuator/env"}) {
      var posted =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + change))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      assertThat(hub.send(posted).status()).as(change).isIn(401, 403, 404);
    }
    assertThat(plain(Integer.toString(hub.port()), "/actuator/health")).isEqualTo(404);
  }

  private int plain(String port, String path) {
    return hub.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build())
        .status();
  }

  @Test
  void webhooksDoNotPassThroughTheSecurityChain() {
    var answer =
        hub.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/webhooks/shop"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

    // Nothing is mounted there in this test: had the chain matched, it would have been 401 or 403.
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.response().headers().firstValue("X-Frame-Options")).isEmpty();
  }
}
