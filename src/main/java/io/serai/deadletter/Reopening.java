package io.serai.deadletter;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Takes a discard back: what was given up is a dead letter again, as it was before.
 *
 * <p>Guarantee: only while its payload is kept, and never a delivery of which the order heard that
 * it is owed no more, or that a later one went out for. Gap: what waited behind it went on
 * meanwhile; whether a newer one of the same was applied is judged when it is replayed.
 */
public final class Reopening {
  private static final String KEPT =
      """
      SELECT EXISTS (SELECT 1 FROM inbox_message m
                     JOIN message_payload p ON p.message_id = m.id AND p.received_at = m.received_at
                     WHERE m.id = ?)""";
  private static final String CONTENT_KEPT =
      "SELECT EXISTS (SELECT 1 FROM delivery_content WHERE delivery_id = ?)";

  // As what follows a discard has it: of these the order was told.
  private static final String TOLD =
      "SELECT business_key LIKE 'ful\\_%' OR operation IN ('refund', 'capture') FROM delivery WHERE id = ?";

  private final DataSource database;
  private final Clock clock;

  /** Reopens within one database. */
  public Reopening(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Makes a discarded message or delivery a dead letter again.
   *
   * @param reason why; required
   * @param fence the version that the operator saw, or {@link DeadLetters#AS_IT_IS}
   */
  public Verdict reopen(String id, String reason, String actor, long fence) {
    var item = ItemId.parse(id);
    if (item.isEmpty()) {
      return new Verdict.Refused(
          "'%s' is no dead letter's id. Ids begin with 'msg_', 'dlv_' or 'ord_'.".formatted(id));
    }
    if (reason == null || reason.isBlank()) {
      return new Verdict.Refused(
          "Reopening '%s' needs a reason. Say why it is not to be left undone.".formatted(id));
    }
    return Transaction.run(
        database,
        connection -> {
          var now = clock.instant();
          var found = Target.lock(connection, item.get());
          if (found.isEmpty()) {
            return new Verdict.Absent(
                "'%s' does not exist. Look for its id in the lists.".formatted(id));
          }
          var target = found.get();
          var refusal = refusal(connection, target, fence);
          if (refusal.isPresent()) {
            return refusal.get();
          }
          var table = target.item().type() == DeadLetterType.MESSAGE ? "inbox_message" : "delivery";
          try (var update =
              connection.prepareStatement(
                  "UPDATE %s SET state = 'PARKED', reason = NULL, finished_at = NULL, fence = fence + 1 WHERE id = ?"
                      .formatted(table))) {
            update.setLong(1, target.item().number());
            update.executeUpdate();
          }
          Trail.audit(
              connection,
              actor,
              "dead-letter.reopen",
              target.id(),
              reason,
              Verb.state(target.state(), target.fence()),
              Verb.state("PARKED", target.fence() + 1),
              now);
          DeadLetters.tell(connection, target, "reopened", "is a dead letter again", actor, now);
          return new Verdict.Done(target.id(), "PARKED", target.fence() + 1);
        });
  }

  private static Optional<Verdict> refusal(Connection connection, Target target, long seen)
      throws SQLException {
    if (target.item().type() == DeadLetterType.ORDER || !target.state().equals("DISCARDED")) {
      return Optional.of(
          new Verdict.Changed(
              "%s is %s; only what was discarded is reopened. Look at it again."
                  .formatted(target.name(), target.state()),
              target.state(),
              target.fence()));
    }
    if (seen != DeadLetters.AS_IT_IS && seen != target.fence()) {
      return Optional.of(
          new Verdict.Changed(
              "%s has changed since it was looked at (version '%d' then, '%d' now); nothing was changed. Look at it again."
                  .formatted(target.name(), seen, target.fence()),
              target.state(),
              target.fence()));
    }
    if (target.item().type() == DeadLetterType.MESSAGE) {
      return is(connection, KEPT, target)
          ? Optional.empty()
          : Optional.of(
              new Verdict.Refused(
                  "The payload of '%s' is past its retention and gone, so it stays discarded."
                      .formatted(target.id())));
    }
    if (!is(connection, CONTENT_KEPT, target)) {
      return Optional.of(
          new Verdict.Refused(
              "What was to be sent with '%s' is past its retention and gone, so it stays discarded."
                  .formatted(target.id())));
    }
    if (is(connection, TOLD, target)) {
      return Optional.of(
          new Verdict.Refused(
              "The order was told that '%s' is owed no more, and went on. Do anew on the order's page what is still wanted."
                  .formatted(target.id())));
    }
    var obstacle = Obstacles.why(connection, target);
    return obstacle == null ? Optional.empty() : Optional.of(new Verdict.Refused(obstacle));
  }

  private static boolean is(Connection connection, String query, Target target)
      throws SQLException {
    try (var select = connection.prepareStatement(query)) {
      select.setLong(1, target.item().number());
      try (var row = select.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
