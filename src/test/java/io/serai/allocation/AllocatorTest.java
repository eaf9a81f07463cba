package io.serai.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Decision.Assignment;
import io.serai.allocation.Decision.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Which node ships what: never more than there is, all of it or nothing. */
class AllocatorTest {
  private static final List<Candidate> NODES = List.of(node("near"), node("middle"), node("far"));

  private static Candidate node(String id) {
    return new Candidate(id, "3pl", id + "-partner", "US");
  }

  private static Availability stock(Map<String, Integer> levels) {
    return (sku, node) -> {
      var level = levels.get(sku + '@' + node);
      return level == null ? OptionalInt.empty() : OptionalInt.of(level);
    };
  }

  @Test
  void theFirstNodeThatHasEverythingShipsEverything() {
    var stock = stock(Map.of("A@near", 1, "A@middle", 5, "B@middle", 5, "A@far", 9, "B@far", 9));

    var decision =
        Allocator.allocate(
            Policy.STANDARD,
            Question.of(List.of(new Want(1, "A", 2), new Want(2, "B", 1)), NODES, stock));

    assertThat(decision.assignments())
        .containsExactly(new Assignment(1, "A", "middle", 2), new Assignment(2, "B", "middle", 1));
    assertThat(decision.verdicts())
        .extracting(Decision.Verdict::reason)
        .containsExactly(
            "does not have every line",
            "has every line and comes first of those that do",
            "comes later in the list");
  }

  @Test
  void withoutNodesNothingCanBeServed() {
    var decision =
        Allocator.allocate(
            Policy.STANDARD, Question.of(List.of(new Want(1, "A", 1)), List.of(), stock(Map.of())));

    assertThat(decision.outcome()).isEqualTo(Outcome.UNALLOCATABLE);
    assertThat(decision.sentence())
        .isEqualTo("No active node is configured. Add one under serai.nodes, then replay.");
  }

  @Test
  void aSkuThatNoNodeKnowsIsNotAShortage() {
    var decision =
        Allocator.allocate(
            Policy.STANDARD,
            Question.of(List.of(new Want(1, "A", 1)), NODES, stock(Map.of("B@near", 3))));

    assertThat(decision.outcome()).isEqualTo(Outcome.UNKNOWN_SKU);
  }

  @Test
  void aKnownSkuThatIsOutOfStockIsAShortage() {
    var decision =
        Allocator.allocate(
            Policy.STANDARD,
            Question.of(List.of(new Want(1, "A", 1)), NODES, stock(Map.of("A@near", 0))));

    assertThat(decision.outcome()).isEqualTo(Outcome.BACKORDERED);
    assertThat(decision.sentence())
        .isEqualTo(
            "Line 1 needs 1 of SKU 'A' and 0 can be promised, so the order waits as a whole.");
  }

  @Property(seed = "20260302", tries = 500)
  void neverMoreThanThereIsAllOrNoneAndAlwaysTheSame(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 6) Integer> quantities,
      @ForAll @Size(9) List<@IntRange(min = -1, max = 8) Integer> levels) {
    var skus = List.of("A", "B", "C");
    var wants = new ArrayList<Want>();
    for (var i = 0; i < quantities.size(); i++) {
      wants.add(new Want(i + 1, skus.get(i % 3), quantities.get(i)));
    }
    var there = new HashMap<String, Integer>();
    IntStream.range(0, 9)
        .filter(i -> levels.get(i) >= 0) // a node that does not stock a SKU says nothing of it
        .forEach(i -> there.put(skus.get(i % 3) + '@' + NODES.get(i / 3).id(), levels.get(i)));

    var decision = Allocator.allocate(Policy.STANDARD, Question.of(wants, NODES, stock(there)));

    var taken = new HashMap<String, Integer>();
    decision
        .assignments()
        .forEach(a -> taken.merge(a.sku() + '@' + a.node(), a.quantity(), Integer::sum));
    assertThat(taken)
        .allSatisfy((at, units) -> assertThat(units).isLessThanOrEqualTo(there.get(at)));
    for (var want : wants) {
      var assigned =
          decision.assignments().stream()
              .filter(a -> a.lineNo() == want.lineNo())
              .mapToInt(Assignment::quantity)
              .sum();
      assertThat(assigned).isEqualTo(decision.outcome() == Outcome.ALLOCATED ? want.quantity() : 0);
    }
    var enough =
        skus.stream()
            .allMatch(
                sku ->
                    wants.stream().filter(w -> w.sku().equals(sku)).mapToInt(Want::quantity).sum()
                        <= NODES.stream()
                            .mapToInt(n -> there.getOrDefault(sku + '@' + n.id(), 0))
                            .sum());
    assertThat(decision.outcome() == Outcome.ALLOCATED).isEqualTo(enough);
    assertThat(Allocator.allocate(Policy.STANDARD, Question.of(wants, NODES, stock(there))))
        .isEqualTo(decision);
  }
}
