package io.serai.api;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Instants as callers write them. */
final class Instants {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");

  private Instants() {}

  /** The instant, refused when nobody can mean it; null when there is none. */
  static Instant within(String field, Instant given) {
    if (given != null && (given.isBefore(EARLIEST) || !given.isBefore(LATEST))) {
      throw Problem.badRequest(
          "'%s' is '%s', which nobody can mean; give an instant of this century."
              .formatted(field, given));
    }
    return given;
  }

  /** The instant, or null when there is none. */
  static Instant of(String field, String given) {
    if (given == null) {
      return null;
    }
    try {
      return within(field, OffsetDateTime.parse(given).toInstant());
    } catch (DateTimeException e) {
      throw Problem.badRequest(
          "'%s' is '%s', which is no instant; write it as 2026-01-31T12:00:00Z."
              .formatted(field, Words.cut(given)));
    }
  }

  /** An instant that has been, or now when there is none. */
  static Instant past(String field, String given, Clock clock) {
    var now = clock.instant();
    var instant = of(field, given);
    if (instant == null) {
      return now;
    }
    if (instant.isAfter(now.plus(CLOCK_SKEW))) {
      throw Problem.unprocessable(
          "'%s' is '%s', which is still to come; give one that has been."
              .formatted(field, instant));
    }
    return instant;
  }
}
