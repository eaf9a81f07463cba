package io.serai.edi;

/**
 * The characters that part an interchange, as its ISA segment or its UNA declares them. X12 has no
 * escape character, so none of them can stand in a value; in EDIFACT the release character makes
 * the one after it a character of the value.
 *
 * @param standard whose characters they are
 * @param element between elements
 * @param component between the parts of a composite
 * @param repetition between repetitions, 0 where there are none: before X12 00402 and before syntax
 *     version 4 of EDIFACT
 * @param segment after every segment
 * @param release before one of them that is meant, 0 where there is none
 * @param decimal before decimals
 */
public record Delimiters(
    Standard standard,
    char element,
    char component,
    char repetition,
    char segment,
    char release,
    char decimal) {
  /** What most X12 partners use: {@code * > ^ ~}. */
  public static final Delimiters USUAL = new Delimiters('*', '>', '^', '~');

  /** What holds in EDIFACT where no UNA says otherwise. */
  public static final Delimiters EDIFACT =
      new Delimiters(Standard.EDIFACT, '+', ':', (char) 0, '\'', '?', '.');

  // In a Segment of EDIFACT values stand as they are meant, so they may hold any delimiter; these
  // two stand in their place. Both are of Unicode's private area, which no value of a partner has.
  private static final char COMPONENTS = '\ue000';
  private static final char REPETITIONS = '\ue001';

  /** The characters of X12. */
  public Delimiters(char element, char component, char repetition, char segment) {
    this(Standard.X12, element, component, repetition, segment, (char) 0, '.');
  }

  boolean holds(char c) {
    return c == element
        || c == component
        || c == segment
        || repetition != 0 && c == repetition
        || release != 0 && c == release;
  }

  /** What parts the components of an element in a {@link Segment}. */
  public char components() {
    return standard == Standard.EDIFACT ? COMPONENTS : component;
  }

  /** What parts the repetitions of an element in a {@link Segment}, 0 where there are none. */
  char repetitions() {
    return standard == Standard.EDIFACT && repetition != 0 ? REPETITIONS : repetition;
  }

  /**
   * Whether a character has a meaning inside of a {@link Segment}, so that no value may bring it.
   */
  static boolean reserved(char c) {
    return c == COMPONENTS || c == REPETITIONS;
  }

  /** An element of a {@link Segment} as it is written. */
  public String written(String element) {
    if (standard == Standard.X12) {
      return element;
    }
    var text = new StringBuilder(element.length() + 4);
    for (int i = 0; i < element.length(); i++) {
      char c = element.charAt(i);
      if (c == COMPONENTS) {
        text.append(component);
      } else if (c == REPETITIONS) {
        text.append(repetition);
      } else {
        if (holds(c) && release != 0) {
          text.append(release);
        }
        text.append(c);
      }
    }
    return text.toString();
  }

  /** Whether the component separator is a character that values do not hold. */
  boolean sound() {
    return !Character.isLetterOrDigit(component) && component > ' ';
  }

  /** The first delimiter that stands twice, 0 when all differ. */
  public char twice() {
    char[] all = {element, component, repetition, segment, release};
    for (int i = 0; i < all.length; i++) {
      for (int j = i + 1; all[i] != 0 && j < all.length; j++) {
        if (all[i] == all[j]) {
          return all[i];
        }
      }
    }
    return 0;
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
