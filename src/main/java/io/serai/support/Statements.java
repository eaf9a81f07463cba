package io.serai.support;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Several SQL statements sent to PostgreSQL in one round trip. Texts repeat, so the driver keeps
 * them prepared; what varies goes into array parameters that the text opens with {@code unnest}.
 *
 * <p>Parameters may be {@link Instant}s and {@link PgArray}s beside what JDBC knows. With {@link
 * #inTransaction} the statements stand between BEGIN and COMMIT of the same round trip: when it
 * throws, nothing of it was committed, except when the connection itself broke, where the outcome
 * of the COMMIT is unknown and has to be read by key.
 */
public final class Statements {
  /** Reads the rows of one statement. */
  @FunctionalInterface
  public interface Rows {
    /** Called once, before the first row. */
    void read(ResultSet rows) throws SQLException;
  }

  /** An array parameter: element type as PostgreSQL names it, and its values (nulls allowed). */
  public record PgArray(String type, Object[] values) {}

  private record Statement(String sql, Rows rows, Object[] parameters) {}

  private final List<Statement> statements = new ArrayList<>();

  /** An array parameter. */
  public static PgArray array(String type, Object[] values) {
    return new PgArray(type, values);
  }

  /** A text[] parameter. */
  public static PgArray texts(List<String> values) {
    return new PgArray("text", values.toArray(String[]::new));
  }

  /** Whether nothing was added yet. */
  public boolean isEmpty() {
    return statements.isEmpty();
  }

  /** Adds a statement whose result does not matter. */
  public Statements add(String sql, Object... parameters) {
    statements.add(new Statement(sql, null, parameters));
    return this;
  }

  /** Adds a statement that returns rows. */
  public Statements query(String sql, Rows rows, Object... parameters) {
    statements.add(new Statement(sql, rows, parameters));
    return this;
  }

  /** Sends them as they are: in the connection's transaction, or each on its own in autocommit. */
  public void execute(Connection connection) throws SQLException {
    execute(connection, "", "");
  }

  /**
   * Sends them after a BEGIN, leaving the transaction open. The connection is in autocommit mode.
   */
  public void begin(Connection connection) throws SQLException {
    execute(connection, "BEGIN;", "");
  }

  /** Sends them and a COMMIT after them, ending the transaction that {@link #begin} opened. */
  public void commit(Connection connection) throws SQLException {
    execute(connection, "", ";COMMIT");
  }

  /** Sends BEGIN, the statements and COMMIT in one round trip. */
  public void inTransaction(Connection connection) throws SQLException {
    execute(connection, "BEGIN;", ";COMMIT");
  }

  /** Ends a transaction that failed; a connection that cannot even do that is of no more use. */
  public static void rollback(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    }
  }

  private void execute(Connection connection, String before, String after) throws SQLException {
    if (statements.isEmpty() && before.isEmpty() && after.isEmpty()) {
      return;
    }
    var sql = new StringBuilder(before);
    for (var i = 0; i < statements.size(); i++) {
      if (i > 0) {
        sql.append(';');
      }
      sql.append(statements.get(i).sql());
    }
    if (statements.isEmpty() && !after.isEmpty()) {
      sql.append(after, 1, after.length());
    } else {
      sql.append(after);
    }
    try (var prepared = connection.prepareStatement(sql.toString())) {
      var index = 1;
      for (var statement : statements) {
        for (var parameter : statement.parameters()) {
          set(connection, prepared, index++, parameter);
        }
      }
      var hasRows = prepared.execute();
      if (!before.isEmpty()) {
        hasRows = prepared.getMoreResults();
      }
      for (var i = 0; i < statements.size(); i++) {
        var rows = statements.get(i).rows();
        if (rows != null) {
          if (!hasRows) {
            throw new SQLException("Statement returned no rows: " + statements.get(i).sql());
          }
          try (var result = prepared.getResultSet()) {
            rows.read(result);
          }
        }
        hasRows = prepared.getMoreResults();
      }
    }
  }

  private static void set(
      Connection connection, PreparedStatement prepared, int index, Object value)
      throws SQLException {
    switch (value) {
      case null -> prepared.setObject(index, null);
      case PgArray array ->
          prepared.setArray(index, connection.createArrayOf(array.type(), array.values()));
      case Instant instant ->
          prepared.setObject(index, OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
      default -> prepared.setObject(index, value);
    }
  }
}
