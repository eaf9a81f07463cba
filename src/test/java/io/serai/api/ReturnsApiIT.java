package io.serai.api;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.access.Role;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.support.Json;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What people and programs do to what comes back, over REST and at a terminal. */
@ResourceLock(ApiHub.SHARED)
class ReturnsApiIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final String unique = UUID.randomUUID().toString();
  private final String account = "shop-" + unique;
  private final String sku = "SKU-" + unique;
  private final String order = "/orders/" + account + ":1001";

  @BeforeEach
  void twoLeft() throws Exception {
    hub.node("nj-1");
    var sold = anOrder().of(account).with(sku, 2).ofWhichShipped(2).build();
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(sold, Json.node(sold), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
  }

  private ApiHub.Answer open(String more) throws Exception {
    return hub.post(
        order + "/returns",
        "{\"name\":\"R-%s\",\"node\":\"nj-1\",\"reason\":\"too small\"%s}".formatted(unique, more));
  }

  private String lines(int units) {
    return ",\"lines\":[{\"sku\":\"%s\",\"quantity\":%d}]".formatted(sku, units);
  }

  private void serai(String... arguments) {
    assertThat(terminal.serai(arguments)).as(terminal.err() + terminal.out()).isZero();
  }

  @Test
  void aReturnIsOpenedReceivedAndClosed() throws Exception {
    var opened = open(lines(2));
    assertThat(opened.status()).as(opened.detail()).isEqualTo(200);
    var id = opened.json().path("id").asText();
    assertThat(opened.json().path("state").asText()).isEqualTo("APPROVED");
    assertThat(opened.json().path("dueAt").isTextual()).isTrue();

    var receipt =
        "{\"receipt\":\"W-1\",\"lines\":[{\"sku\":\"%s\",\"quantity\":1},{\"sku\":\"%s\",\"quantity\":1,\"disposition\":\"DAMAGED\"}]}"
            .formatted(sku, sku);
    var received = hub.post("/returns/" + id + "/receipts", receipt);
    assertThat(received.json().path("state").asText()).isEqualTo("RECEIVED");
    assertThat(received.json().at("/lines/0/received").asInt()).isEqualTo(2);
    assertThat(received.json().at("/receipts/0/lines/1/disposition").asText()).isEqualTo("DAMAGED");
    var level = hub.get("/stock/" + sku).json().toString();
    assertThat(level).contains("\"onHand\":2").contains("\"damaged\":1");

    var again = hub.post("/returns/" + id + "/receipts", receipt);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.detail()).isEqualTo("Receipt 'W-1' is counted already.");
    var closed = hub.post("/returns/" + id + "/close", "{\"reason\":\"all there\"}");
    assertThat(closed.json().path("state").asText()).isEqualTo("CLOSED");
    assertThat(
            hub.jdbc
                .sql("SELECT action FROM audit_entry WHERE object = ? ORDER BY id")
                .param(id)
                .query(String.class)
                .list())
        .containsExactly("return.receive", "return.close");
    assertThat(hub.get(order + "/returns").json()).hasSize(1);
    assertThat(hub.get("/returns?state=CLOSED&channel=" + account).json().path("items")).hasSize(1);
    assertThat(hub.get("/returns?overdue=true&channel=" + account).json().path("items")).isEmpty();
  }

  @Test
  void whatIsSentAgainUnderOneKeyIsDoneOnce() throws Exception {
    var asked =
        "{\"atOnce\":true,\"node\":\"nj-1\",\"exchange\":[{\"sku\":\"%s\",\"quantity\":1}]%s}"
            .formatted(sku, lines(2));
    var opened = hub.once(order + "/returns", "k-1", asked);
    assertThat(opened.status()).as(opened.detail()).isEqualTo(200);
    var again = hub.once(order + "/returns", "k-1", asked);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("id")).isEqualTo(opened.json().path("id"));
    assertThat(hub.once(order + "/returns", "k-1", "{\"name\":\"X\"" + lines(1) + "}").detail())
        .isEqualTo(
            "This key was used for another return of order '#1001'; send this one under a key of its own.");

    var id = opened.json().path("id").asText();
    var one =
        "{\"lines\":[{\"sku\":\"%s\",\"quantity\":1,\"disposition\":\"SCRAP\"}]}".formatted(sku);
    for (var i = 0; i < 2; i++) {
      var received = hub.once("/returns/" + id + "/receipts", "k-1", one);
      assertThat(received.status()).as(received.detail()).isEqualTo(200);
      assertThat(received.json().at("/lines/0/received").asInt()).isEqualTo(1);
    }
    assertThat(hub.once("/returns/" + id + "/receipts", "k-2", one).json().path("receipts"))
        .hasSize(2);

    var line = hub.get(order).json().at("/lines/0/lineId").asText();
    var broke =
        "{\"reason\":\"broke\",\"lines\":[{\"lineId\":\"%s\",\"quantity\":1}]}".formatted(line);
    assertThat(hub.once(order + "/replacements", "k-1", broke).json()).hasSize(2);
    assertThat(hub.once(order + "/replacements", "k-1", broke).json()).hasSize(2);
    assertThat(
            hub.jdbc
                .sql(
                    "SELECT action FROM audit_entry WHERE object IN (?, ?) AND action <> 'personal-data.read' ORDER BY id")
                .param(id)
                .param(hub.get(order).json().path("id").asText())
                .query(String.class)
                .list())
        .containsExactly("return.open", "return.receive", "return.receive", "order.replace");
  }

  @Test
  void withoutAKeyNothingIsDoneThatMustNotBeDoneTwice() throws Exception {
    var missing =
        "Nothing tells a new %s from one that is sent again; send the header 'Idempotency-Key', a new one for each.";
    assertThat(
            hub.post(
                    order + "/replacements",
                    "{\"reason\":\"x\",\"lines\":[{\"lineId\":\"1001-1\",\"quantity\":1}]}")
                .detail())
        .isEqualTo(missing.formatted("replacement"));
    assertThat(
            open(",\"atOnce\":true,\"exchange\":[{\"sku\":\"X\",\"quantity\":1}]" + lines(1))
                .detail())
        .isEqualTo(missing.formatted("exchange"));
    var id = open(lines(1)).json().path("id").asText();
    var refused =
        hub.post(
            "/returns/" + id + "/receipts",
            "{\"lines\":[{\"sku\":\"%s\",\"quantity\":1}]}".formatted(sku));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.detail())
        .isEqualTo(
            "Nothing tells a new receipt from one that is sent again; give 'receipt', what the place calls it, or send the header 'Idempotency-Key', a new one for each.");
    assertThat(hub.post("/returns/" + id + "/receipts", "{}").json().path("state").asText())
        .as("all that is awaited cannot come twice")
        .isEqualTo("RECEIVED");
  }

  @Test
  void whatCannotBeIsAConflictThatSaysWhy() throws Exception {
    var refused = open(lines(3));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.detail()).contains("names 3 of line").contains("of which 2 left");

    var id = open(lines(1)).json().path("id").asText();
    var declined = hub.post("/returns/" + id + "/decline", "{\"reason\":\"worn\"}");
    assertThat(declined.json().path("state").asText()).isEqualTo("DECLINED");
    assertThat(hub.post("/returns/" + id + "/cancel", "{\"reason\":\"x\"}").detail())
        .endsWith("is DECLINED and cannot become CANCELLED.");
  }

  @Test
  void supportOpensReturnsForWhichNothingIsSent() {
    var line = "\"lines\":[{\"sku\":\"%s\",\"quantity\":1}]".formatted(sku);
    var sent = "{%s,\"exchange\":[{\"sku\":\"%s\",\"quantity\":1}]}".formatted(line, sku);

    var refused = asSupport(sent);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail())
        .isEqualTo(
            "'token:support' is support and may open a return, but have nothing sent for it; that needs operator.");
    assertThat(asSupport("{" + line + "}").status()).isEqualTo(200);
  }

  private ApiHub.Answer asSupport(String body) {
    return hub.send(ApiHub.bearer(ApiHub.token(Role.SUPPORT)), "POST", order + "/returns", body);
  }

  @Test
  void badRequestsAreNamed() throws Exception {
    assertThat(open("").detail()).isEqualTo("'lines' has 0 entries; give 1 to 500.");
    assertThat(open(",\"lines\":[{\"quantity\":1}]").detail())
        .isEqualTo(
            "A line to return has neither 'lineId' nor 'sku', or no 'quantity' of 1 to 1000000; give both.");
    assertThat(open(",\"kind\":\"GIFT\"" + lines(1)).detail())
        .isEqualTo(
            "'GIFT' is no kind of return; give one of RETURN, EXCHANGE, RETURNED_TO_SENDER.");
    assertThat(hub.get("/returns/ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3").detail())
        .isEqualTo("No return has the id 'ret_01JD8QW5T3E9V4X2Y7Z8A1B2C3'.");
    var id = open(lines(1)).json().path("id").asText();
    assertThat(hub.post("/returns/" + id + "/close", "{}").detail())
        .isEqualTo("Nothing says why; give 'reason' as text.");
    assertThat(hub.post(order + "/replacements", "{}").detail())
        .isEqualTo("Nothing says why; give 'reason' as text.");
    assertThat(hub.post(order + "/replacements", "{\"reason\":\"x\",\"lines\":[{}]}").detail())
        .isEqualTo(
            "A line to send once more has no 'lineId' or no 'quantity' of 1 to 1000000; give both.");
  }

  @Test
  void theSameAtATerminal() throws Exception {
    hub.get(order).json();
    var line = hub.get(order).json().at("/lines/0/lineId").asText();

    serai(
        "returns",
        "open",
        account + ":1001",
        "--line",
        line + "=1",
        "--name",
        "T-" + unique,
        "--node",
        "nj-1",
        "--reason",
        "too small");
    assertThat(terminal.out()).contains("T-" + unique).contains("is APPROVED.");
    var id = hub.get(order + "/returns").json().at("/0/id").asText();

    serai("returns", "receive", id, "--came", sku + "=1:QUARANTINE", "--receipt", "W-1");
    assertThat(terminal.out()).contains("W-1 at nj-1 by token:api: 1 " + sku + " QUARANTINE");
    serai("returns", "close", id, "--reason", "all there");
    serai("returns", "list", "T-" + unique);
    assertThat(terminal.out()).containsPattern("T-" + unique + " .*CLOSED");
    serai("returns", "show", id);
    assertThat(terminal.out()).contains("expected at");

    serai("orders", "replace", account + ":1001", "--line", line + "=1", "--reason", "broken");
    assertThat(terminal.out())
        .contains("Line serai-1 (1 " + sku + ") is sent in place of line " + line + ": broken.");
    serai("orders", "show", account + ":1001");
    assertThat(terminal.out()).contains("Returns").contains("in place of line " + line);
    assertThat(terminal.serai("returns", "receive", id, "--came", "twelve")).isEqualTo(1);
    assertThat(terminal.out() + terminal.err())
        .contains("--came is 'twelve'; write SKU=UNITS, or SKU=UNITS:DAMAGED.");
  }
}
