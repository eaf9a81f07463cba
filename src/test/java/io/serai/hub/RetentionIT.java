package io.serai.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of bodies that nobody needs any more. */
class RetentionIT {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final ManualClock clock = new ManualClock();

  @BeforeEach
  void empty() {
    DATABASE.truncate();
  }

  private int run(int pages) throws SQLException {
    return new Retention(DATABASE.dataSource(), clock, Retention.Terms.USUAL, pages).run();
  }

  private static void execute(String sql, Object... values) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (var i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static List<String> texts(String sql) {
    try (var connection = DATABASE.dataSource().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private void received(String key, String document, String state, int daysAgo) {
    execute(
        """
        WITH m AS (
          INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
          SELECT 'shop', ?, 'shop/' || k, k, k, ?, t, t FROM (SELECT ?::text AS k, ?::timestamptz AS t) v RETURNING id, received_at)
        INSERT INTO message_payload (message_id, received_at, sha256, body) SELECT id, received_at, '', 'body' FROM m""",
        document,
        state,
        key,
        Timestamp.from(clock.instant().minus(Duration.ofDays(daysAgo))));
  }

  private void owed(String key, String document, String state, int daysAgo) {
    execute(
        """
        WITH d AS (
          INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode, state,
            due_at, deadline_at, created_at)
          SELECT 'northwind', ?, 'request', k, k, k, 'IDEMPOTENT', ?, t, t, t
          FROM (SELECT ?::text AS k, ?::timestamptz AS t) v RETURNING id)
        INSERT INTO delivery_content SELECT id, '{}' FROM d""",
        document,
        state,
        key,
        Timestamp.from(clock.instant().minus(Duration.ofDays(daysAgo))));
  }

  private static List<String> bodies() {
    return texts(
        """
        SELECT m.message_key FROM inbox_message m JOIN message_payload p ON p.message_id = m.id
        UNION ALL SELECT d.business_key FROM delivery d JOIN delivery_content c ON c.delivery_id = d.id ORDER BY 1""");
  }

  private void labeled(String state, int daysAgo) {
    execute(
        """
        WITH p AS (
          INSERT INTO parcel (id, order_id, fulfillment_order_id, node, state, round, document, created_at, updated_at)
          SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'store-1', ?, 1, '{}', t, t
          FROM (SELECT ?::timestamptz AS t) v RETURNING id, created_at)
        INSERT INTO parcel_label (parcel_id, format, content, created_at) SELECT id, 'ZPL', 'label', created_at FROM p""",
        state,
        Timestamp.from(clock.instant().minus(Duration.ofDays(daysAgo))));
  }

  @Test
  void labelsGoWithTheBodiesOfOrdersUnlessTheyAreStillToBeUsed() throws SQLException {
    labeled("DELIVERED", 91);
    labeled("LABELED", 91);
    labeled("SHIPPED", 89);

    assertThat(run(1)).isEqualTo(1);

    assertThat(
            texts(
                "SELECT p.state FROM parcel p JOIN parcel_label l ON l.parcel_id = p.id ORDER BY 1"))
        .containsExactly("LABELED", "SHIPPED");
  }

  private void noted(String key, int daysAgo) {
    var at = Timestamp.from(clock.instant().minus(Duration.ofDays(daysAgo)));
    execute(
        "INSERT INTO as2_sent (account, delivery_key, message_id, mic, digest, state, owed, sent_at) VALUES ('northwind', ?, ?, '', 'sha-256', 'CONFIRMED', false, ?)",
        key,
        key,
        at);
    execute(
        "INSERT INTO sent_file (account, delivery_key, folder, name, size, sha256, state, updated_at) VALUES ('northwind', ?, 'in', 'a', 1, '', 'STANDS', ?)",
        key,
        at);
    execute(
        "INSERT INTO as2_received (account, message_id, sha256, received_at) VALUES ('northwind', ?, '', ?)",
        key,
        at);
  }

  @Test
  void notesOfFilesGoWhenNobodySendsThemAgain() throws SQLException {
    owed("open", "fulfillment-request", "PARKED", 91);
    owed("done", "fulfillment-request", "CONFIRMED", 91);
    noted("open", 91);
    noted("done", 91);
    noted("new", 89);
    noted("very-old", 731);

    run(1);

    assertThat(texts("SELECT delivery_key FROM as2_sent ORDER BY 1"))
        .containsExactly("new", "open");
    assertThat(texts("SELECT delivery_key FROM sent_file ORDER BY 1"))
        .containsExactly("new", "open");
    assertThat(texts("SELECT message_id FROM as2_received ORDER BY 1"))
        .containsExactly("done", "new", "open");
  }

  @Test
  void thePatchOfAReplayGoesWhenWhatItChangedWould() throws SQLException {
    for (var days : new int[] {89, 91}) {
      execute(
          """
          INSERT INTO replay_job (selection, rate, state, actor, total, created_at, finished_at, patch, patch_reason)
          SELECT '{}', 1, 'DONE', 'ann', 0, t, t, '[{"op":"replace","path":"/name","value":"Ada"}]', 'a typo'
          FROM (SELECT ?::timestamptz AS t) v""",
          Timestamp.from(clock.instant().minus(Duration.ofDays(days))));
    }

    run(1);

    assertThat(texts("SELECT (patch IS NULL)::text FROM replay_job ORDER BY finished_at"))
        .containsExactly("true", "false");
  }

  @Test
  void whatEndedInTheLaneOfAnOrderUnderALegalHoldStaysUntilItEnds() throws SQLException {
    execute(
        """
        WITH o AS (
          INSERT INTO sales_order (id, account, channel_order_id, state, revision, currency, grand_total, payment_state,
            placed_at, received_at, updated_at)
          VALUES (gen_random_uuid(), 'shop', 'A1', 'CLOSED', 1, 'EUR', 1, 'PAID', now(), now(), now()) RETURNING id)
        INSERT INTO erasure (order_id, kept_since, kept_by, kept_reason) SELECT id, now(), 'ann', 'a court asked' FROM o""");
    received("A1", "order", "DISCARDED", 91);
    received("B1", "order", "DISCARDED", 91);

    run(2);
    run(2);
    assertThat(bodies()).containsExactly("A1");

    execute("UPDATE erasure SET kept_since = NULL");
    run(2);
    assertThat(bodies()).isEmpty();
  }

  @Test
  void bodiesGoWhenTheTimeOfTheirClassIsOverAndKeysStay() throws SQLException {
    received("interchange-old", "interchange", "SPLIT", 731);
    received("interchange", "interchange", "SPLIT", 700);
    received("order-old", "order", "APPLIED", 91);
    received("stock-older", "stock", "APPLIED", 90);
    owed("request-old", "fulfillment-request", "CONFIRMED", 91);
    owed("request", "fulfillment-request", "CONFIRMED", 89);
    received("order", "order", "APPLIED", 89);
    received("stock-old", "stock", "SUPERSEDED", 8);
    owed("stock-told-old", "stock", "CONFIRMED", 8);
    owed("stock-told", "stock", "CONFIRMED", 6);
    received("stock", "stock", "APPLIED", 6);

    execute(
        """
        INSERT INTO message_edit (message_id, edited_at, received_at, actor, reason, sha256, body)
        SELECT id, received_at, received_at, 'ann', 'a typo', '', 'bady' FROM inbox_message""");

    assertThat(run(20)).isEqualTo(6);

    assertThat(texts("SELECT message_id FROM message_edit"))
        .as("what a person replaced")
        .hasSize(3);
    assertThat(bodies()).containsExactly("interchange", "order", "request", "stock", "stock-told");
    assertThat(texts("SELECT dedupe_key FROM inbox_message")).hasSize(7);
    assertThat(texts("SELECT business_key FROM delivery")).hasSize(4);
    assertThat(run(20)).isZero();
    clock.advance(Duration.ofDays(2));
    assertThat(run(20)).isEqualTo(4);
    assertThat(bodies()).containsExactly("interchange");
  }

  @Test
  void whatIsNotFinishedKeepsItsBodyUntilItIs() throws SQLException {
    for (var state : List.of("RECEIVED", "RUNNING", "WAITING", "PARKED")) {
      received(state, "order", state, 200);
    }
    for (var state : List.of("READY", "SENDING", "PENDING", "WAITING", "PARKED", "REFUSED")) {
      owed("d-" + state, "shipment", state, 200);
    }

    assertThat(run(20)).isZero();
    assertThat(bodies()).hasSize(10);

    execute("UPDATE inbox_message SET state = 'DISCARDED' WHERE message_key = 'PARKED'");
    execute("UPDATE delivery SET state = 'CONFIRMED' WHERE business_key = 'd-READY'");
    assertThat(run(20)).isEqualTo(2);
    assertThat(bodies()).hasSize(8).doesNotContain("PARKED", "d-READY");
    assertThat(texts("SELECT id FROM retention_left")).hasSize(8);
    assertThat(run(20)).isZero();
  }

  @Test
  void aRunIsBoundedAndTheNextGoesOnWhereItEnded() throws SQLException {
    execute(
        """
        WITH m AS (
          INSERT INTO inbox_message (account, document, lane, message_key, dedupe_key, state, received_at, due_at)
          SELECT 'shop', 'order', n::text, n::text, n::text, 'APPLIED', ?::timestamptz, now() FROM generate_series(1, 1700) n
          RETURNING id, received_at)
        INSERT INTO message_payload (message_id, received_at, sha256, body) SELECT id, received_at, '', 'body' FROM m""",
        Timestamp.from(clock.instant().minus(Duration.ofDays(100))));

    assertThat(run(2)).isEqualTo(1_000);
    assertThat(run(2)).isEqualTo(700);
    assertThat(bodies()).isEmpty();
    assertThat(texts("SELECT id FROM inbox_message")).hasSize(1_700);
  }
}
