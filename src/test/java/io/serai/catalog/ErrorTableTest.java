package io.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.serai.failure.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorTableTest {
  @ParameterizedTest
  @CsvSource({
    "400, IDEMPOTENT, REFUSED",
    "401, IDEMPOTENT, AUTH",
    "403, BLIND, AUTH",
    "404, QUERYABLE, REFUSED",
    "409, IDEMPOTENT, REFUSED",
    "422, BLIND, REFUSED",
    "425, BLIND, TRANSIENT",
    "429, BLIND, THROTTLED",
    "408, IDEMPOTENT, TRANSIENT",
    "408, QUERYABLE, UNKNOWN_OUTCOME",
    "500, IDEMPOTENT, TRANSIENT",
    "500, QUERYABLE, UNKNOWN_OUTCOME",
    "502, IDEMPOTENT, TRANSIENT",
    "503, BLIND, UNKNOWN_OUTCOME",
    "301, IDEMPOTENT, CONFIG",
    "200, IDEMPOTENT, UNKNOWN_OUTCOME",
    "199, BLIND, UNKNOWN_OUTCOME",
    "700, BLIND, UNKNOWN_OUTCOME",
  })
  void everyStatusHasAName(int status, Repeat repeat, FailureKind kind) {
    assertThat(ErrorTable.BUILT_IN.classify(status, null, Mishap.NONE, repeat)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_SENT, BLIND, TRANSIENT",
    "MISADDRESSED, IDEMPOTENT, CONFIG",
    "SENT, IDEMPOTENT, UNKNOWN_OUTCOME",
    "SENT, BLIND, UNKNOWN_OUTCOME",
    "NONE, IDEMPOTENT, UNKNOWN_OUTCOME",
  })
  void everyMishapHasAName(Mishap mishap, Repeat repeat, FailureKind kind) {
    assertThat(ErrorTable.BUILT_IN.classify(null, null, mishap, repeat)).isEqualTo(kind);
  }

  @Test
  void aReasonWithoutAStatusIsARefusal() {
    assertThat(ErrorTable.BUILT_IN.classify(null, "NO", Mishap.NONE, Repeat.BLIND))
        .isEqualTo(FailureKind.REFUSED);
    assertThat(ErrorTable.BUILT_IN.classify(200, "NO", Mishap.NONE, Repeat.BLIND))
        .isEqualTo(FailureKind.REFUSED);
  }

  @Test
  void theFirstRuleThatMatchesWins() {
    var table =
        new ErrorTable(
            List.of(
                new ErrorTable.Rule("SLOW", "409", FailureKind.THROTTLED),
                new ErrorTable.Rule("SLOW", null, FailureKind.TRANSIENT),
                new ErrorTable.Rule(null, "5xx", FailureKind.SILENT)));

    assertThat(table.classify(409, "SLOW", Mishap.NONE, Repeat.BLIND))
        .isEqualTo(FailureKind.THROTTLED);
    assertThat(table.classify(422, "SLOW", Mishap.NONE, Repeat.BLIND))
        .isEqualTo(FailureKind.TRANSIENT);
    assertThat(table.classify(null, "SLOW", Mishap.SENT, Repeat.BLIND))
        .isEqualTo(FailureKind.TRANSIENT);
    assertThat(table.classify(599, null, Mishap.NONE, Repeat.BLIND)).isEqualTo(FailureKind.SILENT);
    assertThat(table.classify(422, "OTHER", Mishap.NONE, Repeat.BLIND))
        .isEqualTo(FailureKind.REFUSED);
  }
}
