package io.serai.edi;

/** Compares counts that a trailer claims with what was counted. */
final class Counts {
  private Counts() {}

  /** Whether the text is a whole number, zeros in front allowed, and this one. */
  static boolean same(String claimed, long counted) {
    if (claimed.isEmpty() || claimed.length() > 10) {
      return false;
    }
    long value = 0;
    for (int i = 0; i < claimed.length(); i++) {
      int digit = claimed.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      value = value * 10 + digit;
    }
    return value == counted;
  }
}
