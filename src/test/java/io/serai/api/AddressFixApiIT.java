package io.serai.api;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.order.Order;
import io.serai.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The addresses of many orders, corrected at once. */
@ResourceLock(ApiHub.SHARED)
class AddressFixApiIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();
  @TempDir Path folder;

  private String order(String number, String postalCode) throws Exception {
    return order(anOrder().of(account).numbered(number).to("DE", postalCode).with("S", 1).build());
  }

  private String order(Order order) throws Exception {
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    return account + ":" + order.channel().orderId();
  }

  private ApiHub.Answer fix(String csv, Integer count, boolean dryRun) {
    var body = JsonNodeFactory.instance.objectNode().put("csv", csv).put("dryRun", dryRun);
    if (!dryRun) {
      body.put("reason", "The shop cut them.").put("count", count);
    }
    return hub.post("/orders/addresses", body.toString());
  }

  private String postalCode(String order) {
    return hub.get("/orders/" + order).json().at("/document/shipTo/address/postalCode").asText();
  }

  private int changesInAudit(String order) {
    return hub.jdbc
        .sql("SELECT count(*) FROM audit_entry WHERE action = 'order.change' AND object = ?")
        .param(hub.get("/orders/" + order).json().path("id").asText())
        .query(Integer.class)
        .single();
  }

  @Test
  void whatWouldChangeIsShownThenDoneOnceAndTheHoldEnds() throws Exception {
    var wrong = order("1", "1204");
    var right = order("2", "12045");
    assertThat(hub.get("/holds?kind=address&channel=" + account).json().path("items")).hasSize(1);
    var csv = "\ufefforder;Postal Code\r\n%s;12047\r\n%s;12045\r\n".formatted(wrong, right);

    var plan = fix(csv, null, true).json();
    assertThat(plan.path("changed").asInt()).isEqualTo(1);
    assertThat(plan.path("same").asInt()).isEqualTo(1);
    assertThat(plan.at("/rows/0/changes/0/from").asText()).isEqualTo("1204");
    assertThat(plan.at("/rows/0/changes/0/to").asText()).isEqualTo("12047");
    assertThat(plan.at("/rows/0/changes")).hasSize(1);
    assertThat(plan.at("/rows/1/sentence").asText()).isEqualTo("It is so already.");
    assertThat(postalCode(wrong)).isEqualTo("1204");

    var done = fix(csv, 1, false);
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.json().path("changed").asInt()).isEqualTo(1);
    assertThat(postalCode(wrong)).isEqualTo("12047");
    assertThat(hub.get("/holds?kind=address&channel=" + account).json().path("items")).isEmpty();
    assertThat(changesInAudit(wrong)).isEqualTo(1);
    assertThat(changesInAudit(right)).isZero();

    var again = fix(csv, 1, false);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail())
        .isEqualTo("0 orders would change, not 1; look at it again with 'dryRun'.");
    assertThat(fix(csv, 0, false).json().path("same").asInt()).isEqualTo(2);
    assertThat(changesInAudit(wrong)).isEqualTo(1);
  }

  @Test
  void whatCannotBeIsLeftAndNamedWhileTheRestGoesOn() throws Exception {
    var good = order("1", "1204");
    var cancelled = order("2", "1204");
    hub.post("/orders/" + cancelled + "/cancel", "{\"reason\":\"The buyer called.\"}");
    var nowhere = order("3", "1204");
    var csv =
        "order,street,postalCode,country\n%s,,12045,\n%s,,12045,\n%s,,1,\n%s,,12045,\n%s,,12045,\n,,1,\n%s,,12045,XQ9\n"
            .formatted(good, cancelled, nowhere, good, "shop:none", order("4", "1204"));

    var plan = fix(csv, null, true).json();
    assertThat(sentences(plan))
        .containsExactly(
            null,
            "Order '#2' is CANCELLED; where it went does not change any more.",
            "It may be refused: the address has a postal code that 'DE' does not have.",
            "Order '#1' is there twice.",
            "Order 'shop:none' is not known; look for it with GET /api/v1/orders?q=.",
            "No order is named; give 'order'.",
            "'shipTo' has no 'lines' or no 'countryCode' of two letters; give the whole address.");
    assertThat(plan.path("changed").asInt()).isEqualTo(2);
    assertThat(plan.path("refused").asInt()).isEqualTo(5);

    var done = fix(csv, 2, false).json();
    assertThat(done.path("changed").asInt()).isEqualTo(1);
    assertThat(done.at("/rows/2/outcome").asText()).isEqualTo("REFUSED");
    assertThat(done.at("/rows/2/sentence").asText())
        .isEqualTo(
            "Nobody could deliver order '#3' there: the address has a postal code that 'DE' does not have.");
    assertThat(postalCode(good)).isEqualTo("12045");
    assertThat(postalCode(nowhere)).isEqualTo("1204");
  }

  private static java.util.List<String> sentences(JsonNode plan) {
    var all = new java.util.ArrayList<String>();
    plan.path("rows").forEach(row -> all.add(row.path("sentence").asText(null)));
    return all;
  }

  @Test
  void aTableThatCannotBeReadIsRefusedAndNothingChanges() throws Exception {
    var order = order("1", "1204");
    assertThat(fix("number,city\n1,Berlin\n", null, true).detail())
        .isEqualTo(
            "Column 'number' is none of an address; give some of order, name, street, street2, city, region, postalCode, countryCode.");
    assertThat(fix("city\nBerlin\n", null, true).detail())
        .startsWith("The first line names no column 'order'; begin with a line of some of order,");
    assertThat(fix("order,city\n%s,Berlin,Mitte\n".formatted(order), null, true).detail())
        .isEqualTo(
            "Line 2 has 3 fields and the first line names 2; put a field with a comma in quotes.");
    assertThat(fix("order,city\n%s,\"Berlin\n".formatted(order), null, true).detail())
        .startsWith("Line 2 ")
        .endsWith("; correct it, nothing was changed.");
    assertThat(fix("order,city\n", null, true).detail())
        .isEqualTo(
            "There is nothing to correct, or it is given twice; give 'fixes' or 'csv' with at least one order.");
    var many =
        IntStream.range(0, 501).mapToObj(n -> "x:" + n + ",B\n").collect(Collectors.joining());
    assertThat(fix("order,city\n" + many, null, true).detail())
        .isEqualTo("There are 501 corrections; give at most 500 at once.");
    assertThat(fix("order,postalCode\n%s,12045\n".formatted(order), null, false).detail())
        .isEqualTo("1 orders would change; give that as 'count' to say that you mean them all.");
    assertThat(
            hub.post(
                    "/orders/addresses",
                    "{\"fixes\":[{\"order\":\"%s\",\"postalCode\":\"12045\"}],\"count\":1}"
                        .formatted(order))
                .detail())
        .isEqualTo("Nothing says why the addresses change; give 'reason' as text.");
    assertThat(postalCode(order)).isEqualTo("1204");
  }

  @Test
  void aKeyOfTwoOrdersNamesNone() throws Exception {
    var number = UUID.randomUUID().toString();
    order(number, "1204");
    order(anOrder().of(account + "-2").numbered(number).to("DE", "1204").with("S", 1).build());
    assertThat(sentences(fix("order,city\n" + number + ",Berlin\n", null, true).json()))
        .containsExactly(
            "'%s' is the key of more than one order; write channel:number.".formatted(number));
  }

  @Test
  void whoMayNotSeePersonalDataSeesItMasked() throws Exception {
    var order = order("1", "1204");
    var seen =
        hub.send(
                ApiHub.basic("sue", ApiHub.PASSWORD),
                "POST",
                "/orders/addresses",
                "{\"dryRun\":true,\"fixes\":[{\"order\":\"%s\",\"postalCode\":\"12045\"}]}"
                    .formatted(order))
            .json();
    assertThat(seen.at("/rows/0/changes/0/from").asText()).isEqualTo("•••");
    assertThat(seen.at("/rows/0/changes/0/to").asText()).isEqualTo("12045");
  }

  @Test
  void theTerminalDoesTheSame() throws Exception {
    var terminal = new OnTerminal(hub);
    var order = order("1", "1204");
    var file = file("order,postalCode\n%s,12045\nshop:none,1\n".formatted(order));

    assertThat(terminal.serai("orders", "addresses", "--file", file, "--dry-run")).isZero();
    assertThat(terminal.out())
        .contains("postalCode: 1204 -> 12045")
        .contains("1 would change, 0 are so already, 1 are left. Nothing is changed yet.");
    assertThat(
            terminal.serai(
                "orders", "addresses", "--file", file, "--count", "1", "--reason", "cut off"))
        .isEqualTo(1);
    assertThat(terminal.out()).contains("1 changed, 0 were so already, 1 are left.");
    assertThat(postalCode(order)).isEqualTo("12045");
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("addresses.csv"), text).toString();
  }
}
