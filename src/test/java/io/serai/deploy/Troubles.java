package io.serai.deploy;

import io.serai.database.TestDatabase;
import java.sql.SQLException;
import java.util.List;

/**
 * What the shipped alerts tell of, brought about in the tables of a hub that runs. Its messages and
 * deliveries have lanes that begin with {@code trouble/}.
 */
final class Troubles {
  /** As many messages of the shop stop at once. */
  static final int PARKED = 25;

  /** What a hub shows once it has seen all of it, each a pattern of a line. */
  static final List<String> SHOWN =
      List.of(
          "serai_inbox_oldest_seconds\\{account=\"shopify-main\"} 3\\d{3}\\..*",
          "serai_outbox_oldest_seconds\\{destination=\"northwind\"} 3\\d{3}\\..*",
          "serai_endpoint_breaker\\{destination=\"shopify-main\"} 1\\.0",
          "serai_endpoint_paused\\{destination=\"shopify-main\"} 1\\.0",
          "serai_parked\\{account=\"shopify-main\",type=\"message\"} 2\\d\\.0",
          "serai_lanes_held\\{account=\"shopify-main\",type=\"message\"} 2\\d\\.0",
          "serai_holds_overdue 1\\.0",
          "serai_erasure_overdue 1\\.0",
          "serai_stock_publication_pending_seconds\\{channel=\"shopify-main\"} 3\\d{3}\\..*",
          "serai_stock_exposure\\{channel=\"shopify-main\"} 50\\.0",
          "serai_stock_missing 3\\.0",
          "serai_reconcile_open 1\\.0",
          "serai_stock_drift 1\\.0");

  // A message and a delivery that are due and that no replica can take, as when the table is
  // locked.
  private static final String STUCK =
      """
      CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER stuck BEFORE UPDATE ON inbox_message FOR EACH ROW WHEN (OLD.lane = 'trouble/stuck') EXECUTE FUNCTION stuck();
      CREATE TRIGGER stuck BEFORE UPDATE ON delivery FOR EACH ROW WHEN (OLD.lane = 'trouble/stuck') EXECUTE FUNCTION stuck();
      INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
      VALUES ('shopify-main', 'order', 'trouble/stuck', 'stuck', 'stuck', 'RECEIVED', now() - interval '50 minutes', now() - interval '50 minutes');
      INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode, state,
        due_at, deadline_at, created_at)
      VALUES ('northwind', 'fulfillment-request', 'request', 'trouble/stuck', 'stuck', 'stuck', 'IDEMPOTENT', 'READY',
        now() - interval '50 minutes', now() + interval '1 day', now() - interval '50 minutes')""";

  private static final String STOPPED =
      """
      INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
      SELECT 'shopify-main', 'order', 'trouble/' || n, 'parked/' || n, 'parked/' || n, 'PARKED', now(), now() FROM generate_series(1, %1$d) AS n;
      INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
      SELECT 'shopify-main', 'shipment', 'trouble/' || n, 'held/' || n, 'held/' || n, 'RECEIVED', now(), now() + interval '1 day' FROM generate_series(1, %1$d) AS n;
      INSERT INTO erasure (order_id, due_at) VALUES (gen_random_uuid(), now() - interval '2 hours');
      INSERT INTO order_hold (order_id, no, kind, reason, owner, placed_at, due_at)
      VALUES (gen_random_uuid(), 1, 'MANUAL', 'somebody wants it', 'operations', now() - interval '2 days', now() - interval '1 day')"""
          .formatted(PARKED);

  private static final String AWAY =
      """
      INSERT INTO endpoint (name, paused_until, pause_kind, pause_sentence, breaker, breaker_until, breaker_sentence, opened_count, version)
      VALUES ('shopify-main', now() + interval '1 hour', 'THROTTLED', 'it asked for patience', 'OPEN', now() + interval '1 hour', 'it is away', 1, 1)
      ON CONFLICT (name) DO UPDATE SET paused_until = excluded.paused_until, pause_kind = excluded.pause_kind,
        pause_sentence = excluded.pause_sentence, breaker = excluded.breaker, breaker_until = excluded.breaker_until,
        breaker_sentence = excluded.breaker_sentence, opened_count = 1, version = endpoint.version + 1""";

  private static final String STOCK =
      """
      INSERT INTO publication (account, listing_id, location_id, sku, quantity, pending_since)
      VALUES ('shopify-main', 'listing', '', 'GHOST', 50, now() - interval '50 minutes');
      INSERT INTO stock_case (kind, sku, node, quantity, sentence, owner, opened_at, due_at)
      VALUES ('SHORTAGE', 'GHOST', 'nj-1', 3, 'three are missing', 'operations', now(), now() + interval '1 day');
      INSERT INTO stock_level (sku, node, on_hand, as_of) VALUES ('ADRIFT', 'nj-1', 5, now());
      INSERT INTO finding (account, kind, thing, sentence, state, first_seen_at, last_seen_at, run_id)
      VALUES ('shopify-main', 'ORDER_MISSING', '#1', 'it is not here', 'OPEN', now(), now(), 1)""";

  private Troubles() {}

  /** Brings all of it about but what follows. */
  static void make(TestDatabase database) throws SQLException {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      for (var sql : List.of(STUCK, STOPPED, AWAY, STOCK)) {
        statement.execute(sql);
      }
    }
  }

  /** What is committed under this role may be lost. */
  static void forget(TestDatabase database, String role) {
    database.asAdministrator("ALTER ROLE " + role + " SET synchronous_commit = off");
    reconnect(database, role);
  }

  /** And no longer. */
  static void recall(TestDatabase database, String role) {
    database.asAdministrator("ALTER ROLE " + role + " RESET synchronous_commit");
    reconnect(database, role);
  }

  // What a role is set to holds for connections that are opened after it.
  private static void reconnect(TestDatabase database, String role) {
    database.asAdministrator(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
  }
}
