package io.serai.exchange;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers that interchanges and groups of ours bear.
 *
 * <p>Guarantee: a number is given once in its cycle to one pair of ids, because it is taken in the
 * transaction that stores what bears it, under a lock that lasts until the commit: a crash before
 * it gives the number back, one after it finds the document. After 999999999 comes 1, in the next
 * cycle. Gap: what is stored may never leave, and then the partner sees a gap; the number says why.
 */
final class ControlNumbers {
  /**
   * A number.
   *
   * @param cycle how often the numbers began anew, from 1
   */
  record Number(int cycle, int value) {
    /** As ISA13 shows it, and UNB05 of ours. */
    String padded() {
      return "%09d".formatted(value);
    }
  }

  private static final String TAKE =
      """
      INSERT INTO control_number AS n (level, sender, receiver, usage, functional_id, last, taken_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (level, sender, receiver, usage, functional_id) DO UPDATE SET
        last = CASE WHEN n.last > 999999999 - ? THEN ? ELSE greatest(n.last + ?, excluded.last) END,
        cycle = n.cycle + CASE WHEN n.last > 999999999 - ? THEN 1 ELSE 0 END,
        taken_at = excluded.taken_at
      RETURNING cycle, last""";

  private ControlNumbers() {}

  /** The next number of an interchange; taken before that of its group, as everywhere. */
  static Number interchange(Connection connection, Agreement with, String usage, Instant now)
      throws SQLException {
    return interchanges(connection, with, usage, 1, now).getFirst();
  }

  /**
   * The next numbers of so many interchanges, in their order. Where the cycle has no room for all
   * of them a new one begins, and the partner sees a gap.
   */
  static List<Number> interchanges(
      Connection connection, Agreement with, String usage, int count, Instant now)
      throws SQLException {
    return take(connection, "INTERCHANGE", with, usage, "", count, now);
  }

  /** The next number of a group. */
  static Number group(
      Connection connection, Agreement with, String usage, String functionalId, Instant now)
      throws SQLException {
    return groups(connection, with, usage, functionalId, 1, now).getFirst();
  }

  /** The next numbers of so many groups, as of interchanges. */
  static List<Number> groups(
      Connection connection,
      Agreement with,
      String usage,
      String functionalId,
      int count,
      Instant now)
      throws SQLException {
    return take(connection, "GROUP", with, usage, functionalId, count, now);
  }

  private static List<Number> take(
      Connection connection,
      String level,
      Agreement with,
      String usage,
      String functionalId,
      int count,
      Instant now)
      throws SQLException {
    try (var statement = connection.prepareStatement(TAKE)) {
      statement.setString(1, level);
      statement.setString(2, with.ours().text());
      statement.setString(3, with.theirs().text());
      statement.setString(4, usage);
      statement.setString(5, functionalId);
      statement.setInt(6, with.profile().firstNumber() + count - 1);
      statement.setTimestamp(7, Timestamp.from(now));
      for (var i = 8; i <= 11; i++) {
        statement.setInt(i, count);
      }
      try (var rows = statement.executeQuery()) {
        rows.next();
        var cycle = rows.getInt(1);
        var last = rows.getInt(2);
        return IntStream.rangeClosed(last - count + 1, last)
            .mapToObj(value -> new Number(cycle, value))
            .toList();
      }
    }
  }
}
