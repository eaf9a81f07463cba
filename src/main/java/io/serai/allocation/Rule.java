package io.serai.allocation;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One thing the site wants, by name: when it holds, for which lines, and what follows.
 *
 * @param when asked once for an order
 * @param lines asked for each line, or null when the rule is about the whole order
 * @param effects what follows, in order
 * @param last whether later rules are not asked for the lines this one applied to
 */
public record Rule(
    String name, Condition when, Condition lines, List<Effect> effects, boolean last) {

  /** What follows when a rule applies. */
  public sealed interface Effect {}

  /** No other node may ship. */
  public record Only(Choice nodes) implements Effect {}

  /** These nodes may not ship. */
  public record Never(Choice nodes) implements Effect {}

  /**
   * When one of these nodes has everything the rule is about, no other may ship; else nothing
   * follows.
   */
  public record Use(Choice nodes) implements Effect {}

  /** These nodes get points; negative ones push them back. */
  public record Prefer(Choice nodes, double points) implements Effect {}

  /** The order carries these marks from now on. */
  public record Tag(List<String> tags) implements Effect {}

  /**
   * The order waits for a person.
   *
   * @param due how long that may take, or null for the usual time
   */
  public record Hold(String reason, String owner, Duration due) implements Effect {}

  /** The order belongs to this class of priority. */
  public record Priority(String priority) implements Effect {}

  /** The order may be split only so far; null leaves a limit as it is. */
  public record Splitting(Integer maxShipments, Double minValuePerShipment, Boolean shipAvailable)
      implements Effect {}

  /** What comes out is a proposal for a person. */
  public record SuggestOnly() implements Effect {}

  /**
   * Some of the nodes.
   *
   * @param ids by name
   * @param condition or by what they are; null when named
   * @param text how the rule's author wrote it
   * @param ofLine whether the condition looks at the line, too
   */
  public record Choice(Set<String> ids, Condition condition, String text, boolean ofLine) {
    /** Nodes by name. */
    public static Choice of(String... ids) {
      return new Choice(Set.of(ids), null, String.join(", ", ids), false);
    }

    /** Those of the nodes that a condition names which looks at nothing but them. */
    public static Choice of(Condition condition, String text, List<Candidate> nodes) {
      var nobody = Question.of(List.of(), nodes, (sku, node) -> OptionalInt.empty());
      var situation = new Situation(Policy.STANDARD, nobody);
      var ids = new LinkedHashSet<String>();
      for (var n = 0; n < nodes.size(); n++) {
        if (condition.holds(situation.at(n))) {
          ids.add(nodes.get(n).id());
        }
      }
      return new Choice(ids, null, text, false);
    }

    boolean matches(Situation at) {
      return condition == null ? ids.contains(at.node().id()) : condition.holds(at);
    }
  }
}
