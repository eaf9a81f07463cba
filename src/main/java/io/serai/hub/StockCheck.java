package io.serai.hub;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.support.Statements;
import io.serai.support.Statements.PgArray;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that the books of stock balance: what a level has promised is the sum of its open
 * reservations, and each of its terms is what its movements add up to. A level of which that is not
 * so becomes a case, which closes when it is so again.
 *
 * <p>Guarantee: it reads one snapshot, so what is under way is never taken for drift, and it
 * changes no level. Each level's movements are read once: what was found right is a balance that
 * the next run starts from. Gap: open reservations are read as a whole, so a run rests a hundred
 * times as long as it took.
 */
public final class StockCheck implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(StockCheck.class);
  private static final List<String> TERMS =
      List.of("on_hand", "allocated", "frozen", "damaged", "quarantined", "safety", "incoming");
  private static final Duration DUE = Duration.ofHours(4);

  private static final String PROMISES =
      """
      SELECT sku, node, coalesce(s.allocated, 0) AS allocated, coalesce(r.open, 0) AS reserved
      FROM stock_level s FULL JOIN (
        SELECT sku, node, sum(quantity - shipped - released) AS open FROM reservation GROUP BY sku, node) r USING (sku, node)
      WHERE coalesce(s.allocated, 0) <> coalesce(r.open, 0)""";

  private static final String LEDGER =
      """
      SELECT s.sku, s.node, m.last, %s
      FROM stock_level s LEFT JOIN stock_balance b ON b.sku = s.sku AND b.node = s.node
      CROSS JOIN LATERAL (
        SELECT max(id) AS last, %s FROM stock_movement
        WHERE sku = s.sku AND node = s.node AND id > coalesce(b.movement_id, 0)) m
      WHERE m.last IS NOT NULL OR %s"""
          .formatted(
              terms(t -> "s.%1$s, coalesce(b.%1$s, 0) + coalesce(m.%1$s, 0) AS moved_%1$s"),
              terms(StockCheck::sum),
              terms(t -> "s.%1$s <> coalesce(b.%1$s,0)").replace(", ", " OR "));

  private static final String BALANCES =
      """
      INSERT INTO stock_balance (sku, node, movement_id, on_hand, allocated, frozen, damaged, quarantined, safety, incoming, checked_at)
      SELECT u.*, ? FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) u
      ON CONFLICT (sku, node) DO UPDATE SET movement_id = excluded.movement_id, on_hand = excluded.on_hand,
        allocated = excluded.allocated, frozen = excluded.frozen, damaged = excluded.damaged, quarantined = excluded.quarantined,
        safety = excluded.safety, incoming = excluded.incoming, checked_at = excluded.checked_at
      WHERE stock_balance.movement_id < excluded.movement_id""";

  private static final String CASES =
      """
      INSERT INTO stock_case (kind, sku, node, quantity, sentence, owner, opened_at, due_at)
      SELECT 'DRIFT', u.sku, u.node, u.quantity, u.sentence, 'integration', ?, ? FROM unnest(?, ?, ?, ?) AS u(sku, node, quantity, sentence)
      ON CONFLICT (sku, node, kind) WHERE closed_at IS NULL
      DO UPDATE SET quantity = excluded.quantity, sentence = excluded.sentence""";

  private static final String CLOSED =
      """
      UPDATE stock_case c SET closed_at = ? WHERE c.kind = 'DRIFT' AND c.closed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM unnest(?, ?) AS u(sku, node) WHERE u.sku = c.sku AND u.node = c.node)""";

  /**
   * What a run found.
   *
   * @param levels levels whose movements were added up
   * @param drifting levels that do not balance
   */
  public record Finding(int levels, int drifting) {}

  /** What is open now. */
  public record Open(int shortages, int missing, int drifting, int discrepancies) {}

  private final DataSource database;
  private final Clock clock;
  private volatile Open open = new Open(0, 0, 0, 0);
  private volatile Instant checkedAt;
  private volatile Duration took = Duration.ZERO;

  /** Checks a database. */
  public StockCheck(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  private static String sum(String term) {
    return "on_hand".equals(term)
        ? "sum(CASE 'outside' WHEN debit THEN quantity WHEN credit THEN -quantity END) AS on_hand"
        : "sum(CASE '%1$s' WHEN credit THEN quantity WHEN debit THEN -quantity END) AS %1$s";
  }

  private static String terms(Function<String, String> form) {
    var all = new StringJoiner(", ");
    TERMS.forEach(term -> all.add(form.apply(term).formatted(term)));
    return all.toString();
  }

  private record Key(String sku, String node) {}

  private record Balance(String sku, String node, long last, Map<String, Long> moved) {}

  /** Whether a run is due: the last one of this replica has been followed by its rest. */
  public boolean due() {
    return checkedAt == null || !clock.instant().isBefore(checkedAt.plus(took.multipliedBy(100)));
  }

  /** Checks every level and writes what it found. */
  public Finding run() throws SQLException {
    var began = clock.instant();
    var faults = new TreeMap<String, StringJoiner>();
    var keys = new LinkedHashMap<String, Key>();
    var quantities = new TreeMap<String, Long>();
    var balances = new ArrayList<Balance>();
    try (var connection = database.getConnection()) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      try {
        new Statements()
            .query(
                PROMISES,
                rows -> {
                  while (rows.next()) {
                    note(
                        rows,
                        "promised",
                        rows.getLong(3),
                        "its open reservations",
                        rows.getLong(4),
                        faults,
                        keys,
                        quantities);
                  }
                })
            .query(
                LEDGER,
                rows -> {
                  while (rows.next()) {
                    ledger(rows, faults, keys, quantities, balances);
                  }
                })
            .execute(connection);
        connection.commit();
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setReadOnly(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
    }
    write(faults, keys, quantities, balances);
    checkedAt = clock.instant();
    took = Duration.between(began, checkedAt);
    observe();
    return new Finding(balances.size(), faults.size());
  }

  private static void ledger(
      ResultSet rows,
      Map<String, StringJoiner> faults,
      Map<String, Key> keys,
      Map<String, Long> quantities,
      List<Balance> balances)
      throws SQLException {
    var right = true;
    var moved = new LinkedHashMap<String, Long>();
    for (var term : TERMS) {
      var is = rows.getLong(term);
      var adds = rows.getLong("moved_" + term);
      moved.put(term, adds);
      if (is != adds) {
        right = false;
        note(rows, term.replace('_', ' '), is, "its movements", adds, faults, keys, quantities);
      }
    }
    var last = rows.getLong("last");
    if (right && !rows.wasNull()) {
      balances.add(new Balance(rows.getString("sku"), rows.getString("node"), last, moved));
    }
  }

  private static void note(
      ResultSet rows,
      String term,
      long is,
      String other,
      long adds,
      Map<String, StringJoiner> faults,
      Map<String, Key> keys,
      Map<String, Long> quantities)
      throws SQLException {
    var key = new Key(rows.getString("sku"), rows.getString("node"));
    var name = key.sku() + "\n" + key.node();
    keys.put(name, key);
    quantities.merge(name, Math.abs(is - adds), Long::sum);
    faults
        .computeIfAbsent(name, n -> new StringJoiner(", "))
        .add("%s is %d and %s add up to %d".formatted(term, is, other, adds));
  }

  private void write(
      Map<String, StringJoiner> faults,
      Map<String, Key> keys,
      Map<String, Long> quantities,
      List<Balance> balances)
      throws SQLException {
    var names = List.copyOf(faults.keySet());
    var now = clock.instant();
    var statements = new Statements();
    for (var name : names) {
      LOG.error("{}", sentence(keys.get(name), faults.get(name)));
    }
    if (!names.isEmpty()) {
      statements.add(
          CASES,
          now,
          now.plus(DUE),
          HubWriter.column("text", names, n -> keys.get(n).sku()),
          HubWriter.column("text", names, n -> keys.get(n).node()),
          HubWriter.column(
              "int4", names, n -> (int) Math.min(Integer.MAX_VALUE, quantities.get(n))),
          HubWriter.column("text", names, n -> sentence(keys.get(n), faults.get(n))));
    }
    statements.add(
        CLOSED,
        now,
        HubWriter.column("text", names, n -> keys.get(n).sku()),
        HubWriter.column("text", names, n -> keys.get(n).node()));
    if (!balances.isEmpty()) {
      var parameters = new ArrayList<Object>();
      parameters.add(now);
      parameters.add(HubWriter.column("text", balances, Balance::sku));
      parameters.add(HubWriter.column("text", balances, Balance::node));
      parameters.add(HubWriter.column("int8", balances, Balance::last));
      TERMS.forEach(term -> parameters.add(moved(balances, term)));
      statements.add(BALANCES, parameters.toArray());
    }
    try (var connection = database.getConnection()) {
      statements.inTransaction(connection);
    }
  }

  private static PgArray moved(List<Balance> balances, String term) {
    return HubWriter.column("int8", balances, b -> b.moved().get(term));
  }

  private static String sentence(Key key, StringJoiner faults) {
    return "The books of SKU '%s' at node '%s' do not balance: %s. Count it, and report its movements."
        .formatted(key.sku(), key.node(), faults);
  }

  /** Reads what is open, for the figures that this replica shows. */
  public void observe() throws SQLException {
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              """
              SELECT count(*) FILTER (WHERE kind = 'SHORTAGE'), coalesce(sum(quantity) FILTER (WHERE kind = 'SHORTAGE'), 0),
                count(*) FILTER (WHERE kind = 'DRIFT'), count(*) FILTER (WHERE kind = 'DISCREPANCY') FROM stock_case WHERE closed_at IS NULL""",
              rows -> {
                rows.next();
                open = new Open(rows.getInt(1), rows.getInt(2), rows.getInt(3), rows.getInt(4));
              })
          .execute(connection);
    }
  }

  /** What was open when it was last looked at. */
  public Open open() {
    return open;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("serai.stock.shortages", () -> open.shortages())
        .description("Levels of which more is promised than can be sent")
        .register(registry);
    Gauge.builder("serai.stock.missing", () -> open.missing())
        .description("Units that are promised and cannot be sent")
        .register(registry);
    Gauge.builder("serai.stock.drift", () -> open.drifting())
        .description("Levels whose promises or movements do not add up; always 0 in a sound hub")
        .register(registry);
    Gauge.builder("serai.stock.discrepancies", () -> open.discrepancies())
        .description("Levels of which the last count was further off than their class allows")
        .register(registry);
    Gauge.builder("serai.stock.check.duration", () -> took.toMillis() / 1_000.0)
        .description("How long this replica's last check of the books took")
        .baseUnit("seconds")
        .register(registry);
  }
}
