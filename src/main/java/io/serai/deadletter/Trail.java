package io.serai.deadletter;

import static io.serai.deadletter.Transaction.at;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/** Writes down, in the transaction of the deed, who did what to which dead letter and why. */
final class Trail {
  private Trail() {}

  static void audit(
      Connection connection,
      String actor,
      String action,
      String object,
      String reason,
      JsonNode before,
      JsonNode after,
      Instant now)
      throws SQLException {
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO audit_entry (actor, action, object, reason, before, after, occurred_at)
            VALUES (?, ?, ?, ?, ?::json, ?::json, ?)
            """)) {
      insert.setString(1, actor);
      insert.setString(2, action);
      insert.setString(3, object);
      insert.setString(4, reason);
      insert.setString(5, before == null ? null : before.toString());
      insert.setString(6, after == null ? null : after.toString());
      insert.setObject(7, at(now));
      insert.executeUpdate();
    }
  }

  /** One line in the timeline of the order concerned; none when no order is known. */
  static void timeline(
      Connection connection,
      UUID order,
      String kind,
      String sentence,
      Long message,
      Long delivery,
      String actor,
      Instant now)
      throws SQLException {
    if (order == null) {
      return;
    }
    try (var insert =
        connection.prepareStatement(
            """
            INSERT INTO order_event
              (order_id, kind, sentence, message_id, delivery_id, actor, occurred_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)) {
      insert.setObject(1, order);
      insert.setString(2, kind);
      insert.setString(3, sentence);
      insert.setObject(4, message);
      insert.setObject(5, delivery);
      insert.setString(6, actor);
      insert.setObject(7, at(now));
      insert.executeUpdate();
    }
  }
}
