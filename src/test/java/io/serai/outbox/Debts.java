package io.serai.outbox;

import io.serai.database.TestDatabase;
import io.serai.support.ManualClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is owed to one partner, written and read by SQL. */
final class Debts {
  static final String PARTNER = "northwind";

  private final TestDatabase database;
  private final ManualClock clock;
  private RepeatMode repeat = RepeatMode.IDEMPOTENT;
  private int attempts;

  Debts(TestDatabase database, ManualClock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** A delivery's row. */
  record Row(
      String key,
      String state,
      boolean unknown,
      int attempts,
      String remoteId,
      Instant dueAt,
      String failure) {}

  Debts repeated(RepeatMode repeat) {
    this.repeat = repeat;
    return this;
  }

  Debts tried(int attempts) {
    this.attempts = attempts;
    return this;
  }

  /** Owes a delivery in a lane; its idempotency key is also its name here. */
  Debts owe(String lane, String key) {
    return oweTo(PARTNER, lane, key);
  }

  Debts oweTo(String destination, String lane, String key) {
    run(
        """
        WITH d AS (
          INSERT INTO delivery (destination, document, operation, lane, business_key, idempotency_key, repeat_mode,
            state, due_at, deadline_at, attempt_count, created_at)
          VALUES (?, 'shipment', 'shipment', ?, ?, ?, ?, 'READY', ?, ?, ?, ?) RETURNING id)
        INSERT INTO delivery_content SELECT id, '{}' FROM d""",
        destination,
        destination + '/' + lane,
        key,
        key,
        repeat.name(),
        clock.instant(),
        clock.instant().plus(Duration.ofHours(48)),
        attempts,
        clock.instant());
    return this;
  }

  Row row(String key) {
    return all(
            """
            SELECT d.idempotency_key, d.state, d.outcome_unknown, d.attempt_count, d.remote_id, d.due_at, f.kind
            FROM delivery d LEFT JOIN failure f ON f.id = d.failure_id WHERE d.idempotency_key = ?""",
            rows ->
                new Row(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getBoolean(3),
                    rows.getInt(4),
                    rows.getString(5),
                    rows.getTimestamp(6).toInstant(),
                    rows.getString(7)),
            key)
        .getFirst();
  }

  String state(String key) {
    return row(key).state();
  }

  long count(String sql) {
    return all(sql, rows -> rows.getLong(1)).getFirst();
  }

  void run(String sql, Object... parameters) {
    try (var connection = database.dataSource().getConnection();
        var statement = prepare(connection, sql, parameters)) {
      statement.execute();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  interface Read<T> {
    T read(ResultSet rows) throws SQLException;
  }

  <T> List<T> all(String sql, Read<T> read, Object... parameters) {
    try (var connection = database.dataSource().getConnection();
        var statement = prepare(connection, sql, parameters);
        var rows = statement.executeQuery()) {
      var all = new ArrayList<T>();
      while (rows.next()) {
        all.add(read.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object[] parameters)
      throws SQLException {
    var statement = connection.prepareStatement(sql);
    for (var i = 0; i < parameters.length; i++) {
      statement.setObject(
          i + 1, parameters[i] instanceof Instant at ? Timestamp.from(at) : parameters[i]);
    }
    return statement;
  }
}
