package io.serai.hub;

import static io.serai.hub.AHub.NEAR;
import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.Await;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What applying an order costs the database, in blocks it looks at: the same work, whatever waits.
 */
class ApplyCostIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final int ORDERS = 40;
  private static final int OPEN = 50_000;
  private int placed;
  private int open;

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  /** Without the vacuum's own reading, which has nothing to do with orders. */
  private static void withoutVacuum(AHub hub) {
    for (var table :
        hub.all(
            """
            SELECT format('%I', c.relname) FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'""",
            rows -> rows.getString(1))) {
      hub.run("ALTER TABLE " + table + " SET (autovacuum_enabled = false)");
    }
  }

  private static long blocks(AHub hub) {
    return hub.number(
        """
        SELECT sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit, 0)
          + coalesce(toast_blks_read + toast_blks_hit + tidx_blks_read + tidx_blks_hit, 0))
        FROM pg_statio_user_tables""");
  }

  /** Waits until the server's counters know of everything that was done; they lag behind. */
  private void settled(AHub hub) {
    counted(hub, "sales_order", placed);
    counted(hub, "inbox_message", placed + open);
    counted(hub, "delivery", placed + open);
  }

  private static void counted(AHub hub, String table, long rows) {
    Await.until(
        "the server has counted %d rows of '%s'".formatted(rows, table),
        Duration.ofSeconds(60),
        () ->
            hub.number("SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = ?", table)
                >= rows);
  }

  private long blocksOfFortyOrders(AHub hub) {
    settled(hub);
    var before = blocks(hub);
    for (var i = 0; i < ORDERS; i++) {
      var id = Integer.toString(100_000 + placed++);
      hub.apply(anOrder().numbered(id).placedAt(hub.clock.instant()).with("MUG", 1).build());
    }
    settled(hub);
    return blocks(hub) - before;
  }

  @Test
  void anOrderCostsNoMoreWithFiftyThousandOpenMessagesThanWithNone() {
    try (var hub = new AHub(DATABASE)) {
      withoutVacuum(hub);
      hub.has("MUG", NEAR, 1_000_000);
      blocksOfFortyOrders(hub); // plans are made on tables that are as good as empty
      var alone = blocksOfFortyOrders(hub);

      hub.run(
          """
          INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at, waits_for)
          SELECT 'shopify-main', 'order', 'shopify-main/open-' || n, 'open-' || n, 'open-' || n,
            (ARRAY['RECEIVED', 'WAITING', 'PARKED'])[1 + n %% 3], ?, ?, CASE WHEN n %% 3 = 1 THEN 'shopify-main/nobody-' || n END
          FROM generate_series(1, %d) AS n"""
              .formatted(OPEN),
          hub.clock.instant(),
          hub.clock.instant());
      hub.run(
          """
          INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode, state, due_at,
            deadline_at, created_at, message_id)
          SELECT 'northwind', 'fulfillment-request', 'fulfillment-request', 'northwind/open-' || n, 'open-' || n, 'open-' || n,
            'IDEMPOTENT', 'READY', ?, ?, ?, n FROM generate_series(1, %d) AS n"""
              .formatted(OPEN),
          hub.clock.instant(),
          hub.clock.instant(),
          hub.clock.instant());
      open = OPEN;
      var among = blocksOfFortyOrders(hub);

      // A deeper index costs a block or two a look; reading a table would cost hundreds an order.
      assertThat(among / ORDERS)
          .as("blocks an order, %d without", alone / ORDERS)
          .isLessThanOrEqualTo(alone / ORDERS * 3 / 2);
      assertThat(alone).isPositive();
    }
  }
}
