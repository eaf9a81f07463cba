package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.kpi.Kpi;
import io.serai.kpi.Kpis;
import io.serai.support.Ids;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Figures about orders of one account among those of others. */
@ResourceLock(ApiHub.SHARED)
class KpisApiIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final Kpis kpis = hub.context.getBean(Kpis.class);
  private final String account = "shop-" + UUID.randomUUID();
  private UUID split;

  @BeforeEach
  void orders() throws SQLException {
    split = hub.order(account, "split", "#1", "a@example.com");
    var whole = hub.order(account, "whole", "#2", "a@example.com");
    var held = hub.order(account, "held", "#3", "a@example.com");
    var cancelled = hub.order(account, "cancelled", "#4", "a@example.com");
    shipped(split, 3_600, "T1");
    shipped(split, 7_200, null);
    shipped(whole, 3 * 86_400, "T2");
    for (var decided : new UUID[] {split, whole, held}) {
      hub.jdbc.sql("INSERT INTO decision VALUES (?, 1, 'v1', '{}', now())").param(decided).update();
    }
    hub.jdbc
        .sql(
            """
            INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at) VALUES (?, 1, 'RISK', 'Look.', 'fraud', now() - interval '1 hour')""")
        .param(held)
        .update();
    hub.jdbc
        .sql("UPDATE sales_order SET state = 'CANCELLED' WHERE id = ?")
        .param(cancelled)
        .update();
    hub.jdbc
        .sql(
            "UPDATE order_document SET document = '{\"cancelReason\":\"INVENTORY\"}' WHERE order_id = ?")
        .param(cancelled)
        .update();
    kpis.compute();
  }

  private void shipped(UUID order, int seconds, String tracking) {
    hub.jdbc
        .sql(
            """
            WITH f AS (
              INSERT INTO fulfillment_order (id, order_id, node, state, created_at, updated_at)
              VALUES (gen_random_uuid(), :id, 'n', 'SHIPPED', now(), now()) RETURNING id)
            INSERT INTO shipment (id, order_id, fulfillment_order_id, partner_shipment_id, tracking_number, document, shipped_at, created_at)
            SELECT gen_random_uuid(), :id, f.id, 'P', :tracking, '{}',
              (SELECT placed_at FROM sales_order WHERE id = :id) + make_interval(secs => :seconds), now() FROM f""")
        .param("id", order)
        .param("tracking", tracking)
        .param("seconds", seconds)
        .update();
  }

  private JsonNode figure(Kpi kpi) {
    return hub.get("/kpis/" + kpi.word() + "?account=" + account).json();
  }

  private String value(Kpi kpi) {
    var figure = figure(kpi);
    return figure.path("value").asText()
        + " of "
        + figure.path("hits").asText()
        + "/"
        + figure.path("base").asText();
  }

  @Test
  void eachFigureIsWhatItsDefinitionSays() {
    assertThat(value(Kpi.CANCELLED_FOR_STOCK)).isEqualTo("25.00 of 1/4");
    assertThat(value(Kpi.SPLIT_SHIPMENTS)).isEqualTo("50.00 of 1/2");
    assertThat(value(Kpi.FIRST_ATTEMPT_ALLOCATION)).isEqualTo("66.67 of 2/3");
    assertThat(value(Kpi.ON_TIME_SHIP)).isEqualTo("50.00 of 1/2");
    assertThat(value(Kpi.TRACKING_COMPLETENESS)).isEqualTo("66.67 of 2/3");
    assertThat(value(Kpi.EXCEPTIONS)).isEqualTo("25.00 of 1/4");
    assertThat(value(Kpi.EXCEPTION_BACKLOG)).isEqualTo("1 of 1/1");
    var ship = figure(Kpi.ORDER_TO_SHIP);
    assertThat(ship.path("value").asDouble()).isEqualTo((3_600 + 3 * 86_400) / 2.0);
    assertThat(ship.path("most").asDouble()).isEqualTo(3 * 86_400);
    assertThat(ship.path("unit").asText()).isEqualTo("seconds");
    assertThat(figure(Kpi.HOLD_AGE).path("value").asDouble()).isBetween(3_600.0, 7_200.0);
  }

  @Test
  void aFigureComesWithItsTrendItsAccountsAndTheOrdersBehindIt() {
    var figure = figure(Kpi.SPLIT_SHIPMENTS);
    assertThat(figure.path("days")).hasSize(1);
    assertThat(figure.at("/days/0/hits").asInt()).isEqualTo(1);
    assertThat(figure.path("accounts").findValuesAsText("of")).contains(account);

    var orders = hub.get("/kpis/split-shipments/orders?account=" + account).json().path("items");

    assertThat(orders.findValuesAsText("orderId")).containsExactly(Ids.text("ord", split));
    assertThat(orders.get(0).path("amount").asInt()).isEqualTo(2);
  }

  @Test
  void theOrdersBehindAFigureArePaged() {
    var first = hub.get("/kpis/order-to-ship/orders?limit=1&account=" + account).json();
    var second =
        hub.get(
                "/kpis/order-to-ship/orders?limit=1&account="
                    + account
                    + "&cursor="
                    + first.path("next").asText())
            .json();

    assertThat(first.path("items")).hasSize(1);
    assertThat(second.at("/items/0/orderId").asText()).isEqualTo(Ids.text("ord", split));
    assertThat(second.path("next").isNull()).isTrue();
  }

  @Test
  void aFigureThatIsNoneIsRefusedWithThoseThereAre() {
    assertThat(hub.get("/kpis/margin").detail())
        .startsWith(
            "Figure 'margin' is not known; there are: cancelled-for-stock, split-shipments,");
  }

  @Test
  void computedAgainADayIsReplacedAndOneThatLeftTheWindowStays() throws SQLException {
    hub.jdbc
        .sql(
            "INSERT INTO kpi_value VALUES ('split-shipments', '2020-01-01', ?, 3, 4, 75, NULL, NULL, now())")
        .param(account)
        .update();

    kpis.compute();

    assertThat(figure(Kpi.SPLIT_SHIPMENTS).path("days")).hasSize(2);
    assertThat(figure(Kpi.SPLIT_SHIPMENTS).at("/days/1/of").asText()).isEqualTo("2020-01-01");
    assertThat(value(Kpi.SPLIT_SHIPMENTS)).isEqualTo("50.00 of 1/2");
    assertThat(kpis.due()).isFalse();
  }

  @Test
  void metricsHaveOneSeriesAFigureAndThreeADuration() throws SQLException {
    var meters = new SimpleMeterRegistry();
    kpis.bindTo(meters);
    kpis.observe();

    assertThat(meters.find("serai.kpi").gauges()).hasSize(Kpi.values().length + 2 * 3);
    assertThat(
            meters
                .get("serai.kpi")
                .tag("kpi", "split-shipments")
                .tag("stat", "value")
                .gauge()
                .value())
        .isBetween(0.0, 100.0);
  }

  @Test
  void theTerminalShowsTheSame() {
    assertThat(terminal.serai("kpis", "--account", account)).as(terminal.err()).isZero();
    assertThat(terminal.out()).containsPattern("split-shipments +50.00 +- +- +% +7 days");
    assertThat(terminal.serai("kpis", "split-shipments", "--account", account)).isZero();
    assertThat(terminal.out()).contains("orders with > 1 shipment").contains("By day");
    assertThat(terminal.serai("kpis", "split-shipments", "--orders", "--account", account))
        .isZero();
    assertThat(terminal.out()).contains(Ids.text("ord", split));
    assertThat(terminal.serai("kpis", "--orders")).isEqualTo(1);
    assertThat(terminal.err()).contains("name it, as in 'serai kpis exceptions --orders'.");
  }
}
