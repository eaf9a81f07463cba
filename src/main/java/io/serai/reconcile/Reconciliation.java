package io.serai.reconcile;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.serai.failure.FailureException;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares accounts with what is here, every night and whenever somebody asks for it.
 *
 * <p>Guarantee: a run is worked by one replica, and one that dies is taken up again from its
 * beginning by another; each night has one run an account. It only reads, here and there, except
 * for its findings. Gap: a night is planned by a replica that saw its hour come, or where the night
 * before was; a hub that was down all through both plans none.
 */
public final class Reconciliation implements MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
  private static final Duration LEASE = Duration.ofMinutes(30);
  private static final Duration CAUGHT_UP = Duration.ofDays(2);

  private final DataSource database;
  private final Clock clock;
  private final Terms terms;
  private final Tellers tellers;
  private final Map<String, Counterpart> counterparts;
  private final Findings findings;
  private final SalesRanks ranks;
  private final Instant startedAt;
  private final List<Comparison> ofChannels;
  private final List<Comparison> ofPartners;
  private volatile LocalDate planned;
  private volatile int open;

  /**
   * Compares the accounts of a configuration.
   *
   * @param counterparts channels and partners by name
   */
  public Reconciliation(
      DataSource database,
      Clock clock,
      Terms terms,
      Tellers tellers,
      Map<String, Counterpart> counterparts) {
    this.database = database;
    this.clock = clock;
    this.terms = terms;
    this.tellers = tellers;
    this.counterparts = Map.copyOf(counterparts);
    this.findings = new Findings(database);
    this.ranks = new SalesRanks(database);
    this.startedAt = clock.instant();
    this.ofChannels = List.of(new OrderComparison(findings), new StockShownComparison());
    this.ofPartners = List.of(new RequestComparison(), new StockHeldComparison());
  }

  /** Whether this account's connector can tell of its books. */
  public boolean tells(String account) {
    return counterparts.containsKey(account) && tellers.accounts().contains(account);
  }

  /** Accounts whose books can be asked for. */
  public List<String> accounts() {
    return tellers.accounts().stream().filter(counterparts::containsKey).toList();
  }

  /** How far back a run looks that does not say so. */
  public Instant usualSince() {
    return clock.instant().minus(terms.window());
  }

  /** Plans a run over the usual window up to now. */
  public long plan(String account, String actor) throws SQLException {
    return plan(account, usualSince(), clock.instant(), actor);
  }

  /** Plans a run; one that waits for its turn already is answered instead of a second. */
  public long plan(String account, Instant since, Instant until, String actor) throws SQLException {
    var id = new long[1];
    var now = clock.instant();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              """
              WITH waiting AS (
                SELECT id FROM reconcile_run WHERE state = 'PLANNED' AND account = ? AND since <= ? AND until >= ? AND night IS NULL
                ORDER BY id LIMIT 1),
              planned AS (
                INSERT INTO reconcile_run (account, since, until, actor, state, created_at)
                SELECT ?, ?, ?, ?, 'PLANNED', ? WHERE NOT EXISTS (SELECT 1 FROM waiting) RETURNING id)
              SELECT id FROM waiting UNION ALL SELECT id FROM planned""",
              rows -> {
                rows.next();
                id[0] = rows.getLong(1);
              },
              account,
              since,
              until,
              account,
              since,
              until,
              actor,
              now)
          .execute(connection);
    }
    return id[0];
  }

  /** Plans the night's runs when its hour has come; answers how many. */
  int planNight() throws SQLException {
    var now = clock.instant();
    var night = now.atOffset(ZoneOffset.UTC).toLocalDate();
    var due = night.atTime(terms.at()).toInstant(ZoneOffset.UTC);
    if (now.isBefore(due) || night.equals(planned)) {
      return 0;
    }
    var count = new int[1];
    var names = accounts();
    if (!names.isEmpty()) {
      try (var connection = database.getConnection()) {
        new Statements()
            .query(
                """
                WITH planned AS (
                  INSERT INTO reconcile_run (account, since, until, night, state, created_at)
                  SELECT u.account, ?, ?, ?::date, 'PLANNED', ? FROM unnest(?) AS u(account)
                  WHERE ? OR EXISTS (SELECT 1 FROM reconcile_run r WHERE r.account = u.account AND r.night > ?::date)
                  ORDER BY u.account
                  ON CONFLICT (account, night) WHERE night IS NOT NULL DO NOTHING RETURNING 1)
                SELECT count(*) FROM planned""",
                rows -> {
                  rows.next();
                  count[0] = rows.getInt(1);
                },
                now.minus(terms.window()),
                now,
                night.toString(),
                now,
                Statements.texts(names),
                startedAt.isBefore(due),
                night.minusDays(CAUGHT_UP.toDays()).toString())
            .execute(connection);
      }
      planned = night;
    }
    return count[0];
  }

  /**
   * Plans what the hour demands and works one run, when there is one; answers whether there was.
   */
  public boolean runDue() throws SQLException {
    planNight();
    var round = claim();
    if (round == null) {
      return false;
    }
    var faults = new StringJoiner(" ");
    for (var comparison : round.account.channel() ? ofChannels : ofPartners) {
      var teller = tellers.find(round.account.name(), comparison.document());
      if (teller.isEmpty()) {
        continue;
      }
      try {
        comparison.compare(round, kept(round, teller.get()));
      } catch (Comparison.Overtaken overtaken) {
        LOG.info("{}", overtaken.getMessage());
        return true;
      } catch (FailureException e) {
        faults.add(e.getMessage());
      } catch (RuntimeException | SQLException e) {
        LOG.warn("'{}' was not compared by '{}'", round.account.name(), comparison.document(), e);
        faults.add(
            "'%s' was not compared by '%s': %s. Run it again."
                .formatted(round.account.name(), comparison.document(), e.getMessage()));
      }
    }
    finish(round, faults.length() == 0 ? null : faults.toString());
    observe();
    return true;
  }

  // A run may take long: as long as it gets answers it is alive.
  private Teller kept(Round round, Teller teller) {
    return question -> {
      try (var connection = database.getConnection();
          var update =
              connection.prepareStatement(
                  "UPDATE reconcile_run SET lease_until = ? WHERE id = ? AND fence = ? AND state = 'RUNNING'")) {
        update.setTimestamp(1, java.sql.Timestamp.from(clock.instant().plus(LEASE)));
        update.setLong(2, round.id);
        update.setLong(3, round.fence);
        if (update.executeUpdate() != 1) {
          throw new Comparison.Overtaken(round.id);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return teller.ask(question);
    };
  }

  private Round claim() throws SQLException {
    var claimed = new Round[1];
    var now = clock.instant();
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              """
              UPDATE reconcile_run SET state = 'RUNNING', started_at = ?, lease_until = ?, fence = fence + 1,
                compared = 0, found = 0, fixed = 0, failure = NULL
              WHERE id = (
                SELECT id FROM reconcile_run
                WHERE account = ANY (?) AND (state = 'PLANNED' OR state = 'RUNNING' AND lease_until < ?)
                ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
              RETURNING id, fence, account, since, until, night IS NOT NULL AS night""",
              rows -> {
                if (rows.next()) {
                  var account = counterparts.get(rows.getString("account"));
                  claimed[0] =
                      account == null
                          ? null
                          : new Round(
                              rows.getLong("id"),
                              rows.getLong("fence"),
                              account,
                              rows.getTimestamp("since").toInstant(),
                              rows.getTimestamp("until").toInstant(),
                              rows.getBoolean("night"),
                              terms,
                              null,
                              now,
                              database,
                              findings);
                }
              },
              now,
              now.plus(LEASE),
              Statements.texts(accounts()),
              now)
          .execute(connection);
    }
    return claimed[0] == null || !claimed[0].night
        ? claimed[0]
        : claimed[0].rankedBy(ranks.at(now, terms));
  }

  private void finish(Round round, String failure) throws SQLException {
    try (var connection = database.getConnection()) {
      new Statements()
          .add(
              """
              UPDATE reconcile_run SET state = ?, finished_at = ?, compared = ?, found = ?, fixed = ?, failure = ?, lease_until = NULL
              WHERE id = ? AND fence = ? AND state = 'RUNNING'""",
              failure == null ? "DONE" : "FAILED",
              clock.instant(),
              round.compared(),
              round.found(),
              round.fixed(),
              failure,
              round.id,
              round.fence)
          .execute(connection);
    }
    LOG.info(
        "'{}' was compared: {} things, {} differ, {} are fixed{}",
        round.account.name(),
        round.compared(),
        round.found(),
        round.fixed(),
        failure == null ? "" : "; " + failure);
  }

  /** Counts what is open, for the figure that this replica shows. */
  public void observe() throws SQLException {
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              "SELECT count(*) FROM finding WHERE state = 'OPEN'",
              rows -> {
                rows.next();
                open = rows.getInt(1);
              })
          .execute(connection);
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("serai.reconcile.open", () -> open)
        .description("Things that stand otherwise at a channel or partner than here")
        .register(registry);
  }
}
