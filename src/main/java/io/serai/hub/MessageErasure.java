package io.serai.hub;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Erases the bytes of messages that no order takes along: dead letters that nobody resolved in
 * time, and pages of accounts whose time is short.
 */
final class MessageErasure {
  private static final Set<String> ENDED =
      Set.of("APPLIED", "SPLIT", "IGNORED", "SUPERSEDED", "DISCARDED");

  private final DataSource database;
  private final Clock clock;
  private final Erasure.Terms terms;
  private final int pages;

  MessageErasure(DataSource database, Clock clock, Erasure.Terms terms, int pages) {
    this.database = database;
    this.clock = clock;
    this.terms = terms;
    this.pages = pages;
  }

  private record Message(
      long id, String account, String state, UUID order, Instant at, boolean kept) {}

  private static final String MESSAGE =
      """
      SELECT m.id, m.account, m.state, m.order_id, m.received_at,
        EXISTS (SELECT 1 FROM erasure k WHERE k.order_id = m.order_id AND k.kept_since IS NOT NULL)
          OR %s OR m.state = 'SPLIT' AND %s
      FROM inbox_message m\s"""
          .formatted(Retention.LANE_KEPT, Retention.PAGE_KEPT);

  // Bodies of what ended without an order go with their class, unless their account's time is
  // shorter.
  private Instant dueAt(Message message) {
    if (!ENDED.contains(message.state())) {
      return message
          .at()
          .plus(
              message.order() == null
                  ? terms.deadLettersOf(message.account())
                  : terms.deadLetters());
    }
    return message.order() == null && terms.accounts().containsKey(message.account())
        ? message.at().plus(terms.of(message.account()))
        : null;
  }

  /** Notes what is as old as the shortest time: it has its own from then on. */
  void walk() throws SQLException {
    var shortest =
        terms.shortest().compareTo(terms.deadLetters()) < 0
            ? terms.shortest()
            : terms.deadLetters();
    var before = clock.instant().minus(shortest);
    for (var i = 0; i < pages; i++) {
      var of =
          Erasure.inTransaction(
              database,
              connection -> {
                var old = new ArrayList<Message>();
                messages(
                    connection,
                    MESSAGE
                        + "WHERE m.id > coalesce((SELECT up_to FROM retention WHERE class = 'erasure'), 0) ORDER BY m.id LIMIT ?",
                    old,
                    Erasure.PAGE);
                var fresh = old.stream().filter(m -> !m.at().isBefore(before)).findFirst();
                var upTo = fresh.isPresent() ? old.indexOf(fresh.get()) : old.size();
                var met = old.subList(0, upTo);
                var statements = new Statements();
                for (var message : met) {
                  var at = dueAt(message);
                  if (at != null) {
                    statements.add(
                        "INSERT INTO erasure_message (message_id, due_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        message.id(),
                        at);
                  }
                }
                if (!met.isEmpty()) {
                  statements.add(
                      """
                      INSERT INTO retention (class, up_to) VALUES ('erasure', ?)
                      ON CONFLICT (class) DO UPDATE SET up_to = greatest(retention.up_to, excluded.up_to)""",
                      met.getLast().id());
                }
                statements.execute(connection);
                return upTo;
              });
      if (of < Erasure.PAGE) {
        return;
      }
    }
  }

  private static void messages(
      Connection connection, String sql, List<Message> into, Object... parameters)
      throws SQLException {
    new Statements()
        .query(
            sql,
            rows -> {
              while (rows.next()) {
                into.add(
                    new Message(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getObject(4, UUID.class),
                        rows.getTimestamp(5).toInstant(),
                        rows.getBoolean(6)));
              }
            },
            parameters)
        .execute(connection);
  }

  /** Takes away what is due, up to a page. Answers how many that were. */
  int due() throws SQLException {
    return Erasure.inTransaction(
        database,
        connection -> {
          var now = clock.instant();
          var due = new ArrayList<Message>();
          messages(
              connection,
              MESSAGE
                  + "JOIN erasure_message e ON e.message_id = m.id WHERE e.due_at <= ? ORDER BY m.id LIMIT ? FOR UPDATE OF m SKIP LOCKED",
              due,
              now,
              Erasure.PAGE);
          var ready = new ArrayList<Long>();
          var over = new ArrayList<Long>();
          for (var message : due) {
            var at = dueAt(message);
            var moving = !ENDED.contains(message.state()) && !message.state().equals("PARKED");
            if (message.kept() || moving || at != null && at.isAfter(now)) {
              new Statements()
                  .add(
                      "UPDATE erasure_message SET due_at = ? WHERE message_id = ?",
                      at != null && at.isAfter(now) ? at : now.plus(Duration.ofDays(1)),
                      message.id())
                  .execute(connection);
            } else {
              over.add(message.id());
              if (at != null) {
                ready.add(message.id());
              }
            }
          }
          new ErasureWriter(connection, now).messages(ready);
          if (!over.isEmpty()) {
            new Statements()
                .add(
                    "DELETE FROM erasure_message WHERE message_id = ANY (?)",
                    Statements.array("int8", over.toArray()))
                .execute(connection);
          }
          return ready.size();
        });
  }
}
