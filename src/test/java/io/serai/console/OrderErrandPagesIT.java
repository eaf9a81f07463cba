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

  @Test
  void whatHappenedStandsInLanesAndIsNarrowedToALine() {
    var number = UUID.randomUUID().toString();
    var uuid = hub.order("shop", number, "#1", "a@example.com");
    var here = "/console/orders/" + Ids.text("ord", uuid);
    hub.jdbc
        .sql(
            """
            INSERT INTO order_line (order_id, line_no, line_id, sku, kind, requires_shipping, ordered)
            SELECT :id, 10 + n, 'x' || n, 'SKU-' || n, 'PHYSICAL', true, 1 FROM generate_series(1, 2) n
            """)
        .param("id", uuid)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO order_event (order_id, kind, sentence, actor, occurred_at)
            VALUES (:id, 'a', 'It came.', NULL, now()), (:id, 'b', 'Took ''SKU-1''.', NULL, now()),
              (:id, 'c', 'Left ''SKU-2''.', 'otto', now())
            """)
        .param("id", uuid)
        .update();

    var all = otto.get(here).page();
    assertThat(all.select(".timeline .lanes span").eachText())
        .containsExactly("When", "hub", "people");
    assertThat(all.select(".timeline li.in2")).hasSize(1);
    var one = otto.get(here + "?sku=SKU-1").page();
    assertThat(one.select(".timeline").text())
        .contains("It came.", "Took 'SKU-1'.")
        .doesNotContain("SKU-2");
  }
}
