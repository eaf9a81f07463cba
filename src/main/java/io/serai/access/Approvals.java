package io.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serai.support.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What somebody asked for and a second person has to approve.
 *
 * <p>Guarantee: who asked cannot approve; one decision counts, whatever two people press at once;
 * asking and deciding are in the audit. What was approved is done before the decision is kept, so a
 * crash in between leaves it open and it is approved again: what is done has to be safe to do
 * twice. A person is one whether they come by password, by the identity provider or by a token they
 * made. Gap: who has two names, and whose subject nobody configured, is two.
 */
public final class Approvals {
  /** After that nobody may approve it any more. */
  static final Duration OPEN_FOR = Duration.ofDays(7);

  private static final String COLUMNS =
      """
      SELECT id, action, object, sentence, request, reason, asked_by, asked_as, asked_at, expires_at, state,
             decided_by, decided_at, why, outcome
      FROM approval
      """;

  private final JdbcTemplate jdbc;
  private final TransactionTemplate transaction;
  private final Audit audit;
  private final UnaryOperator<Set<String>> people;
  private final Clock clock;

  /**
   * Approvals in this database.
   *
   * @param people all marks of the person that these are some of
   */
  Approvals(DataSource database, Audit audit, UnaryOperator<Set<String>> people, Clock clock) {
    this.jdbc = new JdbcTemplate(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.audit = audit;
    this.people = people;
    this.clock = clock;
  }

  /**
   * Something that needs a second person.
   *
   * @param state OPEN, EXPIRED, APPROVED or DECLINED
   * @param why of the decision, or null
   * @param outcome what came of it, or null
   */
  public record Approval(
      long id,
      String action,
      String object,
      String sentence,
      JsonNode request,
      String reason,
      String askedBy,
      Set<String> askedAs,
      Instant askedAt,
      Instant expiresAt,
      String state,
      String decidedBy,
      Instant decidedAt,
      String why,
      String outcome) {
    /** The id as people write it. */
    public String name() {
      return Approvals.name(id);
    }
  }

  /** What came of a decision: the approval as it is now, or why not, in a sentence. */
  public record Decided(Approval approval, boolean forbidden, String refusal) {}

  /** The id as people write it. */
  public static String name(long id) {
    return "apr_" + id;
  }

  /** The number of an id, or 0. */
  public static long number(String name) {
    return name != null && name.matches("apr_[0-9]{1,18}") ? Long.parseLong(name.substring(4)) : 0;
  }

  /** Asks for a second person. */
  public Approval ask(
      String action, String object, String sentence, JsonNode request, String reason, Caller by) {
    return transaction.execute(
        status -> {
          var now = clock.instant();
          Long id =
              jdbc.queryForObject(
                  """
                  INSERT INTO approval (action, object, sentence, request, reason, asked_by, asked_as, asked_at, expires_at, state)
                  VALUES (?, ?, ?, ?::json, ?, ?, ?, ?, ?, 'OPEN') RETURNING id
                  """,
                  Long.class,
                  action,
                  object,
                  sentence,
                  request == null ? null : request.toString(),
                  reason,
                  by.name(),
                  by.person().toArray(String[]::new),
                  Timestamp.from(now),
                  Timestamp.from(now.plus(OPEN_FOR)));
          audit.write(
              new Audit.Entry(
                  by.name(), "approval.ask", object, reason, null, told(id, sentence, null)));
          return find(id).orElseThrow();
        });
  }

  private static JsonNode told(long id, String sentence, String outcome) {
    var told = JsonNodeFactory.instance.objectNode().put("approval", name(id));
    return told.put("sentence", sentence).put("outcome", outcome);
  }

  /** One of them. */
  public Optional<Approval> find(long id) {
    return jdbc.query(COLUMNS + "WHERE id = ?", this::approval, id).stream().findFirst();
  }

  /** An open one that asks for this very thing. */
  public Optional<Approval> open(String action, String object, JsonNode request) {
    return jdbc
        .query(
            COLUMNS + "WHERE action = ? AND object = ? AND state = 'OPEN' ORDER BY id",
            this::approval,
            action,
            object)
        .stream()
        .filter(one -> one.state().equals("OPEN") && request.equals(one.request()))
        .findFirst();
  }

  /**
   * Newest first.
   *
   * @param open only those that wait for somebody
   * @param before only with smaller numbers
   */
  public List<Approval> list(boolean open, long before, int most) {
    return jdbc.query(
        COLUMNS
            + "WHERE id < ?"
            + (open ? " AND state = 'OPEN' AND expires_at > ?" : " AND ?::timestamptz IS NOT NULL")
            + " ORDER BY id DESC LIMIT ?",
        this::approval,
        before,
        Timestamp.from(clock.instant()),
        most);
  }

  /**
   * Approves it: does what was asked for, and keeps the decision.
   *
   * @param work does it and says what came of it; what it throws leaves the approval open
   */
  public Decided approve(long id, Caller by, String why, Function<Approval, String> work) {
    return decide(id, by, "APPROVED", "approval.approve", why, true, work);
  }

  /**
   * Declines it, or takes it back.
   *
   * @param work follows what was asked for, and says what came of it
   */
  public Decided decline(long id, Caller by, String why, Function<Approval, String> work) {
    return decide(id, by, "DECLINED", "approval.decline", why, false, work);
  }

  private Decided decide(
      long id,
      Caller by,
      String state,
      String action,
      String why,
      boolean byAnother,
      Function<Approval, String> work) {
    return transaction.execute(
        status -> {
          var found =
              jdbc.query(COLUMNS + "WHERE id = ? FOR UPDATE", this::approval, id).stream()
                  .findFirst();
          if (found.isEmpty()) {
            return new Decided(
                null,
                false,
                "Approval '%s' is not known; list the approvals to find its id."
                    .formatted(name(id)));
          }
          var approval = found.get();
          if (!approval.state().equals("OPEN")) {
            return new Decided(
                approval,
                false,
                "Approval '%s' is %s already; ask anew if it is still wanted."
                    .formatted(name(id), approval.state()));
          }
          if (byAnother && isBy(approval, by)) {
            return new Decided(
                approval,
                true,
                approval.askedBy().equals(by.name())
                    ? "'%s' asked for this, and four eyes need two people; have another approver look at '%s'."
                        .formatted(by.name(), name(id))
                    : "'%s' asked for this and is the same person as '%s', and four eyes need two people; have another approver look at '%s'."
                        .formatted(approval.askedBy(), by.name(), name(id)));
          }
          var outcome = work.apply(approval);
          jdbc.update(
              "UPDATE approval SET state = ?, decided_by = ?, decided_at = ?, why = ?, outcome = ? WHERE id = ?",
              state,
              by.name(),
              Timestamp.from(clock.instant()),
              why,
              outcome,
              id);
          audit.write(
              new Audit.Entry(
                  by.name(),
                  action,
                  approval.object(),
                  why,
                  null,
                  told(id, approval.sentence(), outcome)));
          return new Decided(find(id).orElseThrow(), false, null);
        });
  }

  /** Whether this person asked for it, by whatever credential. */
  public boolean isBy(Approval approval, Caller caller) {
    return Person.same(people.apply(approval.askedAs()), people.apply(caller.person()));
  }

  /** Nobody has to decide any more: what was asked for is gone otherwise. */
  public void close(String object, Caller by, String outcome) {
    jdbc.update(
        """
        UPDATE approval SET state = 'DECLINED', decided_by = ?, decided_at = ?, outcome = ?
        WHERE object = ? AND state = 'OPEN'
        """,
        by.name(),
        Timestamp.from(clock.instant()),
        outcome,
        object);
  }

  /** Does this while nobody else does anything about this object that asks for the same. */
  public <T> T alone(String object, Supplier<T> work) {
    return transaction.execute(
        status -> {
          jdbc.queryForList(
              "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))::text", String.class, object);
          return work.get();
        });
  }

  // Of those from before only the name is known.
  private static Set<String> askedAs(ResultSet row) throws SQLException {
    var marks = row.getArray("asked_as");
    return marks == null
        ? Person.named(row.getString("asked_by"))
        : Set.of((String[]) marks.getArray());
  }

  private Approval approval(ResultSet row, int n) throws SQLException {
    var expires = row.getTimestamp("expires_at").toInstant();
    var state = row.getString("state");
    var request = row.getString("request");
    var decided = row.getTimestamp("decided_at");
    return new Approval(
        row.getLong("id"),
        row.getString("action"),
        row.getString("object"),
        row.getString("sentence"),
        request == null ? null : Json.tree(request),
        row.getString("reason"),
        row.getString("asked_by"),
        askedAs(row),
        row.getTimestamp("asked_at").toInstant(),
        expires,
        state.equals("OPEN") && !expires.isAfter(clock.instant()) ? "EXPIRED" : state,
        row.getString("decided_by"),
        decided == null ? null : decided.toInstant(),
        row.getString("why"),
        row.getString("outcome"));
  }
}
