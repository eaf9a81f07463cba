package io.serai.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate.Hours;
import io.serai.allocation.Decision.Assignment;
import io.serai.allocation.Decision.Outcome;
import io.serai.allocation.Policy.Checks;
import io.serai.allocation.Policy.Splitting;
import io.serai.allocation.Policy.Weight;
import io.serai.allocation.Question.Load;
import io.serai.allocation.Rule.Choice;
import io.serai.allocation.Rule.Effect;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a site's policy does to a decision, and how the decision explains it. */
class PolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-06T15:00:00Z"); // a Friday
  private final List<Candidate> nodes =
      new ArrayList<>(List.of(node("near"), node("middle"), node("far")));
  private final List<Want> wants = new ArrayList<>(List.of(new Want(1, "A", 2)));
  private Map<String, Integer> stock = Map.of("A@near", 9, "A@middle", 9, "A@far", 9);
  private Map<String, String> excluded = Map.of();
  private Load load = Load.NONE;
  private OrderFacts order = OrderFacts.NONE;
  private List<Weight> weights = Policy.STANDARD.weights();
  private Checks checks = Checks.ALL;
  private Splitting splitting = Splitting.FREE;
  private final List<Rule> rules = new ArrayList<>();

  private static Candidate node(String id) {
    return new Candidate(id, "3pl", id + "-partner", "US");
  }

  private Decision decide() {
    return Allocator.allocate(
        new Policy("test", "1", "US", rules, weights, checks, splitting, Distances.NONE),
        new Question(
            order,
            wants,
            nodes,
            (sku, node) -> {
              var units = stock.get(sku + '@' + node);
              return units == null ? OptionalInt.empty() : OptionalInt.of(units);
            },
            excluded,
            load,
            NOW));
  }

  private void rule(String name, Effect... effects) {
    rules.add(new Rule(name, Condition.ALWAYS, null, List.of(effects), false));
  }

  private static String reasonOf(Decision decision, String node) {
    return verdictOf(decision, node).reason();
  }

  private static Decision.Verdict verdictOf(Decision decision, String node) {
    return decision.verdicts().stream()
        .filter(v -> v.node().equals(node))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRuleThatWantsOneNodeLeavesTheOthersOutAndSaysSo() {
    rule("far-only", new Rule.Only(Choice.of("far")));

    var decision = decide();

    assertThat(decision.assignments()).containsExactly(new Assignment(1, "A", "far", 2));
    assertThat(verdictOf(decision, "near").excludedBy()).isEqualTo("far-only");
    assertThat(reasonOf(decision, "near")).isEqualTo("is left out: rule 'far-only' wants far");
    assertThat(decision.sentence())
        .isEqualTo(
            "Node 'far' ships all lines: it is the only one that may. Rules that"
                + " applied: 'far-only'.");
    assertThat(decision.applied()).containsExactly("far-only");
  }

  @Test
  void aRuleThatUsesANodeGivesWayWhenTheNodeHasNotEverything() {
    rule("store", new Rule.Use(Choice.of("far")));

    assertThat(decide().assignments()).containsExactly(new Assignment(1, "A", "far", 2));

    stock = Map.of("A@near", 9, "A@far", 1);
    var without = decide();

    assertThat(without.assignments()).containsExactly(new Assignment(1, "A", "near", 2));
    assertThat(without.applied()).isEmpty();
  }

  @Test
  void preferredNodesWinByPointsThatTheDecisionShows() {
    rule("to-the-middle", new Rule.Prefer(Choice.of("middle"), 50));

    var decision = decide();

    assertThat(decision.assignments()).containsExactly(new Assignment(1, "A", "middle", 2));
    assertThat(decision.sentence())
        .startsWith(
            "Node 'middle' ships all lines: of 3 that have everything it scores highest, with"
                + " 1056.7 points (6.7 for 'priority', 50.0 for 'to-the-middle').");
    assertThat(reasonOf(decision, "near"))
        .isEqualTo("scores lower: it has 0.0 points for 'to-the-middle', the chosen one 50.0");
  }

  @Test
  void rulesBelowTheLastOneAreNotAsked() {
    rules.add(
        new Rule("first", Condition.ALWAYS, null, List.of(new Rule.Only(Choice.of("far"))), true));
    rule("second", new Rule.Only(Choice.of("near")));

    assertThat(decide().assignments()).containsExactly(new Assignment(1, "A", "far", 2));
  }

  @Test
  void aRuleAboutALineSplitsTheOrderWhenItHasTo() {
    wants.add(new Want(2, "GLASS", 1));
    stock = Map.of("A@near", 9, "GLASS@far", 3, "GLASS@near", 3);
    rules.add(
        new Rule(
            "fragile",
            Condition.ALWAYS,
            s -> s.line().sku().equals("GLASS"),
            List.of(new Rule.Only(Choice.of("far"))),
            false));

    var decision = decide();

    assertThat(decision.assignments())
        .containsExactly(new Assignment(1, "A", "near", 2), new Assignment(2, "GLASS", "far", 1));
    assertThat(decision.shipments()).isEqualTo(2);
  }

  @Test
  void aNodeThatRejectedTheOrderIsNotAskedAgain() {
    excluded = Map.of("near", "rejected the order: not found");

    var decision = decide();

    assertThat(decision.assignments()).containsExactly(new Assignment(1, "A", "middle", 2));
    assertThat(reasonOf(decision, "near")).isEqualTo("rejected the order: not found");
    assertThat(verdictOf(decision, "near").excludedBy()).isEqualTo("rejection");
  }

  @Test
  void aCountryThatNobodyServesIsNamed() {
    order = toCountry("BR");
    nodes.replaceAll(n -> with(n, Set.of("US", "CA"), null, Hours.ALWAYS, 0));

    var decision = decide();

    assertThat(decision.outcome()).isEqualTo(Outcome.UNALLOCATABLE);
    assertThat(decision.sentence())
        .isEqualTo(
            "No node sends to country 'BR'. Add it to what a node serves or cancel the order, then"
                + " replay.");
  }

  @Test
  void aNodeThatWasGivenItsShareOfTheDayDropsOut() {
    nodes.set(0, with(nodes.get(0), Set.of(), 40, Hours.ALWAYS, 0));
    load = (node, day) -> node.equals("near") ? 40 : 0;

    var decision = decide();

    assertThat(decision.assignments()).containsExactly(new Assignment(1, "A", "middle", 2));
    assertThat(reasonOf(decision, "near"))
        .isEqualTo("has been given the 40 orders that it takes on 2026-03-06");
  }

  @Test
  void afterTheCutOffANodeShipsOnItsNextOpenDay() {
    var weekdays =
        new Hours(
            ZoneId.of("America/New_York"),
            LocalTime.of(9, 30),
            Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
            Set.of());
    nodes.set(0, with(nodes.get(0), Set.of(), null, weekdays, 0));
    checks = new Checks(true, true, true);
    order =
        new OrderFacts() {
          @Override
          public Instant shipBy() {
            return Instant.parse("2026-03-06T23:00:00Z");
          }
        };

    var decision = decide();

    assertThat(decision.assignments()).containsExactly(new Assignment(1, "A", "middle", 2));
    assertThat(reasonOf(decision, "near")).isEqualTo("would be 3 day(s) late");
  }

  @Test
  void aNodeBelowItsFloorIsSparedWhileAnotherCanSend() {
    weights = List.of(new Weight(Scorers.COMPLETE, 100), new Weight(Scorers.BALANCE, 30));
    nodes.set(0, with(nodes.get(0), Set.of(), null, Hours.ALWAYS, 8));

    assertThat(decide().assignments()).containsExactly(new Assignment(1, "A", "middle", 2));

    stock = Map.of("A@near", 9);

    var alone = decide();
    assertThat(alone.assignments()).containsExactly(new Assignment(1, "A", "near", 2));
  }

  @Test
  void aNodeThatKeepsItsFloorSharesTheOrderWhenBalanceOutweighsTheSplit() {
    stock = Map.of("A@near", 3, "A@middle", 1);
    nodes.set(0, with(nodes.get(0), Set.of(), null, Hours.ALWAYS, 2));
    weights = List.of(new Weight(Scorers.COMPLETE, 10), new Weight(Scorers.BALANCE, 100));

    assertThat(decide().assignments())
        .containsExactlyInAnyOrder(
            new Assignment(1, "A", "near", 1), new Assignment(1, "A", "middle", 1));

    weights = List.of(new Weight(Scorers.COMPLETE, 1000), new Weight(Scorers.BALANCE, 100));

    assertThat(decide().assignments()).containsExactly(new Assignment(1, "A", "near", 2));
  }

  @Test
  void anOrderThatMayNotBeSplitWaitsThoughItsPartsAreThere() {
    stock = Map.of("A@near", 1, "A@far", 1);
    splitting = new Splitting(1, 0, false);

    var decision = decide();

    assertThat(decision.outcome()).isEqualTo(Outcome.BACKORDERED);
    assertThat(decision.assignments()).isEmpty();
    assertThat(decision.sentence())
        .isEqualTo(
            "No node has every line, and the order may not be shared as it would have to be: at most"
                + " 1 shipment(s). It waits as a whole.");
  }

  @Test
  void noShipmentOfASplitIsWorthLessThanTheLimit() {
    wants.clear();
    wants.add(new Want(1, "A", 1, worth(40)));
    wants.add(new Want(2, "B", 1, worth(5)));
    stock = Map.of("A@near", 1, "B@far", 1);
    splitting = new Splitting(2, 10, false);

    assertThat(decide().outcome()).isEqualTo(Outcome.BACKORDERED);

    splitting = new Splitting(2, 5, false);

    assertThat(decide().outcome()).isEqualTo(Outcome.ALLOCATED);
  }

  @Test
  void whatIsThereLeavesWhenThePolicySaysSo() {
    wants.add(new Want(2, "B", 3));
    stock = Map.of("A@near", 1, "A@far", 9, "B@far", 2);
    splitting = new Splitting(9, 0, true);

    var decision = decide();

    assertThat(decision.outcome()).isEqualTo(Outcome.PARTLY_ALLOCATED);
    assertThat(decision.assignments())
        .containsExactly(new Assignment(1, "A", "far", 2), new Assignment(2, "B", "far", 2));
    assertThat(decision.sentence())
        .isEqualTo("4 of 5 units leave now from 1 node(s); line 2 waits for 1 of SKU 'B'.");
  }

  @Test
  void whatTheBuyerForbadeNoRuleAllows() {
    stock = Map.of("A@near", 1);
    rule("send", new Rule.Splitting(null, null, true));

    assertThat(decide().outcome()).isEqualTo(Outcome.PARTLY_ALLOCATED);

    order = shipComplete(true);
    assertThat(decide().outcome()).isEqualTo(Outcome.BACKORDERED);
  }

  @Test
  void aBuyerWhoTakesWhatIsThereGetsIt() {
    stock = Map.of("A@near", 1);

    assertThat(decide().outcome()).isEqualTo(Outcome.BACKORDERED);

    order = shipComplete(false);
    assertThat(decide().outcome()).isEqualTo(Outcome.PARTLY_ALLOCATED);
  }

  private static OrderFacts shipComplete(boolean complete) {
    return new OrderFacts() {
      @Override
      public Boolean shipComplete() {
        return complete;
      }
    };
  }

  @Test
  void stockThatARuleKeepsOutOfReachIsNamedWithTheRule() {
    stock = Map.of("A@near", 9, "A@far", 0);
    rule("no-near", new Rule.Never(Choice.of("near")));

    assertThat(decide().sentence())
        .isEqualTo(
            "Line 1 needs 2 of SKU 'A' and 0 can be promised, so the order waits as a whole. Node"
                + " 'near' has 9 and is left out by rule 'no-near'. Rules that applied: 'no-near'.");
  }

  @Test
  void rulesMarkHoldAndRankAnOrderBesides() {
    rule(
        "vip",
        new Rule.Tag(List.of("gift-wrap")),
        new Rule.Hold("ask the customer", "service", null),
        new Rule.Priority("vip"),
        new Rule.SuggestOnly());

    assertThat(decide().actions())
        .isEqualTo(
            new Decision.Actions(
                List.of("gift-wrap"),
                List.of(new Decision.Hold("vip", "ask the customer", "service", null)),
                "vip",
                true));
  }

  @Test
  void theCheapestAndTheFastestWayAreWeighedAgainstEachOther() {
    nodes.set(0, priced(nodes.get(0), 12.0, 1));
    nodes.set(1, priced(nodes.get(1), 4.0, 5));
    nodes.remove(2);
    order =
        new OrderFacts() {
          @Override
          public Instant deliverBy() {
            return NOW.plusSeconds(2 * 86_400);
          }
        };
    weights = List.of(new Weight(Scorers.COST, 100), new Weight(Scorers.TRANSIT, 10));

    var cheap = decide();
    assertThat(cheap.assignments()).containsExactly(new Assignment(1, "A", "middle", 2));
    assertThat(cheap.cost()).isEqualByComparingTo("4.00");

    weights = List.of(new Weight(Scorers.COST, 10), new Weight(Scorers.TRANSIT, 100));

    var fast = decide();
    assertThat(fast.assignments()).containsExactly(new Assignment(1, "A", "near", 2));
    assertThat(reasonOf(fast, "middle"))
        .isEqualTo(
            "scores lower: it has 12.5 points for 'transit' (leaves on 2026-03-06, 5 day(s) on the"
                + " way, 3 day(s) late), the chosen one 100.0");
  }

  private static OrderFacts toCountry(String country) {
    return new OrderFacts() {
      @Override
      public String country() {
        return country;
      }
    };
  }

  private static LineFacts worth(double value) {
    return new LineFacts() {
      @Override
      public double value() {
        return value;
      }
    };
  }

  private static Candidate with(
      Candidate node, Set<String> serves, Integer capacity, Hours hours, int floor) {
    return new Candidate(
        node.id(),
        node.type(),
        node.partner(),
        node.country(),
        null,
        null,
        Set.of(),
        serves,
        capacity,
        hours,
        Map.of(),
        Map.of(),
        floor);
  }

  private static Candidate priced(Candidate node, double cost, int days) {
    return new Candidate(
        node.id(),
        node.type(),
        node.partner(),
        node.country(),
        null,
        null,
        Set.of(),
        Set.of(),
        null,
        Hours.ALWAYS,
        Map.of("*", cost),
        Map.of("*", days),
        0);
  }
}
