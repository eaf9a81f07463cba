package io.serai.cli;

/** Text from elsewhere, made fit to be printed: its width in columns, cut, without escapes. */
final class Text {
  private Text() {}

  /** Columns the text takes; East Asian wide characters and emoji take two, marks none. */
  static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  private static int width(int point) {
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        point >= 0x1100
            && (point <= 0x115f
                || point >= 0x2e80 && point <= 0xa4cf && point != 0x303f
                || point >= 0xac00 && point <= 0xd7a3
                || point >= 0xf900 && point <= 0xfaff
                || point >= 0xfe30 && point <= 0xfe6f
                || point >= 0xff00 && point <= 0xff60
                || point >= 0xffe0 && point <= 0xffe6
                || point >= 0x1f300 && point <= 0x1faff
                || point >= 0x20000 && point <= 0x3fffd);
    return wide ? 2 : 1;
  }

  /** The text on one line, control characters (escapes of a terminal, too) made visible. */
  static String line(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point ->
                clean.appendCodePoint(
                    point == '\n' || point == '\t'
                        ? ' '
                        : Character.getType(point) == Character.CONTROL
                                || point >= 0x202a && point <= 0x202e
                                || point >= 0x2066 && point <= 0x2069
                            ? '·'
                            : point));
    return clean.toString();
  }

  /** Several lines of text with control characters made visible. */
  static String lines(String text) {
    var clean = new StringBuilder(text.length());
    text.lines().forEach(line -> clean.append(line(line)).append('\n'));
    return clean.toString();
  }

  /** The text cut to so many columns, with an ellipsis when something is missing. */
  static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    var cut = new StringBuilder();
    int used = 0;
    for (var point : text.codePoints().toArray()) {
      int next = width(point);
      if (used + next > columns - 1) {
        break;
      }
      cut.appendCodePoint(point);
      used += next;
    }
    return cut.append('…').toString();
  }

  static String pad(String text, int columns, boolean right) {
    var blanks = " ".repeat(Math.max(0, columns - width(text)));
    return right ? blanks + text : text + blanks;
  }
}
