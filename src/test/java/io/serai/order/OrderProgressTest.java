package io.serai.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class OrderProgressTest {

  @Test
  void anOrderGoesThroughItsStatesAsItsLinesDo() {
    assertThat(of(line(2, 0, 0, 0, 0, 0, 0)).state()).isEqualTo(OrderState.READY);
    assertThat(of(line(2, 0, 1, 0, 0, 0, 0)).state()).isEqualTo(OrderState.PARTIALLY_ALLOCATED);
    assertThat(of(line(2, 0, 2, 0, 0, 0, 0)).state()).isEqualTo(OrderState.ALLOCATED);
    assertThat(of(line(2, 0, 2, 2, 0, 0, 0)).state()).isEqualTo(OrderState.RELEASED);
    assertThat(of(line(2, 0, 2, 2, 2, 0, 0)).state()).isEqualTo(OrderState.IN_FULFILLMENT);
    assertThat(of(line(2, 0, 1, 2, 2, 1, 0)).state()).isEqualTo(OrderState.PARTIALLY_SHIPPED);
    assertThat(of(line(2, 0, 0, 2, 2, 2, 0)).state()).isEqualTo(OrderState.SHIPPED);
    assertThat(of(line(2, 0, 0, 2, 2, 2, 2)).state()).isEqualTo(OrderState.DELIVERED);
  }

  @Test
  void whatIsCancelledNoLongerHasToBeShipped() {
    assertThat(of(line(3, 1, 0, 2, 2, 2, 0)).state()).isEqualTo(OrderState.SHIPPED);
    assertThat(of(line(3, 3, 0, 0, 0, 0, 0)).state()).isEqualTo(OrderState.CANCELLED);
    assertThat(of(line(3, 3, 0, 0, 0, 0, 0), line(1, 0, 0, 0, 0, 0, 0)).state())
        .isEqualTo(OrderState.READY);
  }

  @Test
  void anOrderWithoutStockIsBackorderedOnceAllocationWasTried() {
    var tried =
        new OrderProgress(
            List.of(line(1, 0, 0, 0, 0, 0, 0)), PaymentState.PAID, false, true, false);

    assertThat(tried.state()).isEqualTo(OrderState.BACKORDERED);
  }

  @Test
  void aHoldShowsUntilTheGoodsAreAskedFor() {
    assertThat(held(line(1, 0, 1, 0, 0, 0, 0)).state()).isEqualTo(OrderState.ON_HOLD);
    assertThat(held(line(1, 0, 1, 1, 0, 0, 0)).state()).isEqualTo(OrderState.RELEASED);
  }

  @Test
  void moneyThatIsNotHereKeepsAnOrderWaiting() {
    for (PaymentState state : PaymentState.values()) {
      var progress =
          new OrderProgress(List.of(line(1, 0, 0, 0, 0, 0, 0)), state, false, false, false);

      assertThat(progress.state())
          .as(state.name())
          .isEqualTo(state.settled() ? OrderState.READY : OrderState.PENDING_PAYMENT);
    }
    assertThat(
            new OrderProgress(List.of(line(1, 0, 0, 0, 0, 0, 0)), null, false, false, false)
                .state())
        .isEqualTo(OrderState.NEW);
  }

  @Test
  void anOrderWithNothingToSendIsDoneWhenItIsPaid() {
    var giftCard = new OrderProgress.Line(false, 1, 0, 0, 0, 0, 0, 0);

    assertThat(of(giftCard).state()).isEqualTo(OrderState.CLOSED);
    assertThat(
            new OrderProgress(List.of(giftCard), PaymentState.PENDING, false, false, false).state())
        .isEqualTo(OrderState.PENDING_PAYMENT);
  }

  @Property(seed = "20260302")
  void anOrderIsCancelledExactlyWhenAllOfItIs(@ForAll("progress") OrderProgress progress) {
    boolean all =
        !progress.lines().isEmpty()
            && progress.lines().stream().allMatch(l -> l.cancelled() >= l.ordered());

    assertThat(progress.state() == OrderState.CANCELLED).isEqualTo(all);
  }

  @Property(seed = "20260302")
  void anOrderIsShippedOnlyWhenNothingIsLeftToShip(@ForAll("progress") OrderProgress progress) {
    if (progress.state() == OrderState.SHIPPED || progress.state() == OrderState.DELIVERED) {
      int open =
          progress.lines().stream()
              .filter(OrderProgress.Line::toShip)
              .mapToInt(l -> l.ordered() - l.cancelled() - l.shipped())
              .sum();

      assertThat(open).isZero();
    }
  }

  @Property(seed = "20260302")
  void shippingMoreNeverTakesAnOrderBack(@ForAll("progress") OrderProgress progress) {
    OrderState before = progress.state();
    OrderState after =
        new OrderProgress(
                progress.lines().stream().map(OrderProgressTest::oneMoreShipped).toList(),
                progress.payment(),
                progress.held(),
                progress.decided(),
                progress.closed())
            .state();

    if (before == OrderState.PARTIALLY_SHIPPED || before == OrderState.SHIPPED) {
      assertThat(after).isIn(OrderState.PARTIALLY_SHIPPED, OrderState.SHIPPED, OrderState.CLOSED);
    }
  }

  @Provide
  Arbitrary<OrderProgress> progress() {
    Arbitrary<OrderProgress.Line> line =
        Arbitraries.integers()
            .between(1, 6)
            .flatMap(
                ordered ->
                    Arbitraries.integers()
                        .between(0, ordered)
                        .flatMap(
                            cancelled ->
                                Arbitraries.integers()
                                    .between(0, ordered - cancelled)
                                    .map(
                                        shipped ->
                                            new OrderProgress.Line(
                                                true,
                                                ordered,
                                                cancelled,
                                                ordered - cancelled - shipped,
                                                shipped,
                                                shipped,
                                                shipped,
                                                0))));
    return Combinators.combine(
            line.list().ofMaxSize(5),
            Arbitraries.of(PaymentState.class).injectNull(0.1),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(OrderProgress::new);
  }

  private static OrderProgress.Line oneMoreShipped(OrderProgress.Line l) {
    int shipped = Math.min(l.shipped() + 1, l.ordered() - l.cancelled());
    return new OrderProgress.Line(
        l.toShip(),
        l.ordered(),
        l.cancelled(),
        l.ordered() - l.cancelled() - shipped,
        Math.max(l.released(), shipped),
        Math.max(l.accepted(), shipped),
        shipped,
        l.delivered());
  }

  private static OrderProgress of(OrderProgress.Line... lines) {
    return new OrderProgress(List.of(lines), PaymentState.PAID, false, false, false);
  }

  private static OrderProgress held(OrderProgress.Line... lines) {
    return new OrderProgress(List.of(lines), PaymentState.PAID, true, true, false);
  }

  private static OrderProgress.Line line(
      int ordered,
      int cancelled,
      int allocated,
      int released,
      int accepted,
      int shipped,
      int delivered) {
    return new OrderProgress.Line(
        true, ordered, cancelled, allocated, released, accepted, shipped, delivered);
  }
}
