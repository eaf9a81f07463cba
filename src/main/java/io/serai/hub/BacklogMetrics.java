package io.serai.hub;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.support.Statements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what waits, for how long, and what stopped, tagged with the accounts that are configured at
 * start. All replicas show the same, because it is read from the tables: at most once in ten
 * seconds, when somebody asks, and counted small. While the database is away the figures stand
 * still.
 */
public final class BacklogMetrics implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(BacklogMetrics.class);
  private static final Duration KEPT = Duration.ofSeconds(10);

  private static final Duration OVERDUE = Duration.ofHours(1);

  /** Where counting stops: beyond it a figure is "at least". */
  private static final int MOST = 50_000;

  private static final String COUNTS =
      """
      SELECT 'inbox', account, count(*) FROM (SELECT account FROM inbox_message WHERE state = 'RECEIVED' LIMIT ?) AS open GROUP BY account
      UNION ALL
      SELECT 'outbox', destination, count(*) FROM (SELECT destination FROM delivery WHERE state = 'READY' LIMIT ?) AS open GROUP BY destination
      UNION ALL
      SELECT 'message', account, count(*) FROM (SELECT account FROM inbox_message WHERE state = 'PARKED' LIMIT ?) AS parked GROUP BY account
      UNION ALL
      SELECT 'delivery', destination, count(*) FROM (SELECT destination FROM delivery WHERE state = 'PARKED' LIMIT ?) AS parked GROUP BY destination
      UNION ALL
      SELECT 'holds', 'open', count(*) FROM order_hold WHERE released_at IS NULL
      UNION ALL
      SELECT 'holds', 'overdue', count(*) FROM order_hold WHERE released_at IS NULL AND due_at < ?""";

  // The oldest that could go on now: what waits behind another of its lane waits for that one.
  private static final String OLDEST =
      """
      SELECT 'inbox', account, min(due_at) FROM (
        SELECT account, due_at FROM (
          SELECT id, account, lane, due_at FROM inbox_message WHERE state = 'RECEIVED' AND due_at <= ? ORDER BY due_at LIMIT 1000) AS m
        WHERE NOT EXISTS (SELECT 1 FROM inbox_message e WHERE e.lane = m.lane AND e.id < m.id AND e.state IN ('RECEIVED', 'RUNNING', 'PARKED'))) AS head
      GROUP BY account
      UNION ALL
      SELECT 'outbox', name, head.due_at FROM unnest(?) AS name CROSS JOIN LATERAL (
        SELECT d.due_at FROM (
          SELECT id, lane, due_at FROM delivery WHERE destination = name AND state = 'READY' AND due_at <= ? ORDER BY due_at LIMIT 1000) AS d
        WHERE NOT EXISTS (SELECT 1 FROM delivery e
          WHERE e.lane = d.lane AND e.id < d.id AND e.state IN ('READY', 'SENDING', 'PENDING', 'WAITING', 'PARKED'))
        ORDER BY d.due_at LIMIT 1) AS head""";

  // Only lanes in which something waits: a dead letter that is the last of its lane holds nothing.
  private static final String HELD =
      """
      SELECT 'lanes/message', account, count(DISTINCT lane) FROM (
        SELECT id, account, lane FROM inbox_message WHERE state = 'PARKED' LIMIT ?) AS p
      WHERE EXISTS (SELECT 1 FROM inbox_message m
        WHERE m.lane = p.lane AND m.id > p.id AND m.state = 'RECEIVED')
      GROUP BY account
      UNION ALL
      SELECT 'lanes/delivery', destination, count(DISTINCT lane) FROM (
        SELECT id, destination, lane FROM delivery WHERE state = 'PARKED' LIMIT ?) AS p
      WHERE EXISTS (SELECT 1 FROM delivery d
        WHERE d.lane = p.lane AND d.id > p.id AND d.state = 'READY')
      GROUP BY destination""";

  // A run takes what is due within minutes: what an hour did not take is not being taken.
  private static final String ERASURE =
      """
      SELECT 'erasure', 'due', count(*) FROM (
        SELECT due_at FROM erasure WHERE due_at <= ? UNION ALL SELECT due_at FROM erasure_message WHERE due_at <= ? LIMIT ?) AS due
      UNION ALL
      SELECT 'erasure', 'overdue', count(*) FROM (
        SELECT due_at FROM erasure WHERE due_at <= ? UNION ALL SELECT due_at FROM erasure_message WHERE due_at <= ? LIMIT ?) AS overdue""";

  // One row a quota; what was refilled since it was last written is added as the taker adds it.
  private static final String QUOTAS =
      """
      SELECT account, name, least(burst, level + per_second * greatest(0, extract(epoch FROM ?::timestamptz - settled_at)))
      FROM quota WHERE account = ANY (?)""";

  private record Key(String what, String name) {}

  private record Figures(
      Map<Key, Long> counts, Map<Key, Instant> oldest, Map<Key, Double> left, Instant readAt) {
    static final Figures NONE = new Figures(Map.of(), Map.of(), Map.of(), Instant.EPOCH);

    double count(String what, String name) {
      return counts.getOrDefault(new Key(what, name), 0L);
    }

    double seconds(String what, String name) {
      var since = oldest.get(new Key(what, name));
      return since == null ? 0 : Math.max(0, Duration.between(since, readAt).toMillis() / 1e3);
    }

    double left(String account, String quota, int burst) {
      return Math.max(0, left.getOrDefault(new Key(account, quota), (double) burst));
    }
  }

  private final DataSource database;
  private final Clock clock;
  private final Map<String, Map<String, Integer>> accounts;
  private Figures figures = Figures.NONE;
  private Instant lookedAt = Instant.EPOCH;

  /**
   * Shows these accounts: what they sent, what is owed to them, and what they may still be asked.
   *
   * @param accounts each with its quotas, and of each the calls at once after a rest
   */
  public BacklogMetrics(
      DataSource database, Clock clock, Map<String, Map<String, Integer>> accounts) {
    this.database = database;
    this.clock = clock;
    this.accounts = Map.copyOf(accounts);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (var account : accounts.keySet()) {
      var from = Tags.of("account", account);
      var to = Tags.of("destination", account);
      gauge(
          registry,
          "serai.inbox.waiting",
          "Messages that are stored and not yet applied",
          from,
          f -> f.count("inbox", account));
      gauge(
          registry,
          "serai.inbox.oldest.seconds",
          "Since when the oldest of them is due that waits for no other",
          from,
          f -> f.seconds("inbox", account));
      gauge(
          registry,
          "serai.outbox.waiting",
          "Deliveries that are owed and not yet sent",
          to,
          f -> f.count("outbox", account));
      gauge(
          registry,
          "serai.outbox.oldest.seconds",
          "Since when the oldest of them is due that waits for no other",
          to,
          f -> f.seconds("outbox", account));
      for (var type : List.of("message", "delivery")) {
        gauge(
            registry,
            "serai.parked",
            "Messages and deliveries that stopped and wait for a person",
            from.and("type", type),
            f -> f.count(type, account));
        gauge(
            registry,
            "serai.lanes.held",
            "Lanes in which something waits behind one of them",
            from.and("type", type),
            f -> f.count("lanes/" + type, account));
      }
      accounts
          .get(account)
          .forEach(
              (quota, burst) ->
                  gauge(
                      registry,
                      "serai.quota.left",
                      "Calls of a kind that the account may make now",
                      from.and("quota", quota),
                      f -> f.left(account, quota, burst)));
    }
    gauge(
        registry,
        "serai.holds.open",
        "Orders that are held",
        Tags.empty(),
        f -> f.count("holds", "open"));
    gauge(
        registry,
        "serai.holds.overdue",
        "Orders that are held beyond the time somebody had to decide",
        Tags.empty(),
        f -> f.count("holds", "overdue"));
    gauge(
        registry,
        "serai.erasure.due",
        "Orders and dead letters whose people are to be erased now",
        Tags.empty(),
        f -> f.count("erasure", "due"));
    gauge(
        registry,
        "serai.erasure.overdue",
        "Those that were to be erased an hour ago and more",
        Tags.empty(),
        f -> f.count("erasure", "overdue"));
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<Figures> value) {
    Gauge.builder(name, this, m -> value.applyAsDouble(m.figures()))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  private synchronized Figures figures() {
    var now = clock.instant();
    if (Duration.between(lookedAt, now).compareTo(KEPT) > 0) {
      lookedAt = now;
      try {
        figures = read(now);
      } catch (SQLException e) {
        LOG.debug("What waits could not be read: {}", e.getMessage());
      }
    }
    return figures;
  }

  private Figures read(Instant now) throws SQLException {
    var counts = new HashMap<Key, Long>();
    var oldest = new HashMap<Key, Instant>();
    var left = new HashMap<Key, Double>();
    var names = Statements.array("text", accounts.keySet().toArray());
    try (var connection = database.getConnection()) {
      new Statements()
          .query(COUNTS, rows -> count(rows, counts), MOST, MOST, MOST, MOST, now)
          .query(HELD, rows -> count(rows, counts), MOST, MOST)
          .query(
              ERASURE,
              rows -> count(rows, counts),
              now,
              now,
              MOST,
              now.minus(OVERDUE),
              now.minus(OVERDUE),
              MOST)
          .query(
              QUOTAS,
              rows -> {
                while (rows.next()) {
                  left.put(new Key(rows.getString(1), rows.getString(2)), rows.getDouble(3));
                }
              },
              now,
              names)
          .query(
              OLDEST,
              rows -> {
                while (rows.next()) {
                  oldest.put(
                      new Key(rows.getString(1), rows.getString(2)),
                      rows.getObject(3, OffsetDateTime.class).toInstant());
                }
              },
              now,
              names,
              now)
          .execute(connection);
    }
    return new Figures(counts, oldest, left, now);
  }

  private static void count(ResultSet rows, Map<Key, Long> counts) throws SQLException {
    while (rows.next()) {
      counts.put(new Key(rows.getString(1), rows.getString(2)), rows.getLong(3));
    }
  }
}
