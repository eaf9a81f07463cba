package io.serai.demo;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/** Tells the first of each kind of thing that happens in the hub, in the hub's own words. */
final class Happenings {
  private static final int MOST_AT_ONCE = 500;

  private final DataSource database;
  private final Screen screen;
  private final Set<String> told = new HashSet<>();
  private long lastEvent = -1;
  private long lastFailure = -1;

  /** Tells what happens from now on. */
  Happenings(DataSource database, Screen screen) {
    this.database = database;
    this.screen = screen;
  }

  /** Tells what is new. */
  void tell() throws SQLException {
    lastEvent =
        tell(
            lastEvent,
            "SELECT coalesce(max(id), 0) FROM order_event",
            "SELECT id, kind, sentence FROM order_event WHERE id > ? ORDER BY id LIMIT "
                + MOST_AT_ONCE,
            "  · ");
    lastFailure =
        tell(
            lastFailure,
            "SELECT coalesce(max(id), 0) FROM failure",
            "SELECT id, fingerprint, kind || ': ' || sentence FROM failure WHERE id > ? ORDER BY id LIMIT "
                + MOST_AT_ONCE,
            "  ! ");
  }

  private long tell(long last, String newest, String next, String mark) throws SQLException {
    try (var connection = database.getConnection()) {
      if (last < 0) {
        try (var statement = connection.createStatement();
            var row = statement.executeQuery(newest)) {
          row.next();
          return row.getLong(1);
        }
      }
      try (var statement = connection.prepareStatement(next)) {
        statement.setLong(1, last);
        try (var rows = statement.executeQuery()) {
          var seen = last;
          while (rows.next()) {
            seen = rows.getLong(1);
            if (told.add(rows.getString(2))) {
              screen.line(mark + rows.getString(3));
            }
          }
          return seen;
        }
      }
    }
  }
}
