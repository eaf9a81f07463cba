package io.serai.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.order.Refund;
import io.serai.order.Refund.Restock;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Of which units the money went back, whatever else was cancelled. */
class PurseTest {
  private final Purse purse = new Purse();

  private Purse.Given gave(int units, Restock restock) {
    var given = new Purse.Given("R-" + purse.given.size(), null, null, false);
    given.lines = List.of(new Refund.Line("1", units, restock), new Refund.Line("2", 9, restock));
    purse.given.add(given);
    return given;
  }

  @Test
  void whatCameBackWithItsMoneyIsBackWhateverWasCancelled() {
    gave(1, Restock.RETURN);

    assertThat(purse.back("1", 1, 2)).isEqualTo(1);
  }

  @Test
  void whatIsRefundedWithItsCancellationWasNeverSent() {
    gave(2, Restock.CANCEL);
    gave(1, Restock.NONE);

    assertThat(purse.back("1", 3, 2)).isEqualTo(1);
  }

  @Test
  void aRefundThatSaysNothingOfTheGoodsMayBeOfWhatWasCancelled() {
    gave(2, Restock.NONE);

    assertThat(purse.back("1", 2, 0)).isEqualTo(2);
    assertThat(purse.back("1", 2, 1)).isEqualTo(1);
  }

  @Test
  void whatIsRefundedBecauseItCameIsBack() {
    var request = UUID.randomUUID();
    purse.wanted.add(
        new Purse.Wanted(
            request,
            "ret-1",
            Map.of("1", 1),
            BigDecimal.TEN,
            null,
            null,
            null,
            RefundState.CONFIRMED,
            null,
            false));
    gave(1, Restock.NONE).request = request;

    assertThat(purse.back("1", 1, 1)).isEqualTo(1);
  }

  @Test
  void whatOnlyTheStateOfTheOrderCountsIsLessWhatWasCancelled() {
    assertThat(purse.back("1", 3, 1)).isEqualTo(2);
    assertThat(purse.back("1", 1, 3)).isZero();
    gave(1, Restock.RETURN);
    assertThat(purse.back("1", 3, 1)).isEqualTo(2);
  }

  @Test
  void whatWasRefusedCountsForWhoAsksAgainUnlessItTakesItsPlace() {
    var refused =
        new Purse.Wanted(
            UUID.randomUUID(),
            null,
            Map.of(),
            BigDecimal.TEN,
            null,
            null,
            null,
            RefundState.REFUSED,
            null,
            false);
    purse.wanted.add(refused);

    assertThat(purse.byPeople(Map.of(), BigDecimal.ONE)).isEqualByComparingTo("10");
    assertThat(purse.byPeople(Map.of(), BigDecimal.TEN)).isEqualByComparingTo("0");
  }
}
