package io.serai.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RanksTest {
  private static final Instant FROM = Instant.parse("2026-03-02T02:30:00Z");

  private static long turns(Ranks ranks, String sku, int nights) {
    return IntStream.range(0, nights)
        .filter(night -> ranks.due(sku, Terms.USUAL, FROM.plus(Duration.ofDays(night))))
        .count();
  }

  @ParameterizedTest
  @CsvSource({"A, 7, 7", "B, 7, 1", "B, 70, 10", "C, 30, 1"})
  void everySkuHasItsTurnOnceInSoManyNights(char rank, int nights, int turns) {
    var ranks = new Ranks(Map.of(), rank);

    for (var sku :
        new String[] {
          "MUG-BLU", "TEE-RED", "", "a SKU whose hash is negative: polygenelubricants"
        }) {
      assertThat(turns(ranks, sku, nights)).as(sku).isEqualTo(turns);
    }
  }

  @Test
  void aClassOfItsOwnGoesBeforeThatOfTheOthers() {
    var ranks = new Ranks(Map.of("MUG-BLU", 'A'), 'C');

    assertThat(turns(ranks, "MUG-BLU", 30)).isEqualTo(30);
    assertThat(turns(ranks, "TEE-RED", 30)).isEqualTo(1);
  }
}
