package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** An operator chooses where something is taken up again and who hears of it. */
@ResourceLock(ApiHub.SHARED)
class ReplayPlanPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();
  private final String north = "north-" + UUID.randomUUID();
  private final String shop = "erp-" + UUID.randomUUID();
  private final Browser operator = Browser.of(hub, "otto");

  private String state(String destination) {
    return hub.jdbc
        .sql("SELECT state FROM delivery WHERE destination = ?")
        .param(destination)
        .query(String.class)
        .single();
  }

  @Test
  void thePlanLeadsFromTheMessageToTheChosenDestination() {
    var id = hub.appliedMessageOwing(account, north, shop);
    var message = operator.get("/console/messages/" + id).page();
    var address = message.select("a:contains(Replay from a step)").attr("href");
    var plan = operator.get(address).page();

    var none = operator.press(plan, address, Map.of("from", "send", "reason", "r"));
    var done =
        operator.press(
            plan, address, Map.of("from", "send", "destination", north, "reason", "back again"));

    assertThat(plan.select("input[name=from][disabled]")).hasSize(3);
    assertThat(plan.text()).contains("No attempt had an effect.").contains(shop);
    assertThat(none.text()).contains("Not done. No destination is chosen");
    assertThat(done.text()).contains("Done. 1 delivery goes again, to " + north + ".");
    assertThat(state(north)).isNotEqualTo("PARKED");
    assertThat(state(shop)).isEqualTo("PARKED");
  }

  @Test
  void aParkedMessageShowsItsDryRunBesideTheSteps() {
    var id = hub.parkedMessage(account, "{}", "x.");

    var plan = operator.get("/console/dead-letters/" + id + "/plan").page();
    var none =
        operator.press(
            plan, "/console/dead-letters/" + id + "/plan", Map.of("from", "", "reason", "r"));

    assertThat(plan.select("input[name=from]:not([disabled])").eachAttr("value"))
        .containsExactly("normalize");
    assertThat(plan.text()).contains("Dry run from its bytes").contains("It would fail as");
    assertThat(none.text()).contains("Not done. No step is chosen");
  }

  @Test
  void theHubAsksThePartnerWhereItCanBeAsked() {
    var id = hub.doubtfulDelivery(north);
    var page = "/console/deliveries/" + id;
    assertThat(operator.get(page).page().select("form[action$=/probe]")).isEmpty();
    hub.jdbc
        .sql("UPDATE delivery SET repeat_mode = 'QUERYABLE' WHERE destination = ?")
        .param(north)
        .update();

    var done =
        operator.press(operator.get(page).page(), page + "/probe", Map.of("reason", "back again"));

    assertThat(done.text()).contains("Done. The partner is asked about '" + id + "'");
    assertThat(state(north)).isNotEqualTo("PARKED");
  }

  @Test
  void whoMayNotReplaySeesWhyNot() {
    var id = hub.appliedMessageOwing(account, north);
    var viewer = Browser.of(hub, "vera");

    assertThat(viewer.get("/console/messages/" + id).page().select(".button.off").attr("title"))
        .isNotBlank();
    assertThat(viewer.get("/console/dead-letters/" + id + "/plan").status()).isEqualTo(403);
  }
}
