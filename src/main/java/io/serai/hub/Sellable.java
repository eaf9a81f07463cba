package io.serai.hub;

import io.serai.stock.Item.Part;
import io.serai.support.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What channels may sell of some articles at one instant, as the nodes that feed them stand. What
 * is kept back from a channel is kept back instead of what is kept back from all, when it is more.
 * What has come for orders that wait is theirs while nobody new may pass them: so many fewer are
 * shown, at every place, as it is not known yet from which they will be served.
 */
final class Sellable {
  /** One article at one node. */
  private record Level(int onHand, int safety, int available) {}

  private final Map<String, Map<String, Level>> bySku = new HashMap<>();
  private final Map<String, Long> waitedFor = new HashMap<>();
  private final List<Buffer> buffers = new ArrayList<>();

  private Sellable() {}

  /** Reads what it takes to tell how many there are of these parts. Locks nothing. */
  static Sellable of(Connection connection, Collection<List<Part>> parts) throws SQLException {
    var sellable = new Sellable();
    var skus =
        Statements.texts(
            parts.stream().flatMap(List::stream).map(Part::sku).distinct().sorted().toList());
    new Statements()
        .query(
            """
            SELECT s.sku, s.node, s.on_hand, s.safety,
              s.on_hand - s.allocated - s.frozen - s.damaged - s.quarantined - s.safety
            FROM stock_level s JOIN node n ON n.id = s.node AND n.active WHERE s.sku = ANY (?)""",
            rows -> {
              while (rows.next()) {
                sellable
                    .bySku
                    .computeIfAbsent(rows.getString(1), sku -> new HashMap<>())
                    .put(
                        rows.getString(2),
                        new Level(rows.getInt(3), rows.getInt(4), rows.getInt(5)));
              }
            },
            skus)
        .query(
            """
            SELECT sku, node, channel, units, percent FROM stock_buffer
            WHERE channel <> '' AND (sku = '' OR sku = ANY (?))""",
            rows -> {
              while (rows.next()) {
                sellable.buffers.add(
                    new Buffer(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getObject(4, Integer.class),
                        rows.getObject(5, Integer.class)));
              }
            },
            skus)
        .query(
            """
            SELECT l.sku, sum(l.backordered) FROM order_line l JOIN sales_order o ON o.id = l.order_id
            WHERE l.sku = ANY (?) AND l.backordered > 0 AND o.hold IS NULL AND o.cancelled_at IS NULL
              AND EXISTS (SELECT FROM stock_level s WHERE s.sku = l.sku AND s.waited_for)
            GROUP BY l.sku""",
            rows -> {
              while (rows.next()) {
                sellable.waitedFor.put(rows.getString(1), rows.getLong(2));
              }
            },
            skus)
        .execute(connection);
    return sellable;
  }

  /** How many can be made of what the nodes that feed a place of a channel hold of each part. */
  int at(Topology.Account channel, String location, List<Part> parts) {
    var most = Integer.MAX_VALUE;
    for (var part : parts) {
      var units = 0L;
      for (var node : bySku.getOrDefault(part.sku(), Map.of()).entrySet()) {
        if (channel.feeds(node.getKey(), location)) {
          units += at(channel, part.sku(), node.getKey(), node.getValue());
        }
      }
      units = Math.max(0, units - waitedFor.getOrDefault(part.sku(), 0L));
      most = (int) Math.min(most, units / part.quantity());
    }
    return most;
  }

  private int at(Topology.Account channel, String sku, String node, Level level) {
    var kept =
        Buffer.of(buffers, sku, node, channel.name()).map(b -> b.kept(level.onHand())).orElse(0);
    return Math.max(0, level.available() - Math.max(0, kept - level.safety()));
  }
}
