package io.serai.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a value ends, and what is no whole one. */
class TlvTest {
  @ParameterizedTest
  @CsvSource({
    "0403010203, 5",
    "0403010203ffff, 5",
    "048103010203, 6",
    "04820003010203ff, 7",
    "3080040101040102 0000, 10",
    "30800401010401020000ff, 10",
    "3080248004010100000000, 11",
    "0500, 2",
    "04030102, 0",
    "308004010104, 0",
    "048500000000010f, 0",
    "0484ffffffff01, 0",
    "1f8101, 0",
    "04, 0",
    "30, 0"
  })
  void itEndsWhereItsLengthsSay(String hex, int end) {
    assertThat(Tlv.end(Bytes.of(HexFormat.of().parseHex(hex.replace(" ", ""))))).isEqualTo(end);
  }

  @ParameterizedTest
  @CsvSource({"40", "100000"})
  void nestedTooDeepItIsNone(int depth) {
    assertThat(Tlv.end(Bytes.of(HexFormat.of().parseHex("3080".repeat(depth))))).isZero();
  }
}
