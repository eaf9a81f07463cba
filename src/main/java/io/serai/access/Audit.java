package io.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Timestamp;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What people and programs did to the hub.
 *
 * <p>Guarantee: append only (the database refuses to change or remove an entry), and an entry
 * written inside a Spring transaction commits or rolls back with the change it tells of. Gap: the
 * chain's hash is added shortly after the commit by {@link AuditChain}; until then an entry can be
 * altered by whoever may switch off the database's triggers.
 */
public final class Audit {
  private final JdbcTemplate jdbc;
  private final Clock clock;

  /** An audit in this database, dated by this clock. */
  public Audit(DataSource database, Clock clock) {
    this.jdbc = new JdbcTemplate(database);
    this.clock = clock;
  }

  /**
   * One entry to write.
   *
   * @param actor who: a user, or {@code token:<name>}
   * @param action what, as {@code <noun>.<verb>}
   * @param object to which thing: its id
   * @param reason why, in the actor's words, or null
   * @param before the thing as it was, or null
   * @param after the thing as it is now, or null
   */
  public record Entry(
      String actor, String action, String object, String reason, JsonNode before, JsonNode after) {
    /** An entry without before and after. */
    public static Entry of(Caller actor, String action, String object, String reason) {
      return new Entry(actor.name(), action, object, reason, null, null);
    }
  }

  /** Writes one entry, in the caller's transaction when there is one. */
  public void write(Entry entry) {
    jdbc.update(
        """
        INSERT INTO audit_entry (actor, action, object, reason, before, after, occurred_at)
        VALUES (?, ?, ?, ?, ?::json, ?::json, ?)
        """,
        entry.actor(),
        entry.action(),
        entry.object(),
        entry.reason(),
        text(entry.before()),
        text(entry.after()),
        Timestamp.from(clock.instant()));
  }

  private static String text(JsonNode node) {
    // A zero byte cannot be stored; JSON writes it escaped, and PostgreSQL's json keeps the escape.
    return node == null || node.isNull() ? null : node.toString();
  }
}
