package io.serai.console;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.Serai;
import io.serai.api.ApiHub;
import io.serai.cli.Session;
import io.serai.cli.Terminal;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.order.Order;
import io.serai.order.Risk;
import io.serai.support.Ids;
import io.serai.support.Json;
import io.serai.support.ManualClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import picocli.CommandLine;

/** Orders, home, stock, what is connected, what runs, and who did what. */
@ResourceLock(ApiHub.SHARED)
class ConsolePagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final Browser operator = Browser.of(hub, "otto");

  /** An order that goes through the engine as a channel's would; the address of its page. */
  private String applied(Order order) throws Exception {
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    return operator
        .get("/console/orders/" + account + ":" + Show.part(order.channel().orderId()))
        .address();
  }

  @Test
  void anOrderIsFoundByItsNumberAndOpened() {
    var id = hub.order(account, "c-" + unique, "#n-" + unique, unique + "@example.com");

    for (var key : List.of("c-" + unique, "#n-" + unique, unique + "@example.com")) {
      var seen = operator.get("/console/orders?q=" + Show.part(key));
      assertThat(seen.page().title()).as(key).isEqualTo("Order #n-" + unique + " · Serai");
      assertThat(seen.address()).isEqualTo("/console/orders/" + Ids.text("ord", id));
      assertThat(seen.text()).contains("MUG-BLU").contains("59.90 EUR");
    }
  }

  @Test
  void aSearchIsOnlyEverAValue() {
    var seen = operator.get("/console/orders?q=" + Show.part("'; DROP TABLE sales_order; --"));

    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.text()).contains("No order found").contains("is matched whole");
  }

  @Test
  void aStateThatIsNoneIsRefusedInASentence() {
    var seen = operator.get("/console/orders?state=ODD");

    assertThat(seen.status()).isEqualTo(400);
    assertThat(seen.text()).contains("'ODD' is no order state; give one of NEW");
  }

  @Test
  void aHeldOrderSaysWhyAndIsReleasedForAReason() throws Exception {
    var address =
        applied(
            anOrder().of(account).risky(Risk.Level.HIGH, "proxy").with("S-" + unique, 1).build());
    var page = operator.get(address).page();
    assertThat(page.text()).contains("held").contains("risk acts");

    var without = operator.press(page, address + "/release", Map.of("reason", ""));
    var released =
        operator.press(page, address + "/release", Map.of("kind", "RISK", "reason", "called her"));

    assertThat(without.text()).contains("Not done. This needs a reason");
    assertThat(released.text()).contains("It is released and now").contains("called her");
  }

  @Test
  void scriptInAnyFieldOfAnOrderIsShownAndNeverRun() throws Exception {
    var evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'`${7*7}";
    var order =
        anOrder()
            .of(account)
            .numbered(evil + unique)
            .noted(evil)
            .tagged(evil)
            .risky(Risk.Level.HIGH, evil)
            .to("DE", evil)
            .with(evil + unique, 1)
            .build();
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    var id =
        Ids.text(
            "ord",
            hub.jdbc
                .sql("SELECT id FROM sales_order WHERE account = ?")
                .param(account)
                .query(UUID.class)
                .single());
    operator.press(
        operator.get("/console/orders/" + id).page(), "/console/reveal", Map.of("reason", evil));

    for (var address :
        List.of(
            "/console",
            "/console/orders/" + id,
            "/console/orders?channel=" + account,
            "/console/dead-letters?account=" + account,
            "/console/stock?sku=" + Show.part(evil + unique),
            "/console/stock/item?sku=" + Show.part(evil + unique),
            "/console/maintenance?destination=" + Show.part(evil),
            "/console/reconciliation?account=" + Show.part(evil),
            "/console/audit?object=" + id)) {
      var page = operator.get(address).page();
      assertThat(page.select("body script, img[src=x], [onerror]")).as(address).isEmpty();
    }
    assertThat(operator.get("/console/orders/" + id).text()).contains("<script>alert(1)");
  }

  @Test
  void anAddressNobodyCanDeliverToIsCorrectedAndTheOrderCancelled() throws Exception {
    var page = applied(anOrder().of(account).numbered("a-" + unique).to("DE", "no code").build());
    var seen = operator.get(page);
    assertThat(seen.text()).contains("has a postal code that 'DE' does not have");
    assertThat(operator.press(seen.page(), page + "/change", Map.of("reason", "called")).text())
        .contains("Not done. 'shipTo' has no 'lines' or no 'countryCode' of two letters;");

    var corrected =
        operator.press(
            seen.page(),
            page + "/change",
            Map.of(
                "street", "Weserstraße 12\r\nHinterhaus",
                "city", "Berlin",
                "postalCode", "12045",
                "countryCode", "de",
                "reason", "called the buyer"));

    assertThat(corrected.text()).contains("Done. Its address is changed");
    assertThat(corrected.page().select("section.fault").text())
        .doesNotContain("has a postal code that");
    assertThat(
            operator
                .press(
                    corrected.page(),
                    page + "/cancel",
                    Map.of("code", "CUSTOMER", "reason", "changed their mind"))
                .text())
        .contains("Done. It is asked back from whoever has it and now");
  }

  @Test
  void anOrderIsHeldByHandAndShowsWhoDidIt() throws Exception {
    hub.node("nj-1");
    var address = applied(anOrder().of(account).with("S-" + unique, 1).build());

    var held =
        operator.press(
            operator.get(address).page(),
            address + "/hold",
            Map.of("kind", "MANUAL", "reason", "wait a week"));

    assertThat(held.text()).contains("The order is held").contains("wait a week").contains("otto");
  }

  @Test
  void anOrderWithoutADecisionIsShownWithoutOne() {
    var id = hub.order(account, unique, "#" + unique, null);

    var page = operator.get("/console/orders/" + Ids.text("ord", id)).page();

    assertThat(page.select("h2").eachText()).contains("Lines").doesNotContain("Why here");
    assertThat(page.select("span.off[title='No node has been asked to ship it.']").text())
        .isEqualTo("Move");
  }

  @Test
  void namesOfABuyerAreMaskedUntilTheyAreAskedFor() {
    var id = Ids.text("ord", hub.order(account, unique, "#" + unique, null));
    var page = operator.get("/console/orders/" + id).page();
    assertThat(page.text()).doesNotContain("Ada Example");

    var seen = operator.press(page, "/console/reveal", Map.of("reason", "address is wrong"));

    assertThat(seen.address()).isEqualTo("/console/orders/" + id);
    assertThat(seen.text()).contains("Ada Example").contains("personal-data.reveal");
  }

  @Test
  void homeShowsWhatNeedsAHumanAndWhatIsWrongWithTheHub() {
    hub.parkedMessage(account, "{}", "Field 'home-" + unique + "' is missing.");

    var page = operator.get("/console").page();

    assertThat(page.select("h1").text()).isEqualTo("What needs you");
    assertThat(page.select(".tile").eachText())
        .anyMatch(tile -> tile.contains("dead letter"))
        .anyMatch(tile -> tile.contains("overdue hold"));
    assertThat(page.select("#hub").text())
        .contains("routes/outbound/broken.camel.yaml")
        .contains("Nearest name: 'send'");
    assertThat(page.select("main").text()).contains("northwind");
  }

  @Test
  void stockIsShownTermByTermAndByChannel() {
    var sku = "S/" + unique + " ö";
    hub.node("nj-1");
    hub.jdbc
        .sql(
            """
            INSERT INTO stock_level (sku, node, on_hand, allocated, damaged, source, as_of)
            VALUES (?, 'nj-1', 12, 3, 1, 'a count', now())
            """)
        .param(sku)
        .update();

    var list = operator.get("/console/stock?sku=" + Show.part(sku)).page();
    var item = operator.get(list.select("a.open").attr("href"));

    assertThat(list.select("tbody td.num").eachText().subList(0, 3))
        .containsExactly("8", "12", "3");
    assertThat(item.text()).contains("8 may be sold of 12 on hand").contains("a count");
    assertThat(operator.get("/console/stock/item?sku=none-" + unique).status()).isEqualTo(404);
  }

  @Test
  void accountsShowTheirSettingsButNeverASecret() {
    var channels = operator.get("/console/channels");
    var partners = operator.get("/console/partners");

    assertThat(channels.text()).contains("shopify-main").contains("acme.myshopify.com");
    assertThat(partners.text()).contains("northwind");
    assertThat(channels.response().body() + partners.response().body()).doesNotContain("canary");
  }

  @Test
  void aFileAtFaultIsShownWithItsLineAndRemedy() {
    var seen = operator.get("/console/routes?status=FAILED");

    assertThat(seen.page().select("tbody tr")).hasSize(1);
    assertThat(seen.text()).contains("Step 'sned' is no step").contains("Nearest name: 'send'");
  }

  @Test
  void rulesShowWhatDecidesAndWhatDecidedBefore() {
    var page = operator.get("/console/rules").page();

    assertThat(page.text()).contains("Weights, filters and limits").contains("complete");
    assertThat(operator.get("/console/rules?version=never").status()).isEqualTo(404);
  }

  @Test
  void theAuditIsFilteredAndVerified() {
    var all = operator.get("/console/audit?action=session.login&actor=otto");
    var verified = operator.get("/console/audit?verify=yes");

    assertThat(all.page().select("tbody tr")).isNotEmpty();
    assertThat(all.page().select("tbody tr td:nth-child(2)").eachText()).containsOnly("otto");
    assertThat(verified.page().select(".notice").text())
        .contains("linked entries are as they were");
  }

  @Test
  void aPageOfAListLeadsToTheNextAndLosesNothing() {
    for (int i = 0; i < 53; i++) {
      hub.parkedMessage(account, "{}", "Field 'page-" + unique + "' is missing.");
    }

    var first = operator.get("/console/messages?account=" + account).page();
    var second = operator.get(first.select("a[rel=next]").attr("href")).page();

    var seen = new ArrayList<>(first.select("a.open").eachText());
    seen.addAll(second.select("a.open").eachText());
    assertThat(seen).hasSize(53).doesNotHaveDuplicates();
    assertThat(second.select("a[rel=next]")).isEmpty();
  }

  @Test
  void rowsStandCloseTogetherForWhoeverWantsThat() {
    var page = operator.get("/console/stock").page();
    assertThat(page.select("html").attr("data-density")).isEmpty();

    var dense = operator.press(page, "/console/density", Map.of("density", "dense"));
    assertThat(dense.page().select("html").attr("data-density")).isEqualTo("dense");
    assertThat(operator.get("/console/orders").page().select("html").attr("data-density"))
        .isEqualTo("dense");

    var usual = operator.press(dense.page(), "/console/density", Map.of("density", "\"><b>"));
    assertThat(usual.page().select("html").hasAttr("data-density")).isFalse();
    assertThat(usual.page().select("b")).isEmpty();
  }

  @Test
  void theColorsThatAreChosenStay() {
    var page = operator.get("/console/stock").page();

    var dark = operator.press(page, "/console/theme", Map.of("theme", "dark"));
    var odd = operator.press(dark.page(), "/console/theme", Map.of("theme", "\"><b>"));

    assertThat(dark.page().select("html").attr("data-theme")).isEqualTo("dark");
    assertThat(odd.page().select("html").attr("data-theme")).isEqualTo("auto");
    assertThat(odd.page().select("b")).isEmpty();
  }

  @Test
  void theLoginAndTheFirstPageAreLight() {
    var seen = operator.get("/console");
    int bytes = seen.response().body().length();
    for (var file : List.of("console.css", "console.js", "twins.js", "htmx.js", "mark.svg")) {
      bytes += operator.get(StaticFiles.address(file)).response().body().length();
    }

    assertThat(bytes).as("uncompressed").isLessThan(300_000);
  }

  @Test
  void everyCommandThatIsShownIsOneThatTheTerminalKnows() throws Exception {
    var message = hub.parkedMessage(account, "{}", "Field 'twin-" + unique + "' is missing.");
    var delivery = hub.doubtfulDelivery(account);
    var order = applied(anOrder().of(account).with("T-" + unique, 1).build());
    var group =
        operator
            .get("/console/dead-letters?account=" + account)
            .page()
            .select("a.open")
            .attr("href");
    var addresses = new ArrayList<>(List.of(group, order));
    addresses.add("/console/messages/" + message);
    addresses.add("/console/deliveries/" + delivery);
    addresses.add("/console/dead-letters/" + message + "/plan");
    hub.node("nj-1");
    hub.post(
        "/stock/receive",
        "{\"node\":\"nj-1\",\"rows\":[{\"sku\":\"TWIN-%s\",\"quantity\":1}]}".formatted(unique));
    addresses.add("/console/stock/item?sku=TWIN-" + unique);
    addresses.add("/console/orders?q=" + Show.part("it's") + unique);
    Frame.NAVIGATION.forEach(entry -> addresses.add(entry.address()));

    var commands = new ArrayList<String>();
    addresses.forEach(
        address ->
            operator
                .get(address)
                .page()
                .select(".twin code")
                .forEach(code -> commands.addAll(code.wholeText().lines().toList())));

    assertThat(commands).hasSizeGreaterThan(15);
    for (var command : commands) {
      assertThat(faultOf(command)).as(command).isNull();
    }
  }

  /** Why the terminal would not take it, or null. */
  private static String faultOf(String command) {
    var words = new ArrayList<String>();
    var matcher = java.util.regex.Pattern.compile("'((?:[^']|'\\\\'')*)'|(\\S+)").matcher(command);
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    assertThat(words.get(0)).isEqualTo("./serai");
    var silent = new PrintWriter(new StringWriter());
    try {
      Serai.commandLine(
              new Session(
                  new Terminal(silent, silent, 0, false, ZoneOffset.UTC),
                  Map.<String, String>of()::get,
                  new ManualClock()))
          .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      return null;
    } catch (CommandLine.ParameterException e) {
      return e.getMessage();
    }
  }
}
