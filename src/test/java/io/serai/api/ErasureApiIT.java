package io.serai.api;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.order.Risk;
import io.serai.support.Json;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** People of one order are forgotten on demand, or kept for the law, by request and by verb. */
@ResourceLock(ApiHub.SHARED)
class ErasureApiIT {
  private final ApiHub hub = ApiHub.running();
  private final OnTerminal terminal = new OnTerminal(hub);
  private final String account = "shop-" + UUID.randomUUID();
  private String id;
  private String path;

  @BeforeEach
  void anOrderThatIsHeld() throws Exception {
    var order =
        anOrder()
            .of(account)
            .risky(Risk.Level.HIGH, "proxy")
            .with("SKU-" + UUID.randomUUID(), 1)
            .build();
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(order, Json.node(order), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    id = hub.get("/orders/" + account + ":" + order.channel().orderId()).json().path("id").asText();
    path = "/orders/" + id;
  }

  private void isDone() {
    hub.jdbc
        .sql("UPDATE sales_order SET state = 'CANCELLED' WHERE account = ?")
        .param(account)
        .update();
    hub.jdbc
        .sql(
            "UPDATE delivery SET state = 'CONFIRMED' WHERE order_id IN (SELECT id FROM sales_order WHERE account = ?)")
        .param(account)
        .update();
  }

  private String document() {
    return hub.jdbc
        .sql(
            "SELECT document FROM order_document WHERE order_id IN (SELECT id FROM sales_order WHERE account = ?) LIMIT 1")
        .param(account)
        .query(String.class)
        .single();
  }

  @Test
  void whatIsDoneIsErasedOnceAndSaysWhoAskedForIt() throws Exception {
    var before = document();
    isDone();

    var erased = hub.post(path + "/erase", "{\"reason\":\"The buyer demands it.\"}");

    assertThat(erased.status()).as(erased.toString()).isEqualTo(200);
    assertThat(erased.json().path("id").asText()).isEqualTo(id);
    assertThat(erased.json().path("erasedBy").asText()).isEqualTo("token:api");
    assertThat(erased.json().path("reason").asText()).isEqualTo("The buyer demands it.");
    assertThat(erased.json().path("erasedAt").asText()).isNotBlank();
    assertThat(document()).isNotEqualTo(before);
    var again = hub.post(path + "/erase", "{\"reason\":\"Once more.\"}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("reason").asText()).isEqualTo("The buyer demands it.");
    assertThat(hub.get(path + "/personal-data").json().path("erasedBy").asText())
        .isEqualTo("token:api");
    assertThat(
            hub.jdbc
                .sql("SELECT count(*) FROM audit_entry WHERE action = 'order.erase' AND object = ?")
                .param(id)
                .query(Integer.class)
                .single())
        .isEqualTo(1);
    var kept = hub.post(path + "/legal-hold", "{\"reason\":\"A court asked.\"}");
    assertThat(kept.status()).isEqualTo(409);
    assertThat(kept.detail()).contains("was erased on").contains("there is nothing left to keep.");
  }

  @Test
  void whatIsStillToBeSentOrKeptForTheLawIsAConflictThatSaysWhatToDo() throws Exception {
    var open = hub.post(path + "/erase", "{\"reason\":\"x\"}");
    assertThat(open.status()).isEqualTo(409);
    assertThat(open.detail())
        .isEqualTo(
            "Order '#1001' is not done with: its goods are still to be sent. Let it be sent, or cancel it first.");
    isDone();

    assertThat(hub.post(path + "/legal-hold", "{\"reason\":\"A court asked.\"}").status())
        .isEqualTo(200);
    var kept = hub.post(path + "/erase", "{\"reason\":\"x\"}");

    assertThat(kept.status()).isEqualTo(409);
    assertThat(kept.detail())
        .startsWith("Order '#1001' is under a legal hold since ")
        .endsWith("(A court asked.), so nothing of it is erased. End the hold first.");
    assertThat(hub.post(path + "/legal-hold/end", "{\"reason\":\"decided\"}").status())
        .isEqualTo(200);
    assertThat(hub.post(path + "/erase", "{\"reason\":\"x\"}").status()).isEqualTo(200);
    assertThat(hub.post(path + "/erase", "{}").detail())
        .isEqualTo("Erasing an order needs a reason; say why.");
  }

  @Test
  void theVerbsKeepLetGoShowAndErase() {
    assertThat(terminal.serai("orders", "erase", id, "--reason", "x")).isEqualTo(1);
    assertThat(terminal.out() + terminal.err()).contains("is not done with");
    isDone();

    serai("orders", "personal-data", id);
    assertThat(terminal.out()).contains("Personal data of it is erased: ");
    serai("orders", "legal-hold", id, "--reason", "a court asked for it");
    assertThat(terminal.out()).contains("Kept for the law: a court asked for it");
    serai("orders", "legal-hold", id, "--end", "--reason", "it is decided");
    assertThat(terminal.out()).contains("Personal data of it is erased: ");
    serai("orders", "erase", id, "--reason", "the buyer demands it");
    assertThat(terminal.out()).contains("Personal data of it was erased: ");
    serai("orders", "personal-data", id, "--json");
    assertThat(Json.tree(terminal.out()).path("erasedBy").asText()).isEqualTo("token:api");
  }

  private void serai(String... arguments) {
    assertThat(terminal.serai(arguments)).as(terminal.err() + terminal.out()).isZero();
  }
}
