package io.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.api.ApiHub;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How long pages take with a hundred thousand dead letters. Not part of the build: {@code mvn -o
 * test -Dtest=ConsoleBench}, or with {@code -DargLine=-Dconsole.messages=1000000} for more of what
 * went well.
 */
class ConsoleBench {
  private static final int MESSAGES = Integer.getInteger("console.messages", 300_000);
  private static final int ROUNDS = 10;

  private final ApiHub hub = ApiHub.running();

  @Test
  void everyPageAnswers() {
    fill();
    var browser = Browser.of(hub, "otto");

    for (var page :
        List.of(
            "/console",
            "/console/dead-letters",
            "/console/dead-letters/group?fingerprint=bench-3",
            "/console/orders",
            "/console/orders?q=bench-777",
            "/console/messages",
            "/console/messages?state=PARKED",
            "/console/stock",
            "/console/channels",
            "/console/audit")) {
      var millis = new ArrayList<Long>();
      for (int round = 0; round < ROUNDS; round++) {
        long began = System.nanoTime();
        assertThat(browser.get(page).status()).as(page).isEqualTo(200);
        millis.add((System.nanoTime() - began) / 1_000_000);
      }
      Collections.sort(millis);
      System.out.printf(
          "%-50s median %5d ms, slowest %5d ms%n", page, millis.get(ROUNDS / 2), millis.getLast());
    }
  }

  private void fill() {
    hub.jdbc
        .sql(
            """
            INSERT INTO sales_order (id, account, channel_order_id, state, revision, currency, grand_total, payment_state,
              placed_at, received_at, updated_at)
            SELECT gen_random_uuid(), 'bench-' || g % 5, 'bench-' || g, 'SHIPPED', 1, 'EUR', 10, 'PAID', now(), now(), now()
            FROM generate_series(1, 50000) g
            """)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at, finished_at)
            SELECT 'bench-' || g % 5, 'order', 'l' || g, 'k' || g, 'k' || g, 'APPLIED', now(), now(), now()
            FROM generate_series(1, ?) g
            """)
        .param(MESSAGES)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
            SELECT 'bench-' || g % 5, 'order', 'd' || g, 'd' || g, 'd' || g, 'PARKED', now(), now()
            FROM generate_series(1, 100000) g
            """)
        .update();
    hub.jdbc
        .sql(
            """
            INSERT INTO failure (kind, sentence, fingerprint, account, route, step, message_id, occurred_at)
            SELECT 'UNMAPPED', 'Field ' || id % 20 || ' is missing.', 'bench-' || id % 20, account, 'r', 's', id, now()
            FROM inbox_message WHERE state = 'PARKED' AND account LIKE 'bench-%'
            """)
        .update();
    hub.jdbc
        .sql(
            """
            UPDATE inbox_message m SET failure_id = f.id FROM failure f
            WHERE f.message_id = m.id AND m.state = 'PARKED' AND m.account LIKE 'bench-%'
            """)
        .update();
    hub.jdbc
        .sql(
            """
            UPDATE inbox_message m SET order_id = o.id
            FROM (SELECT id, row_number() OVER () AS n FROM sales_order) o,
                 (SELECT id, row_number() OVER () AS n FROM inbox_message WHERE state = 'PARKED') p
            WHERE p.n = o.n AND m.id = p.id
            """)
        .update();
    hub.jdbc.sql("VACUUM ANALYZE").update();
  }
}
