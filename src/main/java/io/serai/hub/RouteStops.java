package io.serai.hub;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes that people stopped.
 *
 * <p>Guarantee: a stop lasts until somebody starts the route again, over restarts and on every
 * replica, also when the text of the route changes; what was accepted before stays accepted. Both
 * are in the audit or did not happen. {@link #get} costs nothing. Gap: other replicas know of it
 * when they {@link #refresh} next, about a second later.
 */
public final class RouteStops implements Supplier<Map<String, RouteStops.Stop>> {
  private static final Logger LOG = LoggerFactory.getLogger(RouteStops.class);

  private static final String OPEN =
      "SELECT route, reason, stopped_by, stopped_at FROM route_stop WHERE started_at IS NULL";

  private static final String STOP =
      """
      INSERT INTO route_stop (route, reason, stopped_by, stopped_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (route) WHERE started_at IS NULL DO NOTHING RETURNING id""";

  private static final String START =
      """
      UPDATE route_stop SET started_at = ?, started_by = ?, start_reason = ?
      WHERE route = ? AND started_at IS NULL RETURNING id""";

  private static final String AUDIT =
      """
      INSERT INTO audit_entry (actor, action, object, reason, occurred_at) VALUES (?, ?, ?, ?, ?)""";

  private final DataSource database;
  private final Clock clock;
  private volatile Map<String, Stop> current = Map.of();

  /** Routes of this database; none is stopped before the first {@link #refresh}. */
  public RouteStops(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Why a route is stopped, who wanted it, and since when. */
  public record Stop(String route, String reason, String by, Instant since) {}

  /** Which routes are stopped, as this replica knows, by id. */
  @Override
  public Map<String, Stop> get() {
    return current;
  }

  /** Reads which routes are stopped. */
  public void refresh() throws SQLException {
    try (var connection = database.getConnection()) {
      current = open(connection);
    }
  }

  /** Reads it, or says that it cannot be read and keeps what is known. */
  public void refreshOrWarn() {
    try {
      refresh();
    } catch (SQLException | RuntimeException e) {
      LOG.warn("Which routes are stopped cannot be read: {}", e.getMessage());
    }
  }

  /** Stops a route. Answers false when it is stopped already. */
  public boolean stop(String route, String reason, String actor) throws SQLException {
    var now = clock.instant();
    return change("route.stop", route, reason, actor, now, STOP, route, reason, actor, now);
  }

  /** Starts a route that is stopped. Answers whether it was. */
  public boolean start(String route, String reason, String actor) throws SQLException {
    var now = clock.instant();
    return change("route.start", route, reason, actor, now, START, now, actor, reason, route);
  }

  private boolean change(
      String action,
      String route,
      String reason,
      String actor,
      Instant now,
      String sql,
      Object... values)
      throws SQLException {
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        var changed = new boolean[1];
        new Statements().query(sql, rows -> changed[0] = rows.next(), values).execute(connection);
        if (changed[0]) {
          new Statements()
              .add(AUDIT, actor, action, "route:" + route, reason, now)
              .execute(connection);
        }
        connection.commit();
        current = open(connection);
        connection.commit();
        return changed[0];
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static Map<String, Stop> open(Connection connection) throws SQLException {
    var open = new TreeMap<String, Stop>();
    new Statements()
        .query(
            OPEN,
            rows -> {
              while (rows.next()) {
                open.put(
                    rows.getString(1),
                    new Stop(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getTimestamp(4).toInstant()));
              }
            })
        .execute(connection);
    return Map.copyOf(open);
  }
}
