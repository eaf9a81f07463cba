package io.serai.deadletter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import javax.sql.DataSource;

/**
 * How every single verb goes: lock, compare with what the operator saw, do, write down; one
 * transaction. The one that comes second changes nothing and is written down as well.
 */
final class Verb {
  private final DataSource database;
  private final Clock clock;
  private final String name;
  private final String actor;
  private final String reason;

  Verb(DataSource database, Clock clock, String name, String actor, String reason) {
    this.database = database;
    this.clock = clock;
    this.name = name;
    this.actor = actor;
    this.reason = reason;
  }

  interface Deed {
    Verdict to(Connection connection, Target target, Instant now) throws SQLException;
  }

  Verdict on(String id, long seen, Deed deed) {
    var item = ItemId.parse(id);
    if (item.isEmpty()) {
      return new Verdict.Refused(
          "'%s' is no dead letter's id. Ids begin with 'msg_', 'dlv_' or 'ord_'.".formatted(id));
    }
    return Transaction.run(
        database,
        connection -> {
          var now = clock.instant();
          var found = Target.lock(connection, item.get());
          if (found.isEmpty()) {
            return new Verdict.Absent(
                "Dead letter '%s' does not exist. List the dead letters to find its id."
                    .formatted(id));
          }
          var target = found.get();
          var verdict = target.changedSince(seen).orElse(null);
          if (verdict == null) {
            verdict = deed.to(connection, target, now);
          }
          writeDown(connection, target, verdict, now);
          return verdict;
        });
  }

  private void writeDown(Connection connection, Target target, Verdict verdict, Instant now)
      throws SQLException {
    var before = state(target.state(), target.fence());
    switch (verdict) {
      case Verdict.Done done ->
          Trail.audit(
              connection,
              actor,
              "dead-letter." + name,
              target.id(),
              reason,
              before,
              state(done.state(), done.fence()),
              now);
      case Verdict.Changed tooLate ->
          Trail.audit(
              connection,
              actor,
              "dead-letter." + name + ".too-late",
              target.id(),
              reason,
              before,
              null,
              now);
      case Verdict.Absent absent -> {}
      case Verdict.Refused refused -> {}
    }
  }

  static ObjectNode state(String state, long fence) {
    return JsonNodeFactory.instance.objectNode().put("state", state).put("fence", fence);
  }
}
