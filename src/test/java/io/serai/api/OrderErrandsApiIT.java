package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.support.Ids;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A channel asked for one of its orders, or told of it, at once. */
@ResourceLock(ApiHub.SHARED)
class OrderErrandsApiIT {
  private static final String WHY = "{\"reason\":\"The shop is back.\"}";

  private final ApiHub hub = ApiHub.running();
  private final String number = UUID.randomUUID().toString();

  @AfterEach
  void none() {
    hub.jdbc.sql("DELETE FROM delivery WHERE business_key = ?").param(number).update();
  }

  private String order(String account) {
    return Ids.text("ord", hub.order(account, number, "#1", "a@example.com"));
  }

  private long delivery(String order, String state, String due) {
    return hub.jdbc
        .sql(
            """
            INSERT INTO delivery (destination, document, operation, lane, order_id, business_key, idempotency_key, repeat_mode,
              state, due_at, deadline_at, created_at)
            VALUES ('shopify-main', 'fulfillment', ?, ?, ?, ?, ?, 'IDEMPOTENT', ?, now() + ?::interval, now() + interval '1 day',
              now())
            RETURNING id
            """)
        .params(
            UUID.randomUUID().toString(),
            UUID.randomUUID().toString(),
            Ids.uuid("ord", order),
            number,
            number,
            state,
            due)
        .query(Long.class)
        .single();
  }

  private boolean due(long delivery) {
    return hub.jdbc
        .sql("SELECT due_at <= now() FROM delivery WHERE id = ?")
        .param(delivery)
        .query(Boolean.class)
        .single();
  }

  @Test
  void whatWaitsForItsTimeIsDueAtOnceAndNothingElse() {
    var order = order("shopify-main");
    assertThat(hub.post("/orders/" + order + "/send-now", WHY).detail())
        .isEqualTo(
            "Nothing of order '%s' waits for its time: what it owes is sent, under way or stopped."
                .formatted(order));
    var waits = delivery(order, "READY", "1 hour");
    var parked = delivery(order, "PARKED", "1 hour");

    assertThat(hub.post("/orders/" + order + "/send-now", "{}").detail())
        .isEqualTo("Sending before its time needs a reason; say why.");
    var look = hub.post("/orders/" + order + "/send-now", "{\"dryRun\":true}").json();
    assertThat(look.path("deliveries")).hasSize(1);
    assertThat(look.at("/deliveries/0/id").asText()).isEqualTo("dlv_" + waits);
    assertThat(due(waits)).isFalse();

    assertThat(hub.post("/orders/" + order + "/send-now", WHY).json().path("deliveries"))
        .hasSize(1);
    assertThat(due(waits)).isTrue();
    assertThat(due(parked)).isFalse();
    assertThat(hub.get("/audit?object=" + order).json().at("/items/0/action").asText())
        .isEqualTo("order.send-now");
  }

  @Test
  void aChannelIsAskedWhereItCanBe() {
    var order = order("pullable-" + number);
    assertThat(hub.post("/orders/" + order + "/pull", "{}").detail())
        .isEqualTo("Asking the channel needs a reason; say why.");
    var pulled = hub.post("/orders/" + order + "/pull", WHY);
    assertThat(pulled.status()).isEqualTo(202);
    assertThat(pulled.json().path("channelOrderId").asText()).isEqualTo(number);
    assertThat(hub.get("/audit?object=" + order).json().at("/items/0/action").asText())
        .isEqualTo("order.pull");
  }

  @Test
  void aChannelThatCannotBeAskedSaysSo() {
    var order = order("mute-" + number);
    assertThat(hub.post("/orders/" + order + "/pull", WHY).detail())
        .isEqualTo(
            "Channel 'mute-%s' cannot be asked for one order; its next comparison or poll brings what is new."
                .formatted(number));
    assertThat(hub.get("/audit?object=" + order).json().path("items")).isEmpty();
    assertThat(hub.post("/orders/ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3/pull", WHY).detail())
        .isEqualTo(
            "Order 'ord_01JD8QW5T3E9V4X2Y7Z8A1B2C3' is not known; look for it with GET /api/v1/orders?q=.");
  }

  @Test
  void theTerminalDoesTheSame() {
    var terminal = new OnTerminal(hub);
    var order = order("pullable-" + number);
    var waits = delivery(order, "READY", "1 hour");
    assertThat(terminal.serai("orders", "pull", order, "--reason", "paid?")).isZero();
    assertThat(terminal.out()).contains("is asked for order '%s'.".formatted(number));
    assertThat(terminal.serai("orders", "send-now", order, "--dry-run")).isZero();
    assertThat(terminal.out()).contains("dlv_" + waits, "shopify-main");
    assertThat(terminal.serai("orders", "send-now", order, "--reason", "back")).isZero();
    assertThat(due(waits)).isTrue();
  }
}
