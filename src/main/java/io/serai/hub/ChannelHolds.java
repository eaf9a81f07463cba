package io.serai.hub;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Channels whose new orders are held because a person said so.
 *
 * <p>Guarantee: an order that comes while its channel is held is kept, reserves nothing and is
 * asked of no node; released, every order that was held because of it goes on, those that were held
 * for something else as well stay held for that, and a kill in between only delays the rest.
 * Holding and releasing are in the audit or did not happen. {@link #get} costs nothing. Gap: other
 * replicas know of it when they {@link #refresh} next, about a second later; orders that the hub
 * had already are not touched.
 */
public final class ChannelHolds implements Supplier<Map<String, ChannelHolds.Hold>> {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelHolds.class);
  private static final String SUBJECT = "chn_";

  /** A replica that had not heard of a release may still have held an order. */
  private static final Duration LATE = Duration.ofMinutes(1);

  private static final String OPEN =
      "SELECT id, account, reason, placed_by, placed_at FROM channel_hold WHERE released_at IS NULL ORDER BY account";

  private static final String PLACE =
      """
      INSERT INTO channel_hold (account, reason, placed_by, placed_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (account) WHERE released_at IS NULL DO NOTHING RETURNING id""";

  private static final String RELEASE =
      """
      UPDATE channel_hold SET released_at = ?, released_by = ?, release_reason = ?
      WHERE account = ? AND released_at IS NULL RETURNING id""";

  private static final String AUDIT =
      """
      INSERT INTO audit_entry (actor, action, object, reason, occurred_at) VALUES (?, ?, ?, ?, ?)""";

  private static final String DRAINING =
      """
      SELECT id, account, released_at, released_by, release_reason FROM channel_hold h
      WHERE released_at IS NOT NULL AND (drained_at IS NULL OR EXISTS (SELECT 1 FROM order_hold o
        WHERE o.subject = 'chn_' || h.id AND o.kind = 'MANUAL' AND o.released_at IS NULL)) ORDER BY id""";

  private static final String HELD =
      """
      SELECT order_id FROM order_hold
      WHERE subject = ? AND kind = 'MANUAL' AND released_at IS NULL ORDER BY order_id LIMIT ?""";

  private static final String DRAINED = "UPDATE channel_hold SET drained_at = ? WHERE id = ?";

  private final DataSource database;
  private final Clock clock;
  private volatile Map<String, Hold> current = Map.of();

  /** Channels of this database; none is held before the first {@link #refresh}. */
  public ChannelHolds(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Why new orders of a channel are held, who wanted it, and since when. */
  public record Hold(long id, String account, String reason, String by, Instant since) {
    /** What the orders that it holds name. */
    String subject() {
      return SUBJECT + id;
    }
  }

  /** A hold that is released, whose orders go on. */
  record Released(long id, String account, Instant at, String by, String reason) {
    String subject() {
      return SUBJECT + id;
    }
  }

  /** Which channels are held, as this replica knows, by name. */
  @Override
  public Map<String, Hold> get() {
    return current;
  }

  /** Reads which channels are held. */
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
      LOG.warn("Which channels are held cannot be read: {}", e.getMessage());
    }
  }

  /** Which channels are held, as the database has it. */
  private static Map<String, Hold> open(Connection connection) throws SQLException {
    var open = new HashMap<String, Hold>();
    new Statements()
        .query(
            OPEN,
            rows -> {
              while (rows.next()) {
                var hold =
                    new Hold(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getTimestamp(5).toInstant());
                open.put(hold.account(), hold);
              }
            })
        .execute(connection);
    return Map.copyOf(open);
  }

  /**
   * Holds what comes from a channel from now on. Answers the hold, or empty when it was held
   * already.
   */
  public Optional<Hold> hold(String account, String reason, String actor) throws SQLException {
    var now = clock.instant();
    return change("channel.hold", account, reason, actor, now, PLACE, account, reason, actor, now)
        ? Optional.ofNullable(current.get(account))
        : Optional.empty();
  }

  /** Lets go what a channel's hold holds. Answers whether there was one. */
  public boolean release(String account, String reason, String actor) throws SQLException {
    var now = clock.instant();
    return change(
        "channel.release", account, reason, actor, now, RELEASE, now, actor, reason, account);
  }

  private boolean change(
      String action,
      String account,
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
              .add(AUDIT, actor, action, "account:" + account, reason, now)
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

  /** Holds that are released and may still hold orders. */
  List<Released> draining() throws SQLException {
    var found = new ArrayList<Released>();
    read(
        DRAINING,
        row ->
            found.add(
                new Released(
                    row.getLong(1),
                    row.getString(2),
                    row.getTimestamp(3).toInstant(),
                    row.getString(4),
                    row.getString(5))));
    return found;
  }

  /** Orders that a released hold still holds; when there are none for a while it is done with. */
  List<UUID> heldBy(Released released, int most) throws SQLException {
    var orders = new ArrayList<UUID>();
    read(HELD, row -> orders.add(row.getObject(1, UUID.class)), released.subject(), most);
    var now = clock.instant();
    if (orders.isEmpty() && now.isAfter(released.at().plus(LATE))) {
      try (var connection = database.getConnection()) {
        new Statements().add(DRAINED, now, released.id()).execute(connection);
      }
    }
    return orders;
  }

  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private void read(String sql, Row each, Object... values) throws SQLException {
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              sql,
              rows -> {
                while (rows.next()) {
                  each.read(rows);
                }
              },
              values)
          .execute(connection);
    }
  }
}
