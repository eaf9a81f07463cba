package io.serai.exchange;

import io.serai.catalog.Documents;
import io.serai.inbox.Arrival;
import io.serai.inbox.InboxMessage;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;

/**
 * Tells of a file that comes again, byte for byte, whether it is the same once more or is to be
 * judged anew.
 *
 * <p>Guarantee: what was taken, in whole or in part, or is still being read stays a duplicate. A
 * file of which nothing was taken is another message each time it comes, and what the one before
 * left among the dead letters ends when it is read. Gap: it is two messages, both read, when a
 * person replays the one before while it comes; what is taken of one is a duplicate in the other.
 */
final class Resent {
  private record Before(long id, boolean refused) {}

  private static final String BEFORE =
      """
      SELECT m.id, m.state IN ('PARKED', 'DISCARDED', 'SUPERSEDED') OR m.state = 'SPLIT'
        AND EXISTS (SELECT 1 FROM interchange i WHERE i.message_id = m.id)
        AND NOT EXISTS (SELECT 1 FROM interchange i WHERE i.message_id = m.id AND (i.state = 'DUPLICATE' OR %s))
      FROM inbox_message m WHERE m.account = ? AND m.document = ? AND m.dedupe_key = ?"""
          .formatted(ExchangeStore.TAKEN);

  // The files before it, their refused sets, and pieces of them that had none.
  private static final String OVERTAKE =
      """
      WITH RECURSIVE before AS (
        SELECT id, account, dedupe_key FROM inbox_message WHERE id = ?
        UNION ALL
        SELECT p.id, p.account, p.dedupe_key FROM before b
        JOIN inbox_message p ON p.id = nullif(split_part(b.dedupe_key, '@', 2), '')::bigint),
      old AS (SELECT * FROM before WHERE id <> ?),
      dead AS (
        SELECT id FROM old
        UNION SELECT m.id FROM old JOIN interchange i ON i.message_id = old.id JOIN interchange_set s ON s.interchange_id = i.id
          JOIN inbox_message m ON m.account = old.account AND m.document = 'interchange' AND m.dedupe_key = s.dedupe_key
        UNION SELECT m.id FROM old JOIN interchange i ON i.message_id = old.id
          JOIN inbox_message m ON m.account = old.account AND m.document = 'interchange' AND m.dedupe_key = 'msg_' || old.id || '#' || i.place
        UNION SELECT m.id FROM old
          JOIN inbox_message m ON m.account = old.account AND m.document = 'interchange' AND m.dedupe_key = 'msg_' || old.id || '#rest')
      UPDATE inbox_message m SET state = 'SUPERSEDED', superseded_by = ?, reason = 'The file came again.', finished_at = ?
      FROM dead WHERE m.id = dead.id AND m.state = 'PARKED'""";

  private Resent() {}

  /** The file, after the same one that came before it where nothing of that was taken. */
  static Arrival of(Connection connection, Arrival file) throws SQLException {
    var now = file;
    for (var before = before(connection, now); before != null; before = before(connection, now)) {
      if (!before.refused()) {
        return now;
      }
      now = file.after(before.id());
    }
    return now;
  }

  private static Before before(Connection connection, Arrival file) throws SQLException {
    var found = new ArrayList<Before>();
    new Statements()
        .query(
            BEFORE,
            rows -> {
              if (rows.next()) {
                found.add(new Before(rows.getLong(1), rows.getBoolean(2)));
              }
            },
            file.account(),
            file.document(),
            file.dedupeKey())
        .execute(connection);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** Ends what the same file left among the dead letters when it came before. */
  static void overtakes(Connection connection, InboxMessage message, Instant now)
      throws SQLException {
    if (message.messageKey().equals(Documents.INTERCHANGE)) {
      new Statements()
          .add(OVERTAKE, message.id(), message.id(), message.id(), now)
          .execute(connection);
    }
  }
}
