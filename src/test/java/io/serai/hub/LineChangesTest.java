package io.serai.hub;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.order.AnOrder;
import io.serai.support.Json;
import org.junit.jupiter.api.Test;

class LineChangesTest {
  private static String changes(AnOrder before, AnOrder after) {
    return LineChanges.of(Json.node(before.build()), after.build());
  }

  private static AnOrder order() {
    return anOrder().numbered("1001").with("MUG", 2);
  }

  @Test
  void theSameLinesAreNoChange() {
    assertThat(changes(order(), order())).isEmpty();
  }

  @Test
  void unitsThatAreCancelledAreWantedLess() {
    assertThat(changes(order(), order().ofWhichCancelled(1))).isEqualTo(": 1 of 'MUG' less");
  }

  @Test
  void moreOfALineAndALineMoreAreWantedMore() {
    assertThat(changes(order(), anOrder().numbered("1001").with("MUG", 5).with("TEA", 1)))
        .isEqualTo(": 3 of 'MUG' more, 1 of 'TEA' more");
  }

  @Test
  void aLineThatIsNotListedAnyMoreIsWantedLess() {
    assertThat(changes(order().with("TEA", 1), order())).isEqualTo(": 1 of 'TEA' less");
  }

  @Test
  void anotherArticleIsNamedWithTheOneItReplaces() {
    assertThat(changes(order(), anOrder().numbered("1001").with("TEA", 2)))
        .isEqualTo(": 'TEA' instead of 'MUG'");
  }

  @Test
  void manyChangesAreCounted() {
    var many = order();
    for (var sku : "ABCDEFG".split("")) {
      many.with(sku, 1);
    }

    assertThat(changes(order(), many))
        .isEqualTo(
            ": 1 of 'A' more, 1 of 'B' more, 1 of 'C' more, 1 of 'D' more, 1 of 'E' more and 2 more change(s)");
  }
}
