package io.serai.kpi;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.support.Ids;
import io.serai.support.Statements;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Computes the figures and keeps them, by day and account; reading one costs a row.
 *
 * <p>Guarantee: one query each, that reads the orders of its window and no others, so what it costs
 * does not grow with the orders of all time; a day that left the window keeps its last figure. Gap:
 * figures are as old as their last computation, which they name.
 */
public final class Kpis implements MeterBinder {
  private static final Duration EVERY = Duration.ofMinutes(15);
  private static final int RESTS = 100;

  /** A figure. */
  public record Figure(
      Kpi kpi,
      String period,
      String scope,
      long hits,
      long base,
      BigDecimal value,
      BigDecimal p95,
      BigDecimal most,
      Instant computedAt) {}

  /** An order behind a figure. */
  public record Behind(UUID order, String account, Instant at, BigDecimal amount) {}

  private final DataSource database;
  private final Clock clock;
  private final Map<String, Double> shown = new ConcurrentHashMap<>();
  private volatile Duration took = Duration.ZERO;

  /** Computes in a database. */
  public Kpis(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Whether the last computation of any replica has been followed by its rest. */
  public boolean due() throws SQLException {
    var last = new Instant[1];
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              "SELECT max(computed_at) FROM kpi_value WHERE kpi = ? AND period = 'window' AND scope = ''",
              rows -> {
                rows.next();
                last[0] = rows.getTimestamp(1) == null ? null : rows.getTimestamp(1).toInstant();
              },
              Kpi.values()[Kpi.values().length - 1].word())
          .execute(connection);
    }
    var rest = took.multipliedBy(RESTS);
    return last[0] == null
        || !clock.instant().isBefore(last[0].plus(rest.compareTo(EVERY) > 0 ? rest : EVERY));
  }

  /** Computes all of them. */
  public void compute() throws SQLException {
    var began = clock.instant();
    try (var connection = database.getConnection()) {
      for (var kpi : Kpi.values()) {
        compute(connection, kpi, began);
      }
    }
    took = Duration.between(began, clock.instant());
    observe();
  }

  private static Instant from(Instant now) {
    return now.truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(Kpi.DAYS - 1));
  }

  private static void compute(Connection connection, Kpi kpi, Instant now) throws SQLException {
    var figures = new ArrayList<String[]>();
    new Statements()
        .query(
            """
            SELECT CASE WHEN grouping(day) = 1 THEN 'window' ELSE day END,
              CASE WHEN grouping(account) = 1 THEN '' ELSE account END,
              count(*) FILTER (WHERE hit), count(*), %s, %s, %s
            FROM (SELECT account, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, hit, amount FROM %s) t
            GROUP BY GROUPING SETS ((day, account), (day), (account), ())
            HAVING grouping(account) = 1 OR account IS NOT NULL"""
                .formatted(
                    kpi.measure().value(), kpi.measure().p95(), kpi.measure().most(), kpi.facts()),
            rows -> {
              while (rows.next()) {
                var figure = new String[7];
                for (var i = 0; i < figure.length; i++) {
                  figure[i] = rows.getString(i + 1);
                }
                figures.add(figure);
              }
            },
            bounds(kpi, now))
        .execute(connection);
    replace(connection, kpi, figures, now);
  }

  // A day that left the window is not computed again and keeps its last figure.
  private static void replace(Connection connection, Kpi kpi, List<String[]> figures, Instant now)
      throws SQLException {
    new Statements()
        .add(
            "DELETE FROM kpi_value WHERE kpi = ? AND period >= ?",
            kpi.word(),
            from(now).atOffset(ZoneOffset.UTC).toLocalDate().toString())
        .add(
            """
            INSERT INTO kpi_value (kpi, period, scope, hits, base, value, p95, most, computed_at)
            SELECT ?, u.period, u.scope, u.hits::bigint, u.base::bigint, u.value::numeric, u.p95::numeric, u.most::numeric, ?
            FROM unnest(?, ?, ?, ?, ?, ?, ?) AS u(period, scope, hits, base, value, p95, most)""",
            kpi.word(),
            now,
            column(figures, 0),
            column(figures, 1),
            column(figures, 2),
            column(figures, 3),
            column(figures, 4),
            column(figures, 5),
            column(figures, 6))
        .inTransaction(connection);
  }

  private static Statements.PgArray column(List<String[]> figures, int which) {
    return Statements.array(
        "text", figures.stream().map(figure -> figure[which]).toArray(String[]::new));
  }

  private static Object[] bounds(Kpi kpi, Instant now) {
    return kpi.windowed()
        ? new Object[] {Ids.first(from(now)), Ids.first(now.plus(Duration.ofDays(1)))}
        : new Object[0];
  }

  /** The figures of the window: of all accounts, or of one. */
  public List<Figure> window(String account) throws SQLException {
    return read("period = 'window' AND scope = ?", account == null ? "" : account);
  }

  /** A figure by day, the newest first. */
  public List<Figure> trend(Kpi kpi, String account, int days) throws SQLException {
    return read(
        "period <> 'window' AND kpi = ? AND scope = ? ORDER BY period DESC LIMIT " + days,
        kpi.word(),
        account == null ? "" : account);
  }

  /** A figure of the window by account. */
  public List<Figure> byAccount(Kpi kpi) throws SQLException {
    return read("period = 'window' AND kpi = ? AND scope <> '' ORDER BY scope", kpi.word());
  }

  private List<Figure> read(String which, Object... parameters) throws SQLException {
    var figures = new ArrayList<Figure>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              "SELECT kpi, period, scope, hits, base, value, p95, most, computed_at FROM kpi_value WHERE "
                  + which,
              rows -> {
                while (rows.next()) {
                  var kpi = Kpi.of(rows.getString(1));
                  if (kpi.isPresent()) {
                    figures.add(
                        new Figure(
                            kpi.get(),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.getBigDecimal(6),
                            rows.getBigDecimal(7),
                            rows.getBigDecimal(8),
                            rows.getTimestamp(9).toInstant()));
                  }
                }
              },
              parameters)
          .execute(connection);
    }
    return figures;
  }

  /**
   * The orders behind a figure of the window as it is now: those that count, the newest first.
   *
   * @param account only of this account, or null
   * @param before the last order of the page before, or null
   */
  public List<Behind> behind(Kpi kpi, String account, UUID before, int limit) throws SQLException {
    var parameters = new ArrayList<Object>(List.of(bounds(kpi, clock.instant())));
    var sql =
        new StringBuilder("SELECT DISTINCT ON (order_id) order_id, account, at, amount FROM ")
            .append(kpi.facts())
            .append(" WHERE hit AND order_id IS NOT NULL");
    if (account != null) {
      sql.append(" AND account = ?");
      parameters.add(account);
    }
    if (before != null) {
      sql.append(" AND order_id < ?");
      parameters.add(before);
    }
    sql.append(" ORDER BY order_id DESC, amount DESC LIMIT ").append(limit);
    var orders = new ArrayList<Behind>();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              sql.toString(),
              rows -> {
                while (rows.next()) {
                  orders.add(
                      new Behind(
                          rows.getObject(1, UUID.class),
                          rows.getString(2),
                          rows.getTimestamp(3).toInstant(),
                          rows.getBigDecimal(4)));
                }
              },
              parameters.toArray())
          .execute(connection);
    }
    return orders;
  }

  /** Reads the figures of the window, for what this replica shows. */
  public void observe() throws SQLException {
    for (var figure : window(null)) {
      show(figure.kpi(), "value", figure.value());
      show(figure.kpi(), "p95", figure.p95());
      show(figure.kpi(), "max", figure.most());
    }
  }

  private void show(Kpi kpi, String what, BigDecimal value) {
    shown.put(kpi.word() + "/" + what, value == null ? Double.NaN : value.doubleValue());
  }

  // One series a figure, three for durations: accounts are read by REST.
  @Override
  public void bindTo(MeterRegistry registry) {
    for (var kpi : Kpi.values()) {
      bind(registry, kpi, "value");
      if (kpi.measure() == Measure.DURATION) {
        bind(registry, kpi, "p95");
        bind(registry, kpi, "max");
      }
    }
  }

  private void bind(MeterRegistry registry, Kpi kpi, String what) {
    Gauge.builder("serai.kpi", () -> shown.getOrDefault(kpi.word() + "/" + what, Double.NaN))
        .description("Figures about the business, by their names in docs/kpis.md")
        .tag("kpi", kpi.word())
        .tag("stat", what)
        .register(registry);
  }
}
