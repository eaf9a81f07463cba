package io.serai.deadletter;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import javax.sql.DataSource;

/**
 * One unit of work on one connection: committed when it returns, undone when it throws. Run again,
 * a few times, only after a serialization failure or a deadlock, where the database undid it
 * itself; a lost connection is the caller's, because the commit may have happened.
 */
final class Transaction {
  private static final Set<String> UNDONE = Set.of("40001", "40P01");
  private static final int TRIES = 5;

  private Transaction() {}

  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  static <T> T run(DataSource database, Work<T> work) {
    return run(database, Connection.TRANSACTION_READ_COMMITTED, work);
  }

  /** All statements see one instant. */
  static <T> T snapshot(DataSource database, Work<T> work) {
    return run(database, Connection.TRANSACTION_REPEATABLE_READ, work);
  }

  private static <T> T run(DataSource database, int isolation, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(database, isolation, work);
      } catch (SQLException e) {
        if (attempt == TRIES || !UNDONE.contains(String.valueOf(e.getSQLState()))) {
          throw new IllegalStateException(
              "The database could not complete work on dead letters: " + e.getMessage(), e);
        }
      }
    }
  }

  private static <T> T once(DataSource database, int isolation, Work<T> work) throws SQLException {
    try (var connection = database.getConnection()) {
      var before = connection.getTransactionIsolation();
      connection.setTransactionIsolation(isolation);
      connection.setAutoCommit(false);
      try {
        var result = work.with(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        try {
          connection.rollback();
        } catch (SQLException lost) {
          e.addSuppressed(lost);
        }
        throw e;
      } finally {
        if (!connection.isClosed()) {
          try {
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(before);
          } catch (SQLException lost) {
            // the connection is gone; the work's own answer says what matters
          }
        }
      }
    }
  }

  static OffsetDateTime at(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
