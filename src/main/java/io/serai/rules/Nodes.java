package io.serai.rules;

import io.serai.allocation.Candidate;
import io.serai.catalog.Configuration;
import io.serai.catalog.Node;
import java.util.HashMap;
import java.util.List;

/** Configured nodes as the allocator knows them. */
public final class Nodes {
  private Nodes() {}

  /** All nodes, in the order of the configuration. */
  public static List<Candidate> of(Configuration configuration) {
    return configuration.nodes().values().stream().map(Nodes::candidate).toList();
  }

  private static Candidate candidate(Node node) {
    var traits = node.traits();
    var cost = new HashMap<String, Double>();
    traits.cost().forEach((country, amount) -> cost.put(country, amount.doubleValue()));
    return new Candidate(
        node.name(),
        node.type(),
        node.partner(),
        node.country(),
        node.region(),
        node.postalCode(),
        traits.capabilities(),
        traits.serves(),
        traits.capacityPerDay(),
        new Candidate.Hours(
            traits.zone(), traits.cutOff(), traits.closedDays(), traits.closedDates()),
        cost,
        traits.transitDays(),
        traits.floor());
  }
}
