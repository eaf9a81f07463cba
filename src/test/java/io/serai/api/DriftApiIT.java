package io.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock(ApiHub.SHARED)
class DriftApiIT {
  private final ApiHub hub = ApiHub.running();

  @BeforeEach
  @AfterEach
  void forget() {
    hub.jdbc.sql("DELETE FROM drift").update();
  }

  private void drift(String account, String value, int count) {
    hub.jdbc
        .sql(
            """
            INSERT INTO drift (account, mapping, field, value, count, message_id, first_seen_at, last_seen_at)
            VALUES (?, 'shopify/order.in.jslt', 'cancel_reason', ?, ?, 17, now(), now())""")
        .params(account, value, count)
        .update();
  }

  @Test
  void whatMappingsDoNotListIsListedWithWhoSaidItAndHowOften() {
    drift("shopify-main", "weather", 3);
    drift("outlet", "strike", 1);

    var all = hub.get("/drift").json().path("items");
    var some = hub.get("/drift?account=shopify-main").json().path("items");

    assertThat(all.findValuesAsText("value")).containsExactly("strike", "weather");
    assertThat(some).hasSize(1);
    assertThat(some.get(0).path("mapping").asText()).isEqualTo("shopify/order.in.jslt");
    assertThat(some.get(0).path("field").asText()).isEqualTo("cancel_reason");
    assertThat(some.get(0).path("count").asInt()).isEqualTo(3);
    assertThat(some.get(0).path("messageId").asText()).isEqualTo("msg_17");
  }

  @Test
  void driftIsPaged() {
    drift("shopify-main", "strike", 1);
    drift("shopify-main", "weather", 1);

    var first = hub.get("/drift?limit=1").json();
    var second = hub.get("/drift?limit=1&cursor=" + first.path("next").asText()).json();

    assertThat(first.at("/items/0/value").asText()).isEqualTo("strike");
    assertThat(second.at("/items/0/value").asText()).isEqualTo("weather");
    assertThat(second.path("next").isNull()).isTrue();
  }
}
