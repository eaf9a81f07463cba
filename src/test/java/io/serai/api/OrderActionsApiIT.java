package io.serai.api;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.order.Order;
import io.serai.order.Risk;
import io.serai.support.Json;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(ApiHub.SHARED)
class OrderActionsApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final String sku = "SKU-" + unique;

  /** An order that goes through the engine as a channel's would. */
  private String order(Order order) throws Exception {
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    return "/orders/" + account + ":" + order.channel().orderId();
  }

  private String riskyOrder() throws Exception {
    return order(anOrder().of(account).risky(Risk.Level.HIGH, "proxy").with(sku, 1).build());
  }

  @Test
  void aHeldOrderIsListedWithOwnerAndDueTimeAndReleasedByName() throws Exception {
    var order = riskyOrder();

    var held = hub.get("/holds?kind=risk&channel=" + account).json().at("/items/0");
    assertThat(held.path("owner").asText()).isEqualTo("risk");
    assertThat(held.path("overdue").asBoolean()).isFalse();
    assertThat(Instant.parse(held.path("dueAt").asText())).isAfter(Instant.now());

    var released = hub.post(order + "/release", "{\"kind\":\"risk\",\"reason\":\"called\"}");

    assertThat(released.status()).isEqualTo(200);
    assertThat(released.json().at("/hold/kind").asText()).as("the next one").isEqualTo("UNMAPPED");
    var read = hub.get(order).json();
    assertThat(read.at("/holds/0/releasedBy").asText()).isEqualTo("token:api");
    assertThat(read.at("/holds/0/releaseReason").asText()).isEqualTo("called");
    assertThat(
            hub.jdbc
                .sql("SELECT reason FROM audit_entry WHERE action = 'order.release' AND object = ?")
                .param(read.path("id").asText())
                .query(String.class)
                .single())
        .isEqualTo("called");
    assertThat(hub.get("/holds?kind=risk&channel=" + account).json().path("items")).isEmpty();
  }

  @Test
  void aPersonHoldsAnOrderWithOwnerAndDueTime() throws Exception {
    var order = riskyOrder();

    var held =
        hub.post(
            order + "/hold",
            "{\"reason\":\"Wait a week.\",\"owner\":\"sales\",\"dueAt\":\"2020-01-31T12:00:00Z\"}");

    assertThat(held.status()).isEqualTo(200);
    assertThat(held.json().path("state").asText()).isEqualTo("ON_HOLD");
    var overdue = hub.get("/holds?overdue=true&owner=sales&channel=" + account).json();
    assertThat(overdue.at("/items/0/kind").asText()).isEqualTo("MANUAL");
    assertThat(overdue.at("/items/0/placedBy").asText()).isEqualTo("token:api");
  }

  @Test
  void holdsAreReadPageByPage() throws Exception {
    for (var number = 1; number <= 3; number++) {
      order(anOrder().of(account).numbered("10" + number).risky(Risk.Level.HIGH).build());
    }

    var first = hub.get("/holds?limit=2&channel=" + account).json();
    var second = hub.get("/holds?channel=" + account + "&cursor=" + first.path("next").asText());

    assertThat(first.path("items")).hasSize(2);
    assertThat(second.json().path("items")).hasSize(1);
    assertThat(second.json().path("next").isNull()).isTrue();
  }

  @Test
  void whatCannotBeDoneIsAConflictThatSaysWhy() throws Exception {
    var order = riskyOrder();

    var moved = hub.post(order + "/reassign", "{\"node\":\"nj-1\",\"reason\":\"x\"}");
    assertThat(moved.status()).isEqualTo(409);
    assertThat(moved.detail())
        .isEqualTo(
            "Order '#1001' is held (RISK), so nothing of it can be moved. Release it first.");

    hub.post(order + "/release", "{\"reason\":\"x\"}");
    var short_ = hub.post(order + "/reassign", "{\"node\":\"nj-1\",\"reason\":\"x\"}");
    assertThat(short_.status()).isEqualTo(409);
    assertThat(short_.detail()).startsWith("Node 'nj-1' can promise 0 of SKU '" + sku + "'");
  }

  @Test
  void badRequestsAreNamed() throws Exception {
    var order = riskyOrder();

    assertThat(hub.post(order + "/hold", "{}").detail())
        .isEqualTo("Nothing says why to hold the order; give 'reason' as text.");
    assertThat(hub.post(order + "/hold", "{\"kind\":\"TEST\",\"reason\":\"x\"}").detail())
        .isEqualTo(
            "'TEST' is no kind of hold that a person places; give one of RISK, ADDRESS, PAYMENT,"
                + " STOCK, MANUAL.");
    assertThat(hub.post("/orders/" + account + ":none/hold", "{\"reason\":\"x\"}").status())
        .isEqualTo(404);
    assertThat(hub.post(order + "/reassign", "{\"fulfillment\":\"F-1\",\"reason\":\"x\"}").status())
        .isEqualTo(400);
  }

  @Test
  void whatCannotBeKeptIsRefusedAndNothingIsTold() throws Exception {
    var order = riskyOrder();

    assertThat(hub.post(order + "/hold", "{\"reason\":\"%s\"}".formatted("x".repeat(501))).detail())
        .isEqualTo(
            "'reason' is longer than 500 characters or has a zero byte; shorten or correct it.");
    assertThat(hub.post(order + "/release", "{\"reason\":\"a\\u0000b\"}").status()).isEqualTo(400);
    assertThat(
            hub.post(order + "/hold", "{\"reason\":\"x\",\"dueAt\":\"9999-12-31T00:00:00Z\"}")
                .detail())
        .isEqualTo(
            "'dueAt' is '9999-12-31T00:00:00Z', which nobody can mean; give an instant of this century.");
    assertThat(hub.post(order + "/reassign", "{\"node\":\"nj-1\",\"reason\":\"x\"}").status())
        .isEqualTo(409);

    var id = hub.get(order).json().path("id").asText();
    assertThat(hub.get("/audit?object=" + id).json().path("items").findValuesAsText("action"))
        .noneMatch(action -> action.startsWith("order."));
  }

  @Test
  void aPersonChangesAnOrder() throws Exception {
    var order = riskyOrder();

    assertThat(hub.post(order + "/change", "{}").detail())
        .isEqualTo("Nothing says why to change the order; give 'reason' as text.");
    assertThat(hub.post(order + "/change", "{\"reason\":\"x\"}").detail())
        .isEqualTo(
            "Nothing says what to change; give at least one of 'lines', 'added' and 'shipTo'.");
    assertThat(
            hub.post(order + "/change", "{\"reason\":\"x\",\"lines\":[{\"lineId\":\"1\"}]}")
                .detail())
        .isEqualTo("A line to change has no 'lineId' or no 'sku'; give both.");
    assertThat(
            hub.post(order + "/change", "{\"reason\":\"x\",\"added\":[{\"sku\":\"TEA\"}]}")
                .detail())
        .isEqualTo("A line to add has no 'sku' or no 'quantity' of 1 to 1000000; give both.");
    assertThat(
            hub.post(
                    order + "/change",
                    "{\"reason\":\"x\",\"added\":[%s]}".formatted("null,".repeat(100) + "null"))
                .detail())
        .isEqualTo("'added' has 101 entries; give at most 100.");
    assertThat(
            hub.post(order + "/change", "{\"reason\":\"x\",\"shipTo\":{\"city\":\"Ulm\"}}")
                .detail())
        .isEqualTo(
            "'shipTo' has no 'lines' or no 'countryCode' of two letters; give the whole address.");
    var nowhere =
        hub.post(
            order + "/change",
            "{\"reason\":\"x\",\"shipTo\":{\"lines\":[\"Gasse 1\"],\"city\":\"Ulm\",\"countryCode\":\"de\"}}");
    assertThat(nowhere.status()).isEqualTo(409);
    assertThat(nowhere.detail())
        .isEqualTo("Nobody could deliver order '#1001' there: the address has no postal code.");

    var done =
        hub.post(
            order + "/change",
            """
            {"reason":"She moved.","added":[{"sku":"TEA-%s","quantity":2}],
             "shipTo":{"lines":["Gasse 1"],"city":"Ulm","postalCode":"89073","countryCode":"de"}}"""
                .formatted(unique));

    assertThat(done.status()).isEqualTo(200);
    var read = hub.get(order).json();
    assertThat(read.at("/document/shipTo/address/city").asText()).isEqualTo("Ulm");
    assertThat(read.at("/changes/0/state").asText()).isEqualTo("DONE");
    assertThat(read.at("/changes/0/actor").asText()).isEqualTo("token:api");
    assertThat(read.at("/changes/0/parts")).hasSize(2);
    assertThat(read.at("/changes/0/parts/1").hasNonNull("after")).isFalse();
    var audit = hub.get("/audit?action=order.change&object=" + read.path("id").asText()).json();
    assertThat(audit.at("/items/0/reason").asText()).isEqualTo("She moved.");
    assertThat(audit.toString()).doesNotContain("Gasse");
  }

  @Test
  void theTerminalChangesAnOrderToo() throws Exception {
    var order = riskyOrder().substring("/orders/".length());
    var terminal = new OnTerminal(hub);

    assertThat(
            terminal.serai(
                "orders", "change", order, "--add", "TEA-" + unique + "=2", "--reason", "a gift"))
        .as(terminal::err)
        .isZero();
    assertThat(terminal.serai("orders", "show", order)).isZero();

    assertThat(terminal.out())
        .containsPattern("Changes\\R.*CHANGE")
        .contains("serai-1: 2 instead of 0");
    assertThat(terminal.serai("orders", "change", order, "--city", "Ulm", "--reason", "x"))
        .isNotZero();
    assertThat(terminal.err()).contains("'shipTo' has no 'lines'");
  }

  @Test
  void aPersonCancelsAnOrder() throws Exception {
    var order = riskyOrder();

    assertThat(hub.post(order + "/cancel", "{}").detail())
        .isEqualTo("Nothing says why to cancel the order; give 'reason' as text.");
    assertThat(hub.post(order + "/cancel", "{\"reason\":\"x\",\"code\":\"BORED\"}").detail())
        .isEqualTo(
            "'BORED' is no reason to cancel; give one of CUSTOMER, INVENTORY, FRAUD, DECLINED, ADDRESS, PRICING, OTHER.");
    assertThat(hub.post(order + "/cancel", "{\"reason\":\"x\",\"lines\":[]}").detail())
        .isEqualTo("'lines' has 0 lines; give 1 to 1000, or leave it out to cancel everything.");
    assertThat(
            hub.post(order + "/cancel", "{\"reason\":\"x\",\"lines\":[{\"lineId\":\"1\"}]}")
                .detail())
        .isEqualTo("A line to cancel has no 'lineId' or no 'quantity' of at least 1; give both.");

    var done =
        hub.post(order + "/cancel", "{\"reason\":\"The buyer called.\",\"code\":\"customer\"}");

    assertThat(done.json().path("state").asText()).isEqualTo("CANCELLED");
    var again = hub.post(order + "/cancel", "{\"reason\":\"x\"}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail()).isEqualTo("Order '#1001' is cancelled already.");
    var audit =
        hub.get("/audit?action=order.cancel&object=" + done.json().path("id").asText()).json();
    assertThat(audit.at("/items/0/reason").asText()).isEqualTo("The buyer called.");
    assertThat(audit.path("items")).hasSize(1);
  }
}
