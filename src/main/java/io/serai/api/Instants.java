package io.serai.api;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Instants as callers write them. */
final class Instants {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private Instants() {}

  /** The instant, or null when there is none. */
  static Instant of(String field, String given) {
    if (given == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(given).toInstant();
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
