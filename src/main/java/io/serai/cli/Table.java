package io.serai.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Rows under headings, aligned, and cut to the terminal's width: the widest columns give way first.
 * Written to a file or pipe nothing is cut.
 */
final class Table {
  private static final String GAP = "  ";
  private static final int NARROWEST = 6;

  private record Column(String heading, boolean right, boolean state) {}

  private final Terminal terminal;
  private final List<Column> columns = new ArrayList<>();
  private final List<String[]> rows = new ArrayList<>();

  Table(Terminal terminal) {
    this.terminal = terminal;
  }

  Table text(String... headings) {
    for (var heading : headings) {
      columns.add(new Column(heading, false, false));
    }
    return this;
  }

  Table number(String... headings) {
    for (var heading : headings) {
      columns.add(new Column(heading, true, false));
    }
    return this;
  }

  Table state(String heading) {
    columns.add(new Column(heading, false, true));
    return this;
  }

  /** Values in the order of the columns; null is shown as a dash. */
  Table row(Object... values) {
    rows.add(
        Arrays.stream(values)
            .map(value -> value == null || value.equals("") ? "-" : Text.line(value.toString()))
            .toArray(String[]::new));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print() {
    var widths = widths();
    line(columns.stream().map(Column::heading).toArray(String[]::new), widths, terminal::bold);
    for (var row : rows) {
      line(row, widths, UnaryOperator.identity());
    }
  }

  private void line(String[] cells, int[] widths, UnaryOperator<String> style) {
    var line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      var column = columns.get(i);
      boolean last = i == cells.length - 1;
      var cell = Text.cut(cells[i], widths[i]);
      var padded = last && !column.right() ? cell : Text.pad(cell, widths[i], column.right());
      line.append(i == 0 ? "" : GAP)
          .append(column.state() ? terminal.state(style.apply(padded)) : style.apply(padded));
    }
    terminal.out().println(terminal.color() ? line : line.toString().stripTrailing());
  }

  private int[] widths() {
    var widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Text.width(columns.get(i).heading());
      for (var row : rows) {
        widths[i] = Math.max(widths[i], Text.width(row[i]));
      }
    }
    if (terminal.width() > 0) {
      int over =
          Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - terminal.width();
      while (over > 0) {
        int widest = 0;
        for (int i = 1; i < widths.length; i++) {
          if (widths[i] > widths[widest]) {
            widest = i;
          }
        }
        if (widths[widest] <= NARROWEST) {
          break;
        }
        widths[widest]--;
        over--;
      }
    }
    return widths;
  }
}
