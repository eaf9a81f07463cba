package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Policy;
import io.serai.allocation.Question;
import io.serai.allocation.Want;
import io.serai.hub.DryAllocation;
import io.serai.support.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Rules that are read, checked and simulated, and quotes, over HTTP; nothing takes effect. */
@ResourceLock(ApiHub.SHARED)
class RulesApiIT {
  private static final Instant AT = Instant.parse("2026-03-03T15:00:00Z");

  private final ApiHub hub = ApiHub.running();

  @BeforeEach
  @AfterEach
  void forget() {
    for (var table :
        new String[] {
          "decision",
          "order_document",
          "order_line",
          "sales_order",
          "stock_incoming",
          "stock_level",
          "node"
        }) {
      hub.jdbc.sql("DELETE FROM " + table).update();
    }
  }

  private ApiHub.Answer post(String path, Object body) {
    return hub.send(ApiHub.bearer(ApiHub.TOKEN), "POST", path, Json.text(body));
  }

  private void stock(String sku, int units) {
    hub.jdbc
        .sql("INSERT INTO node (id, type, priority, active) VALUES ('nj-1', '3pl', 1, true)")
        .update();
    hub.jdbc
        .sql(
            "INSERT INTO stock_level (sku, node, on_hand, source, as_of) VALUES (?, 'nj-1', ?, 'test', now())")
        .params(sku, units)
        .update();
  }

  @Test
  void theRulesInEffectAreReadWithWeightsAndFilters() {
    var rules = hub.get("/rules").json();

    assertThat(rules.path("name").asText()).isEqualTo("standard");
    assertThat(rules.at("/weights/complete").asInt()).isEqualTo(1000);
    assertThat(rules.at("/filters/served-country").asBoolean()).isTrue();
    assertThat(rules.path("faults")).isEmpty();
  }

  @Test
  void everyVersionThatWasInEffectCanBeReadWordForWord() {
    var version = hub.get("/rules").json().path("version").asText();

    var read = hub.get("/rules/versions/" + version).json();
    var unknown = hub.get("/rules/versions/nowhere");

    assertThat(read.path("text").asText()).contains("name: standard");
    assertThat(hub.get("/rules/versions").json().findValuesAsText("version")).contains(version);
    assertThat(unknown.status()).isEqualTo(404);
  }

  @Test
  void aDraftIsCheckedByTheNodesOfTheHub() {
    var good = post("/rules/check", Map.of("text", "name: a\nrules:\n- {name: x, only: nj-1}\n"));
    var bad = post("/rules/check", Map.of("text", "name: a\nrules:\n- {name: x, only: nj-2}\n"));

    assertThat(good.json().path("faults")).isEmpty();
    assertThat(good.json().path("version").asText()).hasSize(12);
    assertThat(bad.json().at("/faults/0").asText())
        .isEqualTo(
            "rules/allocation.rules.yaml:3: Rule 'x': 'only' names node 'nj-2', which is not under"
                + " 'serai.nodes'. Nearest name: 'nj-1'.");
    assertThat(hub.get("/rules").json().path("name").asText()).isEqualTo("standard");
  }

  @Test
  void aQuoteDecidesAndReservesNothing() {
    stock("MUG-BLU", 3);
    var lines = List.of(Map.of("sku", "MUG-BLU", "quantity", 2));
    var order = Map.of("shipTo", Map.of("address", Map.of("countryCode", "US")), "lines", lines);

    var quote = post("/allocations/quote", order);
    var again = post("/allocations/quote", order);
    var tooMany =
        post(
            "/allocations/quote",
            Map.of("lines", List.of(Map.of("sku", "MUG-BLU", "quantity", 4))));

    assertThat(quote.json().path("available").asBoolean()).isTrue();
    assertThat(quote.json().at("/decision/assignments/0/node").asText()).isEqualTo("nj-1");
    assertThat(again.json().path("available").asBoolean()).isTrue();
    assertThat(tooMany.json().path("available").asBoolean()).isFalse();
    assertThat(hub.jdbc.sql("SELECT allocated FROM stock_level").query(Integer.class).single())
        .isZero();
  }

  @Test
  void aQuoteWithoutLinesOrWithAnAbsurdOneIsRefusedByName() {
    var none = post("/allocations/quote", Map.of());
    var zero =
        post(
            "/allocations/quote",
            Map.of("lines", List.of(Map.of("sku", "MUG-BLU", "quantity", 0))));

    assertThat(none.status()).isEqualTo(422);
    assertThat(none.json().path("detail").asText())
        .isEqualTo("The order has no lines; give at least one.");
    assertThat(zero.json().path("detail").asText())
        .isEqualTo("Line 1 has no SKU or no quantity from 1; give both.");
  }

  private void decided(String number, double value, int available) {
    var id = new UUID(AT.toEpochMilli() << 16, Long.parseLong(number));
    var document =
        Map.of(
            "channel",
            Map.of("account", "shopify-main"),
            "totals",
            Map.of("channelGrandTotal", Map.of("amount", Double.toString(value))),
            "lines",
            List.of(Map.of("lineId", "l1", "sku", "MUG-BLU")));
    hub.jdbc
        .sql(
            """
            INSERT INTO sales_order (id, account, channel_order_id, display_number, state, revision, received_at, updated_at)
            VALUES (?, 'shopify-main', ?, ?, 'RELEASED', 1, now(), now())""")
        .params(id, number, "#" + number)
        .update();
    hub.jdbc
        .sql("INSERT INTO order_document (order_id, document) VALUES (?, ?::json)")
        .params(id, Json.text(document))
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered)
            VALUES (?, 1, 'l1', 'MUG-BLU', 'PHYSICAL', true, 2)""")
        .params(id)
        .update();
    var decision =
        Allocator.allocate(
            Policy.STANDARD,
            Question.of(
                List.of(new Want(1, "MUG-BLU", 2)),
                List.of(new Candidate("nj-1", "3pl", "northwind", null)),
                (sku, node) -> OptionalInt.of(available)));
    hub.jdbc
        .sql(
            """
            INSERT INTO decision (order_id, revision, rule_version, document, decided_at) VALUES (?, 1, ?, ?::json, ?)""")
        .params(id, decision.rule(), Json.text(decision), AT.atOffset(ZoneOffset.UTC))
        .update();
  }

  @Test
  void aDraftThatForbidsDearOrdersWouldHaveChangedThoseAlone() {
    decided("1001", 50, 9);
    decided("1002", 500, 9);
    decided("1003", 500, 1);

    var answer =
        post(
            "/rules/simulate",
            Map.of(
                "text",
                "name: draft\nrules:\n- {name: dear, when: order.value > 100, never: nj-1}\n",
                "orders",
                10));
    var simulation = answer.json();

    assertThat(answer.status()).isEqualTo(200);
    assertThat(simulation.path("orders").asInt()).isEqualTo(3);
    assertThat(simulation.path("skipped").asInt()).isZero();
    assertThat(simulation.path("differing").asInt()).isEqualTo(2);
    assertThat(simulation.at("/was/outcomes/ALLOCATED").asInt()).isEqualTo(2);
    assertThat(simulation.at("/would/outcomes/ALLOCATED").asInt()).isEqualTo(1);
    assertThat(simulation.at("/would/outcomes/UNALLOCATABLE").asInt()).isEqualTo(2);
    assertThat(simulation.path("differences").findValuesAsText("number"))
        .containsExactlyInAnyOrder("#1002", "#1003");
  }

  @Test
  void theRulesInEffectWouldHaveDecidedAsTheyDid() {
    decided("1001", 50, 9);
    decided("1002", 500, 1);

    var simulation = post("/rules/simulate", Map.of("current", true)).json();

    assertThat(simulation.path("orders").asInt()).isEqualTo(2);
    assertThat(simulation.path("differing").asInt()).isZero();
  }

  @Test
  void aDraftWithAFaultIsNotSimulated() {
    var answer = post("/rules/simulate", Map.of("text", "name: draft\nrules:\n- {name: x}\n"));
    var tooMany =
        post("/rules/simulate", Map.of("current", true, "orders", DryAllocation.MOST + 1));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("detail").asText())
        .startsWith("The draft has 1 fault(s); the first: rules/allocation.rules.yaml:3: Rule 'x'");
    assertThat(tooMany.json().path("detail").asText())
        .isEqualTo("'orders' is no whole number from 1 to 5000.");
  }
}
