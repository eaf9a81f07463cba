package io.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.allocation.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a rules file that cannot take effect. */
class RuleReaderTest {
  private static final List<Candidate> NODES =
      List.of(
          new Candidate("nj-1", "warehouse", null, "US"),
          new Candidate("nv-1", "store", null, "US"));

  /** The faults of rules whose first line is the fourth of the file. */
  private static List<String> faults(String... rules) {
    return ASite.faults("name: ours\nhome: US\nrules:\n" + String.join("\n", rules), NODES);
  }

  private static void says(String rule, String fault) {
    assertThat(faults("- " + rule)).containsExactly("rules/allocation.rules.yaml:4: " + fault);
  }

  @Test
  void everyFaultOfARuleNamesTheRuleTheExpressionAndTheRemedy() {
    says(
        "{ name: dear, when: order.value > 'a', tag: x }",
        "Rule 'dear': 'when' uses '>' at character 13 with a number with decimals and a text, which"
            + " do not fit, in: order.value > 'a'. Compare like with like: a text stands in quotes, a"
            + " number with decimals has a point, as 100.0.");
    says(
        "{ name: dear }",
        "Rule 'dear' does nothing. Give it one of 'only', 'never', 'use', 'prefer', 'avoid', 'tag',"
            + " 'hold', 'priority', 'split' or 'suggest-only'.");
    says("{ only: nj-1 }", "'rule' has no 'name'. Add 'name: …'.");
    says(
        "{ name: Dear, only: nj-1 }",
        "Rule name 'Dear' is not in kebab case. Use lower-case letters, digits and single dashes.");
    says(
        "{ name: dear, onyl: nj-1, tag: x }",
        "'rule' has a key 'onyl', which means nothing there. Nearest name: 'only'.");
    says(
        "{ name: dear, only: node.type == 'supplier' }",
        "Rule 'dear': 'only' fits no node, in: node.type == 'supplier'. Configured are: 'nj-1',"
            + " 'nv-1'.");
    says(
        "{ name: dear, points: 5, tag: x }",
        "Rule 'dear' has 'points' and neither 'prefer' nor 'avoid'. Say whom the points are for.");
    says(
        "{ name: dear, prefer: nj-1, points: lots }",
        "'points' is 'lots', which is no number from 0 to 1000000. Write a number such as 100.");
    says("{ name: dear, hold: { owner: risk } }", "'rule.hold' has no 'reason'. Add 'reason: …'.");
    says(
        "{ name: dear, split: { when-short: never } }",
        "'rule.split.when-short' is 'never', which is not known. Known: 'ship-available', 'wait'.");
  }

  @Test
  void faultsOfTheOtherPartsAreNamedToo() {
    assertThat(
            ASite.faults(
                "name: ours\nhome: USA\nfilters: { capasity: true }\nweights: { complete: -1 }\nsplit: { max-shipments: 0 }\n",
                NODES))
        .containsExactly(
            "rules/allocation.rules.yaml:2: 'home' is 'USA', which is no country code. Write two"
                + " capital letters, as in 'US'.",
            "rules/allocation.rules.yaml:3: 'rules file.filters' has a key 'capasity', which means"
                + " nothing there. Nearest name: 'capacity'.",
            "rules/allocation.rules.yaml:4: 'complete' is '-1', which is no number from 0 to 1000000."
                + " Write a number such as 100.",
            "rules/allocation.rules.yaml:5: 'rules file.split.max-shipments' is '0', which is no whole"
                + " number from 1. Write a number such as 1.");
  }

  @Test
  void twoRulesOfOneNameAreAFault() {
    assertThat(faults("- { name: a, tag: x }", "- { name: a, tag: y }"))
        .containsExactly(
            "rules/allocation.rules.yaml:5: Rule 'a' is there twice. Name one otherwise.");
  }

  @Test
  void aRuleThatCanNeverApplyIsFound() {
    for (var never :
        List.of(
            "destination.country == 'US' && destination.country == 'CA'",
            "order.value > 100.0 && order.value < 50.0",
            "order.units >= 5 && !(order.units > 3)",
            "order.b2b && !order.b2b",
            "destination.country in ['US', 'CA'] && !(destination.country in ['CA', 'US', 'MX'])",
            "false")) {
      assertThat(faults("- { name: a, when: \"" + never + "\", tag: x }"))
          .as(never)
          .containsExactly(
              "rules/allocation.rules.yaml:4: Rule 'a' can never apply: its conditions exclude each"
                  + " other. Correct 'when' or 'lines', or remove the rule.");
    }
  }

  @Test
  void whatMayApplyIsLeftAlone() {
    for (var possible :
        List.of(
            "destination.country == 'US' || destination.country == 'CA'",
            "order.value > 50.0 && order.value < 100.0",
            "order.units >= 5 && order.units <= 5",
            "order.b2b || !order.b2b",
            "'a' in order.tags && 'b' in order.tags")) {
      assertThat(faults("- { name: a, when: \"" + possible + "\", tag: x }"))
          .as(possible)
          .isEmpty();
    }
  }

  @Test
  void aRuleThatIsNeverAskedIsFound() {
    assertThat(
            faults(
                "- { name: dear, when: order.value > 100.0, tag: x, last: true }",
                "- { name: dearer, when: order.value >= 200.0 && order.b2b, tag: y }"))
        .containsExactly(
            "rules/allocation.rules.yaml:5: Rule 'dearer' is never asked: wherever it would apply,"
                + " rule 'dear' above it applies and is the last. Move it up, or narrow the rule"
                + " above.");
    assertThat(
            faults(
                "- { name: dear, when: order.value > 100.0, tag: x, last: true }",
                "- { name: cheaper, when: order.value >= 50.0, tag: y }"))
        .isEmpty();
  }

  @Test
  void rulesThatLeaveNoNodeWhenBothApplyAreFound() {
    var contradiction =
        List.of(
            "rules/allocation.rules.yaml:5: Rules 'a' and 'b' contradict each other: no node may ship"
                + " when both apply. Except one from the other in 'when' or 'lines', or let the first"
                + " be the 'last'.");

    assertThat(
            faults(
                "- { name: a, when: order.b2b, only: nj-1 }",
                "- { name: b, when: order.gift, only: node.type == 'store' }"))
        .isEqualTo(contradiction);
    assertThat(
            faults(
                "- { name: a, only: nj-1 }",
                "- { name: b, lines: line.quantity > 3, never: node.type == 'warehouse' }"))
        .isEqualTo(contradiction);
    assertThat(
            faults(
                "- { name: a, when: order.b2b, only: nj-1 }",
                "- { name: b, when: '!order.b2b', only: nv-1 }"))
        .isEmpty();
    assertThat(
            faults(
                "- { name: a, when: order.b2b, only: nj-1, last: true }",
                "- { name: b, when: order.gift, only: nv-1 }"))
        .isEmpty();
    assertThat(
            faults(
                "- { name: a, when: order.b2b, split: { when-short: wait } }",
                "- { name: b, when: order.gift, split: { when-short: ship-available } }"))
        .singleElement()
        .asString()
        .contains("contradict each other: what is there leaves and waits when both apply");
  }

  @Test
  void withoutASitesNodesTheirNamesAreNotJudged() {
    assertThat(
            ASite.faults(
                "name: ours\nrules:\n- { name: a, only: nowhere }\n- { name: b, prefer: \"'x' in node.capabilities\" }\n",
                null))
        .isEmpty();
  }
}
