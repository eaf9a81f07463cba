package io.serai.deadletter;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * The thing that a verb is about, locked until the transaction ends, so that of two operators one
 * is first and the other sees what the first did.
 */
record Target(
    ItemId item,
    String state,
    long fence,
    UUID order,
    String destination,
    Long cause,
    boolean outcomeUnknown,
    boolean needsChoice,
    boolean dead,
    String reason) {
  String id() {
    return ItemId.of(item.type(), item.number(), item.order());
  }

  /** As it is named in a sentence: {@code Message 'msg_5'}. */
  String name() {
    return switch (item.type()) {
          case MESSAGE -> "Message '";
          case DELIVERY -> "Delivery '";
          case ORDER -> "Order '";
        }
        + id()
        + "'";
  }

  /** Locks and reads it; empty when there is no such thing. */
  static Optional<Target> lock(Connection connection, ItemId item) throws SQLException {
    var query =
        switch (item.type()) {
          case MESSAGE ->
              """
              SELECT state, fence, order_id, account, id AS cause, false AS outcome_unknown,
                     false AS needs_choice, state = 'PARKED' AS dead, reason
              FROM inbox_message WHERE id = ? FOR NO KEY UPDATE
              """;
          case DELIVERY ->
              """
              SELECT state, fence, order_id, destination, message_id, outcome_unknown,
                     outcome_unknown AND repeat_mode <> 'IDEMPOTENT',
                     state = 'PARKED' OR (state = 'REFUSED' AND failure_id IS NOT NULL), reason
              FROM delivery WHERE id = ? FOR NO KEY UPDATE
              """;
          case ORDER ->
              """
              SELECT coalesce(hold, state), revision, id, account, NULL::bigint, false, false,
                     coalesce(hold IN ('UNMAPPED', 'UNALLOCATABLE'), false), NULL::text
              FROM sales_order WHERE id = ? FOR NO KEY UPDATE
              """;
        };
    try (var select = connection.prepareStatement(query)) {
      if (item.type() == DeadLetterType.ORDER) {
        select.setObject(1, item.order());
      } else {
        select.setLong(1, item.number());
      }
      try (var row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new Target(
                item,
                row.getString(1),
                row.getLong(2),
                row.getObject(3, UUID.class),
                row.getString(4),
                row.getObject(5, Long.class),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getString(9)));
      }
    }
  }

  /** Empty when the verb may go on: it is still dead, and as the operator saw it. */
  Optional<Verdict> changedSince(long seen) {
    if (!dead && reason != null && reason.startsWith("Erased on ")) {
      return Optional.of(
          new Verdict.Changed(name() + " was e" + reason.substring(1), state, fence));
    }
    if (!dead) {
      return Optional.of(
          new Verdict.Changed(
              "%s is %s and not stopped any more; nothing was changed. Look at it again."
                  .formatted(name(), state),
              state,
              fence));
    }
    if (seen != DeadLetters.AS_IT_IS && seen != fence) {
      return Optional.of(
          new Verdict.Changed(
              "%s has changed since it was looked at (version '%d' then, '%d' now); nothing was"
                      .formatted(name(), seen, fence)
                  + " changed. Look at it again.",
              state,
              fence));
    }
    return Optional.empty();
  }
}
