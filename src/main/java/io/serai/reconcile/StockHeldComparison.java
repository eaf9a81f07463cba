package io.serai.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.support.Statements;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What a partner has on hand against what the books of its node say.
 *
 * <p>Guarantee: levels that changed within the grace are passed over, and a difference counts only
 * when it is the same on a second look. Gap: a SKU that the partner does not list is not compared,
 * nor is a report that names no node where the partner has several.
 */
final class StockHeldComparison implements Comparison {
  private static final List<String> KINDS = FindingKind.names(FindingKind.STOCK_HELD);
  private static final int AT_ONCE = 500;

  private static final String NODES =
      "SELECT id FROM node WHERE partner = ? AND active ORDER BY id";

  // What was reported below the promised units stands in shortage.
  private static final String LEVELS =
      """
      SELECT s.sku, s.node, s.on_hand - s.shortage FROM stock_level s JOIN unnest(?, ?) AS u(sku, node)
        ON s.sku = u.sku AND s.node = u.node
      WHERE s.as_of <= ? AND coalesce(s.left_at, s.as_of) <= ?""";

  private record Level(String sku, String node) {
    String thing() {
      return sku + " @ " + node;
    }
  }

  @Override
  public String document() {
    return "stock";
  }

  @Override
  public void compare(Round round, Teller teller) throws SQLException {
    var nodes = nodes(round);
    var first = look(round, teller, nodes, null);
    var differing = new ArrayList<Level>();
    var things = new TreeSet<String>();
    first.forEach(
        (level, pair) -> {
          if (pair.differ()) {
            differing.add(level);
          } else {
            things.add(level.thing());
          }
        });
    var seen = new ArrayList<Observation>();
    if (!differing.isEmpty()) {
      var second = look(round, teller, nodes, differing);
      for (var level : differing) {
        if (Objects.equals(first.get(level), second.get(level))) {
          things.add(level.thing());
          seen.add(observation(round, level, first.get(level)));
        }
      }
    }
    round.write(KINDS, things, seen);
  }

  private record Pair(long ours, long theirs) {
    boolean differ() {
      return ours != theirs;
    }
  }

  private static Observation observation(Round round, Level level, Pair pair) {
    return new Observation(
        FindingKind.STOCK_HELD,
        level.thing(),
        null,
        String.valueOf(pair.ours()),
        String.valueOf(pair.theirs()),
        "'%s' has %d of SKU '%s' on hand and the books of node '%s' say %d. Pull its stock, or count it."
            .formatted(round.account.name(), pair.theirs(), level.sku(), level.node(), pair.ours()),
        Remedy.PULL,
        level.sku(),
        null);
  }

  private static List<String> nodes(Round round) throws SQLException {
    var nodes = new ArrayList<String>();
    try (var connection = round.database.getConnection()) {
      new Statements()
          .query(
              NODES,
              rows -> {
                while (rows.next()) {
                  nodes.add(rows.getString(1));
                }
              },
              round.account.name())
          .execute(connection);
    }
    return nodes;
  }

  private static Map<Level, Pair> look(
      Round round, Teller teller, List<String> nodes, List<Level> only) throws SQLException {
    var theirs = new HashMap<Level, Long>();
    Pages.each(
        teller,
        new Teller.Question(round.since, round.now, null, null),
        items -> {
          for (JsonNode item : items) {
            var node = item.path("node").asText(nodes.size() == 1 ? nodes.getFirst() : null);
            var level = new Level(item.path("sku").asText(), node);
            if (node != null
                && nodes.contains(node)
                && (only == null ? round.due(level.sku()) : only.contains(level))) {
              theirs.put(level, item.path("onHand").asLong());
            }
          }
        });
    var both = new HashMap<Level, Pair>();
    var levels = List.copyOf(theirs.keySet());
    for (var from = 0; from < levels.size(); from += AT_ONCE) {
      read(round, levels.subList(from, Math.min(from + AT_ONCE, levels.size())), theirs, both);
    }
    return both;
  }

  private static void read(
      Round round, List<Level> levels, Map<Level, Long> theirs, Map<Level, Pair> both)
      throws SQLException {
    try (var connection = round.database.getConnection()) {
      new Statements()
          .query(
              LEVELS,
              rows -> {
                while (rows.next()) {
                  var level = new Level(rows.getString(1), rows.getString(2));
                  both.put(level, new Pair(rows.getLong(3), theirs.get(level)));
                }
              },
              Statements.texts(levels.stream().map(Level::sku).toList()),
              Statements.texts(levels.stream().map(Level::node).toList()),
              round.settled(),
              round.settled())
          .execute(connection);
    }
  }
}
