package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Routes that run, and the buttons that stop them. */
@ResourceLock(ApiHub.SHARED)
class RoutePagesIT {
  private static final String HERE = "/console/routes/running";
  private static final String IN = "/console/routes/shopify-webhook-in@shopify-main/";

  private final ApiHub hub = ApiHub.running();
  private final Browser otto = Browser.of(hub, "otto");

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM route_stop").update();
    hub.get("/routes/running");
  }

  @Test
  void aRouteIsStoppedAndStartedWhereItIsListed() {
    var page = otto.get(HERE);
    assertThat(page.text()).contains("2 inside it come out");
    assertThat(page.page().select("form[action$=called-by-others/stop]")).isEmpty();

    var stopped = otto.press(page.page(), IN + "stop", Map.of("reason", "prices <i>"));
    assertThat(stopped.text())
        .contains("Done. Route 'shopify-webhook-in@shopify-main' is stopped; 2 inside it come out.")
        .contains("by otto")
        .contains("prices <i>");
    assertThat(otto.get(HERE + "?state=STOPPED").text()).contains("prices <i>");
    assertThat(otto.get("/console/channels").text())
        .contains("A route of it is stopped by otto")
        .contains("prices <i>");

    var again = otto.press(page.page(), IN + "stop", Map.of("reason", "again"));
    assertThat(again.text())
        .contains("Not done. Route 'shopify-webhook-in@shopify-main' is stopped already;");
    assertThat(otto.press(again.page(), IN + "start", Map.of("reason", "right again")).text())
        .contains("Done. Route 'shopify-webhook-in@shopify-main' runs again.");
    assertThat(otto.get(HERE + "?state=STOPPED").text()).contains("Nobody has stopped a route.");
  }

  @Test
  void theIntakeOfAChannelIsPausedOnItsCard() {
    var here = "/console/channels";
    var paused =
        otto.press(
            otto.get(here).page(), here + "/shopify-main/pause", Map.of("reason", "too many"));
    assertThat(paused.text())
        .contains("Done. Nothing is taken in from 'shopify-main' any more; what was accepted goes")
        .contains("too many");
    assertThat(
            otto.press(paused.page(), here + "/shopify-main/resume", Map.of("reason", "done"))
                .text())
        .contains("Done. What comes from 'shopify-main' is taken in again.");
  }

  @Test
  void whoMayNotSeesWhy() {
    var vera = Browser.of(hub, "vera").get(HERE);
    assertThat(vera.page().select("fieldset[disabled]")).hasSize(2);
    assertThat(vera.text()).contains("You are viewer; this needs operator or integrator.");
  }
}
