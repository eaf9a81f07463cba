package io.serai.hub;

import io.serai.allocation.Candidate;
import io.serai.allocation.Question;
import io.serai.support.Statements;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How many orders nodes of limited capacity were asked to send, by the day on which they would
 * leave: read when a transaction opens, counted on while it allocates, written with it. A request
 * that ended with nothing shipped gives its place back, to those who allocate after its commit.
 *
 * <p>Guarantee: a site without such nodes reads and writes nothing. Gap: two replicas that allocate
 * at the same moment may each give away the last place; and a place is given back on the day that
 * the node's hours of today name, should they have changed since.
 */
final class NodeLoad implements Question.Load {
  private record Key(String node, LocalDate day) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      var byNode = node.compareTo(other.node);
      return byNode != 0 ? byNode : day.compareTo(other.day);
    }
  }

  private final TreeMap<Key, Integer> known = new TreeMap<>();
  private final TreeMap<Key, Integer> added = new TreeMap<>();

  /** Reads what the limited ones of these nodes were asked for, from yesterday on. */
  static Statements read(Statements statements, List<Candidate> nodes, Instant now, NodeLoad into) {
    var limited =
        nodes.stream().filter(n -> n.capacityPerDay() != null).map(Candidate::id).toList();
    if (!limited.isEmpty()) {
      statements.query(
          "SELECT node, day, orders FROM node_load WHERE node = ANY (?) AND day >= ?",
          rows -> {
            while (rows.next()) {
              into.known.put(
                  new Key(rows.getString(1), rows.getObject(2, LocalDate.class)), rows.getInt(3));
            }
          },
          Statements.texts(limited),
          now.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1));
    }
    return statements;
  }

  @Override
  public int on(String node, LocalDate day) {
    return known.getOrDefault(new Key(node, day), 0);
  }

  /** Counts one order of a node. */
  void add(Candidate node, Instant now) {
    if (node.capacityPerDay() != null) {
      var key = new Key(node.id(), node.hours().departure(now));
      known.merge(key, 1, Integer::sum);
      added.merge(key, 1, Integer::sum);
    }
  }

  /** Gives the place of a request back, for the day it was counted on. */
  void giveBack(Candidate node, Instant requested) {
    if (node.capacityPerDay() != null) {
      added.merge(new Key(node.id(), node.hours().departure(requested)), -1, Integer::sum);
    }
  }

  void write(Statements statements) {
    if (added.isEmpty()) {
      return;
    }
    var keys = new ArrayList<>(added.keySet());
    statements.add(
        """
        INSERT INTO node_load (node, day, orders)
        SELECT u.node, u.day, u.orders FROM unnest(?, ?::date[], ?) u (node, day, orders)
        WHERE u.orders > 0 OR EXISTS (SELECT FROM node_load l WHERE l.node = u.node AND l.day = u.day)
        ON CONFLICT (node, day) DO UPDATE SET orders = greatest(0, node_load.orders + excluded.orders)""",
        Statements.texts(keys.stream().map(Key::node).toList()),
        Statements.texts(keys.stream().map(key -> key.day().toString()).toList()),
        Statements.array("int4", added.values().toArray()));
  }
}
