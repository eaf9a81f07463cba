package io.serai.deadletter;

import io.serai.deadletter.ReplayPlan.Part;
import io.serai.deadletter.ReplayPlan.Safety;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Judges from what is recorded of deliveries whether each may be sent again.
 *
 * <p>Guarantee: only what {@link Revival} would send again, and what has no later one of the same
 * thing that went out, is {@link Safety#SAFE}. Gap: what people did at the partner by hand is not
 * recorded here.
 */
final class EffectLedger {
  /** Of an order with more deliveries than this only the newest are looked at. */
  static final int MOST = 500;

  private static final String JUDGED =
      """
      SELECT d.id, d.destination, d.document, d.operation, d.business_key, d.state, d.outcome_unknown, d.repeat_mode,
             d.remote_id, d.fence, d.failure_id IS NOT NULL AS failed,
             EXISTS (
               SELECT 1 FROM mapping_version v JOIN mapping_version o ON o.name = v.name AND o.since < v.since
               WHERE v.since > coalesce(d.mapped_at, d.created_at)) AS corrected
      FROM delivery d WHERE d.id = ANY (?) ORDER BY d.id""";
  private static final String OF_MESSAGE =
      """
      SELECT d.id FROM inbox_message m JOIN delivery d ON d.order_id = m.order_id AND d.message_id = m.id
      WHERE m.id = ? ORDER BY d.id DESC LIMIT ?""";
  private static final String OF_ORDER =
      "SELECT id FROM delivery WHERE order_id = ? ORDER BY id DESC LIMIT ?";
  private static final String LOCK =
      "SELECT id FROM delivery WHERE id = ANY (?) ORDER BY id FOR NO KEY UPDATE";

  private EffectLedger() {}

  /** The deliveries that a message caused, that an order has, or the one that is meant. */
  static List<Part> of(Connection connection, ItemId item, boolean lock) throws SQLException {
    var ids = ids(connection, item);
    if (lock) {
      try (var select = connection.prepareStatement(LOCK)) {
        select.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
        select.executeQuery().close();
      }
    }
    return judged(connection, ids);
  }

  private static List<Long> ids(Connection connection, ItemId item) throws SQLException {
    if (item.type() == DeadLetterType.DELIVERY) {
      return List.of(item.number());
    }
    var ofMessage = item.type() == DeadLetterType.MESSAGE;
    try (var select = connection.prepareStatement(ofMessage ? OF_MESSAGE : OF_ORDER)) {
      select.setObject(1, ofMessage ? item.number() : item.order());
      select.setInt(2, MOST);
      var ids = new ArrayList<Long>();
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
      return ids;
    }
  }

  /** These deliveries, oldest first; what is not there is left out. */
  static List<Part> judged(Connection connection, List<Long> ids) throws SQLException {
    if (ids.isEmpty()) {
      return List.of();
    }
    var obstacles = Obstacles.why(connection, ids);
    var parts = new ArrayList<Part>();
    try (var select = connection.prepareStatement(JUDGED)) {
      select.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          parts.add(
              part(
                  new Row(
                      rows.getLong("id"),
                      rows.getString("destination"),
                      rows.getString("document"),
                      rows.getString("business_key"),
                      rows.getString("state"),
                      rows.getBoolean("outcome_unknown"),
                      rows.getString("repeat_mode"),
                      rows.getString("remote_id"),
                      rows.getLong("fence"),
                      rows.getBoolean("failed"),
                      rows.getBoolean("corrected")),
                  obstacles));
        }
      }
    }
    return parts;
  }

  private record Row(
      long id,
      String destination,
      String document,
      String key,
      String state,
      boolean unknown,
      String repeat,
      String remoteId,
      long fence,
      boolean failed,
      boolean corrected) {
    boolean dead() {
      return state.equals("PARKED") || state.equals("REFUSED") && failed;
    }
  }

  private static Part part(Row row, Map<Long, String> obstacles) {
    if (!row.dead()) {
      return part(row, Safety.SKIPPED, false, alive(row));
    }
    if (obstacles.containsKey(row.id())) {
      return part(row, Safety.SKIPPED, false, obstacles.get(row.id()));
    }
    if (row.document().equals("stock")) {
      return part(
          row, Safety.SAFE, false, "The quantities of now are told instead of those it has.");
    }
    if (!row.unknown()) {
      return part(
          row,
          Safety.SAFE,
          false,
          row.corrected()
              ? "No attempt had an effect. Mappings were corrected since it was made."
              : "No attempt had an effect.");
    }
    return switch (row.repeat()) {
      case "IDEMPOTENT" ->
          part(
              row,
              Safety.SAFE,
              false,
              "An attempt may have had its effect; under the same key '%s' takes it for the same."
                  .formatted(row.destination()));
      case "QUERYABLE" ->
          part(
              row,
              Safety.UNKNOWN,
              true,
              "An attempt may have had its effect. Probe it: '%s' is asked first, and it is sent only if it is not there."
                  .formatted(row.destination()));
      default ->
          part(
              row,
              Safety.UNKNOWN,
              false,
              "An attempt may have had its effect, and the hub cannot ask '%s'. Find out there, then resolve it."
                  .formatted(row.destination()));
    };
  }

  private static Part part(Row row, Safety safety, boolean probe, String sentence) {
    return new Part(
        ItemId.ofDelivery(row.id()),
        row.destination(),
        row.document(),
        row.key(),
        row.state(),
        safety,
        safety == Safety.SAFE && !row.unknown() && row.corrected(),
        probe,
        sentence,
        row.fence());
  }

  private static String alive(Row row) {
    return switch (row.state()) {
      case "CONFIRMED" ->
          row.remoteId() == null
              ? "It was done; it is not sent again."
              : "It was done, as '%s'; it is not sent again.".formatted(row.remoteId());
      case "REFUSED" -> "The partner's no was its answer; it is not sent again.";
      case "WITHDRAWN", "SUPERSEDED", "DISCARDED" ->
          "It is %s and owed no more; it is not sent.".formatted(row.state());
      default -> "It is on its way (%s); it is not sent a second time.".formatted(row.state());
    };
  }

  /** The names of those destinations, for a sentence. */
  static String destinations(List<Part> parts) {
    var names = parts.stream().map(Part::destination).distinct().sorted().toArray(String[]::new);
    return names.length == 0 ? "nobody" : String.join(", ", Arrays.asList(names));
  }
}
