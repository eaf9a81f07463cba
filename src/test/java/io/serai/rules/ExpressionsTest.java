package io.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.serai.allocation.Allocator;
import io.serai.allocation.Candidate;
import io.serai.allocation.Policy;
import io.serai.allocation.Rule;
import io.serai.allocation.Rule.Choice;
import io.serai.rules.Expressions.Refused;
import io.serai.rules.Expressions.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What conditions mean, and what is said of those that mean nothing. */
class ExpressionsTest {
  private static final List<Candidate> NODES =
      List.of(new Candidate("nj-1", "store", null, "US"), new Candidate("nl-1", "3pl", "p", "NL"));

  /** Whether a condition holds for an order of 3 mugs and a fragile vase, 250 USD, to Berlin. */
  private static boolean holds(String condition) throws Refused {
    var rule =
        new Rule(
            "asked",
            Expressions.compile(condition, Scope.ORDER).condition(),
            null,
            List.of(new Rule.Never(Choice.of("nj-1"))),
            false);
    var policy =
        new Policy(
            "test",
            "1",
            "US",
            List.of(rule),
            Policy.STANDARD.weights(),
            Policy.Checks.ALL,
            Policy.Splitting.FREE,
            ASite.places());
    return Allocator.allocate(
            policy,
            new ASite(NODES)
                .hasEverywhere("MUG", 9)
                .hasEverywhere("VASE", 9)
                .to("DE", "10115")
                .worth(250)
                .within(40)
                .ordered("MUG", 3, 50, 0.5)
                .ordered("VASE", 1, 100, 2, "fragile")
                .question())
        .applied()
        .contains("asked");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "order.value > 100",
        "order.value == 250.0",
        "order.value >= 250 && order.value <= 250.0",
        "order.units == 4",
        "order.weight > 3.4 && order.weight < 3.6",
        "destination.country != home",
        "destination.country in ['DE', 'AT', 'CH']",
        "destination.postalCode.startsWith('10')",
        "destination.postalCode.matches('^1[0-9]{4}$')",
        "'VASE' in order.skus",
        "order.lines.exists(l, 'fragile' in l.tags)",
        "order.lines.all(l, l.quantity > 0)",
        "order.lines.exists_one(l, l.sku == 'MUG' && l.quantity == 3)",
        "size(order.lines.filter(l, l.value >= 50.0)) == 2",
        "order.lines.exists(l, l.tags.exists(t, t.contains('agil')))",
        "order.slaHours < 48",
        "order.b2b ? false : order.currency == 'USD'",
        "!(order.tags.exists(t, t == 'vip'))",
        "double(order.units) * 2.5 == 10.0",
        "order.units + 1 > 4 && order.units - 1 < 4 && order.units % 3 == 1",
        "order.value / 2.0 == 125.0",
        "-order.value < 0.0",
        "size(destination.city) == 0",
        "order.account + 'x' == 'x'"
      })
  void holdsForTheOrder(String condition) throws Refused {
    assertThat(holds(condition)).isTrue();
    assertThat(holds("!(" + condition + ")")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "order.valeu > 1.0|asks for 'order.valeu', which an order does not have|Nearest name: 'value'",
        "ordr.value > 1.0|asks for 'ordr', which nothing is called|Nearest name: 'order'",
        "node.type == 'store'|asks for 'node', which is not known here|Here are known: 'order', 'destination' and 'home'",
        "order.lines.exists(l, l.skuu == 'A')|asks for 'line.skuu', which a line does not have|Nearest name: 'sku'",
        "order.value|gives a number with decimals, not true or false|Compare it with something",
        "order.value == 100|uses '==' at character 13 with a number with decimals and a whole number, which do not fit|Compare like with like: a text stands in quotes, a number with decimals has a point, as 100.0",
        "order.currency == USD|asks for 'USD', which nothing is called|Known: 'destination', 'home', 'order'",
        "order.units / size(order.tags) > 1|divides by a whole number that may be zero|Divide by a number that stands there, or turn it into one with decimals: double(…)",
        "order.currency.matches('[')|matches '[', which is no pattern (missing closing ])|Correct the pattern",
        "timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-02T00:00:00Z')|uses 'timestamp', which rules do not know|Known functions: all, contains, double, endsWith, exists, exists_one, filter, matches, size, startsWith"
      })
  void saysWhatIsWrong(String condition, String what, String remedy) {
    var refused =
        catchThrowableOfType(Refused.class, () -> Expressions.compile(condition, Scope.ORDER));

    assertThat(refused).hasMessage(what);
    assertThat(refused.remedy()).isEqualTo(remedy);
  }

  @Test
  void aConditionThatCannotBeReadIsRefusedWithItsPlace() {
    var refused =
        catchThrowableOfType(
            Refused.class, () -> Expressions.compile("order.value > ", Scope.ORDER));

    assertThat(refused).hasMessageStartingWith("cannot be read at character 15: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "destination.country == 'USA'|compares 'destination.country' with 'USA', which is no country code",
        "node.type == 'depot'|compares 'node.type' with 'depot', which is no type of node",
        "node.id in ['nj-1', 'nj-9']|compares 'node.id' with 'nj-9', which is no node",
        "'frail' in node.capabilities|compares 'node.capabilities' with 'frail', which is no capability of a node"
      })
  void whatWouldNeverBeEqualIsRefused(String condition, String what) throws Refused {
    var expression = Expressions.compile(condition, Scope.NODE);

    var refused = catchThrowableOfType(Refused.class, () -> new Constants(NODES).check(expression));

    assertThat(refused).hasMessage(what);
  }

  @Test
  void itIsKnownWhichConditionsLookAtNodesAlone() throws Refused {
    var texts =
        Map.of(
            "node.type == 'store'", true,
            "'US' in node.serves || node.floor > 3", true,
            "node.complete", false,
            "node.country == destination.country", false,
            "node.country == home", false);

    for (var text : texts.entrySet()) {
      assertThat(Expressions.compile(text.getKey(), Scope.NODE).fixed())
          .as(text.getKey())
          .isEqualTo(text.getValue());
    }
  }
}
