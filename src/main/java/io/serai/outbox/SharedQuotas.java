package io.serai.outbox;

import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Counts calls of which a partner allows few, over all replicas: one token bucket a kind of call in
 * the table {@code quota}, and one small transaction a call. What many calls share belongs to the
 * {@link SharedLimiter} instead, which costs none.
 *
 * <p>Guarantee: no more calls begin than the bucket gives. Gap: whoever calls past us (another
 * program under the same credentials) is noticed only by the partner's answers.
 */
public final class SharedQuotas {
  /** Those who are put off come back one after the other, and no later than this. */
  private static final Duration MOST_WAIT = Duration.ofHours(1);

  private static final Duration LEAST_WAIT = Duration.ofMillis(50);

  private static final String LEVEL =
      "least(excluded.burst, q.level + q.per_second * greatest(0, extract(epoch FROM excluded.settled_at - q.settled_at)))";

  private static final String PER_SECOND =
      "CASE WHEN q.declared = excluded.declared THEN q.per_second ELSE excluded.per_second END";

  // No row comes back when there is no call left.
  private static final String TAKE =
      """
      INSERT INTO quota AS q (account, name, declared, per_second, burst, level, settled_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (account, name) DO UPDATE
        SET level = %1$s - 1, settled_at = greatest(q.settled_at, excluded.settled_at), burst = excluded.burst,
          per_second = %2$s, declared = excluded.declared
      WHERE %1$s >= 1
      RETURNING per_second"""
          .formatted(LEVEL, PER_SECOND);

  // Another rate in the connector holds at once, but gives no call: two that differ would take
  // turns.
  private static final String DECLARE =
      """
      UPDATE quota SET level = least(?, level + per_second * greatest(0, extract(epoch FROM ?::timestamptz - settled_at))),
        settled_at = greatest(settled_at, ?::timestamptz), burst = ?, per_second = ?, declared = ?
      WHERE account = ? AND name = ? AND declared <> ?""";

  private static final String LEFT =
      """
      SELECT least(burst, level + per_second * greatest(0, extract(epoch FROM ?::timestamptz - settled_at))), per_second
      FROM quota WHERE account = ? AND name = ?""";

  private static final String CORRECT =
      """
      UPDATE quota SET level = least(burst, level + per_second * greatest(0, extract(epoch FROM ?::timestamptz - settled_at))),
        settled_at = greatest(settled_at, ?::timestamptz), per_second = ?, corrected_at = ?
      WHERE account = ? AND name = ?""";

  private static final String DRAIN =
      """
      UPDATE quota SET level = least(level, 0), settled_at = greatest(settled_at, ?::timestamptz)
      WHERE account = ? AND name = ?""";

  /**
   * A kind of call and what it bears.
   *
   * @param name as the connector calls it
   * @param perSecond calls a second; a fraction where it is less than one
   * @param burst calls at once after a rest
   */
  public record Quota(String account, String name, double perSecond, int burst) {
    private String key() {
      return account + '/' + name;
    }
  }

  private final DataSource database;
  private final Clock clock;
  private final Map<String, Instant> ends = new ConcurrentHashMap<>();

  /** The rates that hold, as this replica last saw them. */
  private final Map<String, Double> rates = new ConcurrentHashMap<>();

  /**
   * Counts in this database.
   *
   * @param clock the database's, so that replicas agree on what has been refilled
   */
  public SharedQuotas(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Takes one call.
   *
   * @return zero when it was there; otherwise when to come again, later the more were put off
   *     before
   */
  public Duration take(Quota quota) throws SQLException {
    var now = clock.instant();
    var taken = new boolean[1];
    var left = new double[] {0, quota.perSecond()};
    var rate = quota.perSecond();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              TAKE,
              rows -> {
                taken[0] = rows.next();
                if (taken[0]) {
                  rates.put(quota.key(), rows.getDouble(1));
                }
              },
              quota.account(),
              quota.name(),
              rate,
              rate,
              quota.burst(),
              quota.burst() - 1.0,
              now)
          .execute(connection);
      if (taken[0]) {
        return Duration.ZERO;
      }
      new Statements()
          .add(
              DECLARE,
              quota.burst(),
              now,
              now,
              quota.burst(),
              rate,
              rate,
              quota.account(),
              quota.name(),
              rate)
          .query(
              LEFT,
              rows -> {
                if (rows.next()) {
                  left[0] = rows.getDouble(1);
                  left[1] = rows.getDouble(2);
                }
              },
              now,
              quota.account(),
              quota.name())
          .execute(connection);
    }
    rates.put(quota.key(), left[1]);
    return place(quota, now, left[0], left[1]);
  }

  // Behind those who were put off before: they would all come back for the same call otherwise.
  private Duration place(Quota quota, Instant now, double level, double perSecond) {
    var one = seconds(1 / perSecond);
    var next = now.plus(seconds(Math.max(0, 1 - level) / perSecond));
    var end =
        ends.compute(
            quota.key(),
            (key, last) -> {
              var from = last == null || last.isBefore(next) ? next : last.plus(one);
              return from.isAfter(now.plus(MOST_WAIT)) ? next : from;
            });
    var wait = Duration.between(now, end);
    return wait.compareTo(LEAST_WAIT) < 0
        ? LEAST_WAIT
        : wait.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : wait;
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) Math.ceil(Math.min(seconds, 1e9) * 1_000));
  }

  /** An answer said a rate; writes only when it is not the one that holds. */
  public void correct(Quota quota, double perSecond) throws SQLException {
    if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
      return;
    }
    var holds = rates.get(quota.key());
    if (holds != null && Math.abs(perSecond - holds) <= perSecond / 1_000) {
      return;
    }
    var now = clock.instant();
    execute(new Statements().add(CORRECT, now, now, perSecond, now, quota.account(), quota.name()));
    rates.put(quota.key(), perSecond);
  }

  /** The rate that holds, as this replica last saw it. */
  public double perSecond(Quota quota) {
    return rates.getOrDefault(quota.key(), quota.perSecond());
  }

  /** The partner says that there is no call left: somebody else took what we counted as ours. */
  public void drain(Quota quota) throws SQLException {
    execute(new Statements().add(DRAIN, clock.instant(), quota.account(), quota.name()));
  }

  private void execute(Statements statements) throws SQLException {
    try (var connection = database.getConnection()) {
      statements.execute(connection);
    }
  }
}
