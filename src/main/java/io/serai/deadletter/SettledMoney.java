package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;

import io.serai.support.Ids;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Refunds and captures among what stopped: what was settled in another way meanwhile is not asked
 * for again, and what is asked for again is open again.
 *
 * <p>Gap: money that somebody moved and of which the channel has not told yet is not known here.
 */
final class SettledMoney {
  private static final String REFUNDS =
      "SELECT id, business_key FROM delivery WHERE id = ANY (?) AND operation = 'refund' ORDER BY id FOR NO KEY UPDATE";

  private static final String STATES =
      "SELECT id, state FROM refund_request WHERE id = ANY (?) AND state IN ('CONFIRMED', 'DROPPED')";

  private static final String CAPTURES =
      """
      SELECT d.id FROM delivery d
      LEFT JOIN capture c ON c.order_id = d.order_id AND c.key = d.business_key
      LEFT JOIN sales_order o ON o.id = d.order_id
      WHERE d.id = ANY (?) AND d.operation = 'capture'
        AND (c.state = 'CAPTURED' OR o.payment_state IN ('PAID', 'REFUNDED'))""";

  private static final String REOPEN_REFUNDS =
      "UPDATE refund_request SET state = 'REQUESTED', answer = NULL, finished_at = NULL WHERE id = ANY (?) AND state = 'REFUSED'";

  private static final String LIFT =
      """
      UPDATE order_hold h SET released_at = ?, release_reason = 'It is asked for again.'
      FROM refund_request r JOIN unnest(?::uuid[], ?::text[]) AS u(id, subject) ON r.id = u.id
      WHERE h.order_id = r.order_id AND h.kind = 'REFUND_DUE' AND h.subject = u.subject AND h.released_at IS NULL""";

  private static final String REOPEN_CAPTURES =
      """
      UPDATE capture c SET state = 'REQUESTED', answer = NULL, finished_at = NULL FROM delivery d
      WHERE d.id = ANY (?) AND d.operation = 'capture' AND c.order_id = d.order_id AND c.key = d.business_key
        AND c.state = 'REFUSED'""";

  private SettledMoney() {}

  /** Of these deliveries those whose money was settled in another way, with a sentence. */
  static Map<Long, String> why(Connection connection, Collection<Long> deliveries)
      throws SQLException {
    var why = new HashMap<Long, String>();
    var refunds = refunds(connection, deliveries);
    var states = new HashMap<UUID, String>();
    if (!refunds.isEmpty()) {
      try (var select = connection.prepareStatement(STATES)) {
        select.setArray(1, connection.createArrayOf("uuid", refunds.values().toArray()));
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            states.put(rows.getObject(1, UUID.class), rows.getString(2));
          }
        }
      }
    }
    refunds.forEach(
        (delivery, request) -> {
          if (states.containsKey(request)) {
            why.put(
                delivery,
                "Refund '%s' is %s: asking for it again could pay it twice. Discard delivery '%s'."
                    .formatted(
                        Ids.text("rfd", request),
                        states.get(request),
                        ItemId.ofDelivery(delivery)));
          }
        });
    try (var select = connection.prepareStatement(CAPTURES)) {
      select.setArray(1, connection.createArrayOf("bigint", deliveries.toArray()));
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          why.put(
              rows.getLong(1),
              "What delivery '%s' asks for is paid: asking for it again could take it twice. Discard it."
                  .formatted(ItemId.ofDelivery(rows.getLong(1))));
        }
      }
    }
    return why;
  }

  /** These are asked for again, so that their money is on its way. */
  static void reopen(Connection connection, Collection<Long> deliveries, Instant now)
      throws SQLException {
    var refunds = List.copyOf(refunds(connection, deliveries).values());
    if (!refunds.isEmpty()) {
      var ids = connection.createArrayOf("uuid", refunds.toArray());
      try (var update = connection.prepareStatement(REOPEN_REFUNDS)) {
        update.setArray(1, ids);
        update.executeUpdate();
      }
      try (var update = connection.prepareStatement(LIFT)) {
        update.setObject(1, at(now));
        update.setArray(2, ids);
        update.setArray(
            3,
            connection.createArrayOf(
                "text", refunds.stream().map(id -> Ids.text("rfd", id)).toArray()));
        update.executeUpdate();
      }
    }
    try (var update = connection.prepareStatement(REOPEN_CAPTURES)) {
      update.setArray(1, connection.createArrayOf("bigint", deliveries.toArray()));
      update.executeUpdate();
    }
  }

  private static Map<Long, UUID> refunds(Connection connection, Collection<Long> deliveries)
      throws SQLException {
    var refunds = new HashMap<Long, UUID>();
    try (var select = connection.prepareStatement(REFUNDS)) {
      select.setArray(1, connection.createArrayOf("bigint", new ArrayList<>(deliveries).toArray()));
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          refunds.put(rows.getLong(1), Ids.uuid("rfd", rows.getString(2)));
        }
      }
    }
    return refunds;
  }
}
