package io.serai.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MoneyTest {

  @Test
  void anAmountCarriesTheMinorUnitsOfItsCurrency() {
    assertThat(Money.of("12.3", "EUR").text()).isEqualTo("12.30");
    assertThat(Money.of("12.0", "JPY").text()).isEqualTo("12");
    assertThat(Money.of("1.5", "KWD").text()).isEqualTo("1.500");
    assertThat(Money.of("10000", "IDR").text()).isEqualTo("10000.00");
  }

  @Test
  void aUnitPriceKeepsDigitsBeyondTheMinorUnits() {
    assertThat(Money.of("0.00456", "EUR").text()).isEqualTo("0.00456");
    assertThat(Money.of("0.004560000", "EUR").text()).isEqualTo("0.00456");
    assertThat(Money.of("0.00456", "EUR").rounded().text()).isEqualTo("0.00");
  }

  @Test
  void equalAmountsAreEqualHoweverTheyWereWritten() {
    assertThat(Money.of("90.0", "USD")).isEqualTo(Money.of("90.00", "USD"));
    assertThat(Money.of("9E+1", "USD")).isEqualTo(Money.of("90", "USD"));
  }

  @Test
  void centsBecomeAnAmount() {
    assertThat(Money.ofMinor(1999, "GBP").text()).isEqualTo("19.99");
    assertThat(Money.ofMinor(1999, "JPY").text()).isEqualTo("1999");
  }

  @Test
  void twoCurrenciesNeverMeet() {
    assertThatThrownBy(() -> Money.of("1", "EUR").plus(Money.of("1", "USD")))
        .hasMessage("Amounts of 'EUR' and 'USD' cannot be combined; keep one currency per sum.");
  }

  @Test
  void aCurrencyThatIsNoneIsRefusedByName() {
    assertThatThrownBy(() -> Money.of("1", "EURO"))
        .hasMessage("'EURO' is not a currency of ISO 4217; send its three capital letters.");
    assertThatThrownBy(() -> Money.of("1", "XAU")).hasMessageContaining("'XAU'");
  }

  @Test
  void anExponentThatWouldFillTheMemoryIsNotMoney() {
    assertThatThrownBy(() -> new Money(new BigDecimal("1E+999999"), "EUR"))
        .hasMessage(
            "An amount of 1 digits at scale -999999 is not money; check the number that was sent.");
  }

  @Property(seed = "20260302")
  void textAndMoneyAreTheSameThing(@ForAll("amounts") Money money) {
    assertThat(Money.of(money.text(), money.currency())).isEqualTo(money);
  }

  @Property(seed = "20260302")
  void aSumDoesNotDependOnTheOrderOfItsParts(@ForAll("inEuro") List<Money> parts) {
    Money forward = parts.stream().reduce(Money.zero("EUR"), Money::plus);
    Money backward = parts.reversed().stream().reduce(Money.zero("EUR"), Money::plus);

    assertThat(forward).isEqualTo(backward);
  }

  @Property(seed = "20260302")
  void takingAwayWhatWasAddedGivesItBack(@ForAll("amounts") Money money) {
    Money other = Money.of("0.07", money.currency());

    assertThat(money.plus(other).minus(other)).isEqualTo(money);
  }

  @Property(seed = "20260302")
  void soManyTimesIsAddingSoOften(
      @ForAll("amounts") Money money, @ForAll @IntRange(max = 30) int count) {
    Money sum = Money.zero(money.currency());
    for (int i = 0; i < count; i++) {
      sum = sum.plus(money);
    }

    assertThat(money.times(count)).isEqualTo(sum);
  }

  @Provide
  Arbitrary<Money> amounts() {
    return Combinators.combine(
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e9"), new BigDecimal("1e9"))
                .ofScale(4),
            Arbitraries.of("EUR", "JPY", "KWD", "CLF", "USD"))
        .as(Money::new);
  }

  @Provide
  Arbitrary<List<Money>> inEuro() {
    return Arbitraries.bigDecimals()
        .between(new BigDecimal("-1e6"), new BigDecimal("1e6"))
        .ofScale(3)
        .map(a -> new Money(a, "EUR"))
        .list()
        .ofMaxSize(20);
  }
}
