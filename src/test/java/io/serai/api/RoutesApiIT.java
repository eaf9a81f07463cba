package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Routes stopped and started over REST and in a terminal. */
@ResourceLock(ApiHub.SHARED)
class RoutesApiIT {
  private static final String IN = "/routes/shopify-webhook-in@shopify-main";
  private static final String CHANNEL = "/channels/shopify-main";
  private static final String WHY = "{\"reason\":\"Prices are wrong.\"}";

  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM route_stop").update();
    hub.get("/routes/running");
  }

  @Test
  void aRouteIsLookedAtStoppedAndStartedOnce() {
    var look = hub.post(IN + "/stop", "{\"dryRun\":true}").json();
    assertThat(look.path("inFlight").asInt()).isEqualTo(2);
    assertThat(look.path("state").asText()).isEqualTo("RUNNING");
    assertThat(hub.post(IN + "/stop", "{}").detail())
        .isEqualTo("Stopping route 'shopify-webhook-in@shopify-main' needs a reason; say why.");

    var stopped = hub.post(IN + "/stop", WHY);
    assertThat(stopped.status()).isEqualTo(200);
    assertThat(stopped.json().path("state").asText()).isEqualTo("STOPPED");
    assertThat(stopped.json().at("/stop/reason").asText()).isEqualTo("Prices are wrong.");
    assertThat(stopped.json().at("/stop/by").asText()).isEqualTo("token:api");
    var again = hub.post(IN + "/stop", WHY);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail())
        .isEqualTo(
            "Route 'shopify-webhook-in@shopify-main' is stopped already; start it first to stop it for something else.");
    assertThat(hub.get("/routes/running?state=stopped").json().path("items")).hasSize(1);
    var channel = hub.get(CHANNEL).json();
    assertThat(channel.path("stops")).hasSize(1);
    assertThat(channel.path("state").asText()).isEqualTo("STOPPED");
    assertThat(channel.path("remark").asText())
        .isEqualTo(
            "Route 'shopify-webhook-in@shopify-main' is stopped by 'token:api': Prices are wrong.");

    assertThat(hub.post(IN + "/start", "{}").detail())
        .isEqualTo("Starting route 'shopify-webhook-in@shopify-main' needs a reason; say why.");
    assertThat(hub.post(IN + "/start", WHY).json().path("state").asText()).isEqualTo("RUNNING");
    assertThat(hub.post(IN + "/start", WHY).detail())
        .isEqualTo(
            "Route 'shopify-webhook-in@shopify-main' is not stopped; there is nothing to start.");
    assertThat(
            hub.jdbc
                .sql(
                    """
                    SELECT string_agg(action, ',' ORDER BY id) FROM (SELECT action, id FROM audit_entry
                    WHERE object = 'route:shopify-webhook-in@shopify-main' ORDER BY id DESC LIMIT 2) e
                    """)
                .query(String.class)
                .single())
        .isEqualTo("route.stop,route.start");
  }

  @Test
  void whatIsNoRouteOrOnlyCalledIsRefused() {
    assertThat(hub.post("/routes/none/stop", WHY).detail())
        .isEqualTo("No route 'none' runs; 'GET /api/v1/routes/running' lists them.");
    assertThat(hub.post("/routes/called-by-others/stop", WHY).detail())
        .isEqualTo("Route 'called-by-others' is only called by others; stop those that call it.");
  }

  @Test
  void aStoppedRouteThatIsGoneCanStillBeStarted() {
    hub.jdbc
        .sql(
            "INSERT INTO route_stop (route, reason, stopped_by, stopped_at) VALUES ('gone@x', 'old', 'otto', now())")
        .update();
    assertThat(hub.get("/routes/gone@x").json().path("state").asText()).isEqualTo("STOPPED");
    assertThat(hub.post("/routes/gone@x/start", WHY).status()).isEqualTo(200);
    assertThat(hub.get("/routes/gone@x").status()).isEqualTo(404);
  }

  @Test
  void theIntakeOfAChannelIsPausedAndResumed() {
    assertThat(hub.post(CHANNEL + "/pause", "{}").detail())
        .isEqualTo("Pausing the intake of 'shopify-main' needs a reason; say why.");
    assertThat(hub.post(CHANNEL + "/pause", "{\"dryRun\":true}").json().at("/items/0/inFlight"))
        .hasToString("2");
    var paused = hub.post(CHANNEL + "/pause", WHY).json().path("items");
    assertThat(paused).hasSize(1);
    assertThat(paused.at("/0/id").asText()).isEqualTo("shopify-webhook-in@shopify-main");
    assertThat(paused.at("/0/state").asText()).isEqualTo("STOPPED");
    assertThat(hub.post(CHANNEL + "/pause", WHY).detail())
        .isEqualTo("The intake of 'shopify-main' is paused already; there is nothing to pause.");
    assertThat(hub.post(CHANNEL + "/resume", "{}").detail())
        .isEqualTo("Resuming the intake of 'shopify-main' needs a reason; say why.");
    assertThat(hub.post(CHANNEL + "/resume", WHY).json().at("/items/0/state").asText())
        .isEqualTo("RUNNING");
    assertThat(hub.post(CHANNEL + "/resume", WHY).detail())
        .isEqualTo("The intake of 'shopify-main' is not paused; there is nothing to resume.");
    assertThat(hub.post("/channels/erp/pause", WHY).detail())
        .isEqualTo(
            "Channel 'erp' has no route that takes anything in; what it owes comes over the orders API.");
  }

  @Test
  void theTerminalDoesTheSame() {
    var route = "shopify-webhook-in@shopify-main";
    assertThat(terminal.serai("routes", "stop", route, "--dry-run")).isZero();
    assertThat(terminal.out())
        .contains(
            "Route '%s' would be stopped; 2 inside it would come out. Nothing is stopped yet."
                .formatted(route));
    assertThat(terminal.serai("routes", "stop", route, "--reason", "wrong prices")).isZero();
    assertThat(terminal.out()).contains("Route '%s' is stopped; 2 inside it".formatted(route));
    assertThat(terminal.serai("routes", "running", "--stopped")).isZero();
    assertThat(terminal.out()).contains(route, "takes in", "wrong prices");
    assertThat(terminal.serai("routes", "start", route, "--reason", "right again")).isZero();
    assertThat(terminal.out()).contains("Route '%s' runs again.".formatted(route));
    assertThat(terminal.serai("channels", "pause", "shopify-main", "--reason", "w")).isZero();
    assertThat(terminal.out()).contains(route, "STOPPED");
    assertThat(terminal.serai("channels", "resume", "shopify-main", "--reason", "r")).isZero();
    assertThat(terminal.out()).contains(route, "RUNNING");
    assertThat(terminal.serai("routes", "running", "--stopped")).isZero();
    assertThat(terminal.out()).contains("None.");
  }
}
