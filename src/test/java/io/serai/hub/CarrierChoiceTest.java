package io.serai.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.order.Money;
import io.serai.order.Rates;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which offer a parcel goes by, and why each other does not. */
class CarrierChoiceTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant IN_TWO_DAYS = NOW.plus(Duration.ofDays(2));

  private final Map<String, Rates> rates = new LinkedHashMap<>();

  private CarrierChoiceTest offers(String account, String cost, Integer days) {
    return offers(account, cost, "USD", days);
  }

  private CarrierChoiceTest offers(String account, String cost, String currency, Integer days) {
    var quote =
        new Rates.Quote(null, account, "S-" + account, null, Money.of(cost, currency), days, null);
    rates.put(account, new Rates(null, List.of(quote)));
    return this;
  }

  private CarrierChoice.Decided decide(boolean fastest, Instant deliverBy, String... tried) {
    return CarrierChoice.decide(rates, Map.of(), Set.of(tried), fastest, deliverBy, NOW);
  }

  private static Map<String, String> why(CarrierChoice.Decided decided) {
    var why = new LinkedHashMap<String, String>();
    decided.choice().offers().forEach(offer -> why.put(offer.account(), offer.why()));
    return why;
  }

  @Test
  void theCheapestThatComesInTime() {
    offers("slow", "4.00", 5).offers("fast", "20.00", 1).offers("right", "8.00", 2);

    var decided = decide(false, IN_TWO_DAYS);

    assertThat(why(decided))
        .containsExactly(
            Map.entry("right", "is taken"),
            Map.entry("slow", "comes too late"),
            Map.entry("fast", "costs more"));
    assertThat(decided.choice().sentence())
        .isEqualTo(
            "It goes by 'S-right' of 'right' for 8.00 USD in 2 day(s): the cheapest of 3 offer(s) that has to be there by 2026-03-04T10:00:00Z.");
  }

  @Test
  void whoDoesNotSayWhenItComesIsNotInTime() {
    offers("silent", "1.00", null).offers("right", "8.00", 2);

    assertThat(why(decide(false, IN_TWO_DAYS)))
        .containsEntry("silent", "does not say when it comes");
    assertThat(decide(false, null).bid().account()).isEqualTo("silent");
  }

  @Test
  void whenNoneComesInTimeTheFastestGoesAndItSaysSo() {
    offers("slow", "4.00", 9).offers("less-slow", "6.00", 4);

    var decided = decide(false, IN_TWO_DAYS);

    assertThat(decided.bid().account()).isEqualTo("less-slow");
    assertThat(decided.choice().sentence()).contains("none comes in time, and it is the fastest");
    assertThat(why(decided)).containsEntry("slow", "is slower");
  }

  @Test
  void theFastestWhereSpeedDecidesAndThePriceAmongEquals() {
    offers("cheap", "4.00", 3).offers("dear", "30.00", 1).offers("fast", "25.00", 1);

    var decided = decide(true, null);

    assertThat(decided.bid().account()).isEqualTo("fast");
    assertThat(why(decided))
        .containsEntry("cheap", "is slower")
        .containsEntry("dear", "is not faster and costs more");
  }

  @Test
  void amongEqualsTheOneThatTheNodePrefers() {
    offers("first", "4.00", 3).offers("second", "4.00", 3);

    assertThat(decide(false, null).bid().account()).isEqualTo("first");
  }

  @Test
  void whatIsPricedInAnotherCurrencyThanMostIsNotCompared() {
    offers("yen", "3", "JPY", 1).offers("one", "9.00", 2).offers("other", "8.00", 2);

    assertThat(decide(false, null).bid().account()).isEqualTo("other");
    assertThat(why(decide(false, null)))
        .containsEntry("yen", "is priced in 'JPY', the others in 'USD'");
  }

  @Test
  void whoWouldNotSellIsNotAskedAgain() {
    offers("refused", "4.00", 3).offers("other", "8.00", 2);

    assertThat(decide(false, null, "refused").bid().account()).isEqualTo("other");
    assertThat(decide(false, null, "refused", "other").bid()).isNull();
  }

  @Test
  void withoutAnOfferItSaysWhatCarriersSaid() {
    var decided =
        CarrierChoice.decide(
            Map.of(), Map.of("ups-main", "did not answer within 30 s"), Set.of(), false, null, NOW);

    assertThat(decided.choice().sentence())
        .isEqualTo("No carrier makes an offer: 'ups-main' did not answer within 30 s.");
  }
}
