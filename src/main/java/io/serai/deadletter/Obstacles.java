package io.serai.deadletter;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What keeps a delivery from being sent again, whoever asks for it and however: money that was
 * settled in another way, and a later delivery of the same thing that went out. Asked in the
 * transaction that would send it.
 *
 * <p>Gap: what people did at the partner by hand is not recorded here.
 */
final class Obstacles {
  // Of stock nothing is sent again: what is there now is told instead.
  private static final String LATER =
      """
      SELECT d.id, min(e.id) FROM delivery d
      JOIN delivery e ON e.destination = d.destination AND e.operation = d.operation AND e.business_key = d.business_key
        AND e.id > d.id AND e.state IN ('SENDING', 'PENDING', 'CONFIRMED')
      WHERE d.id = ANY (?) AND d.document <> 'stock' GROUP BY d.id""";

  private Obstacles() {}

  /** Why one is not replayed, or null. */
  static String why(Connection connection, Target target) throws SQLException {
    return target.item().type() == DeadLetterType.DELIVERY
        ? why(connection, List.of(target.item().number())).get(target.item().number())
        : null;
  }

  /** Of these deliveries those that are not sent again, with a sentence. */
  static Map<Long, String> why(Connection connection, Collection<Long> deliveries)
      throws SQLException {
    var why = new HashMap<>(SettledMoney.why(connection, deliveries));
    try (var select = connection.prepareStatement(LATER)) {
      select.setArray(1, connection.createArrayOf("bigint", deliveries.toArray()));
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          why.putIfAbsent(rows.getLong(1), overtaken(rows.getLong(2)));
        }
      }
    }
    return why;
  }

  private static String overtaken(long later) {
    return "A later one of the same went out ('%s'), and this one is not sent after it. Discard it."
        .formatted(ItemId.ofDelivery(later));
  }
}
