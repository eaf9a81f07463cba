package io.serai.allocation;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/**
 * One way to ship an order, or what one node could do of it: units of lines from nodes. Scorers
 * judge it.
 */
public final class Plan {
  /**
   * Units of a line from a node.
   *
   * @param line its place among the wanted lines
   * @param node its place among the nodes in question
   */
  public record Part(int line, int node, int units) {}

  private final Situation situation;
  private final List<Part> parts;
  private final TreeMap<Integer, Integer> unitsByNode = new TreeMap<>();
  private int units;

  Plan(Situation situation, List<Part> parts) {
    this.situation = situation;
    this.parts = List.copyOf(parts);
    for (var part : this.parts) {
      unitsByNode.merge(part.node(), part.units(), Integer::sum);
      units += part.units();
    }
  }

  /** A plan that is built part by part. */
  static final class Draft {
    private final Situation situation;
    private final List<Part> parts = new ArrayList<>();

    Draft(Situation situation) {
      this.situation = situation;
    }

    void add(int line, int node, int units) {
      parts.add(new Part(line, node, units));
    }

    Plan done() {
      return new Plan(situation, parts);
    }
  }

  /** What is asked, and by what figures. */
  public Situation situation() {
    return situation;
  }

  /** Who ships what. */
  public List<Part> parts() {
    return parts;
  }

  /** The line of a part. */
  public Want want(Part part) {
    return situation.wants().get(part.line());
  }

  /** Places of the nodes that ship something, among those in question. */
  public Iterable<Integer> nodes() {
    return unitsByNode.keySet();
  }

  /** How many parcels, at least, the buyer gets. */
  public int shipments() {
    return unitsByNode.size();
  }

  /** Units that are shipped. */
  public int units() {
    return units;
  }

  int unitsOf(int node) {
    return unitsByNode.getOrDefault(node, 0);
  }

  /** Whether every wanted unit is shipped. */
  public boolean whole() {
    return units == situation.units();
  }

  /** What a shipment from each of its nodes costs together, or null when one of them is unknown. */
  public Double cost() {
    var cost = 0.0;
    for (var node : unitsByNode.keySet()) {
      var one =
          situation.question().nodes().get(node).costTo(situation.question().order().country());
      if (one == null) {
        return null;
      }
      cost += one;
    }
    return cost;
  }

  /** The mean over its units of what holds for their nodes. */
  double mean(IntToDoubleFunction ofNode) {
    if (units == 0) {
      return 0;
    }
    var sum = 0.0;
    for (var entry : unitsByNode.entrySet()) {
      sum += ofNode.applyAsDouble(entry.getKey()) * entry.getValue();
    }
    return sum / units;
  }

  double valueOf(int node) {
    var value = 0.0;
    for (var part : parts) {
      if (part.node() == node) {
        value += want(part).facts().value() * part.units();
      }
    }
    return value;
  }
}
