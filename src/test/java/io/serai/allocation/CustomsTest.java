package io.serai.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Between which countries goods are declared. */
class CustomsTest {
  @ParameterizedTest
  @CsvSource({
    "US, CA, true",
    "DE, CH, true",
    "GB, IE, true",
    "DE, FR, false",
    "US, US, false",
    ", CA, false",
    "US, , false"
  })
  void goodsAreDeclaredWhereTheyLeaveACountryOrTheUnion(String from, String to, boolean declared) {
    assertThat(Customs.between(from, to)).isEqualTo(declared);
  }
}
