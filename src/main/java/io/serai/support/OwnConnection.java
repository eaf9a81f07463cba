package io.serai.support;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection that one writer thread keeps for itself: opened when first needed, thrown away when
 * it broke, opened again by the next use. Not for use by two threads.
 */
public final class OwnConnection implements AutoCloseable {
  /** Opens a new connection in autocommit mode. */
  @FunctionalInterface
  public interface Source {
    /** Opens one, or throws when the database is away. */
    Connection open() throws SQLException;
  }

  /** Work on the connection. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it; leaves no open transaction behind unless it throws. */
    T on(Connection connection) throws SQLException;
  }

  private final Source source;
  private Connection connection;

  /** Nothing is opened yet. */
  public OwnConnection(Source source) {
    this.source = source;
  }

  /**
   * Runs the work. When it throws, the transaction that it may have left is rolled back, or the
   * connection is dropped when even that fails; the exception goes on to the caller.
   */
  public <T> T run(Work<T> work) throws SQLException {
    if (connection == null) {
      connection = source.open();
    }
    try {
      return work.on(connection);
    } catch (SQLException | RuntimeException e) {
      recover(e);
      throw e;
    }
  }

  private void recover(Exception cause) {
    try {
      Statements.rollback(connection);
    } catch (SQLException e) {
      cause.addSuppressed(e);
      close();
    }
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // it is given up anyway; the server ends the session when the socket closes
      } finally {
        connection = null;
      }
    }
  }
}
