package io.serai.support;

import java.sql.SQLException;

/** What a PostgreSQL error means for the one who ran the statement. */
public final class SqlStates {
  private SqlStates() {}

  /**
   * Serialization failure (40001), deadlock (40P01): the database undid it and says that it may be
   * run again as it is.
   */
  public static boolean isRerunnable(SQLException e) {
    return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
  }

  /**
   * The connection broke (class 08), the server is going or starting (57P01-57P03): whether a
   * COMMIT sent last took effect is unknown.
   */
  public static boolean isConnectionLost(SQLException e) {
    var state = e.getSQLState();
    return state == null || state.startsWith("08") || state.startsWith("57P");
  }

  /** The disk is full (53100) or another resource ran out (class 53): nothing was done. */
  public static boolean isOutOfResources(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("53");
  }

  /** A unique key is there already (23505): somebody else was first. */
  public static boolean isDuplicate(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  /** What it says, without what PostgreSQL adds below: that quotes the row, and with it a buyer. */
  public static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
