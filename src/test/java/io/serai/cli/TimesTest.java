package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serai.support.ManualClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  private final PrintWriter out = new PrintWriter(new StringWriter());
  private final Session session =
      new Session(
          new Terminal(out, out, 0, false, ZoneId.of("Europe/Berlin")),
          name -> null,
          new ManualClock(Instant.parse("2026-03-02T10:00:00Z")));

  @ParameterizedTest
  @CsvSource({
    "15m, 2026-03-02T09:45:00Z",
    "4h, 2026-03-02T06:00:00Z",
    "2d, 2026-02-28T10:00:00Z",
    "2026-03-01, 2026-02-28T23:00:00Z",
    "2026-03-01T12:00:00, 2026-03-01T11:00:00Z",
    "2026-03-01 12:00:00, 2026-03-01T11:00:00Z",
    "2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
    "2026-03-01T12:00:00+02:00, 2026-03-01T10:00:00Z"
  })
  void timesAreReadAsPeopleTypeThem(String text, Instant instant) {
    assertThat(Times.instant("--since", text, session)).isEqualTo(instant);
  }

  @Test
  void whatIsNoTimeIsRefused() {
    assertThat(Times.instant("--since", null, session)).isNull();
    assertThatThrownBy(() -> Times.instant("--since", "soon", session))
        .hasMessage(
            "--since is 'soon', which is no time; give 15m, 4h, 2d, 2026-01-31 or 2026-01-31T12:00:00Z.");
  }
}
