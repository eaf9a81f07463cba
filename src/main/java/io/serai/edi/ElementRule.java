package io.serai.edi;

import java.util.Set;

/**
 * What one data element may hold.
 *
 * @param number its number in X12's dictionary
 * @param type what kind of value it is
 * @param decimals implied decimal places of a {@link Type#WHOLE} number
 * @param shortest fewest characters; signs and the decimal point do not count
 * @param longest most characters
 * @param longestLater most characters from version 005010, or after directory D.96A
 * @param name what it is, in words
 * @param codes every code it may hold, empty when the list is not complete
 */
record ElementRule(
    String number,
    Type type,
    int decimals,
    int shortest,
    int longest,
    int longestLater,
    String name,
    Set<String> codes) {

  /** Kinds of values. */
  enum Type {
    TEXT("text"),
    FREE_TEXT("text"),
    CODE("a code"),
    DATE("a date"),
    TIME("a time"),
    WHOLE("a whole number"),
    DECIMAL("a number"),
    COMPOSITE("a composite");

    final String words;

    Type(String words) {
      this.words = words;
    }
  }

  int longest(Version version) {
    return version == Version.V5010 || version == Version.LATER ? longestLater : longest;
  }

  /** What may stand here, as the end of a sentence. */
  String expected(Version version) {
    int most = longest(version);
    var length = shortest == most ? Integer.toString(most) : shortest + " to " + most;
    return switch (type) {
      case DATE ->
          most == 6 ? "a date as YYMMDD, like 260131" : "a date as CCYYMMDD, like 20260131";
      case TIME -> "a time as HHMM, or HHMMSS, on the 24-hour clock";
      case WHOLE ->
          decimals == 0
              ? "a whole number of " + length + (most == 1 ? " digit" : " digits")
              : "an amount without a point, of "
                  + length
                  + " digits, the last "
                  + decimals
                  + " being decimals";
      case DECIMAL ->
          "a number of " + length + " digits, with '.' before decimals and no thousands separator";
      case CODE -> {
        if (!codes.isEmpty() && codes.size() <= 12) {
          yield "one of " + String.join(", ", codes);
        }
        yield "a code of " + length + (most == 1 ? " character" : " characters");
      }
      default -> "text of " + length + (most == 1 ? " character" : " characters");
    };
  }
}
