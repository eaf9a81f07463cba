package io.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TableTest {
  private final StringWriter printed = new StringWriter();

  private Terminal terminal(int width, boolean color) {
    var out = new PrintWriter(printed, true);
    return new Terminal(out, out, width, color, ZoneOffset.UTC);
  }

  private void print(Terminal terminal) {
    new Table(terminal)
        .text("ID")
        .state("STATE")
        .number("COUNT")
        .text("SENTENCE")
        .row("msg_1", "PARKED", 7, "Field 'sku' of line 1 is missing; give it and replay.")
        .row("msg_20", "APPLIED", 12345, null)
        .print();
  }

  @Test
  void columnsAreAlignedAndNumbersStandRight() {
    print(terminal(0, false));

    assertThat(printed)
        .hasToString(
            """
            ID      STATE    COUNT  SENTENCE
            msg_1   PARKED       7  Field 'sku' of line 1 is missing; give it and replay.
            msg_20  APPLIED  12345  -
            """);
  }

  @Test
  void aNarrowTerminalCutsTheWidestColumnOnly() {
    print(terminal(44, false));

    assertThat(printed)
        .hasToString(
            """
            ID      STATE    COUNT  SENTENCE
            msg_1   PARKED       7  Field 'sku' of line…
            msg_20  APPLIED  12345  -
            """);
    assertThat(printed.toString().lines()).allSatisfy(l -> assertThat(l.length() <= 44).isTrue());
  }

  @Test
  void colorIsForTerminalsOnly() {
    print(terminal(80, true));

    assertThat(printed.toString()).contains("\u001b[31mPARKED \u001b[0m").contains("\u001b[1mID");
  }

  @Test
  void wideCharactersTakeTwoColumns() {
    new Table(terminal(0, false)).text("A", "B").row("日本", "x").row("ab", "y").print();

    assertThat(printed).hasToString("A     B\n日本  x\nab    y\n");
  }

  @Test
  void whatComesFromOutsideCannotSteerTheTerminal() {
    new Table(terminal(0, false)).text("A").row("\u001b[2Jx\ny\u202ez").print();

    assertThat(printed).hasToString("A\n·[2Jx y·z\n");
  }
}
