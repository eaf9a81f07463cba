package io.serai.hub;

import static io.serai.order.AnOrder.anOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.serai.order.Money;
import io.serai.order.Order;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What units are worth, and when money and goods agree, over any history. */
class BalanceTest {
  /** Something that happens to units of a line. */
  record Step(int what, int line, int units) {}

  /** An order's units, changed by steps as far as they may be. */
  private static final class Histories {
    final Order order;
    final Worth worth;
    final int[] cancelled;
    final int[] shipped;
    final int[] returned;
    final boolean prepaid;
    Money captured;
    Money refunded;

    Histories(Order order, boolean prepaid) {
      this.order = order;
      this.worth = new Worth(order);
      this.prepaid = prepaid;
      var lines = order.lines().size();
      cancelled = new int[lines];
      shipped = new int[lines];
      returned = new int[lines];
      refunded = Money.zero("EUR");
      captured = prepaid ? worth.total() : refunded;
    }

    Map<String, Integer> units(int[] of) {
      var units = new HashMap<String, Integer>();
      for (var i = 0; i < of.length; i++) {
        units.put(order.lines().get(i).lineId(), of[i]);
      }
      return units;
    }

    void happens(Step step) {
      var i = step.line() % cancelled.length;
      var open = order.lines().get(i).ordered() - cancelled[i] - shipped[i];
      switch (step.what()) {
        case 0 -> cancelled[i] += Math.min(step.units(), open);
        case 1 -> shipped[i] += Math.min(step.units(), open);
        default -> returned[i] += Math.min(step.units(), shipped[i] - returned[i]);
      }
      settles();
    }

    /** The money follows the goods, as a sound shop has it. */
    private void settles() {
      var back = new int[cancelled.length];
      for (var i = 0; i < back.length; i++) {
        back[i] = returned[i] + (prepaid ? cancelled[i] : 0);
      }
      if (!prepaid && sent() > 0) {
        captured = worth.of(units(shipped)).plus(worth.charges());
      }
      refunded = worth.of(units(back));
    }

    int sent() {
      var sum = 0;
      for (var units : shipped) {
        sum += units;
      }
      return sum;
    }

    boolean over() {
      for (var i = 0; i < cancelled.length; i++) {
        if (cancelled[i] + shipped[i] < order.lines().get(i).ordered()) {
          return false;
        }
      }
      return sent() > 0;
    }

    List<Balance.Units> lines() {
      var lines = new ArrayList<Balance.Units>();
      for (var i = 0; i < cancelled.length; i++) {
        var line = order.lines().get(i);
        lines.add(
            new Balance.Units(
                line.lineId(), true, line.ordered(), cancelled[i], shipped[i], returned[i], 0));
      }
      return lines;
    }

    Balance balance(Money captured, Money refunded) {
      return Balance.of(worth, lines(), captured, refunded, Money.zero("EUR"));
    }
  }

  @Provide
  Arbitrary<Order> orders() {
    var line =
        Combinators.combine(
                Arbitraries.integers().between(1, 7), Arbitraries.integers().between(1, 9_999))
            .as((units, cents) -> Map.entry(units, BigDecimal.valueOf(cents, 2).toPlainString()));
    return Combinators.combine(
            line.list().ofMinSize(1).ofMaxSize(4), Arbitraries.integers().between(0, 999))
        .as(
            (lines, freight) -> {
              var order = anOrder();
              var sum = BigDecimal.valueOf(freight, 2);
              for (var one : lines) {
                order.with("MUG", one.getKey(), one.getValue());
                sum =
                    sum.add(
                        new BigDecimal(one.getValue()).multiply(BigDecimal.valueOf(one.getKey())));
              }
              return order.totalling(sum.toPlainString()).build();
            });
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(1, 4))
        .as(Step::new)
        .list()
        .ofMaxSize(20);
  }

  @Property(tries = 300)
  void moneyThatFollowsTheGoodsIsNeverABreach(
      @ForAll("orders") Order order, @ForAll("steps") List<Step> steps, @ForAll boolean prepaid) {
    var history = new Histories(order, prepaid);
    assertThat(history.balance(history.captured, history.refunded).breach()).isEmpty();
    for (var step : steps) {
      history.happens(step);
      assertThat(history.balance(history.captured, history.refunded).breach())
          .as("after %s of %s", step, steps)
          .isEmpty();
    }
  }

  @Property(tries = 300)
  void moneyThatIsMissingOrTooMuchIsABreachOnceNothingIsOpen(
      @ForAll("orders") Order order,
      @ForAll("steps") List<Step> steps,
      @ForAll boolean prepaid,
      @ForAll boolean more) {
    var history = new Histories(order, prepaid);
    steps.forEach(history::happens);
    if (!history.over()) {
      return;
    }
    // More than roundings can explain.
    var much = new Money(history.worth.tolerance().multiply(BigDecimal.TEN), "EUR");
    var wrong = more ? history.captured.plus(much) : history.captured.minus(much);
    var breach = history.balance(wrong, history.refunded).breach();
    if (more || !prepaid) {
      assertThat(breach).isPresent();
    }
    var kept = more ? history.refunded.minus(much) : history.refunded;
    if (more && kept.amount().signum() >= 0) {
      assertThat(history.balance(history.captured, kept).breach()).isPresent();
    }
    assertThat(history.balance(history.captured, history.captured.plus(much)).breach())
        .map(Balance.Breach::kind)
        .contains(Balance.Breach.Kind.OVER_REFUNDED);
  }

  @Property(tries = 300)
  void whatIsTakenForAllShipmentsIsTheTotalToTheCent(
      @ForAll("orders") Order order, @ForAll("steps") List<Step> steps) {
    var history = new Histories(order, false);
    var taken = Money.zero("EUR");
    for (var step : steps) {
      if (step.what() == 1) {
        history.happens(step);
        if (history.sent() > 0) {
          var share = history.captured.minus(taken);
          assertThat(share.amount().signum()).isNotNegative();
          taken = taken.plus(share);
        }
      }
    }
    if (history.over()) {
      assertThat(taken).isEqualTo(history.worth.total());
    }
  }

  @Test
  void freightIsChargedOnceAndGivenWithTheFirst() {
    var order = anOrder().with("MUG", 2, "10.00").totalling("20.00").build();
    var worth = new Worth(order);

    assertThat(worth.of(Map.of("1001-1", 1))).isEqualTo(Money.of("10.00", "EUR"));
    assertThat(worth.charges()).isEqualTo(Money.zero("EUR"));
    assertThat(worth.of(Map.of("1001-1", 9))).isEqualTo(Money.of("20.00", "EUR"));
  }
}
