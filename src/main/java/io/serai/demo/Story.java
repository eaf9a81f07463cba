package io.serai.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.support.Ids;
import io.serai.support.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * One order from its arrival to its end, as support reads it: a 3PL ships one part of it and a
 * store another, the buyer thinks better of one line in time, and sends a unit of another back, for
 * which the money is given back.
 *
 * <p>What was begun stands in a file, so a demo that was killed goes on with the same order. Killed
 * between placing it and noting that, it begins with another one.
 */
final class Story {
  /** Fewer orders than this tell no story. */
  static final int FEWEST_ORDERS = 12;

  private static final String KEPT = "TEE-M";
  private static final int KEPT_UNITS = 3;
  private static final String PACKED = Stage.PRINT + "-A3";
  private static final String TAKEN_OFF = Stage.PRINT + "-A2";
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  private static final String PARTS =
      """
      SELECT count(DISTINCT f.node) FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
      WHERE o.channel_order_id = ? AND f.state <> 'WITHDRAWN'""";

  private static final String CANCELLED =
      """
      SELECT coalesce(sum(l.cancelled), 0) FROM order_line l JOIN sales_order o ON o.id = l.order_id
      WHERE o.channel_order_id = ?""";

  private static final String SENT =
      """
      SELECT f.id FROM fulfillment_order f JOIN sales_order o ON o.id = f.order_id
      WHERE o.channel_order_id = ? AND f.partner = 'northwind' AND f.state = 'SHIPPED'""";

  private static final String AWAITED =
      """
      SELECT count(*) FROM return_order r JOIN sales_order o ON o.id = r.order_id
      WHERE o.channel_order_id = ? AND r.state = 'APPROVED'""";

  private static final String STATE =
      """
      SELECT o.id, o.account, o.display_number, o.state IN ('SHIPPED', 'DELIVERED', 'CLOSED')
        AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.order_id = o.id AND d.state IN ('READY', 'SENDING', 'PENDING'))
        AND NOT EXISTS (SELECT 1 FROM return_order r WHERE r.order_id = o.id AND r.received_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM refund_request r WHERE r.order_id = o.id AND r.state IN ('DUE', 'REQUESTED'))
        AND NOT EXISTS (SELECT 1 FROM parcel p WHERE p.order_id = o.id AND p.state NOT IN ('DELIVERED', 'VOIDED', 'ABANDONED'))
      FROM sales_order o WHERE o.channel_order_id = ?""";

  private static final String TIMELINE =
      """
      SELECT e.occurred_at, e.sentence FROM order_event e JOIN sales_order o ON o.id = e.order_id
      WHERE o.channel_order_id = ? AND e.kind NOT IN ('rate-request.confirmed', 'label-request.confirmed', 'label-file.confirmed')
      ORDER BY e.id""";

  private static final String LINES =
      """
      SELECT l.sku, l.ordered, l.cancelled, l.shipped, l.returned, (
        SELECT string_agg(DISTINCT f.node, ', ') FROM reservation r JOIN fulfillment_order f ON f.id = r.fulfillment_order_id
        WHERE r.order_id = l.order_id AND r.line_no = l.line_no AND r.shipped > 0)
      FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE o.channel_order_id = ? ORDER BY l.line_no""";

  private final Stage stage;
  private final DataSource database;
  private final Screen screen;
  private final String hub;
  private final Path file;
  private final long began = System.nanoTime();
  private ObjectNode noted;
  private boolean told;

  /**
   * A story that goes on where its file says.
   *
   * @param hub root of the hub, for the address of the order in the console
   */
  Story(Stage stage, DataSource database, Screen screen, String hub, Path file) {
    this.stage = stage;
    this.database = database;
    this.screen = screen;
    this.hub = hub;
    this.file = file;
    try {
      noted = Files.exists(file) ? (ObjectNode) Json.tree(Files.readAllBytes(file)) : null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The buyer orders, unless that was before. */
  void begin() {
    if (noted != null) {
      return;
    }
    var units = new LinkedHashMap<String, Integer>();
    units.put(KEPT, KEPT_UNITS); // more than a till's shelf holds, so a 3PL sends them
    units.put(PACKED, 1);
    units.put(TAKEN_OFF, 1);
    var order = stage.place(units);
    noted = Json.MAPPER.createObjectNode().put("order", order.path("id").asText());
    for (var line : order.path("line_items")) {
      noted.put(line.path("sku").asText(), line.path("id").asText());
    }
    note();
  }

  /** Goes on when it can, and is told when it is over. */
  void goOn() throws SQLException {
    if (noted == null) {
      return;
    }
    if (!noted.has("takenOff") && number(PARTS) > 1) {
      takeOff();
    }
    var sent = noted.has("cameBack") ? null : sent();
    if (sent != null && !noted.has("sentBack")) {
      stage.sendBack(order(), noted.path(KEPT).asText(), 1);
      noted.put("sentBack", true);
      note();
    } else if (sent != null && number(AWAITED) > 0) {
      stage.takeBack(sent, KEPT, 1);
      noted.put("cameBack", true);
      note();
    }
    if (!told && noted.has("cameBack") && over()) {
      tell();
    }
  }

  // The shop is asked first: it may have been told by a demo that was killed before it noted that.
  private void takeOff() {
    var wanted = stage.wanted(order());
    if (wanted.isEmpty()) {
      return;
    }
    if (wanted.getAsInt() == KEPT_UNITS + 2) {
      stage.takeOff(order(), noted.path(TAKEN_OFF).asText(), 1);
    }
    noted.put("takenOff", true);
    note();
  }

  /** The request of the 3PL, when it has sent all of it; or null. */
  private String sent() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(SENT)) {
      statement.setString(1, order());
      try (var row = statement.executeQuery()) {
        return row.next() ? Ids.text("ful", row.getObject(1, UUID.class)) : null;
      }
    }
  }

  /** Whether all of it is told, or it will not go on any more. */
  boolean idle() {
    return noted == null || told || System.nanoTime() - began > PATIENCE;
  }

  /** Whether the store may pack an order: the story's only when the buyer has thought better. */
  boolean mayPack(String order) {
    try {
      return noted == null
          || !order.equals(order())
          || number(CANCELLED) > 0
          || System.nanoTime() - began > PATIENCE;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Tells it as far as it went, unless that is done. */
  void tell() throws SQLException {
    if (told || noted == null) {
      return;
    }
    told = true;
    try (var connection = database.getConnection();
        var state = connection.prepareStatement(STATE);
        var timeline = connection.prepareStatement(TIMELINE);
        var lines = connection.prepareStatement(LINES)) {
      state.setString(1, order());
      timeline.setString(1, order());
      lines.setString(1, order());
      try (var row = state.executeQuery()) {
        if (!row.next()) {
          return;
        }
        screen.line("");
        screen.line(
            "  The story of order %s (./serai orders timeline %s:%s):"
                .formatted(row.getString(3), row.getString(2), order()));
        try (var events = timeline.executeQuery()) {
          Timestamp first = null;
          while (events.next()) {
            first = first == null ? events.getTimestamp(1) : first;
            screen.line(
                "    %6.1f s  %s"
                    .formatted(since(first, events.getTimestamp(1)), events.getString(2)));
          }
        }
        screen.line("    What became of it:");
        try (var each = lines.executeQuery()) {
          while (each.next()) {
            screen.line(
                "      %-8s %d ordered, %d taken off in time, %d sent%s, %d back"
                    .formatted(
                        each.getString(1),
                        each.getInt(2),
                        each.getInt(3),
                        each.getInt(4),
                        each.getString(6) == null ? "" : " from '" + each.getString(6) + "'",
                        each.getInt(5)));
          }
        }
        screen.line(
            "    In the console: %s/console/orders/%s"
                .formatted(hub, Ids.text("ord", row.getObject(1, UUID.class))));
        screen.line("");
      }
    }
  }

  private static double since(Timestamp first, Timestamp at) {
    return Duration.between(first.toInstant(), at.toInstant()).toMillis() / 1e3;
  }

  private boolean over() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(STATE)) {
      statement.setString(1, order());
      try (var row = statement.executeQuery()) {
        return row.next() && row.getBoolean(4);
      }
    }
  }

  private int number(String query) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(query)) {
      statement.setString(1, order());
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private String order() {
    return noted.path("order").asText();
  }

  private void note() {
    try {
      Files.write(file, Json.bytes(noted));
    } catch (IOException e) {
      throw new DemoRefused(
          "The demo's order could not be noted in '%s': %s. Make the folder writable."
              .formatted(file, e.getMessage()));
    }
  }
}
