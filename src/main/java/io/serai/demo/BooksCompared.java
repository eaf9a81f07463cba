package io.serai.demo;

import io.serai.reconcile.Reconciliation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * What channels and partners say of their own books when all is quiet, against the hub's.
 *
 * @param accounts how many were asked
 * @param things how much was looked at on both sides
 * @param open what stands otherwise, a sentence each
 */
record BooksCompared(int accounts, int things, List<String> open) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  static BooksCompared of(Reconciliation reconciliation, DataSource database)
      throws SQLException, InterruptedException {
    var runs = new ArrayList<Long>();
    for (var account : reconciliation.accounts()) {
      runs.add(reconciliation.plan(account, "demo"));
    }
    var until = System.nanoTime() + PATIENCE.toNanos();
    while (unfinished(database, runs) > 0 && System.nanoTime() < until) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    var open = new ArrayList<String>();
    var things = 0;
    try (var connection = database.getConnection();
        var compared =
            connection.prepareStatement(
                "SELECT coalesce(sum(compared), 0) FROM reconcile_run WHERE id = ANY (?)");
        var said =
            connection.prepareStatement(
                """
                SELECT sentence FROM finding WHERE state = 'OPEN' UNION ALL
                SELECT coalesce(failure, account || ' was not compared in time.') FROM reconcile_run WHERE id = ANY (?) AND state <> 'DONE'""")) {
      var ids = connection.createArrayOf("int8", runs.toArray(Long[]::new));
      compared.setArray(1, ids);
      said.setArray(1, ids);
      try (var row = compared.executeQuery()) {
        row.next();
        things = row.getInt(1);
      }
      try (var rows = said.executeQuery()) {
        while (rows.next()) {
          open.add(rows.getString(1));
        }
      }
    }
    return new BooksCompared(runs.size(), things, open);
  }

  private static int unfinished(DataSource database, List<Long> runs) throws SQLException {
    try (var connection = database.getConnection();
        var count =
            connection.prepareStatement(
                "SELECT count(*) FROM reconcile_run WHERE id = ANY (?) AND state IN ('PLANNED', 'RUNNING')")) {
      count.setArray(1, connection.createArrayOf("int8", runs.toArray(Long[]::new)));
      try (var row = count.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
