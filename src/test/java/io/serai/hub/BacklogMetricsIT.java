package io.serai.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.serai.database.TestDatabase;
import io.serai.outbox.SharedQuotas;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What dead letters hold up, and what a quota leaves, as the tables have it. */
class BacklogMetricsIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void bind() {
    DATABASE.truncate();
    new BacklogMetrics(
            DATABASE.dataSource(),
            clock,
            Map.of("shop", Map.of("search", 20, "confirm", 10), "northwind", Map.of()))
        .bindTo(registry);
  }

  private static void run(String sql) throws SQLException {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void message(String lane, String key, String state) throws SQLException {
    run(
        """
        INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
        VALUES ('shop', 'order', '%1$s', '%2$s', '%2$s', '%3$s', now(), now())"""
            .formatted(lane, key, state));
  }

  private static void delivery(String lane, String key, String state) throws SQLException {
    run(
        """
        INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode, state,
          due_at, deadline_at, created_at)
        VALUES ('northwind', 'fulfillment-request', 'request', '%1$s', '%2$s', '%2$s', 'IDEMPOTENT', '%3$s', now(), now(), now())"""
            .formatted(lane, key, state));
  }

  private double held(String account, String type) {
    return registry.get("serai.lanes.held").tags("account", account, "type", type).gauge().value();
  }

  private double left(String quota) {
    return registry.get("serai.quota.left").tags("account", "shop", "quota", quota).gauge().value();
  }

  @Test
  void aLaneIsHeldOnceSomethingWaitsBehindADeadLetterAndCountsOnce() throws SQLException {
    message("shop/1", "1a", "PARKED");
    message("shop/1", "1b", "PARKED");
    message("shop/1", "1c", "RECEIVED");
    message("shop/1", "1d", "RECEIVED");
    message("shop/2", "2a", "PARKED");
    message("shop/2", "2b", "RECEIVED");
    message("shop/3", "3a", "PARKED");
    message("shop/4", "4a", "RECEIVED");
    message("shop/4", "4b", "PARKED");
    message("shop/5", "5a", "PARKED");
    message("shop/5", "5b", "APPLIED");
    delivery("northwind/1", "1a", "PARKED");
    delivery("northwind/1", "1b", "READY");
    delivery("northwind/2", "2a", "REFUSED");
    delivery("northwind/2", "2b", "READY");

    assertThat(held("shop", "message")).isEqualTo(2);
    assertThat(held("shop", "delivery")).isZero();
    assertThat(held("northwind", "delivery")).isEqualTo(1);
    assertThat(held("northwind", "message")).isZero();
  }

  @Test
  void whatIsToBeErasedIsDueAndAfterAnHourOverdue() throws SQLException {
    var now = clock.instant();
    for (var ago : new long[] {-5, 0, 30, 59, 60, 4_000}) {
      run(
          "INSERT INTO erasure (order_id, due_at) VALUES (gen_random_uuid(), '%s')"
              .formatted(now.minus(Duration.ofMinutes(ago))));
    }
    run("INSERT INTO erasure (order_id, due_at) VALUES (gen_random_uuid(), NULL)");
    run(
        "INSERT INTO erasure_message (message_id, due_at) VALUES (1, '%s')"
            .formatted(now.minus(Duration.ofDays(3))));

    assertThat(registry.get("serai.erasure.due").gauge().value()).isEqualTo(6);
    assertThat(registry.get("serai.erasure.overdue").gauge().value()).isEqualTo(3);
  }

  @Test
  void whatAQuotaLeavesFallsWithEachCallAndComesBackWithTheTime() throws SQLException {
    assertThat(left("search")).isEqualTo(20);
    var quotas = new SharedQuotas(DATABASE.dataSource(), clock);
    var search = new SharedQuotas.Quota("shop", "search", 0.5, 20);
    for (var i = 0; i < 20; i++) {
      assertThat(quotas.take(search)).isZero();
    }
    clock.advance(Duration.ofSeconds(11));

    assertThat(left("search")).isEqualTo(5.5);
    assertThat(left("confirm")).as("one that nobody used yet").isEqualTo(10);

    quotas.drain(search);
    clock.advance(Duration.ofHours(1));

    assertThat(left("search")).isEqualTo(20);
  }
}
