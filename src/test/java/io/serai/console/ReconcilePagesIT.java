package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import io.serai.kpi.Kpis;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What stands otherwise elsewhere, and figures about the business, as people see them. */
@ResourceLock(ApiHub.SHARED)
class ReconcilePagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();
  private final Browser operator = Browser.of(hub, "otto");

  @AfterEach
  void forget() {
    hub.jdbc.sql("DELETE FROM finding WHERE account = ?").param(account).update();
  }

  private String finding(String kind, String remedy) {
    return "fnd_"
        + hub.jdbc
            .sql(
                """
                INSERT INTO finding (account, kind, thing, theirs, sentence, remedy, target, state, first_seen_at, last_seen_at, run_id)
                VALUES (?, ?, '1001', '#1001', 'Order <1001> is not here.', ?, '1001', 'OPEN', now(), now(), 1) RETURNING id""")
            .params(account, kind, remedy)
            .query(Long.class)
            .single();
  }

  private String state(String id) {
    return hub.jdbc
        .sql("SELECT state || ' ' || coalesce(note, '') FROM finding WHERE id = ?")
        .param(Long.parseLong(id.substring(4)))
        .query(String.class)
        .single();
  }

  @Test
  void aFindingIsShownWithItsButtonAndSetGoingByIt() {
    var id = finding("ORDER_MISSING", "PULL");

    var seen = operator.get("/console/reconciliation?account=" + account);
    assertThat(seen.text()).contains(id).contains("Order <1001> is not here.").contains("Pull");

    var done = operator.press(seen.page(), "/console/reconciliation/" + id + "/fix", Map.of());

    assertThat(done.text()).contains("'%s' is asked for '1001' again.".formatted(account));
    assertThat(operator.get("/console/reconciliation?account=" + account).text())
        .contains("Set going by otto; compare again.");
  }

  @Test
  void aFindingIsAcceptedWithAReason() {
    var id = finding("ORDER_EXTRA", null);

    operator.press(
        operator.get("/console/reconciliation?account=" + account).page(),
        "/console/reconciliation/" + id + "/accept",
        Map.of("reason", "Deleted there by hand."));

    assertThat(state(id)).isEqualTo("ACCEPTED Deleted there by hand.");
    assertThat(operator.get("/console/reconciliation?state=accepted&account=" + account).text())
        .contains("Accepted by otto: Deleted there by hand.");
  }

  @Test
  void figuresAreShownWithTheirDefinitionsAndTheOrdersBehindThem() throws Exception {
    hub.context.getBean(Kpis.class).compute();

    assertThat(operator.get("/console/kpis").text())
        .contains("split shipments")
        .contains("left as more than one shipment");
    assertThat(operator.get("/console/kpis/exceptions").text())
        .contains("(holds + deliveries parked or refused) × 100 ÷ orders")
        .contains("Orders behind it");
  }
}
