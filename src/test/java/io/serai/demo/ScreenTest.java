package io.serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private static final String WRITTEN_OVER = "\r\033[K";
  private static final String CUT = "\033[?7l";
  private static final String WRAPPED = "\033[?7h";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private Screen screen(boolean terminal) {
    return new Screen(new PrintStream(written, true, StandardCharsets.UTF_8), terminal);
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void onATerminalTheLiveLineIsWrittenOverAndNeverWraps() {
    var screen = screen(true);

    screen.live("placed 1");
    screen.live("placed 2");

    assertThat(text())
        .isEqualTo(
            WRITTEN_OVER + CUT + "placed 1" + WRAPPED + WRITTEN_OVER + CUT + "placed 2" + WRAPPED);
  }

  @Test
  void aLineThatStaysGoesAboveTheLiveOne() {
    var screen = screen(true);
    screen.live("placed 1");
    written.reset();

    screen.line("'summit' accepted the request.");

    assertThat(text())
        .isEqualTo(
            WRITTEN_OVER
                + "'summit' accepted the request."
                + System.lineSeparator()
                + WRITTEN_OVER
                + CUT
                + "placed 1"
                + WRAPPED);
  }

  @Test
  void pipedItIsPlainLinesAndNotEveryOne() {
    var screen = screen(false);

    screen.live("placed 1");
    screen.live("placed 2");
    screen.settle("placed 3");
    screen.settle("placed 3");

    assertThat(text().lines()).containsExactly("placed 1", "placed 3");
  }
}
