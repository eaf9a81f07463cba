package io.serai.reconcile;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * One run while it is worked: whom it compares, and where what it finds goes.
 *
 * <p>Guarantee: what a page showed is written in one transaction that names the run's fence, so a
 * run that another replica took over writes nothing more.
 */
final class Round {
  final long id;
  final long fence;
  final Counterpart account;
  final Instant since;
  final Instant until;
  final boolean night;
  final Terms terms;
  final Ranks ranks;
  final Instant now;
  final DataSource database;
  private final Findings findings;
  private int compared;
  private int found;
  private int fixed;

  Round(
      long id,
      long fence,
      Counterpart account,
      Instant since,
      Instant until,
      boolean night,
      Terms terms,
      Ranks ranks,
      Instant now,
      DataSource database,
      Findings findings) {
    this.id = id;
    this.fence = fence;
    this.account = account;
    this.since = since;
    this.until = until;
    this.night = night;
    this.terms = terms;
    this.ranks = ranks;
    this.now = now;
    this.database = database;
    this.findings = findings;
  }

  /** The same run, that compares stock by rank. */
  Round rankedBy(Ranks other) {
    return new Round(
        id, fence, account, since, until, night, terms, other, now, database, findings);
  }

  /** What changed after it is under way. */
  Instant settled() {
    return now.minus(terms.grace());
  }

  /** Whether a SKU is to be compared in this run. */
  boolean due(String sku) {
    return !night || ranks.due(sku, terms, now);
  }

  /**
   * Writes what a page showed: things that were compared and are not among the observations agree
   * now, so what was found of them before is fixed.
   */
  void write(List<String> kinds, Collection<String> things, List<Observation> seen)
      throws SQLException {
    compared += Set.copyOf(things).size();
    found += seen.size();
    fixed += findings.write(this, kinds, things, seen);
  }

  int compared() {
    return compared;
  }

  int found() {
    return found;
  }

  int fixed() {
    return fixed;
  }
}
