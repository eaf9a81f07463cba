package io.serai.console;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import io.serai.hub.Apply;
import io.serai.hub.ApplyResult;
import io.serai.support.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** An order is kept for the law on its page, and what came and went for it says so. */
@ResourceLock(ApiHub.SHARED)
class LegalHoldPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final String account = "shop-" + UUID.randomUUID();
  private final Browser admin = Browser.of(hub, "admin");
  private String order;

  @BeforeEach
  void anOrderIsThere() throws Exception {
    hub.node("nj-1");
    var sold = anOrder().of(account).with("S-" + UUID.randomUUID(), 1).build();
    var done = new CompletableFuture<ApplyResult>();
    hub.context.getBean(Apply.class).apply(sold, Json.node(sold), "a test", done::complete);
    assertThat(done.get(30, TimeUnit.SECONDS)).isInstanceOf(ApplyResult.Applied.class);
    order = admin.get("/console/orders/" + account + ":1001").address();
  }

  private String id() {
    return order.substring(order.lastIndexOf('/') + 1);
  }

  /** A message about the order that ended 80 days of its 90 ago. */
  private String oldMessage() {
    var id = hub.parkedMessage(account, "{\"a\":1}", "It stopped.");
    hub.jdbc
        .sql(
            """
            WITH m AS (
              UPDATE inbox_message SET state = 'DISCARDED', finished_at = now(), received_at = received_at - interval '80 days',
                order_id = (SELECT id FROM sales_order WHERE account = :account)
              WHERE id = :id RETURNING id, received_at)
            UPDATE message_payload p SET received_at = m.received_at FROM m WHERE p.message_id = m.id""")
        .param("account", account)
        .param("id", Long.parseLong(id.substring(4)))
        .update();
    return id;
  }

  /** What was owed for it and is done, 80 days of its 90 ago. */
  private String oldDelivery() {
    var id = hub.doubtfulDelivery("northwind-" + account);
    var number = Long.parseLong(id.substring(4));
    hub.jdbc
        .sql(
            """
            UPDATE delivery SET state = 'CONFIRMED', outcome_unknown = false, finished_at = now(), created_at = now() - interval '80 days',
              order_id = (SELECT id FROM sales_order WHERE account = :account)
            WHERE id = :id""")
        .param("account", account)
        .param("id", number)
        .update();
    hub.jdbc
        .sql("INSERT INTO delivery_content VALUES (:id, '{}') ON CONFLICT DO NOTHING")
        .param("id", number)
        .update();
    return id;
  }

  @Test
  void whatWasOwedIsKeptWithItsOrder() {
    var delivery = oldDelivery();
    var before = hub.get("/deliveries/" + delivery).json();
    assertThat(Instant.parse(before.path("contentUntil").asText()))
        .isEqualTo(Instant.parse(before.path("createdAt").asText()).plus(Duration.ofDays(90)));

    hub.post("/orders/" + id() + "/legal-hold", "{\"reason\":\"a court\"}");

    var kept = hub.get("/deliveries/" + delivery).json();
    assertThat(kept.at("/legalHold/reason").asText()).isEqualTo("a court");
    assertThat(kept.path("contentUntil").isMissingNode()).isTrue();
    assertThat(admin.get("/console/deliveries/" + delivery).text())
        .contains("Content is kept legal hold a court");
  }

  @Test
  void aDeadLetterInTheLaneOfAKeptOrderIsKept() {
    var message = hub.parkedMessage(account, "{}", "It stopped.");
    hub.jdbc
        .sql("UPDATE inbox_message SET lane = :lane WHERE id = :id")
        .param("lane", account + "/1001")
        .param("id", Long.parseLong(message.substring(4)))
        .update();

    hub.post("/orders/" + id() + "/legal-hold", "{\"reason\":\"a court\"}");

    assertThat(hub.get("/messages/" + message).json().at("/legalHold/reason").asText())
        .isEqualTo("a court");
  }

  @Test
  void anOrderIsKeptAndLetGoWithAReasonAndItsMessagesSaySo() {
    var message = oldMessage();
    assertThat(admin.get("/console/messages/" + message).page().select("dd strong.warn").text())
        .as("it goes soon")
        .startsWith("until 20")
        .contains(", in ");
    var page = admin.get(order);
    assertThat(page.text()).contains("Personal data kept while it is not done with");

    var kept =
        admin.press(
            page.page(), order + "/legal-hold", Map.of("reason", "a court <b>asked</b> for it"));

    assertThat(kept.text())
        .contains("The order is kept for the law")
        .contains("Personal data legal hold a court <b>asked</b> for it");
    assertThat(kept.page().select("form[action$=/legal-hold]")).isEmpty();
    assertThat(admin.get("/console/messages/" + message).text())
        .contains("Payload is kept legal hold a court <b>asked</b> for it");
    var read = hub.get("/messages/" + message).json();
    assertThat(read.at("/legalHold/reason").asText()).isEqualTo("a court <b>asked</b> for it");
    assertThat(read.has("payloadUntil") && !read.path("payloadUntil").isNull()).isFalse();
    assertThat(kept.text()).as("the audit of the order").contains("order.keep");

    var ended =
        admin.press(kept.page(), order + "/legal-hold/end", Map.of("reason", "it is decided"));

    assertThat(ended.text()).contains("The legal hold is ended").contains("order.let-go");
    assertThat(hub.get("/messages/" + message).json().path("legalHold").isMissingNode()).isTrue();
    assertThat(hub.get("/orders/" + id() + "/personal-data").json().has("keptSince")).isFalse();
  }

  @Test
  void whoIsNoAdminSeesWhyItCannotBePressed() {
    var form =
        Browser.of(hub, "otto").get(order).page().select("form[action$=/legal-hold]").first();

    assertThat(form.select("fieldset[disabled]")).hasSize(1);
    assertThat(form.text()).contains("this needs ");
  }
}
