package io.serai.console;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.support.Json;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Returns in the console: opened on the page of an order, counted in and closed on their own. */
@ResourceLock(ApiHub.SHARED)
class ReturnPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final String sku = "S-" + unique;
  private final Browser operator = Browser.of(hub, "otto");
  private String order;

  @BeforeEach
  void twoLeft() throws Exception {
    hub.node("nj-1");
    var sold = anOrder().of(account).with(sku, 2).ofWhichShipped(2).build();
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(sold, Json.node(sold), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    order = operator.get("/console/orders/" + account + ":1001").address();
  }

  @Test
  void aReturnIsOpenedCountedInAndClosedByForms() {
    var page = operator.get(order).page();
    var line = page.select("form[action$=/returns] select[name=line] option").attr("value");

    var opened =
        operator.press(
            page,
            order + "/returns",
            Map.of("line", line, "quantity", "2", "node", "nj-1", "reason", "too small"));
    assertThat(opened.text()).contains("is awaited").contains("What comes back");
    var address = opened.page().select("a[href^=/console/returns/ret_]").attr("href");
    var one = operator.get(address);
    assertThat(one.text()).contains("too small").contains("Nothing yet").contains(sku);

    var wrong =
        operator.press(
            one.page(),
            address + "/receive",
            Map.of("line", line, "quantity", "3", "node", "nj-1"));
    assertThat(wrong.text()).contains("Not done.").contains("brings 3 of line");
    var received =
        operator.press(
            one.page(),
            address + "/receive",
            Map.of("line", line, "quantity", "2", "node", "nj-1", "disposition", "DAMAGED"));
    assertThat(received.text()).contains("It is counted in").contains("2 × " + sku + " damaged");
    var again =
        operator.press(
            one.page(),
            address + "/receive",
            Map.of("line", line, "quantity", "2", "node", "nj-1", "disposition", "DAMAGED"));
    assertThat(again.text()).as("pressed twice").contains("It is counted in");
    assertThat(again.page().select("section:contains(What came) tbody tr")).hasSize(1);
    var closed = operator.press(received.page(), address + "/close", Map.of("reason", "all there"));
    assertThat(closed.text()).contains("It is closed").contains("all there");

    var list = operator.get("/console/returns?state=CLOSED&channel=" + account);
    assertThat(list.page().select("tbody tr")).hasSize(1);
    assertThat(operator.get("/console/returns?overdue=true&channel=" + account).text())
        .contains("No return");
  }

  @Test
  void whatIsAskedForIsDeclinedOrCalledOff() {
    var page = operator.get(order).page();
    var line = page.select("form[action$=/returns] select[name=line] option").attr("value");
    var opened =
        operator.press(
            page,
            order + "/returns",
            Map.of("line", line, "quantity", "1", "node", "nj-1", "reason", "x"));
    var address = opened.page().select("a[href^=/console/returns/ret_]").attr("href");

    var cancelled =
        operator.press(
            operator.get(address).page(), address + "/cancel", Map.of("reason", "she keeps it"));

    assertThat(cancelled.text()).contains("It is called off").contains("cancelled");
    assertThat(cancelled.page().select("form[action$=/cancel]")).isEmpty();
  }

  @Test
  void whoOnlyLooksCannotPress() {
    var viewer = Browser.of(hub, "vera");

    assertThat(viewer.get(order).page().select("form[action$=/returns] fieldset[disabled]"))
        .hasSize(1);
  }
}
