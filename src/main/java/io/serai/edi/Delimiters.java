package io.serai.edi;

/**
 * The four characters that part an interchange, as its ISA segment declares them; X12 has no escape
 * character, so none of them can stand in a value.
 *
 * @param element between elements
 * @param component between the parts of a composite
 * @param repetition between repetitions, 0 before version 00402, which has none
 * @param segment after every segment
 */
public record Delimiters(char element, char component, char repetition, char segment) {
  /** What most partners use: {@code * > ^ ~}. */
  public static final Delimiters USUAL = new Delimiters('*', '>', '^', '~');

  boolean holds(char c) {
    return c == element || c == component || c == segment || repetition != 0 && c == repetition;
  }

  /** Whether the component separator is a character that values do not hold. */
  boolean sound() {
    return !Character.isLetterOrDigit(component) && component > ' ';
  }

  /** The first delimiter that stands twice, 0 when all differ. */
  public char twice() {
    if (element == component || element == segment || repetition != 0 && element == repetition) {
      return element;
    }
    if (component == segment || repetition != 0 && component == repetition) {
      return component;
    }
    return repetition != 0 && repetition == segment ? repetition : 0;
  }

  /** How a delimiter is shown in a sentence. */
  static String shown(int c) {
    return switch (c) {
      case '\n' -> "line feed";
      case '\r' -> "carriage return";
      case '\t' -> "tab";
      case ' ' -> "space";
      default -> c < 0x20 || c > 0x7e ? "byte 0x%02X".formatted(c) : "'" + (char) c + "'";
    };
  }
}
