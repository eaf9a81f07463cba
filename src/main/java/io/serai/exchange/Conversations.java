package io.serai.exchange;

import io.serai.exchange.PartnerProfile.Clock;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The documents about one order as one chain: what came and went, what was said of it, and what is
 * still owed by whom until when.
 *
 * <p>Guarantee: it is read from what was exchanged and from the profile of now, so it cannot differ
 * from either, and a clock that is made longer takes back what was overdue. Gap: what began longer
 * ago than {@value #DAYS} days is not looked at for what is overdue.
 */
public final class Conversations {
  private static final int DAYS = 60;
  private static final Duration MEMORY = Duration.ofDays(DAYS);
  private static final int MOST_STEPS = 500;

  /** The sets that open a conversation. */
  private static final Set<String> OPENING = Set.of("850", "940", "943", "ORDERS");

  /**
   * One document of a conversation.
   *
   * @param incoming whether it came
   * @param interchange the number of its interchange (ISA13, UNB05)
   * @param outcome what became of it, or of the delivery that carries it until that is sent
   * @param sentence why, where it was not simply taken
   * @param answeredAt when it was acknowledged, or null
   * @param awaitedUntil until when its acknowledgment is awaited, told by its newest sending; null
   *     while none is on its way
   */
  public record Step(
      long interchangeId,
      boolean incoming,
      String set,
      String control,
      String interchange,
      String outcome,
      String sentence,
      Instant at,
      Instant answeredAt,
      Instant awaitedUntil,
      Long messageId,
      Long deliveryId) {}

  /**
   * What is owed.
   *
   * @param set the set that is awaited, or what acknowledges: 997, 999 or CONTRL
   * @param weOwe whether we owe it
   * @param after the set that it answers
   * @param due until when
   */
  public record Owed(String set, boolean weOwe, String after, Instant due) {}

  /** All about one order. */
  public record Conversation(String account, String subject, List<Step> steps, List<Owed> owed) {}

  /**
   * Something that is overdue.
   *
   * @param since when what has to be answered came or went
   */
  public record Overdue(String subject, Clock clock, Instant since, Instant due) {}

  /** Where a page of conversations ended. */
  public record Place(long interchange, int place) {}

  /** One conversation in a list. */
  public record Opening(Place place, String subject) {}

  private static final String STEPS =
      """
      SELECT s.interchange_id, s.direction, s.set_id, s.control, i.control AS interchange, s.outcome, s.sentence, s.created_at,
        s.answered_at, i.message_id, i.delivery_id, d.state, d.revision = i.delivery_revision AS current, d.due_at, i.state AS whole
      FROM interchange_set s JOIN interchange i ON i.id = s.interchange_id LEFT JOIN delivery d ON d.id = i.delivery_id
      WHERE s.account = ? AND s.subject = ? ORDER BY s.interchange_id DESC, s.place DESC LIMIT ?""";

  private static final String OPENINGS =
      """
      SELECT interchange_id, place, subject FROM interchange_set
      WHERE account = ? AND set_id = ANY (?) AND subject IS NOT NULL AND (interchange_id, place) < (?, ?)
      ORDER BY interchange_id DESC, place DESC LIMIT ?""";

  private static final String OVERDUE =
      """
      SELECT s.subject, s.created_at FROM interchange_set s JOIN interchange i ON i.id = s.interchange_id
      WHERE s.account = ? AND s.set_id = ? AND s.direction = ? AND s.subject IS NOT NULL
        AND s.created_at <= ? AND s.created_at > ? AND s.outcome <> 'REFUSED' AND i.usage = ?
        AND i.state NOT IN ('DUPLICATE', 'TEST')
        AND NOT EXISTS (
          SELECT 1 FROM interchange_set a
          WHERE a.account = s.account AND a.subject = s.subject AND a.set_id = ? AND a.direction = ?
            AND a.outcome <> 'REFUSED' AND a.interchange_id > s.interchange_id)
      ORDER BY s.created_at LIMIT ?""";

  private Conversations() {}

  /** The conversation about one order, oldest document first; empty when there is none. */
  public static Conversation of(Connection connection, Agreement with, String subject)
      throws SQLException {
    var steps = new ArrayList<Step>();
    new Statements()
        .query(
            STEPS,
            rows -> {
              while (rows.next()) {
                steps.addFirst(step(rows));
              }
            },
            with.account(),
            subject,
            MOST_STEPS)
        .execute(connection);
    return new Conversation(with.account(), subject, List.copyOf(steps), owed(with, steps));
  }

  private static Step step(ResultSet rows) throws SQLException {
    var incoming = "IN".equals(rows.getString("direction"));
    var outcome = rows.getString("outcome");
    var delivery = rows.getString("state");
    if ("SENT".equals(outcome) && delivery != null) {
      outcome = rows.getBoolean("current") ? delivery : "SUPERSEDED";
    } else if (incoming && Set.of("DUPLICATE", "TEST").contains(rows.getString("whole"))) {
      outcome = rows.getString("whole");
    }
    var message = rows.getLong("message_id");
    var noMessage = rows.wasNull();
    var sent = rows.getLong("delivery_id");
    var notSent = rows.wasNull();
    var answered = rows.getTimestamp("answered_at");
    var awaited = "PENDING".equals(outcome) ? rows.getTimestamp("due_at") : null;
    return new Step(
        rows.getLong("interchange_id"),
        incoming,
        rows.getString("set_id"),
        rows.getString("control"),
        rows.getString("interchange"),
        outcome,
        rows.getString("sentence"),
        rows.getTimestamp("created_at").toInstant(),
        answered == null ? null : answered.toInstant(),
        awaited == null ? null : awaited.toInstant(),
        noMessage ? null : message,
        notSent ? null : sent);
  }

  private static List<Owed> owed(Agreement with, List<Step> steps) {
    var owed = new ArrayList<Owed>();
    for (var i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      if (Set.of("REFUSED", "DUPLICATE", "TEST", "SUPERSEDED").contains(step.outcome())) {
        continue;
      }
      var sent = step.incoming() ? null : with.profile().sends().get(step.set());
      if (sent != null
          && sent.acknowledgedWithin() != null
          && step.answeredAt() == null
          && !"CONFIRMED".equals(step.outcome())) {
        owed.add(
            new Owed(
                with.profile().acknowledgment(),
                false,
                step.set(),
                step.awaitedUntil() == null
                    ? step.at().plus(sent.acknowledgedWithin())
                    : step.awaitedUntil()));
      }
      for (var clock : with.profile().clocks()) {
        if (clock.after().equals(step.set())
            && clock.weOwe() == step.incoming()
            && !answered(steps.subList(i + 1, steps.size()), clock)) {
          owed.add(
              new Owed(clock.set(), clock.weOwe(), clock.after(), step.at().plus(clock.within())));
        }
      }
    }
    return List.copyOf(owed);
  }

  private static boolean answered(List<Step> later, Clock clock) {
    return later.stream()
        .anyMatch(
            step ->
                step.set().equals(clock.set())
                    && step.incoming() != clock.weOwe()
                    && !"REFUSED".equals(step.outcome()));
  }

  /** The newest conversations of an account before a place. */
  public static List<Opening> newest(Connection connection, String account, Place before, int limit)
      throws SQLException {
    var openings = new ArrayList<Opening>();
    new Statements()
        .query(
            OPENINGS,
            rows -> {
              while (rows.next()) {
                openings.add(
                    new Opening(new Place(rows.getLong(1), rows.getInt(2)), rows.getString(3)));
              }
            },
            account,
            Statements.texts(OPENING.stream().sorted().toList()),
            before == null ? Long.MAX_VALUE : before.interchange(),
            before == null ? 0 : before.place(),
            limit)
        .execute(connection);
    return openings;
  }

  /**
   * What is overdue with an account, the longest first; acknowledgments are dead letters instead.
   */
  public static List<Overdue> overdue(Connection connection, Agreement with, Instant now, int limit)
      throws SQLException {
    var overdue = new ArrayList<Overdue>();
    for (var clock : with.profile().clocks()) {
      new Statements()
          .query(
              OVERDUE,
              rows -> {
                while (rows.next()) {
                  var since = rows.getTimestamp(2).toInstant();
                  overdue.add(
                      new Overdue(rows.getString(1), clock, since, since.plus(clock.within())));
                }
              },
              with.account(),
              clock.after(),
              clock.weOwe() ? "IN" : "OUT",
              now.minus(clock.within()),
              now.minus(MEMORY),
              with.usage(),
              clock.set(),
              clock.weOwe() ? "OUT" : "IN",
              limit)
          .execute(connection);
    }
    overdue.sort((a, b) -> a.due().compareTo(b.due()));
    return overdue.size() > limit ? List.copyOf(overdue.subList(0, limit)) : List.copyOf(overdue);
  }
}
