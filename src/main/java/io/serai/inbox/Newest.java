package io.serai.inbox;

import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Tells what is known by its bytes alone from what was told before it: told again it is known, but
 * after something else it is news, though it was true once before.
 */
final class Newest {
  // The hash, without the message it came after or the file it stood in.
  private static final String CONTENT = "left(m.dedupe_key, 71)";

  private static final String OTHER_LISTING =
      """
      SELECT u.no, (SELECT m.id FROM inbox_message m
          WHERE m.lane = u.lane AND m.document = 'listing' AND %s <> u.content ORDER BY m.id + 0 DESC LIMIT 1)
      FROM unnest(?, ?, ?) AS u(no, lane, content)"""
          .formatted(CONTENT);

  private static final String OTHER_FILE =
      """
      SELECT u.no, (SELECT m.id FROM inbox_message m
          WHERE m.account = u.account AND m.document = 'batch' AND %s <> u.content ORDER BY m.id + 0 DESC LIMIT 1)
      FROM unnest(?, ?, ?) AS u(no, account, content)"""
          .formatted(CONTENT);

  // What was left out as older than what is known is no newest state, whenever it was read.
  private static final String SAME_STATE =
      """
      SELECT u.no FROM unnest(?, ?, ?, ?, ?) AS u(no, account, key, lane, content)
      CROSS JOIN LATERAL (
        SELECT %1$s AS content, m.received_at, m.id FROM inbox_message m
        WHERE m.lane = u.lane AND m.document || '' = 'order' AND m.state IN ('RECEIVED', 'RUNNING', 'PARKED')
        UNION ALL
        SELECT %1$s, m.received_at, m.id FROM sales_order o JOIN inbox_message m ON m.order_id = o.id
        WHERE o.account = u.account AND o.channel_order_id = u.key AND m.document || '' = 'order' AND m.state || '' = 'APPLIED'
        ORDER BY 2 DESC, 3 DESC LIMIT 1) n
      WHERE n.content = u.content"""
          .formatted(CONTENT);

  private Newest() {}

  /** The listings of a page, each after the newest that says something else of its article. */
  static List<Arrival> listings(Connection connection, List<Arrival> page) throws SQLException {
    var known =
        IntStream.range(0, page.size())
            .filter(i -> "listing".equals(page.get(i).document()) && page.get(i).byContent())
            .boxed()
            .toList();
    if (known.isEmpty()) {
      return page;
    }
    var others =
        others(
            connection,
            OTHER_LISTING,
            known,
            known.stream().map(i -> page.get(i).lane()).toList(),
            known.stream().map(i -> page.get(i).dedupeKey()).toList());
    var after = new ArrayList<>(page);
    others.forEach((no, id) -> after.set(no, page.get(no).after(id)));
    return after;
  }

  /** A file, after the newest other one of its account. */
  static Arrival file(Connection connection, Arrival file) throws SQLException {
    var id =
        others(
                connection,
                OTHER_FILE,
                List.of(0),
                List.of(file.account()),
                List.of(file.dedupeKey()))
            .get(0);
    return id == null ? file : file.after(id);
  }

  private static Map<Integer, Long> others(
      Connection connection, String sql, List<Integer> no, List<String> where, List<String> content)
      throws SQLException {
    var others = new HashMap<Integer, Long>();
    new Statements()
        .query(
            sql,
            rows -> {
              while (rows.next()) {
                var id = rows.getLong(2);
                if (!rows.wasNull()) {
                  others.put(rows.getInt(1), id);
                }
              }
            },
            Statements.array("int4", no.toArray()),
            Statements.texts(where),
            Statements.texts(content))
        .execute(connection);
    return others;
  }

  /**
   * Which of these orders say what the newest state of theirs says: the newest by when it came,
   * among those that are applied and those that still have to be.
   *
   * @return their places in the list
   */
  static Set<Integer> same(Connection connection, List<Arrival> orders) throws SQLException {
    var same = new HashSet<Integer>();
    new Statements()
        .query(
            SAME_STATE,
            rows -> {
              while (rows.next()) {
                same.add(rows.getInt(1));
              }
            },
            Statements.array("int4", IntStream.range(0, orders.size()).boxed().toArray()),
            Statements.texts(orders.stream().map(Arrival::account).toList()),
            Statements.texts(orders.stream().map(Arrival::messageKey).toList()),
            Statements.texts(orders.stream().map(Arrival::lane).toList()),
            Statements.texts(orders.stream().map(Newest::content).toList()))
        .execute(connection);
    return same;
  }

  private static String content(Arrival arrival) {
    var at = arrival.dedupeKey().indexOf('@');
    return at < 0 ? arrival.dedupeKey() : arrival.dedupeKey().substring(0, at);
  }
}
