package io.serai.exchange;

import io.serai.edi.GroupReport;
import io.serai.edi.InterchangeReport;
import io.serai.edi.SetReport;
import io.serai.exchange.ExchangeStore.SetRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An interchange and what became of it. */
final class Judged {
  final long id;
  final int place;
  final InterchangeReport report;
  final String state;
  final List<SetRow> rows = new ArrayList<>();
  private final List<GroupReport> groups = new ArrayList<>();
  final List<SetReport> sets = new ArrayList<>();

  Judged(long id, int place, InterchangeReport report, String state) {
    this.id = id;
    this.place = place;
    this.report = report;
    this.state = state;
    for (var group : report.groups()) {
      for (var set : group.sets()) {
        groups.add(group);
        sets.add(set);
      }
    }
  }

  /** Whether what is in it is read: it was not refused, and did not come before. */
  boolean taken() {
    return !"REFUSED".equals(state) && !"DUPLICATE".equals(state);
  }

  GroupReport group(int place) {
    return groups.get(place - 1);
  }

  SetReport set(int place) {
    return sets.get(place - 1);
  }

  void flush(Connection connection, Agreement with, Instant now) throws SQLException {
    ExchangeStore.sets(connection, id, with.account(), rows, now);
    rows.clear();
  }
}
