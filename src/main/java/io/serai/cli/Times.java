package io.serai.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;

/** Reads times as people type them. */
final class Times {
  private Times() {}

  /** An instant, a local date or time, or how long ago; null stays null. */
  static Instant instant(String option, String text, Session session) {
    if (text == null) {
      return null;
    }
    var given = text.strip();
    if (given.matches("[0-9]{1,6}[smhd]")) {
      long count = Long.parseLong(given.substring(0, given.length() - 1));
      var ago =
          switch (given.charAt(given.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      return session.clock().instant().minus(ago);
    }
    var zone = session.terminal().zone();
    try {
      if (given.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
        return LocalDate.parse(given).atStartOfDay(zone).toInstant();
      }
      var iso = given.replace(' ', 'T');
      return iso.matches(".*([zZ]|[+-][0-9]{2}:?[0-9]{2})$")
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).atZone(zone).toInstant();
    } catch (DateTimeException e) {
      throw new Sentence(
          "%s is '%s', which is no time; give 15m, 4h, 2d, 2026-01-31 or 2026-01-31T12:00:00Z."
              .formatted(option, text));
    }
  }
}
