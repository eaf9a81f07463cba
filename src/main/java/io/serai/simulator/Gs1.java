package io.serai.simulator;

/** Numbers that end in a check digit: bar codes of articles and of parcels. */
final class Gs1 {

  private Gs1() {}

  /** The digit that belongs behind these. */
  static int checkDigit(String digits) {
    var sum = 0;
    for (var i = 0; i < digits.length(); i++) {
      var fromRight = digits.length() - 1 - i;
      sum += (digits.charAt(i) - '0') * (fromRight % 2 == 0 ? 3 : 1);
    }
    return (10 - sum % 10) % 10;
  }

  /** Whether the last digit is the one that belongs there. */
  static boolean valid(String number) {
    return number.matches("\\d{2,}")
        && checkDigit(number.substring(0, number.length() - 1))
            == number.charAt(number.length() - 1) - '0';
  }
}
