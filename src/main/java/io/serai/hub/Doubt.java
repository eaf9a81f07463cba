package io.serai.hub;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A transaction whose COMMIT was sent and not answered: the mark that it left, or did not, tells
 * what became of it.
 *
 * <p>A message that was applied is known by its row. What a person asked for has none, and asked
 * for again it would be done twice. The mark is a row of the writer's own beside the leases, so a
 * transaction that is still being committed is waited for, and a server that died in between tells
 * the truth.
 *
 * @param writer whose transaction
 * @param mark of this one
 * @param committed what follows when it took effect
 */
record Doubt(String writer, String mark, Runnable committed) {
  private static final String MARK =
      """
      INSERT INTO lease (name, holder) VALUES ('apply/' || ?, ?)
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder""";

  // An insert, because it waits for whoever is inserting the same name.
  private static final String LAST =
      """
      INSERT INTO lease AS l (name) VALUES ('apply/' || ?)
      ON CONFLICT (name) DO UPDATE SET holder = l.holder RETURNING holder""";

  /** Lets a transaction leave its mark. */
  static void mark(Statements statements, String writer, String mark) {
    statements.add(MARK, writer, mark);
  }

  /** Whether it took effect. */
  boolean tookEffect(Connection connection) throws SQLException {
    var last = new AtomicReference<String>();
    new Statements()
        .query(
            LAST,
            rows -> {
              rows.next();
              last.set(rows.getString(1));
            },
            writer)
        .execute(connection);
    return mark.equals(last.get());
  }
}
