package io.serai.catalog;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Reads times of the one form that nearly every channel writes, faster than the general parser. */
final class OffsetSeconds {

  private OffsetSeconds() {}

  /** Whether a text has the form nearly every channel uses: 2026-02-04T15:25:51+11:00, or Z. */
  static boolean has(String text) {
    int length = text.length();
    if (length != 20 && length != 25) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean fits =
          switch (i) {
            case 4, 7 -> c == '-';
            case 10 -> c == 'T';
            case 13, 16, 22 -> c == ':';
            case 19 -> length == 20 ? c == 'Z' : c == '+' || c == '-';
            default -> c >= '0' && c <= '9';
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** Reads that form; the general parser takes five times as long and sits on the hot path. */
  static long epochSecond(String text) {
    LocalDate day = LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
    LocalTime time = LocalTime.of(digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19));
    int offset = 0;
    if (text.length() == 25) {
      ZoneOffset zone = ZoneOffset.ofHoursMinutes(digits(text, 20, 22), digits(text, 23, 25));
      offset = text.charAt(19) == '-' ? -zone.getTotalSeconds() : zone.getTotalSeconds();
    }
    return day.toEpochDay() * 86_400 + time.toSecondOfDay() - offset;
  }

  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
