package io.serai.edi;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.regex.Pattern;

/** Judges single values: characters, numbers, dates and times, and what was probably meant. */
final class Values {
  private static final Pattern DATE = Pattern.compile("(\\d{4})[-/.](\\d{2})[-/.](\\d{2})");
  private static final Pattern TIME = Pattern.compile("(\\d{2}):(\\d{2})(?::(\\d{2}))?");
  private static final Pattern MONEY =
      Pattern.compile("[$\\u20ac ]*([+-]?[0-9][0-9, ]*(?:\\.\\d+)?) *(-?)");
  private static final Pattern EDIFACT_NUMBER = Pattern.compile("-?\\d+(?:[.,]\\d+)?");
  private static final int MOST_SHOWN = 40;

  /** The formats of EDIFACT's dates and times (2379) that are judged, as they are written. */
  static final Map<String, String> PERIODS =
      Map.of(
          "2", "DDMMYY",
          "3", "MMDDYY",
          "101", "YYMMDD",
          "102", "CCYYMMDD",
          "201", "YYMMDDHHMM",
          "203", "CCYYMMDDHHMM",
          "204", "CCYYMMDDHHMMSS",
          "401", "HHMM",
          "718", "CCYYMMDDCCYYMMDD");

  private Values() {}

  /**
   * What is wrong with a value.
   *
   * @param code its code in AK403
   * @param what the end of a sentence
   * @param instead what was probably meant, null when that cannot be said
   */
  record Problem(String code, String what, String instead) {}

  static Problem text(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c >= 0x7f && c < 0xa0 || c == '\ufffd') {
        return new Problem(
            "6",
            c == '\ufffd'
                ? "with bytes that are no UTF-8"
                : "with the control character 0x%02X".formatted((int) c),
            null);
      }
    }
    return null;
  }

  static Problem number(String value, boolean decimal, int implied) {
    if (isNumber(value, decimal)) {
      return null;
    }
    var money = MONEY.matcher(value.strip());
    String instead = null;
    if (money.matches()) {
      var plain = (money.group(2).isEmpty() ? "" : "-") + money.group(1).replaceAll("[, +]", "");
      instead = isNumber(plain, decimal) ? plain : shifted(plain, implied);
    }
    return new Problem("6", decimal ? "no number" : "no whole number", instead);
  }

  // 43.00 where two decimals are implied was meant as 4300.
  private static String shifted(String plain, int implied) {
    if (implied == 0 || !isNumber(plain, true)) {
      return null;
    }
    try {
      return new BigDecimal(plain).movePointRight(implied).toBigIntegerExact().toString();
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static boolean isNumber(String value, boolean decimal) {
    int i = value.startsWith("-") ? 1 : 0;
    int digits = 0;
    boolean point = false;
    for (; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && decimal && !point) {
        point = true;
      } else {
        return false;
      }
    }
    return digits > 0;
  }

  /** A number as EDIFACT writes it: a digit before and after the decimal mark, a point or comma. */
  static Problem decimal(String value) {
    if (EDIFACT_NUMBER.matcher(value).matches()) {
      return null;
    }
    var problem = number(value.replace(',', '.'), true, 0);
    if (problem != null) {
      return problem;
    }
    var instead = value.replaceFirst("^(-?)([.,])", "$10$2").replaceFirst("[.,]$", "");
    return new Problem("6", "without a digit beside its decimal mark", instead);
  }

  /** A date or time in a format of EDIFACT; formats that are not in the list are not judged. */
  static Problem period(String value, String format) {
    var form = PERIODS.get(format);
    if (form == null) {
      return null;
    }
    // a period is written without the hyphen that its name has; many write it all the same
    boolean hyphen = format.equals("718") && value.length() == 17 && value.charAt(8) == '-';
    var given = hyphen ? value.substring(0, 8) + value.substring(9) : value;
    if (given.length() == form.length() && isPeriod(given, format)) {
      return null;
    }
    var bare = value.replaceAll("[-/.: T]", "");
    boolean meant = bare.length() == form.length() && isPeriod(bare, format);
    return new Problem("8", "no date or time of format " + format, meant ? bare : null);
  }

  private static boolean isPeriod(String value, String format) {
    return switch (format) {
      case "2" -> isDate("20" + value.substring(4) + value.substring(2, 4) + value.substring(0, 2));
      case "3" -> isDate("20" + value.substring(4) + value.substring(0, 4));
      case "101" -> isDate("20" + value);
      case "102" -> isDate(value);
      case "201" -> isDate("20" + value.substring(0, 6)) && isTime(value.substring(6));
      case "401" -> isTime(value);
      case "718" -> isDate(value.substring(0, 8)) && isDate(value.substring(8));
      default -> isDate(value.substring(0, 8)) && isTime(value.substring(8));
    };
  }

  /** How many digits a number has; sign and point are not counted. */
  static int digits(String value) {
    int digits = 0;
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= '0' && value.charAt(i) <= '9') {
        digits++;
      }
    }
    return digits;
  }

  /** The same number in fewer digits, null when zeros alone do not make it fit. */
  static String shorter(String value, int most) {
    var text = value;
    if (text.indexOf('.') >= 0) {
      text = text.replaceAll("\\.?0+$", "");
    }
    text = text.replaceAll("^(-?)0+(?=\\d)", "$1");
    return digits(text) <= most && digits(text) > 0 ? text : null;
  }

  static Problem date(String value, int length) {
    if (value.length() == length && isDate(length == 6 ? "20" + value : value)) {
      return null;
    }
    String instead = null;
    var parted = DATE.matcher(value);
    if (length == 8) {
      if (parted.matches()) {
        instead = parted.group(1) + parted.group(2) + parted.group(3);
      } else if (value.length() == 6 && digits(value) == 6) {
        // what 004010 and later write with its century, older versions wrote without
        instead = (value.compareTo("700000") < 0 ? "20" : "19") + value;
      }
    }
    return new Problem("8", "no date", instead != null && isDate(instead) ? instead : null);
  }

  private static boolean isDate(String value) {
    if (value.length() != 8 || digits(value) != 8) {
      return false;
    }
    int year = Integer.parseInt(value, 0, 4, 10);
    int month = Integer.parseInt(value, 4, 6, 10);
    int day = Integer.parseInt(value, 6, 8, 10);
    if (month >= 1 && month <= 12 && day >= 1 && day <= 28) {
      return year > 0;
    }
    try {
      return year > 0 && LocalDate.of(year, month, day) != null;
    } catch (DateTimeException e) {
      return false;
    }
  }

  static Problem time(String value, int length) {
    if (isTime(value) && value.length() <= length) {
      return null;
    }
    var parted = TIME.matcher(value);
    String instead = null;
    if (parted.matches()) {
      instead =
          parted.group(1) + parted.group(2) + (parted.group(3) == null ? "" : parted.group(3));
    } else if (value.length() == 3 && digits(value) == 3) {
      instead = "0" + value;
    }
    return new Problem(
        "9",
        "no time of day",
        instead != null && isTime(instead) && instead.length() <= length ? instead : null);
  }

  private static boolean isTime(String value) {
    int length = value.length();
    if (length < 4 || length == 5 || length > 8 || digits(value) != length) {
      return false;
    }
    return Integer.parseInt(value, 0, 2, 10) < 24
        && Integer.parseInt(value, 2, 4, 10) < 60
        && (length == 4 || Integer.parseInt(value, 4, 6, 10) < 60);
  }

  /** A value as a sentence quotes it: printable and not too long. */
  static String shown(String value) {
    var cut = value.length() > MOST_SHOWN ? value.substring(0, MOST_SHOWN) + "…" : value;
    return cut.replaceAll("[\\x00-\\x1f\\x7f-\\x9f]", "·");
  }
}
