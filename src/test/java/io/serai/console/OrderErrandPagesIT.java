package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import io.serai.support.Ids;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The channel of an order asked, and told, from its page. */
@ResourceLock(ApiHub.SHARED)
class OrderErrandPagesIT {
  private final ApiHub hub = ApiHub.running();
  private final Browser otto = Browser.of(hub, "otto");

  @Test
  void theChannelIsAskedAndWhatWaitsIsSent() {
    var number = UUID.randomUUID().toString();
    var uuid = hub.order("pullable-" + number, number, "#1", "a@example.com");
    var here = "/console/orders/" + Ids.text("ord", uuid);
    var page = otto.get(here);
    assertThat(page.page().select("form[action$=/send-now]")).isEmpty();
    assertThat(otto.press(page.page(), here + "/pull", Map.of("reason", "paid?")).text())
        .contains("Done. 'pullable-%s' is asked how it stands;".formatted(number));

    hub.jdbc
        .sql(
            """
            INSERT INTO delivery (destination, document, operation, lane, order_id, business_key, idempotency_key, repeat_mode,
              state, due_at, deadline_at, created_at, attempt_count)
            VALUES ('shopify-main', 'fulfillment', 'fulfill', ?, ?, ?, ?, 'IDEMPOTENT', 'READY', now() + interval '1 hour',
              now() + interval '1 day', now(), 2)
            """)
        .params(number, uuid, number, number)
        .update();
    page = otto.get(here);
    assertThat(page.text()).containsIgnoringCase("fulfillment to shopify-main.");
    assertThat(otto.press(page.page(), here + "/send-now", Map.of("reason", "back")).text())
        .contains("Done. 1 delivery is due now.");
    assertThat(otto.press(page.page(), here + "/send-now", Map.of("reason", "back")).text())
        .contains("Not done. Nothing of order");
    hub.jdbc.sql("DELETE FROM delivery WHERE business_key = ?").param(number).update();
  }
}
