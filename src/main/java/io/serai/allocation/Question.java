package io.serai.allocation;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * One question to the allocator: who ships these lines, with these nodes and this stock.
 *
 * @param nodes in order of preference
 * @param excluded nodes that must not be asked again, and why, as in "it rejected the order"
 * @param load what nodes were asked for already
 * @param now the instant of the decision
 */
public record Question(
    OrderFacts order,
    List<Want> wants,
    List<Candidate> nodes,
    Availability stock,
    Map<String, String> excluded,
    Load load,
    Instant now) {

  /** How much work nodes have been given. */
  @FunctionalInterface
  public interface Load {
    /** Nobody was asked for anything. */
    Load NONE = (node, day) -> 0;

    /** Orders a node was asked to send on a day of its calendar. */
    int on(String node, LocalDate day);
  }

  /** A question about an order of which only the lines matter. */
  public static Question of(List<Want> wants, List<Candidate> nodes, Availability stock) {
    return new Question(OrderFacts.NONE, wants, nodes, stock, Map.of(), Load.NONE, Instant.EPOCH);
  }
}
