package io.serai.order;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderTest {

  @Test
  void aSoundOrderContradictsNothing() {
    Order order = anOrder().with("MUG-BLU", 3).ofWhichCancelled(1).ofWhichShipped(2).build();

    assertThat(order.contradictions()).isEmpty();
    assertThat(order.moneyMismatch()).isEmpty();
  }

  @Test
  void moreCancelledAndShippedThanOrderedIsAContradiction() {
    Order order = anOrder().with("MUG-BLU", 2).ofWhichCancelled(1).ofWhichShipped(2).build();

    assertThat(order.contradictions())
        .containsExactly("Line '1001-1' has 1 cancelled and 2 shipped of 2 ordered.");
  }

  @Test
  void aLineInAnotherCurrencyIsAContradiction() {
    OrderLine dollars = anOrder().chargedIn("USD").with("MUG-BLU", 1).build().lines().getFirst();
    Order euros = anOrder().with("TWL-LIN", 1).build();
    Order order = AnOrder.copy(euros, List.of(euros.lines().getFirst(), dollars));

    assertThat(order.contradictions())
        .contains("Line '1001-1' is priced in 'USD' in an order charged in 'EUR'.")
        .contains("Two lines have the same line id.");
  }

  @Test
  void totalsThatDifferByMoreThanRoundingAreFlagged() {
    Order withinRounding = anOrder().with("A", 1).with("B", 1).totalling("20.02").build();
    Order beyond = anOrder().with("A", 1).with("B", 1).totalling("20.03").build();

    assertThat(withinRounding.moneyMismatch()).isEmpty();
    assertThat(beyond.moneyMismatch()).contains(Money.of("-0.03", "EUR"));
    assertThat(beyond.totals().channelGrandTotal()).isEqualTo(Money.of("20.03", "EUR"));
  }

  @Test
  void anOrderIsCancelledWholeByItsDateOrByItsLines() {
    assertThat(
            anOrder().cancelledAt(Instant.parse("2026-03-02T10:00:00Z")).build().cancelledWhole())
        .isTrue();
    assertThat(anOrder().with("MUG-BLU", 2).ofWhichCancelled(2).build().cancelledWhole()).isTrue();
    assertThat(anOrder().with("MUG-BLU", 2).ofWhichCancelled(1).build().cancelledWhole()).isFalse();
  }

  @Test
  void onlyGoodsThatNeedATransportAreToShip() {
    Order order = anOrder().with("MUG-BLU", 1).with(LineKind.GIFT_CARD, "25.00").build();

    assertThat(order.lines()).extracting(OrderLine::toShip).containsExactly(true, false);
    assertThat(order.lines().getFirst().open()).isEqualTo(1);
  }
}
