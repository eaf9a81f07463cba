package io.serai.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files that were taken have been written to since. */
class GrownFilesTest {
  @ParameterizedTest
  @CsvSource({
    "20260301120000500-monday.csv, 2026-03-01T12:00:00.501Z, true",
    "20260301120000500-monday.csv, 2026-03-01T12:00:00.500Z, false",
    "20260301120000500-monday.csv, 2026-03-01T11:59:30Z, false",
    "20261399120000500-monday.csv, 2026-03-01T12:00:01Z, false",
    "monday.csv, 2026-03-01T12:00:01Z, false",
    "a-file-that-somebody-put-there.csv, 2026-03-01T12:00:01Z, false"
  })
  void whatWasChangedAfterItWasTakenHasGrown(String name, Instant modified, boolean grown) {
    assertThat(GrownFiles.grown(name, modified.toEpochMilli())).isEqualTo(grown);
  }
}
