package io.serai.reconcile;

import io.serai.support.Statements;
import io.serai.support.Statements.PgArray;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Keeps what was found: one row for each account, kind and thing, however many runs see it.
 *
 * <p>Guarantee: a finding is closed by the run that compared its thing and saw no difference, and
 * one that was accepted is open again when either side changed since.
 */
final class Findings {
  private static final String FENCE =
      """
      SELECT require_rows((SELECT count(*) FROM (
        SELECT 1 FROM reconcile_run WHERE id = ? AND fence = ? AND state = 'RUNNING' FOR UPDATE) r), 1)""";

  private static final String SEEN =
      """
      INSERT INTO finding AS f (account, kind, thing, order_id, ours, theirs, sentence, remedy, target, about_at, state,
        first_seen_at, last_seen_at, run_id)
      SELECT ?, u.kind, u.thing, u.order_id::uuid, u.ours, u.theirs, u.sentence, u.remedy, u.target, u.about_at::timestamptz, 'OPEN', ?, ?, ?
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?) AS u(kind, thing, order_id, ours, theirs, sentence, remedy, target, about_at)
      ORDER BY u.kind, u.thing
      ON CONFLICT (account, kind, thing) DO UPDATE SET
        order_id = excluded.order_id, ours = excluded.ours, theirs = excluded.theirs, sentence = excluded.sentence,
        remedy = excluded.remedy, target = excluded.target, about_at = excluded.about_at, run_id = excluded.run_id,
        last_seen_at = excluded.last_seen_at, seen_count = f.seen_count + 1,
        first_seen_at = CASE WHEN f.state = 'FIXED' THEN excluded.first_seen_at ELSE f.first_seen_at END,
        remedied_at = CASE WHEN f.state = 'FIXED' THEN NULL ELSE f.remedied_at END,
        remedied_by = CASE WHEN f.state = 'FIXED' THEN NULL ELSE f.remedied_by END,
        state = CASE WHEN f.state = 'ACCEPTED' AND (f.ours, f.theirs) IS NOT DISTINCT FROM (excluded.ours, excluded.theirs)
          THEN 'ACCEPTED' ELSE 'OPEN' END,
        closed_at = CASE WHEN f.state = 'ACCEPTED' AND (f.ours, f.theirs) IS NOT DISTINCT FROM (excluded.ours, excluded.theirs)
          THEN f.closed_at END,
        closed_by = CASE WHEN f.state = 'ACCEPTED' AND (f.ours, f.theirs) IS NOT DISTINCT FROM (excluded.ours, excluded.theirs)
          THEN f.closed_by END""";

  private static final String GONE =
      """
      WITH gone AS (
        UPDATE finding SET state = 'FIXED', closed_at = ?, closed_by = NULL
        WHERE account = ? AND kind = ANY (?) AND thing = ANY (?) AND state IN ('OPEN', 'ACCEPTED') AND run_id <> ?
        RETURNING 1)
      SELECT count(*) FROM gone""";

  private final DataSource database;

  Findings(DataSource database) {
    this.database = database;
  }

  /** Writes a page of a run; answers how many findings of before are fixed. */
  int write(Round round, List<String> kinds, Collection<String> things, List<Observation> seen)
      throws SQLException {
    var fixed = new int[1];
    var statements = new Statements().query(FENCE, rows -> {}, round.id, round.fence);
    if (!seen.isEmpty()) {
      statements.add(
          SEEN,
          round.account.name(),
          round.now,
          round.now,
          round.id,
          column(seen, o -> o.kind().name()),
          column(seen, Observation::thing),
          column(seen, o -> o.order() == null ? null : o.order().toString()),
          column(seen, Observation::ours),
          column(seen, Observation::theirs),
          column(seen, Observation::sentence),
          column(seen, o -> o.remedy() == null ? null : o.remedy().name()),
          column(seen, Observation::target),
          column(seen, o -> o.about() == null ? null : o.about().toString()));
    }
    if (!things.isEmpty()) {
      statements.query(
          GONE,
          rows -> {
            rows.next();
            fixed[0] = rows.getInt(1);
          },
          round.now,
          round.account.name(),
          Statements.texts(kinds),
          Statements.texts(List.copyOf(things)),
          round.id);
    }
    try (var connection = database.getConnection()) {
      try {
        statements.inTransaction(connection);
      } catch (SQLException e) {
        Statements.rollback(connection);
        if ("SR001".equals(e.getSQLState())) {
          throw new Comparison.Overtaken(round.id);
        }
        throw e;
      }
    }
    return fixed[0];
  }

  /** Since when the oldest open finding of these kinds is about something, or null. */
  Instant oldest(String account, List<String> kinds, Instant notBefore) throws SQLException {
    var oldest = new Instant[1];
    try (var connection = database.getConnection()) {
      new Statements()
          .query(
              """
              SELECT min(about_at) FROM finding
              WHERE state = 'OPEN' AND account = ? AND kind = ANY (?) AND about_at >= ?""",
              rows -> {
                rows.next();
                oldest[0] = rows.getTimestamp(1) == null ? null : rows.getTimestamp(1).toInstant();
              },
              account,
              Statements.texts(kinds),
              notBefore)
          .execute(connection);
    }
    return oldest[0];
  }

  private static <T> PgArray column(List<T> rows, Function<T, String> value) {
    return Statements.array("text", rows.stream().map(value).toArray(String[]::new));
  }
}
