package io.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads for people: one read-only snapshot each, with a time limit the database itself keeps, so
 * that no search can hold up orders.
 */
public final class Reads {
  static final Duration LIMIT = Duration.ofSeconds(5);

  private final JdbcClient jdbc;
  private final DataSource database;
  private final TransactionTemplate snapshot;

  /** Reads from this database. */
  public Reads(DataSource database) {
    this.jdbc = JdbcClient.create(database);
    this.database = database;
    this.snapshot = new TransactionTemplate(new JdbcTransactionManager(database));
    snapshot.setReadOnly(true);
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /** What this reading finds, in a snapshot of its own. */
  public <T> T read(Function<JdbcClient, T> reading) {
    return snapshot.execute(
        status -> {
          jdbc.sql("SELECT set_config('statement_timeout', :limit, true)")
              .param("limit", LIMIT.toMillis() + "ms")
              .query(String.class)
              .single();
          return reading.apply(jdbc);
        });
  }

  /** What this reading finds on the connection of a snapshot of its own. */
  <T> T on(Function<Connection, T> reading) {
    return read(
        client -> {
          var connection = DataSourceUtils.getConnection(database);
          try {
            return reading.apply(connection);
          } finally {
            DataSourceUtils.releaseConnection(connection, database);
          }
        });
  }

  /** An array of texts; none for null. */
  static List<String> texts(ResultSet row, String column) throws SQLException {
    var array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    var at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  static String id(String prefix, Long number) {
    return number == null ? null : prefix + "_" + number;
  }

  static String id(String prefix, UUID id) {
    return id == null ? null : io.serai.support.Ids.text(prefix, id);
  }

  static JsonNode json(ResultSet row, String column) throws SQLException {
    var text = row.getString(column);
    return text == null ? null : Json.tree(text);
  }
}
