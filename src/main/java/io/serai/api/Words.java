package io.serai.api;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Words a caller chose, made fit to stand in a sentence or checked against the ones we know. */
final class Words {
  private static final int LONGEST = 100;

  private Words() {}

  /** The text, cut, without control characters. */
  static String cut(String text) {
    if (text == null) {
      return "";
    }
    var shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "·");
  }

  /**
   * The known word that this is, whatever its case; refused with the known ones when it is none.
   */
  static String known(String parameter, String given, Collection<String> words) {
    if (given == null || given.isBlank()) {
      return null;
    }
    var word = given.strip().toUpperCase(Locale.ROOT).replace('-', '_');
    if (!words.contains(word)) {
      throw Problem.badRequest(
          "'%s' is no %s; give one of %s."
              .formatted(cut(given), parameter, String.join(", ", words)));
    }
    return word;
  }

  static String known(String parameter, String given, String... words) {
    return known(parameter, given, Arrays.asList(words));
  }

  /** The text without blanks around it, or null when nothing is left. */
  static String present(String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** The longest text a caller may give as a reason or a name. */
  static final int LONGEST_SENTENCE = 500;

  /**
   * Text to be kept, without blanks around it, or null when nothing is left; refused when it is too
   * long or cannot be stored.
   */
  static String sentence(String field, String given) {
    var text = present(given);
    if (text == null) {
      return null;
    }
    if (text.length() > LONGEST_SENTENCE || text.indexOf('\0') >= 0) {
      throw Problem.badRequest(
          "'%s' is longer than %d characters or has a zero byte; shorten or correct it."
              .formatted(field, LONGEST_SENTENCE));
    }
    return text;
  }
}
